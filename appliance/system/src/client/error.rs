//! Why there is no answer, in words: what is wrong, and what to do now.

use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::refusal::Refusal;

/// Which kind of "no" the box gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The right is missing.
    NotAllowed,
    /// The question makes no sense.
    BadInput,
    /// There is no such thing.
    NotThere,
    /// It was tried and did not work.
    Failed,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// Nobody listens there.
    #[error("no box runs here: nobody listens at {}", socket.display())]
    NoBox {
        /// The socket.
        socket: PathBuf,
    },
    /// The file's or the folder's permissions are in the way.
    #[error("you may not talk to the box: {} is for user {user} and group {group}", place.display())]
    NotAllowed {
        /// The socket, or the folder that hides it.
        place: PathBuf,
        /// The user it belongs to.
        user: String,
        /// The group it belongs to.
        group: String,
    },
    /// The box let the connection go at once.
    #[error("the box at {} turned the connection away", socket.display())]
    TurnedAway {
        /// The socket.
        socket: PathBuf,
    },
    /// Somebody listens and says nothing.
    #[error("the box at {} does not answer", socket.display())]
    NoAnswer {
        /// The socket.
        socket: PathBuf,
    },
    /// The system refused for another reason.
    #[error("the box at {} cannot be reached: {why}", socket.display())]
    Unreachable {
        /// The socket.
        socket: PathBuf,
        /// What the system said.
        why: String,
    },
    /// The connection ended before the answer was there.
    #[error("the box went away in the middle of the answer")]
    Cut,
    /// The box took too long for one answer.
    #[error("the box did not answer in time")]
    Late,
    /// The box speaks another version of the interface.
    #[error("the box does not speak as this command does: {0}")]
    Strange(String),
    /// The box said no.
    #[error("{sentence}")]
    Refused {
        /// Which kind of no.
        kind: Kind,
        /// Its sentence.
        sentence: String,
    },
}

impl ClientError {
    /// What to do now; empty where the sentence says so already.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::NoBox { .. } => "Start it with `hearth run`, or name its folder with --state.",
            Self::NotAllowed { .. } => "Ask again with sudo, or as a member of that group.",
            Self::TurnedAway { .. } => "Too many may be asking at once: try again in a moment.",
            Self::NoAnswer { .. } | Self::Late => {
                "Look at `hearth logs`; if it stays like this, start the box again."
            }
            Self::Unreachable { .. } => "Check the folder given with --state.",
            Self::Cut => "It may have been stopped: see `hearth status` and `hearth logs`.",
            Self::Strange(_) => "Use the command of the same version as the box.",
            Self::Refused { .. } => "",
        }
    }

    pub(super) fn of_connect(socket: &Path, error: &io::Error) -> Self {
        match error.kind() {
            // No box can have a socket whose path is too long, which is what is invalid.
            ErrorKind::NotFound
            | ErrorKind::ConnectionRefused
            | ErrorKind::NotADirectory
            | ErrorKind::InvalidInput => Self::NoBox {
                socket: socket.to_owned(),
            },
            ErrorKind::PermissionDenied => not_allowed(socket),
            ErrorKind::WouldBlock => Self::NoAnswer {
                socket: socket.to_owned(),
            },
            _ => Self::Unreachable {
                socket: socket.to_owned(),
                why: error.to_string(),
            },
        }
    }
}

impl From<Refusal> for ClientError {
    fn from(refusal: Refusal) -> Self {
        let (kind, sentence) = match refusal {
            Refusal::NotAllowed(sentence) => (Kind::NotAllowed, sentence),
            Refusal::BadInput(sentence) => (Kind::BadInput, sentence),
            Refusal::NotThere(sentence) => (Kind::NotThere, sentence),
            Refusal::Failed(sentence) => (Kind::Failed, sentence),
            Refusal::Wire(zbus::Error::InputOutput(error)) if error.kind() == ErrorKind::TimedOut => {
                return Self::Late;
            }
            Refusal::Wire(zbus::Error::InputOutput(_)) => return Self::Cut,
            Refusal::Wire(error) => return Self::Strange(error.to_string()),
        };
        Self::Refused { kind, sentence }
    }
}

/// Whom the socket is for; where even that is hidden, whom the first folder is for that can be seen.
fn not_allowed(socket: &Path) -> ClientError {
    let seen = socket
        .ancestors()
        .find_map(|place| Some((place, fs::metadata(place).ok()?)));
    let Some((place, found)) = seen else {
        return ClientError::NoBox {
            socket: socket.to_owned(),
        };
    };
    ClientError::NotAllowed {
        place: place.to_owned(),
        user: name_of("/etc/passwd", found.uid()),
        group: name_of("/etc/group", found.gid()),
    }
}

/// The name of a user or group by its number, from the system's list; the number itself if it is not there.
fn name_of(list: &str, number: u32) -> String {
    let text = fs::read_to_string(list).unwrap_or_default();
    name_in(&text, number).map_or_else(|| number.to_string(), str::to_owned)
}

fn name_in(list: &str, number: u32) -> Option<&str> {
    let number = number.to_string();
    let rows = list.lines().filter_map(|line| {
        let mut fields = line.split(':');
        Some((fields.next()?, fields.nth(1)?))
    });
    rows.into_iter()
        .find(|(_, id)| *id == number)
        .map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};
    use std::path::Path;

    use super::{ClientError, name_in};

    #[test]
    fn users_and_groups_have_names() {
        let group = "root:x:0:\ndialout:x:20:pi\nhearth:x:997:pi,ann\n";
        assert_eq!(name_in(group, 997), Some("hearth"));
        assert_eq!(name_in(group, 99), None);
    }

    #[test]
    fn each_refusal_of_the_system_has_its_words() {
        let socket = Path::new("/nowhere/state/control.sock");
        let said = |kind: ErrorKind| ClientError::of_connect(socket, &Error::from(kind)).to_string();
        assert_eq!(
            said(ErrorKind::NotFound),
            "no box runs here: nobody listens at /nowhere/state/control.sock"
        );
        assert_eq!(said(ErrorKind::ConnectionRefused), said(ErrorKind::NotFound));
        assert_eq!(
            said(ErrorKind::WouldBlock),
            "the box at /nowhere/state/control.sock does not answer"
        );
        assert!(said(ErrorKind::OutOfMemory).contains("cannot be reached"));
        let hidden = said(ErrorKind::PermissionDenied);
        assert_eq!(
            hidden,
            "you may not talk to the box: / is for user root and group root"
        );
    }
}
