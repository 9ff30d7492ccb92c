//! A members' book in a state folder, with somebody who is signed in, and a letter that went out to everybody.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Result;
use members::book::{Book, Numbers};
use members::credential::Token;
use members::credential::session::{Custody, Session, WayIn};
use members::household::Household;
use members::letters::book::{OF_MAILS, OF_RUNS};
use members::letters::{Channel, Choice, Demand, Mail, MailServer, Mailing, Run, Security, deal};
use members::membership::{Membership, Move, Status};
use members::person::{Address, Person, Reach, Way, WayKind};
use members::record::{Kept, Key, Newer};
use members::role::Duty;
use store::{Change, Options, RowChange, Store};
use units::{HouseholdId, Instant, PersonId};

/// The site's file.
pub(crate) const SITE: &str = "[place]\nname = \"The Hall\"\ntime_zone = \"Europe/London\"\ncurrency = \"GBP\"\n\
                               latitude = 51.46\nlongitude = -2.56\n";

/// What the letter says.
const TEXT: &str = "# You are asked\n\nDear {name},\n\nwe meet at {place}. Your number is {number}.\n\n- Bring a cup\n\n\
                    [Our pages](https://hall.example/agm)";

/// Names of every script: two of each household.
pub(crate) const NAMES: [&str; 6] = [
    "Ana Öberg",
    "Ben Okafor",
    "محمد علي",
    "Nguyễn Thị Minh Khai",
    "Zoë Łukasz",
    "Εύα",
];

/// By which way those with an e-mail address are reached, and by which server.
pub(crate) enum Post {
    /// All on paper.
    Paper,
    /// By the server at this port of the machine, kept safe in this way.
    Mail(u16, Security),
}

/// Writes the book, `households` of two, and gives the token of the session.
pub(crate) fn book(folder: &Path, households: u32, post: &Post) -> Result<Token> {
    fs::write(folder.join("site.toml"), SITE)?;
    let store = Store::open(folder, Options::default())?;
    let (now, token) = (hearth::clock::now(), Token::new([7; 32]));
    let mut book = Book::default();
    let mut rows = vec![
        row(&PersonId::new(1), &duty()),
        row(&token.digest(), &session(now)),
    ];
    for number in 1..=households {
        let mut household = Household::new();
        household.address = Some(address(number));
        rows.push(row(&HouseholdId::new(number), &household));
        book.households.insert(HouseholdId::new(number), household);
    }
    for number in 1..=households * 2 {
        let id = PersonId::new(number);
        let (person, membership) = (person(number, post, now)?, membership(number, now)?);
        rows.push(row(&id, &person));
        rows.push(row(&id, &membership));
        book.people.insert(id, person);
        book.memberships.insert(id, membership);
    }
    rows.extend(sent(&book, post, now));
    store.change(Change {
        rows,
        lines: Vec::new(),
    })?;
    Ok(token)
}

/// The letter that went out to all members, with what waits of it.
fn sent(book: &Book, post: &Post, now: Instant) -> Vec<RowChange> {
    let mailing = match post {
        Post::Paper => Mailing::Off,
        Post::Mail(..) => Mailing::On,
    };
    let run = Run {
        letter: None,
        title: "Annual meeting — ünïcode".to_owned(),
        text: TEXT.to_owned(),
        demanded: None,
        by: Some(PersonId::new(1)),
        at: now,
        chosen: Choice::Members.words(),
        pieces: deal(book, &Choice::Members.of(book), Demand::Free, mailing),
        owed: BTreeMap::new(),
        printed: None,
        newer: Newer::default(),
    };
    let mails: Vec<Mail> = run
        .by(Channel::Email)
        .map(|piece| Mail::queued(Some(1), piece.people.clone(), now))
        .collect();
    let given = u32::try_from(mails.len()).unwrap_or(u32::MAX);
    let mut rows = vec![
        row(&1, &run),
        row(&OF_RUNS.to_owned(), &numbers(1)),
        row(&OF_MAILS.to_owned(), &numbers(given)),
    ];
    rows.extend((1..).zip(&mails).map(|(number, mail)| row(&number, mail)));
    if let Post::Mail(port, security) = post {
        rows.push(row(&"server".to_owned(), &server(*port, *security, now)));
    }
    rows
}

fn server(port: u16, security: Security, now: Instant) -> MailServer {
    MailServer {
        host: "127.0.0.1".to_owned(),
        port,
        security,
        user: None,
        password: None,
        sender: "office@hall.example".to_owned(),
        on: true,
        by: None,
        at: now,
        newer: Newer::default(),
    }
}

fn row<R: Kept>(key: &R::Key, record: &R) -> RowChange {
    RowChange {
        table: R::TABLE,
        key: key.to_key(),
        before: None,
        after: Some(record.encode()),
    }
}

fn numbers(given: u32) -> Numbers {
    Numbers {
        given,
        newer: Newer::default(),
    }
}

fn duty() -> Duty {
    Duty {
        roles: ["steward".to_owned()].into(),
        newer: Newer::default(),
    }
}

fn session(now: Instant) -> Session {
    Session {
        person: PersonId::new(1),
        begun: now,
        seen: now,
        device: "the test".to_owned(),
        custody: Custody::Own,
        way: WayIn::Slip,
        newer: Newer::default(),
    }
}

fn address(number: u32) -> Address {
    Address {
        lines: vec![
            format!("{number} High Street"),
            "Easton".to_owned(),
            "Bristol".to_owned(),
        ],
        postcode: Some("BS5 6AA".to_owned()),
        country: None,
        newer: Newer::default(),
    }
}

fn person(number: u32, post: &Post, now: Instant) -> Result<Person> {
    let at = usize::try_from(number - 1)? % NAMES.len();
    let mut person = Person::named(NAMES.get(at).copied().unwrap_or("Ana"), now)?;
    person.household = Some(HouseholdId::new(number.div_ceil(2)));
    person.large_print = number == 1;
    if matches!(post, Post::Mail(..)) {
        person.reach = Reach::Email;
        person.ways.push(Way {
            kind: WayKind::Email,
            // The two of a household share one.
            value: format!("home{}@hall.example", number.div_ceil(2)),
            note: None,
            newer: Newer::default(),
        });
    }
    Ok(person)
}

fn membership(number: u32, now: Instant) -> Result<Membership> {
    let step = Move {
        to: Status::Member,
        class: Some("member".to_owned()),
        on: "2016-01-01".parse()?,
        why: None,
        by: None,
        at: now,
    };
    let mut membership = Membership::begin(step)?;
    membership.number = Some(number + 100);
    Ok(membership)
}
