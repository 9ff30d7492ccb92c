//! The columns of banks, as far as public parsers tell them. A file is recognised by its header alone.
//!
//! Unity Trust Bank has no preset: no public parser or page that could be found tells its columns. Its files are read by
//! an example, like those of any other bank. Files of HSBC's without a header are read by an example, too.

use super::Table;
use super::date::DateOrder;
use super::mapping::Mapping;

/// The columns of a bank, by the names in its header.
#[derive(Debug, Clone, Copy)]
struct Preset {
    bank: &'static str,
    /// Names that all must be there.
    needs: &'static [&'static str],
    /// Whether there may be no others.
    only: bool,
    /// How days are written, where all files of the bank have them so.
    order: Option<DateOrder>,
    date: &'static str,
    amount: &'static str,
    money_in: &'static str,
    money_out: &'static str,
    texts: &'static [&'static str],
    name: &'static str,
    reference: &'static str,
    balance: &'static str,
    id: &'static str,
    currency: &'static str,
    own_account: &'static str,
}

/// A preset of which nothing is said.
const NOTHING: Preset = Preset {
    bank: "",
    needs: &[],
    only: false,
    order: Some(DateOrder::DayFirst),
    date: "date",
    amount: "",
    money_in: "",
    money_out: "",
    texts: &["description"],
    name: "",
    reference: "",
    balance: "balance",
    id: "",
    currency: "",
    own_account: "",
};

/// The banks. Where a source is named, it is a public repository or page in which the columns stand; each was seen in
/// several others too.
const PRESETS: &[Preset] = &[
    // Barclays: `Number,Date,Account,Amount,Subcategory,Memo`, amounts with their sign. Seen in the checks of several
    // public budget programs and in an old accounting form that refuses any other header.
    Preset {
        bank: "Barclays",
        needs: &["number", "date", "account", "amount", "subcategory", "memo"],
        amount: "amount",
        texts: &["subcategory", "memo"],
        own_account: "account",
        ..NOTHING
    },
    // The Co-operative Bank and smile: `Date,Description,Type,Money In,Money Out,Balance`, the newest first. Told by
    // the converter coop-csv2ofx, which itself leans on a page for savers, and by converters for smile.
    Preset {
        bank: "Co-operative Bank",
        needs: &["date", "description", "type", "money in", "money out", "balance"],
        money_in: "money in",
        money_out: "money out",
        texts: &["description", "type"],
        ..NOTHING
    },
    // HSBC: `Date,Type,Description,Paid out,Paid in,Balance`, days with the month as a word. Told by several public
    // parsers for business accounts.
    Preset {
        bank: "HSBC",
        needs: &["date", "type", "description", "paid out", "paid in", "balance"],
        money_in: "paid in",
        money_out: "paid out",
        texts: &["type", "description"],
        ..NOTHING
    },
    // Lloyds, and Halifax and the Bank of Scotland with them: `Transaction Date,Transaction Type,Sort Code,Account
    // Number,Transaction Description,Debit Amount,Credit Amount,Balance`, the newest first. Told by the plugin
    // ofxstatement-lloyds.
    Preset {
        bank: "Lloyds",
        needs: &[
            "transaction date",
            "transaction description",
            "debit amount",
            "credit amount",
            "balance",
        ],
        date: "transaction date",
        money_in: "credit amount",
        money_out: "debit amount",
        texts: &["transaction type", "transaction description"],
        own_account: "account number",
        ..NOTHING
    },
    // Monzo: `Transaction ID,Date,Time,Type,Name,…,Amount,Currency,…,Notes and #tags,…,Description,…`, with the bank's
    // own id. Told by the fixtures of many public parsers.
    Preset {
        bank: "Monzo",
        needs: &["transaction id", "date", "name", "amount", "currency", "type"],
        amount: "amount",
        texts: &["type", "description"],
        name: "name",
        reference: "notes and #tags",
        id: "transaction id",
        currency: "currency",
        ..NOTHING
    },
    // Nationwide: some rows about the account, then `Date,Transaction type,Description,Paid out,Paid in,Balance` with a
    // pound sign before each amount, in Windows-1252. Told by public parsers in Go, Java and Python.
    Preset {
        bank: "Nationwide",
        needs: &[
            "date",
            "transaction type",
            "description",
            "paid out",
            "paid in",
            "balance",
        ],
        money_in: "paid in",
        money_out: "paid out",
        texts: &["transaction type", "description"],
        ..NOTHING
    },
    // NatWest and RBS: `Date, Type, Description, Value, Balance, Account Name, Account Number`, a quotation mark before
    // texts, amounts with their sign. Told by several public parsers.
    Preset {
        bank: "NatWest",
        needs: &[
            "date",
            "type",
            "description",
            "value",
            "balance",
            "account name",
            "account number",
        ],
        amount: "value",
        texts: &["type", "description"],
        own_account: "account number",
        ..NOTHING
    },
    // Santander: `Date,Description,Amount,Balance` and no more, told by a public parser in Java; the text file of its
    // online bank has the same four words before each value ([`blocks`]), told by ledger-santander and others. Other
    // banks may use these words too, so the order of days is found out or asked.
    Preset {
        bank: "Santander",
        needs: &["date", "description", "amount", "balance"],
        only: true,
        order: None,
        amount: "amount",
        ..NOTHING
    },
    // Starling: `Date,Counter Party,Reference,Type,Amount (GBP),Balance (GBP),…`. Told by starling-developer-sdk's own
    // checks; an account in euros has `Amount (EUR)` and is refused.
    Preset {
        bank: "Starling",
        needs: &["date", "counter party", "reference", "type"],
        amount: "amount (",
        texts: &["type"],
        name: "counter party",
        reference: "reference",
        balance: "balance (",
        ..NOTHING
    },
];

/// The mapping for a header that is known.
pub fn recognised(header: &[String]) -> Option<Mapping> {
    let names: Vec<String> = header.iter().map(|name| crate::text::folded(name)).collect();
    let has = |wanted: &&'static str| names.iter().any(|name| name == wanted);
    let preset = PRESETS
        .iter()
        .find(|preset| preset.needs.iter().all(has) && !(preset.only && names.len() > preset.needs.len()))?;
    preset.mapping(&names)
}

/// The banks whose columns are known.
pub fn banks() -> impl Iterator<Item = &'static str> {
    PRESETS.iter().map(|preset| preset.bank)
}

/// The table in a text that has "Date:", "Description:", "Amount:" and "Balance:" before its values, a line for each.
pub fn blocks(text: &str) -> Option<Table> {
    const WORDS: [&str; 4] = ["Date:", "Description:", "Amount:", "Balance:"];
    let mut table = Table {
        header: WORDS.map(|word| word.trim_end_matches(':').to_owned()).to_vec(),
        rows: Vec::new(),
    };
    for (index, line) in text.lines().enumerate() {
        // The bank puts hard spaces between its words.
        let line = line.trim();
        let Some(column) = WORDS.iter().position(|word| line.starts_with(word)) else {
            continue;
        };
        let value = line[WORDS[column].len()..].trim().to_owned();
        if column == 0 {
            table.rows.push((index + 1, vec![String::new(); WORDS.len()]));
        }
        let (_, cells) = table.rows.last_mut()?;
        cells[column] = value;
    }
    (!table.rows.is_empty()).then_some(table)
}

impl Preset {
    fn mapping(&self, names: &[String]) -> Option<Mapping> {
        // A name that ends in a bracket stands for all that begin so: "amount (" for "amount (gbp)".
        let find = |wanted: &str| {
            let same = |name: &String| match wanted.ends_with('(') {
                true => name.starts_with(wanted),
                false => name == wanted,
            };
            let found = names.iter().position(|name| !wanted.is_empty() && same(name));
            found.and_then(|column| u32::try_from(column).ok())
        };
        let amount = find(self.amount);
        let money_in = find(self.money_in);
        if amount.is_none() && money_in.is_none() {
            return None;
        }
        Some(Mapping {
            date: find(self.date)?,
            order: self.order,
            amount,
            money_in,
            money_out: find(self.money_out),
            texts: self.texts.iter().filter_map(|name| find(name)).collect(),
            name: find(self.name),
            reference: find(self.reference),
            balance: find(self.balance),
            id: find(self.id),
            currency: find(self.currency),
            own_account: find(self.own_account),
            ..Mapping::new(self.bank)
        })
    }
}
