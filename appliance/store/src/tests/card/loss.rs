//! What is on the card when power comes back: any part of what was not synced, in any order, torn at 512 bytes; any of
//! the lengths that a file had meanwhile; any of the names.

use std::collections::BTreeMap;

/// What a card writes whole or not at all.
pub(super) const SECTOR: usize = 512;

/// A change of a file that is not on the card yet.
#[derive(Debug, Clone)]
pub(super) enum Change {
    Length(usize),
    Bytes(usize, Vec<u8>),
}

/// A change of the names that is not on the card yet.
#[derive(Debug, Clone)]
pub(super) enum Naming {
    /// This name stands for this file.
    Made(String, usize),
    /// The first name is gone, and the second stands for its file.
    Renamed(String, String, usize),
    /// The name is gone.
    Removed(String),
}

pub(super) fn apply(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Length(length) => bytes.resize(*length, 0),
        Change::Bytes(offset, data) => put(bytes, *offset, data),
    }
}

fn put(bytes: &mut Vec<u8>, offset: usize, data: &[u8]) {
    if bytes.len() < offset + data.len() {
        bytes.resize(offset + data.len(), 0);
    }
    bytes[offset..offset + data.len()].copy_from_slice(data);
}

pub(super) fn name(names: &mut BTreeMap<String, usize>, naming: &Naming) {
    match naming {
        Naming::Made(name, id) => {
            names.insert(name.clone(), *id);
        }
        Naming::Renamed(from, to, id) => {
            names.remove(from);
            names.insert(to.clone(), *id);
        }
        Naming::Removed(name) => {
            names.remove(name);
        }
    }
}

/// Some of the changes are in the file, as a card may have taken them.
pub(super) fn lose(bytes: &mut Vec<u8>, pending: &[Change], dice: &mut fastrand::Rng) {
    match dice.u8(..8) {
        0 => {}
        1 => pending.iter().for_each(|change| apply(bytes, change)),
        2 | 3 => lose_the_end(bytes, pending, dice),
        4 => pending
            .iter()
            .for_each(|change| lose_in_part(bytes, change, dice)),
        _ => lose_by_sector(bytes, pending, dice),
    }
}

/// All in order up to one that is torn.
fn lose_the_end(bytes: &mut Vec<u8>, pending: &[Change], dice: &mut fastrand::Rng) {
    let (whole, rest) = pending.split_at(dice.usize(..=pending.len()));
    whole.iter().for_each(|change| apply(bytes, change));
    if let Some(torn) = rest.first() {
        tear(bytes, torn, dice);
    }
}

/// Each is there, or not, or torn.
pub(super) fn lose_in_part(bytes: &mut Vec<u8>, change: &Change, dice: &mut fastrand::Rng) {
    match dice.u8(..4) {
        0 => {}
        1 => tear(bytes, change, dice),
        _ => apply(bytes, change),
    }
}

fn tear(bytes: &mut Vec<u8>, change: &Change, dice: &mut fastrand::Rng) {
    let Change::Bytes(offset, data) = change else {
        return;
    };
    let mut at = *offset;
    let end = offset + data.len();
    while at < end {
        let next = (at / SECTOR + 1) * SECTOR;
        let next = next.min(end);
        if dice.bool() {
            put(bytes, at, &data[at - offset..next - offset]);
        }
        at = next;
    }
}

/// Each sector is as it was at any moment since the last sync, whatever its neighbours are, and so is the length.
fn lose_by_sector(bytes: &mut Vec<u8>, pending: &[Change], dice: &mut fastrand::Rng) {
    let mut now = bytes.clone();
    let mut length = (bytes.len(), 1_u32);
    // Of each sector one of its states, all equally likely, and how many it had.
    let mut sectors: BTreeMap<usize, (Vec<u8>, u32)> = BTreeMap::new();
    for change in pending {
        apply(&mut now, change);
        length.1 += 1;
        if dice.u32(..length.1) == 0 {
            length.0 = now.len();
        }
        let Change::Bytes(offset, data) = change else {
            continue;
        };
        for sector in offset / SECTOR..(offset + data.len()).div_ceil(SECTOR) {
            let from = sector * SECTOR;
            let state = &now[from..(from + SECTOR).min(now.len())];
            let kept = sectors.entry(sector).or_insert_with(|| {
                let old = bytes.get(from..(from + SECTOR).min(bytes.len()));
                (old.unwrap_or_default().to_vec(), 1)
            });
            kept.1 += 1;
            if dice.u32(..kept.1) == 0 {
                kept.0 = state.to_vec();
            }
        }
    }
    bytes.resize(length.0, 0);
    for (sector, (state, _)) in sectors {
        let from = sector * SECTOR;
        let Some(room) = bytes.len().checked_sub(from) else {
            continue;
        };
        let state = &state[..state.len().min(room)];
        bytes[from..from + state.len()].copy_from_slice(state);
    }
}

/// Some of the names are on the card: the first of them, or any.
pub(super) fn lose_names(names: &mut BTreeMap<String, usize>, pending: &[Naming], dice: &mut fastrand::Rng) {
    if dice.bool() {
        let first = dice.usize(..=pending.len());
        pending[..first].iter().for_each(|naming| name(names, naming));
    } else {
        pending
            .iter()
            .filter(|_| dice.bool())
            .for_each(|naming| name(names, naming));
    }
}
