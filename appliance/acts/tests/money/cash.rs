//! The cash book through the acts: closed days are locked, and what was wrong is put right on the next open day.

use acts::ActError;
use jiff::civil::date;
use members::money::{For, NewPayment};
use units::{Currency, Money, Span};

use crate::scene::{ANA, Scene, TODAY, cash, pounds, steward};

#[tokio::test]
async fn a_closed_day_is_locked_and_put_right_later() {
    let scene = Scene::new().await;
    let paid = scene.pay("a", cash(ANA, 1_000)).await.expect("entered");
    let milk = NewPayment {
        payer: None,
        purpose: For::Spent,
        reference: Some("milk".to_owned()),
        ..cash(ANA, 140)
    };
    scene.pay("b", milk).await.expect("entered");
    let page = scene.acts.cash_book(&steward(), None).await.expect("seen");
    assert_eq!(
        (page.expected, page.entries.len(), page.entries[0].name.as_str()),
        (pounds(860), 2, "Ana Öberg")
    );
    let close = async |minor, why: Option<&str>| {
        let why = why.map(str::to_owned);
        scene
            .acts
            .close_cash_day(&steward(), TODAY, pounds(minor), why)
            .await
    };
    let silent = close(850, None).await;
    assert!(
        matches!(&silent, Err(ActError::BadInput(why)) if why.contains("£8.60")),
        "{silent:?}"
    );
    close(850, Some("10p too much change")).await.expect("closed");
    assert!(close(860, None).await.is_err(), "it is closed once");
    let late = scene.pay("c", cash(ANA, 300)).await;
    assert!(
        matches!(&late, Err(ActError::BadInput(why)) if why.contains("2026-06-17")),
        "{late:?}"
    );
    // Taken back on the same evening: it stands on the next day, and the closed day is as it was.
    let back = scene
        .acts
        .reverse_payment(&steward(), paid.payment, "wrong person")
        .await
        .expect("taken back");
    assert_eq!(back.day, date(2026, 6, 17));
    let page = scene.acts.cash_book(&steward(), Some(TODAY)).await.expect("seen");
    assert_eq!((page.sums.entries, page.closed), (2, Some(TODAY)));
    scene.later(Span::from_secs(86_400));
    let next = scene.acts.cash_book(&steward(), None).await.expect("seen");
    assert_eq!((next.before, next.expected), (pounds(850), pounds(-150)));
}

#[tokio::test]
async fn a_count_in_another_currency_is_refused() {
    let scene = Scene::new().await;
    let euro = Money::zero(Currency::parse("EUR").expect("a currency"));
    let refused = scene.acts.close_cash_day(&steward(), TODAY, euro, None).await;
    assert!(
        matches!(&refused, Err(ActError::BadInput(why)) if why.contains("two currencies")),
        "{refused:?}"
    );
}
