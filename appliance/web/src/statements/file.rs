//! `/money/statements/file/{number}`: a file that waits: how it was understood, which rows are not taken and why, and what its
//! columns mean where they are not known.

use acts::statements::{Columns, Draft, Preview};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use members::statement::mapping::{DecimalSign, Mapping, SignRule, looks_like_a_row};
use members::statement::{DateOrder, LineKind};
use serde::Deserialize;

use crate::error::PageError;
use crate::pages::{Field, Here, Layout, Visit, html};
use crate::show::day;
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, show, urls};

/// So many lines and rows are shown of a file.
const SHOWN: usize = 100;

/// A file that waits.
#[derive(Template)]
#[template(path = "statements/file.html")]
pub(crate) struct FilePage {
    layout: Layout,
    url: String,
    name: String,
    token: String,
    account: Field,
    understood: Option<Understood>,
    /// Why nothing can be read.
    refusal: String,
    columns: Option<ColumnsForm>,
}

/// What would be read.
struct Understood {
    source: String,
    sentences: Vec<String>,
    told: String,
    lines: Vec<(String, String, String, String)>,
    more: bool,
    left: Vec<(String, String)>,
    any: bool,
}

/// The form on which columns are chosen.
struct ColumnsForm {
    open: bool,
    bank: String,
    /// What each column is called.
    named: Vec<String>,
    examples: Vec<Vec<String>>,
    choices: Vec<Choice>,
    no_header: bool,
}

/// What one column is chosen for.
struct Choice {
    name: &'static str,
    label: String,
    options: Vec<(String, String, bool)>,
}

/// With which account a file is read.
#[derive(Deserialize)]
pub(crate) struct Sent {
    #[serde(default)]
    token: String,
    #[serde(default)]
    account: String,
}

/// What the columns mean.
#[derive(Deserialize)]
pub(crate) struct SentColumns {
    #[serde(default)]
    token: String,
    #[serde(default)]
    bank: String,
    #[serde(default)]
    order: String,
    #[serde(default)]
    sign: String,
    #[serde(default)]
    decimal: String,
    #[serde(default)]
    no_header: String,
    #[serde(flatten)]
    columns: std::collections::BTreeMap<String, String>,
}

/// The names of the fields, and the words beside them.
const COLUMNS: [(&str, &str); 12] = [
    ("date", "columns-date"),
    ("amount", "columns-amount"),
    ("money_in", "columns-in"),
    ("money_out", "columns-out"),
    ("text1", "columns-text"),
    ("text2", "columns-text-more"),
    ("name", "columns-name"),
    ("account", "columns-account"),
    ("reference", "columns-reference"),
    ("balance", "columns-balance"),
    ("id", "columns-id"),
    ("currency", "columns-currency"),
];

/// `GET /money/statements/file/{number}`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(number): Path<u32>,
) -> Result<Response, PageError> {
    html(&FilePage::new(&app, &visit, &signed, number).await?)
}

fn purpose(number: u32) -> String {
    urls::statement_file(number)
}

/// `POST /money/statements/file/{number}`
pub(crate) async fn read(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(number): Path<u32>,
    Form(form): Form<Sent>,
) -> Result<Response, PageError> {
    signed.check(&purpose(number), &form.token)?;
    match app
        .acts
        .read_statement(&signed.actor, number, &form.account)
        .await
    {
        Ok(statement) => Ok(Redirect::to(&urls::statement(statement, "open", 1)).into_response()),
        Err(acts::ActError::BadInput(why)) => {
            let mut page = FilePage::new(&app, &visit, &signed, number).await?;
            page.account = Field::refused(form.account, &why);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// `POST /money/statements/file/{number}/columns`
pub(crate) async fn columns(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(number): Path<u32>,
    Form(form): Form<SentColumns>,
) -> Result<Response, PageError> {
    signed.check(&purpose(number), &form.token)?;
    let mapping = form.mapping();
    let refused = match &mapping {
        Ok(mapping) => match app
            .acts
            .map_statement(&signed.actor, number, mapping.clone())
            .await
        {
            Ok(()) => return Ok(Redirect::to(&urls::statement_file(number)).into_response()),
            Err(acts::ActError::BadInput(why)) => why,
            Err(other) => return Err(other.into()),
        },
        Err(why) => why.clone(),
    };
    let mut page = FilePage::new(&app, &visit, &signed, number).await?;
    page.refusal = show::sentence(&refused);
    if let (Some(columns), Ok(mapping)) = (&mut page.columns, &mapping) {
        columns.choose(Some(mapping));
        columns.open = true;
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

/// `POST /money/statements/file/{number}/forget`
pub(crate) async fn forget(
    State(app): State<App>,
    signed: SignedIn,
    Path(number): Path<u32>,
    Form(form): Form<Sent>,
) -> Result<Response, PageError> {
    signed.check(&purpose(number), &form.token)?;
    app.acts.forget_statement(&signed.actor, number).await?;
    Ok(Redirect::to(&urls::done(urls::STATEMENTS, "forgotten")).into_response())
}

impl SentColumns {
    fn mapping(&self) -> Result<Mapping, String> {
        let column = |name: &str| {
            self.columns
                .get(name)
                .and_then(|chosen| chosen.parse::<u32>().ok())
        };
        let date = column("date").ok_or_else(|| say("columns-no-date"))?;
        Ok(Mapping {
            date,
            order: DateOrder::parse(&self.order),
            amount: column("amount"),
            money_in: column("money_in"),
            money_out: column("money_out"),
            sign: SignRule::parse(&self.sign).unwrap_or(SignRule::PlusIsIn),
            decimal: DecimalSign::parse(&self.decimal).unwrap_or(DecimalSign::Point),
            texts: ["text1", "text2"].into_iter().filter_map(column).collect(),
            name: column("name"),
            account: column("account"),
            reference: column("reference"),
            balance: column("balance"),
            id: column("id"),
            currency: column("currency"),
            no_header: self.no_header == "yes",
            ..Mapping::new(&self.bank)
        })
    }
}

impl FilePage {
    async fn new(app: &App, visit: &Visit, signed: &SignedIn, number: u32) -> Result<Self, PageError> {
        let draft = app.acts.statement_draft(&signed.actor, number).await?;
        let layout = Layout::new(&app.look(), visit, Here::Members);
        Ok(Self::of(layout, signed.token(&purpose(number)), draft))
    }

    fn of(layout: Layout, token: String, draft: Draft) -> Self {
        let refusal = draft
            .preview
            .as_ref()
            .err()
            .map(|why| show::sentence(&why.to_string()));
        let known = draft.preview.is_ok();
        Self {
            layout,
            url: urls::statement_file(draft.number),
            name: draft.name,
            token,
            account: Field::holding(&draft.account),
            understood: draft.preview.as_ref().ok().map(Understood::of),
            refusal: refusal.unwrap_or_default(),
            columns: draft.columns.map(|columns| ColumnsForm::of(columns, !known)),
        }
    }

    /// A file whose columns nobody knows.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let columns = Columns {
            header: vec!["When".to_owned(), "<What>".to_owned(), String::new()],
            examples: vec![vec!["01.05.2026".to_owned(), "ANA".to_owned(), "3,00".to_owned()]],
            mapping: Some(Mapping::new("Bank <1>")),
        };
        let draft = Draft {
            number: 1,
            name: "may <1>.csv".to_owned(),
            account: "Bank".to_owned(),
            preview: Err(members::statement::NoStatement::Unknown),
            columns: Some(columns),
        };
        let mut page = Self::of(Layout::sample(), "0".repeat(64), draft);
        page.understood = Some(Understood {
            source: "Bank".to_owned(),
            sentences: vec!["Days <first>.".to_owned()],
            told: "2 lines".to_owned(),
            lines: vec![(
                "1 May 2026".to_owned(),
                "£3.00".to_owned(),
                "ANA <1>".to_owned(),
                String::new(),
            )],
            more: true,
            left: vec![("4".to_owned(), "There is no day in this row".to_owned())],
            any: true,
        });
        page
    }
}

impl Understood {
    fn of(preview: &Preview) -> Self {
        let lines = preview.read.lines.iter().take(SHOWN).map(|line| {
            let kind = match line.kind {
                LineKind::Payment => String::new(),
                LineKind::Fee => say("line-fee"),
                LineKind::Payout => say("line-payout"),
            };
            (day(line.date), line.amount.to_string(), line.text(), kind)
        });
        Self {
            source: preview.read.source.clone(),
            sentences: preview.read.understood.clone(),
            told: say_with(
                "file-told",
                [
                    ("fresh", preview.fresh.into()),
                    ("known", preview.known.into()),
                    ("in", preview.came_in.to_string().into()),
                    ("out", preview.went_out.to_string().into()),
                ],
            ),
            lines: lines.collect(),
            more: preview.read.lines.len() > SHOWN,
            left: preview
                .read
                .left
                .iter()
                .map(|left| (left.row.to_string(), show::sentence(&left.why)))
                .collect(),
            any: preview.fresh > 0,
        }
    }
}

impl ColumnsForm {
    fn of(columns: Columns, open: bool) -> Self {
        let mut form = Self {
            open,
            bank: String::new(),
            no_header: looks_like_a_row(&columns.header),
            named: (1..)
                .zip(&columns.header)
                .map(|(number, name)| named(number, name))
                .collect(),
            examples: columns.examples,
            choices: Vec::new(),
        };
        form.choose(columns.mapping.as_ref());
        form
    }

    /// Shows what was chosen.
    fn choose(&mut self, mapping: Option<&Mapping>) {
        let usual = Mapping::new("");
        let chosen = mapping.unwrap_or(&usual);
        self.bank = chosen.bank.clone();
        self.no_header |= chosen.no_header;
        let text = |at: usize| chosen.texts.get(at).copied();
        let columns = [
            mapping.map(|mapping| mapping.date),
            chosen.amount,
            chosen.money_in,
            chosen.money_out,
            text(0),
            text(1),
            chosen.name,
            chosen.account,
            chosen.reference,
            chosen.balance,
            chosen.id,
            chosen.currency,
        ];
        let both = COLUMNS.iter().zip(columns);
        self.choices = both
            .map(|((name, label), column)| Choice {
                name,
                label: say(label),
                options: self.options(column),
            })
            .collect();
        let order = |is: DateOrder, key: &str| (is.word().to_owned(), say(key), chosen.order == Some(is));
        let sign = |is: SignRule, key: &str| (is.word().to_owned(), say(key), chosen.sign == is);
        let decimal = |is: DecimalSign, key: &str| (is.word().to_owned(), say(key), chosen.decimal == is);
        self.add(
            ("order", "columns-order"),
            vec![
                (String::new(), say("columns-order-find"), chosen.order.is_none()),
                order(DateOrder::DayFirst, "columns-order-day"),
                order(DateOrder::MonthFirst, "columns-order-month"),
            ],
        );
        self.add(
            ("sign", "columns-sign"),
            vec![
                sign(SignRule::PlusIsIn, "columns-plus-in"),
                sign(SignRule::PlusIsOut, "columns-plus-out"),
            ],
        );
        self.add(
            ("decimal", "columns-decimal"),
            vec![
                decimal(DecimalSign::Point, "columns-point"),
                decimal(DecimalSign::Comma, "columns-comma"),
            ],
        );
    }

    fn add(&mut self, (name, label): (&'static str, &str), options: Vec<(String, String, bool)>) {
        let label = say(label);
        self.choices.push(Choice { name, label, options });
    }

    fn options(&self, chosen: Option<u32>) -> Vec<(String, String, bool)> {
        let none = (String::new(), say("columns-none"), chosen.is_none());
        let columns = self.named.iter().zip(0_u32..);
        let columns =
            columns.map(|(name, column)| (column.to_string(), name.clone(), chosen == Some(column)));
        [none].into_iter().chain(columns).collect()
    }
}

/// What a column is called.
fn named(number: u32, name: &str) -> String {
    match name.trim() {
        "" => say_with("columns-number", [("number", number.into())]),
        name => name.to_owned(),
    }
}
