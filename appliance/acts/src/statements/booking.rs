//! Lines become payments, all at once or none; and a whole statement is undone.

use std::collections::{BTreeMap, BTreeSet};

use members::money::{For, LONGEST_REFERENCE, NewPayment, Payment, Way};
use members::statement::kept::{Choice, Counterparty, KeptLine, KnownLine, LineId};
use members::statement::matching::Matched;
use members::statement::{Payers, keys};
use members::text;
use store::{RowChange, Store, Whose};
use units::PersonId;

use super::grid::{Standing, standing};
use super::{Kept, kept, payer_of, payers};
use crate::act::{ActError, allowed};
use crate::money::{MoneyBook, Posting};
use crate::rows::{all, becomes, get};
use crate::table::ActKind;
use crate::{Actor, Acts, Told};

/// How often it is tried when others enter payments at the same moment.
const TRIES: usize = 5;

/// What was booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booked {
    /// How many payments.
    pub payments: usize,
    /// Whose.
    pub people: Vec<PersonId>,
}

impl Acts {
    /// Books every line that is surely somebody's or that somebody accepted, in one transaction, and learns from it.
    pub async fn book_statement(&self, actor: &Actor, statement: u32) -> Result<Booked, ActError> {
        allowed(actor, ActKind::BookStatement)?;
        for _ in 0..TRIES {
            let (money, by, at) = (self.money().await?, actor.person(), self.effects.now());
            let (booked, rows) = self
                .on_card(move |store| {
                    let posting = Posting::new(store, money.currency, money.today, by, at)?;
                    booked(store, &money, statement, posting, by)
                })
                .await?;
            let told = Told {
                subject: format!("statement {statement}"),
                whose: Whose::People(booked.people.clone()),
                detail: format!("{} payments", booked.payments),
                ..Told::default()
            };
            match self.keep(actor, ActKind::BookStatement, rows, told).await {
                Err(ActError::Conflict) => {}
                Err(error) => return Err(error),
                Ok(()) => return Ok(booked),
            }
        }
        Err(ActError::Conflict)
    }

    /// Undoes a whole statement: what it booked is taken back, its lines go, and the same file can be read again.
    pub async fn undo_statement(&self, actor: &Actor, statement: u32, why: &str) -> Result<usize, ActError> {
        allowed(actor, ActKind::UndoStatement)?;
        let why = text::line(why, LONGEST_REFERENCE)
            .map_err(|unfit| ActError::BadInput(format!("Say why the statement is undone. {unfit}")))?;
        let (currency, today, by, at) = (self.currency()?, self.day(), actor.person(), self.effects.now());
        let reason = why.clone();
        let (count, people, rows) = self
            .on_card(move |store| {
                let posting = Posting::new(store, currency, today, by, at)?;
                undone(store, statement, posting, &reason)
            })
            .await?;
        let told = Told {
            subject: format!("statement {statement}"),
            whose: Whose::People(people),
            detail: format!("{count} payments taken back"),
            why: Some(why),
        };
        self.keep(actor, ActKind::UndoStatement, rows, told).await?;
        Ok(count)
    }
}

/// Whose payment a line is, if it is to be booked now.
fn payer(kept: &KeptLine, payers: &Payers) -> Option<PersonId> {
    match standing(kept, payers) {
        (Standing::Accepted, _) => kept.payer,
        (Standing::Matched, Matched::Matched(one)) => Some(one.person),
        _ => None,
    }
}

fn booked(
    store: &Store,
    money: &MoneyBook,
    statement: u32,
    mut posting: Posting<'_>,
    by: Option<PersonId>,
) -> Result<(Booked, Vec<RowChange>), ActError> {
    let Kept { file, lines } = kept(store, statement)?;
    let payers = payers(store, money)?;
    let owing = money.owing();
    let mut learned: BTreeMap<String, (Option<Counterparty>, Counterparty)> = BTreeMap::new();
    let mut rows = Vec::new();
    let mut people = BTreeSet::new();
    for (id, line) in &lines {
        let Some(person) = payer(line, &payers) else {
            continue;
        };
        let new = NewPayment {
            payer: payer_of(money, &owing, person),
            purpose: purpose(money, person),
            line: Some(format!("{}-{}", id.statement, id.line)),
            ..payment(line, &file.source)
        };
        let wrong = |error: ActError| {
            ActError::BadInput(format!(
                "Line {} cannot be booked: {error}. Nothing was booked",
                id.line
            ))
        };
        let (payment, _) = posting.enter(new).map_err(wrong)?;
        let after = KeptLine {
            choice: Some(Choice::Theirs),
            payer: Some(person),
            payment: Some(payment),
            by: line.by.or(by),
            ..line.clone()
        };
        rows.push(becomes(id, Some(line), Some(&after)));
        people.insert(person);
        learn(store, &mut learned, line, person)?;
    }
    if rows.is_empty() {
        let sentence =
            "No line of this statement is ready to be booked. Say who paid the lines that are open first";
        return Err(ActError::BadInput(sentence.to_owned()));
    }
    let payments = rows.len();
    rows.extend(posting.rows());
    rows.extend(
        learned
            .iter()
            .map(|(key, (before, after))| becomes(key, before.as_ref(), Some(after))),
    );
    let people = people.into_iter().collect();
    Ok((Booked { payments, people }, rows))
}

/// The payment that a line is, without who paid and what for.
fn payment(kept: &KeptLine, source: &str) -> NewPayment {
    let line = &kept.line;
    let words = line.text();
    let order = words
        .split(|sign: char| !sign.is_alphabetic())
        .any(|word| matches!(word, "STO" | "SO" | "STDORDER"));
    let way = match source {
        "GoCardless" => Way::DirectDebit,
        "Stripe" => Way::Card,
        _ if order || words.to_lowercase().contains("standing order") => Way::StandingOrder,
        _ => Way::BankTransfer,
    };
    let reference: String = words.chars().take(LONGEST_REFERENCE).collect();
    NewPayment {
        day: line.date,
        payer: None,
        outsider: None,
        amount: line.amount,
        way,
        purpose: For::Dues,
        reference: Some(reference)
            .filter(|words| !words.is_empty())
            .or(Some("bank statement".to_owned())),
        line: None,
    }
}

/// Members pay dues; whoever is none gives.
fn purpose(money: &MoneyBook, person: PersonId) -> For {
    if money.book.is_member(person) {
        For::Dues
    } else {
        For::Gift
    }
}

fn learn(
    store: &Store,
    learned: &mut BTreeMap<String, (Option<Counterparty>, Counterparty)>,
    kept: &KeptLine,
    person: PersonId,
) -> Result<(), ActError> {
    for key in keys(&kept.line) {
        let (before, so_far) = match learned.remove(&key) {
            Some((before, after)) => (before, Some(after)),
            None => {
                let before = get::<Counterparty>(store, &key)?;
                (before.clone(), before)
            }
        };
        let after = Counterparty::booked(so_far.as_ref(), person, kept.line.date);
        learned.insert(key, (before, after));
    }
    Ok(())
}

fn undone(
    store: &Store,
    statement: u32,
    mut posting: Posting<'_>,
    why: &str,
) -> Result<(usize, Vec<PersonId>, Vec<RowChange>), ActError> {
    let Kept { file, lines } = kept(store, statement)?;
    let mut rows = vec![becomes(&statement, Some(&file), None)];
    let mut people = BTreeSet::new();
    let mut count = 0;
    for (id, line) in &lines {
        if let Some(payment) = line.payment {
            people.extend(line.payer);
            // What somebody took back by hand stays so.
            if get::<Payment>(store, &payment)?.is_some_and(|payment| payment.stands()) {
                posting.reverse(payment, Some(why.to_owned()))?;
                count += 1;
            }
        }
        let known = get::<KnownLine>(store, &line.mark)?;
        rows.push(becomes(&line.mark, known.as_ref(), None));
        rows.push(becomes(id, Some(line), None));
    }
    rows.extend(posting.rows());
    rows.extend(unlearned(store, &lines)?);
    Ok((count, people.into_iter().collect(), rows))
}

/// What is known of counterparties without these lines: worked out anew from all others that were booked.
fn unlearned(store: &Store, gone: &[(LineId, KeptLine)]) -> Result<Vec<RowChange>, ActError> {
    let without: BTreeSet<LineId> = gone.iter().map(|(id, _)| *id).collect();
    let touched = gone.iter().filter(|(_, line)| line.payment.is_some());
    let touched: BTreeSet<String> = touched.flat_map(|(_, line)| keys(&line.line)).collect();
    let mut anew: BTreeMap<String, Counterparty> = BTreeMap::new();
    for (id, line) in all::<KeptLine>(store)? {
        let (Some(person), Some(_)) = (line.payer, line.payment) else {
            continue;
        };
        if without.contains(&id) {
            continue;
        }
        for key in keys(&line.line).into_iter().filter(|key| touched.contains(key)) {
            let after = Counterparty::booked(anew.get(&key), person, line.line.date);
            anew.insert(key, after);
        }
    }
    let mut rows = Vec::new();
    for key in touched {
        let before = get::<Counterparty>(store, &key)?;
        if before.as_ref() != anew.get(&key) {
            rows.push(becomes(&key, before.as_ref(), anew.get(&key)));
        }
    }
    Ok(rows)
}
