//! One request's way through the door, with handlers that misbehave.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::response::Response;
use axum::routing::{get, post};
use http_body_util::BodyExt;

use super::Door;
use crate::server::Limits;

/// A body whose parts never come.
struct Never;

impl HttpBody for Never {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, Self::Error>>> {
        std::task::Poll::Pending
    }
}

async fn fault() -> &'static str {
    panic!("a fault of the program")
}

async fn echo(body: String) -> String {
    body
}

fn door() -> Door {
    let router = Router::new()
        .route("/fault", get(fault))
        .route("/api/fault", get(fault))
        .route("/never", get(std::future::pending::<&'static str>))
        .route("/slow", get(|| async { Body::new(Never) }))
        .route("/empty", get(|| async { axum::http::StatusCode::BAD_GATEWAY }))
        .route("/echo", post(echo));
    let moment = Duration::from_millis(20);
    let limits = Limits {
        answer_time: moment,
        body_time: moment,
        sending_time: moment,
        body_bytes: 8,
        ..Limits::default()
    };
    Door::new(router, Arc::new(limits), Box::new(Arc::default))
}

fn asked(method: &str, path: &str, body: Body) -> Request {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "localhost");
    request
        .header("sec-fetch-site", "same-origin")
        .body(body)
        .expect("a request")
}

async fn said(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    (status, String::from_utf8(body.to_vec()).expect("text"))
}

#[tokio::test]
async fn a_fault_ends_its_own_request_only() {
    let door = door();
    for path in ["/fault", "/api/fault"] {
        let response = door.answer(asked("GET", path, Body::empty())).await;
        assert!(response.headers().contains_key("content-security-policy"));
        let (status, text) = said(response).await;
        assert_eq!(status, 500);
        assert!(
            text.contains("Nothing was lost") && !text.contains("a fault of the program"),
            "{text}"
        );
    }
    assert_eq!(
        said(door.answer(asked("POST", "/echo", Body::from("on"))).await).await,
        (200, "on".to_owned())
    );
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_given_up() {
    let (status, text) = said(door().answer(asked("GET", "/never", Body::empty())).await).await;
    assert_eq!(status, 503);
    assert!(text.contains("took too long"), "{text}");
}

#[tokio::test]
async fn an_answer_that_is_never_sent_is_cut() {
    let response = door().answer(asked("GET", "/slow", Body::empty())).await;
    assert_eq!(response.status(), 200);
    assert!(
        response.into_body().collect().await.is_err(),
        "cut, so that nobody takes it for whole"
    );
}

#[tokio::test]
async fn bodies_have_a_size_and_a_time() {
    let door = door();
    let too_large = said(door.answer(asked("POST", "/echo", Body::from("123456789"))).await).await;
    assert_eq!(too_large.0, 413);
    assert!(too_large.1.contains("8 bytes"), "{}", too_large.1);
    let just_right = said(door.answer(asked("POST", "/echo", Body::from("12345678"))).await).await;
    assert_eq!(just_right, (200, "12345678".to_owned()));
    let never = door.answer(asked("POST", "/echo", Body::new(Never))).await;
    assert_eq!(
        never
            .headers()
            .get("connection")
            .map(axum::http::HeaderValue::as_bytes),
        Some(&b"close"[..])
    );
    assert_eq!(said(never).await.0, 408);
}

#[tokio::test]
async fn a_bare_refusal_gets_words() {
    let (status, text) = said(door().answer(asked("GET", "/empty", Body::empty())).await).await;
    assert_eq!(
        (status, text.as_str()),
        (502, "This could not be answered. Go back and try again.\n")
    );
}
