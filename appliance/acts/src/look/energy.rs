//! Energy over a day, a week, a month or a year: what was made, used, bought and sent out, and how well it is known.

use energy::calendar::{Date, Kind, Period};
use energy::{
    Bucket, DeviceFlow, PowerNow, Quality, Routes, TimeSource, Totals, Unknown, buckets, gather, ordinary,
};
use serde::Serialize;
use units::{Audience, Flow, Instant, NoValue, Quantity, Role, Span, WattHours, Watts};

use super::now::PowerView;
use super::{Look, LookError};
use crate::live::{DeviceLive, DeviceState, Live};
use crate::site::Site;

/// Days before today that an ordinary day is taken from.
const ORDINARY_DAYS: usize = 28;

/// Energy over some time. `null` where nothing is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TotalsView {
    /// Made by the roof.
    pub production_wh: Option<i64>,
    /// Used in the building.
    pub consumption_wh: Option<i64>,
    /// Bought from the street.
    pub import_wh: Option<i64>,
    /// Sent out to the street.
    pub export_wh: Option<i64>,
    /// Into the battery.
    pub charge_wh: Option<i64>,
    /// Out of the battery.
    pub discharge_wh: Option<i64>,
    /// Made by the roof and used here, at once or by way of the battery.
    pub self_used_wh: Option<i64>,
    /// From the sun straight into use.
    pub sun_to_use_wh: i64,
    /// From the sun into the battery.
    pub sun_to_battery_wh: i64,
    /// From the sun out to the street.
    pub sun_to_street_wh: i64,
    /// From the battery into use.
    pub battery_to_use_wh: i64,
    /// From the battery out to the street.
    pub battery_to_street_wh: i64,
    /// From the street into use.
    pub street_to_use_wh: i64,
    /// From the street into the battery.
    pub street_to_battery_wh: i64,
    /// Share of what was made that was used here, in thousandths.
    pub self_consumption_permille: Option<u16>,
    /// Share of what was used that was made here, in thousandths.
    pub self_sufficiency_permille: Option<u16>,
    /// `measured`, `recovered`, `estimated` or `missing`: as good as the worst part.
    pub quality: &'static str,
    /// Why not all of it is simply measured: `outage`, `meter-exchanged`, `counter-reset`, `rolled-over`,
    /// `clock-stepped`, `began`, `from-power`, `corrected-by-person`.
    pub causes: Vec<&'static str>,
    /// How well the time was known, of the worst part: `network`, `hardware-clock`, `phone`, `not-noted`, `estimated`.
    pub time: Option<&'static str>,
    /// Quarters of an hour that the time has, up to now.
    pub quarters: u32,
    /// Quarters in which something is not known; they are in no derived figure.
    pub missing: u32,
}

/// One part of a period: a quarter of an hour, a day or a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BucketView {
    /// When it begins, UTC milliseconds.
    pub from_ms: i64,
    /// When it ends, UTC milliseconds.
    pub to_ms: i64,
    /// What was made and used in it.
    #[serde(flatten)]
    pub totals: TotalsView,
}

/// How today compares with an ordinary day up to the same time of day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrdinaryView {
    /// What the roof has usually made by now.
    pub production_wh: Option<i64>,
    /// What the building has usually used by now.
    pub consumption_wh: Option<i64>,
}

/// Energy over a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EnergyView {
    /// The period: `2026-06-16`, `2026-W25`, `2026-06` or `2026`.
    pub period: String,
    /// `day`, `week`, `month` or `year`.
    pub kind: &'static str,
    /// When it begins, UTC milliseconds.
    pub from_ms: i64,
    /// When it ends, UTC milliseconds.
    pub to_ms: i64,
    /// Up to when there can be figures: its end, or now.
    pub until_ms: i64,
    /// The period before.
    pub previous: String,
    /// The period after; `null` where that lies ahead.
    pub next: Option<String>,
    /// Its parts: quarters of a day, days of a week or month, months of a year. Those ahead are left out.
    pub parts: Vec<BucketView>,
    /// The whole.
    pub totals: TotalsView,
    /// For today: what is usual by now. `null` for other periods, or where too few days are known.
    pub ordinary: Option<OrdinaryView>,
}

impl Look {
    /// The local date at this look.
    pub fn today(&self) -> Date {
        self.site.place.zone.date_of(self.now)
    }

    /// Energy of the whole site over a period, which is for everybody. Reads the store: not for async workers.
    pub fn energy(&self, period: Period) -> Result<EnergyView, LookError> {
        let zone = &self.site.place.zone;
        let (from, to) = period.bounds(zone);
        let until = to.min(self.now);
        let next = period.next();
        let edges: Vec<Instant> = period.edges(zone);
        let parts = self.parts(from, until, &edges)?;
        let totals = self.totals(from, until)?;
        let current = period == Period::holding(Kind::Day, self.today());
        Ok(EnergyView {
            period: period.to_string(),
            kind: word(period.kind()),
            from_ms: from.as_millis(),
            to_ms: to.as_millis(),
            until_ms: until.as_millis(),
            previous: period.previous().to_string(),
            next: (next.bounds(zone).0 <= self.now).then(|| next.to_string()),
            parts: parts
                .into_iter()
                .filter(|part| part.from < until)
                .map(bucket_view)
                .collect(),
            totals: totals_view(&totals),
            ordinary: if current { Some(self.usual_by_now()?) } else { None },
        })
    }

    fn parts(&self, from: Instant, until: Instant, edges: &[Instant]) -> Result<Vec<Bucket>, LookError> {
        Ok(buckets(&gather(from, until, &self.flows(from, until)?), edges))
    }

    fn totals(&self, from: Instant, until: Instant) -> Result<Totals, LookError> {
        Ok(Totals::of(&gather(from, until, &self.flows(from, until)?)))
    }

    /// The flows that the site's totals are made of: every flow of every device that stands for production, the
    /// street or a battery. A device without any interval still counts as missing.
    fn flows(&self, from: Instant, until: Instant) -> Result<Vec<DeviceFlow>, LookError> {
        let mut stored = self.store.all_intervals(from.floor(Span::QUARTER), until)?;
        let mut flows = Vec::new();
        for device in self.site.devices.iter().filter(|device| device.counted) {
            for flow in device
                .role
                .flows()
                .iter()
                .filter(|flow| **flow != Flow::Consumption)
            {
                let found = stored
                    .iter_mut()
                    .find(|group| group.device == device.name && group.flow == *flow);
                let intervals = found
                    .map(|group| std::mem::take(&mut group.intervals))
                    .unwrap_or_default();
                flows.push(DeviceFlow {
                    flow: *flow,
                    since: self.store.counted_since(&device.name, *flow),
                    intervals,
                });
            }
        }
        Ok(flows)
    }

    /// What is usual by this time of day, over the last four weeks.
    fn usual_by_now(&self) -> Result<OrdinaryView, LookError> {
        let zone = &self.site.place.zone;
        let clock = zone.wall_clock(self.now);
        let (mut made, mut used) = (Vec::new(), Vec::new());
        let mut date = self.today();
        for _ in 0..ORDINARY_DAYS {
            date = date.previous();
            let until = zone.moment(date, clock.hour, clock.minute).floor(Span::QUARTER);
            let totals = self.totals(zone.start_of(date), until)?;
            if totals.missing == 0 && totals.quarters > 0 {
                made.extend(totals.production);
                used.extend(totals.consumption);
            }
        }
        Ok(OrdinaryView {
            production_wh: ordinary(&made).map(|energy| energy.0),
            consumption_wh: ordinary(&used).map(|energy| energy.0),
        })
    }
}

fn bucket_view(bucket: Bucket) -> BucketView {
    BucketView {
        from_ms: bucket.from.as_millis(),
        to_ms: bucket.to.as_millis(),
        totals: totals_view(&bucket.totals),
    }
}

fn totals_view(totals: &Totals) -> TotalsView {
    let wh = |energy: Option<WattHours>| energy.map(|energy| energy.0);
    let Routes {
        sun_to_use,
        sun_to_battery,
        sun_to_street,
        battery_to_use,
        battery_to_street,
        street_to_use,
        street_to_battery,
    } = totals.routes;
    TotalsView {
        production_wh: wh(totals.production),
        consumption_wh: wh(totals.consumption),
        import_wh: wh(totals.import),
        export_wh: wh(totals.export),
        charge_wh: wh(totals.charge),
        discharge_wh: wh(totals.discharge),
        self_used_wh: wh(totals.self_used),
        sun_to_use_wh: sun_to_use.0,
        sun_to_battery_wh: sun_to_battery.0,
        sun_to_street_wh: sun_to_street.0,
        battery_to_use_wh: battery_to_use.0,
        battery_to_street_wh: battery_to_street.0,
        street_to_use_wh: street_to_use.0,
        street_to_battery_wh: street_to_battery.0,
        self_consumption_permille: totals.self_consumption_permille,
        self_sufficiency_permille: totals.self_sufficiency_permille,
        quality: quality(totals),
        causes: totals.causes.names().collect(),
        time: totals.time.map(TimeSource::name),
        quarters: totals.quarters,
        missing: totals.missing,
    }
}

/// The quality of the whole: what is measured in part while the rest is missing is not a measured whole.
fn quality(totals: &Totals) -> &'static str {
    match totals.quality {
        Some(quality) if totals.quarters == 0 || totals.missing < totals.quarters => quality.name(),
        _ => Quality::Missing.name(),
    }
}

/// The power flows as a view; what is not known is left empty, and who is missing is named.
pub(super) fn power_view(power: &Result<PowerNow, Vec<Unknown>>, live: &Live, site: &Site) -> PowerView {
    let known = power.as_ref().ok();
    let watts = |pick: fn(&PowerNow) -> Watts| known.map(|now| pick(now).0);
    let side = |role| {
        if silent(power, role) {
            None
        } else {
            side(role, live, site)
        }
    };
    let (roof, street, store) = (side(Role::Production), side(Role::Grid), side(Role::Battery));
    let forward =
        |pick: fn(&PowerNow) -> Watts, side: Option<i64>| watts(pick).or(side.map(|watts| watts.max(0)));
    let backward =
        |pick: fn(&PowerNow) -> Watts, side: Option<i64>| watts(pick).or(side.map(|watts| (-watts).max(0)));
    let has = |role| site.in_role(role).next().is_some();
    PowerView {
        at_ms: live.at.as_millis(),
        measured_ms: known.and_then(|now| now.at).map(Instant::as_millis),
        production_w: forward(|now| now.production, roof),
        consumption_w: watts(|now| now.consumption),
        import_w: forward(|now| now.import, street),
        export_w: backward(|now| now.export, street),
        charge_w: backward(|now| now.charge, store),
        discharge_w: forward(|now| now.discharge, store),
        sun_to_use_w: watts(|now| now.routes.sun_to_use),
        sun_to_battery_w: watts(|now| now.routes.sun_to_battery),
        sun_to_street_w: watts(|now| now.routes.sun_to_street),
        battery_to_use_w: watts(|now| now.routes.battery_to_use),
        battery_to_street_w: watts(|now| now.routes.battery_to_street),
        street_to_use_w: watts(|now| now.routes.street_to_use),
        street_to_battery_w: watts(|now| now.routes.street_to_battery),
        battery_permille: battery(live, site),
        has_production: has(Role::Production),
        has_battery: has(Role::Battery),
        has_grid: has(Role::Grid),
        roof_asleep: asleep(live, site),
        roof_draws_w: roof.filter(|watts| *watts < 0).map(|watts| -watts),
        missing: power
            .as_ref()
            .err()
            .map(|unknown| missing(unknown, live, site))
            .unwrap_or_default(),
    }
}

/// Whether a side of the house is among those that are not known.
fn silent(power: &Result<PowerNow, Vec<Unknown>>, role: Role) -> bool {
    power
        .as_ref()
        .err()
        .is_some_and(|unknown| unknown.iter().any(|gap| gap.role == role))
}

/// The last power of one side of the house, forward positive, where each of its devices has one.
fn side(role: Role, live: &Live, site: &Site) -> Option<i64> {
    let mut devices = site.in_role(role).peekable();
    devices.peek()?;
    devices
        .map(|device| last_power(live.devices.iter().find(|live| live.name == device.name)?))
        .sum()
}

fn last_power(device: &DeviceLive) -> Option<i64> {
    let point = device
        .points
        .iter()
        .find(|point| point.quantity == Quantity::Power)?;
    Some(point.reading.as_ref()?.outcome.ok()?.value)
}

/// The word of a kind of period.
fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Day => "day",
        Kind::Week => "week",
        Kind::Month => "month",
        Kind::Year => "year",
    }
}

/// How full the battery is, where a battery of everybody's tells it.
fn battery(live: &Live, site: &Site) -> Option<i64> {
    let everyones = |name: &str| {
        site.device(name)
            .is_some_and(|device| device.role == Role::Battery && device.audience == Audience::Everyone)
    };
    let points = live
        .devices
        .iter()
        .filter(|device| everyones(device.name.as_str()))
        .flat_map(|device| &device.points);
    let charge = points.filter(|point| point.quantity == Quantity::Charge);
    charge
        .filter_map(|point| point.reading.as_ref()?.outcome.ok())
        .map(|number| number.value)
        .next()
}

/// Whether every inverter sleeps.
fn asleep(live: &Live, site: &Site) -> bool {
    let mut roofs = site.in_role(Role::Production).peekable();
    let state = |name| {
        live.devices
            .iter()
            .find(|device| device.name == name)
            .map(|device| device.state)
    };
    roofs.peek().is_some() && roofs.all(|roof| state(roof.name.clone()) == Some(DeviceState::Asleep))
}

/// Whether a sleeping device is known to make nothing: the sun is low.
fn makes_nothing(device: &DeviceLive) -> bool {
    let power = device
        .points
        .iter()
        .find(|point| point.quantity == Quantity::Power);
    power
        .and_then(|point| point.reading.as_ref())
        .is_some_and(|reading| reading.outcome == Err(NoValue::Asleep))
}

/// Who is missing for the whole picture, since when, and why.
fn missing(unknown: &[Unknown], live: &Live, site: &Site) -> Vec<(String, Option<i64>, String)> {
    let mut rows = Vec::new();
    for gap in unknown {
        for device in site.in_role(gap.role) {
            let now = live.devices.iter().find(|live| live.name == device.name);
            let why = match now.map(|live| (live.state, &live.last_error)) {
                Some((DeviceState::Healthy, _)) => continue,
                Some((DeviceState::Asleep, _)) if now.is_some_and(makes_nothing) => continue,
                Some((DeviceState::Asleep, _)) => {
                    "it is still silent although the sun is up; it may sleep on, or its line may be down"
                        .to_owned()
                }
                Some((_, Some((_, error)))) => error.clone(),
                _ => "it has not answered yet".to_owned(),
            };
            let since = now.and_then(|live| live.last_answer).map(Instant::as_millis);
            rows.push((device.label.clone(), since, why));
        }
    }
    rows
}
