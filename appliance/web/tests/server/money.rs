//! Money from outside: cash at the door, dues, the cash book, reminders and Gift Aid through the real router, and what
//! must be refused.

use members::membership::{Membership, Move, Status};
use members::person::{Address, Person};
use members::record::{Key, Newer, Record};
use store::{Change, RowChange};
use units::{Instant, PersonId};

use crate::browser::{ANA, BEN, Browser, hidden, house, signed_in};
use crate::house::{House, NOON};

const PAGES: [&str; 10] = [
    "/money",
    "/money/pay?q=ana",
    "/money/payer/person-1",
    "/money/dues",
    "/money/dues/new",
    "/money/arrears",
    "/money/cash",
    "/money/receipts",
    "/money/gift-aid",
    "/money/payment/2026-06-16-1",
];

fn write(house: &House, table: &'static str, person: PersonId, before: Option<Vec<u8>>, after: Vec<u8>) {
    let row = RowChange {
        table,
        key: person.to_key(),
        before,
        after: Some(after),
    };
    let rows = vec![row];
    let lines = Vec::new();
    house.store.change(Change { rows, lines }).expect("written");
}

/// Ana is a member since January and lives somewhere; her name is what is given.
fn ana_is_a_member(house: &House, name: &str) {
    let mut ana = Person::named(name, Instant::from_millis(NOON)).expect("a name");
    ana.address = Some(Address {
        lines: vec!["12 High Street".to_owned()],
        postcode: Some("BS5 0HE".to_owned()),
        country: None,
        newer: Newer::default(),
    });
    let before = house.store.row("people", &ANA.to_key()).expect("readable");
    write(house, "people", ANA, before, ana.encode());
    let member = Membership::begin(Move {
        to: Status::Member,
        class: Some("member".to_owned()),
        on: "2026-01-01".parse().expect("a day"),
        why: None,
        by: None,
        at: Instant::from_millis(NOON),
    });
    write(
        house,
        "memberships",
        ANA,
        None,
        member.expect("a beginning").encode(),
    );
}

const MONTHLY: [(&str, &str); 12] = [
    ("name", "Monthly dues"),
    ("every", "month"),
    ("per", "person"),
    ("classes", ""),
    ("anchor", "2026-01-01"),
    ("joining", "the whole period"),
    ("grace", "14"),
    ("step-0", "Full"),
    ("kind-0", "full"),
    ("amount-0", "3"),
    ("prices-from", "2026-01-01"),
    ("until", ""),
];

/// Ben keeps the accounts, and members are asked for 3 pounds a month.
async fn ben_with_dues(house: &House) -> Browser<'_> {
    ana_is_a_member(house, "Ana Öberg");
    let mut ben = signed_in(house, BEN, &["steward"]).await;
    let page = ben.get("/money/dues/new").await.text();
    let reply = ben.submit("/money/dues/new", &page, &MONTHLY).await;
    assert_eq!(
        reply.header("location"),
        "/money/dues?done=changed",
        "{}",
        reply.text()
    );
    let again = ben.submit("/money/dues/new", &page, &MONTHLY).await;
    assert_eq!(again.status, 403, "a form makes dues once");
    ben
}

/// Sends the form of a payment, with what stands in it but for what is given.
async fn pay(ben: &mut Browser<'_>, page: &str, amount: &str, purpose: &str) -> crate::client::Reply {
    let (form, payer) = (
        hidden(page, "/money/pay", "form"),
        hidden(page, "/money/pay", "payer"),
    );
    let filled = [
        ("form", form.as_str()),
        ("payer", payer.as_str()),
        ("amount", amount),
        ("way", "cash"),
        ("purpose", purpose),
        ("day", "2026-06-16"),
        ("reference", ""),
    ];
    ben.submit("/money/pay", page, &filled).await
}

#[tokio::test]
async fn money_is_for_those_who_keep_the_accounts() {
    let house = house().await;
    let mut stranger = Browser::new(&house);
    for path in PAGES {
        let reply = stranger.get(path).await;
        assert_eq!(reply.status, 303, "{path}");
        assert!(reply.header("location").starts_with("/sign-in?back="), "{path}");
    }
    let mut ben = signed_in(&house, BEN, &["membership"]).await;
    assert!(!ben.get("/members").await.text().contains("href=\"/money\""));
    for path in PAGES {
        let reply = ben.get(path).await;
        assert_eq!(
            (reply.status, reply.header("cache-control")),
            (403, "no-store"),
            "{path}"
        );
        assert!(!reply.text().contains("Ana"), "{path}");
    }
    let mut ana = signed_in(&house, ANA, &["auditor"]).await;
    assert!(ana.get("/members").await.text().contains("href=\"/money\""));
    assert_eq!(ana.get("/money").await.status, 200);
    assert_eq!(
        ana.get("/money/pay").await.status,
        403,
        "who only looks takes no money"
    );
    assert_eq!(ana.get("/money/dues/new").await.status, 403);
    assert!(
        !ana.get("/money/cash")
            .await
            .text()
            .contains("<form class=\"sheet\"")
    );
}

#[tokio::test]
async fn cash_at_the_door_and_a_receipt() {
    let house = house().await;
    let mut ben = ben_with_dues(&house).await;
    let found = ben.get("/money/pay?q=OBERG").await;
    assert_eq!(
        (found.status, found.header("location")),
        (303, "/money/pay?payer=person-1")
    );
    let page = ben.get("/money/pay?payer=person-1").await.text();
    assert!(
        page.contains("value=\"18.00\"") && page.contains("£18.00 is open since 1 January 2026."),
        "{page}"
    );
    let reply = pay(&mut ben, &page, "18.00", "dues").await;
    assert_eq!(
        reply.header("location"),
        "/money/receipts/2026-0001?done=entered",
        "{}",
        reply.text()
    );
    let receipt = ben.get("/money/receipts/2026-0001?done=entered").await.text();
    assert!(
        receipt.contains("Receipt 2026-0001") && receipt.contains("£18.00") && !receipt.contains("Copy"),
        "{receipt}"
    );
    let copy = ben.get("/money/receipts/2026-0001").await.text();
    assert!(copy.contains("Copy 1 of the original"), "{copy}");
    // The browser's way back, and the form once more.
    let again = pay(&mut ben, &page, "18.00", "dues").await;
    assert_eq!(again.header("location"), "/money/receipts/2026-0001?done=again");
    let account = ben.get("/money/payer/person-1").await.text();
    assert!(account.contains("Paid until 30 June 2026."), "{account}");
    assert_eq!(account.matches("/money/payment/2026-06-16-").count(), 1);
    // The same amount from a new form is another payment.
    let page = ben.get("/money/pay?payer=person-1").await.text();
    assert!(page.contains("value=\"3.00\""), "the next month is suggested");
    let other = pay(&mut ben, &page, "18.00", "dues").await;
    assert_eq!(other.header("location"), "/money/receipts/2026-0002?done=entered");
}

#[tokio::test]
async fn what_was_typed_stays_beside_its_refusal() {
    let house = house().await;
    let mut ben = ben_with_dues(&house).await;
    for (typed, said) in [
        ("three", "is no amount of money"),
        ("0", "Write an amount: nothing was paid."),
        ("1.005", "more than 2 digits"),
        ("-3", "Write why money goes back"),
        ("99999999999", "more than can be entered at once"),
    ] {
        let page = ben.get("/money/pay?payer=person-1").await.text();
        let reply = pay(&mut ben, &page, typed, "dues").await;
        let told = reply.text();
        assert_eq!(reply.status, 422, "{typed}");
        assert!(
            told.contains(said) && told.contains(&format!("value=\"{typed}\"")),
            "{typed}: {told}"
        );
        assert!(told.contains("aria-invalid=\"true\""));
    }
    let page = ben.get("/money/pay?other=yes").await.text();
    let nobody = pay(&mut ben, &page, "3", "gift").await;
    assert!(nobody.status == 422 && nobody.text().contains("Choose who paid."));
    let stolen = ben
        .post(
            "/money/pay",
            &[
                ("token", "0"),
                ("form", "x"),
                ("payer", "person-1"),
                ("amount", "3"),
            ],
        )
        .await;
    assert_eq!(stolen.status, 403);
    let overview = ben.get("/money").await.text();
    assert!(
        overview.contains("Nothing came in yet in June 2026") && overview.contains("1 pays late"),
        "{overview}"
    );
}

#[tokio::test]
async fn dues_are_changed_by_one_steward_at_a_time() {
    let house = house().await;
    let mut ben = ben_with_dues(&house).await;
    let page = ben.get("/money/dues/1").await.text();
    let with = |amount: &'static str| {
        MONTHLY.map(|(name, value)| (name, if name == "amount-0" { amount } else { value }))
    };
    assert_eq!(ben.submit("/money/dues/1", &page, &with("4")).await.status, 303);
    let late = ben.submit("/money/dues/1", &page, &with("5")).await;
    assert_eq!(late.status, 403);
    assert!(
        late.text().contains("comes from an older page"),
        "{}",
        late.text()
    );
    let page = ben.get("/money/dues/1").await.text();
    let wrong = ben.submit("/money/dues/1", &page, &with("-4")).await;
    assert!(
        wrong.status == 422 && wrong.text().contains("less than nothing"),
        "{}",
        wrong.text()
    );
    let none: Vec<(&str, &str)> = MONTHLY
        .into_iter()
        .map(|(name, value)| (name, if name == "anchor" { "31 February" } else { value }))
        .collect();
    let wrong = ben.submit("/money/dues/1", &page, &none).await;
    assert!(
        wrong.status == 422 && wrong.text().contains("“31 February” is no day."),
        "{}",
        wrong.text()
    );
    let list = ben.get("/money/dues").await.text();
    assert!(list.contains("Full: £4.00"), "{list}");
}

#[tokio::test]
async fn the_day_is_counted_and_closed() {
    let house = house().await;
    let mut ben = ben_with_dues(&house).await;
    let page = ben.get("/money/pay?payer=person-1").await.text();
    pay(&mut ben, &page, "10", "dues").await;
    let page = ben.get("/money/cash").await.text();
    let form = hidden(&page, "/money/cash", "form");
    let milk = [
        ("form", form.as_str()),
        ("what", "spent"),
        ("amount", "1.40"),
        ("reference", "milk"),
    ];
    assert_eq!(
        ben.submit("/money/cash", &page, &milk).await.header("location"),
        "/money/cash?done=spent"
    );
    assert_eq!(
        ben.submit("/money/cash", &page, &milk).await.header("location"),
        "/money/cash?done=again"
    );
    let stale = ben
        .submit(
            "/money/cash/close",
            &page,
            &[("day", "2026-06-16"), ("counted", "10"), ("explained", "")],
        )
        .await;
    assert_eq!(stale.status, 403, "something was entered since");
    let page = ben.get("/money/cash").await.text();
    assert!(page.contains("£8.60") && page.contains("milk"), "{page}");
    let count = |counted: &'static str, why: &'static str| {
        [("day", "2026-06-16"), ("counted", counted), ("explained", why)]
    };
    let short = ben.submit("/money/cash/close", &page, &count("8.50", "")).await;
    assert!(
        short.status == 422
            && short
                .text()
                .contains("The book says £8.60 and you counted £8.50.")
    );
    let closed = ben
        .submit("/money/cash/close", &page, &count("8.50", "change"))
        .await;
    assert_eq!(
        closed.header("location"),
        "/money/cash?day=2026-06-16&done=closed"
    );
    let page = ben.get("/money/cash?day=2026-06-16").await.text();
    assert!(
        page.contains("-£0.10") && !page.contains("action=\"/money/cash/close\""),
        "{page}"
    );
    let page = ben.get("/money/pay?payer=person-1").await.text();
    let late = pay(&mut ben, &page, "3", "dues").await;
    assert!(
        late.status == 422 && late.text().contains("is closed. Enter it for 2026-06-17"),
        "{}",
        late.text()
    );
}

#[tokio::test]
async fn an_entry_is_taken_back_for_a_reason() {
    let house = house().await;
    let mut ben = ben_with_dues(&house).await;
    let page = ben.get("/money/pay?payer=person-1").await.text();
    pay(&mut ben, &page, "900", "dues").await;
    let entry = "/money/payment/2026-06-16-1";
    let page = ben.get(entry).await.text();
    let silent = ben.submit(entry, &page, &[("why", "")]).await;
    assert!(
        silent.status == 422 && silent.text().contains("Say why it is taken back."),
        "{}",
        silent.text()
    );
    let back = ben.submit(entry, &page, &[("why", "two noughts too many")]).await;
    assert_eq!(back.header("location"), "/money/payment/2026-06-16-1?done=back");
    let twice = ben.submit(entry, &page, &[("why", "again")]).await;
    assert!(
        twice.status == 409 && twice.text().contains("taken back already"),
        "{}",
        twice.text()
    );
    let account = ben.get("/money/payer/person-1").await.text();
    assert!(
        account.contains("£18.00 is open") && account.matches("(taken back)").count() == 2,
        "{account}"
    );
}

#[tokio::test]
async fn one_reads_ones_own_dues_and_nobody_elses() {
    let house = house().await;
    let mut ben = ben_with_dues(&house).await;
    let page = ben.get("/money/pay?payer=person-1").await.text();
    assert_eq!(pay(&mut ben, &page, "5", "dues").await.status, 303);
    let mut ana = signed_in(&house, ANA, &[]).await;
    assert!(ana.get("/me").await.text().contains("href=\"/me/dues\""));
    let own = ana.get("/me/dues").await;
    assert_eq!((own.status, own.header("cache-control")), (200, "no-store"));
    let own = own.text();
    for said in [
        "£13.00 is open since 1 February 2026.",
        "Next: £3.00 on 1 July 2026.",
        "Monthly dues",
        "£5.00",
        "2026-0001",
        "How to pay",
    ] {
        assert!(own.contains(said), "{said}: {own}");
    }
    assert!(
        !own.contains("\"/money"),
        "it leads to no page of the accounts: {own}"
    );
    let of_ben = ben.get("/me/dues").await.text();
    assert!(
        of_ben.contains("Was never asked for dues.") && !of_ben.contains("£5.00"),
        "{of_ben}"
    );
    let stranger = Browser::new(&house).get("/me/dues").await;
    assert!(stranger.header("location").starts_with("/sign-in"));
}

#[tokio::test]
async fn who_owes_is_reminded_once() {
    let house = house().await;
    let mut ben = ben_with_dues(&house).await;
    let page = ben.get("/money/arrears").await.text();
    assert!(
        page.contains("1 pays late.") && page.contains("value=\"person-1 letter\""),
        "{page}"
    );
    let whom = [("whom", "person-1 letter")];
    let reply = ben.submit("/money/arrears", &page, &whom).await;
    assert_eq!(reply.header("location"), "/money/arrears?reminded=1");
    let again = ben.submit("/money/arrears", &page, &whom).await;
    assert_eq!(again.header("location"), "/money/arrears?reminded=0");
    let page = ben.get("/money/arrears?reminded=0").await.text();
    assert!(
        !page.contains("type=\"checkbox\"") && page.contains("Nobody was written down"),
        "{page}"
    );
    let account = ben.get("/money/payer/person-1").await.text();
    assert!(account.contains("a letter. £18.00 was open."), "{account}");
}

#[tokio::test]
async fn less_is_agreed_and_a_waiver_is_as_good_as_paying() {
    let house = house().await;
    let mut ben = ben_with_dues(&house).await;
    let action = "/money/payer/person-1/agree";
    let page = ben.get("/money/payer/person-1").await.text();
    let chosen = |step: &'static str, amount: &'static str| {
        [
            ("step", step),
            ("amount", amount),
            ("way", "cash"),
            ("agreed-from", "2026-06-01"),
        ]
    };
    let fixed = ben.submit(action, &page, &chosen("1-0", "1")).await;
    assert!(
        fixed.status == 422 && fixed.text().contains("The amount of this step is fixed."),
        "{}",
        fixed.text()
    );
    let agreed = ben.submit(action, &page, &chosen("nothing", "")).await;
    assert_eq!(agreed.header("location"), "/money/payer/person-1?done=agreed");
    let page = ben.get("/money/payer/person-1").await.text();
    assert!(
        page.contains("£15.00 is open") && page.contains("From 1 June 2026 on nothing is asked."),
        "{page}"
    );
    let page = ben.get("/money/pay?payer=person-1").await.text();
    let form = hidden(&page, "/money/pay", "form");
    let waived = [
        ("form", form.as_str()),
        ("payer", "person-1"),
        ("amount", "15"),
        ("way", "waiver"),
        ("purpose", "dues"),
        ("day", "2026-06-16"),
    ];
    let reply = ben.submit("/money/pay", &page, &waived).await;
    assert_eq!(
        reply.header("location"),
        "/money/payer/person-1?done=entered",
        "{}",
        reply.text()
    );
    let page = ben.get("/money/payer/person-1").await.text();
    assert!(page.contains("Paid until 31 May 2026."), "{page}");
}

#[tokio::test]
async fn a_gift_is_claimed_and_the_table_holds_no_formula() {
    let house = house().await;
    let mut ben = ben_with_dues(&house).await;
    ana_renamed(&house, "=HYPERLINK(1) <b>Öberg</b>");
    let page = ben.get("/money/dues").await.text();
    let rules = [
        ("remind-every", "21"),
        ("not-worth", ""),
        ("gift-aid", "yes"),
        ("dues-are-gifts", "no"),
        ("year-ends-day", "5"),
        ("year-ends-month", "4"),
    ];
    assert_eq!(
        ben.submit("/money/dues", &page, &rules).await.header("location"),
        "/money/dues?done=decided"
    );
    let page = ben.get("/money/pay?payer=person-1").await.text();
    pay(&mut ben, &page, "20", "gift").await;
    let page = ben.get("/money/gift-aid").await.text();
    assert!(
        page.contains("No declaration covers its day.") && !page.contains("<b>Öberg"),
        "{page}"
    );
    let action = "/money/payer/person-1/gift-aid";
    let page = ben.get("/money/payer/person-1").await.text();
    let declared = |from: &'static str| [("given", "2026-06-16"), ("from", from), ("heard", "on paper")];
    let far = ben.submit(action, &page, &declared("2020-01-01")).await;
    assert!(
        far.status == 422 && far.text().contains("at most four years before"),
        "{}",
        far.text()
    );
    assert_eq!(
        ben.submit(action, &page, &declared("2026-01-01")).await.status,
        303
    );
    assert_eq!(
        ben.submit(action, &page, &declared("2026-01-01")).await.status,
        403,
        "a form does its work once"
    );
    let page = ben.get("/money/gift-aid").await.text();
    assert!(page.contains("1 gift can be claimed: £20.00."), "{page}");
    assert_eq!(
        ben.submit("/money/gift-aid", &page, &[]).await.header("location"),
        "/money/gift-aid?done=claimed"
    );
    assert_eq!(
        ben.submit("/money/gift-aid", &page, &[]).await.status,
        403,
        "nothing is claimed twice"
    );
    let csv = ben.get("/money/gift-aid/1?part=1").await;
    assert_eq!(
        csv.header("content-disposition"),
        "attachment; filename=\"gift-aid-1-1.csv\""
    );
    let text = csv.text();
    let line = text.lines().nth(1).expect("a line");
    assert!(
        line.contains("'=HYPERLINK(1)") && line.ends_with(",BS5 0HE,,,16/06/26,20.00"),
        "{text}"
    );
}

fn ana_renamed(house: &House, name: &str) {
    let before = house
        .store
        .row("people", &ANA.to_key())
        .expect("readable")
        .expect("Ana");
    let mut ana = Person::decode(&before).expect("a person");
    name.clone_into(&mut ana.name);
    write(house, "people", ANA, Some(before), ana.encode());
}
