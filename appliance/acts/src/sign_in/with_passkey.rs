//! In by passkey, and how passkeys are added and taken away.

use jiff::civil::Date;
use members::credential::limits::Source;
use members::credential::session::WayIn;
use members::credential::{Digest, Passkey};
use members::record::{Key, Newer, Opaque};
use members::text;
use store::Store;
use units::{Instant, PersonId};

use super::passkeys::{Asking, NewKey, Origin, PasskeyError, Question};
use super::{Entered, Knock, Proof, SignIn, SignInError, Who};
use crate::ActError;
use crate::roles::stewards;
use crate::rows::{becomes, get, under};
use crate::table::ActKind;

/// The longest name of a passkey.
const LONGEST_NAME: usize = 60;
/// The most passkeys of one person.
const MOST: usize = 10;

/// A passkey as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeySeen {
    /// By what it is taken away.
    pub number: u32,
    /// What its owner calls it.
    pub name: String,
    /// Under which name of the box it works.
    pub works_at: String,
    /// When it was added.
    pub added: Instant,
    /// The last day on which it was used.
    pub used: Option<Date>,
}

impl SignIn {
    /// Asks the device of somebody who is signed in to make a key.
    pub async fn ask_for_new_passkey(
        &self,
        who: &Who,
        source: Source,
        origin: Origin,
        proof: Proof<'_>,
    ) -> Result<Question, SignInError> {
        self.prove(who, proof).await?;
        let known = keys_of(&self.shared.store, who.person)?;
        if known.len() >= MOST {
            return Err(PasskeyError::TooManyKeys.into());
        }
        let name = self
            .sign_in_name(who.person)?
            .unwrap_or_else(|| origin.host().to_owned());
        let key = NewKey {
            person: who.person,
            user: self.number_for_devices(who.person).await?,
            name: &name,
            known: known.into_iter().map(|(_, key)| key.id.0).collect(),
        };
        Ok(self.passkeys().ask_to_add(self.asking(source, origin), key)?)
    }

    /// Keeps the key that the device made.
    pub async fn add_passkey(
        &self,
        who: &Who,
        handle: &Digest,
        answer: &str,
        name: &str,
    ) -> Result<(), SignInError> {
        let name = text::line(name, LONGEST_NAME)?;
        let added = self.passkeys().added(who.person, handle, answer, self.now())?;
        let known = keys_of(&self.shared.store, who.person)?;
        let number = known.iter().map(|((_, number), _)| number + 1).max().unwrap_or(1);
        let key = Passkey {
            name,
            id: Opaque(added.id),
            credential: Opaque(added.credential),
            works_at: added.works_at,
            added: self.now(),
            used: None,
            newer: Newer::default(),
        };
        let line = self.line(ActKind::AddPasskey, who.person, "");
        self.change(vec![becomes(&(who.person, number), None, Some(&key))], Some(line))
            .await
    }

    /// Takes a passkey away.
    pub async fn remove_passkey(&self, who: &Who, number: u32) -> Result<(), SignInError> {
        let key = (who.person, number);
        let row = get::<Passkey>(&self.shared.store, &key)?.ok_or(SignInError::Gone)?;
        let line = self.line(ActKind::RemovePasskey, who.person, "");
        let rows = vec![becomes(&key, Some(&row), None)];
        let goes = rows.clone();
        self.on_card(move |store| match stewards::remain(store, &goes) {
            Err(ActError::LastSteward) => Err(SignInError::LastWayIn),
            // What cannot be read now cannot be changed either, and is told then.
            _ => Ok(()),
        })
        .await?;
        self.change(rows, Some(line)).await
    }

    /// The person's passkeys.
    pub fn own_passkeys(&self, who: &Who) -> Result<Vec<PasskeySeen>, SignInError> {
        let keys = keys_of(&self.shared.store, who.person)?;
        let seen = keys.into_iter().map(|((_, number), key)| PasskeySeen {
            number,
            name: key.name,
            works_at: key.works_at,
            added: key.added,
            used: key.used,
        });
        Ok(seen.collect())
    }

    /// Asks any device for the key that it has for this box.
    pub fn ask_for_passkey(&self, source: Source, origin: Origin) -> Result<Question, SignInError> {
        Ok(self.passkeys().ask_to_sign_in(self.asking(source, origin))?)
    }

    /// Lets somebody in by the answer of their device.
    pub async fn by_passkey(
        &self,
        knock: &Knock,
        handle: &Digest,
        answer: &str,
    ) -> Result<Entered, SignInError> {
        let secret = self.settings().await?.secret;
        let store = &self.shared.store;
        let mut found = None;
        let answered = self.passkeys().answered(handle, answer, self.now(), |user, id| {
            let person = person_of(&secret, user)?;
            let keys = keys_of(store, person).ok()?;
            found = keys.into_iter().find(|(_, key)| key.id.0 == id);
            found.as_ref().map(|(_, key)| key.credential.0.clone())
        })?;
        let (key, before) = found.ok_or(PasskeyError::NotKnown)?;
        let mut after = before.clone();
        after.used = Some(self.today());
        after.credential = answered.credential.map_or(after.credential, Opaque);
        let rows = if after == before {
            Vec::new()
        } else {
            vec![becomes(&key, Some(&before), Some(&after))]
        };
        self.enter(knock, key.0, WayIn::Passkey, rows).await
    }

    fn asking(&self, source: Source, origin: Origin) -> Asking {
        Asking {
            origin,
            source,
            handle: Digest::new(self.random()),
            now: self.now(),
        }
    }

    async fn number_for_devices(&self, person: PersonId) -> Result<[u8; 16], SignInError> {
        Ok(number_for_devices(&self.settings().await?.secret, person))
    }
}

/// What devices keep with their key: the person's number, which says nothing elsewhere, and a proof that this box gave
/// it, so that the row is found at once and nothing is looked for in vain.
fn number_for_devices(secret: &[u8], person: PersonId) -> [u8; 16] {
    let mut number = Digest::of(&[b"number for devices", secret, &person.to_key()]).half();
    number[..4].copy_from_slice(&person.to_key());
    number
}

fn person_of(secret: &[u8], number: &[u8; 16]) -> Option<PersonId> {
    let person = PersonId::from_key(&number[..4])?;
    (number_for_devices(secret, person) == *number).then_some(person)
}

/// A passkey under its person and number.
type KeyRow = ((PersonId, u32), Passkey);

fn keys_of(store: &Store, person: PersonId) -> Result<Vec<KeyRow>, SignInError> {
    Ok(under::<Passkey>(store, &person.to_key())?)
}
