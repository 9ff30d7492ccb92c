//! E-mail: the server by which it goes, what waits, and what becomes of it. Nothing goes out before a steward has
//! switched it on.

use units::{Instant, PersonId, Span};

use crate::record::{Newer, Opaque, record, words};
use crate::text::{self, Unfit};

words! {
    /// How the connection to a mail server is kept safe.
    pub enum Security {
        /// TLS from the first byte, usually port 465.
        1 Tls = "TLS from the start";
        /// TLS after a first plain word, usually port 587. Without TLS nothing is sent.
        2 StartTls = "STARTTLS";
        /// None: only to a server on this machine or in this house.
        3 Nothing = "none";
    }
}

words! {
    /// What became of an e-mail.
    pub enum MailState {
        /// It waits.
        1 Queued = "waiting";
        /// The server took it.
        2 Sent = "sent";
        /// It was given up.
        3 Failed = "given up";
        /// A steward stopped it.
        4 Stopped = "stopped";
    }
}

record! {
    /// The mail server, as a steward entered it.
    pub struct MailServer in "mail-server" by String {
        /// Its name.
        1 host: String => "Mail server", Rules, NotPersonal, WhileInForce;
        /// Its port.
        2 port: u16 => "Port", Rules, NotPersonal, WhileInForce;
        /// How the connection is kept safe.
        3 security: Security => "Security", Rules, NotPersonal, WhileInForce;
        /// The account at the server; none where it asks for none.
        4 user: Option<String> => "Account", Rules, NotPersonal, WhileInForce;
        /// The account's password, as it is: the box must be able to give it by itself.
        5 password: Option<Opaque> => "Password of the account", Rules, NotPersonal, WhileInForce;
        /// From which address letters come.
        6 sender: String => "Sender", Rules, NotPersonal, WhileInForce;
        /// Whether anything goes out.
        7 on: bool => "Switched on", Rules, NotPersonal, WhileInForce;
        /// Who switched it on or off last.
        8 by: Option<PersonId> => "Switched by", Accountability, LegitimateInterest, AfterLeaving(1);
        /// When.
        9 at: Instant => "Switched", Accountability, LegitimateInterest, AfterLeaving(1);
    }
}

record! {
    /// An e-mail that waits or went. What it says is made of its run when it goes, so that nothing is kept twice.
    pub struct Mail in "mails" by u32 {
        /// Of which run; none for a letter that only tries the way.
        1 run: Option<u32> => "Of", Contact, LegitimateInterest, AfterEntry(1);
        /// For whom.
        2 people: Vec<PersonId> => "For", Contact, LegitimateInterest, AfterEntry(1);
        /// What became of it.
        3 state: MailState => "State", Contact, LegitimateInterest, AfterEntry(1);
        /// Why it did not go, as far as it did not.
        4 why: Option<String> => "Why it did not go", Contact, LegitimateInterest, AfterEntry(1);
        /// How often it was tried.
        5 tries: u32 => "Tries", Contact, LegitimateInterest, AfterEntry(1);
        /// When it is tried next.
        6 next: Instant => "Next try", Contact, LegitimateInterest, AfterEntry(1);
        /// When it was written into the queue.
        7 queued: Instant => "Written", Contact, LegitimateInterest, AfterEntry(1);
        /// When the server took it.
        8 sent: Option<Instant> => "Sent", Contact, LegitimateInterest, AfterEntry(1);
    }
}

/// The key of the one mail server.
pub const SERVER: &str = "server";

/// How long to wait before each next try; after the last one it is given up, about a day later.
const PAUSES_MINUTES: [i64; 8] = [1, 5, 15, 60, 120, 240, 480, 720];

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// The server took it.
    Taken,
    /// Not now; it may go later.
    NotNow(String),
    /// Never: the server does not want this one, or there is no address.
    Never(String),
}

impl Mail {
    /// One that waits from now on.
    pub fn queued(run: Option<u32>, people: Vec<PersonId>, now: Instant) -> Self {
        Self {
            run,
            people,
            state: MailState::Queued,
            why: None,
            tries: 0,
            next: now,
            queued: now,
            sent: None,
            newer: Newer::default(),
        }
    }

    /// The same after a try.
    pub fn after(&self, tried: Tried, now: Instant) -> Self {
        let tries = self.tries.saturating_add(1);
        let mut after = Self {
            tries,
            ..self.clone()
        };
        let pause = usize::try_from(self.tries)
            .ok()
            .and_then(|tries| PAUSES_MINUTES.get(tries));
        match (tried, pause) {
            (Tried::Taken, _) => {
                (after.state, after.why, after.sent) = (MailState::Sent, None, Some(now));
            }
            (Tried::NotNow(why), Some(minutes)) => {
                after.why = Some(kept(&why));
                after.next = now + Span::MINUTE.times(*minutes);
            }
            (Tried::NotNow(why) | Tried::Never(why), _) => {
                (after.state, after.why) = (MailState::Failed, Some(kept(&why)));
            }
        }
        after
    }

    /// The same, to be tried at once again from the beginning; nothing if it went.
    pub fn again(&self, now: Instant) -> Option<Self> {
        (self.state != MailState::Sent).then(|| Self {
            state: MailState::Queued,
            tries: 0,
            next: now,
            ..self.clone()
        })
    }

    /// The same, stopped; nothing if it does not wait.
    pub fn stopped(&self) -> Option<Self> {
        (self.state == MailState::Queued).then(|| Self {
            state: MailState::Stopped,
            ..self.clone()
        })
    }

    /// Whether it is time to try it. A clock that was set back makes nothing wait for longer than the longest pause.
    pub fn is_due(&self, now: Instant) -> bool {
        let longest = Span::MINUTE.times(720);
        self.state == MailState::Queued && (self.next <= now || self.next.since(now) > longest)
    }
}

/// What a server said, fit to be kept and shown.
fn kept(why: &str) -> String {
    let plain: String = why
        .chars()
        .map(|sign| if sign.is_control() { ' ' } else { sign })
        .take(300)
        .collect();
    text::line(&plain, 300).unwrap_or_else(|_| "the server did not say why".to_owned())
}

/// Why something is no e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoAddress {
    /// It is none.
    #[error("This is no e-mail address. Write it like ana@example.org")]
    NotOne,
    /// It cannot be kept.
    #[error(transparent)]
    Unfit(#[from] Unfit),
}

/// An e-mail address, fit to stand in the head of a message: one line, one `@`, and no sign that means something there.
pub fn mail_address(written: &str) -> Result<String, NoAddress> {
    let written = written.trim();
    if written.is_empty() {
        return Err(Unfit::Empty.into());
    }
    let (local, host) = written.rsplit_once('@').ok_or(NoAddress::NotOne)?;
    let plain = |sign: char| !sign.is_whitespace() && !sign.is_control() && !"\"(),:;<>@[\\]".contains(sign);
    let named = host.split('.').all(|label| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|sign| sign.is_alphanumeric() || sign == '-')
    });
    let good =
        !local.is_empty() && local.len() <= 64 && written.len() <= 254 && local.chars().all(plain) && named;
    good.then(|| written.to_owned()).ok_or(NoAddress::NotOne)
}

/// The name of a mail server, fit to be connected to.
pub fn server_name(written: &str) -> Result<String, Unfit> {
    let name = text::line(written, 253)?;
    let fit = name
        .chars()
        .all(|sign| sign.is_ascii_alphanumeric() || "-._:[]".contains(sign));
    fit.then_some(name).ok_or(Unfit::Unshowable)
}

impl MailServer {
    /// Why this cannot be a mail server for a community: its password would go in the clear over the street.
    pub fn unsafe_because(&self) -> Option<&'static str> {
        let near = ["localhost", "127.0.0.1", "[::1]", "::1"].contains(&self.host.as_str());
        (self.security == Security::Nothing && !near).then_some(
            "Without TLS anybody on the way could read the letters. Choose STARTTLS or TLS from the start; none is for a server on this machine alone",
        )
    }
}
