//! Bank statements as a box reads them with its store: once, with every line decided on by somebody or surely matched, booked
//! in one go, learned from, and undone without a trace but what was taken back.

use acts::statements::{Decision, Show, Standing};
use acts::{ActError, Right};
use members::TABLES;
use members::money::{Account, For, Payer, Payment, Way};
use members::record::{Key, Record};
use members::statement::NoStatement;
use members::statement::mapping::{DecimalSign, Mapping};

use crate::scene::{ANA, BEN, Scene, pounds, steward, who};

const HEADER: &str = "Number,Date,Account,Amount,Subcategory,Memo";

/// A file of the bank.
fn file(rows: &[&str]) -> Vec<u8> {
    format!("{HEADER}\n{}\n", rows.join("\n")).into_bytes()
}

const MAY: [&str; 5] = [
    ",01/05/2026,20-00-00 1,3.00,FT,ANA OBERG SUBS",
    ",02/05/2026,20-00-00 1,5.00,FT,ROSE GARDEN LTD",
    ",02/05/2026,20-00-00 1,3.00,FT,MRS P JONES FOR B",
    ",02/05/2026,20-00-00 1,3.00,FT,MRS P JONES FOR B",
    ",03/05/2026,20-00-00 1,-40.00,DD,RENT",
];

async fn read(scene: &Scene, rows: &[&str]) -> Result<u32, ActError> {
    let draft = scene
        .acts
        .hand_in_statement(&steward(), "may.csv", file(rows))
        .await?;
    let seen = scene.acts.statement_draft(&steward(), draft).await?;
    scene.acts.read_statement(&steward(), draft, &seen.account).await
}

fn account(scene: &Scene, payer: Payer) -> Option<Account> {
    let bytes = scene.store.row("accounts", &payer.to_key()).expect("readable");
    bytes.map(|bytes| Account::decode(&bytes).expect("an account"))
}

/// Everything about statements and accounts that is in the store.
fn kept(scene: &Scene) -> Vec<(&'static str, Vec<u8>, Vec<u8>)> {
    let of_statements = |table: &&&str| table.starts_with("statement") || **table == "counterparties";
    let tables = TABLES.iter().filter(of_statements);
    let rows = tables.flat_map(|table| {
        let rows = scene.store.rows(table, (&[], None), 10_000).expect("readable");
        rows.into_iter().map(|(key, value)| (*table, key, value))
    });
    rows.collect()
}

#[tokio::test]
async fn a_file_is_read_matched_booked_and_learned_from() {
    let scene = Scene::new().await;
    let statement = read(&scene, &MAY).await.expect("read");
    let seen = scene
        .acts
        .statement(&steward(), statement, Show::All, 1)
        .await
        .expect("seen");
    let stands: Vec<Standing> = seen.lines.iter().map(|line| line.standing).collect();
    let expected = [
        Standing::Matched,
        Standing::Unknown,
        Standing::Unknown,
        Standing::Unknown,
        Standing::Unknown,
    ];
    assert_eq!(stands, expected);
    assert_eq!(seen.lines[0].payer, Some((ANA, "Ana Öberg".to_owned())));
    let decisions = vec![
        (2, Decision::NotOurs),
        (3, Decision::Theirs(BEN)),
        (4, Decision::Theirs(BEN)),
    ];
    assert_eq!(
        scene
            .acts
            .decide_lines(&steward(), statement, decisions.clone())
            .await
            .ok(),
        Some(3)
    );
    let again = scene.acts.decide_lines(&steward(), statement, decisions).await;
    assert_eq!(again.ok(), Some(0), "the same again changes nothing");
    let booked = scene
        .acts
        .book_statement(&steward(), statement)
        .await
        .expect("booked");
    assert_eq!((booked.payments, booked.people), (3, vec![ANA, BEN]));
    let paid = |payer| account(&scene, Payer::Person(payer)).map(|account| account.dues);
    assert_eq!((paid(ANA), paid(BEN)), (Some(pounds(300)), Some(pounds(600))));
    let payments = scene.store.rows("payments", (&[], None), 10).expect("readable");
    let payment = Payment::decode(&payments[0].1).expect("a payment");
    assert_eq!(
        (payment.way, payment.purpose, payment.line.as_deref()),
        (Way::BankTransfer, For::Dues, Some("1-1"))
    );
    // Booking again finds nothing to book.
    let nothing = scene.acts.book_statement(&steward(), statement).await;
    assert!(matches!(nothing, Err(ActError::BadInput(_))), "{nothing:?}");
    // In June the one who pays for somebody else is known.
    let june = read(&scene, &[",02/06/2026,20-00-00 1,3.00,FT,MRS P JONES FOR B"])
        .await
        .expect("read");
    let seen = scene
        .acts
        .statement(&steward(), june, Show::Open, 1)
        .await
        .expect("seen");
    assert_eq!(seen.lines[0].standing, Standing::Matched, "{:?}", seen.lines[0]);
    assert_eq!(seen.lines[0].payer.as_ref().map(|payer| payer.0), Some(BEN));
}

#[tokio::test]
async fn the_same_file_twice_brings_nothing_and_months_that_overlap_only_what_is_new() {
    let scene = Scene::new().await;
    read(&scene, &MAY).await.expect("read");
    let before = kept(&scene);
    let twice = read(&scene, &MAY).await;
    assert!(
        matches!(&twice, Err(ActError::BadInput(why)) if why.contains("known already")),
        "{twice:?}"
    );
    scene
        .acts
        .forget_statement(&steward(), 2)
        .await
        .expect("given up");
    assert_eq!(kept(&scene), before);
    let mut longer: Vec<&str> = MAY[2..].to_vec();
    longer.push(",02/05/2026,20-00-00 1,3.00,FT,MRS P JONES FOR B");
    longer.push(",04/05/2026,20-00-00 1,3.00,FT,BEN OKAFOR");
    let second = read(&scene, &longer).await.expect("read");
    let seen = scene
        .acts
        .statement(&steward(), second, Show::All, 1)
        .await
        .expect("seen");
    assert_eq!((seen.file.lines, seen.file.known, seen.lines.len()), (2, 3, 2));
}

#[tokio::test]
async fn the_same_file_twice_brings_nothing_whatever_the_account_was_called() {
    let scene = Scene::new().await;
    let (acts, steward) = (&scene.acts, steward());
    let first = acts.hand_in_statement(&steward, "may.csv", file(&MAY)).await;
    let first = first.expect("handed in");
    acts.read_statement(&steward, first, "the treasurer's")
        .await
        .expect("read");
    let again = acts.hand_in_statement(&steward, "may.csv", file(&MAY[3..])).await;
    let again = again.expect("handed in");
    let seen = acts.statement_draft(&steward, again).await.expect("seen");
    let preview = seen.preview.expect("lines");
    assert_eq!(
        (seen.account.as_str(), preview.fresh, preview.known),
        ("the treasurer's", 0, 2)
    );
}

#[tokio::test]
async fn a_whole_statement_is_undone_and_can_be_read_again() {
    let scene = Scene::new().await;
    let first = read(&scene, &MAY[..1]).await.expect("read");
    scene
        .acts
        .book_statement(&steward(), first)
        .await
        .expect("booked");
    let before = kept(&scene);
    let second = read(&scene, &[",01/06/2026,20-00-00 1,3.00,FT,ANA OBERG SUBS", MAY[2]])
        .await
        .expect("read");
    scene
        .acts
        .decide_lines(&steward(), second, vec![(1, Decision::Theirs(BEN))])
        .await
        .expect("decided");
    assert_eq!(
        scene
            .acts
            .book_statement(&steward(), second)
            .await
            .expect("booked")
            .payments,
        2
    );
    let silent = scene.acts.undo_statement(&steward(), second, " ").await;
    assert!(matches!(silent, Err(ActError::BadInput(_))));
    let undone = scene
        .acts
        .undo_statement(&steward(), second, "the wrong account")
        .await;
    assert_eq!(undone.ok(), Some(2));
    assert_eq!(
        kept(&scene),
        before,
        "lines, marks and what was learned are as they were"
    );
    let paid = |payer| account(&scene, Payer::Person(payer)).map(|account| account.dues);
    assert_eq!((paid(ANA), paid(BEN)), (Some(pounds(300)), Some(pounds(0))));
    let again = scene.acts.undo_statement(&steward(), second, "again").await;
    assert!(matches!(again, Err(ActError::NotThere(_))), "{again:?}");
    assert!(
        read(&scene, &[",01/06/2026,20-00-00 1,3.00,FT,ANA OBERG SUBS"])
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_and_nothing_is_kept() {
    let scene = Scene::new().await;
    let before = kept(&scene);
    for bytes in [Vec::new(), b"%PDF-1.7\n\x00".to_vec(), vec![b'x'; 5 << 20]] {
        let refused = scene.acts.hand_in_statement(&steward(), "x", bytes).await;
        assert!(matches!(refused, Err(ActError::BadInput(_))), "{refused:?}");
    }
    assert_eq!(kept(&scene), before);
    let euros =
        "Date,Counter Party,Reference,Type,Amount (EUR),Balance (EUR)\n01/05/2026,Ana,x,FP,3.00,3.00\n";
    let draft = scene
        .acts
        .hand_in_statement(&steward(), "x", euros.into())
        .await
        .expect("handed in");
    let seen = scene.acts.statement_draft(&steward(), draft).await.expect("seen");
    assert!(matches!(seen.preview, Err(NoStatement::OtherCurrency { .. })));
    let refused = scene.acts.read_statement(&steward(), draft, "Starling").await;
    let said = refused.expect_err("another currency").to_string();
    assert!(said.contains("EUR") && said.contains("GBP"), "{said}");
    let nobody = scene
        .acts
        .decide_lines(&steward(), 9, vec![(1, Decision::NotOurs)])
        .await;
    assert!(matches!(nobody, Err(ActError::NotThere(_))));
}

#[tokio::test]
async fn columns_that_were_told_once_are_known_the_next_time() {
    let scene = Scene::new().await;
    let text = "When,What,Sum\n01.05.2026,ANA OBERG SUBS,\"3,00\"\n";
    let draft = scene
        .acts
        .hand_in_statement(&steward(), "x", text.into())
        .await
        .expect("handed in");
    let seen = scene.acts.statement_draft(&steward(), draft).await.expect("seen");
    assert_eq!(seen.preview, Err(NoStatement::Unknown));
    assert_eq!(seen.columns.expect("columns").header, ["When", "What", "Sum"]);
    let bad = scene
        .acts
        .map_statement(&steward(), draft, Mapping::new("Elsewhere"))
        .await;
    assert!(matches!(bad, Err(ActError::BadInput(_))), "{bad:?}");
    let mapping = Mapping {
        amount: Some(2),
        texts: vec![1],
        decimal: DecimalSign::Comma,
        order: Some(members::statement::DateOrder::DayFirst),
        ..Mapping::new("Elsewhere")
    };
    scene
        .acts
        .map_statement(&steward(), draft, mapping)
        .await
        .expect("told");
    scene
        .acts
        .read_statement(&steward(), draft, "Elsewhere")
        .await
        .expect("read");
    let next = "When,What,Sum\n01.06.2026,ANA OBERG SUBS,\"3,00\"\n";
    let draft = scene
        .acts
        .hand_in_statement(&steward(), "x", next.into())
        .await
        .expect("handed in");
    let seen = scene.acts.statement_draft(&steward(), draft).await.expect("seen");
    assert_eq!(seen.preview.expect("known").fresh, 1);
}

#[tokio::test]
async fn a_refund_is_suggested_and_booked_only_when_somebody_says_so() {
    let scene = Scene::new().await;
    let rows = [",01/05/2026,20-00-00 1,-3.00,FT,ANA OBERG SUBS"];
    let statement = read(&scene, &rows).await.expect("read");
    let seen = scene
        .acts
        .statement(&steward(), statement, Show::Open, 1)
        .await
        .expect("seen");
    assert_eq!(seen.lines[0].standing, Standing::Suggested);
    let nothing = scene.acts.book_statement(&steward(), statement).await;
    assert!(matches!(nothing, Err(ActError::BadInput(_))));
    scene
        .acts
        .decide_lines(&steward(), statement, vec![(1, Decision::Theirs(ANA))])
        .await
        .expect("decided");
    scene
        .acts
        .book_statement(&steward(), statement)
        .await
        .expect("booked");
    assert_eq!(
        account(&scene, Payer::Person(ANA)).map(|account| account.dues),
        Some(pounds(-300))
    );
}

#[tokio::test]
async fn the_record_tells_of_numbers_and_of_whose_data_it_was() {
    let scene = Scene::new().await;
    let statement = read(&scene, &MAY[..1]).await.expect("read");
    scene
        .acts
        .book_statement(&steward(), statement)
        .await
        .expect("booked");
    let record = scene.record().join("\n");
    assert!(
        record.contains("book-statement statement 1 People([PersonId(1)]) 1 payments"),
        "{record}"
    );
    assert!(!record.contains("OBERG") && !record.contains("Öberg"), "{record}");
    let looks = who(&[Right::LookMoney]);
    assert!(scene.acts.statements(&looks).await.is_ok());
    assert!(scene.acts.book_statement(&looks, statement).await.is_err());
}
