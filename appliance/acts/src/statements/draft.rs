//! A file is handed in, looked at, told what its columns mean where they are not known, and read or given up.

use std::collections::BTreeSet;

use members::record::{Newer, Opaque};
use members::statement::file::{self, Opened};
use members::statement::kept::{self, KeptLine, KnownLine, LineId, OF_DRAFTS, OF_STATEMENTS, StatementFile};
use members::statement::mapping::Mapping;
use members::statement::marks::{Mark, marks};
use members::statement::{Line, NoStatement, Read};
use members::text;
use store::{RowChange, Store, Whose};
use units::{Currency, Money};

use crate::act::{ActError, allowed};
use crate::rows::{all, becomes, get, next_number};
use crate::table::ActKind;
use crate::{Actor, Acts, Told};

/// The longest name of a file or an account that is kept.
const LONGEST_NAME: usize = 120;
/// How many rows are shown as examples.
const EXAMPLES: usize = 5;

/// A file that waits to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its number.
    pub number: u32,
    /// What the file is called.
    pub name: String,
    /// Of which account of the place it is, as far as is known.
    pub account: String,
    /// What would be read, or why nothing can be.
    pub preview: Result<Preview, NoStatement>,
    /// Its columns, where it is a table.
    pub columns: Option<Columns>,
}

/// What would be read of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// As it was understood.
    pub read: Read,
    /// How many lines are new.
    pub fresh: usize,
    /// How many are known already.
    pub known: usize,
    /// What came in with the new ones.
    pub came_in: Money,
    /// What went out.
    pub went_out: Money,
}

/// The columns of a table, with some rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// What stands above them.
    pub header: Vec<String>,
    /// Some rows.
    pub examples: Vec<Vec<String>>,
    /// What is remembered of them.
    pub mapping: Option<Mapping>,
}

/// A draft as far as it could be opened.
struct Looked {
    draft: kept::Draft,
    opened: Result<Opened, NoStatement>,
    mapping: Option<Mapping>,
}

fn look(store: &Store, number: u32) -> Result<Looked, ActError> {
    let draft = get::<kept::Draft>(store, &number)?.ok_or_else(|| {
        ActError::NotThere(
            "This file was read or given up already. Look at the list of statements".to_owned(),
        )
    })?;
    let opened = file::open(&draft.bytes.0);
    let key = opened.as_ref().ok().and_then(Opened::header_key);
    let mapping = key.map(|key| get::<Mapping>(store, &key)).transpose()?.flatten();
    Ok(Looked {
        draft,
        opened,
        mapping,
    })
}

impl Looked {
    fn read(&self, ours: Currency) -> Result<Read, NoStatement> {
        let opened = self.opened.as_ref().map_err(Clone::clone)?;
        opened.read(self.mapping.as_ref(), ours)
    }

    fn columns(&self) -> Option<Columns> {
        match &self.opened {
            Ok(Opened::Table(table, _)) => Some(Columns {
                header: table.header.clone(),
                examples: table
                    .rows
                    .iter()
                    .take(EXAMPLES)
                    .map(|(_, cells)| cells.clone())
                    .collect(),
                mapping: self.mapping.clone(),
            }),
            _ => None,
        }
    }
}

/// Which lines of a file are new, with their marks.
fn fresh(store: &Store, account: &str, lines: &[Line]) -> Result<Vec<(Line, Mark)>, ActError> {
    let mut fresh = Vec::new();
    for (line, mark) in lines.iter().zip(marks(account, lines)) {
        let Some(mark) = mark else { continue };
        if get::<KnownLine>(store, &mark)?.is_none() {
            fresh.push((line.clone(), mark));
        }
    }
    Ok(fresh)
}

/// Of which account a file is, as far as can be told: the one under which lines of it are known already, whatever somebody
/// called it then; else the one that the file tells; else the one of the last file of this bank.
fn account(store: &Store, read: &Read) -> Result<String, ActError> {
    let files: Vec<StatementFile> = all::<StatementFile>(store)?
        .into_iter()
        .map(|(_, file)| file)
        .collect();
    let called: BTreeSet<&str> = files.iter().map(|file| file.account.as_str()).collect();
    for account in called {
        for mark in marks(account, &read.lines).into_iter().flatten() {
            if get::<KnownLine>(store, &mark)?.is_some() {
                return Ok(account.to_owned());
            }
        }
    }
    let of_bank = files.iter().rev().find(|file| file.source == read.source);
    let last = of_bank.map_or(&read.source, |file| &file.account);
    Ok(read.account.as_ref().unwrap_or(last).clone())
}

/// What would be read of a file, as lines of this account.
fn preview(store: &Store, account: &str, read: Read, ours: Currency) -> Result<Preview, ActError> {
    let fresh = fresh(store, account, &read.lines)?;
    let sum = |came_in: bool| {
        let some = fresh.iter().filter(|(line, _)| line.came_in() == came_in);
        some.fold(0_i64, |sum, (line, _)| sum.saturating_add(line.amount.minor()))
    };
    Ok(Preview {
        fresh: fresh.len(),
        known: read.lines.len() - fresh.len(),
        came_in: Money::new(sum(true), ours),
        went_out: Money::new(sum(false), ours).negated(),
        read,
    })
}

impl Acts {
    /// Hands a file in, so that it can be looked at before it is read. A file that is none is refused at once.
    pub async fn hand_in_statement(
        &self,
        actor: &Actor,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<u32, ActError> {
        allowed(actor, ActKind::HandInStatement)?;
        file::open(&bytes).map_err(|why| ActError::BadInput(why.to_string()))?;
        let shown: String = name
            .chars()
            .filter(|sign| !sign.is_control())
            .take(LONGEST_NAME)
            .collect();
        let draft = kept::Draft {
            name: text::line(&shown, LONGEST_NAME).unwrap_or_else(|_| "statement".to_owned()),
            bytes: Opaque(bytes),
            account: None,
            at: self.effects.now(),
            by: actor.person(),
            newer: Newer::default(),
        };
        let (number, given) = self.on_card(|store| Ok(next_number(store, OF_DRAFTS)?)).await?;
        let told = Told {
            subject: format!("file {number}"),
            ..Told::default()
        };
        let rows = vec![given, becomes(&number, None, Some(&draft))];
        self.keep(actor, ActKind::HandInStatement, rows, told).await?;
        Ok(number)
    }

    /// The files that wait to be read, with their names.
    pub async fn statement_drafts(&self, actor: &Actor) -> Result<Vec<(u32, String)>, ActError> {
        allowed(actor, ActKind::HandInStatement)?;
        self.on_card(|store| {
            let drafts = all::<kept::Draft>(store)?;
            Ok(drafts
                .into_iter()
                .map(|(number, draft)| (number, draft.name))
                .collect())
        })
        .await
    }

    /// Looks at a file that waits: what would be read, and how it was understood. Whose payments are in it is not known
    /// yet, so the record says that it was everybody's affair.
    pub async fn statement_draft(&self, actor: &Actor, number: u32) -> Result<Draft, ActError> {
        allowed(actor, ActKind::LookDraft)?;
        let ours = self.currency()?;
        let draft = self
            .on_card(move |store| {
                let looked = look(store, number)?;
                let (account, preview) = match looked.read(ours) {
                    Ok(read) => {
                        let account = account(store, &read)?;
                        let preview = preview(store, &account, read, ours)?;
                        (account, Ok(preview))
                    }
                    Err(why) => (String::new(), Err(why)),
                };
                Ok(Draft {
                    number,
                    account,
                    columns: looked.columns(),
                    preview,
                    name: looked.draft.name,
                })
            })
            .await?;
        let told = Told {
            subject: format!("file {number}"),
            whose: Whose::Everybody,
            ..Told::default()
        };
        self.keep(actor, ActKind::LookDraft, Vec::new(), told).await?;
        Ok(draft)
    }

    /// Says what the columns of a file mean. It is remembered for all files with the same header.
    pub async fn map_statement(&self, actor: &Actor, number: u32, mapping: Mapping) -> Result<(), ActError> {
        allowed(actor, ActKind::MapStatement)?;
        let mapping = checked(mapping)?;
        let rows = self
            .on_card(move |store| {
                let looked = look(store, number)?;
                let key = looked
                    .opened
                    .as_ref()
                    .ok()
                    .and_then(Opened::header_key)
                    .ok_or_else(|| {
                        ActError::BadInput(
                            "The columns of this file cannot be chosen: it has none".to_owned(),
                        )
                    })?;
                Ok(vec![becomes(&key, looked.mapping.as_ref(), Some(&mapping))])
            })
            .await?;
        let told = Told {
            subject: format!("file {number}"),
            ..Told::default()
        };
        self.keep(actor, ActKind::MapStatement, rows, told).await
    }

    /// Gives a file up that waits.
    pub async fn forget_statement(&self, actor: &Actor, number: u32) -> Result<(), ActError> {
        allowed(actor, ActKind::ForgetStatement)?;
        let draft = self.on_card(move |store| Ok(look(store, number)?.draft)).await?;
        let told = Told {
            subject: format!("file {number}"),
            ..Told::default()
        };
        let rows = vec![becomes(&number, Some(&draft), None)];
        self.keep(actor, ActKind::ForgetStatement, rows, told).await
    }

    /// Reads a file that waits: its new lines come into the book, and nobody is booked for anything yet. `account` says of which
    /// account of the place it is, so that two accounts are never taken for one.
    pub async fn read_statement(&self, actor: &Actor, number: u32, account: &str) -> Result<u32, ActError> {
        allowed(actor, ActKind::ReadStatement)?;
        let account = text::line(account, LONGEST_NAME)
            .map_err(|unfit| ActError::BadInput(format!("Name the account that this file is of. {unfit}")))?;
        let (ours, now, by) = (self.currency()?, self.effects.now(), actor.person());
        let (statement, count, rows) = self
            .on_card(move |store| {
                let looked = look(store, number)?;
                let read = looked
                    .read(ours)
                    .map_err(|why| ActError::BadInput(why.to_string()))?;
                let fresh = fresh(store, &account, &read.lines)?;
                if fresh.is_empty() {
                    let sentence =
                        "Every line of this file is known already, so there is nothing to read. Give it up";
                    return Err(ActError::BadInput(sentence.to_owned()));
                }
                let lines: Vec<Line> = fresh.iter().map(|(line, _)| line.clone()).collect();
                let file = StatementFile {
                    name: looked.draft.name.clone(),
                    account,
                    at: now,
                    by,
                    ..StatementFile::of(&read, &lines, read.lines.len() - lines.len())
                };
                let (statement, given) = next_number(store, OF_STATEMENTS)?;
                let mut rows = vec![given, becomes(&number, Some(&looked.draft), None)];
                rows.push(becomes(&statement, None, Some(&file)));
                rows.extend(rows_of(statement, fresh));
                Ok((statement, lines.len(), rows))
            })
            .await?;
        let told = Told {
            subject: format!("statement {statement}"),
            detail: format!("{count} lines"),
            ..Told::default()
        };
        self.keep(actor, ActKind::ReadStatement, rows, told).await?;
        Ok(statement)
    }
}

fn rows_of(statement: u32, fresh: Vec<(Line, Mark)>) -> Vec<RowChange> {
    let known = KnownLine {
        statement,
        newer: Newer::default(),
    };
    let mut rows = Vec::with_capacity(fresh.len() * 2);
    for (number, (line, mark)) in (1..).zip(fresh) {
        let id = LineId {
            statement,
            line: number,
        };
        rows.push(becomes(&mark, None, Some(&known)));
        rows.push(becomes(&id, None, Some(&KeptLine::new(line, mark))));
    }
    rows
}

/// A mapping that somebody chose, if it can be one.
fn checked(mut mapping: Mapping) -> Result<Mapping, ActError> {
    let bad = |sentence: &str| Err(ActError::BadInput(sentence.to_owned()));
    mapping.bank = text::line(&mapping.bank, LONGEST_NAME)
        .map_err(|unfit| ActError::BadInput(format!("Name the bank. {unfit}")))?;
    if mapping.amount.is_none() && mapping.money_in.is_none() {
        return bad("Choose the column of the amount, or the columns of what came in and what went out");
    }
    if mapping.amount.is_some() && mapping.money_in.is_some() {
        return bad(
            "Choose either one column of amounts, or one for what came in and one for what went out, not both",
        );
    }
    let chosen = [
        Some(mapping.date),
        mapping.amount,
        mapping.money_in,
        mapping.money_out,
        mapping.balance,
    ];
    let chosen: Vec<u32> = chosen.into_iter().flatten().collect();
    if chosen.iter().collect::<BTreeSet<_>>().len() < chosen.len() {
        return bad("One column was chosen for two things. Choose another one for one of them");
    }
    Ok(mapping)
}
