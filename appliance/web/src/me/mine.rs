//! `/me/entry` and `/me/household`: what people put right themselves.
//!
//! A form is worth something only while the entry is still what it was when the page was shown, so that of two people who
//! change the same household at once neither undoes the other's work unseen.

use acts::data::{Mine, OwnChange};
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use members::credential::Digest;
use members::house::{CustomField, FieldKind};
use members::household::Letters;
use members::own::{Refusals, Typed, field_of_question};
use members::person::{Listing, Reach};
use members::record::Record;

use super::inputs::{Input, Kind, Sent, fill};
use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, show, urls};

/// A form about oneself.
#[derive(Template)]
#[template(path = "me/mine.html")]
pub(crate) struct MinePage {
    layout: Layout,
    heading: String,
    lead: String,
    action: &'static str,
    token: String,
    refused: bool,
    fields: Vec<Input>,
}

/// `GET /me/entry`
pub(crate) async fn entry(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
) -> Result<Response, PageError> {
    let mine = app.acts.mine(&signed.actor).await?;
    let typed = mine.person.typed(&mine.questions);
    html(&entry_page(
        &app,
        &visit,
        &signed,
        &mine,
        &typed,
        &Refusals::new(),
    ))
}

/// `POST /me/entry`
pub(crate) async fn change_entry(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    let mine = app.acts.mine(&signed.actor).await?;
    signed.check(&entry_purpose(&mine), token_of(&sent))?;
    match app.acts.change_mine(&signed.actor, &mine.person, &sent).await? {
        OwnChange::Kept => Ok(done("entry")),
        OwnChange::Same => Ok(Redirect::to(urls::ME).into_response()),
        OwnChange::Refused(refused) => {
            let page = entry_page(&app, &visit, &signed, &mine, &sent, &refused);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
        }
    }
}

/// `GET /me/household`
pub(crate) async fn household(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
) -> Result<Response, PageError> {
    let mine = app.acts.mine(&signed.actor).await?;
    let typed = home_of(&mine)?.typed();
    html(&household_page(
        &app,
        &visit,
        &signed,
        &mine,
        &typed,
        &Refusals::new(),
    ))
}

/// `POST /me/household`
pub(crate) async fn change_household(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    let mine = app.acts.mine(&signed.actor).await?;
    let home = home_of(&mine)?;
    signed.check(&home_purpose(&mine), token_of(&sent))?;
    match app.acts.change_my_household(&signed.actor, home, &sent).await? {
        OwnChange::Kept => Ok(done("household")),
        OwnChange::Same => Ok(Redirect::to(urls::ME).into_response()),
        OwnChange::Refused(refused) => {
            let page = household_page(&app, &visit, &signed, &mine, &sent, &refused);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
        }
    }
}

fn done(what: &str) -> Response {
    Redirect::to(&urls::done(urls::ME, what)).into_response()
}

fn token_of(sent: &Sent) -> &str {
    sent.get("token").map_or("", String::as_str)
}

fn home_of(mine: &Mine) -> Result<&members::household::Household, PageError> {
    let home = mine.household.as_ref().filter(|_| mine.adult);
    home.map(|(_, home, _)| home)
        .ok_or_else(|| PageError::NotThere(say("me-no-household")))
}

fn entry_purpose(mine: &Mine) -> String {
    format!(
        "{} {}",
        urls::MY_ENTRY,
        Digest::of(&[&mine.person.encode()]).hex()
    )
}

fn home_purpose(mine: &Mine) -> String {
    let bytes = mine.household.as_ref().map(|(_, home, _)| home.encode());
    format!(
        "{} {}",
        urls::MY_HOUSEHOLD,
        Digest::of(&[&bytes.unwrap_or_default()]).hex()
    )
}

fn entry_page(
    app: &App,
    visit: &Visit,
    signed: &SignedIn,
    mine: &Mine,
    typed: &Typed,
    refused: &Refusals,
) -> MinePage {
    MinePage {
        layout: Layout {
            back: urls::MY_ENTRY.to_owned(),
            ..Layout::new(&app.look(), visit, Here::Own)
        },
        heading: say("me-entry-title"),
        lead: say("entry-lead"),
        action: urls::MY_ENTRY,
        token: signed.token(&entry_purpose(mine)),
        refused: !refused.is_empty(),
        fields: fill(
            entry_fields().into_iter().chain(questions(mine)).collect(),
            typed,
            refused,
        ),
    }
}

fn household_page(
    app: &App,
    visit: &Visit,
    signed: &SignedIn,
    mine: &Mine,
    typed: &Typed,
    refused: &Refusals,
) -> MinePage {
    let names = mine
        .household
        .as_ref()
        .map(|(_, _, names)| names.join(", "))
        .unwrap_or_default();
    MinePage {
        layout: Layout {
            back: urls::MY_HOUSEHOLD.to_owned(),
            ..Layout::new(&app.look(), visit, Here::Own)
        },
        heading: say("me-household-title"),
        lead: say_with("household-lead", [("names", names.into())]),
        action: urls::MY_HOUSEHOLD,
        token: signed.token(&home_purpose(mine)),
        refused: !refused.is_empty(),
        fields: fill(household_fields(), typed, refused),
    }
}

fn pairs(words: impl IntoIterator<Item = (&'static str, &'static str)>) -> Vec<(String, String)> {
    let said = words.into_iter().map(|(word, key)| (word.to_owned(), say(key)));
    said.collect()
}

fn reach_key(reach: Reach) -> &'static str {
    match reach {
        Reach::Post => "reach-post",
        Reach::Phone => "reach-phone",
        Reach::Text => "reach-text",
        Reach::Email => "reach-e-mail",
        Reach::InPerson => "reach-in-person",
        Reach::NotAtAll => "reach-not-at-all",
    }
}

fn listing_key(listing: Listing) -> &'static str {
    match listing {
        Listing::Hidden => "listing-hidden",
        Listing::Name => "listing-name-shown-to-members",
    }
}

fn letters_key(letters: Letters) -> &'static str {
    match letters {
        Letters::One => "letters-one-for-all",
        Letters::Each => "letters-one-for-each",
    }
}

fn address_fields(label: &str) -> [Input; 3] {
    [
        Input::lines("address", label).filled_as("street-address"),
        Input::line("postcode", "entry-postcode").filled_as("postal-code"),
        Input::line("country", "entry-country")
            .hinted("entry-country-hint")
            .filled_as("country-name"),
    ]
}

fn entry_fields() -> Vec<Input> {
    let yes_no = pairs([("no", "answer-no"), ("yes", "answer-yes")]);
    let reaches = pairs(Reach::ALL.iter().map(|reach| (reach.word(), reach_key(*reach))));
    let listings = pairs(Listing::ALL.iter().map(|case| (case.word(), listing_key(*case))));
    let mut fields = vec![
        Input::line("name", "entry-name").filled_as("name"),
        Input::line("called", "entry-called").hinted("entry-called-hint"),
        Input::line("sort", "entry-sort").hinted("entry-sort-hint"),
        Input::line("pronouns", "entry-pronouns").hinted("entry-pronouns-hint"),
        Input::line("languages", "entry-languages").hinted("entry-languages-hint"),
        Input::lines("access", "entry-access").hinted("entry-access-hint"),
        Input::choice("large_print", "entry-large-print", yes_no),
        Input::line("mobile", "entry-mobile").filled_as("tel"),
        Input::line("phone", "entry-phone"),
        Input::line("email", "entry-email").filled_as("email"),
        Input::line("other", "entry-other"),
        Input::choice("reach", "entry-reach", reaches),
    ];
    fields.extend(address_fields("entry-address"));
    fields.push(Input::choice("listing", "entry-listing", listings).hinted("entry-listing-hint"));
    fields
}

/// The questions of the house that people answer themselves, each with why it is asked.
fn questions(mine: &Mine) -> impl Iterator<Item = Input> {
    mine.questions.iter().map(|(key, question)| {
        let input = Input::asked(&field_of_question(key), question.label.clone());
        let why = say_with("entry-why-asked", [("why", question.why.as_str().into())]);
        let hint = question
            .help
            .iter()
            .chain([&why])
            .map(|said| show::sentence(said));
        Input {
            hint: hint.collect::<Vec<_>>().join(" "),
            kind: kind_of(question, mine.person.custom.get(key)),
            ..input
        }
    })
}

fn kind_of(question: &CustomField, given: Option<&String>) -> Kind {
    let offered: Vec<String> = match question.kind {
        FieldKind::Choice => question.choices.clone(),
        FieldKind::YesNo => vec!["yes".to_owned(), "no".to_owned()],
        FieldKind::Date => return Kind::Day,
        FieldKind::Text | FieldKind::Number => return Kind::Line,
    };
    // What the house offers no more stays for whoever gave it.
    let past = given.filter(|given| !offered.contains(given)).cloned();
    let said = |word: String| {
        let label = match (question.kind, word.as_str()) {
            (FieldKind::YesNo, "yes") => say("answer-yes"),
            (FieldKind::YesNo, "no") => say("answer-no"),
            _ => word.clone(),
        };
        (word, label)
    };
    let nothing = (String::new(), "–".to_owned());
    let answers = past.into_iter().chain(offered).map(said);
    Kind::Choice(std::iter::once(nothing).chain(answers).collect())
}

fn household_fields() -> Vec<Input> {
    let mut fields = vec![Input::line("name", "household-name").hinted("household-name-hint")];
    fields.extend(address_fields("household-address"));
    fields.push(Input::choice(
        "letters",
        "household-letters",
        pairs(Letters::ALL.iter().map(|case| (case.word(), letters_key(*case)))),
    ));
    fields
}

impl MinePage {
    /// A form with a refusal.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let typed = [("name".to_owned(), "<b>".to_owned())].into();
        let refused = [("name".to_owned(), "Write <something> here".to_owned())].into();
        Self {
            layout: Layout::sample(),
            heading: say("me-entry-title"),
            lead: say("entry-lead"),
            action: urls::MY_ENTRY,
            token: "0".repeat(64),
            refused: true,
            fields: fill(
                entry_fields()
                    .into_iter()
                    .chain(household_fields().pop())
                    .collect(),
                &typed,
                &refused,
            ),
        }
    }
}
