//! Arrears and reminders: the list of who owes, and that somebody was asked, which happens once within some days.

use std::collections::BTreeMap;

use members::money::{Account, Channel, Owes, Payer, Reminder, ToRemind, may_remind, reminders};
use members::record::Newer;
use store::{RowChange, Whose};

use super::{MoneyBook, money_book};
use crate::act::{ActError, allowed};
use crate::rows::becomes;
use crate::table::ActKind;
use crate::{Actor, Acts, Told};

/// Reminders that are to be written.
pub(crate) struct Noted {
    /// The rows.
    pub(crate) rows: Vec<RowChange>,
    /// What the record is told.
    pub(crate) told: Told,
    /// How many payers were reminded.
    pub(crate) count: usize,
}

impl Acts {
    /// Everybody of whom something is late, with the book to name them. That somebody looked is recorded.
    pub async fn list_arrears(&self, actor: &Actor) -> Result<(MoneyBook, Vec<Owes>), ActError> {
        allowed(actor, ActKind::ListArrears)?;
        let (currency, today) = (self.currency()?, self.day());
        let (money, late) = self
            .on_card(move |store| {
                let money = money_book(store, currency, today)?;
                let late = money.arrears()?;
                Ok((money, late))
            })
            .await?;
        let told = Told {
            whose: Whose::Everybody,
            detail: format!("{} owe something", late.len()),
            ..Told::default()
        };
        self.keep(actor, ActKind::ListArrears, Vec::new(), told).await?;
        Ok((money, late))
    }

    /// Who is to be reminded now, and by which way: for the screen, for letters and for calls.
    pub async fn reminders(&self, actor: &Actor) -> Result<(MoneyBook, Vec<ToRemind>), ActError> {
        let (money, late) = self.list_arrears(actor).await?;
        let due = reminders(&money.book, &late, &money.house, money.today);
        Ok((money, due))
    }

    /// Writes down that these payers were reminded. Whoever was within the days of the house, or owes nothing any more, is
    /// left out; so many were written down.
    pub async fn remind(&self, actor: &Actor, whom: &[(Payer, Channel)]) -> Result<usize, ActError> {
        allowed(actor, ActKind::Remind)?;
        let Some(noted) = self.noted(actor, whom).await? else {
            return Ok(0);
        };
        self.keep(actor, ActKind::Remind, noted.rows, noted.told).await?;
        Ok(noted.count)
    }

    /// What is to be written so that these payers were reminded, for an act that writes more with it; `None` where nobody
    /// of them is to be reminded now.
    pub(crate) async fn noted(
        &self,
        actor: &Actor,
        whom: &[(Payer, Channel)],
    ) -> Result<Option<Noted>, ActError> {
        if whom.is_empty() {
            return Ok(None);
        }
        let (currency, today, by, at) = (self.currency()?, self.day(), actor.person(), self.effects.now());
        let whom: BTreeMap<Payer, Channel> = whom.iter().copied().collect();
        self.on_card(move |store| {
            let money = money_book(store, currency, today)?;
            let (mut rows, mut people, mut count) = (Vec::new(), Vec::new(), 0);
            for owes in &money.arrears()? {
                let Some(channel) = whom.get(&owes.payer) else {
                    continue;
                };
                if !may_remind(owes.reminded, today, money.house.remind_every) {
                    continue;
                }
                let reminder = Reminder {
                    on: today,
                    channel: *channel,
                    owed: owes.standing.owed,
                    since: owes.standing.since,
                    by,
                    at,
                    newer: Newer::default(),
                };
                rows.extend(reminded(&money, owes.payer, &reminder));
                people.extend(&owes.people);
                count += 1;
            }
            let told = Told {
                whose: Whose::People(people),
                detail: format!("{count} reminded"),
                ..Told::default()
            };
            Ok((count > 0).then_some(Noted { rows, told, count }))
        })
        .await
    }
}

/// The rows by which a payer was reminded: the reminder, and the day in their account.
fn reminded(money: &MoneyBook, payer: Payer, reminder: &Reminder) -> [RowChange; 2] {
    let before = money.accounts.get(&payer);
    let mut after = before.cloned().unwrap_or_else(|| Account::empty(money.currency));
    after.reminders = after.reminders.saturating_add(1);
    after.reminded = Some(reminder.on);
    [
        becomes(&(payer, after.reminders), None, Some(reminder)),
        becomes(&payer, before, Some(&after)),
    ]
}
