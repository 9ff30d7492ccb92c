//! Tests of the whole store: beside a model, through power cuts, on full and failing cards, and what is refused.

mod book;
mod card;
mod chain;
mod faults;
mod fixtures;
mod model;
mod power;
mod refusals;
mod rewrite;
mod rows;
mod tail;
mod whole;
