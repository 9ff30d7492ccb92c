//! D-Bus, both ways: our own control interface on a socket in the state folder, and its client.
//!
//! The interface is spoken peer to peer, without a message bus; docs/technicians/control.md describes it. Whoever can
//! open the socket is a technician, known by the number of the system's user. Rights, views and records are the
//! business of `acts`: nothing here decides who may see what.

pub mod client;
pub mod control;
pub mod ledger;
pub mod members;
pub mod record;
mod refusal;

/// Where the control socket stands within a state folder.
pub const SOCKET: &str = "control.sock";
/// The name of the interface.
pub const INTERFACE: &str = "org.hearth.Control1";
/// The path of the one object that has it.
pub const OBJECT: &str = "/org/hearth/Control1";
