//! Whose home is whose: a household's energy is theirs for the time of their stay and nobody else's, neither of those who
//! lived there before nor of those who came after.

use energy::calendar::{Date, Zone};
use members::household::Household;
use members::person::Person;
use store::{Bucket, Known, Store, StoreError};
use units::{Channel, HomeName, Instant};

use crate::Actor;
use crate::rows::{RowError, get};

/// From when to just before when.
pub(super) type Stretch = (Instant, Instant);

/// All of time.
pub(super) const EVER: Stretch = (Instant::from_millis(i64::MIN), Instant::from_millis(i64::MAX));

/// From when to when somebody's household lives or lived in a home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stay {
    home: HomeName,
    from: Instant,
    to: Instant,
}

/// The stays of the household of whoever looks. One that cannot be read shows nothing.
pub(super) fn stays(actor: &Actor, store: &Store, zone: &Zone) -> Vec<Stay> {
    let found = actor.person().map(|person| household(store, person));
    let household = match found {
        None | Some(Ok(None)) => return Vec::new(),
        Some(Ok(Some(household))) => household,
        Some(Err(error)) => {
            tracing::error!(%error, "a household could not be read, so its people see nothing of their home");
            return Vec::new();
        }
    };
    let day = |date: jiff::civil::Date| {
        Date::parse(&date.to_string())
            .ok()
            .map(|date| zone.start_of(date))
    };
    let stays = household.homes.into_iter().filter_map(|stay| {
        Some(Stay {
            home: stay.home,
            from: day(stay.from)?,
            to: match stay.until {
                None => EVER.1,
                Some(until) => day(until)?,
            },
        })
    });
    stays.filter(|stay| stay.from < stay.to).collect()
}

fn household(store: &Store, person: units::PersonId) -> Result<Option<Household>, RowError> {
    let household = get::<Person>(store, &person)?.and_then(|person| person.household);
    household.map_or(Ok(None), |household| get(store, &household))
}

/// The times of the stays in one home, in their order; those that touch are one.
pub(super) fn spans(stays: &[Stay], home: &HomeName) -> Vec<Stretch> {
    let mut spans: Vec<Stretch> = stays
        .iter()
        .filter(|stay| stay.home == *home)
        .map(|stay| (stay.from, stay.to))
        .collect();
    spans.sort_unstable();
    let mut joined: Vec<Stretch> = Vec::new();
    for (from, to) in spans {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// What of `from <= t < to` lies within the spans.
pub(super) fn within(spans: &[Stretch], from: Instant, to: Instant) -> Vec<Stretch> {
    let cut = spans.iter().map(|span| (span.0.max(from), span.1.min(to)));
    cut.filter(|(from, to)| from < to).collect()
}

/// The means of a channel in `parts` equal parts, of what lies within the spans alone.
pub(super) fn means(
    store: &Store,
    channel: &Channel,
    spans: &[Stretch],
    (from, to): Stretch,
    parts: usize,
) -> Result<Vec<Bucket>, StoreError> {
    let whole = store.means(channel, from, to, parts)?;
    if within(spans, from, to) == [(from, to)] {
        return Ok(whole);
    }
    let ends: Vec<Instant> = whole.iter().skip(1).map(|part| part.start).chain([to]).collect();
    let cut = whole.into_iter().zip(ends).map(|(part, end)| {
        match within(spans, part.start, end).as_slice() {
            [(from, to)] if (*from, *to) == (part.start, end) => Ok(part),
            [(from, to)] => {
                let inner = store.means(channel, *from, *to, 1)?;
                let known = inner.into_iter().next().map_or(Known::Gap, |inner| inner.known);
                Ok(Bucket { known, ..part })
            }
            // Two stays within one part of a chart: nothing is told rather than what lies between them.
            _ => Ok(Bucket {
                known: Known::Gap,
                ..part
            }),
        }
    });
    cut.collect()
}
