//! What the writer does for roll-ups: small steps, each a transaction that leaves the store as good as before. A day counts as
//! made with its last step; a cut before that has it made once more.

use energy::calendar::Zone;
use redb::WriteTransaction;

use super::sheets::{LATE, MADE, MINUTES, QUARTERS};
use super::years::{LocalDay, Year};
use super::{Energy, day_start};
use crate::Progress;
use crate::fault::Fault;
use crate::numbers::{Bytes, put_signed};
use crate::pieces::{self, Sheet};
use crate::registry::Registry;
use crate::tables::ROLLUPS;

/// The days of one channel.
#[derive(Debug)]
pub(crate) struct ChannelDays {
    pub(crate) number: u32,
    pub(crate) energy: Energy,
    pub(crate) days: Vec<LocalDay>,
}

/// A step.
#[derive(Debug)]
pub(crate) enum Step {
    /// The site is in this time zone from now on: its days are made anew.
    Zone(Zone),
    /// Minutes of a day.
    Minutes(i64, u32, Vec<u8>),
    /// Quarters of a day, and of which channels.
    Quarters(i64, u32, Vec<u8>, Vec<u32>),
    /// Days of the time zone of some channels.
    Days(Vec<ChannelDays>),
    /// A day was made at this instant.
    End(i64, i64),
    /// Nothing was read before this day that is not made yet.
    Reached(i64),
    /// Days of the time zone that had ended when this day began are made.
    DaysReached(i64),
    /// Give up minutes of days before this one, at most so many rows.
    GiveUpMinutes(i64, usize),
}

/// Does several steps in one transaction. Says whether they must be done once more.
pub(crate) fn apply(
    steps: &[Step],
    txn: &WriteTransaction,
    registry: &mut Registry,
) -> Result<Progress, Fault> {
    let mut progress = Progress::Done;
    for step in steps {
        if step.apply(txn, registry)? == Progress::More {
            progress = Progress::More;
        }
    }
    Ok(progress)
}

impl Step {
    /// How many bytes it writes, about.
    pub(crate) fn bytes(&self) -> u64 {
        let bytes = match self {
            Self::Minutes(_, _, bytes) | Self::Quarters(_, _, bytes, _) => bytes.len(),
            Self::Days(channels) => channels.len() * 6_144,
            _ => 0,
        };
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }

    /// Does it. Says whether it must be done once more.
    fn apply(&self, txn: &WriteTransaction, registry: &mut Registry) -> Result<Progress, Fault> {
        let mut table = txn.open_table(ROLLUPS)?;
        match self {
            Self::Zone(zone) => {
                registry.rolls.zone = zone.clone();
                registry.rolls.days_until = i64::MIN;
                registry.rolls.save(txn)?;
            }
            Self::Minutes(day, version, bytes) => pieces::put(&mut table, MINUTES, *day, *version, bytes)?,
            Self::Quarters(day, version, bytes, numbers) => {
                pieces::put(&mut table, QUARTERS, *day, *version, bytes)?;
                registry.rolled(txn, numbers, day_start(*day))?;
            }
            Self::Days(channels) => {
                let zone = registry.rolls.zone.clone();
                for channel in channels {
                    Year::put(&mut table, (channel.number, channel.energy), &zone, &channel.days)?;
                }
            }
            Self::End(day, at) => {
                if !registry.rolls.end(*day) {
                    return Ok(Progress::More);
                }
                let mut made = versions(&table, *day)?;
                made.push(*at);
                let mut row = Vec::new();
                made.iter().for_each(|at| put_signed(&mut row, *at));
                pieces::put(&mut table, MADE, *day, 0, &row)?;
                pieces::remove(&mut table, LATE, *day)?;
                let rolls = &mut registry.rolls;
                rolls.late.remove(day);
                rolls.until = rolls.until.max(day.saturating_add(1));
                rolls.save(txn)?;
            }
            Self::Reached(day) => {
                registry.rolls.until = registry.rolls.until.max(*day);
                registry.rolls.save(txn)?;
            }
            Self::DaysReached(day) => {
                registry.rolls.days_until = registry.rolls.days_until.max(*day);
                registry.rolls.save(txn)?;
            }
            Self::GiveUpMinutes(day, most) => return pieces::remove_before(&mut table, MINUTES, *day, *most),
        }
        Ok(Progress::Done)
    }
}

/// When the versions of a day's roll-ups were made.
pub(crate) fn versions(table: &impl pieces::Rows, day: i64) -> Result<Vec<i64>, Fault> {
    let Some(sheet) = Sheet::open(table, MADE, day)? else {
        return Ok(Vec::new());
    };
    let bytes = sheet.read_all()?;
    let (mut bytes, mut made) = (Bytes::new(&bytes), Vec::new());
    while !bytes.is_empty() {
        made.push(bytes.signed().ok_or_else(|| sheet.damaged())?);
    }
    Ok(made)
}
