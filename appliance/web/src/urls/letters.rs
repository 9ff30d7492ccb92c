//! The addresses of letters, of their runs and of what is printed.

use super::segment;

/// The letters.
pub(crate) const LETTERS: &str = "/members/letters";

/// Where a letter is written.
pub(crate) const LETTER_NEW: &str = "/members/letters/new";

/// One letter.
pub(crate) const LETTER: &str = "/members/letters/{letter}";

/// Where the button to throw a letter away leads.
pub(crate) const LETTER_REMOVE: &str = "/members/letters/{letter}/remove";

/// Where people are chosen for a letter, and where it is sent.
pub(crate) const LETTER_SEND: &str = "/members/letters/{letter}/send";

/// To whom a letter went.
pub(crate) const RUN: &str = "/members/letters/runs/{run}";

/// The letters of a run for printing.
pub(crate) const RUN_PRINT: &str = "/members/letters/runs/{run}/print";

/// The e-mails that wait or went.
pub(crate) const MAILS: &str = "/members/letters/mails";

/// By which mail server e-mail goes.
pub(crate) const MAIL_SERVER: &str = "/members/letters/mail-server";

/// Where the button to try the way leads.
pub(crate) const MAIL_TRY: &str = "/members/letters/mail-server/try";

/// Labels, lists to sign, cards, slips.
pub(crate) const PRINT: &str = "/members/print";

/// Labels for envelopes.
pub(crate) const LABELS: &str = "/members/print/labels";

/// How labels lie on their sheet.
pub(crate) const LABELS_STYLE: &str = "/members/print/labels.css";

/// A list to sign.
pub(crate) const ATTENDANCE: &str = "/members/print/attendance";

/// Membership cards.
pub(crate) const CARDS: &str = "/members/print/cards";

/// Slips to sign in with, for several people.
pub(crate) const SLIPS: &str = "/members/print/slips";

/// Where the square on a membership card leads.
pub(crate) const CARD: &str = "/members/card/{number}";

/// The letters to oneself.
pub(crate) const MY_LETTERS: &str = "/me/letters";

/// One letter to oneself.
pub(crate) const MY_LETTER: &str = "/me/letters/{run}";

/// One letter.
pub(crate) fn letter(number: u32) -> String {
    format!("{LETTERS}/{number}")
}

/// Where a letter is thrown away.
pub(crate) fn letter_remove(number: u32) -> String {
    format!("{LETTERS}/{number}/remove")
}

/// Where a letter is sent.
pub(crate) fn letter_send(number: u32) -> String {
    format!("{LETTERS}/{number}/send")
}

/// To whom a letter went.
pub(crate) fn run(number: u32) -> String {
    format!("{LETTERS}/runs/{number}")
}

/// The letters of a run for printing.
pub(crate) fn run_print(number: u32) -> String {
    format!("{LETTERS}/runs/{number}/print")
}

/// Labels for the envelopes of a run.
pub(crate) fn labels_for(run: u32) -> String {
    format!("{LABELS}?run={run}")
}

/// How labels lie on this sheet.
pub(crate) fn labels_style(sheet: &str) -> String {
    format!("{LABELS_STYLE}?sheet={}", segment(sheet))
}

/// Where the square on the card with this number leads.
pub(crate) fn card(number: u32) -> String {
    format!("/members/card/{number}")
}

/// One letter to oneself.
pub(crate) fn my_letter(run: u32) -> String {
    format!("{MY_LETTERS}/{run}")
}
