//! `/me/letters`: the letters to oneself, as pages. Whatever way somebody is reached by, they can read them here.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use members::letters::Text;
use members::letters::fill::fill;

use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say_with};
use crate::{App, show, urls};

/// The letters to oneself.
#[derive(Template)]
#[template(path = "letters/mine.html")]
pub(crate) struct MyLettersPage {
    layout: Layout,
    letters: Vec<(String, String, String)>,
}

/// One of them.
#[derive(Template)]
#[template(path = "letters/my-letter.html")]
pub(crate) struct MyLetterPage {
    layout: Layout,
    title: String,
    when: String,
    body: String,
}

/// `GET /me/letters`
pub(crate) async fn list(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
) -> Result<Response, PageError> {
    let letters = app.acts.letters_to(signed.who.person).await?;
    let look = app.look();
    let line = |(number, run): (u32, members::letters::Run)| {
        let when = sent(&look, run.at);
        (urls::my_letter(number), run.title, when)
    };
    html(&MyLettersPage {
        letters: letters.into_iter().map(line).collect(),
        layout: Layout::new(&look, &visit, Here::Own),
    })
}

fn sent(look: &acts::Look, at: units::Instant) -> String {
    let when = show::dated(&look.place().zone, look.now(), at);
    say_with("my-letters-sent", [("when", when.into())])
}

/// `GET /me/letters/{run}`
pub(crate) async fn one(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(number): Path<u32>,
) -> Result<Response, PageError> {
    let opened = app.acts.letter_to(signed.who.person, number).await?;
    let text = Text::parse(&opened.run.text).map_err(|fault| PageError::BadQuestion(fault.to_string()))?;
    let values = fill(&opened.book, &[signed.who.person], &opened.common);
    let look = app.look();
    html(&MyLetterPage {
        when: sent(&look, opened.run.at),
        title: opened.run.title,
        body: text.html(&values),
        layout: Layout::new(&look, &visit, Here::Own),
    })
}

impl MyLettersPage {
    /// One letter.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample(),
            letters: vec![(
                urls::my_letter(1),
                "Annual <meeting>".to_owned(),
                "yesterday".to_owned(),
            )],
        }
    }
}

impl MyLetterPage {
    /// A letter.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample(),
            title: "Annual <meeting>".to_owned(),
            when: "yesterday".to_owned(),
            body: "<p>Dear <bdi>Ana</bdi></p>".to_owned(),
        }
    }
}
