//! A box on 16 June 2026 with two members, who are asked for 3 pounds a month since January.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use acts::live::{Live, StoreLive};
use acts::money::{Entered, NewPrice, NewScheme};
use acts::{ActError, Actor, Acts, Effects, Frames, Later, RawRead, Right, Site};
use jiff::civil::{Date, date};
use members::membership::{Membership, Move, Status};
use members::money::{Every, For, Joining, NewPayment, Payer, Per, TierKind, Way};
use members::person::{Address, Person};
use members::record::{Kept, Newer};
use store::{Change, Options, RowChange, Store};
use tokio::sync::watch;
use units::{Currency, DeviceName, Instant, Money, PersonId, Span};

pub(crate) const START: Instant = Instant::from_millis(1_781_604_000_000);
pub(crate) const TODAY: Date = date(2026, 6, 16);
pub(crate) const ANA: PersonId = PersonId::new(1);
pub(crate) const BEN: PersonId = PersonId::new(2);

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
            let drawn = self.drawn.fetch_add(0x9e37_79b9, Ordering::Relaxed);
            *byte = drawn.to_le_bytes()[2];
        }
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

pub(crate) struct Scene {
    pub(crate) acts: Acts,
    pub(crate) store: Store,
    world: Arc<World>,
    pub(crate) folder: tempfile::TempDir,
}

impl Scene {
    /// A box without anybody in its book.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), Options::default()).expect("a store");
        let world = Arc::new(World {
            clock: AtomicI64::new(START.as_millis()),
            drawn: AtomicU64::new(1),
        });
        let site = "[place]\nname = \"The Hall\"\ntime_zone = \"Europe/London\"\ncurrency = \"GBP\"\n\
                    latitude = 51.464\nlongitude = -2.563\n";
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
        let acts = Acts::new(
            store.clone(),
            effects,
            watch::channel(Arc::new(live)).1,
            watch::channel(Arc::new(Site::parse(site).expect("a good site"))).1,
        );
        Self {
            acts,
            store,
            world,
            folder,
        }
    }

    /// The same with Ana and Ben, and dues by the month.
    pub(crate) async fn new() -> Self {
        let scene = Self::empty();
        for (id, name) in [(ANA, "Ana Öberg"), (BEN, "Ben Okafor")] {
            let mut person = Person::named(name, START).expect("a name");
            person.address = Some(Address {
                lines: vec!["12 High Street".to_owned()],
                postcode: Some("BS5 0HE".to_owned()),
                country: None,
                newer: Newer::default(),
            });
            scene.write(&[row(&id, &person), row(&id, &member())]);
        }
        scene
            .acts
            .change_dues(&steward(), None, monthly())
            .await
            .expect("changed");
        scene
    }

    pub(crate) fn write(&self, rows: &[RowChange]) {
        let change = Change {
            rows: rows.to_vec(),
            lines: Vec::new(),
        };
        self.store.change(change).expect("written");
    }

    pub(crate) fn later(&self, span: Span) {
        self.world.clock.fetch_add(span.as_millis(), Ordering::Relaxed);
    }

    pub(crate) async fn pay(&self, form: &str, new: NewPayment) -> Result<Entered, ActError> {
        self.acts.enter_payment(&steward(), form, new).await
    }

    /// What the record says, the oldest first.
    pub(crate) fn record(&self) -> Vec<String> {
        let lines = self.store.audit_entries(None, 1_000).expect("readable");
        let said = lines.into_iter().rev().map(|line| {
            let entry = line.entry;
            format!(
                "{} {} {:?} {}",
                entry.act, entry.subject, entry.whose, entry.detail
            )
        });
        said.collect()
    }
}

pub(crate) fn row<R: Kept>(key: &R::Key, record: &R) -> RowChange {
    use members::record::Key;
    RowChange {
        table: R::TABLE,
        key: key.to_key(),
        before: None,
        after: Some(record.encode()),
    }
}

pub(crate) fn member() -> Membership {
    Membership::begin(Move {
        to: Status::Member,
        class: Some("member".to_owned()),
        on: date(2025, 3, 1),
        why: None,
        by: None,
        at: START,
    })
    .expect("a beginning")
}

pub(crate) fn pounds(minor: i64) -> Money {
    Money::new(minor, Currency::GBP)
}

pub(crate) fn monthly() -> NewScheme {
    NewScheme {
        name: "Monthly dues".to_owned(),
        classes: std::collections::BTreeSet::new(),
        per: Per::Person,
        every: Every::Month,
        anchor: date(2026, 1, 1),
        joining: Joining::Whole,
        grace: 14,
        tiers: vec![NewPrice {
            name: "Full".to_owned(),
            kind: TierKind::Full,
            amount: pounds(300),
        }],
        prices_from: date(2026, 1, 1),
        until: None,
    }
}

pub(crate) fn who(rights: &[Right]) -> Actor {
    Actor::Member {
        person: BEN,
        rights: rights.iter().copied().collect(),
    }
}

pub(crate) fn steward() -> Actor {
    who(&[Right::LookMoney, Right::ChangeMoney, Right::ChangeRules])
}

pub(crate) fn cash(person: PersonId, minor: i64) -> NewPayment {
    NewPayment {
        day: TODAY,
        payer: Some(Payer::Person(person)),
        outsider: None,
        amount: pounds(minor),
        way: Way::Cash,
        purpose: For::Dues,
        reference: None,
        line: None,
    }
}
