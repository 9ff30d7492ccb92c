//! Gift Aid: declarations are entered and cancelled, and a claim is put together from gifts that no earlier claim has.

use std::collections::BTreeSet;

use jiff::civil::Date;
use members::money::{
    Claim, Declaration, For, Heard, Judge, OF_CLAIMS, OF_DECLARATIONS, Payment, PaymentId, ScheduleLine,
    Unclaimable, WORDING,
};
use members::person::Address;
use members::record::{Key, Newer};
use store::{Store, Whose};
use units::{Money, PersonId};

use super::{MoneyBook, Paid};
use crate::act::{ActError, allowed};
use crate::book::book;
use crate::rows::{all, becomes, between, get, next_number, under};
use crate::table::ActKind;
use crate::{Actor, Acts, Told};

/// Gifts, sorted by whether they can be claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gifts {
    /// Those that can, with the givers.
    pub claimable: Vec<(PaymentId, Payment, PersonId)>,
    /// Those that cannot, and why.
    pub refused: Vec<(PaymentId, Payment, Unclaimable)>,
    /// The sum of those that can.
    pub total: Money,
}

/// What stands to be claimed, and earlier claims.
pub struct GiftAidPage {
    /// The book, for names.
    pub money: MoneyBook,
    /// The gifts that are in no claim yet.
    pub gifts: Gifts,
    /// Earlier claims, the newest first.
    pub claims: Vec<(u32, Claim)>,
}

impl Acts {
    /// Somebody's declarations.
    pub async fn declarations(
        &self,
        actor: &Actor,
        person: PersonId,
    ) -> Result<Vec<(u32, Declaration)>, ActError> {
        allowed(actor, ActKind::LookMoney)?;
        let found = self
            .on_card(move |store| Ok(under::<Declaration>(store, &person.to_key())?))
            .await?;
        Ok(found
            .into_iter()
            .map(|((_, number), declaration)| (number, declaration))
            .collect())
    }

    /// Enters a declaration that somebody made.
    pub async fn declare_gift_aid(
        &self,
        actor: &Actor,
        person: PersonId,
        given: Date,
        from: Date,
        heard: Heard,
    ) -> Result<u32, ActError> {
        allowed(actor, ActKind::DeclareGiftAid)?;
        let (today, by, at) = (self.day(), actor.person(), self.effects.now());
        let (number, rows) = self
            .on_card(move |store| {
                let book = book(store)?;
                let found = book.people.get(&person).ok_or_else(no_such_person)?;
                let declaration = Declaration {
                    given,
                    from,
                    wording: WORDING.to_owned(),
                    heard,
                    cancelled: None,
                    by,
                    at,
                    name: Some(found.name.clone()),
                    address: book.address_of(found).map(Address::all_lines).unwrap_or_default(),
                    newer: Newer::default(),
                };
                declaration.check(found, today)?;
                let (number, given) = next_number(store, OF_DECLARATIONS)?;
                Ok((
                    number,
                    vec![given, becomes(&(person, number), None, Some(&declaration))],
                ))
            })
            .await?;
        self.keep(actor, ActKind::DeclareGiftAid, rows, told(person, number))
            .await?;
        Ok(number)
    }

    /// Cancels a declaration: gifts from `from` on are no more covered.
    pub async fn cancel_gift_aid(
        &self,
        actor: &Actor,
        person: PersonId,
        number: u32,
        from: Date,
    ) -> Result<(), ActError> {
        allowed(actor, ActKind::CancelGiftAid)?;
        let rows = self
            .on_card(move |store| {
                let key = (person, number);
                let before = get::<Declaration>(store, &key)?
                    .ok_or_else(|| ActError::NotThere("There is no such declaration".to_owned()))?;
                if before.cancelled.is_some() {
                    let sentence = "This declaration was cancelled already. Nothing was changed";
                    return Err(ActError::BadInput(sentence.to_owned()));
                }
                let after = Declaration {
                    cancelled: Some(from),
                    ..before.clone()
                };
                Ok(vec![becomes(&key, Some(&before), Some(&after))])
            })
            .await?;
        self.keep(actor, ActKind::CancelGiftAid, rows, told(person, number))
            .await
    }

    /// What could be claimed now. That somebody looked through the gifts is recorded.
    pub async fn gift_aid(&self, actor: &Actor) -> Result<GiftAidPage, ActError> {
        allowed(actor, ActKind::ListGiftAid)?;
        let money = self.money().await?;
        let page = self
            .on_card(move |store| {
                let mut claims = all::<Claim>(store)?;
                let gifts = gifts(store, &money, &claims)?;
                claims.reverse();
                Ok(GiftAidPage { money, gifts, claims })
            })
            .await?;
        let told = Told {
            whose: Whose::Everybody,
            ..Told::default()
        };
        self.keep(actor, ActKind::ListGiftAid, Vec::new(), told).await?;
        Ok(page)
    }

    /// Puts a claim together of all that can be claimed now.
    pub async fn claim_gift_aid(&self, actor: &Actor) -> Result<u32, ActError> {
        allowed(actor, ActKind::ClaimGiftAid)?;
        let (money, by, at) = (self.money().await?, actor.person(), self.effects.now());
        if !money.house.gift_aid {
            let sentence =
                "This place does not claim Gift Aid. A steward can change that in the rules about money";
            return Err(ActError::BadInput(sentence.to_owned()));
        }
        let (number, people, rows) = self
            .on_card(move |store| {
                let gifts = gifts(store, &money, &all::<Claim>(store)?)?;
                if gifts.claimable.is_empty() {
                    let sentence = "There is nothing to claim now. The list says why for each gift";
                    return Err(ActError::BadInput(sentence.to_owned()));
                }
                let claim = Claim {
                    at,
                    by,
                    total: gifts.total,
                    payments: gifts.claimable.iter().map(|(id, ..)| *id).collect(),
                    newer: Newer::default(),
                };
                let (number, given) = next_number(store, OF_CLAIMS)?;
                let people: BTreeSet<PersonId> = gifts.claimable.iter().map(|(.., person)| *person).collect();
                Ok((number, people, vec![given, becomes(&number, None, Some(&claim))]))
            })
            .await?;
        let told = Told {
            subject: format!("claim {number}"),
            whose: Whose::People(people.into_iter().collect()),
            ..Told::default()
        };
        self.keep(actor, ActKind::ClaimGiftAid, rows, told).await?;
        Ok(number)
    }

    /// The lines of a claim's schedule. Names and addresses leave the box here, so it is recorded.
    pub async fn gift_aid_schedule(&self, actor: &Actor, number: u32) -> Result<Vec<ScheduleLine>, ActError> {
        allowed(actor, ActKind::ExportGiftAid)?;
        let money = self.money().await?;
        let (lines, people) = self.on_card(move |store| schedule(store, &money, number)).await?;
        let told = Told {
            subject: format!("claim {number}"),
            whose: Whose::People(people.into_iter().collect()),
            ..Told::default()
        };
        self.keep(actor, ActKind::ExportGiftAid, Vec::new(), told).await?;
        Ok(lines)
    }
}

fn no_such_person() -> ActError {
    ActError::NotThere("There is nobody with this number in the book".to_owned())
}

fn told(person: PersonId, number: u32) -> Told {
    Told {
        subject: person.to_string(),
        whose: Whose::People(vec![person]),
        detail: format!("declaration {number}"),
        why: None,
    }
}

/// Every gift that is in no claim yet, since the first day for which anything can be claimed.
fn gifts(store: &Store, money: &MoneyBook, claims: &[(u32, Claim)]) -> Result<Gifts, ActError> {
    let claimed = claims
        .iter()
        .flat_map(|(_, claim)| claim.payments.iter().copied())
        .collect();
    let declarations = all::<Declaration>(store)?.into_iter().collect();
    let judge = Judge {
        book: &money.book,
        rules: &money.house,
        declarations: &declarations,
        claimed: &claimed,
        today: money.today,
    };
    let first = money.today.saturating_sub(jiff::Span::new().years(5));
    let mut gifts = Gifts {
        claimable: Vec::new(),
        refused: Vec::new(),
        total: money.zero(),
    };
    for (id, payment) in between::<Payment>(store, &first.to_key(), None)? {
        match judge.claimable(id, &payment) {
            Ok(person) => {
                gifts.total = gifts.total.plus(payment.amount)?;
                gifts.claimable.push((id, payment, person));
            }
            Err(why) if payment.purpose == For::Gift && payment.stands() && why != Unclaimable::Claimed => {
                gifts.refused.push((id, payment, why));
            }
            Err(_) => {}
        }
    }
    Ok(gifts)
}

type Schedule = (Vec<ScheduleLine>, BTreeSet<PersonId>);

fn schedule(store: &Store, money: &MoneyBook, number: u32) -> Result<Schedule, ActError> {
    let claim = get::<Claim>(store, &number)?
        .ok_or_else(|| ActError::NotThere("There is no claim with this number".to_owned()))?;
    let payments: Vec<Paid> = claim
        .payments
        .iter()
        .filter_map(|id| {
            Some(
                get::<Payment>(store, id)
                    .transpose()?
                    .map(|payment| (*id, payment)),
            )
        })
        .collect::<Result<_, _>>()?;
    let declarations = all::<Declaration>(store)?.into_iter().collect();
    let judge = Judge {
        book: &money.book,
        rules: &money.house,
        declarations: &declarations,
        claimed: &BTreeSet::new(),
        today: money.today,
    };
    let people = payments
        .iter()
        .filter_map(|(id, payment)| judge.claimable(*id, payment).ok())
        .collect();
    Ok((judge.schedule(&payments, money.zero())?, people))
}
