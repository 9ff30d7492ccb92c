//! Which folder is meant when none is named.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use crate::cli::Shared;

/// The box's folder: as given, else from the environment, else `state` where one stands.
pub fn state_folder(shared: &Shared) -> PathBuf {
    choose(shared.state.clone(), |name| env::var_os(name))
}

fn choose(given: Option<PathBuf>, lookup: impl Fn(&str) -> Option<OsString>) -> PathBuf {
    let set = |name| lookup(name).filter(|value| !value.is_empty());
    let from_system = || {
        // systemd names several folders with colons between; ours is the first.
        set("STATE_DIRECTORY").and_then(|folders| env::split_paths(&folders).next())
    };
    given
        .or_else(|| set("HEARTH_STATE").map(PathBuf::from))
        .or_else(from_system)
        .unwrap_or_else(|| PathBuf::from("state"))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::path::{Path, PathBuf};

    use super::choose;

    #[test]
    fn what_is_given_goes_before_the_environment() {
        let both = |name: &str| match name {
            "HEARTH_STATE" => Some(OsString::from("/srv/box")),
            "STATE_DIRECTORY" => Some(OsString::from("/var/lib/hearth:/var/lib/other")),
            _ => None,
        };
        let system = |name: &str| both(name).filter(|_| name == "STATE_DIRECTORY");
        let empty = |_: &str| Some(OsString::new());
        assert_eq!(choose(Some(PathBuf::from("here")), both), Path::new("here"));
        assert_eq!(choose(None, both), Path::new("/srv/box"));
        assert_eq!(choose(None, system), Path::new("/var/lib/hearth"));
        assert_eq!(choose(None, empty), Path::new("state"));
    }
}
