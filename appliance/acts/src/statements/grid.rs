//! The lines of a statement as they are looked at and decided on: who may have paid each, and what somebody said of it.

use members::money::PaymentId;
use members::statement::kept::{Choice, KeptLine, LineId, StatementFile};
use members::statement::matching::{Candidate, Matched};
use members::statement::{Line, LineKind, Payers};
use store::{RowChange, Whose};
use units::PersonId;

use super::{kept, no_such_statement, payers, thought};
use crate::act::{ActError, allowed};
use crate::money::MoneyBook;
use crate::rows::becomes;
use crate::table::ActKind;
use crate::{Actor, Acts, Told};

/// So many lines stand on a page.
const ON_A_PAGE: usize = 50;

/// How a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// One person is surely meant. It is booked unless somebody says otherwise.
    Matched,
    /// Somebody may be meant; a person has to look.
    Suggested,
    /// Nobody is known who may have paid.
    Unknown,
    /// Somebody said whose payment it is.
    Accepted,
    /// It is no payment of a member.
    NotOurs,
    /// It is what a payment service kept or paid out.
    Service,
    /// It is booked.
    Booked,
}

/// Which lines are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// All that are open: first those on which a person has to look.
    Open,
    /// Only those of one kind.
    Only(Standing),
    /// All.
    All,
}

/// How many lines stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Surely somebody's.
    pub matched: usize,
    /// Perhaps somebody's.
    pub suggested: usize,
    /// Nobody's as far as is known.
    pub unknown: usize,
    /// Somebody said whose.
    pub accepted: usize,
    /// No member's.
    pub not_ours: usize,
    /// A payment service's.
    pub service: usize,
    /// Booked.
    pub booked: usize,
}

impl Counts {
    /// How many lines would be booked now.
    pub const fn bookable(self) -> usize {
        self.matched + self.accepted
    }

    fn count(&mut self, standing: Standing) {
        let place = match standing {
            Standing::Matched => &mut self.matched,
            Standing::Suggested => &mut self.suggested,
            Standing::Unknown => &mut self.unknown,
            Standing::Accepted => &mut self.accepted,
            Standing::NotOurs => &mut self.not_ours,
            Standing::Service => &mut self.service,
            Standing::Booked => &mut self.booked,
        };
        *place += 1;
    }
}

/// A statement as it is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementSeen {
    /// Its number.
    pub number: u32,
    /// The file.
    pub file: StatementFile,
    /// What was decided so far, in a word that changes with every decision.
    pub state: String,
    /// How many lines stand how.
    pub counts: Counts,
    /// Those on this page.
    pub lines: Vec<LineSeen>,
    /// Which page this is, from 1.
    pub page: usize,
    /// How many there are.
    pub pages: usize,
}

/// A line as it is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineSeen {
    /// Its number in the file.
    pub number: u32,
    /// The line.
    pub line: Line,
    /// How it stands.
    pub standing: Standing,
    /// Whose it is, where that was decided or is sure.
    pub payer: Option<(PersonId, String)>,
    /// Who may have paid it, the likeliest first.
    pub candidates: Vec<Candidate>,
    /// The payment that was booked.
    pub payment: Option<PaymentId>,
}

/// What somebody decides on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is this person's payment.
    Theirs(PersonId),
    /// It is no payment of a member.
    NotOurs,
    /// It is open, and the match that was found by itself is not believed.
    Open,
    /// As if nobody had decided.
    Undecided,
}

/// How a line stands, and what is thought of it.
pub(super) fn standing(kept: &KeptLine, payers: &Payers) -> (Standing, Matched) {
    if kept.payment.is_some() {
        return (Standing::Booked, Matched::Unknown);
    }
    match kept.choice {
        Some(Choice::Theirs) => return (Standing::Accepted, thought(kept, payers)),
        Some(Choice::NotOurs) => return (Standing::NotOurs, Matched::Unknown),
        Some(Choice::Open) | None => {}
    }
    if kept.line.kind != LineKind::Payment {
        return (Standing::Service, Matched::Unknown);
    }
    let thought = thought(kept, payers);
    let standing = match (&thought, kept.choice) {
        (Matched::Matched(_), None) => Standing::Matched,
        (Matched::Matched(_) | Matched::Suggested(_), _) => Standing::Suggested,
        (Matched::Unknown, _) => Standing::Unknown,
    };
    (standing, thought)
}

/// A word that changes with every decision on a line of the statement.
fn state(lines: &[(LineId, KeptLine)]) -> String {
    let mut sum: u64 = 0xcbf2_9ce4_8422_2325;
    for (id, kept) in lines {
        let choice = kept.choice.map_or(0, |choice| match choice {
            Choice::Theirs => 1,
            Choice::NotOurs => 2,
            Choice::Open => 3,
        });
        let payer = kept.payer.map_or(0, |payer| u64::from(payer.number()));
        let parts = [
            u64::from(id.line),
            choice,
            payer,
            u64::from(kept.payment.is_some()),
        ];
        for part in parts {
            sum = (sum ^ part).wrapping_mul(0x100_0000_01b3);
        }
    }
    format!("{sum:016x}")
}

fn seen(
    id: LineId,
    kept: &KeptLine,
    money: &MoneyBook,
    (standing, thought): (Standing, Matched),
) -> LineSeen {
    let sure = match (&thought, standing) {
        (Matched::Matched(one), Standing::Matched) => Some(one.person),
        _ => kept.payer,
    };
    let name = |person: PersonId| {
        money
            .book
            .people
            .get(&person)
            .map(|found| (person, found.name.clone()))
    };
    LineSeen {
        number: id.line,
        line: kept.line.clone(),
        standing,
        payer: sure.and_then(name),
        candidates: match thought {
            Matched::Matched(one) => vec![one],
            Matched::Suggested(some) => some,
            Matched::Unknown => Vec::new(),
        },
        payment: kept.payment,
    }
}

impl Acts {
    /// Looks at the lines of a statement, a page at a time.
    pub async fn statement(
        &self,
        actor: &Actor,
        statement: u32,
        show: Show,
        page: usize,
    ) -> Result<StatementSeen, ActError> {
        allowed(actor, ActKind::LookStatement)?;
        let money = self.money().await?;
        let found = self
            .on_card(move |store| {
                let kept = kept(store, statement)?;
                let payers = payers(store, &money)?;
                let mut counts = Counts::default();
                let mut lines = Vec::new();
                for (id, line) in &kept.lines {
                    let stands = standing(line, &payers);
                    counts.count(stands.0);
                    let wanted = match show {
                        Show::All => true,
                        Show::Only(only) => only == stands.0,
                        Show::Open => matches!(
                            stands.0,
                            Standing::Matched | Standing::Suggested | Standing::Unknown | Standing::Accepted
                        ),
                    };
                    if wanted {
                        lines.push(seen(*id, line, &money, stands));
                    }
                }
                let pages = lines.len().div_ceil(ON_A_PAGE).max(1);
                let page = page.clamp(1, pages);
                Ok(StatementSeen {
                    number: statement,
                    state: state(&kept.lines),
                    file: kept.file,
                    counts,
                    lines: lines
                        .into_iter()
                        .skip((page - 1) * ON_A_PAGE)
                        .take(ON_A_PAGE)
                        .collect(),
                    page,
                    pages,
                })
            })
            .await?;
        let people = found.lines.iter().flat_map(|line| {
            let candidates = line.candidates.iter().map(|candidate| candidate.person);
            candidates.chain(line.payer.as_ref().map(|(person, _)| *person))
        });
        let people: std::collections::BTreeSet<PersonId> = people.collect();
        let told = Told {
            subject: format!("statement {statement}"),
            whose: Whose::People(people.into_iter().collect()),
            ..Told::default()
        };
        self.keep(actor, ActKind::LookStatement, Vec::new(), told).await?;
        Ok(found)
    }

    /// What was decided on a statement so far, in a word that changes with every decision.
    pub async fn statement_state(&self, statement: u32) -> Result<String, ActError> {
        self.on_card(move |store| Ok(state(&kept(store, statement)?.lines)))
            .await
    }

    /// Decides who paid lines. What is booked already is left as it is.
    pub async fn decide_lines(
        &self,
        actor: &Actor,
        statement: u32,
        decisions: Vec<(u32, Decision)>,
    ) -> Result<usize, ActError> {
        allowed(actor, ActKind::DecideLines)?;
        let book = self.book().await?;
        for (line, decision) in &decisions {
            if let Decision::Theirs(person) = decision
                && !book.people.contains_key(person)
            {
                let sentence = format!(
                    "There is nobody with the number {} in the book (line {line}). Nothing was changed",
                    person.number()
                );
                return Err(ActError::BadInput(sentence));
            }
        }
        let by = actor.person();
        let (rows, whose) = self
            .on_card(move |store| {
                let kept = kept(store, statement)?;
                if kept.lines.is_empty() {
                    return Err(no_such_statement());
                }
                let mut rows: Vec<RowChange> = Vec::new();
                let mut whose = Vec::new();
                for (number, decision) in decisions {
                    let Some((id, before)) = kept.lines.iter().find(|(id, _)| id.line == number) else {
                        continue;
                    };
                    let after = decided(before, decision, by);
                    if before.payment.is_none() && after != *before {
                        whose.extend([before.payer, after.payer].into_iter().flatten());
                        rows.push(becomes(id, Some(before), Some(&after)));
                    }
                }
                whose.sort();
                whose.dedup();
                Ok((rows, whose))
            })
            .await?;
        if rows.is_empty() {
            return Ok(0);
        }
        let count = rows.len();
        let told = Told {
            subject: format!("statement {statement}"),
            whose: Whose::People(whose),
            detail: format!("{count} lines"),
            ..Told::default()
        };
        self.keep(actor, ActKind::DecideLines, rows, told).await?;
        Ok(count)
    }
}

fn decided(before: &KeptLine, decision: Decision, by: Option<PersonId>) -> KeptLine {
    let (choice, payer) = match decision {
        Decision::Theirs(person) => (Some(Choice::Theirs), Some(person)),
        Decision::NotOurs => (Some(Choice::NotOurs), None),
        Decision::Open => (Some(Choice::Open), None),
        Decision::Undecided => (None, None),
    };
    if (choice, payer) == (before.choice, before.payer) {
        return before.clone();
    }
    KeptLine {
        choice,
        payer,
        by: by.filter(|_| choice.is_some()),
        ..before.clone()
    }
}
