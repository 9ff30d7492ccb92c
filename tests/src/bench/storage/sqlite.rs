//! SQLite as somebody would use it for this: a table by channel and time, a write-ahead log, every commit on the card.

use std::path::Path;
use std::time::Instant as Clock;

use anyhow::Result;
use rusqlite::Connection;
use units::{Instant, Span};

use super::at_rest::count;
use super::feed::Feed;

/// An open database with one table of readings.
pub(super) struct Sqlite {
    database: Connection,
}

impl Sqlite {
    pub(super) fn open(folder: &Path) -> Result<Self> {
        let database = Connection::open(folder.join("readings.sqlite"))?;
        database.pragma_update(None, "journal_mode", "WAL")?;
        database.pragma_update(None, "synchronous", "FULL")?;
        database.execute_batch(
            "CREATE TABLE IF NOT EXISTS reading (channel INTEGER, t INTEGER, value INTEGER, \
             PRIMARY KEY (channel, t)) WITHOUT ROWID",
        )?;
        Ok(Self { database })
    }

    /// Brings in a whole feed, so many rows to a transaction; how many samples, and the seconds that it took.
    pub(super) fn fill(&mut self, feed: &mut Feed, rows: usize) -> Result<(f64, f64)> {
        let (mut samples, mut took) = (0.0, 0.0);
        let mut taken: Vec<(Instant, Vec<i64>)> = Vec::new();
        loop {
            while let Some((at, row)) = feed.next() {
                taken.push((at, row.to_vec()));
                if taken.len() == rows {
                    break;
                }
            }
            if taken.is_empty() {
                return Ok((samples, took));
            }
            let begins = Clock::now();
            self.insert(&taken)?;
            took += begins.elapsed().as_secs_f64();
            samples += taken.iter().map(|(_, row)| count(row.len())).sum::<f64>();
            taken.clear();
        }
    }

    /// Rows of all channels in one transaction.
    pub(super) fn insert(&mut self, rows: &[(Instant, Vec<i64>)]) -> Result<()> {
        let batch = self.database.transaction()?;
        {
            let mut insert = batch.prepare("INSERT INTO reading VALUES (?1, ?2, ?3)")?;
            for (at, row) in rows {
                for (channel, value) in (1_i64..).zip(row) {
                    insert.execute([channel, at.as_millis(), *value])?;
                }
            }
        }
        batch.commit()?;
        Ok(())
    }

    /// The mean of each part of a channel's time.
    pub(super) fn means(&self, channel: usize, from: Instant, part: Span, parts: i64) -> Result<Vec<f64>> {
        let mut query = self.database.prepare(
            "SELECT avg(value) FROM reading WHERE channel = ?1 AND t >= ?2 AND t < ?3 GROUP BY (t - ?2) / ?4",
        )?;
        let (from, part) = (from.as_millis(), part.as_millis());
        let channel = i64::try_from(channel)? + 1;
        let rows = query.query_map([channel, from, from + part * parts, part], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
