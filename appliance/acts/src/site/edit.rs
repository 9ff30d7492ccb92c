//! Changes to `site.toml` that people make from the page or the command: the text keeps its comments and order.

use toml_edit::{DocumentMut, Item, value};

use super::{Site, SiteFault};

/// Why an edit was not made; the text is as it was.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// There is no such device in the file.
    #[error("there is no device called {0} in site.toml. `hearth devices` lists them")]
    NoSuchDevice(String),
    /// The file that would result is not a good one.
    #[error("the change would not leave a good site.toml: {}", .0.first().map(ToString::to_string).unwrap_or_default())]
    Faults(Vec<SiteFault>),
    /// The file is not TOML any more.
    #[error("site.toml cannot be read: {0}. Mend it, then try again")]
    NotToml(#[from] toml_edit::TomlError),
}

/// The text with another label for the device called `name`.
pub fn rename_device(text: &str, name: &str, label: &str) -> Result<String, EditError> {
    edit(text, |document| {
        let devices = document
            .get_mut("device")
            .and_then(|item| item.as_array_of_tables_mut());
        let device = devices
            .into_iter()
            .flat_map(|tables| tables.iter_mut())
            .find(|table| table.get("name").and_then(|item| item.as_str()) == Some(name))
            .ok_or_else(|| EditError::NoSuchDevice(name.to_owned()))?;
        set(&mut device["label"], label);
        Ok(())
    })
}

/// The text with another name for the place.
pub fn rename_place(text: &str, name: &str) -> Result<String, EditError> {
    edit(text, |document| {
        set(&mut document["place"]["name"], name);
        Ok(())
    })
}

/// Puts another text in place of a value, with the spaces and the comment that stand around it.
fn set(item: &mut Item, text: &str) {
    let decor = item.as_value().map(|old| old.decor().clone());
    *item = value(text);
    if let (Some(decor), Some(new)) = (decor, item.as_value_mut()) {
        *new.decor_mut() = decor;
    }
}

fn edit(
    text: &str,
    change: impl FnOnce(&mut DocumentMut) -> Result<(), EditError>,
) -> Result<String, EditError> {
    let mut document: DocumentMut = text.parse()?;
    change(&mut document)?;
    let edited = document.to_string();
    Site::parse(&edited).map_err(EditError::Faults)?;
    Ok(edited)
}
