//! Acts upon money, as a box does them with its store: what is entered once, what is refused, and what the record says.

mod cash;
mod dues;
mod entries;
mod figures;
mod gifts;
mod rights;
mod scene;
mod statements;
#[path = "../world/mod.rs"]
mod world;
