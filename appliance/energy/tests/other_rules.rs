//! Where other rules for a counter lose: the same readings through the rules of two well-known systems, as they were
//! described by people who read their sources, and through ours. The tables are those of
//! `docs/technicians/other-rules.md`, which is compared with what comes out here, so that it cannot say anything else.
//!
//! *Home Assistant*: less than 90 % of the last value is a reset, and the whole new value is added; a smaller drop is
//! booked as it is, below zero. Every rise is booked at once, in the hour (of universal time) of the reading.
//! *evcc*: any lower value but an exact zero is the new base, and what comes after it is added. Slots of 15 minutes; what
//! flowed while the program was down goes into one slot, which is called recovered; what flowed over a gap of more than a
//! slot while it ran is added to the old slot and then dropped with it. Neither was copied; these are a few lines each, from
//! their description.

use std::collections::BTreeMap;

use energy::{Account, Interval, Limits, Quality, TimeSource};
use expect_test::expect_file;
use units::{Instant, Number, Span, Watts};

const QUARTER: i64 = 900;
const HOUR: i64 = 3_600;

/// One reading: when by the box's clock, what, and whether the program has started again before it.
#[derive(Clone, Copy)]
struct Reading {
    second: i64,
    value: i64,
    restarted: bool,
}

/// What a rule books: by the start of a quarter or an hour, the energy, and whether it says that it is not measured.
type Book = BTreeMap<i64, (i64, bool)>;
/// A rule as a function of all readings.
type Rule = fn(&[Reading]) -> Book;

fn home_assistant(readings: &[Reading]) -> Book {
    let mut book = Book::new();
    for (before, now) in readings.iter().zip(readings.iter().skip(1)) {
        let (old, new) = (before.value, now.value);
        let delta = if new * 10 < old * 9 { new } else { new - old };
        // A reading at the end of an hour is what flowed within it.
        book.entry((now.second - 1).div_euclid(HOUR) * HOUR)
            .or_default()
            .0 += delta;
    }
    book
}

fn evcc(readings: &[Reading]) -> Book {
    let mut book = Book::new();
    let mut base: Option<i64> = None;
    let (mut slot, mut gathered) = (0, 0);
    for now in readings.iter().filter(|reading| reading.value != 0) {
        let delta = base.map_or(0, |base| (now.value - base).max(0));
        base = Some(now.value);
        // A reading at the end of a slot is what flowed within it.
        let this = (now.second - 1).div_euclid(QUARTER);
        if now.restarted {
            let recovered = book.entry(this * QUARTER).or_default();
            *recovered = (recovered.0 + delta, true);
            (slot, gathered) = (this, 0);
        } else if this == slot {
            gathered += delta;
        } else if this == slot + 1 {
            book.entry(slot * QUARTER).or_default().0 += gathered;
            (slot, gathered) = (this, delta);
        } else {
            (slot, gathered) = (this, 0);
        }
    }
    book.entry(slot * QUARTER).or_default().0 += gathered;
    book
}

/// The first moment of the tales: a full day of universal time.
const BEGIN: Instant = Instant::from_millis(1_780_963_200_000);

fn hearth(readings: &[Reading]) -> Book {
    let limits = Limits {
        rated: Watts(12_000),
        modulus: None,
    };
    let mut account = Account::new(limits);
    let mut ledger: BTreeMap<Instant, Interval> = BTreeMap::new();
    for reading in readings {
        if reading.restarted {
            account = Account::resume(&account.memory(), limits).expect("its own memory");
        }
        account.set_time(TimeSource::Network);
        let at = BEGIN + Span::from_secs(reading.second);
        let booked = account.observe(at, Number::exact(reading.value), |start| {
            ledger.get(&start).copied()
        });
        ledger.extend(
            booked
                .changed
                .into_iter()
                .map(|interval| (interval.start, interval)),
        );
    }
    let row = |(start, interval): (&Instant, &Interval)| {
        let marked = interval.quality != Quality::Measured || !interval.causes.is_empty();
        (start.since(BEGIN).as_secs(), (interval.energy.0, marked))
    };
    ledger.iter().map(row).collect()
}

/// A wrong value, made of the true one.
type Wrong = fn(i64) -> i64;

const RULES: [Rule; 3] = [home_assistant, evcc, hearth];

/// A meter that is read once a minute at 6 kW, and what happens in the middle of it.
struct Tale {
    readings: Vec<Reading>,
    second: i64,
    /// How far the box's clock is ahead.
    ahead: i64,
    value: i64,
    /// What flowed, by hour.
    truth: BTreeMap<i64, i64>,
    restarted: bool,
}

impl Tale {
    fn new(value: i64) -> Self {
        Self::from(value, 0).runs(60)
    }

    fn from(value: i64, second: i64) -> Self {
        let tale = Self {
            readings: Vec::new(),
            second,
            ahead: 0,
            value,
            truth: BTreeMap::new(),
            restarted: false,
        };
        tale.seen()
    }

    /// So many minutes of ordinary life.
    fn runs(mut self, minutes: i64) -> Self {
        for _ in 0..minutes {
            self = self.away(1).seen();
        }
        self
    }

    /// Minutes in which the meter stands still.
    fn stands(mut self, minutes: i64) -> Self {
        for _ in 0..minutes {
            self.second += 60;
            self = self.seen();
        }
        self
    }

    /// Minutes in which nobody reads.
    fn away(mut self, minutes: i64) -> Self {
        for _ in 0..minutes {
            *self.truth.entry(self.second.div_euclid(HOUR) * HOUR).or_default() += 100;
            self.second += 60;
            self.value += 100;
        }
        self
    }

    /// The program starts again before the next reading.
    fn starts_again(mut self) -> Self {
        self.restarted = true;
        self
    }

    fn clock_ahead(mut self, seconds: i64) -> Self {
        self.ahead = seconds;
        self
    }

    fn seen(mut self) -> Self {
        self.readings.push(Reading {
            second: self.second + self.ahead,
            value: self.value,
            restarted: std::mem::take(&mut self.restarted),
        });
        self
    }

    /// Readings of a wrong value.
    fn wrong(mut self, readings: u32, value: impl Fn(i64) -> i64) -> Self {
        let wrong = value(self.value);
        for _ in 0..readings {
            self = self.away(1);
            self.readings.push(Reading {
                second: self.second,
                value: wrong,
                restarted: false,
            });
        }
        self
    }

    /// The count goes on from another value.
    fn count_from(mut self, value: i64) -> Self {
        self.value = value;
        self
    }

    /// The count begins again at its end.
    fn turns_at(mut self, end: i64) -> Self {
        self.value -= end;
        self
    }

    /// What each rule books too much or too little, and how much of it stands in an hour in which it did not flow, with
    /// nothing that says so.
    fn row(self, name: &str) -> String {
        let tale = self.runs(120).stands(45);
        let truth: i64 = tale.truth.values().sum();
        let books = RULES.map(|rule| rule(&tale.readings));
        let errors = books
            .each_ref()
            .map(|book| book.values().map(|row| row.0).sum::<i64>() - truth);
        let misplaced = books.each_ref().map(|book| misplaced(book, &tale.truth));
        row(name, errors, misplaced)
    }
}

fn row(name: &str, errors: [i64; 3], misplaced: [i64; 3]) -> String {
    let [a, b, c] = errors;
    let [d, e, f] = misplaced;
    format!("| {name} | {a} | {b} | {c} | {d} | {e} | {f} |\n")
}

/// Watt-hours that are too much in some hour, where the hour is not marked.
fn misplaced(book: &Book, truth: &BTreeMap<i64, i64>) -> i64 {
    let mut hours: BTreeMap<i64, (i64, bool)> = BTreeMap::new();
    for (start, (energy, marked)) in book {
        let hour = hours.entry(start.div_euclid(HOUR) * HOUR).or_default();
        *hour = (hour.0 + energy, hour.1 || *marked);
    }
    let over = hours.iter().filter(|(_, (_, marked))| !marked);
    over.map(|(hour, (energy, _))| (energy - truth.get(hour).copied().unwrap_or(0)).max(0))
        .sum()
}

/// The sum of a local day of Adelaide, half an hour beside the whole hour: what flows in the first half hour of the day.
fn half_an_hour_after_midnight() -> String {
    const OFFSET: i64 = 9 * HOUR + HOUR / 2;
    let midnight = 24 * HOUR - OFFSET;
    let tale = Tale::from(25_567_548, midnight).runs(30).stands(100);
    let day_of = |second: i64| (second + OFFSET).div_euclid(24 * HOUR);
    let of_the_day = RULES.map(|rule| {
        let book = rule(&tale.readings);
        let day = book
            .iter()
            .filter(|(start, _)| day_of(**start) == day_of(midnight));
        day.map(|(_, row)| row.0).sum::<i64>()
    });
    let errors = of_the_day.map(|sum| sum - 3_000);
    row(
        "half an hour after midnight in Adelaide, in its day",
        errors,
        errors.map(|error| (-error).max(0)),
    )
}

const HEAD: &str = "# Other systems' rules, and where each loses

A meter runs at 6 kW and is read once a minute. In the middle of it something happens. The same readings go through the
rules of Home Assistant and of evcc, as people who read their sources describe them, and through Hearth's. This page is
written by a test (`appliance/energy/tests/other_rules.rs`) and compared with it, so it says what comes out.

The first three columns are watt-hours too much (+) or lost (-) in all. The last three are watt-hours that stand in an
hour in which they did not flow, while nothing says so. Hearth loses where no reading can tell: what flowed between the
last reading of an old meter and the first of a new one (100 Wh are one minute), and what flowed before a meter
began again while nobody looked. Where it puts energy by its best guess, the quarter says so.

| what happens | Home Assistant | evcc | Hearth | unmarked: Home Assistant | evcc | Hearth |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
";

#[test]
fn the_table_of_what_each_rule_invents_or_loses() {
    let tale = || Tale::new(25_567_548);
    let mut table = HEAD.to_owned();
    table += &tale().row("nothing");
    let wrong: [(&str, Wrong); 5] = [
        ("0", |_| 0),
        ("1 Wh", |_| 1),
        ("90.1 % of it", |v| v / 1_000 * 901),
        ("89.9 % of it", |v| v / 1_000 * 899),
        ("110.1 % of it", |v| v / 1_000 * 1_101),
    ];
    for readings in [1, 5, 20] {
        for (what, value) in wrong {
            let name = format!("the meter says {what} for {readings} min");
            table += &tale().wrong(readings, value).row(&name);
        }
    }
    table += &tale().away(14).row("the line is cut for 14 min");
    table += &tale().away(600).row("the line is cut for 10 h");
    table += &tale().away(600).starts_again().row("the box is off for 10 h");
    table += &tale().away(7).starts_again().row("the box is off for 7 min");
    table += &tale()
        .away(600)
        .wrong(1, |v| v + 30_000)
        .row("cut for 10 h, then 30 kWh too much once");
    table += &tale().away(600).wrong(1, |_| 0).row("cut for 10 h, then 0 once");
    table += &tale().count_from(0).row("the count begins again at 0");
    table += &tale()
        .away(30)
        .count_from(0)
        .away(30)
        .row("it begins again while the line is cut for 1 h");
    table += &tale()
        .count_from(40_000_000)
        .row("another meter, its count higher");
    table += &tale().count_from(2_000_000).row("another meter, its count lower");
    table += &tale()
        .count_from(24_000_000)
        .row("another meter, its count 6 % lower");
    for (name, end) in [
        ("16 bits", 1_i64 << 16),
        ("32 bits", 1 << 32),
        ("100 kWh", 100_000),
        ("10 MWh", 10_000_000),
        ("100 MWh", 100_000_000),
    ] {
        table += &Tale::new(end - 10_050)
            .runs(40)
            .turns_at(end)
            .row(&format!("the count comes to its end, of {name}"));
    }
    table += &tale()
        .clock_ahead(HOUR)
        .runs(30)
        .clock_ahead(0)
        .row("the clock is an hour ahead for 30 min");
    table += &half_an_hour_after_midnight();
    expect_file!["../../../docs/technicians/other-rules.md"].assert_eq(&table);
}
