//! What people may do about their data: see and correct it, take it with them, say yes and no, complain, leave, be
//! forgotten. All of it walks every table of the book, so that no table can be left out.

mod consents;
mod copy;
mod erase;
mod keeping;
pub(crate) mod kept;
mod leaving;
mod own;
mod requests;
mod rewriting;

pub use consents::{ConsentSeen, Consents, WordingNow};
pub use copy::{Copy, EnergyDay};
pub(crate) use erase::name_of;
pub use erase::{Erasure, KeptByLaw, Mention};
pub use keeping::Keeping;
pub use kept::KeptRow;
pub use own::{Mine, OwnChange};
pub use requests::RequestSeen;
pub(crate) use rewriting::Rewriting;
