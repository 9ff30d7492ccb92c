//! Foreign peers: Modbus and SunSpec as others have written them, as processes of their own.
//!
//! [`Peer`] serves register images with pymodbus; [`read_sunspec`] asks a device with pysunspec2; [`read_samples`] has
//! tools of others read their own samples. All need the Python that `./dev test` prepares and names in
//! `HEARTH_PEERS_PYTHON`. What the images hold, and what Hearth
//! makes of them, stands in the tests that use this.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

/// How a peer is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// Modbus TCP on a port of this machine.
    Tcp,
    /// RTU frames over TCP.
    RtuOverTcp,
    /// RTU on a pseudo-terminal.
    Pty,
}

/// A device served by pymodbus; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Peer {
    process: Child,
    /// The port, or the path of the pseudo-terminal.
    pub(crate) address: String,
}

impl Peer {
    /// Serves images such as `[{"unit": 1, "holding": {"40000": [21365, 28243]}, "input": {}}]`, in which each
    /// block of words stands under its first register, and returns once it answers.
    pub(crate) fn serve(by: By, images: &Value) -> Result<Self> {
        let how = match by {
            By::Tcp => "tcp",
            By::RtuOverTcp => "rtu-over-tcp",
            By::Pty => "pty",
        };
        let mut process = Command::new(python()?)
            .arg(script("serve.py"))
            .arg(how)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdin = process.stdin.as_mut().context("the peer's input was asked for")?;
        writeln!(stdin, "{images}")?;
        stdin.flush()?;
        let stdout = process.stdout.take().context("the peer's output was asked for")?;
        let mut address = String::new();
        BufReader::new(stdout).read_line(&mut address)?;
        let peer = Self {
            process,
            address: address.trim().to_owned(),
        };
        ensure!(!peer.address.is_empty(), "the peer said nowhere where it listens");
        Ok(peer)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It ends by itself when its input closes; a peer that hangs must not hold up the tests.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What pysunspec2 sees at this port: for each model by its number, its points by name, scaled.
pub(crate) fn read_sunspec(port: &str, unit: u8) -> Result<Value> {
    let output = Command::new(python()?)
        .arg(script("read_sunspec.py"))
        .arg(port)
        .arg(unit.to_string())
        .output()?;
    ensure!(
        output.status.success(),
        "pysunspec2: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// What a script of ours makes of the samples that others bring with their tools.
pub(crate) fn read_samples(name: &str, more: &[&Path]) -> Result<Value> {
    let samples = env::var_os("HEARTH_PEERS_SAMPLES")
        .context("HEARTH_PEERS_SAMPLES names no folder: `./dev test` prepares one")?;
    let output = Command::new(python()?)
        .arg(script(name))
        .arg(samples)
        .args(more)
        .output()?;
    ensure!(
        output.status.success(),
        "{name}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The letter with which the content of a pack begins, as rage opens it with this key.
pub(crate) fn open_age(file: &Path, secret: &str) -> Result<String> {
    lines("packs.py", &[&file.display().to_string(), secret]).map(|lines| lines.concat())
}

/// The first field of each answer of DuckDB to these questions.
pub(crate) fn query(questions: &[&str]) -> Result<Vec<String>> {
    lines("duck.py", questions)
}

/// The lines that a script of ours prints.
fn lines(name: &str, words: &[&str]) -> Result<Vec<String>> {
    let output = Command::new(python()?).arg(script(name)).args(words).output()?;
    ensure!(
        output.status.success(),
        "{name}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?
        .lines()
        .map(str::to_owned)
        .collect())
}

pub(crate) fn python() -> Result<PathBuf> {
    let named = env::var_os("HEARTH_PEERS_PYTHON");
    named
        .map(PathBuf::from)
        .context("HEARTH_PEERS_PYTHON names no Python: `./dev test` prepares one")
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers").join(name)
}

/// A SunSpec map with the common block and a three-phase inverter that gives 12.34 A.
fn small_inverter() -> Vec<u16> {
    let mut common = vec![0x5375, 0x6e53, 1, 66];
    common.resize(4 + 66, 0);
    let mut inverter = vec![103, 50, 1234, 0xffff, 0xffff, 0xffff, (-2_i16).cast_unsigned()];
    inverter.resize(2 + 50, 0);
    [common, inverter, vec![0xffff, 0]].concat()
}

#[test]
fn two_foreign_peers_understand_each_other() -> Result<()> {
    let peer = Peer::serve(
        By::Tcp,
        &json!([{ "unit": 1, "holding": { "40000": small_inverter() } }]),
    )?;
    let seen = read_sunspec(&peer.address, 1)?;
    assert_eq!(seen["103"]["A"], json!(12.34));
    assert_eq!(seen["103"]["AphA"], Value::Null, "0xffff is no value");
    Ok(())
}

#[test]
fn a_peer_listens_where_it_says() -> Result<()> {
    let images = json!([{ "unit": 1, "input": { "0": [1] } }]);
    let over_tcp = Peer::serve(By::RtuOverTcp, &images)?;
    std::net::TcpStream::connect(format!("127.0.0.1:{}", over_tcp.address))?;
    let on_a_line = Peer::serve(By::Pty, &images)?;
    assert!(Path::new(&on_a_line.address).exists(), "{}", on_a_line.address);
    Ok(())
}
