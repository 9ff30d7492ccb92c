//! How a browser wants its answer: in which compression, and which versions of it it already has.

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, header};

/// What a request says about how it wants its answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wish {
    /// Only the head of the answer.
    pub(crate) head: bool,
    /// Which compressions are understood.
    pub(crate) accepts: String,
    /// The versions that the browser has.
    pub(crate) has: String,
}

impl Wish {
    /// Reads it from a request.
    pub(crate) fn of(request: &Request<Body>) -> Self {
        let all = |name| text(request.headers(), name);
        Self {
            head: request.method() == Method::HEAD,
            accepts: all(header::ACCEPT_ENCODING),
            has: all(header::IF_NONE_MATCH),
        }
    }
}

/// The text of a header, its lines joined.
fn text(headers: &HeaderMap, name: header::HeaderName) -> String {
    let lines: Vec<&str> = headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    lines.join(",")
}

/// Whether `coding` is among the compressions that are accepted, and not with a weight of nothing.
pub(crate) fn accepts(accepted: &str, coding: &str) -> bool {
    let row = accepted.split(',').find_map(|row| {
        let (name, weight) = row.split_once(';').unwrap_or((row, ""));
        name.trim().eq_ignore_ascii_case(coding).then_some(weight)
    });
    row.is_some_and(|weight| {
        let weight = weight.trim().to_ascii_lowercase();
        !matches!(
            weight.strip_prefix("q="),
            Some("0" | "0." | "0.0" | "0.00" | "0.000")
        )
    })
}

/// Whether the browser has the version `tag`.
pub(crate) fn has(versions: &str, tag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    versions
        .split(',')
        .any(|version| version.trim() == "*" || bare(version) == bare(tag))
}

#[cfg(test)]
mod tests {
    use super::{accepts, has};

    #[test]
    fn a_weight_of_nothing_means_no() {
        assert!(accepts("gzip, deflate, br", "gzip"));
        assert!(accepts("br;q=1.0,GZIP;q=0.5", "gzip"));
        assert!(!accepts("gzip;q=0", "gzip"));
        assert!(!accepts("gzip; q=0.0", "gzip"));
        assert!(!accepts("", "gzip"));
        assert!(!accepts("x-gzip", "gzip"));
    }

    #[test]
    fn versions_are_compared_weakly() {
        assert!(has("\"a\", W/\"b\"", "\"b\""));
        assert!(has("*", "\"b\""));
        assert!(!has("", "\"b\""));
        assert!(!has("\"bb\"", "\"b\""));
    }
}
