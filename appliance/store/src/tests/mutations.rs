//! Bytes of the store change on the card: flipped bits, runs of nonsense, pages that are empty or another's, files that
//! are too short. Each is found out and called by its name, or harmless: never a wrong value, never a panic that gets
//! out, never more work than the file is worth.

use std::collections::{BTreeMap, BTreeSet};

use redb::TableHandle;
use units::{Channel, Instant, Span};

use super::card::Card;
use super::model::{BEGIN, Model, audit_entry, channel, ever};
use super::power::life::{Kept, Life};
use crate::open::FILE;
use crate::ring::FILE as TAIL;
use crate::tables::{ALL, META};
use crate::{Batch, Bucket, Store, StoreError};

const PAGE: usize = 4_096;

/// A store as it lies on a card.
struct Lying {
    base: Vec<u8>,
    tail: Vec<u8>,
    kept: Kept,
    /// Every point and every interval that was ever written, also those that were replaced later.
    written: Written,
    /// Every row of every table, as the bytes that it has.
    rows: Rows,
    /// What charts of some channels show, from roll-ups and from readings.
    charts: Vec<(usize, Vec<Bucket>)>,
    /// Whether it was closed in good order.
    closed: bool,
}

/// Four days of a channel in twenty parts.
fn chart(store: &Store, number: usize) -> Result<Vec<Bucket>, StoreError> {
    let from = Instant::from_millis(BEGIN);
    store.means(&channel(number), from, from + Span::DAY.times(4), 20)
}

/// The rows of the tables that can be read.
type Rows = BTreeMap<&'static str, Vec<crate::Row>>;

/// Every row of every table but the one with what changes by being opened.
fn rows(store: &Store) -> Rows {
    let Ok(snapshot) = store.snapshot() else {
        return Rows::new();
    };
    let tables = ALL.iter().map(|(table, _)| table.name());
    let names = tables
        .filter(|name| *name != META.name())
        .chain(members::TABLES.iter().copied());
    let each = names.map(|name| {
        let mut rows = Vec::new();
        let read: Result<(), StoreError> = snapshot.visit(name, (&[], None), |key, value| {
            rows.push((key.to_vec(), value.to_vec()));
            Ok(())
        });
        (name, read.map(|()| rows))
    });
    each.filter_map(|(name, rows)| Some((name, rows.ok()?))).collect()
}

#[derive(Default)]
struct Written {
    points: BTreeSet<(Channel, i64, String)>,
    intervals: BTreeSet<String>,
    memories: BTreeSet<Vec<u8>>,
}

impl Written {
    fn take(&mut self, model: &Model) {
        for (channel, points) in &model.points {
            for (at, value) in points {
                let point = (channel.clone(), *at, format!("{value:?}"));
                self.points.insert(point);
            }
        }
        let intervals = model.intervals.iter();
        self.intervals
            .extend(intervals.map(|interval| format!("{interval:?}")));
        self.memories.extend(model.memories.values().cloned());
    }
}

/// A box that has worked for some hours, with a part of the last one in the tail.
fn lived_in(seed: u64, closed: bool) -> Lying {
    let mut life = Life::new(seed);
    let mut written = Written::default();
    life.open().expect("a new store");
    for act in 0..60 {
        let done = match act {
            20 => {
                life.next_day();
                life.roll_up()
            }
            45 => life.rewrite(),
            _ => match life.dice.u8(..12) {
                0 | 1 => life.line(),
                2..5 => life.change(),
                5 => life.note(),
                6 => life.next_hour(),
                7 => life.late_batch(),
                8 => life.any_batch(),
                _ => life.small_batch(),
            },
        };
        assert!(done.is_ok(), "the card is well");
        written.take(&life.kept.series);
    }
    for _ in 0..13 {
        assert!(life.small_batch().is_ok(), "the card is well");
        written.take(&life.kept.series);
    }
    let charts = (0..6).map(|number| (number, chart(life.store(), number).expect("readable")));
    let charts = charts.collect();
    if !closed {
        life.card.cut_after(0);
    }
    life.close();
    life.card.power_on();
    let (base, tail) = (life.card.bytes(FILE), life.card.bytes(TAIL));
    life.open().expect("nothing has changed");
    let rows = rows(life.store());
    assert_eq!(rows.len(), ALL.len() - 1 + members::TABLES.len());
    Lying {
        base: base.expect("there"),
        tail: tail.expect("there"),
        rows,
        kept: life.kept,
        written,
        charts,
        closed,
    }
}

/// Changes some bytes. Half of the time where much hangs on few of them.
fn mutate(bytes: &mut Vec<u8>, dice: &mut fastrand::Rng) {
    let reach = if dice.bool() {
        bytes.len()
    } else {
        bytes.len().min(4 * PAGE)
    };
    let at = dice.usize(..reach);
    match dice.u8(..10) {
        0..5 => bytes[at] ^= 1 << dice.u8(..8),
        5 => {
            for _ in 0..dice.usize(2..30) {
                let at = dice.usize(..bytes.len());
                bytes[at] ^= 1 << dice.u8(..8);
            }
        }
        6 => {
            let end = (at + dice.usize(1..300)).min(bytes.len());
            bytes[at..end].fill_with(|| dice.u8(..));
        }
        7 => {
            let page = at / PAGE * PAGE;
            let end = (page + PAGE).min(bytes.len());
            bytes[page..end].fill(0);
        }
        8 => {
            let (from, to) = (dice.usize(..bytes.len() / PAGE) * PAGE, at / PAGE * PAGE);
            let page = bytes[from..from + PAGE].to_vec();
            let end = (to + PAGE).min(bytes.len());
            bytes[to..end].copy_from_slice(&page[..end - to]);
        }
        _ => bytes.truncate(at),
    }
}

/// What the store says that is not so.
fn wrong(store: &Store, lying: &Lying, kept: &Kept, may_lack: bool) -> Option<String> {
    let mut channels: BTreeSet<Channel> = kept.series.points.keys().cloned().collect();
    channels.extend(store.channels().into_iter().map(|span| span.channel));
    for channel in channels {
        let Ok(points) = store.readings(&channel, ever().0, ever().1) else {
            continue;
        };
        let points: Vec<_> = points
            .into_iter()
            .map(|(at, value)| (at.as_millis(), value))
            .collect();
        let whole = kept.series.points.get(&channel);
        let same = whole.map_or(points.is_empty(), |whole| {
            points
                .iter()
                .copied()
                .eq(whole.iter().map(|(at, value)| (*at, *value)))
        });
        let known = |(at, value): &(i64, _)| {
            let point = (channel.clone(), *at, format!("{value:?}"));
            lying.written.points.contains(&point)
        };
        if !(same || may_lack && points.iter().all(known)) {
            return Some(format!("the points of {channel}"));
        }
    }
    if let (Ok(groups), Ok(memories)) = (store.all_intervals(ever().0, ever().1), store.memories()) {
        let mut found = Model::default();
        for group in groups {
            for interval in group.intervals {
                let key = (group.device.clone(), group.flow, interval.start.as_millis());
                found.intervals.insert(key, (interval.energy.0, interval.quality));
            }
        }
        for (device, flow, bytes) in memories {
            found.memories.insert((device, flow), bytes);
        }
        let same = found.intervals == kept.series.intervals && found.memories == kept.series.memories;
        let known = || {
            let intervals = found.intervals.iter();
            intervals
                .map(|interval| format!("{interval:?}"))
                .all(|interval| lying.written.intervals.contains(&interval))
                && found
                    .memories
                    .values()
                    .all(|bytes| lying.written.memories.contains(bytes))
        };
        if !(same || may_lack && known()) {
            return Some("the intervals or the memories".to_owned());
        }
    }
    for (number, buckets) in &lying.charts {
        if let Ok(found) = chart(store, *number)
            && found != *buckets
            && !may_lack
        {
            return Some(format!("the chart of channel {number}"));
        }
    }
    for (table, rows) in rows(store) {
        if lying.rows.get(table) != Some(&rows) {
            return Some(format!("the rows of {table}"));
        }
    }
    wrong_book(store, kept)
}

/// The same of what never stands in the tail.
fn wrong_book(store: &Store, kept: &Kept) -> Option<String> {
    if let Ok(lines) = store.audit_entries(None, usize::MAX) {
        let lines: Vec<_> = lines.into_iter().rev().map(|line| line.entry).collect();
        if lines != kept.series.audit {
            return Some("the record".to_owned());
        }
    }
    if let Ok(rows) = store.rows("people", (&[], None), usize::MAX)
        && rows.into_iter().collect::<BTreeMap<_, _>>() != kept.people
    {
        return Some("the members' book".to_owned());
    }
    for (key, row) in &kept.people {
        if let Ok(found) = store.row("people", key)
            && found.as_ref() != Some(row)
        {
            return Some("a row of the members' book".to_owned());
        }
    }
    for name in ["note/0", "note/1"] {
        if let Ok(found) = store.get_meta(name)
            && found.as_ref() != kept.notes.get(name)
        {
            return Some("a small value".to_owned());
        }
    }
    None
}

/// What came of one mutation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Came {
    /// Opening was refused, in words.
    Refused,
    /// Something could not be read, and that was said; or that a part of the tail is lost.
    Named,
    /// Nothing was missing.
    Harmless,
}

fn suffer(lying: &Lying, seed: u64) -> Result<Came, String> {
    let mut dice = fastrand::Rng::with_seed(seed);
    let (mut base, mut tail) = (lying.base.clone(), lying.tail.clone());
    let in_tail = dice.u8(..4) == 0;
    mutate(if in_tail { &mut tail } else { &mut base }, &mut dice);
    let length = u64::try_from(base.len() + tail.len()).expect("small");
    let card = Card::new(seed);
    card.put(FILE, base);
    card.put(TAIL, tail);
    let store = match card.store(64 * 1024) {
        Ok(store) => store,
        Err(error) => {
            let said = error.to_string();
            return if said.contains("damaged") || said.contains("newer Hearth") {
                Ok(Came::Refused)
            } else {
                Err(format!("refused for another reason: {said}"))
            };
        }
    };
    // Of a box whose power was cut nobody knows how many batches there were at the end of the tail.
    let lost = store.opened().lost_pages > 0;
    let may_lack = lost || in_tail && !lying.closed;
    if let Some(what) = wrong(&store, lying, &lying.kept, may_lack) {
        return Err(format!("{what} are not what was written"));
    }
    let unread = store.verify_audit().is_err()
        || store.rows("people", (&[], None), usize::MAX).is_err()
        || store.all_intervals(ever().0, ever().1).is_err()
        || (0..6).any(|number| store.readings(&channel(number), ever().0, ever().1).is_err());
    let kept = go_on(&store, lying, &mut dice)?;
    if let Some(what) = wrong_book(&store, &kept) {
        return Err(format!("{what}, after more was written, is not what was written"));
    }
    drop(store);
    let read = card.bytes_read();
    if read > 500 * length {
        return Err(format!("{read} bytes were read of {length}"));
    }
    Ok(if unread || lost {
        Came::Named
    } else {
        Came::Harmless
    })
}

/// Writes more; what is acknowledged is added. What is refused is refused because of the damage.
fn go_on(store: &Store, lying: &Lying, dice: &mut fastrand::Rng) -> Result<Kept, String> {
    let mut kept = lying.kept.clone();
    let told = |error: &StoreError| matches!(error, StoreError::Damaged { .. } | StoreError::Mending);
    let mut now = 0;
    for _ in 0..3 {
        let entry = audit_entry(dice);
        match store.audit(entry.clone()) {
            Ok(_) => kept.series.audit.push(entry),
            Err(error) if told(&error) => {}
            Err(error) => return Err(format!("a line was refused: {error}")),
        }
        let batch: Batch = super::model::batch(dice, &mut now);
        match store.record_and_wait(batch).map_err(|refused| refused.why) {
            Err(error) if !told(&error) => return Err(format!("a batch was refused: {error}")),
            _ => {}
        }
        match store.seal() {
            Err(error) if !told(&error) => return Err(format!("sealing was refused: {error}")),
            _ => {}
        }
        match store.retain(Instant::from_millis(0)) {
            Err(error) if !told(&error) => return Err(format!("retention was refused: {error}")),
            _ => {}
        }
    }
    Ok(kept)
}

fn suffer_all(count: u64) -> [u64; 3] {
    let stores = [lived_in(1, true), lived_in(2, false), lived_in(3, true)];
    let (mut came, mut failures) = ([0_u64; 3], Vec::new());
    for seed in 0..count {
        let lying = &stores[usize::try_from(seed % 3).expect("small")];
        let outcome = std::panic::catch_unwind(|| suffer(lying, seed));
        match outcome {
            Ok(Ok(Came::Refused)) => came[0] += 1,
            Ok(Ok(Came::Named)) => came[1] += 1,
            Ok(Ok(Came::Harmless)) => came[2] += 1,
            Ok(Err(why)) => failures.push(format!("mutation {seed}: {why}\n")),
            Err(_) => failures.push(format!("mutation {seed}: a panic got out\n")),
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {count}:\n{}",
        failures.len(),
        failures.concat()
    );
    let [refused, named, harmless] = came;
    println!(
        "{count} mutations: {refused} refused, {named} named when read, {harmless} harmless, none served"
    );
    came
}

#[test]
fn what_changed_on_the_card_is_never_served() {
    let [refused, named, harmless] = suffer_all(1_000);
    assert!(refused > 0 && named > 0 && harmless > 0);
}

#[test]
#[ignore = "ten thousand mutations, in the gate"]
fn what_changed_on_the_card_is_never_served_in_ten_thousand() {
    suffer_all(10_000);
}
