//! The devices: which there are, how each is doing, and every value of one with where it comes from.

mod chart;
mod list;
mod one;
mod point;
mod state;
mod working;

use acts::Look;
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::error::PageError;
use crate::pages::{Done, Field, Here, Layout, Visit, html, looked};
use crate::words::{filters, say_with};
use crate::{App, WHO, urls};
use list::DeviceRow;
use one::DeviceSheet;

/// All devices.
#[derive(Template)]
#[template(path = "devices/list.html")]
pub(crate) struct DevicesPage {
    layout: Layout,
    summary: String,
    rows: Vec<DeviceRow>,
}

/// One device.
#[derive(Template)]
#[template(path = "devices/one.html")]
pub(crate) struct DevicePage {
    layout: Layout,
    sheet: DeviceSheet,
    label: Field,
    may_rename: bool,
    done: String,
    action: String,
}

/// Another name for a device.
#[derive(Debug, Deserialize)]
pub(crate) struct Label {
    #[serde(default)]
    label: String,
}

/// `GET /devices`
pub(crate) async fn list(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    let look = app.look();
    html(&DevicesPage::of(&look, &visit))
}

/// `GET /devices/{name}`
pub(crate) async fn one(
    State(app): State<App>,
    visit: Visit,
    Path(name): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    html(&looked(&app, move |look| DevicePage::of(look, &visit, &name, &done, None)).await?)
}

/// `POST /devices/{name}/label`: what was typed stays in the field if it is refused.
pub(crate) async fn rename(
    State(app): State<App>,
    visit: Visit,
    Path(name): Path<String>,
    Form(form): Form<Label>,
) -> Result<Response, PageError> {
    match app.acts.rename_device(&WHO, &name, &form.label).await {
        Ok(_) => Ok(Redirect::to(&urls::done(&urls::device(&name), "label")).into_response()),
        Err(acts::ActError::BadInput(why)) => {
            let field = Field::refused(form.label, &why);
            let page = looked(&app, move |look| {
                DevicePage::of(look, &visit, &name, &Done::default(), Some(field))
            });
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page.await?)?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /devices/{name}/label`: where a refused name left the browser leads back to the device.
pub(crate) async fn back(Path(name): Path<String>) -> Redirect {
    Redirect::to(&urls::device(&name))
}

impl DevicesPage {
    fn of(look: &Look, visit: &Visit) -> Self {
        let devices = look.devices();
        let zone = &look.place().zone;
        Self {
            layout: Layout::new(look, visit, Here::Devices),
            summary: list::summary(&devices),
            rows: devices
                .iter()
                .map(|device| DeviceRow::of(device, zone, look.now()))
                .collect(),
        }
    }

    /// A place where one device is silent and one is a household's own.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let devices = list::samples();
        let (zone, now) = crate::home::samples::afternoon();
        Self {
            layout: Layout::sample(),
            summary: list::summary(&devices),
            rows: devices
                .iter()
                .map(|device| DeviceRow::of(device, &zone, now))
                .collect(),
        }
    }
}

impl DevicePage {
    fn of(
        look: &Look,
        visit: &Visit,
        name: &str,
        done: &Done,
        field: Option<Field>,
    ) -> Result<Self, PageError> {
        let device = look.device(name)?;
        let sheet = DeviceSheet::of(look, &device)?;
        let back = urls::device(name);
        Ok(Self {
            layout: Layout {
                back,
                ..Layout::new(look, visit, Here::Devices)
            },
            label: field.unwrap_or_else(|| Field::holding(&device.label)),
            may_rename: look.may(acts::Right::ChangeSite),
            done: if done.is("label") {
                say_with("device-renamed", [("label", device.label.as_str().into())])
            } else {
                String::new()
            },
            action: urls::device_label(name),
            sheet,
        })
    }

    /// An inverter on a sunny day, with a name that was refused.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample(),
            sheet: DeviceSheet::sample(),
            label: Field::refused(
                "<b>".to_owned(),
                "The name holds a sign that cannot be shown; write it again",
            ),
            may_rename: true,
            done: say_with("device-renamed", [("label", "Roof".into())]),
            action: urls::device_label("roof"),
        }
    }
}
