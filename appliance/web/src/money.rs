//! `/money` and below: dues, payments, the cash book, receipts, reminders and Gift Aid, for whoever keeps the accounts.
//! The rules are in `members::money`, the acts in `acts::money`; here are forms and words.

mod account;
mod arrears;
mod cash;
mod dues;
mod form;
mod gift_aid;
mod lines;
mod overview;
mod own;
mod pay;
mod payment;
mod receipts;
mod says;

use axum::Router;
use axum::routing::{get, post};
use jiff::civil::Date;
use units::Currency;

#[cfg(test)]
pub(crate) use account::AccountSheet;
#[cfg(test)]
pub(crate) use arrears::ArrearsPage;
#[cfg(test)]
pub(crate) use cash::CashSheet;
#[cfg(test)]
pub(crate) use dues::{DuesPage, SchemePage};
#[cfg(test)]
pub(crate) use gift_aid::GiftAidSheet;
#[cfg(test)]
pub(crate) use overview::MoneyPage;
#[cfg(test)]
pub(crate) use own::OwnMoneyPage;
#[cfg(test)]
pub(crate) use pay::PayPage;
#[cfg(test)]
pub(crate) use payment::PaymentPage;
#[cfg(test)]
pub(crate) use receipts::{ReceiptSheet, ReceiptsPage};

use crate::error::PageError;
use crate::{App, urls};

/// The pages of money. They are merged into those of the members' book.
pub(crate) fn router() -> Router<App> {
    Router::new()
        .route(urls::MONEY, get(overview::page))
        .route(urls::MONEY_PAY, get(pay::page).post(pay::enter))
        .route(urls::MONEY_PAYER, get(account::page))
        .route(urls::MONEY_AGREE, post(account::agree).get(account::back))
        .route(urls::MONEY_DECLARE, post(account::declare).get(account::back))
        .route(urls::MONEY_UNDECLARE, post(account::cancel).get(account::back))
        .route(urls::MONEY_PAYMENT, get(payment::page).post(payment::take_back))
        .route(
            urls::MONEY_PAYMENT_RECEIPT,
            post(payment::receipt).get(payment::back),
        )
        .route(urls::MONEY_DUES, get(dues::list).post(dues::decide))
        .route(urls::MONEY_SCHEME, get(dues::one).post(dues::change))
        .route(urls::MONEY_ARREARS, get(arrears::page).post(arrears::reminded))
        .route(urls::MONEY_CASH, get(cash::page).post(cash::spend))
        .route(urls::MONEY_CASH_CLOSE, post(cash::close).get(cash::back))
        .route(urls::MONEY_RECEIPTS, get(receipts::list))
        .route(urls::MONEY_RECEIPT, get(receipts::one))
        .route(urls::MONEY_GIFT_AID, get(gift_aid::page).post(gift_aid::claim))
        .route(urls::MONEY_CLAIM, get(gift_aid::schedule))
        .route(urls::MY_DUES, get(own::page))
}

/// The currency of the place and the day by its clock.
fn here(app: &App) -> Result<(Currency, Date), PageError> {
    let look = app.look();
    let currency = Currency::parse(&look.place().currency);
    let currency = currency.map_err(|error| PageError::Failed(error.to_string()))?;
    let day = look.place().zone.date_of(look.now()).to_string();
    let day = day.parse().map_err(|_| PageError::Failed(String::new()))?;
    Ok((currency, day))
}
