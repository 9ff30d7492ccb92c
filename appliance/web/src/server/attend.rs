//! One connection, from the first byte to the last: encrypted or not, HTTP/1 or HTTP/2.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::rt::Executor;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{interval, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::wire::Wire;
use super::{Door, Entrance, Server};
use crate::authority::Certificates;
use crate::doorway::{Call, Way};
use crate::seats::Seat;
use crate::sign_in::Scheme;

/// Requests of one connection over HTTP/2 that are answered at the same time.
const AT_ONCE: u32 = 32;

/// Somebody who has come in.
pub(super) struct Guest {
    pub(super) stream: TcpStream,
    pub(super) source: SocketAddr,
    pub(super) at: SocketAddr,
    pub(super) seat: Arc<Seat>,
}

/// What is needed to talk with somebody.
struct Talk {
    server: Server,
    seat: Arc<Seat>,
    source: SocketAddr,
    call: Call,
    stop: CancellationToken,
}

/// Serves one connection until it ends, somebody else needs its seat, or the box stops.
pub(super) async fn attend(guest: Guest, entrance: Arc<Entrance>, server: Server, stop: CancellationToken) {
    let Guest {
        stream,
        source,
        at,
        seat,
    } = guest;
    // Small answers leave at once; where the system does not allow it they leave a little later.
    drop(stream.set_nodelay(true));
    let wire = Wire::new(stream, Arc::clone(&seat), server.limits.patience);
    let talk = Talk {
        seat,
        source,
        call: Call {
            way: entrance.way(source, at),
            at: at.ip().to_canonical(),
        },
        server,
        stop,
    };
    match &*entrance {
        Entrance::Safe(_, certificates) => talk.safely(wire, certificates).await,
        Entrance::Plain(_) | Entrance::Open(_) => talk.http1(wire).await,
    }
}

impl Talk {
    /// Shakes hands first. A hand that is held out and never shaken is let go of, as is one whose seat is needed.
    async fn safely(self, wire: Wire, certificates: &Certificates) {
        let now = self.server.acts.look(acts::Actor::Visitor).now();
        let config = match certificates.at(self.call.at, now) {
            Ok(config) => config,
            Err(error) => {
                tracing::error!(%error, "the safe door cannot be opened");
                return;
            }
        };
        let shaken = timeout(
            self.server.limits.head_time,
            TlsAcceptor::from(config).accept(wire),
        );
        let shaken = tokio::select! {
            shaken = shaken => shaken,
            () = self.seat.given_away() => return,
            () = self.stop.cancelled() => return,
        };
        let Ok(Ok(stream)) = shaken else {
            tracing::debug!("no agreement on how to encrypt, or none in time");
            return;
        };
        if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
            self.http2(stream).await;
        } else {
            self.http1(stream).await;
        }
    }

    async fn http1(self, stream: impl AsyncRead + AsyncWrite + Unpin + 'static) {
        let limits = &self.server.limits;
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head_time)
            .max_header_size(limits.head_bytes)
            .max_buf_size((limits.head_bytes * 2).max(32 * 1024))
            .serve_connection(TokioIo::new(stream), service_fn(|request| self.answer(request)));
        self.converse(connection).await;
    }

    async fn http2(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let limits = &self.server.limits;
        let most = u32::try_from(limits.head_bytes).unwrap_or(u32::MAX);
        let connection = http2::Builder::new(OwnTasks::default())
            .timer(TokioTimer::new())
            .max_concurrent_streams(AT_ONCE)
            .max_header_list_size(most)
            .keep_alive_interval(limits.head_time)
            .keep_alive_timeout(limits.patience)
            .serve_connection(TokioIo::new(stream), service_fn(|request| self.answer(request)));
        self.converse(connection).await;
    }

    fn answer(
        &self,
        request: Request<Incoming>,
    ) -> impl Future<Output = Result<Response, Infallible>> + Send + use<> {
        let asked = Arc::new(self.seat.asked());
        let mut request = request.map(Body::new);
        // HTTP/2 says in another place for whom a request is.
        if let Some(host) = request.uri().authority().map(|host| host.as_str().parse())
            && let Ok(host) = host
            && request.version() == axum::http::Version::HTTP_2
        {
            request.headers_mut().entry(header::HOST).or_insert(host);
        }
        request.extensions_mut().insert(asked);
        request.extensions_mut().insert(ConnectInfo(self.source));
        request.extensions_mut().insert(self.call);
        if self.call.way == Way::Safe {
            request.extensions_mut().insert(Scheme::Https);
        }
        let door: Arc<Door> = Arc::clone(&self.server.door);
        async move { Ok(door.answer(request).await) }
    }

    async fn converse<C>(&self, connection: C)
    where
        C: GracefulConnection,
        C::Error: std::fmt::Display,
    {
        let mut connection = pin!(connection);
        tokio::select! {
            ended = connection.as_mut() => return quietly(ended),
            () = self.seat.given_away() => return,
            () = self.idles() => {}
            () = self.stop.cancelled() => {}
        }
        let waited = self.seat.waits();
        connection.as_mut().graceful_shutdown();
        if !waited {
            quietly(connection.await);
        }
    }

    /// Comes when no request was there for a while. HTTP/1 looks after that by itself, and sooner.
    async fn idles(&self) {
        let mut looks = interval(self.server.limits.head_time);
        let mut before = None;
        loop {
            looks.tick().await;
            let now = self.seat.waits_since();
            if now.is_some() && now == before {
                return;
            }
            before = now;
        }
    }
}

/// How a connection ended is the client's affair: it is of interest only to somebody who looks for a fault.
fn quietly<E: std::fmt::Display>(ended: Result<(), E>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// The requests of one connection over HTTP/2, which end with it.
#[derive(Clone, Default)]
struct OwnTasks(Arc<Mutex<JoinSet<()>>>);

impl<F: Future<Output = ()> + Send + 'static> Executor<F> for OwnTasks {
    fn execute(&self, request: F) {
        let mut tasks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(request);
    }
}
