//! `/me/dues`: how one stands with one's dues, how to pay, what was agreed, asked and paid. It changes nothing.

use acts::money::AccountPage;
use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::account::{agreed, ahead, reminders};
use super::lines::{DueRow, PaidRow, dues};
use super::says;
use crate::App;
use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};

/// One's own dues and payments, or those of one's household where it pays.
#[derive(Template)]
#[template(path = "money/own.html")]
pub(crate) struct OwnMoneyPage {
    layout: Layout,
    standing: String,
    notes: Vec<String>,
    bank: String,
    agreed: String,
    dues: Vec<DueRow>,
    payments: Vec<PaidRow>,
    reminders: Vec<String>,
}

/// `GET /me/dues`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
) -> Result<Response, PageError> {
    let account = app.acts.own_money(&signed.actor).await?;
    let membership = app.acts.my_membership(&signed.actor).await?;
    let number = membership.and_then(|membership| membership.number);
    let layout = Layout::new(&app.look(), &visit, Here::Own);
    html(&OwnMoneyPage::new(layout, &account, number))
}

impl OwnMoneyPage {
    fn new(layout: Layout, account: &AccountPage, number: Option<u32>) -> Self {
        let household = account.payer.person().is_none().then(|| {
            let names: Vec<&str> = account.people.iter().map(|(_, name)| name.as_str()).collect();
            say_with("own-money-household", [("names", names.join(", ").into())])
        });
        let next = account.standing.next.map(|(on, amount)| {
            let places = [
                ("amount", amount.to_string().into()),
                ("day", says::day(on).into()),
            ];
            say_with("own-money-next", places)
        });
        let ahead = Some(ahead(account)).filter(|said| !said.is_empty());
        let payments = account.payments.iter().rev().map(|entry| PaidRow {
            url: String::new(),
            ..PaidRow::of(entry)
        });
        Self {
            layout,
            standing: says::standing(&account.standing),
            notes: household.into_iter().chain(ahead).chain(next).collect(),
            bank: match number {
                Some(number) => say_with("own-money-bank-number", [("number", number.to_string().into())]),
                None => say("own-money-bank"),
            },
            agreed: agreed(account),
            dues: dues(account),
            payments: payments.collect(),
            reminders: reminders(account),
        }
    }

    /// Somebody whose household pays, and who was reminded.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample(),
            standing: say("standing-never"),
            notes: vec![say_with(
                "own-money-household",
                [("names", "Ana <Öberg>, Ben".into())],
            )],
            bank: say_with("own-money-bank-number", [("number", "41".into())]),
            agreed: say("account-agreed-usual"),
            dues: vec![DueRow::sample()],
            payments: vec![PaidRow::sample(String::new())],
            reminders: vec!["<once>".to_owned()],
        }
    }
}
