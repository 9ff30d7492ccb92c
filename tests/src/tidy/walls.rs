//! Which crate may look at which, and which room a heavy library lives in.
//!
//! Only what a crate is built with counts; its tests may look further.

use super::tree::{File, Finding, Tree};

/// A crate and the crates of ours that it may look at. A crate that is not here is asked to be entered.
const MAY_LOOK_AT: &[(&str, &[&str])] = &[
    ("units", &[]),
    ("devices", &["units"]),
    ("bus", &["units", "devices"]),
    ("pins", &["units"]),
    ("simulator", &["units", "devices"]),
    ("energy", &["units"]),
    ("members", &["units"]),
    ("decisions", &["units"]),
    ("space", &["units"]),
    ("store", &["units", "energy", "members", "decisions", "space"]),
    (
        "acts",
        &[
            "units",
            "devices",
            "energy",
            "members",
            "decisions",
            "space",
            "store",
        ],
    ),
    (
        "web",
        &[
            "units",
            "devices",
            "energy",
            "members",
            "decisions",
            "space",
            "acts",
        ],
    ),
    ("system", &["units", "devices", "energy", "members", "acts"]),
];

/// The crates at the top: the program, which puts all the rooms together, and its tests.
const LOOKS_AT_ALL: &[&str] = &["hearth", "end-to-end"];

/// A library and the rooms that may use it. To change a library is to change one folder.
const HOMES: &[(&str, &[&str])] = &[
    ("anyhow", &["hearth"]),
    ("argon2", &["acts"]),
    ("askama", &["web"]),
    ("axum", &["web"]),
    ("bech32", &["store"]),
    ("calamine", &["members"]),
    ("chacha20poly1305", &["store"]),
    ("chardetng", &["members"]),
    ("clap", &["hearth"]),
    ("encoding_rs", &["members"]),
    ("fluent-bundle", &["web"]),
    ("gpiocdev", &["pins"]),
    ("hkdf", &["store"]),
    ("hyper", &["web"]),
    ("hyper-util", &["web"]),
    ("lettre", &["hearth"]),
    ("p256", &["web"]),
    ("qrcode", &["web"]),
    ("quick-xml", &["members"]),
    ("rcgen", &["web"]),
    ("redb", &["store"]),
    ("rppal", &["pins", "bus"]),
    ("rust-embed", &["web"]),
    ("rustls", &["web"]),
    ("sd-notify", &["hearth"]),
    ("serial2-tokio", &["bus"]),
    ("tokio", &["bus", "acts", "web", "system", "hearth"]),
    ("tokio-modbus", &["bus"]),
    ("tokio-rustls", &["web"]),
    ("toml_edit", &["acts"]),
    ("tracing-subscriber", &["hearth"]),
    ("webauthn-rs", &["acts"]),
    ("x25519-dalek", &["store"]),
    ("zbus", &["system"]),
    ("zip", &["members"]),
];

/// Every dependency points the way of the table, lives in its home, and takes its version from the root.
fn walls(tree: &Tree) -> Vec<Finding> {
    let rooms: Vec<&str> = MAY_LOOK_AT
        .iter()
        .map(|(room, _)| *room)
        .chain(LOOKS_AT_ALL.iter().copied())
        .collect();
    let mut findings = Vec::new();
    for manifest in tree
        .files
        .iter()
        .filter(|file| file.path.ends_with("/Cargo.toml"))
    {
        let parsed: toml::Table = match manifest.text.parse() {
            Ok(parsed) => parsed,
            Err(fault) => {
                findings.push(Finding::at(manifest, 1, format!("cannot be read: {fault}")));
                continue;
            }
        };
        let Some(name) = parsed
            .get("package")
            .and_then(|package| package.get("name")?.as_str())
        else {
            continue;
        };
        if !rooms.contains(&name) {
            findings.push(Finding::at(
                manifest,
                1,
                format!("crate {name} is not in the table of tests/src/tidy/walls.rs"),
            ));
        }
        for (dependency, value) in built_with(&parsed) {
            let line = line_naming(manifest, &dependency);
            let wrong = [
                looks_wrong(name, &dependency, &rooms),
                away_from_home(name, &dependency),
                own_version(&dependency, &value),
            ];
            findings.extend(
                wrong
                    .into_iter()
                    .flatten()
                    .map(|what| Finding::at(manifest, line, what)),
            );
        }
    }
    findings
}

/// The dependencies a crate is built with, its build script's and those of single targets included.
fn built_with(manifest: &toml::Table) -> Vec<(String, toml::Value)> {
    let mut tables = vec![manifest];
    if let Some(targets) = manifest.get("target").and_then(toml::Value::as_table) {
        tables.extend(targets.values().filter_map(toml::Value::as_table));
    }
    let kinds = ["dependencies", "build-dependencies"];
    let found = tables
        .iter()
        .flat_map(|table| kinds.iter().filter_map(|kind| table.get(*kind)?.as_table()));
    found
        .flat_map(|table| table.iter().map(|(name, value)| (name.clone(), value.clone())))
        .collect()
}

fn looks_wrong(name: &str, dependency: &str, rooms: &[&str]) -> Option<String> {
    if LOOKS_AT_ALL.contains(&name) || !rooms.contains(&dependency) {
        return None;
    }
    let allowed = MAY_LOOK_AT.iter().find(|(room, _)| *room == name)?.1;
    let list = if allowed.is_empty() {
        "none of ours".to_owned()
    } else {
        allowed.join(", ")
    };
    (!allowed.contains(&dependency)).then(|| format!("{name} may not look at {dependency}, only at {list}"))
}

fn away_from_home(name: &str, dependency: &str) -> Option<String> {
    let homes = HOMES.iter().find(|(library, _)| *library == dependency)?.1;
    (name != "end-to-end" && !homes.contains(&name))
        .then(|| format!("{dependency} lives in {}, not in {name}", homes.join(", ")))
}

fn own_version(dependency: &str, value: &toml::Value) -> Option<String> {
    let shared = value.get("workspace").and_then(toml::Value::as_bool) == Some(true);
    (!shared).then(|| {
        format!("{dependency} needs `workspace = true`: its one version stands in the root Cargo.toml")
    })
}

fn line_naming(manifest: &File, dependency: &str) -> usize {
    let named = |line: &str| {
        line.trim_start()
            .strip_prefix(dependency)
            .is_some_and(|rest| rest.starts_with([' ', '.', '=']))
    };
    manifest
        .lines()
        .find(|(_, line)| named(line))
        .map_or(1, |(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::super::tree::{found, holds};
    use super::walls;

    fn manifest(name: &str, rest: &str) -> String {
        format!("[package]\nname = \"{name}\"\n{rest}")
    }

    #[test]
    fn the_tree_keeps_its_walls() {
        holds(walls);
    }

    #[test]
    fn a_crate_that_looks_up_is_found() {
        let store = manifest(
            "store",
            "[dependencies]\nunits.workspace = true\nacts.workspace = true\n",
        );
        assert_eq!(
            found(walls, &[("appliance/store/Cargo.toml", &store)]),
            [
                "appliance/store/Cargo.toml:5: store may not look at acts, only at units, energy, members, decisions, space"
            ]
        );
    }

    #[test]
    fn its_tests_may_look_further() {
        let store = manifest(
            "store",
            "[dev-dependencies]\nacts.workspace = true\nredb.workspace = true\n",
        );
        assert!(found(walls, &[("appliance/store/Cargo.toml", &store)]).is_empty());
    }

    #[test]
    fn a_heavy_library_away_from_home_is_found() {
        let web = manifest(
            "web",
            "[target.'cfg(unix)'.dependencies]\nredb = { workspace = true }\n",
        );
        assert_eq!(
            found(walls, &[("w/Cargo.toml", &web)]),
            ["w/Cargo.toml:4: redb lives in store, not in web"]
        );
    }

    #[test]
    fn a_version_of_its_own_and_an_unknown_crate_are_found() {
        let new = manifest("helpers", "[dependencies]\nserde = \"1\"\n");
        assert_eq!(
            found(walls, &[("x/Cargo.toml", &new)]),
            [
                "x/Cargo.toml:1: crate helpers is not in the table of tests/src/tidy/walls.rs",
                "x/Cargo.toml:4: serde needs `workspace = true`: its one version stands in the root Cargo.toml",
            ]
        );
    }
}
