//! From what is known of a period's parts to the slots of its chart: which are ahead, which are gaps, which are only
//! partly known, and in words what is missing and why a stretch is hatched.

use acts::look::{BucketView, EnergyView, TotalsView};
use energy::calendar::Zone;
use units::Instant;

use crate::charts::stack::{Slot, Stretch, Sure};
use crate::show;
use crate::words::{say, say_with};

/// The part of a quarter that must be over before its power is worth drawing.
const WORTH_DRAWING_MS: i64 = 5 * 60_000;
/// Milliseconds in an hour.
const HOUR_MS: i64 = 3_600_000;

/// The slots of a period, with their edges and parts.
pub(crate) struct Slots<'a> {
    /// Where slots begin, and where the last one ends.
    pub(crate) edges: Vec<Instant>,
    /// The parts that are known or missing, by slot; none ahead.
    pub(crate) parts: Vec<&'a BucketView>,
    /// What is drawn.
    pub(crate) slots: Vec<Slot>,
    /// Whether they are quarters of an hour.
    pub(crate) quarters: bool,
}

impl<'a> Slots<'a> {
    /// The slots between these edges of a period.
    pub(crate) fn of(view: &'a EnergyView, edges: Vec<Instant>) -> Self {
        let find = |from: Instant| view.parts.iter().find(|part| part.from_ms == from.as_millis());
        let starts = edges.iter().take(edges.len().saturating_sub(1));
        let found: Vec<Option<&BucketView>> = starts.map(|from| find(*from)).collect();
        let slots = found
            .iter()
            .map(|part| part.map_or(Slot::Ahead, |part| slot(part, view)))
            .collect();
        Self {
            edges,
            parts: found.into_iter().flatten().collect(),
            slots,
            quarters: view.kind == "day",
        }
    }

    /// The words for the gaps and the hatched stretches of a day, each once.
    pub(crate) fn notes(
        &self,
        stretches: (&[Stretch], &[Stretch]),
        zone: &Zone,
        until: Instant,
    ) -> Vec<String> {
        let gaps = stretches.0.iter().map(|gap| {
            let silent = self
                .parts
                .get(gap.first)
                .map_or_else(|| say("gap-all"), |part| say(silent(&part.totals)));
            say_with(
                "gap-note",
                [
                    ("time", self.times(gap, zone, until).into()),
                    ("silent", silent.into()),
                ],
            )
        });
        let unsures = stretches.1.iter().map(|stretch| {
            let estimated = self
                .within(stretch)
                .any(|part| part.totals.quality == "estimated");
            let key = if estimated {
                "estimate-note"
            } else {
                "recovered-note"
            };
            say_with(key, [("time", self.times(stretch, zone, until).into())])
        });
        gaps.chain(unsures).collect()
    }

    /// The short word over a hatched stretch.
    pub(crate) fn unsure_word(&self, stretch: &Stretch) -> String {
        let estimated = self
            .within(stretch)
            .any(|part| part.totals.quality == "estimated");
        say(if estimated {
            "estimate-word"
        } else {
            "recovered-word"
        })
    }

    fn within(&self, stretch: &Stretch) -> impl Iterator<Item = &BucketView> {
        let end = stretch.end.min(self.parts.len());
        self.parts
            .get(stretch.first..end)
            .unwrap_or_default()
            .iter()
            .copied()
    }

    /// `05:15–06:00`.
    fn times(&self, stretch: &Stretch, zone: &Zone, until: Instant) -> String {
        let edge = |index: usize| self.edges.get(index).copied().unwrap_or(until).min(until);
        let (from, to) = (edge(stretch.first), edge(stretch.end));
        // The end of a day, which on the wall is the beginning of the next.
        let end = match zone.wall_clock(to) {
            wall if (wall.hour, wall.minute) == (0, 0) && from < to => "24:00".to_owned(),
            _ => show::clock(zone, to),
        };
        format!("{}\u{2013}{end}", show::clock(zone, from))
    }
}

/// What is drawn of one part.
fn slot(part: &BucketView, view: &EnergyView) -> Slot {
    let totals = &part.totals;
    let running = view.until_ms < part.to_ms;
    let over = part.to_ms.min(view.until_ms) - part.from_ms;
    let quarters = view.kind == "day";
    if totals.missing >= totals.quarters {
        // A quarter that has only just begun is not missing: its first readings are on their way.
        return if running && quarters {
            Slot::Ahead
        } else {
            Slot::Gap
        };
    }
    if quarters && running && over < WORTH_DRAWING_MS {
        return Slot::Ahead;
    }
    let sure = match totals.quality {
        _ if totals.missing > 0 => Sure::Partly,
        "estimated" => Sure::Partly,
        // Over a whole day the sum of what a counter caught up with is right.
        "recovered" if quarters => Sure::Partly,
        _ => Sure::Measured,
    };
    let scaled = |energy: i64| {
        if quarters {
            energy.saturating_mul(HOUR_MS) / over.max(1)
        } else {
            energy
        }
    };
    Slot::Known(layers(totals).map(scaled), sure)
}

/// The energy of each layer, from the ground up.
pub(crate) fn layers(totals: &TotalsView) -> [i64; 5] {
    [
        totals.sun_to_use_wh,
        totals.battery_to_use_wh,
        totals.street_to_use_wh,
        totals.sun_to_battery_wh + totals.street_to_battery_wh,
        totals.sun_to_street_wh + totals.battery_to_street_wh,
    ]
}

/// Who is silent in a part of which not everything is known.
fn silent(totals: &TotalsView) -> &'static str {
    let known = [totals.production_wh, totals.import_wh, totals.charge_wh];
    match known.map(|flow| flow.is_some()) {
        [false, true, _] => "gap-roof",
        [true, false, _] => "gap-street",
        [true, true, false] => "gap-battery",
        _ => "gap-all",
    }
}

#[cfg(test)]
mod tests;
