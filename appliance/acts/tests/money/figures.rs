//! The figures: 5,000 people in 2,000 households, ten years of dues by the month, 600,000 entries. It takes minutes, so
//! it is run by hand: `cargo nextest run -p acts --run-ignored all ten_years`.

use std::collections::BTreeMap;
use std::time::{Duration, Instant as Wall};

use jiff::civil::{Date, date};
use members::household::Household;
use members::membership::{Membership, Move, Status};
use members::money::{Account, Every, For, Payer, Payment, PaymentId, PaymentOf, Way, periods};
use members::person::Person;
use members::record::Newer;
use store::{Change, RowChange};
use units::{Currency, HouseholdId, PersonId};

use crate::scene::{START, Scene, monthly, pounds, row, steward};

const PEOPLE: u32 = 5_000;
const HOUSEHOLDS: u32 = 2_000;

fn people() -> Vec<RowChange> {
    let mut rows: Vec<RowChange> = (1..=HOUSEHOLDS)
        .map(|number| row(&HouseholdId::new(number), &Household::new()))
        .collect();
    for number in 1..=PEOPLE {
        let mut person = Person::named(&format!("Person Number{number}"), START).expect("a name");
        person.household = Some(HouseholdId::new(number % HOUSEHOLDS + 1));
        let member = Membership::begin(Move {
            to: Status::Member,
            class: Some("member".to_owned()),
            on: date(2016, 1, 1),
            why: None,
            by: None,
            at: START,
        });
        rows.push(row(&PersonId::new(number), &person));
        rows.push(row(&PersonId::new(number), &member.expect("a beginning")));
    }
    rows
}

/// The entries of one month: everybody but one in seven pays.
fn month(number: u32, day: Date, accounts: &mut BTreeMap<u32, Account>) -> Vec<RowChange> {
    let mut rows = Vec::new();
    for person in 1..=PEOPLE {
        if person % 7 == 0 && number > 110 {
            continue;
        }
        let payer = Payer::Person(PersonId::new(person));
        let id = PaymentId {
            day,
            number: number * PEOPLE + person,
        };
        let payment = Payment {
            payer: Some(payer),
            outsider: None,
            amount: pounds(300),
            way: Way::StandingOrder,
            purpose: For::Dues,
            reference: Some(format!("MEMBER {person}")),
            line: None,
            by: None,
            at: START,
            reverses: None,
            reversed: None,
            receipt: None,
            in_cash_book: None,
            newer: Newer::default(),
        };
        let account = accounts
            .entry(person)
            .or_insert_with(|| Account::empty(Currency::GBP));
        *account = account.with(id, &payment).expect("a sum");
        let of = PaymentOf {
            purpose: For::Dues,
            newer: Newer::default(),
        };
        rows.push(row(&id, &payment));
        rows.push(row(&(payer, id), &of));
    }
    rows
}

fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("readable");
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .expect("a line");
    let number = line.split_whitespace().nth(1).expect("a number");
    number.parse().expect("a number")
}

fn told(what: &str, mut took: Vec<Duration>) -> Duration {
    took.sort_unstable();
    let slow = took[took.len() * 95 / 100];
    eprintln!(
        "{what}: middle {:?}, 95 of 100 within {slow:?}",
        took[took.len() / 2]
    );
    slow
}

#[tokio::test]
#[ignore = "it takes minutes"]
async fn ten_years_of_five_thousand_people() {
    let scene = Scene::empty();
    scene.write(&people());
    let dues = acts::money::NewScheme {
        anchor: date(2016, 7, 1),
        prices_from: date(2016, 7, 1),
        ..monthly()
    };
    scene
        .acts
        .change_dues(&steward(), None, dues)
        .await
        .expect("changed");
    let mut accounts = BTreeMap::new();
    for (number, period) in (0..).zip(periods(date(2016, 7, 1), Every::Month, date(2026, 6, 16))) {
        let rows = month(number, period.first, &mut accounts);
        let lines = Vec::new();
        scene.store.change(Change { rows, lines }).expect("written");
    }
    let rows: Vec<RowChange> = accounts
        .iter()
        .map(|(person, account)| row(&Payer::Person(PersonId::new(*person)), account))
        .collect();
    scene.write(&rows);
    drop((rows, accounts));
    let before = resident_kib();
    let (mut list, mut one, mut find, mut all) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut late = 0;
    for number in 0..40 {
        let begun = Wall::now();
        late = scene.acts.list_arrears(&steward()).await.expect("listed").1.len();
        list.push(begun.elapsed());
        let begun = Wall::now();
        let payer = Payer::Person(PersonId::new(number * 100 + 1));
        let page = scene.acts.look_account(&steward(), payer).await.expect("seen");
        one.push(begun.elapsed());
        assert_eq!(page.payments.len(), 120);
        let begun = Wall::now();
        let found = scene
            .acts
            .find_payers(&steward(), &format!("number{number}"))
            .await
            .expect("found");
        find.push(begun.elapsed());
        assert!(!found.is_empty());
        let begun = Wall::now();
        scene.acts.money_overview(&steward()).await.expect("seen");
        all.push(begun.elapsed());
    }
    let size: u64 = std::fs::read_dir(scene.folder.path())
        .expect("a folder")
        .map(|file| file.expect("a file").metadata().expect("a size").len())
        .sum();
    eprintln!(
        "{late} of {PEOPLE} are late; the file has {} MB",
        size / 1_000_000
    );
    eprintln!("memory: {before} KiB before, {} KiB after", resident_kib());
    let list = told("arrears", list);
    told("one person", one);
    told("find", find);
    told("overview", all);
    assert!(list < Duration::from_millis(1_000));
}
