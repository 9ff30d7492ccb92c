//! The way of one request: let in or refused, its body read within limits, answered within its time, sealed.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use acts::Doors;
use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderValue, Method, Request, StatusCode, Uri, header};
use axum::response::Response;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Frame, SizeHint};
use tokio::time::{Sleep, sleep, timeout};
use tower_service::Service;

use super::Limits;
use super::shrink;
use crate::caught::Caught;
use crate::doorway::{self, Call, Doorway};
use crate::refusal::{self, Dress};
use crate::seats::Answering;
use crate::security::{self, Called};
use crate::urls;
use crate::wish::Wish;

/// What stands between the connections and the pages.
pub(crate) struct Door {
    router: Router,
    limits: Arc<Limits>,
    doors: Box<dyn Fn() -> Arc<Doors> + Send + Sync>,
}

impl Door {
    /// A door to `router` on a box that can be reached by these doors.
    pub(crate) fn new(
        router: Router,
        limits: Arc<Limits>,
        doors: Box<dyn Fn() -> Arc<Doors> + Send + Sync>,
    ) -> Self {
        Self {
            router,
            limits,
            doors,
        }
    }

    /// Answers one request, whatever it is.
    pub(crate) async fn answer(&self, request: Request<Body>) -> Response {
        let wish = Wish::of(&request);
        let path = request.uri().path().to_owned();
        let form = request.method() == Method::POST;
        let asked = request.extensions().get::<Arc<Answering>>().cloned();
        let answered = Caught::new(self.admitted(request)).await;
        let response = answered.unwrap_or_else(|| {
            tracing::error!(path, "a fault of the program ended this request; the others go on");
            refusal::answer(
                StatusCode::INTERNAL_SERVER_ERROR,
                "The box made a mistake while answering. Nothing was lost; go back and try again. If it comes \
                 again, tell a technician what you did",
            )
        });
        let dress = if path.starts_with("/api/") {
            Dress::Json
        } else if form {
            Dress::Page
        } else {
            Dress::Text
        };
        let mut response = shrink::finish(refusal::dressed(response, dress), &wish).await;
        let safe = response.extensions_mut().remove::<Asks>();
        security::seal(response.headers_mut(), safe.as_ref().map(|asks| asks.0.as_str()));
        if wish.head {
            response = without_body(response);
        }
        let sending = response.headers().get(header::CONTENT_TYPE) != Some(&shrink::STREAM);
        let time = sending.then_some(self.limits.sending_time);
        response.map(|body| Body::new(Sent::new(body, asked, time)))
    }

    async fn admitted(&self, mut request: Request<Body>) -> Response {
        let call = request.extensions().get::<Call>().copied().unwrap_or_default();
        let doors = (self.doors)();
        let called = Called {
            at: call.at,
            names: &doors.names(),
        };
        let admitted = security::admit(request.method(), request.uri(), request.headers(), called);
        if let Err(refusal) = admitted {
            let mut response = refusal::answer(refusal.status(), &refusal.to_string());
            if refusal == security::Refusal::Method {
                response
                    .headers_mut()
                    .insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
            }
            return closing(response);
        }
        let host = request
            .headers()
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        let way = Doorway::new(call.way, &host.unwrap_or_default().to_ascii_lowercase(), &doors);
        let plain = way.is_plain();
        if plain {
            at_the_plain_door(&mut request);
        }
        request.extensions_mut().insert(way);
        let mut response = self.routed(request).await;
        if plain {
            response.headers_mut().remove(header::SET_COOKIE);
        }
        response
    }

    async fn routed(&self, request: Request<Body>) -> Response {
        let mut request = match self.with_body(request).await {
            Ok(request) => request,
            Err(response) => return closing(*response),
        };
        // The router answers GET; what a HEAD leaves out is taken away at the end, so that both say the same.
        if request.method() == Method::HEAD {
            *request.method_mut() = Method::GET;
        }
        let time = if urls::takes_files(request.uri().path()) {
            self.limits.file_time
        } else {
            self.limits.answer_time
        };
        let Ok(Ok(response)) = timeout(time, self.router.clone().call(request)).await else {
            return refusal::answer(
                StatusCode::SERVICE_UNAVAILABLE,
                "The answer took too long, because the box has too much to do. Try again in a minute, or ask for less",
            );
        };
        response
    }

    /// Reads the whole body, which is small or refused. A form with a file is left to whoever takes it, since nobody
    /// has said yet who sends it.
    async fn with_body(&self, request: Request<Body>) -> Result<Request<Body>, Box<Response>> {
        if request.body().is_end_stream() {
            return Ok(request);
        }
        if request.method() == Method::POST && urls::takes_files(request.uri().path()) {
            return Ok(request);
        }
        let most = self.limits.body_bytes;
        let too_large = || {
            let sentence = format!("This is more than the {most} bytes that can be sent at once. Send less");
            Box::new(refusal::answer(StatusCode::PAYLOAD_TOO_LARGE, &sentence))
        };
        let announced = usize::try_from(request.body().size_hint().lower()).unwrap_or(usize::MAX);
        if announced > most {
            return Err(too_large());
        }
        let (head, body) = request.into_parts();
        match timeout(self.limits.body_time, Limited::new(body, most).collect()).await {
            Ok(Ok(body)) => Ok(Request::from_parts(head, Body::from(body.to_bytes()))),
            Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
            Ok(Err(_)) => Err(Box::new(refusal::answer(
                StatusCode::BAD_REQUEST,
                "What was sent is damaged. Send it again",
            ))),
            Err(_) => Err(Box::new(refusal::answer(
                StatusCode::REQUEST_TIMEOUT,
                "What was sent did not arrive in time. Send it again",
            ))),
        }
    }
}

/// That a page of the plain door asks the safe one with a script: the origin of the safe door.
#[derive(Debug, Clone)]
pub(crate) struct Asks(pub(crate) String);

/// Takes away what has no business at the plain door: cookies, whatever is sent, and every path that is not public;
/// whoever asked for such a one reads where it is.
fn at_the_plain_door(request: &mut Request<Body>) {
    request.headers_mut().remove(header::COOKIE);
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads && doorway::is_public(request.uri().path()) {
        return;
    }
    let wanted = urls::own_path(request.uri().path())
        .unwrap_or(urls::HOME)
        .to_owned();
    request.extensions_mut().insert(Wanted(wanted));
    if !reads {
        *request.method_mut() = Method::GET;
        *request.body_mut() = Body::empty();
        for about_the_body in [header::CONTENT_LENGTH, header::CONTENT_TYPE] {
            request.headers_mut().remove(about_the_body);
        }
    }
    *request.uri_mut() = Uri::from_static(urls::NOT_HERE);
}

/// What somebody wanted at the plain door that is behind the safe one.
#[derive(Debug, Clone)]
pub(crate) struct Wanted(pub(crate) String);

/// A refusal after which the connection is of no use: what follows on it would be the refused request's body.
fn closing(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// The answer to HEAD: everything that GET would say of the body, without the body.
fn without_body(response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    if let Some(length) = body.size_hint().exact() {
        head.headers
            .insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    Response::from_parts(head, Body::empty())
}

/// An answer's body on its way: ends after a time, and tells the seat when it goes.
struct Sent {
    body: Body,
    /// Tells the seat when it goes.
    _asked: Option<Arc<Answering>>,
    end: Option<Pin<Box<Sleep>>>,
}

impl Sent {
    fn new(body: Body, asked: Option<Arc<Answering>>, time: Option<Duration>) -> Self {
        // A body that is there as a whole needs no clock of its own: the wire watches it being taken.
        let time = time.filter(|_| body.size_hint().exact().is_none());
        Self {
            body,
            _asked: asked,
            end: time.map(|time| Box::pin(sleep(time))),
        }
    }
}

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if let Some(end) = self.end.as_mut()
            && end.as_mut().poll(cx).is_ready()
        {
            return Poll::Ready(Some(Err(axum::Error::new("the answer took too long to be sent"))));
        }
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests;
