//! Every act upon money by somebody who may not: refused, and nothing is changed.

use acts::{ACTS, ActError, Actor, Part, Right};
use jiff::civil::date;
use members::money::{Channel, Heard, HouseRules, NewPayment, Payer, PaymentId, ReceiptNumber, Way};

use crate::scene::{ANA, Scene, TODAY, cash, monthly, pounds, who};

const PAYER: Payer = Payer::Person(ANA);

fn refused<T>(result: Result<T, ActError>, right: Right) -> bool {
    matches!(result, Err(ActError::NotAllowed(lacked)) if lacked == right)
}

/// Tries every act, and says which were refused for the lack of the right that the table names.
async fn try_all(scene: &Scene, actor: &Actor) -> Vec<&'static str> {
    use Right::{ChangeMoney, ChangeRules, LookMoney};
    let acts = &scene.acts;
    let id = PaymentId {
        day: TODAY,
        number: 1,
    };
    let receipt = ReceiptNumber {
        year: 2026,
        number: 1,
    };
    let waiver = NewPayment {
        way: Way::Waiver,
        ..cash(ANA, 300)
    };
    let term = acts::money::NewTerm {
        from: date(2026, 1, 1),
        chosen: None,
        amount: None,
        way: Way::Cash,
    };
    let gift_day = date(2026, 1, 1);
    let tried = [
        ("look-money", refused(acts.money_overview(actor).await, LookMoney)),
        ("look-money", refused(acts.dues_rules(actor).await, LookMoney)),
        ("look-money", refused(acts.receipts(actor, 2026).await, LookMoney)),
        (
            "look-money",
            refused(acts.declarations(actor, ANA).await, LookMoney),
        ),
        (
            "find-payer",
            refused(acts.find_payers(actor, "ana").await, ChangeMoney),
        ),
        (
            "look-account",
            refused(acts.look_account(actor, PAYER).await, LookMoney),
        ),
        (
            "list-arrears",
            refused(acts.list_arrears(actor).await.map(drop), LookMoney),
        ),
        (
            "list-arrears",
            refused(acts.reminders(actor).await.map(drop), LookMoney),
        ),
        (
            "enter-payment",
            refused(acts.enter_payment(actor, "x", cash(ANA, 1)).await, ChangeMoney),
        ),
        (
            "waive-dues",
            refused(acts.enter_payment(actor, "y", waiver).await, ChangeMoney),
        ),
        (
            "reverse-payment",
            refused(acts.reverse_payment(actor, id, "why").await, ChangeMoney),
        ),
        (
            "agree-dues",
            refused(acts.agree_dues(actor, PAYER, term).await, ChangeMoney),
        ),
        (
            "change-dues",
            refused(acts.change_dues(actor, None, monthly()).await, ChangeRules),
        ),
        (
            "change-money-rules",
            refused(
                acts.change_money_rules(actor, HouseRules::usual()).await,
                ChangeRules,
            ),
        ),
        (
            "look-cash-book",
            refused(acts.cash_book(actor, None).await, LookMoney),
        ),
        (
            "close-cash-day",
            refused(
                acts.close_cash_day(actor, TODAY, pounds(0), None).await,
                ChangeMoney,
            ),
        ),
        (
            "make-receipt",
            refused(acts.make_receipt(actor, id).await, ChangeMoney),
        ),
        (
            "show-receipt",
            refused(acts.show_receipt(actor, receipt).await, LookMoney),
        ),
        (
            "remind",
            refused(acts.remind(actor, &[(PAYER, Channel::Letter)]).await, ChangeMoney),
        ),
        (
            "declare-gift-aid",
            refused(
                acts.declare_gift_aid(actor, ANA, gift_day, gift_day, Heard::Page)
                    .await,
                ChangeMoney,
            ),
        ),
        (
            "cancel-gift-aid",
            refused(acts.cancel_gift_aid(actor, ANA, 1, gift_day).await, ChangeMoney),
        ),
        (
            "list-gift-aid",
            refused(acts.gift_aid(actor).await.map(drop), LookMoney),
        ),
        (
            "claim-gift-aid",
            refused(acts.claim_gift_aid(actor).await, ChangeMoney),
        ),
        (
            "export-gift-aid",
            refused(acts.gift_aid_schedule(actor, 1).await, ChangeMoney),
        ),
    ];
    tried
        .into_iter()
        .filter(|(_, refused)| *refused)
        .map(|(name, _)| name)
        .collect()
}

#[tokio::test]
async fn who_may_not_is_refused_and_nothing_changes() {
    let scene = Scene::new().await;
    let before = scene.record();
    let all = |right: Option<Right>| -> Vec<&'static str> {
        let rows = ACTS.iter().filter(|row| row.part == Part::Money);
        let rows = rows.filter(|row| right.is_none_or(|right| row.right != right));
        rows.map(|row| row.name).collect()
    };
    for actor in [
        Actor::Visitor,
        who(&[]),
        who(&[Right::LookPeople, Right::ChangePeople]),
    ] {
        let mut names = try_all(&scene, &actor).await;
        names.dedup();
        assert_eq!(names, all(None), "{actor}");
    }
    assert_eq!(scene.record(), before, "a refusal changes nothing");
    // Who may only look changes nothing either.
    let mut names = try_all(&scene, &who(&[Right::LookMoney])).await;
    names.dedup();
    assert_eq!(names, all(Some(Right::LookMoney)));
    let page = scene
        .acts
        .look_account(&who(&[Right::LookMoney]), PAYER)
        .await
        .expect("seen");
    assert!(page.payments.is_empty() && page.agreement.is_none());
}

#[tokio::test]
async fn one_sees_ones_own_money_and_it_needs_no_right() {
    let scene = Scene::new().await;
    let own = scene.acts.own_money(&who(&[])).await.expect("seen");
    assert_eq!(own.payer, Payer::Person(crate::scene::BEN));
    assert!(scene.acts.own_money(&Actor::Visitor).await.is_err());
}
