//! `hearth backup`: having one made by the running box, and, without any box, the list of those there are, whether one is
//! whole, and a box made of one. The recovery phrase is asked for, and stands in no command line.

use std::io::{BufRead, IsTerminal, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use energy::calendar::Zone;
use serde::Deserialize;
use serde_json::json;
use store::age::Identity;
use store::backup::{BackupError, Found, boxes, check, key_of, list, newest, restore, verify};
use store::{Options, Store};
use system::client::Client;

use super::moment::{Wall, ago};
use super::number::size;
use super::out::{Form, Out, Paint, Tone};
use super::table::{Cell, Stand, Table};
use super::{Exit, Fault, connect};
use crate::cli::{Backup, BackupAsk};
use crate::kept::{Fate, fate};
use crate::{clock, run};

/// How often it is looked whether the box has done it.
const LOOK: Duration = Duration::from_millis(250);
/// How many words a phrase has.
const WORDS: usize = 24;

pub(super) async fn answer(asked: &Backup, state: &Path, out: &mut Out) -> Result<(), Fault> {
    match &asked.what {
        BackupAsk::Create => make(&connect(state).await?, out).await,
        BackupAsk::List { from } => show_all(&places(from.as_ref(), state)?, &wall(state), out),
        BackupAsk::Verify { from, phrase } => {
            let places = places(from.as_ref(), state)?;
            let identity = if *phrase { Some(ask_phrase()?) } else { None };
            let mut failed = None;
            for place in &places {
                // A stick that is not in is no reason to leave out the folder.
                if let Err(fault) = looked_through(place, identity.as_ref(), out).await {
                    failed = said_before(failed, fault);
                }
            }
            failed.map_or(Ok(()), Err)
        }
        BackupAsk::Restore { from } => restored(from, state, out).await,
    }
}

impl From<BackupError> for Fault {
    fn from(error: BackupError) -> Self {
        let exit = match &error {
            BackupError::Io { .. }
            | BackupError::NoRoom(_)
            | BackupError::Store(_)
            | BackupError::Open(_) => Exit::Io,
            BackupError::NoBackup(_) | BackupError::NotABackup(_) | BackupError::MissingPack { .. } => {
                Exit::NoInput
            }
            BackupError::NotBlank { .. } | BackupError::Several { .. } => Exit::Usage,
            _ => Exit::Data,
        };
        Self::new(exit, error.to_string(), "")
    }
}

/// Where to look: what was named, or the places of the site.
fn places(from: Option<&PathBuf>, state: &Path) -> Result<Vec<PathBuf>, Fault> {
    if let Some(from) = from {
        return Ok(vec![from.clone()]);
    }
    let site = run::read_site(&state.join("site.toml"));
    let places = site.map(|site| site.backups).unwrap_or_default();
    if places.is_empty() {
        let cause = format!(
            "no place for backups stands in {}",
            state.join("site.toml").display()
        );
        return Err(Fault::new(
            Exit::Usage,
            cause,
            "Name the stick or the folder where they lie.",
        ));
    }
    Ok(places.iter().map(|place| place.path().to_owned()).collect())
}

/// The clock on the wall of the place, where its site is at hand.
fn wall(state: &Path) -> Wall {
    let site = run::read_site(&state.join("site.toml"));
    Wall {
        zone: site.map_or_else(|_| Zone::utc(), |site| site.place.zone),
        now: clock::now(),
    }
}

/// What the status says of backups.
#[derive(Debug, Deserialize)]
struct Status {
    now_ms: i64,
    store: StoreStatus,
}

#[derive(Debug, Deserialize)]
struct StoreStatus {
    backup: Backups,
}

#[derive(Debug, Deserialize)]
struct Backups {
    runs: u64,
    places: Vec<Place>,
}

/// A place for backups, as the box tells of it.
#[derive(Debug, Clone, Deserialize)]
struct Place {
    place: String,
    newest_ms: Option<i64>,
    bytes: Option<u64>,
    trouble: Option<String>,
}

async fn status(client: &Client) -> Result<Status, Fault> {
    Ok(serde_json::from_str(&client.status().await?)?)
}

/// Has the box make one, and waits for it.
async fn make(client: &Client, out: &mut Out) -> Result<(), Fault> {
    let before = status(client).await?.store.backup.runs;
    client.back_up().await?;
    let (now_ms, places) = loop {
        tokio::time::sleep(LOOK).await;
        let Status { now_ms, store } = status(client).await?;
        if store.backup.runs > before {
            break (now_ms, store.backup.places);
        }
    };
    let failed = places.iter().any(|place| place.trouble.is_some());
    match out.form {
        Form::Json => {
            let said = places.iter().map(|place| {
                json!({ "place": place.place, "newest_ms": place.newest_ms, "bytes": place.bytes, "trouble": place.trouble })
            });
            out.line(&json!(said.collect::<Vec<_>>()).to_string())?;
        }
        Form::Tables => {
            for place in &places {
                out.line(&told(place, now_ms))?;
            }
        }
    }
    if failed {
        Err(Fault::said(Exit::Io))
    } else {
        Ok(())
    }
}

fn told(place: &Place, now_ms: i64) -> String {
    let written = place
        .bytes
        .map(|bytes| format!(", {} written", size(bytes)))
        .unwrap_or_default();
    match (&place.trouble, place.newest_ms) {
        (Some(why), _) => format!("{}: no backup was made: {why}", place.place),
        (None, Some(at)) => {
            let ago = ago(units::Instant::from_millis(now_ms), at);
            format!(
                "{}: made {ago} and compared with the box row by row{written}",
                place.place
            )
        }
        (None, None) => format!("{}: there is none", place.place),
    }
}

/// Lists what lies at these places.
fn show_all(places: &[PathBuf], wall: &Wall, out: &mut Out) -> Result<(), Fault> {
    let (mut found, mut failed) = (Vec::new(), None);
    for place in places {
        match within(place) {
            Ok(backups) => found.extend(backups),
            Err(error) => failed = said_before(failed, error.into()),
        }
    }
    if out.form == Form::Json {
        let line = found.iter().map(|found| match &found.manifest {
            Ok(manifest) => json!({
                "file": found.file, "at_ms": manifest.at.as_millis(), "bytes": manifest.bytes(),
                "packs": manifest.packs(), "key": manifest.key.text(), "version": manifest.version, "fault": null,
            }),
            Err(error) => json!({ "file": found.file, "fault": error.to_string() }),
        });
        out.line(&json!(line.collect::<Vec<_>>()).to_string())?;
        return failed.map_or(Ok(()), Err);
    }
    if found.is_empty() {
        if let Some(fault) = failed {
            return Err(fault);
        }
        return out.line("nothing: there is no backup here yet");
    }
    let mut table = Table::new(&[
        ("FROM", Stand::Left),
        ("SIZE", Stand::Right),
        ("FILE", Stand::Wrap),
    ]);
    for found in &found {
        let file = found.file.display().to_string();
        match &found.manifest {
            Ok(manifest) => table.row([
                wall.date_time(manifest.at.as_millis()).into(),
                size(manifest.bytes()).into(),
                file.into(),
            ]),
            Err(error) => table.row([
                "damaged".into(),
                "".into(),
                Cell::toned(Tone::Bad, error.to_string()),
            ]),
        }
    }
    let paint: Paint = out.paint;
    out.text(&table.show(paint))?;
    failed.map_or(Ok(()), Err)
}

/// The backups at a place, of whichever boxes.
fn within(place: &Path) -> Result<Vec<Found>, BackupError> {
    let mut found = Vec::new();
    for folder in boxes(place)? {
        found.extend(list(&folder)?);
    }
    Ok(found)
}

/// Of several faults the last is the answer; the ones before it are said at once.
fn said_before(before: Option<Fault>, fault: Fault) -> Option<Fault> {
    if let Some(before) = before {
        before.tell();
    }
    Some(fault)
}

/// Looks through the newest backup of a place, or the one that was named.
async fn looked_through(place: &Path, identity: Option<&Identity>, out: &mut Out) -> Result<(), Fault> {
    let file = newest(place)?;
    let checking = file.clone();
    let checked = on_its_own(move || check(&checking)).await?;
    let (packs, bytes) = (checked.manifest.packs(), checked.bytes);
    let trial = if let Some(identity) = identity {
        let identity = identity.clone();
        let scratch = tempdir(&file)?;
        let (from, to) = (file.clone(), scratch.clone());
        let trial = on_its_own(move || verify(&from, &identity, &to)).await;
        // It held what nobody may read.
        let _ = std::fs::remove_dir_all(&scratch);
        Some(trial?)
    } else {
        None
    };
    if out.form == Form::Json {
        let said = json!({
            "file": file, "packs": packs, "bytes": bytes,
            "rows": trial.as_ref().map(|trial| trial.rows), "record_lines": trial.as_ref().map(|trial| trial.lines),
        });
        return out.line(&said.to_string());
    }
    let whole = format!(
        "{}: whole. All {packs} packs are there and unchanged, {}",
        file.display(),
        size(bytes)
    );
    out.line(&whole)?;
    out.line(&match trial {
        Some(trial) => format!(
            "Restored on trial: {} rows, {} files, and a record of {} lines that is whole.",
            trial.rows, trial.files, trial.lines
        ),
        None => {
            "What stands in it is sealed; --phrase asks for the recovery phrase and restores it on trial."
                .to_owned()
        }
    })
}

/// A folder for a trial, closed to everybody else. It lies on the card, since what is restored may be too large for the
/// memory, where `/tmp` often is.
fn tempdir(file: &Path) -> Result<PathBuf, Fault> {
    let above = std::env::var_os("TMPDIR").map_or_else(|| PathBuf::from("/var/tmp"), PathBuf::from);
    let folder = above.join(format!("hearth-trial-{}", std::process::id()));
    let made = std::fs::DirBuilder::new().mode(0o700).create(&folder);
    made.map(|()| folder.clone()).map_err(|error| {
        let cause = format!(
            "{} cannot be made for a trial of {}: {error}",
            folder.display(),
            file.display()
        );
        Fault::new(Exit::Io, cause, "Set TMPDIR to a folder with room.")
    })
}

/// Makes a box of a backup.
async fn restored(from: &Path, state: &Path, out: &mut Out) -> Result<(), Fault> {
    let file = newest(from)?;
    // What is wrong with the backup is said before anybody looks for a sheet of paper.
    let checking = file.clone();
    on_its_own(move || check(&checking)).await?;
    let identity = ask_phrase()?;
    let (backup, folder) = (file.clone(), state.to_owned());
    let restored = on_its_own(move || restore(&backup, &identity, &folder, &is_disposable)).await?;
    if out.form == Form::Json {
        let said = json!({
            "file": file, "at_ms": restored.at.as_millis(), "rows": restored.rows, "files": restored.files,
        });
        return out.line(&said.to_string());
    }
    let wall = wall(state);
    out.line(&format!(
        "The box of {} is in {}: {} rows, {} files, and a record of {} lines that is whole.",
        wall.date_time(restored.at.as_millis()),
        state.display(),
        restored.rows,
        restored.files,
        restored.lines
    ))?;
    out.line(&format!("Start it: hearth run --state {}", state.display()))
}

/// Writes everything of a backup as plain files.
pub(super) async fn export(from: &Path, to: &Path, out: &mut Out) -> Result<(), Fault> {
    let taken = std::fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some());
    if taken {
        let cause = format!("{} is not empty", to.display());
        return Err(Fault::new(
            Exit::Usage,
            cause,
            "Name a folder that is empty or not there.",
        ));
    }
    let file = newest(from)?;
    let checking = file.clone();
    on_its_own(move || check(&checking)).await?;
    let identity = ask_phrase()?;
    let (scratch, folder) = (tempdir(&file)?, to.to_owned());
    let (backup, within) = (file.clone(), scratch.clone());
    let written = on_its_own(move || {
        verify(&backup, &identity, &within)?;
        store::export(&Store::open(&within, Options::default())?, &folder)
    })
    .await;
    // It held what nobody may read.
    let _ = std::fs::remove_dir_all(&scratch);
    let store::Exported {
        readings,
        intervals,
        rows,
        lines,
    } = written?;
    if out.form == Form::Json {
        let said =
            json!({ "readings": readings, "intervals": intervals, "rows": rows, "record_lines": lines });
        return out.line(&said.to_string());
    }
    out.line(&format!(
        "{}: {readings} readings, {intervals} quarters of an hour, {rows} rows of the book, {lines} lines of the record.",
        to.display()
    ))?;
    out.line("It is open to everybody who gets hold of it. README.txt in it says what is what.")
}

/// Whether something in a folder is left by a box that never began, and is in no restore's way.
fn is_disposable(name: &str) -> bool {
    let disposable = |name: &str| matches!(fate(name), Some(Fate::Disposable(_)));
    disposable(name) || disposable(&format!("{name}/"))
}

async fn on_its_own<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, Fault> {
    let done = tokio::task::spawn_blocking(work).await;
    let broken = |_| Fault::new(Exit::Software, "it broke off", "Try it again.");
    Ok(done.map_err(broken)??)
}

/// Asks for the recovery phrase, in one line or in several.
fn ask_phrase() -> Result<Identity, Fault> {
    let input = std::io::stdin();
    if input.is_terminal() {
        let mut asking = std::io::stderr();
        // Where it cannot be asked, it can still be answered.
        let _ = write!(asking, "The recovery phrase, {WORDS} words: ");
        let _ = asking.flush();
    }
    let mut typed = String::new();
    let words = |typed: &str| {
        typed
            .split(|sign: char| !sign.is_alphabetic())
            .filter(|word| !word.is_empty())
            .count()
    };
    for line in input.lock().lines() {
        let line =
            line.map_err(|error| Fault::new(Exit::Io, format!("the phrase cannot be read: {error}"), ""))?;
        let done = line.trim().is_empty() && words(&typed) > 0;
        typed.push_str(&line);
        typed.push('\n');
        if done || words(&typed) >= WORDS {
            break;
        }
    }
    if words(&typed) == 0 {
        let remedy = "Type its words, or give them through a pipe.";
        return Err(Fault::new(
            Exit::Usage,
            "the recovery phrase was not told",
            remedy,
        ));
    }
    key_of(&typed).map_err(|error| Fault::from(BackupError::from(error)))
}
