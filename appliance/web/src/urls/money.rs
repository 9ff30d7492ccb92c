//! The addresses of money: dues, payments, the cash book, receipts.

use super::segment;

/// Money: this month, and the ways on.
pub(crate) const MONEY: &str = "/money";

/// Where a payment is taken.
pub(crate) const MONEY_PAY: &str = "/money/pay";

/// What one payer owes and paid.
pub(crate) const MONEY_PAYER: &str = "/money/payer/{payer}";

/// Where it is sent what was agreed with a payer.
pub(crate) const MONEY_AGREE: &str = "/money/payer/{payer}/agree";

/// Where a person's Gift Aid declaration is sent.
pub(crate) const MONEY_DECLARE: &str = "/money/payer/{payer}/gift-aid";

/// Where it is sent that a declaration is cancelled.
pub(crate) const MONEY_UNDECLARE: &str = "/money/payer/{payer}/gift-aid/cancel";

/// One entry of money.
pub(crate) const MONEY_PAYMENT: &str = "/money/payment/{id}";

/// Where the button for a receipt leads.
pub(crate) const MONEY_PAYMENT_RECEIPT: &str = "/money/payment/{id}/receipt";

/// The rules of dues.
pub(crate) const MONEY_DUES: &str = "/money/dues";

/// One set of them.
pub(crate) const MONEY_SCHEME: &str = "/money/dues/{number}";

/// Who owes something.
pub(crate) const MONEY_ARREARS: &str = "/money/arrears";

/// The cash book.
pub(crate) const MONEY_CASH: &str = "/money/cash";

/// Where the count of the cash box is sent.
pub(crate) const MONEY_CASH_CLOSE: &str = "/money/cash/close";

/// The receipts of a year.
pub(crate) const MONEY_RECEIPTS: &str = "/money/receipts";

/// One receipt.
pub(crate) const MONEY_RECEIPT: &str = "/money/receipts/{number}";

/// Gift Aid.
pub(crate) const MONEY_GIFT_AID: &str = "/money/gift-aid";

/// The schedule of a claim.
pub(crate) const MONEY_CLAIM: &str = "/money/gift-aid/{number}";

/// What one owes and paid oneself.
pub(crate) const MY_DUES: &str = "/me/dues";

/// Where a payment of this payer is taken.
pub(crate) fn money_pay(payer: &str) -> String {
    format!("{MONEY_PAY}?payer={}", segment(payer))
}

/// What this payer owes and paid.
pub(crate) fn money_payer(payer: &str) -> String {
    format!("/money/payer/{}", segment(payer))
}

/// Where it is sent what was agreed with this payer.
pub(crate) fn money_agree(payer: &str) -> String {
    format!("/money/payer/{}/agree", segment(payer))
}

/// Where this person's declaration is sent.
pub(crate) fn money_declare(payer: &str) -> String {
    format!("/money/payer/{}/gift-aid", segment(payer))
}

/// Where it is sent that a declaration of this person is cancelled.
pub(crate) fn money_undeclare(payer: &str) -> String {
    format!("/money/payer/{}/gift-aid/cancel", segment(payer))
}

/// This entry.
pub(crate) fn money_payment(id: &str) -> String {
    format!("/money/payment/{}", segment(id))
}

/// Where the button for a receipt of this entry leads.
pub(crate) fn money_payment_receipt(id: &str) -> String {
    format!("/money/payment/{}/receipt", segment(id))
}

/// One set of rules of dues.
pub(crate) fn money_scheme(number: &str) -> String {
    format!("/money/dues/{}", segment(number))
}

/// The list of who owes, with how many were written down as reminded.
pub(crate) fn money_reminded(count: usize) -> String {
    format!("{MONEY_ARREARS}?reminded={count}")
}

/// A day of the cash book.
pub(crate) fn money_cash(day: &str) -> String {
    format!("{MONEY_CASH}?day={}", segment(day))
}

/// A day of the cash book that was just closed.
pub(crate) fn money_cash_closed(day: &str) -> String {
    format!("{MONEY_CASH}?day={}&done=closed", segment(day))
}

/// The receipts of a year.
pub(crate) fn money_receipts(year: u16) -> String {
    format!("{MONEY_RECEIPTS}?year={year}")
}

/// One receipt.
pub(crate) fn money_receipt(number: &str) -> String {
    format!("/money/receipts/{}", segment(number))
}

/// The schedule of a claim, a thousand lines at a time.
pub(crate) fn money_claim(number: u32, part: usize) -> String {
    format!("/money/gift-aid/{number}?part={part}")
}
