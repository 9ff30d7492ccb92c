//! A box with four people in its book of whom three can sign in, and a world that does nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use acts::live::Live;
use acts::{Actor, Acts, Effects, Right, Site, Together};
use members::book::Numbers;
use members::credential::{Passphrase, SlowHash};
use members::person::Person;
use members::record::{Kept, Key, Newer, Record};
use members::role::Duty;
use store::{Options, Store};
use tokio::sync::watch;
use units::{PersonId, Span};

pub(crate) use crate::world::START;
use crate::world::{World, acts, put};

pub(crate) const ANA: PersonId = PersonId::new(1);
pub(crate) const BEN: PersonId = PersonId::new(2);
pub(crate) const CLEO: PersonId = PersonId::new(3);
/// Is in the book and cannot sign in.
pub(crate) const DEV: PersonId = PersonId::new(4);

/// The box.
pub(crate) struct Scene {
    pub(crate) acts: Acts,
    pub(crate) store: Store,
    world: Arc<World>,
    _folder: tempfile::TempDir,
}

impl Scene {
    /// Nobody has a role yet.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), Options::default()).expect("a store");
        store.put_meta("sign-in/cost", b"8,1").expect("written");
        let world = World::new();
        let scene = Self {
            acts: acts(&store, &world),
            store,
            world,
            _folder: folder,
        };
        let given = Numbers {
            given: DEV.number(),
            newer: Newer::default(),
        };
        scene.put("numbers", &"people".to_owned(), &given);
        for (person, name) in [
            (ANA, "Ana Öberg"),
            (BEN, "Ben Okafor"),
            (CLEO, "Cleo Marsh"),
            (DEV, "Dev Rao"),
        ] {
            scene.put("people", &person, &Person::named(name, START).expect("a name"));
        }
        for person in [ANA, BEN, CLEO] {
            let passphrase = Passphrase {
                name: person.to_string(),
                hash: SlowHash("none that fits".to_owned()),
                set: START,
                newer: Newer::default(),
            };
            scene.put("passphrases", &person, &passphrase);
        }
        scene
    }

    /// The same box with another site.
    pub(crate) fn acts_at(&self, site: watch::Receiver<Arc<Site>>, live: Live) -> Acts {
        let effects: Arc<dyn Effects> = self.world.clone();
        Acts::new(
            self.store.clone(),
            effects,
            watch::channel(Arc::new(live)).1,
            site,
        )
    }

    /// Writes a row as if it had always been there.
    pub(crate) fn put<R: Record>(&self, table: &'static str, key: &impl Key, row: &R) {
        put(&self.store, table, key, Some(row.encode()));
    }

    /// Takes a row away as if it had never been there.
    pub(crate) fn take(&self, table: &'static str, key: &impl Key) {
        put(&self.store, table, key, None);
    }

    /// Somebody has these roles, as if others had decided it.
    pub(crate) fn has(&self, person: PersonId, roles: &[&str]) {
        let duty = Duty {
            roles: keys(roles),
            newer: Newer::default(),
        };
        self.put(Duty::TABLE, &person, &duty);
    }

    /// The roles of somebody.
    pub(crate) fn roles_of(&self, person: PersonId) -> BTreeSet<String> {
        let row = self.store.row(Duty::TABLE, &person.to_key()).expect("readable");
        row.map(|row| Duty::decode(&row).expect("sound").roles)
            .unwrap_or_default()
    }

    /// Somebody who is signed in, with what their roles allow now.
    pub(crate) async fn signed_in(&self, person: PersonId) -> Actor {
        let roles = self.acts.roles(&Actor::TheBox).await.expect("readable").roles;
        let own = roles
            .iter()
            .filter(|role| role.people.iter().any(|(number, _)| *number == person.number()));
        let rights = own.flat_map(|role| role.rights.iter().filter_map(|word| Right::parse(word)));
        Actor::Member {
            person,
            rights: rights.collect(),
        }
    }

    /// Ana gives somebody roles; where it waits, Ben agrees.
    pub(crate) async fn asks(&self, by: PersonId, person: PersonId, roles: &[&str]) -> Together {
        let actor = self.signed_in(by).await;
        let asked = self.acts.give_roles(&actor, person, keys(roles), "").await;
        asked.expect("asked for")
    }

    pub(crate) fn later(&self, span: Span) {
        self.world.later(span);
    }

    /// Every row of the book, and how many lines the record has.
    pub(crate) fn everything(&self) -> (Vec<(&'static str, Vec<store::Row>)>, usize) {
        let rows = members::TABLES.iter().map(|table| {
            (
                *table,
                self.store.rows(table, (&[], None), 10_000).expect("readable"),
            )
        });
        let lines = self.store.audit_entries(None, 10_000).expect("readable");
        (rows.collect(), lines.len())
    }

    /// What the record says, the oldest first.
    pub(crate) fn record(&self) -> Vec<String> {
        let lines = self.store.audit_entries(None, 1_000).expect("readable");
        let said = lines.into_iter().rev().map(|line| {
            let entry = line.entry;
            format!(
                "{}: {} | {} | {}",
                entry.actor, entry.act, entry.subject, entry.detail
            )
        });
        said.collect()
    }
}

pub(crate) fn keys(roles: &[&str]) -> BTreeSet<String> {
    roles.iter().map(|role| (*role).to_owned()).collect()
}
