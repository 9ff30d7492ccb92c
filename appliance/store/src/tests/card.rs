//! A card that loses power, fills up, refuses and lies. What was not synced is lost in part and in any order
//! (`loss.rs`), and after a failed sync the memory of the kernel and the card differ.

mod loss;
mod stick;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

pub(crate) use stick::TestStick;

use loss::{Change, Naming, apply, lose, lose_in_part, lose_names};

use crate::disk::{Disk, Medium};
use crate::{OpenError, Options, Store};

#[derive(Debug, Clone, Default)]
struct Content {
    on_card: Vec<u8>,
    seen: Vec<u8>,
    pending: Vec<Change>,
}

/// What the card does to those who use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Well,
    /// Takes nothing that makes a file longer; says so before when asked.
    FullAndSaysSo,
    /// Takes nothing that makes a file longer, and does not say so before. One write in so many fails.
    Full(u32),
    /// One sync in so many fails, and what it should have written is lost in part.
    FailingSyncs(u32),
    /// One read in so many fails.
    FailingReads(u32),
    /// Nothing can be written.
    ReadOnly,
    /// One sync in so many is said to be done and is not.
    LyingSyncs(u32),
    /// It was pulled out: nothing answers.
    Gone,
}

/// Where the card was when power went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CutAt {
    /// The name of the file.
    pub(crate) file: String,
    /// Where the last write to it began.
    pub(crate) offset: u64,
}

#[derive(Debug)]
struct State {
    names: BTreeMap<String, usize>,
    names_on_card: BTreeMap<String, usize>,
    unsynced_names: Vec<Naming>,
    files: Vec<Content>,
    dice: fastrand::Rng,
    steps_left: Option<u64>,
    cut_at: Option<CutAt>,
    written_at: u64,
    mood: Mood,
    read: u64,
}

/// Where whoever opens a file has to wait while it is shut, and how many do.
#[derive(Debug, Default)]
struct Gate {
    shut_and_waiting: Mutex<(bool, u32)>,
    changed: Condvar,
}

/// The card; clones are the same card.
#[derive(Debug, Clone)]
pub(crate) struct Card {
    state: Arc<Mutex<State>>,
    gate: Arc<Gate>,
    folder: PathBuf,
}

impl Card {
    pub(crate) fn new(seed: u64) -> Self {
        let state = State {
            names: BTreeMap::new(),
            names_on_card: BTreeMap::new(),
            unsynced_names: Vec::new(),
            files: Vec::new(),
            dice: fastrand::Rng::with_seed(seed),
            steps_left: None,
            cut_at: None,
            written_at: 0,
            mood: Mood::Well,
            read: 0,
        };
        Self {
            state: Arc::new(Mutex::new(state)),
            gate: Arc::default(),
            folder: PathBuf::from("card"),
        }
    }

    /// The store on this card, with little memory and a short tail.
    pub(crate) fn store(&self, cache_bytes: usize) -> Result<Store, OpenError> {
        let options = Options {
            cache_bytes,
            tail_pages: 16,
            ..Options::default()
        };
        Store::on(Box::new(self.clone()), options)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test holds the card over a panic")
    }

    pub(crate) fn set_mood(&self, mood: Mood) {
        self.lock().mood = mood;
    }

    /// Nobody opens a file until the gate is open again.
    pub(crate) fn shut_gate(&self) {
        self.gate.shut_and_waiting.lock().expect("no panic").0 = true;
    }

    pub(crate) fn open_gate(&self) {
        self.gate.shut_and_waiting.lock().expect("no panic").0 = false;
        self.gate.changed.notify_all();
    }

    /// Waits until somebody waits at the gate.
    pub(crate) fn wait_for_someone_at_the_gate(&self) {
        let mut state = self.gate.shut_and_waiting.lock().expect("no panic");
        while state.1 == 0 {
            state = self.gate.changed.wait(state).expect("no panic");
        }
    }

    fn pass_gate(&self) {
        let mut state = self.gate.shut_and_waiting.lock().expect("no panic");
        state.1 += 1;
        self.gate.changed.notify_all();
        while state.0 {
            state = self.gate.changed.wait(state).expect("no panic");
        }
        state.1 -= 1;
    }

    /// Bytes that were read so far.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.lock().read
    }

    /// Power goes after so many more writes, syncs and renames.
    pub(crate) fn cut_after(&self, steps: u64) {
        self.lock().steps_left = Some(steps);
    }

    /// Where the card was when power went, if it has gone.
    pub(crate) fn cut_at(&self) -> Option<CutAt> {
        self.lock().cut_at.clone()
    }

    /// Power is back: what was pending is there in part, and nothing is pending any more.
    pub(crate) fn power_on(&self) {
        let mut state = self.lock();
        let state = &mut *state;
        for file in &mut state.files {
            let pending = std::mem::take(&mut file.pending);
            if !pending.is_empty() {
                lose(&mut file.on_card, &pending, &mut state.dice);
            }
            file.seen.clone_from(&file.on_card);
        }
        let namings = std::mem::take(&mut state.unsynced_names);
        lose_names(&mut state.names_on_card, &namings, &mut state.dice);
        state.names.clone_from(&state.names_on_card);
        let named: Vec<usize> = state.names.values().copied().collect();
        for (id, file) in state.files.iter_mut().enumerate() {
            if !named.contains(&id) {
                // Nobody finds it any more.
                *file = Content::default();
            }
        }
        (state.steps_left, state.cut_at) = (None, None);
    }

    pub(crate) fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        let state = self.lock();
        state.names.get(name).map(|id| state.files[*id].seen.clone())
    }

    pub(crate) fn put(&self, name: &str, bytes: Vec<u8>) {
        let mut state = self.lock();
        let id = state.files.len();
        state.files.push(Content {
            on_card: bytes.clone(),
            seen: bytes,
            pending: Vec::new(),
        });
        state.names.insert(name.to_owned(), id);
        state.names_on_card.insert(name.to_owned(), id);
    }
}

impl State {
    /// One more step of the card; an error once power is gone.
    fn step(&mut self, file: &str) -> io::Result<()> {
        self.answers()?;
        match &mut self.steps_left {
            Some(0) => {
                let offset = self.written_at;
                let file = file.to_owned();
                self.cut_at.get_or_insert(CutAt { file, offset });
                Err(io::Error::other("no power"))
            }
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn step_of(&mut self, id: usize) -> io::Result<()> {
        let name = self.names.iter().find(|(_, named)| **named == id);
        let name = name.map(|(name, _)| name.clone()).unwrap_or_default();
        self.step(&name)
    }

    fn answers(&self) -> io::Result<()> {
        if self.mood == Mood::Gone {
            // As Linux says it of a card that was pulled out.
            return Err(io::Error::from_raw_os_error(5));
        }
        Ok(())
    }

    /// A step that changes the names. Power that goes in it may leave it done.
    fn naming(&mut self, of: &str, naming: Naming) -> io::Result<()> {
        let had_power = self.cut_at.is_none();
        let alive = self.step(of);
        if had_power && self.answers().is_ok() {
            loss::name(&mut self.names, &naming);
            self.unsynced_names.push(naming);
        }
        alive
    }

    fn refuse_writes(&self) -> io::Result<()> {
        if self.mood == Mood::ReadOnly {
            return Err(io::Error::from(io::ErrorKind::ReadOnlyFilesystem));
        }
        Ok(())
    }

    fn one_in(&mut self, many: u32) -> bool {
        self.dice.u32(..many) == 0
    }

    fn change(&mut self, id: usize, change: Change) -> io::Result<()> {
        self.refuse_writes()?;
        let longer = match &change {
            Change::Length(length) => *length > self.files[id].seen.len(),
            Change::Bytes(..) => false,
        };
        let refused = match self.mood {
            Mood::FullAndSaysSo => longer,
            Mood::Full(many) => longer || self.one_in(many),
            _ => false,
        };
        if refused {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        let had_power = self.cut_at.is_none();
        if let Change::Bytes(offset, _) = &change {
            self.written_at = u64::try_from(*offset).expect("a length fits");
        }
        let alive = self.step_of(id);
        // The step in which power goes may still reach the card in part; later ones do not.
        if had_power && self.answers().is_ok() {
            let file = &mut self.files[id];
            apply(&mut file.seen, &change);
            file.pending.push(change);
        }
        alive
    }

    fn sync(&mut self, id: usize) -> io::Result<()> {
        self.refuse_writes()?;
        self.step_of(id)?;
        let mood = self.mood;
        if matches!(mood, Mood::LyingSyncs(many) if self.one_in(many)) {
            return Ok(());
        }
        let failing = matches!(mood, Mood::FailingSyncs(many) if self.one_in(many));
        let file = &mut self.files[id];
        for change in std::mem::take(&mut file.pending) {
            if failing {
                lose_in_part(&mut file.on_card, &change, &mut self.dice);
            } else {
                apply(&mut file.on_card, &change);
            }
        }
        if failing {
            Err(io::Error::other("the card did not take it"))
        } else {
            Ok(())
        }
    }
}

impl Disk for Card {
    fn folder(&self) -> &Path {
        &self.folder
    }

    fn open(&self, name: &str) -> io::Result<Option<Arc<dyn Medium>>> {
        self.pass_gate();
        let mut state = self.lock();
        state.step(name)?;
        let Some(id) = state.names.get(name).copied() else {
            return Ok(None);
        };
        state.refuse_writes()?;
        let file = &mut state.files[id];
        file.seen.clone_from(&file.on_card);
        for change in &file.pending {
            apply(&mut file.seen, change);
        }
        Ok(Some(Arc::new(OnCard {
            card: self.clone(),
            id,
        })))
    }

    fn open_to_read(&self, name: &str) -> io::Result<Option<Arc<dyn Medium>>> {
        let mut state = self.lock();
        state.step(name)?;
        let id = state.names.get(name).copied();
        Ok(id.map(|id| -> Arc<dyn Medium> {
            Arc::new(OnCard {
                card: self.clone(),
                id,
            })
        }))
    }

    fn create(&self, name: &str) -> io::Result<Arc<dyn Medium>> {
        let mut state = self.lock();
        state.refuse_writes()?;
        let id = state.files.len();
        state.files.push(Content::default());
        state.naming(name, Naming::Made(name.to_owned(), id))?;
        Ok(Arc::new(OnCard {
            card: self.clone(),
            id,
        }))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut state = self.lock();
        state.refuse_writes()?;
        state.answers()?;
        let id = state.names.get(from).copied();
        let id = id.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        state.naming(to, Naming::Renamed(from.to_owned(), to.to_owned(), id))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut state = self.lock();
        state.answers()?;
        if state.names.contains_key(name) {
            state.refuse_writes()?;
            state.naming(name, Naming::Removed(name.to_owned()))?;
        }
        Ok(())
    }

    fn sync_folder(&self) -> io::Result<()> {
        let mut state = self.lock();
        state.step("the folder")?;
        let mood = state.mood;
        if matches!(mood, Mood::LyingSyncs(many) if state.one_in(many)) {
            return Ok(());
        }
        let names = state.names.clone();
        state.names_on_card = names;
        state.unsynced_names.clear();
        Ok(())
    }

    fn free(&self) -> io::Result<u64> {
        Ok(if self.lock().mood == Mood::FullAndSaysSo {
            0
        } else {
            u64::MAX
        })
    }
}

/// One file of the card.
#[derive(Debug)]
struct OnCard {
    card: Card,
    id: usize,
}

fn size(value: u64) -> usize {
    usize::try_from(value).expect("a test's file fits memory")
}

impl Medium for OnCard {
    fn len(&self) -> io::Result<u64> {
        let state = self.card.lock();
        state.answers()?;
        let length = state.files[self.id].seen.len();
        Ok(u64::try_from(length).expect("a length fits"))
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.card.lock().change(self.id, Change::Length(size(len)))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut state = self.card.lock();
        if state.cut_at.is_some() || state.steps_left == Some(0) {
            return Err(io::Error::other("no power"));
        }
        state.answers()?;
        let mood = state.mood;
        if matches!(mood, Mood::FailingReads(many) if state.one_in(many)) {
            return Err(io::Error::other("the card does not answer"));
        }
        state.read += u64::try_from(out.len()).expect("a length fits");
        let from = size(offset);
        let bytes = state.files[self.id].seen.get(from..from + out.len());
        out.copy_from_slice(bytes.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?);
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.card
            .lock()
            .change(self.id, Change::Bytes(size(offset), data.to_vec()))
    }

    fn sync(&self) -> io::Result<()> {
        self.card.lock().sync(self.id)
    }
}
