//! A box with two people in its book, and a world whose clock and chance are the test's.

use std::path::PathBuf;
use std::sync::Arc;

use acts::sign_in::{Chosen, Entered, Knock, NewSlip, Proof, SignIn, SignInError, Who};
use acts::{Actor, Acts, Right};
use members::book::Numbers;
use members::credential::limits::Source;
use members::credential::session::Custody;
use members::credential::slip::SlipKind;
use members::person::Person;
use members::record::{Newer, Record};
use store::{Options, Store};
use units::{PersonId, Span};

pub(crate) use crate::world::START;
use crate::world::{World, acts, put};

pub(crate) const ANA: PersonId = PersonId::new(1);
pub(crate) const BEN: PersonId = PersonId::new(2);
pub(crate) const ANAS: &str = "grandma's blue teapot";
pub(crate) const BENS: &str = "the owl hums at noon";
pub(crate) const PLACE: &str = "The Hall";

/// The box.
pub(crate) struct Scene {
    pub(crate) acts: Acts,
    pub(crate) door: SignIn,
    pub(crate) store: Store,
    world: Arc<World>,
    folder: tempfile::TempDir,
}

impl Scene {
    /// A box with Ana and Ben in its book, neither of whom has signed in yet.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), Options::default()).expect("a store");
        // A hash that takes no time: how long it takes is tried elsewhere.
        store.put_meta("sign-in/cost", b"8,1").expect("written");
        let world = World::new();
        let acts = acts(&store, &world);
        let scene = Self {
            door: acts.sign_in().clone(),
            acts,
            store,
            world,
            folder,
        };
        scene.enters_the_book(ANA, "Ana Öberg");
        scene.enters_the_book(BEN, "Ben Okafor");
        scene
    }

    pub(crate) fn enters_the_book(&self, person: PersonId, name: &str) {
        let record = Person::named(name, START).expect("a name");
        put(&self.store, "people", &person, Some(record.encode()));
        let given = Numbers {
            given: person.number(),
            newer: Newer::default(),
        };
        put(&self.store, "numbers", &"people".to_owned(), Some(given.encode()));
    }

    /// The box is started again: what it had in memory is gone.
    pub(crate) fn start_again(&mut self) {
        self.acts = acts(&self.store, &self.world);
        self.door = self.acts.sign_in().clone();
    }

    /// The box is started again with a card that has no room, or has room again.
    pub(crate) fn start_on_a_card(&mut self, room: bool) {
        let elsewhere = tempfile::tempdir().expect("a folder");
        self.store = Store::open(elsewhere.path(), Options::default()).expect("a store");
        // The store of the folder is closed with the last that holds it.
        self.start_again();
        let spare_bytes = if room { 0 } else { u64::MAX };
        let options = Options {
            spare_bytes,
            ..Options::default()
        };
        self.store = Store::open(self.folder.path(), options).expect("the store");
        self.start_again();
    }

    /// A steward gives a slip.
    pub(crate) async fn give(
        &self,
        by: PersonId,
        person: PersonId,
        kind: SlipKind,
    ) -> Result<NewSlip, SignInError> {
        self.acts.give_slip(&steward(by), person, kind).await
    }

    pub(crate) fn later(&self, span: Span) {
        self.world.later(span);
    }

    /// Somebody gets a slip and comes in with it.
    pub(crate) async fn by_slip(&self, knock: &Knock, person: PersonId) -> Entered {
        let slip = self.give(BEN, person, SlipKind::First).await.expect("given");
        self.door
            .by_slip(knock, &slip.words.fragment())
            .await
            .expect("let in")
    }

    pub(crate) async fn who(&self, entered: &Entered) -> Option<Who> {
        self.door.who(&entered.session).await.expect("readable")
    }

    /// Somebody has a passphrase: by a slip, on a device of their own that stays signed in.
    pub(crate) async fn with_passphrase(&self, person: PersonId, name: &str, passphrase: &str) -> Entered {
        let entered = self.by_slip(&knock(200), person).await;
        let who = self.who(&entered).await.expect("signed in");
        let chosen = Chosen {
            name,
            passphrase,
            place: PLACE,
        };
        self.door
            .choose_passphrase(&who, source(200), chosen, Proof::CameJustNow)
            .await
            .expect("good enough");
        entered
    }

    /// What the record says, the oldest first: who did what with whose data.
    pub(crate) fn record(&self) -> Vec<String> {
        let lines = self.store.audit_entries(None, 1_000).expect("readable");
        let said = lines.into_iter().rev().map(|line| {
            let entry = line.entry;
            let who = entry
                .who
                .map_or_else(|| entry.actor.clone(), |who| who.to_string());
            format!("{who}: {} {:?} {}", entry.act, entry.whose, entry.detail)
                .trim_end()
                .to_owned()
        });
        said.collect()
    }

    /// Every byte of the store's files.
    pub(crate) fn bytes_on_the_card(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.folder.path()).expect("a folder");
        let paths: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
        paths
            .iter()
            .flat_map(|path| std::fs::read(path).expect("readable"))
            .collect()
    }
}

/// Somebody who may give slips.
pub(crate) fn steward(person: PersonId) -> Actor {
    Actor::Member {
        person,
        rights: [Right::GiveSlips].into(),
    }
}

pub(crate) fn source(number: u8) -> Source {
    Source::V4([10, 0, 0, number])
}

/// Somebody at a browser that was never here.
pub(crate) fn knock(number: u8) -> Knock {
    Knock {
        source: source(number),
        device: None,
        agent: "Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0".to_owned(),
        custody: Custody::Own,
    }
}

/// The same on a device that several people use.
pub(crate) fn shared(number: u8) -> Knock {
    Knock {
        custody: Custody::Shared,
        ..knock(number)
    }
}
