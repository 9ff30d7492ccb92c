//! Who gets a letter which way: everybody who was chosen exactly once, a household that wishes one letter for all at
//! one address once, and nobody who wishes to hear nothing, unless the law or the rules demand the letter.

use std::collections::{BTreeMap, BTreeSet};

use units::{HouseholdId, PersonId};

use super::book::{Channel, Piece};
use super::mail::mail_address;
use super::post::{PostingKey, same};
use crate::book::Book;
use crate::household::Letters;
use crate::person::{Address, Person, Reach, WayKind};
use crate::record::Newer;

/// Whether a letter goes to those too who wish to hear nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demand {
    /// The law or the rules demand it.
    Demanded,
    /// Nothing demands it.
    Free,
}

/// Whether the box can send e-mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mailing {
    /// A steward switched it on.
    On,
    /// It is off, so whoever wishes e-mail gets paper.
    Off,
}

/// The order in which other ways are tried when the one that was wished for is not there.
const OTHERWISE: [Channel; 4] = [Channel::Post, Channel::Email, Channel::Text, Channel::Phone];

/// Deals a letter out: every one of `people` who is in the book is in exactly one piece. Paper comes in the order of
/// posting, everything else in the order of names.
pub fn deal(book: &Book, people: &BTreeSet<PersonId>, demand: Demand, mailing: Mailing) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut open: BTreeMap<(HouseholdId, Channel), Vec<usize>> = BTreeMap::new();
    for (id, person) in people.iter().filter_map(|id| book.people.get_key_value(id)) {
        let channel = channel(book, person, demand, mailing);
        let shared = shares(book, person, channel)
            .then_some(person.household)
            .flatten();
        let waiting = shared.and_then(|household| open.get(&(household, channel)));
        let with = waiting.and_then(|waiting| {
            waiting.iter().copied().find(|at| {
                let first = pieces.get(*at).and_then(|piece| piece.people.first());
                first
                    .and_then(|first| book.people.get(first))
                    .is_some_and(|first| same_way(book, channel, first, person))
            })
        });
        if let Some(piece) = with.and_then(|at| pieces.get_mut(at)) {
            piece.people.push(*id);
            piece.large |= person.large_print;
            continue;
        }
        if let Some(household) = shared {
            open.entry((household, channel)).or_default().push(pieces.len());
        }
        pieces.push(Piece {
            channel,
            people: vec![*id],
            large: person.large_print,
            newer: Newer::default(),
        });
    }
    in_order(book, pieces)
}

/// Deals out labels: one for each letter on paper, whichever way people like best. Nobody who wishes to hear nothing
/// gets one.
pub fn labels(book: &Book, people: &BTreeSet<PersonId>) -> Vec<Piece> {
    let mut on_paper = book.clone();
    for person in on_paper
        .people
        .values_mut()
        .filter(|person| person.reach != Reach::NotAtAll)
    {
        person.reach = Reach::Post;
    }
    deal(&on_paper, people, Demand::Free, Mailing::Off)
}

/// By which way somebody is reached: the one they wish for, else one that is there.
fn channel(book: &Book, person: &Person, demand: Demand, mailing: Mailing) -> Channel {
    let there = |channel: Channel| match channel {
        Channel::Post => postal(book, person).is_some(),
        Channel::Email => mailing == Mailing::On && mailed(person).is_some(),
        Channel::Text => person.way(WayKind::Mobile).is_some(),
        Channel::Phone => person.telephone().is_some(),
        Channel::InPerson => true,
        Channel::NoWay | Channel::NotAtAll => false,
    };
    let wished = match person.reach {
        Reach::Post => Some(Channel::Post),
        Reach::Phone => Some(Channel::Phone),
        Reach::Text => Some(Channel::Text),
        Reach::Email => Some(Channel::Email),
        Reach::InPerson => Some(Channel::InPerson),
        Reach::NotAtAll if demand == Demand::Free => return Channel::NotAtAll,
        Reach::NotAtAll => None,
    };
    let tried = wished.into_iter().chain(OTHERWISE);
    tried
        .into_iter()
        .find(|channel| there(*channel))
        .unwrap_or(Channel::NoWay)
}

/// Whether somebody shares letters of this way with their household.
fn shares(book: &Book, person: &Person, channel: Channel) -> bool {
    let one = book
        .household_of(person)
        .is_some_and(|household| household.letters == Letters::One);
    one && matches!(channel, Channel::Post | Channel::Email)
}

fn same_way(book: &Book, channel: Channel, one: &Person, other: &Person) -> bool {
    match channel {
        Channel::Post => match (postal(book, one), postal(book, other)) {
            (Some(one), Some(other)) => same(one, other),
            _ => false,
        },
        Channel::Email => mailed(one).is_some_and(|one| mailed(other).as_deref() == Some(one.as_str())),
        _ => false,
    }
}

/// Where paper arrives, if anything is written there.
pub fn postal<'a>(book: &'a Book, person: &'a Person) -> Option<&'a Address> {
    let written = |address: &&Address| address.lines.iter().any(|line| !line.trim().is_empty());
    book.address_of(person).filter(written)
}

/// Where e-mail arrives: the first address that is one, in small letters.
pub fn mailed(person: &Person) -> Option<String> {
    let mut addresses = person.ways.iter().filter(|way| way.kind == WayKind::Email);
    addresses
        .find_map(|way| mail_address(&way.value).ok())
        .map(|address| address.to_lowercase())
}

fn in_order(book: &Book, pieces: Vec<Piece>) -> Vec<Piece> {
    let key = |piece: &Piece| {
        let first = piece.people.first().and_then(|id| book.people.get(id));
        let posted = first
            .filter(|_| piece.channel == Channel::Post)
            .and_then(|person| postal(book, person));
        (
            piece.channel,
            posted.map(PostingKey::of),
            first.map(Person::sorted_under).unwrap_or_default(),
            piece.people.first().copied(),
        )
    };
    let mut keyed: Vec<_> = pieces.into_iter().map(|piece| (key(&piece), piece)).collect();
    keyed.sort_by(|one, other| one.0.cmp(&other.0));
    keyed.into_iter().map(|(_, piece)| piece).collect()
}
