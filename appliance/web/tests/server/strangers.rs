//! What is written about somebody is for themselves and for whoever has the right: every address of the router is walked by a
//! visitor, by another member, and by somebody whose roles are about other things, and none of them finds a word of it.
//!
//! The same walk by somebody who may must find every word, or it proves nothing.

use std::collections::{BTreeMap, BTreeSet};

use acts::letters::Draft;
use acts::{Actor, Right};
use jiff::civil::date;
use members::household::{Household, Occupancy};
use members::import::record::Import;
use members::letters::Choice;
use members::membership::{Membership, Move, Notice, Status};
use members::money::{Claim, For, NewPayment, Payer, Receipt, ReceiptNumber, Way as Paid};
use members::person::{Address, Person, Reach, Way, WayKind};
use members::record::Newer;
use members::register::Entry;
use members::request::RequestKind;
use members::role::Role;
use members::search::Search;
use units::{Currency, HomeName, HouseholdId, Instant, Money, PersonId};
use web::server::Limits;

use crate::browser::{ANA, BEN, Browser, give_roles, house_with, signed_in};
use crate::house::{House, NOON};
use crate::routes::{Route, routes};

/// The steward who wrote all of it.
const CLEO: PersonId = PersonId::new(3);
/// How each word about Ana begins, that stands nowhere else.
const MARK: &str = "zq";
/// The words about Ana.
const WORDS: [&str; 26] = [
    "name",
    "called",
    "sort",
    "pronouns",
    "language",
    "access",
    "mail",
    "remark",
    "tag",
    "note",
    "household",
    "street",
    "homenote",
    "application",
    "step",
    "notice",
    "registered",
    "registerstreet",
    "payment",
    "memo",
    "draft",
    "title",
    "text",
    "request",
    "import",
    "search",
];

/// Marked, so that it is found again.
fn marked(of: &str) -> String {
    assert!(WORDS.contains(&of), "{of} is in the list");
    format!("{MARK}{of}")
}

fn now() -> Instant {
    Instant::from_millis(NOON)
}

fn steward() -> Actor {
    Actor::Member {
        person: CLEO,
        rights: Right::ALL.iter().copied().collect(),
    }
}

/// Ana, with a word in every field.
fn ana() -> Person {
    let mut ana = Person::named(&marked("name"), now()).expect("a name");
    ana.called = Some(marked("called"));
    ana.sort = Some(marked("sort"));
    ana.pronouns = Some(marked("pronouns"));
    ana.languages = vec![marked("language")];
    ana.access = Some(marked("access"));
    ana.tags = [marked("tag")].into();
    ana.note = Some(marked("note"));
    ana.reach = Reach::Post;
    ana.ways = vec![Way {
        kind: WayKind::Email,
        value: format!("{}@example.org", marked("mail")),
        note: Some(marked("remark")),
        newer: Newer::default(),
    }];
    ana.household = Some(HouseholdId::new(1));
    ana
}

fn home() -> Household {
    let mut home = Household::new();
    home.name = Some(marked("household"));
    home.note = Some(marked("homenote"));
    home.address = Some(Address {
        lines: vec![format!("1 {}", marked("street"))],
        postcode: Some("BS5 6AA".to_owned()),
        country: None,
        newer: Newer::default(),
    });
    home.homes = vec![Occupancy {
        home: HomeName::parse("flat-1").expect("a good word"),
        from: date(2026, 6, 1),
        until: None,
        newer: Newer::default(),
    }];
    home
}

fn membership(number: u32, why: Option<String>) -> Membership {
    let step = Move {
        to: Status::Member,
        class: Some("member".to_owned()),
        on: date(2026, 1, 1),
        why,
        by: Some(CLEO),
        at: now(),
    };
    let mut membership = Membership::begin(step).expect("a member");
    membership.number = Some(number);
    membership
}

/// Writes everything about Ana that can be written.
async fn written() -> House {
    let house = house_with(Limits::default()).await;
    house.put(&ANA, &ana());
    let mut ben = Person::named("Ben Okafor", now()).expect("a name");
    ben.household = Some(HouseholdId::new(2));
    house.put(&BEN, &ben);
    house.put(&CLEO, &Person::named("Cleo Rossi", now()).expect("a name"));
    house.put(&HouseholdId::new(1), &home());
    house.put(&HouseholdId::new(2), &Household::new());
    let mut hers = membership(41, Some(marked("step")));
    hers.application = Some(marked("application"));
    hers.notices = vec![Notice {
        given: date(2026, 6, 1),
        until: date(2026, 7, 1),
        why: marked("notice"),
        objection: None,
        heard: None,
        closed: None,
        newer: Newer::default(),
    }];
    house.put(&ANA, &hers);
    house.put(&BEN, &membership(42, None));
    house.put(
        &1_u32,
        &Entry {
            person: ANA,
            name: marked("registered"),
            address: vec![marked("registerstreet")],
            number: Some(41),
            class: "Member".to_owned(),
            entered: date(2026, 1, 1),
            ended: None,
            shares: 0,
            newer: Newer::default(),
        },
    );
    house.put(
        &"choir".to_owned(),
        &Role {
            name: "Choir".to_owned(),
            rights: BTreeSet::new(),
            newer: Newer::default(),
        },
    );
    house.put(
        &1_u32,
        &Import {
            file: Some(format!("{}.csv", marked("import"))),
            at: now(),
            by: Some(CLEO),
            new: 1,
            changed: 0,
            same: 0,
            report: Vec::new(),
            undone: None,
            stayed: 0,
            merge: None,
            newer: Newer::default(),
        },
    );
    lists(&house);
    house
}

/// A search that is kept, and a claim of Gift Aid.
fn lists(house: &House) {
    house.put(
        &1_u32,
        &Search {
            name: marked("search"),
            all: true,
            conditions: Vec::new(),
            by: Some(CLEO),
            made: now(),
            newer: Newer::default(),
        },
    );
    house.put(
        &1_u32,
        &Claim {
            at: now(),
            by: Some(CLEO),
            total: Money::new(500, Currency::GBP),
            payments: Vec::new(),
            newer: Newer::default(),
        },
    );
}

/// What comes about by acts: a payment with its receipt, a statement, a letter, a request.
async fn done(house: &House) -> String {
    let (acts, steward) = (&house.acts, steward());
    let paid = NewPayment {
        day: date(2026, 6, 2),
        payer: Some(Payer::Person(ANA)),
        outsider: None,
        amount: Money::new(500, Currency::GBP),
        way: Paid::Cash,
        purpose: For::Dues,
        reference: Some(marked("payment")),
        line: None,
    };
    let entered = acts
        .enter_payment(&steward, &acts.fresh_form(), paid)
        .await
        .expect("entered");
    house.put(
        &ReceiptNumber {
            year: 2026,
            number: 1,
        },
        &Receipt {
            payment: entered.payment,
            by: Some(CLEO),
            at: now(),
            shown: 0,
            newer: Newer::default(),
        },
    );
    let bank = format!(
        "Number,Date,Account,Amount,Subcategory,Memo\n,01/05/2026,20-00-00 1,3.00,FT,{}\n",
        marked("memo")
    );
    let name = format!("{}.csv", marked("draft"));
    let read = acts
        .hand_in_statement(&steward, &name, bank.clone().into_bytes())
        .await;
    acts.read_statement(&steward, read.expect("handed in"), "ours")
        .await
        .expect("read");
    acts.hand_in_statement(&steward, &name, bank.into_bytes())
        .await
        .expect("handed in");
    let letter = Draft {
        title: marked("title"),
        text: format!("Dear {{name}}, {}", marked("text")),
        purpose: String::new(),
        demanded: String::new(),
    };
    let letter = acts
        .write_letter(&steward, None, None, &letter)
        .await
        .expect("written");
    acts.send_letter(&steward, letter, &Choice::People([ANA].into()), BTreeMap::new())
        .await
        .expect("sent");
    let herself = Actor::Member {
        person: ANA,
        rights: BTreeSet::new(),
    };
    acts.ask_about_data(&herself, RequestKind::Complaint, &marked("request"))
        .await
        .expect("asked");
    entered.payment.to_string()
}

/// The address of what is Ana's behind a pattern.
pub(crate) fn address(pattern: &str, payment: &str) -> String {
    let number = match pattern {
        "/money/receipts/{number}" => "2026-0001",
        "/money/dues/{number}" => "new",
        "/members/card/{number}" => "41",
        // The first file was read; the second one waits.
        pattern if pattern.starts_with("/money/statements/file/") => "2",
        _ => "1",
    };
    [
        ("{person}", "1"),
        ("{kept}", "1"),
        ("{gone}", "2"),
        ("{household}", "1"),
        ("{letter}", "1"),
        ("{run}", "1"),
        ("{number}", number),
        ("{payer}", "person-1"),
        ("{id}", payment),
        ("{key}", "choir"),
        ("{group}", "name"),
        ("{act}", "application"),
        ("{name}", "roof"),
        ("{point}", "power"),
        ("{period}", "2026-06-16"),
        ("{*name}", "style/main.css"),
        ("{*rest}", "v1/nothing"),
    ]
    .iter()
    .fold(pattern.to_owned(), |path, (part, is)| path.replace(part, is))
        + question(pattern)
}

/// What is asked for at an address that answers nothing without.
fn question(pattern: &str) -> &'static str {
    match pattern {
        "/energy" => "?date=2026-06-16",
        "/energy.csv" => "?period=2026-06-16",
        "/readings.csv" | "/api/v1/readings" => "?channel=roof/power&from=2026-06-16&to=2026-06-16",
        "/api/v1/means" => "?channel=roof/power&from=2026-06-16&to=2026-06-16&parts=1",
        "/members/print/labels.css" => "?sheet=3x7",
        "/members/print/attendance" | "/members/print/cards" | "/members/print/labels" => "?who=everybody",
        _ => "",
    }
}

/// The words about Ana in a text.
fn words_in(text: &str) -> BTreeSet<String> {
    let text = text.to_lowercase();
    let found = text.match_indices(MARK).map(|(at, _)| {
        let rest = text[at + MARK.len()..].chars();
        rest.take_while(char::is_ascii_lowercase).collect()
    });
    // Two letters may also stand in a token.
    found
        .filter(|word: &String| WORDS.contains(&word.as_str()))
        .collect()
}

/// What somebody finds who looks at everything: the words with where they stand, and the status of each address.
async fn looked(
    browser: &mut Browser<'_>,
    routes: &[Route],
    payment: &str,
) -> (BTreeMap<String, String>, Vec<(String, u16)>) {
    let (mut found, mut answers) = (BTreeMap::new(), Vec::new());
    for route in routes
        .iter()
        .filter(|route| route.looked_at && route.pattern != "/live")
    {
        let path = address(&route.pattern, payment);
        assert!(!path.contains('{'), "{path}: say what stands for this part");
        let reply = browser.get(&path).await;
        found.extend(
            words_in(&reply.text())
                .into_iter()
                .map(|word| (word, path.clone())),
        );
        answers.push((path, reply.status));
    }
    (found, answers)
}

/// The same of somebody who sends a form everywhere that holds its token and nothing else.
async fn sent(browser: &mut Browser<'_>, routes: &[Route], payment: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for route in routes.iter().filter(|route| route.sent_to) {
        let path = address(&route.pattern, payment);
        let token = browser.token(&path);
        let reply = browser.post(&path, &[("token", &token)]).await;
        assert!(reply.status < 500, "{path}: {}", reply.status);
        found.extend(
            words_in(&reply.text())
                .into_iter()
                .map(|word| (word, path.clone())),
        );
    }
    found
}

#[tokio::test]
async fn nothing_about_somebody_is_found_by_those_whom_it_does_not_concern() {
    let house = written().await;
    let payment = done(&house).await;
    let routes = routes();
    let nothing = BTreeMap::new();

    // All come in first: what is sent to the doors later counts as guessing.
    let mut visitor = Browser::new(&house);
    let mut ana = signed_in(&house, ANA, &[]).await;
    let mut ben = signed_in(&house, BEN, &[]).await;
    let mut cleo = signed_in(&house, CLEO, &["steward", "treasurer", "auditor"]).await;

    assert_eq!(
        looked(&mut visitor, &routes, &payment).await.0,
        nothing,
        "a visitor"
    );
    assert_eq!(sent(&mut visitor, &routes, &payment).await, nothing, "a visitor");
    for roles in [&[][..], &["technician", "energy"]] {
        give_roles(&house, BEN, roles);
        assert_eq!(looked(&mut ben, &routes, &payment).await.0, nothing, "{roles:?}");
        assert_eq!(sent(&mut ben, &routes, &payment).await, nothing, "{roles:?}");
    }

    // Whoever may sees all of it, and each address is really there.
    let (own, _) = looked(&mut ana, &routes, &payment).await;
    let (seen, answers) = looked(&mut cleo, &routes, &payment).await;
    let missed: Vec<&str> = WORDS
        .into_iter()
        .filter(|word| !own.contains_key(*word) && !seen.contains_key(*word))
        .collect();
    assert_eq!(
        missed,
        Vec::<&str>::new(),
        "nobody finds these: the walk is blind there"
    );
    let not_there: Vec<&(String, u16)> = answers
        .iter()
        .filter(|(path, status)| !matches!(status, 200 | 303 | 307) && !NOT_FOR_CLEO.contains(&path.as_str()))
        .collect();
    assert_eq!(
        not_there,
        Vec::<&(String, u16)>::new(),
        "nothing is there to be kept from others"
    );
    let shown = sent(&mut cleo, &routes, &payment).await;
    assert!(
        shown.len() >= 3,
        "forms come back with what is theirs to see, or the walk is blind there: {shown:?}"
    );
}

/// What is not there for Cleo: a letter to Ana, a household and the other members of one's own, a table that nobody handed
/// in, what a box has that is on a network, a question without an answer, and addresses that are nowhere.
const NOT_FOR_CLEO: [&str; 13] = [
    "/me/letters/1",
    "/me/household",
    "/me/members",
    "/members/import/table",
    "/members/import/preview",
    "/members/import/preview.csv",
    "/box/called",
    "/trust/authority.crt",
    "/trust/authority.mobileconfig",
    "/trust/card",
    "/members/roles/person",
    "/behind-the-safe-door",
    "/api/v1/nothing",
];
