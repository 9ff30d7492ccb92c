//! The box's side of the control interface: who is let in, how many, and for how long.
//!
//! Each client has a connection of its own, and what runs for it ends with it. What is answered is in `interface`,
//! how long answers flow in `stream`, how the socket is made in `door`.

mod door;
mod form;
mod household;
mod interface;
mod ledger;
mod membership;
mod people;
mod person;
mod record;
mod stream;
mod views;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use acts::{Actor, Acts};
use tokio::net::UnixStream;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use zbus::Connection;
use zbus::connection::Builder;

pub use door::Door;
pub use form::FieldView;
pub use household::{MadeView, OneHouseholdView, StayView};
use interface::Control;
pub use people::{HouseholdView, HouseholdsView, PeopleView, PersonView, TogetherView};
pub use person::{
    AddedView, FormView, GroupView, MembershipView, OnePersonView, OtherView, TheirHouseholdView,
};
pub use record::{CheckedView, RecordView};
use stream::Job;
pub use views::{ClaimView, DoneView, FaultView, FrameView, SlipView, StatusView};

/// Why the box has no control socket.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// A living box listens there already.
    #[error("another box runs in this folder: {} answers. Stop it, or give this one another folder with --state", .0.display())]
    Taken(PathBuf),
    /// Something else stands in its place.
    #[error("{} is in the way: it is no socket. Move it away", .0.display())]
    InTheWay(PathBuf),
    /// The folder's path is longer than a socket's address can be.
    #[error("the path {} is too long for a socket (at most 100 letters). Choose a shorter state folder", .0.display())]
    TooLong(PathBuf),
    /// The operating system refused.
    #[error("the control socket {} cannot be made: {source}. Check who owns the folder and whether it is full", socket.display())]
    Io {
        /// The socket.
        socket: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
}

/// How much clients may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Clients at once.
    pub clients: usize,
    /// Long answers at once for one client.
    pub streams: usize,
    /// Time for a new client to say who it is.
    pub handshake: Duration,
    /// Time after which a client that neither asks nor listens is let go.
    pub idle: Duration,
    /// Time for a short answer.
    pub call: Duration,
    /// Time for which a long answer waits for a client that does not read it.
    pub stalled: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            clients: 16,
            streams: 4,
            handshake: Duration::from_secs(5),
            idle: Duration::from_secs(300),
            call: Duration::from_secs(20),
            stalled: Duration::from_secs(600),
        }
    }
}

/// What the interface needs beside the acts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extras {
    /// How much clients may take.
    pub limits: Limits,
}

/// Serves the control interface on `socket` until `stop`.
pub async fn serve(
    socket: &Path,
    acts: Acts,
    extras: Extras,
    stop: CancellationToken,
) -> Result<(), ControlError> {
    Door::open(socket)?.serve(acts, extras, stop).await;
    Ok(())
}

impl Door {
    /// Lets clients in until `stop`; then long answers are ended and the socket is taken away.
    pub async fn serve(self, acts: Acts, extras: Extras, stop: CancellationToken) {
        let limits = extras.limits;
        let seats = Arc::new(Semaphore::new(limits.clients));
        let mut visits = JoinSet::new();
        loop {
            let stream = tokio::select! {
                () = stop.cancelled() => break,
                Some(_) = visits.join_next() => continue,
                stream = self.next() => stream,
            };
            let Ok(seat) = Arc::clone(&seats).try_acquire_owned() else {
                tracing::warn!(
                    clients = limits.clients,
                    "a client of the control socket was turned away: all seats are taken"
                );
                continue;
            };
            let visit = visit(stream, acts.clone(), limits, stop.clone());
            visits.spawn(async move {
                let _seat = seat;
                if let Err(error) = visit.await {
                    tracing::debug!(%error, "a client of the control socket did not get in");
                }
            });
        }
        drop(self);
        while visits.join_next().await.is_some() {}
    }
}

/// One client, from its first word to its last.
async fn visit(
    stream: UnixStream,
    acts: Acts,
    limits: Limits,
    stop: CancellationToken,
) -> Result<(), zbus::Error> {
    let uid = stream.peer_cred()?.uid();
    let (sender, jobs) = mpsc::channel(limits.streams);
    let actor = acts.at_the_socket(uid, "").await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the members' book could not say who asks at the control socket");
        Actor::Technician { uid }
    });
    let control = Control::new(acts, (uid, actor), limits, sender, stop.clone());
    let connection = Builder::unix_stream(stream.into_std()?)
        .server(zbus::Guid::generate())
        .p2p()
        .method_timeout(limits.call)
        .serve_at(crate::OBJECT, control)
        .build();
    let connection = tokio::select! {
        connection = tokio::time::timeout(limits.handshake, connection) => connection,
        () = stop.cancelled() => return Ok(()),
    };
    let connection = connection.map_err(|_| std::io::Error::from(std::io::ErrorKind::TimedOut))??;
    attend(&connection, jobs, limits, &stop).await;
    connection.close().await
}

/// Stays with a client until it goes, the box stops, or nothing has happened for long. Long answers run here.
async fn attend(
    connection: &Connection,
    mut jobs: mpsc::Receiver<Job>,
    limits: Limits,
    stop: &CancellationToken,
) {
    let mut streams: JoinSet<()> = JoinSet::new();
    loop {
        let activity = connection.monitor_activity();
        tokio::select! {
            () = stop.cancelled() => break,
            () = connection.closed() => return,
            Some(job) = jobs.recv() => { streams.spawn(job); }
            Some(_) = streams.join_next(), if !streams.is_empty() => {}
            () = activity => {}
            () = tokio::time::sleep(limits.idle), if streams.is_empty() => return,
        }
    }
    // Those who read hear of the end; those who do not are not waited for.
    let ended = async { while streams.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(Duration::from_millis(500), ended).await;
}
