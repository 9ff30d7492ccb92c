//! What is in the tail and not in the database yet, as every question needs it: at hand.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::entry::Entry;
use crate::ledger::{Quarters, Whose};

/// A frame and the place of its entry.
type Frame = (u64, Arc<[u8]>);

/// What is not sealed yet. A cheap clone, since each reader holds one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Pending {
    frames: BTreeMap<i64, Vec<Frame>>,
    quarters: Quarters,
    memories: BTreeMap<Vec<u8>, Vec<u8>>,
    /// Whether some of the frames stand in the table of format 1, which is emptied when all of it is sealed.
    in_the_table: bool,
}

impl Pending {
    /// Whether everything is in the database.
    pub(crate) fn is_empty(&self) -> bool {
        self.frames.is_empty() && self.quarters.is_empty() && self.memories.is_empty()
    }

    /// Takes in an entry of the tail.
    pub(crate) fn take(&mut self, place: u64, entry: Entry) {
        for (hour, frame) in entry.frames {
            self.take_frame(hour, place, frame);
        }
        for (start, entries) in entry.quarters {
            self.quarters.entry(start).or_default().extend(entries);
        }
        self.memories.extend(entry.memories);
    }

    /// Takes in one frame of the table of format 1.
    pub(crate) fn take_old(&mut self, hour: i64, frame: &[u8]) {
        self.in_the_table = true;
        self.take_frame(hour, 0, frame.to_vec());
    }

    fn take_frame(&mut self, hour: i64, place: u64, frame: Vec<u8>) {
        self.frames.entry(hour).or_default().push((place, frame.into()));
    }

    /// The hour that may be kept when the others are sealed.
    pub(crate) fn may_keep(&self, hour: Option<i64>) -> Option<i64> {
        hour.filter(|_| !self.in_the_table)
    }

    /// The hours of which there are readings.
    pub(crate) fn hours(&self) -> impl Iterator<Item = i64> + '_ {
        self.frames.keys().copied()
    }

    /// The frames of an hour, in the order in which they came.
    pub(crate) fn frames(&self, hour: i64) -> impl Iterator<Item = &[u8]> + '_ {
        let frames = self.frames.get(&hour).into_iter().flatten();
        frames.map(|(_, frame)| &**frame)
    }

    /// The frames of the hours from `first` to `last`.
    pub(crate) fn frames_within(&self, first: i64, last: i64) -> impl Iterator<Item = (i64, &[u8])> + '_ {
        let hours = self.frames.range(first..=last);
        hours.flat_map(|(hour, frames)| frames.iter().map(|(_, frame)| (*hour, &**frame)))
    }

    /// The entries of quarters with `from <= start < to`.
    pub(crate) fn quarters(
        &self,
        from: i64,
        to: i64,
    ) -> impl Iterator<Item = (i64, &BTreeMap<Whose, Vec<u8>>)> + '_ {
        let quarters = self.quarters.range(from..to.max(from));
        quarters.map(|(start, entries)| (*start, entries))
    }

    /// The entries of all quarters.
    pub(crate) fn all_quarters(&self) -> &Quarters {
        &self.quarters
    }

    /// What the counter rule remembers, by the key of the table.
    pub(crate) fn memories(&self) -> &BTreeMap<Vec<u8>, Vec<u8>> {
        &self.memories
    }

    /// All of it as one entry, for whoever takes it elsewhere.
    pub(crate) fn entry(&self) -> Entry {
        let frames = self.frames.iter();
        Entry {
            frames: frames
                .flat_map(|(hour, frames)| frames.iter().map(|(_, frame)| (*hour, frame.to_vec())))
                .collect(),
            quarters: self.quarters.clone(),
            memories: self.memories.clone().into_iter().collect(),
        }
    }

    /// What is left when everything but the readings of `keep` was sealed.
    pub(crate) fn after_sealing(&self, keep: Option<i64>) -> Self {
        let kept = keep.and_then(|hour| self.frames.get_key_value(&hour));
        Self {
            frames: kept
                .map(|(hour, frames)| (*hour, frames.clone()))
                .into_iter()
                .collect(),
            ..Self::default()
        }
    }

    /// The place of the oldest entry of which something is left.
    pub(crate) fn oldest(&self) -> Option<u64> {
        self.frames.values().flatten().map(|(place, _)| *place).min()
    }
}
