//! Slips of paper: how they are given out and used, and the code that claims a new box.

use members::credential::Digest;
use members::credential::cost::SLIP;
use members::credential::limits::Guess;
use members::credential::session::WayIn;
use members::credential::slip::{CLAIM_GOOD_FOR, GOOD_FOR, Slip, SlipKind, SlipWords};
use members::person::Person;
use members::record::Newer;
use store::{RowChange, Store, Whose};
use units::{Instant, PersonId};

use super::hash::Turn;
use super::{Entered, Knock, SignIn, SignInError};
use crate::Actor;
use crate::rows::{all, becomes, get, go};
use crate::table::ActKind;

/// A slip that was just made: the only moment at which its words are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewSlip {
    /// The words.
    pub words: SlipWords,
    /// Until when it lets somebody in.
    pub until: Instant,
}

impl SignIn {
    /// Makes a slip for `person`, given by `by`. Slips that the person had not used yet are worth nothing from now on.
    pub(super) async fn give(
        &self,
        actor: &Actor,
        by: PersonId,
        person: PersonId,
        kind: SlipKind,
    ) -> Result<NewSlip, SignInError> {
        get::<Person>(&self.shared.store, &person)?.ok_or(SignInError::Gone)?;
        let line = store::AuditEntry {
            actor: actor.to_string(),
            via: actor.via().to_owned(),
            whose: Whose::People(vec![person]),
            ..self.line(ActKind::GiveSlip, by, kind.word())
        };
        let new = Slip {
            person: Some(person),
            by: Some(by),
            made: self.now(),
            until: self.now() + GOOD_FOR,
            used: None,
            kind,
            newer: Newer::default(),
        };
        self.keep(new, line, move |slip| slip.person == Some(person))
            .await
    }

    /// When the newest slip for `person` was made, if there is one.
    pub fn newest_slip(&self, person: PersonId) -> Result<Option<Instant>, SignInError> {
        let slips = all::<Slip>(&self.shared.store)?;
        let of_person = slips.iter().filter(|(_, slip)| slip.person == Some(person));
        Ok(of_person.map(|(_, slip)| slip.made).max())
    }

    /// Keeps a new slip, and takes away the unused ones in whose place it stands.
    async fn keep(
        &self,
        new: Slip,
        line: store::AuditEntry,
        replaces: impl Fn(&Slip) -> bool + Send + 'static,
    ) -> Result<NewSlip, SignInError> {
        let words = SlipWords::drawn(self.random());
        let key = self.slip_key(Turn::Known, &words).await?;
        let old = self.on_card(|store| Ok(all::<Slip>(store)?)).await?;
        let mut rows = go(old
            .iter()
            .filter(|(_, slip)| slip.used.is_none() && replaces(slip)));
        rows.push(becomes(&key, None, Some(&new)));
        self.change(rows, Some(line)).await?;
        Ok(NewSlip {
            words,
            until: new.until,
        })
    }

    /// Lets somebody in with the words of a slip, once.
    pub async fn by_slip(&self, knock: &Knock, typed: &str) -> Result<Entered, SignInError> {
        let (guess, key, slip) = self.typed(knock, typed).await?;
        let slip = slip.ok_or(SignInError::NoSuchSlip)?;
        let person = slip.person.ok_or(SignInError::NoSuchSlip)?;
        slip.good(self.now())?;
        self.limits().right(guess);
        let row = self.used(&key, &slip);
        self.enter(knock, person, WayIn::Slip, vec![row]).await
    }

    /// The slip with the words that somebody typed, if there is one. Counted before anything is hashed.
    async fn typed(&self, knock: &Knock, typed: &str) -> Result<(Guess, Digest, Option<Slip>), SignInError> {
        let words = SlipWords::parse(typed)?;
        let guess = self.limits().code(knock.source, self.moment())?;
        let key = self.slip_key(Turn::Stranger, &words).await?;
        let slip = get::<Slip>(&self.shared.store, &key)?;
        Ok((guess, key, slip))
    }

    fn used(&self, key: &Digest, slip: &Slip) -> RowChange {
        let after = Slip {
            used: Some(self.now()),
            ..slip.clone()
        };
        becomes(key, Some(slip), Some(&after))
    }

    /// By what a slip is found: a hash that is slow, so that a thief of the card cannot try all slips.
    async fn slip_key(&self, turn: Turn, words: &SlipWords) -> Result<Digest, SignInError> {
        let settings = self.settings().await?;
        let salt = Digest::of(&[b"salt of slips", &settings.secret]).half();
        let hash = self.shared.hasher.hash(turn, words.secret(), salt, SLIP).await?;
        Ok(Digest::new(hash))
    }

    /// Makes the code with which the box is claimed, in place of the one before.
    pub(super) async fn new_code(&self, line: store::AuditEntry) -> Result<NewSlip, SignInError> {
        let new = Slip {
            person: None,
            by: None,
            made: self.now(),
            until: self.now() + CLAIM_GOOD_FOR,
            used: None,
            kind: SlipKind::Claim,
            newer: Newer::default(),
        };
        self.keep(new, line, |slip| slip.kind == SlipKind::Claim).await
    }

    /// That the code which somebody typed is used, if it is the one that is in force.
    pub(super) async fn by_code(&self, knock: &Knock, typed: &str) -> Result<RowChange, SignInError> {
        let (guess, key, slip) = self.typed(knock, typed).await?;
        let slip = slip
            .filter(|slip| slip.kind == SlipKind::Claim)
            .ok_or(SignInError::NoSuchCode)?;
        slip.good(self.now()).map_err(|_| SignInError::NoSuchCode)?;
        self.limits().right(guess);
        Ok(self.used(&key, &slip))
    }
}

/// The slips of which nobody needs to know any more.
pub(super) fn forgotten(store: &Store, now: Instant) -> Result<Vec<RowChange>, SignInError> {
    let slips = all::<Slip>(store)?;
    Ok(go(slips.iter().filter(|(_, slip)| slip.is_forgotten(now))))
}
