//! The state folder: everything that one box keeps, and nothing outside of it.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The owner may do all, the group look, and nobody else get in.
const MODE: u32 = 0o750;

/// The places in a state folder.
#[derive(Debug, Clone)]
pub struct StateFolder {
    root: PathBuf,
}

impl StateFolder {
    /// The folder at `root`; made when it is not there, for its owner and group alone, since what homes use lies in
    /// it. One that is there keeps the rights that somebody gave it.
    pub fn open(root: &Path) -> io::Result<Self> {
        if let Some(above) = root.parent() {
            fs::create_dir_all(above)?;
        }
        match DirBuilder::new().mode(MODE).create(root) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists && root.is_dir() => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(io::Error::new(
                    ErrorKind::NotADirectory,
                    "it is a file and no folder",
                ));
            }
            made => made?,
        }
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

    /// Where that socket stands when the folder is read-only, full, or has too long a path: among the system's
    /// temporary files, under a name that only this folder has.
    pub fn control_elsewhere(&self) -> Option<PathBuf> {
        control_elsewhere(&self.root)
    }

    /// The file that holds the page's address while the box runs.
    pub fn address(&self) -> PathBuf {
        self.root.join("address")
    }

    /// The file of the box's own authority.
    pub fn authority(&self) -> PathBuf {
        self.root.join("authority.pem")
    }

    /// The folder of the simulated site: where it listens, and when its past began.
    pub fn simulator(&self) -> PathBuf {
        self.root.join("simulator")
    }
}

/// Where the control socket of the box with this folder stands when it cannot be in the folder.
pub fn control_elsewhere(root: &Path) -> Option<PathBuf> {
    let found = fs::metadata(root).ok()?;
    let name = format!("hearth-{:x}-{:x}.sock", found.dev(), found.ino());
    Some(std::env::temp_dir().join(name))
}

/// The same, where such a socket is there and belongs to somebody who could have started the box: anybody can put
/// one among the temporary files.
pub fn trusted_elsewhere(root: &Path) -> Option<PathBuf> {
    let socket = control_elsewhere(root)?;
    let owner = fs::symlink_metadata(&socket).ok()?.uid();
    let folder = fs::metadata(root).ok()?.uid();
    let trusted = [0, folder, rustix::process::geteuid().as_raw()];
    trusted.contains(&owner).then_some(socket)
}

/// Replaces a file in one step: written beside it, synced, renamed, and the folder synced. After a power cut
/// either the old or the new text is there, whole.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    replace_with(path, text, &mut File::options())
}

/// The same for a file that its owner alone may read.
pub fn replace_private(path: &Path, text: &str) -> io::Result<()> {
    replace_with(path, text, File::options().mode(0o600))
}

fn replace_with(path: &Path, text: &str, options: &mut OpenOptions) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = folder.join(format!(".{name}.new"));
    // One that was left behind may have other rights.
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = options.write(true).create_new(true).open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::{StateFolder, replace};

    #[test]
    fn a_new_folder_is_closed_to_others_and_an_old_one_stays_as_it_is() {
        let above = tempfile::tempdir().expect("a folder");
        let mode = |path: &std::path::Path| {
            let found = std::fs::metadata(path).expect("the folder");
            found.permissions().mode() & 0o777
        };
        let new = above.path().join("srv/hearth");
        StateFolder::open(&new).expect("made");
        assert_eq!(mode(&new) & 0o027, 0);
        let old = above.path().join("old");
        std::fs::create_dir(&old).expect("made");
        let before = mode(&old);
        StateFolder::open(&old).expect("there");
        assert_eq!(mode(&old), before);
        std::fs::write(above.path().join("letter"), "a letter").expect("written");
        assert!(StateFolder::open(&above.path().join("letter")).is_err());
    }

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
