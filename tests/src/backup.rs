//! A backup made on a running box is restored on an empty one, and every page answers the same; every file of a box that
//! has lived is known; and programs of others read the packs (pyrage, which is rage) and the plain files (DuckDB).

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use energy::{Causes, Interval, Quality, TimeSource};
use store::age::Identity;
use store::backup::phrase;
use store::{Batch, Options, Store};
use tempfile::TempDir;
use units::{Channel, DeviceName, Flow, Number, Reading, Span, Unit, WattHours};

use crate::box_process::{BoxProcess, get_as};
use crate::letters::seed::{Post, SITE, book};
use crate::peers::{open_age, query};
use crate::program;

/// The most pages that are compared.
const MOST_PAGES: usize = 250;
/// What differs between two boxes by right: how each of them is doing, and ways that lead elsewhere.
const OF_THE_BOX_ITSELF: [&str; 6] = ["/box", "/live", "/trust", "/files/", "/sign-in", "/devices"];

/// A device that nobody answers for, of which there is a past.
const DEVICE: &str = "\n[[bus]]\nname = \"network\"\nkind = \"tcp\"\naddress = \"127.0.0.1:9\"\n\n\
                      [[device]]\nname = \"street-meter\"\nbus = \"network\"\nunit = 1\nprofile = \"eastron-sdm630\"\n\
                      role = \"grid\"\nrated_power = 12000\n";

/// A box with a past, and what opens its backups.
struct Scene {
    folder: TempDir,
    site: String,
    cookie: String,
    words: String,
    secret: Identity,
}

impl Scene {
    fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let (state, place) = (folder.path().join("state"), folder.path().join("backups"));
        fs::create_dir(&state)?;
        fs::create_dir(&place)?;
        let token = book(&state, 3, &Post::Paper)?;
        let secret = Identity::from_bytes([9; 32]);
        past(&state, &secret)?;
        Ok(Self {
            site: format!("{SITE}\n[backup]\nfolder = \"{}\"\n{DEVICE}", place.display()),
            cookie: format!("cookie: session={}\r\n", token.cookie()),
            words: phrase(&secret),
            secret,
            folder,
        })
    }

    fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    fn place(&self) -> PathBuf {
        self.folder.path().join("backups")
    }
}

/// Three days of readings and of the ledger, and the public half of a key.
fn past(state: &Path, secret: &Identity) -> Result<()> {
    let store = Store::open(state, Options::default())?;
    let key = [[5; 16].as_slice(), secret.recipient().bytes()].concat();
    store.put_meta("backup/key", &key)?;
    let (channel, device) = (
        Channel::parse("street-meter/power")?,
        DeviceName::parse("street-meter")?,
    );
    let begins = (hearth::clock::now() - Span::DAY.times(3)).floor(Span::HOUR);
    let mut batch = Batch::default();
    batch.channels.insert(channel.clone(), Unit::Watts);
    for minute in 0..3 * 24 * 60 {
        batch.readings.push(Reading {
            channel: channel.clone(),
            at: begins + Span::MINUTE.times(minute),
            outcome: Ok(Number {
                value: 400 + minute * 7 % 900,
                step: 1,
            }),
        });
        if minute % 15 == 0 {
            let interval = Interval {
                start: begins + Span::MINUTE.times(minute),
                energy: WattHours(100 + minute % 77),
                quality: Quality::Measured,
                causes: Causes::NONE,
                time: TimeSource::Network,
            };
            batch.intervals.push((device.clone(), Flow::Import, interval));
        }
    }
    store.record_and_wait(batch)?;
    Ok(())
}

/// Types a command with something at its input, and gives what it printed.
fn hearth(state: &Path, words: &[&str], input: &str) -> Result<String> {
    let mut running = Command::new(program::hearth()?)
        .arg("--state")
        .arg(state)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut at_input = running.stdin.take().context("its input")?;
    // Whoever reads no input may have gone already.
    let _ = at_input.write_all(input.as_bytes());
    drop(at_input);
    let ended = running.wait_with_output()?;
    let said = String::from_utf8(ended.stdout)? + &String::from_utf8(ended.stderr)?;
    ensure!(ended.status.success(), "{words:?}: {said}");
    Ok(said)
}

/// Every address that a page leads to.
fn ways(body: &str) -> impl Iterator<Item = &str> {
    let links = body.split("href=\"").skip(1);
    links
        .filter_map(|link| link.split(['"', '#']).next())
        .filter(|way| way.starts_with('/'))
}

/// What the page says without the moment at which it says it, and without what a form carries that is drawn anew each time.
fn said(body: &str) -> String {
    let drawn = |line: &&str| !line.contains("name=\"token\"") && !line.contains("name=\"form\"");
    let lines: Vec<&str> = body.lines().filter(drawn).collect();
    let mut said = String::with_capacity(body.len());
    for sign in lines.join("\n").chars() {
        // However many digits a number has.
        match sign.is_ascii_digit() {
            true if said.ends_with('0') => {}
            true => said.push('0'),
            false => said.push(sign),
        }
    }
    said
}

/// Every page that somebody who is signed in comes to, with what it says.
fn walk(address: SocketAddr, cookie: &str) -> Result<BTreeMap<String, (u16, String)>> {
    let begins = ["/", "/members", "/me", "/api/v1/channels"];
    let mut waiting: VecDeque<String> = begins.map(str::to_owned).into();
    let (mut seen, mut pages) = (BTreeSet::new(), BTreeMap::new());
    while let Some(path) = waiting.pop_front() {
        let own = OF_THE_BOX_ITSELF.iter().any(|begin| path.starts_with(begin));
        if own || !seen.insert(path.clone()) || pages.len() == MOST_PAGES {
            continue;
        }
        let reply = get_as(address, &path, cookie)?;
        waiting.extend(ways(&reply.body).map(str::to_owned));
        pages.insert(path, (reply.status, said(&reply.body)));
    }
    Ok(pages)
}

#[test]
fn a_box_that_was_restored_answers_the_same_on_every_page() -> Result<()> {
    let scene = Scene::new()?;
    let mut first = BoxProcess::start(&scene.state(), &scene.site)?;
    let told = hearth(&scene.state(), &["backup", "create"], "")?;
    ensure!(told.contains("compared with the box row by row"), "{told}");
    let listed = hearth(&scene.state(), &["backup", "list"], "")?;
    ensure!(listed.contains(".backup"), "{listed}");
    let place = scene.place().display().to_string();
    let whole = hearth(
        &scene.state(),
        &["backup", "verify", &place, "--phrase"],
        &scene.words,
    )?;
    ensure!(whole.contains("Restored on trial"), "{whole}");
    let empty = scene.folder.path().join("other");
    let made = hearth(&empty, &["backup", "restore", &place], &scene.words)?;
    ensure!(made.contains("a record of"), "{made}");
    ensure!(fs::read(empty.join("authority.pem"))? == fs::read(scene.state().join("authority.pem"))?);
    let mut second = BoxProcess::start(&empty, &scene.site)?;
    // Both have found out that nobody answers them.
    for running in [&mut first, &mut second] {
        running.json_when("/api/v1/devices", |devices| {
            devices[0]["points"][0]["why"] == "line-down"
        })?;
    }
    let (first, second) = (
        first.address()?.context("it has started")?,
        second.address()?.context("it has started")?,
    );
    let (pages, restored) = (walk(first, &scene.cookie)?, walk(second, &scene.cookie)?);
    ensure!(pages.len() > 60, "only {} pages: {:?}", pages.len(), pages.keys());
    ensure!(
        pages.keys().eq(restored.keys()),
        "other pages: {:?} {:?}",
        pages.keys(),
        restored.keys()
    );
    for (path, (status, body)) in &pages {
        let (other, again) = &restored[path];
        ensure!(
            (status, body) == (other, again),
            "{path}:\n{body}\n--- and restored:\n{again}"
        );
    }
    // Figures to the last digit.
    let channel = "/api/v1/readings?channel=street-meter/power";
    ensure!(get_as(first, channel, &scene.cookie)?.body == get_as(second, channel, &scene.cookie)?.body);
    Ok(())
}

#[test]
fn every_file_of_a_box_that_has_lived_is_backed_up_or_declared_disposable() -> Result<()> {
    let scene = Scene::new()?;
    let mut running = BoxProcess::start(&scene.state(), &scene.site)?;
    hearth(&scene.state(), &["backup", "create"], "")?;
    walk(running.address()?.context("it has started")?, &scene.cookie)?;
    let mut folders = vec![scene.state()];
    let mut found = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(scene.state())?.display().to_string());
            }
        }
    }
    // What the test itself has put there.
    ensure!(found.remove("box.log"));
    for name in [
        "site.toml",
        "authority.pem",
        "hearth.redb",
        "control.sock",
        "address",
        "log/hearth.log",
    ] {
        ensure!(found.contains(name), "{name} is not there: {found:?}");
    }
    let strange: Vec<&String> = found
        .iter()
        .filter(|path| hearth::kept::fate(path).is_none())
        .collect();
    ensure!(
        strange.is_empty(),
        "neither backed up nor declared in hearth/src/kept.rs: {strange:?}"
    );
    Ok(())
}

#[test]
fn other_programs_read_the_packs_and_the_plain_files() -> Result<()> {
    let scene = Scene::new()?;
    let running = BoxProcess::start(&scene.state(), &scene.site)?;
    hearth(&scene.state(), &["backup", "create"], "")?;
    running.kill()?;
    let place = store::backup::boxes(&scene.place())?
        .pop()
        .context("the folder of the box")?;
    let mut packs = 0;
    for entry in fs::read_dir(place.join("packs"))? {
        let begins = open_age(&entry?.path(), &scene.secret.text())?;
        ensure!(
            begins == "F",
            "it begins with {begins:?} and not with whose it is"
        );
        packs += 1;
    }
    ensure!(packs >= 3, "{packs}");
    let to = scene.folder.path().join("plain");
    let (from, folder) = (scene.place().display().to_string(), to.display().to_string());
    let told = hearth(
        &scene.state(),
        &["export", &folder, "--from", &from],
        &scene.words,
    )?;
    ensure!(told.contains("4320 readings, 288 quarters"), "{told}");
    let answer = query(&[
        &format!("COPY (FROM '{folder}/readings-*.csv.gz') TO '{folder}/readings.parquet'"),
        &format!(
            "SELECT count(*)::VARCHAR || ' ' || sum(value)::BIGINT || ' ' || min(unit) FROM '{folder}/readings.parquet'"
        ),
        &format!("COPY (FROM '{folder}/minutes-*.csv.gz') TO '{folder}/minutes.parquet'"),
        &format!("COPY (FROM '{folder}/quarters-*.csv.gz') TO '{folder}/quarters.parquet'"),
        &format!("COPY (FROM '{folder}/days.csv.gz') TO '{folder}/days.parquet'"),
        &format!("COPY (FROM '{folder}/months.csv.gz') TO '{folder}/months.parquet'"),
        &format!(
            "SELECT sum(readings)::BIGINT::VARCHAR || ' ' || sum(mean)::BIGINT FROM '{folder}/minutes.parquet'"
        ),
        &format!(
            "SELECT string_agg(readings::BIGINT::VARCHAR, ' ') FROM (SELECT sum(readings) AS readings FROM '{folder}/quarters.parquet' \
             UNION ALL SELECT sum(readings) FROM '{folder}/days.parquet' UNION ALL SELECT sum(readings) FROM '{folder}/months.parquet')"
        ),
        &format!("SELECT sum(energy_wh)::BIGINT FROM '{folder}/energy.csv.gz' WHERE quality = 'measured'"),
        &format!("SELECT count(*) FROM '{folder}/book/people.jsonl'"),
    ])?;
    let values: i64 = (0..4_320).map(|minute| 400 + minute * 7 % 900).sum();
    let energy: i64 = (0..4_320).step_by(15).map(|minute| 100 + minute % 77).sum();
    ensure!(
        answer
            == [
                format!("4320 {values} W"),
                format!("4320 {values}"),
                "4320 4320 4320".to_owned(),
                energy.to_string(),
                "6".to_owned()
            ],
        "{answer:?}"
    );
    Ok(())
}
