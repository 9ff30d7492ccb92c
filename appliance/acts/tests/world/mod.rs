//! What the boxes of these tests have in common: a world whose clock and chance are the test's, acts over a store with
//! that world, of whose site only the place is known, and a way to write a row as if it had always been there.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use acts::live::{Live, StoreLive};
use acts::{Acts, Effects, Frames, Later, RawRead, Site};
use members::record::Key;
use store::{Change, RowChange, Store};
use tokio::sync::watch;
use units::{DeviceName, Instant, Span};

/// 16 June 2026, ten in the morning.
pub(crate) const START: Instant = Instant::from_millis(1_781_604_000_000);

const SITE: &str = "[place]\nname = \"The Hall\"\ntime_zone = \"Europe/London\"\ncurrency = \"GBP\"\n\
                    latitude = 51.464\nlongitude = -2.563\n";

/// The clock, and chance that is the same in every run. There are no devices and no file.
pub(crate) struct World {
    clock: AtomicI64,
    drawn: AtomicU64,
}

impl World {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            clock: AtomicI64::new(START.as_millis()),
            drawn: AtomicU64::new(0),
        })
    }

    pub(crate) fn later(&self, span: Span) {
        self.clock.fetch_add(span.as_millis(), Ordering::Relaxed);
    }
}

impl Effects for World {
    fn now(&self) -> Instant {
        Instant::from_millis(self.clock.load(Ordering::Relaxed))
    }

    fn random(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let drawn = self.drawn.fetch_add(1, Ordering::Relaxed) + 1;
            let mixed = drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29) ^ drawn;
            chunk.copy_from_slice(&mixed.to_be_bytes()[..chunk.len()]);
        }
    }

    fn site_text(&self) -> Result<String, String> {
        Ok(SITE.to_owned())
    }

    fn write_site(&self, _: &str) -> Result<(), String> {
        Err("there is no file".to_owned())
    }

    fn reload(&self) -> Later<'_, Result<String, String>> {
        Box::pin(async { Err("there is no file".to_owned()) })
    }

    fn read(&self, _: RawRead) -> Later<'_, Result<Vec<u16>, String>> {
        Box::pin(async { Err("there is no bus".to_owned()) })
    }

    fn watch(&self, _: &DeviceName) -> Result<Box<dyn Frames>, String> {
        Err("there is no bus".to_owned())
    }
}

/// What is true now in a box that has read nothing yet.
pub(crate) fn nothing_yet() -> Live {
    Live {
        at: START,
        started: START,
        power: Err(Vec::new()),
        devices: Vec::new(),
        buses: Vec::new(),
        tasks: Vec::new(),
        store: StoreLive::default(),
        troubles: Vec::new(),
    }
}

/// What can be done with this store in this world, since the box was started.
pub(crate) fn acts(store: &Store, world: &Arc<World>) -> Acts {
    let site = Arc::new(Site::parse(SITE).expect("a good site"));
    let world: Arc<dyn Effects> = world.clone();
    let (live, site) = (watch::channel(Arc::new(nothing_yet())).1, watch::channel(site).1);
    Acts::new(store.clone(), world, live, site)
}

/// Writes a row whatever stood there, or takes it away.
pub(crate) fn put(store: &Store, table: &'static str, key: &impl Key, after: Option<Vec<u8>>) {
    let key = key.to_key();
    let rows = vec![RowChange {
        table,
        before: store.row(table, &key).expect("readable"),
        key,
        after,
    }];
    let lines = Vec::new();
    store.change(Change { rows, lines }).expect("written");
}
