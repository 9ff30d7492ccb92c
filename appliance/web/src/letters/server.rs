//! `/members/letters/mail-server`: by which server e-mail goes, the switch, and a button that tries the way.

use acts::ActError;
use acts::letters::{Entered, ServerSeen};
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use members::letters::Security;
use serde::Deserialize;

use crate::error::PageError;
use crate::pages::{Done, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say};
use crate::{App, show, urls};

/// By which server e-mail goes.
#[derive(Template)]
#[template(path = "letters/server.html")]
pub(crate) struct ServerPage {
    layout: Layout,
    done: String,
    refusal: String,
    token: String,
    try_token: String,
    entered: Entered,
    has_password: bool,
    kept_on: bool,
    securities: Vec<(&'static str, String, bool)>,
}

/// What is sent.
#[derive(Deserialize)]
pub(crate) struct Sent {
    #[serde(default)]
    token: String,
    #[serde(default)]
    host: String,
    #[serde(default)]
    port: String,
    #[serde(default)]
    security: String,
    #[serde(default)]
    user: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    sender: String,
    on: Option<String>,
}

/// A form that carries a token alone.
#[derive(Deserialize)]
pub(crate) struct Bare {
    #[serde(default)]
    token: String,
}

/// `GET /members/letters/mail-server`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let kept = app.acts.mail_server(&signed.actor).await?;
    let mut page = ServerPage::new(&app, &visit, &signed, kept.as_ref()).await?;
    for (word, key) in [
        ("on", "server-done-on"),
        ("off", "server-done-off"),
        ("tried", "server-done-tried"),
    ] {
        if done.is(word) {
            page.done = say(key);
        }
    }
    html(&page)
}

/// `POST /members/letters/mail-server`
pub(crate) async fn change(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(form): Form<Sent>,
) -> Result<Response, PageError> {
    let kept = app.acts.mail_server(&signed.actor).await?;
    signed.check(&changing(kept.as_ref()), &form.token)?;
    let entered = form.entered();
    match app.acts.change_mail_server(&signed.actor, &entered).await {
        Ok(()) => {
            let done = if entered.on { "on" } else { "off" };
            Ok(Redirect::to(&urls::done(urls::MAIL_SERVER, done)).into_response())
        }
        Err(ActError::BadInput(why)) => {
            let page = ServerPage::new(&app, &visit, &signed, kept.as_ref()).await?;
            let page = page.refused(entered, &why);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// `POST /members/letters/mail-server/try`: an e-mail to whoever presses the button.
pub(crate) async fn try_it(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(form): Form<Bare>,
) -> Result<Response, PageError> {
    signed.check(&trying(app.acts.mails_given().await?), &form.token)?;
    match app.acts.try_mail(&signed.actor).await {
        Ok(()) => Ok(Redirect::to(&urls::done(urls::MAIL_SERVER, "tried")).into_response()),
        Err(ActError::BadInput(why)) => {
            let kept = app.acts.mail_server(&signed.actor).await?;
            let page = ServerPage::new(&app, &visit, &signed, kept.as_ref()).await?;
            let page = ServerPage {
                refusal: show::sentence(&why),
                ..page
            };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// `GET` where only a button leads.
pub(crate) async fn back() -> Redirect {
    Redirect::to(urls::MAIL_SERVER)
}

fn changing(kept: Option<&ServerSeen>) -> String {
    let at = kept.map_or(0, |kept| kept.at.as_millis());
    format!("{} since {at}", urls::MAIL_SERVER)
}

fn trying(given: u32) -> String {
    format!("{} after {given}", urls::MAIL_TRY)
}

impl Sent {
    fn entered(self) -> Entered {
        Entered {
            host: self.host,
            port: self.port,
            security: self.security,
            user: self.user,
            password: self.password,
            sender: self.sender,
            on: self.on.is_some(),
        }
    }
}

impl ServerPage {
    async fn new(
        app: &App,
        visit: &Visit,
        signed: &SignedIn,
        kept: Option<&ServerSeen>,
    ) -> Result<Self, PageError> {
        let given = app.acts.mails_given().await?;
        let layout = Layout::new(&app.look(), visit, Here::Members);
        let tokens = (signed.token(&changing(kept)), signed.token(&trying(given)));
        Ok(Self::with(layout, tokens, kept))
    }

    fn with(layout: Layout, (token, try_token): (String, String), kept: Option<&ServerSeen>) -> Self {
        let entered = kept.map_or_else(
            || Entered {
                port: "465".to_owned(),
                security: Security::Tls.word().to_owned(),
                ..Entered::default()
            },
            |kept| Entered {
                host: kept.host.clone(),
                port: kept.port.to_string(),
                security: kept.security.word().to_owned(),
                user: kept.user.clone(),
                password: String::new(),
                sender: kept.sender.clone(),
                on: kept.on,
            },
        );
        Self {
            layout,
            done: String::new(),
            refusal: String::new(),
            token,
            try_token,
            has_password: kept.is_some_and(|kept| kept.has_password),
            kept_on: kept.is_some_and(|kept| kept.on),
            securities: securities(&entered.security),
            entered,
        }
    }

    /// What was typed stays, but for the password.
    fn refused(self, entered: Entered, why: &str) -> Self {
        Self {
            refusal: show::sentence(why),
            securities: securities(&entered.security),
            entered: Entered {
                password: String::new(),
                ..entered
            },
            ..self
        }
    }

    /// A server that was refused.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let page = Self::with(Layout::sample(), ("0".repeat(64), "1".repeat(64)), None);
        let entered = Entered {
            host: "mail <server>".to_owned(),
            on: true,
            ..Entered::default()
        };
        let page = page.refused(entered, "no such name");
        Self {
            kept_on: true,
            has_password: true,
            ..page
        }
    }
}

fn securities(chosen: &str) -> Vec<(&'static str, String, bool)> {
    let one = |security: &Security| {
        let key = match security {
            Security::Tls => "server-tls",
            Security::StartTls => "server-starttls",
            Security::Nothing => "server-nothing",
        };
        (security.word(), say(key), security.word() == chosen)
    };
    Security::ALL.iter().map(one).collect()
}
