//! When a backup is due, and that nothing is written where a stick should be.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use acts::live::{BackupPlaceLive, Live, StoreLive};
use acts::site::BackupPlace;
use acts::{Acts, Site};
use store::age::Identity;
use store::backup::{BoxKey, Wish, create};
use store::{Options, Store};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use units::{Instant, Span};

use super::{Backups, FIRST, Keeper, Past, is_due, look_at};
use crate::buses::BusTable;
use crate::clock;
use crate::doors;
use crate::world::{World, draw};

const NOW: Instant = Instant::from_millis(1_781_615_400_000);

fn place(newest: Option<Instant>, trouble: Option<&str>) -> BackupPlaceLive {
    BackupPlaceLive {
        place: "/media/backup".to_owned(),
        is_stick: true,
        newest,
        count: 0,
        bytes: None,
        trouble: trouble.map(str::to_owned),
    }
}

#[test]
fn a_backup_is_due_once_a_day_and_six_hours_after_a_failure() {
    let hours = |hours: i64| NOW - Span::from_secs(hours * 3_600);
    let failed = |at| Past {
        failed: Some((at, "the stick is full".to_owned())),
        bytes: None,
    };
    assert!(is_due(&place(None, None), None, NOW));
    assert!(!is_due(&place(Some(hours(5)), None), None, NOW));
    assert!(is_due(&place(Some(hours(24)), None), None, NOW));
    assert!(!is_due(&place(None, Some("no stick")), None, NOW));
    let told = Some("the stick is full");
    assert!(!is_due(&place(None, told), Some(&failed(hours(1))), NOW));
    assert!(is_due(&place(None, told), Some(&failed(hours(7))), NOW));
    // A clock that was ahead when it failed does not keep it waiting.
    assert!(is_due(&place(None, told), Some(&failed(hours(-900))), NOW));
}

#[test]
fn without_a_stick_nothing_is_written_in_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let live = look_at(&BackupPlace::Stick(folder.path().to_owned()), None);
    assert!(live.trouble.expect("told").contains("Plug it in"));
    let live = look_at(&BackupPlace::Folder(folder.path().to_owned()), None);
    assert_eq!((live.trouble, live.count), (None, 0));
}

#[test]
fn a_box_without_a_place_says_what_to_write() {
    let why = Backups::default().make_one().expect_err("no place");
    assert!(why.contains("[backup]") && why.contains("hearth reload"));
}

/// A task that makes backups into two folders, on a store of its own.
struct Scene {
    state: tempfile::TempDir,
    store: Store,
    backups: Backups,
    stop: CancellationToken,
    task: JoinHandle<anyhow::Result<()>>,
    /// What must stay open as long as the task looks at it.
    _told: (watch::Sender<Arc<Live>>, watch::Sender<Arc<Site>>),
}

fn key() -> BoxKey {
    BoxKey {
        of_box: [7; 16],
        recipient: Identity::draw(&mut draw).recipient(),
    }
}

/// The task, once `before` has done something with the store and the folder that holds `one` and `two`.
fn scene(forgets: bool, before: impl FnOnce(&Store, &Path)) -> Scene {
    let state = tempfile::tempdir().expect("a folder");
    let folder = state.path().to_owned();
    let place = |name: &str| folder.join(name).display().to_string();
    let text = format!(
        "[place]\nname = \"Hall\"\ntime_zone = \"UTC\"\ncurrency = \"EUR\"\nlatitude = 48.2\nlongitude = 16.4\n\
         [backup]\nfolder = {:?}\n",
        place("one")
    );
    let site_file = folder.join("site.toml");
    std::fs::write(&site_file, &text).expect("written");
    let mut site = Site::parse(&text).expect("a good site");
    site.backups.push(BackupPlace::Folder(place("two").into()));
    let store = Store::open(&folder, Options::default()).expect("a store");
    before(&store, &folder);
    let now = clock::now();
    let (live, live_seen) = watch::channel(Arc::new(Live {
        at: now,
        started: now,
        power: Err(Vec::new()),
        devices: Vec::new(),
        buses: Vec::new(),
        tasks: Vec::new(),
        store: StoreLive::default(),
        troubles: Vec::new(),
    }));
    let (site, site_seen) = watch::channel(Arc::new(site));
    let backups = Backups::default();
    let world = World {
        site: site_file.clone(),
        buses: BusTable::default(),
        reload: mpsc::channel(1).0,
        doors: Arc::new(doors::Keeper::open(folder.join("authority.pem"), draw)),
        backups: backups.clone(),
    };
    let keeper = Keeper {
        backups: backups.clone(),
        acts: Acts::new(store.clone(), Arc::new(world), live_seen, site_seen.clone()),
        store: store.clone(),
        site: site_seen,
        state: folder,
        site_file,
        forgets,
    };
    let stop = CancellationToken::new();
    #[expect(clippy::disallowed_methods, reason = "the test ends it")]
    let task = tokio::spawn(keeper.run(stop.clone()));
    Scene {
        state,
        store,
        backups,
        stop,
        task,
        _told: (live, site),
    }
}

impl Scene {
    /// Waits until so many runs are over.
    async fn runs(&self, count: u64) {
        while self.backups.live().runs < count {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// When the newest backup in each of the two folders was made.
    fn newest(&self) -> [Option<Instant>; 2] {
        let key = acts::backup::key(&self.store).expect("read");
        ["one", "two"].map(|name| look_at(&BackupPlace::Folder(self.state.path().join(name)), key).newest)
    }

    async fn end(self) {
        self.stop.cancel();
        self.task.await.expect("no panic").expect("ended in good order");
    }
}

fn with_key(store: &Store, key: &BoxKey) {
    let bytes = [key.of_box.as_slice(), key.recipient.bytes()].concat();
    store.put_meta("backup/key", &bytes).expect("kept");
}

fn made_at(store: &Store, place: &Path, key: BoxKey, now: Instant) {
    create(Wish {
        store,
        place,
        key,
        files: &[],
        now,
        version: "test",
        random: &mut draw,
        stopped: &|| false,
    })
    .expect("made");
}

#[tokio::test(start_paused = true)]
async fn whoever_asks_for_a_backup_that_cannot_be_hears_why_and_does_not_wait() {
    for (forgets, says) in [(false, "no recovery phrase"), (true, "could not be opened")] {
        let scene = scene(forgets, |_, _| {});
        // The places are known once the task has looked.
        while scene.backups.make_one().is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        scene.runs(1).await;
        let live = scene.backups.live();
        assert!(!live.running);
        for place in &live.places {
            let trouble = place.trouble.as_deref().expect("told");
            assert!(trouble.contains(says), "{trouble}");
        }
        scene.end().await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_box_makes_a_backup_where_one_is_due_and_whoever_asks_has_one_made_everywhere() {
    let (key, earlier) = (key(), clock::now() - Span::HOUR);
    let scene = scene(false, |store, folder| {
        with_key(store, &key);
        made_at(store, &folder.join("two"), key, earlier);
    });
    tokio::time::sleep(FIRST).await;
    scene.runs(1).await;
    let [one, two] = scene.newest();
    assert!(one > Some(earlier), "none was there");
    assert_eq!(two, Some(earlier), "it has one of this day");
    let live = scene.backups.live();
    let newest: Vec<_> = live.places.iter().map(|place| place.newest).collect();
    assert_eq!(newest, [one, two], "what is told when the run is over");
    scene.backups.make_one().expect("asked");
    scene.runs(2).await;
    let after = scene.newest();
    assert!(after[0] >= one && after[1] > two, "{after:?}");
    scene.end().await;
}

#[test]
fn a_backup_from_the_future_is_not_the_newest() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, place) = (folder.path().join("store"), folder.path().join("place"));
    std::fs::create_dir(&store).expect("made");
    let store = Store::open(&store, Options::default()).expect("a store");
    let (key, now) = (key(), clock::now());
    made_at(&store, &place, key, now + Span::DAY.times(365));
    let place = BackupPlace::Folder(place);
    let live = look_at(&place, Some(key));
    assert_eq!(
        (live.newest, live.count),
        (None, 1),
        "it was made under a wrong clock"
    );
    made_at(&store, place.path(), key, now);
    assert_eq!(look_at(&place, Some(key)).newest, Some(now));
}
