//! `/trust/card`: the card to print at the claim and to hang beside the box, with what people compare.
//!
//! It is not open at the plain door: a card that somebody on the Wi-Fi could have altered would prove nothing.

use acts::doors::colon;
use acts::{Doors, SafeDoor};
use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::{heading, safe_door};
use crate::authority::Fingerprint;
use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::qr::square;
use crate::words::{filters, say};
use crate::{App, urls};

/// The card.
#[derive(Template)]
#[template(path = "trust/card.html")]
pub(crate) struct CardPage {
    layout: Layout,
    heading: String,
    square: String,
    /// Where one begins.
    begin: Vec<String>,
    words: [&'static str; 6],
    pairs: String,
}

/// `GET /trust/card`
pub(super) async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    let safe = safe_door(&app)?;
    let layout = Layout::new(&app.look(), &visit, Here::Nowhere);
    html(&CardPage::new(layout, &safe, &app.acts.doors()))
}

impl CardPage {
    fn new(layout: Layout, safe: &SafeDoor, doors: &Doors) -> Self {
        let fingerprint = Fingerprint::of(&safe.certificate);
        let port = colon(doors.plain.unwrap_or(80), 80);
        let addresses = doors.addresses.iter().filter(|address| address.is_ipv4());
        let hosts = std::iter::once(safe.name.local()).chain(addresses.map(ToString::to_string));
        let begin: Vec<String> = hosts
            .map(|host| format!("http://{host}{port}{}", urls::TRUST))
            .collect();
        Self {
            heading: heading(&layout.place, &safe.name.local()),
            square: begin
                .first()
                .map(|page| square(page, &say("trust-card-square")))
                .unwrap_or_default(),
            begin,
            words: fingerprint.words(),
            pairs: fingerprint.pairs(),
            layout,
        }
    }

    /// The card of some box.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let safe = SafeDoor {
            port: 8443,
            name: acts::BoxName::first(),
            certificate: [1, 2, 3].into(),
        };
        Self::new(Layout::sample(), &safe, &Doors::default())
    }
}
