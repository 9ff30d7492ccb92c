//! What belongs together stands together: a profile and its fixture, a page and its sample.

use super::tree::{File, Finding, Tree};

const PROFILES: &str = "hardware/devices/profiles/";
const FIXTURES: &str = "hardware/devices/fixtures/";
const PAGES: &str = "assets/pages/";
const WEB: &str = "appliance/web/";

/// Every device profile has a fixture of the same name: words as that device sends them.
fn fixtures(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for profile in tree.below(PROFILES, ".toml") {
        let name = profile.path[PROFILES.len()..].trim_end_matches(".toml");
        let wanted = [format!("{FIXTURES}{name}."), format!("{FIXTURES}{name}/")];
        let met = tree
            .files
            .iter()
            .any(|file| wanted.iter().any(|start| file.path.starts_with(start.as_str())));
        if !met {
            findings.push(Finding::at(
                profile,
                1,
                format!("no fixture: put the words it sends into {}…", wanted[0]),
            ));
        }
    }
    findings
}

/// Every page template is named by a file of `web` that also has a `sample()`; pieces that only other
/// templates take in need none.
fn samples(tree: &Tree) -> Vec<Finding> {
    let pages: Vec<&File> = tree.below(PAGES, ".html").collect();
    let mut findings = Vec::new();
    for page in &pages {
        let name = &page.path[PAGES.len()..];
        let quoted = format!("\"{name}\"");
        let named: Vec<&File> = tree
            .below(WEB, ".rs")
            .filter(|file| file.text.contains(&quoted))
            .collect();
        let a_piece = pages
            .iter()
            .any(|other| other.path != page.path && other.text.contains(&quoted));
        if named.is_empty() && !a_piece {
            findings.push(Finding::at(
                page,
                1,
                "no page of appliance/web names this template",
            ));
        } else if !named.is_empty() && !named.iter().any(|file| file.text.contains("fn sample(")) {
            let what = format!("its page in {} has no sample()", named[0].path);
            findings.push(Finding::at(page, 1, what));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tree::{found, holds};
    use super::{fixtures, samples};

    #[test]
    fn every_profile_has_a_fixture() {
        holds(fixtures);
    }

    #[test]
    fn every_page_has_a_sample() {
        holds(samples);
    }

    #[test]
    fn a_profile_without_a_fixture_is_found() {
        let made_up = [
            ("hardware/devices/profiles/maker-one.toml", ""),
            ("hardware/devices/profiles/maker-two.toml", ""),
            ("hardware/devices/fixtures/maker-two.tsv", ""),
        ];
        assert_eq!(
            found(fixtures, &made_up),
            [
                "hardware/devices/profiles/maker-one.toml:1: no fixture: put the words it sends into hardware/devices/fixtures/maker-one.…"
            ]
        );
    }

    #[test]
    fn a_page_without_a_sample_and_a_template_of_nobody_are_found() {
        let made_up = [
            ("assets/pages/energy/home.html", "{% extends \"frame.html\" %}"),
            ("assets/pages/frame.html", ""),
            ("assets/pages/energy/lost.html", ""),
            ("assets/pages/box/box.html", ""),
            (
                "appliance/web/src/energy/home.rs",
                "#[template(path = \"energy/home.html\")] fn sample() {}",
            ),
            (
                "appliance/web/src/box_page.rs",
                "#[template(path = \"box/box.html\")]",
            ),
        ];
        assert_eq!(
            found(samples, &made_up),
            [
                "assets/pages/box/box.html:1: its page in appliance/web/src/box_page.rs has no sample()",
                "assets/pages/energy/lost.html:1: no page of appliance/web names this template",
            ]
        );
    }
}
