//! Spares bytes: an answer that the browser already has is not sent again, and text is sent compressed.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::BodyExt;

use crate::wish::{Wish, accepts, has};

/// The kind of a live stream, which is neither compressed nor compared.
pub(crate) const STREAM: HeaderValue = HeaderValue::from_static("text/event-stream");

/// Below this many bytes compressing does not pay.
const SMALL: usize = 1024;
/// Up to this many bytes compressing takes so little time that no other request notices.
const QUICK: usize = 64 * 1024;

/// Gives an answer its version and its compression, where it has none yet and is there as a whole.
pub(crate) async fn finish(response: Response, wish: &Wish) -> Response {
    let (mut head, body) = response.into_parts();
    let kept = HeaderValue::from_static("no-cache");
    head.headers.entry(header::CACHE_CONTROL).or_insert(kept);
    let finished =
        head.headers.contains_key(header::ETAG) || head.headers.contains_key(header::CONTENT_ENCODING);
    if finished || body.size_hint().exact().is_none() || !is_text(&head.headers) {
        return Response::from_parts(head, body);
    }
    let Ok(bytes) = body.collect().await.map(http_body_util::Collected::to_bytes) else {
        return Response::from_parts(head, Body::empty());
    };
    head.headers
        .append(header::VARY, HeaderValue::from_static("accept-encoding"));
    if head.status == StatusCode::OK {
        let tag = tag(&bytes);
        if let Ok(value) = HeaderValue::from_str(&tag) {
            head.headers.insert(header::ETAG, value);
        }
        if has(&wish.has, &tag) {
            head.status = StatusCode::NOT_MODIFIED;
            head.headers.remove(header::CONTENT_TYPE);
            head.headers.remove(header::CONTENT_LENGTH);
            return Response::from_parts(head, Body::empty());
        }
    }
    if bytes.len() < SMALL || !accepts(&wish.accepts, "gzip") {
        return Response::from_parts(head, Body::from(bytes));
    }
    let Some(small) = compressed(&bytes).await else {
        return Response::from_parts(head, Body::from(bytes));
    };
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers
        .insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    Response::from_parts(head, Body::from(small))
}

fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    kind.starts_with("text/") || kind.starts_with("application/json") || kind.starts_with("image/svg")
}

/// The version of an answer. The same words give the same version after a restart too.
fn tag(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("W/\"{:016x}\"", hasher.finish())
}

async fn compressed(bytes: &Bytes) -> Option<Vec<u8>> {
    if bytes.len() <= QUICK {
        return gzip(bytes).ok();
    }
    let plain = bytes.clone();
    tokio::task::spawn_blocking(move || gzip(&plain)).await.ok()?.ok()
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), Compression::new(5));
    encoder.write_all(bytes)?;
    encoder.finish()
}
