//! How many connections there may be, in all and from one address, and who gives way when all seats are taken.
//!
//! A connection that has not yet sent a whole request, or has been answered and waits, is only a guest: when
//! somebody else needs the seat, the one that has waited longest goes. So ten thousand silent connections cost
//! nobody an answer. Live streams have seats of their own and take none from ordinary requests.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

/// How many may sit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Room {
    /// Ordinary connections in all.
    pub(crate) connections: usize,
    /// Ordinary connections of one address.
    pub(crate) per_source: usize,
    /// Live streams.
    pub(crate) streams: usize,
}

/// All seats. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Seats {
    room: Room,
    hall: Arc<Mutex<Hall>>,
}

#[derive(Debug, Default)]
struct Hall {
    next: u64,
    taken: BTreeMap<u64, Place>,
}

#[derive(Debug)]
struct Place {
    source: IpAddr,
    /// Requests that are being answered. Over HTTP/2 there may be several at a time.
    asked: usize,
    /// Those of them that are live streams.
    streams: usize,
    /// Whether the last bytes of an answer are still on their way.
    unsent: bool,
    /// The turn of the counter since which no whole request is there.
    since: u64,
    gone: CancellationToken,
}

impl Place {
    fn waits(&self) -> bool {
        self.asked == 0 && !self.unsent
    }
}

/// All streams' seats are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full;

/// The seat of one connection; free again when it is dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    number: u64,
    hall: Arc<Mutex<Hall>>,
    streams: usize,
    gone: CancellationToken,
}

/// A request that is being answered, until it is dropped: with the last part of its answer, or when the browser has
/// lost interest.
#[derive(Debug)]
pub(crate) struct Answering {
    seat: Arc<Seat>,
    streams: AtomicBool,
}

impl Seats {
    /// An empty hall.
    pub(crate) fn new(room: Room) -> Self {
        Self {
            room,
            hall: Arc::default(),
        }
    }

    /// A seat for a new connection from `source`; `None` when all are busy being answered.
    pub(crate) fn take(&self, source: IpAddr) -> Option<Seat> {
        let mut hall = lock(&self.hall);
        if hall.ordinary(Some(source)) >= self.room.per_source {
            hall.make_way(source)?;
        }
        if hall.ordinary(None) >= self.room.connections {
            let greediest = hall.greediest()?;
            hall.make_way(greediest)?;
        }
        let number = hall.turn();
        let gone = CancellationToken::new();
        hall.taken.insert(
            number,
            Place {
                source,
                asked: 0,
                streams: 0,
                unsent: false,
                since: number,
                gone: gone.clone(),
            },
        );
        Some(Seat {
            number,
            hall: Arc::clone(&self.hall),
            streams: self.room.streams,
            gone,
        })
    }
}

impl Hall {
    fn turn(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Connections that are no streams, of one source or of all.
    fn ordinary(&self, source: Option<IpAddr>) -> usize {
        let counts =
            |place: &&Place| place.streams == 0 && source.is_none_or(|source| source == place.source);
        self.taken.values().filter(counts).count()
    }

    /// The source with the most seats among those that have one to give.
    fn greediest(&self) -> Option<IpAddr> {
        let mut seats: BTreeMap<IpAddr, (usize, bool)> = BTreeMap::new();
        for place in self.taken.values().filter(|place| place.streams == 0) {
            let row = seats.entry(place.source).or_default();
            row.0 += 1;
            row.1 |= place.waits();
        }
        seats
            .into_iter()
            .filter(|row| row.1.1)
            .max_by_key(|row| row.1.0)
            .map(|row| row.0)
    }

    /// Sends away the connection of `source` that has waited longest; `None` if none waits.
    fn make_way(&mut self, source: IpAddr) -> Option<()> {
        let waiting = self
            .taken
            .iter()
            .filter(|(_, place)| place.source == source && place.waits());
        let (_, number) = waiting.map(|(number, place)| (place.since, *number)).min()?;
        self.taken.remove(&number)?.gone.cancel();
        Some(())
    }
}

impl Seat {
    /// Waits until the seat is needed by somebody else.
    pub(crate) async fn given_away(&self) {
        self.gone.cancelled().await;
    }

    /// Whether no whole request is there.
    pub(crate) fn waits(&self) -> bool {
        self.waits_since().is_some()
    }

    /// The turn since which no whole request is there; the same turn twice is the same wait.
    pub(crate) fn waits_since(&self) -> Option<u64> {
        let hall = lock(&self.hall);
        match hall.taken.get(&self.number) {
            Some(place) => place.waits().then_some(place.since),
            None => Some(0),
        }
    }

    /// A whole request is there.
    pub(crate) fn asked(self: &Arc<Self>) -> Answering {
        self.change(|place, _| place.asked += 1);
        Answering {
            seat: Arc::clone(self),
            streams: AtomicBool::new(false),
        }
    }

    /// Everything that was to be sent has left.
    pub(crate) fn sent(&self) {
        self.change(|place, turn| {
            if place.asked == 0 && place.unsent {
                (place.unsent, place.since) = (false, turn);
            }
        });
    }

    fn change(&self, change: impl FnOnce(&mut Place, u64)) {
        let mut hall = lock(&self.hall);
        let turn = hall.turn();
        if let Some(place) = hall.taken.get_mut(&self.number) {
            change(place, turn);
        }
    }
}

impl Answering {
    /// Becomes a live stream; a connection with one takes no ordinary seat.
    pub(crate) fn stream(&self) -> Result<(), Full> {
        let mut hall = lock(&self.seat.hall);
        let streams: usize = hall.taken.values().map(|place| place.streams).sum();
        if streams >= self.seat.streams {
            return Err(Full);
        }
        let place = hall.taken.get_mut(&self.seat.number).ok_or(Full)?;
        place.streams += 1;
        self.streams.store(true, Ordering::Relaxed);
        Ok(())
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        let streamed = usize::from(self.streams.load(Ordering::Relaxed));
        self.seat.change(|place, _| {
            place.asked = place.asked.saturating_sub(1);
            place.streams = place.streams.saturating_sub(streamed);
            place.unsent = true;
        });
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        lock(&self.hall).taken.remove(&self.number);
    }
}

/// A hall stays usable after a panic elsewhere: every change of it is a single step.
fn lock(hall: &Mutex<Hall>) -> MutexGuard<'_, Hall> {
    hall.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;
    use std::sync::Arc;

    use super::{Full, Room, Seat, Seats};

    const ROOM: Room = Room {
        connections: 3,
        per_source: 2,
        streams: 1,
    };

    fn from(last: u8) -> IpAddr {
        IpAddr::from([192, 168, 0, last])
    }

    fn sit(seats: &Seats, source: IpAddr) -> Arc<Seat> {
        Arc::new(seats.take(source).expect("a seat"))
    }

    #[test]
    fn when_all_are_busy_the_next_is_refused() {
        let seats = Seats::new(ROOM);
        let taken: Vec<_> = [1, 1, 2]
            .map(from)
            .into_iter()
            .map(|source| sit(&seats, source))
            .collect();
        let asked: Vec<_> = taken.iter().map(Seat::asked).collect();
        assert!(seats.take(from(3)).is_none());
        drop((taken, asked));
        assert!(seats.take(from(3)).is_some());
    }

    #[test]
    fn one_source_never_takes_the_seats_of_another() {
        let seats = Seats::new(ROOM);
        let (first, second) = (sit(&seats, from(1)), sit(&seats, from(1)));
        let _first_asks = first.asked();
        let third = sit(&seats, from(1));
        assert!(
            second.gone.is_cancelled() && !first.gone.is_cancelled(),
            "the second gives way"
        );
        let _third_asks = third.asked();
        assert!(seats.take(from(1)).is_none(), "both of its seats are busy");
        assert!(seats.take(from(2)).is_some());
    }

    #[test]
    fn who_holds_most_gives_way_first_and_the_longest_waiting_of_them() {
        let seats = Seats::new(ROOM);
        let single = sit(&seats, from(1));
        let (older, newer) = (sit(&seats, from(2)), sit(&seats, from(2)));
        drop(older.asked());
        older.sent();
        let _guest = sit(&seats, from(3));
        assert!(
            newer.gone.is_cancelled(),
            "it has waited longer than the one that was just answered"
        );
        assert!(!single.gone.is_cancelled() && !older.gone.is_cancelled());
    }

    #[test]
    fn an_answer_on_its_way_is_not_cut() {
        let seats = Seats::new(Room {
            connections: 1,
            per_source: 1,
            streams: 0,
        });
        let seat = sit(&seats, from(1));
        seat.sent();
        let asked = seat.asked();
        seat.sent();
        assert!(
            seats.take(from(1)).is_none(),
            "bytes that left do not end a request that is still being answered"
        );
        drop(asked);
        assert!(seats.take(from(1)).is_none());
        seat.sent();
        assert!(seats.take(from(1)).is_some());
    }

    #[test]
    fn of_two_requests_on_one_connection_the_end_of_one_does_not_end_the_other() {
        let seats = Seats::new(Room {
            connections: 1,
            per_source: 1,
            streams: 0,
        });
        let seat = sit(&seats, from(1));
        let (first, second) = (seat.asked(), seat.asked());
        drop(first);
        seat.sent();
        assert!(!seat.waits() && seats.take(from(1)).is_none());
        drop(second);
        seat.sent();
        assert!(seat.waits() && seats.take(from(1)).is_some());
    }

    #[test]
    fn streams_have_their_own_seats() {
        let seats = Seats::new(ROOM);
        let (stream, other) = (sit(&seats, from(1)), sit(&seats, from(2)));
        let (live, page) = (stream.asked(), stream.asked());
        assert_eq!(live.stream(), Ok(()));
        drop(page);
        let rest: Vec<_> = [1, 1]
            .map(from)
            .into_iter()
            .map(|source| sit(&seats, source))
            .collect();
        assert_eq!(rest.len(), 2, "the stream takes no ordinary seat");
        let second = other.asked();
        assert_eq!(second.stream(), Err(Full));
        drop(live);
        assert_eq!(second.stream(), Ok(()));
    }
}
