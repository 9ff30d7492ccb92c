//! The money of two payers who are one person: every entry stays, and the sums are added up.

use units::MoneyError;

use crate::money::Account;

/// One account of two.
pub(super) fn one_account(one: &Account, other: &Account) -> Result<Account, MoneyError> {
    Ok(Account {
        dues: one.dues.plus(other.dues)?,
        waived: one.waived.plus(other.waived)?,
        gifts: one.gifts.plus(other.gifts)?,
        other: one.other.plus(other.other)?,
        entries: one.entries.saturating_add(other.entries),
        last: one.last.max(other.last),
        reminded: one.reminded.max(other.reminded),
        reminders: one.reminders.saturating_add(other.reminders),
        newer: one.newer.clone(),
    })
}
