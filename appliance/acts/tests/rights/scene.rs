//! A box with four people in its book of whom three can sign in, and a world that does nothing.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use acts::live::{Live, StoreLive};
use acts::{Actor, Acts, Effects, Frames, Later, RawRead, Right, Site, Together};
use members::book::Numbers;
use members::credential::Passphrase;
use members::person::Person;
use members::record::{Kept, Key, Newer, Record};
use members::role::Duty;
use store::{Change, Options, RowChange, Store};
use tokio::sync::watch;
use units::{DeviceName, Instant, PersonId, Span};

pub(crate) const START: Instant = Instant::from_millis(1_781_604_000_000);
pub(crate) const ANA: PersonId = PersonId::new(1);
pub(crate) const BEN: PersonId = PersonId::new(2);
pub(crate) const CLEO: PersonId = PersonId::new(3);
/// Is in the book and cannot sign in.
pub(crate) const DEV: PersonId = PersonId::new(4);

const SITE: &str = "[place]\nname = \"The Hall\"\ntime_zone = \"Europe/London\"\ncurrency = \"GBP\"\n\
                    latitude = 51.464\nlongitude = -2.563\n";

struct World {
    clock: AtomicI64,
    drawn: AtomicU64,
}

impl Effects for World {
    fn now(&self) -> Instant {
        Instant::from_millis(self.clock.load(Ordering::Relaxed))
    }

    fn random(&self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.drawn.fetch_add(1, Ordering::Relaxed).to_be_bytes()[7];
        }
    }

    fn site_text(&self) -> Result<String, String> {
        Ok(SITE.to_owned())
    }

    fn write_site(&self, _: &str) -> Result<(), String> {
        panic!("nothing here may change the site")
    }

    fn reload(&self) -> Later<'_, Result<String, String>> {
        panic!("nothing here may read the site again")
    }

    fn read(&self, _: RawRead) -> Later<'_, Result<Vec<u16>, String>> {
        panic!("nothing here may read a device")
    }

    fn watch(&self, _: &DeviceName) -> Result<Box<dyn Frames>, String> {
        panic!("nothing here may watch a bus")
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
    /// Nobody has a role yet.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), Options::default()).expect("a store");
        store.put_meta("sign-in/cost", b"8,1").expect("written");
        let world = Arc::new(World {
            clock: AtomicI64::new(START.as_millis()),
            drawn: AtomicU64::new(0),
        });
        let live = Live {
            at: START,
            started: START,
            power: Err(Vec::new()),
            devices: Vec::new(),
            buses: Vec::new(),
            tasks: Vec::new(),
            store: StoreLive::default(),
            troubles: Vec::new(),
        };
        let effects: Arc<dyn Effects> = world.clone();
        let site = Arc::new(Site::parse(SITE).expect("a good site"));
        let (live, site) = (watch::channel(Arc::new(live)).1, watch::channel(site).1);
        let scene = Self {
            acts: Acts::new(store.clone(), effects, live, site),
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
                hash: "none that fits".to_owned(),
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
        let key = key.to_key();
        let rows = vec![RowChange {
            table,
            before: self.store.row(table, &key).expect("readable"),
            key,
            after: Some(row.encode()),
        }];
        let change = Change {
            rows,
            lines: Vec::new(),
        };
        self.store.change(change).expect("written");
    }

    /// Takes a row away as if it had never been there.
    pub(crate) fn take(&self, table: &'static str, key: &impl Key) {
        let key = key.to_key();
        let rows = vec![RowChange {
            table,
            before: self.store.row(table, &key).expect("readable"),
            key,
            after: None,
        }];
        let lines = Vec::new();
        self.store.change(Change { rows, lines }).expect("written");
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
    pub(crate) async fn roles_of(&self, person: PersonId) -> BTreeSet<String> {
        self.acts.roles_of(person).await.expect("readable")
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
        self.world.clock.fetch_add(span.as_millis(), Ordering::Relaxed);
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
