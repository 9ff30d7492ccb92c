//! No clock, file, environment, thread, network or randomness in a pure crate.
//!
//! Clippy's walls name functions; this rule searches the text, so that it also meets what no list of
//! functions has thought of.

use super::source::{production, production_lines};
use super::tree::{Finding, Tree};

/// The rooms whose code takes everything as arguments.
const PURE: &[&str] = &[
    "hardware/units/src/",
    "hardware/devices/src/",
    "appliance/energy/src/",
    "appliance/members/src/",
    "appliance/decisions/src/",
    "appliance/space/src/",
];

/// What may not be said there, and what to do instead.
const FORBIDDEN: &[(&str, &str)] = &[
    ("SystemTime", "the moment comes in as an argument"),
    ("Instant::now", "the moment comes in as an argument"),
    ("Timestamp::now", "the moment comes in as an argument"),
    ("Zoned::now", "the moment comes in as an argument"),
    ("std::fs", "bytes come in as an argument"),
    ("std::io", "bytes come in as an argument, values go out"),
    ("std::env", "settings come in as an argument"),
    ("std::net", "bytes come in as an argument"),
    ("std::process", "a pure crate starts and ends nothing"),
    ("std::thread", "a pure crate runs where it is called"),
    ("async fn", "a pure crate waits for nothing"),
    (".await", "a pure crate waits for nothing"),
    ("tokio::", "a pure crate waits for nothing"),
    ("fastrand::", "randomness comes in as an argument"),
    ("rand::", "randomness comes in as an argument"),
    ("println!", "a pure crate returns values, it prints nothing"),
    ("eprintln!", "a pure crate returns values, it prints nothing"),
];

/// What may be said all the same: bytes that are in memory already, read as a stream.
const ALLOWED: &[&str] = &["use std::io::Cursor;", "use std::io::{Cursor, Read};"];

/// A pure crate reaches for nothing.
fn pure(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in production(tree).filter(|file| PURE.iter().any(|room| file.path.starts_with(room))) {
        for line in production_lines(&file.text)
            .into_iter()
            .filter(|line| !ALLOWED.contains(&line.code.trim()))
        {
            for (word, instead) in FORBIDDEN.iter().filter(|(word, _)| says(&line.code, word)) {
                findings.push(Finding::at(
                    file,
                    line.number,
                    format!("`{word}` in a pure crate: {instead}"),
                ));
            }
        }
    }
    findings
}

/// Clippy reads one file for a crate, so each pure crate has its own; all of them say the same.
fn one_wall(tree: &Tree) -> Vec<Finding> {
    let mut walls = PURE
        .iter()
        .filter_map(|room| tree.file(&room.replace("src/", "clippy.toml")));
    let Some(first) = walls.next() else {
        return Vec::new();
    };
    let others = walls.filter(|wall| wall.text != first.text);
    let mut findings: Vec<Finding> = others
        .map(|wall| Finding::at(wall, 1, format!("differs from {}", first.path)))
        .collect();
    for room in PURE {
        let bare = tree
            .below(room, ".rs")
            .next()
            .filter(|_| tree.file(&room.replace("src/", "clippy.toml")).is_none());
        findings
            .extend(bare.map(|file| Finding::at(file, 1, "its crate has no clippy.toml of the pure crates")));
    }
    findings
}

/// Whether a line says the word and not only a longer one that ends in it.
fn says(code: &str, word: &str) -> bool {
    code.match_indices(word)
        .any(|(at, _)| !code[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_'))
}

#[cfg(test)]
mod tests {
    use super::super::tree::{found, holds};
    use super::{one_wall, pure};

    #[test]
    fn the_pure_crates_are_pure() {
        holds(pure);
    }

    #[test]
    fn the_pure_crates_have_one_wall() {
        holds(one_wall);
    }

    #[test]
    fn a_wall_that_differs_and_a_crate_without_one_are_found() {
        let made_up = [
            ("hardware/units/clippy.toml", "msrv = \"1.90\"\n"),
            ("hardware/devices/clippy.toml", "msrv = \"1.91\"\n"),
            ("appliance/energy/src/lib.rs", ""),
        ];
        assert_eq!(
            found(one_wall, &made_up),
            [
                "appliance/energy/src/lib.rs:1: its crate has no clippy.toml of the pure crates",
                "hardware/devices/clippy.toml:1: differs from hardware/units/clippy.toml",
            ]
        );
    }

    #[test]
    fn a_clock_and_a_file_are_found_but_not_in_tests_or_comments() {
        let text = "//! Instant::now is forbidden.\nuse std::fs;\nfn f() { g(Instant::now()); }\n#[cfg(test)]\nmod t { use std::fs; }\n";
        let made_up = [
            ("appliance/energy/src/a.rs", text),
            ("appliance/store/src/a.rs", text),
        ];
        assert_eq!(
            found(pure, &made_up),
            [
                "appliance/energy/src/a.rs:2: `std::fs` in a pure crate: bytes come in as an argument",
                "appliance/energy/src/a.rs:3: `Instant::now` in a pure crate: the moment comes in as an argument",
            ]
        );
    }

    #[test]
    fn a_longer_word_is_another_word() {
        assert!(found(pure, &[("hardware/units/src/a.rs", "let x = operand::new();\n")]).is_empty());
    }
}
