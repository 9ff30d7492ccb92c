//! Nothing in the tree knows the machine it was written on, a registry's host, or a page that is not there.

use std::path::{Component, Path, PathBuf};

use super::tree::{File, Finding, Tree};

/// Folders of somebody's machine.
const MACHINES: &[&str] = &["/work/", "/root/", "/home/"];
/// Hosts of package registries: each machine has its own mirror of them.
const HOSTS: &[&str] = &[
    "crates.io",
    "deb.debian.org",
    "security.debian.org",
    "pypi.org",
    "pythonhosted.org",
    "npmjs.org",
    "npmjs.com",
    "proxy.golang.org",
    "archive.raspberrypi",
];

/// No path of a machine and no registry's host.
fn machines(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    // Cargo writes the index's name into its lock file itself; the rules here have to name what they forbid.
    let looked_at = |file: &&File| file.path != "Cargo.lock" && !file.path.starts_with("tests/src/tidy/");
    for file in tree.files.iter().filter(looked_at) {
        for (number, line) in file.lines() {
            for path in MACHINES.iter().filter(|path| starts_a_path(line, path)) {
                findings.push(Finding::at(
                    file,
                    number,
                    format!("`{path}` is a path of one machine"),
                ));
            }
            for host in HOSTS.iter().filter(|host| line.contains(*host)) {
                findings.push(Finding::at(
                    file,
                    number,
                    format!("`{host}`: no registry's host in the tree"),
                ));
            }
        }
    }
    findings
}

/// Whether a path begins here, and is not the end of a longer one or of an address.
fn starts_a_path(line: &str, path: &str) -> bool {
    let goes_on = |letter: char| letter.is_alphanumeric() || "._-/}".contains(letter);
    line.match_indices(path)
        .any(|(at, _)| !line[..at].ends_with(goes_on))
}

/// Every link of a document to a file of the tree leads somewhere.
fn links(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| file.path.ends_with(".md")) {
        let folder = Path::new(&file.path).parent().unwrap_or(Path::new(""));
        for (at, target) in targets(&file.text) {
            let path = target.split('#').next().unwrap_or_default();
            let elsewhere = target.contains("://") || target.starts_with("mailto:") || path.is_empty();
            if !elsewhere && !plain(&folder.join(path)).is_some_and(|path| tree.has(&path)) {
                findings.push(Finding::at(
                    file,
                    file.line_of(at),
                    format!("the link to {target} leads nowhere"),
                ));
            }
        }
    }
    findings
}

/// The targets of `[words](target)` with where they stand.
fn targets(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices("](").filter_map(|(at, opening)| {
        let rest = &text[at + opening.len()..];
        let target = rest.split([')', '\n']).next()?.split_whitespace().next()?;
        Some((at, target))
    })
}

/// The path without `.` and `..`; `None` if it leaves the tree.
fn plain(path: &Path) -> Option<PathBuf> {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir if !out.pop() => return None,
            Component::ParentDir | Component::CurDir => {}
            other => out.push(other),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::super::tree::{found, holds};
    use super::{links, machines};

    #[test]
    fn the_tree_knows_no_machine() {
        holds(machines);
    }

    #[test]
    fn every_link_leads_somewhere() {
        holds(links);
    }

    #[test]
    fn a_path_of_a_machine_and_a_host_are_found() {
        let text = "see /root/x\nfrom pypi.org\nassets/home/x is fine, and so is $state/home/y\n";
        assert_eq!(
            found(machines, &[("a.md", text)]),
            [
                "a.md:1: `/root/` is a path of one machine",
                "a.md:2: `pypi.org`: no registry's host in the tree"
            ]
        );
    }

    #[test]
    fn a_link_that_leads_nowhere_or_out_of_the_tree_is_found() {
        let text = "[a](b.md) [c](lost.md)\n[d](https://example.org/x) [e](#here) [f](../../x) [g](../docs/a.md#h)\n";
        assert_eq!(
            found(links, &[("docs/a.md", text), ("docs/b.md", "")]),
            [
                "docs/a.md:1: the link to lost.md leads nowhere",
                "docs/a.md:2: the link to ../../x leads nowhere"
            ]
        );
    }
}
