//! Style, scripts and pictures, built into the program and served from it.
//!
//! Each file has a name with a piece of its hash, so that a browser may keep it for a year and still sees a
//! change at once. The plain names lead to the present one, for links inside of the files themselves.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use rust_embed::Embed;

use crate::refusal;
use crate::wish::{accepts, has};

#[derive(Embed)]
#[folder = "../../assets/api"]
#[prefix = "api/"]
#[allow_missing = true]
struct Api;

#[derive(Embed)]
#[folder = "../../assets/pictures"]
#[prefix = "pictures/"]
#[allow_missing = true]
struct Pictures;

#[derive(Embed)]
#[folder = "../../assets/scripts"]
#[prefix = "scripts/"]
#[allow_missing = true]
struct Scripts;

#[derive(Embed)]
#[folder = "../../assets/style"]
#[prefix = "style/"]
#[allow_missing = true]
struct Style;

/// A file's name, and its copies by brotli and gzip; empty where compressing does not pay.
type Compressed = (&'static str, [&'static [u8]; 2]);

/// What `build.rs` has compressed.
const COMPRESSED: &[Compressed] = &include!(concat!(env!("OUT_DIR"), "/compressed.rs"));

/// The names of the two compressions, best first, in the order of the copies.
const CODINGS: [&str; 2] = ["br", "gzip"];

/// One file as it is served.
struct File {
    url: String,
    kind: &'static str,
    tag: String,
    plain: Bytes,
    copies: [&'static [u8]; 2],
}

static FILES: LazyLock<BTreeMap<String, File>> = LazyLock::new(|| {
    let names = Api::iter()
        .chain(Pictures::iter())
        .chain(Scripts::iter())
        .chain(Style::iter());
    names
        .filter_map(|name| Some((name.to_string(), file(&name)?)))
        .collect()
});

/// The plain name of each served name.
static SERVED: LazyLock<BTreeMap<&'static str, &'static File>> =
    LazyLock::new(|| FILES.values().map(|file| (file.url.as_str(), file)).collect());

/// The address of a file under `assets/`, for pages: `style/main.css` becomes `/assets/style/main.0a1b2c3d.css`.
/// A file that is not there gets the address where it would be missed.
pub fn url(name: &str) -> &'static str {
    FILES
        .get(name)
        .map_or("/assets/missing", |file| file.url.as_str())
}

/// The routes of the files.
pub(crate) fn routes() -> Router {
    Router::new()
        .route("/assets/{*name}", get(asset))
        .route("/api/openapi.json", get(description))
}

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    if let Some(file) = SERVED.get(format!("/assets/{name}").as_str()) {
        return served(file, &headers, "public, max-age=31536000, immutable");
    }
    match FILES.get(&name) {
        Some(file) => Redirect::temporary(&file.url).into_response(),
        None => refusal::answer(StatusCode::NOT_FOUND, "There is no such file"),
    }
}

/// The description of the API, under a name that does not change.
async fn description(headers: HeaderMap) -> Response {
    match FILES.get("api/openapi.json") {
        Some(file) => served(file, &headers, "no-cache"),
        None => refusal::answer(
            StatusCode::NOT_FOUND,
            "There is no description of the API in this program",
        ),
    }
}

fn served(file: &'static File, asked: &HeaderMap, keep: &'static str) -> Response {
    let text = |name| {
        asked
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let accepted = text(header::ACCEPT_ENCODING);
    let fits = |at: &usize| !file.copies[*at].is_empty() && accepts(accepted, CODINGS[*at]);
    let chosen = (0..CODINGS.len()).find(fits);
    let tag = match chosen {
        Some(at) => format!("\"{}-{}\"", file.tag, CODINGS[at]),
        None => format!("\"{}\"", file.tag),
    };
    let known = has(text(header::IF_NONE_MATCH), &tag);
    let body = match chosen {
        _ if known => Body::empty(),
        Some(at) => Body::from(Bytes::from_static(file.copies[at])),
        None => Body::from(file.plain.clone()),
    };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind));
    if let Some(at) = chosen {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(CODINGS[at]));
    }
    response
}

fn file(name: &str) -> Option<File> {
    let found = [Api::get, Pictures::get, Scripts::get, Style::get]
        .into_iter()
        .find_map(|get| get(name))?;
    let hash: String = found
        .metadata
        .sha256_hash()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let (stem, ending) = name.rsplit_once('.')?;
    let copies = COMPRESSED
        .iter()
        .find(|row| row.0 == name)
        .map_or([&[][..]; 2], |row| row.1);
    let plain = match found.data {
        std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        std::borrow::Cow::Owned(bytes) => Bytes::from(bytes),
    };
    let url = format!("/assets/{stem}.{}.{ending}", hash.get(..8)?);
    Some(File {
        url,
        kind: kind(ending),
        tag: hash,
        plain,
        copies,
    })
}

/// What kind of file it is, by its ending.
fn kind(ending: &str) -> &'static str {
    match ending {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::{COMPRESSED, FILES, SERVED, kind};

    #[test]
    fn every_file_has_a_name_and_a_kind_of_its_own() {
        assert_eq!(FILES.len(), SERVED.len());
        assert_eq!(
            FILES.len(),
            COMPRESSED.len(),
            "build.rs and the program look at the same folders"
        );
        for (name, file) in FILES.iter() {
            assert_ne!(
                file.kind,
                kind(""),
                "{name} is of a kind that browsers are not told about"
            );
        }
    }

    #[test]
    fn copies_unpack_to_the_file() {
        for (name, file) in FILES.iter() {
            let mut unpacked = Vec::new();
            if !file.copies[0].is_empty() {
                brotli::Decompressor::new(file.copies[0], 4096)
                    .read_to_end(&mut unpacked)
                    .expect("brotli");
                assert_eq!(unpacked, file.plain, "{name}");
            }
            unpacked.clear();
            if !file.copies[1].is_empty() {
                flate2::read::GzDecoder::new(file.copies[1])
                    .read_to_end(&mut unpacked)
                    .expect("gzip");
                assert_eq!(unpacked, file.plain, "{name}");
            }
        }
    }
}
