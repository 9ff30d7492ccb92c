//! Carries e-mails to the one mail server that a steward entered, with lettre. What they say, whether they may go at all
//! and when they are tried again is decided in `acts` and `members`.
//!
//! A connection for each: letters are few, and a server that counts its guests' visits sees them one after the other.

use std::sync::Arc;
use std::time::Duration;

use acts::Acts;
use acts::letters::{Carried, Parcel, Postman};
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use members::letters::{MailServer, Security};
use tokio_util::sync::CancellationToken;
use units::{Instant, Span};

use crate::clock;
use crate::desk::CLOCK_FLOOR;

/// How long the server may take for one word.
const WORD_WITHIN: Duration = Duration::from_secs(30);
/// How long one e-mail may take in all.
const CARRIED_WITHIN: Duration = Duration::from_secs(120);
/// How long to wait at most before looking again whether something is due.
const LOOK_AGAIN: Duration = Duration::from_secs(600);

/// Carries what is due, then waits until something may be.
pub(crate) async fn run(
    acts: Acts,
    postman: Arc<dyn Postman>,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    loop {
        let mut pause = LOOK_AGAIN;
        // A letter of 1970 would be taken for one that nobody wants.
        if clock::now() >= CLOCK_FLOOR {
            let goes_on = || !stop.is_cancelled();
            let round = acts.carry_mails(&*postman, &goes_on).await?;
            if round.taken + round.not_taken > 0 {
                tracing::info!(
                    taken = round.taken,
                    not_taken = round.not_taken,
                    "carried e-mails"
                );
            }
            pause = until(round.next, clock::now());
        }
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = acts.mail_wakes() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// How long to wait for what is due next.
fn until(next: Option<Instant>, now: Instant) -> Duration {
    let wait = next.map_or(LOOK_AGAIN, |next| next.since(now).max(Span::SECOND).into());
    wait.min(LOOK_AGAIN)
}

/// Carries by SMTP.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Smtp;

impl Postman for Smtp {
    fn carry<'a>(&'a self, server: &'a MailServer, parcel: Parcel) -> acts::Later<'a, Carried> {
        Box::pin(async move {
            let message = match message(server, &parcel) {
                Ok(message) => message,
                Err(why) => return Carried::Never(why),
            };
            let transport = match transport(server) {
                Ok(transport) => transport,
                Err(why) => return Carried::ServerDown(why),
            };
            match tokio::time::timeout(CARRIED_WITHIN, transport.send(message)).await {
                Ok(Ok(_)) => Carried::Taken,
                Ok(Err(error)) => refused(server, &error),
                Err(_) => Carried::ServerDown(format!("{} does not answer", server.host)),
            }
        })
    }
}

/// The e-mail with its head. No address and no name can begin another line of it.
fn message(server: &MailServer, parcel: &Parcel) -> Result<Message, String> {
    let address = |text: &str| -> Result<Address, String> {
        text.parse()
            .map_err(|error| format!("{text} is no address that e-mail can go to: {error}"))
    };
    let from = address(&server.sender)?;
    let id = format!("<{}@{}>", parcel.id, from.domain());
    Message::builder()
        .from(Mailbox::new(Some(one_line(&parcel.from_name)), from))
        .to(Mailbox::new(
            Some(one_line(&parcel.to_name)),
            address(&parcel.to)?,
        ))
        .subject(one_line(&parcel.subject))
        .message_id(Some(id))
        .header(ContentType::TEXT_PLAIN)
        .body(parcel.body.clone())
        .map_err(|error| error.to_string())
}

/// The head of an e-mail has one line for each of its parts.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|sign| if sign.is_control() { ' ' } else { sign })
        .collect()
}

type Transport = AsyncSmtpTransport<Tokio1Executor>;

fn transport(server: &MailServer) -> Result<Transport, String> {
    let safe =
        || TlsParameters::new(server.host.clone()).map_err(|error| format!("TLS cannot be used: {error}"));
    let tls = match server.security {
        Security::Tls => Tls::Wrapper(safe()?),
        // Without TLS nothing is said to the server, whatever it offers.
        Security::StartTls => Tls::Required(safe()?),
        Security::Nothing => Tls::None,
    };
    let mut builder = Transport::builder_dangerous(&server.host)
        .port(server.port)
        .tls(tls)
        .timeout(Some(WORD_WITHIN));
    if let (Some(user), Some(password)) = (&server.user, &server.password) {
        let password = String::from_utf8_lossy(&password.0).into_owned();
        builder = builder.credentials(Credentials::new(user.clone(), password));
    }
    Ok(builder.build())
}

/// What the server's no means.
fn refused(server: &MailServer, error: &lettre::transport::smtp::Error) -> Carried {
    // Its causes are part of its words.
    let said = error.to_string();
    let code = error.status().map(|code| code.to_string()).unwrap_or_default();
    match code.as_str() {
        "" => Carried::ServerDown(unreached(&server.host, &said)),
        // It goes away, or lets nobody in with this account.
        "421" | "454" | "530" | "534" | "535" | "538" => Carried::ServerDown(said),
        // About this one letter or its address. Any other no may be meant for everybody, and pass.
        "501" | "550" | "551" | "552" | "553" | "555" => Carried::Never(said),
        _ => Carried::NotNow(said),
    }
}

/// Why no letter got as far as the server, for people. What TLS has against a server is known by its words alone.
fn unreached(host: &str, said: &str) -> String {
    if said.contains("invalid peer certificate") {
        format!(
            "{host} shows a certificate that this box cannot trust, so nothing was said to it ({said}). Compare the name \
             of the server with the one that its keeper gave you"
        )
    } else if said.contains("STARTTLS is not supported") || said.contains("InvalidContentType") {
        format!(
            "{host} does not speak TLS in the way that was chosen, so nothing was said to it ({said}). Choose the other \
             way, with its port"
        )
    } else {
        format!("{host}: {said}")
    }
}

#[cfg(test)]
mod tests;
