//! Reads a whole profile, and refuses it with all of its faults at once.

use toml::de::DeTable;

use super::table::{Faults, Table};
use super::{
    AtNight, Evidence, Family, LineSettings, Parity, Profile, ProfileFault, Recognise, Signature, Stretch,
    check, point,
};
use crate::frame::MOST_REGISTERS;

const FAMILIES: [(&str, Family); 2] = [("registers", Family::Registers), ("sunspec", Family::SunSpec)];
const PARITIES: [(&str, Parity); 3] = [
    ("none", Parity::None),
    ("even", Parity::Even),
    ("odd", Parity::Odd),
];

/// The longest pause or latency that a profile may ask for, in milliseconds.
const LONGEST_MS: i64 = 60_000;

/// The most registers of a granule.
const LARGEST_GRANULE: i64 = 4;

/// What the tables beside the points say.
struct Settings {
    line: LineSettings,
    limits: Limits,
    recognise: Recognise,
    rated_power: Option<i64>,
}

struct Limits {
    largest_block: u16,
    granule: u16,
    pause_between_ms: u16,
    pause_after_other_unit_ms: u16,
    pause_after_connect_ms: u16,
    worst_latency_ms: u16,
    at_night: AtNight,
}

impl Profile {
    /// Reads the text of a profile. `file_name` is used in messages; without its ending it is the profile's id.
    pub fn parse(file_name: &str, text: &str) -> Result<Self, Vec<ProfileFault>> {
        let mut faults = Faults::new(file_name, text);
        let (root, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let at = error.span().map_or(0, |span| span.start);
            let what = format!("this is not TOML: {}", error.message());
            faults.add(at, what, "see toml.io for how a file is written");
        }
        if faults.count() > 0 {
            return Err(faults.into_sorted());
        }
        let root = Table::new(root.get_ref(), 0, "the profile");
        match read(file_name, root, &mut faults) {
            Some(profile) if faults.count() == 0 => Ok(profile),
            _ => Err(faults.into_sorted()),
        }
    }
}

fn read(file_name: &str, mut root: Table<'_>, faults: &mut Faults<'_>) -> Option<Profile> {
    let mut evidence = Vec::new();
    let maker = root.text("maker", "\"Eastron\"", faults);
    let model = root.text("model", "\"SDM630\"", faults);
    let family = root.choice("family", &FAMILIES, faults);
    let line = root.table("line", "[line]", faults);
    let line = line.and_then(|table| read_line(table, &mut evidence, faults));
    let limits = root.table("limits", "[limits]", faults);
    let limits = limits.and_then(|table| read_limits(table, &mut evidence, faults));
    let nameplate = root.optional_table("nameplate", "[nameplate]", faults);
    let rated_power = nameplate.and_then(|table| read_nameplate(table, &mut evidence, faults));
    let recognise = root.table("recognise", "[recognise]", faults);
    let recognise = recognise
        .zip(family)
        .and_then(|(table, family)| read_recognise(table, family, &mut evidence, faults));
    let stretches = root.tables("stretch", "[[stretch]]", faults);
    let stretches = stretches
        .into_iter()
        .filter_map(|table| read_stretch(table, &mut evidence, faults))
        .collect();
    let points = root.tables("point", "[[point]]", faults);
    root.finish(faults);
    let (largest_block, granule) = limits.as_ref().map_or((MOST_REGISTERS, 1), |limits| {
        (limits.largest_block, limits.granule)
    });
    let (points, wanted) = match family? {
        Family::Registers => {
            let read = point::read_all(points, faults, point::read_register);
            check::registers(&read, (largest_block, granule), faults);
            (read.into_iter().map(|placed| placed.item).collect(), Vec::new())
        }
        Family::SunSpec => {
            let read = point::read_all(points, faults, point::read_sunspec);
            check::sunspec(&read, (largest_block, granule), faults);
            (Vec::new(), read.into_iter().map(|placed| placed.item).collect())
        }
    };
    let settings = Settings {
        line: line?,
        limits: limits?,
        recognise: recognise?,
        rated_power,
    };
    let names = (file_name, maker?, model?);
    let mut profile = assemble(names, family?, settings, evidence);
    profile.points = points;
    profile.wanted = wanted;
    profile.stretches = stretches;
    Some(profile)
}

fn assemble(names: (&str, &str, &str), family: Family, settings: Settings, facts: Vec<Evidence>) -> Profile {
    let (file_name, maker, model) = names;
    let limits = settings.limits;
    Profile {
        id: file_name.strip_suffix(".toml").unwrap_or(file_name).to_owned(),
        maker: maker.to_owned(),
        model: model.to_owned(),
        family,
        recognise: settings.recognise,
        line: settings.line,
        largest_block: limits.largest_block,
        granule: limits.granule,
        pause_between_ms: limits.pause_between_ms,
        pause_after_other_unit_ms: limits.pause_after_other_unit_ms,
        pause_after_connect_ms: limits.pause_after_connect_ms,
        worst_latency_ms: limits.worst_latency_ms,
        at_night: limits.at_night,
        rated_power: settings.rated_power,
        facts,
        points: Vec::new(),
        wanted: Vec::new(),
        stretches: Vec::new(),
    }
}

/// The grade and source of a table of settings.
fn read_evidence(
    table: &mut Table<'_>,
    about: &'static str,
    evidence: &mut Vec<Evidence>,
    faults: &mut Faults<'_>,
) {
    let grade = table.choice("grade", &point::GRADES, faults);
    let source = table.text("source", "\"mbmd, meters/rs485/sdm.go\"", faults);
    if let (Some(grade), Some(source)) = (grade, source) {
        let source = source.to_owned();
        evidence.push(Evidence { about, grade, source });
    }
}

fn read_line(
    mut table: Table<'_>,
    evidence: &mut Vec<Evidence>,
    faults: &mut Faults<'_>,
) -> Option<LineSettings> {
    let baud = table.number("baud", (300, 1_000_000), "9600", faults);
    let parity = table.choice("parity", &PARITIES, faults);
    let stop_bits = table.number("stop_bits", (1, 2), "1", faults);
    read_evidence(&mut table, "line", evidence, faults);
    table.finish(faults);
    Some(LineSettings {
        baud: u32::try_from(baud?).ok()?,
        parity: parity?,
        stop_bits: u8::try_from(stop_bits?).ok()?,
    })
}

fn read_limits(
    mut table: Table<'_>,
    evidence: &mut Vec<Evidence>,
    faults: &mut Faults<'_>,
) -> Option<Limits> {
    let largest = table.number("largest_block", (1, i64::from(MOST_REGISTERS)), "80", faults);
    let granule = read_granule(&mut table, largest, faults);
    let mut pause = |key| {
        let number = table.optional_number(key, (0, LONGEST_MS), faults);
        u16::try_from(number.unwrap_or(0)).unwrap_or(0)
    };
    let pause_between_ms = pause("pause_between_ms");
    let pause_after_other_unit_ms = pause("pause_after_other_unit_ms");
    let pause_after_connect_ms = pause("pause_after_connect_ms");
    let latency = table.number("worst_latency_ms", (1, LONGEST_MS), "1000", faults);
    let sleeps = table.yes_or_no("sleeps_at_night", faults);
    read_evidence(&mut table, "limits", evidence, faults);
    table.finish(faults);
    Some(Limits {
        largest_block: u16::try_from(largest?).ok()?,
        granule: granule?,
        pause_between_ms,
        pause_after_other_unit_ms,
        pause_after_connect_ms,
        worst_latency_ms: u16::try_from(latency?).ok()?,
        at_night: if sleeps? { AtNight::Asleep } else { AtNight::Awake },
    })
}

/// The registers that requests are made of; 1 where the profile is silent.
fn read_granule(table: &mut Table<'_>, largest: Option<i64>, faults: &mut Faults<'_>) -> Option<u16> {
    if !table.has("granule") {
        return Some(1);
    }
    let granule = table.optional_number("granule", (1, LARGEST_GRANULE), faults)?;
    if granule == 3 {
        let what = "`granule` in [limits] is 3, which divides no block of values";
        faults.add(table.spot("granule"), what, "write 1, 2 or 4");
        return None;
    }
    if largest.is_some_and(|largest| largest < granule) {
        let what = format!("a granule of {granule} registers is longer than the largest block");
        faults.add(
            table.spot("granule"),
            what,
            "lower `granule`, or raise `largest_block`",
        );
        return None;
    }
    u16::try_from(granule).ok()
}

fn read_nameplate(
    mut table: Table<'_>,
    evidence: &mut Vec<Evidence>,
    faults: &mut Faults<'_>,
) -> Option<i64> {
    let power = table.number("power", (1, 100_000_000), "69000", faults);
    read_evidence(&mut table, "nameplate", evidence, faults);
    table.finish(faults);
    power
}

fn read_stretch(
    mut table: Table<'_>,
    evidence: &mut Vec<Evidence>,
    faults: &mut Faults<'_>,
) -> Option<Stretch> {
    let function = table.choice("function", &point::FUNCTIONS, faults);
    let first = table.number("first", point::ADDRESSES, "0x0000", faults);
    let last = table.number("last", point::ADDRESSES, "0x004F", faults);
    read_evidence(&mut table, "stretch", evidence, faults);
    table.finish(faults);
    let (first, last) = (first?, last?);
    if first > last {
        let what = format!("the stretch ends at {last} before it begins at {first}");
        faults.add(table.spot("last"), what, "change `first` and `last` round");
        return None;
    }
    Some(Stretch {
        function: function?,
        first: u16::try_from(first).ok()?,
        last: u16::try_from(last).ok()?,
    })
}

fn read_recognise(
    mut table: Table<'_>,
    family: Family,
    evidence: &mut Vec<Evidence>,
    faults: &mut Faults<'_>,
) -> Option<Recognise> {
    read_evidence(&mut table, "recognise", evidence, faults);
    let recognise = match family {
        Family::SunSpec => point::models(&mut table, faults).map(|models| Recognise::SunSpec { models }),
        Family::Registers => read_signature(&mut table, faults),
    };
    table.finish(faults);
    recognise
}

fn read_signature(table: &mut Table<'_>, faults: &mut Faults<'_>) -> Option<Recognise> {
    let function = table.choice("function", &point::FUNCTIONS, faults);
    let address = table.number("address", point::ADDRESSES, "0x0000", faults);
    let coding = point::read_coding(table, faults);
    let unit = point::read_unit(table, faults);
    let values = table.optional_numbers("values", faults);
    let any = (i64::MIN, i64::MAX);
    let range = if table.has("values") {
        None
    } else {
        let lowest = table.number("lowest", any, "800", faults);
        let highest = table.number("highest", any, "3000", faults);
        lowest.zip(highest)
    };
    let signature = Signature {
        function: function?,
        address: u16::try_from(address?).ok()?,
        coding: coding?,
        unit: unit?,
    };
    if let Some(values) = values {
        let values = values.into_iter().map(|value| value.0).collect();
        return Some(Recognise::Values { signature, values });
    }
    let (lowest, highest) = range?;
    if lowest > highest {
        let what = format!("no value is from {lowest} to {highest}");
        faults.add(table.spot("highest"), what, "change `lowest` and `highest` round");
        return None;
    }
    Some(Recognise::Range {
        signature,
        lowest,
        highest,
    })
}
