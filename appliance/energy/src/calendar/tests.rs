//! Days of 23 and 25 hours, half-hour zones, and midnights that do not exist.

use proptest::prelude::*;
use units::{Instant, Span};

use super::{Date, Kind, Period, Weekday, Zone, hours, quarters};

fn zone(name: &str) -> Zone {
    Zone::parse(name).expect("a zone of the world")
}

fn period(text: &str) -> Period {
    Period::parse(text).expect("a period")
}

fn quarters_of(day: &str, name: &str) -> usize {
    quarters(period(day), &zone(name)).len() - 1
}

#[test]
fn days_have_as_many_quarters_as_they_have() {
    assert_eq!(quarters_of("2026-06-16", "Europe/London"), 96);
    assert_eq!(quarters_of("2026-03-29", "Europe/Vienna"), 92);
    assert_eq!(quarters_of("2026-10-25", "Europe/Vienna"), 100);
    assert_eq!(
        quarters_of("2026-10-04", "Australia/Lord_Howe"),
        94,
        "clocks move by half an hour"
    );
    assert_eq!(quarters_of("2026-04-05", "Australia/Lord_Howe"), 98);
    assert_eq!(quarters_of("2026-10-04", "Australia/Adelaide"), 92);
    assert_eq!(quarters_of("2026-06-16", "Asia/Kathmandu"), 96);
    assert_eq!(quarters_of("2018-11-04", "America/Sao_Paulo"), 92, "no midnight");
    assert_eq!(quarters_of("2026-04-24", "Africa/Cairo"), 92, "no midnight");
    assert_eq!(
        quarters_of("2011-12-30", "Pacific/Apia"),
        0,
        "a day that never was"
    );
}

/// The last Sundays of March and October, 01:00 UTC, all over the European Union and Britain.
#[test]
fn every_european_change_of_clocks_is_known() {
    for year in 2000_i16..=2037 {
        for (month, wanted) in [(3, 92), (10, 100)] {
            let mut days = (25..=31).filter_map(|day| Date::new(year, month, day));
            let sunday = days
                .rfind(|day| day.weekday() == Weekday::Sunday)
                .expect("one of seven");
            for name in [
                "Europe/London",
                "Europe/Vienna",
                "Europe/Helsinki",
                "Europe/Lisbon",
            ] {
                assert_eq!(quarters_of(&sunday.to_string(), name), wanted, "{sunday} {name}");
                assert_eq!(quarters_of(&sunday.next().to_string(), name), 96);
            }
        }
    }
}

#[test]
fn hours_go_by_the_clock_on_the_wall() {
    let count = |day: &str, name: &str| hours(period(day), &zone(name)).len() - 1;
    assert_eq!(count("2026-06-16", "Asia/Kathmandu"), 24);
    assert_eq!(count("2026-03-29", "Europe/London"), 23);
    assert_eq!(count("2026-10-25", "Europe/London"), 25);
    assert_eq!(count("2026-10-04", "Australia/Lord_Howe"), 24);
    let edges = hours(period("2026-06-16"), &zone("Asia/Kathmandu"));
    assert!(
        edges
            .iter()
            .all(|edge| zone("Asia/Kathmandu").wall_clock(*edge).minute == 0)
    );
}

#[test]
fn periods_are_read_and_written_the_same_way() {
    for text in [
        "2026-06-16",
        "2026-W25",
        "2026-06",
        "2026",
        "2020-W53",
        "1970-W01",
        "2199",
        "2024-02-29",
    ] {
        assert_eq!(period(text).to_string(), text);
    }
    for text in [
        "",
        "26",
        "2026-6",
        "2026-13",
        "2026-02-29",
        "2026-W54",
        "2026-W00",
        "2025-W53",
        "1969",
        "2200",
        "2026-06-31",
        "+026",
        "2026-W2x",
        "2026_06",
        "２０２６",
        "2026-06-16T00:00",
        "-2026-01",
        "2026--1",
    ] {
        let refused = Period::parse(text).map_err(|error| error.to_string());
        assert!(refused.is_err_and(|said| said.contains("2026-W25")), "{text}");
    }
    assert!(Zone::parse("Europe/Nowhere").is_err_and(|error| error.to_string().contains("Europe/London")));
    assert!(Date::parse("2026-6-1").is_err());
}

#[test]
fn periods_follow_each_other() {
    let steps = |text: &str| {
        (
            period(text).previous().to_string(),
            period(text).next().to_string(),
        )
    };
    assert_eq!(steps("2026-03-01"), ("2026-02-28".into(), "2026-03-02".into()));
    assert_eq!(steps("2026-W01"), ("2025-W52".into(), "2026-W02".into()));
    assert_eq!(steps("2026-01"), ("2025-12".into(), "2026-02".into()));
    assert_eq!(steps("2026"), ("2025".into(), "2027".into()));
    assert_eq!(
        (steps("1970").0, steps("2199").1),
        ("1970".into(), "2199".into()),
        "the ends stay where they are"
    );
    let date = Date::parse("2026-06-18").expect("a date");
    assert_eq!(
        Period::holding(Kind::Week, date).first().to_string(),
        "2026-06-15"
    );
    assert_eq!(Period::holding(Kind::Week, date).to_string(), "2026-W25");
}

#[test]
fn bars_are_quarters_days_or_months() {
    let count = |text: &str| period(text).edges(&zone("Europe/London")).len() - 1;
    assert_eq!(
        (
            count("2026-10-25"),
            count("2026-W43"),
            count("2026-02"),
            count("2026")
        ),
        (100, 7, 28, 12)
    );
    let week = period("2026-W43").edges(&zone("Europe/London"));
    assert_eq!(week[7].since(week[6]), Span::HOUR.times(25));
}

#[test]
fn the_wall_clock_tells_the_offset() {
    let clock = zone("Asia/Kathmandu").wall_clock(Instant::from_millis(1_781_568_000_000));
    assert_eq!(
        (clock.date.to_string().as_str(), clock.hour, clock.minute),
        ("2026-06-16", 5, 45)
    );
    assert_eq!((clock.second, clock.offset_minutes), (0, 345));
    let vienna = zone("Europe/Vienna");
    let skipped = vienna.moment(Date::parse("2026-03-29").expect("a date"), 2, 30);
    assert_eq!(
        (vienna.wall_clock(skipped).hour, vienna.wall_clock(skipped).minute),
        (3, 30)
    );
    assert_eq!(Zone::utc().name(), "UTC");
}

#[test]
fn moments_beyond_the_calendar_do_no_harm() {
    for at in [i64::MIN, i64::MAX] {
        let date = zone("Europe/London").date_of(Instant::from_millis(at));
        assert!((1970..=2199).contains(&date.year()));
        Period::holding(Kind::Week, date).edges(&zone("Europe/London"));
    }
}

proptest! {
    #[test]
    fn days_leave_no_hole_and_never_overlap(
        millis in 0_i64..7_000_000_000_000,
        name in proptest::sample::select(vec![
            "Europe/London", "Australia/Lord_Howe", "Australia/Adelaide", "Asia/Kathmandu", "America/Sao_Paulo",
            "Africa/Cairo", "Pacific/Apia", "America/St_Johns", "America/Havana", "Asia/Gaza", "Africa/Monrovia",
        ]),
    ) {
        let zone = zone(name);
        let at = Instant::from_millis(millis);
        let date = zone.date_of(at);
        for kind in [Kind::Day, Kind::Week, Kind::Month, Kind::Year] {
            let period = Period::holding(kind, date);
            let (from, to) = period.bounds(&zone);
            prop_assert!(from <= at && at < to, "{period} {name}");
            prop_assert_eq!(period.next().bounds(&zone).0, to);
            prop_assert_eq!(Period::parse(&period.to_string()), Ok(period));
            let edges = period.edges(&zone);
            prop_assert_eq!((edges.first(), edges.last()), (Some(&from), Some(&to)));
            prop_assert!(edges.windows(2).all(|pair| pair[0] <= pair[1]));
        }
    }
}
