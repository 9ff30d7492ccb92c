//! The data sets, and what they look like to each store: batches, line protocol, rows of text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use simulator::trace::{Trace, TraceOptions};
use store::Batch;
use units::{Channel, Instant, Number, Reading, Span, Unit};

/// Rows of a data set, with all its times moved by whole days.
pub(super) struct Feed {
    trace: Trace,
    shift: Span,
    channels: Vec<(Channel, Unit)>,
    row: Vec<i64>,
}

impl Feed {
    /// The data set as it is.
    pub(super) fn new(options: TraceOptions) -> Self {
        let trace = Trace::new(options);
        Self {
            channels: trace.channels().to_vec(),
            trace,
            shift: Span::ZERO,
            row: Vec::new(),
        }
    }

    /// The June day as if it had been yesterday: no store gives up what is so young.
    pub(super) fn yesterday() -> Self {
        let options = TraceOptions::june_day();
        Self {
            shift: yesterday().since(options.from),
            ..Self::new(options)
        }
    }

    pub(super) fn channels(&self) -> &[(Channel, Unit)] {
        &self.channels
    }

    /// The next row: its time and its values.
    pub(super) fn next(&mut self) -> Option<(Instant, &[i64])> {
        let (at, row) = self.trace.next_row()?;
        self.row.clear();
        self.row.extend(row);
        Some((at + self.shift, &self.row))
    }

    /// The next so many rows as one batch for our store; `None` after the last.
    pub(super) fn batch(&mut self, rows: usize) -> Option<Batch> {
        let mut readings = Vec::with_capacity(rows * self.channels.len());
        for _ in 0..rows {
            let Some((at, row)) = self.trace.next_row() else {
                break;
            };
            let at = at + self.shift;
            let row = self.channels.iter().zip(row);
            readings.extend(row.map(|((channel, _), value)| Reading {
                channel: channel.clone(),
                at,
                outcome: Ok(Number::exact(*value)),
            }));
        }
        let batch = Batch {
            readings,
            ..Batch::default()
        };
        (!batch.readings.is_empty()).then_some(batch)
    }

    /// A batch that says which channels there are.
    pub(super) fn names(&self) -> Batch {
        let channels: BTreeMap<Channel, Unit> = self.channels.iter().cloned().collect();
        Batch {
            channels,
            ..Batch::default()
        }
    }

    /// The next so many rows as line protocol: a line for each device, values with their decimal point as people write
    /// them, times in milliseconds. How many samples were written; none after the last.
    pub(super) fn lines(&mut self, rows: usize, text: &mut String) -> usize {
        text.clear();
        let mut samples = 0;
        for _ in 0..rows {
            let Some((at, row)) = self.trace.next_row() else {
                break;
            };
            let at = (at + self.shift).as_millis();
            samples += row.len();
            let mut device = "";
            for ((channel, unit), value) in self.channels.iter().zip(row) {
                if device == channel.device() {
                    text.push(',');
                } else {
                    if !device.is_empty() {
                        // Writing to a String cannot fail.
                        let _ = writeln!(text, " {at}");
                    }
                    device = channel.device();
                    let _ = write!(text, "m,device={device} ");
                }
                let _ = write!(text, "{}=", channel.point());
                plain(text, *unit, *value);
            }
            let _ = writeln!(text, " {at}");
        }
        samples
    }
}

/// Midnight (UTC) of the day before today.
pub(super) fn yesterday() -> Instant {
    hearth::clock::now().floor(Span::DAY) - Span::DAY
}

/// A value with its decimal point.
pub(super) fn plain(text: &mut String, unit: Unit, value: i64) {
    let places = usize::from(unit.decimals());
    if places == 0 {
        let _ = write!(text, "{value}");
        return;
    }
    let scale = 10_u64.pow(u32::from(unit.decimals()));
    let size = value.unsigned_abs();
    let sign = if value < 0 { "-" } else { "" };
    let _ = write!(text, "{sign}{}.{:0places$}", size / scale, size % scale);
}
