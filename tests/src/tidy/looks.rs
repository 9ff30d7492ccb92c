//! Whoever asks for something as somebody leaves a line in the record, or the reason why not stands here.

use std::collections::BTreeSet;

use super::tree::{File, Finding, Tree};

/// What writes a line, or asks another function of the list that does.
const WRITES: &[&str] = &[
    ".keep(",
    ".record(",
    ".commit(",
    ".remove(",
    ".together(",
    ".look_through(",
    ".change_site(",
    ".change(",
];

/// What is asked for as somebody without a line of its own, and why that is right.
const WITHOUT: &[(&str, &str)] = &[
    ("my_consents", OWN),
    ("my_membership", OWN),
    ("own_membership", OWN),
    ("own_money", OWN),
    ("mine", OWN),
    ("kept_about_me", OWN),
    ("my_requests", OWN),
    ("done_with_mine", OWN),
    (
        "directory",
        "the names of those who chose to be seen, for every member",
    ),
    ("stage_table", UPLOADED),
    ("staged", UPLOADED),
    ("choose_for_table", UPLOADED),
    ("imports", NO_DATA),
    ("past_import", NO_DATA),
    ("standing", NO_DATA),
    ("choices", NO_DATA),
    ("runs", NO_DATA),
    ("mail_server", NO_DATA),
    ("mail_is_on", NO_DATA),
    ("letters", NO_DATA),
    ("letter", NO_DATA),
    ("dues_rules", NO_DATA),
    ("money_overview", NO_DATA),
    ("receipts", NO_DATA),
    ("rules_of_the_book", NO_DATA),
    ("statement_drafts", NO_DATA),
    ("people_given", NO_DATA),
    ("check_record", NO_DATA),
    ("export_asked", NO_DATA),
    ("phrase_asked", NO_DATA),
    ("mail_for_form", FORM),
    ("declarations", FORM),
    (
        "goes_on_as",
        "that two numbers are one person's; the page that one is led to writes a line",
    ),
    (
        "roles",
        "who has which role is everybody's to know; names are for those who are signed in",
    ),
    (
        "who_can",
        "who has which role is everybody's to know; names are for those who are signed in",
    ),
    (
        "waiting",
        "who asked for what is for those who decide with them, and those whom it is about",
    ),
];
const OWN: &str = "somebody's own data";
const UPLOADED: &str = "a table that they themselves have handed in; trying it on the book writes a line";
const NO_DATA: &str = "nobody's data: rules, sums, numbers";
const FORM: &str = "what a form was made for; the page with the form writes a line";

/// What asks another function of this crate: `actor.person(` is a word of the actor, and asks nobody.
const ASKS: &[&str] = &["self", "acts", "door", "sign_in()"];

/// A function that waits for an answer.
struct Asked<'a> {
    name: &'a str,
    line: usize,
    body: &'a str,
    /// Whether others may ask it as somebody.
    as_somebody: bool,
}

/// The functions of a file that wait for an answer.
fn asked(text: &str) -> Vec<Asked<'_>> {
    const START: &str = "async fn ";
    let mut found = Vec::new();
    for (at, _) in text.match_indices(START) {
        let before = text.get(..at).unwrap_or_default();
        let rest = text.get(at + START.len()..).unwrap_or_default();
        let whole = rest.split("\n    }\n").next().unwrap_or_default();
        let (name, _) = rest.split_once(['(', '<']).unwrap_or_default();
        let (head, body) = whole.split_once(" {\n").unwrap_or_default();
        found.push(Asked {
            name,
            line: before.matches('\n').count() + 1,
            body,
            as_somebody: before.ends_with("\n    pub ") && head.contains("actor: &Actor"),
        });
    }
    found
}

/// Whether a body asks this function, in one line or with the dot on the next.
fn asks(body: &str, other: &str) -> bool {
    let call = format!(".{other}(");
    body.match_indices(&call).any(|(at, _)| {
        let before = body.get(..at).unwrap_or_default().trim_end();
        ASKS.iter().any(|receiver| before.ends_with(receiver))
    })
}

/// Each function of `acts` that somebody asks as somebody writes a line, or asks one that does, or stands in the list.
fn looks(tree: &Tree) -> Vec<Finding> {
    let listed = |name: &str| WITHOUT.iter().any(|(without, _)| *without == name);
    let silent = silent(tree).into_iter().filter(|(_, one)| !listed(one.name));
    silent
        .map(|(file, one)| {
            let what = format!(
                "`{}` is asked for as somebody, and writes no line of the record",
                one.name
            );
            Finding::at(file, one.line, what)
        })
        .collect()
}

/// What is asked for as somebody and leaves no line.
fn silent(tree: &Tree) -> Vec<(&File, Asked<'_>)> {
    let files = tree.below("appliance/acts/src/", ".rs");
    let all: Vec<_> = files
        .flat_map(|file| asked(&file.text).into_iter().map(move |one| (file, one)))
        .collect();
    let mut writes: BTreeSet<&str> = BTreeSet::new();
    loop {
        let known = writes.len();
        for (_, one) in &all {
            let asks = |other: &&str| asks(one.body, other);
            if WRITES.iter().any(|word| one.body.contains(word)) || writes.iter().any(asks) {
                writes.insert(one.name);
            }
        }
        if writes.len() == known {
            break;
        }
    }
    let silent = all
        .into_iter()
        .filter(|(_, one)| one.as_somebody && !writes.contains(one.name));
    silent.collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::{Tree, found, holds};
    use super::{WITHOUT, looks, silent};

    #[test]
    fn every_look_writes_a_line() {
        holds(looks);
    }

    #[test]
    fn what_stands_in_the_list_is_there_and_leaves_no_line() {
        let tree = Tree::ours();
        let names: Vec<&str> = silent(&tree).iter().map(|(_, one)| one.name).collect();
        let gone: Vec<&str> = WITHOUT
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| !names.contains(name))
            .collect();
        assert_eq!(gone, Vec::<&str>::new());
    }

    #[test]
    fn a_look_without_a_line_is_found() {
        let silent = "impl Acts {\n    /// A look.\n    pub async fn peek(&self, actor: &Actor) -> u8 {\n        allowed(actor)\n    }\n}\n";
        let through = "impl Acts {\n    pub async fn peek(&self, actor: &Actor) -> u8 {\n        self.opened(actor).await\n    }\n\n    async fn opened(&self, actor: &Actor) -> u8 {\n        self.keep(actor).await\n    }\n}\n";
        let namesake = "impl Acts {\n    pub async fn person(&self, actor: &Actor) -> u8 {\n        self.keep(actor).await\n    }\n\n    pub async fn peek(&self, actor: &Actor) -> u8 {\n        actor.person()\n    }\n}\n";
        let path = "appliance/acts/src/peek.rs";
        assert_eq!(found(looks, &[(path, silent)]).len(), 1);
        assert_eq!(found(looks, &[(path, namesake)]).len(), 1);
        assert_eq!(found(looks, &[(path, through)]), Vec::<String>::new());
    }
}
