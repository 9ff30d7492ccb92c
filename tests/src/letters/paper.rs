//! What comes out of the printer: Chromium makes a PDF of each page for paper, poppler counts its sheets, measures them
//! and reads them.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::seed::{self, Post};
use crate::box_process::{BoxProcess, get_as};

/// Twelve households: more labels than fit into a row, more cards than fit on two sheets.
const HOUSEHOLDS: u32 = 12;

/// The pages of a box, printed into a folder.
struct Press {
    folder: tempfile::TempDir,
    _running: BoxProcess,
    address: SocketAddr,
    cookie: String,
}

/// One printed page.
struct Printed {
    /// The sheets, as text in the order of reading.
    sheets: Vec<String>,
    /// The file.
    file: PathBuf,
}

impl Press {
    fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let token = seed::book(folder.path(), HOUSEHOLDS, &Post::Paper)?;
        let mut running = BoxProcess::start(folder.path(), seed::SITE)?;
        Ok(Self {
            folder,
            address: running.address()?.context("it runs")?,
            _running: running,
            cookie: format!("cookie: session={}\r\n", token.cookie()),
        })
    }

    /// Prints the page at this path, as a browser that is signed in does.
    fn print(&self, name: &str, path: &str) -> Result<Printed> {
        let page = self.with_styles(&self.page(path)?)?;
        let (html, file) = (self.file(name, "html"), self.file(name, "pdf"));
        fs::write(&html, page)?;
        let profile = self.folder.path().join("chromium");
        run(Command::new("chromium")
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-pdf-header-footer",
            ])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(format!("--print-to-pdf={}", file.display()))
            .arg(&html))?;
        let text = run(Command::new("pdftotext").arg("-layout").arg(&file).arg("-"))?;
        let mut sheets: Vec<String> = text.split('\u{c}').map(str::to_owned).collect();
        // Each sheet ends with the sign, also the last one.
        sheets.pop();
        Ok(Printed { sheets, file })
    }

    fn page(&self, path: &str) -> Result<String> {
        let reply = get_as(self.address, path, &self.cookie)?;
        ensure!(reply.status == 200, "{path}: {} {}", reply.status, reply.body);
        Ok(reply.body)
    }

    /// A page that stands alone: its style sheets in it, nothing to load.
    fn with_styles(&self, page: &str) -> Result<String> {
        let mut out = String::new();
        let mut rest = page;
        while let Some((before, link)) = rest.split_once("<link rel=\"stylesheet\" href=\"") {
            let (href, after) = link.split_once("\">").context("an end of the link")?;
            let style = self.page(&href.replace("&#38;", "&").replace("&amp;", "&"))?;
            out.push_str(before);
            out.push_str(&format!("<style>{style}</style>"));
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }

    fn file(&self, name: &str, ending: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.{ending}"))
    }
}

/// Runs a program to its end and gives what it printed.
fn run(command: &mut Command) -> Result<String> {
    let ended = command.output().with_context(|| format!("{command:?}"))?;
    ensure!(
        ended.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&ended.stderr)
    );
    Ok(String::from_utf8_lossy(&ended.stdout).into_owned())
}

/// That every sheet is A4.
fn is_a4(file: &Path) -> Result<()> {
    let info = run(Command::new("pdfinfo").arg(file))?;
    let size = info
        .lines()
        .find(|line| line.starts_with("Page size:"))
        .context("a size")?;
    ensure!(size.contains("(A4)"), "{size}");
    Ok(())
}

/// Where a word stands first on a sheet: millimetres from the left and from the top, and its height.
fn place_of(file: &Path, sheet: u32, word: &str) -> Result<[f64; 3]> {
    let sheet = sheet.to_string();
    let xml = run(Command::new("pdftotext")
        .args(["-bbox", "-f", &sheet, "-l", &sheet])
        .arg(file)
        .arg("-"))?;
    let line = xml
        .lines()
        .find(|line| line.contains(&format!(">{word}<")))
        .with_context(|| format!("{word} in {xml}"))?;
    let number = |name: &str| -> Result<f64> {
        let value = line
            .split(&format!("{name}=\""))
            .nth(1)
            .and_then(|rest| rest.split('"').next());
        Ok(value.context("a measure")?.parse()?)
    };
    let [left, top, bottom] =
        [number("xMin")?, number("yMin")?, number("yMax")?].map(|points| points * 25.4 / 72.0);
    Ok([left, top, bottom - top])
}

#[test]
fn letters_come_one_on_a_sheet_with_the_address_in_the_window() -> Result<()> {
    let press = Press::start()?;
    let printed = press.print("letters", "/members/letters/runs/1/print")?;
    is_a4(&printed.file)?;
    ensure!(
        printed.sheets.len() == 12,
        "one for each household: {} sheets",
        printed.sheets.len()
    );
    for (number, sheet) in (1..).zip(&printed.sheets) {
        ensure!(
            sheet.contains(&format!("{number} High Street")),
            "in the order of the street: {sheet}"
        );
        ensure!(
            sheet.matches("Dear").count() == 1 && sheet.contains("The Hall"),
            "{sheet}"
        );
        ensure!(
            sheet.contains("https://hall.example/agm"),
            "a link can be read on paper: {sheet}"
        );
        ensure!(
            !sheet.contains("Print this page") && !sheet.contains("Skip"),
            "nothing of the screen: {sheet}"
        );
    }
    // The window of a DL envelope shows 20 to 100 mm from the left and 57 to 81 mm from the top, however the sheet slips.
    for sheet in [1, 2, 12] {
        let [left, top, height] = place_of(&printed.file, sheet, "Easton")?;
        ensure!(
            (20.0..100.0).contains(&left),
            "sheet {sheet}: {left} mm from the left"
        );
        ensure!(
            top > 57.0 && top + height < 81.0,
            "sheet {sheet}: {top} mm from the top"
        );
    }
    // The first household asked for large print.
    let [_, _, large] = place_of(&printed.file, 1, "Dear")?;
    let [_, _, ordinary] = place_of(&printed.file, 2, "Dear")?;
    ensure!(large > ordinary * 1.5, "{large} mm beside {ordinary} mm");
    let all = press.print("large", "/members/letters/runs/1/print?size=large")?;
    let [_, _, second] = place_of(&all.file, 2, "Dear")?;
    ensure!(second > ordinary * 1.5, "{second} mm");
    Ok(())
}

#[test]
fn labels_lie_where_the_sheet_has_them() -> Result<()> {
    let press = Press::start()?;
    for (sheet, left, step, top, down) in [("3x7", 7.2, 66.0, 15.1, 38.1), ("3x8", 0.0, 70.0, 0.5, 37.0)] {
        let printed = press.print(sheet, &format!("/members/print/labels?who=members&sheet={sheet}"))?;
        is_a4(&printed.file)?;
        ensure!(
            printed.sheets.len() == 1,
            "{sheet}: {} sheets",
            printed.sheets.len()
        );
        let text = printed.sheets.concat();
        ensure!(
            text.matches("High Street").count() == 12,
            "one for each household: {text}"
        );
        let xml = run(Command::new("pdftotext").arg("-bbox").arg(&printed.file).arg("-"))?;
        let found: Vec<[f64; 2]> = xml
            .lines()
            .filter(|line| line.contains(">Easton<"))
            .filter_map(|line| {
                let number = |name: &str| {
                    line.split(&format!("{name}=\""))
                        .nth(1)?
                        .split('"')
                        .next()?
                        .parse::<f64>()
                        .ok()
                };
                Some([number("xMin")? * 25.4 / 72.0, number("yMin")? * 25.4 / 72.0])
            })
            .collect();
        ensure!(found.len() == 12, "{sheet}: {found:?}");
        for [x, y] in found {
            let (column, row) = (((x - left) / step).floor(), ((y - top) / down).floor());
            let (within_x, within_y) = (x - left - column * step, y - top - row * down);
            ensure!(
                (0.0..3.0).contains(&column) && (0.0..4.0).contains(&row),
                "{sheet}: {x} {y}"
            );
            ensure!(
                (4.0..12.0).contains(&within_x) && (4.0..20.0).contains(&within_y),
                "{sheet}: {within_x} {within_y}"
            );
        }
    }
    let own = press.print(
        "own",
        "/members/print/labels?who=members&sheet=own&own=2,4,99.1,67.7,4.7,13,2.5",
    )?;
    ensure!(
        own.sheets.len() == 2,
        "eight on a sheet: {} sheets",
        own.sheets.len()
    );
    Ok(())
}

#[test]
fn a_list_to_sign_has_everybody_and_its_head_on_each_sheet() -> Result<()> {
    let press = Press::start()?;
    let printed = press.print(
        "list",
        "/members/print/attendance?who=members&heading=Annual+meeting&size=large",
    )?;
    is_a4(&printed.file)?;
    let text = printed.sheets.concat();
    ensure!(
        printed.sheets.len() >= 2,
        "24 people in large print need a second sheet"
    );
    for (number, sheet) in (1..).zip(&printed.sheets) {
        ensure!(sheet.contains("Signature"), "sheet {number}: {sheet}");
    }
    for number in 101..=124 {
        ensure!(text.contains(&number.to_string()), "number {number} in {text}");
    }
    Ok(())
}

#[test]
fn cards_come_ten_on_a_sheet_and_each_has_its_square() -> Result<()> {
    let press = Press::start()?;
    let page = press.page("/members/print/cards?who=members")?;
    ensure!(
        page.matches("shape-rendering=\"crispEdges\"").count() == 24,
        "a square for each"
    );
    let printed = press.print("cards", "/members/print/cards?who=members")?;
    is_a4(&printed.file)?;
    let counts: Vec<usize> = printed
        .sheets
        .iter()
        .map(|sheet| sheet.matches("Number").count())
        .collect();
    ensure!(counts == [10, 10, 4], "{counts:?}");
    // The second card of a row begins 85.6 mm after the first.
    let xml = run(Command::new("pdftotext")
        .args(["-bbox", "-l", "1"])
        .arg(&printed.file)
        .arg("-"))?;
    let mut lefts: Vec<f64> = xml
        .lines()
        .filter(|line| line.contains(">Member<"))
        .filter_map(|line| {
            line.split("xMin=\"")
                .nth(1)?
                .split('"')
                .next()?
                .parse::<f64>()
                .ok()
        })
        .map(|points| points * 25.4 / 72.0)
        .collect();
    lefts.sort_by(f64::total_cmp);
    let (first, last) = (lefts.first().context("a card")?, lefts.last().context("a card")?);
    ensure!((last - first - 85.6).abs() < 0.5, "{} mm", last - first);
    Ok(())
}
