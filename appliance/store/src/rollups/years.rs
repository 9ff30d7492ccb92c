//! The days of one channel in one year of the site's time zone, which lie together: a year by day is one look-up.
//!
//! A row says of which time zone its days are, when the year begins, and how long each day is, from the first of January to
//! the last day that was made; so it is understood without a calendar.

use energy::calendar::{Kind, Period, Zone};
use units::Instant;

use super::columns::{self, Shape};
use super::sheets::YEARS;
use super::sums::Sums;
use super::{DAY, Energy};
use crate::fault::Fault;
use crate::numbers::{Bytes, put_counted, put_length, put_signed};
use crate::packed;
use crate::pieces::{self, Rows, Sheet, Writable};

/// More days than a year has cannot be true.
const MOST: usize = 400;

/// A day of the site's time zone, and what a channel did in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LocalDay {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) sums: Sums,
}

/// The days of a year that are made, from its first on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Year {
    pub(crate) days: Vec<LocalDay>,
}

/// Where a channel's year stands.
fn place(number: u32, year: i16) -> i64 {
    i64::from(number) << 16 | i64::from(year.cast_unsigned())
}

impl Year {
    /// The year of a channel by the days of this zone; none if it is not there.
    pub(crate) fn read(
        table: &impl Rows,
        number: u32,
        year: i16,
        zone: &Zone,
    ) -> Result<Option<Self>, Fault> {
        let Some(sheet) = Sheet::open(table, YEARS, place(number, year))? else {
            return Ok(None);
        };
        let bytes = sheet.read_all()?;
        let (name, year) = decode(&bytes).ok_or_else(|| sheet.damaged())?;
        Ok((name == zone.name().as_bytes()).then_some(year))
    }

    /// Puts days into the years of a channel.
    pub(crate) fn put(
        table: &mut Writable<'_>,
        (number, energy): (u32, Energy),
        zone: &Zone,
        days: &[LocalDay],
    ) -> Result<(), Fault> {
        for day in days {
            let period = Period::holding(Kind::Year, zone.date_of(Instant::from_millis(day.from)));
            let year = period.first().year();
            let found = Self::read(table, number, year, zone)?;
            let mut row = found.unwrap_or_default();
            row.set(*day, period, zone);
            pieces::put(table, YEARS, place(number, year), 0, &row.encode(energy, zone))?;
        }
        Ok(())
    }

    /// The day that begins at this instant, if there is one.
    pub(crate) fn beginning(&self, at: i64) -> Option<&LocalDay> {
        let index = self.days.binary_search_by_key(&at, |day| day.from).ok()?;
        self.days.get(index)
    }

    fn set(&mut self, day: LocalDay, year: Period, zone: &Zone) {
        if let Some(place) = self.days.iter_mut().find(|place| place.from == day.from) {
            *place = day;
            return;
        }
        // Days in which nothing was read stand between, so that each has its place.
        let mut date = match self.days.last() {
            Some(last) => zone.date_of(Instant::from_millis(last.to)),
            None => year.first(),
        };
        while zone.start_of(date).as_millis() < day.from && self.days.len() < MOST {
            self.days.push(LocalDay {
                from: zone.start_of(date).as_millis(),
                to: zone.start_of(date.next()).as_millis(),
                sums: Sums::default(),
            });
            date = date.next();
        }
        self.days.push(day);
    }

    fn encode(&self, energy: Energy, zone: &Zone) -> Vec<u8> {
        let mut out = Vec::new();
        put_counted(&mut out, zone.name().as_bytes());
        put_signed(&mut out, self.days.first().map_or(0, |day| day.from));
        let lengths: Vec<i64> = self.days.iter().map(|day| day.to - day.from - DAY).collect();
        put_length(&mut out, lengths.len());
        put_counted(&mut out, &packed::encode(&lengths));
        let sums: Vec<Sums> = self.days.iter().map(|day| day.sums).collect();
        put_counted(&mut out, &columns::encode_counts(&sums));
        out.extend(columns::encode(&sums, Shape { energy, length: DAY }));
        out
    }
}

/// The name of the zone, and the year.
fn decode(bytes: &[u8]) -> Option<(&[u8], Year)> {
    let mut bytes = Bytes::new(bytes);
    let name = bytes.take_counted()?;
    let mut from = bytes.signed()?;
    let count = bytes.number().filter(|count| *count <= MOST)?;
    let lengths = packed::decode(bytes.take_counted()?, count)?;
    let counts = columns::decode_counts(bytes.take_counted()?, count)?;
    let sums = columns::decode(counts, bytes.rest(), DAY)?;
    let mut days = Vec::with_capacity(count);
    for (length, sums) in lengths.iter().zip(sums) {
        let to = from
            .checked_add(DAY)?
            .checked_add(*length)
            .filter(|to| *to > from)?;
        days.push(LocalDay { from, to, sums });
        from = to;
    }
    Some((name, Year { days }))
}

#[cfg(test)]
mod tests;
