//! What comes out is what went in.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use energy::{Interval, Quality};
use units::{Flow, Instant, Span, WattHours};

use super::super::{Thinning, check, finish, list, newest, restore, thin, verify};
use super::{DAY, Scene};
use crate::backup::folder_of;
use crate::tests::model::{Model, channel, device, reading};
use crate::{Batch, Options, Store};

#[test]
fn a_restored_box_holds_what_the_running_one_held() {
    for seed in 0..8 {
        let mut scene = Scene::new(seed);
        let made = scene.back_up().expect("made");
        let then = scene.model.clone();
        // It goes on, and the backup does not.
        scene.live(3);
        let blank = tempfile::tempdir().expect("a folder");
        let state = blank.path().join("state");
        let restored = restore(&made.file, &scene.key, &state, &|name| name == "log").expect("restored");
        assert_eq!(restored.files, 3);
        assert_eq!(restored.lines, u64::try_from(then.audit.len()).expect("few"));
        let store = Store::open(&state, Options::default()).expect("it opens");
        assert!(Model::of(&store) == then, "seed {seed}");
        assert_eq!(
            store.row("people", &[0, 0, 0, 1]).expect("readable").as_deref(),
            Some(b"Ana".as_slice())
        );
        for kept in &scene.files {
            let path = state.join(&kept.path);
            assert_eq!(fs::read(&path).expect("there"), kept.bytes);
            let mode = fs::metadata(&path).expect("there").permissions().mode() & 0o777;
            assert_eq!(mode, kept.mode, "{}", kept.path);
        }
        // The restored box goes on in the folder of its backups.
        assert!(!finish(&state).expect("nothing to end"));
        scene.store = store;
        scene.model = then;
        scene.live(2);
        scene.back_up().expect("made");
    }
}

/// The table of corrections is empty until something is corrected, and no row makes it.
#[test]
fn a_restored_box_proves_its_closed_days_where_nothing_was_ever_corrected() {
    let mut scene = Scene::new(9);
    for day in 1..5 {
        let start = Instant::from_millis(scene.now + day * DAY).floor(Span::QUARTER);
        let interval = Interval::new(start, WattHours(400), Quality::Measured);
        let batch = Batch {
            intervals: vec![(device(0), Flow::Import, interval)],
            ..Batch::default()
        };
        scene.store.record_and_wait(batch).expect("written");
        scene.store.seal().expect("sealed");
    }
    let days = scene.store.verify_ledger().expect("an unbroken chain");
    assert!(days.days > 0, "some are closed");
    let made = scene.back_up().expect("made");
    let blank = tempfile::tempdir().expect("a folder");
    let state = blank.path().join("state");
    restore(&made.file, &scene.key, &state, &|name| name == "log").expect("restored");
    let store = Store::open(&state, Options::default()).expect("it opens");
    assert_eq!(store.verify_ledger().expect("an unbroken chain"), days);
}

#[test]
fn what_does_not_change_is_written_once_and_a_late_change_costs_its_piece() {
    let mut scene = Scene::new(11);
    // The random past has strange times too; the days of this test are long and come after it.
    for day in 3..9 {
        let points = (0..5_000).map(|at| {
            let at = scene.now + day * DAY + at * 10_000;
            reading(&channel(0), at, Ok(scene.dice.i64(..)))
        });
        let readings = points.collect();
        let batch = Batch {
            readings,
            ..Batch::default()
        };
        scene.store.record_and_wait(batch.clone()).expect("written");
        scene.model.take(&batch);
    }
    scene.now += 20 * DAY;
    scene.store.seal().expect("sealed");
    let first = scene.back_up().expect("made");
    assert!(
        first.bytes_written > 6 * 5_000 * 8,
        "random numbers cannot be squeezed"
    );
    let second = scene.back_up().expect("made");
    assert_eq!(second.new_packs, 1, "only what each backup has for itself");
    assert!(
        second.bytes_written < first.bytes_written / 8,
        "{second:?} after {first:?}"
    );
    let late = scene.now - 14 * DAY;
    let batch = Batch {
        readings: vec![reading(&channel(0), late, Ok(42))],
        ..Batch::default()
    };
    scene.store.record_and_wait(batch.clone()).expect("written");
    scene.store.seal().expect("sealed");
    scene.model.take(&batch);
    let third = scene.back_up().expect("made");
    assert_eq!(third.new_packs, 2, "and the piece that has changed");
    assert!(
        third.bytes_written < first.bytes_written,
        "{third:?} after {first:?}"
    );
    let blank = tempfile::tempdir().expect("a folder");
    for (made, late_too) in [(&third, true), (&second, false)] {
        let state = blank.path().join(if late_too { "third" } else { "second" });
        restore(&made.file, &scene.key, &state, &|name| name == "log").expect("restored");
        let store = Store::open(&state, Options::default()).expect("it opens");
        let at = Instant::from_millis(late);
        let points = store
            .readings(&channel(0), at, Instant::from_millis(late + 1))
            .expect("readable");
        assert_eq!(points.contains(&(at, Ok(42))), late_too);
        assert_eq!(Model::of(&store) == scene.model, late_too);
    }
}

#[test]
fn what_is_thinned_out_takes_its_packs_along_and_no_other() {
    let mut scene = Scene::new(12);
    for _ in 0..6 {
        scene.live(2);
        scene.now += DAY;
        scene.back_up().expect("made");
    }
    let folder = folder_of(scene.stick.path(), &scene.of_box);
    let packs = || fs::read_dir(folder.join("packs")).expect("there").count();
    let before = packs();
    let rule = Thinning {
        days: 2,
        weeks: 0,
        months: 0,
        years: 0,
    };
    assert_eq!(thin(&folder, &scene.of_box, rule).expect("thinned"), 4);
    assert!(packs() < before);
    let left = list(&folder).expect("listed");
    assert_eq!(left.len(), 2);
    for found in left {
        check(&found.file).expect("whole");
        let scratch = tempfile::tempdir().expect("a folder");
        let restored = verify(&found.file, &scene.key, scratch.path()).expect("whole");
        assert!(restored.rows > 0);
    }
    let last = newest(scene.stick.path()).expect("there is one");
    assert_eq!(last, newest(&folder).expect("the same"));
}

#[test]
fn a_large_backup_is_proved_on_the_stick_and_leaves_nothing_there() {
    let mut scene = Scene::new(13);
    let rows = (0..400_u32).map(|number| crate::RowChange {
        table: "letters",
        key: number.to_be_bytes().to_vec(),
        before: None,
        after: Some(vec![1; 30_000]),
    });
    let change = crate::Change {
        rows: rows.collect(),
        lines: Vec::new(),
    };
    scene.store.change(change).expect("written");
    let made = scene.back_up().expect("made");
    assert!(
        made.bytes_written > 12_000_000,
        "the scratch store was on the stick"
    );
    let folder = folder_of(scene.stick.path(), &scene.of_box);
    assert!(!folder.join("scratch").exists());
}
