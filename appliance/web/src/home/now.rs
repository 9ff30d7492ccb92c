//! The upper part of the home page: what flows now, how fresh that is, and who is silent. It is sent again
//! whenever it changes.

use acts::Look;
use acts::look::PowerView;
use askama::Template;
use energy::calendar::Zone;
use units::Instant;

use super::picture::{self, PictureView};
use super::sentence::headline;
use crate::words::{filters, say, say_with};
use crate::{show, urls};

/// What flows now.
#[derive(Template)]
#[template(path = "home/now.html")]
pub(crate) struct Now {
    headline: String,
    fresh: String,
    notes: Vec<String>,
    must_act: bool,
    words: String,
    pictures: Vec<PictureView>,
}

impl Now {
    /// What this look shows.
    pub(crate) fn of(look: &Look) -> Self {
        let troubles = look.the_box().troubles;
        Self {
            must_act: troubles.iter().any(|trouble| trouble.must_act),
            ..Self::new(&look.power(), &look.place().zone, look.now())
        }
    }

    /// What the power says at a moment.
    pub(crate) fn new(power: &PowerView, zone: &Zone, now: Instant) -> Self {
        Self {
            headline: headline(power),
            fresh: fresh(power, zone, now),
            notes: notes(power, zone, now),
            must_act: false,
            words: picture::words(power),
            pictures: if power.has_production || power.has_grid || power.has_battery {
                picture::pictures(power)
            } else {
                Vec::new()
            },
        }
    }

    /// A sunny afternoon.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let (zone, now) = super::samples::afternoon();
        Self::new(&super::samples::sunny(now), &zone, now)
    }
}

/// How fresh the figures are: "Measured 2 seconds ago, Tuesday 14:10."
fn fresh(power: &PowerView, zone: &Zone, now: Instant) -> String {
    let time = format!("{} {}", show::weekday(zone.date_of(now)), show::clock(zone, now));
    match power.measured_ms.map(Instant::from_millis) {
        Some(at) => say_with(
            "now-fresh",
            [("ago", show::ago(now.since(at)).into()), ("time", time.into())],
        ),
        None => say_with("now-time", [("time", time.into())]),
    }
}

/// Who is silent, since when and why; and what an inverter draws at night.
fn notes(power: &PowerView, zone: &Zone, now: Instant) -> Vec<String> {
    let silent = power.missing.iter().map(|(label, since, why)| {
        let (label, why) = (label.as_str().into(), show::within_sentence(why).into());
        match since.map(Instant::from_millis) {
            Some(at) => {
                let since = show::moment(zone, now, at).into();
                say_with(
                    "now-silent-since",
                    [("who", label), ("since", since), ("why", why)],
                )
            }
            None => say_with("now-silent-always", [("who", label), ("why", why)]),
        }
    });
    let mut notes: Vec<String> = silent.collect();
    notes.extend(
        power
            .roof_draws_w
            .map(|watts| say_with("now-roof-draws", [("power", show::power(watts).into())])),
    );
    if power.roof_asleep && power.roof_draws_w.is_none() {
        notes.push(say("now-roof-sleeps"));
    }
    notes
}

#[cfg(test)]
mod tests;
