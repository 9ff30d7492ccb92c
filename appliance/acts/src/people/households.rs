//! The list of households, found by their names, their people or their address.

use members::book::Book;
use members::text::folded;
use store::Whose;
use units::HouseholdId;

use crate::act::{ActError, allowed};
use crate::book::Told;
use crate::table::ActKind;
use crate::{Actor, Acts};

/// So many households stand on a page of the list.
const ON_A_PAGE: usize = 50;

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseholdLine {
    /// Which.
    pub id: HouseholdId,
    /// What it is called.
    pub name: String,
    /// How many people belong to it.
    pub people: usize,
    /// Its address in one line.
    pub address: String,
}

/// One page of the households that were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundHouseholds {
    /// Those on this page.
    pub lines: Vec<HouseholdLine>,
    /// How many were found in all.
    pub found: usize,
    /// Which page this is, from 1.
    pub page: usize,
    /// How many pages there are.
    pub pages: usize,
}

impl Acts {
    /// Households by what somebody typed: a piece of a name, of somebody's name, or of the address.
    pub async fn find_households(
        &self,
        actor: &Actor,
        typed: &str,
        page: usize,
    ) -> Result<FoundHouseholds, ActError> {
        allowed(actor, ActKind::ListPeople)?;
        let typed = typed.to_owned();
        let (found, people) = self
            .on_card(move |store| {
                let book = crate::book::book(store)?;
                let found = one_page(lines(&book), &typed, page);
                let shown = found.lines.iter().flat_map(|line| book.people_of(line.id));
                let people = shown.map(|(id, _)| id).collect();
                Ok((found, people))
            })
            .await?;
        let told = Told {
            whose: Whose::People(people),
            detail: format!("{} of {} households found", found.lines.len(), found.found),
            ..Told::default()
        };
        self.keep(actor, ActKind::ListPeople, Vec::new(), told).await?;
        Ok(found)
    }
}

/// Every household with everything by which it may be found, folded, and the name under which it stands.
fn lines(book: &Book) -> Vec<(String, HouseholdLine)> {
    let mut names = std::collections::BTreeMap::<HouseholdId, Vec<&str>>::new();
    for person in book.people.values() {
        if let Some(household) = person.household {
            names.entry(household).or_default().push(&person.name);
        }
    }
    let line = |(id, household): (&HouseholdId, &members::household::Household)| {
        let people = names.get(id).map(Vec::as_slice).unwrap_or_default();
        let name = household
            .name
            .clone()
            .unwrap_or_else(|| members::book::joined(*id, people));
        let address = household.address.as_ref().map(|address| {
            let rest = [&address.postcode, &address.country].into_iter().flatten();
            address
                .lines
                .iter()
                .chain(rest)
                .cloned()
                .collect::<Vec<_>>()
                .join(", ")
        });
        let address = address.unwrap_or_default();
        let all = folded(&format!("{name} {} {address} {}", people.join(" "), id.number()));
        let line = HouseholdLine {
            id: *id,
            name,
            people: people.len(),
            address,
        };
        (all, line)
    };
    book.households.iter().map(line).collect()
}

fn one_page(lines: Vec<(String, HouseholdLine)>, typed: &str, page: usize) -> FoundHouseholds {
    let typed: String = folded(&typed.chars().take(200).collect::<String>());
    let found = lines
        .into_iter()
        .filter(|(all, _)| typed.split(' ').all(|word| all.contains(word)));
    let mut found: Vec<HouseholdLine> = found.map(|(_, line)| line).collect();
    found.sort_by_cached_key(|line| (folded(&line.name), line.id));
    let pages = found.len().div_ceil(ON_A_PAGE).max(1);
    let page = page.clamp(1, pages);
    FoundHouseholds {
        found: found.len(),
        page,
        pages,
        lines: found
            .into_iter()
            .skip((page - 1) * ON_A_PAGE)
            .take(ON_A_PAGE)
            .collect(),
    }
}
