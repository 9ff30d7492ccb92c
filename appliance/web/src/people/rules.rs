//! `/members/rules`: what the house decides about its book: its own questions, its tags, its classes of membership.

use acts::people::Saved;
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use members::edit::{Input, Kind, Refusal, Typed};
use members::house::{Class, CustomField, FieldKind, House};
use serde::Deserialize;

use super::{Shown, shown};
use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::roles::led;
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, show, urls};

/// What the house decided, with a form for each kind of thing.
#[derive(Template)]
#[template(path = "people/rules.html")]
pub(crate) struct RulesPage {
    layout: Layout,
    done: String,
    fields: Vec<Thing>,
    field_key: String,
    field: Vec<Shown>,
    tags: Vec<Thing>,
    tag: Vec<Shown>,
    classes: Vec<Thing>,
    class_key: String,
    class: Vec<Shown>,
    token: String,
}

/// Something that the house decided.
struct Thing {
    key: String,
    name: String,
    told: String,
    edit: String,
}

/// What is asked: the word of what was done, and what is to be changed.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    done: String,
    #[serde(default)]
    question: String,
    #[serde(default)]
    class: String,
}

/// What was typed and refused.
type Wrong<'a> = Option<(&'a Typed, &'a [Refusal])>;

/// `GET /members/rules`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let house = app.acts.rules_of_the_book(&signed.actor).await?;
    let mut page = RulesPage::new(
        Layout::new(&app.look(), &visit, Here::Members),
        &house,
        &asked,
        None,
    );
    page.token = signed.token(urls::RULES);
    html(&page)
}

/// Where what only takes forms was opened by its address.
pub(crate) async fn back() -> Redirect {
    Redirect::to(urls::RULES)
}

/// `POST /members/rules/question`
pub(crate) async fn field(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    signed.check(urls::RULES, sent(&typed, "token"))?;
    let key = Some(sent(&typed, "key")).filter(|key| !key.is_empty());
    let saved = app.acts.define_field(&signed.actor, key, &typed).await?;
    answer(&app, &visit, &signed, &typed, saved).await
}

/// `POST /members/rules/question/remove`
pub(crate) async fn remove_field(
    State(app): State<App>,
    signed: SignedIn,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    signed.check(urls::RULES, sent(&typed, "token"))?;
    app.acts.remove_field(&signed.actor, sent(&typed, "key")).await?;
    Ok(Redirect::to(&urls::done(urls::RULES, "removed")).into_response())
}

/// `POST /members/rules/tag`
pub(crate) async fn tag(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    signed.check(urls::RULES, sent(&typed, "token"))?;
    let saved = app.acts.define_tag(&signed.actor, &typed).await?;
    answer(&app, &visit, &signed, &typed, saved).await
}

/// `POST /members/rules/tag/remove`
pub(crate) async fn remove_tag(
    State(app): State<App>,
    signed: SignedIn,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    signed.check(urls::RULES, sent(&typed, "token"))?;
    app.acts.remove_tag(&signed.actor, sent(&typed, "key")).await?;
    Ok(Redirect::to(&urls::done(urls::RULES, "removed")).into_response())
}

/// `POST /members/rules/class`
pub(crate) async fn class(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    signed.check(urls::RULES, sent(&typed, "token"))?;
    let key = Some(sent(&typed, "key")).filter(|key| !key.is_empty());
    match app.acts.define_class(&signed.actor, key, &typed).await? {
        Saved::Kept(together) => Ok(led(together, urls::done(urls::RULES, "kept"))),
        Saved::Refused(refusals) => answer(&app, &visit, &signed, &typed, Saved::Refused(refusals)).await,
    }
}

fn sent<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.get(name).map_or("", String::as_str)
}

async fn answer(
    app: &App,
    visit: &Visit,
    signed: &SignedIn,
    typed: &Typed,
    saved: Saved,
) -> Result<Response, PageError> {
    let refusals = match saved {
        Saved::Kept(()) => return Ok(Redirect::to(&urls::done(urls::RULES, "kept")).into_response()),
        Saved::Refused(refusals) => refusals,
    };
    let house = app.acts.rules_of_the_book(&signed.actor).await?;
    // The form that was sent keeps its key, so that it changes what it was to change.
    let key = sent(typed, "key").to_owned();
    let asked = Asked {
        question: if typed.contains_key("label") {
            key.clone()
        } else {
            String::new()
        },
        class: if typed.contains_key("class-label") {
            key
        } else {
            String::new()
        },
        ..Asked::default()
    };
    let layout = Layout::new(&app.look(), visit, Here::Members);
    let mut page = RulesPage::new(layout, &house, &asked, Some((typed, &refusals)));
    page.token = signed.token(urls::RULES);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

impl RulesPage {
    fn new(layout: Layout, house: &House, asked: &Asked, wrong: Wrong<'_>) -> Self {
        // Each form keeps what was typed into it alone.
        let form =
            |inputs: Vec<Input>, first: &str| match wrong.filter(|(typed, _)| typed.contains_key(first)) {
                Some((typed, refusals)) => shown(&inputs, Some(typed), refusals),
                None => shown(&inputs, None, &[]),
            };
        let (field, class) = (house.fields.get(&asked.question), house.classes.get(&asked.class));
        let done = match asked.done.as_str() {
            "kept" => say("rules-done-kept"),
            "removed" => say("rules-done-removed"),
            _ => String::new(),
        };
        Self {
            layout,
            done,
            fields: house
                .fields
                .iter()
                .map(|(key, field)| told_of_field(key, field))
                .collect(),
            field_key: field.map(|_| asked.question.clone()).unwrap_or_default(),
            field: form(of_field(field), "label"),
            tags: house
                .tags
                .iter()
                .map(|(key, tag)| Thing {
                    key: key.clone(),
                    name: tag.name.clone(),
                    told: tag.meaning.clone(),
                    edit: String::new(),
                })
                .collect(),
            tag: form(vec![line("tag-name", ""), line("tag-meaning", "")], "tag-name"),
            classes: house
                .classes
                .iter()
                .map(|(key, class)| told_of_class(key, class))
                .collect(),
            class_key: class.map(|_| asked.class.clone()).unwrap_or_default(),
            class: form(of_class(class), "class-label"),
            token: String::new(),
        }
    }

    /// A house with one of each.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let typed = Typed::from([
            ("label".to_owned(), "Shirt <size>".to_owned()),
            ("why".to_owned(), "To order shirts".to_owned()),
            ("kind".to_owned(), "words".to_owned()),
            ("tag-name".to_owned(), "Choir".to_owned()),
            ("tag-meaning".to_owned(), "Sings".to_owned()),
        ]);
        let field = members::house::field_of(&typed).expect("a question");
        let tag = members::house::tag_of(&typed).expect("a tag");
        let one = |key: &str| key.to_owned();
        let house = House::new(
            [(one("size"), field)].into(),
            [(one("choir"), tag)].into(),
            std::collections::BTreeMap::new(),
        );
        let refusal = Refusal {
            input: "label".to_owned(),
            why: "There is a question with these words already".to_owned(),
        };
        let asked = Asked {
            class: "youth".to_owned(),
            ..Asked::default()
        };
        Self::new(Layout::sample(), &house, &asked, Some((&typed, &[refusal])))
    }
}

fn told_of_field(key: &str, field: &CustomField) -> Thing {
    let own = if field.own { "rules-own" } else { "rules-not-own" };
    let kind = match field.choices.as_slice() {
        [] => field.kind.to_string(),
        choices => choices.join(", "),
    };
    Thing {
        key: key.to_owned(),
        name: field.label.clone(),
        told: format!(
            "{} {} {}",
            show::sentence(&kind),
            show::sentence(&field.why),
            say(own)
        ),
        edit: urls::rules_question(key),
    }
}

fn told_of_class(key: &str, class: &Class) -> Thing {
    let ages = match (class.age_from, class.age_below) {
        (None, None) => say("rules-any-age"),
        (from, below) => say_with(
            "rules-ages",
            [
                ("from", from.unwrap_or_default().into()),
                (
                    "below",
                    below
                        .map_or_else(|| "–".to_owned(), |below| below.to_string())
                        .into(),
                ),
            ],
        ),
    };
    let mut told = vec![
        say(if class.votes {
            "rules-votes"
        } else {
            "rules-no-votes"
        }),
        ages,
        say(if class.by_decision {
            "rules-by-decision"
        } else {
            "rules-at-once"
        }),
    ];
    if class.closed {
        told.push(say("rules-closed"));
    }
    Thing {
        key: key.to_owned(),
        name: class.label.clone(),
        told: told.join(" "),
        edit: urls::rules_class(key),
    }
}

fn line(name: &str, value: &str) -> Input {
    Input {
        name: name.to_owned(),
        label: None,
        help: None,
        kind: Kind::Line,
        value: value.to_owned(),
    }
}

fn tick(name: &str, ticked: bool) -> Input {
    Input {
        kind: Kind::Tick,
        ..line(name, if ticked { "yes" } else { "" })
    }
}

fn of_field(field: Option<&CustomField>) -> Vec<Input> {
    let text = |part: fn(&CustomField) -> &str| field.map(part).unwrap_or_default();
    let kinds = FieldKind::ALL.iter().map(|kind| kind.word().to_owned()).collect();
    vec![
        line("label", text(|field| &field.label)),
        line("help", text(|field| field.help.as_deref().unwrap_or_default())),
        line("why", text(|field| &field.why)),
        Input {
            kind: Kind::Choice(kinds),
            ..line("kind", text(|field| field.kind.word()))
        },
        Input {
            kind: Kind::Area,
            ..line(
                "choices",
                &field.map(|field| field.choices.join("\n")).unwrap_or_default(),
            )
        },
        tick("own", field.is_some_and(|field| field.own)),
    ]
}

fn of_class(class: Option<&Class>) -> Vec<Input> {
    let age = |age: Option<u8>| age.map(|age| age.to_string()).unwrap_or_default();
    let number = |name: &str, value: Option<u8>| Input {
        kind: Kind::Number,
        ..line(name, &age(value))
    };
    vec![
        line(
            "class-label",
            class.map(|class| class.label.as_str()).unwrap_or_default(),
        ),
        number("class-from", class.and_then(|class| class.age_from)),
        number("class-below", class.and_then(|class| class.age_below)),
        tick("class-votes", class.is_some_and(|class| class.votes)),
        tick("class-by-decision", class.is_none_or(|class| class.by_decision)),
        tick("class-closed", class.is_some_and(|class| class.closed)),
    ]
}
