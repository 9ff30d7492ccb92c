//! The words file is whole: it is understood, every key that is asked for is there, and every key is asked for.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::{ENGLISH, bundle, figure, html, say, say_with};

/// All keys of the file.
fn keys() -> BTreeSet<String> {
    let defines = |line: &str| {
        let key = line.split_once(" =")?.0;
        let plain = key
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        (plain && !key.is_empty()).then(|| key.to_owned())
    };
    ENGLISH
        .iter()
        .flat_map(|text| text.lines())
        .filter_map(defines)
        .collect()
}

/// The text of every file with this ending below a folder of the repository.
fn texts(folder: &str, ending: &str) -> String {
    fn gather(folder: &Path, ending: &str, text: &mut String) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                gather(&path, ending, text);
            } else if path.to_string_lossy().ends_with(ending) {
                text.push_str(&fs::read_to_string(&path).expect("text"));
            }
        }
    }
    let mut text = String::new();
    gather(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join(folder),
        ending,
        &mut text,
    );
    text
}

/// What stands in quotes after each place where words are asked for.
fn asked(text: &str, asks: &[&str]) -> BTreeSet<String> {
    let after = asks
        .iter()
        .flat_map(|ask| text.match_indices(ask).map(|(at, ask)| &text[at + ask.len()..]));
    after
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_file_is_understood_and_no_key_stands_twice() {
    assert_eq!(bundle(ENGLISH).1, Vec::<String>::new());
    assert_eq!(
        bundle(&["a = 1\n", "a = 2\n"]).1.len(),
        1,
        "a key that stands twice is found"
    );
}

#[test]
fn every_key_that_is_asked_for_is_there() {
    let code = asked(&texts("src", ".rs"), &["say(\"", "say_with(\""]);
    let templates = texts("../../assets/pages", ".html");
    let piped = templates.match_indices("\"|say").map(|(at, _)| &templates[..at]);
    let piped = piped
        .filter_map(|before| before.rsplit('"').next())
        .map(str::to_owned);
    let wanted: BTreeSet<String> = code.into_iter().chain(piped).collect();
    assert!(wanted.len() > 100, "the search finds them");
    let there = keys();
    let missing: Vec<&String> = wanted
        .difference(&there)
        .filter(|key| !key.starts_with("no-such"))
        .collect();
    assert!(missing.is_empty(), "not in the words file: {missing:?}");
}

/// Whether a key is put together where it is asked for, as in `format!("quantity-{name}")`.
fn made_of_parts(key: &str, users: &str) -> bool {
    let mut parts = key.match_indices('-');
    parts.any(|(at, _)| users.contains(&format!("\"{}{{", &key[..=at])))
}

#[test]
fn every_key_is_asked_for() {
    let users = texts("src", ".rs") + &texts("../../assets/pages", ".html");
    let unused: Vec<String> = keys()
        .into_iter()
        .filter(|key| !users.contains(&format!("\"{key}\"")) && !made_of_parts(key, &users))
        .collect();
    assert!(
        unused.is_empty(),
        "in the words file, and used nowhere: {unused:?}"
    );
}

#[test]
fn what_is_missing_is_seen() {
    let absent = "no-such-key";
    assert_eq!(say(absent), "[no-such-key]");
    assert_eq!(
        say("now-use-out"),
        "[now-use-out: The homes use {$used}, and {$out} goes out to the street.]"
    );
}

#[test]
fn counts_choose_their_words() {
    let told = [1, 2].map(|count: i64| say_with("ago-seconds", [("count", count.into())]));
    assert_eq!(told, ["1 second ago", "2 seconds ago"]);
}

#[test]
fn figures_are_strong_and_nothing_else_is_markup() {
    let sentence = say_with("now-roof-makes", [("made", figure("sun", "6.2 kW").into())]);
    assert_eq!(html(&sentence), "The roof makes <b class=\"sun\">6.2 kW</b>.");
    assert_eq!(
        html("a < b & \"c\" > **d**"),
        "a &lt; b &amp; &quot;c&quot; &gt; **d**"
    );
}
