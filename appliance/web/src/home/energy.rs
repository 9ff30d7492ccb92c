//! Energy over a period: chart, table, totals and the ways to other times. The lower part of the home page, and
//! the whole of a page for any other period.

use acts::Look;
use acts::look::EnergyView;
use askama::Template;
use energy::calendar::{Date, Kind, Period, Zone};

use super::chart::{ChartView, Hours};
use super::steps::Steps;
use super::totals::{self, Total};
use crate::error::PageError;
use crate::pages::Field;
use crate::urls;
use crate::words::{filters, say, say_with};

/// After how many seconds a day that still runs is asked for again, and after how many a longer period.
const EVERY_DAY: u32 = 60;
const EVERY_LONGER: u32 = 600;

/// What stands over the chart, or over the ways to other times where there is none.
fn heading(view: &EnergyView, period: Period, today: Date, chosen: Option<Hours>) -> String {
    match (period.kind(), chosen) {
        _ if lies_ahead(view) => say("nav-times"),
        (Kind::Day, Some(hours)) => say_with(
            "heading-hours",
            [
                ("from", i64::from(hours.from).to_string().into()),
                ("to", i64::from(hours.to).to_string().into()),
            ],
        ),
        (Kind::Day, None) if period == Period::holding(Kind::Day, today) => say("heading-today"),
        (Kind::Day, None) => say("heading-day"),
        (Kind::Week | Kind::Month, _) => say("heading-days"),
        (Kind::Year, _) => say("heading-months"),
    }
}

/// Whether nothing of a period has been lived yet.
fn lies_ahead(view: &EnergyView) -> bool {
    view.until_ms <= view.from_ms
}

/// After how many seconds the page of a period is old; never, once it is over or while it lies ahead.
fn every(view: &EnergyView, kind: Kind) -> Option<u32> {
    let runs = !lies_ahead(view) && view.until_ms < view.to_ms;
    runs.then_some(if kind == Kind::Day {
        EVERY_DAY
    } else {
        EVERY_LONGER
    })
}

/// Energy over a period.
#[derive(Template)]
#[template(path = "home/energy.html")]
pub(crate) struct EnergyPart {
    heading: String,
    /// After how many seconds all this is old; nothing once the period is over.
    pub(super) every: Option<u32>,
    /// Whether there is nothing to show yet.
    ahead: bool,
    chart: ChartView,
    columns: [String; 7],
    /// What the totals are of, where the chart shows less.
    whole: Option<String>,
    totals: Vec<Total>,
    below: Vec<String>,
    steps: Steps,
    field: Field,
    latest: String,
    csv: String,
    /// Whether it goes through the plain door, where there are no forms.
    pub(super) plain: bool,
}

impl EnergyPart {
    /// What this look shows of a period. Reads the store.
    pub(crate) fn of(
        look: &Look,
        period: Period,
        chosen: Option<Hours>,
    ) -> Result<(Self, EnergyView), PageError> {
        let view = look.energy(period)?;
        Ok((
            Self::new(&view, period, &look.place().zone, look.today(), chosen),
            view,
        ))
    }

    /// A period's energy as the page shows it.
    pub(crate) fn new(
        view: &EnergyView,
        period: Period,
        zone: &Zone,
        today: Date,
        chosen: Option<Hours>,
    ) -> Self {
        let keys = [
            "total-made",
            "total-used",
            "column-charge",
            "column-discharge",
            "total-out",
            "total-bought",
            "column-known",
        ];
        Self {
            heading: heading(view, period, today, chosen),
            every: every(view, period.kind()),
            ahead: lies_ahead(view),
            chart: ChartView::of(view, period, zone, chosen),
            columns: keys.map(say),
            whole: chosen
                .filter(|_| period.kind() == Kind::Day)
                .map(|_| say("heading-whole-day")),
            totals: totals::totals(view),
            below: totals::below(view),
            steps: Steps::from(view, period, today, chosen),
            field: Field::holding(&period.first().to_string()),
            latest: today.to_string(),
            csv: urls::energy_csv(&view.period),
            plain: false,
        }
    }

    /// The same with a date that was refused.
    pub(crate) fn with_refused(mut self, field: Field) -> Self {
        self.field = field;
        self
    }

    /// The same with what is said under the totals of a page that does not say it above.
    pub(crate) fn with_below(mut self, note: Option<String>) -> Self {
        self.below.extend(note);
        self
    }

    /// A sunny day until the afternoon, with a gap and a stretch that the counters filled in.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let (zone, now) = super::samples::afternoon();
        let (view, period) = super::samples::day(&zone, now);
        Self::new(&view, period, &zone, zone.date_of(now), None)
    }
}
