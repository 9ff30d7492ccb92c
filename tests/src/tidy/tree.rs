//! The tree as the rules see it: every text file that git would keep, and what a finding looks like.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// A place where a rule is not kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// The file, from the root of the tree.
    pub(crate) file: String,
    /// The line, from 1; 1 also where the whole file is meant.
    pub(crate) line: usize,
    /// What is wrong, and what to do.
    pub(crate) what: String,
}

impl Finding {
    /// A finding in one line of a file.
    pub(crate) fn at(file: &File, line: usize, what: impl Into<String>) -> Self {
        Self {
            file: file.path.clone(),
            line,
            what: what.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// One text file.
#[derive(Debug)]
pub(crate) struct File {
    /// Its path from the root, with `/` between the parts.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
}

impl File {
    /// The lines with their numbers, from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
    }

    /// The line on which the byte at `offset` stands, from 1.
    pub(crate) fn line_of(&self, offset: usize) -> usize {
        self.text[..offset].matches('\n').count() + 1
    }
}

/// All text files of a tree that git would keep.
#[derive(Debug)]
pub(crate) struct Tree {
    root: PathBuf,
    /// The files in the order of their paths.
    pub(crate) files: Vec<File>,
}

impl Tree {
    /// Reads the tree under `root`, without what its `.gitignore` names and without what is not text.
    pub(crate) fn read(root: &Path) -> Self {
        let ignored = fs::read_to_string(root.join(".gitignore")).unwrap_or_default();
        let ignored: Vec<&str> = ignored
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        let mut files = Vec::new();
        collect(root, "", &ignored, &mut files);
        files.sort_by(|one, other| one.path.cmp(&other.path));
        Self {
            root: root.to_path_buf(),
            files,
        }
    }

    /// Hearth's own tree.
    pub(crate) fn ours() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .expect("the crate lies in the tree");
        Self::read(root)
    }

    /// The file at this path.
    pub(crate) fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The files below a folder (its path ends in `/`) whose name has this ending.
    pub(crate) fn below<'a>(&'a self, folder: &'a str, ending: &'a str) -> impl Iterator<Item = &'a File> {
        self.files
            .iter()
            .filter(move |file| file.path.starts_with(folder) && file.path.ends_with(ending))
    }

    /// Whether a file or folder stands at this path, text or not.
    pub(crate) fn has(&self, path: &Path) -> bool {
        self.root.join(path).exists()
    }
}

fn collect(root: &Path, below: &str, ignored: &[&str], files: &mut Vec<File>) {
    let Ok(entries) = fs::read_dir(root.join(below)) else {
        return;
    };
    for entry in entries.flatten() {
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let path = if below.is_empty() {
            name.clone()
        } else {
            format!("{below}/{name}")
        };
        if name == ".git" || ignored.iter().any(|pattern| ignores(pattern, &path, &name)) {
            continue;
        }
        if entry.path().is_dir() {
            collect(root, &path, ignored, files);
        } else if let Ok(text) = fs::read_to_string(entry.path()) {
            files.push(File { path, text });
        }
    }
}

/// The few forms of `.gitignore` that this tree uses: a path from the root, an ending, a name anywhere.
fn ignores(pattern: &str, path: &str, name: &str) -> bool {
    match (pattern.strip_prefix('/'), pattern.strip_prefix('*')) {
        (Some(from_root), _) => path == from_root.trim_end_matches('/'),
        (None, Some(ending)) => name.ends_with(ending),
        (None, None) => name == pattern.trim_end_matches('/'),
    }
}

/// Fails with every finding of a rule in Hearth's own tree.
pub(crate) fn holds(rule: fn(&Tree) -> Vec<Finding>) {
    let mut findings = rule(&Tree::ours());
    findings.sort();
    let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
    assert!(lines.is_empty(), "{} to mend:\n{}", lines.len(), lines.join("\n"));
}

/// What a rule finds in a made-up tree, a line each.
pub(crate) fn found(rule: fn(&Tree) -> Vec<Finding>, made_up: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in made_up {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a path has a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
    let mut findings = rule(&Tree::read(folder.path()));
    findings.sort();
    findings.iter().map(Finding::to_string).collect()
}

#[test]
fn what_git_ignores_is_not_read() {
    let every = |tree: &Tree| tree.files.iter().map(|file| Finding::at(file, 1, "")).collect();
    let made_up = [
        (".gitignore", "/target\n*.profraw\n__pycache__\n"),
        ("target/x.rs", ""),
        ("a/target/x.rs", ""),
        ("a/b.profraw", ""),
        ("a/__pycache__/c.txt", ""),
    ];
    assert_eq!(found(every, &made_up), [".gitignore:1: ", "a/target/x.rs:1: "]);
}
