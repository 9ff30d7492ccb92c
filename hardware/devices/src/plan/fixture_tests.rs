//! Every profile against registers and values that other projects wrote (`fixtures/generate.py`), by way of the
//! whole plan: walk, packing, decoding.

use std::collections::{BTreeMap, BTreeSet};

use toml::Table;
use units::{DeviceName, Instant, Span};

use super::{Answer, Direction, LineCost, Now, Plan, PlanOptions};
use crate::frame::{ExceptionCode, Function, Request};
use crate::profile::{Family, builtin, find};

const FIXTURES: [(&str, &str); 7] = [
    (
        "eastron-sdm120",
        include_str!("../../fixtures/eastron-sdm120.toml"),
    ),
    (
        "eastron-sdm230",
        include_str!("../../fixtures/eastron-sdm230.toml"),
    ),
    (
        "eastron-sdm630",
        include_str!("../../fixtures/eastron-sdm630.toml"),
    ),
    (
        "sunspec-battery",
        include_str!("../../fixtures/sunspec-battery.toml"),
    ),
    (
        "sunspec-inverter",
        include_str!("../../fixtures/sunspec-inverter.toml"),
    ),
    (
        "sunspec-inverter-float",
        include_str!("../../fixtures/sunspec-inverter-float.toml"),
    ),
    ("sunspec-meter", include_str!("../../fixtures/sunspec-meter.toml")),
];

/// The registers of a fixture by function and address.
struct Image {
    words: BTreeMap<(Function, u16), u16>,
    family: Family,
}

impl Image {
    fn new(fixture: &Table, family: Family) -> Self {
        let mut words = BTreeMap::new();
        for block in fixture["registers"].as_array().expect("[[registers]]") {
            let function = match block["function"].as_str() {
                Some("input") => Function::Input,
                _ => Function::Holding,
            };
            let address = u16::try_from(block["address"].as_integer().expect("an address")).expect("16 bits");
            for (address, word) in (address..).zip(block["words"].as_array().expect("words")) {
                let word = u16::try_from(word.as_integer().expect("a word")).expect("16 bits");
                words.insert((function, address), word);
            }
        }
        Self { words, family }
    }

    /// A meter fills its holes with 0, a SunSpec device refuses what is not in its chain.
    fn read(&self, request: &Request) -> Option<Vec<u16>> {
        (0..request.count)
            .map(|offset| {
                let register = (request.function, request.address + offset);
                let word = self.words.get(&register).copied();
                word.or_else(|| (self.family == Family::Registers).then_some(0))
            })
            .collect()
    }
}

/// Point by point, the value or the reason why there is none.
fn expected(fixture: &Table) -> BTreeMap<String, String> {
    ["values", "reasons"]
        .iter()
        .flat_map(|part| fixture[*part].as_table().expect("a table"))
        .map(|(name, value)| {
            let shown = value.as_str().map(ToOwned::to_owned);
            let shown = shown.or_else(|| value.as_integer().map(|number| number.to_string()));
            (name.clone(), shown.expect("a number or a reason"))
        })
        .collect()
}

fn read_all(fixture: &Table) -> BTreeMap<String, String> {
    let profile = find(fixture["profile"].as_str().expect("a profile's name")).expect("a profile");
    let image = Image::new(fixture, profile.family);
    let options = PlanOptions {
        unit: 1,
        fast: Span::SECOND,
        slow: Span::MINUTE,
        reversed: Direction::Usual,
    };
    let cost = LineCost {
        byte_us: 1_042,
        overhead_bytes: 13,
        turnaround_us: 30_000,
    };
    let device = DeviceName::parse("device").expect("a good name");
    let mut plan = Plan::new(&device, profile, options, cost);
    let now = Now {
        tick: Span::ZERO,
        utc: Instant::from_millis(0),
    };
    let mut values = BTreeMap::new();
    while let Some(request) = plan.poll_request(now.tick) {
        let words = image.read(&request);
        let answer = match &words {
            Some(words) => Answer::Words(words),
            None => Answer::Exception(ExceptionCode::ILLEGAL_ADDRESS),
        };
        for reading in plan.handle_answer(answer, now) {
            let shown = match reading.outcome {
                Ok(number) => number.value.to_string(),
                Err(reason) => reason.name().to_owned(),
            };
            let before = values.insert(reading.channel.point().to_owned(), shown);
            assert_eq!(before, None, "{} was read twice in one round", reading.channel);
        }
    }
    values
}

#[test]
fn every_profile_reads_what_other_projects_read() {
    for (name, text) in FIXTURES {
        let fixture: Table = text.parse().expect(name);
        assert_eq!(read_all(&fixture), expected(&fixture), "{name}");
    }
}

#[test]
fn every_profile_has_a_fixture() {
    let fixtures: BTreeSet<&str> = FIXTURES.iter().map(|row| row.0).collect();
    for profile in builtin() {
        assert!(
            fixtures.contains(profile.id.as_str()),
            "fixtures/{}.toml is missing",
            profile.id
        );
    }
}
