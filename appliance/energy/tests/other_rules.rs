//! Where other rules for a counter lose: the same readings through the rules of two well-known systems, as their
//! sources describe them, and through ours. The table is kept so that a change of our rule shows beside theirs.
//!
//! *Drop is reset*: less than 90 % of the last value is a reset, and the whole new value is added; a smaller drop is
//! booked as it is, below zero. *Lower is base*: any lower value but an exact zero is the new base, and what comes
//! after it is added. Both book every rise at once. Neither was copied; these are a few lines each, from their description.

use energy::{Counter, Limits};
use expect_test::expect;
use units::{Instant, Number, Span, Watts};

/// A rule as a function of all readings: what it books.
type Rule = fn(&[(i64, i64)]) -> i64;

fn drop_is_reset(readings: &[(i64, i64)]) -> i64 {
    let pairs = readings.iter().zip(readings.iter().skip(1));
    pairs
        .map(|((_, before), (_, now))| if now * 10 < before * 9 { *now } else { now - before })
        .sum()
}

fn lower_is_base(readings: &[(i64, i64)]) -> i64 {
    let mut base: Option<i64> = None;
    let mut booked = 0;
    for (_, now) in readings.iter().filter(|reading| reading.1 != 0) {
        booked += base.map_or(0, |base| (now - base).max(0));
        base = Some(*now);
    }
    booked
}

fn ours(readings: &[(i64, i64)]) -> i64 {
    let mut counter = Counter::new(Limits {
        rated: Watts(12_000),
        modulus: Some(100_000_000),
    });
    let mut booked = 0;
    for (second, value) in readings {
        let at = Instant::from_millis(1_781_000_000_000) + Span::from_secs(*second);
        let observed = counter.observe(at, Number::exact(*value));
        booked += observed.steps.iter().map(|step| step.energy.0).sum::<i64>();
    }
    booked
}

/// A meter that is read once a minute at 6 kW, and what happens in the middle of it.
struct Tale {
    readings: Vec<(i64, i64)>,
    second: i64,
    value: i64,
    truth: i64,
}

impl Tale {
    fn new(value: i64) -> Self {
        let mut tale = Self {
            readings: Vec::new(),
            second: 0,
            value,
            truth: 0,
        };
        tale.readings.push((0, value));
        tale.runs(60)
    }

    /// So many minutes of ordinary life.
    fn runs(mut self, minutes: i64) -> Self {
        for _ in 0..minutes {
            self = self.away(1).seen();
        }
        self
    }

    /// Minutes in which nobody reads.
    fn away(mut self, minutes: i64) -> Self {
        self.second += 60 * minutes;
        self.value += 100 * minutes;
        self.truth += 100 * minutes;
        self
    }

    fn seen(mut self) -> Self {
        self.readings.push((self.second, self.value));
        self
    }

    /// Readings of a wrong value.
    fn wrong(mut self, readings: u32, value: impl Fn(i64) -> i64) -> Self {
        let wrong = value(self.value);
        for _ in 0..readings {
            self = self.away(1);
            self.readings.push((self.second, wrong));
        }
        self
    }

    /// The count goes on from another value.
    fn count_from(mut self, value: i64) -> Self {
        self.value = value;
        self
    }

    /// What each rule books too much or too little.
    fn row(self, name: &str) -> String {
        let mut tale = self.runs(120);
        // The counter stands still at last, so that nothing waits for a proof.
        for _ in 0..30 {
            tale.second += 60;
            tale = tale.seen();
        }
        let rules: [Rule; 3] = [drop_is_reset, lower_is_base, ours];
        let errors = rules.map(|rule| rule(&tale.readings) - tale.truth);
        format!("{name:<44}{:>14}{:>14}{:>8}\n", errors[0], errors[1], errors[2])
    }
}

#[test]
fn the_table_of_what_each_rule_invents_or_loses() {
    let start = 25_567_548;
    let tale = || Tale::new(start);
    let mut table = format!(
        "{:<44}{:>14}{:>14}{:>8}\n",
        "Wh too much (+) or lost (-)", "drop is reset", "lower is base", "ours"
    );
    table += &tale().row("nothing happens");
    for readings in [1, 5, 20] {
        table += &tale()
            .wrong(readings, |_| 0)
            .row(&format!("0 for {readings} min"));
        table += &tale()
            .wrong(readings, |_| 1)
            .row(&format!("1 Wh for {readings} min"));
        table += &tale()
            .wrong(readings, |v| v / 1_000 * 901)
            .row(&format!("90.1 % for {readings} min"));
        table += &tale()
            .wrong(readings, |v| v / 1_000 * 899)
            .row(&format!("89.9 % for {readings} min"));
        table += &tale()
            .wrong(readings, |v| v / 1_000 * 1_101)
            .row(&format!("110.1 % for {readings} min"));
    }
    table += &tale().away(600).row("an outage of 10 h");
    table += &tale()
        .away(600)
        .wrong(1, |v| v + 30_000)
        .row("an outage, then 30 kWh too much once");
    table += &tale().away(600).wrong(1, |_| 0).row("an outage, then 0 once");
    table += &tale().count_from(0).row("the counter begins again at 0");
    table += &tale()
        .away(30)
        .count_from(0)
        .away(30)
        .row("it begins again in an outage of 1 h");
    table += &tale()
        .count_from(40_000_000)
        .row("another meter, its start higher");
    table += &tale().count_from(2_000_000).row("another meter, its start lower");
    table += &tale()
        .count_from(24_000_000)
        .row("another meter, its start 6 % lower");
    table += &Tale::new(99_990_000)
        .runs(39)
        .count_from(-100)
        .row("a roll-over at 100,000 kWh");
    expect![[r#"
        Wh too much (+) or lost (-)                  drop is reset lower is base    ours
        nothing happens                                          0             0       0
        0 for 1 min                                       25573548             0       0
        1 Wh for 1 min                                    25573548      25573547       0
        90.1 % for 1 min                                         0       2532275       0
        89.9 % for 1 min                                  25573548       2583421       0
        110.1 % for 1 min                                        0       2582125       0
        0 for 5 min                                       25573548             0       0
        1 Wh for 5 min                                    25573548      25573547       0
        90.1 % for 5 min                                         0       2532275       0
        89.9 % for 5 min                                  25573548       2583421       0
        110.1 % for 5 min                                        0       2581725       0
        0 for 20 min                                      25573548             0       0
        1 Wh for 20 min                                   25573548      25573547       0
        90.1 % for 20 min                                        0       2532275       0
        89.9 % for 20 min                                 25573548       2583421       0
        110.1 % for 20 min                                       0       2580225       0
        an outage of 10 h                                        0             0       0
        an outage, then 30 kWh too much once                     0         29800       0
        an outage, then 0 once                            25573548             0       0
        the counter begins again at 0                            0          -100       0
        it begins again in an outage of 1 h                  -3000         -6100   -3000
        another meter, its start higher                   14426452      14426452    -100
        another meter, its start lower                     2000000          -100    -100
        another meter, its start 6 % lower                -1573548          -100    -100
        a roll-over at 100,000 kWh                            -100          -200       0
    "#]]
    .assert_eq(&table);
}
