//! People and households: who may look at them and change them, and what of it stands in the record.

mod list;

pub use list::{FoundPeople, PersonLine};
