//! `/members/roles`: every role, what it allows, and who has it.

use acts::roles::RolesView;
use acts::{Actor, Right};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;

use crate::error::PageError;
use crate::pages::{Done, Field, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::filters;
use crate::{App, urls};

/// Every role.
#[derive(Template)]
#[template(path = "roles/roles.html")]
pub(crate) struct RolesPage {
    layout: Layout,
    done: bool,
    pub(super) person: Field,
    roles: Vec<Role>,
}

/// One role.
struct Role {
    name: String,
    allows: Vec<&'static str>,
    people: Vec<Person>,
    /// Where it is changed, if it is the house's own.
    url: Option<String>,
}

/// Somebody who has it.
struct Person {
    url: String,
    name: String,
}

/// `GET /members/roles`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let mut page = RolesPage::new(&app, &visit, &signed).await?;
    page.done = done.is("done");
    html(&page)
}

/// Whoever may not give roles is told so.
pub(super) fn may(actor: &Actor) -> Result<(), PageError> {
    if actor.may(Right::ChangeRoles) {
        return Ok(());
    }
    Err(acts::ActError::NotAllowed(Right::ChangeRoles).into())
}

impl RolesPage {
    pub(super) async fn new(app: &App, visit: &Visit, signed: &SignedIn) -> Result<Self, PageError> {
        may(&signed.actor)?;
        let layout = Layout::new(&app.look(), visit, Here::Members);
        Ok(Self::of(layout, app.acts.roles(&signed.actor).await?))
    }

    fn of(layout: Layout, view: RolesView) -> Self {
        let roles = view.roles.into_iter().map(|role| Role {
            url: role.own.then(|| urls::role(&role.key)),
            name: role.name,
            allows: role.allows,
            people: role
                .people
                .into_iter()
                .map(|(number, name)| Person {
                    url: urls::roles_of(number),
                    name,
                })
                .collect(),
        });
        Self {
            layout,
            done: false,
            person: Field::default(),
            roles: roles.collect(),
        }
    }

    /// A steward and a role of the house.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let role = |key: &str, name: &str, own: bool, people: &[(u32, &str)]| acts::roles::RoleView {
            key: key.to_owned(),
            name: name.to_owned(),
            own,
            rights: vec!["look-people"],
            allows: vec!["look into the members' book"],
            people: people
                .iter()
                .map(|(number, name)| (*number, (*name).to_owned()))
                .collect(),
        };
        let roles = vec![
            role("steward", "Steward", false, &[(1, "Ana <Öberg>")]),
            role("own-1", "Front <desk>", true, &[]),
        ];
        let mut page = Self::of(Layout::sample(), RolesView { roles });
        page.done = true;
        page.person = Field::refused("x".to_owned(), "Nobody has this name");
        page
    }
}
