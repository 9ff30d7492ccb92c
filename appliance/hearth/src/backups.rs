//! The task that makes backups: once a day to each place, at once when somebody asks, and never of a stand-in for the
//! store. What it does is `store::backup`; what it knows stands in what is true now, where pages and the command see it.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use acts::live::{BackupLive, BackupPlaceLive};
use acts::site::BackupPlace;
use acts::{Actor, Acts, Site};
use store::Store;
use store::backup::{BoxKey, Thinning, Wish, create, folder_of, list, thin};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use units::{Instant, Span};

use crate::clock;
use crate::desk::CLOCK_FLOOR;
use crate::world::draw;

/// How often it looks whether a backup is due, or a stick is in again.
const EVERY: Duration = Duration::from_secs(600);
/// The first look waits until the clock has had time to be set.
const FIRST: Duration = Duration::from_secs(300);
/// A backup is due when the newest is as old as this: less than a day, so that it does not come later each day.
const DUE: Span = Span::from_secs(23 * 3_600 + 1_800);
/// After a failure the same place is left alone for so long, since each try writes.
const AGAIN: Span = Span::from_secs(6 * 3_600);

/// What the task tells, and how it is woken. A cheap clone.
#[derive(Debug, Clone, Default)]
pub struct Backups {
    told: Arc<Mutex<BackupLive>>,
    wanted: Arc<Notify>,
}

impl Backups {
    /// How the backups stand.
    pub fn live(&self) -> BackupLive {
        self.lock().clone()
    }

    /// Has one made now.
    pub fn make_one(&self) -> Result<(), String> {
        let told = self.lock();
        if told.places.is_empty() {
            return Err(
                "site.toml names no place for backups. Write a section [backup] in it with a folder or a stick, then \
                 `hearth reload`; docs/stewards/backup.md shows how"
                    .to_owned(),
            );
        }
        if told.running {
            return Err("a backup is being made already. Wait until it is done".to_owned());
        }
        self.wanted.notify_one();
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, BackupLive> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the task works with.
#[derive(Clone)]
pub(crate) struct Keeper {
    pub(crate) backups: Backups,
    pub(crate) acts: Acts,
    pub(crate) store: Store,
    pub(crate) site: watch::Receiver<Arc<Site>>,
    /// The state folder.
    pub(crate) state: PathBuf,
    /// The site's file.
    pub(crate) site_file: PathBuf,
    /// Whether what is recorded is forgotten at the end: then there is nothing to back up.
    pub(crate) forgets: bool,
}

/// What is remembered of a place between two looks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Past {
    failed: Option<(Instant, String)>,
    bytes: Option<u64>,
}

impl Keeper {
    /// Makes backups until stopped.
    pub(crate) async fn run(mut self, stop: CancellationToken) -> anyhow::Result<()> {
        let mut past = BTreeMap::new();
        let mut wait = FIRST;
        let mut key = None;
        // Whether the box itself had one made, for the places where one was due.
        let mut by_itself = false;
        loop {
            key = self.look(key, &past).await?;
            let asked = tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = self.backups.wanted.notified() => true,
                changed = self.site.changed() => {
                    changed?;
                    continue;
                }
                () = tokio::time::sleep(wait) => false,
            };
            wait = EVERY;
            let by_somebody = asked && !std::mem::take(&mut by_itself);
            if by_somebody {
                // Whoever asks has done something about what went wrong before.
                past.values_mut().for_each(|past: &mut Past| past.failed = None);
            }
            key = self.look(key, &past).await?;
            let now = clock::now();
            let known = match self.ready(key, now) {
                Ok(known) => known,
                Err(why) => {
                    if asked {
                        self.failed_everywhere(&why, now, &mut past);
                        key = self.told_after(key, &past).await?;
                    }
                    continue;
                }
            };
            let due: Vec<BackupPlace> = {
                let told = self.backups.live();
                let places = self.site.borrow().backups.clone();
                let wanted = places.into_iter().zip(&told.places);
                let wanted = wanted.filter(|(_, live)| {
                    let free = by_somebody && live.trouble.is_none();
                    free || is_due(live, past.get(&live.place), now)
                });
                wanted.map(|(place, _)| place).collect()
            };
            if due.is_empty() && !asked {
                continue;
            }
            if !asked {
                by_itself = true;
                // It wakes this loop, which then does what somebody asked for.
                if let Err(error) = self.acts.back_up(&Actor::TheBox).await {
                    by_itself = false;
                    tracing::warn!(%error, "no backup is made");
                }
                continue;
            }
            self.backups.lock().running = true;
            for place in due {
                let made = self.make(&place, known, &stop).await;
                past.insert(place.path().display().to_string(), made);
            }
            key = self.told_after(Some(known), &past).await?;
        }
    }

    /// The key to seal with; or, in words, why there can be no backup just now.
    fn ready(&self, key: Option<BoxKey>, now: Instant) -> Result<BoxKey, String> {
        if self.forgets {
            return Err("the store could not be opened, and what is recorded since is forgotten at the end. Mend that \
                        first; the page of the box says what it is"
                .to_owned());
        }
        if now < CLOCK_FLOOR {
            return Err(
                "the box does not know what day it is, and a backup bears its date. Set the clock".to_owned(),
            );
        }
        key.ok_or_else(|| {
            "there is no recovery phrase to seal it with. Make one on the page of the box".to_owned()
        })
    }

    /// Notes for every place why there was no backup.
    fn failed_everywhere(&self, why: &str, now: Instant, past: &mut BTreeMap<String, Past>) {
        for place in &self.site.borrow().backups {
            let failed = Some((now, why.to_owned()));
            past.insert(place.path().display().to_string(), Past { failed, bytes: None });
        }
    }

    /// Tells how the backups stand, and then that a run is over: who waits for it finds what came of it.
    async fn told_after(
        &self,
        key: Option<BoxKey>,
        past: &BTreeMap<String, Past>,
    ) -> anyhow::Result<Option<BoxKey>> {
        let looked = self.look(key, past).await;
        let mut told = self.backups.lock();
        told.running = false;
        told.runs += 1;
        looked
    }

    /// Looks how the backups stand.
    async fn look(
        &self,
        before: Option<BoxKey>,
        past: &BTreeMap<String, Past>,
    ) -> anyhow::Result<Option<BoxKey>> {
        let (store, places) = (self.store.clone(), self.site.borrow().backups.clone());
        let looked = tokio::task::spawn_blocking(move || {
            // A store that cannot be read now has the key that it had.
            let key = acts::backup::key(&store).unwrap_or(before);
            let lives: Vec<_> = places.iter().map(|place| look_at(place, key)).collect();
            (key, lives)
        });
        let (key, mut lives) = looked.await?;
        for live in &mut lives {
            if let Some(past) = past.get(&live.place) {
                live.bytes = past.bytes;
                let failed = past.failed.as_ref().map(|(_, why)| why.clone());
                live.trouble = live.trouble.take().or(failed);
            }
        }
        let mut told = self.backups.lock();
        told.has_phrase = key.is_some();
        told.places = lives;
        Ok(key)
    }

    /// Makes one, and thins out the older ones.
    async fn make(&self, place: &BackupPlace, key: BoxKey, stop: &CancellationToken) -> Past {
        let (store, state, site) = (self.store.clone(), self.state.clone(), self.site_file.clone());
        let (path, stop) = (place.path().to_owned(), stop.clone());
        let now = clock::now();
        let made = tokio::task::spawn_blocking(move || {
            let files = crate::kept::files(&state, &site).map_err(|error| error.to_string())?;
            let made = create(Wish {
                store: &store,
                place: &path,
                key,
                files: &files,
                now,
                version: env!("CARGO_PKG_VERSION"),
                random: &mut draw,
                stopped: &|| stop.is_cancelled(),
            });
            let made = made.map_err(|error| error.to_string())?;
            let gone = thin(&folder_of(&path, &key.of_box), &key.of_box, Thinning::default());
            Ok::<_, String>((made, gone))
        });
        let made = made
            .await
            .unwrap_or_else(|_| Err("the program failed over it".to_owned()));
        match made {
            Ok((made, gone)) => {
                tracing::info!(
                    file = %made.file.display(),
                    rows = made.rows,
                    bytes = made.bytes_written,
                    "a backup was made, and is the same as the store"
                );
                match gone {
                    Ok(0) => {}
                    Ok(gone) => tracing::info!(backups = gone, "older backups were thinned out"),
                    Err(error) => tracing::warn!(%error, "older backups could not be thinned out"),
                }
                Past {
                    failed: None,
                    bytes: Some(made.bytes_written),
                }
            }
            Err(why) => {
                tracing::error!(error = why, "no backup was made");
                Past {
                    failed: Some((now, why)),
                    bytes: None,
                }
            }
        }
    }
}

/// How a place stands.
fn look_at(place: &BackupPlace, key: Option<BoxKey>) -> BackupPlaceLive {
    let path = place.path();
    let mut live = BackupPlaceLive {
        place: path.display().to_string(),
        is_stick: matches!(place, BackupPlace::Stick(_)),
        newest: None,
        count: 0,
        bytes: None,
        trouble: None,
    };
    if live.is_stick && !is_mounted(path) {
        live.trouble = Some(format!("there is no stick at {}. Plug it in", path.display()));
        return live;
    }
    let Some(key) = key else { return live };
    // A folder that is not there yet has no backups.
    let found = list(&folder_of(path, &key.of_box)).unwrap_or_default();
    let whole = found.iter().filter_map(|found| found.manifest.as_ref().ok());
    // One from the future was made under a wrong clock; the next is not put off for it.
    let now = clock::now();
    live.newest = whole.map(|manifest| manifest.at).filter(|at| *at <= now).max();
    live.count = found.len();
    live
}

/// Whether a file system of its own is mounted here: without one, what is meant for a stick would fill the card.
fn is_mounted(path: &Path) -> bool {
    let device = |path: &Path| fs::metadata(path).map(|found| found.dev()).ok();
    match (device(path), path.parent().and_then(device)) {
        (Some(own), Some(above)) => own != above,
        _ => false,
    }
}

/// Whether the time has come for a backup at this place.
fn is_due(live: &BackupPlaceLive, past: Option<&Past>, now: Instant) -> bool {
    let failed = past.and_then(|past| past.failed.as_ref()).map(|(at, _)| *at);
    let rests = failed.is_some_and(|at| now.since(at) < AGAIN && at <= now);
    // The trouble of a place that failed is told until the next try; any other is in the way now.
    let in_the_way = live.trouble.is_some() && failed.is_none();
    let old = live.newest.is_none_or(|newest| now.since(newest) >= DUE);
    old && !rests && !in_the_way
}
