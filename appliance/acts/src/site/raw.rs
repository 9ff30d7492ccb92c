//! The shape of `site.toml` before its sense is checked: every value keeps its place in the text.
//!
//! What is unknown, missing or of the wrong kind is noted and left out, and reading goes on, so that one look at the
//! faults shows all of them.

use toml::Spanned;
use toml::de::{DeFloat, DeInteger, DeTable, DeValue};

use super::faults::Faults;

/// The file as it is written.
#[derive(Debug, Default)]
pub(super) struct RawSite {
    pub(super) place: RawPlace,
    pub(super) listen: Option<Spanned<String>>,
    pub(super) listen_safe: Option<Spanned<String>>,
    pub(super) commit_every: Option<Spanned<String>>,
    pub(super) keep: Vec<RawKeep>,
    pub(super) backup_folder: Option<Spanned<String>>,
    pub(super) backup_stick: Option<Spanned<String>>,
    pub(super) bus: Vec<RawBus>,
    pub(super) device: Vec<RawDevice>,
}

/// One line of a rule: what is kept, and how long.
#[derive(Debug)]
pub(super) struct RawKeep {
    pub(super) what: Spanned<String>,
    pub(super) how_long: Spanned<String>,
}

#[derive(Debug, Default)]
pub(super) struct RawPlace {
    pub(super) name: Option<Spanned<String>>,
    pub(super) time_zone: Option<Spanned<String>>,
    pub(super) currency: Option<Spanned<String>>,
    pub(super) latitude: Option<Spanned<f64>>,
    pub(super) longitude: Option<Spanned<f64>>,
}

#[derive(Debug)]
pub(super) struct RawBus {
    pub(super) name: Option<Spanned<String>>,
    pub(super) kind: Option<Spanned<String>>,
    pub(super) address: Option<Spanned<String>>,
    pub(super) port: Option<Spanned<String>>,
    pub(super) baud: Option<Spanned<i64>>,
    pub(super) parity: Option<Spanned<String>>,
    pub(super) stop_bits: Option<Spanned<i64>>,
    pub(super) direction: Option<Spanned<String>>,
    pub(super) silence: Option<Spanned<String>>,
}

#[derive(Debug)]
pub(super) struct RawDevice {
    pub(super) name: Option<Spanned<String>>,
    pub(super) label: Option<Spanned<String>>,
    pub(super) bus: Option<Spanned<String>>,
    pub(super) unit: Option<Spanned<i64>>,
    pub(super) profile: Option<Spanned<String>>,
    pub(super) role: Option<Spanned<String>>,
    pub(super) audience: Option<Spanned<String>>,
    pub(super) fast: Option<Spanned<String>>,
    pub(super) slow: Option<Spanned<String>>,
    pub(super) rated_power: Option<Spanned<i64>>,
    pub(super) reversed: Option<Spanned<bool>>,
    pub(super) counted: Option<Spanned<bool>>,
}

/// Reads the text. Where it is no TOML, only that is told: what stands around a broken line is guesswork.
pub(super) fn read(text: &str, faults: &mut Faults<'_>) -> RawSite {
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let byte = error.span().map_or(0, |span| span.start);
        // The reader stumbles more than once over one broken line.
        if !faults.on_line_of(byte) {
            let _: Option<()> = faults.add_at(byte, error.message().trim(), remedy(error.message()));
        }
    }
    if errors.is_empty() {
        site(root.get_ref(), faults)
    } else {
        RawSite::default()
    }
}

/// What to do about a line that is no TOML.
fn remedy(message: &str) -> &'static str {
    if message.contains("duplicate key") {
        "Keep one of the two lines"
    } else {
        "Correct the line; text stands in \"quotes\", numbers without"
    }
}

fn site(root: &DeTable<'_>, faults: &mut Faults<'_>) -> RawSite {
    let mut root = Section::new(root, 0, "the file");
    let place = root.section("place", "[place]", faults);
    if place.is_none() && !root.has("place") {
        let remedy = "Add it; docs/technicians/site.md shows a whole file";
        let _: Option<()> = faults.add_at(0, "there is no [place]", remedy);
    }
    let mut page = root.section("page", "[page]", faults);
    let mut store = root.section("store", "[store]", faults);
    let mut backup = root.section("backup", "[backup]", faults);
    let (buses, devices) = (
        root.sections("bus", "[[bus]]", faults),
        root.sections("device", "[[device]]", faults),
    );
    let mut texts = |section: &mut Option<Section<'_>>, keys: [&'static str; 2]| {
        let Some(section) = section else {
            return [None, None];
        };
        let found = keys.map(|key| section.text(key, faults));
        section.finish(faults);
        found
    };
    let [listen, listen_safe] = texts(&mut page, ["listen", "listen_safe"]);
    let [backup_folder, backup_stick] = texts(&mut backup, ["folder", "stick"]);
    let (commit_every, keep) = store
        .as_mut()
        .map(|section| self::store(section, faults))
        .unwrap_or_default();
    let site = RawSite {
        place: place
            .map(|section| self::place(section, faults))
            .unwrap_or_default(),
        listen,
        listen_safe,
        commit_every,
        keep,
        backup_folder,
        backup_stick,
        bus: buses.into_iter().map(|section| bus(section, faults)).collect(),
        device: devices
            .into_iter()
            .map(|section| device(section, faults))
            .collect(),
    };
    root.finish(faults);
    site
}

fn store(section: &mut Section<'_>, faults: &mut Faults<'_>) -> (Option<Spanned<String>>, Vec<RawKeep>) {
    let commit_every = section.text("commit_every", faults);
    let keep = section.section("keep", "[store.keep]", faults);
    section.finish(faults);
    let keep = keep.map(|keep| keep.lines(faults)).unwrap_or_default();
    (commit_every, keep)
}

fn place(mut section: Section<'_>, faults: &mut Faults<'_>) -> RawPlace {
    let raw = RawPlace {
        name: section.needed_text("name", "\"The name of the place\"", faults),
        time_zone: section.needed_text("time_zone", "\"Europe/London\"", faults),
        currency: section.needed_text("currency", "\"GBP\"", faults),
        latitude: section.needed_degrees("latitude", "51.46", faults),
        longitude: section.needed_degrees("longitude", "-2.56", faults),
    };
    section.finish(faults);
    raw
}

fn bus(mut section: Section<'_>, faults: &mut Faults<'_>) -> RawBus {
    let raw = RawBus {
        name: section.needed_text("name", "\"cupboard\"", faults),
        kind: section.needed_text("kind", "\"serial\"", faults),
        address: section.text("address", faults),
        port: section.text("port", faults),
        baud: section.whole("baud", faults),
        parity: section.text("parity", faults),
        stop_bits: section.whole("stop_bits", faults),
        direction: section.text("direction", faults),
        silence: section.text("silence", faults),
    };
    section.finish(faults);
    raw
}

fn device(mut section: Section<'_>, faults: &mut Faults<'_>) -> RawDevice {
    let raw = RawDevice {
        name: section.needed_text("name", "\"street-meter\"", faults),
        label: section.text("label", faults),
        bus: section.needed_text("bus", "\"cupboard\"", faults),
        unit: section.needed_whole("unit", "1", faults),
        profile: section.needed_text("profile", "\"eastron-sdm630\"", faults),
        role: section.needed_text("role", "\"grid\"", faults),
        audience: section.text("audience", faults),
        fast: section.text("fast", faults),
        slow: section.text("slow", faults),
        rated_power: section.needed_whole("rated_power", "12000", faults),
        reversed: section.yes_or_no("reversed", faults),
        counted: section.yes_or_no("counted", faults),
    };
    section.finish(faults);
    raw
}

/// A table of the file, and which of its words were asked for.
struct Section<'a> {
    table: &'a DeTable<'a>,
    /// Where it begins, in bytes.
    at: usize,
    /// Its name in sentences, as in `[place]`.
    name: &'static str,
    asked: Vec<&'static str>,
}

impl<'a> Section<'a> {
    fn new(table: &'a DeTable<'a>, at: usize, name: &'static str) -> Self {
        Self {
            table,
            at,
            name,
            asked: Vec::new(),
        }
    }

    fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// What stands for `key`, as `kind` reads it; of another kind it is a fault.
    fn value<T>(
        &mut self,
        key: &'static str,
        wanted: &str,
        kind: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
        faults: &mut Faults<'_>,
    ) -> Option<Spanned<T>> {
        self.asked.push(key);
        let found = self.table.get(key)?;
        match kind(found.get_ref()) {
            Some(value) => Some(Spanned::new(found.span(), value)),
            None => faults.add(
                found,
                format!("{key} is {}", kind_of(found.get_ref())),
                format!("Write {wanted}"),
            ),
        }
    }

    /// Notes that `key` is missing, if it is.
    fn need(&self, key: &str, example: &str, faults: &mut Faults<'_>) {
        if !self.has(key) {
            let what = format!("{key} is missing in {}", self.name);
            let _: Option<()> = faults.add_at(self.at, what, format!("Add {key} = {example}"));
        }
    }

    fn text(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<Spanned<String>> {
        let read = |value: &DeValue<'_>| value.as_str().map(str::to_owned);
        self.value(key, "it in \"quotes\"", read, faults)
    }

    fn needed_text(
        &mut self,
        key: &'static str,
        example: &str,
        faults: &mut Faults<'_>,
    ) -> Option<Spanned<String>> {
        self.need(key, example, faults);
        self.text(key, faults)
    }

    fn whole(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<Spanned<i64>> {
        let read = |value: &DeValue<'_>| {
            let digits = value.as_integer()?;
            // One too large for the machine is too large for every range as well.
            Some(i64::from_str_radix(digits.as_str(), digits.radix()).unwrap_or(i64::MAX))
        };
        self.value(key, "a whole number without quotes", read, faults)
    }

    fn needed_whole(
        &mut self,
        key: &'static str,
        example: &str,
        faults: &mut Faults<'_>,
    ) -> Option<Spanned<i64>> {
        self.need(key, example, faults);
        self.whole(key, faults)
    }

    fn needed_degrees(
        &mut self,
        key: &'static str,
        example: &str,
        faults: &mut Faults<'_>,
    ) -> Option<Spanned<f64>> {
        self.need(key, example, faults);
        let read = |value: &DeValue<'_>| {
            let whole = value.as_integer().map(DeInteger::as_str);
            let digits = value.as_float().map(DeFloat::as_str);
            digits.or(whole)?.parse().ok()
        };
        self.value(key, "degrees without quotes", read, faults)
    }

    fn yes_or_no(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<Spanned<bool>> {
        self.value(key, "true or false", DeValue::as_bool, faults)
    }

    /// A table within this one, which may be left out.
    fn section(
        &mut self,
        key: &'static str,
        name: &'static str,
        faults: &mut Faults<'_>,
    ) -> Option<Section<'a>> {
        let found = self.value(
            key,
            &format!("{name} on a line of its own"),
            DeValue::as_table,
            faults,
        )?;
        Some(Section::new(found.get_ref(), found.span().start, name))
    }

    /// The tables of a list such as `[[bus]]`; none if it is left out.
    fn sections(
        &mut self,
        key: &'static str,
        name: &'static str,
        faults: &mut Faults<'_>,
    ) -> Vec<Section<'a>> {
        let wanted = format!("{name}, with two brackets, before each");
        let Some(list) = self.value(key, &wanted, DeValue::as_array, faults) else {
            return Vec::new();
        };
        let mut sections = Vec::new();
        for item in list.get_ref().iter() {
            match item.get_ref() {
                DeValue::Table(table) => sections.push(Section::new(table, item.span().start, name)),
                other => {
                    let what = format!("{key} is {}", kind_of(other));
                    let _: Option<()> = faults.add(item, what, format!("Write {wanted}"));
                }
            }
        }
        sections
    }

    /// All lines of it, whatever their words; each says something in a text.
    fn lines(&self, faults: &mut Faults<'_>) -> Vec<RawKeep> {
        let line = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
            let word = AsRef::<str>::as_ref(key.get_ref()).to_owned();
            match value.get_ref().as_str() {
                Some(text) => Some(RawKeep {
                    what: Spanned::new(key.span(), word),
                    how_long: Spanned::new(value.span(), text.to_owned()),
                }),
                None => {
                    let what = format!("{word} is {}", kind_of(value.get_ref()));
                    faults.add(value, what, "Write it in \"quotes\"")
                }
            }
        };
        self.table.iter().filter_map(line).collect()
    }

    /// Notes every word that was not asked for.
    fn finish(&self, faults: &mut Faults<'_>) {
        for key in self.table.keys() {
            let word = key.get_ref().as_ref();
            if !self.asked.contains(&word) {
                let _: Option<()> = faults.add(
                    key,
                    format!("{word} is not known in {}", self.name),
                    format!("Take it out, or write one of: {}", self.asked.join(", ")),
                );
            }
        }
    }
}

/// What a value is, in words.
fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a point",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
