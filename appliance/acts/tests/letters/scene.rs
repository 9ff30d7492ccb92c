//! A box with a household of two and a person alone in its book, a clock moved by hand, and a postman who remembers.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use acts::letters::{Carried, Draft, Entered, Parcel, Postman};
use acts::{Actor, Acts, Later, Right};
use members::household::Household;
use members::letters::MailServer;
use members::person::{Address, Person, Reach, Way, WayKind};
use members::record::{Kept, Newer};
use store::{Options, Store};
use units::{HouseholdId, PersonId, Span};

pub(crate) use crate::world::START;
use crate::world::{World, acts, put};

pub(crate) const ANA: PersonId = PersonId::new(1);
pub(crate) const BEN: PersonId = PersonId::new(2);
pub(crate) const CHI: PersonId = PersonId::new(3);

/// A postman who does as he is told and remembers what he was given.
#[derive(Default)]
pub(crate) struct Remembers {
    carried: Mutex<Vec<Parcel>>,
    answers: Mutex<Vec<Carried>>,
}

impl Remembers {
    /// One who gives these answers, the last one for ever; without any he takes everything.
    pub(crate) fn answering(answers: &[Carried]) -> Self {
        let mut answers = answers.to_vec();
        answers.reverse();
        Self {
            answers: Mutex::new(answers),
            ..Self::default()
        }
    }

    pub(crate) fn carried(&self) -> Vec<Parcel> {
        self.carried
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Postman for Remembers {
    fn carry<'a>(&'a self, _: &'a MailServer, parcel: Parcel) -> Later<'a, Carried> {
        self.carried
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(parcel);
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = match answers.as_slice() {
            [] => Carried::Taken,
            [only] => only.clone(),
            _ => answers.pop().expect("there is one"),
        };
        Box::pin(async move { answer })
    }
}

/// The box.
pub(crate) struct Scene {
    pub(crate) acts: Acts,
    pub(crate) store: Store,
    world: Arc<World>,
    _folder: tempfile::TempDir,
}

impl Scene {
    /// Ana and Ben share a household and an e-mail address; Chi lives alone and likes paper in large print.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), Options::default()).expect("a store");
        let world = World::new();
        let scene = Self {
            acts: acts(&store, &world),
            store,
            world,
            _folder: folder,
        };
        let mut household = Household::new();
        household.address = Some(address("1 High Street"));
        scene.put(&HouseholdId::new(1), &household);
        for (id, name) in [(ANA, "Ana Öberg"), (BEN, "محمد Ben")] {
            let mut person = Person::named(name, START).expect("a name");
            person.household = Some(HouseholdId::new(1));
            person.reach = Reach::Email;
            person.ways.push(Way {
                kind: WayKind::Email,
                value: "both@example.org".to_owned(),
                note: None,
                newer: Newer::default(),
            });
            scene.put(&id, &person);
        }
        let mut chi = Person::named("Chi", START).expect("a name");
        chi.address = Some(address("2 Low Street"));
        chi.large_print = true;
        scene.put(&CHI, &chi);
        scene
    }

    pub(crate) fn put<R: Kept>(&self, key: &R::Key, record: &R) {
        put(&self.store, R::TABLE, key, Some(record.encode()));
    }

    pub(crate) fn later(&self, span: Span) {
        self.world.later(span);
    }

    /// A steward switches e-mail on or off.
    pub(crate) async fn switch_mail(&self, on: bool) {
        let done = self.acts.change_mail_server(&steward(), &server(on)).await;
        done.expect("a good server");
    }

    /// A steward writes a letter.
    pub(crate) async fn letter(&self, text: &str) -> u32 {
        let draft = Draft {
            title: "Annual meeting".to_owned(),
            text: text.to_owned(),
            ..Draft::default()
        };
        self.acts
            .write_letter(&steward(), None, None, &draft)
            .await
            .expect("written")
    }

    /// The names of the acts that were recorded, the oldest first.
    pub(crate) fn record(&self) -> Vec<String> {
        let lines = self.store.audit_entries(None, 1_000).expect("readable");
        lines.into_iter().rev().map(|line| line.entry.act).collect()
    }
}

pub(crate) fn address(street: &str) -> Address {
    Address {
        lines: vec![street.to_owned(), "Bristol".to_owned()],
        postcode: Some("BS5 6AA".to_owned()),
        country: None,
        newer: Newer::default(),
    }
}

pub(crate) fn server(on: bool) -> Entered {
    Entered {
        host: "mail.example.org".to_owned(),
        port: "465".to_owned(),
        security: "TLS from the start".to_owned(),
        user: "box".to_owned(),
        password: "canary-password".to_owned(),
        sender: "office@example.org".to_owned(),
        on,
    }
}

/// Somebody who may write letters and say how e-mail goes.
pub(crate) fn steward() -> Actor {
    with([Right::WriteLetters, Right::ChangeRules, Right::LookPeople].into())
}

pub(crate) fn with(rights: BTreeSet<Right>) -> Actor {
    Actor::Member { person: ANA, rights }
}
