//! `/people/search`: people chosen by conditions, without a language of queries; and the searches that are kept.

use acts::people::{Saved, SearchSeen};
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use members::edit::Typed;
use members::search::{ROWS, What};

use crate::error::PageError;
use crate::pages::{Done, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, show, urls};

/// Where people are chosen.
#[derive(Template)]
#[template(path = "people/search.html")]
pub(crate) struct SearchPage {
    layout: Layout,
    done: String,
    any: bool,
    rows: Vec<Row>,
    postcode: Plain,
    age: Option<(Plain, Plain)>,
    /// More than what is owed, and until when all is paid.
    dues: Option<(Plain, Plain)>,
    kept: Vec<Kept>,
    chosen: Option<Chosen>,
    keep_token: String,
    forget_token: String,
    /// The search as hidden inputs of the form that keeps it.
    hidden: Vec<(String, String)>,
}

/// One condition.
struct Row {
    number: usize,
    not: bool,
    groups: Vec<(String, Vec<Word>)>,
    refusal: String,
}

/// One word that can be chosen.
struct Word {
    word: String,
    label: String,
    chosen: bool,
}

/// An input with words.
#[derive(Default)]
struct Plain {
    value: String,
    refusal: String,
}

/// A search that is kept.
struct Kept {
    number: u32,
    name: String,
    /// `None` where it is not for the onlooker.
    url: Option<String>,
}

/// Those who were chosen.
struct Chosen {
    told: String,
    lines: Vec<(String, String)>,
    calls: String,
    addresses: String,
    table: String,
}

/// `GET /people/search`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(mut typed): Query<Typed>,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    typed.remove("done");
    let seen = app.acts.search_people(&signed.actor, &typed).await?;
    let refused = !seen.refusals.is_empty();
    let mut page = SearchPage::new(Layout::new(&app.look(), &visit, Here::Members), &seen, &typed);
    page.keep_token = signed.token(urls::SEARCH_KEEP);
    page.forget_token = signed.token(urls::SEARCH_FORGET);
    page.done = told(&done);
    let answer = html(&page)?;
    match refused {
        true => Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, answer).into_response()),
        false => Ok(answer),
    }
}

/// Where what only takes forms was opened by its address.
pub(crate) async fn back() -> Redirect {
    Redirect::to(urls::SEARCH)
}

/// `POST /people/search/keep`
pub(crate) async fn keep(
    State(app): State<App>,
    signed: SignedIn,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let sent = |name: &str| typed.get(name).map_or("", String::as_str);
    signed.check(urls::SEARCH_KEEP, sent("token"))?;
    match app.acts.keep_search(&signed.actor, &typed, sent("name")).await? {
        Saved::Kept(()) => Ok(Redirect::to(&urls::done(urls::SEARCH, "kept")).into_response()),
        Saved::Refused(refusals) => {
            let why = refusals.first().map(|refusal| refusal.why.clone());
            Err(PageError::BadQuestion(why.unwrap_or_default()))
        }
    }
}

/// `POST /people/search/forget`
pub(crate) async fn forget(
    State(app): State<App>,
    signed: SignedIn,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let sent = |name: &str| typed.get(name).map_or("", String::as_str);
    signed.check(urls::SEARCH_FORGET, sent("token"))?;
    app.acts
        .forget_search(&signed.actor, sent("number").parse().unwrap_or_default())
        .await?;
    Ok(Redirect::to(&urls::done(urls::SEARCH, "forgotten")).into_response())
}

fn told(done: &Done) -> String {
    let known = [
        ("kept", "search-done-kept"),
        ("forgotten", "search-done-forgotten"),
    ];
    let found = known.into_iter().find(|(what, _)| done.is(what));
    found.map(|(_, key)| say(key)).unwrap_or_default()
}

/// What the things that a condition looks at are called: a key of the words.
fn words_of(what: What) -> &'static str {
    match what {
        What::Class => "search-class",
        What::Status => "search-status",
        What::Tag => "search-tag",
        What::Custom => "search-custom",
        What::Reach => "search-reach",
        What::Language => "search-language",
        What::AgeFrom => "search-age-from",
        What::AgeBelow => "search-age-below",
        What::Household => "search-household",
        What::Postcode => "search-postcode",
        What::Way => "search-way",
        What::Dues => "search-dues",
        What::OwesOver => "search-owes-over",
        What::PaidUntil => "search-paid-until",
    }
}

impl SearchPage {
    fn new(layout: Layout, seen: &SearchSeen, typed: &Typed) -> Self {
        let sent = |name: &str| typed.get(name).cloned().unwrap_or_default();
        let refusal = |name: &str| {
            let found = seen.refusals.iter().find(|refusal| refusal.input == name);
            found
                .map(|refusal| show::sentence(&refusal.why))
                .unwrap_or_default()
        };
        let plain = |name: &str| Plain {
            value: sent(name),
            refusal: refusal(name),
        };
        let row = |number: usize| {
            let chosen = sent(&format!("condition-{number}"));
            let group = |(what, choices): &(What, Vec<members::search::Choice>)| {
                let word = |choice: &members::search::Choice| Word {
                    chosen: choice.word == chosen,
                    word: choice.word.clone(),
                    label: choice.label.clone(),
                };
                (say(words_of(*what)), choices.iter().map(word).collect())
            };
            Row {
                number,
                not: sent(&format!("not-{number}")) == "not",
                groups: seen.choices.iter().map(group).collect(),
                refusal: refusal(&format!("condition-{number}")),
            }
        };
        let kept = seen.kept.iter().map(|kept| Kept {
            number: kept.number,
            name: kept.name.clone(),
            url: kept
                .typed
                .as_ref()
                .map(|typed| urls::searched(urls::SEARCH, typed)),
        });
        let chosen = seen.chosen.as_ref().map(|chosen| Chosen {
            told: say_with("search-chosen", [("count", chosen.count.into())]),
            lines: chosen
                .first
                .iter()
                .map(|line| (urls::person(line.id.number()), line.name.clone()))
                .collect(),
            calls: urls::searched(urls::SEARCH_CALLS, typed),
            addresses: urls::searched(urls::SEARCH_ADDRESSES, typed),
            table: urls::searched(urls::SEARCH_TABLE, typed),
        });
        Self {
            layout,
            done: String::new(),
            any: sent("of") == "any",
            rows: (1..=ROWS).map(row).collect(),
            postcode: plain("postcode"),
            age: (seen.by_age || typed.keys().any(|name| name.starts_with("age-")))
                .then(|| (plain("age-from"), plain("age-below"))),
            dues: seen.by_dues.then(|| (plain("owes-over"), plain("paid-until"))),
            kept: kept.collect(),
            chosen,
            keep_token: String::new(),
            forget_token: String::new(),
            hidden: typed
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        }
    }

    /// Whether more conditions were chosen than stand open.
    fn goes_on(&self) -> bool {
        let chosen = |row: &Row| {
            row.groups
                .iter()
                .any(|(_, words)| words.iter().any(|word| word.chosen))
        };
        self.rows
            .iter()
            .any(|row| row.number >= 4 && (chosen(row) || !row.refusal.is_empty()))
    }

    /// A search that found one and one that is kept.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let typed = Typed::from([
            ("condition-1".to_owned(), "tag:Choir <b>".to_owned()),
            ("not-1".to_owned(), "not".to_owned()),
        ]);
        let choice = members::search::Choice {
            word: "tag:Choir <b>".to_owned(),
            label: "Choir <b>".to_owned(),
        };
        let line = acts::people::PersonLine {
            id: units::PersonId::new(1),
            name: "Ana <Öberg>".to_owned(),
            membership: None,
            household: None,
            telephone: None,
        };
        let seen = SearchSeen {
            choices: [
                What::Status,
                What::Class,
                What::Tag,
                What::Custom,
                What::Reach,
                What::Way,
                What::Language,
                What::Household,
                What::Dues,
            ]
            .into_iter()
            .map(|what| (what, vec![choice.clone()]))
            .collect(),
            by_age: true,
            by_dues: true,
            kept: vec![
                acts::people::KeptSearch {
                    number: 1,
                    name: "The <choir>".to_owned(),
                    typed: Some(typed.clone()),
                },
                acts::people::KeptSearch {
                    number: 2,
                    name: "Who <owes>".to_owned(),
                    typed: None,
                },
            ],
            chosen: Some(acts::people::Chosen {
                count: 1,
                first: vec![line],
            }),
            refusals: vec![members::edit::Refusal {
                input: "postcode".to_owned(),
                why: "No postcode is so long".to_owned(),
            }],
        };
        Self::new(Layout::sample(), &seen, &typed)
    }
}
