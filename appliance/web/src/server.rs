//! The box's own web server: an accept loop on hyper's HTTP/1 with a limit on everything a client can ask for.
//!
//! Nothing that comes from outside may cost more than its share: not the number of connections, not a head that
//! never ends, not a body that never comes, not an answer that nobody reads. Deliberately without TLS, HTTP/2
//! and upgrades: until there is sign-in the box is only spoken to from the machine itself.

mod answer;
mod shrink;
mod wire;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use acts::Acts;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::middleware::from_fn;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::api::Reader;
use crate::live::Live;
use crate::seats::{Room, Seat, Seats};
use crate::{App, api, csv, embed, live, metrics, pages, sign_in};
use answer::Door;
use wire::Wire;

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

/// Answers on `listener` until `stop`; then lets open requests end. Fails only if the listener has no address.
pub async fn serve(
    listener: TcpListener,
    acts: Acts,
    limits: Limits,
    stop: CancellationToken,
) -> io::Result<()> {
    let listen = listener.local_addr()?;
    let limits = Arc::new(limits);
    let (renderer, live) = live::new(acts.clone(), limits.live_gap, limits.heartbeat);
    let door = Arc::new(Door::new(
        routes(App::new(acts, limits.readers), live, &limits),
        Arc::clone(&limits),
        listen,
    ));
    let room = Room {
        connections: limits.connections,
        per_source: limits.per_source,
        streams: limits.streams,
    };
    let mut hall = Hall {
        door,
        limits,
        seats: Seats::new(room),
        stop: stop.clone(),
        tasks: JoinSet::new(),
    };
    hall.tasks.spawn(renderer.run(stop));
    hall.open(listener).await;
    hall.close().await;
    Ok(())
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

/// The accept loop and everything it has started.
struct Hall {
    door: Arc<Door>,
    limits: Arc<Limits>,
    seats: Seats,
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl Hall {
    async fn open(&mut self, listener: TcpListener) {
        let most = self.limits.connections + self.limits.streams + LEAVING;
        let mut pause = Pause::default();
        loop {
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return,
                Some(ended) = self.tasks.join_next() => report(ended),
                accepted = listener.accept(), if self.tasks.len() < most => match accepted {
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
        match self.seats.take(source.ip().to_canonical()) {
            Some(seat) => {
                let attending = attend(
                    (stream, source),
                    Arc::new(seat),
                    Arc::clone(&self.door),
                    Arc::clone(&self.limits),
                    self.stop.clone(),
                );
                self.tasks.spawn(attending);
            }
            // The words fit into the empty buffer of a new connection, so nobody waits for them to be taken.
            None => drop(stream.try_write(NO_SEAT)),
        }
    }

    async fn close(mut self) {
        let ended = async {
            while let Some(ended) = self.tasks.join_next().await {
                report(ended);
            }
        };
        if timeout(self.limits.stop_time, ended).await.is_err() {
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

/// Serves one connection until it ends, somebody else needs its seat, or the box stops.
async fn attend(
    (stream, source): (TcpStream, SocketAddr),
    seat: Arc<Seat>,
    door: Arc<Door>,
    limits: Arc<Limits>,
    stop: CancellationToken,
) {
    // Small answers leave at once; where the system does not allow it they leave a little later.
    drop(stream.set_nodelay(true));
    let wire = TokioIo::new(Wire::new(stream, Arc::clone(&seat), limits.patience));
    let service = service_fn(|request: Request<Incoming>| {
        seat.busy();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Arc::clone(&seat));
        request.extensions_mut().insert(ConnectInfo(source));
        let door = Arc::clone(&door);
        async move { Ok::<_, Infallible>(door.answer(request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_time)
        .max_header_size(limits.head_bytes)
        .max_buf_size((limits.head_bytes * 2).max(32 * 1024))
        .serve_connection(wire, service);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => return quietly(ended),
        () = seat.given_away() => return,
        () = stop.cancelled() => {}
    }
    if !seat.waits() {
        connection.as_mut().graceful_shutdown();
        quietly(connection.await);
    }
}

/// How a connection ended is the client's affair: it is of interest only to somebody who looks for a fault.
fn quietly(ended: hyper::Result<()>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
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
