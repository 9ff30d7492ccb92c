//! How many connections there may be, in all and from one address, and who gives way when all seats are taken.
//!
//! A connection that has not yet sent a whole request, or has been answered and waits, is only a guest: when
//! somebody else needs the seat, the one that has waited longest goes. So ten thousand silent connections cost
//! nobody an answer. Live streams have seats of their own and take none from ordinary requests.

use std::collections::BTreeMap;
use std::net::IpAddr;
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
    stage: Stage,
    gone: CancellationToken,
}

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Has sent no whole request since this turn of the counter.
    Waiting(u64),
    /// Is being answered.
    Busy,
    /// The answer is made; its last bytes are on their way.
    Sending,
    /// Is a live stream.
    Streaming,
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
                stage: Stage::Waiting(number),
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
        let counts = |place: &&Place| {
            place.stage != Stage::Streaming && source.is_none_or(|source| source == place.source)
        };
        self.taken.values().filter(counts).count()
    }

    /// The source with the most seats among those that have one to give.
    fn greediest(&self) -> Option<IpAddr> {
        let mut seats: BTreeMap<IpAddr, (usize, bool)> = BTreeMap::new();
        for place in self
            .taken
            .values()
            .filter(|place| place.stage != Stage::Streaming)
        {
            let row = seats.entry(place.source).or_default();
            row.0 += 1;
            row.1 |= matches!(place.stage, Stage::Waiting(_));
        }
        seats
            .into_iter()
            .filter(|row| row.1.1)
            .max_by_key(|row| row.1.0)
            .map(|row| row.0)
    }

    /// Sends away the connection of `source` that has waited longest; `None` if none waits.
    fn make_way(&mut self, source: IpAddr) -> Option<()> {
        let waiting = self.taken.iter().filter(|(_, place)| place.source == source);
        let since = |(number, place): (&u64, &Place)| match place.stage {
            Stage::Waiting(since) => Some((since, *number)),
            _ => None,
        };
        let (_, number) = waiting.filter_map(since).min()?;
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
        lock(&self.hall)
            .taken
            .get(&self.number)
            .is_none_or(|place| matches!(place.stage, Stage::Waiting(_)))
    }

    /// A whole request is there.
    pub(crate) fn busy(&self) {
        self.stage(|_, _| Some(Stage::Busy));
    }

    /// The answer has been made, but not all of it has left.
    pub(crate) fn sending(&self) {
        self.stage(|stage, _| (stage == Stage::Busy).then_some(Stage::Sending));
    }

    /// Everything that was to be sent has left.
    pub(crate) fn sent(&self) {
        self.stage(|stage, turn| (stage == Stage::Sending).then_some(Stage::Waiting(turn)));
    }

    /// Becomes a live stream and frees the ordinary seat.
    pub(crate) fn stream(&self) -> Result<(), Full> {
        let mut hall = lock(&self.hall);
        let streams = hall
            .taken
            .values()
            .filter(|place| place.stage == Stage::Streaming)
            .count();
        if streams >= self.streams {
            return Err(Full);
        }
        let place = hall.taken.get_mut(&self.number).ok_or(Full)?;
        place.stage = Stage::Streaming;
        Ok(())
    }

    fn stage(&self, change: impl FnOnce(Stage, u64) -> Option<Stage>) {
        let mut hall = lock(&self.hall);
        let turn = hall.turn();
        if let Some(place) = hall.taken.get_mut(&self.number)
            && let Some(stage) = change(place.stage, turn)
        {
            place.stage = stage;
        }
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

    use super::{Full, Room, Seats};

    const ROOM: Room = Room {
        connections: 3,
        per_source: 2,
        streams: 1,
    };

    fn from(last: u8) -> IpAddr {
        IpAddr::from([192, 168, 0, last])
    }

    #[test]
    fn when_all_are_busy_the_next_is_refused() {
        let seats = Seats::new(ROOM);
        let taken: Vec<_> = [1, 1, 2]
            .map(from)
            .into_iter()
            .filter_map(|source| seats.take(source))
            .collect();
        assert_eq!(taken.len(), 3);
        taken.iter().for_each(super::Seat::busy);
        assert!(seats.take(from(3)).is_none());
        drop(taken);
        assert!(seats.take(from(3)).is_some());
    }

    #[test]
    fn one_source_never_takes_the_seats_of_another() {
        let seats = Seats::new(ROOM);
        let (first, second) = (
            seats.take(from(1)).expect("a seat"),
            seats.take(from(1)).expect("a seat"),
        );
        first.busy();
        let third = seats.take(from(1)).expect("the second gives way");
        assert!(second.gone.is_cancelled() && !first.gone.is_cancelled());
        third.busy();
        assert!(seats.take(from(1)).is_none(), "both of its seats are busy");
        assert!(seats.take(from(2)).is_some());
    }

    #[test]
    fn who_holds_most_gives_way_first_and_the_longest_waiting_of_them() {
        let seats = Seats::new(ROOM);
        let single = seats.take(from(1)).expect("a seat");
        let (older, newer) = (
            seats.take(from(2)).expect("a seat"),
            seats.take(from(2)).expect("a seat"),
        );
        older.busy();
        older.sending();
        older.sent();
        let _guest = seats.take(from(3)).expect("a seat");
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
        let seat = seats.take(from(1)).expect("a seat");
        seat.sent();
        seat.busy();
        seat.sent();
        assert!(
            seats.take(from(1)).is_none(),
            "bytes that left do not end a request that is still being answered"
        );
        seat.sending();
        assert!(seats.take(from(1)).is_none());
        seat.sent();
        assert!(seats.take(from(1)).is_some());
    }

    #[test]
    fn streams_have_their_own_seats() {
        let seats = Seats::new(ROOM);
        let stream = seats.take(from(1)).expect("a seat");
        stream.busy();
        assert_eq!(stream.stream(), Ok(()));
        stream.sending();
        let rest: Vec<_> = [1, 1, 2]
            .map(from)
            .into_iter()
            .filter_map(|source| seats.take(source))
            .collect();
        assert_eq!(rest.len(), 3, "the stream takes no ordinary seat");
        assert_eq!(rest[0].stream(), Err(Full));
        drop(stream);
        assert_eq!(rest[0].stream(), Ok(()));
    }
}
