//! The forms on which roles are chosen for a person, and rights for a role of the house.
//!
//! What a form carries is worth nothing once the roles have changed that it was made of: so neither a form that is sent
//! twice nor one of two stewards undoes what the other has done.

use std::collections::BTreeSet;

use acts::{ActError, Right, Together};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use units::PersonId;

use super::list::{RolesPage, may};
use super::{led, stays_in_the_form};
use crate::error::PageError;
use crate::pages::{Field, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, show, urls};

/// A form with things to choose.
#[derive(Template)]
#[template(path = "roles/choose.html")]
pub(crate) struct ChoosePage {
    layout: Layout,
    heading: String,
    action: String,
    token: String,
    refusal: String,
    /// What the role is called, where it is a role.
    name: Option<String>,
    legend: String,
    choices: Vec<Choice>,
    why: String,
    button: String,
    /// Where the role is taken away, if that is possible.
    drop: Option<String>,
}

/// One thing to choose.
struct Choice {
    key: String,
    name: String,
    chosen: bool,
}

/// What was sent: a name, a reason, and each choice under the same word.
#[derive(Default)]
struct Sent {
    token: String,
    name: String,
    why: String,
    choices: BTreeSet<String>,
}

/// Whose roles are asked for.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    person: String,
}

type Pairs = Form<Vec<(String, String)>>;

/// `GET /members/roles/person?person=Ben`
pub(crate) async fn find(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    may(&signed.actor)?;
    let why = match app.acts.whose_roles(&signed.actor, &asked.person).await? {
        Ok(person) => return Ok(Redirect::to(&urls::roles_of(person.number())).into_response()),
        Err(why) => why,
    };
    let mut page = RolesPage::new(&app, &visit, &signed).await?;
    page.person = Field::refused(asked.person, &why);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

/// `GET /members/roles/person/{person}`
pub(crate) async fn of_person(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(person): Path<u32>,
) -> Result<Response, PageError> {
    html(&ChoosePage::of_person(&app, &visit, &signed, PersonId::new(person)).await?)
}

/// `POST /members/roles/person/{person}`
pub(crate) async fn give(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(person): Path<u32>,
    Form(pairs): Pairs,
) -> Result<Response, PageError> {
    let (sent, person) = (Sent::of(pairs), PersonId::new(person));
    let page = ChoosePage::of_person(&app, &visit, &signed, person).await?;
    signed.check(&page.purpose(), &sent.token)?;
    let asked = app
        .acts
        .give_roles(&signed.actor, person, sent.choices.clone(), &sent.why);
    page.answer(asked.await, sent)
}

/// `GET /members/roles/new`
pub(crate) async fn new(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
) -> Result<Response, PageError> {
    html(&ChoosePage::of_role(&app, &visit, &signed, None).await?)
}

/// `POST /members/roles/new`
pub(crate) async fn make(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(pairs): Pairs,
) -> Result<Response, PageError> {
    write(&app, &visit, &signed, None, Sent::of(pairs)).await
}

/// `GET /members/roles/role/{key}`
pub(crate) async fn own(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(key): Path<String>,
) -> Result<Response, PageError> {
    html(&ChoosePage::of_role(&app, &visit, &signed, Some(&key)).await?)
}

/// `POST /members/roles/role/{key}`
pub(crate) async fn change(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(key): Path<String>,
    Form(pairs): Pairs,
) -> Result<Response, PageError> {
    write(&app, &visit, &signed, Some(&key), Sent::of(pairs)).await
}

/// `POST /members/roles/role/{key}/drop`
pub(crate) async fn drop_it(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(key): Path<String>,
    Form(pairs): Pairs,
) -> Result<Response, PageError> {
    let page = ChoosePage::of_role(&app, &visit, &signed, Some(&key)).await?;
    signed.check(&page.purpose(), &Sent::of(pairs).token)?;
    let kept = page.kept();
    page.answer(app.acts.drop_role(&signed.actor, &key, "").await, kept)
}

/// Where what only takes forms was opened by its address.
pub(crate) async fn back() -> Redirect {
    Redirect::to(urls::ROLES)
}

async fn write(
    app: &App,
    visit: &Visit,
    signed: &SignedIn,
    key: Option<&str>,
    sent: Sent,
) -> Result<Response, PageError> {
    let page = ChoosePage::of_role(app, visit, signed, key).await?;
    signed.check(&page.purpose(), &sent.token)?;
    let rights = sent.choices.iter().filter_map(|word| Right::parse(word));
    let asked = app
        .acts
        .change_role(&signed.actor, key, &sent.name, rights.collect(), &sent.why);
    page.answer(asked.await, sent)
}

impl Sent {
    fn of(pairs: Vec<(String, String)>) -> Self {
        let mut sent = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "token" => sent.token = value,
                "name" => sent.name = value,
                "why" => sent.why = value,
                "choice" => drop(sent.choices.insert(value)),
                _ => {}
            }
        }
        sent
    }
}

impl ChoosePage {
    async fn of_person(
        app: &App,
        visit: &Visit,
        signed: &SignedIn,
        person: PersonId,
    ) -> Result<Self, PageError> {
        may(&signed.actor)?;
        let (name, has) = app.acts.roles_of(&signed.actor, person).await?;
        let roles = app.acts.roles(&signed.actor).await?.roles;
        let choices = roles.into_iter().map(|role| Choice {
            chosen: has.contains(&role.key),
            key: role.key,
            name: role.name,
        });
        let mut page = Self {
            layout: Layout::new(&app.look(), visit, Here::Members),
            heading: say_with("roles-of-title", [("name", name.into())]),
            action: urls::roles_of(person.number()),
            token: String::new(),
            refusal: String::new(),
            name: None,
            legend: say("roles-of-choose"),
            choices: choices.collect(),
            why: String::new(),
            button: say("roles-of-button"),
            drop: None,
        };
        page.token = signed.token(&page.purpose());
        Ok(page)
    }

    async fn of_role(
        app: &App,
        visit: &Visit,
        signed: &SignedIn,
        key: Option<&str>,
    ) -> Result<Self, PageError> {
        may(&signed.actor)?;
        let roles = app.acts.roles(&signed.actor).await?.roles;
        let found = roles
            .iter()
            .find(|role| role.own && Some(role.key.as_str()) == key);
        if key.is_some() && found.is_none() {
            return Err(PageError::NotThere(say("error-no-page")));
        }
        let given = Right::ALL.iter().filter(|right| right.can_be_given());
        let choices = given.map(|right| Choice {
            key: right.word().to_owned(),
            name: right.words().to_owned(),
            chosen: found.is_some_and(|role| role.rights.contains(&right.word())),
        });
        let mut page = Self {
            layout: Layout::new(&app.look(), visit, Here::Members),
            heading: found.map_or_else(
                || say("role-new-title"),
                |role| say_with("role-title", [("name", role.name.as_str().into())]),
            ),
            action: key.map_or_else(|| urls::ROLE_NEW.to_owned(), urls::role),
            token: String::new(),
            refusal: String::new(),
            name: Some(found.map(|role| role.name.clone()).unwrap_or_default()),
            legend: say("role-rights"),
            choices: choices.collect(),
            why: String::new(),
            button: say("role-button"),
            drop: key.map(urls::role_drop),
        };
        page.token = signed.token(&page.purpose());
        Ok(page)
    }

    /// What its form is for: to change just what stands in it now.
    fn purpose(&self) -> String {
        let chosen = self.choices.iter().filter(|choice| choice.chosen);
        let keys: Vec<&str> = chosen.map(|choice| choice.key.as_str()).collect();
        let name = self.name.as_deref().unwrap_or_default();
        format!("{} from {name:?} {}", self.action, keys.join(" "))
    }

    /// What stands in it, as if it had been sent.
    fn kept(&self) -> Sent {
        let chosen = self.choices.iter().filter(|choice| choice.chosen);
        Sent {
            name: self.name.clone().unwrap_or_default(),
            choices: chosen.map(|choice| choice.key.clone()).collect(),
            ..Sent::default()
        }
    }

    fn answer(mut self, asked: Result<Together, ActError>, sent: Sent) -> Result<Response, PageError> {
        let error = match asked {
            Ok(together) => return Ok(led(together, urls::done(urls::ROLES, "done"))),
            Err(error) if stays_in_the_form(&error) => error,
            Err(error) => return Err(error.into()),
        };
        self.refuse(&error, sent);
        Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&self)?).into_response())
    }

    /// Says why, and keeps what was chosen.
    fn refuse(&mut self, error: &ActError, sent: Sent) {
        self.refusal = show::sentence(&error.to_string());
        self.name = self.name.as_ref().map(|_| sent.name);
        self.why = sent.why;
        for choice in &mut self.choices {
            choice.chosen = sent.choices.contains(&choice.key);
        }
    }

    /// The last steward is to lose the role.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let choices = ["steward", "treasurer"].map(|key| Choice {
            key: key.to_owned(),
            name: format!("<{key}>"),
            chosen: false,
        });
        let mut page = Self {
            layout: Layout::sample(),
            heading: say_with("roles-of-title", [("name", "Ana <Öberg>".into())]),
            action: urls::roles_of(1),
            token: "0".repeat(64),
            refusal: String::new(),
            name: Some("Front <desk>".to_owned()),
            legend: say("roles-of-choose"),
            choices: choices.into(),
            why: String::new(),
            button: say("roles-of-button"),
            drop: Some(urls::role_drop("own-1")),
        };
        let sent = page.kept();
        page.refuse(&ActError::LastSteward, sent);
        page
    }
}
