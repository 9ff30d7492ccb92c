//! Reminders: who owes something, and who is to be asked by which way. Nobody is asked twice within some days, and who
//! wishes not to be reached is asked when they come in.

use std::collections::BTreeMap;

use jiff::civil::Date;
use units::{Instant, Money, MoneyError, PersonId};

use super::due::Owing;
use super::house_rules::HouseRules;
use super::payer::Payer;
use super::payment::Account;
use super::period::days_between;
use super::standing::{PaidState, Standing};
use crate::book::Book;
use crate::person::{Person, Reach, WayKind};
use crate::record::{record, words};

words! {
    /// By which way somebody is reminded.
    pub enum Channel {
        /// On their own page, and by a word when they come in.
        1 Screen = "on screen";
        /// By a letter.
        2 Letter = "letter";
        /// By a call.
        3 Phone = "phone";
        /// By e-mail.
        4 Email = "e-mail";
        /// By a text message.
        5 Text = "text";
    }
}

record! {
    /// That a payer was reminded.
    pub struct Reminder in "reminders" by (Payer, u32) {
        /// On which day.
        1 on: Date => "On", Money, LegitimateInterest, AfterEntry(2);
        /// By which way.
        2 channel: Channel => "By", Money, LegitimateInterest, AfterEntry(2);
        /// What was open then.
        3 owed: Money => "Open then", Money, LegitimateInterest, AfterEntry(2);
        /// Since when.
        4 since: Option<Date> => "Open since", Money, LegitimateInterest, AfterEntry(2);
        /// Who did it.
        5 by: Option<PersonId> => "By whom", Accountability, LegitimateInterest, AfterEntry(2);
        /// When it was entered.
        6 at: Instant => "Entered", Accountability, LegitimateInterest, AfterEntry(2);
    }
}

/// Somebody who owes something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owes {
    /// Who pays.
    pub payer: Payer,
    /// For whom.
    pub people: Vec<PersonId>,
    /// How they stand.
    pub standing: Standing,
    /// When they last paid anything.
    pub last_paid: Option<Date>,
    /// When they were last reminded.
    pub reminded: Option<Date>,
}

/// Everybody of whom something is late, who owes longest first. `horizon` of the owing reaches at least to today.
pub fn arrears(
    owing: &Owing<'_>,
    accounts: &BTreeMap<Payer, Account>,
    zero: Money,
    today: Date,
) -> Result<Vec<Owes>, MoneyError> {
    let mut found = Vec::new();
    for (payer, people) in owing.payers() {
        let account = accounts.get(&payer);
        let paid = account.map_or(zero, |account| account.dues);
        let standing = Standing::of(&owing.dues(payer), paid, today)?;
        if standing.state == PaidState::Late {
            found.push(Owes {
                payer,
                people: people.to_vec(),
                standing,
                last_paid: account.and_then(|account| account.last),
                reminded: account.and_then(|account| account.reminded),
            });
        }
    }
    found.sort_by_key(|owes| (owes.standing.since, owes.payer));
    Ok(found)
}

/// A reminder that is to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToRemind {
    /// Who owes.
    pub owes: Owes,
    /// Who is asked: the person, or the first of a household's people who pay together.
    pub person: PersonId,
    /// By which way.
    pub channel: Channel,
    /// The number or address; nothing for letters and on screen.
    pub at: Option<String>,
}

/// Whether enough days have passed since somebody was last reminded.
pub fn may_remind(last: Option<Date>, today: Date, every: u16) -> bool {
    last.is_none_or(|last| days_between(last, today) >= i64::from(every))
}

/// Who is to be reminded now, and by which way: as they wish, and where that cannot be, by the next best. It is the same
/// list for the screen, for letters and for calls.
pub fn reminders(book: &Book, arrears: &[Owes], rules: &HouseRules, today: Date) -> Vec<ToRemind> {
    let worth = |owed: Money| rules.not_worth.is_none_or(|least| owed.minor() >= least.minor());
    let due = arrears
        .iter()
        .filter(|owes| may_remind(owes.reminded, today, rules.remind_every) && worth(owes.standing.owed));
    due.filter_map(|owes| {
        let mut people = owes
            .people
            .iter()
            .filter_map(|id| Some((*id, book.people.get(id)?)));
        // In a household the one who still is a member, else anybody.
        let first = people.clone().find(|(id, _)| book.is_member(*id));
        let (person, told) = first.or_else(|| people.next())?;
        let (channel, at) = channel(book, told);
        Some(ToRemind {
            owes: owes.clone(),
            person,
            channel,
            at,
        })
    })
    .collect()
}

/// By which way somebody is asked: the one wished for, if it is known where, else a letter, else a word.
fn channel(book: &Book, person: &Person) -> (Channel, Option<String>) {
    let wished = match person.reach {
        Reach::Phone => person.telephone().map(|at| (Channel::Phone, at)),
        Reach::Text => person.way(WayKind::Mobile).map(|at| (Channel::Text, at)),
        Reach::Email => person.way(WayKind::Email).map(|at| (Channel::Email, at)),
        Reach::InPerson | Reach::NotAtAll => return (Channel::Screen, None),
        Reach::Post => None,
    };
    if let Some((channel, at)) = wished {
        return (channel, Some(at.to_owned()));
    }
    if book.address_of(person).is_some() {
        return (Channel::Letter, None);
    }
    match person.telephone() {
        Some(at) => (Channel::Phone, Some(at.to_owned())),
        None => (Channel::Screen, None),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::date;
    use units::{Currency, Instant, Money, PersonId};

    use super::{Channel, Owes, may_remind, reminders};
    use crate::book::Book;
    use crate::money::{HouseRules, PaidState, Payer, Standing};
    use crate::person::{Address, Person, Reach, Way, WayKind};
    use crate::record::Newer;

    fn owes(number: u32, reminded: Option<jiff::civil::Date>) -> Owes {
        let pounds = |minor| Money::new(minor, Currency::GBP);
        Owes {
            payer: Payer::Person(PersonId::new(number)),
            people: vec![PersonId::new(number)],
            standing: Standing {
                state: PaidState::Late,
                owed: pounds(600),
                late: pounds(600),
                ahead: pounds(0),
                since: Some(date(2026, 1, 1)),
                until: None,
                periods: 2,
                next: None,
            },
            last_paid: None,
            reminded,
        }
    }

    fn person(reach: Reach, ways: &[(WayKind, &str)], at_home: bool) -> Person {
        let mut person = Person::named("Ana", Instant::from_millis(0)).expect("a name");
        person.reach = reach;
        let way = |(kind, value): &(WayKind, &str)| Way {
            kind: *kind,
            value: (*value).to_owned(),
            note: None,
            newer: Newer::default(),
        };
        person.ways = ways.iter().map(way).collect();
        person.address = at_home.then(|| Address {
            lines: vec!["1 High Street".to_owned()],
            postcode: None,
            country: None,
            newer: Newer::default(),
        });
        person
    }

    #[test]
    fn each_is_asked_in_the_way_they_wish_or_the_next_best() {
        let phone = [(WayKind::Phone, "0117 1")];
        let people = [
            (person(Reach::Phone, &phone, true), Channel::Phone),
            (person(Reach::Email, &phone, true), Channel::Letter),
            (person(Reach::Text, &phone, false), Channel::Phone),
            (person(Reach::Post, &[], true), Channel::Letter),
            (person(Reach::Post, &[], false), Channel::Screen),
            (person(Reach::NotAtAll, &phone, true), Channel::Screen),
            (
                person(Reach::Email, &[(WayKind::Email, "a@b")], true),
                Channel::Email,
            ),
        ];
        let mut book = Book::default();
        for (number, (person, _)) in (1..).zip(&people) {
            book.people.insert(PersonId::new(number), person.clone());
        }
        let all: Vec<Owes> = (1..8).map(|number| owes(number, None)).collect();
        let found = reminders(&book, &all, &HouseRules::usual(), date(2026, 6, 16));
        let channels: Vec<Channel> = found.iter().map(|reminder| reminder.channel).collect();
        assert_eq!(channels, people.map(|(_, channel)| channel));
    }

    #[test]
    fn nobody_is_reminded_twice_within_some_days() {
        let today = date(2026, 6, 22);
        assert!(!may_remind(Some(date(2026, 6, 2)), today, 21));
        assert!(may_remind(Some(date(2026, 6, 1)), today, 21));
        let mut book = Book::default();
        let mut accounts = BTreeMap::new();
        for number in 1..3 {
            book.people
                .insert(PersonId::new(number), person(Reach::Post, &[], true));
            accounts.insert(number, owes(number, (number == 1).then_some(date(2026, 6, 2))));
        }
        let all: Vec<Owes> = accounts.into_values().collect();
        let mut rules = HouseRules::usual();
        let found = reminders(&book, &all, &rules, today);
        assert_eq!(
            found.iter().map(|one| one.person.number()).collect::<Vec<_>>(),
            [2]
        );
        rules.not_worth = Some(Money::new(601, Currency::GBP));
        assert!(reminders(&book, &all, &rules, today).is_empty());
    }
}
