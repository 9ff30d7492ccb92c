//! What is kept from a visitor is nowhere: every page, link, table, API answer, metric, live event and log line of
//! the house is read, and many guessed addresses, and no value of a private meter may be in it.
//!
//! The same walk through the same house with nothing kept private must find those values, or it proves nothing.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

use jiff::civil::{Date, date};
use members::household::{Household, Occupancy};
use members::person::Person;
use members::record::{Key as _, Newer, Record as _};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tracing_subscriber::fmt::MakeWriter;
use units::{HomeName, HouseholdId, PersonId};
use web::server::Limits;

use crate::browser::{ANA, BEN, Browser, signed_in};
use crate::client::{self, PATIENCE};
use crate::house::{House, METERS, open_site_text, site_text};

/// Where somebody would begin who does not know the addresses.
const BEGINNINGS: [&str; 12] = [
    "/",
    "/devices",
    "/box",
    "/metrics",
    "/healthz",
    "/api/openapi.json",
    "/api/v1/power",
    "/api/v1/devices",
    "/api/v1/box",
    "/api/v1/channels",
    "/api/v1/audit?count=500",
    "/energy.csv?from=0&to=2199-12-31",
];

/// Addresses that somebody would guess for a device, `{}` standing for its name.
const GUESSES: [&str; 26] = [
    "/devices/{}",
    "/devices/{}/",
    "/devices/{}?day=2026-06-16",
    "/devices/{}/power",
    "/devices/{}.json",
    "/devices/{}.csv",
    "/devices/{}/history/power",
    "/devices/{}/history/power?span=minute&at=2026-06-16T12:00",
    "/devices/{}/history/power/table.csv?span=day&at=2026-06-16",
    "/devices/{}/history/power/table.csv?span=decade",
    "/api/v1/devices/{}",
    "/api/v1/devices/{}/",
    "/api/v1/devices/{}%2Fpower",
    "/api/v1/energy/2026-06-16?device={}",
    "/api/v1/readings?channel={}/power&from=0&to=2199-12-31",
    "/api/v1/readings?channel={}%2Fpower&from=2026-06-16&to=2026-06-16",
    "/api/v1/readings?channel={}/power&channel=roof/power&from=0&to=2199-12-31",
    "/api/v1/readings?channel=roof/power&channel={}/power&from=0&to=2199-12-31",
    "/api/v1/readings?channel={}/power%00&from=0&to=2199-12-31",
    "/api/v1/means?channel={}/power&from=2026-06-16&to=2026-06-16&parts=24",
    "/api/v1/means?channel={}%2Fpower&from=2026-06-16&to=2026-06-16&parts=1",
    "/readings.csv?channel={}/power&from=0&to=2199-12-31",
    "/readings.csv?channel={}%2Fpower&from=2026-06-16&to=2026-06-16",
    "/energy.csv?period=2026-06-16&device={}",
    "/energy.csv?device={}",
    "/metrics?device={}",
];

/// Of addresses that differ in their numbers only, as the days of a calendar do, so many are looked at.
const ALIKE: usize = 12;
/// The same where the pages are known from another walk.
const FEW: usize = 3;
/// A house of many pages ends somewhere; a walk that does not has gone in circles.
const MOST_PAGES: usize = 3_000;

/// Everything that was written to the log by this program.
static LOG: OnceLock<Log> = OnceLock::new();

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no fault").extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// The log from now on, down to the least important line.
fn log() -> &'static Log {
    LOG.get_or_init(|| {
        let log = Log::default();
        let lines = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false);
        lines.with_writer(log.clone()).init();
        log
    })
}

/// The private values in all the ways in which they are written: as numbers, in kilowatts, as words of a register.
fn secrets() -> BTreeMap<String, &'static str> {
    let mut secrets = BTreeMap::new();
    for (name, _, audience, _, power) in METERS {
        if audience == "everyone" {
            continue;
        }
        let thousands = power / 1_000;
        for written in [
            power.to_string(),
            format!("{thousands}.{:01} k", power % 1_000 / 100),
            format!("{thousands}.{:02} k", power % 1_000 / 10),
            format!("\"{:04x}\"", power % 65_536),
            format!(">{:04x}", power % 65_536),
        ] {
            secrets.insert(written, name);
        }
    }
    secrets
}

/// Text with the signs taken out that people put between thousands, so that `77,123` is found too.
fn bare(text: &str) -> String {
    let text = text.replace("&nbsp;", " ").replace("&#160;", " ");
    let digit = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit());
    let mut kept = String::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        if !matches!(
            letter,
            ',' | '\'' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2019}' | ' '
        ) {
            kept.push(letter);
            continue;
        }
        let mut after = text[at + letter.len_utf8()..].chars();
        let group = [after.next(), after.next(), after.next()].into_iter().all(digit) && !digit(after.next());
        if !(group && digit(kept.chars().next_back())) {
            kept.push(' ');
        }
    }
    kept
}

/// The secrets that stand in a text.
fn found(text: &str, secrets: &BTreeMap<String, &'static str>) -> Vec<String> {
    let bare = bare(text);
    let stands = |secret: &&String| bare.contains(secret.as_str()) || text.contains(secret.as_str());
    secrets.keys().filter(stands).cloned().collect()
}

/// Addresses within the house that an answer names.
fn links(text: &str) -> Vec<String> {
    let text = text.replace("&amp;", "&");
    let mut links = Vec::new();
    for quote in ['"', '\''] {
        for part in text
            .split(quote)
            .filter(|part| part.starts_with('/') && part.len() < 300)
        {
            let link = part.split('#').next().unwrap_or_default();
            if !link.starts_with("//") && !link.contains(['{', ' ', '\n', '<']) && link != "/live" {
                links.push(link.to_owned());
            }
        }
    }
    links
}

/// Everything that the house gives to somebody in this browser: each address with its status and text, heads included. Of
/// addresses that differ in their numbers only `most`,
/// and names in odd spellings where that is many.
async fn walk_as(house: &House, browser: &mut Browser<'_>, most: usize) -> BTreeMap<String, (u16, String)> {
    let mut ahead: VecDeque<String> = BEGINNINGS.iter().map(|path| (*path).to_owned()).collect();
    for (name, ..) in METERS {
        let spelled = [
            name.to_owned(),
            name.replace('-', "%2D"),
            name.to_uppercase(),
            format!("%20{name}"),
            format!("./{name}"),
        ];
        ahead.extend(
            spelled
                .iter()
                .take(if most == ALIKE { spelled.len() } else { 1 })
                .flat_map(|name| GUESSES.map(|guess| guess.replace("{}", name))),
        );
    }
    let mut seen: BTreeSet<String> = ahead.iter().cloned().collect();
    let mut alike: BTreeMap<String, usize> = BTreeMap::new();
    let mut answers = BTreeMap::new();
    while let Some(path) = ahead.pop_front() {
        assert!(
            answers.len() < MOST_PAGES,
            "the walk does not end; it is at {path}"
        );
        let reply = browser.get(&path).await;
        let heads: String = reply
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\n"))
            .collect();
        let text = reply.text();
        let kind = reply.header("content-type");
        let followed = kind.starts_with("text/html") || kind.starts_with("application/json");
        let mut new = if followed { links(&text) } else { Vec::new() };
        new.extend(Some(reply.header("location").to_owned()).filter(|link| link.starts_with('/')));
        for link in new {
            let shape = alike
                .entry(link.replace(|letter: char| letter.is_ascii_digit(), "#"))
                .or_default();
            if *shape < most && seen.insert(link.clone()) {
                *shape += 1;
                ahead.push_back(link);
            }
        }
        answers.insert(path, (reply.status, heads + &text));
    }
    let live = stream(house, &browser.cookies()).await;
    answers.insert("/live".to_owned(), (200, live));
    answers
}

/// What the live stream says over two changes.
async fn stream(house: &House, cookies: &str) -> String {
    let mut stream = TcpStream::connect(house.address).await.expect("connected");
    stream
        .write_all(client::get("/live", &[("cookie", cookies)]).as_bytes())
        .await
        .expect("sent");
    let mut text = String::new();
    let read = async {
        for times in 1..=3 {
            while text.matches("event: now").count() < times {
                let mut bytes = [0; 4_096];
                let count = stream.read(&mut bytes).await.expect("the stream goes on");
                assert_ne!(count, 0, "the stream ended");
                text.push_str(&String::from_utf8_lossy(&bytes[..count]));
            }
            house.tick();
        }
    };
    timeout(PATIENCE, read).await.expect("in time");
    text
}

fn quick() -> Limits {
    Limits {
        live_gap: std::time::Duration::from_millis(1),
        ..Limits::default()
    }
}

#[tokio::test]
async fn nothing_private_is_anywhere() {
    let log = log();
    let house = House::with(&site_text(), quick()).await;
    let answers = walk_as(&house, &mut Browser::new(&house), ALIKE).await;
    let secrets = secrets();
    let mut leaks = Vec::new();
    for (path, (status, text)) in &answers {
        // A guess is answered with the guess; what was asked for is no leak.
        let text = text.replace(path.as_str(), "");
        leaks.extend(
            found(&text, &secrets)
                .into_iter()
                .map(|secret| format!("{path} ({status}): {secret}")),
        );
    }
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
    let log = String::from_utf8_lossy(&log.0.lock().expect("no fault")).into_owned();
    assert_eq!(found(&log, &secrets), Vec::<String>::new(), "in the log");
    assert!(answers.len() > 300, "only {} addresses were found", answers.len());
    for (name, _, audience, ..) in METERS {
        let channels = &answers["/api/v1/channels"].1;
        assert_eq!(
            channels.contains(&format!("{name}/power")),
            audience == "everyone",
            "{name}"
        );
    }
    // What is everybody's is there, so the walk has seen real pages.
    let roof = BTreeMap::from([(crate::house::ROOF_W.to_string(), "roof")]);
    let shown = answers
        .values()
        .filter(|answer| !found(&answer.1, &roof).is_empty())
        .count();
    assert!(shown > 8, "the roof's value stands in {shown} answers only");
}

#[tokio::test]
async fn the_walk_finds_what_is_not_kept() {
    let house = House::with(&open_site_text(), quick()).await;
    let answers = walk_as(&house, &mut Browser::new(&house), FEW).await;
    let secrets = secrets();
    let leaky: BTreeSet<&str> = answers
        .iter()
        .filter(|(path, (_, text))| !found(&text.replace(path.as_str(), ""), &secrets).is_empty())
        .map(|(path, _)| path.split(['?']).next().unwrap_or_default())
        .collect();
    for path in [
        "/devices/flat-1",
        "/devices/cellar",
        "/api/v1/devices",
        "/api/v1/devices/flat-2",
        "/api/v1/readings",
        "/api/v1/means",
        "/readings.csv",
    ] {
        assert!(
            leaky.contains(path),
            "{path} was not seen to leak; it leaked at {leaky:?}"
        );
    }
}

/// Moves somebody's household into a home.
fn moves_in(house: &House, person: PersonId, number: u32, home: &str, since: Date) {
    let key = HouseholdId::new(number);
    let mut household = Household::new();
    household.homes.push(Occupancy {
        home: HomeName::parse(home).expect("a good word"),
        from: since,
        until: None,
        newer: Newer::default(),
    });
    let row = house.store.row("people", &person.to_key()).expect("readable");
    let mut named = Person::decode(row.as_deref().expect("in the book")).expect("a person");
    named.household = Some(key);
    house.put(&person, &named);
    house.put(&key, &household);
}

/// Whose values somebody found on their walk.
fn whose(answers: &BTreeMap<String, (u16, String)>) -> BTreeSet<&'static str> {
    let secrets = secrets();
    let mut whose = BTreeSet::new();
    for (path, (_, text)) in answers {
        let seen = found(&text.replace(path.as_str(), ""), &secrets);
        whose.extend(seen.iter().map(|secret| secrets[secret]));
    }
    whose
}

#[tokio::test]
async fn each_household_s_energy_is_only_for_that_household() {
    let house = crate::browser::house_with(quick()).await;
    // The first value of the morning is from 08:00, before which neither lived there.
    moves_in(&house, ANA, 1, "flat-1", date(2026, 6, 1));
    moves_in(&house, BEN, 2, "flat-2", date(2026, 6, 1));
    let mut ana = signed_in(&house, ANA, &[]).await;
    let anas = walk_as(&house, &mut ana, FEW).await;
    assert_eq!(whose(&anas), BTreeSet::from(["flat-1"]));
    // Whoever may most here may not see into a home.
    let mut ben = signed_in(&house, BEN, &["steward", "technician", "energy", "auditor"]).await;
    let bens = walk_as(&house, &mut ben, FEW).await;
    assert_eq!(whose(&bens), BTreeSet::from(["flat-2", "cellar"]));
    let secrets = secrets();
    let own: BTreeSet<&str> = anas
        .iter()
        .filter(|(path, (_, text))| !found(&text.replace(path.as_str(), ""), &secrets).is_empty())
        .map(|(path, _)| path.split('?').next().unwrap_or_default())
        .collect();
    for path in [
        "/devices/flat-1",
        "/api/v1/devices",
        "/api/v1/readings",
        "/api/v1/means",
        "/readings.csv",
    ] {
        assert!(own.contains(path), "Ana does not see her own at {path}: {own:?}");
    }
    for (path, (_, text)) in anas
        .iter()
        .filter(|(path, _)| own.contains(path.split('?').next().unwrap_or_default()))
    {
        assert!(
            path == "/live" || text.contains("cache-control: no-store"),
            "{path} may be kept"
        );
    }
    let others = walk_as(&house, &mut Browser::new(&house), FEW).await;
    assert_eq!(whose(&others), BTreeSet::new(), "nobody else sees anything");
}

#[tokio::test]
async fn what_was_measured_before_somebody_moved_in_is_not_theirs() {
    let house = crate::browser::house_with(quick()).await;
    moves_in(&house, ANA, 1, "flat-1", date(2026, 6, 17));
    let mut ana = signed_in(&house, ANA, &[]).await;
    let answers = walk_as(&house, &mut ana, FEW).await;
    assert_eq!(whose(&answers), BTreeSet::new(), "her stay begins tomorrow");
}

#[test]
fn a_value_is_found_however_it_is_written() {
    let secrets = secrets();
    for text in [
        "77123",
        "77,123 W",
        "77\u{202f}123 W",
        "77 123",
        "77.1 kW",
        "77.12 kW",
        "<td>77&nbsp;123</td>",
        "[\"2d43\"]",
    ] {
        assert!(!found(text, &secrets).is_empty(), "{text}");
    }
    assert!(found("7,712 W, 1234, 88 and 321", &secrets).is_empty());
}
