//! The days of four zones over the same ten years: each quarter belongs to the local day that a table of rules of our
//! own says, and the calendar's days have just those quarters. London's days of 23 and 25 hours, Adelaide beside the
//! whole hour, Lord Howe whose clocks move by half an hour, Kathmandu at a quarter.

use std::collections::BTreeMap;

use energy::calendar::{Kind, Period, Zone};
use energy::{DeviceFlow, Interval, buckets, gather};
use units::{Flow, Instant, Span};

use crate::house::BEGIN;

const DAY: i64 = 86_400_000;
const HOUR: i64 = 3_600_000;

/// A zone: its offset, and by how much its clocks move, from the one Sunday to the other.
struct Rule {
    name: &'static str,
    offset: i64,
    moves: i64,
    /// Whether a moment of universal time is in summer.
    summer: fn(i64) -> bool,
}

const RULES: [Rule; 4] = [
    Rule {
        name: "Europe/London",
        offset: 0,
        moves: HOUR,
        // The last Sundays of March and October, at one o'clock of universal time.
        summer: |at| at >= last_sunday(at, 3) + HOUR && at < last_sunday(at, 10) + HOUR,
    },
    Rule {
        name: "Australia/Adelaide",
        offset: 9 * HOUR + HOUR / 2,
        moves: HOUR,
        // The first Sundays of October and April, at two o'clock of the winter's time.
        summer: |at| {
            let local = at + 9 * HOUR + HOUR / 2;
            local < first_sunday(local, 4) + 2 * HOUR || local >= first_sunday(local, 10) + 2 * HOUR
        },
    },
    Rule {
        name: "Australia/Lord_Howe",
        offset: 10 * HOUR + HOUR / 2,
        moves: HOUR / 2,
        // At two o'clock of the time in force: half past one of the winter's in April.
        summer: |at| {
            let local = at + 10 * HOUR + HOUR / 2;
            local < first_sunday(local, 4) + 3 * HOUR / 2 || local >= first_sunday(local, 10) + 2 * HOUR
        },
    },
    Rule {
        name: "Asia/Kathmandu",
        offset: 5 * HOUR + 3 * HOUR / 4,
        moves: 0,
        summer: |_| false,
    },
];

impl Rule {
    /// The local day, counted from 1970.
    fn day_of(&self, at: i64) -> i64 {
        let moved = if (self.summer)(at) { self.moves } else { 0 };
        (at + self.offset + moved).div_euclid(DAY)
    }
}

/// Year of a moment, and when the year begins, by counting years.
fn year_of(at: i64) -> (i64, i64) {
    let (mut year, mut begin) = (1970, 0);
    while begin + days_of_year(year) * DAY <= at {
        begin += days_of_year(year) * DAY;
        year += 1;
    }
    (year, begin)
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of_year(year: i64) -> i64 {
    365 + i64::from(is_leap(year))
}

/// When the first of a month begins, in the year of a moment.
fn first_of(at: i64, month: usize) -> i64 {
    let (year, begin) = year_of(at);
    let lengths = [
        31,
        28 + i64::from(is_leap(year)),
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    begin + lengths[..month - 1].iter().sum::<i64>() * DAY
}

/// The first Sunday on or after a day; 1970-01-04 was one.
fn sunday_from(day: i64) -> i64 {
    let number = day.div_euclid(DAY);
    (number + (3 - number).rem_euclid(7)) * DAY
}

fn first_sunday(at: i64, month: usize) -> i64 {
    sunday_from(first_of(at, month))
}

fn last_sunday(at: i64, month: usize) -> i64 {
    // March and October have 31 days.
    sunday_from(first_of(at, month) + 24 * DAY)
}

/// The sums of all local days, and of all local days as the calendar has them, are the same; and each has as many
/// quarters.
pub(crate) fn check(ledger: &BTreeMap<Instant, Interval>, seed: u64) {
    for rule in &RULES {
        let mut days: BTreeMap<i64, (i64, u32)> = BTreeMap::new();
        for (start, interval) in ledger {
            let day = days.entry(rule.day_of(start.as_millis())).or_default();
            day.0 += interval.energy.0;
            day.1 += 1;
        }
        let zone = Zone::parse(rule.name).expect("a zone of the world");
        // A year of them, another one with each seed: what the calendar does is the same every year.
        let year = i64::try_from(seed % 10).expect("fits");
        let begin = BEGIN + Span::DAY.times(year * 365 + 2);
        let mut period = Period::holding(Kind::Day, zone.date_of(begin));
        for _ in 0..366 {
            let (from, to) = period.bounds(&zone);
            if to > BEGIN + Span::DAY.times(3_649) {
                break;
            }
            let intervals: Vec<Interval> = ledger.range(from..to).map(|(_, interval)| *interval).collect();
            let count = u32::try_from(intervals.len()).expect("fits");
            let flow = DeviceFlow {
                flow: Flow::Production,
                since: None,
                intervals,
            };
            let found = buckets(&gather(from, to, &[flow]), &[from, to]);
            let said = found[0].totals.production.map_or(0, |sum| sum.0);
            let number = rule.day_of(from.as_millis());
            let (truth, quarters) = days.get(&number).copied().unwrap_or_default();
            assert_eq!(
                (said, count),
                (truth, quarters),
                "seed {seed}: {} {period}",
                rule.name
            );
            let length = to.since(from).as_millis();
            let expected = (0..200).filter(|quarter| {
                let at = (number - 1) * DAY - rule.offset + quarter * 900_000;
                rule.day_of(at) == number
            });
            assert_eq!(
                length / 900_000,
                i64::try_from(expected.count()).expect("fits"),
                "{} {period}",
                rule.name
            );
            period = period.next();
        }
    }
}
