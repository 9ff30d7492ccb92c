//! Power goes at any moment. Nothing acknowledged is lost, a batch is there whole or not at all, and the store
//! always opens again, also when power goes while the file is made or while it recovers.

use super::card::Card;
use super::model::{BEGIN, Model, audit_entry, batch};
use crate::{AuditEntry, Batch, OpenError, Store};

/// What was under way when power went: it may have happened, or not.
enum Doubtful {
    Nothing,
    Batch(Box<Batch>),
    Audit(AuditEntry),
}

impl Doubtful {
    fn applied(&self, model: &Model) -> Model {
        let mut model = model.clone();
        match self {
            Self::Nothing => {}
            Self::Batch(batch) => model.take(batch),
            Self::Audit(entry) => model.audit.push(entry.clone()),
        }
        model
    }
}

fn open(card: &Card) -> Result<Store, OpenError> {
    card.store(1024 * 1024)
}

/// Works until power goes; everything that was acknowledged is in the model afterwards.
fn live(store: &Store, dice: &mut fastrand::Rng, now: &mut i64, model: &mut Model) -> Doubtful {
    for _ in 0..40 {
        match dice.u8(..12) {
            0 => {
                let entry = audit_entry(dice);
                if store.audit(entry.clone()).is_err() {
                    return Doubtful::Audit(entry);
                }
                model.audit.push(entry);
            }
            1 => {
                if store.seal().is_err() {
                    return Doubtful::Nothing;
                }
            }
            _ => {
                let batch = batch(dice, now);
                match store.record_and_wait(batch.clone()) {
                    Ok(_) => model.take(&batch),
                    Err(refused) => {
                        assert_eq!(*refused.batch, batch, "the batch comes back as it was");
                        return Doubtful::Batch(refused.batch);
                    }
                }
            }
        }
    }
    Doubtful::Nothing
}

fn survive(seed: u64) {
    let card = Card::new(seed);
    let mut dice = fastrand::Rng::with_seed(seed ^ 0x5eed);
    let (mut model, mut now) = (Model::default(), BEGIN);
    for life in 0..4 {
        let reach = [20, 60, 200, 600][dice.usize(..4)];
        card.cut_after(dice.u64(..reach));
        let doubtful = match open(&card) {
            Ok(store) => live(&store, &mut dice, &mut now, &mut model),
            Err(_) => Doubtful::Nothing,
        };
        card.power_on();
        let store = match open(&card) {
            Ok(store) => store,
            Err(error) => panic!("seed {seed}, life {life}: {error}"),
        };
        let found = Model::of(&store);
        let happened = doubtful.applied(&model);
        assert!(
            found == model || found == happened,
            "seed {seed}, life {life}: something acknowledged is lost"
        );
        model = found;
    }
}

#[test]
fn power_may_go_at_any_moment() {
    (0..300).for_each(survive);
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
