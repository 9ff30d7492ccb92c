//! What would become of a table, and its reading in: one change of the book with one line of the record.

use std::collections::BTreeMap;
use std::sync::Arc;

use members::book::{Book, Numbers, OF_HOUSEHOLDS, OF_MEMBERSHIPS, OF_PEOPLE};
use members::house::{CustomField, House, Tag};
use members::household::Household;
use members::import::apply::Setting;
use members::import::entry::Reader;
use members::import::mapping::{Mapping, header_key};
use members::import::own::{self, Ground};
use members::import::plan::{Count, Given, Plan, Question, RowPlan, Verdict, plan};
use members::import::record::{Import, ImportRow, row_key};
use members::membership::Membership;
use members::person::Person;
use members::record::{Damaged, Kept, Key, Newer};
use members::register::{Entry, OF_REGISTER, Source, in_step};
use store::{RowChange, Store, Whose};
use units::{Instant, PersonId};

use super::{Preview, Staged};
use crate::act::{ActError, allowed};
use crate::book::{Told, book};
use crate::rows::{RowError, all, becomes, get, next_number};
use crate::table::ActKind;
use crate::{Actor, Acts, Right};

/// The numbers of imports and merges.
pub(super) const OF_IMPORTS: &str = "imports";

/// What an import is done with.
struct Doer {
    by: Option<PersonId>,
    now: Instant,
    today: jiff::civil::Date,
}

impl Acts {
    /// What would become of the table that waits. That it was tried is recorded, since it tells who is in the book.
    pub async fn preview_import(&self, actor: &Actor) -> Result<Preview, ActError> {
        let staged = self.staged(actor).await?;
        if let Some(lacks) = &staged.lacks {
            return Err(ActError::BadInput(lacks.to_string()));
        }
        let told = Told {
            whose: Whose::Everybody,
            detail: format!("{} rows", staged.sheet.rows.len()),
            ..Told::default()
        };
        self.keep(actor, ActKind::TryTable, Vec::new(), told).await?;
        let doer = self.doer(actor);
        self.on_card(move |store| {
            let (book, plan) = planned(store, &staged, &doer)?;
            let spoken = plan.rows.iter().flat_map(spoken_of);
            let mut names: Vec<(PersonId, String)> = spoken
                .filter_map(|id| Some((id, book.people.get(&id)?.name.clone())))
                .collect();
            names.sort();
            names.dedup();
            let seen = fingerprint(&plan);
            Ok(Preview {
                staged,
                plan,
                seen,
                names,
            })
        })
        .await
    }

    /// Reads the table in that waits, if what would become of it is still what was `seen`. Gives the number of the
    /// import.
    pub async fn import_table(&self, actor: &Actor, seen: &str) -> Result<u32, ActError> {
        allowed(actor, ActKind::ImportTable)?;
        let staged = self.staged(actor).await?;
        if let Some(lacks) = &staged.lacks {
            return Err(ActError::BadInput(lacks.to_string()));
        }
        let (doer, seen) = (self.doer(actor), seen.to_owned());
        let (may_admit, may_rule) = (actor.may(Right::Admit), actor.may(Right::ChangeRules));
        let (number, rows, count) = self
            .on_card(move |store| {
                let (book, plan) = planned(store, &staged, &doer)?;
                if fingerprint(&plan) != seen {
                    return Err(ActError::Conflict);
                }
                if !plan.changes() {
                    return Err(ActError::BadInput(
                        "Nothing in this table is new, so there is nothing to read in".to_owned(),
                    ));
                }
                if !may_admit && !plan.memberships.is_empty() {
                    return Err(ActError::NotAllowed(Right::Admit));
                }
                if !may_rule && plan.rules != House::default() {
                    return Err(ActError::NotAllowed(Right::ChangeRules));
                }
                let mut rows = changed(&book, &plan);
                rows.extend(decided(store, &plan.rules)?);
                rows.extend(registered(store, &plan, &staged.house)?);
                rows.extend(numbers(store, &plan.given)?);
                let import = record(&staged, &plan, &doer);
                let number = keep_undoable(store, &mut rows, &import)?;
                rows.extend(remembered(store, &staged)?);
                Ok((number, rows, plan.count()))
            })
            .await?;
        let told = Told {
            subject: format!("import {number}"),
            whose: Whose::Everybody,
            detail: format!(
                "{} new, {} changed, {} not taken",
                count.new, count.changed, count.not_taken
            ),
            why: None,
        };
        self.keep(actor, ActKind::ImportTable, rows, told).await?;
        self.forget_table(actor)?;
        Ok(number)
    }

    fn doer(&self, actor: &Actor) -> Doer {
        Doer {
            by: actor.person(),
            now: self.import_now(),
            today: self.import_day(),
        }
    }
}

fn planned(store: &Store, staged: &Staged, doer: &Doer) -> Result<(Arc<Book>, Plan), ActError> {
    let book = book(store)?;
    let given = |what: &str| -> Result<u32, RowError> {
        Ok(get::<Numbers>(store, &what.to_owned())?.map_or(0, |numbers| numbers.given))
    };
    let given = Given {
        people: given(OF_PEOPLE)?,
        households: given(OF_HOUSEHOLDS)?,
        memberships: given(OF_MEMBERSHIPS)?,
    };
    if staged.own {
        let ground = Ground {
            book: &book,
            house: &staged.house,
            decisions: &staged.choices.decisions,
            given,
        };
        let plan = own::plan(ground, &staged.sheet);
        return Ok((book, plan));
    }
    let order = staged.mapping.check(&staged.sheet, &staged.house, doer.today);
    let order = order.map_err(|lacks| ActError::BadInput(lacks.to_string()))?;
    let question = Question {
        sheet: &staged.sheet,
        reader: Reader::new(
            &staged.sheet,
            staged.mapping.meanings(&staged.house),
            order,
            doer.today,
            &staged.house,
        ),
        setting: Setting {
            today: doer.today,
            now: doer.now,
            by: doer.by,
            class: staged.mapping.class.clone(),
            together: staged.mapping.together,
        },
        same_name: staged.mapping.same_name,
        decisions: &staged.choices.decisions,
        given,
    };
    let plan = plan(&book, &question);
    Ok((book, plan))
}

/// The people of whom a row's verdict speaks.
fn spoken_of(row: &RowPlan) -> Vec<PersonId> {
    use members::import::plan::NotTaken;
    match &row.verdict {
        Verdict::New(_) | Verdict::Same(_) | Verdict::Changed(..) | Verdict::Beside(..) => Vec::new(),
        Verdict::NotTaken(NotTaken::Who(people)) => people.clone(),
        Verdict::NotTaken(NotTaken::NumberOf { person, .. }) => vec![*person],
        Verdict::NotTaken(_) => Vec::new(),
    }
}

/// The same for the same rows with the same verdicts.
fn fingerprint(plan: &Plan) -> String {
    let told = format!("{:?}{:?}", plan.rows, plan.given);
    let hash = members::import::record::fingerprint(told.as_bytes());
    hash.0.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The rows of the book that change.
fn changed(before: &Book, plan: &Plan) -> Vec<RowChange> {
    let after = &plan.book;
    let people = plan
        .people
        .iter()
        .map(|id| becomes::<Person>(id, before.people.get(id), after.people.get(id)));
    let households = plan
        .households
        .iter()
        .map(|id| becomes::<Household>(id, before.households.get(id), after.households.get(id)));
    let memberships = plan
        .memberships
        .iter()
        .map(|id| becomes::<Membership>(id, before.memberships.get(id), after.memberships.get(id)));
    people.chain(households).chain(memberships).collect()
}

/// The statutory register follows the memberships of a table as it follows every other step of one.
fn registered(store: &Store, plan: &Plan, house: &House) -> Result<Vec<RowChange>, RowError> {
    let open: BTreeMap<PersonId, (u32, Entry)> = all::<Entry>(store)?
        .into_iter()
        .filter(|(_, entry)| entry.ended.is_none())
        .map(|(number, entry)| (entry.person, (number, entry)))
        .collect();
    let before = get::<Numbers>(store, &OF_REGISTER.to_owned())?;
    let mut given = before.as_ref().map_or(0, |numbers| numbers.given);
    let mut rows = Vec::new();
    for id in &plan.memberships {
        let (Some(person), Some(membership)) = (plan.book.people.get(id), plan.book.memberships.get(id))
        else {
            continue;
        };
        let source = Source {
            id: *id,
            person,
            address: plan.book.address_of(person),
            membership,
            class: house.class_label(membership.class()),
        };
        let stands = open.get(id);
        let Some(entry) = in_step(stands.map(|(_, entry)| entry), source) else {
            continue;
        };
        let number = stands.map_or_else(
            || {
                given += 1;
                given
            },
            |(number, _)| *number,
        );
        rows.push(becomes(&number, stands.map(|(_, entry)| entry), Some(&entry)));
    }
    rows.extend(number_row(OF_REGISTER, before.as_ref(), given));
    Ok(rows)
}

/// What the house decides by it.
fn decided(store: &Store, rules: &House) -> Result<Vec<RowChange>, RowError> {
    let mut rows = Vec::new();
    for (key, field) in &rules.fields {
        rows.push(becomes(
            key,
            get::<CustomField>(store, key)?.as_ref(),
            Some(field),
        ));
    }
    for (key, tag) in &rules.tags {
        rows.push(becomes(key, get::<Tag>(store, key)?.as_ref(), Some(tag)));
    }
    Ok(rows)
}

/// The numbers that are given now; they are never given again, even if the import is undone.
fn numbers(store: &Store, given: &Given) -> Result<Vec<RowChange>, RowError> {
    let mut rows = Vec::new();
    for (what, given) in [
        (OF_PEOPLE, given.people),
        (OF_HOUSEHOLDS, given.households),
        (OF_MEMBERSHIPS, given.memberships),
    ] {
        let before = get::<Numbers>(store, &what.to_owned())?;
        rows.extend(number_row(what, before.as_ref(), given));
    }
    Ok(rows)
}

/// The row of the number last given, where another is given now.
fn number_row(what: &str, before: Option<&Numbers>, given: u32) -> Option<RowChange> {
    if before.map_or(0, |before| before.given) == given {
        return None;
    }
    let newer = before.map(|before| before.newer.clone()).unwrap_or_default();
    Some(becomes(&what.to_owned(), before, Some(&Numbers { given, newer })))
}

/// Keeps with the rows what stood in them before. Gives the number under which they can be undone.
pub(crate) fn keep_undoable(
    store: &Store,
    rows: &mut Vec<RowChange>,
    import: &Import,
) -> Result<u32, RowError> {
    let (number, given) = next_number(store, OF_IMPORTS)?;
    let undoable = rows.iter().filter(|row| row.table != Numbers::TABLE);
    let kept = (0..).zip(undoable).map(|(at, row)| {
        let sides = (row.before.as_deref(), row.after.as_deref());
        let kept = ImportRow::of(row.table, &row.key, sides, import.at)?;
        let kept = match &import.merge {
            Some(merge) => kept.moved(PersonId::new(merge.gone), merge.kept),
            None => kept,
        };
        Ok(becomes(&row_key(number, at), None, Some(&kept)))
    });
    let kept: Vec<RowChange> = kept.collect::<Result<_, Damaged>>()?;
    rows.extend(kept);
    rows.push(given);
    rows.push(becomes(&number, None, Some(import)));
    Ok(number)
}

/// The mapping, remembered for the next table with this header.
fn remembered(store: &Store, staged: &Staged) -> Result<Option<RowChange>, RowError> {
    let key = header_key(&staged.sheet.header);
    let before = get::<Mapping>(store, &key)?;
    let changed = !staged.own && before.as_ref() != Some(&staged.mapping);
    Ok(changed.then(|| RowChange {
        table: Mapping::TABLE,
        key: key.to_key(),
        ..becomes(&key, before.as_ref(), Some(&staged.mapping))
    }))
}

fn record(staged: &Staged, plan: &Plan, doer: &Doer) -> Import {
    let Count {
        new, changed, same, ..
    } = plan.count();
    let small = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Import {
        file: Some(staged.file.clone()),
        at: doer.now,
        by: doer.by,
        new: small(new),
        changed: small(changed),
        same: small(same),
        report: plan.rows.iter().flat_map(reported).collect(),
        undone: None,
        stayed: 0,
        merge: None,
        newer: Newer::default(),
    }
}

/// What is told of a row that was not taken as it stands.
fn reported(row: &RowPlan) -> Vec<String> {
    let line = row.line;
    if let Verdict::NotTaken(why) = &row.verdict {
        return vec![format!("Row {line}: {why}")];
    }
    let notes = row.notes.iter();
    notes
        .map(|note| format!("Row {line}, {}: {}", note.about, note.why))
        .collect()
}
