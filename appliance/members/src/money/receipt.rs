//! Receipts: numbered from 1 in each year without gaps. The first time that one is shown it is the original, and every
//! later time a copy that says so.

use units::{Instant, PersonId};

use super::payer::{PaymentId, ReceiptNumber};
use crate::record::record;

record! {
    /// A receipt for one payment.
    pub struct Receipt in "receipts" by ReceiptNumber {
        /// What it is for.
        1 payment: PaymentId => "For", Money, LegalObligation, AfterEntry(6);
        /// Who made it out.
        2 by: Option<PersonId> => "Made out by", Accountability, LegitimateInterest, AfterEntry(6);
        /// When.
        3 at: Instant => "Made out", Money, LegalObligation, AfterEntry(6);
        /// How many times it was shown.
        4 shown: u32 => "Shown so many times", Accountability, LegitimateInterest, AfterEntry(6);
    }
}

/// By what the numbers of a year's receipts are counted.
pub fn of_receipts(year: u16) -> String {
    format!("receipts-{year}")
}
