//! Choosing people by a search, keeping searches under a name, and taking lists of those who were chosen: calls,
//! addresses of e-mails, a table.

use std::collections::{BTreeMap, BTreeSet};

use members::book::Book;
use members::edit::{Refusal, Typed};
use members::membership::Membership;
use members::person::{Reach, WayKind};
use members::search::{Among, Choices, LONGEST_NAME, OF_SEARCHES, Search, addresses, choices, read, write};
use members::sheet::write::Csv;
use members::text;
use store::Whose;
use units::PersonId;

use super::list::line;
use super::{PersonLine, Saved, Whole};
use crate::act::{ActError, allowed};
use crate::book::Told;
use crate::rows::{all, becomes, get, next_number};
use crate::table::ActKind;
use crate::{Actor, Acts};

/// So many of those who were chosen are shown before a list is taken.
const SHOWN: usize = 20;

/// Those whom a search means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// How many.
    pub count: usize,
    /// The first of them.
    pub first: Vec<PersonLine>,
}

/// The page on which a search is built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchSeen {
    /// What can be chosen.
    pub choices: Choices,
    /// Whether somebody may be chosen by age.
    pub by_age: bool,
    /// The searches that are kept: number, name, and what must be chosen to get each.
    pub kept: Vec<(u32, String, Typed)>,
    /// Whom it means, where it was asked.
    pub chosen: Option<Chosen>,
    /// Why it cannot be asked.
    pub refusals: Vec<Refusal>,
}

/// A list of those who were chosen.
enum Asked {
    /// Calls.
    Calls,
    /// Addresses of e-mails, each once.
    Addresses,
    /// A table for a spreadsheet.
    Table,
}

/// One line of a list of calls: the name, the telephones, the remarks.
pub type Call = (String, String, String);

impl Asked {
    fn word(&self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Addresses => "addresses of e-mails",
            Self::Table => "a table",
        }
    }
}

impl Whole {
    /// Among whom a search looks.
    fn among(&self) -> Among<'_> {
        Among {
            book: &self.book,
            house: &self.house,
            today: self.setting().today,
        }
    }
}

impl Acts {
    /// The page on which a search is built; where something was chosen, with those whom it means.
    pub async fn search_people(&self, actor: &Actor, typed: &Typed) -> Result<SearchSeen, ActError> {
        allowed(actor, ActKind::SearchPeople)?;
        let whole = self.whole().await?;
        let kept = self.kept_searches().await?;
        let among = whole.among();
        let mut seen = SearchSeen {
            choices: choices(among),
            by_age: whole.house.asks_for_age(),
            kept: kept
                .iter()
                .map(|(number, search)| (*number, search.name.clone(), write(search)))
                .collect(),
            chosen: None,
            refusals: Vec::new(),
        };
        if typed.is_empty() {
            return Ok(seen);
        }
        match read(among, typed) {
            Err(refusals) => seen.refusals = refusals,
            Ok(search) => {
                let meant = search.all_meant(among);
                let first: Vec<PersonLine> = meant
                    .iter()
                    .take(SHOWN)
                    .filter_map(|id| line(&whole.book, *id))
                    .collect();
                let told = Told {
                    whose: Whose::People(first.iter().map(|line| line.id).collect()),
                    detail: format!("{} of {} chosen", first.len(), meant.len()),
                    ..Told::default()
                };
                self.keep(actor, ActKind::SearchPeople, Vec::new(), told).await?;
                seen.chosen = Some(Chosen {
                    count: meant.len(),
                    first,
                });
            }
        }
        Ok(seen)
    }

    /// Keeps a search under a name; one with the same name is replaced.
    pub async fn keep_search(&self, actor: &Actor, typed: &Typed, name: &str) -> Result<Saved, ActError> {
        allowed(actor, ActKind::KeepSearch)?;
        let whole = self.whole().await?;
        let name = match text::line(name, LONGEST_NAME) {
            Ok(name) => name,
            Err(why) => return Ok(refused("name", &why.to_string())),
        };
        let search = match read(whole.among(), typed) {
            Ok(search) => search,
            Err(refusals) => return Ok(Saved::Refused(refusals)),
        };
        let kept = self.kept_searches().await?;
        let same = named(&kept, &name);
        let after = Search {
            name,
            by: actor.person(),
            made: self.effects.now(),
            ..search
        };
        let rows = match same {
            Some((number, before)) => vec![becomes(number, Some(before), Some(&after))],
            None => {
                let (number, row) = self.on_card(|store| Ok(next_number(store, OF_SEARCHES)?)).await?;
                vec![row, becomes(&number, None, Some(&after))]
            }
        };
        self.keep(actor, ActKind::KeepSearch, rows, Told::default())
            .await?;
        Ok(Saved::Kept(()))
    }

    /// Forgets a search.
    pub async fn forget_search(&self, actor: &Actor, number: u32) -> Result<(), ActError> {
        allowed(actor, ActKind::KeepSearch)?;
        let before = self
            .on_card(move |store| Ok(get::<Search>(store, &number)?))
            .await?;
        let gone = || ActError::NotThere("This search is gone already. Nothing was changed".to_owned());
        let before = before.ok_or_else(gone)?;
        let rows = vec![becomes(&number, Some(&before), None)];
        self.keep(actor, ActKind::KeepSearch, rows, Told::default()).await
    }

    /// The searches that are kept, for acts: it asks nobody whether they may.
    pub(crate) async fn kept_searches(&self) -> Result<Vec<(u32, Search)>, ActError> {
        self.on_card(|store| Ok(all::<Search>(store)?)).await
    }

    /// The book and whom the search means that is kept under this name, for acts: it asks nobody whether they may.
    pub(crate) async fn meant_by(&self, name: &str) -> Result<(Book, BTreeSet<PersonId>), ActError> {
        let kept = self.kept_searches().await?;
        let Some((_, search)) = named(&kept, name) else {
            return Err(ActError::BadInput(format!(
                "The search “{name}” is not kept any more, so nobody is chosen. Choose others, or build it again under “Choose people”"
            )));
        };
        let whole = self.whole().await?;
        let meant = search.all_meant(whole.among()).into_iter().collect();
        Ok((whole.book, meant))
    }

    /// A list of calls to those whom a search means; those who wish no calls and have no telephone are counted.
    pub async fn list_calls(&self, actor: &Actor, typed: &Typed) -> Result<(Vec<Call>, usize), ActError> {
        let (whole, meant) = self.taken(actor, typed, &Asked::Calls).await?;
        let people = meant.iter().filter_map(|id| whole.book.people.get(id));
        let mut without = 0;
        let mut calls = Vec::new();
        for person in people {
            let telephones = person
                .ways
                .iter()
                .filter(|way| matches!(way.kind, WayKind::Phone | WayKind::Mobile));
            let numbers: Vec<&str> = telephones.clone().map(|way| way.value.as_str()).collect();
            if person.reach == Reach::NotAtAll || numbers.is_empty() {
                without += 1;
                continue;
            }
            let remarks: Vec<&str> = telephones.filter_map(|way| way.note.as_deref()).collect();
            calls.push((person.name.clone(), numbers.join(", "), remarks.join("; ")));
        }
        Ok((calls, without))
    }

    /// The addresses of e-mails of those whom a search means, each once, and how many people have none or wish none.
    pub async fn list_addresses(
        &self,
        actor: &Actor,
        typed: &Typed,
    ) -> Result<(Vec<String>, usize), ActError> {
        let (whole, meant) = self.taken(actor, typed, &Asked::Addresses).await?;
        let people: Vec<_> = meant.iter().filter_map(|id| whole.book.people.get(id)).collect();
        let without = people
            .iter()
            .filter(|person| person.reach == Reach::NotAtAll || person.way(WayKind::Email).is_none())
            .count();
        let found = addresses(people).into_iter().map(str::to_owned).collect();
        Ok((found, without))
    }

    /// A table of those whom a search means, safe to be opened in a spreadsheet.
    pub async fn list_table(&self, actor: &Actor, typed: &Typed) -> Result<String, ActError> {
        let (whole, meant) = self.taken(actor, typed, &Asked::Table).await?;
        Ok(table(&whole, &meant))
    }

    async fn taken(
        &self,
        actor: &Actor,
        typed: &Typed,
        what: &Asked,
    ) -> Result<(Whole, Vec<PersonId>), ActError> {
        allowed(actor, ActKind::TakeList)?;
        let whole = self.whole().await?;
        let search = read(whole.among(), typed).map_err(|refusals| {
            ActError::BadInput(
                refusals
                    .first()
                    .map(|refusal| refusal.why.clone())
                    .unwrap_or_default(),
            )
        })?;
        let meant = search.all_meant(whole.among());
        let told = Told {
            whose: Whose::People(meant.clone()),
            detail: format!("{}, {} people", what.word(), meant.len()),
            ..Told::default()
        };
        self.keep(actor, ActKind::TakeList, Vec::new(), told).await?;
        Ok((whole, meant))
    }
}

/// The search that is kept under this name.
fn named<'a>(kept: &'a [(u32, Search)], name: &str) -> Option<&'a (u32, Search)> {
    kept.iter()
        .find(|(_, search)| text::folded(&search.name) == text::folded(name))
}

/// The columns that every table has; the questions of the house come behind them.
const COLUMNS: [&str; 12] = [
    "number",
    "name",
    "called",
    "membership",
    "class",
    "household",
    "address",
    "postcode",
    "phone",
    "e-mail",
    "reach",
    "tags",
];

fn table(whole: &Whole, meant: &[PersonId]) -> String {
    let questions: BTreeMap<&String, &str> = whole
        .house
        .fields
        .iter()
        .map(|(key, field)| (key, field.label.as_str()))
        .collect();
    let mut csv = Csv::new(COLUMNS.into_iter().chain(questions.values().copied()));
    for id in meant {
        let Some(person) = whole.book.people.get(id) else {
            continue;
        };
        let membership = whole.book.memberships.get(id);
        let address = whole.book.address_of(person);
        let household = person.household.map(|household| household.number().to_string());
        csv.number(&id.number().to_string());
        let class = membership.map_or("", |membership| whole.house.class_label(membership.class()));
        let tags: Vec<&str> = person.tags.iter().map(String::as_str).collect();
        for cell in [
            person.name.as_str(),
            person.called.as_deref().unwrap_or_default(),
            membership
                .and_then(Membership::status)
                .map_or("", |status| status.word()),
            class,
            household.as_deref().unwrap_or_default(),
            &address
                .map(|address| address.lines.join("\n"))
                .unwrap_or_default(),
            address
                .and_then(|address| address.postcode.as_deref())
                .unwrap_or_default(),
            person.telephone().unwrap_or_default(),
            person.way(WayKind::Email).unwrap_or_default(),
            person.reach.word(),
            &tags.join(", "),
        ] {
            csv.text(cell);
        }
        for key in questions.keys() {
            csv.text(person.custom.get(*key).map(String::as_str).unwrap_or_default());
        }
        csv.end_row();
    }
    csv.finish()
}

fn refused<T>(input: &str, why: &str) -> Saved<T> {
    Saved::Refused(vec![Refusal {
        input: input.to_owned(),
        why: why.to_owned(),
    }])
}
