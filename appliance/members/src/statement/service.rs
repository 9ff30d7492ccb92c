//! Files of services that collect for the place: GoCardless (direct debits) and Stripe (cards). Each payment becomes a
//! line with its whole amount, what the service kept becomes a line of its own, and sums must agree.
//!
//! Their columns: GoCardless's own help page on exports and a public importer of donations; Stripe's two layouts stand in
//! the fixtures of many public parsers.

use std::collections::BTreeMap;

use jiff::civil::Date;
use units::{Currency, Money};

use super::amount::{DecimalSign, amount};
use super::date::{DateOrder, date};
use super::{Left, Line, LineKind, NoStatement, Read, Table, told};

/// A kind of file that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// GoCardless: the export of payments.
    GoCardless,
    /// GoCardless: the list of payouts, without payments.
    GoCardlessPayouts,
    /// Stripe: the balance history, or the itemised report of a balance or payout.
    Stripe,
}

/// Which service's file has this header.
pub fn recognised(header: &[String]) -> Option<Service> {
    let has = |name: &str| column(header, &[name]).is_some();
    if has("charge_date") && has("links.payout") && has("transaction_fee") {
        return Some(Service::GoCardless);
    }
    if has("arrival_date") && has("transaction_fee_debit") {
        return Some(Service::GoCardlessPayouts);
    }
    let history = has("type") && has("amount") && has("net") && has("fee") && has("source");
    let report = has("balance_transaction_id") && has("gross") && has("net") && has("reporting_category");
    (history || report).then_some(Service::Stripe)
}

/// What a line in a bank's own statement is: a payout in one sum, or an ordinary line.
pub(super) fn kind_in_bank(line: &Line) -> LineKind {
    let text = crate::text::folded(&line.text());
    let service = [
        "gocardless",
        "stripe payments",
        "stripe transfer",
        "stripe payout",
    ];
    if line.came_in()
        && (service.iter().any(|name| text.contains(name)) || text == "stripe" || text.starts_with("stripe "))
    {
        return LineKind::Payout;
    }
    LineKind::Payment
}

/// Reads a service's file.
pub fn read(table: &Table, service: Service, ours: Currency) -> Result<Read, NoStatement> {
    let found = match service {
        Service::GoCardlessPayouts => {
            return Err(NoStatement::OnlySums {
                service: "GoCardless",
                instead: "the payments",
            });
        }
        Service::GoCardless => Columns::of_gocardless(&table.header),
        Service::Stripe => Columns::of_stripe(&table.header),
    };
    let columns = found.ok_or(NoStatement::Unknown)?;
    if let Some(found) = columns.other_currency(table, ours) {
        return Err(NoStatement::OtherCurrency { found, ours });
    }
    let (mut moved, mut left) = (Vec::new(), Vec::new());
    for (row, cells) in &table.rows {
        match columns.moved(cells, ours) {
            Ok(one) => moved.push((*row, one)),
            Err(why) => left.push(Left { row: *row, why }),
        }
    }
    let sums = Sums::of(&moved);
    let mut lines = Vec::new();
    for (row, one) in moved {
        match sums.disagreement(&one) {
            Some(why) => left.push(Left { row, why }),
            None => lines.extend(one.lines()),
        }
    }
    left.sort_by_key(|left| left.row);
    if lines.is_empty() {
        let why = left.first().map(|left| format!("Row {}: {}", left.row, left.why));
        return Err(NoStatement::NoLines(why.unwrap_or_default()));
    }
    lines.sort_by_key(|line: &Line| line.date);
    Ok(Read {
        source: columns.service.to_owned(),
        account: Some(columns.service.to_owned()),
        understood: sums.sentences(columns.service),
        lines,
        left,
    })
}

/// Where in the file what stands.
struct Columns {
    service: &'static str,
    id: usize,
    day: usize,
    /// The day on which it was paid out, where that is another one.
    paid: Option<usize>,
    gross: usize,
    fee: usize,
    /// What is left after the fee.
    net: Option<usize>,
    refunded: Option<usize>,
    currency: Option<usize>,
    kind: Option<usize>,
    payout: Option<usize>,
    /// Where a payout names itself.
    source: Option<usize>,
    texts: Vec<usize>,
    names: Vec<usize>,
    reference: Option<usize>,
}

fn column(header: &[String], names: &[&str]) -> Option<usize> {
    names.iter().find_map(|wanted| {
        header
            .iter()
            .position(|name| name.trim().eq_ignore_ascii_case(wanted))
    })
}

impl Columns {
    fn of_gocardless(header: &[String]) -> Option<Self> {
        let find = |name: &str| column(header, &[name]);
        let names = [
            "customers.given_name",
            "customers.family_name",
            "customers.company_name",
        ];
        Some(Self {
            service: "GoCardless",
            id: find("id")?,
            day: find("charge_date")?,
            paid: find("payout_date"),
            gross: find("amount")?,
            fee: find("transaction_fee")?,
            net: None,
            refunded: find("amount_refunded"),
            currency: find("currency"),
            kind: find("status"),
            payout: find("links.payout"),
            source: None,
            texts: find("description").into_iter().collect(),
            names: names.iter().filter_map(|name| find(name)).collect(),
            reference: find("reference"),
        })
    }

    fn of_stripe(header: &[String]) -> Option<Self> {
        let find = |names: &[&str]| column(header, names);
        let names = ["customer_name", "card name", "customer name"];
        Some(Self {
            service: "Stripe",
            id: find(&["balance_transaction_id", "id"])?,
            day: find(&["created_utc", "created", "created (utc)"])?,
            paid: None,
            gross: find(&["gross", "amount"])?,
            fee: find(&["fee"])?,
            net: Some(find(&["net"])?),
            refunded: None,
            currency: find(&["currency"]),
            kind: find(&["reporting_category", "type"]),
            payout: find(&["automatic_payout_id", "transfer"]),
            source: find(&["source_id", "source"]),
            texts: find(&["description"]).into_iter().collect(),
            names: names.iter().filter_map(|name| find(&[name])).collect(),
            reference: find(&["customer_email", "customer email"]),
        })
    }

    fn other_currency(&self, table: &Table, ours: Currency) -> Option<Currency> {
        let cells = table
            .rows
            .iter()
            .filter_map(|(_, cells)| cells.get(self.currency?));
        let mut told = cells.filter_map(|cell| Currency::parse(cell).ok());
        let first = told.next()?;
        (first != ours && told.all(|other| other == first)).then_some(first)
    }

    fn moved(&self, cells: &[String], ours: Currency) -> Result<Moved, String> {
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        let maybe = |at: Option<usize>| at.map_or("", cell);
        if let Some(found) = Currency::parse(maybe(self.currency))
            .ok()
            .filter(|found| *found != ours)
        {
            return Err(format!(
                "This amount is in {found}, and this place counts in {ours}. It was not converted"
            ));
        }
        let money = |text: &str| {
            let found = amount(text, DecimalSign::Point, ours).map_err(|error| error.to_string());
            found.map(|money| money.unwrap_or(Money::zero(ours)))
        };
        let kind = Kind::of(self.service, maybe(self.kind))?;
        let paid = date(maybe(self.paid), DateOrder::DayFirst);
        let moved = Moved {
            kind,
            id: cell(self.id).trim().to_owned(),
            day: paid.or_else(|_| date(cell(self.day), DateOrder::DayFirst))?,
            gross: money(cell(self.gross))?,
            fee: money(cell(self.fee))?,
            refunded: money(maybe(self.refunded))?,
            payout: match (told(maybe(self.payout)), kind) {
                (None, Kind::Payout) => told(maybe(self.source)),
                (payout, _) => payout,
            },
            texts: self.texts.iter().filter_map(|at| told(cell(*at))).collect(),
            name: told(
                &self
                    .names
                    .iter()
                    .map(|at| cell(*at))
                    .collect::<Vec<_>>()
                    .join(" "),
            ),
            reference: told(maybe(self.reference)),
        };
        if moved.gross.minor() == 0 && moved.fee.minor() == 0 {
            return Err("The amount of this row is nothing".to_owned());
        }
        if let Some(at) = self.net {
            let net = money(cell(at))?;
            if moved.net().ok() != Some(net) {
                return Err(format!(
                    "The figures of this row do not agree: {} less {} is not {net}",
                    moved.gross, moved.fee
                ));
            }
        }
        Ok(moved)
    }
}

/// What a row of a service's file tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Somebody paid, or got something back.
    Payment,
    /// The service kept something, or a dispute cost something.
    Cost,
    /// A sum went to the bank.
    Payout,
}

impl Kind {
    fn of(service: &str, word: &str) -> Result<Self, String> {
        let word = word.trim().to_ascii_lowercase();
        if service == "GoCardless" {
            return match word.as_str() {
                "paid_out" => Ok(Self::Payment),
                // Its day is not known before the payout.
                "confirmed" => Err(
                    "This payment was collected and is not paid out yet. Read a file from after its payout"
                        .to_owned(),
                ),
                other => Err(format!("This payment is \"{other}\": no money came")),
            };
        }
        Ok(match word.as_str() {
            "charge"
            | "payment"
            | "refund"
            | "payment_refund"
            | "charge_failure"
            | "payment_failure_refund"
            | "refund_failure" => Self::Payment,
            "payout" | "transfer" | "payout_cancel" | "payout_failure" | "payout_reversal" => Self::Payout,
            _ => Self::Cost,
        })
    }
}

/// One row of a service's file.
struct Moved {
    kind: Kind,
    id: String,
    day: Date,
    gross: Money,
    fee: Money,
    refunded: Money,
    payout: Option<String>,
    texts: Vec<String>,
    name: Option<String>,
    reference: Option<String>,
}

impl Moved {
    fn net(&self) -> Result<Money, units::MoneyError> {
        self.gross.minus(self.fee)?.minus(self.refunded)
    }

    /// The payment, what went back of it, and what the service kept.
    fn lines(self) -> Vec<Line> {
        let line = |amount: Money, behind: &str, kind: LineKind| Line {
            kind,
            id: Some(format!("{}{behind}", self.id)),
            texts: self.texts.clone(),
            name: self.name.clone(),
            reference: self.reference.clone(),
            ..Line::new(self.day, amount)
        };
        let kind = match self.kind {
            Kind::Payment => LineKind::Payment,
            Kind::Cost => LineKind::Fee,
            Kind::Payout => LineKind::Payout,
        };
        let all = [
            line(self.gross, "", kind),
            line(self.refunded.negated(), " back", LineKind::Payment),
            line(self.fee.negated(), " fee", LineKind::Fee),
        ];
        all.into_iter().filter(|line| line.amount.minor() != 0).collect()
    }
}

/// What was paid out, against what it is made of.
struct Sums {
    /// By payout: how many payments, what they make after fees, and what the file says was paid out.
    payouts: BTreeMap<String, (usize, i64, Option<Money>)>,
}

impl Sums {
    fn of(moved: &[(usize, Moved)]) -> Self {
        let mut payouts: BTreeMap<String, (usize, i64, Option<Money>)> = BTreeMap::new();
        for (_, one) in moved {
            let Some(name) = &one.payout else { continue };
            let sum = payouts.entry(name.clone()).or_default();
            match (one.kind, one.net()) {
                (Kind::Payout, Ok(net)) => sum.2 = Some(net.negated()),
                (_, Ok(net)) => {
                    sum.0 += 1;
                    sum.1 = sum.1.saturating_add(net.minor());
                }
                (_, Err(_)) => {}
            }
        }
        Self { payouts }
    }

    fn disagreement(&self, one: &Moved) -> Option<String> {
        let name = one.payout.as_ref()?;
        let (_, made, said) = self.payouts.get(name)?;
        let said = (*said)?;
        if said.minor() == *made {
            return None;
        }
        Some(format!(
            "Payout {name} is {said}, but its payments less fees make {} in this file. Export the whole payout",
            Money::new(*made, said.currency())
        ))
    }

    fn sentences(&self, service: &str) -> Vec<String> {
        let payments: usize = self.payouts.values().map(|payout| payout.0).sum();
        let checked = self.payouts.values().filter(|payout| payout.2.is_some()).count();
        let mut told = vec![format!(
            "A file of {service}. Each payment is a line with its whole amount; what {service} kept is a line of its own."
        )];
        if !self.payouts.is_empty() {
            told.push(format!(
                "Payments in it: {payments}. Payouts that they belong to: {}.",
                self.payouts.len()
            ));
        }
        if checked > 0 {
            told.push(format!(
                "Payouts whose sum is told, and was compared with their payments: {checked}."
            ));
        }
        told
    }
}
