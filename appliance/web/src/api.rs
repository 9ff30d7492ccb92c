//! The read-only API under `/api/v1`: the views of `acts` as JSON, just as they are.
//!
//! What the API gives is what everybody may see, and to whoever is signed in what is theirs as well; there is no writing
//! here. `assets/api/openapi.json`
//! describes every route, and a test keeps the two together.

mod asked;
mod reader;

use acts::look::{AuditView, BoxView, ChannelView, DeviceView, EnergyView, MeansView, PowerView};
use axum::extract::{Path, Query};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use energy::calendar::Period;
use units::Instant;

pub(crate) use asked::{Asked, Edge};
pub(crate) use reader::{Problem, Reader, Wanted, body};

use crate::refusal;

/// The most lines of the record in one answer.
const MOST_LINES: usize = 500;
/// Columns of a chart, where nobody says how many.
const USUAL_PARTS: usize = 1_440;

/// What stands behind the question mark.
pub(crate) type Pairs = Query<Vec<(String, String)>>;

type Answer<T> = Result<Json<T>, Problem>;

/// The routes of the API.
pub(crate) fn routes(reader: Reader) -> Router {
    Router::new()
        .route("/api/v1/power", get(power))
        .route("/api/v1/energy/{period}", get(energy_of))
        .route("/api/v1/devices", get(devices))
        .route("/api/v1/devices/{name}", get(device))
        .route("/api/v1/box", get(the_box))
        .route("/api/v1/channels", get(channels))
        .route("/api/v1/readings", get(readings))
        .route("/api/v1/means", get(means))
        .route("/api/v1/audit", get(audit))
        .route("/api/{*rest}", get(nothing))
        .with_state(reader)
}

async fn power(reader: Reader) -> Json<PowerView> {
    Json(reader.look().power())
}

async fn energy_of(reader: Reader, Path(period): Path<String>) -> Answer<EnergyView> {
    let period = Period::parse(&period).map_err(|error| Problem::Question(error.to_string()))?;
    reader.read(move |look| Ok(look.energy(period)?)).await.map(Json)
}

async fn devices(reader: Reader) -> Json<Vec<DeviceView>> {
    Json(reader.look().devices())
}

async fn device(reader: Reader, Path(name): Path<String>) -> Answer<DeviceView> {
    Ok(Json(reader.look().device(&name)?))
}

async fn the_box(reader: Reader) -> Json<BoxView> {
    Json(reader.look().the_box())
}

async fn channels(reader: Reader) -> Json<Vec<ChannelView>> {
    Json(reader.look().channels())
}

async fn readings(reader: Reader, Query(pairs): Pairs) -> Result<Response, Problem> {
    let asked = Asked::new(pairs, &["channel", "from", "to"])?;
    let wanted = wanted(&reader, &asked)?;
    let known = reader.channel(&wanted.channel)?;
    let mut separator = "";
    let body = reader.readings(wanted.within(&known), "[".to_owned(), "]\n", move |readings| {
        let mut text = String::new();
        for reading in readings {
            text.push_str(separator);
            separator = ",\n";
            text.push_str(&serde_json::to_string(reading).unwrap_or_default());
        }
        text
    });
    let mut response = Response::new(body);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

async fn means(reader: Reader, Query(pairs): Pairs) -> Answer<Vec<MeansView>> {
    let asked = Asked::new(pairs, &["channel", "from", "to", "parts"])?;
    let Wanted { channel, from, to } = wanted(&reader, &asked)?;
    let parts = asked.number("parts", USUAL_PARTS)?;
    reader
        .read(move |look| Ok(look.means(&channel, from, to, parts)?))
        .await
        .map(Json)
}

async fn audit(reader: Reader, Query(pairs): Pairs) -> Answer<Vec<AuditView>> {
    let asked = Asked::new(pairs, &["below", "count"])?;
    let below = asked.get("below").map(|_| asked.number("below", 0)).transpose()?;
    let count = asked.number("count", 50)?.min(MOST_LINES);
    reader
        .read(move |look| Ok(look.audit(below, count)?))
        .await
        .map(Json)
}

async fn nothing() -> Response {
    refusal::answer(
        StatusCode::NOT_FOUND,
        "There is no such thing in the API; /api/openapi.json lists what there is",
    )
}

/// Channel and time as they are asked for, in the right order.
pub(crate) fn wanted(reader: &Reader, asked: &Asked) -> Result<Wanted, Problem> {
    let channel = asked.channel()?;
    let (from, to) = stretch(reader, asked)?;
    Ok(Wanted { channel, from, to })
}

/// The time that is asked for.
pub(crate) fn stretch(reader: &Reader, asked: &Asked) -> Result<(Instant, Instant), Problem> {
    let look = reader.look();
    let zone = &look.place().zone;
    let (from, to) = (asked.moment(Edge::From, zone)?, asked.moment(Edge::To, zone)?);
    if from < to {
        return Ok((from, to));
    }
    Err(Problem::Question(
        "the end is not after the beginning; change one of the two".to_owned(),
    ))
}
