//! Which column of a table means what, and how its days and amounts are written: by the columns of a known bank, or by
//! an example that somebody gave, which is remembered for the next file with the same header.

use sha2::{Digest as _, Sha256};
use units::{Currency, Money};

use super::amount::{self, NoAmount};
use super::date::{self, DateOrder};
use super::running::{self, Told};
use super::{LINES, Left, Line, NoStatement, Read, Table, told};
use crate::record::{Newer, record, words};

pub use super::amount::DecimalSign;

words! {
    /// What a plus means in the column of amounts.
    pub enum SignRule {
        /// What came in.
        1 PlusIsIn = "plus came in";
        /// What went out, as on the statements of cards.
        2 PlusIsOut = "plus went out";
    }
}

record! {
    /// What the columns of a kind of file mean. Columns are counted from 0.
    pub struct Mapping in "statement-mappings" by String {
        /// What files of this kind are called: the bank.
        1 bank: String => "Bank", Rules, NotPersonal, WhileInForce;
        /// The day.
        2 date: u32 => "Column of the day", Rules, NotPersonal, WhileInForce;
        /// How days are written; found out from the file where nothing is said.
        3 order: Option<DateOrder> => "Order of days", Rules, NotPersonal, WhileInForce;
        /// The amount, where one column holds what comes in and what goes out.
        4 amount: Option<u32> => "Column of the amount", Rules, NotPersonal, WhileInForce;
        /// What came in, where it has a column of its own.
        5 money_in: Option<u32> => "Column of what came in", Rules, NotPersonal, WhileInForce;
        /// What went out, where it has a column of its own.
        6 money_out: Option<u32> => "Column of what went out", Rules, NotPersonal, WhileInForce;
        /// What a plus means.
        7 sign: SignRule => "Meaning of plus", Rules, NotPersonal, WhileInForce;
        /// How amounts are written.
        8 decimal: DecimalSign => "Decimal sign", Rules, NotPersonal, WhileInForce;
        /// Texts.
        9 texts: Vec<u32> => "Columns of text", Rules, NotPersonal, WhileInForce;
        /// The name at the other end.
        10 name: Option<u32> => "Column of the name", Rules, NotPersonal, WhileInForce;
        /// The account at the other end.
        11 account: Option<u32> => "Column of the account", Rules, NotPersonal, WhileInForce;
        /// What the payer wrote.
        12 reference: Option<u32> => "Column of the reference", Rules, NotPersonal, WhileInForce;
        /// What was in the account afterwards.
        13 balance: Option<u32> => "Column of the balance", Rules, NotPersonal, WhileInForce;
        /// The bank's own word for the line.
        14 id: Option<u32> => "Column of the bank's number", Rules, NotPersonal, WhileInForce;
        /// The currency.
        15 currency: Option<u32> => "Column of the currency", Rules, NotPersonal, WhileInForce;
        /// The account that the file is of.
        16 own_account: Option<u32> => "Column of the place's account", Rules, NotPersonal, WhileInForce;
        /// Whether the first row is a line already, and no header.
        17 no_header: bool => "No header", Rules, NotPersonal, WhileInForce;
    }
}

impl Mapping {
    /// A mapping of which nothing is said yet but the bank.
    pub fn new(bank: &str) -> Self {
        Self {
            bank: bank.to_owned(),
            date: 0,
            order: None,
            amount: None,
            money_in: None,
            money_out: None,
            sign: SignRule::PlusIsIn,
            decimal: DecimalSign::Point,
            texts: Vec::new(),
            name: None,
            account: None,
            reference: None,
            balance: None,
            id: None,
            currency: None,
            own_account: None,
            no_header: false,
            newer: Newer::default(),
        }
    }
}

/// By what the mapping for files with this header is found. A header that is no header, since the first row is a line
/// already, is known by how many columns there are.
pub fn header_key(header: &[String]) -> String {
    let mut hash = Sha256::new();
    if looks_like_a_row(header) {
        hash.update(format!("{} columns", header.len()));
    } else {
        for name in header {
            hash.update(crate::text::folded(name));
            hash.update([0]);
        }
    }
    hash.finalize()[..12]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Whether the first row of a table is a line already: a day stands in it, and an amount.
pub fn looks_like_a_row(header: &[String]) -> bool {
    let day = |cell: &&String| {
        date::date(cell, DateOrder::DayFirst).is_ok() || date::date(cell, DateOrder::MonthFirst).is_ok()
    };
    let amount = |cell: &&String| Money::parse(cell.trim(), Currency::GBP).is_ok();
    header.iter().any(|cell| day(&cell)) && header.iter().any(|cell| amount(&cell))
}

/// Reads the rows of a table.
pub fn read(table: &Table, mapping: &Mapping, ours: Currency) -> Result<Read, NoStatement> {
    if mapping.amount.is_none() && mapping.money_in.is_none() {
        return Err(NoStatement::NoColumn("the column of the amount"));
    }
    let first = (1, table.header.clone());
    let head = mapping.no_header.then_some(&first);
    let rows: Vec<&(usize, Vec<String>)> = head.into_iter().chain(&table.rows).collect();
    if rows.len() > LINES {
        return Err(NoStatement::TooLong);
    }
    currency_of(table, mapping, ours)?;
    let order = order_of(&rows, mapping)?;
    let reader = Reader { mapping, order, ours };
    let mut taken: Vec<(usize, Line)> = Vec::new();
    let mut left = Vec::new();
    for (row, cells) in rows.iter().copied() {
        match reader.line(cells) {
            Ok(line) => taken.push((*row, line)),
            Err(why) => left.push(Left { row: *row, why }),
        }
    }
    if taken.is_empty() {
        let why = left.first().map(|left| format!("Row {}: {}", left.row, left.why));
        return Err(NoStatement::NoLines(why.unwrap_or_default()));
    }
    let running = running::put_right(&mut taken);
    let account = mapping
        .own_account
        .and_then(|column| told(rows.first().and_then(|row| at(&row.1, column))?));
    Ok(Read {
        source: mapping.bank.clone(),
        account,
        understood: understood(mapping, order, running),
        lines: taken.into_iter().map(|(_, line)| line).collect(),
        left,
    })
}

fn at(cells: &[String], column: u32) -> Option<&str> {
    cells.get(usize::try_from(column).ok()?).map(String::as_str)
}

/// Refuses a file whose header says that all of it is in another currency, or all of whose rows are.
fn currency_of(table: &Table, mapping: &Mapping, ours: Currency) -> Result<(), NoStatement> {
    let amounts = [mapping.amount, mapping.money_in];
    let named = amounts.into_iter().flatten().filter(|_| !mapping.no_header);
    let mut found = named
        .filter_map(|column| at(&table.header, column))
        .filter(|name| name.contains('('))
        .find_map(amount::currency_in);
    if let Some(column) = mapping.currency {
        let mut told = table
            .rows
            .iter()
            .filter_map(|(_, cells)| at(cells, column))
            .filter_map(|cell| Currency::parse(cell).ok());
        found = told
            .next()
            .filter(|first| told.all(|other| other == *first))
            .or(found);
    }
    match found.filter(|found| *found != ours) {
        Some(found) => Err(NoStatement::OtherCurrency { found, ours }),
        None => Ok(()),
    }
}

fn order_of(rows: &[&(usize, Vec<String>)], mapping: &Mapping) -> Result<DateOrder, NoStatement> {
    let cells = rows.iter().filter_map(|(_, cells)| at(cells, mapping.date));
    match mapping.order {
        Some(order) => Ok(order),
        None => date::found_order(cells).map_err(NoStatement::AmbiguousDates),
    }
}

fn understood(mapping: &Mapping, order: DateOrder, running: Told) -> Vec<String> {
    let mut told = vec![format!(
        "Columns as {} writes them; days with the {order}.",
        mapping.bank
    )];
    if mapping.amount.is_some() {
        told.push(match mapping.sign {
            SignRule::PlusIsIn => "An amount without a minus came in.".to_owned(),
            SignRule::PlusIsOut => "An amount without a minus went out.".to_owned(),
        });
    } else {
        told.push("What came in and what went out have columns of their own.".to_owned());
    }
    told.extend(running.sentences());
    told
}

/// Reads one row.
struct Reader<'a> {
    mapping: &'a Mapping,
    order: DateOrder,
    ours: Currency,
}

impl Reader<'_> {
    fn line(&self, cells: &[String]) -> Result<Line, String> {
        if let Some(found) = self.other_currency(cells) {
            return Err(NoAmount::OtherCurrency {
                found,
                ours: self.ours,
            }
            .to_string());
        }
        let day = date::date(at(cells, self.mapping.date).unwrap_or_default(), self.order);
        let amount = match self.amount(cells)? {
            Some(amount) => amount,
            None => return Err(self.no_amount(cells)),
        };
        if amount.minor() == 0 {
            return Err("The amount of this row is nothing".to_owned());
        }
        let mut line = Line::new(day?, amount);
        let texts = self
            .mapping
            .texts
            .iter()
            .filter_map(|column| told(at(cells, *column)?));
        line.texts = texts.collect();
        line.name = self.told(cells, self.mapping.name);
        line.account = self.told(cells, self.mapping.account);
        line.reference = self.told(cells, self.mapping.reference);
        line.id = self.told(cells, self.mapping.id);
        line.balance = self.money(cells, self.mapping.balance).ok().flatten();
        line.kind = super::service::kind_in_bank(&line);
        Ok(line)
    }

    fn told(&self, cells: &[String], column: Option<u32>) -> Option<String> {
        told(at(cells, column?)?)
    }

    fn other_currency(&self, cells: &[String]) -> Option<Currency> {
        let cell = at(cells, self.mapping.currency?)?;
        Currency::parse(cell).ok().filter(|found| *found != self.ours)
    }

    fn money(&self, cells: &[String], column: Option<u32>) -> Result<Option<Money>, String> {
        let Some(cell) = column.and_then(|column| at(cells, column)) else {
            return Ok(None);
        };
        amount::amount(cell, self.mapping.decimal, self.ours).map_err(|error| error.to_string())
    }

    /// What the row moved. In a column of what went out, both 2.00 and -2.00 went out.
    fn amount(&self, cells: &[String]) -> Result<Option<Money>, String> {
        if let Some(amount) = self.money(cells, self.mapping.amount)? {
            return Ok(Some(match self.mapping.sign {
                SignRule::PlusIsIn => amount,
                SignRule::PlusIsOut => amount.negated(),
            }));
        }
        let nothing = |money: &Money| money.minor() != 0;
        let came_in = self.money(cells, self.mapping.money_in)?.filter(nothing);
        let went_out = self.money(cells, self.mapping.money_out)?.filter(nothing);
        match (came_in, went_out) {
            (Some(_), Some(_)) => Err(
                "This row has money in and money out at once; which one is meant cannot be told".to_owned(),
            ),
            (Some(money), None) => Ok(Some(money)),
            (None, Some(money)) if money.is_negative() => Ok(Some(money)),
            (None, Some(money)) => Ok(Some(money.negated())),
            (None, None) => Ok(None),
        }
    }

    /// Why a row without an amount is none of the lines.
    fn no_amount(&self, cells: &[String]) -> String {
        let balance = self.money(cells, self.mapping.balance).ok().flatten();
        match balance {
            Some(_) => "This row tells what was in the account, and moves nothing".to_owned(),
            None => "There is no amount in this row".to_owned(),
        }
    }
}
