//! How often production code may end the program or cast blindly, per thousand lines.

use super::source::{production, production_lines};
use super::tree::{Finding, Tree};

/// Words with which a program gives up.
const PANICS: &[&str] = &[
    ".unwrap()",
    ".expect(",
    "panic!(",
    "unreachable!(",
    "todo!(",
    "unimplemented!(",
];
/// The most of them in a hundred thousand lines: 0.3 in a thousand.
const PANICS_IN_100_000: usize = 30;
/// Types a number is cast to.
const NUMBERS: &[&str] = &[
    "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64",
];
/// The most casts in a hundred thousand lines: 0.5 in a thousand.
const CASTS_IN_100_000: usize = 50;

/// Giving up stays rare, and each place has its reason.
fn panics(tree: &Tree) -> Vec<Finding> {
    let gives_up = |code: &str| PANICS.iter().any(|word| code.contains(word));
    rare(tree, gives_up, PANICS_IN_100_000, "gives up: make it an error")
}

/// Numbers are converted by name.
fn casts(tree: &Tree) -> Vec<Finding> {
    rare(
        tree,
        casts_number,
        CASTS_IN_100_000,
        "casts with `as`: use TryFrom or a named function",
    )
}

fn casts_number(code: &str) -> bool {
    let mut words = code.split(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '/');
    let mut before = "";
    words.any(|word| {
        let cast = before == "as" && NUMBERS.contains(&word);
        before = word;
        cast
    })
}

/// All places, if together they are more than the measure allows.
fn rare(tree: &Tree, meets: impl Fn(&str) -> bool, in_100_000: usize, what: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut lines = 0;
    for file in production(tree) {
        for line in production_lines(&file.text) {
            lines += 1;
            if meets(&line.code) {
                findings.push(Finding::at(file, line.number, what));
            }
        }
    }
    if findings.len() * 100_000 > in_100_000 * lines {
        findings
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::{found, holds};
    use super::{casts, panics};

    #[test]
    fn giving_up_is_rare() {
        holds(panics);
    }

    #[test]
    fn casts_are_rare() {
        holds(casts);
    }

    #[test]
    fn too_many_words_of_panic_are_found() {
        let text = format!(
            "{}a.unwrap();\nb.expect(\"x\"); // c.unwrap()\n",
            "x;\n".repeat(4000)
        );
        let says = "gives up: make it an error";
        assert_eq!(
            found(panics, &[("appliance/a/src/a.rs", &text)]),
            [
                format!("appliance/a/src/a.rs:4001: {says}"),
                format!("appliance/a/src/a.rs:4002: {says}")
            ]
        );
    }

    #[test]
    fn one_in_four_thousand_lines_is_rare_enough() {
        let text = format!("{}a.unwrap();\n", "x;\n".repeat(4000));
        assert!(found(panics, &[("appliance/a/src/a.rs", &text)]).is_empty());
    }

    #[test]
    fn a_cast_is_found_and_a_renamed_import_is_not() {
        let text = "use a::b as c;\nlet x = y as u16;\n";
        assert_eq!(
            found(casts, &[("hardware/a/src/a.rs", text)]),
            ["hardware/a/src/a.rs:2: casts with `as`: use TryFrom or a named function"]
        );
    }
}
