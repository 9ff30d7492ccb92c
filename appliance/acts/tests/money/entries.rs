//! Payments: entered once for each form, taken back and not changed, with receipts that have no gaps.

use acts::{ActError, Actor};
use jiff::civil::date;
use members::money::{NewPayment, PaidState, Payer, Way};
use units::{Currency, Money, PersonId, Span};

use crate::scene::{ANA, BEN, Scene, cash, pounds, steward};

#[tokio::test]
async fn a_form_that_is_sent_again_pays_once() {
    let scene = Scene::new().await;
    let first = scene.pay("form-1", cash(ANA, 900)).await.expect("entered");
    let again = scene.pay("form-1", cash(ANA, 900)).await.expect("found");
    assert!(!first.again && again.again);
    assert_eq!((first.payment, first.receipt), (again.payment, again.receipt));
    // Two equal payments on one day are two, when they come from two forms.
    let second = scene.pay("form-2", cash(ANA, 900)).await.expect("entered");
    assert_ne!(second.payment, first.payment);
    let page = scene
        .acts
        .look_account(&steward(), Payer::Person(ANA))
        .await
        .expect("seen");
    assert_eq!((page.payments.len(), page.account.dues), (2, pounds(1_800)));
    assert_eq!(
        (page.standing.state, page.standing.until),
        (PaidState::Paid, Some(date(2026, 6, 30)))
    );
    let numbers: Vec<_> = page
        .payments
        .iter()
        .map(|(_, payment)| payment.in_cash_book)
        .collect();
    assert_eq!(numbers, [Some(1), Some(2)]);
}

#[tokio::test]
async fn a_form_pays_once_though_time_takes_what_is_old_and_is_not_taken_once_that_is_forgotten() {
    let scene = Scene::new().await;
    let form = scene.acts.fresh_form();
    scene.pay(&form, cash(ANA, 900)).await.expect("entered");
    scene.acts.let_go(&Actor::TheBox).await.expect("gone");
    let again = scene.pay(&form, cash(ANA, 900)).await.expect("found");
    assert!(again.again, "it was entered a second time");
    scene.later(Span::DAY.times(4));
    let other = scene.acts.fresh_form();
    scene.pay(&other, cash(ANA, 100)).await.expect("entered");
    let late = scene.pay(&form, cash(ANA, 900)).await;
    assert!(matches!(late, Err(ActError::BadInput(_))), "{late:?}");
}

#[tokio::test]
async fn what_was_wrong_is_taken_back_by_another_entry() {
    let scene = Scene::new().await;
    let wrong = scene.pay("form-1", cash(ANA, 90_000)).await.expect("entered");
    let silent = scene.acts.reverse_payment(&steward(), wrong.payment, "  ").await;
    assert!(matches!(silent, Err(ActError::BadInput(_))), "{silent:?}");
    let back = scene
        .acts
        .reverse_payment(&steward(), wrong.payment, "a slip of the finger")
        .await
        .expect("taken back");
    let twice = scene
        .acts
        .reverse_payment(&steward(), wrong.payment, "again")
        .await;
    assert!(matches!(twice, Err(ActError::BadInput(_))), "{twice:?}");
    let of_the_back = scene.acts.reverse_payment(&steward(), back, "again").await;
    assert!(matches!(of_the_back, Err(ActError::BadInput(_))));
    let page = scene
        .acts
        .look_account(&steward(), Payer::Person(ANA))
        .await
        .expect("seen");
    assert_eq!(page.account.dues, pounds(0));
    assert_eq!(page.payments.len(), 2, "both stay");
    assert_eq!(page.payments[0].1.reversed, Some(back));
    assert_eq!(page.payments[1].1.reverses, Some(wrong.payment));
    assert_eq!(page.standing.owed, pounds(1_800));
    let record = scene.record().join("\n");
    assert!(
        record.contains(&format!(
            "reverse-payment payment {} People([PersonId(1)])",
            wrong.payment
        )),
        "{record}"
    );
    assert!(
        !record.contains("finger"),
        "reasons lie beside the chain: {record}"
    );
}

#[tokio::test]
async fn a_waiver_counts_like_a_payment() {
    let scene = Scene::new().await;
    let waiver = NewPayment {
        way: Way::Waiver,
        ..cash(ANA, 1_800)
    };
    let entered = scene.pay("form-1", waiver).await.expect("entered");
    assert_eq!(entered.receipt, None);
    let page = scene
        .acts
        .look_account(&steward(), Payer::Person(ANA))
        .await
        .expect("seen");
    assert_eq!(
        (page.standing.state, page.account.waived),
        (PaidState::Paid, pounds(1_800))
    );
    assert!(
        scene
            .acts
            .make_receipt(&steward(), entered.payment)
            .await
            .is_err(),
        "nothing was paid"
    );
}

#[tokio::test]
async fn bad_input_enters_nothing() {
    let scene = Scene::new().await;
    let before = scene.record();
    let euro = Currency::parse("EUR").expect("a currency");
    let wrong = [
        NewPayment {
            amount: Money::new(300, euro),
            ..cash(ANA, 1)
        },
        NewPayment {
            day: date(2026, 6, 17),
            ..cash(ANA, 300)
        },
        cash(ANA, 0),
        cash(PersonId::new(77), 300),
    ];
    for new in wrong {
        assert!(scene.pay("form-1", new.clone()).await.is_err(), "{new:?}");
    }
    assert_eq!(scene.record(), before);
    assert!(
        scene.pay("form-1", cash(ANA, 300)).await.is_ok(),
        "the form is still good"
    );
}

#[tokio::test]
async fn receipts_have_no_gaps_and_copies_say_so() {
    let scene = Scene::new().await;
    let mut numbers = Vec::new();
    for (form, person) in [("a", ANA), ("b", BEN), ("c", ANA)] {
        let entered = scene.pay(form, cash(person, 300)).await.expect("entered");
        numbers.push(entered.receipt.expect("cash has a receipt").number);
    }
    assert_eq!(numbers, [1, 2, 3]);
    let bank = NewPayment {
        way: Way::BankTransfer,
        ..cash(ANA, 300)
    };
    let bank = scene.pay("d", bank).await.expect("entered");
    assert_eq!(bank.receipt, None);
    let number = scene
        .acts
        .make_receipt(&steward(), bank.payment)
        .await
        .expect("made out");
    assert_eq!(number.number, 4);
    assert_eq!(
        scene
            .acts
            .make_receipt(&steward(), bank.payment)
            .await
            .expect("the same"),
        number
    );
    let shown = async || {
        scene
            .acts
            .show_receipt(&steward(), number)
            .await
            .expect("shown")
            .receipt
            .shown
    };
    assert_eq!((shown().await, shown().await, shown().await), (0, 1, 2));
    let all = scene.acts.receipts(&steward(), 2026).await.expect("listed");
    assert_eq!(all.len(), 4);
}

#[tokio::test]
async fn many_enter_at_one_moment_and_every_number_is_given_once() {
    let scene = Scene::new().await;
    let (a, b, c) = tokio::join!(
        scene.pay("a", cash(ANA, 300)),
        scene.pay("b", cash(BEN, 300)),
        scene.pay("c", cash(ANA, 300)),
    );
    let mut numbers: Vec<u32> = [a, b, c]
        .map(|entered| entered.expect("entered").payment.number)
        .to_vec();
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3]);
    let page = scene
        .acts
        .look_account(&steward(), Payer::Person(ANA))
        .await
        .expect("seen");
    assert_eq!(page.account.dues, pounds(600));
}
