//! How a bus and its devices are doing: counts, latencies, the last error in words.

use std::io;

use units::{Instant, Span};

use crate::client::Answered;
use crate::guard::{GuardCounts, GuardError};
use crate::patience::Patience;

/// How one device is doing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeviceHealth {
    /// Questions asked.
    pub asked: u64,
    /// Good answers, the device's own refusals included, a gateway's word that it does not hear the device not.
    pub answered: u64,
    /// Questions in a row without a good answer.
    pub silences: u32,
    /// The last good answer.
    pub last_answer: Option<Instant>,
    /// The last thing that went wrong: when, and in words.
    pub last_error: Option<(Instant, String)>,
    /// Middle, slow and slowest of the latest latencies.
    pub latencies: Option<(Span, Span, Span)>,
    /// How long the box waits for an answer at present.
    pub patience: Span,
}

impl DeviceHealth {
    pub(super) fn answered(&mut self, at: Instant) {
        self.answered += 1;
        self.last_answer = Some(at);
    }

    pub(super) fn answered_count(&self) -> u64 {
        self.answered
    }

    pub(super) fn note(&mut self, result: &Result<Answered, GuardError>, at: Instant, patience: &Patience) {
        self.asked += 1;
        self.silences = patience.silences();
        self.latencies = patience.latencies();
        self.patience = patience.wait();
        let error = match result {
            Ok(Answered { reply: Ok(_), .. }) => return,
            Ok(Answered { reply: Err(code), .. }) => format!("the device {code}"),
            Err(error) => error.to_string(),
        };
        self.last_error = Some((at, error));
    }
}

/// How a bus is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusHealth {
    /// What it is, in words.
    pub wire: String,
    /// Why it is down, in words; nothing while it is up.
    pub down: Option<String>,
    /// Questions asked.
    pub asked: u64,
    /// Good answers.
    pub answered: u64,
    /// What the guard counted.
    pub counts: GuardCounts,
    /// Use of the line in the last whole minute, in thousandths.
    pub busy_permille: u16,
    minute: i64,
    busy: Span,
}

impl BusHealth {
    pub(super) fn new(wire: String) -> Self {
        Self {
            wire,
            down: None,
            asked: 0,
            answered: 0,
            counts: GuardCounts::default(),
            busy_permille: 0,
            minute: 0,
            busy: Span::ZERO,
        }
    }

    pub(super) fn asked(&mut self, good: bool, now: Span, took: Span, counts: GuardCounts, down: bool) {
        if down {
            return;
        }
        self.asked += 1;
        self.answered += u64::from(good);
        self.counts = counts;
        let minute = now.as_millis() / Span::MINUTE.as_millis();
        if minute != self.minute {
            self.busy_permille = u16::try_from(self.busy.as_millis() / 60)
                .unwrap_or(1_000)
                .min(1_000);
            (self.minute, self.busy) = (minute, Span::ZERO);
        }
        self.busy = self.busy + took;
    }

    /// Notes that the line works; tells whether that is news.
    pub(super) fn up(&mut self) -> bool {
        self.down.take().is_some()
    }

    /// Notes why the line is down; tells whether that is news.
    pub(super) fn down(&mut self, why: &str) -> bool {
        let news = self.down.as_deref() != Some(why);
        self.down = Some(why.to_owned());
        news
    }
}

/// What is wrong with a line that nobody can ask on because it is never quiet.
pub(super) fn never_quiet(wire: &str, error: &GuardError) -> String {
    format!(
        "{wire}: {error}. End the other master, or check the baud rate, the ground and the ends of the line."
    )
}

/// What is wrong with a line and what to do now.
pub(super) fn line_failed(wire: &str, error: &io::Error) -> String {
    let remedy = match error.kind() {
        io::ErrorKind::NotFound => {
            "There is no such port. Is the adapter plugged in? `ls /dev/serial/by-id` shows what is"
        }
        io::ErrorKind::PermissionDenied => "The box may not use it. Add its user to the group dialout",
        io::ErrorKind::ResourceBusy => "Stop the other program, or give it to the box another way",
        io::ErrorKind::ConnectionRefused => "Nothing listens there, or it has another client already",
        io::ErrorKind::Unsupported => {
            "Write `direction = \"adapter\"` in site.toml; most adapters switch by themselves"
        }
        io::ErrorKind::TimedOut => "Is the device switched on and on the network?",
        _ => "It is tried again by itself",
    };
    format!("{wire}: {error}. {remedy}.")
}
