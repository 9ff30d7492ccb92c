//! One bus as a client: tokio-modbus at the end of a pipe, the guard between the pipe and the wire.

use std::sync::Arc;
use std::time::Duration;

use devices::frame::{ExceptionCode, Function, Request};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time::Instant as Tick;
use tokio_modbus::client::{Context, Reader, rtu, tcp};
use tokio_modbus::slave::{Slave, SlaveContext};
use units::{Instant, Span};

use crate::guard::{GuardCounts, GuardError, Passage, Question, RtuGuard, TcpGuard, Trace};
use crate::line::{Connector, Framing, Port};
use crate::stale::Stale;
use crate::watch::{Direction, SeenFrame, Tell, question};

/// Room in the pipe: the longest frame there is.
const PIPE: usize = 512;
/// A reply that comes later than this after its question, in spite of the quarantine, is beyond what can be told.
const HORIZON: Span = Span::from_secs(5);

/// What came back, and how long the device took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Words, or the device's own no.
    pub reply: Result<Vec<u16>, ExceptionCode>,
    /// From the end of the question to the beginning of the answer.
    pub latency: Duration,
}

impl Answered {
    /// Whether a gateway answered in place of a device that it did not hear.
    pub fn is_for_silence(&self) -> bool {
        self.reply.as_ref().is_err_and(|code| code.is_for_silence())
    }
}

/// The client of one bus.
pub struct Client {
    connector: Box<dyn Connector>,
    open: Option<Open>,
    /// The guard of a connection that was given up in doubt: its quarantine goes over to the next one.
    left_in_doubt: Option<RtuGuard>,
    pause_after_connect: Duration,
    stale: Stale,
    began: Tick,
    tell: Tell,
    counts: GuardCounts,
}

/// An open port with the guard and tokio-modbus on top of it.
struct Open {
    port: Box<dyn Port>,
    guard: Guard,
    modbus: Context,
    pipe: DuplexStream,
    /// Whether something was answered here.
    used: bool,
}

enum Guard {
    Rtu(RtuGuard),
    Tcp(TcpGuard),
}

impl Client {
    /// A client of the bus that `connector` opens. `utc` is the box's clock, for those who watch.
    pub fn new(connector: Box<dyn Connector>, utc: Arc<dyn Fn() -> Instant + Send + Sync>) -> Self {
        Self {
            connector,
            open: None,
            left_in_doubt: None,
            pause_after_connect: Duration::ZERO,
            stale: Stale::new(HORIZON),
            began: Tick::now(),
            tell: Tell::new(utc),
            counts: GuardCounts::default(),
        }
    }

    /// What the bus is, in words.
    pub fn describe(&self) -> String {
        self.connector.describe()
    }

    /// How frames are put on this wire.
    pub fn framing(&self) -> Framing {
        self.connector.framing()
    }

    /// What was thrown away, refused and missed so far.
    pub fn counts(&self) -> GuardCounts {
        self.counts
    }

    /// Frames from now on.
    pub(crate) fn watch(&self) -> tokio::sync::broadcast::Sender<SeenFrame> {
        self.tell.sender()
    }

    /// Whether the port is open.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Waits so long after each connection before the first question.
    pub(crate) fn set_pause_after_connect(&mut self, pause: Duration) {
        self.pause_after_connect = pause;
    }

    /// Opens the port if it is not open.
    pub async fn connect(&mut self) -> std::io::Result<()> {
        if self.open.is_none() {
            let port = self.connector.connect().await?;
            self.open = Some(Open::new(
                port,
                self.connector.framing(),
                self.left_in_doubt.take(),
            ));
            tokio::time::sleep(self.pause_after_connect).await;
        }
        Ok(())
    }

    /// Asks one question and waits for its answer: at most `patience` beyond the time the bytes take. After a
    /// doubtful or missing answer the line is left alone for `worst_latency`.
    pub async fn read(
        &mut self,
        request: Request,
        patience: Duration,
        worst_latency: Duration,
    ) -> Result<Answered, GuardError> {
        let question = Question {
            request,
            patience,
            worst_latency,
        };
        let rested = self.open.as_ref().is_some_and(|open| open.used);
        match self.ask(&question).await {
            // Many devices hang up when nobody asks for a while, and that is noticed only by asking.
            Err(Unanswered {
                error: GuardError::Line(error),
                heard: false,
            }) if rested && self.framing().is_network() && is_hang_up(&error) => self.ask(&question).await,
            result => result,
        }
        .map_err(|unanswered| unanswered.error)
    }

    async fn ask(&mut self, question: &Question) -> Result<Answered, Unanswered> {
        self.connect().await?;
        let request = question.request;
        let now = Span::from(self.began.elapsed());
        let wait = self.stale.wait(&request, now);
        if wait > Span::ZERO && self.connector.framing() != Framing::Tcp {
            tokio::time::sleep(wait.into()).await;
        }
        self.stale.asked(&request, Span::from(self.began.elapsed()));
        let Some(mut open) = self.open.take() else {
            return Err(std::io::Error::from(std::io::ErrorKind::NotConnected).into());
        };
        let mut seen = Seen::default();
        let result = open.ask(question, &mut seen).await;
        self.note(&open, &request, &seen, result.as_ref().err());
        self.keep(open, result.as_ref().err());
        result.map_err(|error| Unanswered {
            error,
            heard: !seen.trace.reply.is_empty(),
        })
    }

    /// Keeps an open port for the next question, or drops it where a doubt remains about what else comes out of it.
    fn keep(&mut self, mut open: Open, error: Option<&GuardError>) {
        let framing = self.connector.framing();
        match (error, open.guard) {
            (None, guard) => {
                open.guard = guard;
                open.used = true;
            }
            (Some(error), _) if error.is_line_down() => return,
            (Some(_), Guard::Rtu(guard)) if framing.is_network() => {
                // The connection may still hold the stray reply. It is let go before the next one is made: many
                // serial servers have one place only.
                self.left_in_doubt = Some(guard);
                return;
            }
            (Some(_), Guard::Tcp(_)) => return,
            (Some(_), guard) => {
                open.guard = guard;
                (open.modbus, open.pipe) = attach(framing);
            }
        }
        self.open = Some(open);
    }

    fn note(&mut self, open: &Open, request: &Request, seen: &Seen, error: Option<&GuardError>) {
        let before = seen.counts_before;
        let after = open.counts();
        self.counts.drained += after.drained - before.drained;
        self.counts.refused += after.refused - before.refused;
        self.counts.silent += after.silent - before.silent;
        let Trace {
            stray,
            stray_at,
            asked_at,
            reply,
            reply_at,
        } = &seen.trace;
        let now = Tick::now();
        let ended = reply_at.unwrap_or(Passage { from: now, to: now });
        let tell_stray = |tell: &mut Tell, at: Passage| {
            let why = || "unasked for, thrown away".to_owned();
            tell.frame(at, Direction::Refused, stray, why);
        };
        let (before, after) = match (stray_at, asked_at) {
            (Some(stray), Some(asked)) if stray.to > asked.from => (None, Some(*stray)),
            (stray, _) => (*stray, None),
        };
        if let Some(at) = before {
            tell_stray(&mut self.tell, at);
        }
        if let Some(at) = *asked_at {
            self.tell
                .frame(at, Direction::Sent, &seen.asked, || question(request));
        }
        if let Some(at) = after {
            tell_stray(&mut self.tell, at);
        }
        match error {
            None => self.tell.frame(ended, Direction::Received, reply, || {
                let latency = seen.trace.latency().as_millis();
                format!("answer of unit {} after {latency} ms", request.unit)
            }),
            Some(why) => self
                .tell
                .frame(ended, Direction::Refused, reply, || why.to_string()),
        }
    }
}

/// Whether the other side ended the connection.
fn is_hang_up(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(
        error.kind(),
        BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof
    )
}

/// Why there is no answer, and whether a part of one was heard.
struct Unanswered {
    error: GuardError,
    heard: bool,
}

impl From<std::io::Error> for Unanswered {
    fn from(error: std::io::Error) -> Self {
        Self {
            error: error.into(),
            heard: false,
        }
    }
}

/// What went over the wire in one exchange.
#[derive(Default)]
struct Seen {
    asked: Vec<u8>,
    trace: Trace,
    counts_before: GuardCounts,
}

impl Open {
    fn new(port: Box<dyn Port>, framing: Framing, left_in_doubt: Option<RtuGuard>) -> Self {
        let (modbus, pipe) = attach(framing);
        let guard = match framing {
            Framing::Tcp => Guard::Tcp(TcpGuard::default()),
            serial => Guard::Rtu(left_in_doubt.unwrap_or_else(|| RtuGuard::new(serial))),
        };
        Self {
            port,
            guard,
            modbus,
            pipe,
            used: false,
        }
    }

    fn counts(&self) -> GuardCounts {
        match &self.guard {
            Guard::Rtu(guard) => guard.counts,
            Guard::Tcp(guard) => guard.counts,
        }
    }

    async fn ask(&mut self, question: &Question, seen: &mut Seen) -> Result<Answered, GuardError> {
        seen.counts_before = self.counts();
        let request = question.request;
        self.modbus.set_slave(Slave(request.unit));
        let Self {
            port,
            guard,
            modbus,
            pipe,
            ..
        } = self;
        let asking = async {
            match request.function {
                Function::Holding => {
                    modbus
                        .read_holding_registers(request.address, request.count)
                        .await
                }
                Function::Input => modbus.read_input_registers(request.address, request.count).await,
            }
        };
        let relay = relay(port.as_mut(), guard, pipe, question, seen);
        // The relay ends by itself only when something is wrong; otherwise tokio-modbus has its answer first.
        let answer = tokio::select! {
            biased;
            fault = relay => return Err(fault),
            answer = asking => answer,
        };
        let reply = match answer {
            Ok(Ok(words)) => Ok(words),
            Ok(Err(code)) => Err(ExceptionCode(code.into())),
            Err(_) => return Err(GuardError::Disagreement),
        };
        Ok(Answered {
            reply,
            latency: seen.trace.latency(),
        })
    }
}

/// A fresh pipe and a fresh tokio-modbus, with nothing of a failed exchange in either.
fn attach(framing: Framing) -> (Context, DuplexStream) {
    let (near, far) = tokio::io::duplex(PIPE);
    let modbus = match framing {
        Framing::Tcp => tcp::attach_slave(near, Slave(1)),
        _ => rtu::attach_slave(near, Slave(1)),
    };
    (modbus, far)
}

/// Carries one question from the pipe to the wire and its good answer back. Ends only with a fault.
async fn relay(
    port: &mut dyn Port,
    guard: &mut Guard,
    pipe: &mut DuplexStream,
    question: &Question,
    seen: &mut Seen,
) -> GuardError {
    match carry(port, guard, pipe, question, seen).await {
        Ok(()) => std::future::pending().await,
        Err(fault) => fault,
    }
}

async fn carry(
    port: &mut dyn Port,
    guard: &mut Guard,
    pipe: &mut DuplexStream,
    question: &Question,
    seen: &mut Seen,
) -> Result<(), GuardError> {
    use devices::frame::{rtu, tcp};
    let answer = match guard {
        Guard::Rtu(guard) => {
            seen.asked = vec![0; rtu::REQUEST_BYTES];
            pipe.read_exact(&mut seen.asked).await?;
            if rtu::decode_request(&seen.asked) != Ok(question.request) {
                return Err(GuardError::Disagreement);
            }
            guard.exchange(port, question, &mut seen.trace).await?
        }
        Guard::Tcp(guard) => {
            seen.asked = vec![0; tcp::REQUEST_BYTES];
            pipe.read_exact(&mut seen.asked).await?;
            let Ok((number, request)) = tcp::decode_request(&seen.asked) else {
                return Err(GuardError::Disagreement);
            };
            if request != question.request {
                return Err(GuardError::Disagreement);
            }
            guard.exchange(port, question, number, &mut seen.trace).await?
        }
    };
    pipe.write_all(&answer).await?;
    Ok(())
}
