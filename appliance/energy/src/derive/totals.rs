//! Sums over quarters, and the figures derived from them.

use units::{Instant, WattHours};

use super::quarters::{Known, Quarter};
use super::routes::{Routes, route};
use crate::{Causes, Quality, TimeSource};

/// Energy over some time.
///
/// Every flow is the sum of all quarters in which it is known. What is derived (use, routes, shares) is summed only
/// over quarters in which *every* flow of the house is known; [`Totals::missing`] says how many are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Made by the sun; `None` if the house makes nothing or nothing is known.
    pub production: Option<WattHours>,
    /// Bought from the street.
    pub import: Option<WattHours>,
    /// Sent to the street.
    pub export: Option<WattHours>,
    /// Into the battery.
    pub charge: Option<WattHours>,
    /// Out of the battery.
    pub discharge: Option<WattHours>,
    /// Used in the house; `None` if no quarter is complete.
    pub consumption: Option<WattHours>,
    /// What the sun made and the house or its battery kept.
    pub self_used: Option<WattHours>,
    /// The kept part of what the sun made, in tenths of a percent, rounded down; `None` if it made nothing.
    pub self_consumption_permille: Option<u16>,
    /// The part of the use that did not come from the street, in tenths of a percent, rounded down; `None` if nothing was used.
    pub self_sufficiency_permille: Option<u16>,
    /// Who fed whom, in the complete quarters.
    pub routes: Routes<WattHours>,
    /// By how much single quarters came out below zero use, in all; the meters tick at different times.
    pub clamped: WattHours,
    /// As good as the worst known part.
    pub quality: Option<Quality>,
    /// Why not all of it is simply measured.
    pub causes: Causes,
    /// How well the time was known, of the worst part.
    pub time: Option<TimeSource>,
    /// How many quarters there are.
    pub quarters: u32,
    /// In how many of them some flow is missing.
    pub missing: u32,
}

/// The totals between two moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// When it begins.
    pub from: Instant,
    /// When it ends.
    pub to: Instant,
    /// What flowed between.
    pub totals: Totals,
}

/// Sums that need complete quarters.
#[derive(Default)]
struct Complete {
    production: i64,
    consumption: i64,
    routes: Routes<i64>,
    any: bool,
}

impl Totals {
    /// The totals of these quarters.
    pub fn of<'a>(quarters: impl IntoIterator<Item = &'a Quarter>) -> Self {
        let mut totals = Self::default();
        let mut complete = Complete::default();
        for quarter in quarters {
            totals.quarters = totals.quarters.saturating_add(1);
            totals.add_flows(quarter);
            totals.causes = totals.causes | quarter.causes;
            totals.time = totals.time.max(quarter.time);
            match energies(quarter) {
                Some(flows) => totals.clamped = totals.clamped + complete.add(flows),
                None => totals.missing = totals.missing.saturating_add(1),
            }
        }
        if complete.any {
            totals.derive(&complete);
        }
        totals
    }

    fn add_flows(&mut self, quarter: &Quarter) {
        let sums = [
            &mut self.production,
            &mut self.import,
            &mut self.export,
            &mut self.charge,
            &mut self.discharge,
        ];
        for (sum, known) in sums.into_iter().zip(quarter.flows()) {
            if let Known::Energy(energy, quality) = known {
                *sum = Some(sum.unwrap_or_default() + energy);
                self.quality = self.quality.max(Some(quality));
            }
        }
    }

    fn derive(&mut self, complete: &Complete) {
        let routes = complete.routes;
        let kept = complete.production - routes.sun_to_street;
        let own = complete.consumption - routes.street_to_use;
        self.consumption = Some(WattHours(complete.consumption));
        self.self_used = Some(WattHours(kept));
        self.self_consumption_permille = permille(kept, complete.production);
        self.self_sufficiency_permille = permille(own, complete.consumption);
        self.routes = routes.map(WattHours);
    }
}

impl Complete {
    /// Adds one complete quarter; gives by how much its use came out below zero.
    fn add(&mut self, [production, import, export, charge, discharge]: [i64; 5]) -> WattHours {
        let balance = production + import + discharge - export - charge;
        let consumption = balance.max(0);
        let more = route([production, import, export, charge, discharge, consumption]);
        let sum = &mut self.routes;
        sum.sun_to_use += more.sun_to_use;
        sum.sun_to_battery += more.sun_to_battery;
        sum.sun_to_street += more.sun_to_street;
        sum.battery_to_use += more.battery_to_use;
        sum.battery_to_street += more.battery_to_street;
        sum.street_to_use += more.street_to_use;
        sum.street_to_battery += more.street_to_battery;
        self.production += production;
        self.consumption += consumption;
        self.any = true;
        WattHours((-balance).max(0))
    }
}

/// The flows of a complete quarter, the absent ones as nothing. A quarter without any device is not complete.
fn energies(quarter: &Quarter) -> Option<[i64; 5]> {
    let flows = quarter.flows();
    let any = flows.iter().any(|known| matches!(known, Known::Energy(..)));
    let missing = flows.contains(&Known::Missing);
    (any && !missing).then(|| {
        flows.map(|known| match known {
            Known::Energy(energy, _) => energy.0,
            Known::Absent | Known::Missing => 0,
        })
    })
}

fn permille(part: i64, whole: i64) -> Option<u16> {
    if whole <= 0 {
        return None;
    }
    let share = i128::from(part.clamp(0, whole)) * 1_000 / i128::from(whole);
    u16::try_from(share).ok()
}

/// The totals of each bucket between two neighbouring `edges` (in the order of time). Quarters must be in the
/// order of time; each belongs to the bucket in which it begins.
pub fn buckets(quarters: &[Quarter], edges: &[Instant]) -> Vec<Bucket> {
    let pairs = edges.iter().zip(edges.iter().skip(1));
    pairs
        .map(|(from, to)| {
            let begin = quarters.partition_point(|quarter| quarter.start < *from);
            let end = quarters.partition_point(|quarter| quarter.start < *to).max(begin);
            Bucket {
                from: *from,
                to: *to,
                totals: Totals::of(quarters.get(begin..end).unwrap_or_default()),
            }
        })
        .collect()
}
