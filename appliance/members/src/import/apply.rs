//! What one row would change of one person: nothing is changed here, so that it can be shown first.

use std::collections::BTreeMap;

use jiff::civil::Date;
use units::{HouseholdId, Instant, PersonId};

use super::about::About;
use super::entry::{CellFault, CellNote, Entry};
use super::field::Field;
use super::find::{place_key, same_place, way_key};
use super::mapping::Together;
use crate::book::Book;
use crate::household::Household;
use crate::membership::{Membership, Move, NoMove, Status};
use crate::person::{Person, Way, WayKind};
use crate::record::Newer;
use crate::text::folded;

/// What is the same for every row.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Today.
    pub today: Date,
    /// Now.
    pub now: Instant,
    /// Who reads the table in.
    pub by: Option<PersonId>,
    /// The class of those for whom none is named.
    pub class: Option<String>,
    /// Who becomes a household.
    pub together: Together,
}

/// How sure it is that a row is about somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// More than the name agrees, or somebody said so, or the person is new.
    Full,
    /// Only the name agrees: what the book says is not changed, only added to.
    NameOnly,
}

/// What a row would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The person afterwards.
    pub person: Person,
    /// The household afterwards, where it is another or changed.
    pub household: Option<(HouseholdId, Household)>,
    /// The membership afterwards.
    pub membership: Option<Membership>,
    /// What changed.
    pub fields: Vec<About>,
    /// What was left out.
    pub notes: Vec<CellNote>,
}

/// The single things that rows have said so far, so that a later row of the same person cannot say otherwise.
pub(super) type Claims = BTreeMap<(PersonId, About), usize>;

/// The households by what they are found by.
pub(super) type Homes = BTreeMap<String, HouseholdId>;

/// The state of an import in which one row is looked at.
pub(super) struct Scene<'a> {
    pub(super) setting: &'a Setting,
    pub(super) book: &'a Book,
    pub(super) homes: &'a Homes,
    pub(super) claims: &'a Claims,
    pub(super) next_household: HouseholdId,
    pub(super) next_number: u32,
}

/// What rows say of a household: by its name and place.
pub(super) fn home_key(name: Option<&str>, household: Option<&crate::person::Address>) -> String {
    let name = name.map(folded).unwrap_or_default();
    let place = household.map(place_key).unwrap_or_default();
    format!("{name}\n{place}")
}

/// Applies a row to a person, who is new where the book does not have them.
pub(super) fn apply(scene: &Scene<'_>, id: PersonId, entry: &Entry, trust: Trust) -> Applied {
    let person = scene.book.people.get(&id).cloned();
    let new = person.is_none();
    let person = person.unwrap_or_else(|| blank(entry, scene.setting.now));
    let mut work = Work {
        scene,
        id,
        entry,
        trust,
        applied: Applied {
            person,
            household: None,
            membership: None,
            fields: if new { vec![Field::Name.into()] } else { Vec::new() },
            notes: Vec::new(),
        },
    };
    work.single_fields();
    work.answers();
    work.added_fields();
    work.home();
    work.membership();
    work.applied
}

fn blank(entry: &Entry, now: Instant) -> Person {
    let mut person = Person::named("x", now).expect("a letter is a name");
    person.name.clone_from(&entry.name);
    person.kind = entry.kind;
    person
}

struct Work<'a> {
    scene: &'a Scene<'a>,
    id: PersonId,
    entry: &'a Entry,
    trust: Trust,
    applied: Applied,
}

impl Work<'_> {
    fn note(&mut self, about: impl Into<About>, why: CellFault) {
        let about = about.into();
        self.applied.notes.push(CellNote { about, why });
    }

    fn changed(&mut self, about: impl Into<About>) {
        self.applied.fields.push(about.into());
    }

    /// Whether a single thing may become what the row says; where not, a note tells why.
    fn may(&mut self, about: impl Into<About>, empty: bool) -> bool {
        let about = about.into();
        if let Some(line) = self.scene.claims.get(&(self.id, about.clone())) {
            self.note(about, CellFault::Otherwise { line: *line });
            return false;
        }
        if self.trust == Trust::NameOnly && !empty {
            self.note(about, CellFault::BookStays);
            return false;
        }
        true
    }

    fn set<T: Clone + PartialEq>(
        &mut self,
        field: Field,
        said: Option<&T>,
        place: fn(&mut Person) -> &mut Option<T>,
    ) {
        let Some(said) = said else { return };
        let there = place(&mut self.applied.person).clone();
        if there.as_ref() == Some(said) || !self.may(field, there.is_none()) {
            return;
        }
        *place(&mut self.applied.person) = Some(said.clone());
        self.changed(field);
    }

    fn single_fields(&mut self) {
        let entry = self.entry;
        self.set(Field::Sort, entry.sort.as_ref(), |person| &mut person.sort);
        self.set(Field::Called, entry.called.as_ref(), |person| &mut person.called);
        self.set(Field::Pronouns, entry.pronouns.as_ref(), |person| {
            &mut person.pronouns
        });
        self.set(Field::Born, entry.born.as_ref(), |person| &mut person.born);
        self.set(Field::Access, entry.access.as_ref(), |person| &mut person.access);
        self.set(Field::Note, entry.note.as_ref(), |person| &mut person.note);
        if let Some(reach) = entry.reach
            && self.applied.person.reach != reach
            && self.may(Field::Reach, false)
        {
            self.applied.person.reach = reach;
            self.changed(Field::Reach);
        }
        if let Some(large) = entry.large_print
            && self.applied.person.large_print != large
            && self.may(Field::LargePrint, false)
        {
            self.applied.person.large_print = large;
            self.changed(Field::LargePrint);
        }
    }

    /// The answers to questions of the house.
    fn answers(&mut self) {
        let entry = self.entry;
        for (about, said) in &entry.answers {
            let About::Question { key, .. } = about else {
                continue;
            };
            let there = self.applied.person.custom.get(key);
            let empty = there.is_none();
            if there != Some(said) && self.may(about.clone(), empty) {
                self.applied.person.custom.insert(key.clone(), said.clone());
                self.changed(about.clone());
            }
        }
    }

    /// What is added to and never taken away.
    fn added_fields(&mut self) {
        let person = &mut self.applied.person;
        for (kind, value) in &self.entry.ways {
            let key = way_key(*kind, value).unwrap_or_else(|| value.clone());
            let known = person
                .ways
                .iter()
                .any(|way| way_key(way.kind, &way.value).unwrap_or_else(|| way.value.clone()) == key);
            if !known {
                person.ways.push(Way {
                    kind: *kind,
                    value: value.clone(),
                    note: None,
                    newer: Newer::default(),
                });
                let field = match kind {
                    WayKind::Mobile => Field::Mobile,
                    WayKind::Email => Field::Email,
                    WayKind::Phone | WayKind::Other => Field::Phone,
                };
                self.applied.fields.push(field.into());
            }
        }
        let tags = person.tags.len();
        person.tags.extend(self.entry.tags.iter().cloned());
        if person.tags.len() > tags {
            self.applied.fields.push(Field::Tags.into());
        }
        let languages: Vec<&String> = self
            .entry
            .languages
            .iter()
            .filter(|one| !person.languages.contains(one))
            .collect();
        if !languages.is_empty() {
            person.languages.extend(languages.into_iter().cloned());
            self.applied.fields.push(Field::Languages.into());
        }
        self.applied.fields.dedup();
    }

    /// The household and the address.
    fn home(&mut self) {
        let entry = self.entry;
        let book = self.scene.book;
        let own = self.applied.person.household;
        let named = entry.household.as_deref();
        let stays = own.filter(|own| {
            let theirs = book
                .households
                .get(own)
                .and_then(|household| household.name.as_deref());
            named.is_none_or(|named| theirs.is_some_and(|theirs| folded(theirs) == folded(named)))
        });
        let together = self.scene.setting.together == Together::SameAddress && entry.address.is_some();
        let joins = stays.is_none() && (named.is_some() || together);
        if joins && self.may(Field::Household, own.is_none()) {
            let key = home_key(named, entry.address.as_ref());
            let (id, household) = match self.scene.homes.get(&key) {
                Some(id) => (*id, book.households.get(id).cloned().unwrap_or_default()),
                None => {
                    let mut household = Household::new();
                    household.name = entry.household.clone();
                    household.address.clone_from(&entry.address);
                    (self.scene.next_household, household)
                }
            };
            self.applied.person.household = Some(id);
            self.applied.household = Some((id, household));
            self.changed(Field::Household);
        }
        self.address();
    }

    fn address(&mut self) {
        let Some(said) = &self.entry.address else { return };
        let household = self.applied.household.as_ref().map(|(_, household)| household);
        let household = household.or_else(|| self.scene.book.household_of(&self.applied.person));
        let shared = household.and_then(|household| household.address.as_ref());
        let own = self.applied.person.address.as_ref();
        // Another spelling of the place where the household lives is no address of one's own.
        let at_home = shared.is_some_and(|shared| same_place(shared, said));
        if own == Some(said) || own.is_none() && at_home {
            return;
        }
        let empty = own.or(shared).is_none();
        if self.may(Field::Address, empty) {
            self.applied.person.address = (!at_home).then(|| said.clone());
            self.changed(Field::Address);
        }
    }

    fn membership(&mut self) {
        let entry = self.entry;
        let said = entry.number.is_some()
            || entry.class.is_some()
            || entry.status.is_some()
            || entry.joined.is_some()
            || entry.left.is_some();
        let default = self.scene.setting.class.is_some();
        let before = self.scene.book.memberships.get(&self.id);
        if !said && (!default || before.is_some()) {
            return;
        }
        let after = match before {
            None => self.begun(),
            Some(before) => self.moved(before),
        };
        if let Some(after) = after.filter(|after| Some(after) != before) {
            self.applied.membership = Some(after);
        }
    }

    fn step(&self, to: Status, class: &str, on: Date) -> Move {
        Move {
            to,
            class: Some(class.to_owned()),
            on,
            why: to
                .needs_reason()
                .then(|| "As in the table that was read in".to_owned()),
            by: self.scene.setting.by,
            at: self.scene.setting.now,
        }
    }

    fn begun(&mut self) -> Option<Membership> {
        let (entry, today) = (self.entry, self.scene.setting.today);
        let Some(class) = entry.class.clone().or_else(|| self.scene.setting.class.clone()) else {
            self.note(Field::Class, CellFault::NoClass);
            return None;
        };
        let status = entry.status.unwrap_or(if entry.left.is_some() {
            Status::Left
        } else {
            Status::Member
        });
        let joined = entry.joined.or(entry.left).unwrap_or(today);
        let first = match status {
            Status::Applied | Status::Refused => Status::Applied,
            _ => Status::Member,
        };
        let begun = Membership::begin(self.step(first, &class, joined)).and_then(|begun| {
            if status == first {
                return Ok(begun);
            }
            begun.moved(self.step(status, &class, entry.left.unwrap_or(today.max(joined))))
        });
        match begun {
            Ok(mut membership) => {
                let number = status.is_member().then_some(self.scene.next_number);
                membership.number = entry.number.or(number);
                self.changed(Field::Status);
                Some(membership)
            }
            Err(why) => {
                self.note(Field::Status, CellFault::Stays(why));
                None
            }
        }
    }

    fn moved(&mut self, before: &Membership) -> Option<Membership> {
        let (entry, today) = (self.entry, self.scene.setting.today);
        let mut after = before.clone();
        match (before.number, entry.number) {
            (None, Some(number)) => {
                after.number = Some(number);
                self.changed(Field::MemberNumber);
            }
            (Some(there), Some(said)) if there != said => {
                self.note(Field::MemberNumber, CellFault::OtherNumber);
            }
            _ => {}
        }
        if entry
            .joined
            .is_some_and(|joined| before.history.first().is_some_and(|step| step.on != joined))
        {
            self.note(Field::Joined, CellFault::OtherDay);
        }
        let now = before.status().unwrap_or(Status::Member);
        let status = entry
            .status
            .unwrap_or(if entry.left.is_some() && now.is_member() {
                Status::Left
            } else {
                now
            });
        let class = entry.class.clone().unwrap_or_else(|| before.class().to_owned());
        if (status, class.as_str()) == (now, before.class()) {
            return Some(after);
        }
        if !self.may(Field::Status, false) {
            return Some(after);
        }
        let on = entry.left.filter(|_| !status.is_member()).unwrap_or(today);
        match after.moved(self.step(status, &class, on)) {
            Ok(moved) => {
                self.changed(Field::Status);
                Some(moved)
            }
            Err(NoMove::Same(_)) => Some(after),
            Err(why) => {
                self.note(Field::Status, CellFault::Stays(why));
                Some(after)
            }
        }
    }
}
