//! The devices: which there are, how each is doing, and every value of one with where it comes from.

mod chart;
mod history;
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
use crate::pages::{Done, Field, Here, Layout, Onlooker, Visit, html, looked};
use crate::sign_in::SignedIn;
use crate::words::{filters, say_with};
use crate::{App, urls};
#[cfg(test)]
pub(crate) use history::HistoryPage;
pub(crate) use history::{page as history, table as history_table};
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
    token: String,
}

/// Another name for a device.
#[derive(Debug, Deserialize)]
pub(crate) struct Label {
    #[serde(default)]
    token: String,
    #[serde(default)]
    label: String,
}

/// `GET /devices`
pub(crate) async fn list(
    State(app): State<App>,
    visit: Visit,
    onlooker: Onlooker,
) -> Result<Response, PageError> {
    let look = app.acts.look(onlooker.actor().clone());
    html(&DevicesPage::of(&look, &visit))
}

/// `GET /devices/{name}`
pub(crate) async fn one(
    State(app): State<App>,
    visit: Visit,
    onlooker: Onlooker,
    Path(name): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    html(&DevicePage::of(&app, &visit, &onlooker, &name, &done).await?)
}

/// `POST /devices/{name}/label`: what was typed stays in the field if it is refused.
pub(crate) async fn rename(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(name): Path<String>,
    Form(form): Form<Label>,
) -> Result<Response, PageError> {
    let device = app.look().device(&name)?;
    signed.check(&purpose(&name, &device.label), &form.token)?;
    match app.acts.rename_device(&signed.actor, &name, &form.label).await {
        Ok(_) => Ok(Redirect::to(&urls::done(&urls::device(&name), "label")).into_response()),
        Err(acts::ActError::BadInput(why)) => {
            let mut page = DevicePage::of(&app, &visit, &signed.into(), &name, &Done::default()).await?;
            page.label = Field::refused(form.label, &why);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// What the form is for: to give a device another name than the one that it has now.
fn purpose(name: &str, label: &str) -> String {
    format!("{} from {label:?}", urls::device_label(name))
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
    async fn of(
        app: &App,
        visit: &Visit,
        onlooker: &Onlooker,
        name: &str,
        done: &Done,
    ) -> Result<Self, PageError> {
        let (visit, name, done) = (visit.clone(), name.to_owned(), done.clone());
        let page = looked(app, onlooker, move |look| Self::seen(look, &visit, &name, &done));
        let page = page.await?;
        Ok(Self {
            token: onlooker.token(&page.token),
            ..page
        })
    }

    /// The page as it is seen; what its token is for stands in the place of the token.
    fn seen(look: &Look, visit: &Visit, name: &str, done: &Done) -> Result<Self, PageError> {
        let device = look.device(name)?;
        let sheet = DeviceSheet::of(look, &device)?;
        let back = urls::device(name);
        Ok(Self {
            layout: Layout {
                back,
                ..Layout::new(look, visit, Here::Devices)
            },
            label: Field::holding(&device.label),
            may_rename: look.may(acts::Right::ChangeSite),
            done: if done.is("label") {
                say_with("device-renamed", [("label", device.label.as_str().into())])
            } else {
                String::new()
            },
            action: urls::device_label(name),
            token: purpose(name, &device.label),
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
            token: "0".repeat(64),
        }
    }
}
