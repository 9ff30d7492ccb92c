//! The list of people: found by what somebody typed, a page at a time. The record tells whom one saw.

use members::book::Book;
use members::find::Query;
use members::membership::{Membership, Status};
use store::Whose;
use units::PersonId;

use crate::act::{ActError, allowed};
use crate::book::Told;
use crate::table::ActKind;
use crate::{Actor, Acts};

/// So many people stand on a page of the list.
const ON_A_PAGE: usize = 50;

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonLine {
    /// Who.
    pub id: PersonId,
    /// The name.
    pub name: String,
    /// The state of the membership, and its class.
    pub membership: Option<(Status, String)>,
    /// The household.
    pub household: Option<String>,
    /// Where a call goes.
    pub telephone: Option<String>,
}

/// One page of the people that were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPeople {
    /// Those on this page.
    pub lines: Vec<PersonLine>,
    /// How many were found in all.
    pub found: usize,
    /// How many there are in the book.
    pub in_the_book: usize,
    /// Which page this is, from 1.
    pub page: usize,
    /// How many pages there are.
    pub pages: usize,
}

impl Acts {
    /// People by what somebody typed: a piece of a name, a telephone number, an address, a tag.
    pub async fn find_people(
        &self,
        actor: &Actor,
        typed: &str,
        page: usize,
    ) -> Result<FoundPeople, ActError> {
        allowed(actor, ActKind::ListPeople)?;
        let query = Query::new(typed);
        let found = self
            .on_card(move |store| Ok(one_page(&*crate::book::book(store)?, &query, page)))
            .await?;
        let told = Told {
            whose: Whose::People(found.lines.iter().map(|line| line.id).collect()),
            detail: format!("{} of {} found", found.lines.len(), found.found),
            ..Told::default()
        };
        self.keep(actor, ActKind::ListPeople, Vec::new(), told).await?;
        Ok(found)
    }
}

fn one_page(book: &Book, query: &Query, page: usize) -> FoundPeople {
    let all = query.all(book);
    let pages = all.len().div_ceil(ON_A_PAGE).max(1);
    let page = page.clamp(1, pages);
    let on_it = all.iter().skip((page - 1) * ON_A_PAGE).take(ON_A_PAGE);
    FoundPeople {
        lines: on_it.filter_map(|id| line(book, *id)).collect(),
        found: all.len(),
        in_the_book: book.people.len(),
        page,
        pages,
    }
}

/// The line of somebody.
pub(super) fn line(book: &Book, id: PersonId) -> Option<PersonLine> {
    let person = book.people.get(&id)?;
    let state = |membership: &Membership| Some((membership.status()?, membership.class().to_owned()));
    Some(PersonLine {
        id,
        name: person.name.clone(),
        membership: book.memberships.get(&id).and_then(state),
        household: person.household.map(|household| book.household_name(household)),
        telephone: person.telephone().map(str::to_owned),
    })
}
