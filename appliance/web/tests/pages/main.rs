//! The pages from outside: a sample place behind the real server, asked as a browser asks.

#[path = "../server/client.rs"]
#[expect(dead_code, reason = "the server's own tests ask for more")]
mod client;
mod forms;
mod place;
mod read;
mod steward;

use std::net::SocketAddr;
use std::sync::Arc;

use client::Reply;
use place::{Mood, Place};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use web::server::{Limits, serve};

/// The place and its server.
struct Served {
    place: Arc<Place>,
    address: SocketAddr,
    _server: JoinSet<std::io::Result<()>>,
}

impl Served {
    async fn open(mood: Mood) -> Self {
        let place = Arc::new(
            tokio::task::spawn_blocking(move || Place::open(mood))
                .await
                .expect("a place"),
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let acts = place.acts.clone();
        let mut server = JoinSet::new();
        server.spawn(serve(listener, acts, Limits::default(), CancellationToken::new()));
        Self {
            place,
            address,
            _server: server,
        }
    }

    async fn get(&self, path: &str) -> Reply {
        self.get_with(path, &[]).await
    }

    async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        self.send(&client::get(path, headers)).await
    }

    /// Sends a form from one of the box's own pages.
    async fn post(&self, path: &str, form: &str) -> Reply {
        let length = form.len();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\norigin: http://localhost\r\nsec-fetch-site: same-origin\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
        );
        self.send(&(head + form)).await
    }

    async fn send(&self, bytes: &str) -> Reply {
        client::send(self.address, bytes.as_bytes())
            .await
            .expect("an answer")
    }

    /// A page that is there, as text.
    async fn page(&self, path: &str) -> String {
        let reply = self.get(path).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.text().replace('\u{a0}', " ")
    }
}
