//! What would become of a table in our own columns. People and households are known again by what only the same entry
//! has; they keep their numbers where these are free. What stands in the table is set as it is, and what is empty there
//! is emptied; only a membership that the book has stays, since its history is not to be rewritten.

use std::collections::{BTreeMap, BTreeSet};

use units::{HouseholdId, PersonId};

use super::read::{Own, rows};
use super::rules::{Place, Rule};
use crate::book::Book;
use crate::house::House;
use crate::household::Household;
use crate::import::about::About;
use crate::import::answer::checked;
use crate::import::entry::{CellFault, CellNote};
use crate::import::field::Field;
use crate::import::plan::{Decision, Given, NotTaken, Plan, RowPlan, Verdict, refused};
use crate::membership::Membership;
use crate::person::{Person, Relation};
use crate::record::Record;
use crate::sheet::Sheet;

const MEMBERSHIP: &str = "membership of somebody who is not in the book";
const HOUSEHOLD: &str = "household where nobody lives";
const RULE: &str = "rule of the house";

/// Upon what a table comes.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The book.
    pub book: &'a Book,
    /// What its house decided.
    pub house: &'a House,
    /// What was said of single rows, by their line.
    pub decisions: &'a BTreeMap<usize, Decision>,
    /// The numbers given so far.
    pub given: Given,
}

/// What would become of a table in our own columns.
pub fn plan(ground: Ground<'_>, sheet: &Sheet) -> Plan {
    let mut walk = Walk::new(ground);
    let mut owns: Vec<Own> = Vec::new();
    let mut lines: BTreeMap<PersonId, usize> = BTreeMap::new();
    for (line, name, own) in rows(sheet) {
        let left = ground.decisions.get(&line) == Some(&Decision::Leave);
        let before = own.as_ref().ok().and_then(|own| lines.get(&own.id?).copied());
        match own {
            _ if left => walk.refuse(line, name, NotTaken::Left),
            Err(why) => walk.refuse(line, name, why),
            Ok(_) if before.is_some() => walk.refuse(line, name, NotTaken::Twice(before.unwrap_or(0))),
            Ok(own) => {
                lines.extend(own.id.map(|id| (id, line)));
                owns.push(own);
            }
        }
    }
    for fault in &sheet.faults {
        walk.refuse(fault.line, String::new(), NotTaken::Unread(fault.why.clone()));
    }
    // The answers in the rows of people are held against the questions that the table brings along.
    owns.sort_by_key(|own| own.rule.is_none());
    walk.number_people(&owns);
    walk.number_households(&owns);
    for own in owns {
        walk.take(own);
    }
    walk.plan.rows.sort_by_key(|row| row.line);
    walk.plan
}

/// The households in which somebody lives.
pub(super) fn lived_in(book: &Book) -> BTreeSet<HouseholdId> {
    book.people
        .values()
        .filter_map(|person| person.household)
        .collect()
}

pub(super) struct Walk<'a> {
    pub(super) ground: Ground<'a>,
    /// Who somebody of the table is in the book, or why nobody knows.
    pub(super) people: BTreeMap<PersonId, Result<PersonId, NotTaken>>,
    /// Those of the book who are somebody of the table.
    pub(super) known: BTreeSet<PersonId>,
    pub(super) households: BTreeMap<HouseholdId, HouseholdId>,
    /// The row that has told of a household.
    told: BTreeMap<HouseholdId, usize>,
    cards: BTreeSet<u32>,
    /// The house with what the table adds.
    house: House,
    pub(super) next_person: u32,
    pub(super) next_household: u32,
    plan: Plan,
}

impl<'a> Walk<'a> {
    fn new(ground: Ground<'a>) -> Self {
        Self {
            ground,
            people: BTreeMap::new(),
            known: BTreeSet::new(),
            households: BTreeMap::new(),
            told: BTreeMap::new(),
            cards: ground
                .book
                .memberships
                .values()
                .filter_map(|one| one.number)
                .collect(),
            house: ground.house.clone(),
            next_person: ground.given.people + 1,
            next_household: ground.given.households + 1,
            plan: Plan {
                rows: Vec::new(),
                book: ground.book.clone(),
                people: BTreeSet::new(),
                households: BTreeSet::new(),
                memberships: BTreeSet::new(),
                rules: House::default(),
                given: ground.given,
            },
        }
    }

    fn refuse(&mut self, line: usize, name: String, why: NotTaken) {
        self.plan.rows.push(RowPlan {
            name,
            ..refused(line, why)
        });
    }

    /// Who somebody of the table is.
    pub(super) fn person(&self, id: PersonId) -> Option<PersonId> {
        self.people.get(&id)?.as_ref().ok().copied()
    }

    /// Somebody who is named in a row: as they are numbered here, or as they were where the book says so already or
    /// nobody here ever had the number.
    fn referred(&self, id: PersonId, there: bool) -> Option<PersonId> {
        let free = id.number() > self.ground.given.people && !self.people.contains_key(&id);
        self.person(id).or((there || free).then_some(id))
    }

    fn take(&mut self, own: Own) {
        let id = match own.id.map(|id| self.people.get(&id).cloned()) {
            Some(Some(Err(why))) => {
                let name = own.person.map(|person| person.name).unwrap_or_default();
                return self.refuse(own.line, name, why);
            }
            Some(Some(Ok(id))) => Some(id),
            Some(None) | None => None,
        };
        let nobody = own.person.is_none();
        let mut said = Said::default();
        if let Some((home, household)) = own.household {
            self.take_household(own.line, (home, household), &mut said);
        }
        let mut row = RowPlan {
            line: own.line,
            name: String::new(),
            verdict: Verdict::Beside(HOUSEHOLD, false),
            notes: Vec::new(),
        };
        let mut new = false;
        if let (Some(id), Some(person)) = (id, own.person) {
            row.name.clone_from(&person.name);
            new = self.take_person(id, person, &mut said);
        }
        if let (Some(id), Some(membership)) = (id, own.membership) {
            self.take_membership(id, membership, &mut said);
        }
        let rule = own.rule.is_some();
        if let Some(rule) = own.rule {
            match rule.place(&self.house) {
                Place::Same => {}
                Place::Otherwise => said.note(About::Part(RULE), CellFault::HouseStays),
                Place::Free if matches!(rule, Rule::Class(..)) => {
                    said.note(About::Part(RULE), CellFault::ClassFirst);
                }
                Place::Free => {
                    rule.clone().add(&mut self.house);
                    rule.add(&mut self.plan.rules);
                    said.changed.push(About::Part(RULE));
                }
            }
        }
        let changes = !said.changed.is_empty();
        row.verdict = match id.filter(|_| !nobody) {
            Some(id) if new => Verdict::New(id),
            Some(id) if changes => Verdict::Changed(id, said.changed),
            Some(id) => Verdict::Same(id),
            None if rule => Verdict::Beside(RULE, changes),
            None if id.is_some() => Verdict::Beside(MEMBERSHIP, changes),
            None => Verdict::Beside(HOUSEHOLD, changes),
        };
        row.notes = said.notes;
        self.plan.rows.push(row);
    }

    fn take_household(
        &mut self,
        line: usize,
        (home, mut household): (HouseholdId, Household),
        said: &mut Said,
    ) {
        let Some(home) = self.households.get(&home).copied() else {
            return;
        };
        let now = self.plan.book.households.get(&home);
        household.newer = now.map(|now| now.newer.clone()).unwrap_or_default();
        let first = *self.told.entry(home).or_insert(line);
        if now == Some(&household) {
            return;
        }
        if first != line {
            said.note(Field::Household, CellFault::HouseholdOtherwise { line: first });
            return;
        }
        self.plan.given.households = self.plan.given.households.max(home.number());
        self.plan.book.households.insert(home, household);
        self.plan.households.insert(home);
        said.changed.push(About::Part("The household itself"));
    }

    /// Whether the person is new.
    fn take_person(&mut self, id: PersonId, mut person: Person, said: &mut Said) -> bool {
        let before = self.ground.book.people.get(&id);
        person.household = person
            .household
            .and_then(|home| self.households.get(&home))
            .copied();
        let relations = std::mem::take(&mut person.relations);
        for relation in relations {
            let there = before.is_some_and(|before| before.relations.contains(&relation));
            match self.referred(relation.person, there) {
                Some(person_here) => person.relations.push(Relation {
                    person: person_here,
                    ..relation
                }),
                None => said.note(About::Part("Relations"), CellFault::NobodyThere),
            }
        }
        self.fit_answers(&mut person, before, said);
        person.newer = before.map(|before| before.newer.clone()).unwrap_or_default();
        if before == Some(&person) {
            return false;
        }
        if let Some(before) = before {
            said.changed.extend(differing(before, &person));
        }
        let named = person
            .relations
            .iter()
            .map(|relation| relation.person)
            .chain([id]);
        self.give_people(named);
        self.plan.book.people.insert(id, person);
        self.plan.people.insert(id);
        before.is_none()
    }

    /// Leaves out what is no answer to a question of the house, unless the book has it already.
    fn fit_answers(&self, person: &mut Person, before: Option<&Person>, said: &mut Said) {
        let answers = std::mem::take(&mut person.custom);
        for (key, given) in answers {
            let now = before.and_then(|before| before.custom.get(&key));
            let field = self.house.fields.get(&key);
            let label = field.map_or(&key, |field| &field.label).clone();
            let fits = match field {
                _ if now == Some(&given) => Ok(Some(given)),
                Some(field) => checked(field, &given),
                None => Err(CellFault::NoSuchQuestion),
            };
            let kept = fits.unwrap_or_else(|fault| {
                let key = key.clone();
                said.note(About::Question { key, label }, fault);
                now.cloned()
            });
            person.custom.extend(kept.map(|kept| (key, kept)));
        }
    }

    fn take_membership(&mut self, id: PersonId, mut membership: Membership, said: &mut Said) {
        let before = self.ground.book.memberships.get(&id);
        for (at, step) in membership.history.iter_mut().enumerate() {
            let there = before.and_then(|before| before.history.get(at)?.by);
            step.by = step.by.and_then(|by| self.referred(by, there == Some(by)));
        }
        if let Some(before) = before {
            membership.newer = before.newer.clone();
            if *before != membership {
                said.note(Field::Status, CellFault::HistoryStays);
            }
            return;
        }
        if membership.number.is_some_and(|number| !self.cards.insert(number)) {
            membership.number = None;
            said.note(Field::MemberNumber, CellFault::NumberTaken);
        }
        let named: Vec<PersonId> = membership.history.iter().filter_map(|step| step.by).collect();
        self.give_people(named.into_iter().chain([id]));
        let number = membership.number.unwrap_or(0);
        self.plan.given.memberships = self.plan.given.memberships.max(number);
        self.plan.book.memberships.insert(id, membership);
        self.plan.memberships.insert(id);
        said.changed.push(About::Part("Membership"));
    }

    /// Nobody else gets these numbers.
    fn give_people(&mut self, ids: impl Iterator<Item = PersonId>) {
        let highest = ids.map(PersonId::number).max().unwrap_or(0);
        self.plan.given.people = self.plan.given.people.max(highest);
    }
}

/// What is said of one row.
#[derive(Default)]
struct Said {
    changed: Vec<About>,
    notes: Vec<CellNote>,
}

impl Said {
    fn note(&mut self, about: impl Into<About>, why: CellFault) {
        let about = about.into();
        self.notes.push(CellNote { about, why });
    }
}

/// What two records of one person differ in.
fn differing(before: &Person, after: &Person) -> Vec<About> {
    let pairs = before.told().into_iter().zip(after.told());
    let differ = pairs.filter(|(before, after)| before.values != after.values);
    differ.map(|(before, _)| About::Part(before.rule.label)).collect()
}
