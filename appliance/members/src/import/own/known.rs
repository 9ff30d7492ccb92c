//! Who in the book the people of a table in our own columns are, and which of its households theirs are.

use std::collections::{BTreeMap, BTreeSet};

use units::{HouseholdId, PersonId};

use super::plan::{Walk, lived_in};
use super::read::Own;
use crate::household::Household;
use crate::import::find::{Found, Index, Sought, name_key};
use crate::import::plan::{Decision, NotTaken};
use crate::membership::{Membership, Step};
use crate::person::Person;

impl Walk<'_> {
    /// Finds out who everybody of the table is in the book. First those who are surely the same entry, so that nobody
    /// else is taken for them.
    pub(super) fn number_people(&mut self, owns: &[Own]) {
        let book = self.ground.book;
        let named = owns.iter().flat_map(named).map(PersonId::number).max();
        self.next_person = self.next_person.max(named.unwrap_or(0) + 1);
        let people = || {
            owns.iter()
                .filter_map(|own| Some((own.id?, own.person.as_ref()?)))
        };
        let entry = |person: &Person| (person.entered.as_millis(), name_key(&person.name));
        let mut entries: BTreeMap<(i64, String), Vec<PersonId>> = BTreeMap::new();
        for (id, person) in &book.people {
            entries.entry(entry(person)).or_default().push(*id);
        }
        let alike = |person: &Person| entries.get(&entry(person)).map_or(&[][..], Vec::as_slice);
        let same_ways = |there: &PersonId, person: &Person| {
            book.people
                .get(there)
                .is_some_and(|there| there.ways == person.ways)
        };
        for (id, person) in people() {
            let entered = book.people.get(&id).map(|there| there.entered);
            // Two of one name who were entered at once may stand there under each other's number.
            let is_another =
                !same_ways(&id, person) && alike(person).iter().any(|there| same_ways(there, person));
            if entered == Some(person.entered) && !is_another {
                self.is(id, id);
            }
        }
        for only_same in [true, false] {
            for (id, person) in people() {
                if self.people.contains_key(&id) {
                    continue;
                }
                let fits = |there: &&PersonId| {
                    !self.known.contains(there) && (!only_same || same_ways(there, person))
                };
                if let Some(there) = alike(person).iter().find(fits).copied() {
                    self.is(id, there);
                }
            }
        }
        let index = Index::of(book);
        // Whoever is surely somebody comes first, so that nobody else is asked about with a namesake's entry.
        for only_sure in [true, false] {
            for own in owns {
                let Some(id) = own.id.filter(|id| !self.people.contains_key(id)) else {
                    continue;
                };
                let found = match &own.person {
                    Some(person) => self.meant(own, person, &index),
                    None => Ok(self.gone(id, own.membership.as_ref())),
                };
                match found {
                    Ok(Some(there)) => self.is(id, there),
                    _ if only_sure => {}
                    Ok(None) => {
                        let new = self.new_person(id);
                        self.is(id, new);
                    }
                    Err(why) => drop(self.people.insert(id, Err(why))),
                }
            }
        }
    }

    fn is(&mut self, id: PersonId, there: PersonId) {
        self.people.insert(id, Ok(there));
        self.known.insert(there);
    }

    /// Who of the book a person is: somebody, nobody, or it is not known who.
    fn meant(&self, own: &Own, person: &Person, index: &Index) -> Result<Option<PersonId>, NotTaken> {
        let book = self.ground.book;
        let unknown = |id: &PersonId| !self.known.contains(id);
        match self.ground.decisions.get(&own.line) {
            Some(Decision::New) => return Ok(None),
            Some(Decision::Person(id)) if book.people.contains_key(id) && unknown(id) => {
                return Ok(Some(*id));
            }
            _ => {}
        }
        let shared = own
            .household
            .as_ref()
            .and_then(|(_, household)| household.address.as_ref());
        let ways: Vec<_> = person
            .ways
            .iter()
            .map(|way| (way.kind, way.value.clone()))
            .collect();
        let sought = Sought {
            name: &person.name,
            ways: &ways,
            address: person.address.as_ref().or(shared),
            number: None,
        };
        match index.find(book, &sought) {
            Found::Sure(id) if unknown(&id) => Ok(Some(id)),
            Found::Perhaps(ids) => {
                let ids: Vec<PersonId> = ids.into_iter().filter(unknown).collect();
                if ids.is_empty() {
                    Ok(None)
                } else {
                    Err(NotTaken::Who(ids))
                }
            }
            Found::Sure(_) | Found::Nobody | Found::NumberOf(_) => Ok(None),
        }
    }

    /// Whose membership it is where the person is in the book no more: told by its history.
    fn gone(&self, id: PersonId, membership: Option<&Membership>) -> Option<PersonId> {
        let book = self.ground.book;
        let steps = |membership: &Membership| -> Vec<Step> {
            let steps = membership.history.iter().cloned();
            steps.map(|step| Step { by: None, ..step }).collect()
        };
        let wanted = membership.map(steps);
        let same = |there: &PersonId| {
            let gone = !book.people.contains_key(there) && !self.known.contains(there);
            gone && book.memberships.get(there).map(steps) == wanted
        };
        let others = book.memberships.keys();
        Some(id).filter(same).or_else(|| others.copied().find(same))
    }

    /// The number that somebody new gets: their own where it is free.
    fn new_person(&mut self, id: PersonId) -> PersonId {
        if id.number() > self.ground.given.people {
            return id;
        }
        let new = PersonId::new(self.next_person);
        self.next_person += 1;
        new
    }

    /// Finds out which household of the book each of the table is. Those of rows that are not taken get no number.
    pub(super) fn number_households(&mut self, owns: &[Own]) {
        let book = self.ground.book;
        let taken = |own: &&Own| own.id.is_none_or(|id| self.person(id).is_some());
        let owns: Vec<&Own> = owns.iter().filter(taken).collect();
        let highest = owns
            .iter()
            .filter_map(|own| Some(own.household.as_ref()?.0.number()))
            .max();
        self.next_household = self.next_household.max(highest.unwrap_or(0) + 1);
        let mut lived: BTreeMap<HouseholdId, BTreeSet<HouseholdId>> = BTreeMap::new();
        for own in &owns {
            let Some((home, _)) = own.household else { continue };
            let there = own.id.and_then(|id| self.person(id));
            let now = there.and_then(|id| book.people.get(&id)?.household);
            let now = now.filter(|now| book.households.contains_key(now));
            lived.entry(home).or_default().extend(now);
        }
        let mut taken: BTreeSet<HouseholdId> = BTreeSet::new();
        for home in lived
            .iter()
            .filter(|(home, now)| now.contains(home))
            .map(|(home, _)| *home)
        {
            self.households.insert(home, home);
            taken.insert(home);
        }
        let lived_in = lived_in(book);
        let free = book.households.iter().filter(|(id, _)| !lived_in.contains(id));
        let free: Vec<(&HouseholdId, &Household)> = free.collect();
        for (home, household) in owns.iter().filter_map(|own| own.household.as_ref()) {
            if self.households.contains_key(home) {
                continue;
            }
            let empty = free
                .iter()
                .filter(|(id, there)| *there == household && !taken.contains(id));
            let empty: Vec<HouseholdId> = empty.map(|(id, _)| **id).collect();
            let own = empty.contains(home).then_some(*home);
            let moved = lived.get(home).into_iter().flatten().copied();
            let moved = moved.into_iter().find(|id| !taken.contains(id));
            let there = own.or(moved).or_else(|| empty.first().copied());
            let there = there.unwrap_or_else(|| {
                if home.number() > self.ground.given.households {
                    return *home;
                }
                self.next_household += 1;
                HouseholdId::new(self.next_household - 1)
            });
            self.households.insert(*home, there);
            taken.insert(there);
        }
    }
}

/// Everybody whom a row names.
fn named(own: &Own) -> Vec<PersonId> {
    let relations = own.person.iter().flat_map(|person| &person.relations);
    let steps = own.membership.iter().flat_map(|membership| &membership.history);
    let named = relations
        .map(|relation| relation.person)
        .chain(steps.filter_map(|step| step.by));
    named.chain(own.id).collect()
}
