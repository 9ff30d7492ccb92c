//! What would become of every row of a table, and the book as it would be afterwards. The rows are gone through in
//! their order, each upon the book as the rows before have left it; so reading the same table in twice changes nothing
//! the second time.

use std::collections::{BTreeMap, BTreeSet};

use units::{HouseholdId, PersonId};

use super::about::About;
use super::apply::{Applied, Claims, Homes, Scene, Setting, Trust, apply, home_key};
use super::entry::{CellFault, CellNote, Entry, Reader};
use super::field::Field;
use super::find::{Found, Index, Sought};
use super::mapping::SameName;
use crate::book::Book;
use crate::house::House;
use crate::sheet::{Fault, Sheet};
use crate::text::Unfit;

/// What somebody has said of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is about somebody who is not in the book.
    New,
    /// It is about this person.
    Person(PersonId),
    /// It is left out.
    Leave,
}

/// How many numbers of each kind were given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Given {
    /// Of people.
    pub people: u32,
    /// Of households.
    pub households: u32,
    /// On membership cards.
    pub memberships: u32,
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Somebody new.
    New(PersonId),
    /// Somebody of the book is changed.
    Changed(PersonId, Vec<About>),
    /// Nothing changes of somebody.
    Same(PersonId),
    /// It is about nobody of the book, but about this; and whether it is new.
    Beside(&'static str, bool),
    /// It is not taken.
    NotTaken(NotTaken),
}

/// Why a row is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// It could not be read.
    #[error("{0}")]
    Unread(Fault),
    /// There is no name in it.
    #[error("There is no name in this row, so nobody can be entered")]
    NoName,
    /// The name cannot be kept.
    #[error("The name cannot be kept. {0}")]
    UnfitName(Unfit),
    /// It may be one of these people.
    #[error("{} in the book may be the same person, and nothing tells for sure. Say who it is", people(.0))]
    Who(Vec<PersonId>),
    /// The number on the card is somebody else's.
    #[error(
        "The membership number {number} is that of {person}, who has another name. Put the number right, or the name"
    )]
    NumberOf {
        /// The number.
        number: u32,
        /// Whose it is.
        person: PersonId,
    },
    /// Somebody said that it is left out.
    #[error("You left this row out")]
    Left,
    /// A cell of a table in our own columns is not as it was written.
    #[error(
        "What stands under \"{0}\" is not as Hearth writes it. Put it back as it was, or take this row out"
    )]
    NotOurs(&'static str),
    /// A cell of a table in our own columns cannot be kept.
    #[error("What stands under \"{column}\" cannot be kept. {why}")]
    UnfitCell {
        /// The column.
        column: String,
        /// Why not.
        why: Unfit,
    },
    /// A row of a table in our own columns that did not come out of a book.
    #[error(
        "There is no number under \"Hearth person\", so this row did not come out of Hearth. Read new people in as a table of their own"
    )]
    NoNumber,
    /// Another row of a table in our own columns is about the same person.
    #[error("Row {0} has the same number under \"Hearth person\". Take one of the two out")]
    Twice(usize),
}

fn people(ids: &[PersonId]) -> String {
    let words: Vec<String> = ids.iter().map(ToString::to_string).collect();
    words.join(" or ")
}

/// A row with what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowPlan {
    /// Its line in the table.
    pub line: usize,
    /// The name that stands in it; empty where there is none.
    pub name: String,
    /// What becomes of it.
    pub verdict: Verdict,
    /// Its cells that were left out.
    pub notes: Vec<CellNote>,
}

/// What would become of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Every row, in its order.
    pub rows: Vec<RowPlan>,
    /// The book afterwards.
    pub book: Book,
    /// The people of whom something changes.
    pub people: BTreeSet<PersonId>,
    /// The households of which something changes.
    pub households: BTreeSet<HouseholdId>,
    /// Those whose membership changes.
    pub memberships: BTreeSet<PersonId>,
    /// What the house would decide that it has not decided yet: questions and tags.
    pub rules: House,
    /// The numbers given afterwards.
    pub given: Given,
}

impl RowPlan {
    fn then(self, next: Self) -> Self {
        let verdict = match (self.verdict, next.verdict) {
            (Verdict::New(id), _) => Verdict::New(id),
            (Verdict::Changed(id, before), Verdict::Same(same)) if id == same => Verdict::Changed(id, before),
            (Verdict::Changed(id, mut before), Verdict::Changed(same, after)) if id == same => {
                let more: Vec<About> = after
                    .into_iter()
                    .filter(|field| !before.contains(field))
                    .collect();
                before.extend(more);
                Verdict::Changed(id, before)
            }
            (_, after) => after,
        };
        Self { verdict, ..next }
    }
}

/// How many rows come to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Somebody new.
    pub new: usize,
    /// Somebody changed.
    pub changed: usize,
    /// Nothing changed.
    pub same: usize,
    /// Not taken.
    pub not_taken: usize,
    /// Cells left out of rows that were taken.
    pub cells: usize,
}

impl Plan {
    /// How many rows come to what.
    pub fn count(&self) -> Count {
        let mut count = Count::default();
        for row in &self.rows {
            let place = match row.verdict {
                Verdict::New(_) => &mut count.new,
                Verdict::Changed(..) | Verdict::Beside(_, true) => &mut count.changed,
                Verdict::Same(_) | Verdict::Beside(_, false) => &mut count.same,
                Verdict::NotTaken(_) => &mut count.not_taken,
            };
            *place += 1;
            count.cells += row.notes.len();
        }
        count
    }

    /// This plan and then the next one, which has the same rows.
    fn then(self, next: Self) -> Self {
        let rows = self.rows.into_iter().zip(next.rows);
        Self {
            rows: rows.map(|(before, after)| before.then(after)).collect(),
            people: self.people.into_iter().chain(next.people).collect(),
            households: self.households.into_iter().chain(next.households).collect(),
            memberships: self.memberships.into_iter().chain(next.memberships).collect(),
            book: next.book,
            rules: next.rules,
            given: next.given,
        }
    }

    /// Whether the book would be another.
    pub fn changes(&self) -> bool {
        let book = [
            self.people.is_empty(),
            self.households.is_empty(),
            self.memberships.is_empty(),
        ];
        book.contains(&false) || self.rules != House::default()
    }
}

/// What rows are gone through with.
#[derive(Debug)]
pub struct Question<'a> {
    /// The table.
    pub sheet: &'a Sheet,
    /// How its rows are read.
    pub reader: Reader<'a>,
    /// What is the same for all.
    pub setting: Setting,
    /// What becomes of people of whom only the name is known.
    pub same_name: SameName,
    /// What was said of single rows, by their line.
    pub decisions: &'a BTreeMap<usize, Decision>,
    /// The numbers given so far.
    pub given: Given,
}

/// How often a table is gone through at most. Twice is usual: the second time nothing changes.
const TIMES: usize = 6;

/// Goes through a table, until going through it once more would change nothing: a later row may have told who is meant
/// by an earlier one.
pub fn plan(book: &Book, question: &Question<'_>) -> Plan {
    let entries: Vec<_> = question
        .sheet
        .rows
        .iter()
        .map(|row| (row.line, question.reader.read(row)))
        .collect();
    let mut plan = once(book.clone(), question.given, question, &entries);
    for _ in 1..TIMES {
        let next = once(plan.book.clone(), plan.given, question, &entries);
        let over = !next.changes();
        plan = plan.then(next);
        if over {
            break;
        }
    }
    let unread = question.sheet.faults.iter();
    plan.rows
        .extend(unread.map(|fault| refused(fault.line, NotTaken::Unread(fault.why.clone()))));
    plan.rows.sort_by_key(|row| row.line);
    plan
}

type Read = (usize, Result<Entry, Unfit>);

fn once(book: Book, given: Given, question: &Question<'_>, entries: &[Read]) -> Plan {
    let said = entries
        .iter()
        .filter_map(|(_, entry)| entry.as_ref().ok()?.number)
        .max();
    let index = Index::of(&book);
    let mut walk = Walk {
        question,
        homes: homes(&book),
        claims: Claims::new(),
        card: given
            .memberships
            .max(said.unwrap_or(0))
            .max(index.highest_number()),
        index,
        plan: Plan {
            rows: Vec::with_capacity(entries.len()),
            book,
            people: BTreeSet::new(),
            households: BTreeSet::new(),
            memberships: BTreeSet::new(),
            rules: House::default(),
            given,
        },
    };
    for (line, entry) in entries {
        let row = match entry {
            Ok(entry) => walk.row(entry),
            Err(Unfit::Empty) => refused(*line, NotTaken::NoName),
            Err(unfit) => refused(*line, NotTaken::UnfitName(*unfit)),
        };
        walk.plan.rows.push(row);
    }
    walk.plan
}

pub(super) fn refused(line: usize, why: NotTaken) -> RowPlan {
    RowPlan {
        line,
        name: String::new(),
        verdict: Verdict::NotTaken(why),
        notes: Vec::new(),
    }
}

/// By name and place, and by the place alone where no name is said; of several the one with the lowest number.
fn homes(book: &Book) -> Homes {
    let mut homes = Homes::new();
    for (id, household) in &book.households {
        let key = home_key(household.name.as_deref(), household.address.as_ref());
        homes.entry(key).or_insert(*id);
    }
    for (id, household) in book
        .households
        .iter()
        .filter(|(_, household)| household.address.is_some())
    {
        homes
            .entry(home_key(None, household.address.as_ref()))
            .or_insert(*id);
    }
    homes
}

struct Walk<'a> {
    question: &'a Question<'a>,
    index: Index,
    homes: Homes,
    claims: Claims,
    /// The highest number on a card, of those given and those that the table names.
    card: u32,
    plan: Plan,
}

impl Walk<'_> {
    fn row(&mut self, entry: &Entry) -> RowPlan {
        let found = self.index.find(&self.plan.book, &Sought::of(entry));
        let decided = self.question.decisions.get(&entry.line).copied();
        let verdict = match (decided, found) {
            (Some(Decision::Leave), _) => Err(NotTaken::Left),
            (_, Found::NumberOf(person)) => Err(NotTaken::NumberOf {
                number: entry.number.unwrap_or(0),
                person,
            }),
            (Some(Decision::Person(id)), _) if self.plan.book.people.contains_key(&id) => {
                Ok(self.take(id, entry, Trust::Full))
            }
            (Some(Decision::New), Found::Perhaps(_)) | (_, Found::Nobody) => Ok(self.enter(entry)),
            (_, Found::Sure(id)) => Ok(self.take(id, entry, Trust::Full)),
            (_, Found::Perhaps(ids)) => self.perhaps(&ids, entry),
        };
        let (verdict, notes) = match verdict {
            Ok((verdict, notes)) => (verdict, [entry.notes.clone(), notes].concat()),
            Err(why) => (Verdict::NotTaken(why), Vec::new()),
        };
        RowPlan {
            line: entry.line,
            name: entry.name.clone(),
            verdict,
            notes,
        }
    }

    /// Where one of those who may be meant has everything already that the row says, it is they.
    fn perhaps(&mut self, ids: &[PersonId], entry: &Entry) -> Result<(Verdict, Vec<CellNote>), NotTaken> {
        let all_there = |id: &&PersonId| {
            let applied = apply(&self.scene(), **id, entry, Trust::NameOnly);
            let counts = |about: &About| !matches!(about, About::Field(Field::Born | Field::Pronouns));
            let differs = |note: &CellNote| {
                counts(&note.about) && matches!(note.why, CellFault::BookStays | CellFault::Otherwise { .. })
            };
            !applied.fields.iter().any(counts) && !applied.notes.iter().any(differs)
        };
        if let Some(id) = ids.iter().find(all_there).copied() {
            return Ok(self.take(id, entry, Trust::NameOnly));
        }
        match self.question.same_name {
            SameName::New => Ok(self.enter(entry)),
            SameName::Ask => Err(NotTaken::Who(ids.to_vec())),
        }
    }

    fn scene(&self) -> Scene<'_> {
        Scene {
            setting: &self.question.setting,
            book: &self.plan.book,
            homes: &self.homes,
            claims: &self.claims,
            next_household: HouseholdId::new(self.plan.given.households + 1),
            next_number: self.card + 1,
        }
    }

    fn enter(&mut self, entry: &Entry) -> (Verdict, Vec<CellNote>) {
        self.plan.given.people += 1;
        let id = PersonId::new(self.plan.given.people);
        let applied = apply(&self.scene(), id, entry, Trust::Full);
        let notes = applied.notes.clone();
        self.keep(id, entry, applied);
        (Verdict::New(id), notes)
    }

    fn take(&mut self, id: PersonId, entry: &Entry, trust: Trust) -> (Verdict, Vec<CellNote>) {
        let applied = apply(&self.scene(), id, entry, trust);
        let (fields, notes) = (applied.fields.clone(), applied.notes.clone());
        self.keep(id, entry, applied);
        let verdict = if fields.is_empty() {
            Verdict::Same(id)
        } else {
            Verdict::Changed(id, fields)
        };
        (verdict, notes)
    }

    fn keep(&mut self, id: PersonId, entry: &Entry, applied: Applied) {
        for about in claimed(entry) {
            self.claims.entry((id, about)).or_insert(entry.line);
        }
        let book = &mut self.plan.book;
        if let Some((home, household)) = applied.household
            && home.number() > self.plan.given.households
        {
            self.plan.given.households = home.number();
            let key = home_key(household.name.as_deref(), household.address.as_ref());
            self.homes.entry(key).or_insert(home);
            book.households.insert(home, household);
            self.plan.households.insert(home);
        }
        if let Some(membership) = applied.membership {
            if membership.number == Some(self.card + 1) {
                self.card += 1;
            }
            self.plan.given.memberships = self.plan.given.memberships.max(membership.number.unwrap_or(0));
            book.memberships.insert(id, membership);
            self.plan.memberships.insert(id);
        }
        if book.people.get(&id) != Some(&applied.person) {
            book.people.insert(id, applied.person);
            self.plan.people.insert(id);
        }
        if let Some(person) = book.people.get(&id) {
            self.index.add(book, id, person);
        }
    }
}

/// The single things that a row says.
fn claimed(entry: &Entry) -> Vec<About> {
    let said = [
        (Field::Sort, entry.sort.is_some()),
        (Field::Called, entry.called.is_some()),
        (Field::Pronouns, entry.pronouns.is_some()),
        (Field::Born, entry.born.is_some()),
        (Field::Access, entry.access.is_some()),
        (Field::Note, entry.note.is_some()),
        (Field::Reach, entry.reach.is_some()),
        (Field::LargePrint, entry.large_print.is_some()),
        (Field::Household, entry.household.is_some()),
        (Field::Address, entry.address.is_some()),
        (
            Field::Status,
            entry.status.is_some() || entry.class.is_some() || entry.left.is_some(),
        ),
    ];
    said.into_iter()
        .filter(|(_, said)| *said)
        .map(|(field, _)| About::Field(field))
        .chain(entry.answers.keys().cloned())
        .collect()
}
