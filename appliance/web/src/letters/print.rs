//! `/members/print`: labels, lists to sign and membership cards of whoever is chosen. Each is a page for paper.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use members::letters::fill::envelope;
use members::letters::sheet::{Sheet, millimetres};
use members::letters::{Channel, deal};
use serde::Deserialize;
use units::PersonId;

use super::choice::{ChoiceField, Chosen, listed};
use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::qr::square;
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, urls};

/// Where one chooses what is printed.
#[derive(Template)]
#[template(path = "letters/print.html")]
pub(crate) struct PrintPage {
    layout: Layout,
    choice: ChoiceField,
}

/// Labels for envelopes.
#[derive(Template)]
#[template(path = "letters/labels.html")]
pub(crate) struct LabelsPaper {
    layout: Layout,
    style: String,
    told: String,
    lacking: String,
    sheets: Vec<Vec<Vec<String>>>,
}

/// A list to sign.
#[derive(Template)]
#[template(path = "letters/attendance.html")]
pub(crate) struct AttendancePaper {
    layout: Layout,
    heading: String,
    told: String,
    big: bool,
    rows: Vec<(String, String)>,
}

/// Membership cards.
#[derive(Template)]
#[template(path = "letters/cards.html")]
pub(crate) struct CardsPaper {
    layout: Layout,
    told: String,
    lacking: String,
    sheets: Vec<Vec<Card>>,
}

/// One card.
pub(crate) struct Card {
    name: String,
    number: u32,
    square: String,
}

/// Whose card somebody shows.
#[derive(Template)]
#[template(path = "letters/card.html")]
pub(crate) struct CardPage {
    layout: Layout,
    heading: String,
    told: String,
}

/// What is asked.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(flatten)]
    chosen: Chosen,
    /// The run whose envelopes get labels.
    run: Option<u32>,
    #[serde(default)]
    sheet: String,
    #[serde(default)]
    own: String,
    #[serde(default)]
    heading: String,
    #[serde(default)]
    size: String,
}

/// `GET /members/print`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let choice = ChoiceField::of(&app, &signed, &asked.chosen).await?;
    html(&PrintPage {
        layout: Layout::new(&app.look(), &visit, Here::Members),
        choice,
    })
}

/// The page on which one chooses, with what is wrong.
async fn refused(
    app: &App,
    visit: &Visit,
    signed: &SignedIn,
    asked: &Asked,
    why: &str,
) -> Result<Response, PageError> {
    let choice = ChoiceField::of(app, signed, &asked.chosen).await?;
    let page = PrintPage {
        layout: Layout::new(&app.look(), visit, Here::Members),
        choice: choice.refused(why),
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

/// `GET /members/print/labels`: one for each letter that would go by post, so a household that wishes one gets one.
pub(crate) async fn labels(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let words = asked.sheet_words();
    let sheet = match words.parse::<Sheet>() {
        Ok(sheet) => sheet,
        Err(why) => return refused(&app, &visit, &signed, &asked, &why.to_string()).await,
    };
    let (book, pieces) = match asked.run {
        Some(run) => {
            let opened = app.acts.print_run(&signed.actor, run).await?;
            let posted = opened.run.by(Channel::Post).cloned().collect();
            (opened.book, posted)
        }
        None => match listed(&app, &signed, &asked.chosen, "labels").await? {
            Ok((_, listed)) => {
                let pieces = deal::labels(&listed.book, &listed.people.iter().copied().collect());
                (listed.book, pieces)
            }
            Err(why) => return refused(&app, &visit, &signed, &asked, &why).await,
        },
    };
    let labels: Vec<Vec<String>> = pieces
        .iter()
        .filter(|piece| piece.channel == Channel::Post)
        .map(|piece| envelope(&book, &piece.people))
        .collect();
    let none = pieces
        .iter()
        .filter(|piece| piece.channel != Channel::Post)
        .map(|piece| piece.people.len())
        .sum::<usize>();
    let on_sheet = usize::try_from(sheet.labels()).unwrap_or(1).max(1);
    html(&LabelsPaper {
        layout: Layout::new(&app.look(), &visit, Here::Members),
        style: urls::labels_style(&words),
        told: say_with("labels-told", [("count", labels.len().into())]),
        lacking: if none == 0 {
            String::new()
        } else {
            say_with("labels-lacking", [("count", none.into())])
        },
        sheets: labels.chunks(on_sheet).map(<[Vec<String>]>::to_vec).collect(),
    })
}

/// `GET /members/print/labels.css`: how labels lie on a sheet of these measures.
pub(crate) async fn labels_style(_: SignedIn, Query(asked): Query<Asked>) -> Result<Response, PageError> {
    let sheet: Sheet = asked
        .sheet
        .parse()
        .map_err(|why: members::letters::sheet::NoSheet| PageError::BadQuestion(why.to_string()))?;
    let [width, height, left, top, gap] =
        [sheet.width, sheet.height, sheet.left, sheet.top, sheet.gap].map(millimetres);
    let style = format!(
        ".labels{{grid-template-columns:repeat({},{width});grid-auto-rows:{height};\
         column-gap:{gap};padding:{top} 0 0 {left}}}\n",
        sheet.columns
    );
    Ok(([(header::CONTENT_TYPE, "text/css; charset=utf-8")], style).into_response())
}

/// `GET /members/print/attendance`
pub(crate) async fn attendance(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let listed = match listed(&app, &signed, &asked.chosen, "a list to sign").await? {
        Ok((_, listed)) => listed,
        Err(why) => return refused(&app, &visit, &signed, &asked, &why).await,
    };
    let row = |id: &PersonId| {
        let number = listed
            .book
            .memberships
            .get(id)
            .and_then(|membership| membership.number);
        let person = listed.book.people.get(id)?;
        Some((
            person.name.clone(),
            number.map(|number| number.to_string()).unwrap_or_default(),
        ))
    };
    let heading = members::text::line(&asked.heading, 120).unwrap_or_else(|_| say("attendance-heading"));
    html(&AttendancePaper {
        layout: Layout::new(&app.look(), &visit, Here::Members),
        heading,
        told: say_with("attendance-told", [("count", listed.people.len().into())]),
        big: asked.size == "large",
        rows: listed.people.iter().filter_map(row).collect(),
    })
}

/// `GET /members/print/cards`: one for each who has a membership number.
pub(crate) async fn cards(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let listed = match listed(&app, &signed, &asked.chosen, "cards").await? {
        Ok((_, listed)) => listed,
        Err(why) => return refused(&app, &visit, &signed, &asked, &why).await,
    };
    let address = signed.arrival.address();
    let cards: Vec<Card> = listed
        .people
        .iter()
        .filter_map(|id| {
            let membership = listed
                .book
                .memberships
                .get(id)
                .filter(|membership| membership.is_member())?;
            Card::new(&listed.book.people.get(id)?.name, membership.number?, &address)
        })
        .collect();
    let lacking = listed.people.len().saturating_sub(cards.len());
    let mut sheets: Vec<Vec<Card>> = Vec::new();
    for card in cards {
        match sheets.last_mut() {
            Some(sheet) if sheet.len() < 10 => sheet.push(card),
            _ => sheets.push(vec![card]),
        }
    }
    let count: usize = sheets.iter().map(Vec::len).sum();
    html(&CardsPaper {
        layout: Layout::new(&app.look(), &visit, Here::Members),
        told: say_with("cards-told", [("count", count.into())]),
        lacking: if lacking == 0 {
            String::new()
        } else {
            say_with("cards-lacking", [("count", lacking.into())])
        },
        sheets,
    })
}

/// `GET /members/card/{number}`: whoever looks after people sees whose card it is.
pub(crate) async fn card(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(number): Path<u32>,
) -> Result<Response, PageError> {
    let found = app.acts.card(&signed.actor, number).await?;
    let (heading, told) = match found {
        None => (
            say_with("card-nobody", [("number", number.into())]),
            say("card-nobody-says"),
        ),
        Some((name, true)) => (name, say_with("card-member", [("number", number.into())])),
        Some((name, false)) => (name, say_with("card-no-member", [("number", number.into())])),
    };
    html(&CardPage {
        layout: Layout::new(&app.look(), &visit, Here::Members),
        heading,
        told,
    })
}

impl Asked {
    /// The words of the sheet: one that is sold, or the measures that were typed.
    fn sheet_words(&self) -> String {
        match self.sheet.as_str() {
            "own" => self.own.split_whitespace().collect(),
            "" => "3x7".to_owned(),
            sheet => sheet.to_owned(),
        }
    }
}

impl Card {
    fn new(name: &str, number: u32, address: &str) -> Option<Self> {
        let leads = format!("{address}{}", urls::card(number));
        let square = square(&leads, &say_with("card-square", [("number", number.into())]));
        (!square.is_empty()).then(|| Self {
            name: name.to_owned(),
            number,
            square,
        })
    }
}

impl PrintPage {
    /// With a choice that was refused.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let choice = ChoiceField::with(
            &[members::letters::Choice::Tag("<choir>".to_owned())],
            &Chosen::default(),
        );
        Self {
            layout: Layout::sample(),
            choice: choice.refused("choose others"),
        }
    }
}

impl LabelsPaper {
    /// One label.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let label = vec!["Ana <Öberg>".to_owned(), "1 High Street".to_owned()];
        Self {
            layout: Layout::sample(),
            style: urls::labels_style("3x7"),
            told: "1 label".to_owned(),
            lacking: "1 lacks".to_owned(),
            sheets: vec![vec![label]],
        }
    }
}

impl AttendancePaper {
    /// One name.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample(),
            heading: "Annual <meeting>".to_owned(),
            told: "1 person".to_owned(),
            big: true,
            rows: vec![("Ana <Öberg>".to_owned(), "7".to_owned())],
        }
    }
}

impl CardsPaper {
    /// One card.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample(),
            told: "1 card".to_owned(),
            lacking: "1 lacks".to_owned(),
            sheets: vec![vec![
                Card::new("Ana <Öberg>", 7, "https://oak.local").expect("a square"),
            ]],
        }
    }
}

impl CardPage {
    /// A member's card.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample(),
            heading: "Ana <Öberg>".to_owned(),
            told: "a member".to_owned(),
        }
    }
}
