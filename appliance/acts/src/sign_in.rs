//! Signing in: how somebody shows who they are, and for how long that is believed.
//!
//! Nothing here tells anybody whether a name is in the members' book, and nobody's guessing costs more than a bounded
//! piece of memory and of the board's time. What was typed is judged and counted before it is hashed
//! (`members::credential::limits`); the hash is made once, whoever is meant (`SignInName::salt`).

mod fleeting;
mod hash;
mod passkeys;
mod passphrase;
mod sessions;
mod settings;
mod slips;
mod steward;
mod with_passkey;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use members::credential::limits::{Limits, Source, TooMany};
use members::credential::rules::Weak;
use members::credential::session::{Custody, WayIn};
use members::credential::slip::{Misread, SlipOver};
use members::credential::{Digest, Token};
use members::record::Damaged;
use members::text::Unfit;
use store::{AuditEntry, Change, RowChange, Store, StoreError, Whose};
use tokio::sync::OnceCell;
use units::{Instant, PersonId, Span};

use crate::Right;
use crate::doors::NameRefused;
use crate::effects::Effects;
use crate::rows::RowError;
use crate::table::{ActKind, row};
use fleeting::Fleeting;
use hash::{Crowded, Hasher};
use passkeys::Passkeys;
use sessions::Seen;
use settings::Settings;

pub use passkeys::{Origin, PasskeyError, Question};
pub use passphrase::{Chosen, Proof};
pub use sessions::{Offer, SessionSeen};
pub use slips::NewSlip;
pub use with_passkey::PasskeySeen;

/// After so long what somebody did to sign in says no more that it is still they who sit there.
const FRESH: Span = Span::HOUR;

/// Who knocks: what is known of a request before anybody has said who they are.
#[derive(Debug, Clone)]
pub struct Knock {
    /// Where it comes from.
    pub source: Source,
    /// The cookie of a device on which somebody has been before.
    pub device: Option<Token>,
    /// What the browser says it is.
    pub agent: String,
    /// Whose device it is, as they say.
    pub custody: Custody,
}

/// Somebody has come in. The two tokens go into cookies and are kept nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// Who.
    pub person: PersonId,
    /// Of the session.
    pub session: Token,
    /// Of the device.
    pub device: Token,
    /// How.
    pub way: WayIn,
}

/// Somebody who is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who {
    /// Who.
    pub person: PersonId,
    /// By what the session is known.
    pub session: Digest,
    /// Whose device it is.
    pub custody: Custody,
    /// How they came in.
    pub way: WayIn,
    /// When.
    pub begun: Instant,
}

impl Who {
    /// Whether they came in so lately that it is still they who sit there.
    fn is_fresh(&self, now: Instant) -> bool {
        let since = now.since(self.begun);
        since >= Span::ZERO && since <= FRESH
    }
}

/// Why somebody was not let in, or what they wished was not done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Name and passphrase do not go together; which of them is wrong is said to nobody.
    #[error(
        "This name and this passphrase do not go together. Look at both and try again, or ask a steward for a slip"
    )]
    Wrong,
    /// Too many tries.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// Too many at the same moment.
    #[error("Many people are signing in just now. Wait a minute and try again")]
    Crowded,
    /// What was typed are no words of a slip.
    #[error(transparent)]
    Misread(#[from] Misread),
    /// There is no such slip.
    #[error(
        "There is no slip with these words, or no longer. Look at yours again, or ask a steward for a new one"
    )]
    NoSuchSlip,
    /// The slip has been used or has run out.
    #[error(transparent)]
    SlipOver(#[from] SlipOver),
    /// The code for claiming the box is not the newest one.
    #[error("This is not the code, or it has run out. Ask the box for a new one: hearth claim")]
    NoSuchCode,
    /// Somebody looks after the box already.
    #[error("This box has been claimed already. Sign in, or ask a steward for a slip")]
    Claimed,
    /// The passphrase is not good enough.
    #[error(transparent)]
    Weak(#[from] Weak),
    /// A name is not one.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// The box cannot be called so.
    #[error(transparent)]
    Called(#[from] NameRefused),
    /// The passkey was not taken.
    #[error(transparent)]
    Passkey(#[from] PasskeyError),
    /// A thing that only the person may do, who signed in too long ago to be sure.
    #[error("Type your passphrase as well, so that nobody else can do this while you are away")]
    Unproved,
    /// There is nothing like that to take away.
    #[error("This is gone already. Nothing was changed")]
    Gone,
    /// With it would go the last way in of the last person who may give roles.
    #[error(
        "This is the last way in of the last person who may give and take roles. Choose a passphrase first, or give somebody else such a role"
    )]
    LastWayIn,
    /// They may not.
    #[error("you may not {}. Ask somebody who may", .0.words())]
    NotAllowed(Right),
    /// The person may do things that the giver may not.
    #[error(
        "This person may do things here that you may not, so you cannot let them in. Ask somebody who may do as much"
    )]
    MayMore,
    /// It could not be read or written.
    #[error("it could not be written down, so it was not done: {0}")]
    Store(#[from] StoreError),
    /// A row makes no sense.
    #[error(transparent)]
    Damaged(#[from] Damaged),
    /// The box is stopping.
    #[error("the box is being stopped")]
    Stopping,
}

impl From<RowError> for SignInError {
    fn from(error: RowError) -> Self {
        match error {
            RowError::Store(error) => Self::Store(error),
            RowError::Damaged(error) => Self::Damaged(error),
        }
    }
}

impl From<Crowded> for SignInError {
    fn from(_: Crowded) -> Self {
        Self::Crowded
    }
}

/// The way in. Cheap to clone.
#[derive(Clone)]
pub struct SignIn {
    shared: Arc<Shared>,
}

struct Shared {
    store: Store,
    effects: Arc<dyn Effects>,
    started: tokio::time::Instant,
    settings: OnceCell<Settings>,
    hasher: Hasher,
    limits: Mutex<Limits>,
    passkeys: Mutex<Passkeys>,
    seen: Mutex<Seen>,
    fleeting: Mutex<Fleeting>,
}

impl SignIn {
    /// The way into the box with this store.
    pub fn new(store: Store, effects: Arc<dyn Effects>) -> Self {
        Self {
            shared: Arc::new(Shared {
                store,
                effects,
                started: tokio::time::Instant::now(),
                settings: OnceCell::new(),
                hasher: Hasher::default(),
                limits: Mutex::default(),
                passkeys: Mutex::default(),
                seen: Mutex::default(),
                fleeting: Mutex::default(),
            }),
        }
    }

    fn now(&self) -> Instant {
        self.shared.effects.now()
    }

    /// By a clock that only goes forward, for counting guesses.
    fn moment(&self) -> Instant {
        let since: Span = self.shared.started.elapsed().into();
        Instant::from_millis(0) + since
    }

    fn limits(&self) -> MutexGuard<'_, Limits> {
        held(&self.shared.limits)
    }

    fn passkeys(&self) -> MutexGuard<'_, Passkeys> {
        held(&self.shared.passkeys)
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        held(&self.shared.seen)
    }

    fn fleeting(&self) -> MutexGuard<'_, Fleeting> {
        held(&self.shared.fleeting)
    }

    fn random<const COUNT: usize>(&self) -> [u8; COUNT] {
        let mut bytes = [0; COUNT];
        self.shared.effects.random(&mut bytes);
        bytes
    }

    fn token(&self) -> Token {
        Token::new(self.random())
    }

    /// A line of the record about somebody's own doings, without a name and without a secret.
    fn line(&self, kind: ActKind, person: PersonId, detail: &str) -> AuditEntry {
        AuditEntry {
            actor: person.to_string(),
            who: Some(person),
            via: "page".to_owned(),
            whose: Whose::People(vec![person]),
            detail: detail.to_owned(),
            ..AuditEntry::new(self.now(), row(kind).name)
        }
    }

    /// Does something that waits for the card, where it holds up no other task.
    async fn on_card<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, SignInError> + Send + 'static,
    ) -> Result<T, SignInError> {
        let store = self.shared.store.clone();
        let done = tokio::task::spawn_blocking(move || work(&store)).await;
        done.map_err(|_| SignInError::Stopping)?
    }

    async fn change(&self, rows: Vec<RowChange>, line: Option<AuditEntry>) -> Result<(), SignInError> {
        let lines = line.into_iter().collect();
        self.on_card(move |store| Ok(store.change(Change { rows, lines })?))
            .await?;
        Ok(())
    }
}

/// What a lock guards is whole whenever it is let go of, so whoever broke off left nothing half done.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
