//! The profiles that come with Hearth.

use std::sync::{Arc, OnceLock};

use super::Profile;

/// File names and texts; a test compares the list with the folder.
const FILES: [(&str, &str); 6] = [
    (
        "eastron-sdm120.toml",
        include_str!("../../profiles/eastron-sdm120.toml"),
    ),
    (
        "eastron-sdm230.toml",
        include_str!("../../profiles/eastron-sdm230.toml"),
    ),
    (
        "eastron-sdm630.toml",
        include_str!("../../profiles/eastron-sdm630.toml"),
    ),
    (
        "sunspec-battery.toml",
        include_str!("../../profiles/sunspec-battery.toml"),
    ),
    (
        "sunspec-inverter.toml",
        include_str!("../../profiles/sunspec-inverter.toml"),
    ),
    (
        "sunspec-meter.toml",
        include_str!("../../profiles/sunspec-meter.toml"),
    ),
];

/// All profiles that come with Hearth, in the order of their ids. A test keeps them free of faults.
pub fn builtin() -> &'static [Arc<Profile>] {
    static PROFILES: OnceLock<Vec<Arc<Profile>>> = OnceLock::new();
    PROFILES.get_or_init(|| {
        FILES
            .iter()
            .filter_map(|(name, text)| Profile::parse(name, text).ok())
            .map(Arc::new)
            .collect()
    })
}

/// The profile with this id, as in `eastron-sdm630`.
pub fn find(id: &str) -> Option<Arc<Profile>> {
    builtin().iter().find(|profile| profile.id == id).cloned()
}

#[cfg(test)]
mod tests {
    use super::{FILES, builtin, find};
    use crate::profile::Profile;

    #[test]
    fn every_profile_is_free_of_faults() {
        for (name, text) in FILES {
            if let Err(faults) = Profile::parse(name, text) {
                let list: Vec<String> = faults.iter().map(ToString::to_string).collect();
                panic!("{}", list.join("\n"));
            }
        }
        assert_eq!(builtin().len(), FILES.len());
    }

    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "only this test looks at the folder itself"
    )]
    fn the_list_is_the_folder() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/profiles");
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .expect("the folder of profiles")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        let listed: Vec<&str> = FILES.iter().map(|file| file.0).collect();
        assert_eq!(names, listed, "the list in profile/builtin.rs");
    }

    #[test]
    fn profiles_are_found_by_their_id() {
        assert_eq!(
            find("eastron-sdm630").map(|profile| profile.model.clone()),
            Some("SDM630".to_owned())
        );
        assert_eq!(find("eastron"), None);
    }
}
