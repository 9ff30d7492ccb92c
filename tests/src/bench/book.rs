//! The members' book of a large place: 5,000 people in 2,000 households, ten years of dues by the month. How long a list, a
//! search and a page take over HTTP, how long the copy of somebody's data takes, and how much memory the box needs more
//! than with an empty book.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Instant as Watch;

use anyhow::{Context, Result};
use jiff::civil::Date;
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

use crate::process::{Running, get, post};
use crate::{Figure, import, median, statement, ten_years};

pub(crate) const PEOPLE: u32 = 5_000;
const HOUSEHOLDS: u32 = 2_000;
/// So many of each question; the 95th percentile of them counts.
const ASKED: usize = 60;
/// Rows of one change.
const ROWS: usize = 2_000;
const SITE: &str = "[place]\nname = \"Bench\"\ntime_zone = \"Europe/London\"\ncurrency = \"GBP\"\nlatitude = 51.46\n\
                    longitude = -2.56\n";

/// What is asked that a book of one can answer too: lists, and searches that find many, few and nothing.
const LISTS: &[(&str, &str)] = &[
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
    ("money at a glance", "/money"),
    ("who owes dues", "/money/arrears"),
    ("somebody who pays, by a piece of a name", "/money/pay?q=okaf"),
    ("the cash book", "/money/cash"),
    ("the receipts of this year", "/money/receipts"),
];

/// The pages of single things.
const SINGLE: &[(&str, &str)] = &[
    ("one person", "/people/2500"),
    ("one household", "/households/1000"),
    ("one membership", "/people/2500/membership"),
    ("what one paid in ten years", "/money/payer/person-2500"),
];

/// Everything about oneself.
const MY_DATA: &str = "/me/data";
const MY_COPY: &str = "/me/copy";
const MY_COPY_FILE: &str = "/me/copy.json";

pub(crate) fn figures() -> Result<Vec<Figure>> {
    let token = Token::new([7; 32]);
    let (now, today) = today()?;
    let empty = tempfile::tempdir()?;
    drop(seed(empty.path(), &token, 1, 1, now)?);
    let memory_empty = {
        let (running, address) = Running::the_box(empty.path())?;
        times(address, &token, LISTS)?;
        copies(address, &token)?;
        running.memory()?.0
    };
    let full = tempfile::tempdir()?;
    let store = seed(full.path(), &token, PEOPLE, HOUSEHOLDS, now)?;
    let payment = ten_years::write(&store, PEOPLE, now, today)?;
    drop(store);
    let (running, address) = Running::the_box(full.path())?;
    let mut asked = times(address, &token, LISTS)?;
    asked.extend(times(address, &token, SINGLE)?);
    let last_year = (today.year() - 1).to_string();
    let dated = [
        ("one payment", format!("/money/payment/{payment}")),
        (
            "a day of the cash book",
            format!("/money/cash?day={}", payment.day),
        ),
        (
            "the receipts of a year",
            format!("/money/receipts?year={last_year}"),
        ),
    ];
    for (what, path) in &dated {
        asked.push((what, percentile(address, path, &token)?));
    }
    let memory = running.memory()?.0;
    let copied = [
        ("a member", copies(address, &member())?),
        ("whoever entered all payments", copies(address, &token)?),
    ];
    let memory_after = running.memory()?.0;
    let memories = [
        ("Book of 5,000, ten years of dues: memory more than empty", memory),
        ("  the same after copies of somebody's data", memory_after),
    ];
    let mut figures: Vec<Figure> = memories
        .into_iter()
        .map(|(what, memory)| Figure::at_most(what, memory - memory_empty, 16.0, "MiB"))
        .collect();
    figures.extend(
        asked
            .into_iter()
            .map(|(what, time)| Figure::at_most(format!("  {what}, 95th percentile"), time, 100.0, "ms")),
    );
    for (whose, copied) in copied {
        figures.extend(copied.into_iter().map(|(what, seconds)| {
            Figure::at_most(format!("  everything about {whose}, {what}"), seconds, 10.0, "s")
        }));
    }
    drop(running);
    figures.extend(statement::figures(full.path())?);
    Ok(figures)
}

/// The box's time, and the day at the place.
fn today() -> Result<(Instant, Date)> {
    let now = hearth::clock::now();
    let site = acts::Site::parse(SITE).ok().context("a good site")?;
    Ok((now, site.place.zone.date_of(now).to_string().parse()?))
}

/// How long each page takes.
fn times(
    address: SocketAddr,
    token: &Token,
    pages: &[(&'static str, &str)],
) -> Result<Vec<(&'static str, f64)>> {
    let timed = |(what, path): &(&'static str, &str)| Ok((*what, percentile(address, path, token)?));
    pages.iter().map(timed).collect()
}

fn cookie(token: &Token) -> String {
    format!("cookie: session={}\r\n", token.cookie())
}

/// The 95th percentile of the time that a page takes, in milliseconds.
fn percentile(address: SocketAddr, path: &str, token: &Token) -> Result<f64> {
    let cookie = cookie(token);
    let mut times = Vec::new();
    for _ in 0..ASKED {
        let began = Watch::now();
        get(address, path, &cookie)?;
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    times.get(times.len() * 95 / 100).copied().context("no times")
}

/// How long it takes to show and to copy everything about somebody, in seconds: each the median of three.
fn copies(address: SocketAddr, token: &Token) -> Result<[(&'static str, f64); 3]> {
    let cookie = cookie(token);
    let copy = |path: &str| -> Result<()> {
        let form = format!("token={}", token.form(path).hex());
        post(address, path, &cookie, &form).map(drop)
    };
    let timed = |ask: &dyn Fn() -> Result<()>| -> Result<f64> {
        let mut runs = Vec::new();
        for _ in 0..3 {
            let began = Watch::now();
            ask()?;
            runs.push(began.elapsed().as_secs_f64());
        }
        Ok(median(runs))
    };
    Ok([
        ("a page", timed(&|| get(address, MY_DATA, &cookie).map(drop))?),
        ("a letter", timed(&|| copy(MY_COPY))?),
        ("a file", timed(&|| copy(MY_COPY_FILE))?),
    ])
}

/// Writes a book into a new state folder, with somebody in it who is signed in and may look at everything.
fn seed(folder: &Path, token: &Token, people: u32, households: u32, now: Instant) -> Result<Store> {
    std::fs::write(folder.join("site.toml"), SITE)?;
    let store = Store::open(folder, Options::default())?;
    let mut rows = vec![
        row(&PersonId::new(1), &duty()),
        row(&token.digest(), &session(PersonId::new(1), now)),
        row(
            &member().digest(),
            &session(PersonId::new(people.div_ceil(2)), now),
        ),
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
    Ok(store)
}

pub(crate) fn row<R: Kept>(key: &R::Key, record: &R) -> RowChange {
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

/// The session of somebody in the middle of the book, who has no role.
fn member() -> Token {
    Token::new([8; 32])
}

fn session(person: PersonId, now: Instant) -> Session {
    Session {
        person,
        begun: now,
        seen: now,
        device: "the bench".to_owned(),
        custody: Custody::Own,
        way: WayIn::Slip,
        newer: Newer::default(),
    }
}

pub(crate) fn numbers(given: u32) -> Numbers {
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

/// What somebody is called. Of the family names a quarter are shared by many.
pub(crate) fn name(number: u32) -> Result<String> {
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
    let at = usize::try_from(number)?;
    let first = FIRST.get(at % FIRST.len()).context("a name")?;
    let shared = LAST.get(at / 3 % LAST.len()).context("a name")?;
    let own = import::name(number);
    Ok(format!(
        "{first} {}",
        if number.is_multiple_of(4) {
            shared
        } else {
            own.as_str()
        }
    ))
}

fn person(number: u32, households: u32, now: Instant) -> Result<Person> {
    let mut person = Person::named(&name(number)?, now)?;
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
