//! The energy pages: now and today, and any other day, week, month or year.

mod chart;
mod energy;
mod now;
mod picture;
#[cfg(test)]
pub(crate) mod samples;
mod sentence;
mod slots;
mod steps;
mod totals;

use ::energy::calendar::{Date, Kind, Period};
use acts::Look;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::error::PageError;
use crate::pages::{Field, Here, Layout, Onlooker, Visit, html, looked};
use crate::words::{filters, say};
use crate::{App, show, urls};
use chart::Hours;
use energy::EnergyPart;
use now::Now;

/// What flows now, and today.
#[derive(Template)]
#[template(path = "home/home.html")]
pub(crate) struct HomePage {
    layout: Layout,
    now: Now,
    energy: EnergyPart,
}

/// One day, week, month or year.
#[derive(Template)]
#[template(path = "home/period.html")]
pub(crate) struct PeriodPage {
    layout: Layout,
    title: String,
    sentence: String,
    missing: Option<String>,
    energy: EnergyPart,
}

/// The hours that are asked for.
#[derive(Debug, Deserialize)]
pub(crate) struct Zoom {
    from: Option<String>,
    to: Option<String>,
}

/// The date field.
#[derive(Debug, Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    date: String,
}

/// `GET /`
pub(crate) async fn today(
    State(app): State<App>,
    visit: Visit,
    onlooker: Onlooker,
) -> Result<Response, PageError> {
    html(&looked(&app, &onlooker, move |look| home_page(look, &visit, None)).await?)
}

/// `GET /energy/{period}`
pub(crate) async fn period(
    State(app): State<App>,
    visit: Visit,
    onlooker: Onlooker,
    Path(period): Path<String>,
    Query(zoom): Query<Zoom>,
) -> Result<Response, PageError> {
    let period = Period::parse(&period).map_err(|error| PageError::NotThere(error.to_string()))?;
    let hours = zoom.hours()?;
    html(
        &looked(&app, &onlooker, move |look| {
            period_page(look, &visit, period, hours)
        })
        .await?,
    )
}

/// `GET /energy?date=2026-06-10`: where the date field leads.
pub(crate) async fn date(
    State(app): State<App>,
    visit: Visit,
    onlooker: Onlooker,
    Query(chosen): Query<Chosen>,
) -> Result<Response, PageError> {
    let text = chosen.date.trim().to_owned();
    if let Ok(date) = Date::parse(&text) {
        return Ok(Redirect::to(&urls::energy(&date.to_string())).into_response());
    }
    let field = Field::refused(text, &say("date-refused"));
    let page = html(&looked(&app, &onlooker, move |look| home_page(look, &visit, Some(field))).await?)?;
    Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The section of what flows now, to be sent again when it changes.
pub(crate) fn now_fragment(look: &Look) -> String {
    Now::of(look).render().unwrap_or_default()
}

fn home_page(look: &Look, visit: &Visit, refused: Option<Field>) -> Result<HomePage, PageError> {
    let period = Period::holding(Kind::Day, look.today());
    let (energy, view) = EnergyPart::of(look, period, None)?;
    let mut energy = energy.with_below(totals::missing_note(&view));
    energy.plain = visit.door.is_plain();
    let energy = match refused {
        Some(field) => energy.with_refused(field),
        None => energy,
    };
    Ok(HomePage {
        layout: Layout::new(look, visit, Here::Energy),
        now: Now::of(look),
        energy,
    })
}

fn period_page(
    look: &Look,
    visit: &Visit,
    period: Period,
    hours: Option<Hours>,
) -> Result<PeriodPage, PageError> {
    let (mut energy, view) = EnergyPart::of(look, period, hours)?;
    energy.plain = visit.door.is_plain();
    let title = show::period(period);
    let sentence = totals::sentence(&view, &title);
    Ok(PeriodPage {
        layout: Layout::new(look, visit, Here::Energy),
        sentence,
        missing: totals::missing_note(&view),
        title,
        energy,
    })
}

impl Zoom {
    /// The hours, if any are asked for.
    fn hours(&self) -> Result<Option<Hours>, PageError> {
        let (from, to) = match (&self.from, &self.to) {
            (None, None) => return Ok(None),
            (from, to) => (from.as_deref().unwrap_or("0"), to.as_deref().unwrap_or("24")),
        };
        let hours = from
            .parse()
            .ok()
            .zip(to.parse().ok())
            .map(|(from, to)| Hours { from, to });
        let good = hours.filter(|hours| hours.from < hours.to && hours.to <= 24);
        good.map(Some)
            .ok_or_else(|| PageError::BadQuestion(say("hours-refused")))
    }
}

#[cfg(test)]
impl HomePage {
    /// A sunny afternoon.
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample(),
            now: Now::sample(),
            energy: EnergyPart::sample(),
        }
    }
}

#[cfg(test)]
impl PeriodPage {
    /// The whole sunny day.
    pub(crate) fn sample() -> Self {
        let (zone, now) = samples::afternoon();
        let (view, period) = samples::day(&zone, now);
        let title = show::period(period);
        let sentence = totals::sentence(&view, &title);
        Self {
            layout: Layout::sample(),
            title,
            sentence,
            missing: totals::missing_note(&view),
            energy: EnergyPart::sample(),
        }
    }
}

#[cfg(test)]
mod tests;
