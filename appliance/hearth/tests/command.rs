//! The command as a process, as far as it needs no running box: exit codes, words on the right output, closed pipes.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const SITE: &str = r#"
[place]
name = "Old Fire Station"
time_zone = "Europe/London"
currency = "GBP"
latitude = 51.4
longitude = -2.6
"#;

fn hearth(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hearth"));
    command
        .args(words)
        .env_remove("HEARTH_STATE")
        .env_remove("STATE_DIRECTORY")
        .env_remove("NO_COLOR");
    command
}

fn run(words: &[&str]) -> (Option<i32>, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = hearth(words).output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (status.code(), text(stdout), text(stderr))
}

fn state(folder: &Path) -> &str {
    folder.to_str().expect("a plain path")
}

#[test]
fn what_is_typed_wrongly_ends_with_64_and_help_with_0() {
    let (code, out, err) = run(&["frobnicate"]);
    assert_eq!((code, out.as_str()), (Some(64), ""));
    assert!(err.contains("unrecognized subcommand 'frobnicate'"), "{err}");
    assert_eq!(run(&["read", "cupboard", "1", "0x", "2"]).0, Some(64));
    let (code, out, err) = run(&["--help"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.contains("check-config  Check a site.toml"), "{out}");
}

#[test]
fn without_a_box_each_question_says_so_and_ends_with_69() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = state(folder.path());
    for question in [
        vec!["status"],
        vec!["devices"],
        vec!["device", "roof"],
        vec!["read", "cupboard", "1", "0", "1"],
        vec!["bus", "watch", "cupboard"],
        vec!["readings"],
        vec!["energy"],
        vec!["audit"],
        vec!["reload"],
    ] {
        let words: Vec<&str> = question.iter().copied().chain(["--state", here]).collect();
        let (code, out, err) = run(&words);
        assert_eq!((code, out.as_str()), (Some(69), ""), "{question:?}");
        let due = format!(
            "hearth: no box runs here: nobody listens at {here}/control.sock\n        Start it with `hearth run`, or name its folder with --state.\n"
        );
        assert_eq!(err, due, "{question:?}");
    }
}

#[test]
fn the_folder_comes_from_the_environment_when_none_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let asked = hearth(&["status"])
        .env("HEARTH_STATE", folder.path())
        .output()
        .expect("it starts");
    let err = String::from_utf8(asked.stderr).expect("text");
    assert!(err.contains(state(folder.path())), "{err}");
}

#[test]
fn a_file_is_checked_with_every_fault_in_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("site.toml");
    fs::write(&file, SITE).expect("written");
    let (code, out, _) = run(&["check-config", state(&file)]);
    assert_eq!(
        (code, out),
        (
            Some(0),
            format!("{} is in order: 0 buses, 0 devices\n", file.display())
        )
    );

    fs::write(&file, SITE.replace("GBP", "pounds")).expect("written");
    let (code, out, err) = run(&["check-config", "--state", state(folder.path())]);
    assert_eq!((code, err.as_str()), (Some(78), ""));
    let due = ":5:12: \"pounds\" is no currency. Write its three letters, such as \"GBP\".\n";
    assert_eq!(out, format!("{}{due}", file.display()));
    let (code, out, _) = run(&["check-config", "--json", state(&file)]);
    let faults: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(
        (code, &faults[0]["line"]),
        (Some(78), &serde_json::Value::from(5))
    );
    assert_eq!(run(&["check-config", "/nowhere/site.toml"]).0, Some(66));
}

#[test]
fn what_is_no_ordinary_file_is_refused_at_once() {
    for endless in ["/dev/zero", "/dev/null"] {
        let (code, _, err) = run(&["check-config", endless]);
        assert_eq!(code, Some(66));
        assert!(
            err.contains("is no ordinary file. Put a file in its place"),
            "{err}"
        );
    }
}

#[test]
fn a_mistyped_folder_is_not_made() {
    let above = tempfile::tempdir().expect("a folder");
    let folder = above.path().join("nope/x");
    let (code, _, err) = run(&["run", "--state", state(&folder)]);
    assert_eq!(code, Some(66), "{err}");
    assert!(
        err.starts_with("there is no folder") && err.lines().count() == 1,
        "{err}"
    );
    assert_eq!(fs::read_dir(above.path()).expect("listed").count(), 0);
    let file = above.path().join("letter");
    fs::write(&file, "a letter").expect("written");
    let (code, _, err) = run(&["run", "--state", state(&file)]);
    assert_eq!(code, Some(77), "{err}");
    assert!(err.contains("it is a file and no folder"), "{err}");
}

#[test]
fn a_filling_that_is_cut_short_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let started = hearth(&["fill", "--days", "3660", "--state", state(folder.path())])
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    while !folder.path().join("simulator/simulator.json").exists() {
        std::thread::yield_now();
    }
    let stop = rustix::process::Pid::from_child(&started);
    rustix::process::kill_process(stop, rustix::process::Signal::TERM).expect("told to stop");
    let ended = started.wait_with_output().expect("it ends");
    let err = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(143), "{err}");
    assert!(err.contains("was cut short. Delete the folder"), "{err}");
}

#[test]
fn a_port_that_is_taken_is_said_once() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    let folder = tempfile::tempdir().expect("a folder");
    let (code, _, err) = run(&["simulate", "--tcp", &address, "--state", state(folder.path())]);
    assert_eq!((code, err.matches("in use").count()), (Some(69), 1), "{err}");
}

/// A folder that takes no socket; its path is too long for one, which needs no other user to try.
#[test]
fn a_box_whose_folder_takes_no_socket_is_found_all_the_same() {
    let above = tempfile::tempdir().expect("a folder");
    let folder = above
        .path()
        .join("a-name-of-forty-letters-that-goes-on-and-on".repeat(3));
    fs::create_dir(&folder).expect("made");
    let (code, _, err) = run(&["status", "--state", state(&folder)]);
    assert_eq!(code, Some(69));
    assert!(err.contains("no box runs here"), "{err}");
    fs::write(folder.join("site.toml"), SITE).expect("written");
    let mut started = hearth(&["run", "--port", "0", "--state", state(&folder)])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut log = BufReader::new(started.stderr.take().expect("its log")).lines();
    let told = log.any(|line| line.is_ok_and(|line| line.contains("the control socket is elsewhere")));
    let mut asked = run(&["status", "--state", state(&folder)]);
    // The sentence comes a moment before the socket.
    while told && asked.0 == Some(69) && started.try_wait().expect("known").is_none() {
        asked = run(&["status", "--state", state(&folder)]);
    }
    let stop = rustix::process::Pid::from_child(&started);
    rustix::process::kill_process(stop, rustix::process::Signal::TERM).expect("told to stop");
    started.wait().expect("it has stopped");
    assert!(
        told && asked.0 == Some(0) && asked.1.contains("Old Fire Station"),
        "{asked:?}"
    );
}

#[test]
fn profiles_are_listed_and_shown_without_a_box() {
    let (code, out, _) = run(&["profiles"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("eastron-sdm630"), "{out}");
    let (_, one, _) = run(&["profiles", "eastron-sdm630", "--json"]);
    let view: serde_json::Value = serde_json::from_str(&one).expect("JSON");
    assert_eq!(view["family"], "registers");
    let (code, _, err) = run(&["profiles", "nobody-x1"]);
    assert_eq!(code, Some(66));
    assert!(
        err.starts_with("hearth: there is no profile \"nobody-x1\"\n"),
        "{err}"
    );
}

#[test]
fn the_version_and_completions_need_nothing() {
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(run(&["version"]).1, format!("hearth {version}\n"));
    assert_eq!(
        run(&["version", "--json"]).1,
        format!("{{\"version\":\"{version}\"}}\n")
    );
    for shell in ["bash", "zsh", "fish"] {
        let (code, out, _) = run(&["completions", shell]);
        assert_eq!(code, Some(0));
        assert!(out.contains("check-config"), "{shell}");
    }
}

#[test]
fn the_log_of_the_folder_is_read_from_both_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log");
    fs::create_dir(&log).expect("a folder");
    fs::write(log.join("hearth.log.1"), "one\ntwo\n").expect("written");
    fs::write(log.join("hearth.log"), "three\nfour\n").expect("written");
    let here = state(folder.path());
    assert_eq!(run(&["logs", "-n", "3", "--state", here]).1, "two\nthree\nfour\n");
    assert_eq!(
        run(&["logs", "-n", "1", "--json", "--state", here]).1,
        "{\"line\":\"four\"}\n"
    );
}

#[test]
fn a_followed_log_goes_on_into_the_next_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log");
    fs::create_dir(&log).expect("a folder");
    fs::write(log.join("hearth.log"), "one\n").expect("written");
    let mut follower = hearth(&["logs", "-f", "--state", state(folder.path())])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut out = follower.stdout.take().expect("its output");
    let mut seen = |due: &str| {
        let mut bytes = vec![0; due.len()];
        out.read_exact(&mut bytes).expect("it goes on");
        assert_eq!(String::from_utf8_lossy(&bytes), due);
    };
    seen("one\n");
    fs::write(log.join("hearth.log"), "one\ntwo\n").expect("written");
    seen("two\n");
    fs::rename(log.join("hearth.log"), log.join("hearth.log.1")).expect("put aside");
    fs::write(log.join("hearth.log"), "three\n").expect("written");
    seen("three\n");
    follower.kill().expect("it is stopped");
    follower.wait().expect("it has stopped");
}

#[test]
fn whoever_reads_only_the_beginning_is_not_scolded() {
    let mut asked = hearth(&["completions", "zsh"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(asked.stdout.take());
    let ended = asked.wait_with_output().expect("it ends");
    assert_eq!((ended.status.code(), ended.stderr.len()), (Some(0), 0));
}

#[test]
fn an_output_that_is_full_ends_with_74() {
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .expect("every Linux has it");
    let ended = hearth(&["profiles"]).stdout(full).output().expect("it starts");
    assert_eq!(ended.status.code(), Some(74));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("the output cannot be written"));
}

#[test]
fn a_box_says_where_it_is_and_keeps_its_folder_from_others() {
    let above = tempfile::tempdir().expect("a folder");
    let (folder, site) = (above.path().join("state"), above.path().join("site.toml"));
    fs::write(&site, SITE).expect("written");
    let words = [
        "run",
        "--state",
        state(&folder),
        "--site",
        state(&site),
        "--port",
        "0",
    ];
    let mut started = hearth(&words)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    let out = started.stdout.take().expect("its output");
    BufReader::new(out).read_line(&mut line).expect("a line");
    let mode = fs::metadata(&folder).expect("the folder").permissions().mode();
    started.kill().expect("it is stopped");
    started.wait().expect("it has stopped");
    assert!(line.starts_with("Hearth is at http://127.0.0.1:"), "{line:?}");
    assert_eq!(
        mode & 0o007,
        0,
        "readings of homes lie in a folder of mode {mode:o}"
    );
}

#[test]
fn a_recording_that_is_not_there_or_none_has_an_exit_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = state(folder.path());
    let (code, _, err) = run(&["simulate", "--state", here, "--play", "/nowhere/power.csv"]);
    assert_eq!(code, Some(66), "{err}");
    let none = folder.path().join("letter.csv");
    fs::write(&none, "Dear all,\nthe roof leaks.\n").expect("written");
    let (code, _, err) = run(&["simulate", "--state", here, "--play", state(&none)]);
    assert_eq!(code, Some(65), "{err}");
    let truth = [
        "simulate",
        "--state",
        here,
        "--truth",
        "/nowhere/truth.json",
        "--tcp",
        "127.0.0.1:0",
    ];
    let (code, _, err) = run(&truth);
    assert_eq!(code, Some(74), "{err}");
}
