//! One person with everything that is kept of them in the book. Every look is recorded.

use members::book::Book;
use members::edit::{Group, Input, inputs};
use members::house::House;
use members::membership::Membership;
use members::person::{Address, Kinship, Person};
use units::{HouseholdId, PersonId};

use super::{Whole, about, nobody};
use crate::act::{ActError, allowed};
use crate::table::ActKind;
use crate::{Actor, Acts};

/// Somebody who has to do with a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherSeen {
    /// What they are, in words.
    pub what: String,
    /// Who.
    pub id: PersonId,
    /// Their name.
    pub name: String,
}

/// A person with everything that is kept of them in the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonSeen {
    /// Who.
    pub id: PersonId,
    /// What is kept.
    pub person: Person,
    /// The same in the groups in which it is changed.
    pub groups: Vec<(Group, Vec<Input>)>,
    /// The membership.
    pub membership: Option<Membership>,
    /// The household, what it is called, and who else belongs to it.
    pub household: Option<(HouseholdId, String, Vec<OtherSeen>)>,
    /// Where their post arrives.
    pub address: Option<Address>,
    /// What they are to others.
    pub relations: Vec<OtherSeen>,
    /// What others are to them.
    pub related: Vec<OtherSeen>,
    /// What the house decided.
    pub house: House,
}

impl Acts {
    /// Looks at one person.
    pub async fn person(&self, actor: &Actor, id: PersonId) -> Result<PersonSeen, ActError> {
        allowed(actor, ActKind::LookPerson)?;
        let seen = see(self.whole().await?, id).ok_or_else(nobody)?;
        self.keep(actor, ActKind::LookPerson, Vec::new(), about(id, ""))
            .await?;
        Ok(seen)
    }
}

fn see(whole: Whole, id: PersonId) -> Option<PersonSeen> {
    let book = &whole.book;
    let person = book.people.get(&id)?.clone();
    let groups = Group::ALL
        .iter()
        .map(|group| (*group, inputs(whole.setting(), &person, *group)));
    let groups = groups.collect();
    let household = person.household.map(|household| {
        let others = book.people_of(household).filter(|(other, _)| *other != id);
        let others = others
            .map(|(other, _)| other_of(book, other, String::new()))
            .collect();
        (household, book.household_name(household), others)
    });
    let relation = |(kinship, other): (Kinship, PersonId)| other_of(book, other, kinship.word().to_owned());
    let of_others = book.people.iter().flat_map(|(other, who)| {
        let with = who.relations.iter().filter(|relation| relation.person == id);
        with.map(|relation| (relation.kinship, *other))
    });
    Some(PersonSeen {
        id,
        groups,
        membership: book.memberships.get(&id).cloned(),
        household,
        address: book.address_of(&person).cloned(),
        relations: person
            .relations
            .iter()
            .map(|it| relation((it.kinship, it.person)))
            .collect(),
        related: of_others.map(relation).collect(),
        person,
        house: whole.house,
    })
}

pub(super) fn other_of(book: &Book, id: PersonId, what: String) -> OtherSeen {
    let name = book
        .people
        .get(&id)
        .map_or_else(|| id.to_string(), |person| person.name.clone());
    OtherSeen { what, id, name }
}
