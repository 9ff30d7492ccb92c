//! Where answers go: tables or JSON, with colours only on a terminal.

use std::env;
use std::io::{self, BufWriter, IsTerminal, Write};

use super::Fault;
use crate::cli::Shared;

/// How answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Tables for people.
    Tables,
    /// The views as they are, for programs.
    Json,
}

/// Whether words are coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paint {
    /// Plain text.
    Off,
    /// Colours of the terminal.
    On,
}

/// What a word is like; the colour only repeats what the word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// A word among others.
    Plain,
    /// A heading.
    Strong,
    /// As it should be.
    Good,
    /// To be looked at.
    Warn,
    /// Wrong.
    Bad,
    /// Of less weight.
    Quiet,
}

impl Paint {
    /// The text in its colour.
    pub(super) fn put(self, tone: Tone, text: &str) -> String {
        let code = match (self, tone) {
            (Self::Off, _) | (_, Tone::Plain) => return text.to_owned(),
            (_, Tone::Strong) => "1",
            (_, Tone::Good) => "32",
            (_, Tone::Warn) => "33",
            (_, Tone::Bad) => "31",
            (_, Tone::Quiet) => "2",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

/// The tone of a device's state, or of a task's.
pub(super) fn tone_of(state: &str) -> Tone {
    match state {
        "healthy" | "runs" => Tone::Good,
        "degraded" | "waiting" => Tone::Warn,
        "gone" | "stopped" | "down" => Tone::Bad,
        "asleep" => Tone::Quiet,
        _ => Tone::Plain,
    }
}

/// The output of one command.
pub(super) struct Out {
    pub(super) form: Form,
    pub(super) paint: Paint,
    sink: Box<dyn Write>,
}

impl Out {
    /// The standard output, as asked for.
    pub(super) fn standard(shared: &Shared) -> Self {
        let stdout = io::stdout();
        let plain = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || env::var_os("TERM").is_some_and(|term| term == "dumb");
        let paint = if stdout.is_terminal() && !plain {
            Paint::On
        } else {
            Paint::Off
        };
        let form = if shared.json { Form::Json } else { Form::Tables };
        Self {
            form,
            paint,
            sink: Box::new(BufWriter::new(stdout)),
        }
    }

    /// Writes a text that ends its own lines.
    pub(super) fn text(&mut self, text: &str) -> Result<(), Fault> {
        Ok(self.sink.write_all(text.as_bytes())?)
    }

    /// Writes one line.
    pub(super) fn line(&mut self, line: &str) -> Result<(), Fault> {
        self.text(&format!("{line}\n"))
    }

    /// Sees to it that all is written.
    pub(super) fn flush(&mut self) -> Result<(), Fault> {
        Ok(self.sink.flush()?)
    }
}

#[cfg(test)]
mod tests {
    use super::{Paint, Tone};

    #[test]
    fn colours_only_where_they_are_wanted() {
        assert_eq!(Paint::Off.put(Tone::Bad, "gone"), "gone");
        assert_eq!(Paint::On.put(Tone::Bad, "gone"), "\u{1b}[31mgone\u{1b}[0m");
        assert_eq!(Paint::On.put(Tone::Plain, "here"), "here");
    }
}
