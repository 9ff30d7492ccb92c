//! Backups: having one made, and the recovery phrase that opens them. The box keeps the public half of its key; the phrase is
//! told once, to whoever asked for it, and is nowhere afterwards.

use store::age::Identity;
use store::backup::{BoxKey, phrase};
use store::{Store, StoreError, Whose};

use crate::act::{ActError, allowed};
use crate::roles::change::reason;
use crate::table::{ActKind, row};
use crate::together::{WaitingView, Wish};
use crate::{Actor, Acts, Together, Told};

/// The name of the store's small value: the number of the box, then the public half of the key.
const KEY: &str = "backup/key";

/// What became of the wish for a new recovery phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewPhrase {
    /// Here it is, once.
    Words(String),
    /// It waits for a second person, under this number.
    Waits(u32),
}

/// By what the box's backups are known, and to whom they are sealed; nothing until there is a recovery phrase.
pub fn key(store: &Store) -> Result<Option<BoxKey>, StoreError> {
    let bytes = store.get_meta(KEY)?;
    Ok(bytes.as_deref().and_then(|bytes| {
        let (of_box, recipient) = bytes.split_first_chunk::<16>()?;
        Some(BoxKey {
            of_box: *of_box,
            recipient: store::age::Recipient::from_bytes(recipient.try_into().ok()?),
        })
    }))
}

impl Acts {
    /// Has a backup made now. Whoever asks hears at once that it was begun; how it goes stands in what is true now.
    pub async fn back_up(&self, actor: &Actor) -> Result<(), ActError> {
        allowed(actor, ActKind::BackUp)?;
        if self.on_card(|store| Ok(key(store)?)).await?.is_none() {
            let sentence = "there is no recovery phrase yet, so nobody could open a backup. A steward makes one at the page, \
                            under The box, Backups";
            return Err(ActError::BadInput(sentence.to_owned()));
        }
        let told = Told {
            subject: "backup".to_owned(),
            ..Told::default()
        };
        match self.keep(actor, ActKind::BackUp, Vec::new(), told).await {
            // A card that takes nothing more is when a backup is needed most; what is read of it changes nothing.
            Err(ActError::Store(error)) if error.is_of_the_card() => {
                tracing::warn!(%actor, "has a backup made, and the record cannot be written");
            }
            kept => kept?,
        }
        self.effects.back_up().map_err(ActError::Failed)
    }

    /// Whether there is a recovery phrase, and what the actor has asked for and is still to take, or waits for another to
    /// agree.
    pub async fn phrase_asked(&self, actor: &Actor) -> Result<(bool, Option<WaitingView>), ActError> {
        allowed(actor, ActKind::NewRecoveryPhrase)?;
        let name = row(ActKind::NewRecoveryPhrase).name;
        let waiting = self.waiting(actor).await?.into_iter();
        let mut mine = waiting.filter(|waiting| waiting.mine && waiting.act == name);
        let there = self.on_card(|store| Ok(key(store)?)).await?.is_some();
        Ok((there, mine.next()))
    }

    /// Makes a new recovery phrase, if two people want it so; else it waits for the second. Backups from now on are opened
    /// by it, older ones by the one before.
    pub async fn new_recovery_phrase(&self, actor: &Actor, why: &str) -> Result<NewPhrase, ActError> {
        let (_, asked) = self.phrase_asked(actor).await?;
        let why = match asked.filter(|asked| asked.agreed) {
            Some(agreed) => agreed.why,
            None => reason(why)?,
        };
        let wish = Wish {
            words: "makes a new recovery phrase, which opens all backups from then on".to_owned(),
            subject: "backups".to_owned(),
            whose: Whose::Nobody,
            why,
            ..Wish::default()
        };
        match self.together(actor, ActKind::NewRecoveryPhrase, wish).await? {
            Together::Waits(number) => Ok(NewPhrase::Waits(number)),
            Together::Done => {
                let random = |bytes: &mut [u8]| self.effects.random(bytes);
                let secret = Identity::draw(&mut { random });
                let mut number = [0; 16];
                self.effects.random(&mut number);
                let public = secret.recipient();
                self.on_card(move |store| {
                    // The box stays the one that it is.
                    let of_box = key(store)?.map_or(number, |known| known.of_box);
                    let bytes = [of_box.as_slice(), public.bytes()].concat();
                    Ok(store.put_meta(KEY, &bytes)?)
                })
                .await?;
                Ok(NewPhrase::Words(phrase(&secret)))
            }
        }
    }
}
