//! The first page as a phone gets it: every byte that is needed before something can be seen.

use std::net::SocketAddr;

use anyhow::{Context, Result};

use crate::Figure;
use crate::process::{Running, get, hearth, run};

/// As browsers say it.
const COMPRESSED: &str = "accept-encoding: gzip, deflate, br, zstd\r\n";

pub(crate) fn figures() -> Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    run(hearth()?
        .arg("fill")
        .arg("--state")
        .arg(folder.path())
        .args(["--days", "30"]))?;
    let _building = Running::start(folder.path(), &["simulate"], "simulator/ready")?;
    let (_running, address) = Running::the_box(folder.path())?;
    crate::let_pass(std::time::Duration::from_secs(8));
    let page = String::from_utf8(get(address, "/", "")?.body)?;
    let mut parts = vec![("page".to_owned(), get(address, "/", COMPRESSED)?.body.len())];
    for path in needed(&page) {
        let bytes = get(address, &path, COMPRESSED)?.body.len();
        let style = String::from_utf8_lossy(&get(address, &path, "")?.body).into_owned();
        parts.push((path, bytes));
        for inner in between(&style, "url(", ")").filter(|inner| inner.contains("/assets/")) {
            let inner = inner.trim_matches(['"', '\'']).to_owned();
            let bytes = get(address, &inner, COMPRESSED)?.body.len();
            parts.push((inner, bytes));
        }
    }
    let whole: usize = parts.iter().map(|part| part.1).sum();
    let kilobytes = |bytes: usize| u32::try_from(bytes).map(|bytes| f64::from(bytes) / 1_000.0);
    let mut figures = vec![Figure::at_most(
        "First page, all bytes for the first paint",
        kilobytes(whole)?,
        14.0,
        "kB",
    )];
    for (name, bytes) in &parts {
        figures.push(Figure::told(
            format!("  of them: {name}"),
            format!("{:.2} kB", kilobytes(*bytes)?),
            "",
        ));
    }
    figures.extend(later(address, &page)?);
    Ok(figures)
}

/// Style sheets and pictures that the page names.
fn needed(page: &str) -> Vec<String> {
    let styles =
        between(page, "<link", ">").filter(|link| link.contains("stylesheet") || link.contains("preload"));
    let styles = styles.filter_map(|link| between(link, "href=\"", "\"").next());
    let pictures = between(page, "<img", ">").filter_map(|image| between(image, "src=\"", "\"").next());
    let drawn = between(page, "<use", ">").filter_map(|used| between(used, "href=\"", "\"").next());
    let outside = |path: &&str| path.starts_with('/');
    let mut paths: Vec<String> = styles
        .chain(pictures)
        .chain(drawn)
        .filter(outside)
        .map(str::to_owned)
        .collect();
    for path in &mut paths {
        path.truncate(path.find('#').unwrap_or(path.len()));
    }
    paths.sort();
    paths.dedup();
    paths
}

/// What comes after the first paint, for comparison.
fn later(address: SocketAddr, page: &str) -> Result<Option<Figure>> {
    let scripts = between(page, "<script", ">").filter_map(|script| between(script, "src=\"", "\"").next());
    let mut bytes = 0;
    for path in scripts {
        bytes += get(address, path, COMPRESSED)?.body.len();
    }
    let bytes = u32::try_from(bytes).context("a small script")?;
    let told = Figure::told(
        "  after it: scripts",
        format!("{:.2} kB", f64::from(bytes) / 1_000.0),
        "",
    );
    Ok((bytes > 0).then_some(told))
}

/// Each piece of the text between two marks.
fn between<'a>(text: &'a str, from: &'a str, to: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(from)
        .skip(1)
        .filter_map(move |rest| rest.split(to).next())
}
