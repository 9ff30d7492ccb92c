//! A box's life on a card, act by act, beside what it must still know when power comes back.

use std::collections::BTreeMap;

use energy::calendar::Zone;
use energy::{Interval, Quality};
use units::{Flow, Instant, PersonId, Span, WattHours};

use super::copies::Copies;
use crate::tests::card::Card;
use crate::tests::model::{BEGIN, Model, audit_entry, batch, channel, device, reading};
use crate::{AuditEntry, Batch, Change, OpenError, Progress, RowChange, Store, StoreError, Whose, Why};

const HOUR: i64 = 3_600_000;
/// A table of the members' book. What its rows say is nothing to the store.
const PEOPLE: &str = "people";

/// What the store must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) series: Model,
    pub(crate) people: BTreeMap<Vec<u8>, Vec<u8>>,
    pub(crate) notes: BTreeMap<String, Vec<u8>>,
}

impl Kept {
    /// All that the store says.
    pub(crate) fn of(store: &Store) -> Self {
        store.verify_ledger().expect("an unbroken chain of days");
        let people = store.rows(PEOPLE, (&[], None), usize::MAX).expect("readable");
        let notes = ["note/0", "note/1"].into_iter().filter_map(|name| {
            let value = store.get_meta(name).expect("readable")?;
            Some((name.to_owned(), value))
        });
        Self {
            series: Model::of(store),
            people: people.into_iter().collect(),
            notes: notes.collect(),
        }
    }

    /// What was put into the files of older formats.
    pub(crate) fn of_fixtures(series: Model) -> Self {
        Self {
            series,
            ..Self::default()
        }
    }

    /// How many rows: points, intervals, memories, lines, people, notes.
    pub(crate) fn rows(&self) -> u64 {
        let series = &self.series;
        let points: usize = series.points.values().map(BTreeMap::len).sum();
        let others = [
            series.intervals.len(),
            series.memories.len(),
            series.audit.len(),
            self.people.len(),
            self.notes.len(),
        ];
        u64::try_from(points + others.iter().sum::<usize>()).expect("small")
    }

    /// In what the other differs, for the sentence of a failure.
    pub(crate) fn differs_from(&self, other: &Self) -> String {
        let mut found = Vec::new();
        for (name, points) in &self.series.points {
            let others = other.series.points.get(name);
            let missing = points
                .iter()
                .filter(|(at, value)| others.and_then(|others| others.get(at)) != Some(value))
                .count();
            if missing > 0 {
                found.push(format!("{missing} points of {name} are not there or another"));
            }
        }
        let mut say = |what: &str, same: bool| {
            if !same {
                found.push(format!("{what} differ"));
            }
        };
        say("intervals", self.series.intervals == other.series.intervals);
        say("memories", self.series.memories == other.series.memories);
        say("lines", self.series.audit == other.series.audit);
        say("people", self.people == other.people);
        say("notes", self.notes == other.notes);
        if found.is_empty() {
            "there are points that nobody wrote".to_owned()
        } else {
            found.join(", ")
        }
    }
}

/// An act that did not come to its end: what the store holds if it happened all the same.
pub(crate) type Doubt = Box<Kept>;

/// A box on its card.
pub(crate) struct Life {
    pub(crate) card: Card,
    pub(crate) dice: fastrand::Rng,
    pub(crate) kept: Kept,
    pub(crate) store: Option<Store>,
    /// Its backups, once there are some.
    pub(super) copies: Option<Copies>,
    /// Those of another box.
    pub(super) brought: Option<Copies>,
    pub(super) now: i64,
}

impl Life {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            card: Card::new(seed),
            dice: fastrand::Rng::with_seed(seed ^ 0x005e_ed0f_11fe),
            kept: Kept::default(),
            store: None,
            copies: None,
            brought: None,
            now: BEGIN,
        }
    }

    /// Opens the store; where it is open, nothing happens.
    pub(crate) fn open(&mut self) -> Result<(), OpenError> {
        if self.store.is_none() {
            self.store = Some(self.card.store(256 * 1024)?);
        }
        Ok(())
    }

    pub(crate) fn store(&self) -> &Store {
        self.store.as_ref().expect("it was opened before")
    }

    /// What was acknowledged becomes what must be there.
    fn settle(&mut self, then: Kept, outcome: &Result<(), StoreError>) -> Result<(), Doubt> {
        match outcome {
            Ok(()) => {
                self.kept = then;
                Ok(())
            }
            Err(_) => Err(Box::new(then)),
        }
    }

    /// Hands in a batch and waits until the writer has sealed what it seals after it.
    pub(crate) fn record(&mut self, batch: &Batch) -> Result<(), Doubt> {
        let mut then = self.kept.clone();
        then.series.take(batch);
        let outcome = self.store().record_and_wait(batch.clone());
        let outcome = outcome.map(|_| ()).map_err(|refused| {
            assert_eq!(*refused.batch, *batch, "the batch comes back as it was");
            refused.why
        });
        // An empty one has its turn when the sealing is over.
        let _ = self.store().record_and_wait(Batch::default());
        self.settle(then, &outcome)
    }

    /// A batch of any kind.
    pub(crate) fn any_batch(&mut self) -> Result<(), Doubt> {
        let batch = batch(&mut self.dice, &mut self.now);
        self.record(&batch)
    }

    /// A second of two channels, which is a page of the tail.
    pub(crate) fn small_batch(&mut self) -> Result<(), Doubt> {
        self.now += 1_000;
        let value = self.dice.i64(..5_000);
        let mut batch = Batch {
            readings: vec![
                reading(&channel(0), self.now, Ok(value)),
                reading(&channel(1), self.now, Ok(value / 3)),
            ],
            ..Batch::default()
        };
        if self.dice.u8(..4) == 0 {
            batch
                .memories
                .push((device(0), Flow::Import, value.to_be_bytes().to_vec()));
        }
        self.record(&batch)
    }

    /// Many channels within a minute, whose numbers cannot be squeezed: the sheet of their hour has several pieces.
    pub(crate) fn wide_batch(&mut self) -> Result<(), Doubt> {
        self.now += 60_000;
        let from = self.now;
        let moments = (0..30).flat_map(|second| (0..40).map(move |number| (from + second * 1_000, number)));
        let batch = Batch {
            readings: moments
                .map(|(at, number)| reading(&channel(number), at, Ok(self.dice.i64(..))))
                .collect(),
            ..Batch::default()
        };
        self.now += 30_000;
        self.record(&batch)
    }

    /// Values for the times of a sheet that is sealed: some of each of its pieces are others.
    pub(crate) fn late_for_many(&mut self) -> Result<(), Doubt> {
        let batch = Batch {
            readings: (0..40)
                .map(|number| {
                    let at = self.now - self.dice.i64(1..60) * 1_000;
                    reading(&channel(number), at, Ok(self.dice.i64(..)))
                })
                .collect(),
            ..Batch::default()
        };
        self.record(&batch)
    }

    /// So many small ones that the tail is nearly full.
    pub(crate) fn fill_the_tail(&mut self) {
        for _ in 0..self.dice.usize(12..17) {
            self.small_batch().unwrap_or_else(|_| panic!("there is power"));
        }
    }

    /// The first batch of the next hour, which has the last one sealed.
    pub(crate) fn next_hour(&mut self) -> Result<(), Doubt> {
        self.now = (self.now / HOUR + 1) * HOUR;
        self.small_batch()
    }

    pub(crate) fn seal(&mut self) -> Result<(), Doubt> {
        let outcome = self.store().seal();
        self.settle(self.kept.clone(), &outcome)
    }

    /// Values for hours that are sealed, where others stand or none.
    pub(crate) fn late_batch(&mut self) -> Result<(), Doubt> {
        let mut batch = Batch::default();
        for _ in 0..self.dice.usize(1..20) {
            let at = self.dice.i64(BEGIN..=self.now.max(BEGIN + HOUR));
            let value = self.dice.i64(..900);
            batch
                .readings
                .push(reading(&channel(self.dice.usize(..3)), at, Ok(value)));
        }
        self.record(&batch)
    }

    pub(crate) fn line(&mut self) -> Result<(), Doubt> {
        let entry = audit_entry(&mut self.dice);
        let mut then = self.kept.clone();
        then.series.audit.push(entry.clone());
        let outcome = self.store().audit(entry).map(|_| ());
        self.settle(then, &outcome)
    }

    pub(crate) fn note(&mut self) -> Result<(), Doubt> {
        let name = format!("note/{}", self.dice.u8(..2));
        let value: Vec<u8> = (0..self.dice.usize(..3_000)).map(|_| self.dice.u8(..)).collect();
        let mut then = self.kept.clone();
        then.notes.insert(name.clone(), value.clone());
        let outcome = self.store().put_meta(&name, &value);
        self.settle(then, &outcome)
    }

    /// Somebody comes in, changes, or goes, several at a time, with a line that tells of it.
    pub(crate) fn change(&mut self) -> Result<(), Doubt> {
        let mut then = self.kept.clone();
        let mut change = Change::default();
        for _ in 0..self.dice.usize(1..4) {
            let key = vec![0, 0, 0, self.dice.u8(1..30)];
            if change.rows.iter().any(|row| row.key == key) {
                continue;
            }
            let before = then.people.get(&key).cloned();
            let after = (self.dice.u8(..4) > 0).then(|| vec![self.dice.u8(..); self.dice.usize(1..600)]);
            match &after {
                Some(after) => then.people.insert(key.clone(), after.clone()),
                None => then.people.remove(&key),
            };
            change.rows.push(RowChange {
                table: PEOPLE,
                key,
                before,
                after,
            });
        }
        let person = PersonId::new(u32::from(self.dice.u8(1..30)));
        let line = AuditEntry {
            whose: Whose::People(vec![person]),
            why: Why::Said {
                words: "asked for it".to_owned(),
                salt: [self.dice.u8(..); 16],
            },
            ..AuditEntry::new(Instant::from_millis(self.now), "change-person")
        };
        then.series.audit.push(line.clone());
        change.lines.push(line);
        let outcome = self.store().change(change).map(|_| ());
        self.settle(then, &outcome)
    }

    /// Why things were done that are about somebody is taken away.
    pub(crate) fn erase(&mut self) -> Result<(), Doubt> {
        let person = PersonId::new(u32::from(self.dice.u8(1..30)));
        let mut then = self.kept.clone();
        for line in &mut then.series.audit {
            let about = matches!(&line.whose, Whose::People(people) if people.contains(&person));
            if about && line.why != Why::NotSaid {
                line.why = Why::Erased;
            }
        }
        let outcome = self.store().erase_reasons(person, &[]);
        self.settle(then, &outcome)
    }

    pub(crate) fn rewrite(&mut self) -> Result<(), Doubt> {
        let outcome = self.store().rewrite();
        self.settle(self.kept.clone(), &outcome)
    }

    /// Gives up what is older than some hour, once all is sealed.
    pub(crate) fn retain(&mut self) -> Result<(), Doubt> {
        let before = BEGIN + self.dice.i64(0..4) * HOUR;
        let mut then = self.kept.clone();
        for points in then.series.points.values_mut() {
            points.retain(|at, _| *at >= before);
        }
        then.series.points.retain(|_, points| !points.is_empty());
        let outcome = loop {
            match self.store().retain(Instant::from_millis(before)) {
                Ok(Progress::More) => {}
                Ok(Progress::Done) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        self.settle(then, &outcome)
    }

    /// The energy of a quarter of an hour: of the present one, or of an earlier one.
    pub(crate) fn quarter(&mut self, earlier: Span) -> Result<(), Doubt> {
        self.now += 1_000;
        let start = (Instant::from_millis(self.now) - earlier).floor(Span::QUARTER);
        let interval = Interval::new(start, WattHours(self.dice.i64(..900)), Quality::Measured);
        let batch = Batch {
            intervals: vec![(device(0), Flow::Import, interval)],
            memories: vec![(device(0), Flow::Import, vec![self.dice.u8(..)])],
            ..Batch::default()
        };
        self.record(&batch)
    }

    /// Some days pass, at whose end the first of them can be closed.
    pub(crate) fn days_pass(&mut self) {
        let quarter = |life: &mut Self| {
            life.quarter(Span::ZERO)
                .unwrap_or_else(|_| panic!("there is power"));
        };
        quarter(self);
        self.now += 72 * HOUR;
        quarter(self);
    }

    /// A day is over.
    pub(crate) fn next_day(&mut self) {
        self.now += 25 * HOUR;
        self.small_batch().unwrap_or_else(|_| panic!("there is power"));
    }

    /// Makes the roll-ups of all days that are over.
    pub(crate) fn roll_up(&mut self) -> Result<(), Doubt> {
        let zone = Zone::parse("Europe/London").expect("a zone");
        let now = Instant::from_millis(self.now);
        self.until_done(|store| store.roll_up(&zone, now))
    }

    /// Gives up the minutes of days that are over.
    pub(crate) fn retain_minutes(&mut self) -> Result<(), Doubt> {
        let now = Instant::from_millis(self.now);
        self.until_done(|store| store.retain_minutes(now))
    }

    fn until_done(&mut self, step: impl Fn(&Store) -> Result<Progress, StoreError>) -> Result<(), Doubt> {
        let outcome = loop {
            match step(self.store()) {
                Ok(Progress::More) => {}
                Ok(Progress::Done) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        self.settle(self.kept.clone(), &outcome)
    }

    /// Ends in good order, if power lasts.
    pub(crate) fn close(&mut self) {
        self.store = None;
    }
}
