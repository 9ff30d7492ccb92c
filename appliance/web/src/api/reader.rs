//! How answers reach the store: off the async workers, a few at a time, a bounded stretch of time at a time.

use acts::look::{ChannelView, LookError, ReadingView};
use acts::{Actor, Look};
use axum::body::{Body, Bytes};
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use tokio_stream::StreamExt;
use units::{Channel, Instant, Span};

use crate::sign_in::SignedIn;
use crate::{App, refusal};

/// The time whose readings are in memory at once while a long answer is sent.
const STRETCH: Span = Span::from_secs(6 * 3600);

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Problem {
    /// It cannot be shown.
    #[error(transparent)]
    Look(#[from] LookError),
    /// The question cannot be understood.
    #[error("{0}")]
    Question(String),
    /// The program is wrong; the log says where.
    #[error("the box made a mistake while answering; try again, and if it comes again tell a technician")]
    Fault,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Look(LookError::NotThere(_)) => StatusCode::NOT_FOUND,
            Self::Look(LookError::BadQuestion(_)) | Self::Question(_) => StatusCode::BAD_REQUEST,
            Self::Look(LookError::Store(_)) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault => StatusCode::INTERNAL_SERVER_ERROR,
        };
        refusal::answer(status, &self.to_string())
    }
}

/// Looks at the box as whoever asks: as anybody may, or as somebody who is signed in. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Reader(App, Actor);

impl Reader {
    /// A reader for everybody.
    pub(crate) fn new(app: App) -> Self {
        Self(app, Actor::Visitor)
    }

    /// What may be seen now, without the store.
    pub(crate) fn look(&self) -> Look {
        self.0.acts.look(self.1.clone())
    }

    /// Asks something that reads the store.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Look) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        self.0
            .read(self.1.clone(), question)
            .await
            .unwrap_or(Err(Problem::Fault))
    }

    /// A channel with readings that may be seen.
    pub(crate) fn channel(&self, channel: &Channel) -> Result<ChannelView, Problem> {
        let found = self
            .look()
            .channels()
            .into_iter()
            .find(|view| view.channel == channel.as_str());
        found.ok_or_else(|| LookError::NotThere(format!("channel {channel}")).into())
    }

    /// The readings of a channel as the body of an answer, however many they are: `dress` makes bytes of each
    /// stretch, `first` and `last` stand around them.
    pub(crate) fn readings<D>(&self, wanted: Wanted, first: String, last: &'static str, mut dress: D) -> Body
    where
        D: FnMut(&[ReadingView]) -> String + Send + 'static,
    {
        let reader = self.clone();
        let read = move |(from, to): (Instant, Instant)| {
            let (reader, channel) = (reader.clone(), wanted.channel.clone());
            async move {
                reader
                    .read(move |look| Ok(look.readings(&channel, from, to)?))
                    .await
            }
        };
        let stretches = tokio_stream::iter(stretches(wanted.from, wanted.to, STRETCH)).then(read);
        let dressed = stretches.map(move |readings| readings.map(|readings| Bytes::from(dress(&readings))));
        body(first, dressed, last)
    }
}

/// The reader of whoever asks.
impl FromRequestParts<Self> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, everybody: &Self) -> Result<Self, Problem> {
        let app = &everybody.0;
        let found = SignedIn::find(parts, app).await.map_err(|_| Problem::Fault)?;
        let actor = found.map_or(Actor::Visitor, |signed| signed.actor);
        Ok(Self(app.clone(), actor))
    }
}

/// Which readings are wanted.
pub(crate) struct Wanted {
    /// Of which channel.
    pub(crate) channel: Channel,
    /// From when on.
    pub(crate) from: Instant,
    /// Until just before when.
    pub(crate) to: Instant,
}

impl Wanted {
    /// The part of the wanted time in which the channel has readings.
    pub(crate) fn within(self, known: &ChannelView) -> Self {
        let first = Instant::from_millis(known.first_ms);
        let end = Instant::from_millis(known.last_ms) + Span::from_millis(1);
        Self {
            from: self.from.max(first),
            to: self.to.min(end),
            ..self
        }
    }
}

/// A body that is put together while it is sent; one that breaks off is cut, so that nobody takes it for whole.
pub(crate) fn body<S>(first: String, parts: S, last: &'static str) -> Body
where
    S: tokio_stream::Stream<Item = Result<Bytes, Problem>> + Send + 'static,
{
    let parts = parts.map(|part| part.inspect_err(|error| tracing::warn!(%error, "a long answer broke off")));
    let first = tokio_stream::once(Ok(Bytes::from(first)));
    let last = tokio_stream::once(Ok(Bytes::from_static(last.as_bytes())));
    Body::from_stream(
        first
            .chain(parts)
            .chain(last)
            .filter(|part| !matches!(part, Ok(bytes) if bytes.is_empty())),
    )
}

/// `from <= t < to` in stretches of at most `step`, cut where a multiple of `step` lies.
fn stretches(from: Instant, to: Instant, step: Span) -> impl Iterator<Item = (Instant, Instant)> {
    let begins = std::iter::successors(Some(from), move |begin| Some(begin.floor(step) + step));
    begins
        .take_while(move |begin| *begin < to)
        .map(move |begin| (begin, to.min(begin.floor(step) + step)))
}

#[cfg(test)]
mod tests {
    use units::{Instant, Span};

    use super::stretches;

    fn cut(from: i64, to: i64) -> Vec<(i64, i64)> {
        let (from, to) = (Instant::from_millis(from), Instant::from_millis(to));
        stretches(from, to, Span::from_millis(10))
            .map(|(a, b)| (a.as_millis(), b.as_millis()))
            .collect()
    }

    #[test]
    fn stretches_meet_and_end_where_they_should() {
        assert_eq!(cut(3, 25), [(3, 10), (10, 20), (20, 25)]);
        assert_eq!(cut(10, 20), [(10, 20)]);
        assert_eq!(cut(20, 20), []);
        assert_eq!(cut(30, 20), []);
        assert_eq!(cut(-3, 2), [(-3, 0), (0, 2)]);
    }
}
