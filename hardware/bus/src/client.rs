//! One bus as a client: tokio-modbus at the end of a pipe, the guard between the pipe and the wire.

use std::sync::Arc;
use std::time::Duration;

use devices::frame::{ExceptionCode, Function, Request};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time::Instant as Tick;
use tokio_modbus::client::{Context, Reader, rtu, tcp};
use tokio_modbus::slave::{Slave, SlaveContext};
use units::{Instant, Span};

use crate::guard::{GuardCounts, GuardError, Question, RtuGuard, TcpGuard};
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

/// The client of one bus.
pub struct Client {
    connector: Box<dyn Connector>,
    open: Option<Open>,
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

    /// Opens the port if it is not open.
    pub async fn connect(&mut self) -> std::io::Result<()> {
        if self.open.is_none() {
            let port = self.connector.connect().await?;
            self.open = Some(Open::new(port, self.connector.framing()));
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
        self.connect().await?;
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
        let result = open
            .ask(
                &Question {
                    request,
                    patience,
                    worst_latency,
                },
                &mut seen,
            )
            .await;
        self.note(&open, &request, &seen, result.as_ref().err());
        self.keep(open, result.as_ref().err()).await;
        result
    }

    /// Keeps an open port for the next question, renewed where a doubt remains, or drops it.
    async fn keep(&mut self, mut open: Open, error: Option<&GuardError>) {
        let framing = self.connector.framing();
        match (error, framing) {
            (None, _) => {}
            (Some(error), _) if error.is_line_down() => return,
            (Some(_), Framing::Tcp) => return,
            (Some(_), Framing::Rtu { .. }) => open.renew(framing),
            (Some(_), Framing::RtuOverTcp { .. }) => {
                // The connection may still hold the stray reply; the guard, with its quarantine, goes over to the
                // new one.
                let Ok(port) = self.connector.connect().await else {
                    return;
                };
                open.port = port;
                open.renew(framing);
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
        let ended = Tick::now();
        let sent = seen.trace.sent.unwrap_or(ended);
        let mut drained = seen.trace.drained_at.filter(|_| !seen.trace.drained.is_empty());
        let stray = |tell: &mut Tell, at: Tick| {
            let why = || "unasked for, thrown away".to_owned();
            tell.frame(at, Direction::Refused, &seen.trace.drained, why);
        };
        if let Some(at) = drained.take_if(|at| *at <= sent) {
            stray(&mut self.tell, at);
        }
        self.tell
            .frame(sent, Direction::Sent, &seen.asked, || question(request));
        if let Some(at) = drained {
            stray(&mut self.tell, at);
        }
        match error {
            None => self
                .tell
                .frame(ended, Direction::Received, &seen.trace.reply, || {
                    let latency = seen.trace.latency.as_millis();
                    format!("answer of unit {} after {latency} ms", request.unit)
                }),
            Some(why) => self
                .tell
                .frame(ended, Direction::Refused, &seen.trace.reply, || why.to_string()),
        }
    }
}

/// What went over the wire in one exchange.
#[derive(Default)]
struct Seen {
    asked: Vec<u8>,
    trace: crate::guard::Trace,
    counts_before: GuardCounts,
}

impl Open {
    fn new(port: Box<dyn Port>, framing: Framing) -> Self {
        let (modbus, pipe) = attach(framing);
        let guard = match framing {
            Framing::Tcp => Guard::Tcp(TcpGuard::default()),
            serial => Guard::Rtu(RtuGuard::new(serial)),
        };
        Self {
            port,
            guard,
            modbus,
            pipe,
        }
    }

    /// A fresh pipe and a fresh tokio-modbus, so that nothing of a failed exchange is left in either.
    fn renew(&mut self, framing: Framing) {
        (self.modbus, self.pipe) = attach(framing);
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
            latency: seen.trace.latency,
        })
    }
}

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
