//! A refusal or a fault as one sentence for a person; dressed as a bare page, text or JSON at the door. Pages have their
//! own: see [`crate::error`].

use axum::body::{Body, HttpBody};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::{show, urls, words};

/// The sentence of an answer that is nothing but a sentence.
#[derive(Debug, Clone)]
struct Sentence(String);

/// How an answer is dressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dress {
    /// Plain text.
    Text,
    /// `{"error": "…"}`.
    Json,
    /// A page with nothing but the sentence and a way back, for a form that never came as far as the pages.
    Page,
}

/// A sentence as an answer; [`dressed`] gives it its form. The full stop and the capital letter are added.
pub(crate) fn answer(status: StatusCode, sentence: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
        .extensions_mut()
        .insert(Sentence(show::sentence(sentence)));
    response
}

/// Gives a bare refusal its words; any other answer stays as it is.
pub(crate) fn dressed(mut response: Response, dress: Dress) -> Response {
    let failed = response.status().is_client_error() || response.status().is_server_error();
    let empty = response.body().size_hint().exact() == Some(0);
    if !failed || !(empty || is_of_the_library(&response)) {
        return response;
    }
    let said = response
        .extensions_mut()
        .remove::<Sentence>()
        .map(|sentence| sentence.0);
    let sentence = said.unwrap_or_else(|| usual(response.status()).to_owned());
    let (kind, body) = match dress {
        Dress::Text => ("text/plain; charset=utf-8", format!("{sentence}\n")),
        Dress::Json => (
            "application/json",
            format!("{}\n", serde_json::json!({ "error": sentence })),
        ),
        Dress::Page => ("text/html; charset=utf-8", page(response.status(), &sentence)),
    };
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    *response.body_mut() = Body::from(body);
    response
}

/// Whether the library refused a request before a page saw it: its words are for programmers. Every refusal of ours in plain
/// text is dressed here.
fn is_of_the_library(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let plain = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    response.status().is_client_error() && plain
}

fn page(status: StatusCode, sentence: &str) -> String {
    let title = words::say(match status {
        StatusCode::FORBIDDEN => "error-not-allowed",
        status if status.is_client_error() => "error-bad-question",
        _ => "error-failed",
    });
    format!(
        "<!doctype html>\n<html lang=\"{}\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{title}</title>\
         <main><h1>{title}</h1><p>{}</p><p><a href=\"{}\">{}</a></p></main></html>\n",
        words::LANGUAGE,
        words::html(sentence),
        urls::HOME,
        words::say("error-back"),
    )
}

fn usual(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "There is no such page.",
        StatusCode::METHOD_NOT_ALLOWED => "This address cannot be asked in that way.",
        StatusCode::UNPROCESSABLE_ENTITY | StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            "What was sent is not this page's form, or not all of it. Nothing was changed. Go back, open the page anew, and \
             try again."
        }
        _ => "This could not be answered. Go back and try again.",
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use http_body_util::BodyExt;

    use super::{Dress, answer, dressed};

    async fn said(sentence: &str, dress: Dress) -> String {
        let response = dressed(answer(StatusCode::NOT_FOUND, sentence), dress);
        let bytes = response.into_body().collect().await.expect("a body").to_bytes();
        String::from_utf8(bytes.to_vec()).expect("text")
    }

    #[tokio::test]
    async fn a_sentence_is_whole_in_either_dress() {
        assert_eq!(
            said("there is no x here", Dress::Text).await,
            "There is no x here.\n"
        );
        assert_eq!(
            said("say \"x\"?", Dress::Json).await,
            "{\"error\":\"Say \\\"x\\\"?\"}\n"
        );
        let page = said("come <in>", Dress::Page).await;
        assert!(
            page.contains("<p>Come &lt;in&gt;.</p>") && page.contains("<a href=\"/\">"),
            "{page}"
        );
    }
}
