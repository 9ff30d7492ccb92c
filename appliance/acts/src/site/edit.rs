//! Changes to `site.toml` that people make from the page or the command. One value is written anew in its place; every
//! other byte of the file, its comments and its ends of lines too, is as somebody wrote it.

use std::ops::Range;

use toml_edit::{Document, Item, TableLike, Value};

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

/// How the tables of a list are written.
#[derive(Clone, Copy)]
enum Style {
    /// Each under a head of its own, one value a line.
    Lines,
    /// All in one value, between brackets.
    Brackets,
}

/// The text with another label for the device called `name`.
pub fn rename_device(text: &str, name: &str, label: &str) -> Result<String, EditError> {
    let document = Document::parse(text)?;
    let found = document.get("device").and_then(|devices| {
        let mut devices = tables_of(devices).into_iter();
        devices.find(|(_, device)| device.get("name").and_then(Item::as_str) == Some(name))
    });
    let (style, device) = found.ok_or_else(|| EditError::NoSuchDevice(name.to_owned()))?;
    match span_of(device, "label") {
        Some(place) => edited(text, place, &written(label)),
        None => beside_the_name(text, style, device, label),
    }
}

/// The text with another name for the place.
pub fn rename_place(text: &str, name: &str) -> Result<String, EditError> {
    let document = Document::parse(text)?;
    let place = document.get("place").and_then(Item::as_table_like);
    match place.and_then(|place| span_of(place, "name")) {
        Some(place) => edited(text, place, &written(name)),
        // A file without it is no good one; its own faults say what is missing.
        None => Err(EditError::Faults(Site::parse(text).err().unwrap_or_default())),
    }
}

/// The tables of a list, however they are written.
fn tables_of(list: &Item) -> Vec<(Style, &dyn TableLike)> {
    if let Some(tables) = list.as_array_of_tables() {
        return tables.iter().map(|table| (Style::Lines, upcast(table))).collect();
    }
    let values = list.as_array().into_iter().flatten();
    let tables = values.filter_map(Value::as_inline_table);
    tables.map(|table| (Style::Brackets, upcast(table))).collect()
}

fn upcast(table: &impl TableLike) -> &dyn TableLike {
    table
}

/// Where the value of `key` stands in the text.
fn span_of(table: &dyn TableLike, key: &str) -> Option<Range<usize>> {
    table.get(key)?.as_value()?.span()
}

/// A text as TOML writes it.
fn written(text: &str) -> String {
    Value::from(text).to_string()
}

/// Gives a device that has none a label, behind its name: on the next line, or between the same brackets.
fn beside_the_name(
    text: &str,
    style: Style,
    device: &dyn TableLike,
    label: &str,
) -> Result<String, EditError> {
    let name = span_of(device, "name").map_or(text.len(), |name| name.end);
    let label = format!("label = {}", written(label));
    if let Style::Brackets = style {
        return edited(text, name..name, &format!(", {label}"));
    }
    let end = text[name..].find('\n').map_or(text.len(), |length| name + length);
    match text[..end].strip_suffix('\r') {
        Some(line) => edited(text, line.len()..line.len(), &format!("\r\n{label}")),
        None => edited(text, end..end, &format!("\n{label}")),
    }
}

/// The text with `new` at `place`, if that is a good site.
fn edited(text: &str, place: Range<usize>, new: &str) -> Result<String, EditError> {
    let mut text = text.to_owned();
    text.replace_range(place, new);
    Site::parse(&text).map_err(EditError::Faults)?;
    Ok(text)
}

#[cfg(test)]
mod tests;
