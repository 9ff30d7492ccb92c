//! The ways to other times.

use energy::calendar::{Date, Period};
use expect_test::expect;

use super::{Step, Steps};
use crate::home::chart::Hours;
use crate::home::samples::{afternoon, view};

fn told(period: &str, hours: Option<Hours>) -> String {
    let (zone, now) = afternoon();
    let period = Period::parse(period).expect("a period");
    let (from, to) = period.bounds(&zone);
    let mut view = view(period, (from, to, now), Vec::new(), None);
    view.next = (to <= now).then(|| period.next().to_string());
    let steps = Steps::from(&view, period, Date::parse("2026-06-16").expect("a date"), hours);
    let line = |step: &Step| {
        format!(
            "{} {}{}",
            step.words,
            step.link,
            if step.here { " (here)" } else { "" }
        )
    };
    let all = steps
        .kinds
        .iter()
        .chain([&steps.earlier])
        .chain(&steps.later)
        .chain(&steps.hours);
    all.map(line).collect::<Vec<String>>().join("\n")
}

#[test]
fn from_today() {
    expect![[r#"
        Day / (here)
        Week /energy/2026-W25
        Month /energy/2026-06
        Year /energy/2026
        Monday 15 June /energy/2026-06-15
        All day /energy/2026-06-16#chart (here)
        0–6 /energy/2026-06-16?from=0&to=6#chart
        6–12 /energy/2026-06-16?from=6&to=12#chart
        12–18 /energy/2026-06-16?from=12&to=18#chart
        18–24 /energy/2026-06-16?from=18&to=24#chart"#]]
    .assert_eq(&told("2026-06-16", None));
}

#[test]
fn from_yesterday_morning() {
    expect![[r#"
        Day /energy/2026-06-15 (here)
        Week /energy/2026-W25
        Month /energy/2026-06
        Year /energy/2026
        Sunday 14 June /energy/2026-06-14
        Tuesday 16 June /
        All day /energy/2026-06-15#chart
        0–6 /energy/2026-06-15?from=0&to=6#chart
        6–12 /energy/2026-06-15?from=6&to=12#chart (here)
        12–18 /energy/2026-06-15?from=12&to=18#chart
        18–24 /energy/2026-06-15?from=18&to=24#chart"#]]
    .assert_eq(&told("2026-06-15", Some(Hours { from: 6, to: 12 })));
}

#[test]
fn from_a_month_of_last_year_to_its_first_day() {
    expect![[r#"
        Day /energy/2025-11-01
        Week /energy/2025-W44
        Month /energy/2025-11 (here)
        Year /energy/2025
        October 2025 /energy/2025-10
        December 2025 /energy/2025-12"#]]
    .assert_eq(&told("2025-11", None));
}

#[test]
fn from_this_year_to_today() {
    expect![[r#"
        Day /
        Week /energy/2026-W25
        Month /energy/2026-06
        Year /energy/2026 (here)
        2025 /energy/2025"#]]
    .assert_eq(&told("2026", None));
}
