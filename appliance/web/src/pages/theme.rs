//! Light or dark: kept by the browser in a cookie that holds nothing else.

use axum::Form;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Redirect};
use serde::Deserialize;

use crate::urls;

/// Which colours the pages have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Theme {
    /// As the device's own setting says.
    #[default]
    AsTheDevice,
    /// Dark ink on light paper.
    Light,
    /// Light ink on dark paper.
    Dark,
}

/// The choice in the foot of every page.
#[derive(Debug, Deserialize)]
pub(crate) struct Choice {
    choice: String,
    #[serde(default)]
    back: String,
}

impl Theme {
    /// The theme with this word; any other word is the device's own.
    pub(crate) fn parse(word: &str) -> Self {
        match word {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::AsTheDevice,
        }
    }

    /// The word for the cookie and the page.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::AsTheDevice => "device",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Whether this is the theme with that word.
    pub(crate) fn is(self, word: &str) -> bool {
        self.name() == word
    }
}

/// `POST /theme`: keeps the choice for a year and goes back to where it was made.
pub(crate) async fn choose(Form(form): Form<Choice>) -> impl IntoResponse {
    let theme = Theme::parse(&form.choice);
    let lasts = if theme == Theme::AsTheDevice {
        0
    } else {
        31_536_000
    };
    let cookie = format!("theme={}; Path=/; Max-Age={lasts}; SameSite=Lax", theme.name());
    (
        AppendHeaders([(SET_COOKIE, cookie)]),
        Redirect::to(urls::own_path(&form.back).unwrap_or(urls::HOME)),
    )
}
