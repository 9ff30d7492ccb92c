//! Sessions that could not be written down, because the card takes nothing. Whoever may mend that must get in, so they
//! are kept in memory, with the line that tells of them, until the card takes both. A start forgets them.

use std::collections::BTreeMap;

use members::credential::Digest;
use members::credential::session::{Session, WayIn};
use store::AuditEntry;
use units::{Instant, PersonId, Span};

use super::SignIn;
use crate::rows::becomes;

/// So many at most; of more the oldest ends.
const MOST: usize = 64;
/// How often one is tried to be written down.
const TRY_EVERY: Span = Span::MINUTE;

/// A session, the line about it, and when it was last tried to write them down, by the clock that only goes forward.
#[derive(Debug, Clone)]
struct Held {
    session: Session,
    line: AuditEntry,
    tried: Instant,
}

/// The sessions that are in memory only.
#[derive(Debug, Default)]
pub(super) struct Fleeting(BTreeMap<Digest, Held>);

impl Fleeting {
    fn begin(&mut self, key: Digest, held: Held) {
        if self.0.len() >= MOST {
            let oldest = self.0.iter().min_by_key(|(_, held)| held.session.begun);
            let oldest = oldest.map(|(key, _)| *key);
            oldest.and_then(|oldest| self.0.remove(&oldest));
        }
        self.0.insert(key, held);
    }

    /// Ends one; tells whether there was one, of this person.
    pub(super) fn end(&mut self, key: &Digest, person: PersonId) -> bool {
        let theirs = self.0.get(key).is_some_and(|held| held.session.person == person);
        theirs && self.0.remove(key).is_some()
    }

    /// Ends all of a person.
    pub(super) fn end_all(&mut self, person: PersonId) {
        self.0.retain(|_, held| held.session.person != person);
    }

    /// Ends all of a person but one.
    pub(super) fn end_others(&mut self, person: PersonId, here: &Digest) {
        self.0
            .retain(|key, held| held.session.person != person || key == here);
    }

    /// All of a person.
    pub(super) fn of(&self, person: PersonId) -> Vec<(Digest, Session)> {
        let theirs = self.0.iter().filter(|(_, held)| held.session.person == person);
        theirs.map(|(key, held)| (*key, held.session.clone())).collect()
    }
}

/// Whether somebody can come in this way again and again, so that nothing is used up by it.
pub(super) fn can_be_repeated(way: WayIn) -> bool {
    matches!(way, WayIn::Passphrase | WayIn::Passkey)
}

impl SignIn {
    /// Begins a session in memory.
    pub(super) fn begin_fleeting(&self, key: Digest, session: Session, line: AuditEntry) {
        tracing::warn!("a session is in memory only: the card takes nothing");
        let tried = self.moment();
        self.fleeting().begin(key, Held { session, line, tried });
    }

    /// A session that is in memory only, and is tried to be written down now and then.
    pub(super) async fn fleeting_session(&self, key: &Digest) -> Option<Session> {
        let now = self.moment();
        let (held, due) = {
            let mut fleeting = self.fleeting();
            let held = fleeting.0.get_mut(key)?;
            let due = now.since(held.tried) >= TRY_EVERY;
            if due {
                held.tried = now;
            }
            (held.clone(), due)
        };
        if due {
            let row = becomes(key, None, Some(&held.session));
            if self.change(vec![row], Some(held.line)).await.is_ok() {
                self.fleeting().0.remove(key);
            }
        }
        Some(held.session)
    }
}
