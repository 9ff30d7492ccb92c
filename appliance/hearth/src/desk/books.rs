//! The accounts of one device: a counter's where it has one, an estimate from power where it has none.
//!
//! An account is opened at its first value, from what waits to be written, is on its way, or was written before.
//! While the store cannot be read it stays closed and takes nothing: the meter counts on, and the next value brings
//! it all.

use std::cell::Cell;

use acts::site::SiteDevice;
use devices::profile::Point;
use energy::{
    Account, Clock, Estimate, Identity, Interval, Limits, MemoryError, Observed, Side, TimeSource, What,
};
use store::StoreError;
use units::{DeviceName, Flow, Instant, Number, Quantity, Watts};

use super::{Pending, Shelf};

/// One account and the point it is read from.
#[derive(Debug)]
struct Book {
    flow: Flow,
    quantity: Quantity,
    source: Source,
    /// Whether its point had no value when it was last asked for.
    silent: bool,
    /// Whether it took something since its memory was last handed out.
    changed: bool,
    kind: Kind,
    /// Why it takes nothing just now.
    trouble: Option<String>,
}

/// What an account is fed from.
#[derive(Debug, Clone, Copy)]
enum Source {
    /// The device's own counter, and where it begins again.
    Counter { modulus: Option<i64> },
    /// Its power.
    Power,
}

#[derive(Debug, Clone)]
enum Kind {
    Closed,
    Counter(Box<Account>),
    Estimate(Box<Estimate>),
    /// A newer Hearth keeps it. What that one remembers is not touched, so that it goes on without a loss.
    Newer,
}

/// What accounts need for a reading: where they find what was known before and leave what they make, and what is
/// true of the device now.
pub(super) struct Around<'a, S> {
    /// What waits to be written.
    pub(super) pending: &'a mut Pending,
    /// What was written.
    pub(super) shelf: &'a S,
    /// Whether the times of readings can be relied on.
    pub(super) clock: Clock,
    /// Where those times are from.
    pub(super) source: TimeSource,
    /// Which meter the readings are from.
    pub(super) identity: Identity,
}

/// The accounts of one device.
#[derive(Debug, Default)]
pub(super) struct Books {
    books: Vec<Book>,
    /// The last thing that is worth telling of each flow.
    notes: Vec<(Flow, String)>,
}

impl Books {
    /// The accounts that a device with these points can feed.
    pub(super) fn of(device: &SiteDevice, points: &[Point]) -> Self {
        let mut books = Vec::new();
        let flows = if device.counted { device.role.flows() } else { &[] };
        for flow in flows {
            let counter = [Quantity::EnergyForward, Quantity::EnergyReverse]
                .into_iter()
                .filter(|quantity| device.role.flow(*quantity) == Some(*flow))
                .find_map(|quantity| points.iter().find(|point| point.quantity == quantity));
            let power = points.iter().find(|point| point.quantity == Quantity::Power);
            let source = match (counter, power) {
                (Some(point), _) => {
                    let modulus = point.counter_modulus;
                    Some((point.quantity, Source::Counter { modulus }))
                }
                (None, Some(point)) => Some((point.quantity, Source::Power)),
                (None, None) => None,
            };
            books.extend(source.map(|(quantity, source)| Book {
                flow: *flow,
                quantity,
                source,
                silent: true,
                changed: false,
                kind: Kind::Closed,
                trouble: None,
            }));
        }
        Self {
            books,
            notes: Vec::new(),
        }
    }

    /// Takes one good value of a device.
    pub(super) fn take<S: Shelf>(
        &mut self,
        device: &SiteDevice,
        (quantity, at, number): (Quantity, Instant, Number),
        around: &mut Around<'_, S>,
    ) {
        for book in self.books.iter_mut().filter(|book| book.quantity == quantity) {
            book.silent = false;
            if let Some(note) = book.take(device, at, number, around) {
                self.notes.retain(|(flow, _)| *flow != book.flow);
                self.notes.push((book.flow, note));
            }
        }
    }

    /// A point had no value.
    pub(super) fn silent(&mut self, quantity: Quantity) {
        for book in self.books.iter_mut().filter(|book| book.quantity == quantity) {
            book.silent = true;
        }
    }

    /// A device that sleeps: its counters stand, and its power is nothing. Only what says nothing itself is stood in
    /// for, and by what is believed of it: a last value that was seen once must find its own proof.
    pub(super) fn asleep<S: Shelf>(&mut self, device: &SiteDevice, at: Instant, around: &mut Around<'_, S>) {
        for book in self.books.iter_mut().filter(|book| book.silent) {
            if let Some(number) = book.at_rest(device, around) {
                book.take(device, at, number, around);
            }
        }
    }

    /// Adds what the accounts remember to what is to be written, with the intervals that they handed out.
    pub(super) fn remember(&mut self, device: &DeviceName, pending: &mut Pending) {
        for book in self.books.iter_mut().filter(|book| book.changed) {
            book.changed = false;
            let memory = match &book.kind {
                Kind::Counter(account) => account.memory(),
                Kind::Estimate(estimate) => estimate.memory(),
                Kind::Closed | Kind::Newer => continue,
            };
            pending.memory(device, book.flow, memory);
        }
    }

    /// What is worth telling of each flow.
    pub(super) fn notes(&self) -> Vec<String> {
        let troubles = self
            .books
            .iter()
            .filter_map(|book| Some((&book.flow, book.trouble.as_ref()?)));
        let notes = self.notes.iter().map(|(flow, note)| (flow, note));
        troubles
            .chain(notes)
            .map(|(flow, note)| format!("{flow}: {note}"))
            .collect()
    }
}

impl Book {
    fn take<S: Shelf>(
        &mut self,
        device: &SiteDevice,
        at: Instant,
        number: Number,
        around: &mut Around<'_, S>,
    ) -> Option<String> {
        self.open(device, around);
        let (flow, failed) = (self.flow, Cell::new(None));
        let stored = |start| {
            interval(device, flow, start, around).unwrap_or_else(|error| {
                failed.set(Some(error));
                None
            })
        };
        // What an account did with a quarter that could not be read did not happen.
        let mut kind = self.kind.clone();
        let (changed, note) = match (&mut kind, self.source) {
            (Kind::Counter(account), Source::Counter { modulus }) => {
                account.set_limits(limits(device, modulus));
                account.set_clock(around.clock);
                account.set_time(around.source);
                account.identify(around.identity);
                let booked = account.observe(at, number, stored);
                (booked.changed, note(&booked.observed))
            }
            (Kind::Estimate(estimate), _) => {
                estimate.set_time(around.source);
                (estimate.observe(at, Watts(number.value), stored), None)
            }
            _ => return None,
        };
        if let Some(error) = failed.take() {
            self.cannot_read(device, &error);
            return None;
        }
        (self.kind, self.changed, self.trouble) = (kind, true, None);
        around.pending.intervals(&device.name, flow, changed);
        note
    }

    /// What a sleeping device would show.
    fn at_rest<S: Shelf>(&mut self, device: &SiteDevice, around: &Around<'_, S>) -> Option<Number> {
        self.open(device, around);
        match &self.kind {
            Kind::Counter(account) => account.counter().held().map(|(value, _)| Number::exact(value)),
            Kind::Estimate(_) => Some(Number::exact(0)),
            Kind::Closed | Kind::Newer => None,
        }
    }

    /// Opens the account if it is closed and what it remembers can be read.
    fn open<S: Shelf>(&mut self, device: &SiteDevice, around: &Around<'_, S>) {
        if !matches!(self.kind, Kind::Closed) {
            return;
        }
        let memory = match memory(device, self.flow, around) {
            Ok(memory) => memory,
            Err(error) => return self.cannot_read(device, &error),
        };
        self.kind = match self.resume(device, memory.as_deref()) {
            Ok(kind) => kind,
            Err(error @ MemoryError::Newer(_)) => {
                tracing::error!(device.name = %device.name, flow = %self.flow, %error, "this flow is not counted");
                let until = "until then the meter counts on, and nothing is lost";
                self.trouble = Some(format!("not counted: {error}; {until}"));
                Kind::Newer
            }
            Err(error @ MemoryError::Damaged) => {
                tracing::error!(device.name = %device.name, flow = %self.flow, %error, "counting starts anew");
                self.anew(device)
            }
        };
    }

    fn resume(&self, device: &SiteDevice, memory: Option<&[u8]>) -> Result<Kind, MemoryError> {
        let Some(bytes) = memory else {
            return Ok(self.anew(device));
        };
        Ok(match self.source {
            Source::Counter { modulus } => {
                Kind::Counter(Box::new(Account::resume(bytes, limits(device, modulus))?))
            }
            Source::Power => Kind::Estimate(Box::new(Estimate::resume(bytes, side(self.flow))?)),
        })
    }

    fn anew(&self, device: &SiteDevice) -> Kind {
        match self.source {
            Source::Counter { modulus } => Kind::Counter(Box::new(Account::new(limits(device, modulus)))),
            Source::Power => Kind::Estimate(Box::new(Estimate::new(side(self.flow)))),
        }
    }

    fn cannot_read(&mut self, device: &SiteDevice, error: &StoreError) {
        if self.trouble.is_none() {
            tracing::error!(device.name = %device.name, flow = %self.flow, %error, "energy waits in the meter");
        }
        self.trouble = Some(format!("not counted just now: {error}; the meter counts on"));
    }
}

/// What an account remembered last, wherever that is.
fn memory<S: Shelf>(
    device: &SiteDevice,
    flow: Flow,
    around: &Around<'_, S>,
) -> Result<Option<Vec<u8>>, StoreError> {
    match around.pending.memory_of(&device.name, flow) {
        Some(waiting) => Ok(Some(waiting.to_vec())),
        None => around.shelf.memory(&device.name, flow),
    }
}

/// An interval as it was handed out last, wherever it is.
fn interval<S: Shelf>(
    device: &SiteDevice,
    flow: Flow,
    start: Instant,
    around: &Around<'_, S>,
) -> Result<Option<Interval>, StoreError> {
    match around.pending.interval(&device.name, flow, start) {
        Some(waiting) => Ok(Some(waiting)),
        None => around.shelf.interval(&device.name, flow, start),
    }
}

fn limits(device: &SiteDevice, modulus: Option<i64>) -> Limits {
    Limits {
        rated: device.rated,
        modulus,
    }
}

fn side(flow: Flow) -> Side {
    match flow {
        Flow::Export | Flow::Charge => Side::Reverse,
        _ => Side::Forward,
    }
}

/// What happened with a counter, where it is out of the ordinary.
fn note(observed: &Observed) -> Option<String> {
    match observed.what {
        What::Started | What::Unchanged | What::Waiting { .. } | What::Accepted { .. } => None,
        what => Some(what.to_string()),
    }
}
