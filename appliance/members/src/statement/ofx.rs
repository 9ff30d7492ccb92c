//! OFX, as banks write it: version 1 (SGML, in which values have no end) and version 2 (XML), and much between them.
//!
//! A reader of our own, which knows the dozen names that a statement needs and skips all others. It reads the day that the
//! bank wrote, in the bank's own zone. Investments are left out.

use units::{Currency, Money};

use super::amount::{DecimalSign, amount};
use super::{LINES, Left, Line, NoStatement, Read, date, service, told};

/// Whether bytes look like OFX: its word stands near the beginning.
pub fn looks_like(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_ascii_uppercase();
    head.contains("OFXHEADER") || head.contains("<OFX>") || head.contains("<OFX ")
}

/// Reads an OFX file.
pub fn read(text: &str, ours: Currency) -> Result<Read, NoStatement> {
    let tags = tags(text);
    if !tags.iter().any(|tag| tag.name == "OFX") {
        return Err(NoStatement::BadOfx("nothing in it is called OFX".to_owned()));
    }
    let holds = |name: &str| tags.iter().any(|tag| tag.name == name);
    if !holds("STMTRS") && !holds("CCSTMTRS") {
        return Err(NoStatement::NoAccount(match () {
            () if holds("INVSTMTRS") => "investments",
            () if holds("ACCTINFORS") => "a list of accounts",
            () => "nothing but a greeting of the bank",
        }));
    }
    let mut reader = Reader::new(ours);
    for tag in &tags {
        reader.take(tag)?;
    }
    reader.finish()
}

/// One tag with the text behind it, up to the next tag.
struct Tag<'a> {
    name: String,
    end: bool,
    value: &'a str,
    row: usize,
}

/// Every tag of a text; what is no tag is skipped.
fn tags(text: &str) -> Vec<Tag<'_>> {
    let mut found: Vec<Tag<'_>> = Vec::new();
    let mut rest = text;
    let mut row = 1;
    while let Some(open) = rest.find('<') {
        row += rest[..open].matches('\n').count();
        rest = &rest[open + 1..];
        if let Some(inner) = rest.strip_prefix("![CDATA[") {
            let Some(close) = inner.find("]]>") else { break };
            if let Some(last) = found.last_mut() {
                last.value = &inner[..close];
            }
            row += inner[..close].matches('\n').count();
            rest = &inner[close + 3..];
            continue;
        }
        let Some(close) = rest.find('>') else { break };
        let (inside, after) = (&rest[..close], &rest[close + 1..]);
        let end = inside.starts_with('/');
        let name = inside
            .trim_start_matches('/')
            .split_whitespace()
            .next()
            .unwrap_or_default();
        let value = &after[..after.find('<').unwrap_or(after.len())];
        if !inside.starts_with(['?', '!']) {
            let name = name.trim_end_matches('/').to_ascii_uppercase();
            found.push(Tag {
                name,
                end,
                value,
                row,
            });
        }
        rest = after;
    }
    found
}

/// What a bank wrote as a value: five signs are written by name in it.
fn plain(value: &str) -> Option<String> {
    let signs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ];
    let mut text = value.to_owned();
    for (written, sign) in signs {
        text = text.replace(written, sign);
    }
    told(&text)
}

/// What is known of a transaction so far.
#[derive(Default)]
struct Open {
    row: usize,
    posted: Option<String>,
    amount: Option<String>,
    id: Option<String>,
    name: Option<String>,
    memo: Option<String>,
    account: Option<String>,
    reference: Option<String>,
    currency: Option<String>,
}

/// What the bank says was in the account, and when.
#[derive(Default)]
struct Balance {
    amount: Option<String>,
    day: Option<String>,
}

struct Reader {
    ours: Currency,
    currency: Option<Currency>,
    account: Option<String>,
    accounts: usize,
    balance: Option<Balance>,
    /// Within the part that tells what an amount was before the bank changed it into the account's currency.
    originally: bool,
    open: Option<Open>,
    lines: Vec<Line>,
    left: Vec<Left>,
}

impl Reader {
    fn new(ours: Currency) -> Self {
        Self {
            ours,
            currency: None,
            account: None,
            accounts: 0,
            balance: None,
            originally: false,
            open: None,
            lines: Vec::new(),
            left: Vec::new(),
        }
    }

    fn take(&mut self, tag: &Tag<'_>) -> Result<(), NoStatement> {
        match (tag.name.as_str(), tag.end) {
            // A transaction ends with the next one, where a bank writes no ends.
            ("STMTTRN", false) => {
                self.close();
                self.open = Some(Open {
                    row: tag.row,
                    ..Open::default()
                });
            }
            ("STMTTRN" | "BANKTRANLIST" | "STMTRS" | "CCSTMTRS" | "OFX", true) => self.close(),
            ("STMTRS" | "CCSTMTRS", false) => self.accounts += 1,
            ("CURDEF", false) => self.currency_of(tag.value)?,
            ("LEDGERBAL", false) => {
                self.close();
                self.balance = Some(Balance::default());
            }
            // The first one is what was booked; what follows may count what is still to come.
            ("BALAMT" | "DTASOF", false) => self.balance_of(tag),
            ("ORIGCURRENCY" | "ORIG_CURRENCY", end) => self.originally = !end,
            (_, false) => self.value(tag),
            (_, true) => {}
        }
        if self.lines.len() > LINES {
            return Err(NoStatement::TooLong);
        }
        Ok(())
    }

    fn currency_of(&mut self, value: &str) -> Result<(), NoStatement> {
        self.currency = Currency::parse(value).ok().or(self.currency);
        match self.currency.filter(|found| *found != self.ours) {
            Some(found) => Err(NoStatement::OtherCurrency {
                found,
                ours: self.ours,
            }),
            None => Ok(()),
        }
    }

    fn balance_of(&mut self, tag: &Tag<'_>) {
        let Some(balance) = &mut self.balance else { return };
        let place = match tag.name.as_str() {
            "BALAMT" => &mut balance.amount,
            _ => &mut balance.day,
        };
        if place.is_none() {
            *place = plain(tag.value);
        }
    }

    fn value(&mut self, tag: &Tag<'_>) {
        let value = plain(tag.value);
        let Some(open) = &mut self.open else {
            if tag.name == "ACCTID" && self.account.is_none() {
                self.account = value;
            }
            return;
        };
        let place = match tag.name.as_str() {
            "DTPOSTED" => &mut open.posted,
            "TRNAMT" => &mut open.amount,
            "FITID" => &mut open.id,
            "NAME" => &mut open.name,
            "MEMO" => &mut open.memo,
            "ACCTID" => &mut open.account,
            "REFNUM" => &mut open.reference,
            "CURSYM" if !self.originally => &mut open.currency,
            _ => return,
        };
        *place = value;
    }

    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let row = open.row;
        match self.line(open) {
            Ok(line) => self.lines.push(line),
            Err(why) => self.left.push(Left { row, why }),
        }
    }

    fn line(&self, open: Open) -> Result<Line, String> {
        let other = open
            .currency
            .as_deref()
            .and_then(|letters| Currency::parse(letters).ok());
        if let Some(found) = other.filter(|found| *found != self.ours) {
            return Err(format!(
                "This amount is in {found}, and this place counts in {}. It was not converted",
                self.ours
            ));
        }
        let posted = open.posted.ok_or("There is no day in this line")?;
        let day = date::of_ofx(&posted).ok_or_else(|| format!("\"{posted}\" is no day"))?;
        let written = open.amount.ok_or("There is no amount in this line")?;
        let moved = self.amount(&written)?;
        let mut line = Line::new(day, moved);
        line.name = open.name;
        line.texts = open.memo.into_iter().collect();
        line.account = open.account;
        line.reference = open.reference;
        line.id = open.id;
        line.kind = service::kind_in_bank(&line);
        Ok(line)
    }

    /// A comma is the decimal sign if no point follows it: the standard lets banks choose.
    fn amount(&self, written: &str) -> Result<Money, String> {
        let comma = written
            .rfind(',')
            .is_some_and(|at| !written[at..].contains('.') && written.len() - at <= 3);
        let decimal = if comma {
            DecimalSign::Comma
        } else {
            DecimalSign::Point
        };
        let read = amount(written, decimal, self.ours).map_err(|error| error.to_string())?;
        read.ok_or_else(|| "There is no amount in this line".to_owned())
    }

    /// How it was understood, with the balance to hold beside the cash book, where the bank tells one.
    fn understood(&self) -> Vec<String> {
        let told = self.balance.as_ref().and_then(|balance| {
            let held = self.amount(balance.amount.as_deref()?).ok()?;
            let day = date::of_ofx(balance.day.as_deref()?)?;
            Some(format!(
                "The bank says that {held} was in the account on {}.",
                day.strftime("%-d %B %Y")
            ))
        });
        let first = "An OFX file: days and amounts are as the bank wrote them.".to_owned();
        [first].into_iter().chain(told).collect()
    }

    fn finish(mut self) -> Result<Read, NoStatement> {
        self.close();
        if self.accounts > 1 && !self.lines.is_empty() {
            return Err(NoStatement::BadOfx(format!(
                "it holds {} accounts at once. Export the one that members pay into",
                self.accounts
            )));
        }
        if self.lines.is_empty() {
            let why = self
                .left
                .first()
                .map(|left| format!("Row {}: {}", left.row, left.why));
            return Err(NoStatement::NoLines(
                why.unwrap_or_else(|| "It tells a balance, and no line".to_owned()),
            ));
        }
        self.lines.sort_by_key(|line| line.date);
        Ok(Read {
            source: "OFX".to_owned(),
            understood: self.understood(),
            account: self.account,
            lines: self.lines,
            left: self.left,
        })
    }
}
