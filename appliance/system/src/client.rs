//! The client of the control interface: what the `hearth` command talks through.
//!
//! Answers are JSON as the box wrote it; long ones come line by line. Errors say in words why there is no answer.

mod error;

use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::pipe;
use zbus::connection::Builder;
use zbus::{Connection, DynamicType};

pub use error::{ClientError, Kind};

use crate::ledger::LedgerQuestion;
use crate::members::MembersQuestion;
use crate::record::RecordQuestion;
use crate::refusal::Refusal;
use crate::{INTERFACE, OBJECT};

/// Time to get in.
const HANDSHAKE: Duration = Duration::from_secs(5);
/// Time for a short answer; the box itself gives up earlier, and says so.
const CALL: Duration = Duration::from_secs(30);
/// The longest line of a long answer.
const LONGEST_LINE: u64 = 1024 * 1024;

/// A connection to a running box.
#[derive(Debug, Clone)]
pub struct Client {
    connection: Connection,
}

/// A question for registers in the raw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registers {
    /// The bus.
    pub bus: String,
    /// The device's address on it.
    pub unit: u8,
    /// `holding` or `input`.
    pub function: &'static str,
    /// The first register, from 0.
    pub address: u16,
    /// How many, 1 to 125.
    pub count: u16,
}

impl Client {
    /// Connects to the box whose control socket this is.
    pub async fn connect(socket: &Path) -> Result<Self, ClientError> {
        Self::connect_within(socket, HANDSHAKE).await
    }

    /// The same, with another patience.
    pub async fn connect_within(socket: &Path, patience: Duration) -> Result<Self, ClientError> {
        let no_answer = || ClientError::NoAnswer {
            socket: socket.to_owned(),
        };
        let stream = UnixStream::connect(socket)
            .await
            .map_err(|error| ClientError::of_connect(socket, &error))?;
        let stream = stream
            .into_std()
            .map_err(|error| ClientError::of_connect(socket, &error))?;
        let connection = Builder::unix_stream(stream).p2p().method_timeout(CALL).build();
        match tokio::time::timeout(patience, connection).await {
            Ok(Ok(connection)) => Ok(Self { connection }),
            Ok(Err(_)) => Err(ClientError::TurnedAway {
                socket: socket.to_owned(),
            }),
            Err(_) => Err(no_answer()),
        }
    }

    /// The version of the box.
    pub async fn version(&self) -> Result<String, ClientError> {
        self.ask("Version", &()).await
    }

    /// How the box is doing, with the power flows: [`crate::control::StatusView`].
    pub async fn status(&self) -> Result<String, ClientError> {
        self.ask("Status", &()).await
    }

    /// The power flows: [`acts::look::PowerView`].
    pub async fn power(&self) -> Result<String, ClientError> {
        self.ask("Power", &()).await
    }

    /// All devices: a list of [`acts::look::DeviceView`].
    pub async fn devices(&self) -> Result<String, ClientError> {
        self.ask("Devices", &()).await
    }

    /// One device: [`acts::look::DeviceView`].
    pub async fn device(&self, name: &str) -> Result<String, ClientError> {
        self.ask("Device", &(name)).await
    }

    /// Energy over a period, today if it is empty: [`acts::look::EnergyView`].
    pub async fn energy(&self, period: &str) -> Result<String, ClientError> {
        self.ask("Energy", &(period)).await
    }

    /// The channels with readings: a list of [`acts::look::ChannelView`].
    pub async fn channels(&self) -> Result<String, ClientError> {
        self.ask("Channels", &()).await
    }

    /// The readings of a channel with `from <= at < to` in UTC milliseconds: lines of [`acts::look::ReadingView`].
    pub async fn readings(&self, channel: &str, from: i64, to: i64) -> Result<Lines, ClientError> {
        let end: zbus::OwnedFd = self.ask("Readings", &(channel, from, to)).await?;
        Lines::new(end.into())
    }

    /// Registers of a device in the raw.
    pub async fn read(&self, question: &Registers) -> Result<Vec<u16>, ClientError> {
        let Registers {
            bus,
            unit,
            function,
            address,
            count,
        } = question;
        self.ask("Read", &(bus.as_str(), *unit, *function, *address, *count))
            .await
    }

    /// The frames of a bus from now on: lines of [`crate::control::FrameView`].
    pub async fn watch(&self, bus: &str) -> Result<Lines, ClientError> {
        let end: zbus::OwnedFd = self.ask("Watch", &(bus)).await?;
        Lines::new(end.into())
    }

    /// Makes the box read its `site.toml` again, and says what changed.
    pub async fn reload(&self) -> Result<String, ClientError> {
        self.ask("Reload", &()).await
    }

    /// Has a backup made now; how it goes stands in the status.
    pub async fn back_up(&self) -> Result<(), ClientError> {
        self.ask("BackUp", &()).await
    }

    /// The code with which the first steward claims the box, or that somebody has: [`crate::control::ClaimView`].
    pub async fn claim_code(&self) -> Result<String, ClientError> {
        self.ask("ClaimCode", &()).await
    }

    /// Who can do what here: a list of [`acts::roles::RightView`].
    pub async fn who_can(&self) -> Result<String, ClientError> {
        self.ask("WhoCan", &()).await
    }

    /// A question about people, or something to be done; root, who is nobody in the book, says why.
    pub async fn members(&self, question: &MembersQuestion, why: &str) -> Result<String, ClientError> {
        let question = written(question)?;
        self.ask("Members", &(question.as_str(), why)).await
    }

    /// Every fault of the text of a `site.toml`: a list of [`crate::control::FaultView`].
    pub async fn check_config(&self, text: &str) -> Result<String, ClientError> {
        self.ask("CheckConfig", &(text)).await
    }

    /// Lines of the record of who did what: [`crate::control::RecordView`]; root, who is nobody in the book, says why.
    pub async fn record(&self, question: &RecordQuestion, why: &str) -> Result<String, ClientError> {
        let question = written(question)?;
        self.ask("Record", &(question.as_str(), why)).await
    }

    /// Whether the record is whole: [`crate::control::CheckedView`].
    pub async fn check_record(&self) -> Result<String, ClientError> {
        self.ask("CheckRecord", &()).await
    }

    /// A question about the ledger's closed days: lines of [`acts::ledger::ChainView`], of a statement, or of
    /// [`acts::look::CorrectionView`].
    pub async fn ledger(&self, question: &LedgerQuestion) -> Result<Lines, ClientError> {
        let question = written(question)?;
        let end: zbus::OwnedFd = self.ask("Ledger", &(question.as_str())).await?;
        Lines::new(end.into())
    }

    async fn ask<Q, A>(&self, method: &'static str, question: &Q) -> Result<A, ClientError>
    where
        Q: Serialize + DynamicType,
        A: for<'a> Deserialize<'a> + zbus::Type,
    {
        let none: Option<&str> = None;
        let reply = self
            .connection
            .call_method(none, OBJECT, Some(INTERFACE), method, question)
            .await;
        let reply = reply.map_err(|error| ClientError::from(Refusal::from(error)))?;
        reply
            .body()
            .deserialize()
            .map_err(|error| ClientError::Strange(error.to_string()))
    }
}

fn written(question: &impl Serialize) -> Result<String, ClientError> {
    serde_json::to_string(question).map_err(|error| ClientError::Strange(error.to_string()))
}

/// A long answer, line by line.
#[derive(Debug)]
pub struct Lines {
    pipe: BufReader<pipe::Receiver>,
    seen: u64,
}

/// What the last line of a long answer says.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
enum Last {
    End(u64),
    Error(String),
}

impl Lines {
    fn new(end: OwnedFd) -> Result<Self, ClientError> {
        let pipe =
            pipe::Receiver::from_owned_fd(end).map_err(|error| ClientError::Strange(error.to_string()))?;
        Ok(Self {
            pipe: BufReader::new(pipe),
            seen: 0,
        })
    }

    /// The next line without its end, or nothing after the last. A cut answer is an error.
    pub async fn next(&mut self) -> Result<Option<String>, ClientError> {
        let mut line = String::new();
        let read = (&mut self.pipe).take(LONGEST_LINE).read_line(&mut line).await;
        read.map_err(|error| ClientError::Strange(error.to_string()))?;
        if line.pop() != Some('\n') {
            return Err(ClientError::Cut);
        }
        match serde_json::from_str(&line) {
            Ok(Last::End(lines)) if lines == self.seen => Ok(None),
            Ok(Last::End(_)) => Err(ClientError::Cut),
            Ok(Last::Error(sentence)) => Err(ClientError::Refused {
                kind: Kind::Failed,
                sentence,
            }),
            Err(_) => {
                self.seen += 1;
                Ok(Some(line))
            }
        }
    }
}
