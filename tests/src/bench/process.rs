//! The built program as a process, what the kernel counts of it, and its pages over HTTP.

use std::env;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

/// Longer than anything here takes to come about.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program: as `HEARTH_BIN` names it, else the one that was built beside this.
pub(crate) fn hearth() -> Result<Command> {
    let beside = env::current_exe()?.with_file_name("hearth");
    let path = env::var_os("HEARTH_BIN").map_or(beside, Into::into);
    ensure!(
        path.is_file(),
        "{} is not there; build it with: cargo build --release",
        path.display()
    );
    Ok(Command::new(path))
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let ended = command.stdin(Stdio::null()).output()?;
    ensure!(
        ended.status.success(),
        "it ended with {}: {}",
        ended.status,
        String::from_utf8_lossy(&ended.stderr)
    );
    Ok(())
}

/// A process of `hearth` that is gone when this is dropped.
pub(crate) struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    /// Starts `hearth` with these words on a state folder, and waits until it has written `ready` there.
    pub(crate) fn start(state: &Path, words: &[&str], ready: &str) -> Result<Self> {
        Self::start_in(state, words, ready, &[])
    }

    fn start_in(state: &Path, words: &[&str], ready: &str, environment: &[(&str, String)]) -> Result<Self> {
        let ready = state.join(ready);
        let _not_there = fs::remove_file(&ready);
        let log = File::create(state.join("bench.log"))?;
        let mut command = hearth()?;
        command
            .args(words)
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .arg("--state")
            .arg(state)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        let mut running = Self(command.spawn()?);
        let until = Instant::now() + PATIENCE;
        while !ready.exists() {
            if let Some(ended) = running.0.try_wait()? {
                bail!(
                    "it ended with {ended}: {}",
                    fs::read_to_string(state.join("bench.log"))?
                );
            }
            ensure!(Instant::now() < until, "{} did not come", ready.display());
            crate::let_pass(Duration::from_millis(10));
        }
        Ok(running)
    }

    /// A box on a state folder, with its page on a free port.
    pub(crate) fn the_box(state: &Path) -> Result<(Self, SocketAddr)> {
        Self::the_box_in(state, &[])
    }

    /// The same with this in its environment.
    pub(crate) fn the_box_in(state: &Path, environment: &[(&str, String)]) -> Result<(Self, SocketAddr)> {
        let running = Self::start_in(state, &["run", "--port", "0"], "address", environment)?;
        let text = fs::read_to_string(state.join("address"))?;
        let address = text
            .trim()
            .trim_start_matches("http://")
            .trim_end_matches('/')
            .parse()?;
        Ok((running, address))
    }

    /// The number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// Seconds of the processor that it has used.
    pub(crate) fn processor_seconds(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0.id()))?;
        // The name in brackets may hold blanks; behind it, the 12th and 13th fields are the user's and the
        // system's time, in hundredths of a second.
        let (_, fields) = stat.rsplit_once(") ").context("a stat line")?;
        let ticks: Vec<u32> = fields
            .split(' ')
            .skip(11)
            .take(2)
            .map(str::parse)
            .collect::<Result<_, _>>()?;
        Ok(f64::from(ticks.iter().sum::<u32>()) / 100.0)
    }

    /// Its memory in MiB, now and at its highest.
    pub(crate) fn memory(&self) -> Result<(f64, f64)> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let kilobytes = |name: &str| -> Result<f64> {
            let line = status
                .lines()
                .find(|line| line.starts_with(name))
                .context("a line of status")?;
            Ok(f64::from(
                line.split_whitespace()
                    .nth(1)
                    .context("a number")?
                    .parse::<u32>()?,
            ))
        };
        Ok((kilobytes("VmRSS:")? / 1_024.0, kilobytes("VmHWM:")? / 1_024.0))
    }
}

/// What came over HTTP: the body as it went over the wire.
pub(crate) struct Fetched {
    pub(crate) body: Vec<u8>,
}

/// One GET on a connection of its own, in HTTP/1.0 so that the body comes in one piece.
pub(crate) fn get(address: SocketAddr, path: &str, headers: &str) -> Result<Fetched> {
    ask(
        address,
        path,
        &format!("GET {path} HTTP/1.0\r\nhost: localhost\r\n{headers}\r\n"),
    )
}

/// The same with a form that is sent from a page of the box.
pub(crate) fn post(address: SocketAddr, path: &str, headers: &str, form: &str) -> Result<Fetched> {
    let of_form = "origin: http://localhost\r\ncontent-type: application/x-www-form-urlencoded";
    let length = form.len();
    let head = format!("POST {path} HTTP/1.0\r\nhost: localhost\r\n{of_form}\r\ncontent-length: {length}");
    ask(address, path, &format!("{head}\r\n{headers}\r\n{form}"))
}

fn ask(address: SocketAddr, path: &str, request: &str) -> Result<Fetched> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(request.as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let end = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .context("no whole head")?;
    let body = bytes.split_off(end + 4);
    let head = String::from_utf8(bytes)?.to_lowercase();
    ensure!(head.split(' ').nth(1) == Some("200"), "{path}: {head}");
    Ok(Fetched { body })
}
