//! `site.toml`: the only truth about the place, its buses and its devices.
//!
//! A site is parsed and checked as a whole before anything starts; every fault is found in one go, with line,
//! column, cause and remedy. People and their rights are not here: they live in the store.

mod address;
mod bus;
mod check;
mod edit;
mod faults;
mod raw;
mod retention;
pub(crate) mod signs;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use devices::profile::Profile;
use energy::calendar::Zone;
use units::{Audience, DeviceName, Role, Span, Watts};

pub use edit::{EditError, rename_device, rename_place};
pub use retention::{Retention, whole_years};

/// A checked `site.toml`.
#[derive(Debug, Clone)]
pub struct Site {
    /// The place the box stands in.
    pub place: Place,
    /// Where the plain door is: public pages for the network, all pages for the machine itself.
    pub listen: SocketAddr,
    /// Where the safe door is, with encryption; nowhere where the file says so.
    pub listen_safe: Option<SocketAddr>,
    /// How often readings are written down.
    pub commit_every: Span,
    /// For how long what was read is kept.
    pub keep: Retention,
    /// Where backups go, in the order of the file; empty where none are made.
    pub backups: Vec<BackupPlace>,
    /// Lines and connections, in the order of the file.
    pub buses: Vec<SiteBus>,
    /// Devices, in the order of the file.
    pub devices: Vec<SiteDevice>,
}

/// The place: name, clock and money.
#[derive(Debug, Clone)]
pub struct Place {
    /// The name at the top of every page.
    pub name: String,
    /// The local clock, by which days begin and end.
    pub zone: Zone,
    /// The currency of later bills, three letters.
    pub currency: String,
    /// Latitude in thousandths of a degree, north positive.
    pub latitude: i32,
    /// Longitude in thousandths of a degree, east positive.
    pub longitude: i32,
}

/// A place for backups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BackupPlace {
    /// A folder, on the card or on another machine.
    Folder(PathBuf),
    /// Where a stick is mounted. Without a stick nothing is written there.
    Stick(PathBuf),
}

impl BackupPlace {
    /// Where it is.
    pub fn path(&self) -> &Path {
        match self {
            Self::Folder(path) | Self::Stick(path) => path,
        }
    }
}

/// One line or connection that devices share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteBus {
    /// Its name.
    pub name: DeviceName,
    /// How to reach it.
    pub wire: Wire,
}

/// How a bus is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wire {
    /// A serial port.
    Serial(SerialWire),
    /// Modbus TCP at `host:port`.
    Tcp(String),
    /// RTU frames over a TCP connection at `host:port`, as simple serial servers send them.
    RtuOverTcp(String),
}

impl Wire {
    /// Where it leads, in one way of writing: two wires of one place are one wire.
    pub fn place(&self) -> String {
        match self {
            Self::Serial(serial) => {
                let parts = serial.port.split('/');
                let parts: Vec<&str> = parts.filter(|part| !matches!(*part, "" | ".")).collect();
                parts.join("/")
            }
            Self::Tcp(address) | Self::RtuOverTcp(address) => match address.parse::<SocketAddr>() {
                Ok(address) => address.to_string(),
                Err(_) => address.to_ascii_lowercase(),
            },
        }
    }
}

/// The settings of a serial port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialWire {
    /// The device file, best by id: `/dev/serial/by-id/...`.
    pub port: String,
    /// Bits a second.
    pub baud: u32,
    /// The check bit of each character.
    pub parity: Parity,
    /// Stop bits, 1 or 2.
    pub stop_bits: u8,
    /// Who switches the transceiver's direction.
    pub direction: Rs485,
    /// Silence between frames where the adapter needs more than 3.5 characters.
    pub silence: Option<Span>,
}

/// The check bit of a character on a serial line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parity {
    /// No check bit.
    None,
    /// Even number of ones.
    Even,
    /// Odd number of ones.
    Odd,
}

/// Who switches an RS-485 transceiver between sending and listening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rs485 {
    /// The adapter by itself (most USB adapters).
    Adapter,
    /// The kernel, by the port's RTS line.
    Kernel,
}

/// One device of the site.
#[derive(Debug, Clone)]
pub struct SiteDevice {
    /// Its name in channels and addresses of pages.
    pub name: DeviceName,
    /// What people call it.
    pub label: String,
    /// The bus it is on.
    pub bus: DeviceName,
    /// Its address on the bus.
    pub unit: u8,
    /// What kind of device it is.
    pub profile: Arc<Profile>,
    /// Where it stands.
    pub role: Role,
    /// Who may see its values.
    pub audience: Audience,
    /// How often its fast values are read.
    pub fast: Span,
    /// How often its slow values are read.
    pub slow: Span,
    /// The most power it can carry, from its nameplate.
    pub rated: Watts,
    /// Wired the other way round, so that forward and backward change places.
    pub reversed: bool,
    /// Whether it takes part in the site's sums; a battery whose charge is looked at while a meter of its own
    /// counts its energy does not.
    pub counted: bool,
}

/// One thing that is wrong in `site.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteFault {
    /// Line, counted from 1.
    pub line: usize,
    /// Column, counted from 1.
    pub column: usize,
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub remedy: String,
}

impl std::fmt::Display for SiteFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "line {}, column {}: {}. {}",
            self.line, self.column, self.what, self.remedy
        )
    }
}

impl Site {
    /// Reads and checks the whole text of a `site.toml`; all faults at once, in the order of the file.
    pub fn parse(text: &str) -> Result<Self, Vec<SiteFault>> {
        check::check(text)
    }

    /// The device called `name`.
    pub fn device(&self, name: &str) -> Option<&SiteDevice> {
        self.devices.iter().find(|device| device.name.as_str() == name)
    }

    /// The bus called `name`.
    pub fn bus(&self, name: &str) -> Option<&SiteBus> {
        self.buses.iter().find(|bus| bus.name.as_str() == name)
    }

    /// The devices that stand in `role` and take part in the site's sums.
    pub fn in_role(&self, role: Role) -> impl Iterator<Item = &SiteDevice> {
        self.devices
            .iter()
            .filter(move |device| device.counted && device.role == role)
    }
}

#[cfg(test)]
mod tests;
