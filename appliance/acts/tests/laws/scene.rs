//! A box of a test: a store on a temporary path, a site, what is true now, and a world that fails on demand.

use std::sync::{Arc, Mutex};

use acts::live::{Live, StoreLive};
use acts::{Acts, Effects, Frame, Frames, Later, RawRead, Site};
use store::{Options, Store};
use tokio::sync::{broadcast, watch};
use units::{DeviceName, Instant};

/// The head of every site here: a place in London with one bus.
pub(crate) const HEAD: &str = r#"[place]
name = "The Hall"
time_zone = "Europe/London"
currency = "GBP"
latitude = 51.464
longitude = -2.563

[[bus]]
name = "cupboard"
kind = "serial"
port = "/dev/ttyUSB0"
"#;

/// One deed of the world that may fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    ReadFile,
    WriteFile,
    Reload,
    ReadBus,
    WatchBus,
}

/// A world that only remembers, and in which one deed fails.
pub(crate) struct World {
    pub(crate) now: Instant,
    pub(crate) text: Mutex<String>,
    pub(crate) fails: Option<Deed>,
    frames: broadcast::Sender<Frame>,
}

impl World {
    /// A frame goes over the bus.
    pub(crate) fn send(&self, frame: Frame) {
        self.frames.send(frame).expect("somebody watches");
    }

    fn try_to(&self, deed: Deed) -> Result<(), String> {
        match self.fails {
            Some(failing) if failing == deed => Err(format!("the world fails: {deed:?}")),
            _ => Ok(()),
        }
    }
}

impl Effects for World {
    fn random(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }

    fn now(&self) -> Instant {
        self.now
    }

    fn site_text(&self) -> Result<String, String> {
        self.try_to(Deed::ReadFile)?;
        Ok(self.text.lock().expect("nobody panics with it").clone())
    }

    fn write_site(&self, text: &str) -> Result<(), String> {
        self.try_to(Deed::WriteFile)?;
        text.clone_into(&mut self.text.lock().expect("nobody panics with it"));
        Ok(())
    }

    fn reload(&self) -> Later<'_, Result<String, String>> {
        let done = self.try_to(Deed::Reload);
        Box::pin(async { done.map(|()| "The site was read again.".to_owned()) })
    }

    fn read(&self, question: RawRead) -> Later<'_, Result<Vec<u16>, String>> {
        let done = self.try_to(Deed::ReadBus);
        Box::pin(async move { done.map(|()| vec![7; usize::from(question.count)]) })
    }

    fn watch(&self, _: &DeviceName) -> Result<Box<dyn Frames>, String> {
        self.try_to(Deed::WatchBus)?;
        Ok(Box::new(self.frames.subscribe()))
    }
}

/// The box, with what keeps it alive.
pub(crate) struct Scene {
    pub(crate) acts: Acts,
    pub(crate) store: Store,
    pub(crate) world: Arc<World>,
    _folder: tempfile::TempDir,
    _live: watch::Sender<Arc<Live>>,
    _site: watch::Sender<Arc<Site>>,
}

/// Nothing is known but the time.
pub(crate) fn nothing_yet(now: Instant) -> Live {
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

impl Scene {
    /// A box at this site, where `fails` fails.
    pub(crate) fn new(text: &str, live: Live, fails: Option<Deed>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), Options::default()).expect("a store");
        let world = Arc::new(World {
            now: live.at,
            text: Mutex::new(text.to_owned()),
            fails,
            frames: broadcast::channel(4).0,
        });
        let site = Site::parse(text).expect("a good site");
        let (live, live_seen) = watch::channel(Arc::new(live));
        let (site, site_seen) = watch::channel(Arc::new(site));
        let acts = Acts::new(store.clone(), Arc::<World>::clone(&world), live_seen, site_seen);
        Self {
            acts,
            store,
            world,
            _folder: folder,
            _live: live,
            _site: site,
        }
    }
}
