//! The rules of dues, what is agreed with a payer, and what the house decides about money.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use members::money::{
    Agreement, Every, HOUSE, HouseRules, Joining, OF_SCHEMES, Payer, Per, Price, Scheme, Term, Tier,
    TierKind, Way,
};
use members::record::Newer;
use store::Store;
use units::Money;

use super::enter::known;
use super::told_of;
use crate::act::{ActError, allowed};
use crate::rows::{all, becomes, get, next_number};
use crate::table::ActKind;
use crate::{Actor, Acts, Told};

/// A step of dues as somebody wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPrice {
    /// What it is called.
    pub name: String,
    /// Which kind it is.
    pub kind: TierKind,
    /// The amount, or the least.
    pub amount: Money,
}

/// Rules of dues as somebody wrote them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewScheme {
    /// What they are called.
    pub name: String,
    /// For which classes; all where none is named.
    pub classes: BTreeSet<String>,
    /// Who is asked.
    pub per: Per,
    /// How often.
    pub every: Every,
    /// The first day of the first period.
    pub anchor: Date,
    /// What is asked of those who join within a period.
    pub joining: Joining,
    /// Late after so many days.
    pub grace: u16,
    /// The steps, in the order in which they stand; those that were there before in their places.
    pub tiers: Vec<NewPrice>,
    /// From which day on new amounts hold.
    pub prices_from: Date,
    /// The first day on which nothing is asked any more.
    pub until: Option<Date>,
}

/// What was agreed with a payer, as somebody wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTerm {
    /// From this day on.
    pub from: Date,
    /// Which dues and which of their steps; none, where nothing is asked.
    pub chosen: Option<(u32, u16)>,
    /// How much, where each pays what they can.
    pub amount: Option<Money>,
    /// By which way it will come.
    pub way: Way,
}

impl Acts {
    /// The rules of dues, for whoever may see money. They say nothing of a person.
    pub async fn dues_rules(&self, actor: &Actor) -> Result<(BTreeMap<u32, Scheme>, HouseRules), ActError> {
        allowed(actor, ActKind::LookMoney)?;
        self.on_card(|store| {
            let schemes = all::<Scheme>(store)?.into_iter().collect();
            Ok((schemes, super::house_rules(store)?))
        })
        .await
    }

    /// Makes new rules of dues, or changes some. What was asked for earlier periods stays.
    pub async fn change_dues(
        &self,
        actor: &Actor,
        number: Option<u32>,
        new: NewScheme,
    ) -> Result<u32, ActError> {
        allowed(actor, ActKind::ChangeDues)?;
        let currency = self.currency()?;
        let (number, rows) = self
            .on_card(move |store| {
                let before = number.map(|number| scheme(store, number)).transpose()?;
                let after = changed(before.as_ref(), new)?.checked(currency)?;
                let (number, given) = match number {
                    Some(number) => (number, None),
                    None => {
                        let (number, given) = next_number(store, OF_SCHEMES)?;
                        (number, Some(given))
                    }
                };
                let mut rows = vec![becomes(&number, before.as_ref(), Some(&after))];
                rows.extend(given);
                Ok((number, rows))
            })
            .await?;
        let told = Told {
            subject: format!("dues {number}"),
            ..Told::default()
        };
        self.keep(actor, ActKind::ChangeDues, rows, told).await?;
        Ok(number)
    }

    /// What the house decides about money beside its dues.
    pub async fn change_money_rules(&self, actor: &Actor, rules: HouseRules) -> Result<(), ActError> {
        allowed(actor, ActKind::ChangeMoneyRules)?;
        if Date::new(2028, month(rules.year_ends_month), month(rules.year_ends_day)).is_err() {
            let sentence =
                "There is no such day for the accounts' year to end on. Write a month and a day of it";
            return Err(ActError::BadInput(sentence.to_owned()));
        }
        let rows = self
            .on_card(move |store| {
                let key = HOUSE.to_owned();
                let before = get::<HouseRules>(store, &key)?;
                Ok(vec![becomes(&key, before.as_ref(), Some(&rules))])
            })
            .await?;
        self.keep(actor, ActKind::ChangeMoneyRules, rows, Told::default())
            .await
    }

    /// Agrees with a payer on other dues, another step or amount, or that nothing is asked.
    pub async fn agree_dues(&self, actor: &Actor, payer: Payer, new: NewTerm) -> Result<(), ActError> {
        allowed(actor, ActKind::AgreeDues)?;
        let NewTerm {
            from,
            chosen,
            amount,
            way,
        } = new;
        let currency = self.currency()?;
        if let Some(amount) = amount.filter(|amount| amount.currency() != currency) {
            return Err(units::MoneyError::TwoCurrencies(amount.currency(), currency).into());
        }
        let term = Term {
            from,
            scheme: chosen.map(|(scheme, _)| scheme),
            tier: chosen.map_or(0, |(_, tier)| tier),
            amount,
            way,
            by: actor.person(),
            at: self.effects.now(),
            newer: Newer::default(),
        };
        let rows = self
            .on_card(move |store| {
                known(store, Some(payer))?;
                let scheme = term.scheme.map(|number| scheme(store, number)).transpose()?;
                let before = get::<Agreement>(store, &payer)?;
                let none = Agreement {
                    terms: Vec::new(),
                    newer: Newer::default(),
                };
                let after = before.as_ref().unwrap_or(&none).with(term, scheme.as_ref())?;
                Ok(vec![becomes(&payer, before.as_ref(), Some(&after))])
            })
            .await?;
        let whose = self.people_of(payer).await?;
        self.keep(actor, ActKind::AgreeDues, rows, told_of(payer, whose, ""))
            .await
    }
}

fn month(number: u8) -> i8 {
    i8::try_from(number).unwrap_or(0)
}

fn scheme(store: &Store, number: u32) -> Result<Scheme, ActError> {
    let found = get::<Scheme>(store, &number)?;
    found.ok_or_else(|| ActError::NotThere("There are no such dues. Look at the list again".to_owned()))
}

/// The rules as they are afterwards. Steps that were there keep their places and what they cost before.
fn changed(before: Option<&Scheme>, new: NewScheme) -> Result<Scheme, ActError> {
    let old: &[Tier] = before.map_or(&[], |before| before.tiers.as_slice());
    if new.tiers.len() < old.len() {
        let sentence =
            "A step that people may have agreed on cannot be taken away. Give it another name instead";
        return Err(ActError::BadInput(sentence.to_owned()));
    }
    let from = new.prices_from;
    let places = old.iter().map(Some).chain(std::iter::repeat(None));
    let tiers = new.tiers.into_iter().zip(places).map(|(price, old)| match old {
        Some(old) => Tier {
            name: price.name,
            kind: price.kind,
            ..old.costing(price.amount, from)
        },
        None => Tier {
            name: price.name,
            kind: price.kind,
            prices: vec![Price {
                from,
                amount: price.amount,
                newer: Newer::default(),
            }],
            newer: Newer::default(),
        },
    });
    Ok(Scheme {
        name: new.name,
        classes: new.classes,
        per: new.per,
        every: new.every,
        anchor: new.anchor,
        joining: new.joining,
        grace: new.grace,
        tiers: tiers.collect(),
        until: new.until,
        newer: before.map(|before| before.newer.clone()).unwrap_or_default(),
    })
}
