//! A simulated building with its box, in a folder of its own, and what is asked of it in words.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hearth::demonstration::{Demonstration, SEED};
use hearth::state::StateFolder;
use serde_json::Value;
use tempfile::TempDir;
use units::Span;

use crate::box_process::pause;
use crate::program;

/// A site of which nothing is measured.
const PLACE: &str = "[place]\nname = \"The Hall\"\ntime_zone = \"Europe/London\"\ncurrency = \"GBP\"\n\
                     latitude = 51.46\nlongitude = -2.56\n";

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process that is gone when this is dropped.
#[derive(Debug)]
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a command said, and how it ended.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) code: i32,
    pub(super) out: String,
    pub(super) err: String,
}

impl Said {
    /// What was said without its line breaks, since tables break sentences.
    pub(super) fn words(&self) -> String {
        self.out.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The first line of JSON.
    pub(super) fn first(&self) -> Result<Value> {
        let line = self
            .out
            .lines()
            .next()
            .with_context(|| format!("nothing was said: {self:?}"))?;
        serde_json::from_str(line).with_context(|| line.to_owned())
    }
}

/// A folder with a short name that is gone at the end.
pub(super) fn folder() -> Result<TempDir> {
    Ok(tempfile::Builder::new().prefix("box").rand_bytes(6).tempdir()?)
}

fn command(state: &Path) -> Result<Command> {
    let mut command = Command::new(program::hearth()?);
    // From the folder above, so that paths in answers are as short as people have them.
    command.current_dir(state.parent().context("a folder above")?);
    command.arg("--state").arg(state.file_name().context("a name")?);
    command.stdin(Stdio::null());
    Ok(command)
}

/// Types a command for the box in `state`, and waits for its end.
pub(super) fn hearth(state: &Path, words: &[&str]) -> Result<Said> {
    typed(state, words, "")
}

/// The same with something at its input.
pub(super) fn typed(state: &Path, words: &[&str], input: &str) -> Result<Said> {
    let mut command = command(state)?;
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut running = command.args(words).spawn()?;
    let mut at_input = running.stdin.take().context("its input")?;
    // Whoever reads no input may have gone already.
    let _ = at_input.write_all(input.as_bytes());
    drop(at_input);
    let ended = running.wait_with_output()?;
    Ok(Said {
        code: ended.status.code().context("the command was killed")?,
        out: String::from_utf8(ended.stdout)?,
        err: String::from_utf8(ended.stderr)?,
    })
}

/// The first lines that a command prints which does not end by itself.
pub(super) fn watched(place: &Place, words: &[&str], lines: usize) -> Result<Vec<String>> {
    let mut command = command(place.state())?;
    let mut running = Running(command.args(words).stdout(Stdio::piped()).spawn()?);
    let out = running.0.stdout.take().context("its output")?;
    Ok(BufReader::new(out)
        .lines()
        .take(lines)
        .collect::<Result<_, _>>()?)
}

/// A simulated building, and a box that reads it.
#[derive(Debug)]
pub(super) struct Place {
    the_box: Option<Running>,
    _building: Option<Running>,
    folder: TempDir,
}

impl Place {
    /// Starts both, with this added to `site.toml`, and returns when the pages answer.
    pub(super) fn start(more: &str) -> Result<Self> {
        let folder = folder()?;
        let state = StateFolder::open(folder.path())?;
        fs::create_dir_all(state.simulator())?;
        // A port of its own, since other tests may want the usual one.
        let tcp = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let since_ms = (hearth::clock::now() - Span::DAY).as_millis();
        let demonstration = Demonstration {
            since_ms,
            seed: SEED,
            tcp,
        };
        fs::write(
            state.simulator().join("simulator.json"),
            serde_json::to_string(&demonstration)?,
        )?;
        let site = demonstration.site_text(&state);
        fs::write(state.site(), site + more + "\n[store]\ncommit_every = \"1 s\"\n")?;

        let log = fs::File::create(folder.path().join("simulation.log"))?;
        let building = command(folder.path())?
            .arg("simulate")
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let mut place = Self {
            the_box: None,
            _building: Some(Running(building)),
            folder,
        };
        place.wait_for("simulator/ready")?;
        place.run(&[])?;
        Ok(place)
    }

    /// A box without a building, in whose folder something was put before.
    pub(super) fn quiet(before: impl FnOnce(&Path) -> Result<()>) -> Result<Self> {
        let folder = folder()?;
        fs::write(folder.path().join("site.toml"), PLACE)?;
        before(folder.path())?;
        let mut place = Self {
            the_box: None,
            _building: None,
            folder,
        };
        place.run(&[])?;
        Ok(place)
    }

    pub(super) fn state(&self) -> &Path {
        self.folder.path()
    }

    /// Starts the box and returns when its pages answer.
    pub(super) fn run(&mut self, words: &[&str]) -> Result<()> {
        self.launch(&[&["--port", "0"], words].concat())?;
        self.wait_for("address")
    }

    /// Starts the box, and does not wait for anything.
    pub(super) fn launch<S: AsRef<OsStr>>(&mut self, words: &[S]) -> Result<()> {
        let log = fs::File::create(self.state().join("box.log"))?;
        let process = command(self.state())?
            .arg("run")
            .args(words)
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        self.the_box = Some(Running(process));
        Ok(())
    }

    /// Ends the box in good order.
    pub(super) fn end(&mut self) -> Result<()> {
        let Some(mut running) = self.the_box.take() else {
            return Ok(());
        };
        let pid = rustix::process::Pid::from_child(&running.0);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM)?;
        ensure!(running.0.wait()?.success(), "the box ended badly");
        Ok(())
    }

    /// Where the pages are.
    pub(super) fn address(&self) -> Result<SocketAddr> {
        let text = fs::read_to_string(self.state().join("address"))?;
        Ok(text
            .trim()
            .trim_start_matches("http://")
            .trim_end_matches('/')
            .parse()?)
    }

    /// Types a command for this box.
    pub(super) fn ask(&self, words: &[&str]) -> Result<Said> {
        hearth(self.state(), words)
    }

    /// Asks again and again until the answer is as it should be.
    pub(super) fn until(&self, words: &[&str], good: impl Fn(&Said) -> bool) -> Result<Said> {
        let until = Instant::now() + PATIENCE;
        loop {
            let said = self.ask(words)?;
            if good(&said) {
                return Ok(said);
            }
            ensure!(
                Instant::now() < until,
                "{words:?} still says {said:?}\n{}",
                self.logs()
            );
            pause();
        }
    }

    fn wait_for(&self, name: &str) -> Result<()> {
        let file: PathBuf = self.state().join(name);
        let until = Instant::now() + PATIENCE;
        while !file.exists() {
            ensure!(Instant::now() < until, "{name} did not come\n{}", self.logs());
            pause();
        }
        Ok(())
    }

    pub(super) fn logs(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.state().join(name)).unwrap_or_default();
        read("simulation.log") + &read("box.log")
    }
}
