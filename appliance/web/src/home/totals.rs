//! The totals of a period in words: what was made, used, sent out and bought, beside an ordinary day.

use acts::look::{EnergyView, TotalsView};

use crate::show;
use crate::words::{figure, say, say_with};

/// A difference below this, or below a twentieth, is none.
const SAME_WH: i64 = 500;

/// One total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Total {
    /// Its class in the style.
    pub(crate) class: &'static str,
    /// What it is.
    pub(crate) label: String,
    /// How much.
    pub(crate) figure: String,
    /// What else there is to say.
    pub(crate) notes: Vec<String>,
}

/// The totals, in the order of the page.
pub(crate) fn totals(view: &EnergyView) -> Vec<Total> {
    let all = &view.totals;
    vec![
        Total::new("made", "total-made", all.production_wh, made_notes(view)),
        Total::new("used", "total-used", all.consumption_wh, used_notes(view)),
        Total::new(
            "out",
            "total-out",
            all.export_wh,
            rest(all.export_wh, all.self_consumption_permille, "total-out-share"),
        ),
        Total::new(
            "bought",
            "total-bought",
            all.import_wh,
            rest(all.import_wh, all.self_sufficiency_permille, "total-bought-share"),
        ),
    ]
}

/// What is said below the totals: of the battery.
pub(crate) fn below(view: &EnergyView) -> Vec<String> {
    let all = &view.totals;
    let battery = all.charge_wh.zip(all.discharge_wh).map(|(charge, discharge)| {
        let places = [
            ("charge", show::energy(charge).into()),
            ("discharge", show::energy(discharge).into()),
        ];
        say_with("total-battery", places)
    });
    battery.into_iter().collect()
}

/// How much of the time is in no sum.
pub(crate) fn missing_note(view: &EnergyView) -> Option<String> {
    let missing = i64::from(missing(view));
    (missing > 0).then(|| {
        let length = show::length(units::Span::QUARTER.times(missing));
        say_with("total-missing", [("length", length.into())])
    })
}

/// Quarters that are missing, not counting one that has only just begun.
fn missing(view: &EnergyView) -> u32 {
    let begun = view
        .parts
        .last()
        .filter(|part| view.kind == "day" && view.until_ms < part.to_ms && part.totals.missing > 0);
    view.totals.missing - u32::from(begun.is_some()).min(view.totals.missing)
}

impl Total {
    fn new(class: &'static str, label: &str, energy: Option<i64>, notes: Vec<String>) -> Self {
        let figure = energy.map_or_else(|| say("total-unknown"), show::energy);
        Self {
            class,
            label: say(label),
            figure,
            notes,
        }
    }
}

fn made_notes(view: &EnergyView) -> Vec<String> {
    let usual = view.ordinary.as_ref().and_then(|ordinary| ordinary.production_wh);
    let compared = compared(view, view.totals.production_wh, usual);
    let kept = view
        .totals
        .self_consumption_permille
        .filter(|_| view.totals.production_wh.is_some_and(|made| made > 0));
    let kept = kept.map(|share| {
        say_with(
            "total-made-kept",
            [("share", show::percent(i64::from(share)).into())],
        )
    });
    compared.into_iter().chain(kept).collect()
}

fn used_notes(view: &EnergyView) -> Vec<String> {
    let usual = view
        .ordinary
        .as_ref()
        .and_then(|ordinary| ordinary.consumption_wh);
    let compared = compared(view, view.totals.consumption_wh, usual);
    compared.into_iter().chain(own(&view.totals)).collect()
}

/// "88 % of it from our own roof".
fn own(totals: &TotalsView) -> Option<String> {
    let share = totals.self_sufficiency_permille?;
    Some(say_with(
        "total-used-own",
        [("share", show::percent(i64::from(share)).into())],
    ))
}

/// How an amount compares with an ordinary day by now. Nothing is said while quarters are missing: that would
/// compare less time with more.
fn compared(view: &EnergyView, today: Option<i64>, usual: Option<i64>) -> Option<String> {
    if missing(view) > 0 {
        return None;
    }
    let (today, usual) = today.zip(usual)?;
    let difference = today - usual;
    if difference.abs() < SAME_WH.max(usual / 20) {
        return Some(say("total-as-usual"));
    }
    let key = if difference > 0 {
        "total-more"
    } else {
        "total-less"
    };
    Some(say_with(key, [("energy", show::energy(difference.abs()).into())]))
}

/// The share that the other one leaves, in words. It is taken from the other in whole percent, so that the two are
/// 100 together; what the battery sent out or took from the street is in neither.
fn rest(energy: Option<i64>, other: Option<u16>, key: &str) -> Vec<String> {
    let share = energy
        .and(other)
        .map(|other| show::percent(1_000 - (i64::from(other) + 5) / 10 * 10));
    share
        .map(|share| say_with(key, [("share", share.into())]))
        .into_iter()
        .collect()
}

/// A period in one sentence, for the top of its page.
pub(crate) fn sentence(view: &EnergyView, name: &str) -> String {
    let all = &view.totals;
    let running = view.until_ms < view.to_ms;
    let amount = |kind: &str, energy: i64| figure(kind, &show::energy(energy)).into();
    let period = ("period", name.to_owned().into());
    let own = all
        .self_sufficiency_permille
        .map(|share| show::percent(i64::from(share)));
    match (all.production_wh, all.consumption_wh, own) {
        _ if view.until_ms <= view.from_ms => say_with("period-ahead", [period]),
        (Some(made), Some(used), Some(own)) => {
            let key = if running {
                "period-so-far"
            } else {
                "period-made-used"
            };
            say_with(
                key,
                [
                    period,
                    ("made", amount("sun", made)),
                    ("used", amount("use", used)),
                    ("own", own.into()),
                ],
            )
        }
        (Some(made), ..) => say_with("period-made", [period, ("made", amount("sun", made))]),
        (None, Some(used), _) => say_with("period-used", [period, ("used", amount("use", used))]),
        (None, None, _) => say_with("period-unknown", [period]),
    }
}

#[cfg(test)]
mod tests;
