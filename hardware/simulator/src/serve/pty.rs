//! A serial line on a pseudo-terminal: whoever opens its path finds a bus with the site's meters on it.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

use super::line::{Limits, converse};
use super::rtu::Listener;
use super::{Place, SerialOptions, ServeError, Server, Service, SharedFaults};
use crate::site::Site;

/// Serves `site`'s serial devices on a new pseudo-terminal. Its path, or that of the link to it, is
/// [`Server::path`]; the link goes when the server stops.
pub fn serial(
    site: Arc<dyn Site>,
    options: &SerialOptions,
    faults: Option<SharedFaults>,
) -> Result<Server, ServeError> {
    let (master, held_open, terminal) = open(options.baud)?;
    let link = match &options.link {
        Some(path) => Some(Link::place(&terminal, path)?),
        None => None,
    };
    let place = Place::Path {
        terminal,
        link: options.link.clone(),
    };
    let mut listener = Listener::new(options);
    let service = Service { site, faults };
    let limits = Limits {
        deaf_until: Instant::now(),
        idle: None,
    };
    Server::start(place, "modbus-serial", move |stop| {
        converse(master, &mut listener, &service, &limits, stop);
        // Without an open other end the line would fail between two masters instead of being silent.
        drop((held_open, link));
    })
}

/// The two ends of a new pseudo-terminal in raw mode, and the path of the one that masters open.
fn open(baud: u32) -> Result<(File, OwnedFd, PathBuf), ServeError> {
    let because = |doing| {
        move |error: rustix::io::Errno| ServeError::Terminal {
            doing,
            source: error.into(),
        }
    };
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
    let master = openpt(flags).map_err(because("opening"))?;
    grantpt(&master).map_err(because("granting"))?;
    unlockpt(&master).map_err(because("unlocking"))?;
    let name = ptsname(&master, Vec::new()).map_err(because("asking for its name"))?;
    let path = PathBuf::from(std::ffi::OsString::from_vec(name.into_bytes()));
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    let slave = rustix::fs::open(&path, flags, Mode::empty()).map_err(because("opening its other end"))?;
    let mut settings = tcgetattr(&slave).map_err(because("reading its settings"))?;
    settings.make_raw();
    // The kernel only remembers the speed; a rate that it cannot write down is kept by our own timing.
    let _ = settings.set_speed(baud);
    tcsetattr(&slave, OptionalActions::Now, &settings).map_err(because("setting raw mode"))?;
    rustix::io::ioctl_fionbio(&master, true).map_err(because("setting it not to block"))?;
    Ok((File::from(master), slave, path))
}

/// A link that goes when it is dropped, unless it has come to lead elsewhere.
struct Link {
    terminal: PathBuf,
    path: PathBuf,
}

impl Link {
    /// Places a link to `terminal` at `path`, in the place of an older link if there is one.
    fn place(terminal: &Path, path: &Path) -> Result<Self, ServeError> {
        if std::fs::symlink_metadata(path).is_ok_and(|found| !found.is_symlink()) {
            return Err(ServeError::LinkTaken(path.to_owned()));
        }
        let refused = |source| ServeError::Link {
            path: path.to_owned(),
            source,
        };
        let mut name = path.as_os_str().to_owned();
        name.push(".new");
        let fresh = PathBuf::from(name);
        match std::fs::remove_file(&fresh) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(refused(error)),
            _ => {}
        }
        std::os::unix::fs::symlink(terminal, &fresh).map_err(refused)?;
        std::fs::rename(&fresh, path).map_err(refused)?;
        Ok(Self {
            terminal: terminal.to_owned(),
            path: path.to_owned(),
        })
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        if std::fs::read_link(&self.path).is_ok_and(|leads| leads == self.terminal) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
