//! What the interface says beside the views of `acts`: the status in one piece, frames, faults of a `site.toml`, codes and slips.

use acts::look::{BoxView, PowerView};
use acts::sign_in::NewSlip;
use acts::{Frame, Look, SiteFault};
use serde::Serialize;

/// The box, the power flows and the local clock in one answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatusView {
    /// How the box itself is doing.
    #[serde(flatten)]
    pub the_box: BoxView,
    /// The clock of the place, such as `Europe/London`.
    pub time_zone: String,
    /// The power flows.
    pub power: PowerView,
}

impl StatusView {
    pub(super) fn of(look: &Look) -> Self {
        Self {
            the_box: look.the_box(),
            time_zone: look.place().zone.name().to_owned(),
            power: look.power(),
        }
    }
}

/// One frame of a bus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FrameView {
    /// When its last byte was there, UTC milliseconds.
    pub at_ms: i64,
    /// Microseconds since the frame before.
    pub gap_us: u64,
    /// `sent`, `received` or `refused`.
    pub direction: &'static str,
    /// Its bytes, as in `01 04 00 00 00 02 71 cb`.
    pub bytes: String,
    /// What it is, or why it was refused.
    pub words: String,
}

impl From<Frame> for FrameView {
    fn from(frame: Frame) -> Self {
        let bytes: Vec<String> = frame.bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Self {
            at_ms: frame.at.as_millis(),
            gap_us: frame.gap_us,
            direction: frame.direction.name(),
            bytes: bytes.join(" "),
            words: frame.words,
        }
    }
}

/// Something was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DoneView {
    /// Always `true`: what is not done is refused.
    pub done: bool,
}

/// A slip with which somebody signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SlipView {
    /// Its words.
    pub words: [&'static str; 4],
    /// Until when it is good, UTC milliseconds.
    pub until_ms: i64,
}

impl From<&NewSlip> for SlipView {
    fn from(slip: &NewSlip) -> Self {
        Self {
            words: slip.words.words(),
            until_ms: slip.until.as_millis(),
        }
    }
}

/// Whether somebody takes charge of the box already, and the code with which the first steward does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClaimView {
    /// Whether somebody does; then there is no code.
    pub claimed: bool,
    /// The words of the code; `null` where there is none.
    pub words: Option<[&'static str; 4]>,
    /// Until when it is good, UTC milliseconds; `null` where there is none.
    pub until_ms: Option<i64>,
    /// The addresses at which it can be typed in, the safest first.
    pub pages: Vec<String>,
    /// What to do where there is no code, in words; `null` where there is one.
    pub sentence: Option<String>,
}

impl ClaimView {
    pub(super) fn open(code: &NewSlip, pages: Vec<String>) -> Self {
        Self {
            claimed: false,
            words: Some(code.words.words()),
            until_ms: Some(code.until.as_millis()),
            pages,
            sentence: None,
        }
    }

    pub(super) fn claimed(sentence: String) -> Self {
        Self {
            claimed: true,
            words: None,
            until_ms: None,
            pages: Vec::new(),
            sentence: Some(sentence),
        }
    }
}

/// One thing that is wrong in a `site.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FaultView {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub remedy: String,
}

impl From<SiteFault> for FaultView {
    fn from(fault: SiteFault) -> Self {
        Self {
            line: fault.line,
            column: fault.column,
            what: fault.what,
            remedy: fault.remedy,
        }
    }
}
