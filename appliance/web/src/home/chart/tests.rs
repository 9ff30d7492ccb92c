//! The chart as the page shows it: axes, marks, the table, days that are longer or shorter, some hours of a day.

use acts::look::BucketView;
use energy::calendar::{Date, Kind, Period, Zone};
use expect_test::expect;

use super::{ChartView, Hours};
use crate::home::samples::{afternoon, day, known, view};

fn of(date: &str, kind: Kind, hours: Option<Hours>) -> ChartView {
    let zone = Zone::parse("Europe/London").expect("a zone");
    let period = Period::holding(kind, Date::parse(date).expect("a date"));
    let (from, to) = period.bounds(&zone);
    let edges = period.edges(&zone);
    let pairs = edges.iter().zip(edges.iter().skip(1));
    let parts = pairs.map(|(from, to)| BucketView {
        from_ms: from.as_millis(),
        to_ms: to.as_millis(),
        totals: known([250, 0, 50, 100, 0], 0, "measured"),
    });
    let view = view(period, (from, to, to), parts.collect(), None);
    ChartView::of(&view, period, &zone, hours)
}

fn times(chart: &ChartView) -> String {
    chart
        .times
        .iter()
        .map(|mark| format!("{} {}", mark.words, mark.x))
        .collect::<Vec<String>>()
        .join(", ")
}

#[test]
fn a_day_has_its_hours_even_when_clocks_move() {
    let days = ["2026-06-16", "2026-03-29", "2026-10-25"].map(|date| {
        let chart = of(date, Kind::Day, None);
        format!("{} slots: {}", chart.stack.slots, times(&chart))
    });
    expect![[r#"
        96 slots: 00 0%, 03 12.5%, 06 25%, 09 37.5%, 12 50%, 15 62.5%, 18 75%, 21 87.5%, 24 100%
        92 slots: 00 0%, 03 8.69%, 06 21.73%, 09 34.78%, 12 47.82%, 15 60.86%, 18 73.91%, 21 86.95%, 24 100%
        100 slots: 00 0%, 03 16%, 06 28%, 09 40%, 12 52%, 15 64%, 18 76%, 21 88%, 24 100%"#]]
    .assert_eq(&days.join("\n"));
}

#[test]
fn some_hours_of_a_day_fill_the_chart() {
    let chart = of("2026-06-16", Kind::Day, Some(Hours { from: 6, to: 12 }));
    assert_eq!((chart.stack.slots, chart.rows.len()), (24, 24));
    assert_eq!(chart.rows[0].time, "06:00");
    expect!["06 0%, 07 16.66%, 08 33.33%, 09 50%, 10 66.66%, 11 83.33%, 12 100%"].assert_eq(&times(&chart));
    let evening = of("2026-10-25", Kind::Day, Some(Hours { from: 18, to: 24 }));
    assert!(times(&evening).ends_with("24 100%"), "{}", times(&evening));
    let doubled = of("2026-10-25", Kind::Day, Some(Hours { from: 0, to: 3 }));
    assert_eq!(
        doubled.stack.slots, 16,
        "the hour that comes twice is there twice"
    );
}

#[test]
fn weeks_months_and_years_have_their_names_below() {
    let all = [
        ("2026-06-16", Kind::Week),
        ("2026-02-16", Kind::Month),
        ("2026-06-16", Kind::Year),
    ];
    let told = all.map(|(date, kind)| {
        let chart = of(date, kind, None);
        format!(
            "{} {}: {}\n{:?}",
            chart.unit,
            chart.title,
            times(&chart),
            chart.rows[1]
        )
    });
    expect![[r#"
        kWh Energy, 15 to 21 June 2026. The same numbers are in the table below the chart.: Mo 7.14%, Tu 21.42%, We 35.71%, Th 50%, Fr 64.28%, Sa 78.57%, Su 92.85%
        Row { time: "Tuesday 16 June", link: "/energy/2026-06-16", cells: ["0.4", "0.3", "0.1", "0", "0", "0.05"], known: "measured" }
        kWh Energy, February 2026. The same numbers are in the table below the chart.: 1 1.78%, 5 16.07%, 10 33.92%, 15 51.78%, 20 69.64%, 25 87.5%
        Row { time: "Monday 2 February", link: "/energy/2026-02-02", cells: ["0.4", "0.3", "0.1", "0", "0", "0.05"], known: "measured" }
        kWh Energy, 2026. The same numbers are in the table below the chart.: J 4.16%, F 12.5%, M 20.83%, A 29.16%, M 37.5%, J 45.83%, J 54.16%, A 62.5%, S 70.83%, O 79.16%, N 87.5%, D 95.83%
        Row { time: "February", link: "/energy/2026-02", cells: ["0.4", "0.3", "0.1", "0", "0", "0.05"], known: "measured" }"#]].assert_eq(&told.join("\n"));
}

#[test]
fn gaps_estimates_and_now_are_marked() {
    let (zone, now) = afternoon();
    let (view, period) = day(&zone, now);
    let chart = ChartView::of(&view, period, &zone, None);
    let marks: Vec<String> = chart
        .marks
        .iter()
        .map(|mark| format!("{} at {} line {} {}", mark.words, mark.x, mark.y, mark.anchor))
        .collect();
    expect![[r#"
        no word at 23.43% line -8 middle
        filled in at 45.31% line -28 middle
        now at 59% line -8 middle"#]]
    .assert_eq(&marks.join("\n"));
    assert_eq!(chart.now.as_deref(), Some("59.02%"));
    assert_eq!(chart.rows.len(), 57, "a row for each quarter that has begun");
    let rows = [0, 22, 43].map(|row: usize| format!("{:?}", chart.rows[row]));
    expect![[r#"
        Row { time: "00:00", link: "", cells: ["0.00", "0.30", "0.00", "0.30", "0.00", "0.00"], known: "measured" }
        Row { time: "05:30", link: "", cells: ["–", "–", "–", "–", "–", "–"], known: "no word" }
        Row { time: "10:45", link: "", cells: ["1.86", "0.35", "0.75", "0.00", "0.76", "0.00"], known: "filled in" }"#]].assert_eq(&rows.join("\n"));
}

#[test]
fn marks_that_would_meet_stand_on_two_lines_and_a_third_is_left_to_the_notes() {
    let (zone, now) = afternoon();
    let (mut view, period) = day(&zone, now);
    for part in [2, 3, 6, 7, 10, 11] {
        view.parts[part].totals = crate::home::samples::unknown();
    }
    let chart = ChartView::of(&view, period, &zone, None);
    let lines: Vec<(i64, &str)> = chart
        .marks
        .iter()
        .map(|mark| (mark.y, mark.words.as_str()))
        .collect();
    assert_eq!(
        lines,
        [(-8, "no word"), (-28, "no word"), (-8, "filled in"), (-28, "now")]
    );
    assert_eq!(chart.notes.len(), 5, "every gap is told");
}

#[test]
fn a_day_that_is_over_has_no_mark_for_now() {
    assert_eq!(of("2026-06-15", Kind::Day, None).now, None);
    let (zone, now) = afternoon();
    let (view, period) = day(&zone, now);
    let morning = ChartView::of(&view, period, &zone, Some(Hours { from: 0, to: 6 }));
    assert_eq!(morning.now, None, "now is not within the hours that are shown");
}
