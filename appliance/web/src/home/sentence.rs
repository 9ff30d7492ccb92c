//! The one sentence at the top of the page: what the roof makes, what the homes use, where the rest goes. Which
//! words are chosen is decided here; the words themselves are in the words file.

use acts::look::PowerView;
use fluent_bundle::FluentValue;

use crate::show;
use crate::words::{figure, say, say_with};

/// Below this, a flow is not worth a word in the sentence.
const WORTH_SAYING: i64 = 50;
/// Below this, the roof makes nothing.
const NOTHING: i64 = 5;

/// The sentence; its figures are marked with what they stand for.
pub(crate) fn headline(power: &PowerView) -> String {
    if !power.has_production && !power.has_grid && !power.has_battery {
        return say("now-no-meters");
    }
    if nothing_known(power) {
        return say("now-no-word");
    }
    let parts = [roof(power), rest(power)];
    parts.into_iter().flatten().collect::<Vec<String>>().join(" ")
}

fn nothing_known(power: &PowerView) -> bool {
    power.production_w.is_none() && power.import_w.is_none() && power.charge_w.is_none() && !power.roof_asleep
}

fn roof(power: &PowerView) -> Option<String> {
    if !power.has_production {
        return None;
    }
    Some(match power.production_w {
        _ if power.roof_asleep => say("now-roof-asleep"),
        None => say("now-roof-silent"),
        Some(watts) if watts < NOTHING => say("now-roof-nothing"),
        Some(watts) => say_with("now-roof-makes", [place("made", watts)]),
    })
}

fn rest(power: &PowerView) -> Option<String> {
    if !power.has_grid {
        return Some(say("now-use-unmetered"));
    }
    match power.consumption_w {
        Some(used) => Some(use_and_rest(power, used)),
        None => street(power),
    }
}

/// The use, and the one or two flows beside it that are worth a word.
fn use_and_rest(power: &PowerView, used: i64) -> String {
    let worth = |watts: Option<i64>| watts.filter(|watts| *watts >= WORTH_SAYING);
    let street = match (worth(power.export_w), worth(power.import_w)) {
        (Some(watts), _) => Some(("out", watts)),
        (None, Some(watts)) => Some(("bought", watts)),
        (None, None) => None,
    };
    let battery = match (worth(power.charge_w), worth(power.discharge_w)) {
        (Some(watts), _) => Some(("stored", watts)),
        (None, Some(watts)) => Some(("given", watts)),
        (None, None) => None,
    };
    let all = |watts: i64| used - watts < WORTH_SAYING;
    let used_place = place("used", used);
    match (battery, street) {
        (None, Some(("bought", bought))) if all(bought) => {
            return say_with("now-use-all-bought", [used_place]);
        }
        (Some(("given", given)), None) if all(given) => return say_with("now-use-all-given", [used_place]),
        _ => {}
    }
    let used = used_place;
    match (battery, street) {
        (None, None) => say_with("now-use", [used]),
        (None, Some(("out", out))) => say_with("now-use-out", [used, place("out", out)]),
        (None, Some((_, bought))) => say_with("now-use-bought", [used, place("bought", bought)]),
        (Some(("stored", stored)), None) => say_with("now-use-stored", [used, place("stored", stored)]),
        (Some((_, given)), None) => say_with("now-use-given", [used, place("given", given)]),
        (Some(battery), Some(street)) => {
            let key = match (battery.0, street.0) {
                ("stored", "out") => "now-use-stored-out",
                ("stored", _) => "now-use-stored-bought",
                (_, "out") => "now-use-given-out",
                _ => "now-use-given-bought",
            };
            say_with(
                key,
                [used, place(battery.0, battery.1), place(street.0, street.1)],
            )
        }
    }
}

/// What is known of the street while the use is not.
fn street(power: &PowerView) -> Option<String> {
    let Some((import, export)) = power.import_w.zip(power.export_w) else {
        return Some(say("now-street-silent"));
    };
    if import >= WORTH_SAYING {
        Some(say_with("now-street-bought", [place("bought", import)]))
    } else if export >= WORTH_SAYING {
        Some(say_with("now-street-out", [place("out", export)]))
    } else {
        Some(say("now-street-nothing"))
    }
}

/// A figure at its place, in the colour that it has in the picture.
fn place(name: &'static str, watts: i64) -> (&'static str, FluentValue<'static>) {
    let kind = match name {
        "made" => "sun",
        "used" => "use",
        "stored" | "given" => "battery",
        "bought" => "bought",
        _ => "out",
    };
    (name, figure(kind, &show::power(watts)).into())
}

#[cfg(test)]
mod tests;
