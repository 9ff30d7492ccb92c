//! A box on 16 June 2026 with two members, who are asked for 3 pounds a month since January.

use std::sync::Arc;

use acts::money::{Entered, NewPrice, NewScheme};
use acts::{ActError, Actor, Acts, Right};
use jiff::civil::{Date, date};
use members::membership::{Membership, Move, Status};
use members::money::{Every, For, Joining, NewPayment, Payer, Per, TierKind, Way};
use members::person::{Address, Person};
use members::record::{Kept, Newer, Record};
use store::{Change, Options, RowChange, Store};
use units::{Currency, Money, PersonId, Span};

pub(crate) use crate::world::START;
use crate::world::{World, acts, put};

pub(crate) const TODAY: Date = date(2026, 6, 16);
pub(crate) const ANA: PersonId = PersonId::new(1);
pub(crate) const BEN: PersonId = PersonId::new(2);

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
        let world = World::new();
        Self {
            acts: acts(&store, &world),
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
            put(&scene.store, Person::TABLE, &id, Some(person.encode()));
            put(&scene.store, Membership::TABLE, &id, Some(member().encode()));
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
        self.world.later(span);
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
