//! Figures of finished parts, one file of JSON each, and all of them together.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

/// What was measured of one store: figures by name.
pub(super) struct Measured {
    pub(super) store: &'static str,
    pub(super) figures: Vec<(&'static str, f64)>,
}

/// All figures that are kept, by part, store and name.
pub(super) struct Results {
    figures: BTreeMap<(String, String, String), f64>,
    /// The machine and how busy it was, by part.
    pub(super) machine: BTreeMap<String, String>,
}

impl Results {
    /// Whether a part is finished.
    pub(super) fn has(folder: &Path, key: &str) -> bool {
        file(folder, key).is_file()
    }

    /// Keeps what a part has measured.
    pub(super) fn keep(folder: &Path, part: &str, key: &str, measured: &[Measured]) -> Result<()> {
        let mut stores = Map::new();
        for Measured { store, figures } in measured {
            for (name, value) in figures {
                println!("  {store} {name}: {}", super::table::shown(*value));
            }
            let figures: Map<String, Value> = figures
                .iter()
                .map(|(name, value)| ((*name).to_owned(), json!(value)))
                .collect();
            stores.insert((*store).to_owned(), Value::Object(figures));
        }
        let machine = format!("{}; the code of {}", crate::machine(), commit());
        let kept = json!({ "part": part, "machine": machine, "stores": stores });
        fs::write(file(folder, key), serde_json::to_string_pretty(&kept)?)?;
        Ok(())
    }

    /// Reads what all finished parts have kept.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let mut all = Self {
            figures: BTreeMap::new(),
            machine: BTreeMap::new(),
        };
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_none_or(|end| end != "json") {
                continue;
            }
            let about = || format!("{}: remove it and measure again", path.display());
            let kept: Value = serde_json::from_str(&fs::read_to_string(&path)?).with_context(about)?;
            let part = kept["part"].as_str().with_context(about)?;
            let machine = kept["machine"].as_str().with_context(about)?;
            let key = path
                .file_stem()
                .map_or_else(String::new, |stem| stem.to_string_lossy().replace('.', ":"));
            all.machine.insert(key, machine.to_owned());
            for (store, figures) in kept["stores"].as_object().with_context(about)? {
                for (name, value) in figures.as_object().with_context(about)? {
                    let value = value.as_f64().unwrap_or(f64::NAN);
                    all.figures
                        .insert((part.to_owned(), store.clone(), name.clone()), value);
                }
            }
        }
        Ok(all)
    }

    /// One figure.
    pub(super) fn get(&self, part: &str, store: &str, name: &str) -> Option<f64> {
        self.figures
            .get(&(part.to_owned(), store.to_owned(), name.to_owned()))
            .copied()
    }
}

fn file(folder: &Path, key: &str) -> std::path::PathBuf {
    folder.join(format!("{}.json", key.replace(':', ".")))
}

/// The state of the tree that was measured: parts are measured alone, and the table has them side by side.
fn commit() -> String {
    let told = Command::new("git")
        .args(["describe", "--always", "--dirty"])
        .output();
    let text = told.ok().filter(|told| told.status.success());
    let text = text.and_then(|told| String::from_utf8(told.stdout).ok());
    text.map_or_else(|| "an unknown state".to_owned(), |text| text.trim().to_owned())
}
