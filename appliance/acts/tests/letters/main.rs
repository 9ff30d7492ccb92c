//! Letters as acts: who may, that everybody gets one once, that nothing goes out by itself, what becomes of e-mail in
//! time that moves by hand, and that the record tells of it without a name.

mod mail;
mod refusals;
mod runs;
mod scene;
#[path = "../world/mod.rs"]
mod world;
