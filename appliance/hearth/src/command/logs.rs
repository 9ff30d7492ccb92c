//! `hearth logs`: from the files in the state folder while the box keeps its own log, else from the system's journal.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::out::{Form, Out};
use super::{Exit, Fault};
use crate::cli::Logs;
use crate::logging;

/// How often a followed file is looked at.
const LOOK: Duration = Duration::from_millis(250);

pub(super) async fn answer(asked: &Logs, state: &Path, out: &mut Out) -> Result<(), Fault> {
    let file = logging::file(state);
    if !file.exists() {
        return journal(asked, state, out);
    }
    let unreadable = |error: io::Error| {
        let cause = format!("{} cannot be read: {error}", file.display());
        Fault::new(
            Exit::NoPermission,
            cause,
            "Ask again with sudo, or as a member of the folder's group.",
        )
    };
    let mut reader = BufReader::new(File::open(&file).map_err(unreadable)?);
    let mut lines = whole(&logging::older_file(state));
    lines.extend(rest(&mut reader));
    for line in &lines[lines.len().saturating_sub(asked.lines)..] {
        put(line, out)?;
    }
    if asked.follow {
        follow(&file, reader, out).await
    } else {
        Ok(())
    }
}

/// Goes on with what is added, also after the file has been put aside for a new one.
async fn follow(file: &Path, mut reader: BufReader<File>, out: &mut Out) -> Result<(), Fault> {
    let mut beat = tokio::time::interval(LOOK);
    loop {
        for line in rest(&mut reader) {
            put(&line, out)?;
        }
        out.flush()?;
        beat.tick().await;
        let inode = |file: &File| file.metadata().map(|found| found.ino()).ok();
        if let Ok(newer) = File::open(file)
            && inode(&newer) != inode(reader.get_ref())
        {
            for line in rest(&mut reader) {
                put(&line, out)?;
            }
            reader = BufReader::new(newer);
        }
    }
}

fn put(line: &str, out: &mut Out) -> Result<(), Fault> {
    match out.form {
        Form::Json => out.line(&serde_json::json!({ "line": line }).to_string()),
        Form::Tables => out.line(line),
    }
}

/// The whole lines of a file; none if it is not there.
fn whole(file: &Path) -> Vec<String> {
    File::open(file)
        .map(|file| rest(&mut BufReader::new(file)))
        .unwrap_or_default()
}

/// The whole lines that are left to read. The beginning of a line that is still being written is read next time.
fn rest(reader: &mut BufReader<File>) -> Vec<String> {
    let mut lines = Vec::new();
    let mut bytes = Vec::new();
    while let Ok(read @ 1..) = reader.read_until(b'\n', &mut bytes) {
        if bytes.pop() != Some(b'\n') {
            let back = i64::try_from(read).unwrap_or(0);
            // Where going back fails, the line is lost to this reader only.
            let _ = reader.seek(SeekFrom::Current(-back));
            break;
        }
        lines.push(String::from_utf8_lossy(&bytes).into_owned());
        bytes.clear();
    }
    lines
}

/// What the system's journal has of the box.
fn journal(asked: &Logs, state: &Path, out: &mut Out) -> Result<(), Fault> {
    let mut command = Command::new("journalctl");
    command.args([
        "--unit",
        "hearth",
        "--quiet",
        "--output",
        "short-iso",
        "--no-pager",
    ]);
    command.args(["--lines", &asked.lines.to_string()]);
    if asked.follow {
        command.arg("--follow");
    }
    let none = || {
        let cause = format!(
            "there is no log: neither {} nor a journal",
            logging::file(state).display()
        );
        Fault::new(
            Exit::NoInput,
            cause,
            "Name the box's folder with --state, or start it with `hearth run`.",
        )
    };
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|_| none())?;
    let lines = child.stdout.take().map(BufReader::new);
    let mut any = false;
    for line in lines.into_iter().flat_map(BufRead::lines) {
        any = true;
        put(&line?, out)?;
        out.flush()?;
    }
    let ended = child.wait().is_ok_and(|status| status.success());
    if any && ended { Ok(()) } else { Err(none()) }
}

#[cfg(test)]
mod tests {
    use std::fs::{File, OpenOptions};
    use std::io::{BufReader, Write};

    use super::{rest, whole};

    #[test]
    fn a_line_that_is_still_being_written_is_read_when_it_is_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("hearth.log");
        let mut log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .expect("a file");
        write!(log, "first\nsec").expect("written");
        let mut reader = BufReader::new(File::open(&path).expect("a file"));
        assert_eq!(rest(&mut reader), ["first"]);
        assert!(rest(&mut reader).is_empty());
        writeln!(log, "ond").expect("written");
        assert_eq!(rest(&mut reader), ["second"]);
        log.write_all(b"bad \xff byte\n").expect("written");
        assert_eq!(rest(&mut reader), ["bad \u{fffd} byte"]);
        assert!(whole(&folder.path().join("nothing")).is_empty());
    }
}
