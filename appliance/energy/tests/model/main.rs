//! The rules of energy against a house whose truth is known. Cases that once failed are kept in `tests/seeds` and are
//! tried first.

mod counter;
mod ledger;
mod world;
