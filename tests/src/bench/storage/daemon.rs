//! A foreign store as a process, and what is said to it over HTTP.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};

/// Longer than any of them takes to begin, to end, or to answer.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running daemon; it is asked to end when this is dropped.
pub(super) struct Daemon {
    child: Child,
    address: SocketAddr,
}

impl Daemon {
    /// Starts it, and waits until it answers under `path`. What it says goes to `log`.
    pub(super) fn start(mut command: Command, address: SocketAddr, path: &str, log: &Path) -> Result<Self> {
        let log_file = File::create(log)?;
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command
            .stdin(Stdio::null())
            .stdout(log_file.try_clone()?)
            .stderr(log_file)
            .spawn()
            .with_context(|| format!("{name} cannot be started; is it installed?"))?;
        let mut daemon = Self { child, address };
        let until = Instant::now() + PATIENCE;
        while !daemon
            .get(path)
            .is_ok_and(|(status, _)| (200..300).contains(&status))
        {
            if let Some(ended) = daemon.child.try_wait()? {
                bail!("{name} ended with {ended}; its words are in {}", log.display());
            }
            ensure!(Instant::now() < until, "{name} does not answer");
            crate::let_pass(Duration::from_millis(100));
        }
        Ok(daemon)
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(super) fn get(&self, path: &str) -> Result<(u16, Vec<u8>)> {
        ask(self.address, "GET", path, b"")
    }

    /// Sends a body; anything but a good answer is an error.
    pub(super) fn post(&self, path: &str, body: &[u8]) -> Result<()> {
        let (status, answer) = ask(self.address, "POST", path, body)?;
        let words = String::from_utf8_lossy(&answer);
        ensure!((200..300).contains(&status), "{path}: {status} {words}");
        Ok(())
    }

    /// Asks; anything but a good answer is an error.
    pub(super) fn answer(&self, path: &str) -> Result<Vec<u8>> {
        let (status, answer) = self.get(path)?;
        let words = String::from_utf8_lossy(&answer);
        ensure!((200..300).contains(&status), "{path}: {status} {words}");
        Ok(answer)
    }

    /// Asks it to end, and waits.
    pub(super) fn stop(mut self) -> Result<()> {
        self.end()
    }

    fn end(&mut self) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        if let Some(process) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            // It may have ended by itself.
            let _ = kill_process(process, Signal::TERM);
        }
        while self.child.try_wait()?.is_none() {
            if Instant::now() > until {
                self.child.kill()?;
                self.child.wait()?;
                bail!("it did not end when asked");
            }
            crate::let_pass(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.end();
    }
}

/// An address that nobody listens on now.
pub(super) fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// Memory of a process in MiB: now, and at its highest.
pub(super) fn memory(process: u32) -> Result<(f64, f64)> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let mebibytes = |name: &str| -> Result<f64> {
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .context("memory")?;
        let kilobytes: f64 = line.split_whitespace().next().context("memory")?.parse()?;
        Ok(kilobytes / 1_024.0)
    };
    Ok((mebibytes("VmRSS:")?, mebibytes("VmHWM:")?))
}

/// One question on a connection of its own, as a page would ask it first.
fn ask(address: SocketAddr, method: &str, path: &str, body: &[u8]) -> Result<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let length = body.len();
    let head = format!("{method} {path} HTTP/1.0\r\nhost: localhost\r\ncontent-length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let end = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .context("no whole head")?;
    let body = bytes.split_off(end + 4);
    let head = String::from_utf8(bytes)?;
    let status = head.split(' ').nth(1).context("no status")?.parse()?;
    Ok((status, body))
}
