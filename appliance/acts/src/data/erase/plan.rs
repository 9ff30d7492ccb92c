//! What an erasure would do: every row of every table, the reasons in the record, and where else somebody is spoken of.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use members::book::Book;
use members::erasure::{outcome, place};
use members::holding::Fate;
use members::mention::{Signs, Speaks};
use members::role::Duty;
use members::statement::kept::Counterparty;
use members::tables::Table;
use store::{AuditLine, RowChange, Store, Whose, Why};
use units::PersonId;

use super::{Erasure, KeptByLaw, Mention};
use crate::act::ActError;
use crate::book::book;
use crate::data::kept::{subject, walk};
use crate::rows::{RowError, all, get};

/// So many lines of the record are read at a time.
const LINES: usize = 1_000;

/// What an erasure takes, and with which changes.
pub(super) struct Plan {
    /// As it is shown.
    pub(super) erasure: Erasure,
    /// The rows that change.
    pub(super) rows: Vec<RowChange>,
    /// Lines of the record about others whose reasons speak of them.
    pub(super) lines: Vec<u64>,
}

/// Who is to be erased, by whom and when.
pub(super) struct Wanted {
    pub(super) person: PersonId,
    pub(super) oneself: Option<PersonId>,
    pub(super) today: Date,
    /// The text of the site's file.
    pub(super) site: String,
}

impl Plan {
    /// What goes, what stays and why it cannot be done; and the rows that change.
    pub(super) fn of(store: &Store, wanted: &Wanted) -> Result<Self, ActError> {
        let (book, person) = (book(store)?, wanted.person);
        let Some(entry) = book.people.get(&person) else {
            return Err(ActError::NotThere(
                "there is nobody with this number in the book, or no longer".to_owned(),
            ));
        };
        let signs = Signs::of(&book, person, accounts(store, person)?);
        let mut plan = Self {
            erasure: Erasure {
                name: entry.name.clone(),
                hindered: hindered(store, &book, person, wanted.oneself)?,
                ..Erasure::default()
            },
            rows: Vec::new(),
            lines: Vec::new(),
        };
        let subject = subject(&book, person);
        for table in members::KEPT {
            let mut counted = Counted::default();
            walk(store, table, |key, value| {
                let row = outcome(table, (key, value), (&subject, &signs), wanted.today);
                let row = row.map_err(RowError::Damaged)?;
                counted.count(&row);
                if row.until.is_none() && !row.speaks.is_empty() {
                    plan.erasure.mentions.push(Mention {
                        table: table.name,
                        title: table.title(),
                        at: place(table, key),
                        fields: row.speaks.into_iter().collect(),
                    });
                }
                plan.rows.extend(change(table, key, value, row.fate));
                Ok(())
            })?;
            counted.tell(table, &mut plan.erasure);
        }
        plan.read_record(store, &signs, person)?;
        if signs.in_text(&wanted.site) > Speaks::Not {
            plan.erasure.mentions.push(Mention {
                table: "site.toml",
                title: "site.toml".to_owned(),
                ..Mention::default()
            });
        }
        Ok(plan)
    }

    /// Reasons that surely speak of somebody go, since nobody can write them anew. What else the record says stays, and
    /// is told.
    fn read_record(&mut self, store: &Store, signs: &Signs, person: PersonId) -> Result<(), ActError> {
        let about =
            |line: &AuditLine| matches!(&line.entry.whose, Whose::People(people) if people.contains(&person));
        let mut below = None;
        loop {
            let step = store.audit_entries(below, LINES)?;
            for line in &step {
                let said = match &line.entry.why {
                    Why::Said { words, .. } if !about(line) => signs.in_text(words),
                    _ => Speaks::Not,
                };
                let rest = signs
                    .in_text(&line.entry.detail)
                    .max(signs.in_text(&line.entry.subject));
                if said == Speaks::Surely {
                    self.lines.push(line.number);
                }
                if said == Speaks::Perhaps || rest > Speaks::Not {
                    self.erasure.mentions.push(Mention {
                        table: "record",
                        title: "Record".to_owned(),
                        at: line.number.to_string(),
                        fields: Vec::new(),
                    });
                }
            }
            match step.last() {
                Some(last) if step.len() == LINES => below = Some(last.number),
                _ => break,
            }
        }
        let reasons = self.lines.len();
        let told = || ("Reasons in the record".to_owned(), reasons);
        self.erasure.changed.extend((reasons > 0).then(told));
        Ok(())
    }
}

/// How many rows of a table go, stay or become less.
#[derive(Default)]
struct Counted {
    gone: usize,
    changed: usize,
    kept: BTreeMap<Date, usize>,
    named: bool,
}

impl Counted {
    fn count(&mut self, row: &members::erasure::Outcome) {
        match (&row.fate, row.until) {
            (_, Some(until)) => {
                *self.kept.entry(until).or_default() += 1;
                self.named |= !row.speaks.is_empty();
            }
            (Fate::Goes, None) => self.gone += 1,
            (Fate::Becomes(_), None) => self.changed += 1,
            (Fate::Stays, None) => {}
        }
    }

    fn tell(self, table: &Table, erasure: &mut Erasure) {
        let title = || table.title();
        erasure.gone.extend((self.gone > 0).then(|| (title(), self.gone)));
        erasure
            .changed
            .extend((self.changed > 0).then(|| (title(), self.changed)));
        if let Some(until) = self.kept.keys().max().copied() {
            erasure.kept.push(KeptByLaw {
                title: title(),
                rows: self.kept.values().sum(),
                until,
                named: self.named,
            });
        }
    }
}

/// The accounts and texts of a bank under which nobody else pays.
fn accounts(store: &Store, person: PersonId) -> Result<BTreeSet<String>, RowError> {
    let known = all::<Counterparty>(store)?.into_iter();
    Ok(known
        .filter(|(_, known)| known.payers == [person])
        .map(|(key, _)| key)
        .collect())
}

/// The change that a fate is.
pub(crate) fn change(table: &Table, key: &[u8], value: &[u8], fate: Fate) -> Option<RowChange> {
    let after = match fate {
        Fate::Stays => return None,
        Fate::Becomes(after) => Some(after),
        Fate::Goes => None,
    };
    Some(RowChange {
        table: table.name,
        key: key.to_vec(),
        before: Some(value.to_vec()),
        after,
    })
}

/// Why somebody cannot be erased now.
fn hindered(
    store: &Store,
    book: &Book,
    person: PersonId,
    oneself: Option<PersonId>,
) -> Result<Option<String>, ActError> {
    if oneself == Some(person) {
        return Ok(Some(
            "This is yourself. Somebody else who deals with requests about data must do it".to_owned(),
        ));
    }
    let membership = book.memberships.get(&person);
    if membership.is_some_and(|membership| membership.ended().is_none()) {
        return Ok(Some(
            "This person is a member still, or has asked to become one. End the membership first, then erase"
                .to_owned(),
        ));
    }
    let duty = get::<Duty>(store, &person)?;
    if duty.is_some_and(|duty| !duty.roles.is_empty()) {
        return Ok(Some(
            "This person has roles here. Take them away first, so that the place is not left without somebody who has \
             them"
            .to_owned(),
        ));
    }
    Ok(None)
}
