//! The chain of days: a day of universal time is closed two days after its end, and from then on its entries stand. Its
//! row holds a hash over all its entries, over the corrections that came since the day before was closed, and over the
//! hash of the day before; so whoever keeps one of these hashes can show that nothing before it was changed.
//!
//! The hash of a day is made of leaves, one for the entries and one for the corrections of each flow of each device.
//! A leaf has a salt, so that a statement of one device shows nothing of the others. The texts are described in
//! `docs/technicians/ledger.md`, so that a stranger can make the hashes again; the tests have such a stranger.

use std::collections::BTreeMap;

use redb::{ReadableTable, WriteTransaction};
use sha2::{Digest, Sha256};

use super::figure::Figure;
use super::late::{self, Correction};
use super::{QUARTERS, WHAT, Whose, entries_of};
use crate::fault::Fault;
use crate::fields::{Fields, FieldsReader};
use crate::meta;
use crate::numbers::hex;
use crate::registry::Registry;
use crate::rollups::{DAY, day_of, day_start};
use crate::tables::{CORRECTIONS, DAYS, META, key_time, time_key};

/// A hash, or what a chain begins with.
pub(crate) type Hash = [u8; 32];
/// What keeps the hash of a leaf from being guessed.
pub(crate) type Salt = [u8; 16];

/// How long after its end a day stays open. An outage is recovered with the first readings after it, and few take
/// longer than a weekend; what comes later becomes a correction, and nothing is lost by that.
const GRACE: i64 = 2 * DAY;

/// The name in `meta` of what salts are made of.
const SECRET: &str = "store/ledger-salt";
/// The name in `meta` under which the newest day and its hash stand, so that a cut end shows.
pub(super) const HEAD: &str = "store/ledger-head";

const FROM: u8 = 1;
const AS_FOUND: u8 = 2;
const BEFORE: u8 = 3;
const HASH: u8 = 4;
const ENTRIES: u8 = 5;
const CORRECTED_AFTER: u8 = 6;
const CORRECTED_UNTIL: u8 = 7;
const WHAT_DAYS: &str = "the closed days";

/// A closed day, or a stretch of days of which only the last has entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) from: i64,
    pub(crate) until: i64,
    /// Whether it was there before the chain began.
    pub(crate) as_found: bool,
    pub(crate) before: Hash,
    pub(crate) hash: Hash,
    pub(crate) entries: u64,
    /// Its corrections are those above the first and up to the second number.
    pub(crate) corrections: (u64, u64),
}

impl Link {
    fn encode(&self) -> Vec<u8> {
        Fields::new()
            .signed(FROM, self.from)
            .unsigned(AS_FOUND, u64::from(self.as_found))
            .bytes(BEFORE, &self.before)
            .bytes(HASH, &self.hash)
            .unsigned(ENTRIES, self.entries)
            .unsigned(CORRECTED_AFTER, self.corrections.0)
            .unsigned(CORRECTED_UNTIL, self.corrections.1)
            .finish()
    }

    pub(super) fn decode(key: &[u8], value: &[u8]) -> Result<Self, Fault> {
        const WRONG: Fault = Fault::Malformed(WHAT_DAYS);
        let fields = FieldsReader::new(value, WHAT_DAYS)?;
        let hash = |number| fields.need(number)?.try_into().map_err(|_| WRONG);
        let number = |number| fields.unsigned::<u64>(number)?.ok_or(WRONG);
        Ok(Self {
            from: fields.signed(FROM)?.ok_or(WRONG)?,
            until: key_time(key).ok_or(WRONG)?,
            as_found: number(AS_FOUND)? != 0,
            before: hash(BEFORE)?,
            hash: hash(HASH)?,
            entries: number(ENTRIES)?,
            corrections: (number(CORRECTED_AFTER)?, number(CORRECTED_UNTIL)?),
        })
    }

    /// Where its entries begin: of the first link, whatever lies before belongs to it too.
    fn begin(&self) -> i64 {
        if self.before == Hash::default() {
            i64::MIN
        } else {
            self.from
        }
    }

    pub(super) fn head(&self) -> Vec<u8> {
        [self.until.to_be_bytes().as_slice(), &self.hash].concat()
    }
}

/// What a leaf is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Entries,
    Corrections,
}

/// One line of a leaf.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Item {
    Entry(i64, Figure),
    Correction(Correction),
}

/// One leaf of a day.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    pub(crate) kind: Kind,
    pub(crate) whose: Whose,
    pub(crate) salt: Salt,
    pub(crate) hash: Hash,
    /// How many lines it has.
    pub(crate) count: u64,
}

/// A leaf that is being made.
struct Growing {
    salt: Salt,
    hasher: Sha256,
    count: u64,
}

/// What the texts of a day's leaves need.
pub(super) struct Texts<'a> {
    pub(super) names: &'a Registry,
    pub(super) secret: &'a [u8],
}

impl Texts<'_> {
    pub(super) fn name(&self, device: u32) -> String {
        let name = self.names.device_name(device);
        name.map_or_else(|| format!("#{device}"), ToString::to_string)
    }

    fn grow(&self, link: &Link, kind: Kind, (device, flow): Whose) -> Growing {
        let word = match kind {
            Kind::Entries => "entries",
            Kind::Corrections => "corrections",
        };
        let about = format!(
            "hearth ledger {word} 1\ndays {} {}\nmeter {} {flow}\n",
            link.from,
            link.until,
            self.name(device)
        );
        let sum = Sha256::new()
            .chain_update(self.secret)
            .chain_update(&about)
            .finalize();
        let mut salt = Salt::default();
        salt.copy_from_slice(&sum[..16]);
        let text = format!("{about}salt {}\n", hex(&salt));
        Growing {
            salt,
            hasher: Sha256::new().chain_update(text),
            count: 0,
        }
    }

    /// The leaves of a link, in the order of kind, device and flow; `each` is given their lines.
    pub(super) fn leaves(
        &self,
        link: &Link,
        quarters: &impl ReadableTable<&'static [u8], &'static [u8]>,
        corrections: &impl ReadableTable<&'static [u8], &'static [u8]>,
        mut each: impl FnMut(Whose, Item),
    ) -> Result<Vec<Leaf>, Fault> {
        let mut growing: BTreeMap<(Kind, Whose), Growing> = BTreeMap::new();
        let mut add = |kind, whose, text: &str| {
            let leaf = growing
                .entry((kind, whose))
                .or_insert_with(|| self.grow(link, kind, whose));
            leaf.hasher.update(text);
            leaf.count += 1;
        };
        let (from, until) = (time_key(link.begin()), time_key(link.until));
        for row in quarters.range(from.as_slice()..until.as_slice())? {
            let (key, value) = row?;
            let start = key_time(key.value()).ok_or(Fault::Malformed(WHAT))?;
            for entry in entries_of(value.value())? {
                let (whose, figure) = entry?;
                add(Kind::Entries, whose, &format!("{start} {figure}\n"));
                each(whose, Item::Entry(start, figure));
            }
        }
        let (after, to) = link.corrections;
        let (first, last) = (after.saturating_add(1).to_be_bytes(), to.to_be_bytes());
        if after < to {
            for row in corrections.range(first.as_slice()..=last.as_slice())? {
                let (key, value) = row?;
                let correction = Correction::decode(key.value(), value.value())?;
                add(Kind::Corrections, correction.whose, &correction.text());
                each(correction.whose, Item::Correction(correction));
            }
        }
        Ok(growing
            .into_iter()
            .map(|((kind, whose), leaf)| Leaf {
                kind,
                whose,
                salt: leaf.salt,
                count: leaf.count,
                hash: leaf
                    .hasher
                    .chain_update(format!("count {}\n", leaf.count))
                    .finalize()
                    .into(),
            })
            .collect())
    }
}

/// How many entries the leaves of a link have.
pub(super) fn entries(leaves: &[Leaf]) -> u64 {
    let of_entries = leaves.iter().filter(|leaf| leaf.kind == Kind::Entries);
    of_entries.map(|leaf| leaf.count).sum()
}

/// The hash of a link over its leaves.
pub(super) fn hash(link: &Link, leaves: &[Leaf]) -> Hash {
    let mut hashes: Vec<Hash> = leaves.iter().map(|leaf| leaf.hash).collect();
    hashes.sort_unstable();
    let kind = if link.as_found { "as-found" } else { "closed" };
    let mut text = format!(
        "hearth ledger day 1\ndays {} {}\nkind {kind}\nbefore {}\nentries {}\ncorrections {}\n",
        link.from,
        link.until,
        hex(&link.before),
        link.entries,
        link.corrections.1.saturating_sub(link.corrections.0),
    );
    for hash in hashes {
        text.push_str(&format!("leaf {}\n", hex(&hash)));
    }
    Sha256::digest(text).into()
}

/// Up to where days are closed.
pub(super) fn closed_until(txn: &WriteTransaction) -> Result<Option<i64>, Fault> {
    let table = txn.open_table(DAYS)?;
    let last = table.last()?;
    last.map(|(key, _)| key_time(key.value()).ok_or(Fault::Malformed(WHAT_DAYS)))
        .transpose()
}

/// Closes the days that are due when a quarter that begins at `newest` is written. What a store holds when its chain
/// begins is closed as it was found, day by day.
pub(super) fn close(txn: &WriteTransaction, names: &Registry, newest: i64) -> Result<(), Fault> {
    let due = day_start(day_of(newest.saturating_sub(GRACE)));
    let mut days = txn.open_table(DAYS)?;
    let quarters = txn.open_table(QUARTERS)?;
    let corrections = txn.open_table(CORRECTIONS)?;
    let last = days.last()?;
    let mut last = last
        .map(|(key, value)| Link::decode(key.value(), value.value()))
        .transpose()?;
    let next = |from: i64| -> Result<Option<i64>, Fault> {
        if from >= due {
            return Ok(None);
        }
        let mut rows = quarters.range(time_key(from).as_slice()..time_key(due).as_slice())?;
        let first = rows.next().transpose()?;
        Ok(first
            .and_then(|(key, _)| key_time(key.value()))
            .map(|at| day_start(day_of(at))))
    };
    let begin = |last: &Option<Link>| last.map_or(i64::MIN, |link| link.until);
    let Some(first) = next(begin(&last))? else {
        return Ok(());
    };
    let as_found = last.is_none() && next(first.saturating_add(DAY))?.is_some();
    let secret = secret(txn)?;
    let texts = Texts {
        names,
        secret: &secret,
    };
    while let Some(day) = next(begin(&last))? {
        let mut link = Link {
            from: last.map_or(day, |link| link.until),
            until: day.saturating_add(DAY),
            as_found,
            before: last.map_or_else(Hash::default, |link| link.hash),
            hash: Hash::default(),
            entries: 0,
            corrections: (
                last.map_or(0, |link| link.corrections.1),
                late::newest(&corrections)?,
            ),
        };
        let leaves = texts.leaves(&link, &quarters, &corrections, |_, _| {})?;
        link.entries = entries(&leaves);
        link.hash = hash(&link, &leaves);
        days.insert(time_key(link.until).as_slice(), link.encode().as_slice())?;
        last = Some(link);
    }
    match last {
        Some(link) => meta::put(txn, HEAD, &link.head()),
        None => Ok(()),
    }
}

/// What salts are made of; drawn once.
fn secret(txn: &WriteTransaction) -> Result<Vec<u8>, Fault> {
    if let Some(secret) = meta::get(&txn.open_table(META)?, SECRET)? {
        return Ok(secret);
    }
    let mut secret = vec![0; 32];
    getrandom::fill(&mut secret)
        .map_err(|error| Fault::Redb(redb::Error::Io(std::io::Error::other(error.to_string()))))?;
    meta::put(txn, SECRET, &secret)?;
    Ok(secret)
}

/// The same for whoever reads; nothing where it is gone, and then no day fits any more.
pub(super) fn known_secret(
    table: &impl ReadableTable<&'static [u8], &'static [u8]>,
) -> Result<Vec<u8>, Fault> {
    Ok(meta::get(table, SECRET)?.unwrap_or_default())
}
