//! In by name and passphrase, and how a passphrase is chosen.

use members::credential::cost::Cost;
use members::credential::device::KnownDevice;
use members::credential::limits::{Guesser, Source};
use members::credential::rules::{self, LONGEST, Strength, Weak};
use members::credential::session::WayIn;
use members::credential::{Digest, Passphrase, SignInName, SlowHash, Token};
use members::person::{LONGEST_NAME, Person};
use members::text;
use units::PersonId;

use super::hash::{KeptHash, Turn};
use super::sessions::sessions_of;
use super::settings::Settings;
use super::{Entered, Knock, SignIn, SignInError, Who};
use crate::rows::{all, becomes, get, go};
use crate::table::ActKind;

/// A name and a passphrase that somebody chooses for themselves.
#[derive(Clone, Copy)]
pub struct Chosen<'a> {
    /// The name to sign in with.
    pub name: &'a str,
    /// The passphrase.
    pub passphrase: &'a str,
    /// What the place is called, which others would try.
    pub place: &'a str,
}

/// How somebody who is signed in shows that it is still they who sit there.
#[derive(Clone, Copy)]
pub enum Proof<'a> {
    /// They came in a moment ago, with a slip or a passkey.
    CameJustNow,
    /// They type their passphrase.
    Passphrase(&'a str),
}

/// One passphrase under one name, hashed at every cost that is in use: it does not matter whose it is.
type Hashes = Vec<(Cost, [u8; 32])>;

impl SignIn {
    /// Lets somebody in by name and passphrase. Whether there is such a name changes neither the answer nor the time
    /// that it takes.
    pub async fn by_passphrase(
        &self,
        knock: &Knock,
        name: &str,
        passphrase: &str,
    ) -> Result<Entered, SignInError> {
        let name = SignInName::new(name);
        let secret = secret(passphrase)
            .filter(|_| !name.as_str().is_empty())
            .ok_or(SignInError::Wrong)?;
        let settings = self.settings().await?;
        let (guesser, turn) = match self.known_here(knock.device.as_ref(), &name)? {
            Some(device) => (Guesser::Known(device), Turn::Known),
            None => (Guesser::Stranger(knock.source), Turn::Stranger),
        };
        let guess = self.limits().passphrase(guesser, &name, self.moment())?;
        let kept = self.on_card(|store| Ok(all::<Passphrase>(store)?)).await?;
        let hashes = self.hashes(turn, &secret, &name, &kept, settings).await?;
        let mut found = right(&kept, &name, &hashes);
        let (Some((person, row)), None) = (found.next(), found.next()) else {
            return Err(SignInError::Wrong);
        };
        self.limits().right(guess);
        let rows = made_anew(*person, row, &hashes, settings, name.salt(&settings.secret));
        self.enter(knock, *person, WayIn::Passphrase, rows).await
    }

    /// The device of this cookie, if somebody of this name has been in there.
    fn known_here(&self, device: Option<&Token>, name: &SignInName) -> Result<Option<Digest>, SignInError> {
        let Some(key) = device.map(Token::digest) else {
            return Ok(None);
        };
        let store = &self.shared.store;
        let people = get::<KnownDevice>(store, &key)?
            .map(|known| known.people)
            .unwrap_or_default();
        for person in people {
            let kept = get::<Passphrase>(store, &person)?;
            if kept.is_some_and(|kept| SignInName::new(&kept.name) == *name) {
                return Ok(Some(key));
            }
        }
        Ok(None)
    }

    /// One hash for each cost that anybody's passphrase was hashed at: nearly always one in all.
    async fn hashes(
        &self,
        turn: Turn,
        secret: &[u8],
        name: &SignInName,
        kept: &[(PersonId, Passphrase)],
        settings: Settings,
    ) -> Result<Hashes, SignInError> {
        let mut costs: Vec<Cost> = kept
            .iter()
            .filter_map(|(_, row)| KeptHash::parse(&row.hash.0))
            .map(|kept| kept.cost)
            .chain([settings.cost])
            .collect();
        costs.sort_unstable();
        costs.dedup();
        let mut hashes = Vec::new();
        for cost in costs {
            let salt = name.salt(&settings.secret);
            let hash = self.shared.hasher.hash(turn, secret.to_vec(), salt, cost).await?;
            hashes.push((cost, hash));
        }
        Ok(hashes)
    }

    /// Keeps a new passphrase, and ends all other sessions of its person: whoever changes it may do so because somebody
    /// else knew the old one.
    pub async fn choose_passphrase(
        &self,
        who: &Who,
        source: Source,
        chosen: Chosen<'_>,
        proof: Proof<'_>,
    ) -> Result<Strength, SignInError> {
        self.prove(who, proof).await?;
        let written = text::line(chosen.name, LONGEST_NAME)?;
        let person = get::<Person>(&self.shared.store, &who.person)?.ok_or(SignInError::Gone)?;
        let strength = rules::judge(chosen.passphrase, &[&person.name, &written, chosen.place])?;
        let secret = secret(chosen.passphrase).ok_or(SignInError::Wrong)?;
        let name = SignInName::new(&written);
        let settings = self.settings().await?;
        // Two people of one name must not have one passphrase. That this was tried counts as a guess at it.
        let guess = self
            .limits()
            .passphrase(Guesser::Stranger(source), &name, self.moment())?;
        let kept = self.on_card(|store| Ok(all::<Passphrase>(store)?)).await?;
        let hashes = self.hashes(Turn::Known, &secret, &name, &kept, settings).await?;
        if right(&kept, &name, &hashes).any(|(person, _)| *person != who.person) {
            return Err(Weak::Guessable.into());
        }
        self.limits().right(guess);
        let before = kept
            .iter()
            .find(|(person, _)| *person == who.person)
            .map(|(_, row)| row);
        let salt = name.salt(&settings.secret);
        let after = Passphrase {
            name: written,
            hash: SlowHash(phc(&hashes, settings, salt).ok_or(SignInError::Crowded)?),
            set: self.now(),
            newer: before.map(|row| row.newer.clone()).unwrap_or_default(),
        };
        let mut rows = vec![becomes(&who.person, before, Some(&after))];
        let (person, here) = (who.person, who.session);
        let sessions = self.on_card(move |store| sessions_of(store, person)).await?;
        rows.extend(go(sessions.iter().filter(|(key, _)| *key != here)));
        let line = self.line(ActKind::ChoosePassphrase, who.person, "");
        self.change(rows, Some(line)).await?;
        self.fleeting().end_others(who.person, &here);
        Ok(strength)
    }

    /// The name with which the person signs in, if they have chosen a passphrase.
    pub fn sign_in_name(&self, person: PersonId) -> Result<Option<String>, SignInError> {
        Ok(get::<Passphrase>(&self.shared.store, &person)?.map(|row| row.name))
    }

    /// The name of somebody in the book.
    pub fn name_of(&self, person: PersonId) -> Result<String, SignInError> {
        let person = get::<Person>(&self.shared.store, &person)?.ok_or(SignInError::Gone)?;
        Ok(person.name)
    }

    /// Whether a slip or a passkey brought them in so lately that they need not type a passphrase.
    pub fn came_just_now(&self, who: &Who) -> bool {
        who.way != WayIn::Passphrase && who.is_fresh(self.now())
    }

    /// That it is still the person who sits there, for what would let somebody else in for good.
    pub(super) async fn prove(&self, who: &Who, proof: Proof<'_>) -> Result<(), SignInError> {
        let typed = match proof {
            Proof::CameJustNow if self.came_just_now(who) => return Ok(()),
            Proof::CameJustNow => return Err(SignInError::Unproved),
            Proof::Passphrase(typed) => secret(typed).ok_or(SignInError::Unproved)?,
        };
        let row = get::<Passphrase>(&self.shared.store, &who.person)?.ok_or(SignInError::Unproved)?;
        let kept = KeptHash::parse(&row.hash.0).ok_or(SignInError::Unproved)?;
        let name = SignInName::new(&row.name);
        let guess = self
            .limits()
            .passphrase(Guesser::Known(who.session), &name, self.moment())?;
        let hash = self
            .shared
            .hasher
            .hash(Turn::Known, typed, kept.salt, kept.cost)
            .await?;
        if !Digest::new(hash).is(&Digest::new(kept.hash)) {
            return Err(SignInError::Wrong);
        }
        self.limits().right(guess);
        Ok(())
    }
}

/// What is hashed of a passphrase; nothing of one that nobody can have chosen.
fn secret(passphrase: &str) -> Option<Vec<u8>> {
    // Of a long text not even the form is changed.
    let short = passphrase.len() <= LONGEST * 4;
    let normal = short.then(|| rules::normal(passphrase))?;
    (!normal.is_empty() && normal.chars().count() <= LONGEST).then(|| normal.into_bytes())
}

/// Who has this name and this passphrase.
fn right<'a>(
    kept: &'a [(PersonId, Passphrase)],
    name: &'a SignInName,
    hashes: &'a Hashes,
) -> impl Iterator<Item = &'a (PersonId, Passphrase)> {
    kept.iter().filter(move |(_, row)| {
        let kept = KeptHash::parse(&row.hash.0).filter(|_| SignInName::new(&row.name) == *name);
        kept.is_some_and(|kept| {
            let made = hashes.iter().find(|(cost, _)| *cost == kept.cost);
            made.is_some_and(|(_, hash)| Digest::new(*hash).is(&Digest::new(kept.hash)))
        })
    })
}

fn phc(hashes: &Hashes, settings: Settings, salt: [u8; 16]) -> Option<String> {
    let (cost, hash) = hashes.iter().find(|(cost, _)| *cost == settings.cost)?;
    KeptHash {
        cost: *cost,
        salt,
        hash: *hash,
    }
    .phc()
}

/// A passphrase that was hashed with less work than is usual now is kept at today's cost, since it is at hand.
fn made_anew(
    person: PersonId,
    row: &Passphrase,
    hashes: &Hashes,
    settings: Settings,
    salt: [u8; 16],
) -> Vec<store::RowChange> {
    let old = KeptHash::parse(&row.hash.0).is_some_and(|kept| kept.cost.is_less_than(settings.cost));
    let anew = old.then(|| phc(hashes, settings, salt)).flatten();
    let rows = anew.map(|hash| {
        let hash = SlowHash(hash);
        let after = Passphrase { hash, ..row.clone() };
        becomes(&person, Some(row), Some(&after))
    });
    rows.into_iter().collect()
}
