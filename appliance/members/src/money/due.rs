//! Who owes what for which period: worked out from the book, the rules and what was agreed, and kept nowhere, so that
//! it can never differ from them.
//!
//! A member without an agreement is asked by the first rules that fit their class. Membership decides what is owed; what
//! is owed never decides on membership.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use units::{HouseholdId, Money, PersonId};

use super::payer::Payer;
use super::period::{Every, Period, days_after, days_between, periods};
use super::scheme::{Agreement, Joining, Per, Scheme};
use crate::book::Book;
use crate::membership::Membership;

/// What is asked of a payer for one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// By which rules.
    pub scheme: u32,
    /// For which period.
    pub period: Period,
    /// The day on which it is asked: the first of the period, or that of joining.
    pub on: Date,
    /// From the day after on it is late.
    pub late: Date,
    /// How much.
    pub amount: Money,
}

/// A time in which somebody is a member of one class; `until` lies behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stay<'a> {
    from: Date,
    until: Date,
    class: &'a str,
}

/// A time in which a payer is asked by one set of rules, or by none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Asked {
    from: Date,
    until: Date,
    terms: Option<Terms>,
}

/// By which rules, in which step, with which amount of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Terms {
    scheme: u32,
    tier: u16,
    amount: Option<Money>,
}

/// The rules and agreements that stand beside the book.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// The rules of dues, by their numbers.
    pub schemes: BTreeMap<u32, Scheme>,
    /// What was agreed with payers.
    pub agreements: BTreeMap<Payer, Agreement>,
}

/// What is owed by everybody up to a day: the calendars are made once for all.
pub struct Owing<'a> {
    rules: &'a Rules,
    book: &'a Book,
    /// The periods of each set of rules; each with the day after which it is late for whoever is asked from its first.
    calendars: BTreeMap<u32, Vec<(Period, Date)>>,
    /// Who is asked together: the members whose dues a payer pays.
    payers: BTreeMap<Payer, Vec<PersonId>>,
}

impl<'a> Owing<'a> {
    /// Everything that is asked for periods which begin by `until`.
    pub fn new(book: &'a Book, rules: &'a Rules, until: Date) -> Self {
        let calendars = rules
            .schemes
            .iter()
            .map(|(number, scheme)| {
                let end = scheme.until.map_or(until, |end| until.min(end));
                let late = |period: Period| (period, days_after(period.first, scheme.grace));
                let periods = periods(scheme.anchor, scheme.every, end).into_iter();
                (*number, periods.map(late).collect())
            })
            .collect();
        let mut owing = Self {
            rules,
            book,
            calendars,
            payers: BTreeMap::new(),
        };
        for (person, membership) in &book.memberships {
            let payer = owing.payer_of(*person, membership);
            owing.payers.entry(payer).or_default().push(*person);
        }
        owing
    }

    /// Everybody who is or was asked for something, with the members for whom they pay.
    pub fn payers(&self) -> impl Iterator<Item = (Payer, &[PersonId])> {
        self.payers
            .iter()
            .map(|(payer, people)| (*payer, people.as_slice()))
    }

    /// Who pays the dues of somebody: their household where that was agreed or is the rule, else they themselves.
    pub fn payer(&self, person: PersonId) -> Payer {
        let membership = self.book.memberships.get(&person);
        membership.map_or(Payer::Person(person), |membership| {
            self.payer_of(person, membership)
        })
    }

    fn payer_of(&self, person: PersonId, membership: &Membership) -> Payer {
        let own = Payer::Person(person);
        let household = self.book.people.get(&person).and_then(|person| person.household);
        let Some(household) = household.map(Payer::Household) else {
            return own;
        };
        if self.rules.agreements.contains_key(&own) {
            return own;
        }
        let by_rule = || {
            self.usual(membership.class())
                .is_some_and(|(_, scheme)| scheme.per == Per::Household)
        };
        if self.rules.agreements.contains_key(&household) || by_rule() {
            return household;
        }
        own
    }

    /// The rules for a class where nothing was agreed: the first that come again and again.
    fn usual(&self, class: &str) -> Option<(u32, &'a Scheme)> {
        let mut fitting = self
            .rules
            .schemes
            .iter()
            .filter(|(_, scheme)| scheme.is_for(class));
        fitting
            .find(|(_, scheme)| scheme.every != Every::Once)
            .map(|(number, scheme)| (*number, scheme))
    }

    /// What is asked of a payer, the oldest first.
    pub fn dues(&self, payer: Payer) -> Vec<Due> {
        let Some(people) = self.payers.get(&payer) else {
            return Vec::new();
        };
        let stays: Vec<Stay<'a>> = people
            .iter()
            .filter_map(|person| self.book.memberships.get(person))
            .flat_map(stays)
            .collect();
        let mut dues = self.asked_once(&stays);
        let mut seen = BTreeMap::new();
        let mut before: Option<Asked> = None;
        for asked in self.asked(payer, &stays) {
            // Who was asked by other rules until the day before goes on with the next period of the new ones.
            let went_on = before.is_some_and(|before| before.until == asked.from && before.terms.is_some());
            self.ask(&asked, went_on, &mut seen, &mut dues);
            before = Some(asked);
        }
        dues.sort_by_key(|due| (due.on, due.scheme, due.period));
        dues
    }

    /// The dues of one stretch of time under one set of rules. `seen` is the last period that each set asked for: the
    /// stretches come in their order, so only that one can come again.
    fn ask(&self, asked: &Asked, went_on: bool, seen: &mut BTreeMap<u32, Date>, dues: &mut Vec<Due>) {
        let Some((terms, scheme)) = asked
            .terms
            .and_then(|terms| Some((terms, self.rules.schemes.get(&terms.scheme)?)))
        else {
            return;
        };
        let calendar = self.calendars.get(&terms.scheme).map_or(&[][..], Vec::as_slice);
        let first = calendar.partition_point(|(period, _)| period.last < asked.from);
        let until = scheme.until.map_or(asked.until, |end| asked.until.min(end));
        let mut last = seen.get(&terms.scheme).copied();
        for (period, late) in calendar
            .iter()
            .skip(first)
            .take_while(|(period, _)| period.first < until)
        {
            let on = asked.from.max(period.first);
            let joined = on > period.first;
            if joined && went_on {
                continue;
            }
            let Some(amount) = amount(scheme, terms, period, joined.then_some(on)) else {
                continue;
            };
            if last != Some(period.first) {
                last = Some(period.first);
                dues.push(Due {
                    scheme: terms.scheme,
                    period: *period,
                    on,
                    late: if joined {
                        days_after(on, scheme.grace)
                    } else {
                        *late
                    },
                    amount,
                });
            }
        }
        seen.extend(last.map(|last| (terms.scheme, last)));
    }

    /// What is asked once: of a person at the first joining, of a household when its first member joins.
    fn asked_once(&self, stays: &[Stay<'_>]) -> Vec<Due> {
        let once = self
            .rules
            .schemes
            .iter()
            .filter(|(_, scheme)| scheme.every == Every::Once);
        once.filter_map(|(number, scheme)| {
            let joined = stays.iter().min_by_key(|stay| stay.from)?;
            let within = scheme.anchor <= joined.from && scheme.until.is_none_or(|until| joined.from < until);
            if !within || !scheme.is_for(joined.class) {
                return None;
            }
            let amount = scheme.tiers.first()?.amount(joined.from)?;
            let period = Period {
                first: joined.from,
                last: joined.from,
            };
            (amount.minor() > 0).then(|| Due {
                scheme: *number,
                period,
                on: joined.from,
                late: days_after(joined.from, scheme.grace),
                amount,
            })
        })
        .collect()
    }

    /// The stretches of time in which a payer is asked, in their order and without overlap.
    fn asked(&self, payer: Payer, stays: &[Stay<'_>]) -> Vec<Asked> {
        let agreement = self.rules.agreements.get(&payer);
        let terms: &[_] = agreement.map_or(&[], |agreement| agreement.terms.as_slice());
        let mut edges: BTreeSet<Date> = stays.iter().flat_map(|stay| [stay.from, stay.until]).collect();
        edges.extend(terms.iter().map(|term| term.from));
        let edges: Vec<Date> = edges.into_iter().collect();
        let mut all: Vec<Asked> = Vec::new();
        for pair in edges.windows(2) {
            let (from, until) = (pair[0], pair[1]);
            let Some(stay) = stays.iter().find(|stay| stay.from <= from && from < stay.until) else {
                continue;
            };
            let terms = match agreement.and_then(|agreement| agreement.on(from)) {
                Some(term) => term.scheme.map(|scheme| Terms {
                    scheme,
                    tier: term.tier,
                    amount: term.amount,
                }),
                None => self.usual(stay.class).map(|(scheme, _)| Terms {
                    scheme,
                    tier: 0,
                    amount: None,
                }),
            };
            match all.last_mut() {
                Some(last) if last.until == from && last.terms == terms => last.until = until,
                _ => all.push(Asked { from, until, terms }),
            }
        }
        all
    }

    /// The people of a household for whom it pays.
    pub fn paid_for(&self, household: HouseholdId) -> &[PersonId] {
        self.payers
            .get(&Payer::Household(household))
            .map_or(&[], Vec::as_slice)
    }
}

/// The amount for a period; `joined` is the day within it on which somebody was first asked. None where nothing is.
fn amount(scheme: &Scheme, terms: Terms, period: &Period, joined: Option<Date>) -> Option<Money> {
    let whole = terms
        .amount
        .or_else(|| scheme.tier(terms.tier)?.amount(period.first))?;
    let amount = match (joined, scheme.joining) {
        (None, _) | (Some(_), Joining::Whole) => whole,
        (Some(_), Joining::Next) => return None,
        (Some(day), Joining::Share) => share(whole, days_between(day, period.last) + 1, period.days()),
    };
    (amount.minor() > 0).then_some(amount)
}

/// `days` of `all` days of an amount, to the nearest minor unit, halves up.
fn share(whole: Money, days: i64, all: i64) -> Money {
    let all = i128::from(all.max(1));
    let part = (i128::from(whole.minor()) * i128::from(days) * 2 + all) / (all * 2);
    Money::new(i64::try_from(part).unwrap_or(whole.minor()), whole.currency())
}

/// The times in which somebody is a member, class by class.
fn stays(membership: &Membership) -> impl Iterator<Item = Stay<'_>> {
    let ends = membership
        .history
        .iter()
        .skip(1)
        .map(|step| step.on)
        .chain([Date::MAX]);
    let steps = membership.history.iter().zip(ends);
    steps
        .filter(|(step, until)| step.status.is_member() && step.on < *until)
        .map(|(step, until)| Stay {
            from: step.on,
            until,
            class: &step.class,
        })
}

#[cfg(test)]
mod tests;
