//! `/record`: the whole record of who did what, for whoever may read it: chosen by act, person and day, to be taken along
//! as a table or as lines of JSON, and looked through for a line that was changed.

use acts::record::{Asked, Checked, LineView, csv, json_lines};
use acts::{ACTS, Right};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use energy::calendar::{Date, Zone};
use serde::Deserialize;
use units::PersonId;

use crate::error::PageError;
use crate::me::Kind;
use crate::me::{Input, LineRow};
use crate::pages::{Here, Layout, Visit, html};
use crate::show;
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, urls};

/// So many lines stand on a page.
const LINES: usize = 50;
/// So many go into a file.
const IN_A_FILE: usize = 100_000;

/// The record.
#[derive(Template)]
#[template(path = "data/record.html")]
pub(crate) struct RecordPage {
    layout: Layout,
    checked: String,
    fields: Vec<Input>,
    lines: Vec<LineRow>,
    older: Option<String>,
    files: [(String, String); 2],
}

/// Which lines.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Which {
    #[serde(default)]
    act: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
    below: Option<u64>,
    #[serde(default)]
    check: bool,
    #[serde(default)]
    format: String,
}

impl Which {
    fn asked(&self, zone: &Zone, count: usize) -> Result<Asked, PageError> {
        let day = |text: &str| match text.trim() {
            "" => Ok(None),
            text => Date::parse(text)
                .map(Some)
                .map_err(|_| PageError::BadQuestion(say("record-bad-day"))),
        };
        let person = match self.person.trim() {
            "" => None,
            text => {
                let number = text
                    .parse()
                    .map_err(|_| PageError::BadQuestion(say("record-bad-person")))?;
                Some(PersonId::new(number))
            }
        };
        Ok(Asked {
            act: Some(self.act.clone()).filter(|act| !act.is_empty()),
            person,
            from: day(&self.from)?.map(|day| zone.start_of(day)),
            until: day(&self.until)?.map(|day| zone.start_of(day.next())),
            below: self.below,
            count,
        })
    }

    fn query(&self, more: &str) -> String {
        let part = |name: &str, value: &str| format!("{name}={}&", urls::written(value));
        let parts = [
            part("act", &self.act),
            part("person", &self.person),
            part("from", &self.from),
            part("until", &self.until),
        ];
        format!("{}{more}", parts.concat())
    }

    fn fields(&self) -> Vec<Input> {
        let mut acts = vec![(String::new(), say("record-any-act"))];
        acts.extend(
            ACTS.iter()
                .map(|row| (row.name.to_owned(), show::sentence(row.sentence))),
        );
        vec![
            Input::choice("act", "record-act", acts).holding(&self.act),
            Input::line("person", "record-person")
                .hinted("record-person-hint")
                .holding(&self.person),
            Input::day("from", "record-from").holding(&self.from),
            Input::day("until", "record-until").holding(&self.until),
        ]
    }
}

/// `GET /record`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(which): Query<Which>,
) -> Result<Response, PageError> {
    may(&signed)?;
    let zone = app.look().place().zone.clone();
    let found = app
        .acts
        .read_record(&signed.actor, which.asked(&zone, LINES)?)
        .await?;
    let checked = if which.check {
        match app.acts.check_record(&signed.actor).await? {
            Checked::Whole(lines) => {
                let lines = i64::try_from(lines).unwrap_or(i64::MAX);
                say_with("record-whole", [("count", lines.into())])
            }
            Checked::Broken(why) => show::sentence(&why),
        }
    } else {
        String::new()
    };
    let look = app.look();
    let file = |format: &str, key: &str| {
        let query = which.query(&format!("format={format}"));
        (format!("{}?{query}", urls::RECORD_FILE), say(key))
    };
    html(&RecordPage {
        layout: Layout::new(&look, &visit, Here::Members),
        checked,
        fields: which.fields(),
        lines: found
            .lines
            .iter()
            .map(|line| LineRow::of(line, &zone, look.now()))
            .collect(),
        older: found
            .older
            .map(|below| format!("{}?{}", urls::RECORD, which.query(&format!("below={below}")))),
        files: [file("csv", "record-csv"), file("json", "record-json")],
    })
}

/// Whoever may not is told so before anything is read.
fn may(signed: &SignedIn) -> Result<(), PageError> {
    if signed.actor.may(Right::LookAudit) {
        return Ok(());
    }
    Err(acts::ActError::NotAllowed(Right::LookAudit).into())
}

/// `GET /record/file`
pub(crate) async fn file(
    State(app): State<App>,
    signed: SignedIn,
    Query(which): Query<Which>,
) -> Result<Response, PageError> {
    may(&signed)?;
    let zone = app.look().place().zone.clone();
    let asked = which.asked(&zone, IN_A_FILE)?;
    let found = app.acts.read_record(&signed.actor, asked).await?;
    let lines: Vec<LineView> = found.lines.into_iter().map(LineView::from).collect();
    let (text, kind, name) = if which.format == "json" {
        (json_lines(&lines), "application/x-ndjson", "record.jsonl")
    } else {
        (csv(&lines), "text/csv; charset=utf-8", "record.csv")
    };
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(attached) = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, attached);
    }
    Ok(response)
}

impl RecordPage {
    /// One line.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let which = Which {
            person: "<1>".to_owned(),
            ..Which::default()
        };
        Self {
            layout: Layout::sample(),
            checked: say_with("record-whole", [("count", 3.into())]),
            fields: which.fields(),
            lines: vec![LineRow::sample()],
            older: Some("/record?below=12".to_owned()),
            files: [
                ("/record/file?format=csv".to_owned(), say("record-csv")),
                ("/record/file?format=json".to_owned(), say("record-json")),
            ],
        }
    }
}
