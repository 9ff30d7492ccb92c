//! `/metrics` for Prometheus (text format 0.0.4) and `/healthz`. Only what everybody may see: the site's power and
//! energy, and how devices, buses and the box itself are doing; of a flat's meter that it answers, and nothing it
//! measures.

mod health;
mod text;

use acts::look::{BoxView, BusView, DeviceView, EnergyView, PowerView, StoreView, TaskView};
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use energy::calendar::{Kind, Period};
use units::Span;

use crate::api::{Problem, Reader};
use crate::refusal;
use health::ailments;
use text::Metrics;

/// What both routes need.
#[derive(Clone)]
struct Watch {
    reader: Reader,
    fresh: Span,
}

/// The states that a device can be in.
const STATES: [&str; 5] = ["waiting", "healthy", "degraded", "asleep", "gone"];

/// The routes. The live state counts as stale once it is older than `fresh`.
pub(crate) fn routes(reader: Reader, fresh: Span) -> Router {
    let watch = Watch { reader, fresh };
    Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(healthz))
        .with_state(watch)
}

async fn metrics(State(watch): State<Watch>) -> Result<Response, Problem> {
    let today = watch
        .reader
        .read(|look| Ok(look.energy(Period::holding(Kind::Day, look.today()))?))
        .await?;
    let look = watch.reader.look();
    let mut metrics = Metrics::default();
    power(&mut metrics, &look.power());
    energy_today(&mut metrics, &today);
    devices(&mut metrics, &look.devices());
    the_box(&mut metrics, &look.the_box());
    if let Some(bytes) = resident_bytes() {
        metrics.gauge(
            "process_resident_memory_bytes",
            "Memory that the program has in use.",
            &[],
            bytes,
        );
    }
    Ok(plain(
        metrics.into_text(),
        "text/plain; version=0.0.4; charset=utf-8",
    ))
}

fn plain(text: String, kind: &'static str) -> Response {
    let mut response = Response::new(Body::from(text));
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

async fn healthz(State(watch): State<Watch>) -> Response {
    let look = watch.reader.look();
    let ailments = ailments(&look.the_box(), look.power().at_ms, watch.fresh);
    if ailments.is_empty() {
        return plain("ok\n".to_owned(), "text/plain; charset=utf-8");
    }
    refusal::answer(StatusCode::SERVICE_UNAVAILABLE, &ailments.join("\n"))
}

fn power(metrics: &mut Metrics, view: &PowerView) {
    let help = "Power of the whole site now; left out where it is not known.";
    let flows = [
        ("production", view.production_w),
        ("consumption", view.consumption_w),
        ("import", view.import_w),
        ("export", view.export_w),
        ("charge", view.charge_w),
        ("discharge", view.discharge_w),
    ];
    for (flow, watts) in flows {
        if let Some(watts) = watts {
            metrics.gauge("hearth_power_watts", help, &[("flow", flow)], watts);
        }
    }
    if let Some(permille) = view.battery_permille {
        let help = "How full the battery is, in thousandths.";
        metrics.gauge("hearth_battery_charge_permille", help, &[], permille);
    }
}

fn energy_today(metrics: &mut Metrics, view: &EnergyView) {
    let help = "Energy of the whole site since local midnight; left out where it is not known.";
    let flows = [
        ("production", view.totals.production_wh),
        ("consumption", view.totals.consumption_wh),
        ("import", view.totals.import_wh),
        ("export", view.totals.export_wh),
        ("charge", view.totals.charge_wh),
        ("discharge", view.totals.discharge_wh),
    ];
    for (flow, energy) in flows {
        if let Some(energy) = energy {
            metrics.gauge("hearth_energy_today_watthours", help, &[("flow", flow)], energy);
        }
    }
}

fn devices(metrics: &mut Metrics, devices: &[DeviceView]) {
    for device in devices {
        let labels = [("device", device.name.as_str()), ("bus", device.bus.as_str())];
        let up = matches!(device.state.as_str(), "healthy" | "degraded" | "asleep");
        metrics.gauge(
            "hearth_device_up",
            "Whether a device answers, or sleeps as it should.",
            &labels,
            up,
        );
    }
    for device in devices {
        for state in STATES {
            let labels = [("device", device.name.as_str()), ("state", state)];
            let help = "The state of a device: 1 for the one it is in.";
            metrics.gauge("hearth_device_state", help, &labels, device.state == state);
        }
    }
    for device in devices {
        let labels = [("device", device.name.as_str())];
        metrics.counter(
            "hearth_device_asked_total",
            "Questions to a device since the start.",
            &labels,
            device.asked,
        );
    }
    for device in devices {
        let labels = [("device", device.name.as_str())];
        let help = "Good answers of a device since the start.";
        metrics.counter("hearth_device_answered_total", help, &labels, device.answered);
    }
}

/// A counter of a bus: its name, what it counts, and where it is found.
type BusCounter = (&'static str, &'static str, fn(&BusView) -> u64);

const BUS: [BusCounter; 5] = [
    (
        "hearth_bus_asked_total",
        "Questions on a bus since the start.",
        |bus| bus.asked,
    ),
    (
        "hearth_bus_answered_total",
        "Good answers on a bus since the start.",
        |bus| bus.answered,
    ),
    (
        "hearth_bus_silent_total",
        "Questions on a bus that nothing answered.",
        |bus| bus.silent,
    ),
    (
        "hearth_bus_refused_total",
        "Answers on a bus that were damaged, late or of another device.",
        |bus| bus.refused,
    ),
    (
        "hearth_bus_drained_bytes_total",
        "Bytes on a bus that were thrown away before a question.",
        |bus| bus.drained,
    ),
];

fn the_box(metrics: &mut Metrics, view: &BoxView) {
    buses(metrics, &view.buses);
    tasks(metrics, &view.tasks);
    store(metrics, &view.store);
    let running = (view.now_ms - view.started_ms).max(0) / 1_000;
    metrics.gauge(
        "hearth_running_seconds",
        "For how long the box has been running.",
        &[],
        running,
    );
    metrics.gauge(
        "hearth_info",
        "The version of Hearth.",
        &[("version", &view.version)],
        1,
    );
}

fn buses(metrics: &mut Metrics, buses: &[BusView]) {
    for (name, help, count) in BUS {
        for bus in buses {
            metrics.counter(name, help, &[("bus", &bus.name)], count(bus));
        }
    }
    for bus in buses {
        metrics.gauge(
            "hearth_bus_up",
            "Whether a bus can be used.",
            &[("bus", &bus.name)],
            bus.down.is_none(),
        );
    }
    for bus in buses {
        let help = "Use of a line in the last minute, in thousandths.";
        metrics.gauge(
            "hearth_bus_busy_permille",
            help,
            &[("bus", &bus.name)],
            bus.busy_permille,
        );
    }
}

fn tasks(metrics: &mut Metrics, tasks: &[TaskView]) {
    for task in tasks {
        metrics.gauge(
            "hearth_task_running",
            "Whether a task of the box runs.",
            &[("task", &task.name)],
            task.running,
        );
    }
    for task in tasks {
        let help = "How often a task of the box was started again.";
        metrics.counter(
            "hearth_task_restarts_total",
            help,
            &[("task", &task.name)],
            task.restarts,
        );
    }
}

fn store(metrics: &mut Metrics, store: &StoreView) {
    metrics.gauge(
        "hearth_store_file_bytes",
        "Size of the store's file.",
        &[],
        store.file_bytes,
    );
    metrics.counter(
        "hearth_store_commits_total",
        "Times that the store was written.",
        &[],
        store.commits,
    );
    metrics.gauge(
        "hearth_store_waiting_readings",
        "Readings that wait to be written.",
        &[],
        store.waiting,
    );
    metrics.gauge(
        "hearth_store_writes",
        "Whether the store can be written.",
        &[],
        store.trouble.is_none(),
    );
    for place in &store.backup.places {
        let kind = if place.is_stick { "stick" } else { "folder" };
        let help = "When the newest whole backup was made, in seconds since 1970; 0 where there is none.";
        let newest = place.newest_ms.unwrap_or_default() / 1_000;
        metrics.gauge("hearth_backup_newest_seconds", help, &[("to", kind)], newest);
    }
    if let Some(bytes) = store.card_bytes {
        metrics.counter(
            "hearth_card_written_bytes_total",
            "Bytes sent to the card since the start.",
            &[],
            bytes,
        );
    }
}

/// Memory in use as the kernel tells it; nothing on a system that does not.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
