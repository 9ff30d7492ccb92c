//! Every address of the router, read out of the program's own source: a page that is added is walked without anybody
//! having to think of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// An address, and how it can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    /// The address, with the names of its parts in braces.
    pub(crate) pattern: String,
    /// Whether it can be looked at.
    pub(crate) looked_at: bool,
    /// Whether something can be sent there.
    pub(crate) sent_to: bool,
}

/// All of them, in the order of their addresses.
pub(crate) fn routes() -> Vec<Route> {
    let mut sources = Vec::new();
    read(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
        &mut sources,
    );
    let named: BTreeMap<&str, &str> = sources.iter().flat_map(|source| named(source)).collect();
    let mut routes: Vec<Route> = sources
        .iter()
        .flat_map(|source| source.split(".route(").skip(1))
        .map(|rest| route(rest, &named))
        .collect();
    routes.sort_by(|one, other| one.pattern.cmp(&other.pattern));
    routes
}

/// The source below a folder, without what is there for tests.
fn read(folder: &Path, sources: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder of the source") {
        let path = entry.expect("readable").path();
        let tests = path.file_stem().is_some_and(|stem| stem == "tests");
        if path.is_dir() {
            read(&path, sources);
        } else if !tests {
            sources.push(fs::read_to_string(&path).expect("source is text"));
        }
    }
}

/// The addresses that have names: `const PEOPLE: &str = "/people";`
fn named(source: &str) -> impl Iterator<Item = (&str, &str)> {
    source.split("const ").skip(1).filter_map(|rest| {
        let (name, rest) = rest.split_once(": &str =")?;
        let value = rest.trim_start().strip_prefix('"')?.split('"').next()?;
        value.starts_with('/').then_some((name, value))
    })
}

fn route(rest: &str, named: &BTreeMap<&str, &str>) -> Route {
    let (first, handlers) = rest.split_once(',').expect("an address and what answers there");
    let first = first.trim();
    let pattern = match first.strip_prefix('"') {
        Some(written) => written.trim_end_matches('"'),
        None => {
            let name = first.rsplit("::").next().unwrap_or(first);
            named.get(name).copied().expect("an address that is in urls")
        }
    };
    // Up to the end of the call: where as many brackets have closed as were opened.
    let mut open = 1_i32;
    let end = handlers.char_indices().find(|(_, sign)| {
        open += match sign {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        open == 0
    });
    let handlers = &handlers[..end.map_or(handlers.len(), |(at, _)| at)];
    Route {
        pattern: pattern.to_owned(),
        looked_at: handlers.contains("get("),
        sent_to: handlers.contains("post("),
    }
}

#[test]
fn the_routes_are_all_there() {
    let routes = routes();
    assert!(routes.len() > 140, "only {} were found", routes.len());
    let found = |pattern: &str| routes.iter().find(|route| route.pattern == pattern);
    let person = found("/people/{person}").expect("the page of a person");
    assert!(person.looked_at && !person.sent_to);
    let passphrase = found("/sign-in/passphrase").expect("where a passphrase is chosen");
    assert!(passphrase.looked_at && passphrase.sent_to);
    assert!(found("/api/v1/power").is_some());
    for route in &routes {
        assert!(route.looked_at || route.sent_to, "{route:?} answers nothing");
    }
}
