//! The Modbus master: lines (serial, TCP, RTU over TCP), the guard beneath the client, the scheduler.
//!
//! tokio-modbus speaks the protocol; it does not know a late reply from the right one. So it never sees a
//! wire. It talks into a pipe of one question and one answer, and between the pipe and the wire sits the
//! [`guard`], which lets a reply through only when it can be nothing but the answer to the question.
//! What a device is and what its words mean is none of this crate's business: that is `devices`.

mod client;
pub mod guard;
mod line;
mod patience;
mod poller;
mod stale;
mod watch;

pub use client::{Answered, Client};
pub use line::{
    Connecting, Connector, Framing, Pace, Parity, Port, SerialConnector, SerialSettings, TcpConnector,
};
pub use patience::Patience;
pub use poller::{
    BusError, BusHandle, BusHealth, DeviceHealth, PolledDevice, Poller, Update, Value, on_own_thread,
};
pub use stale::{Owed, Stale};
pub use watch::{Direction, SeenFrame};
