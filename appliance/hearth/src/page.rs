//! The pages: opens both doors, tells the address, and serves until stopped.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use acts::Acts;
use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use web::server::{Entrance, Limits, Server, listen};

use crate::doors::{Keeper, Which};
use crate::state;

/// How long after a failure the safe door is tried again.
const AGAIN: Duration = Duration::from_secs(30);

/// Where the pages are to be, and what they need.
#[derive(Clone)]
pub(crate) struct Page {
    /// The address of the plain door.
    pub(crate) plain: SocketAddr,
    /// The address of the safe door; nothing where it is to stay shut.
    pub(crate) safe: Option<SocketAddr>,
    /// Everything that can be done.
    pub(crate) acts: Acts,
    /// The file in which the address is written down.
    pub(crate) told: PathBuf,
    /// What is known of the doors.
    pub(crate) doors: Arc<Keeper>,
}

impl Page {
    /// Serves until stopped. A plain door that cannot be opened is a failure; a safe one is tried again and again, and
    /// holds up nobody at the other.
    pub(crate) async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        let listener = listen(self.plain).with_context(|| {
            let plain = self.plain;
            format!("the page cannot listen on {plain}. End the program that does, or write another port in site.toml")
        })?;
        let at = listener.local_addr()?;
        self.doors.stands(Which::Plain, Some(at.port()));
        let (server, renderer) = Server::new(self.acts.clone(), Limits::default());
        self.tell(at);
        tokio::join!(
            renderer.run(stop.clone()),
            server.open(Entrance::Plain(listener), stop.clone()),
            self.keep_safe(&server, &stop),
        );
        self.doors.stands(Which::Plain, None);
        Ok(())
    }

    /// Keeps the safe door open.
    async fn keep_safe(&self, server: &Server, stop: &CancellationToken) {
        let (Some(safe), Some(certificates)) = (self.safe, self.doors.certificates()) else {
            return;
        };
        let Some(listener) = listen_at_last(safe, stop).await else {
            return;
        };
        let port = listener.local_addr().map(|at| at.port()).ok();
        self.doors.stands(Which::Safe, port);
        tracing::info!(port, "the safe door is open");
        server
            .open(Entrance::Safe(listener, certificates), stop.clone())
            .await;
        self.doors.stands(Which::Safe, None);
    }

    /// Tells where the pages are, for somebody at the machine itself.
    fn tell(&self, at: SocketAddr) {
        let address = format!("http://{}/", within(at));
        // A card that cannot be written to is told elsewhere; the page is there all the same.
        if let Err(error) = state::replace(&self.told, &format!("{address}\n")) {
            tracing::warn!(file = %self.told.display(), %error, "the page's address cannot be written down");
        }
        tracing::info!(address, "the page is there");
        // For whoever started it by hand; nothing can be done about an output that is closed.
        let _closed = writeln!(std::io::stdout(), "Hearth is at {address}");
    }
}

/// The address at which somebody at the machine itself finds what listens `at` every address.
fn within(at: SocketAddr) -> SocketAddr {
    let ip = match at.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, at.port())
}

/// A listener, as soon as there can be one; none if it is stopped before.
async fn listen_at_last(at: SocketAddr, stop: &CancellationToken) -> Option<TcpListener> {
    let mut told = false;
    loop {
        match listen(at) {
            Ok(listener) => return Some(listener),
            Err(error) if !told => {
                tracing::error!(%at, %error, "the safe door cannot be opened; end the program that has its port, or write another one in site.toml");
                told = true;
            }
            Err(_) => {}
        }
        tokio::select! {
            () = stop.cancelled() => return None,
            () = tokio::time::sleep(AGAIN) => {}
        }
    }
}
