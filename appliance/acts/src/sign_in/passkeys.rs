//! Passkeys: keys in somebody's phone or computer, asked for and checked by webauthn-rs. What goes to the browser and
//! comes back is JSON that nobody else looks into; what is remembered between the two is bounded and soon forgotten.
//!
//! Nobody types a name: the device finds its key for this box by itself. So no list of keys is ever handed out, and
//! nobody learns by asking whether somebody is in the book.

use std::collections::VecDeque;

use members::credential::Digest;
use members::credential::limits::Source;
use units::{Instant, PersonId, Span};
use webauthn_rs::prelude::{
    CredentialID, DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, Url, Uuid, Webauthn, WebauthnBuilder, WebauthnError,
};

/// How long somebody may take to unlock their phone.
const GOOD_FOR: Span = Span::MINUTE.times(5);
/// How many may be at it at once, in all.
const MOST: usize = 256;
/// And from one source.
const MOST_OF_ONE: usize = 4;

/// Why a passkey was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyError {
    /// The page was opened under another name than the box's own, or without a certificate.
    #[error(
        "Passkeys work only where this box is opened by its own name over a safe connection. Use your passphrase here"
    )]
    NotHere,
    /// The question was asked too long ago, or answered already.
    #[error("This took too long, or was sent twice. Try again")]
    TooLate,
    /// The answer is not that of a key which the box knows for this place.
    #[error("This passkey does not open this box. Try another, or use your passphrase")]
    NotKnown,
    /// The key that was offered cannot be used.
    #[error("This device cannot keep a passkey for this box. Try another device, or use a passphrase")]
    Unfit,
    /// The person has as many as anybody may have.
    #[error("You have ten passkeys, and nobody may have more. Remove one that you no longer use")]
    TooManyKeys,
}

/// Under which name the box was opened, as the browser will sign it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    host: String,
    url: Url,
}

impl Origin {
    /// The origin of a page at `url`, if its host is the box's own name, for which passkeys are made. Addresses that are
    /// numbers have none.
    pub fn new(url: &str) -> Option<Self> {
        let url = Url::parse(url).ok()?;
        let host = url.domain()?.to_owned();
        let safe = url.scheme() == "https" || host == "localhost";
        safe.then_some(Self { host, url })
    }

    /// The name for which passkeys are made here.
    pub fn host(&self) -> &str {
        &self.host
    }

    fn library(&self) -> Result<Webauthn, PasskeyError> {
        // The name under which the device shows the key is the box's, not the place's: phones copy it to their makers.
        let builder = WebauthnBuilder::new(&self.host, &self.url).and_then(WebauthnBuilder::build);
        builder.map_err(|_| PasskeyError::NotHere)
    }
}

/// A question to a device: what names it when the answer comes, and the question itself as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Sent back with the answer.
    pub handle: Digest,
    /// For `navigator.credentials`.
    pub json: String,
}

/// A new passkey, as it is kept.
pub(crate) struct Added {
    pub(crate) id: Vec<u8>,
    pub(crate) credential: Vec<u8>,
    /// The name of the box for which it was made.
    pub(crate) works_at: String,
}

/// A passkey of the book that answered right, as it is kept from now on.
pub(crate) struct Answered {
    /// Set where it changed.
    pub(crate) credential: Option<Vec<u8>>,
}

enum Asked {
    ToAdd(PersonId, PasskeyRegistration),
    ToSignIn(DiscoverableAuthentication),
}

struct Waiting {
    handle: Digest,
    source: Source,
    until: Instant,
    origin: Origin,
    asked: Asked,
}

/// The questions that were asked and are not answered yet, the oldest first.
#[derive(Default)]
pub(crate) struct Passkeys {
    waiting: VecDeque<Waiting>,
}

/// Whose key is to be made.
pub(crate) struct NewKey<'a> {
    pub(crate) person: PersonId,
    /// A number that only this box understands: the device keeps it with the key.
    pub(crate) user: [u8; 16],
    /// What the device shows when it offers the key.
    pub(crate) name: &'a str,
    /// Keys that the person has already.
    pub(crate) known: Vec<Vec<u8>>,
}

/// Who asks and when; `handle` is drawn by chance.
#[derive(Debug, Clone)]
pub(crate) struct Asking {
    pub(crate) origin: Origin,
    pub(crate) source: Source,
    pub(crate) handle: Digest,
    pub(crate) now: Instant,
}

impl Passkeys {
    /// Asks a device to make a key.
    pub(crate) fn ask_to_add(&mut self, asking: Asking, key: NewKey<'_>) -> Result<Question, PasskeyError> {
        let known: Vec<CredentialID> = key.known.into_iter().collect();
        let user = Uuid::from_bytes(key.user);
        let (options, state) = asking
            .origin
            .library()?
            .start_passkey_registration(user, key.name, key.name, Some(known))
            .map_err(|_| PasskeyError::NotHere)?;
        let mut json = serde_json::to_value(&options).map_err(|_| PasskeyError::NotHere)?;
        // The key must be one that the device finds without being told who is asked for.
        if let Some(wish) = json.pointer_mut("/publicKey/authenticatorSelection") {
            wish["residentKey"] = "required".into();
            wish["requireResidentKey"] = true.into();
        }
        Ok(self.keep(asking, json.to_string(), Asked::ToAdd(key.person, state)))
    }

    /// Asks any device for the key that it has for this box.
    pub(crate) fn ask_to_sign_in(&mut self, asking: Asking) -> Result<Question, PasskeyError> {
        let (mut options, state) = asking
            .origin
            .library()?
            .start_discoverable_authentication()
            .map_err(|_| PasskeyError::NotHere)?;
        // A button was pressed for it, so the device asks at once.
        options.mediation = None;
        let json = serde_json::to_string(&options).map_err(|_| PasskeyError::NotHere)?;
        Ok(self.keep(asking, json, Asked::ToSignIn(state)))
    }

    fn keep(&mut self, asking: Asking, json: String, asked: Asked) -> Question {
        let Asking {
            origin,
            source,
            handle,
            now,
        } = asking;
        self.waiting.retain(|waiting| waiting.until >= now);
        let of_source = |waiting: &Waiting| waiting.source == source;
        if self.waiting.iter().filter(|waiting| of_source(waiting)).count() >= MOST_OF_ONE {
            let oldest = self.waiting.iter().position(of_source);
            oldest.and_then(|at| self.waiting.remove(at));
        }
        if self.waiting.len() >= MOST {
            self.waiting.pop_front();
        }
        self.waiting.push_back(Waiting {
            handle,
            source,
            until: now + GOOD_FOR,
            origin,
            asked,
        });
        Question { handle, json }
    }

    /// Each question is answered once.
    fn take(&mut self, handle: &Digest, now: Instant) -> Result<Waiting, PasskeyError> {
        let at = self.waiting.iter().position(|waiting| waiting.handle.is(handle));
        let waiting = at
            .and_then(|at| self.waiting.remove(at))
            .ok_or(PasskeyError::TooLate)?;
        (waiting.until >= now)
            .then_some(waiting)
            .ok_or(PasskeyError::TooLate)
    }

    /// Takes the key that a device made for `person`.
    pub(crate) fn added(
        &mut self,
        person: PersonId,
        handle: &Digest,
        answer: &str,
        now: Instant,
    ) -> Result<Added, PasskeyError> {
        let waiting = self.take(handle, now)?;
        let Asked::ToAdd(asked, state) = &waiting.asked else {
            return Err(PasskeyError::TooLate);
        };
        if *asked != person {
            return Err(PasskeyError::TooLate);
        }
        let answer: RegisterPublicKeyCredential =
            serde_json::from_str(answer).map_err(|_| PasskeyError::Unfit)?;
        let key = waiting
            .origin
            .library()?
            .finish_passkey_registration(&answer, state)
            .map_err(|_| PasskeyError::Unfit)?;
        Ok(Added {
            id: key.cred_id().to_vec(),
            credential: serde_json::to_vec(&key).map_err(|_| PasskeyError::Unfit)?,
            works_at: waiting.origin.host,
        })
    }

    /// Checks the answer of a device; `find` gives the kept key for the number that the device keeps and for its id.
    pub(crate) fn answered(
        &mut self,
        handle: &Digest,
        answer: &str,
        now: Instant,
        find: impl FnOnce(&[u8; 16], &[u8]) -> Option<Vec<u8>>,
    ) -> Result<Answered, PasskeyError> {
        let waiting = self.take(handle, now)?;
        let Asked::ToSignIn(state) = waiting.asked else {
            return Err(PasskeyError::TooLate);
        };
        let library = waiting.origin.library()?;
        let answer: PublicKeyCredential = serde_json::from_str(answer).map_err(|_| PasskeyError::NotKnown)?;
        let (user, id) = library
            .identify_discoverable_authentication(&answer)
            .map_err(|_| PasskeyError::NotKnown)?;
        let kept = find(user.as_bytes(), id).ok_or(PasskeyError::NotKnown)?;
        let mut key: Passkey = serde_json::from_slice(&kept).map_err(|_| PasskeyError::NotKnown)?;
        let known = DiscoverableKey::from(&key);
        let result = library
            .finish_discoverable_authentication_v2(&answer, state, &known)
            .map_err(|why: WebauthnError| {
                tracing::warn!(%why, "a passkey was not taken");
                PasskeyError::NotKnown
            })?;
        let changed = key.update_credential(&result) == Some(true);
        let credential = changed.then(|| serde_json::to_vec(&key).ok()).flatten();
        Ok(Answered { credential })
    }
}

#[cfg(test)]
mod tests;
