//! Money: what is asked of whom, what was paid, the cash box, receipts, reminders and gifts. Whole minor units of one
//! currency, and never two currencies in one sum. What somebody owes plays no part in whether they are a member.

mod allocate;
mod due;
mod payer;
mod payment;
mod period;
mod scheme;
mod standing;

pub use allocate::{Allocation, Part, allocate};
pub use due::{Due, Owing, Rules};
pub use payer::{NotFound, Payer, PaymentId, ReceiptNumber};
pub use payment::{
    Account, For, FormDone, LONGEST_REFERENCE, NewPayment, NoPayment, Payment, PaymentOf, Way,
};
pub use period::{Every, Period, days_after, days_between, periods};
pub use scheme::{Agreement, Joining, NoScheme, NoTerm, Per, Price, Scheme, Term, Tier, TierKind};
pub use standing::{PaidState, Standing};

/// The numbers of payments and of all other entries of money.
pub const OF_PAYMENTS: &str = "payments";
/// The numbers of rules for dues.
pub const OF_SCHEMES: &str = "dues";
