//! The words of the interface: every key of the file is used, and every key that is used is in the file.
//!
//! A key is used where it stands in quotes, in a page or in `appliance/web`; a key made of parts is used where
//! its beginning stands in quotes up to a `-`, as in `format!("quantity-{name}")`.

use std::collections::BTreeSet;

use super::tree::{File, Finding, Tree};

const WORDS: &str = "assets/words/en/";
/// How a page or a handler asks for words. What follows in quotes is a key.
const ASKS: &[&str] = &[
    "words.say(\"",
    "words.with(\"",
    "words.text(\"",
    "say(\"",
    "word(\"",
];

/// The keys and their uses agree.
fn words(tree: &Tree) -> Vec<Finding> {
    let files: Vec<&File> = tree.below(WORDS, ".ftl").collect();
    if files.is_empty() {
        return Vec::new();
    }
    let users: Vec<&File> = tree
        .below("appliance/web/", ".rs")
        .chain(tree.below("assets/pages/", ".html"))
        .collect();
    let keys_of = |file: &'_ &File| -> Vec<(usize, String)> {
        let lines = file.lines();
        lines
            .filter_map(|(number, line)| Some((number, key(line)?.to_owned())))
            .collect()
    };
    let known: BTreeSet<String> = files.iter().flat_map(keys_of).map(|(_, key)| key).collect();
    let mut findings: Vec<Finding> = Vec::new();
    for file in &files {
        for (number, key) in keys_of(file) {
            if !used(&key, &users) && !file.text.contains(&format!("{{ {key} }}")) {
                let what = format!("`{key}` is used nowhere: take it out");
                findings.push(Finding::at(file, number, what));
            }
        }
    }
    for user in users {
        for (line, asked) in asked_for(user).filter(|(_, asked)| !known.contains(*asked)) {
            findings.push(Finding::at(user, line, format!("`{asked}` is not in {WORDS}")));
        }
    }
    findings
}

/// The key that a line of a words file defines. Terms (`-name`) and attributes are Fluent's own affair.
fn key(line: &str) -> Option<&str> {
    let (key, _) = line.split_once('=')?;
    let key = key.trim_end();
    let letters = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    (line.starts_with(|letter: char| letter.is_ascii_alphabetic()) && key.chars().all(letters)).then_some(key)
}

fn used(key: &str, users: &[&File]) -> bool {
    let whole = format!("\"{key}\"");
    let starts = key.match_indices('-').map(|(at, _)| &key[..=at]);
    let parts: Vec<String> = starts
        .flat_map(|start| [format!("\"{start}{{"), format!("\"{start}\"")])
        .collect();
    users
        .iter()
        .any(|user| user.text.contains(&whole) || parts.iter().any(|part| user.text.contains(part.as_str())))
}

/// The whole keys that a file asks for, with their lines.
fn asked_for(user: &File) -> impl Iterator<Item = (usize, &str)> {
    let asks = ASKS
        .iter()
        .flat_map(|ask| user.text.match_indices(ask).map(|(at, ask)| at + ask.len()));
    asks.collect::<BTreeSet<usize>>().into_iter().filter_map(|at| {
        let asked = user.text[at..].split('"').next()?;
        let whole = !asked.is_empty() && !asked.contains(['{', '}', ' ', '\n']) && !asked.ends_with('-');
        whole.then(|| (user.line_of(at), asked))
    })
}

#[cfg(test)]
mod tests {
    use super::super::tree::{found, holds};
    use super::words;

    #[test]
    fn keys_and_uses_agree() {
        holds(words);
    }

    #[test]
    fn a_key_of_nobody_and_a_use_without_a_key_are_found() {
        let made_up = [
            (
                "assets/words/en/frame.ftl",
                "# Home\nhome-title = Energy now\nlost = Nobody says this\nunit-watts = W\n    .hint = x\n",
            ),
            (
                "assets/pages/home.html",
                "<h1>{{ words.say(\"home-title\") }}</h1>\n{{ words.say(\"home-tilte\") }}",
            ),
            ("appliance/web/src/a.rs", "words.say(&format!(\"unit-{unit}\"))"),
        ];
        assert_eq!(
            found(words, &made_up),
            [
                "assets/pages/home.html:2: `home-tilte` is not in assets/words/en/",
                "assets/words/en/frame.ftl:3: `lost` is used nowhere: take it out",
            ]
        );
    }
}
