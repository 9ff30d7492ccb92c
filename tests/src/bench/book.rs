//! The members' book of a large place: 5,000 people in 2,000 households. How long a list, a search and a page take over
//! HTTP, and how much memory the box needs more than with an empty book.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Instant as Watch;

use anyhow::{Context, Result};
use members::book::{Numbers, OF_HOUSEHOLDS, OF_MEMBERSHIPS, OF_PEOPLE};
use members::credential::Token;
use members::credential::session::{Custody, Session, WayIn};
use members::household::Household;
use members::membership::{Membership, Move, Status};
use members::person::{Address, Person, Way, WayKind};
use members::record::{Kept, Key, Newer};
use members::role::Duty;
use store::{Change, Options, RowChange, Store};
use units::{HouseholdId, Instant, PersonId};

use crate::Figure;
use crate::process::{Running, get};

const PEOPLE: u32 = 5_000;
const HOUSEHOLDS: u32 = 2_000;
/// So many of each question; the 95th percentile of them counts.
const ASKED: usize = 60;
/// Rows of one change.
const ROWS: usize = 2_000;

/// What is asked: a list, pages far behind, searches that find many, few and nothing, and the pages of single things.
const PAGES: &[(&str, &str)] = &[
    ("the list of people", "/people"),
    ("its page 30", "/people?page=30"),
    ("a search by a piece of a name", "/people?q=okaf"),
    ("a search by a telephone", "/people?q=07700+903"),
    ("a search that finds nothing", "/people?q=zzzzzz"),
    ("the list of households", "/households"),
    ("a search for a household", "/households?q=high+street"),
    (
        "people chosen by conditions",
        "/people/search?condition-1=status%3Amember&postcode=BS&of=all",
    ),
    ("one person", "/people/2500"),
    ("one household", "/households/1000"),
    ("one membership", "/people/2500/membership"),
];

pub(crate) fn figures() -> Result<Vec<Figure>> {
    let empty = tempfile::tempdir()?;
    let token = Token::new([7; 32]);
    seed(empty.path(), &token, 1, 1)?;
    // A book of one has nothing but its lists.
    let lists = PAGES.get(..1).context("a list")?;
    let (_, memory_empty) = ask(empty.path(), &token, lists)?;
    let full = tempfile::tempdir()?;
    seed(full.path(), &token, PEOPLE, HOUSEHOLDS)?;
    let (times, memory) = ask(full.path(), &token, PAGES)?;
    let mut figures = vec![Figure::at_most(
        "Book of 5,000: memory more than with an empty book",
        memory - memory_empty,
        16.0,
        "MiB",
    )];
    for (what, time) in times {
        figures.push(Figure::at_most(
            format!("  {what}, 95th percentile"),
            time,
            100.0,
            "ms",
        ));
    }
    Ok(figures)
}

/// Asks a box for every page; how long each took, and its memory afterwards.
fn ask(
    folder: &Path,
    token: &Token,
    pages: &[(&'static str, &str)],
) -> Result<(Vec<(&'static str, f64)>, f64)> {
    let (running, address) = Running::the_box(folder)?;
    let mut times = Vec::new();
    for (what, path) in pages {
        times.push((*what, percentile(address, path, token)?));
    }
    let (memory, _) = running.memory()?;
    Ok((times, memory))
}

/// The 95th percentile of the time that a page takes, in milliseconds.
fn percentile(address: SocketAddr, path: &str, token: &Token) -> Result<f64> {
    let cookie = format!("cookie: session={}\r\n", token.cookie());
    let mut times = Vec::new();
    for _ in 0..ASKED {
        let began = Watch::now();
        get(address, path, &cookie)?;
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    times.get(times.len() * 95 / 100).copied().context("no times")
}

/// Writes a book into a new state folder, with somebody in it who is signed in and may look at everything.
fn seed(folder: &Path, token: &Token, people: u32, households: u32) -> Result<()> {
    let site = "[place]\nname = \"Bench\"\ntime_zone = \"Europe/London\"\ncurrency = \"GBP\"\nlatitude = 51.46\n\
                longitude = -2.56\n";
    std::fs::write(folder.join("site.toml"), site)?;
    let store = Store::open(folder, Options::default())?;
    let now = hearth::clock::now();
    let mut rows = vec![
        row(&PersonId::new(1), &duty()),
        row(&token.digest(), &session(now)),
        row(&OF_PEOPLE.to_owned(), &numbers(people)),
        row(&OF_HOUSEHOLDS.to_owned(), &numbers(households)),
        row(&OF_MEMBERSHIPS.to_owned(), &numbers(people)),
    ];
    for number in 1..=households {
        let mut household = Household::new();
        household.address = Some(address(number));
        rows.push(row(&HouseholdId::new(number), &household));
    }
    for number in 1..=people {
        let id = PersonId::new(number);
        rows.push(row(&id, &person(number, households, now)?));
        rows.push(row(&id, &membership(number, now)?));
    }
    for part in rows.chunks(ROWS) {
        store.change(Change {
            rows: part.to_vec(),
            lines: Vec::new(),
        })?;
    }
    Ok(())
}

fn row<R: Kept>(key: &R::Key, record: &R) -> RowChange {
    RowChange {
        table: R::TABLE,
        key: key.to_key(),
        before: None,
        after: Some(record.encode()),
    }
}

fn duty() -> Duty {
    Duty {
        roles: BTreeSet::from(["steward".to_owned()]),
        newer: Newer::default(),
    }
}

fn session(now: Instant) -> Session {
    Session {
        person: PersonId::new(1),
        begun: now,
        seen: now,
        device: "the bench".to_owned(),
        custody: Custody::Own,
        way: WayIn::Slip,
        newer: Newer::default(),
    }
}

fn numbers(given: u32) -> Numbers {
    Numbers {
        given,
        newer: Newer::default(),
    }
}

fn address(number: u32) -> Address {
    Address {
        lines: vec![format!("{} Stapleton Road", number % 400), "Easton".to_owned()],
        postcode: Some(format!("BS5 {}AA", number % 10)),
        country: None,
        newer: Newer::default(),
    }
}

fn person(number: u32, households: u32, now: Instant) -> Result<Person> {
    const FIRST: [&str; 9] = [
        "Ana", "Ben", "Chidi", "Dilys", "Eun-ji", "Farah", "Gwen", "Hassan", "Ines",
    ];
    const LAST: [&str; 7] = [
        "Öberg",
        "Okafor",
        "Nguyễn",
        "Smith",
        "Haddad",
        "O’Brien",
        "Kowalska",
    ];
    let pick = |names: &[&'static str], by: u32| -> Result<&'static str> {
        let at = usize::try_from(number / by)? % names.len();
        names.get(at).copied().context("a name")
    };
    let mut person = Person::named(&format!("{} {}", pick(&FIRST, 1)?, pick(&LAST, 3)?), now)?;
    let way = |kind, value| Way {
        kind,
        value,
        note: None,
        newer: Newer::default(),
    };
    person.ways = vec![
        way(WayKind::Mobile, format!("07700 90{:04}", number % 10_000)),
        way(WayKind::Email, format!("somebody{number}@example.org")),
    ];
    person.household = Some(HouseholdId::new(number % households + 1));
    person.tags = BTreeSet::from([["choir", "garden", "door"][usize::try_from(number % 3)?].to_owned()]);
    person.born = Some("1970-02-28".parse()?);
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
    membership.number = Some(number);
    Ok(membership)
}
