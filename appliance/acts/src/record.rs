//! The record of who did what, read by people: what was done with one's own data, and the whole of it for whoever may
//! read it. Reading lines that are about people is itself written down.

mod lines;

use std::collections::BTreeMap;

use members::merge::Merged;
use store::{AuditFault, AuditLine, Store, StoreError, Whose, Why};
use units::{Instant, PersonId};

use crate::act::{ActError, allowed};
use crate::book::Told;
use crate::merge::numbers_of;
use crate::rows::{RowError, get};
use crate::table::{ACTS, ActKind};
use crate::{Actor, Acts, Right};

pub use lines::{LineView, csv, json_lines};

/// Which lines somebody asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Only this act, by its name.
    pub act: Option<String>,
    /// Only what this person did, or what was done with their data.
    pub person: Option<PersonId>,
    /// From this moment on.
    pub from: Option<Instant>,
    /// Before this moment.
    pub until: Option<Instant>,
    /// Only lines below this number.
    pub below: Option<u64>,
    /// At most so many.
    pub count: usize,
}

/// A line in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineTold {
    /// Its number.
    pub number: u64,
    /// When.
    pub at: Instant,
    /// Who, if it is somebody of the book.
    pub who: Option<PersonId>,
    /// Who, by name while they are in the book, else by number, or in words.
    pub by: String,
    /// By which way: page, command, box.
    pub via: String,
    /// The act's name.
    pub act: String,
    /// What was done.
    pub sentence: &'static str,
    /// Upon what.
    pub subject: String,
    /// What else matters.
    pub detail: String,
    /// Whose data it was about, by name where the reader may know it.
    pub whose: Vec<String>,
    /// Whether it was about everybody's.
    pub everybody: bool,
    /// Why; nothing where nobody said.
    pub why: Option<String>,
}

/// Lines, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines {
    /// The lines.
    pub lines: Vec<LineTold>,
    /// Below which number older ones are.
    pub older: Option<u64>,
    /// Whether lines about people are among them: not for somebody who only looks after the machine.
    pub people_too: bool,
}

/// What looking through the whole chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    /// So many lines, and none was changed.
    Whole(u64),
    /// Something was changed; the sentence says where.
    Broken(String),
}

/// So many lines are read at a time.
const STEP: usize = 500;
/// Words for a reason that went with somebody's data.
const ERASED: &str = "erased with somebody's data";

impl Acts {
    /// What was done with the actor's own data, newest first; what they did themselves only if wished.
    pub async fn done_with_mine(
        &self,
        actor: &Actor,
        own_too: bool,
        below: Option<u64>,
        count: usize,
    ) -> Result<Lines, ActError> {
        let Some(person) = actor.person() else {
            return Err(ActError::NotAllowed(Right::OwnAccount));
        };
        self.on_card(move |store| {
            let numbers = numbers_of(store, person)?;
            let own = |who: Option<PersonId>| who.is_some_and(|who| numbers.contains(&who));
            let fits = |line: &AuditLine| own_too || !own(line.entry.who);
            let read = |below, step| audit_of(store, &numbers, below, step);
            let (lines, older) = gathered(read, fits, below, count)?;
            let mut names = Names::new(store);
            let lines = lines.into_iter().map(|line| names.tell(line, true));
            Ok(Lines {
                lines: lines.collect::<Result<_, _>>()?,
                older,
                people_too: true,
            })
        })
        .await
    }

    /// The record as it was asked for, newest first. That somebody read lines about people is written down. Whoever only
    /// looks after the machine gets the lines about nobody's data, without names and reasons.
    pub async fn read_record(&self, actor: &Actor, asked: Asked) -> Result<Lines, ActError> {
        allowed(actor, ActKind::ReadRecord)?;
        let people_too = reads_about_people(actor);
        if asked.person.is_some() && !people_too {
            return Err(ActError::NotAllowed(Right::LookAudit));
        }
        let names_too = actor.may(Right::LookPeople) && actor.person().is_some();
        let what = asked.words();
        let whose = match asked.person {
            Some(person) => Whose::People(vec![person]),
            None => Whose::Everybody,
        };
        let (lines, personal) = self
            .on_card(move |store| {
                let numbers = asked.person.map(|person| numbers_of(store, person)).transpose()?;
                let fits = |line: &AuditLine| {
                    asked.fits(line, numbers.as_deref()) && (people_too || line.entry.whose == Whose::Nobody)
                };
                let read = |below, step| store.audit_entries(below, step);
                let (lines, older) = gathered(read, fits, asked.below, asked.count)?;
                let personal = people_too && lines.iter().any(is_personal);
                let mut names = Names::new(store);
                let tell = |line| {
                    if people_too {
                        names.tell(line, names_too)
                    } else {
                        Ok(told(line))
                    }
                };
                let found = Lines {
                    lines: lines.into_iter().map(tell).collect::<Result<_, _>>()?,
                    older,
                    people_too,
                };
                Ok((found, personal))
            })
            .await?;
        if personal {
            let told = Told {
                whose,
                detail: what,
                ..Told::default()
            };
            self.keep(actor, ActKind::ReadRecord, Vec::new(), told).await?;
        }
        Ok(lines)
    }

    /// Looks through the whole chain, whether a line was changed or is missing.
    pub async fn check_record(&self, actor: &Actor) -> Result<Checked, ActError> {
        allowed(actor, ActKind::CheckRecord)?;
        self.on_card(|store| Ok(check(store)?)).await
    }
}

/// Looks through the whole chain of a store; whoever has its file needs no right. Where a page of the file was changed, the
/// record is not what was written either.
pub fn check(store: &Store) -> Result<Checked, StoreError> {
    match store.verify_audit() {
        Ok(lines) => Ok(Checked::Whole(lines)),
        Err(fault @ AuditFault::BrokenAt { .. }) => Ok(Checked::Broken(fault.to_string())),
        Err(AuditFault::Store(error @ StoreError::Damaged { .. })) => Ok(Checked::Broken(error.to_string())),
        Err(AuditFault::Store(error)) => Err(error),
    }
}

/// Every line that is about somebody or tells of what they did, newest first.
pub(crate) fn lines_about(store: &Store, person: PersonId) -> Result<Vec<LineTold>, RowError> {
    let numbers = numbers_of(store, person)?;
    let read = |below, step| store.audit_entries(below, step);
    let (lines, _) = gathered(read, |line| concerns(line, &numbers), None, usize::MAX)?;
    let mut names = Names::new(store);
    let own = |line: &AuditLine| match &line.entry.whose {
        Whose::People(people) => people.iter().all(|person| numbers.contains(person)),
        Whose::Nobody | Whose::Everybody => true,
    };
    lines
        .into_iter()
        .map(|line| {
            let why = own(&line);
            let told = names.tell(line, false)?;
            // A reason may name others whom the line is about too.
            Ok(LineTold {
                why: told.why.filter(|_| why),
                ..told
            })
        })
        .collect()
}

/// Whether a line is about somebody with one of these numbers, or tells of what they did.
fn concerns(line: &AuditLine, numbers: &[PersonId]) -> bool {
    line.entry.who.is_some_and(|who| numbers.contains(&who))
        || match &line.entry.whose {
            Whose::People(people) => people.iter().any(|person| numbers.contains(person)),
            Whose::Everybody => true,
            Whose::Nobody => false,
        }
}

/// At most so many lines about somebody's data under any of their numbers, newest first.
fn audit_of(
    store: &Store,
    numbers: &[PersonId],
    below: Option<u64>,
    step: usize,
) -> Result<Vec<AuditLine>, StoreError> {
    let mut lines = Vec::new();
    for number in numbers {
        lines.extend(store.audit_of(*number, below, step)?);
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.number));
    lines.dedup_by_key(|line| line.number);
    lines.truncate(step);
    Ok(lines)
}

impl Asked {
    /// Whether a line was asked for; `numbers` are those of the person who was.
    fn fits(&self, line: &AuditLine, numbers: Option<&[PersonId]>) -> bool {
        let entry = &line.entry;
        self.act.as_ref().is_none_or(|act| *act == entry.act)
            && numbers.is_none_or(|numbers| concerns(line, numbers))
            && self.from.is_none_or(|from| entry.at >= from)
            && self.until.is_none_or(|until| entry.at < until)
    }

    /// What was asked for, without a name.
    fn words(&self) -> String {
        let mut words = Vec::new();
        words.extend(
            self.act
                .clone()
                .filter(|act| ACTS.iter().any(|row| row.name == act)),
        );
        words.extend(self.person.map(|person| person.to_string()));
        words.join(", ")
    }
}

/// Whether somebody may read what tells of people: by their roles, or as root who said why. Whoever looks after the
/// machine has the right to its record, and that is not enough.
fn reads_about_people(actor: &Actor) -> bool {
    match actor {
        Actor::Technician { .. } => false,
        Actor::Operator { rights, .. } => rights.contains(&Right::LookAudit),
        other => other.may(Right::LookAudit),
    }
}

/// Whether a line tells of somebody.
fn is_personal(line: &AuditLine) -> bool {
    line.entry.who.is_some() || line.entry.whose != Whose::Nobody
}

/// So many of the lines that fit, and where older ones are.
fn gathered(
    read: impl Fn(Option<u64>, usize) -> Result<Vec<AuditLine>, StoreError>,
    fits: impl Fn(&AuditLine) -> bool,
    below: Option<u64>,
    count: usize,
) -> Result<(Vec<AuditLine>, Option<u64>), RowError> {
    let (mut found, mut below) = (Vec::new(), below);
    loop {
        let step = read(below, STEP)?;
        let last = step.len() < STEP;
        below = step.last().map(|line| line.number).or(below);
        for line in step.into_iter().filter(|line| fits(line)) {
            if found.len() == count {
                let older = found.last().map(|line: &AuditLine| line.number);
                return Ok((found, older));
            }
            found.push(line);
        }
        if last {
            return Ok((found, None));
        }
    }
}

/// The names of people, each looked up once.
struct Names<'a> {
    store: &'a Store,
    known: BTreeMap<PersonId, String>,
}

impl<'a> Names<'a> {
    fn new(store: &'a Store) -> Self {
        Self {
            store,
            known: BTreeMap::new(),
        }
    }

    fn of(&mut self, person: PersonId) -> Result<String, RowError> {
        if let Some(name) = self.known.get(&person) {
            return Ok(name.clone());
        }
        // A number that somebody had earlier is theirs still.
        let now = get::<Merged>(self.store, &person.number())?.map_or(person, |merged| merged.into);
        let found = get::<members::person::Person>(self.store, &now)?;
        let name = found.map_or_else(|| person.to_string(), |found| found.name);
        self.known.insert(person, name.clone());
        Ok(name)
    }

    /// A line in plain words. Who did something is named; whose data it was only for those who may know.
    fn tell(&mut self, line: AuditLine, names_too: bool) -> Result<LineTold, RowError> {
        let by = line.entry.who.map(|person| self.of(person)).transpose()?;
        let whose = match &line.entry.whose {
            Whose::People(people) if names_too => people
                .iter()
                .map(|person| self.of(*person))
                .collect::<Result<_, _>>()?,
            Whose::People(people) => people.iter().map(ToString::to_string).collect(),
            Whose::Nobody | Whose::Everybody => Vec::new(),
        };
        let why = match &line.entry.why {
            Why::NotSaid => None,
            Why::Said { words, .. } => Some(words.clone()),
            Why::Erased => Some(ERASED.to_owned()),
        };
        let told = told(line);
        Ok(LineTold {
            by: by.unwrap_or(told.by),
            whose,
            why,
            ..told
        })
    }
}

/// A line in plain words, with nobody's name and no reason, which may hold one.
fn told(line: AuditLine) -> LineTold {
    let entry = line.entry;
    LineTold {
        number: line.number,
        at: entry.at,
        who: entry.who,
        by: entry.actor,
        via: entry.via,
        sentence: sentence(&entry.act),
        act: entry.act,
        subject: entry.subject,
        detail: entry.detail,
        whose: Vec::new(),
        everybody: entry.whose == Whose::Everybody,
        why: None,
    }
}

/// What an act is called in the record.
pub(crate) fn sentence(act: &str) -> &'static str {
    ACTS.iter()
        .find(|row| row.name == act)
        .map_or("did something", |row| row.sentence)
}
