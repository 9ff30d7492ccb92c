//! The ways to other times: day, week, month, year; earlier and later; hours of a day.

use acts::look::EnergyView;
use energy::calendar::{Date, Kind, Period};

use super::chart::Hours;
use crate::words::{say, say_with};
use crate::{show, urls};

/// A way to another time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    /// Its words.
    pub(crate) words: String,
    /// Where it leads.
    pub(crate) link: String,
    /// Whether one is there already.
    pub(crate) here: bool,
}

/// All ways from a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Steps {
    /// Day, week, month, year.
    pub(crate) kinds: Vec<Step>,
    /// To the period before.
    pub(crate) earlier: Step,
    /// To the period after, unless that lies ahead.
    pub(crate) later: Option<Step>,
    /// To the hours of a day; nothing for longer periods.
    pub(crate) hours: Vec<Step>,
}

impl Steps {
    /// The ways from this period.
    pub(crate) fn from(view: &EnergyView, period: Period, today: Date, chosen: Option<Hours>) -> Self {
        let to = |text: &str| Period::parse(text).ok().map(|period| step_to(period, today));
        Self {
            kinds: kinds(period, today),
            earlier: to(&view.previous).unwrap_or_else(|| step_to(period, today)),
            later: view.next.as_deref().and_then(to),
            hours: if period.kind() == Kind::Day {
                hours(&view.period, chosen)
            } else {
                Vec::new()
            },
        }
    }
}

/// The address of a period; today is the home page.
fn link(period: Period, today: Date) -> String {
    if period == Period::holding(Kind::Day, today) {
        return urls::HOME.to_owned();
    }
    urls::energy(&period.to_string())
}

fn step_to(period: Period, today: Date) -> Step {
    let words = match period.kind() {
        Kind::Day if period.first().year() == today.year() => show::short_day(period.first()),
        _ => show::period(period),
    };
    Step {
        words,
        link: link(period, today),
        here: false,
    }
}

/// Day, week, month and year around the same date: today where the period holds it, else its first day.
fn kinds(period: Period, today: Date) -> Vec<Step> {
    let around = if Period::holding(period.kind(), today) == period {
        today
    } else {
        period.first()
    };
    let kinds = [
        (Kind::Day, "step-day"),
        (Kind::Week, "step-week"),
        (Kind::Month, "step-month"),
        (Kind::Year, "step-year"),
    ];
    let step = |(kind, words): (Kind, &str)| Step {
        words: say(words),
        link: link(Period::holding(kind, around), today),
        here: kind == period.kind(),
    };
    kinds.map(step).into()
}

fn hours(period: &str, chosen: Option<Hours>) -> Vec<Step> {
    let parts = [(0, 6), (6, 12), (12, 18), (18, 24)];
    let part = |(from, to): (u8, u8)| Step {
        words: say_with(
            "step-hours",
            [("from", from.to_string().into()), ("to", to.to_string().into())],
        ),
        link: format!("{}#chart", urls::energy_hours(period, from, to)),
        here: chosen == Some(Hours { from, to }),
    };
    let whole = Step {
        words: say("step-whole-day"),
        link: format!("{}#chart", urls::energy(period)),
        here: chosen.is_none(),
    };
    std::iter::once(whole).chain(parts.map(part)).collect()
}

#[cfg(test)]
mod tests;
