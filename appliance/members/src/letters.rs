//! Letters: one text that gives a web page, print, large print and e-mail; who gets it in which way; and what becomes
//! of it.
//!
//! Nothing here asks how old somebody is, or anything else but how they wish to be reached. What stands in the book
//! about somebody is put into a text as it is and never read as a mark or as a place of the text.

pub mod book;
pub mod choice;
pub mod deal;
pub mod fill;
pub mod mail;
pub mod names;
pub mod places;
pub mod post;
pub mod sheet;
pub mod text;

pub use book::{Channel, Letter, Piece, Run};
pub use choice::Choice;
pub use deal::{Demand, Mailing, deal};
pub use fill::Common;
pub use mail::{Mail, MailServer, MailState, Security};
pub use places::{Place, Values};
pub use text::{Text, TextFault};

#[cfg(test)]
mod tests;
