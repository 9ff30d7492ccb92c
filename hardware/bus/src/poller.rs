//! One bus's loop: which device is asked next, what its answer means for its plan, and how it is all doing.
//!
//! Two buses never wait for each other: each has a poller of its own. On one bus the device that has been due
//! longest is asked, and stays until it has nothing more to answer, since changing the device costs a pause.

mod health;

use std::future::Future;
use std::sync::Arc;

use devices::frame::Request;
use devices::plan::{Answer, Identity, Now, Plan, WalkTrouble};
use devices::profile::Point;
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::time::Instant as Tick;
use tokio_util::sync::CancellationToken;
use units::{DeviceName, Instant, Reading, Span};

use crate::client::{Answered, Client};
use crate::guard::GuardError;
use crate::line::Framing;
use crate::patience::Patience;
use crate::watch::SeenFrame;

pub use health::{BusHealth, DeviceHealth};

/// Commands that may wait for their turn.
const WAITING_COMMANDS: usize = 16;
/// The first pause before a lost line is opened again; it doubles up to the longest.
const FIRST_RETRY: Span = Span::SECOND;
/// The longest such pause.
const LONGEST_RETRY: Span = Span::from_secs(20);
/// How long the question that is under way when the bus is stopped may still take.
const LAST_WORD: Span = Span::from_secs(5);
/// Answers after which the measured turnaround is given to the plan.
const MEASURED_AFTER: u64 = 50;

/// A device as a poller knows it.
pub struct PolledDevice {
    /// Its name.
    pub name: DeviceName,
    /// Its address on the bus.
    pub unit: u8,
    /// What to ask and what answers mean.
    pub plan: Plan,
    /// The longest it may take to answer.
    pub worst_latency: Span,
    /// The pause it needs after another device was asked.
    pub pause_after_other: Span,
    /// The pause it needs between two questions.
    pub pause_between: Span,
    /// The pause it needs after a connection was made.
    pub pause_after_connect: Span,
}

/// A reading with the words it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The reading.
    pub reading: Reading,
    /// The words; empty where nothing came.
    pub raw: Vec<u16>,
}

/// What one question brought.
#[derive(Debug, Clone)]
pub struct Update {
    /// The device that was asked.
    pub device: DeviceName,
    /// Its values, all from one answer.
    pub values: Vec<Value>,
    /// How it is doing.
    pub health: DeviceHealth,
    /// Why a SunSpec device's values cannot be found, if its last walk led nowhere.
    pub trouble: Option<WalkTrouble>,
    /// Who the device says it is, where it tells.
    pub identity: Option<Identity>,
    /// The points that are read; another list only after a chain was walked.
    pub points: Arc<[Point]>,
}

/// Why a technician's question has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BusError {
    /// The bus has ended.
    #[error("the bus is being stopped; try again in a moment")]
    Stopped,
    /// The question cannot be put on a wire.
    #[error("one question is for 1 to 125 registers, none beyond 65535; ask for fewer")]
    Impossible,
    /// The device said no.
    #[error("the device {0}")]
    Exception(devices::frame::ExceptionCode),
    /// The wire did.
    #[error("{0}")]
    Wire(String),
}

type Question = (Request, oneshot::Sender<Result<Vec<u16>, BusError>>);

/// The way to a running poller.
#[derive(Debug, Clone)]
pub struct BusHandle {
    questions: mpsc::Sender<Question>,
    frames: broadcast::Sender<SeenFrame>,
    health: watch::Receiver<BusHealth>,
}

impl BusHandle {
    /// Asks any registers of any unit, between the ordinary polls.
    pub async fn read(&self, request: Request) -> Result<Vec<u16>, BusError> {
        if !request.is_possible() {
            return Err(BusError::Impossible);
        }
        let (answer, later) = oneshot::channel();
        self.questions
            .send((request, answer))
            .await
            .map_err(|_| BusError::Stopped)?;
        later.await.map_err(|_| BusError::Stopped)?
    }

    /// Frames from now on; who is too slow misses some and is told how many.
    pub fn watch(&self) -> broadcast::Receiver<SeenFrame> {
        self.frames.subscribe()
    }

    /// How the bus is doing, now and at each change.
    pub fn health(&self) -> watch::Receiver<BusHealth> {
        self.health.clone()
    }
}

/// One device with what the poller remembers of it.
struct Polled {
    device: PolledDevice,
    patience: Patience,
    health: DeviceHealth,
    last_asked: Span,
    /// The points that were told last.
    told: Arc<[Point]>,
}

/// The loop of one bus.
pub struct Poller {
    client: Client,
    devices: Vec<Polled>,
    updates: mpsc::Sender<Update>,
    questions: mpsc::Receiver<Question>,
    health: watch::Sender<BusHealth>,
    began: Tick,
    utc: Arc<dyn Fn() -> Instant + Send + Sync>,
    last_unit: Option<u8>,
    last_asked: Span,
    retry: Span,
    open_not_before: Span,
}

impl Poller {
    /// A poller of `devices` over `client`; updates go to `updates`, which may hold the poller up.
    pub fn new(
        mut client: Client,
        devices: Vec<PolledDevice>,
        updates: mpsc::Sender<Update>,
        utc: Arc<dyn Fn() -> Instant + Send + Sync>,
    ) -> (Self, BusHandle) {
        let (to_questions, questions) = mpsc::channel(WAITING_COMMANDS);
        let (health, health_seen) = watch::channel(BusHealth::new(client.describe()));
        let handle = BusHandle {
            questions: to_questions,
            frames: client.watch(),
            health: health_seen,
        };
        let pause = devices.iter().map(|device| device.pause_after_connect).max();
        client.set_pause_after_connect(pause.unwrap_or(Span::ZERO).into());
        let patience = if devices.len() == 1 {
            Patience::alone
        } else {
            Patience::new
        };
        let devices = devices
            .into_iter()
            .map(|device| Polled {
                patience: patience(device.worst_latency),
                health: DeviceHealth::default(),
                last_asked: Span::ZERO,
                told: Arc::new([]),
                device,
            })
            .collect();
        let poller = Self {
            client,
            devices,
            updates,
            questions,
            health,
            began: Tick::now(),
            utc,
            last_unit: None,
            last_asked: Span::ZERO,
            retry: FIRST_RETRY,
            open_not_before: Span::ZERO,
        };
        (poller, handle)
    }

    /// Asks until stopped. Ends only by `stop`, or when nobody takes the updates any more.
    pub async fn run(mut self, stop: CancellationToken) {
        let overdue = async {
            stop.cancelled().await;
            tokio::time::sleep(LAST_WORD.into()).await;
        };
        tokio::select! {
            biased;
            () = self.go_on(&stop) => {}
            () = overdue => {}
        }
    }

    /// One of a technician's questions is let in between two polls, and the polls that are due between two questions.
    async fn go_on(&mut self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            let next = self.next();
            let now = self.now();
            if let Some((index, due)) = next
                && due <= now
            {
                let update = self.poll(index).await;
                if !self.tell(update, stop).await {
                    return;
                }
                if let Ok(question) = self.questions.try_recv() {
                    self.answer(question).await;
                }
                continue;
            }
            let idle = async {
                match next {
                    Some((_, due)) => tokio::time::sleep((due - now).into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = idle => {}
                Some(question) = self.questions.recv() => self.answer(question).await,
            }
        }
    }

    /// Tells what a question brought, also while the bus is being stopped. `false` when nobody listens any more.
    async fn tell(&mut self, update: Option<Update>, stop: &CancellationToken) -> bool {
        let Some(update) = update else {
            return true;
        };
        tokio::select! {
            biased;
            sent = self.updates.send(update) => sent.is_ok(),
            () = stop.cancelled() => false,
        }
    }

    fn now(&self) -> Span {
        Span::from(self.began.elapsed())
    }

    /// The device to ask next and when: the one asked last while it has more to say, else whoever is due
    /// longest; of two that are due equally long, the one that was asked longer ago.
    fn next(&self) -> Option<(usize, Span)> {
        let now = self.now();
        let due = |polled: &Polled| polled.device.plan.next_due().max(polled.patience.not_before());
        let same = self
            .devices
            .iter()
            .position(|polled| polled.last_asked == self.last_asked && due(polled) <= now);
        if let (Some(index), true) = (same, self.last_unit.is_some()) {
            let others_wait = self
                .devices
                .iter()
                .any(|other| now - due(other) > now - due(&self.devices[index]) + Span::SECOND);
            if !others_wait {
                return Some((index, due(&self.devices[index])));
            }
        }
        let order = |(_, polled): &(usize, &Polled)| (due(polled), polled.last_asked);
        self.devices
            .iter()
            .enumerate()
            .min_by_key(order)
            .map(|(index, polled)| (index, due(polled)))
    }

    /// Asks one device what its plan wants.
    async fn poll(&mut self, index: usize) -> Option<Update> {
        let asked_at = self.now();
        let request = self.devices[index].device.plan.poll_request(asked_at)?;
        let pauses = &self.devices[index].device;
        let needed = match self.last_unit {
            Some(unit) if unit == request.unit => pauses.pause_between,
            Some(_) => pauses.pause_after_other,
            None => Span::ZERO,
        };
        pause(self.last_asked + needed - self.now()).await;
        let (patience, worst) = (
            self.devices[index].patience.wait(),
            self.devices[index].device.worst_latency,
        );
        let began = self.now();
        let result = self.ask(request, patience, worst).await;
        let ended = self.now();
        self.last_unit = Some(request.unit);
        self.last_asked = ended;
        let good = result.as_ref().is_ok_and(|answered| !answered.is_for_silence());
        let down = result.as_ref().is_err_and(GuardError::is_line_down);
        let quarantine = if result.is_err() && self.client.framing() != Framing::Tcp {
            worst
        } else {
            Span::ZERO
        };
        let utc = (self.utc)();
        let counts = self.client.counts();
        self.health
            .send_modify(|health| health.asked(good, ended, ended - began, counts, down));
        let polled = &mut self.devices[index];
        polled.last_asked = ended;
        let asked = Asked {
            began,
            ended,
            quarantine,
            good,
            down,
        };
        Some(polled.take(&result, utc, &asked))
    }

    /// One question over the wire; a line that is known to be down is not tried before its time.
    async fn ask(&mut self, request: Request, patience: Span, worst: Span) -> Result<Answered, GuardError> {
        if self.client.is_open() || self.now() >= self.open_not_before {
            match self.client.read(request, patience.into(), worst.into()).await {
                Err(GuardError::Line(error)) => self.line_failed(&error),
                Err(noise @ GuardError::NeverQuiet) => {
                    self.say_down(&health::never_quiet(&self.client.describe(), &noise));
                    return Err(noise);
                }
                result => {
                    self.retry = FIRST_RETRY;
                    self.health.send_if_modified(BusHealth::up);
                    return result;
                }
            }
        }
        let why = self.health.borrow().down.clone();
        Err(GuardError::Down(why.unwrap_or_default()))
    }

    fn line_failed(&mut self, error: &std::io::Error) {
        self.open_not_before = self.now() + self.retry;
        self.retry = self.retry.times(2).min(LONGEST_RETRY);
        self.say_down(&health::line_failed(&self.client.describe(), error));
    }

    fn say_down(&self, why: &str) {
        if self.health.send_if_modified(|health| health.down(why)) {
            tracing::warn!("the line is down: {why}");
        }
    }

    async fn answer(&mut self, question: Question) {
        let (request, answer) = question;
        let words = self.ask_for_technician(request).await;
        let _gone_meanwhile = answer.send(words);
    }

    async fn ask_for_technician(&mut self, request: Request) -> Result<Vec<u16>, BusError> {
        pause(self.last_asked + Span::from_millis(200) - self.now()).await;
        let known = self
            .devices
            .iter()
            .find(|polled| polled.device.unit == request.unit);
        let (patience, worst) = known.map_or((Span::SECOND, Span::SECOND), |polled| {
            (
                polled.patience.wait().max(Span::SECOND),
                polled.device.worst_latency,
            )
        });
        let result = self.ask(request, patience, worst).await;
        self.last_unit = Some(request.unit);
        self.last_asked = self.now();
        match result {
            Ok(Answered { reply: Ok(words), .. }) => Ok(words),
            Ok(Answered { reply: Err(code), .. }) => Err(BusError::Exception(code)),
            Err(error) => Err(BusError::Wire(error.to_string())),
        }
    }
}

/// Waits for what is left of a pause.
async fn pause(left: Span) {
    if left > Span::ZERO {
        tokio::time::sleep(left.into()).await;
    }
}

/// When a question was asked and how it ended.
struct Asked {
    began: Span,
    ended: Span,
    quarantine: Span,
    good: bool,
    down: bool,
}

impl Polled {
    /// Gives the outcome to the plan and tells what came of it.
    fn take(&mut self, result: &Result<Answered, GuardError>, utc: Instant, asked: &Asked) -> Update {
        let now = Now {
            tick: asked.ended,
            utc,
        };
        let readings = match result {
            Ok(Answered { reply: Ok(words), .. }) => {
                self.device.plan.handle_answer(Answer::Words(words), now)
            }
            Ok(Answered { reply: Err(code), .. }) => {
                self.device.plan.handle_answer(Answer::Exception(*code), now)
            }
            Err(GuardError::Silence(_)) => self.device.plan.handle_answer(Answer::Silence, now),
            Err(error) if error.is_line_down() => self.device.plan.handle_answer(Answer::LineDown, now),
            Err(_) => self.device.plan.handle_answer(Answer::Garbled, now),
        };
        match result {
            Ok(answered) if asked.good => {
                self.patience.answered(answered.latency.into());
                self.health.answered(utc);
                self.measure();
            }
            // A line that is down says nothing about the device.
            _ if asked.down => {}
            _ => self
                .patience
                .silent(asked.ended, asked.ended - asked.began + asked.quarantine),
        }
        if !asked.down {
            self.health.note(result, utc, &self.patience);
        }
        let plan = &self.device.plan;
        let values = readings
            .into_iter()
            .map(|reading| Value {
                raw: plan.raw(reading.channel.point()).unwrap_or_default().to_vec(),
                reading,
            })
            .collect();
        if plan.points() != &*self.told {
            self.told = plan.points().into();
        }
        let points = Arc::clone(&self.told);
        let identity = plan.stranger().or(plan.identity()).cloned();
        Update {
            device: self.device.name.clone(),
            values,
            health: self.health.clone(),
            trouble: self.device.plan.trouble(),
            identity,
            points,
        }
    }

    /// Gives the measured turnaround to the plan now and then, for its cost model.
    fn measure(&mut self) {
        if !self.health.answered_count().is_multiple_of(MEASURED_AFTER) {
            return;
        }
        if let Some((middle, _, _)) = self.patience.latencies() {
            let micros = u32::try_from(middle.as_millis() * 1_000).unwrap_or(u32::MAX);
            self.device.plan.set_turnaround(micros);
        }
    }
}

/// Starts `future` on a thread of its own with a runtime of its own, for a line whose timing must be exact.
pub fn on_own_thread<F>(
    name: &str,
    future: impl FnOnce() -> F + Send + 'static,
) -> std::io::Result<oneshot::Receiver<()>>
where
    F: Future<Output = ()>,
{
    let (done, ended) = oneshot::channel();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let body = move || {
        runtime.block_on(future());
        let _nobody_waits = done.send(());
    };
    std::thread::Builder::new().name(name.to_owned()).spawn(body)?;
    Ok(ended)
}
