//! Choosing people by a search, keeping searches under a name, and taking lists of those who were chosen: calls,
//! addresses of e-mails, a table.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use members::book::Book;
use members::edit::{Refusal, Typed};
use members::membership::Membership;
use members::person::{Reach, WayKind};
use members::search::{
    Among, Choices, LONGEST_NAME, OF_SEARCHES, Search, Standings, addresses, choices, read, write,
};
use members::sheet::write::Csv;
use members::text;
use store::Whose;
use units::PersonId;

use super::list::line;
use super::{PersonLine, Saved, Whole};
use crate::act::{ActError, allowed};
use crate::book::Told;
use crate::money::money_book;
use crate::rows::{all, becomes, get, next_number};
use crate::table::{ActKind, row};
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
    /// Whether somebody may be chosen by what they owe.
    pub by_dues: bool,
    /// The searches that are kept.
    pub kept: Vec<KeptSearch>,
    /// Whom it means, where it was asked.
    pub chosen: Option<Chosen>,
    /// Why it cannot be asked.
    pub refusals: Vec<Refusal>,
}

/// A search that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptSearch {
    /// Its number.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// What must be chosen to get it; `None` where it looks at dues, and the onlooker may not.
    pub typed: Option<Typed>,
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

/// Whether somebody may choose by what people owe.
fn may_see_dues(actor: &Actor) -> bool {
    actor.may(row(ActKind::LookMoney).right)
}

/// That somebody may use a search: one that looks at dues is for those alone who may see what people pay.
fn usable(actor: &Actor, search: &Search) -> Result<(), ActError> {
    if search.looks_at_dues() {
        allowed(actor, ActKind::LookMoney)?;
    }
    Ok(())
}

impl Acts {
    /// Among whom a search looks, without a look at dues.
    fn among<'a>(&self, whole: &'a Whole) -> Result<Among<'a>, ActError> {
        Ok(Among {
            book: &whole.book,
            house: &whole.house,
            today: whole.setting().today,
            currency: self.currency()?,
            standings: None,
        })
    }

    /// Whom a search means, if the actor may use it.
    async fn meant(&self, actor: &Actor, whole: &Whole, search: &Search) -> Result<Vec<PersonId>, ActError> {
        usable(actor, search)?;
        let among = self.among(whole)?;
        if !search.looks_at_dues() {
            return Ok(search.all_meant(among));
        }
        let (currency, today) = (self.currency()?, self.day());
        let standings = self
            .on_card(move |store| money_book(store, currency, today)?.standings())
            .await?;
        Ok(search.all_meant(Among {
            standings: Some(&standings),
            ..among
        }))
    }

    /// The page on which a search is built; where something was chosen, with those whom it means.
    pub async fn search_people(&self, actor: &Actor, typed: &Typed) -> Result<SearchSeen, ActError> {
        allowed(actor, ActKind::SearchPeople)?;
        let whole = self.whole().await?;
        let kept = self.kept_searches().await?;
        let among = self.among(&whole)?;
        let (by_dues, no_standings) = (may_see_dues(actor), Standings::new());
        let offered = Among {
            standings: by_dues.then_some(&no_standings),
            ..among
        };
        let kept = kept.iter().map(|(number, search)| KeptSearch {
            number: *number,
            name: search.name.clone(),
            typed: usable(actor, search).is_ok().then(|| write(search)),
        });
        let mut seen = SearchSeen {
            choices: choices(offered),
            by_age: whole.house.asks_for_age(),
            by_dues,
            kept: kept.collect(),
            chosen: None,
            refusals: Vec::new(),
        };
        if typed.is_empty() {
            return Ok(seen);
        }
        match read(among, typed) {
            Err(refusals) => seen.refusals = refusals,
            Ok(search) => {
                let meant = self.meant(actor, &whole, &search).await?;
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
        let search = match read(self.among(&whole)?, typed) {
            Ok(search) => search,
            Err(refusals) => return Ok(Saved::Refused(refusals)),
        };
        usable(actor, &search)?;
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

    async fn kept_searches(&self) -> Result<Vec<(u32, Search)>, ActError> {
        self.on_card(|store| Ok(all::<Search>(store)?)).await
    }

    /// The names of the searches that are kept and that the actor may use, for acts.
    pub(crate) async fn searches_for(&self, actor: &Actor) -> Result<Vec<String>, ActError> {
        let mut kept = self.kept_searches().await?;
        kept.retain(|(_, search)| usable(actor, search).is_ok());
        Ok(kept.into_iter().map(|(_, search)| search.name).collect())
    }

    /// The book and whom the search means that is kept under this name, for acts. Of rights it asks for none but the one
    /// to see what people pay, where the search looks at that.
    pub(crate) async fn meant_by(
        &self,
        actor: &Actor,
        name: &str,
    ) -> Result<(Arc<Book>, BTreeSet<PersonId>), ActError> {
        let kept = self.kept_searches().await?;
        let Some((_, search)) = named(&kept, name) else {
            return Err(ActError::BadInput(format!(
                "The search “{name}” is not kept any more, so nobody is chosen. Choose others, or build it again under “Choose people”"
            )));
        };
        let whole = self.whole().await?;
        let meant = self.meant(actor, &whole, search).await?;
        Ok((whole.book, meant.into_iter().collect()))
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
        let search = read(self.among(&whole)?, typed).map_err(|refusals| {
            ActError::BadInput(
                refusals
                    .first()
                    .map(|refusal| refusal.why.clone())
                    .unwrap_or_default(),
            )
        })?;
        let meant = self.meant(actor, &whole, &search).await?;
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
