//! `/members/letters/mails`: what goes out by e-mail, when it last went, and why it did not.

use acts::letters::{MailSeen, Mails};
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use energy::calendar::Zone;
use members::letters::names::joined;
use members::letters::{Mail, MailState};
use serde::Deserialize;
use units::Instant;

use crate::error::PageError;
use crate::pages::{Done, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, show, urls};

/// The e-mails that wait or went.
#[derive(Template)]
#[template(path = "letters/mails.html")]
pub(crate) struct MailsPage {
    layout: Layout,
    done: String,
    state: String,
    last: String,
    open: Vec<Line>,
    sent_told: String,
    sent: Vec<Line>,
}

/// One e-mail.
struct Line {
    number: u32,
    token: String,
    names: String,
    title: String,
    told: String,
    why: String,
    waits: bool,
}

/// What is sent.
#[derive(Deserialize)]
pub(crate) struct Sent {
    #[serde(default)]
    token: String,
    number: u32,
    #[serde(default)]
    what: String,
}

/// `GET /members/letters/mails`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let mails = app.acts.mails(&signed.actor).await?;
    let look = app.look();
    let clock = (&look.place().zone, look.now());
    let mut page = MailsPage::new(Layout::new(&look, &visit, Here::Members), &mails, clock, |mail| {
        signed.token(&purpose(mail.number, mail.mail.tries, mail.mail.state))
    });
    for (word, key) in [("again", "mails-done-again"), ("stopped", "mails-done-stopped")] {
        if done.is(word) {
            page.done = say(key);
        }
    }
    html(&page)
}

/// `POST /members/letters/mails`
pub(crate) async fn change(
    State(app): State<App>,
    signed: SignedIn,
    Form(form): Form<Sent>,
) -> Result<Response, PageError> {
    let mail = app.acts.mail_for_form(&signed.actor, form.number).await?;
    signed.check(&purpose(form.number, mail.tries, mail.state), &form.token)?;
    let done = match form.what.as_str() {
        "stop" => {
            app.acts.stop_mail(&signed.actor, form.number).await?;
            "stopped"
        }
        _ => {
            app.acts.mail_again(&signed.actor, form.number).await?;
            "again"
        }
    };
    Ok(Redirect::to(&urls::done(urls::MAILS, done)).into_response())
}

/// A form is worth something until something became of the e-mail.
fn purpose(number: u32, tries: u32, state: MailState) -> String {
    format!("{} {number} after {tries} as {state}", urls::MAILS)
}

impl MailsPage {
    fn new(
        layout: Layout,
        mails: &Mails,
        (zone, now): (&Zone, Instant),
        token: impl Fn(&MailSeen) -> String,
    ) -> Self {
        let when = |at| show::dated(zone, now, at);
        let state = match (&mails.server, mails.on) {
            (None, _) => say("mails-none"),
            (Some(server), false) => say_with("mails-off", [("server", server.as_str().into())]),
            (Some(server), true) => say_with("mails-on", [("server", server.as_str().into())]),
        };
        let last = match mails.last {
            None => say("mails-never"),
            Some(at) => say_with("mails-last", [("when", when(at).into())]),
        };
        let line = |seen: &MailSeen| Line {
            number: seen.number,
            token: token(seen),
            names: joined(&seen.names),
            title: seen.title.clone().unwrap_or_else(|| say("mails-trial")),
            told: told(&seen.mail, when),
            why: seen.mail.why.as_deref().map(show::sentence).unwrap_or_default(),
            waits: seen.mail.state == MailState::Queued,
        };
        Self {
            layout,
            done: String::new(),
            state,
            last,
            open: mails.open.iter().map(line).collect(),
            sent_told: say_with("mails-sent", [("count", mails.sent_count.into())]),
            sent: mails.sent.iter().map(line).collect(),
        }
    }

    /// One that waits after a try, and one that went.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let now = Instant::from_millis(0);
        let mail = Mail::queued(Some(1), vec![units::PersonId::new(1)], now);
        let seen = |mail: Mail| MailSeen {
            number: 1,
            names: vec!["Ana <Öberg>".to_owned()],
            title: Some("Annual <meeting>".to_owned()),
            mail,
        };
        let waits = mail.after(
            members::letters::mail::Tried::NotNow("421 <busy>".to_owned()),
            now,
        );
        let went = mail.after(members::letters::mail::Tried::Taken, now);
        let mails = Mails {
            on: true,
            server: Some("mail.example:465".to_owned()),
            last: Some(now),
            open: vec![seen(waits)],
            sent: vec![seen(went)],
            sent_count: 1,
        };
        Self::new(Layout::sample(), &mails, (&Zone::utc(), now), |_| "0".repeat(64))
    }
}

fn told(mail: &Mail, when: impl Fn(Instant) -> String) -> String {
    let key = match mail.state {
        MailState::Sent => "mail-sent",
        MailState::Failed => "mail-failed",
        MailState::Stopped => "mail-stopped",
        MailState::Queued if mail.tries == 0 => "mail-waits",
        MailState::Queued => "mail-tried",
    };
    say_with(
        key,
        [
            ("when", when(mail.sent.unwrap_or(mail.queued)).into()),
            ("tries", mail.tries.into()),
            ("next", when(mail.next).into()),
        ],
    )
}
