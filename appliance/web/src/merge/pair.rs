//! `/members/merge/{kept}/{gone}`: two entries side by side. For each thing in which they differ one chooses which of
//! both counts. What was seen is what is done: if anything about the two changed since, one is told, and nothing happens.

use acts::ActError;
use acts::merge::SideBySide;
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use members::credential::Digest;
use members::edit::Typed;
use members::merge::{Choices, Difference, Pair, Side};
use units::PersonId;

use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, urls};

/// Two entries side by side.
#[derive(Template)]
#[template(path = "merge/pair.html")]
pub(crate) struct PairPage {
    layout: Layout,
    told: String,
    lead: String,
    kept: Entry,
    gone: Entry,
    turned: String,
    hindered: Option<String>,
    things: Vec<Thing>,
    goes_over: Vec<String>,
    way_in_ends: bool,
    action: String,
    token: String,
    seen: String,
    apart: Apart,
}

/// The form that says that they are two people, or takes that back.
struct Apart {
    told: bool,
    action: String,
    token: String,
}

/// One of the two.
struct Entry {
    name: String,
    number: u32,
    url: String,
}

/// Something in which they differ.
struct Thing {
    name: &'static str,
    label: String,
    sides: Vec<Choice>,
}

/// One way to choose it.
struct Choice {
    word: &'static str,
    whose: String,
    lines: Vec<String>,
    chosen: bool,
}

/// `GET /members/merge/{kept}/{gone}`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path((kept, gone)): Path<(u32, u32)>,
) -> Result<Response, PageError> {
    shown(
        &app,
        &visit,
        &signed,
        pair_of(kept, gone),
        &Choices::new(),
        String::new(),
    )
    .await
}

/// `POST /members/merge/{kept}/{gone}`
pub(crate) async fn put_together(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path((kept, gone)): Path<(u32, u32)>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let sent = |name: &str| typed.get(name).map_or("", String::as_str);
    signed.check(&urls::merge_pair(kept, gone), sent("token"))?;
    let seen = Digest::parse(sent("seen")).unwrap_or(Digest::new([0; 32]));
    let chosen = typed.iter().filter_map(|(name, word)| {
        let name = name.strip_prefix("choice-")?;
        Some((name.to_owned(), Side::parse(word)?))
    });
    let choices: Choices = chosen.collect();
    let pair = pair_of(kept, gone);
    let (status, told) = match app.acts.merge(&signed.actor, pair, choices.clone(), &seen).await {
        Ok(number) => {
            let past = urls::done(&urls::import_past(number), "merged");
            return Ok(Redirect::to(&past).into_response());
        }
        Err(ActError::BadInput(why)) => (StatusCode::UNPROCESSABLE_ENTITY, crate::show::sentence(&why)),
        Err(ActError::Conflict) => (StatusCode::CONFLICT, say("merge-faster")),
        Err(other) => return Err(other.into()),
    };
    let page = shown(&app, &visit, &signed, pair, &choices, told).await?;
    Ok((status, page).into_response())
}

/// `POST /members/merge/{kept}/{gone}/apart`
pub(crate) async fn apart(
    State(app): State<App>,
    signed: SignedIn,
    Path((kept, gone)): Path<(u32, u32)>,
    Form(typed): Form<Typed>,
) -> Result<Redirect, PageError> {
    let sent = |name: &str| typed.get(name).map_or("", String::as_str);
    signed.check(&urls::merge_apart(kept, gone), sent("token"))?;
    let pair = pair_of(kept, gone);
    if sent("apart") == "no" {
        app.acts.not_apart(&signed.actor, pair).await?;
        return Ok(Redirect::to(&urls::merge_pair(kept, gone)));
    }
    app.acts.tell_apart(&signed.actor, pair).await?;
    Ok(Redirect::to(&urls::done(urls::MERGE, "apart")))
}

const fn pair_of(kept: u32, gone: u32) -> Pair {
    Pair {
        kept: PersonId::new(kept),
        gone: PersonId::new(gone),
    }
}

async fn shown(
    app: &App,
    visit: &Visit,
    signed: &SignedIn,
    pair: Pair,
    choices: &Choices,
    told: String,
) -> Result<Response, PageError> {
    let seen = app.acts.side_by_side(&signed.actor, pair).await?;
    let mut page = PairPage::new(Layout::new(&app.look(), visit, Here::Members), seen, choices);
    page.told = told;
    page.token = signed.token(&page.action);
    page.apart.token = signed.token(&page.apart.action);
    html(&page)
}

impl PairPage {
    fn new(layout: Layout, seen: SideBySide, choices: &Choices) -> Self {
        let (kept, gone) = (seen.pair.kept.number(), seen.pair.gone.number());
        let things = seen.differences.into_iter().map(|found| {
            let chosen = choices.get(found.name).copied().unwrap_or(found.usual);
            Thing::of(found, chosen, (kept, gone))
        });
        let goes_over = seen.goes_over.into_iter().map(|(title, rows)| {
            say_with(
                "merge-goes-over-row",
                [("title", title.into()), ("rows", rows.into())],
            )
        });
        let lead = say_with(
            "merge-pair-lead",
            [
                ("kept", seen.kept.clone().into()),
                ("kept_number", kept.to_string().into()),
                ("gone", seen.gone.clone().into()),
                ("gone_number", gone.to_string().into()),
            ],
        );
        Self {
            layout,
            told: String::new(),
            lead,
            turned: urls::merge_pair(gone, kept),
            hindered: seen.hindered.map(|why| crate::show::sentence(&why)),
            things: things.collect(),
            goes_over: goes_over.collect(),
            way_in_ends: seen.way_in_ends,
            action: urls::merge_pair(kept, gone),
            token: String::new(),
            apart: Apart {
                told: seen.apart,
                action: urls::merge_apart(kept, gone),
                token: String::new(),
            },
            seen: seen.seen.hex(),
            kept: Entry::of(seen.kept, kept),
            gone: Entry::of(seen.gone, gone),
        }
    }

    /// Two who differ in what has one answer and in what has both, and something that was changed meanwhile.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
        let seen = SideBySide {
            pair: pair_of(1, 7),
            kept: "Ana <Öberg>".to_owned(),
            gone: "Oberg & Ana".to_owned(),
            differences: vec![
                Difference {
                    name: "name",
                    label: "Name",
                    kept: lines(&["Ana <Öberg>"]),
                    gone: lines(&["Oberg & Ana"]),
                    may_both: false,
                    usual: Side::Kept,
                },
                Difference {
                    name: "ways",
                    label: "Ways to reach you",
                    kept: lines(&["0117 496 0123 (phone)"]),
                    gone: lines(&["ana@example.org (e-mail)"]),
                    may_both: true,
                    usual: Side::Both,
                },
                Difference {
                    name: "born",
                    label: "Day of birth",
                    kept: Vec::new(),
                    gone: lines(&["1970-02-28"]),
                    may_both: false,
                    usual: Side::Gone,
                },
            ],
            goes_over: vec![("Payments".to_owned(), 12)],
            way_in_ends: true,
            hindered: None,
            apart: false,
            seen: Digest::new([1; 32]),
        };
        let mut page = Self::new(Layout::sample(), seen, &Choices::new());
        page.told = say("merge-faster");
        page.token = "0".repeat(64);
        page.apart.token = "0".repeat(64);
        page
    }

    /// The same, where something stands in the way.
    #[cfg(test)]
    pub(crate) fn sample_hindered() -> Self {
        let mut page = Self::sample();
        page.hindered = Some(crate::show::sentence(&members::merge::NoMerge::Apart.to_string()));
        page.told = String::new();
        page.apart.told = true;
        page
    }
}

impl Entry {
    fn of(name: String, number: u32) -> Self {
        Self {
            name,
            number,
            url: urls::person(number),
        }
    }
}

impl Thing {
    fn of(found: Difference, chosen: Side, (kept, gone): (u32, u32)) -> Self {
        let whose = |number: u32| say_with("merge-side", [("number", number.to_string().into())]);
        let choice = |side: Side, whose: String, lines: Vec<String>| Choice {
            word: side.word(),
            whose,
            lines,
            chosen: side == chosen,
        };
        let mut sides = vec![
            choice(Side::Kept, whose(kept), found.kept),
            choice(Side::Gone, whose(gone), found.gone),
        ];
        if found.may_both {
            let key = match found.name {
                "custom" => "merge-both-answers",
                _ => "merge-both",
            };
            sides.push(choice(Side::Both, say(key), Vec::new()));
        }
        Self {
            name: found.name,
            label: label(found.name).map_or_else(|| found.label.to_owned(), say),
            sides,
        }
    }
}

/// What a thing is called for stewards; the words of its record, where they have no words of their own.
fn label(name: &str) -> Option<&'static str> {
    Some(match name {
        "name" => "field-name",
        "called" => "field-called",
        "sort" => "field-sort",
        "pronouns" => "field-pronouns",
        "born" => "field-born",
        "languages" => "field-languages",
        "access" => "field-access",
        "ways" => "group-ways",
        "reach" => "field-reach",
        "address" => "group-address",
        "household" => "people-household",
        "tags" => "group-tags",
        "custom" => "group-custom",
        "note" => "group-notes",
        "listing" => "group-listing",
        "large_print" => "field-large-print",
        "dues_agreed" => "merge-dues-agreed",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use members::merge::DUES_AGREED;
    use members::person::Person;
    use members::record::Record;

    use super::label;
    use crate::words::say;

    #[test]
    fn everything_that_is_chosen_has_words_for_stewards() {
        let names = Person::FIELDS.iter().map(|rule| rule.name);
        let chosen = names.filter(|name| !["relations", "entered", "kind"].contains(name));
        for name in chosen.chain([DUES_AGREED]) {
            let words = label(name).map(say);
            assert!(words.is_some_and(|words| !words.starts_with('[')), "{name}");
        }
    }
}
