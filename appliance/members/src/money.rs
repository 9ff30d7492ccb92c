//! Money: what is asked of whom, what was paid, the cash box, receipts, reminders and gifts. Whole minor units of one
//! currency, and never two currencies in one sum. What somebody owes plays no part in whether they are a member.

mod allocate;
mod cash;
mod due;
mod gift_aid;
mod house_rules;
mod payer;
mod payment;
mod period;
mod receipt;
mod reminder;
mod scheme;
mod standing;

pub use allocate::{Allocation, Part, allocate};
pub use cash::{CashBook, CashDay, Closing, Count, NoClosing, seal};
pub use due::{Due, Owing, Rules};
pub use gift_aid::{
    Claim, Declaration, Heard, Judge, NoDeclaration, SCHEDULE, SCHEDULE_LINES, ScheduleLine, Unclaimable,
    WORDING,
};
pub use house_rules::{HOUSE, HouseRules};
pub use payer::{NotFound, Payer, PaymentId, ReceiptNumber};
pub use payment::{
    Account, For, FormDone, LONGEST_REFERENCE, NewPayment, NoPayment, Payment, PaymentOf, Way,
};
pub use period::{Every, Period, days_after, days_between, periods};
pub use receipt::{Receipt, of_receipts};
pub use reminder::{Channel, Owes, Reminder, ToRemind, arrears, may_remind, reminders};
pub use scheme::{Agreement, Joining, NoScheme, NoTerm, Per, Price, Scheme, Term, Tier, TierKind};
pub use standing::{PaidState, Standing};

/// The numbers of payments and of all other entries of money.
pub const OF_PAYMENTS: &str = "payments";
/// The numbers of rules for dues.
pub const OF_SCHEMES: &str = "dues";
/// The numbers of Gift Aid declarations.
pub const OF_DECLARATIONS: &str = "gift-aid";
/// The numbers of Gift Aid claims.
pub const OF_CLAIMS: &str = "gift-aid-claims";
