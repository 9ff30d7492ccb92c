//! `hearth run`: the box itself. Opens the store, starts everything, reloads, and stops in good order.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use acts::live::{Live, StoreLive, Trouble};
use acts::{ActError, Actor, Acts, Site, SiteFault};
use store::backup::BackupError;
use store::{OpenError, Options, Store};
use system::control::{ControlError, Door, Extras};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{Mutex, mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;
use units::Instant;

use crate::backups::Backups;
use crate::buses::Buses;
use crate::doors::Keeper;
use crate::page::Page;
use crate::recorder::Recorder;
use crate::site_file::{self, Unread};
use crate::state::StateFolder;
use crate::supervisor::Supervisor;
use crate::world::{self, ReloadOrder, World};
use crate::{backups, clock, notify, post, tidying};

/// Answers of devices that may wait for the recorder before a bus waits too.
const WAITING_UPDATES: usize = 256;

/// How long reading `site.toml` may take; whoever asked waits a little longer.
const READ_WITHIN: Duration = Duration::from_secs(5);

/// How the box is started.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// The state folder.
    pub state: PathBuf,
    /// The site's file; `site.toml` in the state folder unless given.
    pub site: Option<PathBuf>,
    /// Another port for the plain door than the site's file says; 0 takes any free one, for both doors.
    pub port: Option<u16>,
    /// Another port for the safe door.
    pub safe_port: Option<u16>,
}

/// Why the box did not start, or had to end.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The state folder cannot be used.
    #[error("the folder {} cannot be used: {source}. Check who owns it, or name another with --state", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// There is no such folder, and so no `site.toml` in it.
    #[error("there is no folder {}. Name the box's folder with --state; or make it, and write a site.toml in it: docs/technicians/site.md shows how", .0.display())]
    NoFolder(PathBuf),
    /// `site.toml` cannot be read.
    #[error("{} {why}", file.display())]
    NoSite {
        /// The file.
        file: PathBuf,
        /// Why.
        why: Unread,
    },
    /// `site.toml` is not good.
    #[error("{}", faults(file, .found))]
    BadSite {
        /// The file.
        file: PathBuf,
        /// Everything that is wrong with it.
        found: Vec<SiteFault>,
    },
    /// Another box runs on this folder.
    #[error("{0}")]
    SecondBox(OpenError),
    /// Neither the store nor a stand-in for it can be had.
    #[error("{0}")]
    NoStore(OpenError),
    /// Anything else.
    #[error("{0:#}")]
    Broken(#[from] anyhow::Error),
}

impl RunError {
    /// The exit code, as in sysexits.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Folder { .. } => 77,
            Self::NoFolder(_) | Self::NoSite { .. } => 66,
            Self::BadSite { .. } => 78,
            Self::SecondBox(_) => 69,
            Self::NoStore(_) => 74,
            Self::Broken(_) => 70,
        }
    }
}

/// Every fault on a line of its own.
fn faults(file: &Path, found: &[SiteFault]) -> String {
    let name = file.display();
    let line = |fault: &SiteFault| {
        format!(
            "{name}:{}:{}: {}. {}",
            fault.line, fault.column, fault.what, fault.remedy
        )
    };
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Runs the box until it is told to stop.
pub async fn run(options: RunOptions) -> Result<(), RunError> {
    // A name that was mistyped is no wish for a folder.
    if options.site.is_none() && !options.state.exists() {
        return Err(RunError::NoFolder(options.state));
    }
    // Before anything of the folder is read: a restore that was cut at its end is ended now.
    let finished = store::backup::finish(&options.state).map_err(|error| match error {
        BackupError::Open(why @ OpenError::AlreadyOpen { .. }) => RunError::SecondBox(why),
        error => RunError::Broken(error.into()),
    });
    if finished? {
        tracing::info!("a box was restored into this folder from a backup");
    }
    let folder = StateFolder::open(&options.state).map_err(|source| RunError::Folder {
        folder: options.state.clone(),
        source,
    })?;
    let file = options.site.clone().unwrap_or_else(|| folder.site());
    let site = Arc::new(read_site(&file)?);
    let found = open_store(&folder)?;
    let mut running = Box::new(Running::new(options, folder, file, site, found)?);
    running.start();
    running.until_stopped().await?;
    running.end().await;
    Ok(())
}

/// The same, for a box that runs and must go on: a disk that does not answer keeps one thread waiting, and nothing
/// else.
async fn read_site_in_time(file: &Path) -> Result<Site, String> {
    let (tell, told) = oneshot::channel();
    let from = file.to_owned();
    // A thread of its own, since the end of the program waits for the runtime's.
    std::thread::spawn(move || {
        let _nobody_waits_any_more = tell.send(read_site(&from));
    });
    match tokio::time::timeout(READ_WITHIN, told).await {
        Ok(Ok(site)) => site.map_err(|error| error.to_string()),
        _ => Err(format!(
            "{} could not be read within {} s. Look at the disk it lies on",
            file.display(),
            READ_WITHIN.as_secs()
        )),
    }
}

/// Reads and checks a site's file.
pub fn read_site(file: &Path) -> Result<Site, RunError> {
    let text = site_file::read(file).map_err(|why| RunError::NoSite {
        file: file.to_owned(),
        why,
    })?;
    Site::parse(&text).map_err(|found| RunError::BadSite {
        file: file.to_owned(),
        found,
    })
}

/// The store as it was found, and what somebody must know of it.
struct Found {
    store: Store,
    trouble: Option<Trouble>,
    /// Whether it is a stand-in, and all that is done is forgotten.
    forgets: bool,
}

/// The store; or, when it cannot be opened, an empty stand-in that is forgotten at the end and the sentence that
/// says so. What lies in the folder is not touched then.
fn open_store(folder: &StateFolder) -> Result<Found, RunError> {
    let why = match Store::open(folder.root(), Options::default()) {
        Ok(store) => {
            if store.opened().recovered() {
                tracing::info!("the store was not closed properly and has been put in order");
            }
            let trouble = match store.opened().lost_pages {
                0 => None,
                pages => Some(act(format!(
                    "A part of the last hour before the start is lost: {pages} of the pages that held its readings \
                     cannot be read any more, and energy may be missing in it. Look at the card: make a copy of the \
                     folder, and replace the card if it happens again"
                ))),
            };
            return Ok(Found {
                store,
                trouble,
                forgets: false,
            });
        }
        Err(why @ OpenError::AlreadyOpen { .. }) => return Err(RunError::SecondBox(why)),
        Err(why) => why,
    };
    tracing::error!(error = %why, "going on with an empty stand-in");
    let stand_in = std::env::temp_dir().join(format!("hearth-stand-in-{}", std::process::id()));
    let opened = std::fs::create_dir_all(&stand_in)
        .ok()
        .and_then(|()| Store::open(&stand_in, Options::default()).ok());
    // The open file lives on without its name, and is gone with the program.
    let _still_there = std::fs::remove_dir_all(&stand_in);
    let Some(store) = opened else {
        return Err(RunError::NoStore(why));
    };
    let sentence = format!(
        "{why}. Until then the box shows what it reads and keeps nothing; start it again when mended"
    );
    Ok(Found {
        store,
        trouble: Some(act(sentence)),
        forgets: true,
    })
}

/// Something about the store that somebody must do something about.
fn act(sentence: String) -> Trouble {
    Trouble {
        about: "store".to_owned(),
        sentence,
        must_act: true,
    }
}

/// Everything of a box that runs.
struct Running {
    options: RunOptions,
    folder: StateFolder,
    file: PathBuf,
    stop: CancellationToken,
    page_stop: CancellationToken,
    supervisor: Supervisor,
    buses: Buses,
    site: watch::Sender<Arc<Site>>,
    recorder: Recorder,
    /// Whether the store is a stand-in, and all that is done is forgotten.
    forgets: bool,
    acts: Acts,
    orders: mpsc::Receiver<ReloadOrder>,
    signals: [Signal; 3],
    doors: Arc<Keeper>,
}

impl Running {
    fn new(
        options: RunOptions,
        folder: StateFolder,
        file: PathBuf,
        site: Arc<Site>,
        found: Found,
    ) -> anyhow::Result<Self> {
        let Found {
            store,
            trouble,
            forgets,
        } = found;
        let stop = CancellationToken::new();
        let supervisor = Supervisor::new(stop.clone());
        let (updates, from_buses) = mpsc::channel(WAITING_UPDATES);
        let buses = Buses::new(updates, stop.clone());
        let (reload, orders) = mpsc::channel(4);
        let doors = Arc::new(Keeper::open(folder.authority(), world::draw));
        let backups = Backups::default();
        let world = World {
            site: file.clone(),
            buses: buses.table(),
            reload,
            doors: Arc::clone(&doors),
            backups: backups.clone(),
        };
        let started = clock::now();
        let (live, live_seen) = watch::channel(Arc::new(nothing_yet(started)));
        let (site, site_seen) = watch::channel(site);
        let mut acts = Acts::new(store.clone(), Arc::new(world), live_seen, site_seen.clone());
        if let Some(trouble) = trouble.as_ref().filter(|_| forgets) {
            acts = acts.forgetting(&trouble.sentence);
        }
        let recorder = Recorder {
            store,
            site: site_seen,
            updates: Arc::new(Mutex::new(from_buses)),
            live: Arc::new(live),
            buses: buses.table(),
            tasks: supervisor.table(),
            backups,
            clock: Arc::new(clock::now),
            started,
            standing: trouble,
            tidying: Arc::default(),
        };
        let signals = [
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
            signal(SignalKind::hangup())?,
        ];
        let page_stop = stop.child_token();
        Ok(Self {
            options,
            folder,
            file,
            stop,
            page_stop,
            supervisor,
            buses,
            site,
            recorder,
            forgets,
            acts,
            orders,
            signals,
            doors,
        })
    }

    fn start(&mut self) {
        let recorder = self.recorder.clone();
        self.supervisor.keep("recorder", self.stop.clone(), move |stop| {
            recorder.clone().run(stop)
        });
        let site = self.site.borrow().clone();
        self.buses.apply(&site, &mut self.supervisor);
        self.start_page(&site);
        let (folder, acts) = (self.folder.clone(), self.acts.clone());
        self.supervisor.keep("control", self.stop.clone(), move |stop| {
            control(folder.clone(), acts.clone(), stop)
        });
        let acts = self.acts.clone();
        self.supervisor.keep("post", self.stop.clone(), move |stop| {
            post::run(acts.clone(), Arc::new(post::Smtp), stop)
        });
        let acts = self.acts.clone();
        self.supervisor.keep("tidying", self.stop.clone(), move |stop| {
            tidying::run(acts.clone(), stop)
        });
        let backups = backups::Keeper {
            backups: self.recorder.backups.clone(),
            acts: self.acts.clone(),
            store: self.recorder.store.clone(),
            site: self.recorder.site.clone(),
            state: self.folder.root().to_owned(),
            site_file: self.file.clone(),
            forgets: self.forgets,
        };
        self.supervisor.keep("backups", self.stop.clone(), move |stop| {
            backups.clone().run(stop)
        });
        let live = self.acts.changes();
        self.supervisor.keep("notify", self.stop.clone(), move |stop| {
            notify::run(live.clone(), stop)
        });
    }

    fn start_page(&mut self, site: &Site) {
        let mut plain = site.listen;
        let mut safe = site.listen_safe;
        plain.set_port(self.options.port.unwrap_or(plain.port()));
        // Whoever takes any free port for one door wants no fixed one for the other.
        let any = self.options.port.filter(|port| *port == 0);
        if let (Some(safe), Some(port)) = (&mut safe, self.options.safe_port.or(any)) {
            safe.set_port(port);
        }
        let page = Page {
            plain,
            safe,
            acts: self.acts.clone(),
            told: self.folder.address(),
            doors: Arc::clone(&self.doors),
        };
        self.supervisor
            .keep("page", self.page_stop.clone(), move |stop| page.clone().run(stop));
    }

    /// Waits for signals and orders.
    async fn until_stopped(&mut self) -> anyhow::Result<()> {
        loop {
            let [interrupt, terminate, hangup] = &mut self.signals;
            tokio::select! {
                _ = interrupt.recv() => return Ok(()),
                _ = terminate.recv() => return Ok(()),
                _ = hangup.recv() => {
                    // The act brings its order back to this loop, so it must not be waited for here.
                    let acts = self.acts.clone();
                    let reload = async move { acts.reload(&Actor::TheBox).await };
                    tokio::pin!(reload);
                    self.serve_orders_until(reload).await;
                }
                Some(order) = self.orders.recv() => self.take_order(order).await,
            }
        }
    }

    async fn serve_orders_until(&mut self, reload: impl Future<Output = Result<String, ActError>>) {
        tokio::pin!(reload);
        loop {
            tokio::select! {
                outcome = &mut reload => {
                    match outcome {
                        Ok(sentence) => tracing::info!("{sentence}"),
                        // Why the file itself was refused is told where it was read.
                        Err(ActError::Failed(_)) => {}
                        Err(error) => tracing::error!(%error, "the configuration was not read again"),
                    }
                    return;
                }
                Some(order) = self.orders.recv() => self.take_order(order).await,
            }
        }
    }

    async fn take_order(&mut self, order: ReloadOrder) {
        let outcome = self.reload().await;
        if let Err(why) = &outcome {
            let first = why.lines().next().unwrap_or_default();
            tracing::warn!(
                error = first,
                "the site was not read again; the box goes on as it was"
            );
        }
        let _nobody_waits_any_more = order.send(outcome);
    }

    /// Reads the site's file again. On a bad one everything stays as it is.
    async fn reload(&mut self) -> Result<String, String> {
        let new = Arc::new(read_site_in_time(&self.file).await.map_err(|error| {
            format!("{error}\nNothing was changed: the box goes on with the site as it was")
        })?);
        let listens = |site: &Site| (site.listen, site.listen_safe);
        let moved = listens(&self.site.borrow()) != listens(&new);
        self.site.send_replace(Arc::clone(&new));
        let touched = self.buses.apply(&new, &mut self.supervisor);
        if moved {
            self.page_stop.cancel();
            self.page_stop = self.stop.child_token();
            self.start_page(&new);
        }
        let buses = match touched.len() {
            0 => "no bus had to be started again".to_owned(),
            _ => format!(
                "started again: {}",
                touched
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        };
        Ok(format!("The site was read again; {buses}."))
    }

    async fn end(self) {
        notify::stopping();
        self.stop.cancel();
        self.supervisor.join().await;
        let _not_there = std::fs::remove_file(self.folder.address());
    }
}

/// The control interface: in the folder, or elsewhere where the folder takes no socket.
async fn control(folder: StateFolder, acts: Acts, stop: CancellationToken) -> anyhow::Result<()> {
    let door = match (Door::open(&folder.control()), folder.control_elsewhere()) {
        (Err(error), Some(elsewhere)) if takes_no_socket(&error) => {
            tracing::warn!(%error, socket = %elsewhere.display(), "the control socket is elsewhere");
            Door::open(&elsewhere)
        }
        (opened, _) => opened,
    };
    // The sentence holds what the system said.
    let door = door.map_err(|error| anyhow::anyhow!("{error}"))?;
    door.serve(acts, Extras::default(), stop).await;
    Ok(())
}

/// Whether a folder, not somebody in it, is why there is no socket.
fn takes_no_socket(error: &ControlError) -> bool {
    match error {
        ControlError::TooLong(_) => true,
        ControlError::Io { source, .. } => matches!(
            source.kind(),
            ErrorKind::ReadOnlyFilesystem
                | ErrorKind::PermissionDenied
                | ErrorKind::StorageFull
                | ErrorKind::QuotaExceeded
        ),
        _ => false,
    }
}

/// What is true before anything was asked.
fn nothing_yet(now: Instant) -> Live {
    Live {
        at: now,
        started: now,
        power: Err(Vec::new()),
        devices: Vec::new(),
        buses: Vec::new(),
        tasks: Vec::new(),
        store: StoreLive::default(),
        troubles: Vec::new(),
    }
}
