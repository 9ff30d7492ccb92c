//! Everything that names one of two entries, and what becomes of it when the two are one. Rows for which there is only
//! room once have a rule each; all others get the number that stays.

use std::collections::BTreeMap;

use units::{Instant, PersonId};

use crate::credential::Digest;
use crate::holding::about;
use crate::import::record::ImportRow;
use crate::membership::Membership;
use crate::money::{Account, Agreement, Payer, PaymentOf, Reminder};
use crate::person::Person;
use crate::record::{Damaged, Kept, Key, Newer, Purpose};
use crate::request::Consent;
use crate::role::{Duty, SystemUser};
use crate::tables::{RowTold, Table, table};
use crate::waiting::Waiting;

use super::{Apart, Choices, DUES_AGREED, Merged, NoMerge, Pair, Side, Stamp, membership, money, side};

/// A row as it stands and as it will.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turned {
    /// Its table.
    pub table: &'static str,
    /// Its key.
    pub key: Vec<u8>,
    /// What stands there; nothing where it is new.
    pub before: Option<Vec<u8>>,
    /// What will; nothing where it goes.
    pub after: Option<Vec<u8>>,
}

type Place = (&'static str, Vec<u8>);

/// Every row that two entries have to do with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pair: Pair,
    rows: BTreeMap<Place, Vec<u8>>,
}

impl Found {
    /// Nothing yet.
    pub fn new(pair: Pair) -> Self {
        Self {
            pair,
            rows: BTreeMap::new(),
        }
    }

    /// Takes a row in, if it names the entry that goes, or is the kept one's own.
    pub fn see(&mut self, table: &Table, key: &[u8], value: &[u8]) -> Result<(), Damaged> {
        let row = table.read(key, value)?;
        if names(&row, self.pair.gone) || row.key.people.contains(&self.pair.kept) {
            self.rows.insert((table.name, key.to_vec()), value.to_vec());
        }
        Ok(())
    }

    /// The same for the same rows; signing in and out in the meantime changes nothing of it.
    pub fn seen(&self) -> Digest {
        let rows = self
            .rows
            .iter()
            .filter(|((name, _), _)| table(name).is_none_or(|table| !is_of_sign_in(table)));
        let parts: Vec<&[u8]> = rows
            .flat_map(|((name, key), value)| [name.as_bytes(), key.as_slice(), value.as_slice()])
            .collect();
        Digest::of(&parts)
    }

    /// The record with this key.
    pub fn get<R: Kept>(&self, key: &R::Key) -> Result<Option<R>, Damaged> {
        let row = self.rows.get(&(R::TABLE, key.to_key()));
        row.map(|bytes| R::decode(bytes)).transpose()
    }

    fn all<R: Kept>(&self) -> Result<Vec<(R::Key, R)>, Damaged> {
        let rows = self.rows.iter().filter(|((name, _), _)| *name == R::TABLE);
        rows.map(|((_, key), value)| {
            let key = R::Key::from_key(key).ok_or(Damaged(R::TABLE))?;
            Ok((key, R::decode(value)?))
        })
        .collect()
    }

    /// What else than the entry itself goes over, by table: how many rows.
    pub fn goes_over(&self) -> Result<Vec<(String, usize)>, Damaged> {
        let mut count: BTreeMap<&'static str, usize> = BTreeMap::new();
        for ((name, key), value) in &self.rows {
            let known = table(name).ok_or(Damaged("merge"))?;
            let own = *name == Person::TABLE && *key == self.pair.gone.to_key();
            // These say nothing that the payments and the past itself do not say.
            let own = own || [PaymentOf::TABLE, ImportRow::TABLE].contains(name);
            if !own && !is_of_sign_in(known) && names(&known.read(key, value)?, self.pair.gone) {
                *count.entry(name).or_default() += 1;
            }
        }
        let titles = count
            .into_iter()
            .filter_map(|(name, count)| Some((table(name)?.title(), count)));
        Ok(titles.collect())
    }

    /// Whether somebody can sign in by the entry that goes.
    pub fn way_in_ends(&self) -> Result<bool, Damaged> {
        for ((name, key), value) in &self.rows {
            let known = table(name).filter(|table| is_of_sign_in(table));
            if let Some(known) = known
                && about(&known.read(key, value)?).0 == [self.pair.gone]
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether a row names somebody, anywhere.
pub(super) fn names(row: &RowTold, person: PersonId) -> bool {
    row.people().any(|named| named == person)
}

/// Whether a table says how people sign in, and nothing else.
pub fn is_of_sign_in(table: &Table) -> bool {
    let mut telling = table
        .fields
        .iter()
        .filter(|rule| rule.purpose != Purpose::Accountability)
        .peekable();
    telling.peek().is_some() && telling.all(|rule| rule.purpose == Purpose::SignIn)
}

/// What becomes of everything when two entries are one. Nothing of it is written here.
pub fn merged(found: &Found, choices: &Choices, stamp: Stamp) -> Result<Vec<Turned>, NoMerge> {
    let pair = found.pair;
    if pair.kept == pair.gone {
        return Err(NoMerge::Same);
    }
    let people = (found.get::<Person>(&pair.kept)?, found.get::<Person>(&pair.gone)?);
    let (Some(kept), Some(gone)) = people else {
        return Err(NoMerge::NotThere);
    };
    hindered(found, &gone.name)?;
    let mut turning = Turning {
        found,
        after: BTreeMap::new(),
    };
    let person = side::one_of((&kept, &gone), pair, choices)?;
    turning.put(&pair.kept, &person);
    turning.take::<Person>(&pair.gone);
    turning.take::<Duty>(&pair.gone);
    let beside = Merged {
        into: pair.kept,
        was: pair.gone.number(),
        at: stamp.at,
        by: stamp.by,
        membership: turning.memberships()?,
        agreement: turning.agreements(choices)?,
        newer: Newer::default(),
    };
    turning.accounts()?;
    turning.numbered::<Consent, _>(pair.kept, pair.gone, |consent| consent.at)?;
    turning.numbered::<Reminder, _>(Payer::Person(pair.kept), Payer::Person(pair.gone), |reminder| {
        reminder.at
    })?;
    turning.rest()?;
    // Named last, so that it is not itself taken for something that names the entry that goes.
    turning.put(&pair.gone.number(), &beside);
    Ok(turning.done())
}

fn hindered(found: &Found, gone: &str) -> Result<(), NoMerge> {
    let pair = found.pair;
    let duty = found.get::<Duty>(&pair.gone)?;
    if duty.is_some_and(|duty| !duty.roles.is_empty()) || !found.all::<SystemUser>()?.is_empty() {
        return Err(NoMerge::Roles(gone.to_owned()));
    }
    let apart = found.all::<Apart>()?;
    if apart
        .iter()
        .any(|(_, apart)| apart.is_about(pair.kept, pair.gone))
    {
        return Err(NoMerge::Apart);
    }
    if !found.all::<Waiting>()?.is_empty() {
        return Err(NoMerge::Waits(gone.to_owned()));
    }
    Ok(())
}

struct Turning<'a> {
    found: &'a Found,
    after: BTreeMap<Place, Option<Vec<u8>>>,
}

impl Turning<'_> {
    fn put<R: Kept>(&mut self, key: &R::Key, record: &R) {
        self.after.insert((R::TABLE, key.to_key()), Some(record.encode()));
    }

    fn take<R: Kept>(&mut self, key: &R::Key) {
        let place = (R::TABLE, key.to_key());
        if self.found.rows.contains_key(&place) {
            self.after.insert(place, None);
        }
    }

    /// The record of the kept entry and that of the other, whose people have the number that stays.
    fn both<R: Kept>(&self, kept: &R::Key, gone: &R::Key) -> Result<(Option<R>, Option<R>), Damaged> {
        let pair = self.found.pair;
        let moved = |key: &R::Key| -> Result<Option<R>, Damaged> {
            let Some(value) = self.found.rows.get(&(R::TABLE, key.to_key())) else {
                return Ok(None);
            };
            let known = table(R::TABLE).ok_or(Damaged(R::TABLE))?;
            let (_, value) = known.moved((&key.to_key(), value), pair.gone, pair.kept)?;
            R::decode(&value).map(Some)
        };
        Ok((moved(kept)?, moved(gone)?))
    }

    /// Puts the memberships together; gives the one that is kept beside.
    fn memberships(&mut self) -> Result<Option<Membership>, NoMerge> {
        let pair = self.found.pair;
        let (kept, gone) = self.both::<Membership>(&pair.kept, &pair.gone)?;
        let (stays, beside) = membership::one_of(kept, gone)?;
        if let Some(stays) = stays {
            self.put(&pair.kept, &stays);
        }
        self.take::<Membership>(&pair.gone);
        Ok(beside)
    }

    /// What was agreed on dues; gives what is kept beside.
    fn agreements(&mut self, choices: &Choices) -> Result<Option<Agreement>, NoMerge> {
        let (of_kept, of_gone) = payers(self.found.pair);
        let (kept, gone) = self.both::<Agreement>(&of_kept, &of_gone)?;
        self.take::<Agreement>(&of_gone);
        let (stays, beside) = match (kept, gone) {
            (Some(kept), Some(gone)) if kept == gone => (Some(kept), Some(gone)),
            (Some(kept), Some(gone)) => match side::chosen(choices, DUES_AGREED, "Dues agreed")? {
                Side::Kept => (Some(kept), Some(gone)),
                Side::Gone => (Some(gone), Some(kept)),
                Side::Both => return Err(NoMerge::NotChosen("Dues agreed")),
            },
            (kept, gone) => (kept.or(gone), None),
        };
        if let Some(stays) = stays {
            self.put(&of_kept, &stays);
        }
        Ok(beside)
    }

    fn accounts(&mut self) -> Result<(), NoMerge> {
        let (of_kept, of_gone) = payers(self.found.pair);
        let one = match self.both::<Account>(&of_kept, &of_gone)? {
            (Some(kept), Some(gone)) => Some(money::one_account(&kept, &gone)?),
            (kept, gone) => kept.or(gone),
        };
        self.take::<Account>(&of_gone);
        if let Some(one) = one {
            self.put(&of_kept, &one);
        }
        Ok(())
    }

    /// Rows that are counted for each: both lists become one, in the order in which they were written, and the next
    /// number is one that neither list has given.
    fn numbered<R, Owner>(
        &mut self,
        kept: Owner,
        gone: Owner,
        at: impl Fn(&R) -> Instant,
    ) -> Result<(), NoMerge>
    where
        R: Kept<Key = (Owner, u32)>,
        Owner: Copy + PartialEq,
    {
        let rows = self.found.all::<R>()?;
        let of = |owner: Owner| rows.iter().filter(move |((whose, _), _)| *whose == owner);
        if of(gone).next().is_none() {
            return Ok(());
        }
        let last = |owner: Owner| of(owner).map(|((_, number), _)| *number).max().unwrap_or(0);
        let all = last(kept).saturating_add(last(gone));
        let mut both: Vec<(Instant, (Owner, u32))> = of(kept)
            .chain(of(gone))
            .map(|(key, row)| (at(row), *key))
            .collect();
        both.sort_by_key(|(at, _)| *at);
        let count = u32::try_from(both.len()).unwrap_or(u32::MAX);
        for (_, key) in &both {
            self.take::<R>(key);
        }
        for ((_, key), number) in both.iter().zip(all.saturating_sub(count).saturating_add(1)..) {
            if let (Some(row), _) = self.both::<R>(key, key)? {
                self.put(&(kept, number), &row);
            }
        }
        Ok(())
    }

    /// Everything for which there is no rule of its own.
    fn rest(&mut self) -> Result<(), NoMerge> {
        let pair = self.found.pair;
        for ((name, key), value) in &self.found.rows {
            let known = table(name).ok_or(Damaged("merge"))?;
            let row = known.read(key, value)?;
            if self.after.contains_key(&(name, key.clone())) || !names(&row, pair.gone) {
                continue;
            }
            let place = (*name, key.clone());
            let value = if is_of_sign_in(known) && about(&row).0.contains(&pair.gone) {
                match known.without(value, pair.gone)? {
                    Some(rest) if about(&row).0 != [pair.gone] => rest,
                    _ => {
                        self.after.insert(place, None);
                        continue;
                    }
                }
            } else {
                value.clone()
            };
            let (moved, value) = known.moved((key, &value), pair.gone, pair.kept)?;
            if moved != *key {
                let target = (*name, moved.clone());
                if self.found.rows.contains_key(&target) || self.after.contains_key(&target) {
                    return Err(NoMerge::Meets(known.title()));
                }
                self.after.insert(place, None);
            }
            self.after.insert((*name, moved), Some(value));
        }
        Ok(())
    }

    /// The rows that change, in the order of their tables and keys.
    fn done(self) -> Vec<Turned> {
        let turned = self.after.into_iter().map(|((table, key), after)| Turned {
            before: self.found.rows.get(&(table, key.clone())).cloned(),
            table,
            key,
            after,
        });
        turned.filter(|row| row.before != row.after).collect()
    }
}

fn payers(pair: Pair) -> (Payer, Payer) {
    (Payer::Person(pair.kept), Payer::Person(pair.gone))
}
