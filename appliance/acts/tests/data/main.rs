//! What people may do about their data, over a real store: erasure to the last byte, copies that leave nothing out,
//! requests with their clocks, and what goes with time.

#![expect(clippy::panic, reason = "what must not happen fails its test")]

#[expect(dead_code, reason = "the scene of signing in is used here in part")]
#[path = "../sign_in/scene.rs"]
mod scene;

mod asking;
mod canary;
mod erasing;
mod merging;
mod refusals;
mod seeds;
#[path = "../world/mod.rs"]
mod world;

use members::household::Household;
use members::membership::{Membership, Move, Status};
use members::person::Person;
use members::record::{Kept, Key, Record};
use scene::{START, Scene};
use units::{HouseholdId, PersonId};

impl Scene {
    /// Puts a record into the book, whatever stood there.
    pub(crate) fn put<R: Kept>(&self, key: &R::Key, record: &R) {
        world::put(&self.store, R::TABLE, key, Some(record.encode()));
    }

    /// Somebody lives in a household where nobody else does.
    pub(crate) fn lives_alone(&self, person: PersonId) {
        let home = HouseholdId::new(person.number());
        let bytes = self.store.row("people", &person.to_key()).expect("readable");
        let mut entry = Person::decode(&bytes.expect("in the book")).expect("sound");
        entry.household = Some(home);
        self.put(&home, &Household::new());
        self.put(&person, &entry);
    }

    /// Somebody becomes a member.
    pub(crate) fn is_member(&self, person: PersonId) {
        let step = Move {
            to: Status::Member,
            class: Some("member".to_owned()),
            on: jiff::civil::date(2024, 1, 1),
            why: None,
            by: None,
            at: START,
        };
        self.put(&person, &Membership::begin(step).expect("begun"));
    }
}
