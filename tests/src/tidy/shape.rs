//! The shape of files and functions: a head, a size one can read, no loose ends.

use super::source::{blanked, braces};
use super::tree::{File, Finding, Tree};

/// Lines of the longest file.
const FILE_LINES: usize = 600;
/// Lines of the longest function, its first and last included.
const FUNCTION_LINES: usize = 80;
/// Functions that may be longer: file, name, and the reason why they are.
const LONG_FOR_A_REASON: &[(&str, &str, &str)] = &[];
/// Words of work that was put off; an issue is the place for that.
const PUT_OFF: &[&str] = &["TODO", "FIXME", "XXX"];

fn rust(tree: &Tree) -> impl Iterator<Item = &File> {
    tree.files.iter().filter(|file| file.path.ends_with(".rs"))
}

/// Every Rust file opens with `//!`: what it is for, what it leaves out.
fn heads(tree: &Tree) -> Vec<Finding> {
    let headless = rust(tree).filter(|file| !file.text.starts_with("//!"));
    headless
        .map(|file| {
            Finding::at(
                file,
                1,
                "open with `//!`: what the file is for, what it leaves out",
            )
        })
        .collect()
}

/// No file is longer than a person reads.
fn file_lengths(tree: &Tree) -> Vec<Finding> {
    let long = rust(tree)
        .map(|file| (file, file.text.lines().count()))
        .filter(|(_, lines)| *lines > FILE_LINES);
    long.map(|(file, lines)| {
        Finding::at(
            file,
            lines,
            format!("{lines} lines, at most {FILE_LINES}: cut it in two"),
        )
    })
    .collect()
}

/// No function is longer than a screen or two.
fn function_lengths(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in rust(tree) {
        for function in functions(&file.text) {
            let excused = LONG_FOR_A_REASON
                .iter()
                .any(|(path, name, _)| *path == file.path && *name == function.name);
            if function.lines > FUNCTION_LINES && !excused {
                let what = format!(
                    "{} has {} lines, at most {FUNCTION_LINES}",
                    function.name, function.lines
                );
                findings.push(Finding::at(file, function.start, what));
            }
        }
    }
    findings
}

struct Function {
    name: String,
    start: usize,
    lines: usize,
}

/// The functions of a file that have a body, in the order in which they end.
fn functions(text: &str) -> Vec<Function> {
    let mut done = Vec::new();
    let mut open: Vec<(Function, i64)> = Vec::new();
    let mut depth = 0;
    for (index, code) in blanked(text).lines().enumerate() {
        if let Some(name) = function_name(code) {
            open.push((
                Function {
                    name,
                    start: index + 1,
                    lines: 0,
                },
                depth,
            ));
        }
        depth += braces(code);
        let ends = code.contains('}') || code.trim_end().ends_with(';');
        if ends && open.last().is_some_and(|(_, outside)| depth <= *outside) {
            let (mut function, _) = open.pop().expect("the last one was just looked at");
            function.lines = index + 2 - function.start;
            done.push(function);
        }
    }
    done
}

fn function_name(code: &str) -> Option<String> {
    let (before, after) = code.split_once("fn ")?;
    let modifiers = [
        "pub",
        "const",
        "async",
        "unsafe",
        "extern",
        "pub(crate)",
        "pub(super)",
        "default",
    ];
    let stands_first = before.split_whitespace().all(|word| modifiers.contains(&word));
    let name: String = after
        .chars()
        .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
        .collect();
    (stands_first && !name.is_empty()).then_some(name)
}

/// Nothing is put off in a comment, and no line ends in spaces.
fn loose_ends(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree
        .files
        .iter()
        .filter(|file| !file.path.starts_with("tests/src/tidy/") && is_ours(file))
    {
        for (number, line) in file.lines() {
            if line.ends_with([' ', '\t']) {
                findings.push(Finding::at(file, number, "spaces at the end of the line"));
            }
            for word in PUT_OFF.iter().filter(|word| says_word(line, word)) {
                findings.push(Finding::at(
                    file,
                    number,
                    format!("{word}: do it, or open an issue"),
                ));
            }
        }
    }
    findings
}

/// Lock files and the licence are written by others.
fn is_ours(file: &File) -> bool {
    !file.path.ends_with("Cargo.lock") && !file.path.ends_with("package-lock.json") && file.path != "LICENSE"
}

fn says_word(line: &str, word: &str) -> bool {
    let part_of_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    line.match_indices(word).any(|(at, _)| {
        !line[..at].ends_with(part_of_word) && !line[at + word.len()..].starts_with(part_of_word)
    })
}

#[cfg(test)]
mod tests {
    use super::super::tree::{found, holds};
    use super::{file_lengths, function_lengths, heads, loose_ends};

    #[test]
    fn every_file_says_what_it_is_for() {
        holds(heads);
    }

    #[test]
    fn no_file_is_too_long() {
        holds(file_lengths);
    }

    #[test]
    fn no_function_is_too_long() {
        holds(function_lengths);
    }

    #[test]
    fn nothing_is_put_off() {
        holds(loose_ends);
    }

    #[test]
    fn a_file_without_a_head_is_found() {
        let says = "open with `//!`: what the file is for, what it leaves out";
        assert_eq!(
            found(heads, &[("a.rs", "// no\n"), ("b.rs", "//! Yes.\n")]),
            [format!("a.rs:1: {says}")]
        );
    }

    #[test]
    fn a_file_of_601_lines_is_found_and_one_of_600_is_not() {
        let made_up = [("a.rs", "\n".repeat(601)), ("b.rs", "\n".repeat(600))];
        let made_up = made_up.each_ref().map(|(path, text)| (*path, text.as_str()));
        assert_eq!(
            found(file_lengths, &made_up),
            ["a.rs:601: 601 lines, at most 600: cut it in two"]
        );
    }

    #[test]
    fn a_function_of_81_lines_is_found_where_it_starts() {
        let body = |lines: usize| {
            format!(
                "trait T {{\n    fn none(&self);\n    fn f() {{\n{}    }}\n}}\n",
                "x; // }\n".repeat(lines)
            )
        };
        let made_up = [("a.rs", body(79)), ("b.rs", body(78))];
        let made_up = made_up.each_ref().map(|(path, text)| (*path, text.as_str()));
        assert_eq!(
            found(function_lengths, &made_up),
            ["a.rs:3: f has 81 lines, at most 80"]
        );
    }

    #[test]
    fn a_head_over_several_lines_counts() {
        let text = format!("fn long(\n    a: u8,\n) -> u8\n{{\n{}}}\n", "x;\n".repeat(80));
        assert_eq!(
            found(function_lengths, &[("a.rs", &text)]),
            ["a.rs:1: long has 85 lines, at most 80"]
        );
    }

    #[test]
    fn work_put_off_and_spaces_are_found() {
        let text = "let x; // TODO later\nTODOS\nfine \n";
        assert_eq!(
            found(loose_ends, &[("a.md", text)]),
            [
                "a.md:1: TODO: do it, or open an issue",
                "a.md:3: spaces at the end of the line"
            ]
        );
    }
}
