//! Power goes at any moment. Nothing acknowledged is lost, a batch is there whole or not at all, and the store always
//! opens again. `points.rs` names the moments; `./dev bench power` runs as many cuts as one wishes.

mod copies;
mod large;
pub(crate) mod life;
mod points;
mod suite;

use std::path::PathBuf;

use super::card::{Card, Mood};
use super::model::Model;
use crate::{OpenError, Store};
use points::POINTS;
use suite::{Failure, Tallies};

fn open(card: &Card) -> Result<Store, OpenError> {
    card.store(1024 * 1024)
}

/// What to type to see it again.
fn again(seed: u64, failures: &[Failure]) -> String {
    let line = |failure: &Failure| {
        format!(
            "case {}: {}\n  again: ./dev bench power --seed {seed} --case {}\n",
            failure.case, failure.why, failure.case
        )
    };
    failures.iter().map(line).collect()
}

#[test]
fn power_may_go_at_any_moment() {
    let (tallies, failures) = suite::run(1, (0, 400), Mood::Well);
    println!("{}", suite::table(&tallies));
    assert!(failures.is_empty(), "{}", again(1, &failures));
    for point in POINTS.iter().filter(|point| point.name != "a batch") {
        assert!(tallies.contains_key(point.name), "{} is left out", point.name);
    }
}

/// Who looks for losses must find them: a card that says it has written and has not.
#[test]
fn a_card_that_lies_about_what_it_wrote_is_found_out() {
    for many in [1, 8] {
        let (_, failures) = suite::run(2, (0, 400), Mood::LyingSyncs(many));
        assert!(!failures.is_empty(), "one lie in {many} syncs was not found");
    }
}

/// What the command asks for: so many cuts from this seed, or one case of it.
struct Wish {
    cuts: u64,
    seed: u64,
    case: Option<u64>,
    /// Where it is kept how far the suite has come.
    progress: Option<PathBuf>,
}

impl Wish {
    fn read() -> Self {
        let number = |name: &str| {
            let text = std::env::var(name).ok()?;
            Some(
                text.parse()
                    .unwrap_or_else(|_| panic!("{name} must be a number, not {text}")),
            )
        };
        Self {
            cuts: number("HEARTH_POWER_CUTS").unwrap_or(50_000),
            seed: number("HEARTH_POWER_SEED").unwrap_or(1),
            case: number("HEARTH_POWER_CASE"),
            progress: std::env::var_os("HEARTH_POWER_PROGRESS").map(PathBuf::from),
        }
    }
}

/// So many cases are run before it is written down how far the suite has come.
const AT_A_TIME: u64 = 1_000;

#[test]
#[ignore = "tens of thousands of cuts, by ./dev bench power and in the gate"]
fn as_many_power_cuts_as_are_wished_for() {
    let wish = Wish::read();
    if let Some(case) = wish.case {
        let (tallies, failures) = suite::run(wish.seed, (case, 1), Mood::Well);
        println!("{}", suite::table(&tallies));
        assert!(failures.is_empty(), "{}", again(wish.seed, &failures));
        println!("case {case} of seed {}: nothing is lost", wish.seed);
        return;
    }
    let kept = wish
        .progress
        .as_ref()
        .and_then(|file| suite::kept(file, wish.seed));
    let (mut next, mut tallies) = kept.unwrap_or_default();
    if next > 0 {
        println!("going on after case {next}");
    }
    while cuts(&tallies) < wish.cuts {
        let (some, failures) = suite::run(wish.seed, (next, AT_A_TIME), Mood::Well);
        suite::add(&mut tallies, some);
        if !failures.is_empty() {
            println!("{}", suite::table(&tallies));
            panic!("{}", again(wish.seed, &failures));
        }
        next += AT_A_TIME;
        if let Some(file) = &wish.progress {
            suite::keep(file, (wish.seed, next), &tallies).expect("the progress is kept");
        }
    }
    println!("{}", suite::table(&tallies));
    println!(
        "{} power cuts from seed {}: no acknowledged row lost, every store opened",
        cuts(&tallies),
        wish.seed
    );
}

fn cuts(tallies: &Tallies) -> u64 {
    tallies.values().map(|tally| tally.cuts).sum()
}

#[test]
fn power_may_go_while_the_file_is_made() {
    for seed in 0..400 {
        let card = Card::new(seed);
        card.cut_after(seed / 8);
        drop(open(&card));
        card.power_on();
        let store = open(&card).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        assert_eq!(Model::of(&store), Model::default());
        assert!(
            card.bytes("hearth.redb.new").is_none(),
            "seed {seed}: what was unfinished is removed"
        );
    }
}

#[test]
fn a_cut_is_noticed_and_a_clean_end_is_not_taken_for_one() {
    let card = Card::new(1);
    let store = open(&card).expect("a new store");
    assert_eq!(store.opened().state, crate::OpenedState::Created);
    drop(store);
    let store = open(&card).expect("closed cleanly");
    assert_eq!(store.opened().state, crate::OpenedState::Clean);
    card.cut_after(0);
    drop(store);
    card.power_on();
    assert!(open(&card).expect("recovered").opened().recovered());
}
