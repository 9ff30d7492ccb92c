//! The whole book at once: everybody, every household and every membership, and how they belong together.

use std::collections::BTreeMap;

use units::{HouseholdId, PersonId};

use crate::household::Household;
use crate::membership::Membership;
use crate::merge::Merged;
use crate::person::{Address, Person};
use crate::record::{Damaged, Kept, Key, Record, record};

record! {
    /// How many numbers of one kind were given: of people, of households. They are never given again.
    pub struct Numbers in "numbers" by String {
        /// The highest.
        1 given: u32 => "Numbers given", Rules, NotPersonal, WhileInForce;
    }
}

/// The numbers of people.
pub const OF_PEOPLE: &str = "people";
/// The numbers of households.
pub const OF_HOUSEHOLDS: &str = "households";
/// The numbers on membership cards.
pub const OF_MEMBERSHIPS: &str = "memberships";

/// The numbers of what people ask about their data.
pub const OF_REQUESTS: &str = "requests";
/// The versions of the words in which people are asked.
pub const OF_WORDINGS: &str = "wordings";

/// The book as it is at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    /// Everybody.
    pub people: BTreeMap<PersonId, Person>,
    /// Every household.
    pub households: BTreeMap<HouseholdId, Household>,
    /// The membership of those who have or had one.
    pub memberships: BTreeMap<PersonId, Membership>,
    /// Whose the numbers on cards of entries are that became part of another one.
    pub earlier_cards: BTreeMap<u32, PersonId>,
}

impl Book {
    /// The tables of whose rows it is made.
    pub const TABLES: [&str; 4] = [Person::TABLE, Household::TABLE, Membership::TABLE, Merged::TABLE];

    /// Takes a row as it is now, or that it is gone. A row of another table is none of it. Of an entry that is no longer
    /// part of another one the card is not found by its key: whoever keeps a book reads it anew then.
    pub fn take(&mut self, table: &str, key: &[u8], row: Option<&[u8]>) -> Result<(), Damaged> {
        match table {
            Person::TABLE => put(&mut self.people, key, row),
            Household::TABLE => put(&mut self.households, key, row),
            Membership::TABLE => put(&mut self.memberships, key, row),
            Merged::TABLE => {
                let merged = row.map(Merged::decode).transpose()?;
                self.earlier_cards.extend(merged.and_then(|merged| merged.card()));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The household of somebody.
    pub fn household_of(&self, person: &Person) -> Option<&Household> {
        person
            .household
            .and_then(|household| self.households.get(&household))
    }

    /// The people of a household, in the order of their numbers.
    pub fn people_of(&self, household: HouseholdId) -> impl Iterator<Item = (PersonId, &Person)> {
        let of_it = move |person: &&Person| person.household == Some(household);
        self.people
            .iter()
            .map(|(id, person)| (*id, person))
            .filter(move |(_, person)| of_it(person))
    }

    /// Where somebody's post arrives: at their own address, else at that of the household.
    pub fn address_of<'a>(&'a self, person: &'a Person) -> Option<&'a Address> {
        let own = person.address.as_ref();
        own.or_else(|| self.household_of(person)?.address.as_ref())
    }

    /// Whether somebody is a member now.
    pub fn is_member(&self, person: PersonId) -> bool {
        self.memberships.get(&person).is_some_and(Membership::is_member)
    }

    /// The name of a household: its own, else those of its people.
    pub fn household_name(&self, id: HouseholdId) -> String {
        if let Some(name) = self
            .households
            .get(&id)
            .and_then(|household| household.name.clone())
        {
            return name;
        }
        let names: Vec<&str> = self
            .people_of(id)
            .map(|(_, person)| person.name.as_str())
            .collect();
        joined(id, &names)
    }
}

fn put<R: Kept>(records: &mut BTreeMap<R::Key, R>, key: &[u8], row: Option<&[u8]>) -> Result<(), Damaged>
where
    R::Key: Ord,
{
    let key = R::Key::from_key(key).ok_or(Damaged(R::TABLE))?;
    match row {
        Some(row) => drop(records.insert(key, R::decode(row)?)),
        None => drop(records.remove(&key)),
    }
    Ok(())
}

/// What a household without a name of its own is called: by the names of its people.
pub fn joined(id: HouseholdId, names: &[&str]) -> String {
    match names {
        [] => id.to_string(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use units::{HouseholdId, Instant, PersonId};

    use super::Book;
    use crate::household::Household;
    use crate::person::{Address, Person};
    use crate::record::Newer;

    fn address(line: &str) -> Address {
        Address {
            lines: vec![line.to_owned()],
            postcode: None,
            country: None,
            newer: Newer::default(),
        }
    }

    #[test]
    fn people_share_the_address_of_their_household_unless_they_have_their_own() {
        let (home, ana, ben) = (HouseholdId::new(1), PersonId::new(1), PersonId::new(2));
        let mut book = Book::default();
        let mut household = Household::new();
        household.address = Some(address("1 High Street"));
        book.households.insert(home, household);
        for (id, name) in [(ana, "Ana Öberg"), (ben, "Ben")] {
            let mut person = Person::named(name, Instant::from_millis(0)).expect("a name");
            person.household = Some(home);
            book.people.insert(id, person);
        }
        if let Some(ben) = book.people.get_mut(&ben) {
            ben.address = Some(address("2 Low Street"));
        }
        let line = |id| {
            book.address_of(&book.people[&id])
                .map(|found| found.lines[0].clone())
        };
        assert_eq!(line(ana).as_deref(), Some("1 High Street"));
        assert_eq!(line(ben).as_deref(), Some("2 Low Street"));
        assert_eq!(book.household_name(home), "Ana Öberg and Ben");
        assert_eq!(book.people_of(home).count(), 2);
    }
}
