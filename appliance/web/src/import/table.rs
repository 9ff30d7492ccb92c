//! `/members/import/table`: how the table was read, and what its columns mean.

use acts::import::{Choices, Staged};
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use members::import::about::About;
use members::import::mapping::{Mapping, SameName, Together};
use members::import::value::DateOrder;
use members::sheet::{Choice, Delimiter, Encoding, Format};

use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, show, urls};

/// How many rows are shown of each column.
const EXAMPLES: usize = 3;

/// What the columns of a table mean.
#[derive(Template)]
#[template(path = "import/table.html")]
pub(crate) struct TablePage {
    layout: Layout,
    token: String,
    forget_token: String,
    file: String,
    read_as: String,
    remarks: Vec<String>,
    refusal: String,
    columns: Vec<Column>,
    selects: Vec<Select>,
    header_line: usize,
}

/// One column.
struct Column {
    name: String,
    label: String,
    examples: String,
    options: Vec<Choosable>,
}

/// A choice among few.
struct Select {
    name: &'static str,
    label: String,
    options: Vec<Choosable>,
}

/// One of them.
struct Choosable {
    value: String,
    words: String,
    chosen: bool,
}

type Pairs = Vec<(String, String)>;

/// `GET /members/import/table`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
) -> Result<Response, PageError> {
    let staged = app.acts.staged(&signed.actor).await?;
    if staged.own && staged.lacks.is_none() {
        return Ok(Redirect::to(urls::IMPORT_PREVIEW).into_response());
    }
    let lacks = staged.lacks.as_ref().filter(|_| staged.own);
    let refusal = lacks.map(ToString::to_string).unwrap_or_default();
    html(&TablePage::new(&app, &visit, &signed, &staged, &refusal))
}

/// `POST /members/import/table`
pub(crate) async fn choose(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(pairs): Form<Pairs>,
) -> Result<Response, PageError> {
    let before = app.acts.staged(&signed.actor).await?;
    signed.check(&purpose(&before), sent(&pairs, "token"))?;
    let read_otherwise = choice(&pairs, &before);
    let again = read_otherwise != settled(&before);
    let choices = Choices {
        choice: read_otherwise,
        // What columns mean was said of the table as it was read before.
        mapping: if again {
            None
        } else {
            Some(mapping(&pairs, &before))
        },
        decisions: before.choices.decisions.clone(),
    };
    let staged = match app.acts.choose_for_table(&signed.actor, choices).await {
        Ok(staged) => staged,
        Err(acts::ActError::BadInput(why)) => {
            let page = TablePage::new(&app, &visit, &signed, &before, &why);
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response());
        }
        Err(other) => return Err(other.into()),
    };
    if again {
        return Ok(Redirect::to(urls::IMPORT_TABLE).into_response());
    }
    match &staged.lacks {
        None => Ok(Redirect::to(urls::IMPORT_PREVIEW).into_response()),
        Some(lacks) => {
            let page = TablePage::new(&app, &visit, &signed, &staged, &lacks.to_string());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
        }
    }
}

/// `POST /members/import/forget`
pub(crate) async fn forget(
    State(app): State<App>,
    signed: SignedIn,
    Form(pairs): Form<Pairs>,
) -> Result<Response, PageError> {
    signed.check(urls::IMPORT_FORGET, sent(&pairs, "token"))?;
    app.acts.forget_table(&signed.actor)?;
    Ok(Redirect::to(&urls::done(urls::IMPORT, "forgotten")).into_response())
}

/// A form is worth something for the table that was shown, and no other.
fn purpose(staged: &Staged) -> String {
    format!("{} {}", urls::IMPORT_TABLE, staged.at.as_millis())
}

pub(super) fn sent<'a>(pairs: &'a Pairs, name: &str) -> &'a str {
    let found = pairs.iter().find(|(known, _)| known == name);
    found.map_or("", |(_, value)| value.as_str())
}

/// How the table is to be read, as far as it was said.
fn choice(pairs: &Pairs, before: &Staged) -> Choice {
    let settled = settled(before);
    let said = |name| Some(sent(pairs, name)).filter(|value| !value.is_empty());
    Choice {
        encoding: said("encoding").and_then(Encoding::parse).or(settled.encoding),
        delimiter: said("delimiter").and_then(Delimiter::parse).or(settled.delimiter),
        worksheet: said("worksheet").map(str::to_owned).or(settled.worksheet),
        header_line: said("header")
            .and_then(|line| line.trim().parse().ok())
            .or(settled.header_line),
    }
}

/// How the table was read, said in full.
fn settled(staged: &Staged) -> Choice {
    let told = &staged.sheet.told;
    let (encoding, delimiter, worksheet) = match &told.format {
        Format::Text { encoding, delimiter } => (Some(*encoding), Some(*delimiter), None),
        Format::Xlsx { worksheet } | Format::Ods { worksheet } => (None, None, Some(worksheet.clone())),
    };
    Choice {
        encoding,
        delimiter,
        worksheet,
        header_line: Some(told.header_line),
    }
}

fn mapping(pairs: &Pairs, before: &Staged) -> Mapping {
    let columns = (0..before.sheet.header.len()).map(|at| {
        let word = sent(pairs, &format!("c{at}"));
        About::parse(word, &before.house)
            .as_ref()
            .map(About::word)
            .unwrap_or_default()
    });
    let class = before.house.class_named(sent(pairs, "class"));
    Mapping {
        columns: columns.collect(),
        order: DateOrder::parse(sent(pairs, "order")),
        class: class.map(str::to_owned),
        together: Together::parse(sent(pairs, "together")).unwrap_or(Together::Nobody),
        same_name: SameName::parse(sent(pairs, "same-name")).unwrap_or(SameName::Ask),
        newer: before.mapping.newer.clone(),
    }
}

impl TablePage {
    fn new(app: &App, visit: &Visit, signed: &SignedIn, staged: &Staged, refusal: &str) -> Self {
        let mut page = Self::of(Layout::new(&app.look(), visit, Here::Members), staged, refusal);
        page.token = signed.token(&purpose(staged));
        page.forget_token = signed.token(urls::IMPORT_FORGET);
        page
    }

    fn of(layout: Layout, staged: &Staged, refusal: &str) -> Self {
        let sheet = &staged.sheet;
        let columns = (0..).zip(sheet.header.iter().zip(&staged.mapping.columns));
        Self {
            layout,
            token: String::new(),
            forget_token: String::new(),
            file: staged.file.clone(),
            read_as: read_as(staged),
            remarks: remarks(staged),
            refusal: show::sentence(refusal),
            columns: columns
                .map(|(at, (header, word))| Column::of(at, header, word, staged))
                .collect(),
            selects: selects(staged),
            header_line: sheet.told.header_line,
        }
    }

    /// A table of which the order of days is unclear.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let staged = sample_staged();
        Self::of(
            Layout::sample(),
            &staged,
            &members::import::mapping::NoMapping::WhichOrder.to_string(),
        )
    }
}

/// A table to try pages with.
#[cfg(test)]
pub(super) fn sample_staged() -> Staged {
    let text = "Name;Joined;<b>\nAna <Öberg>;1/2/2020;x\nBen;;\n;;y\n";
    let sheet = members::sheet::read(text.as_bytes(), &Choice::default()).expect("a table");
    let today = jiff::civil::date(2026, 6, 16);
    let mut house = members::house::House::begun();
    let tag = members::house::Tag {
        name: "<choir>".to_owned(),
        meaning: "sings".to_owned(),
        newer: members::record::Newer::default(),
    };
    house.tags.insert("<choir>".to_owned(), tag);
    let mapping = Mapping::guess(&sheet, &house, today);
    Staged {
        file: "a <b>.csv".to_owned(),
        at: units::Instant::from_millis(0),
        own: false,
        lacks: mapping.check(&sheet, &house, today).err(),
        house,
        choices: Choices::default(),
        sheet,
        mapping,
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn read_as(staged: &Staged) -> String {
    let rows = count(staged.sheet.rows.len() + staged.sheet.faults.len()).into();
    match &staged.sheet.told.format {
        Format::Text { encoding, delimiter } => say_with(
            "import-read-text",
            [
                ("rows", rows),
                ("encoding", encoding.name().into()),
                (
                    "delimiter",
                    say(&format!("import-delimiter-{}", delimiter.word())).into(),
                ),
            ],
        ),
        Format::Xlsx { worksheet } | Format::Ods { worksheet } => say_with(
            "import-read-worksheet",
            [("rows", rows), ("worksheet", worksheet.clone().into())],
        ),
    }
}

fn remarks(staged: &Staged) -> Vec<String> {
    let (sheet, told) = (&staged.sheet, &staged.sheet.told);
    let counted = [
        ("import-above", told.above),
        ("import-empty", told.empty),
        ("import-short", told.short.len()),
        ("import-unread", sheet.faults.len()),
    ];
    let there = counted.into_iter().filter(|(_, number)| *number > 0);
    there
        .map(|(key, number)| say_with(key, [("count", count(number).into())]))
        .collect()
}

impl Column {
    fn of(at: usize, header: &str, word: &str, staged: &Staged) -> Self {
        let cells = staged.sheet.rows.iter().filter_map(|row| row.cells.get(at));
        let there = cells.filter(|cell| !cell.trim().is_empty()).take(EXAMPLES);
        let short = there.map(|cell| cell.chars().take(40).collect::<String>());
        let mut options = vec![Choosable {
            value: String::new(),
            words: say("import-leave-out"),
            chosen: word.is_empty(),
        }];
        options.extend(About::offered(&staged.house).map(|about| Choosable {
            value: about.word(),
            chosen: about.word() == word,
            words: match about {
                About::Question { label, .. } => say_with("import-question", [("question", label.into())]),
                About::Tag(name) => say_with("import-tag", [("tag", name.into())]),
                other @ (About::Field(_) | About::Part(_)) => other.to_string(),
            },
        }));
        Self {
            name: format!("c{at}"),
            label: if header.is_empty() {
                say_with("import-column", [("number", count(at + 1).into())])
            } else {
                header.to_owned()
            },
            examples: short.collect::<Vec<_>>().join(" · "),
            options,
        }
    }
}

fn selects(staged: &Staged) -> Vec<Select> {
    let mapping = &staged.mapping;
    let order = DateOrder::ALL
        .iter()
        .map(|order| (order.word(), mapping.order == Some(*order)));
    let together = Together::ALL
        .iter()
        .map(|one| (one.word(), mapping.together == *one));
    let same_name = SameName::ALL
        .iter()
        .map(|one| (one.word(), mapping.same_name == *one));
    let of_words = |(word, chosen): (&str, bool)| Choosable {
        value: word.to_owned(),
        words: word.to_owned(),
        chosen,
    };
    let unknown = Choosable {
        value: String::new(),
        words: say("import-order-unknown"),
        chosen: mapping.order.is_none(),
    };
    let nobody = Choosable {
        value: String::new(),
        words: say("import-class-none"),
        chosen: mapping.class.is_none(),
    };
    let classes = staged.house.classes.iter().map(|(key, class)| Choosable {
        value: key.clone(),
        words: class.label.clone(),
        chosen: mapping.class.as_ref() == Some(key),
    });
    let mut selects = vec![
        Select {
            name: "class",
            label: say("import-class"),
            options: std::iter::once(nobody).chain(classes).collect(),
        },
        Select {
            name: "order",
            label: say("import-order"),
            options: std::iter::once(unknown).chain(order.map(of_words)).collect(),
        },
        Select {
            name: "together",
            label: say("import-together"),
            options: together.map(of_words).collect(),
        },
        Select {
            name: "same-name",
            label: say("import-same-name"),
            options: same_name.map(of_words).collect(),
        },
    ];
    selects.extend(reading(staged));
    selects
}

/// How the file is read.
fn reading(staged: &Staged) -> Vec<Select> {
    let told = &staged.sheet.told;
    match &told.format {
        Format::Text { encoding, delimiter } => {
            let delimiters = Delimiter::ALL.iter().map(|one| Choosable {
                value: one.word().to_owned(),
                words: say(&format!("import-delimiter-{}", one.word())),
                chosen: one == delimiter,
            });
            let encodings = Encoding::OFFERED.iter().map(|one| Choosable {
                value: one.name().to_owned(),
                words: one.name().to_owned(),
                chosen: one == encoding,
            });
            vec![
                Select {
                    name: "delimiter",
                    label: say("import-delimiter"),
                    options: delimiters.collect(),
                },
                Select {
                    name: "encoding",
                    label: say("import-encoding"),
                    options: encodings.collect(),
                },
            ]
        }
        Format::Xlsx { worksheet } | Format::Ods { worksheet } => {
            let worksheets = told.worksheets.iter().map(|one| Choosable {
                value: one.clone(),
                words: one.clone(),
                chosen: one == worksheet,
            });
            vec![Select {
                name: "worksheet",
                label: say("import-worksheet"),
                options: worksheets.collect(),
            }]
        }
    }
}
