//! The control socket itself: made so that nobody can open it before its permissions stand, and taken away at the end.

use std::fs::{self, Permissions};
use std::io::{self, ErrorKind};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::net::{UnixListener, UnixSocket, UnixStream};

use super::ControlError;

/// Owner and group may open the socket; the folder around it decides who gets that far.
const MODE: u32 = 0o660;
/// Until its permissions stand it is its owner's alone.
const BORN: u32 = 0o600;
/// Clients that may knock while another one is let in.
const BACKLOG: u32 = 128;
/// Letters of the longest path that a socket can have, with room for the name under which it is made.
const LONGEST: usize = 100;

/// The open control socket. It is taken away when the door goes.
#[derive(Debug)]
pub struct Door {
    listener: UnixListener,
    socket: PathBuf,
    inode: u64,
}

impl Door {
    /// Opens the socket. That of a dead box is replaced; where a living one answers, nothing is touched.
    pub fn open(socket: &Path) -> Result<Self, ControlError> {
        let failed = |source| ControlError::Io {
            socket: socket.to_owned(),
            source,
        };
        if socket.as_os_str().as_bytes().len() > LONGEST {
            return Err(ControlError::TooLong(socket.to_owned()));
        }
        check_place(socket)?;
        // Born closed, and under another name until its permissions stand: who connects before that would stay
        // connected.
        let fresh = socket.with_extension("new");
        match fs::remove_file(&fresh) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        let listener = bind_closed(&fresh).map_err(failed)?;
        fs::set_permissions(&fresh, Permissions::from_mode(MODE)).map_err(failed)?;
        let inode = fs::symlink_metadata(&fresh).map_err(failed)?.ino();
        fs::rename(&fresh, socket).map_err(failed)?;
        Ok(Self {
            listener,
            socket: socket.to_owned(),
            inode,
        })
    }

    /// The next client. When the system has no room for another one, it is tried again a little later.
    pub(super) async fn next(&self) -> UnixStream {
        loop {
            match self.listener.accept().await {
                Ok((stream, _)) => return stream,
                Err(error) => {
                    tracing::warn!(%error, "a client of the control socket could not be let in");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
        }
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        // Another box may have taken the place since; its socket stays.
        let ours = fs::symlink_metadata(&self.socket).is_ok_and(|found| found.ino() == self.inode);
        if ours && let Err(error) = fs::remove_file(&self.socket) {
            tracing::debug!(%error, "the control socket stays behind; the next start replaces it");
        }
    }
}

/// A listening socket that only its owner can open yet. On Linux the file of a socket is born with the rights of
/// the socket itself, whatever the umask allows.
fn bind_closed(path: &Path) -> io::Result<UnixListener> {
    let socket = UnixSocket::new_stream()?;
    fs::File::from(socket.as_fd().try_clone_to_owned()?).set_permissions(Permissions::from_mode(BORN))?;
    socket.bind(path)?;
    socket.listen(BACKLOG)
}

/// Whether the place is free: nothing there, or the socket of a dead box.
fn check_place(socket: &Path) -> Result<(), ControlError> {
    let failed = |source: io::Error| ControlError::Io {
        socket: socket.to_owned(),
        source,
    };
    let found = match fs::symlink_metadata(socket) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(error)),
        Ok(found) => found,
    };
    if !found.file_type().is_socket() {
        return Err(ControlError::InTheWay(socket.to_owned()));
    }
    match std::os::unix::net::UnixStream::connect(socket) {
        Ok(_) => Err(ControlError::Taken(socket.to_owned())),
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => Ok(()),
        Err(error) => Err(failed(error)),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::{Door, bind_closed};

    #[tokio::test]
    async fn the_socket_is_born_closed() {
        let folder = tempfile::tempdir().expect("a folder");
        let socket = folder.path().join("control.new");
        let _listens = bind_closed(&socket).expect("a free place");
        let mode = fs::metadata(&socket).expect("the socket").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{mode:o}");
        let knocks = std::os::unix::net::UnixStream::connect(&socket);
        assert!(knocks.is_ok(), "{knocks:?}");
    }

    #[tokio::test]
    async fn a_living_box_is_not_pushed_aside_and_a_dead_one_is_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let socket = folder.path().join("control.sock");
        let first = Door::open(&socket).expect("a free place");
        let mode = fs::metadata(&socket).expect("the socket").permissions().mode();
        assert_eq!(mode & 0o777, 0o660);
        let second = Door::open(&socket).expect_err("it is taken");
        assert!(
            second.to_string().starts_with("another box runs in this folder"),
            "{second}"
        );
        drop(first);
        assert!(!socket.exists(), "the socket is taken away at the end");

        drop(std::os::unix::net::UnixListener::bind(&socket).expect("the socket of a box that was killed"));
        assert!(socket.exists());
        Door::open(&socket).expect("a dead box is replaced");
    }

    #[tokio::test]
    async fn what_is_no_socket_stays_where_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let socket = folder.path().join("control.sock");
        fs::write(&socket, "a letter").expect("written");
        let refused = Door::open(&socket).expect_err("something is in the way");
        assert!(
            refused
                .to_string()
                .ends_with("is in the way: it is no socket. Move it away"),
            "{refused}"
        );
        assert_eq!(fs::read_to_string(&socket).expect("still there"), "a letter");
    }

    #[tokio::test]
    async fn a_path_too_long_and_a_missing_folder_are_said_in_words() {
        let folder = tempfile::tempdir().expect("a folder");
        let long = folder.path().join("x".repeat(90)).join("control.sock");
        assert!(
            Door::open(&long)
                .expect_err("too long")
                .to_string()
                .contains("too long for a socket")
        );
        let missing = folder.path().join("nowhere/control.sock");
        assert!(
            Door::open(&missing)
                .expect_err("no folder")
                .to_string()
                .contains("cannot be made")
        );
    }

    #[tokio::test]
    async fn the_socket_of_a_later_box_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let socket = folder.path().join("control.sock");
        let first = Door::open(&socket).expect("a free place");
        fs::remove_file(&socket).expect("somebody tidied up");
        let second = Door::open(&socket).expect("a free place");
        drop(first);
        assert!(socket.exists());
        drop(second);
    }
}
