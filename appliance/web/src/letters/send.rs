//! `/members/letters/{letter}/send`: who gets it, how it looks on each way, and the button that sends it, once.

use std::collections::BTreeMap;

use acts::ActError;
use acts::letters::Reach;
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use members::letters::fill::fill;
use members::letters::{Channel, Letter, Place, Text};
use serde::Deserialize;
use units::{Currency, Money, PersonId};

use super::choice::{ChoiceField, Chosen};
use super::run::{Way, ways};
use super::write::digest;
use crate::error::PageError;
use crate::pages::{Field, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say_with};
use crate::{App, show, urls};

/// Where people are chosen and a letter is sent.
#[derive(Template)]
#[template(path = "letters/send.html")]
pub(crate) struct SendPage {
    layout: Layout,
    heading: String,
    action: String,
    letter: String,
    choice: ChoiceField,
    asks_owed: bool,
    owed: Field,
    reach: Option<Reached>,
}

/// Whom it reaches.
struct Reached {
    /// Whether anybody was chosen at all.
    any: bool,
    token: String,
    who: String,
    told: String,
    ways: Vec<Way>,
    lacks: Vec<String>,
    page: String,
    mail: String,
}

/// What is asked.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(flatten)]
    chosen: Chosen,
    #[serde(default)]
    owed: String,
    #[serde(default)]
    token: String,
}

/// `GET /members/letters/{letter}/send`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(number): Path<u32>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let letter = app.acts.letter(&signed.actor, number).await?;
    let mut page = SendPage::new(&app, &visit, &signed, (number, &letter), &asked).await?;
    if asked.chosen.is_empty() {
        return html(&page);
    }
    let currency = currency(&app)?;
    let choice = asked.chosen.choice();
    let owed = read_owed(&asked.owed, currency);
    match (choice, owed) {
        (Ok(choice), Ok(owed)) => match app.acts.reach(&signed.actor, number, &choice, owed).await {
            Ok(reach) => {
                let purpose = sending(&app, number, &letter).await?;
                page.reach = Some(Reached::new(&reach, signed.token(&purpose))?);
                return html(&page);
            }
            Err(ActError::BadInput(why)) => page.choice = page.choice.refused(&why),
            Err(other) => return Err(other.into()),
        },
        (choice, owed) => {
            if let Err(why) = choice {
                page.choice = page.choice.refused(&why.to_string());
            }
            if let Err(why) = owed {
                page.owed = Field::refused(asked.owed, &why);
            }
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

/// `POST /members/letters/{letter}/send`: a form that is sent a second time sends nothing.
pub(crate) async fn send(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(number): Path<u32>,
    Form(asked): Form<Asked>,
) -> Result<Response, PageError> {
    let letter = app.acts.letter(&signed.actor, number).await?;
    signed.check(&sending(&app, number, &letter).await?, &asked.token)?;
    let choice = asked
        .chosen
        .choice()
        .map_err(|why| PageError::BadQuestion(why.to_string()))?;
    let owed = read_owed(&asked.owed, currency(&app)?).map_err(PageError::BadQuestion)?;
    match app.acts.send_letter(&signed.actor, number, &choice, owed).await {
        Ok(run) => Ok(Redirect::to(&urls::done(&urls::run(run), "sent")).into_response()),
        Err(ActError::BadInput(why)) => {
            let mut page = SendPage::new(&app, &visit, &signed, (number, &letter), &asked).await?;
            page.choice = page.choice.refused(&why);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// A form is worth something until any letter goes out, or this one is another.
async fn sending(app: &App, number: u32, letter: &Letter) -> Result<String, PageError> {
    let given = app.acts.runs_given().await?;
    Ok(format!(
        "{} as {} after run {given}",
        urls::letter_send(number),
        digest(letter)
    ))
}

fn currency(app: &App) -> Result<Currency, PageError> {
    let look = app.look();
    Currency::parse(&look.place().currency).map_err(|error| PageError::Failed(error.to_string()))
}

/// What people owe, a line for each: their number and the amount.
fn read_owed(text: &str, currency: Currency) -> Result<BTreeMap<PersonId, String>, String> {
    let mut owed = BTreeMap::new();
    for (line, written) in (1_usize..).zip(text.lines()) {
        let written = written.trim();
        if written.is_empty() {
            continue;
        }
        let wrong = || say_with("send-owed-wrong", [("line", line.into())]);
        let (person, amount) = written.split_once([' ', ',', '\t']).ok_or_else(wrong)?;
        let person: PersonId = person.parse().map_err(|_| wrong())?;
        let amount = Money::parse(amount.trim(), currency).map_err(|error| format!("{} {error}", wrong()))?;
        if owed.insert(person, amount.to_string()).is_some() {
            return Err(say_with("send-owed-twice", [("person", person.number().into())]));
        }
    }
    Ok(owed)
}

impl SendPage {
    async fn new(
        app: &App,
        visit: &Visit,
        signed: &SignedIn,
        (number, letter): (u32, &Letter),
        asked: &Asked,
    ) -> Result<Self, PageError> {
        let text = Text::parse(&letter.text).map_err(|fault| PageError::BadQuestion(fault.to_string()))?;
        Ok(Self {
            layout: Layout::new(&app.look(), visit, Here::Members),
            heading: say_with("send-heading", [("title", letter.title.as_str().into())]),
            action: urls::letter_send(number),
            letter: urls::letter(number),
            choice: ChoiceField::of(app, signed, &asked.chosen).await?,
            asks_owed: text.places().contains(&Place::Due),
            owed: Field::holding(&asked.owed),
            reach: None,
        })
    }

    /// A letter for two, who lack something.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let chosen = Chosen {
            who: "members".to_owned(),
            numbers: String::new(),
        };
        Self {
            layout: Layout::sample(),
            heading: "Send <it>".to_owned(),
            action: urls::letter_send(1),
            letter: urls::letter(1),
            choice: ChoiceField::with(&[members::letters::Choice::Members], &chosen).refused("choose others"),
            asks_owed: true,
            owed: Field::refused("1 x".to_owned(), "no amount"),
            reach: Some(Reached {
                any: true,
                token: "0".repeat(64),
                who: "members".to_owned(),
                told: "2 letters".to_owned(),
                ways: vec![Way::sample()],
                lacks: vec!["Something lacks.".to_owned()],
                page: "<p>Dear <bdi>Ana &amp; Ben</bdi></p>".to_owned(),
                mail: "Dear Ana & Ben".to_owned(),
            }),
        }
    }
}

impl Reached {
    fn new(reach: &Reach, token: String) -> Result<Self, PageError> {
        let text = Text::parse(&reach.run.text).map_err(|fault| PageError::BadQuestion(fault.to_string()))?;
        let written = |channel: &Channel| !matches!(channel, Channel::NoWay | Channel::NotAtAll);
        let mut pieces = reach.run.pieces.iter().filter(|piece| written(&piece.channel));
        let first = pieces
            .next()
            .map(|piece| piece.people.as_slice())
            .unwrap_or_default();
        let values = fill(&reach.book, first, &reach.common);
        let people = reach
            .run
            .pieces
            .iter()
            .map(|piece| piece.people.len())
            .sum::<usize>();
        let letters = reach
            .run
            .pieces
            .iter()
            .filter(|piece| written(&piece.channel))
            .count();
        let lacks = reach.lacks.iter().map(|(place, people)| {
            let names: Vec<String> = people
                .iter()
                .filter_map(|id| reach.book.people.get(id))
                .map(|person| person.name.clone())
                .collect();
            say_with(
                "send-lacks",
                [
                    ("place", format!("{{{place}}}").into()),
                    ("names", names.join(", ").into()),
                ],
            )
        });
        Ok(Self {
            any: people > 0,
            token,
            who: reach.run.chosen.clone(),
            told: say_with(
                "send-told",
                [("letters", letters.into()), ("people", people.into())],
            ),
            ways: ways(&reach.run, &reach.book),
            lacks: lacks.map(|lack| show::sentence(&lack)).collect(),
            page: text.html(&values),
            mail: text.plain(&values),
        })
    }
}

#[cfg(test)]
mod tests {
    use units::{Currency, PersonId};

    use super::read_owed;

    #[test]
    fn what_people_owe_is_read_line_by_line() {
        let read = |text: &str| read_owed(text, Currency::GBP);
        let owed = read("1 5.00\r\n\n 12, £3\n").expect("good");
        assert_eq!(owed.len(), 2);
        assert!(owed[&PersonId::new(1)].contains("5.00") && owed[&PersonId::new(12)].contains("3.00"));
        for bad in ["1", "x 5", "1 five", "1 5.00\n1 6.00"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
