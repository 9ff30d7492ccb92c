//! The recorder: takes every answer from the buses, has it written down, and tells the pages.
//!
//! One batch is on its way to the card at a time. When it cannot be written it comes back and waits with what
//! came meanwhile, so that reading goes on while the card is full, slow or gone.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use acts::Site;
use acts::live::{BusLive, Live, StoreLive, Trouble};
use anyhow::Context as _;
use bus::Update;
use store::{Batch, Progress, Receipt, Refused, Store, StoreError};
use tokio::sync::{Mutex, mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;
use units::{DeviceName, Instant, Span};

use crate::backups::Backups;
use crate::buses::BusTable;
use crate::clock::{Clock, ClockWatch, Trust, is_set_by_network, source, sureness};
use crate::desk::{CLOCK_FLOOR, Desk};
use crate::supervisor::TaskTable;
use crate::troubles::troubles;

/// Pages hear of changes this often; nobody reads faster.
const TELL_EVERY: Duration = Duration::from_millis(500);

/// The most readings that are given up at a time: a clock that is a year ahead must not cost those of a quarter of a year, and
/// whoever made the rule too short has time to think again.
const READINGS_AT_ONCE: Span = Span::DAY;
/// The same for minutes, of which there are years.
const MINUTES_AT_ONCE: Span = Span::DAY.times(30);
/// How often old readings are looked for.
const TIDY_EVERY: Duration = Duration::from_secs(3_600);

/// What the recorder works with; kept by the program, so that a recorder that is started again finds it.
#[derive(Clone)]
pub struct Recorder {
    /// The store.
    pub store: Store,
    /// The site in force.
    pub site: watch::Receiver<Arc<Site>>,
    /// Answers from the buses.
    pub updates: Arc<Mutex<mpsc::Receiver<Update>>>,
    /// Where the pages hear of it.
    pub live: Arc<watch::Sender<Arc<Live>>>,
    /// The buses, for the page.
    pub buses: BusTable,
    /// The tasks, for the page.
    pub tasks: TaskTable,
    /// The backups, for the page.
    pub backups: Backups,
    /// The time of day.
    pub clock: Clock,
    /// When the box started.
    pub started: Instant,
    /// What is wrong since the start and stays so until somebody mends it.
    pub standing: Option<Trouble>,
    /// Held by whoever makes roll-ups and puts old readings away.
    pub tidying: Arc<Mutex<()>>,
}

/// A batch on its way to the card.
type Written = oneshot::Receiver<Result<Receipt, Refused>>;

/// What the recorder knows of its own writing.
struct Writing {
    on_its_way: Option<Written>,
    last_commit: Option<Instant>,
    trouble: Option<String>,
    card_at_start: Option<u64>,
}

impl Recorder {
    /// Records until stopped, then writes down what is left.
    pub async fn run(mut self, stop: CancellationToken) -> anyhow::Result<()> {
        let updates = Arc::clone(&self.updates);
        let mut updates = updates.lock().await;
        let site = self.site.borrow_and_update().clone();
        let mut commit_every = site.commit_every;
        let mut desk = Desk::new(site, self.store.clone(), (self.clock)(), CLOCK_FLOOR);
        let newest = self.store.channels().iter().map(|channel| channel.last).max();
        let (mut watch, begun) = (ClockWatch::new(newest), tokio::time::Instant::now());
        let mut look = |desk: &mut Desk<Store>, now| {
            desk.set_trust(watch.look(now, begun.elapsed().into(), is_set_by_network));
            desk.set_clock(sureness());
            desk.set_source(source());
            now
        };
        let clock = Arc::clone(&self.clock);
        let mut writing = Writing {
            on_its_way: None,
            last_commit: None,
            trouble: None,
            card_at_start: crate::machine::card_bytes(),
        };
        let mut tell = tokio::time::interval(TELL_EVERY);
        tell.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut tidy = tokio::time::interval(TIDY_EVERY);
        let mut next_commit = tokio::time::Instant::now() + commit_every.into();
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                update = updates.recv() => {
                    let Some(update) = update else { break };
                    let now = look(&mut desk, clock());
                    desk.take(update, now);
                }
                _ = tell.tick() => {
                    let now = look(&mut desk, clock());
                    self.tell(now, &desk, &writing);
                }
                _ = tidy.tick() => {
                    let now = look(&mut desk, clock());
                    self.tidy(now, desk.trust(), &stop);
                }
                changed = self.site.changed() => {
                    changed.context("the site is gone")?;
                    let site = self.site.borrow_and_update().clone();
                    commit_every = site.commit_every;
                    desk.reconfigure(site, clock());
                }
                written = written(&mut writing.on_its_way) => self.note_written(written, &mut desk, &mut writing),
                () = tokio::time::sleep_until(next_commit) => {
                    next_commit = tokio::time::Instant::now() + commit_every.into();
                    self.write(&mut desk, &mut writing);
                }
            }
        }
        // What the buses had asked before they were stopped is written down as well.
        while let Ok(update) = updates.try_recv() {
            let now = look(&mut desk, clock());
            desk.take(update, now);
        }
        self.finish(desk, writing).await
    }

    /// Makes the roll-ups of days that are over, then gives up readings and minutes that are older than they are kept, a small
    /// step at a time beside everything else, and never more than a day's readings and a month's minutes. With a wrong clock
    /// nothing is made and nothing given up.
    fn tidy(&self, now: Instant, trust: Trust, stop: &CancellationToken) {
        let Some(oldest) = self.store.facts().oldest_reading else {
            return;
        };
        if now < CLOCK_FLOOR || trust != Trust::Believed {
            return;
        }
        let (store, stop, tidying) = (self.store.clone(), stop.clone(), Arc::clone(&self.tidying));
        let site = Arc::clone(&self.site.borrow());
        tokio::task::spawn_blocking(move || {
            // A box that was upgraded has many days to make, and is still at it when the next hour comes.
            let Ok(_at_it) = tidying.try_lock() else { return };
            let rolled = steps(&stop, || store.roll_up(&site.place.zone, now));
            let given_up = rolled.and_then(|()| {
                let readings = site.keep.readings_before(now);
                let readings = readings.map(|before| before.min(oldest + READINGS_AT_ONCE));
                let minutes = site.keep.minutes_before(now).zip(store.oldest_minutes()?);
                let minutes = minutes.map(|(before, oldest)| before.min(oldest + MINUTES_AT_ONCE));
                give_up(&store, (readings, minutes), &stop)
            });
            if let Err(error) = given_up {
                tracing::warn!(%error, "old readings could not be put away; it is tried again in an hour");
            }
        });
    }

    /// Sends what waits to the store, unless a batch is on its way already.
    fn write(&self, desk: &mut Desk<Store>, writing: &mut Writing) {
        if writing.on_its_way.is_some() {
            return;
        }
        let Some(batch) = desk.batch() else { return };
        let (done, written) = oneshot::channel();
        let handed = self.store.record(
            batch,
            Box::new(move |result| {
                let _nobody_waits_any_more = done.send(result);
            }),
        );
        match handed {
            Ok(()) => writing.on_its_way = Some(written),
            Err(refused) => back(refused, desk, writing),
        }
    }

    fn note_written(
        &self,
        written: Option<Result<Receipt, Refused>>,
        desk: &mut Desk<Store>,
        writing: &mut Writing,
    ) {
        match written {
            Some(Ok(_)) => {
                writing.last_commit = Some((self.clock)());
                if let Some(trouble) = writing.trouble.take() {
                    tracing::info!(was = trouble, "readings are written down again");
                }
            }
            Some(Err(refused)) => back(refused, desk, writing),
            None => writing.trouble = Some("the store has ended; start Hearth again".to_owned()),
        }
    }

    fn tell(&self, now: Instant, desk: &Desk<Store>, writing: &Writing) {
        let facts = self.store.facts();
        let (waiting, given_up) = desk.waiting();
        let store = StoreLive {
            file_bytes: facts.file_bytes,
            last_commit: writing.last_commit,
            commit_took: facts.last_commit_took.map_or(Span::ZERO, Span::from),
            commits: facts.commits,
            card_bytes: crate::machine::card_bytes()
                .zip(writing.card_at_start)
                .map(|(now, start)| now - start),
            waiting,
            trouble: writing.trouble.clone().or(facts.trouble),
            backup: self.backups.live(),
        };
        let mut live = Live {
            at: now,
            started: self.started,
            power: desk.power(now),
            devices: desk.devices(),
            buses: self.buses.lives(&self.site.borrow()),
            tasks: self.tasks.tasks(),
            store,
            troubles: Vec::new(),
        };
        live.troubles = self.standing.iter().cloned().collect();
        live.troubles
            .extend(troubles(&live, &self.site.borrow(), given_up, desk.clocks()));
        self.live.send_replace(Arc::new(live));
    }

    /// Writes down what is left, waiting for a batch that is on its way.
    async fn finish(self, mut desk: Desk<Store>, mut writing: Writing) -> anyhow::Result<()> {
        if writing.on_its_way.is_some() {
            let last = written(&mut writing.on_its_way).await;
            self.note_written(last, &mut desk, &mut writing);
        }
        let Some(batch) = desk.batch() else { return Ok(()) };
        let store = self.store.clone();
        let written = tokio::task::spawn_blocking(move || store.record_and_wait(batch)).await?;
        written.context("the last readings could not be written down")?;
        Ok(())
    }
}

/// Gives up readings and minutes from before these instants. Where that is nothing, nothing is written.
pub(crate) fn give_up(
    store: &Store,
    (readings, minutes): (Option<Instant>, Option<Instant>),
    stop: &CancellationToken,
) -> Result<(), StoreError> {
    // What has no roll-ups yet is kept until it has. Readings go by the hour, and minutes by the day.
    let readings = readings.map(|before| before.min(store.rolled_until()));
    if let Some((before, oldest)) = readings.zip(store.facts().oldest_reading)
        && oldest < before.floor(Span::HOUR)
    {
        steps(stop, || store.retain(before))?;
    }
    if let Some((before, oldest)) = minutes.zip(store.oldest_minutes()?)
        && oldest < before.floor(Span::DAY)
    {
        steps(stop, || store.retain_minutes(before))?;
    }
    Ok(())
}

/// Does something in small steps until it is done, or Hearth is to stop.
pub(crate) fn steps(
    stop: &CancellationToken,
    mut step: impl FnMut() -> Result<Progress, StoreError>,
) -> Result<(), StoreError> {
    while !stop.is_cancelled() {
        if step()? == Progress::Done {
            break;
        }
    }
    Ok(())
}

/// A batch came back: it waits again, and why is told once.
fn back(refused: Refused, desk: &mut Desk<Store>, writing: &mut Writing) {
    let Refused { batch, why } = refused;
    let why = why.to_string();
    if writing.trouble.as_ref() != Some(&why) {
        tracing::error!(error = why, "readings wait in memory");
    }
    writing.trouble = Some(why);
    let batch: Batch = *batch;
    desk.give_back(batch);
}

/// The end of the batch that is on its way; never, when there is none.
async fn written(on_its_way: &mut Option<Written>) -> Option<Result<Receipt, Refused>> {
    let Some(written) = on_its_way else {
        return std::future::pending().await;
    };
    let result = written.await.ok();
    *on_its_way = None;
    result
}

/// The buses as the page shows them.
impl BusTable {
    fn lives(&self, site: &Site) -> Vec<BusLive> {
        let view = |(name, health): (DeviceName, bus::BusHealth)| BusLive {
            name,
            wire: health.wire,
            down: health.down,
            asked: health.asked,
            answered: health.answered,
            silent: health.counts.silent,
            refused: health.counts.refused,
            drained: health.counts.drained,
            busy_permille: health.busy_permille,
        };
        self.healths(site).into_iter().map(view).collect()
    }
}
