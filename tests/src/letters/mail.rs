//! E-mail to a server that others have written: aiosmtpd takes every letter, once, and Python's own mail library reads it.
//! By TLS it goes where the machine trusts the server's certificate, and else not at all.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use members::credential::Token;
use members::letters::Security;
use serde_json::Value;

use super::seed::{self, Post};
use crate::box_process::{BoxProcess, get_as, pause};
use crate::peers::python;

/// The mail server; it ends when this is dropped.
struct Server {
    process: Child,
    lines: BufReader<ChildStdout>,
    port: u16,
    folder: tempfile::TempDir,
}

impl Server {
    fn start(security: Security) -> Result<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/take_mail.py");
        let folder = tempfile::tempdir()?;
        let how = match security {
            Security::Nothing => "nothing",
            Security::StartTls => "starttls",
            Security::Tls => "tls",
        };
        let mut process = Command::new(python()?)
            .arg(script)
            .arg(how)
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = process.stdout.take().context("its output was asked for")?;
        let mut server = Self {
            process,
            lines: BufReader::new(stdout),
            port: 0,
            folder,
        };
        server.port = server.line()?.trim().parse().context("the port")?;
        Ok(server)
    }

    /// The certificate that it shows.
    fn certificate(&self) -> PathBuf {
        self.folder.path().join("server.pem")
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        ensure!(self.lines.read_line(&mut line)? > 0, "the mail server ended");
        Ok(line)
    }

    /// Whether it has taken a letter more.
    fn has_more(&mut self) -> Result<bool> {
        let stdin = self.process.stdin.as_mut().context("its input was asked for")?;
        writeln!(stdin)?;
        stdin.flush()?;
        Ok(self.line()?.trim() != "-")
    }

    /// The next letter that it took.
    fn letter(&mut self) -> Result<Value> {
        Ok(serde_json::from_str(&self.line()?)?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Waits until the page of e-mails says this.
fn page_of_mails_says(running: &mut BoxProcess, token: &Token, words: &str) -> Result<()> {
    let address = running.address()?.context("it runs")?;
    let cookie = format!("cookie: session={}\r\n", token.cookie());
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let page = get_as(address, "/members/letters/mails", &cookie)?.body;
        if page.contains(words) {
            return Ok(());
        }
        ensure!(Instant::now() < until, "{words} is not in {page}");
        pause();
    }
}

#[test]
fn each_household_gets_its_letter_once_and_it_can_be_read() -> Result<()> {
    let mut server = Server::start(Security::Nothing)?;
    let folder = tempfile::tempdir()?;
    let token = seed::book(folder.path(), 3, &Post::Mail(server.port, Security::Nothing))?;
    let mut running = BoxProcess::start(folder.path(), seed::SITE)?;
    let mut letters = Vec::new();
    for _ in 0..3 {
        letters.push(server.letter()?);
    }
    let mut to: Vec<&str> = letters
        .iter()
        .filter_map(|letter| letter["rcpt"][0].as_str())
        .collect();
    to.sort_unstable();
    ensure!(
        to == ["home1@hall.example", "home2@hall.example", "home3@hall.example"],
        "{to:?}"
    );
    for letter in &letters {
        ensure!(letter["from"] == "office@hall.example", "{letter}");
        ensure!(letter["subject"] == "Annual meeting — ünïcode", "{letter}");
        ensure!(letter["sender_name"] == "The Hall", "{letter}");
        let body = letter["body"].as_str().context("a body")?;
        ensure!(body.contains("we meet at The Hall. Your number is"), "{body}");
        ensure!(body.contains("Our pages (https://hall.example/agm)"), "{body}");
    }
    let bodies: String = letters
        .iter()
        .filter_map(|letter| letter["body"].as_str())
        .collect();
    for name in seed::NAMES {
        ensure!(bodies.matches(name).count() == 1, "{name} once in {bodies}");
    }
    // What went is seen on the page, and goes no second time after a restart.
    page_of_mails_says(&mut running, &token, "3 have gone.")?;
    running.kill()?;
    let _again = BoxProcess::start(folder.path(), seed::SITE)?;
    // The task that carries looks as soon as it starts, and every letter of before went within a second.
    thread::park_timeout(Duration::from_secs(2));
    ensure!(!server.has_more()?, "nothing goes twice");
    Ok(())
}

#[test]
fn by_tls_letters_go_to_a_server_that_the_machine_trusts() -> Result<()> {
    for security in [Security::StartTls, Security::Tls] {
        let mut server = Server::start(security)?;
        let folder = tempfile::tempdir()?;
        seed::book(folder.path(), 1, &Post::Mail(server.port, security))?;
        let _running = BoxProcess::start_trusting(folder.path(), seed::SITE, &server.certificate())?;
        let letter = server.letter()?;
        ensure!(letter["rcpt"][0] == "home1@hall.example", "{letter}");
        ensure!(letter["tls"] == true, "{security:?}: {letter}");
    }
    Ok(())
}

#[test]
fn a_server_that_cannot_be_trusted_is_told_nothing() -> Result<()> {
    for security in [Security::StartTls, Security::Tls] {
        // The machine trusts another server, and this one would take a letter without TLS too.
        let (mut server, trusted) = (Server::start(security)?, Server::start(security)?);
        let folder = tempfile::tempdir()?;
        let token = seed::book(folder.path(), 2, &Post::Mail(server.port, security))?;
        let mut running = BoxProcess::start_trusting(folder.path(), seed::SITE, &trusted.certificate())?;
        page_of_mails_says(
            &mut running,
            &token,
            "127.0.0.1 shows a certificate that this box cannot trust, so nothing was said to it",
        )?;
        page_of_mails_says(&mut running, &token, "None has gone yet.")?;
        ensure!(!server.has_more()?, "no letter goes another way");
    }
    Ok(())
}

#[test]
fn a_server_without_tls_is_told_nothing_where_tls_is_wished() -> Result<()> {
    for security in [Security::StartTls, Security::Tls] {
        let mut server = Server::start(Security::Nothing)?;
        let folder = tempfile::tempdir()?;
        let token = seed::book(folder.path(), 1, &Post::Mail(server.port, security))?;
        let mut running = BoxProcess::start(folder.path(), seed::SITE)?;
        page_of_mails_says(&mut running, &token, "so nothing was said to it")?;
        ensure!(!server.has_more()?, "no letter goes without TLS");
    }
    Ok(())
}
