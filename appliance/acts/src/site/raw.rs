//! The shape of `site.toml` before it is checked: every value keeps its place in the text.

use serde::Deserialize;
use toml::Spanned;

use super::SiteFault;

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSite {
    pub(super) place: RawPlace,
    #[serde(default)]
    pub(super) page: RawPage,
    #[serde(default)]
    pub(super) store: RawStore,
    #[serde(default)]
    pub(super) bus: Vec<Spanned<RawBus>>,
    #[serde(default)]
    pub(super) device: Vec<Spanned<RawDevice>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPlace {
    pub(super) name: Spanned<String>,
    pub(super) time_zone: Spanned<String>,
    pub(super) currency: Spanned<String>,
    pub(super) latitude: Spanned<f64>,
    pub(super) longitude: Spanned<f64>,
}

#[derive(Debug, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPage {
    pub(super) listen: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStore {
    pub(super) commit_every: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBus {
    pub(super) name: Spanned<String>,
    pub(super) kind: Spanned<String>,
    pub(super) address: Option<Spanned<String>>,
    pub(super) port: Option<Spanned<String>>,
    pub(super) baud: Option<Spanned<i64>>,
    pub(super) parity: Option<Spanned<String>>,
    pub(super) stop_bits: Option<Spanned<i64>>,
    pub(super) direction: Option<Spanned<String>>,
    pub(super) silence: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDevice {
    pub(super) name: Spanned<String>,
    pub(super) label: Option<Spanned<String>>,
    pub(super) bus: Spanned<String>,
    pub(super) unit: Spanned<i64>,
    pub(super) profile: Spanned<String>,
    pub(super) role: Spanned<String>,
    pub(super) audience: Option<Spanned<String>>,
    pub(super) fast: Option<Spanned<String>>,
    pub(super) slow: Option<Spanned<String>>,
    pub(super) rated_power: Spanned<i64>,
    #[serde(default)]
    pub(super) reversed: bool,
    pub(super) counted: Option<bool>,
}

/// Line and column, from 1, of a byte in `text`.
pub(super) fn place_of(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |tail| tail.chars().count()) + 1;
    (line, column)
}

/// Reads the text; what is not TOML, or not of this shape, is one fault.
pub(super) fn parse(text: &str) -> Result<RawSite, Vec<SiteFault>> {
    toml::from_str(text).map_err(|error| {
        let (line, column) = place_of(text, error.span().map_or(0, |span| span.start));
        vec![SiteFault {
            line,
            column,
            what: error.message().trim().to_owned(),
            remedy: remedy(error.message()),
        }]
    })
}

/// What to do about a fault of the shape.
fn remedy(message: &str) -> String {
    let remedy = if message.contains("unknown field") {
        "Take the word out, or write one of the expected words"
    } else if message.contains("missing field") {
        "Add it; docs/technicians/site.md shows a whole file"
    } else if message.contains("duplicate key") {
        "Keep one of the two lines"
    } else {
        "Correct the line; text stands in \"quotes\", numbers without"
    };
    remedy.to_owned()
}
