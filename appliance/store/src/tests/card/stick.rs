//! A stick for backups whose power goes with that of the card. Whoever reads it reads a real folder; when power is back,
//! what was not synced is lost in part and in any order, as on the card.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use tempfile::TempDir;

use super::Card;
use super::loss::{Change, Naming, apply, lose, lose_names, name};
use crate::backup::stick::{Stick, StickFile};

/// How the steps of the stick are told from those of the card.
const STICK: &str = "the stick";

#[derive(Debug)]
struct State {
    root: TempDir,
    /// A name stands for a file, or for a folder, which has no bytes.
    names: BTreeMap<String, usize>,
    names_on_card: BTreeMap<String, usize>,
    unsynced_names: Vec<Naming>,
    things: Vec<Thing>,
    lies: bool,
}

#[derive(Debug, Clone, Default)]
struct Thing {
    is_folder: bool,
    on_card: Vec<u8>,
    pending: Vec<Change>,
    length: usize,
}

/// The stick; clones are the same one.
#[derive(Debug, Clone)]
pub(crate) struct TestStick {
    card: Card,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct OnStick {
    stick: TestStick,
    id: usize,
    file: fs::File,
}

impl TestStick {
    /// An empty stick beside this card.
    pub(crate) fn beside(card: &Card) -> Self {
        let state = State {
            root: tempfile::tempdir().expect("a folder"),
            names: BTreeMap::new(),
            names_on_card: BTreeMap::new(),
            unsynced_names: Vec::new(),
            things: Vec::new(),
            lies: false,
        };
        Self {
            card: card.clone(),
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Where it is mounted.
    pub(crate) fn place(&self) -> PathBuf {
        self.lock().root.path().to_owned()
    }

    /// From now on it says that it has written, and has not.
    pub(crate) fn lie(&self) {
        self.lock().lies = true;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test holds the stick over a panic")
    }

    /// A step of the stick is a step of the card: there is one power. Whether it still had some, and what is said.
    fn step(&self) -> (bool, io::Result<()>) {
        let mut card = self.card.lock();
        let had_power = card.cut_at.is_none();
        (had_power, card.step(STICK))
    }

    /// A step that changes the names, and `done` where people look. Power that goes in it may leave it done.
    fn naming(&self, naming: Naming, done: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        let (had_power, alive) = self.step();
        if had_power {
            done()?;
            let mut state = self.lock();
            name(&mut state.names, &naming);
            state.unsynced_names.push(naming);
        }
        alive
    }

    /// Power is back: what was pending is there in part, and nothing is pending any more.
    pub(crate) fn power_on(&self, dice: &mut fastrand::Rng) {
        let mut state = self.lock();
        let state = &mut *state;
        for thing in &mut state.things {
            let pending = std::mem::take(&mut thing.pending);
            if !pending.is_empty() {
                lose(&mut thing.on_card, &pending, dice);
            }
            thing.length = thing.on_card.len();
        }
        let namings = std::mem::take(&mut state.unsynced_names);
        lose_names(&mut state.names_on_card, &namings, dice);
        let all = state.names_on_card.clone();
        // What lies in a folder that is lost is lost.
        state.names_on_card.retain(|path, _| {
            let mut above = Path::new(path).ancestors().skip(1);
            above.all(|above| above.as_os_str().is_empty() || all.contains_key(&text(above)))
        });
        state.names.clone_from(&state.names_on_card);
        state.show();
    }
}

impl State {
    /// Puts what is on the stick where people look.
    fn show(&self) {
        let root = self.root.path();
        for entry in fs::read_dir(root).expect("there") {
            let path = entry.expect("one").path();
            fs::remove_dir_all(path).expect("only folders lie there");
        }
        // A folder comes before what lies in it.
        for (path, id) in &self.names {
            let (thing, path) = (&self.things[*id], root.join(path));
            if thing.is_folder {
                fs::create_dir(path).expect("room");
            } else {
                fs::write(path, &thing.on_card).expect("room");
            }
        }
    }

    fn within(&self, path: &Path) -> String {
        text(path.strip_prefix(self.root.path()).expect("on the stick"))
    }

    fn add(&mut self, is_folder: bool) -> usize {
        self.things.push(Thing {
            is_folder,
            ..Thing::default()
        });
        self.things.len() - 1
    }
}

fn text(path: &Path) -> String {
    path.to_str().expect("a name of ours").to_owned()
}

/// The folder that a name lies in.
fn folder(path: &str) -> String {
    text(Path::new(path).parent().expect("a name"))
}

impl Stick for TestStick {
    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        let made = {
            let mut state = self.lock();
            let id = state.add(true);
            Naming::Made(state.within(folder), id)
        };
        self.naming(made, || fs::create_dir(folder))
    }

    fn create(&self, file: &Path) -> io::Result<Box<dyn StickFile>> {
        let (made, id) = {
            let mut state = self.lock();
            let id = state.add(false);
            (Naming::Made(state.within(file), id), id)
        };
        self.naming(made, || fs::File::create(file).map(|_| ()))?;
        Ok(Box::new(OnStick {
            stick: self.clone(),
            id,
            file: fs::OpenOptions::new().write(true).open(file)?,
        }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let renamed = {
            let state = self.lock();
            let (from, to) = (state.within(from), state.within(to));
            let id = *state.names.get(&from).ok_or(io::ErrorKind::NotFound)?;
            Naming::Renamed(from, to, id)
        };
        self.naming(renamed, || fs::rename(from, to))
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        let removed = {
            let state = self.lock();
            let name = state.within(file);
            if !state.names.contains_key(&name) {
                return Err(io::ErrorKind::NotFound.into());
            }
            Naming::Removed(name)
        };
        self.naming(removed, || fs::remove_file(file))
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.step().1?;
        let mut state = self.lock();
        if state.lies {
            return Ok(());
        }
        let state = &mut *state;
        let synced = text(path.strip_prefix(state.root.path()).expect("on the stick"));
        // The other folders keep their names in memory.
        for naming in std::mem::take(&mut state.unsynced_names) {
            let of_it = match &naming {
                Naming::Made(name, _) | Naming::Removed(name) => folder(name) == synced,
                Naming::Renamed(from, to, _) => folder(from) == synced || folder(to) == synced,
            };
            if of_it {
                name(&mut state.names_on_card, &naming);
            } else {
                state.unsynced_names.push(naming);
            }
        }
        Ok(())
    }
}

impl Write for OnStick {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let (had_power, alive) = self.stick.step();
        if had_power {
            self.file.write_all(bytes)?;
            let mut state = self.stick.lock();
            let thing = &mut state.things[self.id];
            thing.pending.push(Change::Bytes(thing.length, bytes.to_vec()));
            thing.length += bytes.len();
        }
        alive.map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl StickFile for OnStick {
    fn sync(&mut self) -> io::Result<()> {
        self.stick.step().1?;
        let mut state = self.stick.lock();
        if state.lies {
            return Ok(());
        }
        let thing = &mut state.things[self.id];
        for change in std::mem::take(&mut thing.pending) {
            apply(&mut thing.on_card, &change);
        }
        Ok(())
    }
}
