//! A `site.toml` that somebody's hand has spoilt: the check always answers, every fault has its place and says what to do,
//! and a site that passes keeps the rules on which everything else is built.

use std::collections::BTreeSet;

use acts::Site;
use acts::site::{SiteFault, Wire};
use proptest::prelude::*;
use units::{Audience, Role, Span};

use crate::scene::HEAD;

const DEVICES: &str = r#"
[page]
listen = "127.0.0.1:8080"

[store]
commit_every = "10 s"

[store.keep]
readings = "90 days"
minutes = "5 years"

[[bus]]
name = "network"
kind = "tcp"
address = "192.168.1.20:502"

[[device]]
name = "street"
label = "Meter to the street" # by the door
bus = "cupboard"
unit = 1
profile = "eastron-sdm630"
role = "grid"
rated_power = 20000
reversed = true

[[device]]
name = "roof"
bus = "network"
unit = 1
profile = "sunspec-inverter"
role = "production"
rated_power = 12000
fast = "500 ms"
slow = "5 min"

[[device]]
name = "flat-1"
bus = "cupboard"
unit = 11
profile = "eastron-sdm120"
role = "consumption"
audience = "household:flat-1"
rated_power = 10000
counted = false
"#;

/// What a hand may leave in a file: other values of every kind, and what is no value.
const SCRAPS: [&str; 46] = [
    "1",
    "0",
    "-1",
    "248",
    "256",
    "99999999999999999999",
    "0x10",
    "1e400",
    "-0.0",
    "nan",
    "inf",
    "true",
    "\"\"",
    "\" \"",
    "\"flat-1\"",
    "\"street\"",
    "\"tcp\"",
    "\"rtu-over-tcp\"",
    "\"cupboard\"",
    "\"serial\"",
    "\"production\"",
    "\"battery\"",
    "\"household:\"",
    "\"stewards\"",
    "\"household:flat-1\"",
    "\"1 ms\"",
    "\"99999999999999999999 h\"",
    "\"5 min\"",
    "\"[::1]:502\"",
    "\"0.0.0.0:80\"",
    "\"::\"",
    "\"/dev/ttyUSB0\"",
    "\"sunspec-battery\"",
    "[]",
    "{}",
    "[{}]",
    "2026-01-01",
    "= =",
    "[",
    "]]",
    "\"",
    "'''",
    "\\",
    "\u{e9}\u{1f600}",
    "\u{0}",
    "\r",
];

/// One slip of the hand.
#[derive(Debug, Clone)]
enum Slip {
    /// A line is taken out.
    Without(usize),
    /// A line stands twice, the second time elsewhere.
    Again(usize, usize),
    /// One of the values is another one.
    Value(usize, usize),
    /// Something stands at any place.
    Into(usize, usize),
    /// The file ends early.
    Ends(usize),
}

fn slips() -> impl Strategy<Value = Vec<Slip>> {
    let line = 0_usize..60;
    let slip = prop_oneof![
        2 => line.clone().prop_map(Slip::Without),
        2 => (line.clone(), line.clone()).prop_map(|(from, to)| Slip::Again(from, to)),
        6 => (line, 0..SCRAPS.len()).prop_map(|(line, scrap)| Slip::Value(line, scrap)),
        1 => (0_usize..1_200, 0..SCRAPS.len()).prop_map(|(at, scrap)| Slip::Into(at, scrap)),
        1 => (0_usize..1_200).prop_map(Slip::Ends),
    ];
    proptest::collection::vec(slip, 1..4)
}

/// The text with one slip; always at the border of a sign.
fn slipped(text: &str, slip: &Slip) -> String {
    let border = |at: usize| {
        let mut before = (0..=at % text.len().max(1)).rev();
        before.find(|at| text.is_char_boundary(*at)).unwrap_or(0)
    };
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let count = lines.len();
    match *slip {
        Slip::Without(line) => drop(lines.remove(line % count)),
        Slip::Again(from, to) => lines.insert(to % count, lines[from % count].clone()),
        Slip::Value(place, scrap) => {
            let values: Vec<usize> = (0..count).filter(|line| lines[*line].contains('=')).collect();
            if let Some(line) = values.get(place % values.len().max(1))
                && let Some((key, _)) = lines[*line].split_once('=')
            {
                lines[*line] = format!("{key}= {}", SCRAPS[scrap]);
            }
        }
        Slip::Into(at, scrap) => {
            let (before, after) = text.split_at(border(at));
            return format!("{before}{}{after}", SCRAPS[scrap]);
        }
        Slip::Ends(at) => return text[..border(at)].to_owned(),
    }
    lines.join("\n")
}

/// What is wrong with the way in which a fault is told; nothing if it is told well.
fn badly_told(text: &str, fault: &SiteFault) -> Option<&'static str> {
    let lines: Vec<&str> = text.split('\n').collect();
    let Some(line) = fault.line.checked_sub(1).and_then(|at| lines.get(at)) else {
        return Some("a line that is not there");
    };
    if fault.column == 0 || fault.column > line.chars().count() + 1 {
        return Some("a column that is not there");
    }
    let said = [&fault.what, &fault.remedy];
    if said
        .iter()
        .any(|said| said.trim().len() < 4 || said.contains('\n'))
    {
        return Some("no sentence");
    }
    if !fault.remedy.starts_with(|c: char| c.is_uppercase() || c == '`') {
        return Some("no remedy");
    }
    None
}

/// A rule that a site breaks which the check let pass.
fn broken_rule(site: &Site) -> Option<String> {
    if site.listen_safe == Some(site.listen) {
        return Some("both doors are at one address".to_owned());
    }
    if !(Span::SECOND..=Span::from_secs(300)).contains(&site.commit_every) {
        return Some("it commits at the wrong pace".to_owned());
    }
    let (readings, minutes) = (site.keep.readings(), site.keep.minutes());
    if readings.is_some_and(|span| span < Span::DAY.times(7)) {
        return Some("it gives readings up before they are reckoned with".to_owned());
    }
    if minutes.is_some_and(|minutes| readings.is_none_or(|readings| minutes < readings)) {
        return Some("it gives minutes up before their readings".to_owned());
    }
    if site.place.latitude.abs() > 90_000 || site.place.longitude.abs() > 180_000 {
        return Some("it stands beside the globe".to_owned());
    }
    let buses: BTreeSet<&str> = site.buses.iter().map(|bus| bus.name.as_str()).collect();
    let wires: BTreeSet<String> = site.buses.iter().map(|bus| bus.wire.place()).collect();
    if buses.len() < site.buses.len() || wires.len() < site.buses.len() {
        return Some("two buses are one".to_owned());
    }
    let (mut names, mut places) = (BTreeSet::new(), BTreeSet::new());
    for device in &site.devices {
        let Some(bus) = site.bus(device.bus.as_str()) else {
            return Some(format!("{} is on no bus", device.name));
        };
        if !names.insert(device.name.as_str()) || !places.insert((device.bus.as_str(), device.unit)) {
            return Some(format!("{} is there twice", device.name));
        }
        let tcp = matches!(bus.wire, Wire::Tcp(_));
        if !tcp && !(1..=247).contains(&device.unit) {
            return Some(format!("{} has the address {}", device.name, device.unit));
        }
        let paces = [device.fast, device.slow];
        if paces
            .iter()
            .any(|pace| !(Span::from_millis(200)..=Span::HOUR).contains(pace))
        {
            return Some(format!("{} is read at the wrong pace", device.name));
        }
        if !(1..=60).contains(&device.label.trim().chars().count()) || device.rated.0 < 1 {
            return Some(format!("{} has no name or no power", device.name));
        }
    }
    None
}

/// What is wrong with the check's judgement of a text; nothing if it is right, or if it is told well what is bad.
fn wrongly_judged(text: &str) -> Option<String> {
    let faults = match Site::parse(text) {
        Ok(site) => return broken_rule(&site),
        Err(faults) if faults.is_empty() => return Some("it is bad, and nothing is said of it".to_owned()),
        Err(faults) => faults,
    };
    let places = faults.iter().map(|fault| (fault.line, fault.column));
    if !places.is_sorted() {
        return Some(format!("not in the order of the file: {faults:?}"));
    }
    faults.iter().enumerate().find_map(|(at, fault)| {
        let twice = faults[..at].contains(fault).then_some("told twice");
        let wrong = badly_told(text, fault).or(twice)?;
        Some(format!("{wrong}: {fault}"))
    })
}

#[test]
fn every_value_in_place_of_every_other_is_judged_rightly() {
    let good = format!("{HEAD}{DEVICES}");
    assert!(Site::parse(&good).is_ok(), "{:?}", Site::parse(&good));
    let values = good.matches('=').count();
    for (value, scrap) in (0..values).flat_map(|value| (0..SCRAPS.len()).map(move |scrap| (value, scrap))) {
        let text = slipped(&good, &Slip::Value(value, scrap));
        assert_eq!(wrongly_judged(&text), None, "{text}");
    }
}

/// Each scrap at each place at which a hand may put it: what chance alone meets once in many thousand runs.
#[test]
fn every_scrap_at_every_place_is_judged_rightly() {
    let good = format!("{HEAD}{DEVICES}");
    for (at, scrap) in
        (0..good.chars().count()).flat_map(|at| (0..SCRAPS.len()).map(move |scrap| (at, scrap)))
    {
        let text = slipped(&good, &Slip::Into(at, scrap));
        assert_eq!(wrongly_judged(&text), None, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn a_spoilt_file_is_told_of_in_words_or_keeps_every_rule(slips in slips()) {
        let good = format!("{HEAD}{DEVICES}");
        let text = slips.iter().fold(good, |text, slip| slipped(&text, slip));
        let wrong = wrongly_judged(&text);
        prop_assert_eq!(&wrong, &None, "{}", text);
    }

    #[test]
    fn no_text_brings_the_check_down(text in "\\PC{0,60}|[\\[\\]{}=\"'.,\n\r# a-z0-9_-]{0,80}") {
        let faults = Site::parse(&text).expect_err("it has no place");
        prop_assert!(!faults.is_empty());
        for fault in &faults {
            prop_assert_eq!(badly_told(&text, fault), None, "{}", fault);
        }
    }

    /// A meter of somebody's home is never open to all because a line is missing or misspelt.
    #[test]
    fn a_home_is_shown_to_all_only_where_the_file_says_so(slips in slips()) {
        let good = format!("{HEAD}{DEVICES}");
        let text = slips.iter().fold(good, |text, slip| slipped(&text, slip));
        let Ok(site) = Site::parse(&text) else { return Ok(()) };
        let homes = site.devices.iter().filter(|device| device.role == Role::Consumption);
        for home in homes {
            prop_assert!(home.audience != Audience::Everyone, "{} is open in\n{text}", home.name);
        }
    }
}
