//! Every act upon money by somebody who may not: refused, and nothing is changed.

use std::collections::BTreeSet;

use acts::money::NewTerm;
use acts::statements::Show;
use acts::{ACTS, ActError, Actor, Acts, Part, Right};
use jiff::civil::{Date, date};
use members::money::{Channel, Heard, HouseRules, NewPayment, Payer, PaymentId, ReceiptNumber, Way};
use members::statement::mapping::Mapping;

use crate::scene::{ANA, Scene, TODAY, cash, monthly, pounds, who};

const PAYER: Payer = Payer::Person(ANA);
const DAY: Date = date(2026, 1, 1);
const ENTRY: PaymentId = PaymentId {
    day: TODAY,
    number: 1,
};

fn refused<T>(result: &Result<T, ActError>, right: Right) -> bool {
    matches!(result, Err(ActError::NotAllowed(lacked)) if *lacked == right)
}

const LOOK: Right = Right::LookMoney;
const CHANGE: Right = Right::ChangeMoney;
const RULES: Right = Right::ChangeRules;

/// Every look: its name in the table, and whether it was refused for the lack of the right that stands there.
async fn try_looks(acts: &Acts, actor: &Actor) -> Vec<(&'static str, bool)> {
    let receipt = ReceiptNumber {
        year: 2026,
        number: 1,
    };
    vec![
        ("look-money", refused(&acts.money_overview(actor).await, LOOK)),
        ("look-money", refused(&acts.dues_rules(actor).await, LOOK)),
        ("look-money", refused(&acts.receipts(actor, 2026).await, LOOK)),
        ("look-money", refused(&acts.declarations(actor, ANA).await, LOOK)),
        (
            "look-account",
            refused(&acts.look_account(actor, PAYER).await, LOOK),
        ),
        (
            "look-account",
            refused(&acts.look_payment(actor, ENTRY).await, LOOK),
        ),
        ("list-arrears", refused(&acts.list_arrears(actor).await, LOOK)),
        ("list-arrears", refused(&acts.reminders(actor).await, LOOK)),
        (
            "look-cash-book",
            refused(&acts.cash_book(actor, None).await, LOOK),
        ),
        (
            "show-receipt",
            refused(&acts.show_receipt(actor, receipt).await, LOOK),
        ),
        ("list-gift-aid", refused(&acts.gift_aid(actor).await, LOOK)),
    ]
}

/// The same for bank statements.
async fn try_statements(acts: &Acts, actor: &Actor) -> Vec<(&'static str, bool)> {
    let file = b"Number,Date,Account,Amount,Subcategory,Memo\n,03/08/2026,1,5.00,FT,X".to_vec();
    let mapping = Mapping::new("Bank");
    vec![
        ("list-statements", refused(&acts.statements(actor).await, LOOK)),
        (
            "look-statement",
            refused(&acts.statement(actor, 1, Show::All, 1).await, LOOK),
        ),
        (
            "hand-in-statement",
            refused(&acts.hand_in_statement(actor, "x", file).await, CHANGE),
        ),
        (
            "hand-in-statement",
            refused(&acts.statement_drafts(actor).await, CHANGE),
        ),
        (
            "look-draft",
            refused(&acts.statement_draft(actor, 1).await, CHANGE),
        ),
        (
            "forget-statement",
            refused(&acts.forget_statement(actor, 1).await, CHANGE),
        ),
        (
            "map-statement",
            refused(&acts.map_statement(actor, 1, mapping).await, CHANGE),
        ),
        (
            "read-statement",
            refused(&acts.read_statement(actor, 1, "Bank").await, CHANGE),
        ),
        (
            "decide-lines",
            refused(&acts.decide_lines(actor, 1, Vec::new()).await, CHANGE),
        ),
        (
            "book-statement",
            refused(&acts.book_statement(actor, 1).await, CHANGE),
        ),
        (
            "undo-statement",
            refused(&acts.undo_statement(actor, 1, "why").await, CHANGE),
        ),
    ]
}

/// The same for every change.
async fn try_changes(acts: &Acts, actor: &Actor) -> Vec<(&'static str, bool)> {
    let waiver = NewPayment {
        way: Way::Waiver,
        ..cash(ANA, 300)
    };
    let term = NewTerm {
        from: DAY,
        chosen: None,
        amount: None,
        way: Way::Cash,
    };
    let paid = acts.enter_payment(actor, "x", cash(ANA, 1)).await;
    let waived = acts.enter_payment(actor, "y", waiver).await;
    let declared = acts.declare_gift_aid(actor, ANA, DAY, DAY, Heard::Page).await;
    let cancelled = acts.cancel_gift_aid(actor, ANA, 1, DAY).await;
    let decided = acts.change_money_rules(actor, HouseRules::usual()).await;
    let closed = acts.close_cash_day(actor, TODAY, pounds(0), None).await;
    let reminded = acts.remind(actor, &[(PAYER, Channel::Letter)]).await;
    vec![
        (
            "find-payer",
            refused(&acts.find_payers(actor, "ana").await, CHANGE),
        ),
        ("enter-payment", refused(&paid, CHANGE)),
        ("waive-dues", refused(&waived, CHANGE)),
        (
            "reverse-payment",
            refused(&acts.reverse_payment(actor, ENTRY, "why").await, CHANGE),
        ),
        (
            "agree-dues",
            refused(&acts.agree_dues(actor, PAYER, term).await, CHANGE),
        ),
        (
            "change-dues",
            refused(&acts.change_dues(actor, None, monthly()).await, RULES),
        ),
        ("change-money-rules", refused(&decided, RULES)),
        ("close-cash-day", refused(&closed, CHANGE)),
        (
            "make-receipt",
            refused(&acts.make_receipt(actor, ENTRY).await, CHANGE),
        ),
        ("remind", refused(&reminded, CHANGE)),
        ("declare-gift-aid", refused(&declared, CHANGE)),
        ("cancel-gift-aid", refused(&cancelled, CHANGE)),
        (
            "claim-gift-aid",
            refused(&acts.claim_gift_aid(actor).await, CHANGE),
        ),
        (
            "export-gift-aid",
            refused(&acts.gift_aid_schedule(actor, 1).await, CHANGE),
        ),
    ]
}

/// Tries every act, and says which were refused.
async fn try_all(scene: &Scene, actor: &Actor) -> BTreeSet<&'static str> {
    let mut tried = try_looks(&scene.acts, actor).await;
    tried.extend(try_changes(&scene.acts, actor).await);
    tried.extend(try_statements(&scene.acts, actor).await);
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
    let all = |right: Option<Right>| -> BTreeSet<&'static str> {
        let rows = ACTS.iter().filter(|row| row.part == Part::Money);
        let rows = rows.filter(|row| right.is_none_or(|right| row.right != right));
        rows.map(|row| row.name).collect()
    };
    for actor in [
        Actor::Visitor,
        who(&[]),
        who(&[Right::LookPeople, Right::ChangePeople]),
    ] {
        let names = try_all(&scene, &actor).await;
        assert_eq!(names, all(None), "{actor}");
    }
    assert_eq!(scene.record(), before, "a refusal changes nothing");
    // Who may only look changes nothing either.
    let names = try_all(&scene, &who(&[Right::LookMoney])).await;
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
