//! Looks at money: the sums of a month, somebody found by their name, one payer's page.

use std::collections::BTreeMap;

use jiff::civil::Date;
use members::money::{
    Account, Agreement, Allocation, CashBook, CashDay, Due, For, HouseRules, Payer, Payment, PaymentId,
    PaymentOf, Reminder, Scheme, Standing, Way, allocate,
};
use members::record::Key;
use members::text::folded;
use store::{Store, Whose};
use units::{Money, PersonId};

use super::enter::known;
use super::posting::no_such_payment;
use super::{MoneyBook, Paid, money_book, told_of};
use crate::act::{ActError, allowed};
use crate::rows::{all, between, get, under};
use crate::table::ActKind;
use crate::{Actor, Acts, Told};

/// So many people are offered at most when somebody is looked for.
const OFFERED: usize = 20;

/// Sums for a glance: nobody's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// The first day of the month.
    pub month: Date,
    /// What came in this month, less what went back, by what it was for.
    pub came: BTreeMap<For, Money>,
    /// The same, by which way.
    pub ways: BTreeMap<Way, Money>,
    /// How many payers owe something late.
    pub late: usize,
    /// And how much.
    pub late_sum: Money,
    /// What should lie in the cash box.
    pub in_box: Money,
    /// The oldest day of the cash book that has entries and is not closed, if it lies before today.
    pub open_day: Option<Date>,
    /// How many sets of rules for dues there are.
    pub schemes: usize,
    /// The day.
    pub today: Date,
}

/// Somebody found by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayerFound {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// What tells them from another of the same name: the first line of the address.
    pub home: Option<String>,
    /// Who pays their dues.
    pub payer: Payer,
    /// How that payer stands.
    pub standing: Standing,
}

/// Everything about one payer's money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountPage {
    /// Who pays.
    pub payer: Payer,
    /// What they are called.
    pub name: String,
    /// The people for whom they pay dues, with their names.
    pub people: Vec<(PersonId, String)>,
    /// Where the person's dues are paid by their household: that household.
    pub paid_by: Option<Payer>,
    /// How they stand.
    pub standing: Standing,
    /// What was asked until today, the oldest first.
    pub dues: Vec<Due>,
    /// The rules, for their names.
    pub schemes: BTreeMap<u32, Scheme>,
    /// What was agreed.
    pub agreement: Option<Agreement>,
    /// The running account.
    pub account: Account,
    /// Every entry, the oldest first.
    pub payments: Vec<Paid>,
    /// Where the payments for dues went; the dues are in the same order as above.
    pub allocation: Allocation,
    /// Reminders, the oldest first.
    pub reminders: Vec<Reminder>,
    /// What the house decided.
    pub house: HouseRules,
    /// The day.
    pub today: Date,
}

/// One entry with the name of who paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentSeen {
    /// The entry.
    pub payment: Payment,
    /// Who paid, as they are called.
    pub name: String,
}

impl Acts {
    /// One entry. That somebody looked at it is recorded.
    pub async fn look_payment(&self, actor: &Actor, id: PaymentId) -> Result<PaymentSeen, ActError> {
        allowed(actor, ActKind::LookAccount)?;
        let book = self.book().await?;
        let payment = self
            .on_card(move |store| get::<Payment>(store, &id)?.ok_or_else(no_such_payment))
            .await?;
        let (name, whose) = match (payment.payer, &payment.outsider) {
            (Some(Payer::Person(person)), _) => {
                let found = book.people.get(&person);
                let name = found.map_or_else(|| person.to_string(), |found| found.name.clone());
                (name, Whose::People(vec![person]))
            }
            (Some(Payer::Household(household)), _) => {
                let people = book.people_of(household).map(|(id, _)| id).collect();
                (book.household_name(household), Whose::People(people))
            }
            (None, outsider) => (outsider.clone().unwrap_or_default(), Whose::Nobody),
        };
        let told = Told {
            subject: format!("payment {id}"),
            whose,
            ..Told::default()
        };
        self.keep(actor, ActKind::LookAccount, Vec::new(), told).await?;
        Ok(PaymentSeen { payment, name })
    }

    /// The sums of this month and what is late. It names nobody, so no line of the record tells of it.
    pub async fn money_overview(&self, actor: &Actor) -> Result<Overview, ActError> {
        allowed(actor, ActKind::LookMoney)?;
        let (currency, today) = (self.currency()?, self.day());
        self.on_card(move |store| overview(store, &money_book(store, currency, today)?))
            .await
    }

    /// People whose name has these words, with what they owe: for whoever takes their money.
    pub async fn find_payers(&self, actor: &Actor, words: &str) -> Result<Vec<PayerFound>, ActError> {
        allowed(actor, ActKind::FindPayer)?;
        let wanted = folded(words);
        let money = self.money().await?;
        let found = find(&money, &wanted)?;
        let told = Told {
            whose: Whose::People(found.iter().map(|found| found.person).collect()),
            detail: format!("found {}", found.len()),
            ..Told::default()
        };
        self.keep(actor, ActKind::FindPayer, Vec::new(), told).await?;
        Ok(found)
    }

    /// One payer's dues and payments. That somebody looked at them is recorded.
    pub async fn look_account(&self, actor: &Actor, payer: Payer) -> Result<AccountPage, ActError> {
        allowed(actor, ActKind::LookAccount)?;
        let page = self.account(payer).await?;
        let whose = match payer {
            Payer::Person(person) => vec![person],
            Payer::Household(_) => page.people.iter().map(|(person, _)| *person).collect(),
        };
        self.keep(actor, ActKind::LookAccount, Vec::new(), told_of(payer, whose, ""))
            .await?;
        Ok(page)
    }

    /// One's own dues and payments, or those of one's household where it pays.
    pub async fn own_money(&self, actor: &Actor) -> Result<AccountPage, ActError> {
        let Some(person) = actor.person() else {
            return Err(ActError::NotAllowed(crate::Right::OwnAccount));
        };
        let page = self.account(Payer::Person(person)).await?;
        match page.paid_by {
            Some(household) => self.account(household).await,
            None => Ok(page),
        }
    }

    async fn account(&self, payer: Payer) -> Result<AccountPage, ActError> {
        let (currency, today) = (self.currency()?, self.day());
        self.on_card(move |store| {
            known(store, Some(payer))?;
            account_page(store, &money_book(store, currency, today)?, payer)
        })
        .await
    }
}

fn overview(store: &Store, money: &MoneyBook) -> Result<Overview, ActError> {
    let month = money.today.first_of_month();
    let next = month.saturating_add(jiff::Span::new().months(1));
    let (mut came, mut ways) = (BTreeMap::new(), BTreeMap::new());
    let entries = between::<Payment>(store, &month.to_key(), Some(&next.to_key()))?;
    for (_, payment) in entries.iter().filter(|(_, payment)| !payment.purpose.goes_out()) {
        let sum = came.entry(payment.purpose).or_insert(money.zero());
        *sum = sum.plus(payment.amount)?;
        let sum = ways.entry(payment.way).or_insert(money.zero());
        *sum = sum.plus(payment.amount)?;
    }
    let late = money.arrears()?;
    let sums = late.iter().map(|owes| owes.standing.late);
    let cash = CashBook {
        days: all::<CashDay>(store)?.into_iter().collect(),
    };
    Ok(Overview {
        month,
        came,
        ways,
        late: late.len(),
        late_sum: sums.into_iter().try_fold(money.zero(), Money::plus)?,
        in_box: cash.expected(money.today, money.currency)?,
        open_day: cash.open_before(money.today),
        schemes: money.rules.schemes.len(),
        today: money.today,
    })
}

fn find(money: &MoneyBook, wanted: &str) -> Result<Vec<PayerFound>, ActError> {
    if wanted.chars().count() < 2 {
        let sentence = "Write at least two letters of the name";
        return Err(ActError::BadInput(sentence.to_owned()));
    }
    let words: Vec<&str> = wanted.split(' ').collect();
    let mut hits: Vec<(bool, String, PersonId)> = Vec::new();
    for (id, person) in &money.book.people {
        let name = folded(&person.name);
        let called = person.called.as_deref().map(folded).unwrap_or_default();
        if words
            .iter()
            .all(|word| name.contains(word) || called.contains(word))
        {
            // Whose name or a word of it begins so comes first.
            let begins = name.split(' ').any(|part| part.starts_with(words[0]));
            hits.push((!begins, person.sorted_under(), *id));
        }
    }
    hits.sort();
    hits.truncate(OFFERED);
    let owing = money.owing();
    let found = hits
        .into_iter()
        .filter_map(|(_, _, id)| Some((id, money.book.people.get(&id)?)));
    found
        .map(|(id, person)| {
            let payer = owing.payer(id);
            let address = money.book.address_of(person);
            Ok(PayerFound {
                person: id,
                name: person.name.clone(),
                home: address.and_then(|address| address.lines.first().cloned()),
                payer,
                standing: money.standing(&owing, payer)?,
            })
        })
        .collect()
}

/// The entries of a payer, the oldest first.
fn entries(store: &Store, payer: Payer) -> Result<Vec<Paid>, ActError> {
    let ways = under::<PaymentOf>(store, &payer.to_key())?;
    let found = ways.into_iter().filter_map(|((_, id), _)| {
        let payment = get::<Payment>(store, &id).transpose()?;
        Some(payment.map(|payment| (id, payment)))
    });
    Ok(found.collect::<Result<_, _>>()?)
}

fn account_page(store: &Store, money: &MoneyBook, payer: Payer) -> Result<AccountPage, ActError> {
    let owing = money.owing();
    let all_dues = owing.dues(payer);
    let standing = Standing::of(&all_dues, money.paid(payer), money.today)?;
    let dues: Vec<Due> = all_dues.into_iter().filter(|due| due.on <= money.today).collect();
    let payments = entries(store, payer)?;
    let for_dues: Vec<(PaymentId, Money)> = payments
        .iter()
        .filter(|(_, payment)| payment.purpose == For::Dues)
        .map(|(id, payment)| (*id, payment.amount))
        .collect();
    let allocation = allocate(&dues, &for_dues, money.zero())?;
    let paid_by = match payer {
        Payer::Person(person) => Some(owing.payer(person)).filter(|by| *by != payer),
        Payer::Household(_) => None,
    };
    let named = |id: &PersonId| (*id, money.name(Payer::Person(*id)));
    let people = match payer {
        Payer::Person(person) => vec![named(&person)],
        Payer::Household(household) => money
            .book
            .people_of(household)
            .map(|(id, _)| named(&id))
            .collect(),
    };
    let reminders = under::<Reminder>(store, &payer.to_key())?;
    Ok(AccountPage {
        payer,
        name: money.name(payer),
        people,
        paid_by,
        standing,
        dues,
        schemes: money.rules.schemes.clone(),
        agreement: money.rules.agreements.get(&payer).cloned(),
        account: match money.accounts.get(&payer) {
            Some(account) => account.clone(),
            None => Account::empty(money.currency),
        },
        payments,
        allocation,
        reminders: reminders.into_iter().map(|(_, reminder)| reminder).collect(),
        house: money.house.clone(),
        today: money.today,
    })
}
