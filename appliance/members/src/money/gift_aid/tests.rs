//! Which gifts can be claimed, and how the schedule's lines look.

use std::collections::{BTreeMap, BTreeSet};

use expect_test::expect;
use jiff::civil::{Date, date};
use units::{Currency, HouseholdId, Instant, Money, PersonId};

use super::{Declaration, Heard, Judge, NoDeclaration, Unclaimable, postcode};
use crate::book::Book;
use crate::money::{For, HouseRules, NewPayment, Payer, Payment, PaymentId, Way};
use crate::person::{Address, Person, PersonKind};
use crate::record::Newer;

const ANA: PersonId = PersonId::new(1);
const TODAY: Date = date(2026, 6, 16);

fn book() -> Book {
    let mut person = Person::named("Ana Maria Öberg-Smith", Instant::from_millis(0)).expect("a name");
    person.address = Some(Address {
        lines: vec!["12 High Street".to_owned(), "Bristol".to_owned()],
        postcode: Some("bs50he".to_owned()),
        country: None,
        newer: Newer::default(),
    });
    Book {
        people: [(ANA, person)].into(),
        ..Book::default()
    }
}

fn declaration(from: Date, cancelled: Option<Date>) -> Declaration {
    Declaration {
        given: date(2026, 1, 10),
        from,
        wording: "2026-1".to_owned(),
        heard: Heard::Paper,
        cancelled,
        by: None,
        at: Instant::from_millis(0),
        name: Some("Ana Öberg".to_owned()),
        address: Vec::new(),
        newer: Newer::default(),
    }
}

fn gift(day: Date, number: u32) -> (PaymentId, Payment) {
    let new = NewPayment {
        day,
        payer: Some(Payer::Person(ANA)),
        outsider: None,
        amount: Money::new(1_050, Currency::GBP),
        way: Way::Cash,
        purpose: For::Gift,
        reference: None,
        line: None,
    };
    (
        PaymentId { day, number },
        new.entered(None, Instant::from_millis(0)),
    )
}

fn judged(
    book: &Book,
    rules: &HouseRules,
    from: Date,
    (id, payment): &(PaymentId, Payment),
) -> Result<PersonId, Unclaimable> {
    let judge = Judge {
        book,
        rules,
        declarations: &[((ANA, 1), declaration(from, Some(date(2026, 6, 1))))].into(),
        claimed: &BTreeSet::from([PaymentId {
            day: date(2026, 2, 2),
            number: 99,
        }]),
        today: TODAY,
    };
    judge.claimable(*id, payment)
}

#[test]
fn a_gift_needs_a_declaration_a_name_and_a_home() {
    let (book, rules, from) = (book(), HouseRules::usual(), date(2024, 1, 1));
    let of = |gift: &(PaymentId, Payment)| judged(&book, &rules, from, gift);
    let good = gift(date(2026, 2, 2), 1);
    assert_eq!(of(&good), Ok(ANA));
    assert_eq!(of(&gift(date(2023, 12, 31), 1)), Err(Unclaimable::NotCovered));
    assert_eq!(of(&gift(date(2026, 6, 1), 1)), Err(Unclaimable::NotCovered));
    assert_eq!(of(&gift(date(2026, 2, 2), 99)), Err(Unclaimable::Claimed));
    let changed = |change: fn(&mut Payment)| {
        let mut gift = good.clone();
        change(&mut gift.1);
        of(&gift)
    };
    assert_eq!(
        changed(|gift| gift.purpose = For::Dues),
        Err(Unclaimable::NotAGift)
    );
    assert_eq!(changed(|gift| gift.way = Way::Waiver), Err(Unclaimable::NotAGift));
    assert_eq!(changed(|gift| gift.payer = None), Err(Unclaimable::NotInBook));
    assert_eq!(
        changed(|gift| gift.amount = gift.amount.negated()),
        Err(Unclaimable::WentBack)
    );
    let home = Some(Payer::Household(HouseholdId::new(1)));
    let mut of_home = good.clone();
    of_home.1.payer = home;
    assert_eq!(of(&of_home), Err(Unclaimable::AHousehold));
    let without = |change: fn(&mut Person)| {
        let mut book = book.clone();
        book.people.values_mut().for_each(change);
        judged(&book, &rules, from, &good)
    };
    assert_eq!(without(|ana| ana.address = None), Err(Unclaimable::NoAddress));
    assert_eq!(
        without(|ana| ana.name = "Ana".to_owned()),
        Err(Unclaimable::OneName)
    );
    assert_eq!(
        without(|ana| ana.kind = PersonKind::Organisation),
        Err(Unclaimable::AnOrganisation)
    );
}

#[test]
fn dues_are_gifts_only_where_the_house_says_so() {
    let mut dues = gift(date(2026, 2, 2), 1);
    dues.1.purpose = For::Dues;
    let mut rules = HouseRules::usual();
    assert_eq!(
        judged(&book(), &rules, date(2024, 1, 1), &dues),
        Err(Unclaimable::NotAGift)
    );
    rules.dues_are_gifts = true;
    assert_eq!(judged(&book(), &rules, date(2024, 1, 1), &dues), Ok(ANA));
}

#[test]
fn four_years_after_the_accounts_year_it_is_too_late() {
    let mut rules = HouseRules::usual();
    // The tax year of 5 April 2022 ended that day; that of 6 April 2022 a year later.
    assert_eq!(rules.claim_until(date(2022, 4, 5)), date(2026, 4, 5));
    assert_eq!(rules.claim_until(date(2022, 4, 6)), date(2027, 4, 5));
    let old = |day| judged(&book(), &HouseRules::usual(), date(2022, 1, 1), &gift(day, 1));
    assert_eq!(old(date(2022, 4, 5)), Err(Unclaimable::TooLate));
    assert_eq!(old(date(2022, 4, 6)), Ok(ANA));
    rules.year_ends_month = 2;
    rules.year_ends_day = 29;
    assert_eq!(rules.year_end(date(2025, 2, 28)), date(2025, 2, 28));
    assert_eq!(rules.year_end(date(2027, 3, 1)), date(2028, 2, 29));
}

#[test]
fn a_declaration_reaches_four_years_back_and_never_ahead() {
    let (book, check) = (book(), |declaration: Declaration, book: &Book| {
        declaration.check(&book.people[&ANA], TODAY)
    });
    assert_eq!(check(declaration(date(2022, 1, 10), None), &book), Ok(()));
    assert_eq!(
        check(declaration(date(2022, 1, 9), None), &book),
        Err(NoDeclaration::TooFarBack(date(2022, 1, 10)))
    );
    let mut ahead = declaration(date(2026, 7, 1), None);
    ahead.given = date(2026, 7, 1);
    assert!(check(ahead, &book).is_err());
}

#[test]
fn the_schedule_has_a_line_for_each_giver_and_year() {
    let (book, rules) = (book(), HouseRules::usual());
    let judge = Judge {
        book: &book,
        rules: &rules,
        declarations: &BTreeMap::from([((ANA, 1), declaration(date(2024, 1, 1), None))]),
        claimed: &BTreeSet::new(),
        today: TODAY,
    };
    let gifts = [
        gift(date(2026, 4, 5), 1),
        gift(date(2026, 1, 31), 2),
        gift(date(2026, 4, 6), 3),
        gift(date(2021, 4, 6), 4),
    ];
    let lines = judge
        .schedule(&gifts, Money::zero(Currency::GBP))
        .expect("one currency");
    let said: Vec<String> = (1..)
        .zip(&lines)
        .map(|(number, line)| line.fields(number).join("|"))
        .collect();
    expect![[r#"
        1||Ana Maria|Öberg Smith|12|BS5 0HE|||05/04/26|21.00
        2||Ana Maria|Öberg Smith|12|BS5 0HE|||06/04/26|10.50"#]]
    .assert_eq(&said.join("\n"));
}

#[test]
fn postcodes_are_written_as_hmrc_wants_them() {
    assert_eq!(postcode("s192bd"), "S19 2BD");
    assert_eq!(postcode(" m1 1ae "), "M1 1AE");
    assert_eq!(postcode("ec1a 1bb x"), "EC1A1BBX");
}
