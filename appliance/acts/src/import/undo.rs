//! Undoing an import or a merge: every row becomes what it was, byte for byte. A row that somebody has changed since is
//! told first, and stays if the rest is undone all the same.

use std::collections::{BTreeMap, BTreeSet};

use members::book::Book;
use members::house::{CustomField, Tag};
use members::household::Household;
use members::import::record::{Import, ImportRow, Merge};
use members::membership::Membership;
use members::merge::{Pair, is_of_sign_in};
use members::person::Person;
use members::record::{Damaged, Kept, Key};
use members::register::Entry;
use members::text::folded;
use store::{RowChange, Store, Whose};
use units::{HouseholdId, PersonId};

use crate::act::{ActError, allowed};
use crate::book::{Told, book};
use crate::rows::{RowError, all, becomes, get, under};
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
    /// Whether some of what stood there before is gone by now, so that a merge can be undone no more: it is kept for a
    /// year, and goes when the data of its people are erased.
    pub lost: bool,
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
                let before = standing_import(store, number)?;
                if before.merge.is_some() {
                    return Err(ActError::NotThere(format!("There is no import {number}")));
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

    /// Undoes a merge: both entries are what they were, with everything that was theirs. All of it or nothing: half a
    /// person is nobody.
    pub async fn undo_merge(&self, actor: &Actor, number: u32) -> Result<(), ActError> {
        allowed(actor, ActKind::UndoMerge)?;
        let now = self.import_now();
        let (rows, pair, count) = self
            .on_card(move |store| {
                let before = standing_import(store, number)?;
                let Some(merge) = before.merge.clone() else {
                    return Err(ActError::NotThere(format!("There is no merge {number}")));
                };
                let Undoing { mut rows, standing } = undoing(store, number)?;
                if standing.lost {
                    return Err(ActError::BadInput(
                        "What stood there before was erased since, or its year is over. So this can be undone no more"
                            .to_owned(),
                    ));
                }
                if !standing.changed.is_empty() {
                    return Err(ActError::BadInput(format!(
                        "This was changed since: {}. Undo that first, or enter the other person anew",
                        standing.changed.join(", ")
                    )));
                }
                let after = Import {
                    undone: Some(now),
                    ..before.clone()
                };
                rows.push(becomes(&number, Some(&before), Some(&after)));
                Ok((rows, pair_of(&merge), standing.rows))
            })
            .await?;
        let told = crate::merge::told(pair, &format!("{count} rows undone"));
        self.keep(actor, ActKind::UndoMerge, rows, told).await
    }
}

fn pair_of(merge: &Merge) -> Pair {
    Pair {
        kept: merge.kept,
        gone: PersonId::new(merge.gone),
    }
}

/// An import or a merge that was not undone yet.
fn standing_import(store: &Store, number: u32) -> Result<Import, ActError> {
    let found = get::<Import>(store, &number)?;
    let found = found.ok_or_else(|| ActError::NotThere(format!("There is no import {number}")))?;
    if found.undone.is_some() {
        return Err(ActError::BadInput("This was undone already".to_owned()));
    }
    Ok(found)
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
        standing: Standing {
            lost: is_lost(store, number, kept.len())?,
            ..Standing::default()
        },
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
        } else if !passes(&row.table) {
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

/// Whether rows are missing by which a merge that stands could be undone.
fn is_lost(store: &Store, number: u32, kept: usize) -> Result<bool, RowError> {
    let import = get::<Import>(store, &number)?.filter(|import| import.undone.is_none());
    let merge = import.and_then(|import| import.merge);
    Ok(merge.is_some_and(|merge| u32::try_from(kept) != Ok(merge.rows)))
}

/// Whether rows of a table come and go by themselves, with whoever signs in: what changed of them since stays as it is,
/// and hinders nothing.
fn passes(table: &str) -> bool {
    members::tables::table(table).is_some_and(is_of_sign_in)
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
        (table, _) => match (table, String::from_key(&row.key.0)) {
            (CustomField::TABLE, Some(key)) => format!("question {key}"),
            (Tag::TABLE, Some(key)) => format!("tag {key}"),
            (table, _) => table.to_owned(),
        },
    }
}

/// Which rows stay: those that have changed since, and all of somebody or of a household that the import has made and
/// that something else speaks of by now.
struct Stay {
    changed: BTreeSet<(String, Vec<u8>)>,
    people: BTreeSet<Vec<u8>>,
    households: BTreeSet<Vec<u8>>,
    /// Questions and tags that somebody's entry speaks of.
    rules: BTreeSet<(&'static str, Vec<u8>)>,
}

impl Stay {
    fn find(store: &Store, kept: &[(u64, ImportRow)]) -> Result<Self, RowError> {
        let mut stay = Self {
            changed: BTreeSet::new(),
            people: BTreeSet::new(),
            households: BTreeSet::new(),
            rules: BTreeSet::new(),
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

    /// Somebody who is new stays if anything names them that the import has not written, or that has changed since.
    fn find_people(&mut self, store: &Store, kept: &[(u64, ImportRow)]) -> Result<(), RowError> {
        let new = kept
            .iter()
            .map(|(_, row)| row)
            .filter(|row| row.table == Person::TABLE && row.before.is_none());
        let new: BTreeSet<PersonId> = new.filter_map(|row| PersonId::from_key(&row.key.0)).collect();
        if new.is_empty() {
            return Ok(());
        }
        let own: BTreeSet<(&str, &[u8])> = kept
            .iter()
            .map(|(_, row)| (row.table.as_str(), row.key.0.as_slice()))
            .collect();
        let past = [Import::TABLE, ImportRow::TABLE];
        for table in members::KEPT.iter().filter(|table| !past.contains(&table.name)) {
            let (changed, people) = (&self.changed, &mut self.people);
            let visited: Result<(), Damaged> = store.visit_rows(table.name, (&[], None), |key, value| {
                let untouched = own.contains(&(table.name, key))
                    && !changed.contains(&(table.name.to_owned(), key.to_vec()));
                if !untouched {
                    let named = table.named(key, value)?;
                    let named = named.people.iter().chain(&named.inner).copied();
                    let of_new = named.filter(|person| new.contains(person));
                    people.extend(of_new.map(|person| person.to_key()));
                }
                Ok(())
            })?;
            visited?;
        }
        Ok(())
    }

    /// A household stays as long as somebody lives in it afterwards, and so does a question that somebody has answered
    /// and a tag that somebody has.
    fn find_households(&mut self, store: &Store, kept: &[(u64, ImportRow)]) -> Result<(), RowError> {
        let people = self.afterwards::<Person>(store, kept)?;
        let lived_in = people.values().filter_map(|person| person.household);
        self.households = lived_in.map(|household| household.to_key()).collect();
        for person in people.values() {
            let answered = person.custom.keys().map(|key| (CustomField::TABLE, key.to_key()));
            let tags = person.tags.iter().map(|tag| (Tag::TABLE, folded(tag).to_key()));
            self.rules.extend(answered.chain(tags));
        }
        Ok(())
    }

    /// A table of people as it will be.
    fn afterwards<R: Kept<Key = PersonId>>(
        &self,
        store: &Store,
        kept: &[(u64, ImportRow)],
    ) -> Result<BTreeMap<PersonId, R>, RowError> {
        let mut afterwards: BTreeMap<PersonId, R> = all::<R>(store)?.into_iter().collect();
        for (_, row) in kept.iter().filter(|(_, row)| row.table == R::TABLE) {
            let Some(id) = PersonId::from_key(&row.key.0).filter(|_| self.undone(row).is_some()) else {
                continue;
            };
            match &row.before {
                Some(before) => drop(afterwards.insert(id, R::decode(&before.0)?)),
                None => drop(afterwards.remove(&id)),
            }
        }
        Ok(afterwards)
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
            || (table == Entry::TABLE && row.people.0.iter().any(|person| self.stays_a_member(*person)))
            || (table == Household::TABLE && made && self.households.contains(key))
            || (made && self.rules.contains(&(table, key.clone())));
        (!stays).then_some(table)
    }

    /// Whether the membership of somebody stays; then it stays in the statutory register as well.
    fn stays_a_member(&self, person: PersonId) -> bool {
        let membership = (Membership::TABLE.to_owned(), person.to_key());
        self.people.contains(&membership.1) || self.changed.contains(&membership)
    }
}
