//! Numbers and times as people write them, with the cases at the edges.

use energy::calendar::{Date, Period, Zone};
use units::{Instant, Span};

use super::{
    ago, axis, bytes, count, energy, energy_fine, exact, length, moment, percent, power, sentence,
    within_sentence,
};

/// A space that does not break is shown as `_`.
fn seen(text: &str) -> String {
    text.replace('\u{a0}', "_")
}

#[test]
fn power_is_told_in_kilowatts_and_small_power_in_watts() {
    let cases = [
        0,
        3,
        94,
        95,
        149,
        150,
        1_000,
        6_249,
        6_250,
        12_000,
        1_234_567,
        -3,
        -1_250,
        i64::MIN,
    ];
    let told = cases.map(|watts| seen(&power(watts))).join(" ");
    assert_eq!(
        told,
        "0_W 3_W 94_W 0.1_kW 0.1_kW 0.2_kW 1.0_kW 6.2_kW 6.3_kW 12.0_kW 1,234.6_kW -3_W −1.3_kW \
         −9,223,372,036,854,775.8_kW"
    );
}

#[test]
fn energy_has_as_many_places_as_it_needs() {
    let cases = [
        0, 4, 94, 95, 3_649, 38_400, 99_949, 99_950, 412_300, 12_430_000, -60,
    ];
    assert_eq!(
        cases.map(|energy_wh| seen(&energy(energy_wh))).join(" "),
        "0_kWh 0.00_kWh 0.09_kWh 0.1_kWh 3.6_kWh 38.4_kWh 99.9_kWh 100_kWh 412_kWh 12,430_kWh −0.06_kWh"
    );
    assert_eq!([0, 5, 414, -4].map(energy_fine).join(" "), "0.00 0.01 0.41 0.00");
}

#[test]
fn shares_bytes_and_counts() {
    assert_eq!(
        [0, 4, 5, 712, 1_000].map(|share| seen(&percent(share))).join(" "),
        "0_% 0_% 1_% 71_% 100_%"
    );
    let sizes = [999, 1_000, 48_234_496, 3_000_000_000, u64::MAX].map(|size| seen(&bytes(size)));
    assert_eq!(sizes.join(" "), "999_B 1_kB 48.2_MB 3.0_GB 9,223,372,036.9_GB");
    assert_eq!(
        [0, 999, 1_000, 12_430, 1_000_000].map(count).join(" "),
        "0 999 1,000 12,430 1,000,000"
    );
    assert_eq!([0, 500, 2_000, -8_000].map(axis).join(" "), "0 0.5 2 −8");
}

#[test]
fn exact_values_keep_every_digit() {
    let cases = [
        "-1330 W",
        "230.1 V",
        "38412530 Wh",
        "-10000 Wh",
        "9999 Wh",
        "0.985",
        "-0.5 °C",
        "4711",
        "on",
    ];
    assert_eq!(
        cases.map(|shown| seen(&exact(shown))).join(" | "),
        "−1,330_W | 230.1_V | 38,412.53_kWh | −10_kWh | 9,999_Wh | 0.985 | −0.5_°C | 4,711 | on"
    );
}

#[test]
fn ages_and_lengths() {
    let spans = [-5, 0, 1, 2, 59, 60, 119, 3_600, 90_000, 172_800];
    assert_eq!(
        spans.map(|seconds| ago(Span::from_secs(seconds))).join(", "),
        "just now, just now, 1 second ago, 2 seconds ago, 59 seconds ago, 1 minute ago, 1 minute ago, 1 hour ago, \
         25 hours ago, 2 days ago"
    );
    let spans = [0, 60, 900, 2_700, 7_199, 7_200, 172_800];
    assert_eq!(
        spans.map(|seconds| length(Span::from_secs(seconds))).join(", "),
        "less than a minute, 1 minute, 15 minutes, 45 minutes, 119 minutes, 2 hours, 2 days"
    );
}

#[test]
fn a_moment_is_told_with_its_day_when_that_is_another() {
    let zone = Zone::parse("Europe/London").expect("a zone");
    let at = |date: &str, hour, minute| zone.moment(Date::parse(date).expect("a date"), hour, minute);
    let now = at("2026-06-16", 14, 10);
    let told = [
        at("2026-06-16", 9, 5),
        at("2026-06-15", 23, 59),
        at("2025-12-31", 8, 0),
    ]
    .map(|then| moment(&zone, now, then));
    assert_eq!(
        told.join(" | "),
        "09:05 | Monday 15 June, 23:59 | Wednesday 31 December 2025, 08:00"
    );
    assert_eq!(
        moment(&zone, now, Instant::from_millis(0)),
        "Thursday 1 January 1970, 01:00"
    );
}

#[test]
fn periods_have_names() {
    let names = [
        "2026-06-16",
        "2026-W25",
        "2026-W27",
        "2026-W53",
        "2026-06",
        "2026",
    ];
    let told = names.map(|name| super::period(Period::parse(name).expect("a period")));
    assert_eq!(
        told.join(" | "),
        "Tuesday 16 June 2026 | 15 to 21 June 2026 | 29 June to 5 July 2026 | 28 December to 3 January 2027 | \
         June 2026 | 2026"
    );
}

#[test]
fn foreign_words_become_sentences() {
    assert_eq!(
        ["", "no answer ", "What? ", "Done."].map(sentence).join("|"),
        "|No answer.|What?|Done."
    );
    assert_eq!(within_sentence(" it broke. "), "it broke");
    assert_eq!(
        sentence("cannot connect: Connection refused (os error 111)"),
        "Cannot connect: Connection refused."
    );
    assert_eq!(
        within_sentence("no such file (os error 2); try again (os error 9"),
        "no such file; try again (os error 9"
    );
}
