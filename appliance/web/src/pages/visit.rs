//! One visit: which page, and how the browser wants it.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::header::COOKIE;
use axum::http::request::Parts;

use super::Theme;
use crate::doorway::Doorway;
use crate::{sign_in, urls};

/// One visit to a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Visit {
    /// The theme that was chosen.
    pub(crate) theme: Theme,
    /// The path with its question, as a way back.
    pub(crate) path: String,
    /// Whether the browser has the cookie of somebody signed in; whether they still are is another matter.
    pub(crate) signed_in: bool,
    /// By which door they came.
    pub(crate) door: Doorway,
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let uri = parts
            .extensions
            .get::<OriginalUri>()
            .map_or(&parts.uri, |original| &original.0);
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let path = urls::own_path(path).unwrap_or("/").to_owned();
        let cookies = parts
            .headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok());
        let theme = cookies
            .flat_map(|line| line.split(';'))
            .find_map(|pair| pair.trim().strip_prefix("theme="));
        let signed_in = sign_in::has_session(&parts.headers);
        Ok(Self {
            signed_in,
            door: parts.extensions.get().cloned().unwrap_or_default(),
            theme: theme.map(Theme::parse).unwrap_or_default(),
            path,
        })
    }
}

#[cfg(test)]
mod tests {
    use axum::extract::FromRequestParts;
    use axum::http::Request;

    use super::Visit;
    use crate::doorway::Doorway;
    use crate::pages::Theme;

    async fn visit(path: &str, cookie: &str) -> Visit {
        let request = Request::builder()
            .uri(path)
            .header("cookie", cookie)
            .body(())
            .expect("a request");
        let (mut parts, ()) = request.into_parts();
        Visit::from_request_parts(&mut parts, &())
            .await
            .expect("never refused")
    }

    #[tokio::test]
    async fn the_theme_is_found_among_other_cookies() {
        let found = visit("/devices?x=1", "a=b; theme=dark; c=d").await;
        assert_eq!(
            found,
            Visit {
                theme: Theme::Dark,
                path: "/devices?x=1".to_owned(),
                signed_in: false,
                door: Doorway::default(),
            }
        );
        assert_eq!(visit("/", "theme=<script>").await.theme, Theme::AsTheDevice);
    }

    #[tokio::test]
    async fn a_path_that_leads_elsewhere_is_no_way_back() {
        assert_eq!(visit("//evil.example/x", "").await.path, "/");
    }
}
