//! Acts upon bank statements: a file is handed in and looked at, read, its lines are given to those who paid them, booked as
//! payments, and the whole can be undone. The rules are in `members::statement`.
//!
//! What is thought of a line is worked out when it is looked at, and kept only once somebody decided: so what was learned from
//! one booking counts at once for all lines that are open.

mod booking;
mod draft;
mod grid;

use std::collections::BTreeMap;

use members::money::Payer;
use members::statement::Payers;
use members::statement::kept::{Counterparty, KeptLine, LineId, StatementFile};
use members::statement::matching::Matched;
use store::Store;
use units::{Money, PersonId};

pub use booking::Booked;
pub use draft::{Columns, Draft, Preview};
pub use grid::{Counts, Decision, LineSeen, Show, Standing, StatementSeen};

use crate::act::ActError;
use crate::money::MoneyBook;
use crate::rows::{RowError, all, get, under};
use crate::table::ActKind;
use crate::{Actor, Acts, Told};

/// The last time span for which a due counts as what somebody pays regularly, in days.
const RECENT: i32 = 400;

/// A file with its lines, in their order.
struct Kept {
    file: StatementFile,
    lines: Vec<(LineId, KeptLine)>,
}

fn kept(store: &Store, statement: u32) -> Result<Kept, ActError> {
    let file = get::<StatementFile>(store, &statement)?.ok_or_else(no_such_statement)?;
    let lines = under::<KeptLine>(store, &statement.to_be_bytes())?;
    Ok(Kept { file, lines })
}

fn no_such_statement() -> ActError {
    ActError::NotThere(
        "There is no such statement. It may have been undone: look at the list again".to_owned(),
    )
}

fn learned(store: &Store) -> Result<BTreeMap<String, Counterparty>, RowError> {
    Ok(all::<Counterparty>(store)?.into_iter().collect())
}

/// What everybody pays for one period: the newest that was asked.
fn due(money: &MoneyBook) -> BTreeMap<PersonId, Money> {
    let owing = money.owing();
    let oldest = money.today.saturating_sub(jiff::Span::new().days(RECENT));
    let mut due = BTreeMap::new();
    for (payer, people) in owing.payers() {
        let asked = owing.dues(payer);
        let newest = asked
            .iter()
            .rev()
            .find(|due| due.on <= money.today && due.on >= oldest);
        if let Some(newest) = newest {
            due.extend(people.iter().map(|person| (*person, newest.amount)));
        }
    }
    due
}

/// Everybody who may have paid.
fn payers(store: &Store, money: &MoneyBook) -> Result<Payers, ActError> {
    Ok(Payers::new(&money.book, &due(money), &learned(store)?))
}

/// What is thought of a line on which nothing is decided.
fn thought(kept: &KeptLine, payers: &Payers) -> Matched {
    members::statement::matching::matched(&kept.line, payers)
}

/// Who pays for somebody: their household where that is so.
fn payer_of(money: &MoneyBook, owing: &members::money::Owing<'_>, person: PersonId) -> Option<Payer> {
    money
        .book
        .people
        .contains_key(&person)
        .then(|| owing.payer(person))
}

impl Acts {
    /// The files that were read, the newest first.
    pub async fn statements(&self, actor: &Actor) -> Result<Vec<(u32, StatementFile)>, ActError> {
        self.keep(actor, ActKind::ListStatements, Vec::new(), Told::default())
            .await?;
        self.on_card(|store| {
            let mut files = all::<StatementFile>(store)?;
            files.reverse();
            Ok(files)
        })
        .await
    }
}
