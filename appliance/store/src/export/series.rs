//! The series as CSV: readings month by month, and what became of them in minutes, quarters of an hour, days and months.
//! A reading that was given up is still told by those, so they are written of all time and of every channel.

use std::path::Path;

use energy::calendar::{Kind, Period, Zone};
use units::{Instant, Span, decimal};

use super::{Csv, utc};
use crate::backup::BackupError;
use crate::{ChannelLife, Known, Resolution, Rollup, Store};

/// The columns of readings.
const READINGS: &str = "time,channel,value,unit,reason";
/// The columns of what became of them.
const ROLLUPS: &str = "start,end,channel,unit,smallest,mean,largest,readings,energy_wh,reason";

/// The periods of universal time that touch these stretches.
fn periods(kind: Kind, stretches: impl Iterator<Item = (Instant, Instant)> + Clone) -> Vec<Period> {
    let zone = Zone::utc();
    let first = stretches.clone().map(|stretch| stretch.0).min();
    let last = stretches.map(|stretch| stretch.1).max();
    let (Some(first), Some(last)) = (first, last) else {
        return Vec::new();
    };
    let mut period = Period::holding(kind, zone.date_of(first));
    let end = Period::holding(kind, zone.date_of(last));
    let mut periods = vec![period];
    while period.first() < end.first() {
        period = period.next();
        periods.push(period);
    }
    periods
}

/// The readings that are kept.
pub(super) fn readings(store: &Store, to: &Path) -> Result<u64, BackupError> {
    let (zone, channels) = (Zone::utc(), store.channels());
    let mut count = 0;
    let spans = channels.iter().map(|span| (span.first, span.last));
    for month in periods(Kind::Month, spans) {
        let mut csv = Csv::begin(to.join(format!("readings-{month}.csv.gz")), READINGS)?;
        let (begins, ends) = month.bounds(&zone);
        for span in &channels {
            let unit = span.unit.symbol();
            // A day at a time: a month of one channel may be millions.
            let mut day = begins;
            while day < ends && day <= span.last {
                let next = day + Span::DAY;
                if next > span.first {
                    for (at, outcome) in store.readings(&span.channel, day, next.min(ends))? {
                        let (value, reason) = match outcome {
                            Ok(value) => (span.unit.show_plain(value), ""),
                            Err(why) => (String::new(), why.name()),
                        };
                        csv.row(format_args!(
                            "{},{},{value},{unit},{reason}",
                            utc(at),
                            span.channel
                        ))?;
                    }
                }
                day = next;
            }
        }
        count += csv.end()?;
    }
    Ok(count)
}

/// What became of the readings of every channel, in each length that is kept.
pub(super) fn rollups(store: &Store, to: &Path) -> Result<(), BackupError> {
    let (zone, lives) = (Zone::utc(), store.known_channels());
    for (kind, resolution, name) in [
        (Kind::Month, Resolution::Minute, "minutes"),
        (Kind::Year, Resolution::Quarter, "quarters"),
    ] {
        for period in periods(kind, lives.iter().map(|life| (life.since, life.until))) {
            let path = to.join(format!("{name}-{period}.csv.gz"));
            table(store, path.as_path(), resolution, (&lives, period.bounds(&zone)))?;
        }
    }
    let ever = (Instant::from_millis(i64::MIN), Instant::from_millis(i64::MAX));
    for (resolution, name) in [(Resolution::Day, "days"), (Resolution::Month, "months")] {
        let path = to.join(format!("{name}.csv.gz"));
        table(store, &path, resolution, (&lives, ever))?;
    }
    Ok(())
}

/// One file of periods that begin within a stretch.
fn table(
    store: &Store,
    path: &Path,
    resolution: Resolution,
    (lives, (from, to)): (&[ChannelLife], (Instant, Instant)),
) -> Result<(), BackupError> {
    let mut csv = Csv::begin(path.to_owned(), ROLLUPS)?;
    for life in lives {
        for rollup in store.rollups(&life.channel, resolution, from, to)? {
            row(&mut csv, life, &rollup)?;
        }
    }
    csv.end()?;
    Ok(())
}

fn row(csv: &mut Csv, life: &ChannelLife, rollup: &Rollup) -> Result<(), BackupError> {
    let (channel, unit) = (&life.channel, life.unit);
    let (values, reason) = match rollup.known {
        Known::Values(spread) => {
            let [least, mean, most] =
                [spread.min, spread.mean, spread.max].map(|value| unit.show_plain(value));
            (format!("{least},{mean},{most},{}", spread.count), "")
        }
        Known::Without(why) => (",,,0".to_owned(), why.name()),
        Known::Gap => (",,,0".to_owned(), ""),
    };
    let energy = rollup.energy.map(|energy| decimal(energy, 3)).unwrap_or_default();
    let (start, end, unit) = (utc(rollup.from), utc(rollup.to), unit.symbol());
    csv.row(format_args!(
        "{start},{end},{channel},{unit},{values},{energy},{reason}"
    ))
}
