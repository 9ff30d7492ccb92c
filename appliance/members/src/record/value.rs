//! How one field becomes bytes and words: a value is one atom, perhaps one, or any number of them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use units::bytes::{Bytes, put_counted, put_signed, put_varint};
use units::{Currency, HomeName, HouseholdId, Instant, Money, PersonId};

use super::whose::{Named, Naming};
use super::{FieldRule, Key, put_field};

/// A record whose bytes make no sense; the word says which part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is damaged in the store")]
pub struct Damaged(pub &'static str);

/// What a field holds.
pub trait Value: Sized {
    /// Writes it as none, one or several fields of this number.
    fn write(&self, number: u8, out: &mut Vec<u8>);
    /// Reads it from the fields of a record; `what` names it where it is damaged.
    fn read(fields: &[(u8, &[u8])], number: u8, what: &'static str) -> Result<Self, Damaged>;
    /// As it is told to people.
    fn say(&self) -> Vec<String>;
    /// Adds whom and which days it names.
    fn names(&self, named: &mut Named);
    /// The same with nothing said; `None` where something must stand.
    fn blanked(&self) -> Option<Self>;
    /// The same with only those inner fields whose rule is kept.
    fn pruned(self, keep: &dyn Fn(&FieldRule) -> bool) -> Self;
    /// The same with a person named otherwise or not at all; `None` where it cannot be without them.
    fn renamed(self, naming: Naming) -> Option<Self>;
}

/// A single thing in a field.
pub trait Atom: Sized {
    /// Its bytes.
    fn to_bytes(&self) -> Vec<u8>;
    /// The atom of these bytes.
    fn from_bytes(bytes: &[u8]) -> Option<Self>;
    /// As it is told to people.
    fn say(&self) -> String;
    /// Adds whom and which days it names.
    fn names(&self, _: &mut Named) {}
    /// The same with nothing said; `None` where something must stand.
    fn blanked(&self) -> Option<Self> {
        None
    }
    /// The same with only those inner fields whose rule is kept.
    fn pruned(self, _: &dyn Fn(&FieldRule) -> bool) -> Self {
        self
    }
    /// The same with a person named otherwise or not at all; `None` where it cannot be without them.
    fn renamed(self, _: Naming) -> Option<Self> {
        Some(self)
    }
    /// What both say, where only one of them can stand: this one, unless words can be joined.
    fn joined(self, _: Self) -> Self {
        self
    }
}

fn with_number<'a>(fields: &'a [(u8, &'a [u8])], wanted: u8) -> impl Iterator<Item = &'a [u8]> {
    fields
        .iter()
        .filter(move |(number, _)| *number == wanted)
        .map(|(_, value)| *value)
}

impl<T: Atom> Value for T {
    fn write(&self, number: u8, out: &mut Vec<u8>) {
        put_field(out, number, &self.to_bytes());
    }

    fn read(fields: &[(u8, &[u8])], number: u8, what: &'static str) -> Result<Self, Damaged> {
        let value = with_number(fields, number).next().ok_or(Damaged(what))?;
        T::from_bytes(value).ok_or(Damaged(what))
    }

    fn say(&self) -> Vec<String> {
        Some(Atom::say(self))
            .into_iter()
            .filter(|said| !said.is_empty())
            .collect()
    }

    fn names(&self, named: &mut Named) {
        Atom::names(self, named);
    }

    fn blanked(&self) -> Option<Self> {
        Atom::blanked(self)
    }

    fn pruned(self, keep: &dyn Fn(&FieldRule) -> bool) -> Self {
        Atom::pruned(self, keep)
    }

    fn renamed(self, naming: Naming) -> Option<Self> {
        Atom::renamed(self, naming)
    }
}

impl<T: Atom> Value for Option<T> {
    fn names(&self, named: &mut Named) {
        self.iter().for_each(|value| Atom::names(value, named));
    }

    fn blanked(&self) -> Option<Self> {
        Some(None)
    }

    fn pruned(self, keep: &dyn Fn(&FieldRule) -> bool) -> Self {
        self.map(|value| Atom::pruned(value, keep))
    }

    fn renamed(self, naming: Naming) -> Option<Self> {
        Some(self.and_then(|value| Atom::renamed(value, naming)))
    }

    fn write(&self, number: u8, out: &mut Vec<u8>) {
        if let Some(value) = self {
            value.write(number, out);
        }
    }

    fn read(fields: &[(u8, &[u8])], number: u8, what: &'static str) -> Result<Self, Damaged> {
        let value = with_number(fields, number).next();
        value
            .map(|value| T::from_bytes(value).ok_or(Damaged(what)))
            .transpose()
    }

    fn say(&self) -> Vec<String> {
        self.iter().map(Atom::say).collect()
    }
}

impl<T: Atom> Value for Vec<T> {
    fn names(&self, named: &mut Named) {
        self.iter().for_each(|value| Atom::names(value, named));
    }

    fn blanked(&self) -> Option<Self> {
        Some(Self::new())
    }

    fn pruned(self, keep: &dyn Fn(&FieldRule) -> bool) -> Self {
        self.into_iter().map(|value| Atom::pruned(value, keep)).collect()
    }

    /// What becomes the same as another value is not said twice; what was the same before stays so.
    fn renamed(self, naming: Naming) -> Option<Self> {
        let mut renamed = Self::with_capacity(self.len());
        let mut said: Vec<(Vec<u8>, Vec<u8>)> = self
            .iter()
            .map(|value| (value.to_bytes(), value.to_bytes()))
            .collect();
        for (value, at) in self.into_iter().zip(0..) {
            let (Some(value), Some((was, _))) = (Atom::renamed(value, naming), said.get(at).cloned()) else {
                continue;
            };
            let now = value.to_bytes();
            let said_already =
                now != was && said.iter().any(|(before, after)| *after == now && *before != was);
            if !said_already {
                renamed.push(value);
            }
            if let Some((_, after)) = said.get_mut(at) {
                *after = now;
            }
        }
        Some(renamed)
    }

    fn write(&self, number: u8, out: &mut Vec<u8>) {
        for value in self {
            value.write(number, out);
        }
    }

    fn read(fields: &[(u8, &[u8])], number: u8, what: &'static str) -> Result<Self, Damaged> {
        let values = with_number(fields, number).map(|value| T::from_bytes(value).ok_or(Damaged(what)));
        let mut found = values.collect::<Result<Self, _>>()?;
        // A whole book is held in memory, and most lists have one thing where there is room for four.
        found.shrink_to_fit();
        Ok(found)
    }

    fn say(&self) -> Vec<String> {
        self.iter().map(Atom::say).collect()
    }
}

impl<T: Atom + Ord> Value for BTreeSet<T> {
    fn names(&self, named: &mut Named) {
        self.iter().for_each(|value| Atom::names(value, named));
    }

    fn blanked(&self) -> Option<Self> {
        Some(Self::new())
    }

    fn pruned(self, keep: &dyn Fn(&FieldRule) -> bool) -> Self {
        self.into_iter().map(|value| Atom::pruned(value, keep)).collect()
    }

    fn renamed(self, naming: Naming) -> Option<Self> {
        let kept = self.into_iter().filter_map(|value| Atom::renamed(value, naming));
        Some(kept.collect())
    }

    fn write(&self, number: u8, out: &mut Vec<u8>) {
        for value in self {
            value.write(number, out);
        }
    }

    fn read(fields: &[(u8, &[u8])], number: u8, what: &'static str) -> Result<Self, Damaged> {
        Vec::<T>::read(fields, number, what).map(Self::from_iter)
    }

    fn say(&self) -> Vec<String> {
        self.iter().map(Atom::say).collect()
    }
}

impl<K: Atom + Ord, V: Atom> Value for BTreeMap<K, V> {
    fn names(&self, named: &mut Named) {
        for (key, value) in self {
            key.names(named);
            value.names(named);
        }
    }

    fn blanked(&self) -> Option<Self> {
        Some(Self::new())
    }

    fn pruned(self, keep: &dyn Fn(&FieldRule) -> bool) -> Self {
        let pruned = |(key, value)| (key, Atom::pruned(value, keep));
        self.into_iter().map(pruned).collect()
    }

    fn renamed(self, naming: Naming) -> Option<Self> {
        let mut renamed = Self::new();
        for (key, value) in self {
            let Some((key, value)) = key.renamed(naming).zip(value.renamed(naming)) else {
                continue;
            };
            let value = match renamed.remove(&key) {
                Some(before) => V::joined(before, value),
                None => value,
            };
            renamed.insert(key, value);
        }
        Some(renamed)
    }

    fn write(&self, number: u8, out: &mut Vec<u8>) {
        for (key, value) in self {
            let mut pair = Vec::new();
            put_counted(&mut pair, &key.to_bytes());
            pair.extend(value.to_bytes());
            put_field(out, number, &pair);
        }
    }

    fn read(fields: &[(u8, &[u8])], number: u8, what: &'static str) -> Result<Self, Damaged> {
        with_number(fields, number)
            .map(|pair| {
                let mut bytes = Bytes::new(pair);
                let key = bytes.take_counted().and_then(K::from_bytes);
                key.zip(V::from_bytes(bytes.rest())).ok_or(Damaged(what))
            })
            .collect()
    }

    fn say(&self) -> Vec<String> {
        self.iter()
            .map(|(key, value)| format!("{}: {}", key.say(), value.say()))
            .collect()
    }
}

impl Atom for String {
    fn to_bytes(&self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        std::str::from_utf8(bytes).ok().map(str::to_owned)
    }

    fn say(&self) -> String {
        self.clone()
    }

    fn joined(self, other: Self) -> Self {
        if self == other {
            self
        } else {
            format!("{self}; {other}")
        }
    }

    fn blanked(&self) -> Option<Self> {
        Some(Self::new())
    }
}

/// Bytes that mean nothing to people: hashes and keys.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Opaque(pub Vec<u8>);

impl Atom for Opaque {
    fn to_bytes(&self) -> Vec<u8> {
        self.0.clone()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(bytes.to_vec()))
    }

    fn say(&self) -> String {
        format!("{} bytes that only the box can use", self.0.len())
    }
}

impl Atom for bool {
    fn to_bytes(&self) -> Vec<u8> {
        vec![u8::from(*self)]
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0] => Some(false),
            [1] => Some(true),
            _ => None,
        }
    }

    fn say(&self) -> String {
        if *self { "yes" } else { "no" }.to_owned()
    }
}

/// A whole value of a reader, with nothing behind it.
fn whole<T>(bytes: &[u8], take: impl FnOnce(&mut Bytes<'_>) -> Option<T>) -> Option<T> {
    let mut reader = Bytes::new(bytes);
    take(&mut reader).filter(|_| reader.is_empty())
}

macro_rules! unsigned_atom {
    ($($type:ty),*) => {
        $(
            impl Atom for $type {
                fn to_bytes(&self) -> Vec<u8> {
                    let mut out = Vec::with_capacity(10);
                    put_varint(&mut out, u64::from(*self));
                    out
                }

                fn from_bytes(bytes: &[u8]) -> Option<Self> {
                    whole(bytes, |reader| reader.number())
                }

                fn say(&self) -> String {
                    self.to_string()
                }
            }
        )*
    };
}

unsigned_atom!(u8, u16, u32, u64);

impl Atom for i64 {
    fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(10);
        put_signed(&mut out, *self);
        out
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut reader = Bytes::new(bytes);
        reader.signed().filter(|_| reader.is_empty())
    }

    fn say(&self) -> String {
        self.to_string()
    }
}

macro_rules! id_atom {
    ($($id:ident in $names:ident by $renamed:ident),*) => {
        $(
            impl Atom for $id {
                fn to_bytes(&self) -> Vec<u8> {
                    self.number().to_bytes()
                }

                fn from_bytes(bytes: &[u8]) -> Option<Self> {
                    u32::from_bytes(bytes).map(Self::new)
                }

                fn say(&self) -> String {
                    self.to_string()
                }

                fn names(&self, named: &mut Named) {
                    named.$names.push(*self);
                }

                fn renamed(self, naming: Naming) -> Option<Self> {
                    naming.$renamed(self)
                }
            }

            impl Key for $id {
                fn names(&self, named: &mut Named) {
                    Atom::names(self, named);
                }

                fn moved(self, from: PersonId, to: PersonId) -> Self {
                    Atom::renamed(self, Naming::Moved { from, to }).unwrap_or(self)
                }

                fn to_key(&self) -> Vec<u8> {
                    self.number().to_be_bytes().to_vec()
                }

                fn from_key(bytes: &[u8]) -> Option<Self> {
                    bytes.try_into().ok().map(u32::from_be_bytes).map(Self::new)
                }
            }
        )*
    };
}

id_atom!(PersonId in people by person, HouseholdId in households by household);

impl Key for u32 {
    fn names(&self, _: &mut Named) {}

    fn to_key(&self) -> Vec<u8> {
        self.to_be_bytes().to_vec()
    }

    fn from_key(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_be_bytes)
    }
}

impl Key for u64 {
    fn names(&self, _: &mut Named) {}

    fn to_key(&self) -> Vec<u8> {
        self.to_be_bytes().to_vec()
    }

    fn from_key(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_be_bytes)
    }
}

impl Key for String {
    fn names(&self, _: &mut Named) {}

    fn to_key(&self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }

    fn from_key(bytes: &[u8]) -> Option<Self> {
        <Self as Atom>::from_bytes(bytes)
    }
}

/// One person's rows stand together, in the order of their number.
impl Key for (PersonId, u32) {
    fn names(&self, named: &mut Named) {
        Key::names(&self.0, named);
    }

    fn moved(self, from: PersonId, to: PersonId) -> Self {
        (self.0.moved(from, to), self.1)
    }

    fn to_key(&self) -> Vec<u8> {
        let mut key = self.0.to_key();
        key.extend(self.1.to_be_bytes());
        key
    }

    fn from_key(bytes: &[u8]) -> Option<Self> {
        let (person, rest) = bytes.split_at_checked(4)?;
        Some((PersonId::from_key(person)?, u32::from_key(rest)?))
    }
}

impl Atom for HomeName {
    fn to_bytes(&self) -> Vec<u8> {
        self.as_str().as_bytes().to_vec()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        std::str::from_utf8(bytes)
            .ok()
            .and_then(|word| Self::parse(word).ok())
    }

    fn say(&self) -> String {
        self.to_string()
    }
}

impl Atom for Instant {
    fn to_bytes(&self) -> Vec<u8> {
        self.as_millis().to_bytes()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        i64::from_bytes(bytes).map(Self::from_millis)
    }

    /// In universal time, since a record does not know where it is read.
    fn say(&self) -> String {
        let moment = jiff::Timestamp::from_millisecond(self.as_millis()).unwrap_or_default();
        moment.strftime("%Y-%m-%d %H:%M UTC").to_string()
    }

    fn names(&self, named: &mut Named) {
        let moment = jiff::Timestamp::from_millisecond(self.as_millis()).unwrap_or_default();
        named
            .days
            .push(jiff::tz::TimeZone::UTC.to_datetime(moment).date());
    }
}

impl Atom for Date {
    fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.year().to_be_bytes().to_vec();
        out.extend(self.month().to_be_bytes());
        out.extend(self.day().to_be_bytes());
        out
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let [y0, y1, month, day] = <[u8; 4]>::try_from(bytes).ok()?;
        let part = |byte: u8| i8::try_from(byte).ok();
        Self::new(i16::from_be_bytes([y0, y1]), part(month)?, part(day)?).ok()
    }

    fn say(&self) -> String {
        self.to_string()
    }

    fn names(&self, named: &mut Named) {
        named.days.push(*self);
    }
}

impl Atom for Currency {
    fn to_bytes(&self) -> Vec<u8> {
        self.as_str().as_bytes().to_vec()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        std::str::from_utf8(bytes)
            .ok()
            .and_then(|text| Self::parse(text).ok())
    }

    fn say(&self) -> String {
        self.to_string()
    }
}

impl Atom for Money {
    fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.currency().to_bytes();
        put_signed(&mut out, self.minor());
        out
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (letters, minor) = bytes.split_at_checked(3)?;
        Some(Self::new(i64::from_bytes(minor)?, Currency::from_bytes(letters)?))
    }

    fn say(&self) -> String {
        self.to_string()
    }
}
