//! Random books: nothing is lost, and taken back everything is as it was.

use jiff::civil::date;
use proptest::prelude::*;
use units::{Currency, Instant, Money, PersonId};

use super::every_table::{payment, whole};
use super::{
    GONE, KEPT_ONE, Merged, NoMerge, Rows, all, applied, find, get, membership, names, person, put,
    taken_back, to, tried, two,
};
use crate::membership::{Membership, Status};
use crate::money::{Account, Agreement, Payer, Payment, PaymentOf, Reminder, Term};
use crate::person::{Kinship, Person, Relation};
use crate::record::{Newer, Record};
use crate::register::Entry;
use crate::request::Consent;
use crate::tables::table;

/// What a random book has of somebody.
#[derive(Debug, Clone)]
struct Has {
    payments: Vec<(i64, u8)>,
    consents: Vec<i64>,
    reminders: Vec<i64>,
    steps: Vec<(usize, i32)>,
    shares: u32,
    terms: Vec<i8>,
    entries: u32,
    partner: bool,
}

/// Moments in their order, as things are written.
fn times() -> impl Strategy<Value = Vec<i64>> {
    prop::collection::vec(0_i64..50, 0..4).prop_map(|mut times| {
        times.sort_unstable();
        times
    })
}

fn has() -> impl Strategy<Value = Has> {
    (
        prop::collection::vec((-500_i64..500, 0_u8..3), 0..6),
        times(),
        times(),
        prop::collection::vec((0_usize..7, 0_i32..300), 0..6),
        0_u32..3,
        prop::collection::vec(1_i8..28, 0..3),
        0_u32..3,
        any::<bool>(),
    )
        .prop_map(
            |(payments, consents, reminders, steps, shares, terms, entries, partner)| Has {
                payments,
                consents,
                reminders,
                steps,
                shares,
                terms,
                entries,
                partner,
            },
        )
}

fn random_membership(has: &Has) -> Option<Membership> {
    let mut day = date(2020, 1, 1);
    let mut membership: Option<Membership> = None;
    for (status, days) in &has.steps {
        day = day.checked_add(jiff::Span::new().days(*days)).expect("a day");
        let step = to(Status::ALL[*status], day);
        let moved = match &membership {
            None => Membership::begin(step),
            Some(before) => before.moved(step),
        };
        membership = moved.ok().or(membership);
    }
    membership.map(|membership| Membership {
        shares: has.shares,
        ..membership
    })
}

fn put_money(rows: &mut Rows, id: PersonId, has: &Has, number: &mut u32) {
    let payer = Payer::Person(id);
    let mut account = Account::empty(Currency::GBP);
    for (minor, purpose) in &has.payments {
        *number += 1;
        let key = payment(*number);
        let mut entry = Payment::decode(&whole(Payment::FIELDS)).expect("sound");
        entry.payer = Some(payer);
        entry.amount = Money::new(*minor, Currency::GBP);
        entry.purpose = crate::money::For::ALL[usize::from(*purpose)];
        account = account.with(key, &entry).expect("added up");
        let way = PaymentOf {
            purpose: entry.purpose,
            newer: Newer::default(),
        };
        put(rows, &key, &entry);
        put(rows, &(payer, key), &way);
    }
    for (at, number) in has.reminders.iter().zip(1..) {
        let mut reminder = Reminder::decode(&whole(Reminder::FIELDS)).expect("sound");
        reminder.at = Instant::from_millis(*at);
        account.reminders = number;
        put(rows, &(payer, number), &reminder);
    }
    if account != Account::empty(Currency::GBP) {
        put(rows, &payer, &account);
    }
    let terms = has.terms.iter().map(|day| {
        let mut term = Term::decode(&whole(Term::FIELDS)).expect("sound");
        term.from = date(2024, 1, *day);
        term
    });
    let agreement = Agreement {
        terms: terms.collect(),
        newer: Newer::default(),
    };
    if !agreement.terms.is_empty() {
        put(rows, &payer, &agreement);
    }
}

fn put_all(rows: &mut Rows, id: PersonId, has: &Has, number: &mut u32) {
    put_money(rows, id, has, number);
    for (at, number) in has.consents.iter().zip(1..) {
        let mut consent = Consent::decode(&whole(Consent::FIELDS)).expect("sound");
        consent.at = Instant::from_millis(*at);
        put(rows, &(id, number), &consent);
    }
    for at in 0..has.entries {
        let mut entry = Entry::decode(&whole(Entry::FIELDS)).expect("sound");
        entry.person = id;
        put(rows, &(id.number() * 100 + at), &entry);
    }
    if let Some(membership) = random_membership(has) {
        put(rows, &id, &membership);
    }
    if has.partner {
        let key = PersonId::new(id.number() + 10);
        let mut other = person("Somebody");
        other.relations = vec![Relation {
            kinship: Kinship::Partner,
            person: id,
            newer: Newer::default(),
        }];
        put(rows, &key, &other);
    }
}

/// What a merge must not change: sums, and everything that was ever written, without whose it is.
fn substance(rows: &Rows) -> Vec<String> {
    let mut said = Vec::new();
    let (mut dues, mut gifts, mut other, mut entries, mut reminders) = (0, 0, 0, 0, 0);
    for (_, account) in all::<Account>(rows) {
        dues += account.dues.minor();
        gifts += account.gifts.minor();
        other += account.other.minor();
        entries += account.entries;
        reminders += account.reminders;
    }
    said.push(format!("{dues} {gifts} {other} {entries} {reminders}"));
    said.extend(
        all::<Payment>(rows)
            .into_iter()
            .map(|(id, payment)| format!("{id} {}", payment.amount)),
    );
    said.extend(
        all::<PaymentOf>(rows)
            .into_iter()
            .map(|((_, id), _)| format!("of {id}")),
    );
    said.extend(
        all::<Consent>(rows)
            .into_iter()
            .map(|(_, consent)| format!("consent {:?}", consent.at)),
    );
    said.extend(
        all::<Reminder>(rows)
            .into_iter()
            .map(|(_, reminder)| format!("reminder {:?}", reminder.at)),
    );
    said.extend(
        all::<Entry>(rows)
            .into_iter()
            .map(|(number, _)| format!("entry {number}")),
    );
    let beside = all::<Merged>(rows);
    let memberships = all::<Membership>(rows)
        .into_iter()
        .map(|(_, membership)| membership);
    let memberships: Vec<Membership> = memberships
        .chain(beside.iter().filter_map(|(_, beside)| beside.membership.clone()))
        .collect();
    let steps = memberships.iter().flat_map(|membership| &membership.history);
    said.extend(steps.map(|step| format!("step {} {}", step.on, step.status)));
    let agreements = all::<Agreement>(rows).into_iter().map(|(_, agreement)| agreement);
    let agreements = agreements.chain(beside.iter().filter_map(|(_, beside)| beside.agreement.clone()));
    said.extend(
        agreements
            .flat_map(|agreement| agreement.terms)
            .map(|term| format!("term {}", term.from)),
    );
    let relations = all::<Person>(rows)
        .into_iter()
        .flat_map(|(_, person)| person.relations);
    said.extend(relations.map(|relation| format!("relation {}", relation.kinship)));
    said.sort();
    said
}

proptest! {
    #[test]
    fn nothing_is_lost_and_taken_back_all_is_as_it_was(one in has(), other in has()) {
        let mut rows = Rows::new();
        two(&mut rows);
        let mut number = 0;
        put_all(&mut rows, KEPT_ONE, &one, &mut number);
        put_all(&mut rows, GONE, &other, &mut number);
        let turned = match tried(&rows) {
            Ok(turned) => turned,
            Err(no) => {
                let told = matches!(no, NoMerge::TwoMemberships | NoMerge::Died | NoMerge::Shares(..));
                prop_assert!(told, "{}", no);
                return Ok(());
            }
        };
        let after = applied(&rows, &turned);
        prop_assert_eq!(substance(&rows), substance(&after));
        let shares = |rows: &Rows| -> u32 { all::<Membership>(rows).iter().map(|(_, held)| held.shares).sum() };
        prop_assert_eq!(shares(&rows), shares(&after));
        let times: Vec<Instant> = all::<Consent>(&after).into_iter().map(|(_, consent)| consent.at).collect();
        prop_assert!(times.is_sorted(), "the newest answer is the last");
        if let Some(account) = get::<Account>(&after, &Payer::Person(KEPT_ONE)) {
            let numbers = all::<Reminder>(&after).into_iter().map(|((_, number), _)| number);
            prop_assert!(numbers.max().unwrap_or(0) <= account.reminders, "the next reminder has a number of its own");
        }
        for ((name, key), value) in &after {
            let row = table(name).expect("a table").read(key, value).expect("sound");
            prop_assert!(!names(&row, GONE), "{}", name);
        }
        prop_assert_eq!(taken_back(&after, &turned), rows);
    }

    #[test]
    fn the_same_rows_have_the_same_fingerprint(one in has()) {
        let mut rows = Rows::new();
        two(&mut rows);
        put_all(&mut rows, GONE, &one, &mut 0);
        prop_assert_eq!(find(&rows).seen(), find(&rows.clone()).seen());
        let mut member = rows.clone();
        put(&mut member, &KEPT_ONE, &membership(&[(Status::Member, date(2023, 1, 1))], 3));
        prop_assert_ne!(find(&member).seen(), find(&rows).seen());
    }
}
