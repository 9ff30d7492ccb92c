//! Whatever is wrong is said in words, and no box is half restored.

use std::fs;
use std::path::Path;

use super::super::restore::put_together;
use super::super::{BackupError, Manifest, Thinning, check, finish, folder_of, list, restore, thin};
use super::Scene;
use crate::age::Identity;
use crate::disk::Folder;
use crate::tests::card::Card;
use crate::tests::model::Model;
use crate::{OpenError, Options, Store};

fn refused(file: &Path, key: &Identity) -> String {
    let blank = tempfile::tempdir().expect("a folder");
    let state = blank.path().join("state");
    let error = restore(file, key, &state, &|name| name == "log").expect_err("refused");
    let left: Vec<_> = fs::read_dir(&state).into_iter().flatten().collect();
    assert!(left.is_empty(), "{error}: {left:?} is left");
    error.to_string()
}

/// A pack of the newest backup.
fn a_pack(scene: &Scene) -> std::path::PathBuf {
    let packs = folder_of(scene.stick.path(), &scene.of_box).join("packs");
    let mut packs: Vec<_> = fs::read_dir(packs)
        .expect("there")
        .map(|entry| entry.expect("one").path())
        .collect();
    packs.sort();
    packs.pop().expect("one")
}

#[test]
fn a_pack_that_changed_on_the_stick_is_written_again_by_the_next_backup() {
    let mut scene = Scene::new(23);
    scene.back_up().expect("made");
    let packs = folder_of(scene.stick.path(), &scene.of_box).join("packs");
    for entry in fs::read_dir(packs).expect("there") {
        let pack = entry.expect("one").path();
        let mut bytes = fs::read(&pack).expect("there");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&pack, &bytes).expect("written");
    }
    let made = scene.back_up().expect("made anew");
    let blank = tempfile::tempdir().expect("a folder");
    let state = blank.path().join("state");
    restore(&made.file, &scene.key, &state, &|_| false).expect("restored");
    let store = Store::open(&state, Options::default()).expect("a store");
    assert_eq!(Model::of(&store), scene.model);
}

#[test]
fn a_damaged_list_keeps_no_packs_for_ever() {
    let mut scene = Scene::new(24);
    let first = scene.back_up().expect("made");
    let list = fs::read(&first.file).expect("there");
    fs::write(&first.file, &list[..list.len() / 2]).expect("cut");
    scene.live(6);
    scene.back_up().expect("made");
    scene.now += 40 * super::DAY;
    scene.live(6);
    scene.back_up().expect("made");
    let folder = folder_of(scene.stick.path(), &scene.of_box);
    let packs = || fs::read_dir(folder.join("packs")).expect("there").count();
    let before = packs();
    let rule = Thinning {
        days: 1,
        weeks: 0,
        months: 0,
        years: 0,
    };
    assert_eq!(thin(&folder, &scene.of_box, rule).expect("thinned"), 1);
    assert!(packs() < before, "{before} packs are still there");
}

#[test]
fn what_is_cut_short_changed_or_missing_is_named() {
    let mut scene = Scene::new(21);
    let made = scene.back_up().expect("made");
    let (list, pack) = (fs::read(&made.file).expect("there"), a_pack(&scene));
    let content = fs::read(&pack).expect("there");
    for length in [0, 10, 20, 40, list.len() - 1] {
        fs::write(&made.file, &list[..length]).expect("cut");
        let said = refused(&made.file, &scene.key);
        assert!(
            said.contains("is damaged") && said.contains("older backup"),
            "{length}: {said}"
        );
    }
    let mut dice = fastrand::Rng::with_seed(4);
    for _ in 0..200 {
        let mut hurt = list.clone();
        hurt[dice.usize(..list.len())] ^= 1 << dice.u8(..8);
        fs::write(&made.file, &hurt).expect("written");
        refused(&made.file, &scene.key);
    }
    fs::write(&made.file, &list).expect("written");
    for length in [0, 100, content.len() - 1] {
        fs::write(&pack, &content[..length]).expect("cut");
        let said = refused(&made.file, &scene.key);
        assert!(
            said.contains(&format!("cut short: {length} of {} bytes", content.len())),
            "{said}"
        );
        assert!(said.contains(&pack.display().to_string()));
    }
    for _ in 0..100 {
        let mut hurt = content.clone();
        hurt[dice.usize(..content.len())] ^= 1 << dice.u8(..8);
        fs::write(&pack, &hurt).expect("written");
        assert!(refused(&made.file, &scene.key).contains("not those that were written"));
        assert!(check(&made.file).is_err());
    }
    fs::remove_file(&pack).expect("removed");
    let said = refused(&made.file, &scene.key);
    assert!(said.contains("which is not there") && said.contains(&pack.display().to_string()));
    let strange = scene.stick.path().join("letter.txt");
    fs::write(&strange, "Dear all").expect("written");
    assert!(refused(&strange, &scene.key).contains("is no backup of Hearth"));
}

#[test]
fn a_wrong_phrase_another_box_and_a_newer_hearth_are_refused() {
    let mut scene = Scene::new(22);
    let made = scene.back_up().expect("made");
    let said = refused(&made.file, &Identity::from_bytes([9; 32]));
    assert!(said.contains("but not the one of this backup") && said.contains(&scene.key.recipient().text()));
    let file = fs::read(&made.file).expect("there");
    let mut newer = file.clone();
    newer[20..24].copy_from_slice(&9_u32.to_be_bytes());
    fs::write(&made.file, &newer).expect("written");
    let said = refused(&made.file, &scene.key);
    assert!(
        said.contains("newer Hearth (backups of format 9; this one knows up to 1)"),
        "{said}"
    );
    fs::write(&made.file, &file).expect("written");
    let mut manifest = Manifest::read(&made.file).expect("whole");
    manifest.store_format = 99;
    fs::write(&made.file, manifest.encode()).expect("written");
    assert!(refused(&made.file, &scene.key).contains("newer Hearth (a store of format 99"));
    // The folder of one box, called by the number of another.
    fs::write(&made.file, &file).expect("written");
    let other = folder_of(scene.stick.path(), &[8; 16]);
    fs::rename(folder_of(scene.stick.path(), &scene.of_box), other).expect("renamed");
    scene.of_box = [8; 16];
    assert!(matches!(scene.back_up(), Err(BackupError::OtherBox(_))));
}

#[test]
fn the_packs_of_another_box_are_not_taken_for_ones_own() {
    let (mut one, mut two) = (Scene::new(23), Scene::new(24));
    two.of_box = [8; 16];
    two.key = one.key.clone();
    let (made, other) = (one.back_up().expect("made"), two.back_up().expect("made"));
    let (mut manifest, theirs) = (
        Manifest::read(&made.file).expect("whole"),
        Manifest::read(&other.file).expect("whole"),
    );
    let (from, to) = (
        folder_of(two.stick.path(), &two.of_box),
        folder_of(one.stick.path(), &one.of_box),
    );
    let foreign = theirs.packs[theirs.whole];
    fs::copy(
        from.join("packs").join(foreign.name()),
        to.join("packs").join(foreign.name()),
    )
    .expect("copied");
    let whole = manifest.whole;
    manifest.packs[whole] = foreign;
    fs::write(&made.file, manifest.encode()).expect("written");
    assert!(refused(&made.file, &one.key).contains("belongs to another box"));
    // A list of one backup with the pack of another.
    let later = one.back_up().expect("made");
    let mut manifest = Manifest::read(&later.file).expect("whole");
    let (place, _) = manifest.pieces.first_key_value().expect("one");
    let place = place.clone();
    manifest.pieces.remove(&place);
    fs::write(&later.file, manifest.encode()).expect("written");
    let said = refused(&later.file, &one.key);
    assert!(said.contains("not the one with which it was sealed"), "{said}");
}

#[test]
fn a_box_that_is_not_blank_is_left_alone() {
    let mut scene = Scene::new(25);
    let made = scene.back_up().expect("made");
    let state = tempfile::tempdir().expect("a folder");
    fs::write(state.path().join("site.toml"), "name = \"Elm\"").expect("written");
    let error = restore(&made.file, &scene.key, state.path(), &|name| name == "log").expect_err("refused");
    assert!(error.to_string().contains("site.toml lies in it"), "{error}");
    assert_eq!(fs::read_dir(state.path()).expect("there").count(), 1);
}

#[test]
fn power_may_go_at_any_moment_of_a_restore_of_the_store() {
    let mut scene = Scene::new(26);
    let made = scene.back_up().expect("made");
    let mut whole = 0;
    for seed in 0..150 {
        let card = Card::new(seed);
        card.cut_after(seed);
        let restored = put_together(&made.file, &scene.key, &card);
        card.power_on();
        if card.bytes("hearth.redb").is_none() {
            assert!(restored.is_err(), "seed {seed}: it was said to be there");
            continue;
        }
        let store = card.store(1024 * 1024).expect("what has the name is whole");
        assert!(Model::of(&store) == scene.model, "seed {seed}");
        whole += 1;
    }
    assert!(whole > 0, "some cuts come after the end");
}

#[test]
fn a_restore_that_was_cut_is_ended_or_undone_by_the_next_start() {
    let mut scene = Scene::new(27);
    let made = scene.back_up().expect("made");
    let whole = tempfile::tempdir().expect("a folder");
    restore(&made.file, &scene.key, whole.path(), &|name| name == "log").expect("restored");
    let names: Vec<_> = fs::read_dir(whole.path())
        .expect("there")
        .map(|entry| entry.expect("one").file_name())
        .collect();
    assert_eq!(names.len(), 4, "the store, two files, a folder: {names:?}");
    // Cut before it had its name: a blank box again.
    let early = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(early.path().join("restore-unfinished/profiles")).expect("made");
    // Whoever is at it still has the folder, and a box that starts leaves it alone.
    let at_it = Folder::lock(early.path()).expect("held");
    assert!(matches!(
        finish(early.path()),
        Err(BackupError::Open(OpenError::AlreadyOpen { .. }))
    ));
    assert!(early.path().join("restore-unfinished/profiles").is_dir());
    drop(at_it);
    assert!(!finish(early.path()).expect("undone"));
    assert_eq!(fs::read_dir(early.path()).expect("there").count(), 0);
    // Cut after so many files had taken their place.
    for moved in 0..=names.len() {
        let state = tempfile::tempdir().expect("a folder");
        let ready = state.path().join("restored");
        fs::create_dir(&ready).expect("made");
        for (at, name) in names.iter().enumerate() {
            let to = if at < moved { state.path() } else { &ready };
            copy(&whole.path().join(name), &to.join(name));
        }
        assert!(finish(state.path()).expect("ended"));
        assert_eq!(fs::read_dir(state.path()).expect("there").count(), names.len());
        let store = Store::open(state.path(), Options::default()).expect("whole");
        assert!(Model::of(&store) == scene.model);
        assert!(
            restore(&made.file, &scene.key, state.path(), &|name| name == "log").is_err(),
            "it is not blank any more"
        );
    }
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir(to).expect("made");
        for entry in fs::read_dir(from).expect("there") {
            let entry = entry.expect("one");
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::copy(from, to).expect("copied");
    }
}

#[test]
fn a_backup_that_breaks_off_is_none_and_is_in_nobodys_way() {
    let mut scene = Scene::new(28);
    scene.back_up().expect("made");
    scene.live(3);
    let place = scene.stick.path().to_owned();
    let folder = folder_of(&place, &scene.of_box);
    for steps in [1, 5, 20, 40] {
        let left = std::cell::Cell::new(steps);
        let stopped = || {
            left.set(left.get() - 1);
            left.get() <= 0
        };
        let broken = super::create(super::Wish {
            store: &scene.store,
            place: &place,
            key: scene.box_key(),
            files: &scene.files,
            now: units::Instant::from_millis(scene.now),
            version: "test",
            random: &mut |bytes| scene.dice.fill(bytes),
            stopped: &stopped,
        });
        assert!(matches!(broken, Err(BackupError::Stopped)), "{steps}: {broken:?}");
        assert_eq!(list(&folder).expect("listed").len(), 1);
    }
    let made = scene.back_up().expect("made");
    check(&made.file).expect("whole");
    assert!(!folder.join("packs/unfinished.new").exists());
}

#[test]
fn what_a_stick_does_not_keep_is_no_backup() {
    let mut scene = Scene::new(29);
    let place = scene.stick.path().to_owned();
    let folder = folder_of(&place, &scene.of_box);
    // Each time the stick spoils another of the bytes that it was given, before they are read again.
    for at in [200, 500, 900] {
        let spoilt = std::cell::Cell::new(false);
        let spoil = || {
            let packs = fs::read_dir(folder.join("packs")).into_iter().flatten();
            let packs: Vec<_> = packs.map(|entry| entry.expect("one").path()).collect();
            // All packs are there: all is written and nothing read.
            if packs.len() == 3
                && packs
                    .iter()
                    .all(|pack| pack.extension().is_some_and(|ending| ending == "age"))
                && !spoilt.get()
            {
                let mut bytes = fs::read(&packs[0]).expect("there");
                let at = at % bytes.len();
                bytes[at] ^= 4;
                fs::write(&packs[0], bytes).expect("written");
                spoilt.set(true);
            }
            false
        };
        let broken = super::create(super::Wish {
            store: &scene.store,
            place: &place,
            key: scene.box_key(),
            files: &scene.files,
            now: units::Instant::from_millis(scene.now + 30 * super::DAY),
            version: "test",
            random: &mut |bytes| scene.dice.fill(bytes),
            stopped: &spoil,
        });
        assert!(matches!(broken, Err(BackupError::Damaged { .. })), "{broken:?}");
        assert!(list(&folder).expect("listed").is_empty(), "it does not count");
        fs::remove_dir_all(&folder).expect("removed");
    }
}
