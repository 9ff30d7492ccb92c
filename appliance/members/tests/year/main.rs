//! A year of a made-up place's statements, of which it is known who paid each line: how many are matched, and how many of
//! those rightly. The steward looks at each month's lines, puts them right, and the box learns from it.

mod scene;

use std::collections::BTreeMap;

use members::statement::kept::Counterparty;
use members::statement::matching::{Matched, matched};
use members::statement::{Payers, keys};
use scene::{Paid, Scene};

/// What came of the lines of a year.
#[derive(Debug, Default)]
struct Outcome {
    /// Lines that a member paid.
    paid: usize,
    /// Lines that were matched.
    matched: usize,
    /// Of those, how many rightly.
    right: usize,
    /// Lines whose payer was among those suggested, or who were matched.
    found: usize,
    /// What went wrong, for whoever works on the rules.
    wrong: Vec<String>,
}

/// Matches month by month; what the steward booked in one month is known in the next.
fn year(scene: &Scene, learns: bool) -> Outcome {
    let mut outcome = Outcome::default();
    let mut learned: BTreeMap<String, Counterparty> = BTreeMap::new();
    for month in scene.months() {
        let payers = Payers::new(&scene.book, &scene.due, &learned);
        for Paid { line, payer } in month {
            let thought = matched(line, &payers);
            outcome.paid += usize::from(payer.is_some());
            match &thought {
                Matched::Matched(one) => {
                    outcome.matched += 1;
                    outcome.found += usize::from(Some(one.person) == *payer);
                    outcome.right += usize::from(Some(one.person) == *payer);
                    if Some(one.person) != *payer {
                        outcome.wrong.push(format!(
                            "{} is not {} ({:?}, {})",
                            line.text(),
                            one.name,
                            one.reasons,
                            one.score
                        ));
                    }
                }
                Matched::Suggested(some) => {
                    let among = payer.is_some_and(|payer| some.iter().any(|one| one.person == payer));
                    outcome.found += usize::from(among);
                }
                Matched::Unknown => {}
            }
        }
        for Paid { line, payer } in month.iter().filter(|_| learns) {
            let Some(payer) = payer else { continue };
            for key in keys(line) {
                let after = Counterparty::booked(learned.get(&key), *payer, line.date);
                learned.insert(key, after);
            }
        }
    }
    outcome
}

#[test]
fn a_year_of_lines_is_matched_and_rightly() {
    for seed in [1, 2, 3] {
        let scene = Scene::drawn(seed, 5_000);
        let outcome = year(&scene, true);
        let lines = scene.lines.len();
        let found = 100.0 * count(outcome.right) / count(outcome.paid);
        let precision = 100.0 * count(outcome.right) / count(outcome.matched);
        assert!(lines >= 5_000, "{lines}");
        let offered = 100.0 * count(outcome.found) / count(outcome.paid);
        assert!(
            offered >= 97.0,
            "{offered:.2} % of the payers were matched or suggested"
        );
        assert!(found >= 90.0, "{found:.2} % of the lines were matched");
        assert!(
            precision >= 99.5,
            "{precision:.2} % rightly: {:#?}",
            outcome.wrong
        );
    }
}

#[test]
fn without_having_learned_it_is_as_careful() {
    let scene = Scene::drawn(4, 5_000);
    let outcome = year(&scene, false);
    let precision = 100.0 * count(outcome.right) / count(outcome.matched);
    assert!(
        precision >= 99.5,
        "{precision:.2} % rightly: {:#?}",
        outcome.wrong
    );
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).expect("a small number"))
}
