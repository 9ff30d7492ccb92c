//! A table of people on its way into the book: what its columns mean, what each row says, whom it is about, and what
//! would become of it. Nothing is changed here; the plan is shown first, and is carried out as a whole or not at all.

pub mod about;
mod answer;
pub mod apply;
pub mod entry;
pub mod field;
pub mod find;
pub mod mapping;
pub mod own;
pub mod plan;
pub mod record;
pub mod value;

#[cfg(test)]
mod tests;
