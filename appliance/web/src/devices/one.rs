//! One device: what it is, how it is doing, its values, and its power today.

use acts::Look;
use acts::look::{DeviceView, PointView};
use energy::calendar::Zone;
use units::Instant;

use super::chart::PowerChart;
use super::point::PointRow;
use super::state;
use crate::error::PageError;
use crate::show;
use crate::words::{say, say_with};

/// A fact with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    /// What it is.
    pub(crate) name: String,
    /// What it says.
    pub(crate) says: String,
}

/// Everything on the page of a device.
#[derive(Debug, Clone)]
pub(crate) struct DeviceSheet {
    /// What people call it.
    pub(crate) label: String,
    /// The class of its state in the style.
    pub(crate) class: String,
    /// Its state in a word.
    pub(crate) state: String,
    /// Why it is in this state.
    pub(crate) why: String,
    /// For whom its values are, where they are not for everybody.
    pub(crate) audience: String,
    /// What it is and how it answers.
    pub(crate) facts: Vec<Fact>,
    /// Its values.
    pub(crate) points: Vec<PointRow>,
    /// What the ledger says of its counters.
    pub(crate) notes: Vec<String>,
    /// What power below nothing means, where it may be.
    pub(crate) below: String,
    /// Its power today, where it has one that may be seen.
    pub(crate) chart: Option<PowerChart>,
}

impl DeviceSheet {
    /// What this look shows of a device. Reads the store.
    pub(crate) fn of(look: &Look, device: &DeviceView) -> Result<Self, PageError> {
        let chart = match device.points.iter().find(|point| point.quantity == "power") {
            Some(point) => PowerChart::of(look, point)?,
            None => None,
        };
        Ok(Self::new(device, chart, &look.place().zone, look.now()))
    }

    fn new(device: &DeviceView, chart: Option<PowerChart>, zone: &Zone, now: Instant) -> Self {
        let mut points: Vec<&PointView> = device.points.iter().collect();
        points.sort_by_key(|point| rank(&point.quantity));
        Self {
            label: device.label.clone(),
            class: device.state.clone(),
            state: state::word(&device.state),
            why: state::sentence(device, zone, now),
            audience: state::audience(device),
            facts: facts(device, zone, now),
            points: points
                .into_iter()
                .map(|point| PointRow::of(point, &device.profile, now))
                .collect(),
            below: below_nothing(&device.role),
            notes: device.notes.iter().map(|note| show::sentence(note)).collect(),
            chart,
        }
    }

    /// A meter that answers, with one value and one that is missing.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let (zone, now) = crate::home::samples::afternoon();
        let device = DeviceView {
            points: super::point::tests::samples(),
            notes: vec![
                "the counter went back from 38412 to 12 Wh at 09:10; it is held until it has grown again"
                    .to_owned(),
            ],
            ..super::list::samples().swap_remove(2)
        };
        Self::new(&device, Some(PowerChart::sample()), &zone, now)
    }
}

/// Power first, then counters, then what is looked at less often; otherwise in the profile's order.
fn rank(quantity: &str) -> usize {
    let first = [
        "power",
        "charge",
        "energy-forward",
        "energy-reverse",
        "phase-power",
        "direct-power",
    ];
    first
        .iter()
        .position(|name| *name == quantity)
        .unwrap_or(first.len())
}

fn facts(device: &DeviceView, zone: &Zone, now: Instant) -> Vec<Fact> {
    let fact = |name: &str, says: String| Fact {
        name: say(name),
        says,
    };
    let unit = i64::from(device.unit).to_string();
    let mut facts = vec![
        fact("fact-kind", device.kind.clone()),
        fact("fact-role", state::role(&device.role)),
        fact(
            "fact-bus",
            say_with(
                "fact-bus-says",
                [("bus", device.bus.as_str().into()), ("unit", unit.into())],
            ),
        ),
        fact("fact-last-answer", state::last_answer(device, now)),
        fact("fact-asked", asked(device)),
    ];
    if let Some(latency) = &device.latency {
        let places = [
            ("middle", latency.middle_ms.into()),
            ("slow", latency.slow_ms.into()),
            ("slowest", latency.slowest_ms.into()),
        ];
        facts.push(fact("fact-latency", say_with("fact-latency-says", places)));
    }
    facts.push(fact(
        "fact-patience",
        say_with("fact-patience-says", [("wait", device.patience_ms.into())]),
    ));
    facts.push(fact("fact-last-error", last_error(device, zone, now)));
    facts.extend(device.identity.iter().map(|(name, says)| Fact {
        name: nameplate(name),
        says: says.clone(),
    }));
    facts.push(fact("fact-profile", device.profile.clone()));
    facts
}

/// What stands on a nameplate, in words.
fn nameplate(name: &str) -> String {
    match name {
        "maker" => say("fact-maker"),
        "model" => say("fact-model"),
        "version" => say("fact-version"),
        "serial number" => say("fact-serial"),
        other => other.to_owned(),
    }
}

/// What power below nothing means on a device with this role.
fn below_nothing(role: &str) -> String {
    match role {
        "grid" => say("device-below-grid"),
        "battery" => say("device-below-battery"),
        _ => String::new(),
    }
}

fn asked(device: &DeviceView) -> String {
    let places = [
        ("asked", show::count(device.asked).into()),
        ("answered", show::count(device.answered).into()),
    ];
    say_with("fact-asked-says", places)
}

fn last_error(device: &DeviceView, zone: &Zone, now: Instant) -> String {
    match (&device.last_error, device.last_error_ms) {
        (Some(error), Some(at)) => {
            let at = show::moment(zone, now, Instant::from_millis(at));
            say_with(
                "fact-last-error-says",
                [("error", show::within_sentence(error).into()), ("at", at.into())],
            )
        }
        _ => say("fact-no-error"),
    }
}

#[cfg(test)]
mod tests {
    use super::{below_nothing, nameplate};

    #[test]
    fn a_nameplate_is_told_in_the_words_of_the_page() {
        let told = ["maker", "model", "version", "serial number", "options"].map(nameplate);
        assert_eq!(told, ["Maker", "Model", "Version", "Serial number", "options"]);
    }

    #[test]
    fn power_below_nothing_is_explained_where_it_may_be() {
        let told = ["grid", "battery", "consumption", "production"].map(below_nothing);
        assert_eq!(
            told,
            [
                "Below 0 it goes out to the street.",
                "Below 0 it goes into the battery.",
                "",
                ""
            ]
        );
    }
}
