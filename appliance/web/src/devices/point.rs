//! One value of a device: what it is, how old, from which registers, and in words why it is what it is.

use acts::look::PointView;
use units::Instant;

use super::working;
use crate::words::{say, say_with};
use crate::{show, urls};

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PointRow {
    /// Its name for people, from the profile.
    pub(crate) name: String,
    /// What it measures.
    pub(crate) quantity: String,
    /// The value, or a dash.
    pub(crate) value: String,
    /// `known` or `unknown`, its class in the style.
    pub(crate) class: &'static str,
    /// How old it is.
    pub(crate) age: String,
    /// Why it is what it is.
    pub(crate) why: String,
    /// The registers.
    pub(crate) registers: String,
    /// The words of the last answer.
    pub(crate) raw: String,
    /// How the words become the value.
    pub(crate) meaning: String,
    /// Where the fact comes from.
    pub(crate) source: String,
    /// Its channel.
    pub(crate) channel: String,
    /// Where its history is; empty where it was never read.
    pub(crate) history: String,
}

impl PointRow {
    /// A value as the page shows it.
    pub(crate) fn of(point: &PointView, profile: &str, now: Instant) -> Self {
        let raw = if point.raw.is_empty() {
            say("raw-none")
        } else {
            point.raw.join(" ")
        };
        Self {
            name: name(&point.point),
            quantity: quantity(&point.quantity),
            value: shown(point, profile).unwrap_or_else(|| say("value-none")),
            class: if point.shown.is_some() { "known" } else { "unknown" },
            age: point.at_ms.map_or_else(
                || say("value-never"),
                |at| show::ago(now.since(Instant::from_millis(at))),
            ),
            why: why(point, shown(point, profile), &raw),
            registers: point.registers.clone(),
            raw,
            meaning: point.meaning.clone(),
            source: point.source.clone(),
            channel: point.channel.clone(),
            history: match point.at_ms {
                Some(_) => urls::history(&point.channel),
                None => String::new(),
            },
        }
    }
}

/// `voltage_l1` as "Voltage L1", `dc2_power` as "DC2 power".
pub(super) fn name(point: &str) -> String {
    let short = |word: &str| matches!(word, "l1" | "l2" | "l3") || word.starts_with("dc");
    let words = point.split(['_', '-']).map(|word| {
        if short(word) {
            word.to_uppercase()
        } else {
            word.to_owned()
        }
    });
    let words = words.collect::<Vec<String>>().join(" ");
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// The value as people read it; nothing where there is none.
fn shown(point: &PointView, profile: &str) -> Option<String> {
    let exact = show::exact(point.shown.as_deref()?);
    let state = point.value.filter(|_| point.quantity == "state");
    state
        .and_then(|code| working::words(profile, &point.point, code))
        .or(Some(exact))
}

/// Why the value is what it is.
fn why(point: &PointView, shown: Option<String>, raw: &str) -> String {
    match (shown, &point.why) {
        (Some(shown), _) => {
            let places = [
                ("raw", raw.to_owned().into()),
                ("meaning", show::within_sentence(&point.meaning).into()),
                ("shown", shown.into()),
            ];
            say_with("why-value", places)
        }
        (None, Some(reason)) => reason_words(reason),
        (None, None) => say("why-not-asked"),
    }
}

/// The sentence for a reason why there is no value.
pub(super) fn reason_words(reason: &str) -> String {
    say(match reason {
        "not-implemented" => "why-not-implemented",
        "not-a-number" => "why-not-a-number",
        "too-large" => "why-too-large",
        "no-answer" => "why-no-answer",
        "refused" => "why-refused",
        "garbled" => "why-garbled",
        "line-down" => "why-line-down",
        "asleep" => "why-asleep",
        "implausible" => "why-implausible",
        "wrong-device" => "why-wrong-device",
        "incomplete" => "why-incomplete",
        _ => "why-unknown",
    })
}

/// What a value measures, in words.
pub(crate) fn quantity(name: &str) -> String {
    say(match name {
        "power" => "quantity-power",
        "phase-power" => "quantity-phase-power",
        "energy-forward" => "quantity-energy-forward",
        "energy-reverse" => "quantity-energy-reverse",
        "direct-power" => "quantity-direct-power",
        "direct-energy" => "quantity-direct-energy",
        "voltage" => "quantity-voltage",
        "current" => "quantity-current",
        "frequency" => "quantity-frequency",
        "temperature" => "quantity-temperature",
        "charge" => "quantity-charge",
        "rated-power" => "quantity-rated-power",
        "state" => "quantity-state",
        _ => "quantity-other",
    })
}

#[cfg(test)]
pub(in crate::devices) mod tests;
