//! Arrears and reminders: the list of who owes, and that somebody was asked, which happens once within some days.

use members::money::{
    Account, Channel, Owes, Owing, Payer, Reminder, ToRemind, arrears, may_remind, reminders,
};
use members::record::Newer;
use store::{RowChange, Whose};

use super::{MoneyBook, money_book};
use crate::act::{ActError, allowed};
use crate::rows::becomes;
use crate::table::ActKind;
use crate::{Actor, Acts, Told};

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
        let (currency, today, by, at) = (self.currency()?, self.day(), actor.person(), self.effects.now());
        let whom = whom.to_vec();
        let (people, count, rows) = self
            .on_card(move |store| {
                let money = money_book(store, currency, today)?;
                let owing = Owing::new(&money.book, &money.rules, today);
                let late = arrears(&owing, &money.accounts, money.zero(), today)?;
                let (mut rows, mut people, mut count) = (Vec::new(), Vec::new(), 0);
                for owes in &late {
                    let Some((_, channel)) = whom.iter().find(|(payer, _)| *payer == owes.payer) else {
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
                Ok((people, count, rows))
            })
            .await?;
        if count == 0 {
            return Ok(0);
        }
        let told = Told {
            whose: Whose::People(people),
            detail: format!("{count} reminded"),
            ..Told::default()
        };
        self.keep(actor, ActKind::Remind, rows, told).await?;
        Ok(count)
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
