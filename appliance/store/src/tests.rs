//! Tests of the whole store: beside a model, through power cuts, on full and failing cards, and what is refused.

mod book;
pub(crate) mod card;
mod chain;
mod faults;
mod fixtures;
mod format_2;
mod format_3;
mod late;
mod ledger;
pub(crate) mod model;
mod mutations;
mod power;
mod refusals;
mod rewrite;
mod rows;
mod space;
mod tail;
mod whole;
