//! The methods of `org.hearth.Control1`. Each asks one look or one act and puts the answer into words; no more.

use std::future::Future;
use std::sync::Arc;

use acts::look::LookError;
use acts::sign_in::SignInError;
use acts::{Actor, Acts, Look, RawRead, Site};
use devices::frame::{Function, MOST_REGISTERS, Request};
use energy::calendar::{Kind, Period};
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_util::sync::CancellationToken;
use units::{Channel, DeviceName, Instant};
use zbus::OwnedFd;

use super::stream::{self, Gone, Job, Pipe, Stretch};
use super::views::{ClaimView, FaultView, StatusView};
use super::{CheckedView, Limits, ledger, people, record};
use crate::refusal::Refusal;

/// The longest `site.toml` that is looked at.
const MOST_TEXT: usize = 1024 * 1024;

/// What one client talks to.
pub(super) struct Control {
    acts: Acts,
    uid: u32,
    actor: Actor,
    limits: Limits,
    jobs: mpsc::Sender<Job>,
    streams: Arc<Semaphore>,
    stop: CancellationToken,
}

impl Control {
    pub(super) fn new(
        acts: Acts,
        (uid, actor): (u32, Actor),
        limits: Limits,
        jobs: mpsc::Sender<Job>,
        stop: CancellationToken,
    ) -> Self {
        let streams = Arc::new(Semaphore::new(limits.streams));
        Self {
            acts,
            uid,
            actor,
            limits,
            jobs,
            streams,
            stop,
        }
    }

    fn look(&self) -> Look {
        self.acts.look(self.actor.clone())
    }

    /// An answer that reads the store, which waits for the card.
    async fn read_store<T: Serialize + Send + 'static>(
        &self,
        ask: impl FnOnce(&Look) -> Result<T, LookError> + Send + 'static,
    ) -> Result<String, Refusal> {
        let look = self.look();
        let answer = tokio::task::spawn_blocking(move || ask(&look));
        let answer = self
            .in_time(async { answer.await.map_err(|_| stopping()) })
            .await??;
        json(&answer)
    }

    /// No answer keeps a client waiting for ever.
    async fn in_time<T>(&self, answer: impl Future<Output = Result<T, Refusal>>) -> Result<T, Refusal> {
        let limit = self.limits.call;
        match tokio::time::timeout(limit, answer).await {
            Ok(answer) => answer,
            Err(_) => {
                let seconds = limit.as_secs();
                Err(Refusal::Failed(format!(
                    "the box did not finish this within {seconds} s; ask again, or for less"
                )))
            }
        }
    }

    /// Room for one more long answer of this client, and its pipe.
    fn pipe(&self) -> Result<(OwnedSemaphorePermit, Pipe, OwnedFd), Refusal> {
        let Ok(room) = Arc::clone(&self.streams).try_acquire_owned() else {
            let most = self.limits.streams;
            return Err(Refusal::Failed(format!(
                "{most} long answers are under way already; end one of them first"
            )));
        };
        let (pipe, end) = Pipe::new(self.limits.stalled).map_err(|error| {
            Refusal::Failed(format!("there is no pipe for the answer: {error}; ask again"))
        })?;
        Ok((room, pipe, end.into()))
    }

    /// Hands a long answer to the client's own task, which runs it.
    fn start(
        &self,
        room: OwnedSemaphorePermit,
        answer: impl Future<Output = Result<(), Gone>> + Send + 'static,
    ) -> Result<(), Refusal> {
        let job: Job = Box::pin(async move {
            // Whoever has gone needs no word.
            let _ = answer.await;
            drop(room);
        });
        self.jobs.try_send(job).map_err(|_| stopping())
    }
}

#[zbus::interface(name = "org.hearth.Control1", introspection_docs = false)]
impl Control {
    /// The version of the box.
    #[zbus(out_args("version"))]
    async fn version(&self) -> String {
        self.look().the_box().version
    }

    /// How the box is doing, with the power flows.
    #[zbus(out_args("status"))]
    async fn status(&self) -> Result<String, Refusal> {
        json(&StatusView::of(&self.look()))
    }

    /// The power flows.
    #[zbus(out_args("power"))]
    async fn power(&self) -> Result<String, Refusal> {
        json(&self.look().power())
    }

    /// All devices.
    #[zbus(out_args("devices"))]
    async fn devices(&self) -> Result<String, Refusal> {
        json(&self.look().devices())
    }

    /// One device.
    #[zbus(out_args("device"))]
    async fn device(&self, name: String) -> Result<String, Refusal> {
        json(&self.look().device(&name)?)
    }

    /// Energy over a period; an empty one is today.
    #[zbus(out_args("energy"))]
    async fn energy(&self, period: String) -> Result<String, Refusal> {
        let period = match period.as_str() {
            "" => None,
            text => Some(Period::parse(text).map_err(|error| Refusal::BadInput(error.to_string()))?),
        };
        self.read_store(move |look| {
            look.energy(period.unwrap_or_else(|| Period::holding(Kind::Day, look.today())))
        })
        .await
    }

    /// The channels that have readings.
    #[zbus(out_args("channels"))]
    async fn channels(&self) -> Result<String, Refusal> {
        self.read_store(|look| Ok(look.channels())).await
    }

    /// The readings of a channel with `from <= at < to` in UTC milliseconds, as lines through a pipe.
    #[zbus(out_args("lines"))]
    async fn readings(&self, channel: String, from: i64, to: i64) -> Result<OwnedFd, Refusal> {
        let channel = Channel::parse(&channel).map_err(|error| Refusal::BadInput(error.to_string()))?;
        let stretch = self.stretch(channel, from, to).await?;
        let (room, pipe, lines) = self.pipe()?;
        self.start(
            room,
            stream::readings(pipe, self.acts.clone(), self.actor.clone(), stretch),
        )?;
        Ok(lines)
    }

    /// Registers of a device in the raw.
    #[zbus(out_args("words"))]
    async fn read(
        &self,
        bus: String,
        unit: u8,
        function: String,
        address: u16,
        count: u16,
    ) -> Result<Vec<u16>, Refusal> {
        let function = match function.as_str() {
            "holding" => Function::Holding,
            "input" => Function::Input,
            other => {
                return Err(Refusal::BadInput(format!(
                    "{other:?} is no kind of register; say holding or input"
                )));
            }
        };
        if !(Request {
            unit,
            function,
            address,
            count,
        })
        .is_possible()
        {
            let what = format!("ask for 1 to {MOST_REGISTERS} registers, none beyond 65535");
            return Err(Refusal::BadInput(what));
        }
        let question = RawRead {
            bus: bus_name(&bus)?,
            unit,
            function,
            address,
            count,
        };
        self.in_time(async { Ok(self.acts.read_registers(&self.actor, question).await?) })
            .await
    }

    /// The frames of a bus from now on, as lines through a pipe.
    #[zbus(out_args("lines"))]
    async fn watch(&self, bus: String) -> Result<OwnedFd, Refusal> {
        let bus = bus_name(&bus)?;
        let (room, pipe, lines) = self.pipe()?;
        let frames = self
            .in_time(async { Ok(self.acts.watch_bus(&self.actor, &bus).await?) })
            .await?;
        self.start(room, stream::frames(pipe, frames, self.stop.clone()))?;
        Ok(lines)
    }

    /// Reads `site.toml` again.
    #[zbus(out_args("sentence"))]
    async fn reload(&self) -> Result<String, Refusal> {
        self.in_time(async { Ok(self.acts.reload(&self.actor).await?) })
            .await
    }

    /// Has a backup made now; how it goes stands in the status.
    async fn back_up(&self) -> Result<(), Refusal> {
        self.in_time(async { Ok(self.acts.back_up(&self.actor).await?) })
            .await
    }

    /// The code with which the first steward claims the box, or that somebody has.
    #[zbus(out_args("claim"))]
    async fn claim_code(&self) -> Result<String, Refusal> {
        let code = self.in_time(async { Ok(self.acts.show_code(&self.actor).await) });
        json(&match code.await? {
            Ok(code) => ClaimView::open(&code, self.acts.doors().pages("/claim")),
            Err(claimed @ SignInError::Claimed) => ClaimView::claimed(claimed.to_string()),
            Err(other) => return Err(other.into()),
        })
    }

    /// Who can do what here: the table of acts with the roles.
    #[zbus(out_args("rights"))]
    async fn who_can(&self) -> Result<String, Refusal> {
        let rights = self.in_time(async { Ok(self.acts.who_can(&self.actor).await?) });
        json(&rights.await?)
    }

    /// A question about people, or something to be done, as JSON. Root, who is nobody in the book, says why.
    #[zbus(out_args("answer"))]
    async fn members(&self, question: String, why: String) -> Result<String, Refusal> {
        let question = serde_json::from_str(&question)
            .map_err(|error| Refusal::BadInput(format!("this is no question about people: {error}")))?;
        self.in_time(async {
            let actor = self.acts.at_the_socket(self.uid, &why).await?;
            people::answer(&self.acts, &actor, question).await
        })
        .await
    }

    /// Every fault of the text of a `site.toml`; nothing is changed.
    #[zbus(out_args("faults"))]
    async fn check_config(&self, text: String) -> Result<String, Refusal> {
        if text.len() > MOST_TEXT {
            return Err(Refusal::BadInput(
                "this is longer than any site.toml; give the right file".to_owned(),
            ));
        }
        let faults = Site::parse(&text).err().unwrap_or_default();
        json(&faults.into_iter().map(FaultView::from).collect::<Vec<_>>())
    }

    /// Lines of the record of who did what, as JSON asks for them. Root, who is nobody in the book, says why.
    #[zbus(out_args("lines"))]
    async fn record(&self, question: String, why: String) -> Result<String, Refusal> {
        let question = serde_json::from_str(&question)
            .map_err(|error| Refusal::BadInput(format!("this is no question about the record: {error}")))?;
        let found = self.in_time(async {
            let actor = self.acts.at_the_socket(self.uid, &why).await?;
            record::read(&self.acts, &actor, question).await
        });
        json(&found.await?)
    }

    /// What JSON asks about the ledger's closed days, as lines through a pipe.
    #[zbus(out_args("lines"))]
    async fn ledger(&self, question: String) -> Result<OwnedFd, Refusal> {
        let question = serde_json::from_str(&question)
            .map_err(|error| Refusal::BadInput(format!("this is no question about the ledger: {error}")))?;
        let (room, pipe, lines) = self.pipe()?;
        let answer = self
            .in_time(ledger::begin(&self.acts, &self.actor, question))
            .await?;
        self.start(room, ledger::send(pipe, self.acts.clone(), answer))?;
        Ok(lines)
    }

    /// Looks through the whole record, whether a line was changed or is missing.
    #[zbus(out_args("checked"))]
    async fn check_record(&self) -> Result<String, Refusal> {
        let checked = self.in_time(async { Ok(self.acts.check_record(&self.actor).await?) });
        json(&CheckedView::from(checked.await?))
    }
}

impl Control {
    /// The stretch as far as there can be readings in it, so that nobody waits for empty years.
    async fn stretch(&self, channel: Channel, from: i64, to: i64) -> Result<Stretch, Refusal> {
        if from >= to {
            let what = "the end is not after the beginning; change one of the two";
            return Err(Refusal::BadInput(what.to_owned()));
        }
        let look = self.look();
        let name = channel.clone();
        let known = tokio::task::spawn_blocking(move || {
            look.unit_of(&name)?;
            let channels = look.channels();
            Ok::<_, LookError>(channels.into_iter().find(|view| view.channel == name.as_str()))
        });
        let known = self
            .in_time(async { known.await.map_err(|_| stopping()) })
            .await??;
        let (first, end) = known.map_or((0, 0), |view| (view.first_ms, view.last_ms.saturating_add(1)));
        Ok(Stretch {
            channel,
            from: Instant::from_millis(from.max(first)),
            to: Instant::from_millis(to.min(end)),
        })
    }
}

fn bus_name(word: &str) -> Result<DeviceName, Refusal> {
    DeviceName::parse(word).map_err(|error| Refusal::BadInput(format!("{word:?} is no bus: {error}")))
}

fn stopping() -> Refusal {
    Refusal::Failed("the box is being stopped; ask again when it runs".to_owned())
}

pub(super) fn json(value: &impl Serialize) -> Result<String, Refusal> {
    serde_json::to_string(value)
        .map_err(|error| Refusal::Failed(format!("the answer cannot be written: {error}")))
}
