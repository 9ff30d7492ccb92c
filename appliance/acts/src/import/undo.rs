//! Undoing an import or a merge: every row becomes what it was, byte for byte. A row that somebody has changed since is
//! told first, and stays if the rest is undone all the same.

use std::collections::{BTreeMap, BTreeSet};

use members::book::{Book, Numbers};
use members::household::Household;
use members::import::mapping::Mapping;
use members::import::record::{Import, ImportRow};
use members::membership::Membership;
use members::person::Person;
use members::record::{Kept, Key, Record};
use store::{RowChange, Store, Whose};
use units::{HouseholdId, PersonId};

use crate::act::{ActError, allowed};
use crate::book::{Told, book};
use crate::rows::{ALL, RowError, all, becomes, get, under};
use crate::table::ActKind;
use crate::{Actor, Acts};

/// What to do where some rows have changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Others {
    /// Undo all or nothing.
    Wait,
    /// Undo the other rows.
    Undo,
}

/// What can be undone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// How many rows are as the import has left them.
    pub rows: usize,
    /// The rows that have changed since, as table and number.
    pub changed: Vec<String>,
}

impl Acts {
    /// What of an import can be undone.
    pub async fn standing(&self, actor: &Actor, number: u32) -> Result<Standing, ActError> {
        allowed(actor, ActKind::UndoImport)?;
        self.on_card(move |store| Ok(undoing(store, number)?.standing))
            .await
    }

    /// Undoes an import.
    pub async fn undo_import(&self, actor: &Actor, number: u32, others: Others) -> Result<(), ActError> {
        allowed(actor, ActKind::UndoImport)?;
        let now = self.import_now();
        let (rows, told) = self
            .on_card(move |store| {
                let before = get::<Import>(store, &number)?;
                let before =
                    before.ok_or_else(|| ActError::NotThere(format!("There is no import {number}")))?;
                if before.undone.is_some() {
                    return Err(ActError::BadInput("This was undone already".to_owned()));
                }
                let Undoing { mut rows, standing } = undoing(store, number)?;
                if others == Others::Wait && !standing.changed.is_empty() {
                    return Err(ActError::Conflict);
                }
                let stayed = standing.changed.len();
                let after = Import {
                    undone: Some(now),
                    stayed: u32::try_from(stayed).unwrap_or(u32::MAX),
                    ..before.clone()
                };
                rows.push(becomes(&number, Some(&before), Some(&after)));
                Ok((rows, format!("{} rows undone, {stayed} stayed", standing.rows)))
            })
            .await?;
        let told = Told {
            subject: format!("import {number}"),
            whose: Whose::Everybody,
            detail: told,
            why: None,
        };
        self.keep(actor, ActKind::UndoImport, rows, told).await
    }
}

struct Undoing {
    rows: Vec<RowChange>,
    standing: Standing,
}

fn undoing(store: &Store, number: u32) -> Result<Undoing, RowError> {
    let kept = under::<ImportRow>(store, &number.to_be_bytes())?;
    let stay = Stay::find(store, &kept)?;
    let mut stayed = Vec::new();
    let mut undoing = Undoing {
        rows: Vec::with_capacity(kept.len() * 2),
        standing: Standing::default(),
    };
    for (key, row) in &kept {
        if let Some(table) = stay.undone(row) {
            undoing.standing.rows += 1;
            undoing.rows.push(RowChange {
                table,
                key: row.key.0.clone(),
                before: store.row(table, &row.key.0)?,
                after: row.before.as_ref().map(|before| before.0.clone()),
            });
        } else {
            stayed.push(row);
        }
        undoing.rows.push(becomes(key, Some(row), None));
    }
    if !stayed.is_empty() {
        let book = book(store)?;
        undoing.standing.changed = stayed.into_iter().map(|row| named(&book, row)).collect();
    }
    undoing.standing.changed.sort();
    undoing.standing.changed.dedup();
    Ok(undoing)
}

/// What is said of a row that stays: a name wherever the book has one.
fn named(book: &Book, row: &ImportRow) -> String {
    let person = PersonId::from_key(&row.key.0);
    match (row.table.as_str(), person) {
        (Person::TABLE | Membership::TABLE, Some(id)) => match book.people.get(&id) {
            Some(person) => person.name.clone(),
            None => id.to_string(),
        },
        (Household::TABLE, Some(number)) => {
            let id = HouseholdId::new(number.number());
            format!(
                "the household {}",
                book.household_name(id).trim_start_matches("household ")
            )
        }
        (table, _) => table.to_owned(),
    }
}

/// Which rows stay: those that have changed since, and all of somebody or of a household that the import has made and
/// that something else speaks of by now.
struct Stay {
    changed: BTreeSet<(String, Vec<u8>)>,
    people: BTreeSet<Vec<u8>>,
    households: BTreeSet<Vec<u8>>,
}

impl Stay {
    fn find(store: &Store, kept: &[(u64, ImportRow)]) -> Result<Self, RowError> {
        let mut stay = Self {
            changed: BTreeSet::new(),
            people: BTreeSet::new(),
            households: BTreeSet::new(),
        };
        for (_, row) in kept {
            let table = members::TABLES.iter().find(|table| **table == row.table);
            let now = table
                .map(|table| store.row(table, &row.key.0))
                .transpose()?
                .flatten();
            if table.is_none() || !row.stands(now.as_deref()) {
                stay.changed.insert((row.table.clone(), row.key.0.clone()));
            }
        }
        stay.find_people(store, kept)?;
        stay.find_households(store, kept)?;
        Ok(stay)
    }

    fn find_people(&mut self, store: &Store, kept: &[(u64, ImportRow)]) -> Result<(), RowError> {
        let new = |row: &&ImportRow| row.table == Person::TABLE && row.before.is_none();
        let new: BTreeSet<&[u8]> = kept
            .iter()
            .map(|(_, row)| row)
            .filter(new)
            .map(|row| row.key.0.as_slice())
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        let own: BTreeSet<(&str, &[u8])> = kept
            .iter()
            .map(|(_, row)| (row.table.as_str(), row.key.0.as_slice()))
            .collect();
        for table in members::TABLES
            .iter()
            .filter(|table| !NOT_BY_PERSON.contains(table))
        {
            for (key, _) in store.rows(table, (&[], None), ALL)? {
                let person = person_in(&key).filter(|person| new.contains(person));
                let touched = !own.contains(&(*table, key.as_slice()))
                    || self.changed.contains(&((*table).to_owned(), key.clone()));
                self.people.extend(person.filter(|_| touched).map(<[u8]>::to_vec));
            }
        }
        for (id, person) in all::<Person>(store)? {
            let key = id.to_key();
            if !own.contains(&(Person::TABLE, key.as_slice())) {
                let related = person.relations.iter().map(|relation| relation.person.to_key());
                self.people
                    .extend(related.filter(|other| new.contains(other.as_slice())));
            }
        }
        Ok(())
    }

    /// A household stays as long as somebody lives in it afterwards.
    fn find_households(&mut self, store: &Store, kept: &[(u64, ImportRow)]) -> Result<(), RowError> {
        let mut afterwards: BTreeMap<PersonId, Person> = all::<Person>(store)?.into_iter().collect();
        for (_, row) in kept.iter().filter(|(_, row)| row.table == Person::TABLE) {
            let Some(id) = PersonId::from_key(&row.key.0).filter(|_| self.undone(row).is_some()) else {
                continue;
            };
            match &row.before {
                Some(before) => drop(afterwards.insert(id, Person::decode(&before.0)?)),
                None => drop(afterwards.remove(&id)),
            }
        }
        let lived_in = afterwards.values().filter_map(|person| person.household);
        self.households = lived_in.map(|household| household.to_key()).collect();
        Ok(())
    }

    /// The table of a row that is undone; nothing if it stays.
    fn undone(&self, row: &ImportRow) -> Option<&'static str> {
        let table = members::TABLES
            .iter()
            .find(|table| **table == row.table)
            .copied()?;
        let key = &row.key.0;
        let made = row.before.is_none();
        let stays = self.changed.contains(&(row.table.clone(), key.clone()))
            || (matches!(table, Person::TABLE | Membership::TABLE) && self.people.contains(key))
            || (table == Household::TABLE && made && self.households.contains(key));
        (!stays).then_some(table)
    }
}

/// Tables whose keys name nobody.
const NOT_BY_PERSON: &[&str] = &[
    Household::TABLE,
    Numbers::TABLE,
    Import::TABLE,
    ImportRow::TABLE,
    Mapping::TABLE,
];

/// The person whom a key names: by itself, before a number, or as somebody who pays.
fn person_in(key: &[u8]) -> Option<&[u8]> {
    match key.len() {
        4 | 8 => key.get(..4),
        5 | 9 => key.get(1..5),
        _ => None,
    }
}
