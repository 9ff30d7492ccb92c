//! The canary in every table there is: what is somebody's goes, what a machine wrote of them goes, what the law keeps is
//! said, and what others wrote is shown before and after. The rows are made from the list of tables.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::task::{Context, Poll};

use acts::data::{Erasure, Mention};
use acts::import::Others;
use acts::{Actor, Right};
use members::erasure::{WORDS, Words};
use members::household::Household;
use members::import::record::{Import, ImportRow, row_key};
use members::letters::Mail;
use members::money::{For, Payer, Payment, PaymentId, Way};
use members::person::Person;
use members::record::{Kept, Key, Newer, Opaque, Record};
use members::statement::kept::Draft;
use members::tables::Table;
use members::waiting::{RowToBe, Waiting};
use store::{AuditEntry, Change, RowChange, Whose, Why};
use units::{Currency, HouseholdId, Money, PersonId, Span};

use crate::scene::{ANA, BEN, START, Scene};
use crate::seeds::{is_anas, row};

/// A name that stands nowhere else.
const NAME: &str = "Wilhelmina Kanarienvogel";
const CANARY: &str = "kanarienvogel";

fn steward() -> Actor {
    Actor::Member {
        person: BEN,
        rights: [Right::HandleData, Right::ImportTables].into(),
    }
}

/// How often the name stands in some bytes, in whatever letters.
fn sings(bytes: &[u8]) -> usize {
    let small = bytes.to_ascii_lowercase();
    small
        .windows(CANARY.len())
        .filter(|part| *part == CANARY.as_bytes())
        .count()
}

impl Scene {
    /// Puts bytes into a row, whatever stood there.
    fn put_row(&self, table: &'static str, key: &[u8], value: &[u8]) {
        let row = RowChange {
            table,
            before: self.store.row(table, key).expect("readable"),
            key: key.to_vec(),
            after: Some(value.to_vec()),
        };
        let change = Change {
            rows: vec![row],
            lines: Vec::new(),
        };
        self.store.change(change).expect("written");
    }

    /// Somebody with the name of the canary, who lives alone.
    fn canary() -> Self {
        let scene = Self::new();
        let mut ana = Person::named(NAME, START).expect("a name");
        ana.household = Some(HouseholdId::new(ANA.number()));
        scene.put(&ANA, &ana);
        scene.put(&HouseholdId::new(ANA.number()), &Household::new());
        scene
    }

    /// The tables in whose rows the name still stands, and how often all told.
    fn still_sings(&self) -> (BTreeSet<&'static str>, usize) {
        let (mut tables, mut count) = (BTreeSet::new(), 0);
        for table in members::KEPT {
            for (key, value) in self
                .store
                .rows(table.name, (&[], None), 10_000)
                .expect("readable")
            {
                let found = sings(&key) + sings(&value);
                count += found;
                if found > 0 {
                    tables.insert(table.name);
                }
            }
        }
        (tables, count)
    }

    async fn erases(&self) -> Erasure {
        self.acts
            .erase(&steward(), ANA, &format!("{NAME} asked"))
            .await
            .expect("erased")
    }
}

fn places(mentions: &[Mention]) -> BTreeSet<(&'static str, String)> {
    mentions
        .iter()
        .map(|mention| (mention.table, mention.at.clone()))
        .collect()
}

#[tokio::test]
async fn of_each_table_what_is_somebodys_goes_and_the_law_is_named_where_it_keeps_a_name() {
    let scene = Scene::canary();
    let mut seeded = BTreeSet::new();
    for table in members::KEPT {
        let seed = row(table, ANA, NAME);
        let (_, words) = WORDS
            .iter()
            .find(|(name, _)| *name == table.name)
            .expect("decided");
        // Whoever is a member or has a role is not erased; both are tried elsewhere.
        let hinders = ["duties", "memberships"].contains(&table.name);
        if !hinders && (is_anas(&seed) || !matches!(words, Words::Shown)) {
            scene.put_row(table.name, &seed.1, &seed.2);
            seeded.insert(table.name);
        }
    }
    assert!(seeded.len() > 25, "{seeded:?}");
    let done = scene.erases().await;
    let (tables, live) = scene.still_sings();
    let named = done.kept.iter().filter(|kept| kept.named);
    let named: Vec<&str> = named.map(|kept| kept.title.as_str()).collect();
    assert_eq!(tables, ["gift-aid", "register"].into(), "{named:?}");
    assert_eq!(named.len(), tables.len(), "and the page says so: {named:?}");
    let on_the_card = sings(&scene.bytes_on_the_card());
    assert_eq!(on_the_card, live, "not a byte more is left in the folder");
    // Time leaves them as long as the law wants them, and no longer.
    scene.acts.let_go(&Actor::TheBox).await.expect("gone");
    assert_eq!(scene.still_sings().1, live);
    scene.later(Span::DAY.times(366 * 11));
    let root = Actor::Root {
        why: "time".to_owned(),
    };
    scene.acts.let_go(&root).await.expect("gone");
    assert_eq!(sings(&scene.bytes_on_the_card()), 0, "then nothing is left");
}

#[tokio::test]
async fn of_each_table_what_others_wrote_is_shown_before_and_after() {
    for table in members::KEPT {
        let (_, words) = WORDS
            .iter()
            .find(|(name, _)| *name == table.name)
            .expect("decided");
        let scene = Scene::canary();
        let seed = row(table, BEN, NAME);
        if *words != Words::Shown || sings(&seed.2) == 0 {
            continue;
        }
        scene.put_row(table.name, &seed.1, &seed.2);
        let shown = scene.acts.erasure_of(&steward(), ANA).await.expect("shown");
        assert!(
            shown
                .mentions
                .iter()
                .any(|mention| mention.table == table.name && !mention.fields.is_empty()),
            "{}: {:?}",
            table.name,
            shown.mentions
        );
        let done = scene.erases().await;
        assert_eq!(done.mentions, shown.mentions, "{}", table.name);
        let (tables, live) = scene.still_sings();
        assert_eq!(tables, [table.name].into(), "and nowhere else");
        assert_eq!(sings(&scene.bytes_on_the_card()), live, "{}", table.name);
    }
}

/// What speaks of Ana in the rows of others and in files, and is nobody's text.
async fn traces(scene: &Scene) {
    let statement = format!("Date,Description,Amount\n2024-05-01,{NAME},5.00\n");
    let draft = Draft {
        name: "may.csv".to_owned(),
        bytes: Opaque(statement.into_bytes()),
        account: None,
        at: START,
        by: Some(BEN),
        newer: Newer::default(),
    };
    scene.put(&1, &draft);
    let mut home = Household::new();
    home.name = Some(format!("The {NAME} home"));
    let key = HouseholdId::new(ANA.number()).to_key();
    scene.put(
        &row_key(1, 0),
        &ImportRow::of(Household::TABLE, &key, (Some(&home.encode()), None), START).expect("a table"),
    );
    let mut ben = Person::named("Ben Okafor", START).expect("a name");
    ben.note = Some(format!("a friend of {NAME}"));
    scene.put(
        &row_key(1, 1),
        &ImportRow::of(Person::TABLE, &BEN.to_key(), (Some(&ben.encode()), None), START).expect("a table"),
    );
    let ana = Person::named(NAME, START).expect("a name");
    let wish = Waiting {
        act: "change-role".to_owned(),
        by: BEN,
        whose: Some(BEN),
        subject: String::new(),
        words: String::new(),
        why: None,
        at: START,
        until: START,
        rows: vec![RowToBe {
            table: Person::TABLE.to_owned(),
            key: Opaque(ANA.to_key()),
            before: Some(Opaque(ana.encode())),
            after: None,
            newer: Newer::default(),
        }],
        agreed: None,
        detail: String::new(),
        newer: Newer::default(),
    };
    scene.put(&1, &wish);
    let mut mail = Mail::queued(None, vec![BEN], START);
    mail.why = Some(format!("550 {NAME} is unknown"));
    scene.put(&1, &mail);
    let payment = Payment {
        payer: Some(Payer::Person(BEN)),
        outsider: None,
        amount: Money::new(500, Currency::GBP),
        way: Way::BankTransfer,
        purpose: For::Dues,
        reference: Some(format!("from {NAME}")),
        line: Some("1-1".to_owned()),
        by: None,
        at: START,
        reverses: None,
        reversed: None,
        receipt: None,
        in_cash_book: None,
        newer: Newer::default(),
    };
    let day = jiff::civil::date(2024, 5, 1);
    scene.put(&PaymentId { day, number: 1 }, &payment);
    let line = AuditEntry {
        whose: Whose::People(vec![BEN]),
        why: Why::Said {
            words: format!("{NAME} told us"),
            salt: [0; 16],
        },
        ..AuditEntry::new(START, "change-person")
    };
    scene.store.audit(line).expect("written");
}

#[tokio::test]
async fn files_copies_and_what_machines_wrote_hold_no_byte_afterwards() {
    let scene = Scene::canary();
    traces(&scene).await;
    assert!(sings(&scene.bytes_on_the_card()) > 7);
    let shown = scene.acts.erasure_of(&steward(), ANA).await.expect("shown");
    assert!(shown.mentions.is_empty(), "{:?}", shown.mentions);
    let count = |table: &str| {
        let title = members::tables::table(table).map_or(table.to_owned(), Table::title);
        let all = shown.gone.iter().chain(&shown.changed);
        all.filter(|row| row.0 == title).map(|row| row.1).sum::<usize>()
    };
    for title in [
        "statement-drafts",
        "waiting-acts",
        "mails",
        "payments",
        "Reasons in the record",
    ] {
        assert_eq!(count(title), 1, "{title}: {shown:?}");
    }
    assert_eq!(count("import-rows"), 2);
    scene.erases().await;
    assert_eq!(sings(&scene.bytes_on_the_card()), 0);
    scene.store.verify_audit().expect("the record is whole");
}

#[tokio::test]
async fn what_waited_too_long_for_somebody_goes_with_time() {
    let scene = Scene::canary();
    traces(&scene).await;
    let there = |table| {
        !scene
            .store
            .rows(table, (&[], None), 10)
            .expect("readable")
            .is_empty()
    };
    scene.later(Span::DAY.times(29));
    scene.acts.let_go(&Actor::TheBox).await.expect("gone");
    assert!(
        there("statement-drafts") && !there("waiting-acts"),
        "an act waits for a week"
    );
    scene.later(Span::DAY.times(2));
    let gone = scene.acts.let_go(&Actor::TheBox).await.expect("gone");
    assert!(!there("statement-drafts"), "{gone:?}");
}

#[tokio::test]
async fn what_a_namesake_may_have_paid_is_left_and_shown() {
    let scene = Scene::canary();
    traces(&scene).await;
    let namesake = Person::named(NAME, START).expect("a name");
    scene.put(&PersonId::new(3), &namesake);
    let shown = scene.acts.erasure_of(&steward(), ANA).await.expect("shown");
    let places = places(&shown.mentions);
    for place in [
        ("payments", "2024-05-01-1"),
        ("statement-drafts", "1"),
        ("people", "3"),
        ("mails", "1"),
    ] {
        assert!(
            places.contains(&(place.0, place.1.to_owned())),
            "{place:?} in {places:?}"
        );
    }
}

#[tokio::test]
async fn undoing_an_import_brings_nobody_back_who_was_erased() {
    let scene = Scene::canary();
    let bytes = scene.store.row(Person::TABLE, &ANA.to_key()).expect("readable");
    let before = Person::named(NAME, START).expect("a name").encode();
    let changed = ImportRow::of(
        Person::TABLE,
        &ANA.to_key(),
        (Some(&before), bytes.as_deref()),
        START,
    )
    .expect("a table");
    scene.put(&row_key(1, 0), &changed);
    let import = Import {
        file: None,
        at: START,
        by: Some(BEN),
        new: 0,
        changed: 1,
        same: 0,
        report: Vec::new(),
        undone: None,
        stayed: 0,
        merge: None,
        newer: Newer::default(),
    };
    scene.put(&1, &import);
    let standing = scene.acts.standing(&steward(), 1).await.expect("seen");
    assert_eq!(standing.rows, 1, "it could be undone");
    scene.erases().await;
    scene
        .acts
        .undo_import(&steward(), 1, Others::Undo)
        .await
        .expect("undone");
    assert_eq!(
        scene.store.row(Person::TABLE, &ANA.to_key()).expect("readable"),
        None
    );
    assert_eq!(sings(&scene.bytes_on_the_card()), 0);
}

/// A future that is given up after so many steps, as when a browser goes away.
struct GivenUp<F> {
    work: Pin<Box<F>>,
    steps: usize,
}

impl<F: Future> Future for GivenUp<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.steps == 0 {
            return Poll::Ready(None);
        }
        self.steps -= 1;
        self.work.as_mut().poll(cx).map(Some)
    }
}

#[tokio::test]
async fn an_erasure_whose_page_was_left_is_whole_or_did_not_happen() {
    for steps in 0.. {
        let scene = Scene::canary();
        let steward = steward();
        let work = Box::pin(scene.acts.erase(&steward, ANA, "she asked"));
        if (GivenUp { work, steps }).await.is_some() {
            assert!(steps > 1, "it was given up in the middle, too");
            break;
        }
        let there = scene
            .store
            .row(Person::TABLE, &ANA.to_key())
            .expect("readable")
            .is_some();
        let left = sings(&scene.bytes_on_the_card());
        assert_eq!(
            there,
            left > 0,
            "given up after {steps} steps, {left} bytes are left of somebody erased"
        );
    }
}

#[tokio::test]
async fn an_erasure_cut_short_behind_its_rows_takes_the_reasons_at_the_next_start() {
    let scene = Scene::canary();
    traces(&scene).await;
    scene
        .acts
        .copy_of(&steward(), ANA, &format!("{NAME} asked"))
        .await
        .expect("copied");
    let lines = scene.store.audit_entries(None, 100).expect("readable");
    let others = lines.iter().find(|line| line.entry.act == "change-person");
    let others = others.expect("a line about Ben").number;
    // As the power leaves it: remembered, the rows removed, the reasons not.
    let due = format!("1 {} {others}", ANA.number());
    scene
        .store
        .put_meta("data/rewrite-due", due.as_bytes())
        .expect("written");
    let row = RowChange {
        table: Person::TABLE,
        key: ANA.to_key(),
        before: scene.store.row(Person::TABLE, &ANA.to_key()).expect("readable"),
        after: None,
    };
    let change = Change {
        rows: vec![row],
        lines: Vec::new(),
    };
    scene.store.change(change).expect("removed");
    scene.acts.end_erasures().await.expect("ended");
    let lines = scene.store.audit_entries(None, 100).expect("readable");
    let erased = lines.iter().filter(|line| line.entry.why == Why::Erased);
    assert_eq!(erased.count(), 2, "that of the copy, and the one about Ben");
}
