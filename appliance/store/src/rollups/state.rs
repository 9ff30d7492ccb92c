//! Which days have their roll-ups, and which must be made anew because something came late. Kept in memory with the registry;
//! what counts for ever stands in `meta` and beside the sheets.

use std::collections::BTreeSet;

use energy::calendar::Zone;
use redb::{ReadTransaction, WriteTransaction};

use super::sheets::LATE;
use super::{day_of, day_start};
use crate::fault::Fault;
use crate::fields::{Fields, FieldsReader};
use crate::tables::{META, META_ROLLED, ROLLUPS, find};
use crate::{meta, pieces};

const UNTIL: u8 = 1;
const DAYS_UNTIL: u8 = 2;
const ZONE: u8 = 3;
const RAW_FROM: u8 = 4;

/// How far roll-ups are made. Days are those of universal time, counted from 1970.
#[derive(Debug, Clone)]
pub(crate) struct Rolls {
    /// The days before this one have their minutes and quarters, or nothing was read in them.
    pub(crate) until: i64,
    /// Days of the time zone that had ended when this day began have their roll-ups.
    pub(crate) days_until: i64,
    /// The time zone of those days.
    pub(crate) zone: Zone,
    /// Raw readings from before this instant may be gone.
    pub(crate) raw_from: i64,
    /// Days in which something came after their roll-ups were made.
    pub(crate) late: BTreeSet<i64>,
    /// Those of them that are not written down yet.
    unsaved: BTreeSet<i64>,
    /// The day that is being made.
    making: Option<Making>,
}

/// A day that is being made, and whether something came in meanwhile that may not be in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Making {
    day: i64,
    disturbed: bool,
}

impl Default for Rolls {
    fn default() -> Self {
        Self {
            until: i64::MIN,
            days_until: i64::MIN,
            zone: Zone::utc(),
            raw_from: i64::MIN,
            late: BTreeSet::new(),
            unsaved: BTreeSet::new(),
            making: None,
        }
    }
}

impl Rolls {
    /// Reads how far roll-ups are made.
    pub(crate) fn load(txn: &ReadTransaction) -> Result<Self, Fault> {
        let mut rolls = Self::default();
        if let Some(bytes) = meta::get(&txn.open_table(META)?, META_ROLLED)? {
            let fields = FieldsReader::new(&bytes, "meta")?;
            rolls.until = fields.signed(UNTIL)?.unwrap_or(i64::MIN);
            rolls.days_until = fields.signed(DAYS_UNTIL)?.unwrap_or(i64::MIN);
            rolls.raw_from = fields.signed(RAW_FROM)?.unwrap_or(i64::MIN);
            match Zone::parse(fields.text(ZONE)?) {
                Ok(zone) => rolls.zone = zone,
                // A zone of a newer Hearth: its days are made anew.
                Err(_) => rolls.days_until = i64::MIN,
            }
        }
        if let Some(table) = find(txn, ROLLUPS)? {
            let mut next = pieces::next_time(&table, LATE, i64::MIN, i64::MAX)?;
            while let Some(day) = next {
                rolls.late.insert(day);
                next = pieces::next_time(&table, LATE, day.saturating_add(1), i64::MAX)?;
            }
        }
        Ok(rolls)
    }

    /// Writes down how far roll-ups are made.
    pub(crate) fn save(&self, txn: &WriteTransaction) -> Result<(), Fault> {
        let row = Fields::new()
            .signed(UNTIL, self.until)
            .signed(DAYS_UNTIL, self.days_until)
            .text(ZONE, self.zone.name())
            .signed(RAW_FROM, self.raw_from);
        meta::put(txn, META_ROLLED, &row.finish())
    }

    /// Writes down which days must be made anew, with the readings that say so.
    pub(crate) fn save_late(&mut self, txn: &WriteTransaction) -> Result<(), Fault> {
        if self.unsaved.is_empty() {
            return Ok(());
        }
        let mut table = txn.open_table(ROLLUPS)?;
        for day in std::mem::take(&mut self.unsaved) {
            if self.late.contains(&day) {
                pieces::put(&mut table, LATE, day, 0, &[])?;
            }
        }
        Ok(())
    }

    /// Takes note of a reading. Its day, and the day after, into which power is held and counters rise, must be made anew
    /// if they were made; but not where the raw readings that they were made of are gone.
    pub(crate) fn arrived(&mut self, at: i64) {
        let day = day_of(at);
        for day in [day, day.saturating_add(1)] {
            if let Some(making) = self.making.as_mut().filter(|making| making.day == day) {
                making.disturbed = true;
            }
            if day < self.until && self.has_raw(day) {
                self.late.insert(day);
                self.unsaved.insert(day);
            }
        }
    }

    /// Whether a reading of this instant says nothing about any roll-up that is there or being made.
    pub(crate) fn is_news(&self, at: i64) -> bool {
        self.making.is_none() && day_of(at) >= self.until
    }

    /// Whether a day's roll-ups are there and say what was read.
    pub(crate) fn is_made(&self, day: i64) -> bool {
        day < self.until && !self.late.contains(&day)
    }

    /// Whether all raw readings that a day is made of are there.
    pub(crate) fn has_raw(&self, day: i64) -> bool {
        day_start(day.saturating_sub(1)) >= self.raw_from
    }

    /// The first day from `day` on that is not made.
    pub(crate) fn next_unmade(&self, day: i64) -> i64 {
        let late = self.late.range(day..).next().copied();
        late.unwrap_or(i64::MAX).min(self.until.max(day))
    }

    /// The first day from `day` on that is made; none after those that are.
    pub(crate) fn next_made(&self, day: i64) -> i64 {
        let mut day = day;
        while day < self.until {
            if !self.late.contains(&day) {
                return day;
            }
            day += 1;
        }
        i64::MAX
    }

    /// A day begins to be made.
    pub(crate) fn begin(&mut self, day: i64) {
        self.making = Some(Making {
            day,
            disturbed: false,
        });
    }

    /// A day was made. Says whether nothing came in meanwhile; else it must be made once more.
    pub(crate) fn end(&mut self, day: i64) -> bool {
        self.making.take()
            == Some(Making {
                day,
                disturbed: false,
            })
    }
}
