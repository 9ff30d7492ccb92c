//! What becomes of every file of the state folder when a backup is made: it is in the backup, or it is declared here why it
//! need not be. A test walks the folder of a box that has lived, and finds no file that this list does not know.

use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use store::backup::KeptFile;

/// What becomes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is in every backup as it is.
    Kept,
    /// What stands in it is in every backup, in another way.
    InAnotherWay(&'static str),
    /// It is not needed, for this reason.
    Disposable(&'static str),
}

/// Every file that a state folder may hold, by the beginning of its path, and what becomes of it. The first that fits
/// counts.
pub const FATES: &[(&str, Fate)] = &[
    ("site.toml", Fate::Kept),
    // With it the phones that trust the box trust a restored one too.
    ("authority.pem", Fate::Kept),
    (
        "hearth.redb.new",
        Fate::Disposable("a store that was being made; the next start makes it anew"),
    ),
    (
        "hearth.redb",
        Fate::InAnotherWay("row by row, from one moment of the store"),
    ),
    (
        "hearth.tail.new",
        Fate::Disposable("a tail that was being made; the next start makes it anew"),
    ),
    (
        "hearth.tail",
        Fate::InAnotherWay("what is pending in it goes with the rows of the store"),
    ),
    ("control.sock", Fate::Disposable("a socket of the running box")),
    (
        "address",
        Fate::Disposable("where the page of the running box is"),
    ),
    (
        "log/",
        Fate::Disposable("what the program did; who did what stands in the store"),
    ),
    (
        "simulator/",
        Fate::Disposable("the simulated building of a demonstration, which no real box has"),
    ),
    (
        "restore-unfinished/",
        Fate::Disposable("a restore that was cut; the next start removes it"),
    ),
    (
        "restored/",
        Fate::Disposable("a restore that was cut at its end; the next start puts it in its place"),
    ),
    (
        ".site.toml.new",
        Fate::Disposable("a change that was cut; the file before it is there"),
    ),
    (
        ".authority.pem.new",
        Fate::Disposable("a change that was cut; the file before it is there"),
    ),
    (".address.new", Fate::Disposable("a change that was cut")),
];

/// What becomes of the file with this path within the folder; nothing where nobody has declared it.
pub fn fate(path: &str) -> Option<Fate> {
    let fits = |known: &str| path == known || known.ends_with('/') && path.starts_with(known);
    FATES.iter().find(|(known, _)| fits(known)).map(|(_, fate)| *fate)
}

/// The files of a box that are in its backup as they are. The site's file may lie elsewhere; in the backup it lies where a
/// box looks for it first.
pub fn files(state: &Path, site: &Path) -> io::Result<Vec<KeptFile>> {
    let mut found = Vec::new();
    for (name, fate) in FATES {
        if *fate != Fate::Kept {
            continue;
        }
        let file: PathBuf = if *name == "site.toml" {
            site.to_owned()
        } else {
            state.join(name)
        };
        let bytes = match fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        found.push(KeptFile {
            path: (*name).to_owned(),
            mode: fs::metadata(&file)?.permissions().mode() & 0o777,
            bytes,
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Fate, fate, files};

    #[test]
    fn a_file_is_known_by_its_whole_name() {
        assert_eq!(fate("site.toml"), Some(Fate::Kept));
        assert!(matches!(fate("hearth.redb"), Some(Fate::InAnotherWay(_))));
        assert!(matches!(fate("log/hearth.log.1"), Some(Fate::Disposable(_))));
        for strange in ["site.toml.bak", "hearth.redb2", "profiles/own.toml", "log"] {
            assert_eq!(fate(strange), None, "{strange}");
        }
    }

    #[test]
    fn the_sites_file_is_kept_wherever_it_lies() {
        let folder = tempfile::tempdir().expect("a folder");
        let elsewhere = folder.path().join("oak.toml");
        fs::write(&elsewhere, "name").expect("written");
        fs::write(folder.path().join("address"), "http").expect("written");
        let found = files(folder.path(), &elsewhere).expect("read");
        let names: Vec<_> = found
            .iter()
            .map(|file| (file.path.as_str(), file.bytes.as_slice()))
            .collect();
        assert_eq!(names, [("site.toml", b"name".as_slice())]);
    }
}
