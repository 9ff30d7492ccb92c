//! The box as a process of its own: started on a state folder, asked over HTTP, ended without mercy.
//!
//! [`BoxProcess::start`] waits until the pages answer; [`BoxProcess::launch`] does not, for tests that end a box
//! while it is still starting. Whatever happens, the process is gone when this is dropped. What a site looks like
//! and what the answers must say stands in the tests that use this.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::program;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often something that was waited for is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// What a box decides by itself about its allocator, unless whoever starts it has.
const ALLOCATOR: [&str; 3] = [
    "MALLOC_ARENA_MAX",
    "MALLOC_TRIM_THRESHOLD_",
    "MALLOC_MMAP_THRESHOLD_",
];

/// A running `hearth run`.
#[derive(Debug)]
pub(crate) struct BoxProcess {
    process: Child,
    state: PathBuf,
    address: Option<SocketAddr>,
}

impl BoxProcess {
    /// Starts a box with this `site.toml` in an empty state folder, and returns when its pages answer.
    pub(crate) fn start(state: &Path, site: &str) -> Result<Self> {
        fs::write(state.join("site.toml"), site)?;
        Self::launch(state)?.ready()
    }

    /// The same on a machine that trusts the certificates in this file and no others.
    pub(crate) fn start_trusting(state: &Path, site: &str, certificates: &Path) -> Result<Self> {
        fs::write(state.join("site.toml"), site)?;
        Self::spawn(state, &[("SSL_CERT_FILE", certificates)])?.ready()
    }

    fn ready(self) -> Result<Self> {
        let mut started = self;
        let until = Instant::now() + PATIENCE;
        while started.address()?.is_none() {
            ensure!(Instant::now() < until, "the box did not start\n{}", started.log());
            pause();
        }
        Ok(started)
    }

    /// Starts a box on a folder that has its `site.toml`, and does not wait for anything.
    pub(crate) fn launch(state: &Path) -> Result<Self> {
        Self::spawn(state, &[])
    }

    fn spawn(state: &Path, variables: &[(&str, &Path)]) -> Result<Self> {
        // A box that was killed leaves its address behind.
        let _not_there = fs::remove_file(state.join("address"));
        let log = File::options()
            .create(true)
            .append(true)
            .open(state.join("box.log"))?;
        let mut command = Command::new(program::hearth()?);
        for name in ALLOCATOR {
            command.env_remove(name);
        }
        let process = command
            .arg("run")
            .arg("--state")
            .arg(state)
            .args(["--port", "0"])
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        Ok(Self {
            process,
            state: state.to_owned(),
            address: None,
        })
    }

    /// Where the pages are; `None` while the box starts. A box that ended instead is an error.
    pub(crate) fn address(&mut self) -> Result<Option<SocketAddr>> {
        if let Some(ended) = self.process.try_wait()? {
            bail!("the box ended with {ended}\n{}", self.log());
        }
        if self.address.is_none()
            && let Ok(text) = fs::read_to_string(self.state.join("address"))
        {
            let host = text.trim().trim_start_matches("http://").trim_end_matches('/');
            self.address = Some(host.parse().with_context(|| format!("{host:?} is no address"))?);
        }
        Ok(self.address)
    }

    /// What the box answers to a question of the API.
    pub(crate) fn json(&mut self, path: &str) -> Result<Value> {
        let address = self.address()?.context("the box has not started yet")?;
        let reply = get(address, path)?;
        ensure!(reply.status == 200, "{path}: {} {}", reply.status, reply.body);
        serde_json::from_str(&reply.body).with_context(|| format!("{path}: {}", reply.body))
    }

    /// Asks again and again until the answer is as it should be.
    pub(crate) fn json_when(&mut self, path: &str, good: impl Fn(&Value) -> bool) -> Result<Value> {
        let until = Instant::now() + PATIENCE;
        loop {
            let answer = self.json(path)?;
            if good(&answer) {
                return Ok(answer);
            }
            ensure!(
                Instant::now() < until,
                "{path} is still {answer:#}\n{}",
                self.log()
            );
            pause();
        }
    }

    /// What the box has logged, for those who look for the cause of a failure.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.state.join("box.log")).unwrap_or_default()
    }

    /// `kill -9`, and nothing of it is left.
    pub(crate) fn kill(mut self) -> Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }
}

impl Drop for BoxProcess {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A little rest between two looks at something that must come about.
pub(crate) fn pause() {
    std::thread::park_timeout(LOOK_AGAIN);
}

/// What came back over HTTP.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// One GET on a connection of its own. It asks as HTTP/1.0, so that the body comes in one piece.
pub(crate) fn get(address: SocketAddr, path: &str) -> Result<Reply> {
    get_as(address, path, "")
}

/// The same with more lines of the head, each with its end.
pub(crate) fn get_as(address: SocketAddr, path: &str, head: &str) -> Result<Reply> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(format!("GET {path} HTTP/1.0\r\nhost: localhost\r\n{head}\r\n").as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8(bytes)?;
    let (head, body) = text
        .split_once("\r\n\r\n")
        .with_context(|| format!("{path}: no whole answer: {text:?}"))?;
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
    Ok(Reply {
        status: status.with_context(|| format!("{path}: {head}"))?,
        body: body.to_owned(),
    })
}

#[test]
fn a_box_is_told_to_keep_little_memory_and_stays_the_process_that_was_started() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let site = "[place]\nname = \"A hall\"\ntime_zone = \"Europe/London\"\ncurrency = \"GBP\"\nlatitude = 51.46\nlongitude = -2.56\n";
    let running = BoxProcess::start(folder.path(), site)?;
    let told = fs::read(format!("/proc/{}/environ", running.process.id()))?;
    let told = String::from_utf8_lossy(&told);
    assert!(
        told.split('\0').any(|pair| pair == "MALLOC_ARENA_MAX=1"),
        "{told}"
    );
    let words = fs::read(format!("/proc/{}/cmdline", running.process.id()))?;
    let name = program::hearth()?.display().to_string();
    assert!(words.starts_with(format!("{name}\0run\0").as_bytes()));
    Ok(())
}
