//! Long answers: lines of JSON through a pipe, so that neither side ever holds the whole.
//!
//! The last line of a whole answer says how many there were (`{"end":120}`), or why it broke off (`{"error":"…"}`); an
//! answer that ends without either was cut.

use std::future::Future;
use std::io;
use std::os::fd::OwnedFd;
use std::pin::Pin;
use std::time::Duration;

use acts::look::LookError;
use acts::{Actor, Acts, Watching};
use serde::Serialize;
use tokio::io::{AsyncWriteExt, Interest};
use tokio::net::unix::pipe;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;
use units::{Channel, Instant, Span};

use super::views::FrameView;

/// A long answer under way. It is run by the client's own task and ends with it.
pub(super) type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// How much is gathered before it is sent.
const PIECE: usize = 64 * 1024;

/// The box's end of a pipe to a client.
pub(super) struct Pipe {
    sender: pipe::Sender,
    stalled: Duration,
    lines: u64,
}

/// The reader has gone, or has not read for too long. There is nobody left to tell.
pub(super) struct Gone;

impl Pipe {
    /// A new pipe, with the end that the client reads.
    pub(super) fn new(stalled: Duration) -> io::Result<(Self, OwnedFd)> {
        let (sender, receiver) = pipe::pipe()?;
        Ok((
            Self {
                sender,
                stalled,
                lines: 0,
            },
            receiver.into_blocking_fd()?,
        ))
    }

    async fn send(&mut self, text: &str) -> Result<(), Gone> {
        match tokio::time::timeout(self.stalled, self.sender.write_all(text.as_bytes())).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Gone),
        }
    }

    pub(super) async fn line(&mut self, value: &impl Serialize) -> Result<(), Gone> {
        self.lines += 1;
        self.send(&line(value)).await
    }

    /// Sends lines that are written already.
    pub(super) async fn texts(&mut self, lines: &[String]) -> Result<(), Gone> {
        self.lines += u64::try_from(lines.len()).unwrap_or(0);
        let mut text = lines.join("\n");
        text.push('\n');
        self.send(&text).await
    }

    pub(super) async fn end(mut self) -> Result<(), Gone> {
        let lines = self.lines;
        self.send(&format!("{{\"end\":{lines}}}\n")).await
    }

    pub(super) async fn fail(mut self, why: &impl ToString) -> Result<(), Gone> {
        let error = serde_json::json!({ "error": why.to_string() });
        self.send(&format!("{error}\n")).await
    }

    /// Waits until nobody reads any more.
    async fn deserted(&self) {
        // Asked of the sending end of a pipe, an error means just that.
        while let Ok(ready) = self.sender.ready(Interest::ERROR).await {
            if ready.is_error() || ready.is_write_closed() {
                return;
            }
        }
    }
}

/// Says that the reader was too slow for so many frames.
#[derive(Serialize)]
struct Missed {
    missed: u64,
}

/// A value as a line of JSON.
fn line(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string(value).unwrap_or_else(|error| {
        serde_json::json!({ "error": format!("this line cannot be written: {error}") }).to_string()
    });
    text.push('\n');
    text
}

/// A stretch of one channel.
#[derive(Clone)]
pub(super) struct Stretch {
    pub(super) channel: Channel,
    pub(super) from: Instant,
    pub(super) to: Instant,
}

/// Sends the readings of a stretch, an hour of it at a time.
pub(super) async fn readings(
    mut pipe: Pipe,
    acts: Acts,
    actor: Actor,
    mut stretch: Stretch,
) -> Result<(), Gone> {
    while stretch.from < stretch.to {
        let (acts, actor, part) = (acts.clone(), actor.clone(), stretch.clone());
        let piece = match tokio::task::spawn_blocking(move || gather(&acts, &actor, &part)).await {
            Ok(Ok(piece)) => piece,
            Ok(Err(error)) => return pipe.fail(&error).await,
            Err(_) => return pipe.fail(&"the box is being stopped").await,
        };
        pipe.lines += piece.lines;
        pipe.send(&piece.text).await?;
        stretch.from = piece.reached;
    }
    pipe.end().await
}

struct Piece {
    text: String,
    lines: u64,
    reached: Instant,
}

/// The beginning of a stretch as lines: whole hours until there is enough to send. Reads the store.
fn gather(acts: &Acts, actor: &Actor, stretch: &Stretch) -> Result<Piece, LookError> {
    let mut piece = Piece {
        text: String::new(),
        lines: 0,
        reached: stretch.from,
    };
    while piece.reached < stretch.to && piece.text.len() < PIECE {
        let end = (piece.reached.floor(Span::HOUR) + Span::HOUR).min(stretch.to);
        for reading in acts
            .look(actor.clone())
            .readings(&stretch.channel, piece.reached, end)?
        {
            piece.text.push_str(&line(&reading));
            piece.lines += 1;
        }
        piece.reached = end;
    }
    Ok(piece)
}

/// Sends the frames of a bus as they come, until the reader goes or the box stops.
pub(super) async fn frames(
    mut pipe: Pipe,
    mut frames: Watching,
    stop: CancellationToken,
) -> Result<(), Gone> {
    loop {
        let next = tokio::select! {
            () = stop.cancelled() => return pipe.end().await,
            () = pipe.deserted() => return Err(Gone),
            next = frames.recv() => next,
        };
        match next {
            Ok(frame) => pipe.line(&FrameView::from(frame)).await?,
            Err(RecvError::Lagged(missed)) => pipe.line(&Missed { missed }).await?,
            Err(RecvError::Closed) => return pipe.end().await,
        }
    }
}
