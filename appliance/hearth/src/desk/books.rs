//! The accounts of one device: a counter's where it has one, an estimate from power where it has none.

use acts::site::SiteDevice;
use devices::profile::Point;
use energy::{Account, Estimate, Limits, Observed, Side, What};
use units::{DeviceName, Flow, Instant, Number, Quantity, Watts};

use super::{Pending, Shelf};

/// One account and the point it is read from.
#[derive(Debug)]
struct Book {
    flow: Flow,
    quantity: Quantity,
    last: Option<Number>,
    /// Whether it took something since its memory was last handed out.
    changed: bool,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Counter(Box<Account>),
    Estimate(Box<Estimate>),
}

/// The accounts of one device.
#[derive(Debug, Default)]
pub(super) struct Books {
    books: Vec<Book>,
    /// The last thing that is worth telling of each flow.
    notes: Vec<(Flow, String)>,
}

impl Books {
    /// Opens the accounts that a device with these points can feed, going on from those that were open `before`,
    /// else from what was written down.
    pub(super) fn open<S: Shelf>(device: &SiteDevice, points: &[Point], shelf: &S, before: &Self) -> Self {
        let mut books = Vec::new();
        let flows = if device.counted { device.role.flows() } else { &[] };
        for flow in flows {
            let counter = [Quantity::EnergyForward, Quantity::EnergyReverse]
                .into_iter()
                .filter(|quantity| device.role.flow(*quantity) == Some(*flow))
                .find_map(|quantity| points.iter().find(|point| point.quantity == quantity));
            let memory = before.memory(*flow).or_else(|| shelf.memory(&device.name, *flow));
            match counter {
                Some(point) => books.push(Book::counter(device, *flow, point, memory)),
                None if points.iter().any(|point| point.quantity == Quantity::Power) => {
                    books.push(Book::estimate(*flow, device, memory));
                }
                None => {}
            }
        }
        let mut opened = Self {
            books,
            notes: Vec::new(),
        };
        // What was open before and has not been handed out is to be handed out still.
        for book in &mut opened.books {
            book.changed = before
                .books
                .iter()
                .any(|old| old.flow == book.flow && old.changed);
        }
        opened
    }

    /// Takes one good value of a device.
    pub(super) fn take<S: Shelf>(
        &mut self,
        device: &SiteDevice,
        (quantity, at, number): (Quantity, Instant, Number),
        shelf: &S,
        pending: &mut Pending,
    ) {
        for book in self.books.iter_mut().filter(|book| book.quantity == quantity) {
            if let Some(note) = book.take(device, at, number, shelf, pending) {
                self.notes.retain(|(flow, _)| *flow != book.flow);
                self.notes.push((book.flow, note));
            }
        }
    }

    /// A device that sleeps: its counters stand, and its power is nothing.
    pub(super) fn asleep<S: Shelf>(
        &mut self,
        device: &SiteDevice,
        at: Instant,
        shelf: &S,
        pending: &mut Pending,
    ) {
        for book in &mut self.books {
            let held = match &book.kind {
                Kind::Counter(_) => book.last,
                Kind::Estimate(_) => Some(Number::exact(0)),
            };
            if let Some(number) = held {
                book.take(device, at, number, shelf, pending);
            }
        }
    }

    /// Adds what the accounts remember to what is to be written, with the intervals that they handed out.
    pub(super) fn remember(&mut self, device: &DeviceName, pending: &mut Pending) {
        for book in self.books.iter_mut().filter(|book| book.changed) {
            book.changed = false;
            pending.memory(device, book.flow, book.memory());
        }
    }

    fn memory(&self, flow: Flow) -> Option<Vec<u8>> {
        self.books.iter().find(|book| book.flow == flow).map(Book::memory)
    }

    /// What is worth telling of each flow.
    pub(super) fn notes(&self) -> Vec<String> {
        self.notes
            .iter()
            .map(|(flow, note)| format!("{flow}: {note}"))
            .collect()
    }
}

impl Book {
    fn memory(&self) -> Vec<u8> {
        match &self.kind {
            Kind::Counter(account) => account.memory(),
            Kind::Estimate(estimate) => estimate.memory(),
        }
    }

    fn counter(device: &SiteDevice, flow: Flow, point: &Point, memory: Option<Vec<u8>>) -> Self {
        let limits = Limits {
            rated: device.rated,
            modulus: point.counter_modulus,
        };
        let account = memory.and_then(|bytes| unreadable(device, flow, Account::resume(&bytes, limits)));
        let account = account.unwrap_or_else(|| Account::new(limits));
        Self {
            flow,
            quantity: point.quantity,
            last: None,
            changed: false,
            kind: Kind::Counter(Box::new(account)),
        }
    }

    fn estimate(flow: Flow, device: &SiteDevice, memory: Option<Vec<u8>>) -> Self {
        let side = match flow {
            Flow::Export | Flow::Charge => Side::Reverse,
            _ => Side::Forward,
        };
        let estimate = memory.and_then(|bytes| unreadable(device, flow, Estimate::resume(&bytes, side)));
        let estimate = estimate.unwrap_or_else(|| Estimate::new(side));
        Self {
            flow,
            quantity: Quantity::Power,
            last: None,
            changed: false,
            kind: Kind::Estimate(Box::new(estimate)),
        }
    }

    fn take<S: Shelf>(
        &mut self,
        device: &SiteDevice,
        at: Instant,
        number: Number,
        shelf: &S,
        pending: &mut Pending,
    ) -> Option<String> {
        self.last = Some(number);
        let flow = self.flow;
        let stored = |start| {
            pending
                .interval(&device.name, flow, start)
                .or_else(|| shelf.interval(&device.name, flow, start))
        };
        let (changed, note) = match &mut self.kind {
            Kind::Counter(account) => {
                let booked = account.observe(at, number, stored);
                (booked.changed, note(&booked.observed))
            }
            Kind::Estimate(estimate) => (estimate.observe(at, Watts(number.value), stored), None),
        };
        self.changed = true;
        pending.intervals(&device.name, flow, changed);
        note
    }
}

/// What happened with a counter, where it is out of the ordinary.
fn note(observed: &Observed) -> Option<String> {
    match observed.what {
        What::Started | What::Unchanged | What::Waiting { .. } | What::Accepted { .. } => None,
        what => Some(what.to_string()),
    }
}

/// A memory that a newer Hearth wrote, or that is damaged: counting starts anew, and that is said.
fn unreadable<T>(device: &SiteDevice, flow: Flow, resumed: Result<T, energy::MemoryError>) -> Option<T> {
    resumed
        .inspect_err(|error| {
            tracing::error!(device.name = %device.name, %flow, %error, "counting starts anew");
        })
        .ok()
}
