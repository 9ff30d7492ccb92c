//! A box with a household of two and a person alone in its book, a clock moved by hand, and a postman who remembers.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use acts::letters::{Carried, Draft, Entered, Parcel, Postman};
use acts::live::{Live, StoreLive};
use acts::{Actor, Acts, Effects, Frames, Later, RawRead, Right, Site};
use members::household::Household;
use members::letters::MailServer;
use members::person::{Address, Person, Reach, Way, WayKind};
use members::record::{Kept, Key, Newer};
use store::{Change, Options, RowChange, Store};
use tokio::sync::watch;
use units::{DeviceName, HouseholdId, Instant, PersonId, Span};

pub(crate) const START: Instant = Instant::from_millis(1_781_604_000_000);
pub(crate) const ANA: PersonId = PersonId::new(1);
pub(crate) const BEN: PersonId = PersonId::new(2);
pub(crate) const CHI: PersonId = PersonId::new(3);

struct World(Arc<AtomicI64>);

impl Effects for World {
    fn now(&self) -> Instant {
        Instant::from_millis(self.0.load(Ordering::Relaxed))
    }

    fn random(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }

    fn site_text(&self) -> Result<String, String> {
        Err("there is no site".to_owned())
    }

    fn write_site(&self, _: &str) -> Result<(), String> {
        Err("there is no site".to_owned())
    }

    fn reload(&self) -> Later<'_, Result<String, String>> {
        Box::pin(async { Err("there is no site".to_owned()) })
    }

    fn read(&self, _: RawRead) -> Later<'_, Result<Vec<u16>, String>> {
        Box::pin(async { Err("there is no bus".to_owned()) })
    }

    fn watch(&self, _: &DeviceName) -> Result<Box<dyn Frames>, String> {
        Err("there is no bus".to_owned())
    }
}

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
    clock: Arc<AtomicI64>,
    _folder: tempfile::TempDir,
}

impl Scene {
    /// Ana and Ben share a household and an e-mail address; Chi lives alone and likes paper in large print.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), Options::default()).expect("a store");
        let clock = Arc::new(AtomicI64::new(START.as_millis()));
        let acts = acts(&store, Arc::new(World(Arc::clone(&clock))));
        let scene = Self {
            acts,
            store,
            clock,
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
        let before = self.store.row(R::TABLE, &key.to_key()).expect("readable");
        let row = RowChange {
            table: R::TABLE,
            key: key.to_key(),
            before,
            after: Some(record.encode()),
        };
        let rows = vec![row];
        let lines = Vec::new();
        self.store.change(Change { rows, lines }).expect("written");
    }

    pub(crate) fn later(&self, span: Span) {
        self.clock.fetch_add(span.as_millis(), Ordering::Relaxed);
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

fn acts(store: &Store, world: Arc<dyn Effects>) -> Acts {
    let site = "[place]\nname = \"The Hall\"\ntime_zone = \"Europe/London\"\ncurrency = \"GBP\"\n\
                latitude = 51.464\nlongitude = -2.563\n";
    let site = Site::parse(site).expect("a good site");
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
    Acts::new(
        store.clone(),
        world,
        watch::channel(Arc::new(live)).1,
        watch::channel(Arc::new(site)).1,
    )
}
