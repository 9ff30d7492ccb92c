//! How `site.toml` is read, wherever it is read: an ordinary file of a size that can be meant. What a pipe or a device
//! has to say might never end, or never begin.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use rustix::fs::{Mode, OFlags};

/// The most bytes of a `site.toml`; the largest that is known has a hundredth of it.
const MOST: u64 = 1024 * 1024;

/// Why a `site.toml` could not be read, and what to do now.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// There is none.
    #[error("is not there. Write it, or name another; docs/technicians/site.md shows how")]
    Missing,
    /// A folder, a pipe, a device.
    #[error("is no ordinary file. Put a file in its place")]
    NoFile,
    /// Nobody wrote that by hand.
    #[error("is larger than 1 MiB, so it is no site.toml. Name the right file")]
    TooLarge,
    /// Another encoding.
    #[error("is not written in UTF-8: the byte {0} is no part of a letter. Save it as UTF-8 in your editor")]
    NotUtf8(usize),
    /// The system refused.
    #[error("cannot be read: {0}. Check who owns it, and the disk it lies on")]
    System(io::Error),
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Self::Missing,
            _ => Self::System(error),
        }
    }
}

/// The text of the file.
pub fn read(path: &Path) -> Result<String, Unread> {
    // Without waiting, since the opening of a pipe waits for who writes into it.
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = rustix::fs::open(path, flags, Mode::empty()).map_err(io::Error::from)?;
    let file = File::from(file);
    if !file.metadata()?.is_file() {
        return Err(Unread::NoFile);
    }
    let mut bytes = Vec::new();
    file.take(MOST + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).map_or(true, |length| length > MOST) {
        return Err(Unread::TooLarge);
    }
    String::from_utf8(bytes).map_err(|error| Unread::NotUtf8(error.utf8_error().valid_up_to() + 1))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{Unread, read};

    fn refused(path: &Path) -> Unread {
        read(path).expect_err("it is no site.toml")
    }

    #[test]
    fn only_an_ordinary_file_of_text_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("site.toml");
        assert!(matches!(refused(&file), Unread::Missing));
        fs::write(&file, "# Möwe").expect("written");
        assert_eq!(read(&file).expect("text"), "# Möwe");
        fs::write(&file, b"# M\xf6we").expect("written");
        assert!(matches!(refused(&file), Unread::NotUtf8(4)));
        assert!(matches!(refused(folder.path()), Unread::NoFile));
        for endless in ["/dev/zero", "/dev/null"] {
            assert!(matches!(refused(Path::new(endless)), Unread::NoFile));
        }
    }

    #[test]
    fn a_pipe_that_nobody_writes_into_keeps_nobody_waiting() {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("site.toml");
        let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
        let kind = rustix::fs::FileType::Fifo;
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, kind, mode, 0).expect("a pipe");
        assert!(matches!(refused(&pipe), Unread::NoFile));
    }

    #[test]
    fn a_file_that_is_too_large_is_not_read_to_its_end() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("site.toml");
        let large = fs::File::create(&file).expect("made");
        large.set_len(super::MOST).expect("set");
        assert!(read(&file).is_ok());
        large.set_len(1 << 40).expect("set");
        assert!(matches!(refused(&file), Unread::TooLarge));
    }
}
