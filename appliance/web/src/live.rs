//! `/live`: the figures of now, pushed to every open page as server-sent events.
//!
//! Each change is rendered once, at most once a second, and the same bytes go to everybody; with nobody looking
//! nothing is rendered. A client that reads slowly misses figures that are old by then, and costs nothing else.

use std::sync::Arc;
use std::time::Duration;

use acts::{Actor, Acts};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Extension, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use tokio::sync::{Notify, watch};
use tokio::time::{sleep, timeout};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::WatchStream;
use tokio_util::sync::CancellationToken;

use crate::seats::Answering;
use crate::{pages, refusal};

/// How long a browser waits before it opens a stream again that broke off, in milliseconds.
const AGAIN_MS: u32 = 5_000;
/// Keeps the connection from being taken for dead.
const SIGN_OF_LIFE: &[u8] = b": the box is here\n\n";

/// What was last sent to every stream.
#[derive(Debug, Clone, Default)]
struct Sent {
    /// The figures of now as bytes of the stream; nothing while nobody has asked for them.
    figures: Option<Bytes>,
    /// Whether this is only a sign of life, and the figures are those that were sent before.
    sign_only: bool,
}

/// Where streams hear of new figures.
#[derive(Clone)]
pub(crate) struct Live {
    latest: watch::Receiver<Sent>,
    wanted: Arc<Notify>,
}

/// Makes the figures for all streams.
pub struct Renderer {
    acts: Acts,
    latest: watch::Sender<Sent>,
    wanted: Arc<Notify>,
    gap: Duration,
    heartbeat: Duration,
}

/// The two ends: one task that renders, and what the handler of `/live` needs.
pub(crate) fn new(acts: Acts, gap: Duration, heartbeat: Duration) -> (Renderer, Live) {
    let (latest, heard) = watch::channel(Sent::default());
    let wanted = Arc::new(Notify::new());
    let live = Live {
        latest: heard,
        wanted: Arc::clone(&wanted),
    };
    (
        Renderer {
            acts,
            latest,
            wanted,
            gap,
            heartbeat,
        },
        live,
    )
}

/// The route of the live stream.
pub(crate) fn routes(live: Live) -> Router {
    Router::new().route("/live", get(stream)).with_state(live)
}

impl Renderer {
    /// Renders at every change while somebody looks. All streams end when it ends.
    pub async fn run(self, stop: CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.render_on() => {}
        }
    }

    async fn render_on(&self) {
        let mut changes = self.acts.changes();
        loop {
            let waited = tokio::select! {
                changed = timeout(self.heartbeat, changes.changed()) => changed,
                () = self.wanted.notified() => Ok(Ok(())),
            };
            match waited {
                Ok(Ok(())) => self.figures().await,
                Ok(Err(_)) => return,
                Err(_) => self.latest.send_modify(|sent| sent.sign_only = true),
            }
        }
    }

    /// Renders the figures of now, if somebody looks, and rests.
    async fn figures(&self) {
        // One receiver stays with the handler.
        if self.latest.receiver_count() <= 1 {
            self.latest.send_if_modified(|sent| sent.figures.take().is_some());
            return;
        }
        let acts = self.acts.clone();
        match tokio::task::spawn_blocking(move || render(&acts)).await {
            Ok(figures) => drop(self.latest.send_replace(Sent {
                figures: Some(figures),
                sign_only: false,
            })),
            Err(error) => tracing::error!(%error, "the figures of now could not be put together"),
        }
        sleep(self.gap).await;
    }
}

/// The figures of now as an event: the piece of the page.
fn render(acts: &Acts) -> Bytes {
    let mut text = String::new();
    event(&mut text, "now", &pages::now_fragment(&acts.look(Actor::Visitor)));
    Bytes::from(text)
}

fn event(text: &mut String, name: &str, data: &str) {
    text.push_str("event: ");
    text.push_str(name);
    for line in data.lines() {
        text.push_str("\ndata: ");
        text.push_str(line);
    }
    text.push_str("\n\n");
}

async fn stream(State(live): State<Live>, asked: Option<Extension<Arc<Answering>>>) -> Response {
    if asked.is_some_and(|Extension(asked)| asked.stream().is_err()) {
        let sentence = "Too many pages follow the live figures already. The page goes on without them; load it again \
                        to see newer ones";
        let mut response = refusal::answer(StatusCode::SERVICE_UNAVAILABLE, sentence);
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        return response;
    }
    let latest = WatchStream::new(live.latest.clone());
    live.wanted.notify_one();
    let mut begun = false;
    let events = latest.filter_map(move |sent| {
        if begun && sent.sign_only {
            return Some(Bytes::from_static(SIGN_OF_LIFE));
        }
        let figures = sent.figures?;
        begun = true;
        Some(figures)
    });
    let first = tokio_stream::once(Bytes::from(format!("retry: {AGAIN_MS}\n\n")));
    let body = first.chain(events).map(Ok::<_, std::convert::Infallible>);
    let mut response = Response::new(Body::from_stream(body));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/event-stream"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

#[cfg(test)]
mod tests {
    use super::event;

    #[test]
    fn no_line_of_the_data_can_pass_for_another_event() {
        let mut text = String::new();
        event(&mut text, "now", "<p>\nevent: false\r\n\nid: 7\n</p>");
        assert_eq!(
            text,
            "event: now\ndata: <p>\ndata: event: false\ndata: \ndata: id: 7\ndata: </p>\n\n"
        );
    }
}
