//! The state folder: everything that one box keeps, and nothing outside of it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The places in a state folder.
#[derive(Debug, Clone)]
pub struct StateFolder {
    root: PathBuf,
}

impl StateFolder {
    /// The folder at `root`; made when it is not there.
    pub fn open(root: &Path) -> io::Result<Self> {
        fs::create_dir_all(root)?;
        Ok(Self {
            root: root.to_owned(),
        })
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The site's file.
    pub fn site(&self) -> PathBuf {
        self.root.join("site.toml")
    }

    /// The socket of the control interface.
    pub fn control(&self) -> PathBuf {
        self.root.join("control.sock")
    }

    /// The file that holds the page's address while the box runs.
    pub fn address(&self) -> PathBuf {
        self.root.join("address")
    }

    /// The folder of the simulated site: where it listens, and when its past began.
    pub fn simulator(&self) -> PathBuf {
        self.root.join("simulator")
    }
}

/// Replaces a file in one step: written beside it, synced, renamed, and the folder synced. After a power cut
/// either the old or the new text is there, whole.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = folder.join(format!(".{name}.new"));
    let mut file = File::create(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::replace;

    #[test]
    fn a_file_is_replaced_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("site.toml");
        replace(&path, "one").expect("written");
        replace(&path, "two").expect("written");
        assert_eq!(std::fs::read_to_string(&path).expect("read"), "two");
        assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 1);
    }

    #[test]
    fn a_folder_that_cannot_be_written_leaves_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("gone/site.toml");
        assert!(replace(&path, "one").is_err());
    }
}
