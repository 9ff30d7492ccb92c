//! How a command ends: the numbers of sysexits, and a fault as one line of cause and one of remedy.

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use system::client::{ClientError, Kind};

/// The exit codes of sysexits that the command uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Fine,
    /// 64: the command was typed wrongly.
    Usage,
    /// 65: what was given is not good.
    Data,
    /// 66: what was named is not there.
    NoInput,
    /// 69: no box answers, or a device does not.
    Unavailable,
    /// 70: a fault of Hearth itself.
    Software,
    /// 74: reading or writing failed.
    Io,
    /// 77: not allowed.
    NoPermission,
    /// 78: site.toml is not in order.
    Config,
}

impl Exit {
    /// The number.
    pub fn number(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Usage => 64,
            Self::Data => 65,
            Self::NoInput => 66,
            Self::Unavailable => 69,
            Self::Software => 70,
            Self::Io => 74,
            Self::NoPermission => 77,
            Self::Config => 78,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}

/// Why a command did not do what was asked: what is wrong, and what to do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// How the command ends.
    pub exit: Exit,
    /// What is wrong, without an end mark; empty where all has been said.
    pub cause: String,
    /// What to do now; empty where the cause says so.
    pub remedy: String,
}

impl Fault {
    /// A fault with its remedy.
    pub fn new(exit: Exit, cause: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            exit,
            cause: cause.into(),
            remedy: remedy.into(),
        }
    }

    /// An end about which nothing more is to be said.
    pub fn said(exit: Exit) -> Self {
        Self::new(exit, "", "")
    }

    /// The same, with a remedy where it has none.
    #[must_use]
    pub fn or_else_do(mut self, remedy: &str) -> Self {
        if self.remedy.is_empty() {
            remedy.clone_into(&mut self.remedy);
        }
        self
    }

    /// The lines for people.
    pub fn lines(&self) -> String {
        let mut lines = String::new();
        let said = self.cause.lines().chain(self.remedy.lines());
        for (number, line) in said.enumerate() {
            lines.push_str(if number == 0 { "hearth: " } else { "        " });
            lines.push_str(line);
            lines.push('\n');
        }
        lines
    }

    /// Tells it on the error output, and gives the exit code.
    pub fn tell(&self) -> ExitCode {
        // Where even the error output is closed, the exit code has to do.
        let _ = io::stderr().write_all(self.lines().as_bytes());
        self.exit.into()
    }
}

impl From<ClientError> for Fault {
    fn from(error: ClientError) -> Self {
        let exit = match &error {
            ClientError::NoBox { .. }
            | ClientError::TurnedAway { .. }
            | ClientError::NoAnswer { .. }
            | ClientError::Unreachable { .. }
            | ClientError::Late => Exit::Unavailable,
            ClientError::NotAllowed { .. } => Exit::NoPermission,
            ClientError::Cut => Exit::Io,
            ClientError::Strange(_) => Exit::Software,
            ClientError::Refused { kind, .. } => match kind {
                Kind::NotAllowed => Exit::NoPermission,
                Kind::BadInput => Exit::Data,
                Kind::NotThere => Exit::NoInput,
                Kind::Failed => Exit::Unavailable,
            },
        };
        Self::new(exit, error.to_string(), error.remedy())
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        ClientError::Strange(error.to_string()).into()
    }
}

impl From<io::Error> for Fault {
    /// A fault of the output. Whoever reads only the beginning (`| head`) has got what they wanted.
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::BrokenPipe => Self::said(Exit::Fine),
            _ => Self::new(
                Exit::Io,
                format!("the output cannot be written: {error}"),
                "Write it somewhere else.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};
    use std::path::PathBuf;

    use expect_test::expect;
    use system::client::{ClientError, Kind};

    use super::{Exit, Fault};

    #[test]
    fn a_fault_is_a_line_of_cause_and_a_line_of_remedy() {
        let fault = Fault::from(ClientError::NoBox {
            socket: PathBuf::from("state/control.sock"),
        });
        expect![[r"
            hearth: no box runs here: nobody listens at state/control.sock
                    Start it with `hearth run`, or name its folder with --state.
        "]]
        .assert_eq(&fault.lines());
        assert_eq!(fault.exit.number(), 69);
    }

    #[test]
    fn each_no_of_the_box_has_its_exit() {
        let exit = |kind| {
            Fault::from(ClientError::Refused {
                kind,
                sentence: "no".to_owned(),
            })
            .exit
            .number()
        };
        let kinds = [Kind::NotAllowed, Kind::BadInput, Kind::NotThere, Kind::Failed];
        assert_eq!(kinds.map(exit), [77, 65, 66, 69]);
    }

    #[test]
    fn a_closed_output_is_no_fault_and_a_full_one_is() {
        let closed = Fault::from(Error::from(ErrorKind::BrokenPipe));
        assert_eq!((closed.exit, closed.lines().as_str()), (Exit::Fine, ""));
        let full = Fault::from(Error::from(ErrorKind::StorageFull));
        assert_eq!(full.exit, Exit::Io);
    }
}
