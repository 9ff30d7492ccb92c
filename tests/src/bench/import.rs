//! A messy table of 5,000 rows upon a book: how long it takes to see what would happen, to read it in, and to undo it; and
//! the whole book as a table, out and in again.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant as Watch;

use acts::import::{Choices, Export, Others};
use acts::live::{Live, StoreLive};
use acts::{Actor, Acts, Effects, Frames, Later, RawRead, Right, Site};
use anyhow::{Result, bail, ensure};
use members::import::mapping::Together;
use store::{Options, Store};
use tokio::sync::watch;
use units::{DeviceName, Instant, PersonId};

use crate::Figure;

const ROWS: u32 = 5_000;

pub(crate) fn figures() -> Result<Vec<Figure>> {
    let runtime = tokio::runtime::Runtime::new()?;
    let folder = tempfile::tempdir()?;
    runtime.block_on(measured(folder.path()))
}

async fn measured(folder: &Path) -> Result<Vec<Figure>> {
    let store = Store::open(folder, Options::default())?;
    let acts = acts(&store);
    let steward = Actor::Member {
        person: PersonId::new(9_999),
        rights: Right::ALL.iter().copied().collect(),
    };
    let mut figures = Vec::new();
    // The first table fills the book; the second one meets it: half its people are known.
    for (what, from) in [("an empty book", 0), ("a book of 5,000", ROWS / 2)] {
        acts.stage_table(&steward, "people.csv", table(from).into_bytes())
            .await?;
        let staged = acts.staged(&steward).await?;
        let mut mapping = staged.mapping.clone();
        mapping.class = Some("member".to_owned());
        mapping.together = Together::SameAddress;
        let choices = Choices {
            mapping: Some(mapping),
            ..staged.choices
        };
        acts.choose_for_table(&steward, choices).await?;
        let (preview, seconds) = timed(acts.preview_import(&steward)).await;
        let preview = preview?;
        figures.push(Figure::at_most(
            format!("Import of 5,000 messy rows into {what}: preview"),
            seconds,
            2.0,
            "s",
        ));
        let (number, seconds) = timed(acts.import_table(&steward, &preview.seen)).await;
        let number = number?;
        figures.push(Figure::at_most("  reading in", seconds, 5.0, "s"));
        if from > 0 {
            let (undone, seconds) = timed(acts.undo_import(&steward, number, Others::Wait)).await;
            undone?;
            figures.push(Figure::at_most("  undoing", seconds, 5.0, "s"));
        }
    }
    let (whole, seconds) = timed(acts.export_all(&steward, "To see how long it takes")).await;
    let Export::Table(whole) = whole? else {
        bail!("somebody else would have to agree, and there is nobody");
    };
    figures.push(Figure::at_most("The whole book as a table", seconds, 2.0, "s"));
    acts.stage_table(&steward, "people.csv", whole.finish().into_bytes())
        .await?;
    let (preview, seconds) = timed(acts.preview_import(&steward)).await;
    ensure!(!preview?.plan.changes(), "the book came back changed");
    figures.push(Figure::at_most(
        "  seen that it changes nothing",
        seconds,
        2.0,
        "s",
    ));
    Ok(figures)
}

async fn timed<T>(work: impl Future<Output = T>) -> (T, f64) {
    let watch = Watch::now();
    let done = work.await;
    (done, watch.elapsed().as_secs_f64())
}

/// Rows as people keep them: names in three orders, telephones in three spellings, days in three, holes and faults.
fn table(from: u32) -> String {
    let mut text = "Name;Telephone;E-mail;Address;Postcode;Joined;Status;Tags;Notes;Gender\r\n".to_owned();
    for number in from..from + ROWS {
        let (first, last) = (name(number), name(number / 61 + 7));
        let name = match number % 3 {
            0 => format!("{first} {last}"),
            1 => format!("{}  {last}", first.to_uppercase()),
            _ => format!("{first} {last}-{}", name(number % 17)),
        };
        let phone = match number % 4 {
            0 => format!("+44 117 {number:07}"),
            1 => format!("(0117) {number:07} / 07700 {number:06}"),
            2 => "none".to_owned(),
            _ => String::new(),
        };
        let email = if number % 5 == 0 {
            String::new()
        } else {
            format!("{first}.{number}@example.org")
        };
        let joined = match number % 4 {
            0 => format!("{}/12/20{:02}", number % 28 + 1, number % 25),
            1 => format!("20{:02}-03-{:02}", number % 25, number % 28 + 1),
            2 => "31/02/2020".to_owned(),
            _ => String::new(),
        };
        let status = ["active", "lapsed", "", "?"][usize::try_from(number % 4).unwrap_or(0)];
        text.push_str(&format!(
            "{name};{phone};{email};\"{} High Street, Easton\";BS5 {}AA;{joined};{status};choir, garden;\"said \"\"hello\"\"\";f\r\n",
            number / 3,
            number % 10
        ));
    }
    text
}

/// A word of three syllables, one of 1,728.
pub(crate) fn name(number: u32) -> String {
    const PIECES: [&str; 12] = [
        "an", "be", "cy", "dé", "el", "fö", "go", "ha", "in", "jo", "ka", "lu",
    ];
    let piece = |at: u32| PIECES[usize::try_from(at % 12).unwrap_or(0)];
    format!(
        "{}{}{}",
        piece(number).to_uppercase(),
        piece(number / 12),
        piece(number / 144)
    )
}

/// A world in which nothing happens.
struct Still;

impl Effects for Still {
    fn now(&self) -> Instant {
        Instant::from_millis(1_781_604_000_000)
    }

    fn random(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }

    fn site_text(&self) -> Result<String, String> {
        Err("there is no site".to_owned())
    }

    fn write_site(&self, _: &str) -> Result<(), String> {
        Err("there is no site".to_owned())
    }

    fn reload(&self) -> Later<'_, Result<String, String>> {
        Box::pin(async { Err("there is no site".to_owned()) })
    }

    fn read(&self, _: RawRead) -> Later<'_, Result<Vec<u16>, String>> {
        Box::pin(async { Err("there is no bus".to_owned()) })
    }

    fn watch(&self, _: &DeviceName) -> Result<Box<dyn Frames>, String> {
        Err("there is no bus".to_owned())
    }
}

/// Acts upon a store, in a world in which nothing happens.
pub(crate) fn acts(store: &Store) -> Acts {
    let site = "[place]\nname = \"The Hall\"\ntime_zone = \"Europe/London\"\ncurrency = \"GBP\"\n\
                latitude = 51.464\nlongitude = -2.563\n";
    let site = Site::parse(site).expect("a good site");
    let at = Instant::from_millis(1_781_604_000_000);
    let live = Live {
        at,
        started: at,
        power: Err(Vec::new()),
        devices: Vec::new(),
        buses: Vec::new(),
        tasks: Vec::new(),
        store: StoreLive::default(),
        troubles: Vec::new(),
    };
    Acts::new(
        store.clone(),
        Arc::new(Still),
        watch::channel(Arc::new(live)).1,
        watch::channel(Arc::new(site)).1,
    )
}
