//! The box's own web server: accept loops on hyper with a limit on everything a client can ask for.
//!
//! Nothing that comes from outside may cost more than its share: not the number of connections, not a handshake or a
//! head that never ends, not a body that never comes, not an answer that nobody reads. The doors share their seats.
//! Deliberately without upgrades, and without HTTP/2 where nothing is encrypted.

mod answer;
mod attend;
mod shrink;
mod wire;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use acts::Acts;
use axum::Router;
use axum::middleware::from_fn;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

pub use crate::live::Renderer;

use crate::api::Reader;
use crate::authority::Certificates;
use crate::doorway::{Way, is_neighbour};
use crate::live::Live;
use crate::seats::{Room, Seats};
use crate::{App, api, csv, embed, live, metrics, pages, sign_in};
use answer::Door;
pub(crate) use answer::{Asks, Wanted};
use attend::{Guest, attend};

/// What is written to a connection for which there is no seat.
const NO_SEAT: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain; charset=utf-8\r\n\
    retry-after: 5\r\nconnection: close\r\ncontent-length: 66\r\n\r\n\
    Too many people are asking at once. Try again in a few seconds.   ";

/// Connections that may wait to be taken in.
const IN_LINE: u32 = 1_024;

/// Connections that are being closed may be this many more than those that are open.
const LEAVING: usize = 64;

/// How much a client may ask for, and for how long.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of a request's head.
    pub head_bytes: usize,
    /// How long a connection may take to send a whole head, and how long it may idle between requests.
    pub head_time: Duration,
    /// Bytes of a request's body.
    pub body_bytes: usize,
    /// How long a body may take to arrive.
    pub body_time: Duration,
    /// How long a form with a file may take to arrive and to be answered.
    pub file_time: Duration,
    /// How long the box may think about an answer.
    pub answer_time: Duration,
    /// How long a whole answer may take to be sent; live streams are not counted.
    pub sending_time: Duration,
    /// How long a client may leave bytes of an answer lying.
    pub patience: Duration,
    /// Ordinary connections in all.
    pub connections: usize,
    /// Ordinary connections from one address.
    pub per_source: usize,
    /// Live streams, which count apart.
    pub streams: usize,
    /// The least time between two events of a live stream.
    pub live_gap: Duration,
    /// After how long without an event a live stream gives a sign of life.
    pub heartbeat: Duration,
    /// Answers at a time that read the store; others wait for their turn.
    pub readers: usize,
    /// How old the live state may be before `/healthz` calls it stale.
    pub fresh: Duration,
    /// How long open requests may take to end when the box stops.
    pub stop_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_bytes: 16 * 1024,
            head_time: Duration::from_secs(15),
            body_bytes: 64 * 1024,
            body_time: Duration::from_secs(15),
            file_time: Duration::from_secs(120),
            answer_time: Duration::from_secs(30),
            sending_time: Duration::from_secs(900),
            patience: Duration::from_secs(20),
            connections: 256,
            per_source: 192,
            streams: 100,
            live_gap: Duration::from_secs(1),
            heartbeat: Duration::from_secs(15),
            readers: 4,
            fresh: Duration::from_secs(30),
            stop_time: Duration::from_secs(5),
        }
    }
}

/// Opens an address to answer on. Hundreds may knock in the same moment, and the system keeps them waiting in line
/// instead of sending them away for a second.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // A box that is started again takes its address over from connections that are just ending.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(IN_LINE)
}

/// A listener, and who comes in by it.
pub enum Entrance {
    /// Without encryption: whoever sits at the machine itself may do all, and the network sees what is public.
    Plain(TcpListener),
    /// Without encryption, and for the network alone: who comes from the machine itself may do no more. For a program
    /// on the machine that lets others in.
    Open(TcpListener),
    /// With encryption, and certificates for it.
    Safe(TcpListener, Arc<Certificates>),
}

impl Entrance {
    fn listener(&self) -> &TcpListener {
        match self {
            Self::Plain(listener) | Self::Open(listener) | Self::Safe(listener, _) => listener,
        }
    }

    fn way(&self, source: SocketAddr, at: SocketAddr) -> Way {
        let within = |address: SocketAddr| address.ip().to_canonical().is_loopback();
        match self {
            Self::Safe(..) => Way::Safe,
            Self::Plain(_) if within(source) && within(at) => Way::Here,
            Self::Plain(_) | Self::Open(_) => Way::Plain,
        }
    }
}

/// Answers on one plain listener until `stop`; then lets open requests end. Fails only if the listener has no address.
pub async fn serve(
    listener: TcpListener,
    acts: Acts,
    limits: Limits,
    stop: CancellationToken,
) -> io::Result<()> {
    listener.local_addr()?;
    let (server, renderer) = Server::new(acts, limits);
    let open = server.open(Entrance::Plain(listener), stop.clone());
    tokio::join!(renderer.run(stop), open);
    Ok(())
}

/// What stands behind all entrances: the pages, and how many may be in at a time. Cheap to clone.
#[derive(Clone)]
pub struct Server {
    door: Arc<Door>,
    limits: Arc<Limits>,
    seats: Seats,
    acts: Acts,
}

impl Server {
    /// A server, and the task that renders the live figures for all its visitors.
    pub fn new(acts: Acts, limits: Limits) -> (Self, Renderer) {
        let limits = Arc::new(limits);
        let (renderer, live) = live::new(acts.clone(), limits.live_gap, limits.heartbeat);
        let router = routes(App::new(acts.clone(), limits.readers), live, &limits);
        let of_doors = acts.clone();
        let door = Door::new(router, Arc::clone(&limits), Box::new(move || of_doors.doors()));
        let room = Room {
            connections: limits.connections,
            per_source: limits.per_source,
            streams: limits.streams,
        };
        let server = Self {
            door: Arc::new(door),
            seats: Seats::new(room),
            limits,
            acts,
        };
        (server, renderer)
    }

    /// Lets people in by this entrance until `stop`; then lets open requests end.
    pub async fn open(&self, entrance: Entrance, stop: CancellationToken) {
        let mut hall = Hall {
            server: self.clone(),
            entrance: Arc::new(entrance),
            stop,
            tasks: JoinSet::new(),
        };
        hall.open().await;
        hall.close().await;
    }
}

/// Every address that the box answers to.
fn routes(app: App, live: Live, limits: &Limits) -> Router {
    let reader = Reader::new(app.clone());
    pages::router(&app)
        .with_state(app)
        .merge(api::routes(reader.clone()))
        .merge(csv::routes(reader.clone()))
        .layer(from_fn(sign_in::keep_nothing_of_mine))
        .merge(metrics::routes(reader, limits.fresh.into()))
        .merge(live::routes(live))
        .merge(embed::routes())
}

/// The accept loop of one entrance and everything it has started.
struct Hall {
    server: Server,
    entrance: Arc<Entrance>,
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl Hall {
    async fn open(&mut self) {
        let limits = Arc::clone(&self.server.limits);
        let most = limits.connections + limits.streams + LEAVING;
        let entrance = Arc::clone(&self.entrance);
        let mut pause = Pause::default();
        loop {
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return,
                Some(ended) = self.tasks.join_next() => report(ended),
                accepted = entrance.listener().accept(), if self.tasks.len() < most => match accepted {
                    Ok((stream, source)) => {
                        pause = Pause::default();
                        self.welcome(stream, source);
                        // In a rush, who came earlier is heard before the next comes in and may need the seat.
                        tokio::task::yield_now().await;
                    }
                    Err(error) => sleep(pause.after(&error)).await,
                },
            }
        }
    }

    fn welcome(&mut self, stream: TcpStream, source: SocketAddr) {
        // Who has gone again already needs no answer.
        let Ok(at) = stream.local_addr() else { return };
        if !is_neighbour(source, at.ip()) {
            tracing::debug!("somebody from outside of the house was not let in");
            return;
        }
        let Some(seat) = self.server.seats.take(source.ip().to_canonical()) else {
            // The words fit into the empty buffer of a new connection, so nobody waits for them to be taken.
            if !matches!(*self.entrance, Entrance::Safe(..)) {
                drop(stream.try_write(NO_SEAT));
            }
            return;
        };
        let guest = Guest {
            stream,
            source,
            at,
            seat: Arc::new(seat),
        };
        let entrance = Arc::clone(&self.entrance);
        self.tasks
            .spawn(attend(guest, entrance, self.server.clone(), self.stop.clone()));
    }

    async fn close(mut self) {
        let ended = async {
            while let Some(ended) = self.tasks.join_next().await {
                report(ended);
            }
        };
        if timeout(self.server.limits.stop_time, ended).await.is_err() {
            tracing::warn!(
                connections = self.tasks.len(),
                "these did not end in time and are cut off"
            );
            self.tasks.shutdown().await;
        }
    }
}

/// How long to wait after a connection could not be taken in.
#[derive(Default)]
struct Pause(Duration);

impl Pause {
    const SHORTEST: Duration = Duration::from_millis(20);
    const LONGEST: Duration = Duration::from_secs(1);

    /// Nothing if it was that one connection; longer each time if it is the box itself (no file numbers or memory
    /// left), so that the loop neither spins nor ends.
    fn after(&mut self, error: &io::Error) -> Duration {
        use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
        if matches!(
            error.kind(),
            ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted
        ) {
            return Duration::ZERO;
        }
        if self.0.is_zero() {
            tracing::warn!(%error, "no connection can be taken in at present; trying on");
        }
        self.0 = (self.0 * 2).clamp(Self::SHORTEST, Self::LONGEST);
        self.0
    }
}

fn report(ended: Result<(), JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        tracing::error!(%error, "a connection ended in a fault of the program; the others go on");
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};

    use super::{Limits, NO_SEAT, Pause};

    #[test]
    fn a_box_without_file_numbers_waits_and_tries_on() {
        let mut pause = Pause::default();
        // EMFILE: this process has too many files open.
        let waits: Vec<u128> = (0..9)
            .map(|_| pause.after(&Error::from_raw_os_error(24)).as_millis())
            .collect();
        assert_eq!(waits, [20, 40, 80, 160, 320, 640, 1_000, 1_000, 1_000]);
        assert!(pause.after(&Error::from(ErrorKind::ConnectionAborted)).is_zero());
    }

    #[test]
    fn the_words_for_a_full_house_have_the_length_they_say() {
        let text = String::from_utf8_lossy(NO_SEAT);
        let (head, body) = text.split_once("\r\n\r\n").expect("head and body");
        assert!(
            head.contains(&format!("content-length: {}", body.len())),
            "{} bytes",
            body.len()
        );
    }

    #[test]
    fn fifty_open_pages_leave_room_for_everybody_else() {
        let limits = Limits::default();
        assert!(limits.streams >= 100 && limits.per_source < limits.connections);
    }
}
