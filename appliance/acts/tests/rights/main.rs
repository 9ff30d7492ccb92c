//! Who may what: each act of the table is refused to whoever lacks its right, roles, and acts that take two people.
#![expect(clippy::panic, reason = "what must not happen fails its test")]

mod each_act;
mod homes;
mod people;
mod roles;
mod scene;
mod together;
mod users;
#[path = "../world/mod.rs"]
mod world;
