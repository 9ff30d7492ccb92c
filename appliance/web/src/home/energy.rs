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
use crate::words::{filters, say};

/// What stands over the chart.
fn heading(period: Period, today: bool) -> &'static str {
    match period.kind() {
        Kind::Day if today => "heading-today",
        Kind::Day => "heading-day",
        Kind::Week | Kind::Month => "heading-days",
        Kind::Year => "heading-months",
    }
}

/// Energy over a period.
#[derive(Template)]
#[template(path = "home/energy.html")]
pub(crate) struct EnergyPart {
    heading: String,
    chart: ChartView,
    columns: [String; 7],
    totals: Vec<Total>,
    below: Vec<String>,
    steps: Steps,
    field: Field,
    latest: String,
    csv: String,
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
        let is_today = period == Period::holding(Kind::Day, today);
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
            heading: say(heading(period, is_today)),
            chart: ChartView::of(view, period, zone, chosen),
            columns: keys.map(say),
            totals: totals::totals(view),
            below: totals::below(view),
            steps: Steps::from(view, period, today, chosen),
            field: Field::holding(&period.first().to_string()),
            latest: today.to_string(),
            csv: urls::energy_csv(&view.period),
        }
    }

    /// The same with a date that was refused.
    pub(crate) fn with_refused(mut self, field: Field) -> Self {
        self.field = field;
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
