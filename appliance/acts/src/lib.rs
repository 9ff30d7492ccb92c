//! Everything a person or the box can do or look at: who may, what changes, what is recorded.
//!
//! Every act is one function here. It takes the actor, checks the right, makes the change and writes the audit
//! line. Every look goes through [`Look`], which leaves out what the actor may not see, so that no page,
//! no CSV, no API and no command has to think of it. What touches the world beyond the store is named in
//! [`Effects`] and brought by the program.

mod act;
mod actor;
pub mod backup;
mod book;
pub mod data;
pub mod doors;
mod effects;
pub mod import;
pub mod ledger;
pub mod letters;
pub mod live;
pub mod look;
pub mod membership;
pub mod merge;
pub mod money;
pub mod people;
pub mod record;
pub mod roles;
mod rows;
pub mod sign_in;
pub mod site;
pub mod statements;
mod table;
pub mod together;
mod watching;

pub use act::{ActError, Acts};
pub use actor::{Actor, Right};
pub use book::Told;
pub use doors::{BoxName, Doors, SafeDoor};
pub use effects::{Direction, Effects, Frame, Frames, Later, RawRead};
pub use live::Live;
pub use look::Look;
pub use rows::RowError;
pub use sign_in::SignIn;
pub use site::{Site, SiteDevice, SiteFault};
pub use table::{ACTS, ActKind, ActRow, Part, Takes};
pub use together::Together;
pub use watching::Watching;
