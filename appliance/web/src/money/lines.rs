//! What was asked of a payer and what they paid, line by line, as a steward and the payer see it.

use acts::money::AccountPage;
use members::money::{Payment, PaymentId};

use super::says;
use crate::urls;
use crate::words::say;

/// What was asked for one period.
pub(super) struct DueRow {
    pub(super) period: String,
    pub(super) what: String,
    pub(super) amount: String,
    pub(super) open: String,
}

#[cfg(test)]
impl DueRow {
    /// A month of which something is open.
    pub(super) fn sample() -> Self {
        Self {
            period: "June 2026".to_owned(),
            what: "Monthly <dues>".to_owned(),
            amount: "£3.00".to_owned(),
            open: "£1.00".to_owned(),
        }
    }
}

/// One entry.
pub(super) struct PaidRow {
    /// Where more of it stands; empty where the onlooker has no page of it.
    pub(super) url: String,
    pub(super) day: String,
    pub(super) amount: String,
    pub(super) way: String,
    pub(super) purpose: String,
    /// The number of its receipt; empty where none was made out.
    pub(super) receipt: String,
    pub(super) taken_back: bool,
}

#[cfg(test)]
impl PaidRow {
    /// Cash that was taken back, of which more stands at `url`.
    pub(super) fn sample(url: String) -> Self {
        Self {
            url,
            day: "16 June 2026".to_owned(),
            amount: "£2.00".to_owned(),
            way: say("way-cash"),
            purpose: say("for-dues"),
            receipt: "2026-0001".to_owned(),
            taken_back: true,
        }
    }
}

/// What was asked, the newest first.
pub(super) fn dues(account: &AccountPage) -> Vec<DueRow> {
    let rows = account.dues.iter().zip(&account.allocation.open).rev();
    rows.map(|(due, open)| DueRow {
        period: says::period(&due.period),
        what: account
            .schemes
            .get(&due.scheme)
            .map(|scheme| scheme.name.clone())
            .unwrap_or_default(),
        amount: due.amount.to_string(),
        open: match open.minor() {
            0 => say("account-paid"),
            _ => open.to_string(),
        },
    })
    .collect()
}

impl PaidRow {
    pub(super) fn of((id, payment): &(PaymentId, Payment)) -> Self {
        let receipt = payment.receipt.as_ref();
        Self {
            url: urls::money_payment(&id.to_string()),
            day: says::day(id.day),
            amount: payment.amount.to_string(),
            way: says::way(payment.way),
            purpose: says::purpose(payment.purpose),
            receipt: receipt.map(ToString::to_string).unwrap_or_default(),
            taken_back: !payment.stands(),
        }
    }
}
