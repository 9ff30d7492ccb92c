//! `/money`: what came in this month, what is late, what lies in the cash box, and the ways on.

use acts::Right;
use acts::money::Overview;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;

use super::says;
use crate::error::PageError;
use crate::pages::{Done, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, urls};

/// The first page of money.
#[derive(Template)]
#[template(path = "money/overview.html")]
pub(crate) struct MoneyPage {
    layout: Layout,
    done: String,
    came: String,
    rows: Vec<(String, String)>,
    late: String,
    in_box: String,
    open_day: Option<(String, String)>,
    no_dues: bool,
    may_change: bool,
}

/// `GET /money`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let overview = app.acts.money_overview(&signed.actor).await?;
    let layout = Layout::new(&app.look(), &visit, Here::Members);
    let mut page = MoneyPage::new(layout, &overview, signed.actor.may(Right::ChangeMoney));
    page.done = match () {
        () if done.is("entered") => say("pay-done"),
        () if done.is("again") => say("pay-again"),
        () => String::new(),
    };
    html(&page)
}

impl MoneyPage {
    fn new(layout: Layout, overview: &Overview, may_change: bool) -> Self {
        let sums = overview
            .came
            .iter()
            .map(|(purpose, sum)| (says::purpose(*purpose), sum.to_string()));
        let ways = overview
            .ways
            .iter()
            .map(|(way, sum)| (says::way(*way), sum.to_string()));
        let rows: Vec<(String, String)> = sums.chain(ways).collect();
        let month = says::month(overview.month);
        let key = if rows.is_empty() {
            "money-came-nothing"
        } else {
            "money-came"
        };
        let late = match overview.late {
            0 => say("money-late-nobody"),
            late => say_with(
                "money-late",
                [
                    ("count", late.into()),
                    ("sum", overview.late_sum.to_string().into()),
                ],
            ),
        };
        let open_day = overview.open_day.map(|day| {
            (
                urls::money_cash(&day.to_string()),
                say_with("money-open-day", [("day", says::day(day).into())]),
            )
        });
        Self {
            layout,
            done: String::new(),
            came: say_with(key, [("month", month.into())]),
            rows,
            late,
            in_box: say_with("money-in-box", [("sum", overview.in_box.to_string().into())]),
            open_day,
            no_dues: overview.schemes == 0,
            may_change,
        }
    }

    /// A month in which dues and gifts came in.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        use members::money::{For, Way};
        let pounds = |minor| units::Money::new(minor, units::Currency::GBP);
        let today = jiff::civil::date(2026, 6, 16);
        let overview = Overview {
            month: today.first_of_month(),
            came: [(For::Dues, pounds(90_300)), (For::Gift, pounds(2_000))].into(),
            ways: [(Way::Cash, pounds(92_300))].into(),
            late: 12,
            late_sum: pounds(4_200),
            in_box: pounds(8_610),
            open_day: Some(jiff::civil::date(2026, 6, 15)),
            schemes: 0,
            today,
        };
        let page = Self::new(Layout::sample(), &overview, true);
        Self {
            done: say("pay-done"),
            ..page
        }
    }
}
