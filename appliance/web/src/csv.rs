//! Tables for a spreadsheet: `/energy.csv` by quarters of an hour, `/readings.csv` of one channel. Any range, sent
//! while it is read, so that ten years need no more memory than a day.

mod text;

use acts::Look;
use acts::look::{BucketView, PartView, ReadingView};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Query;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum::routing::get;
use energy::calendar::{Date, Kind, Period, Zone};
use tokio_stream::StreamExt;
use units::{Channel, Instant, Unit, decimal};

use crate::api::{Asked, Pairs, Problem, Reader, body, stretch, wanted};
use text::{Row, local, universal};

/// The columns of the energy table. Units stand in the names; energy is in whole watt-hours.
const ENERGY: [&str; 12] = [
    "start_local",
    "start_utc",
    "production_wh",
    "consumption_wh",
    "import_wh",
    "export_wh",
    "charge_wh",
    "discharge_wh",
    "self_used_wh",
    "quality",
    "causes",
    "time_known",
];

/// The routes of the tables.
pub(crate) fn routes(reader: Reader) -> Router {
    Router::new()
        .route("/energy.csv", get(energy_table))
        .route("/readings.csv", get(readings_table))
        .with_state(reader)
}

async fn energy_table(reader: Reader, Query(pairs): Pairs) -> Result<Response, Problem> {
    let asked = Asked::new(pairs, &["from", "to", "period"])?;
    let zone = reader.look().place().zone.clone();
    let (from, to) = match asked.get("period") {
        Some(period) => period_of(period)?.bounds(&zone),
        None => stretch(&reader, &asked)?,
    };
    let name = match asked.get("period") {
        Some(period) => format!("energy-{period}.csv"),
        None => format!("energy-{}-{}.csv", zone.date_of(from), zone.date_of(to)),
    };
    let first = reader.read(move |look| first_known(look, from, to)).await?;
    let until = to.min(reader.look().now());
    let days = days(zone.date_of(first), zone.clone(), until);
    Ok(file(&name, energy_body(reader, days, zone, (from, to))))
}

fn period_of(text: &str) -> Result<Period, Problem> {
    Period::parse(text).map_err(|error| Problem::Question(error.to_string()))
}

/// The days from `first` on that begin before `until`.
fn days(first: Date, zone: Zone, until: Instant) -> impl Iterator<Item = Date> + Send {
    let days = std::iter::successors(Some(first), |day| Some(day.next()).filter(|next| next != day));
    days.take_while(move |day| zone.start_of(*day) < until)
}

/// Where the table begins: at `from`, or at the first year of which anything is known. The years before the box
/// would be long, and empty.
fn first_known(look: &Look, from: Instant, to: Instant) -> Result<Instant, Problem> {
    let zone = &look.place().zone;
    let end = to.min(look.now());
    let mut begin = from;
    let mut year = Period::holding(Kind::Year, zone.date_of(from));
    while begin < end {
        let totals = look.energy(year)?.totals;
        let after = year.bounds(zone).1;
        if totals.missing < totals.quarters || after <= begin {
            break;
        }
        begin = after;
        year = year.next();
    }
    Ok(if begin < end { begin } else { from })
}

fn energy_body(
    reader: Reader,
    days: impl Iterator<Item = Date> + Send + 'static,
    zone: Zone,
    (from, to): (Instant, Instant),
) -> Body {
    let read = move |day| {
        let reader = reader.clone();
        let day = Period::holding(Kind::Day, day);
        async move { reader.read(move |look| Ok(look.energy(day)?.parts)).await }
    };
    let within = move |part: &&BucketView| from.as_millis() <= part.from_ms && part.from_ms < to.as_millis();
    let rows = tokio_stream::iter(days).then(read).map(move |parts| {
        parts.map(|parts| {
            Bytes::from(
                parts
                    .iter()
                    .filter(within)
                    .map(|part| quarter(part, &zone))
                    .collect::<String>(),
            )
        })
    });
    body(Row::of(ENERGY).end(), rows, "")
}

fn quarter(part: &BucketView, zone: &Zone) -> String {
    let start = Instant::from_millis(part.from_ms);
    let totals = &part.totals;
    let flows = [
        totals.production_wh,
        totals.consumption_wh,
        totals.import_wh,
        totals.export_wh,
        totals.charge_wh,
        totals.discharge_wh,
        totals.self_used_wh,
    ];
    let row = Row::default().text(&local(start, zone)).text(&universal(start));
    flows
        .into_iter()
        .fold(row, Row::number)
        .text(totals.quality)
        .text(&totals.causes.join("+"))
        .text(totals.time.unwrap_or_default())
        .end()
}

async fn readings_table(reader: Reader, Query(pairs): Pairs) -> Result<Response, Problem> {
    let asked = Asked::new(pairs, &["channel", "from", "to"])?;
    let wanted = wanted(&reader, &asked)?;
    let known = reader.channel(&wanted.channel)?;
    let unit = Unit::from_name(&known.unit).unwrap_or(Unit::Count);
    let zone = reader.look().place().zone.clone();
    let name = format!(
        "{}-{}.csv",
        known.channel.replace('/', "-"),
        zone.date_of(wanted.from)
    );
    let value = match unit.symbol() {
        "" => format!("{} value", known.channel),
        symbol => format!("{} [{symbol}]", known.channel),
    };
    let head = Row::of(["time_local", "time_utc", &value, "why_none"]).end();
    let dress = move |readings: &[ReadingView]| {
        readings
            .iter()
            .map(|reading| one_reading(reading, unit, &zone))
            .collect::<String>()
    };
    Ok(file(
        &name,
        reader.readings(wanted.within(&known), head, "", dress),
    ))
}

fn one_reading(reading: &ReadingView, unit: Unit, zone: &Zone) -> String {
    let at = Instant::from_millis(reading.at_ms);
    let value = reading
        .value
        .map(|value| unit.show_plain(value))
        .unwrap_or_default();
    let row = Row::default()
        .text(&local(at, zone))
        .text(&universal(at))
        .plain(&value);
    row.text(reading.why.unwrap_or_default()).end()
}

/// What a channel did in each part of a stretch of time, as a table.
pub(crate) fn history(channel: &Channel, unit: Unit, zone: &Zone, parts: &[PartView]) -> Response {
    let named = |what: &str| match unit.symbol() {
        "" => format!("{channel} {what}"),
        symbol => format!("{channel} {what} [{symbol}]"),
    };
    let (min, mean, max) = (named("smallest"), named("mean"), named("largest"));
    let columns = [
        "from_local",
        "from_utc",
        &min,
        &mean,
        &max,
        "readings",
        "energy_wh",
        "why_none",
    ];
    let mut table = Row::of(columns).end();
    for part in parts {
        let from = Instant::from_millis(part.from_ms);
        let plain = |value: Option<i64>| value.map(|value| unit.show_plain(value)).unwrap_or_default();
        let row = Row::default()
            .text(&local(from, zone))
            .text(&universal(from))
            .plain(&plain(part.min))
            .plain(&plain(part.mean))
            .plain(&plain(part.max))
            .plain(&part.count.to_string())
            .plain(
                &part
                    .energy_mwh
                    .map(|energy| decimal(energy, 3))
                    .unwrap_or_default(),
            );
        table.push_str(&row.text(part.why.unwrap_or_default()).end());
    }
    let day = parts
        .first()
        .map(|part| zone.date_of(Instant::from_millis(part.from_ms)));
    let day = day.map(|day| day.to_string()).unwrap_or_default();
    file(
        &format!("{}-{day}.csv", channel.as_str().replace('/', "-")),
        Body::from(table),
    )
}

/// A table that the browser saves under `name`, which holds letters, digits, `-`, `_` and `.` only.
fn file(name: &str, body: Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/csv; charset=utf-8; header=present"),
    );
    let kept = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    headers.insert(
        header::CONTENT_DISPOSITION,
        kept.unwrap_or(HeaderValue::from_static("attachment")),
    );
    response
}
