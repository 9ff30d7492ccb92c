//! The acts themselves, and the one table that lists them with the right each needs and its audit sentence.

use std::sync::Arc;

use store::{AuditEntry, Store, StoreError};
use tokio::sync::{Mutex, watch};
use units::DeviceName;

use crate::effects::{Effects, RawRead};
use crate::live::Live;
use crate::look::Look;
use crate::sign_in::SignIn;
use crate::site::{self, Site};
use crate::watching::{self, Watching};
use crate::{Actor, Right};

/// An act that somebody can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActKind {
    /// Give the place another name.
    RenamePlace,
    /// Give a device another label.
    RenameDevice,
    /// Read `site.toml` again.
    Reload,
    /// Read any registers of a device.
    ReadRegisters,
    /// Watch the frames of a bus.
    WatchBus,
    /// Ask for the code that claims the box.
    ShowCode,
    /// Claim the box.
    Claim,
    /// Sign in by passphrase or passkey.
    SignIn,
    /// Sign in with a slip.
    UseSlip,
    /// Sign out on the device where one is.
    SignOut,
    /// Sign out everywhere.
    SignOutEverywhere,
    /// End one's session on another device.
    EndSession,
    /// Have one's name shown on a device, or no longer.
    OfferName,
    /// Choose a passphrase.
    ChoosePassphrase,
    /// Add a passkey.
    AddPasskey,
    /// Take a passkey away.
    RemovePasskey,
    /// Give somebody a slip.
    GiveSlip,
}

/// One row of the table of acts.
#[derive(Debug)]
pub struct ActRow {
    /// Which act.
    pub kind: ActKind,
    /// Its name in the audit.
    pub name: &'static str,
    /// The right it needs.
    pub right: Right,
    /// What the audit says: "somebody at the page … ".
    pub sentence: &'static str,
}

/// Every act there is.
pub const ACTS: [ActRow; 17] = [
    ActRow {
        kind: ActKind::RenamePlace,
        name: "rename-place",
        right: Right::ChangeSite,
        sentence: "gave the place another name",
    },
    ActRow {
        kind: ActKind::RenameDevice,
        name: "rename-device",
        right: Right::ChangeSite,
        sentence: "gave a device another name for people",
    },
    ActRow {
        kind: ActKind::Reload,
        name: "reload",
        right: Right::Reload,
        sentence: "made the box read its configuration again",
    },
    ActRow {
        kind: ActKind::ReadRegisters,
        name: "read-registers",
        right: Right::WatchBus,
        sentence: "read registers of a device in the raw",
    },
    ActRow {
        kind: ActKind::WatchBus,
        name: "watch-bus",
        right: Right::WatchBus,
        sentence: "watched the frames of a bus",
    },
    ActRow {
        kind: ActKind::ShowCode,
        name: "show-code",
        right: Right::ClaimBox,
        sentence: "asked for the code that claims the box",
    },
    ActRow {
        kind: ActKind::Claim,
        name: "claim",
        right: Right::SignIn,
        sentence: "claimed the box",
    },
    ActRow {
        kind: ActKind::SignIn,
        name: "sign-in",
        right: Right::SignIn,
        sentence: "signed in",
    },
    ActRow {
        kind: ActKind::UseSlip,
        name: "use-slip",
        right: Right::SignIn,
        sentence: "signed in with a slip",
    },
    ActRow {
        kind: ActKind::SignOut,
        name: "sign-out",
        right: Right::OwnAccount,
        sentence: "signed out",
    },
    ActRow {
        kind: ActKind::SignOutEverywhere,
        name: "sign-out-everywhere",
        right: Right::OwnAccount,
        sentence: "signed out everywhere",
    },
    ActRow {
        kind: ActKind::EndSession,
        name: "end-session",
        right: Right::OwnAccount,
        sentence: "signed out on another device",
    },
    ActRow {
        kind: ActKind::OfferName,
        name: "offer-name",
        right: Right::OwnAccount,
        sentence: "chose whether a device shows the name",
    },
    ActRow {
        kind: ActKind::ChoosePassphrase,
        name: "choose-passphrase",
        right: Right::OwnAccount,
        sentence: "chose a passphrase",
    },
    ActRow {
        kind: ActKind::AddPasskey,
        name: "add-passkey",
        right: Right::OwnAccount,
        sentence: "added a passkey",
    },
    ActRow {
        kind: ActKind::RemovePasskey,
        name: "remove-passkey",
        right: Right::OwnAccount,
        sentence: "removed a passkey",
    },
    ActRow {
        kind: ActKind::GiveSlip,
        name: "give-slip",
        right: Right::GiveSlips,
        sentence: "gave somebody a slip to sign in with",
    },
];

/// Why an act was not done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// The actor lacks the right.
    #[error("you may not {}. Ask a technician", .0.words())]
    NotAllowed(Right),
    /// What was given is not good.
    #[error("{0}")]
    BadInput(String),
    /// There is no such thing.
    #[error("{0}")]
    NotThere(String),
    /// The store could not write it down.
    #[error("it could not be written down, so it was not done: {0}")]
    Store(#[from] StoreError),
    /// The world refused.
    #[error("{0}")]
    Failed(String),
}

impl From<site::EditError> for ActError {
    fn from(error: site::EditError) -> Self {
        match error {
            site::EditError::NoSuchDevice(_) => Self::NotThere(error.to_string()),
            site::EditError::Faults(_) => Self::BadInput(error.to_string()),
            site::EditError::NotToml(_) => Self::Failed(error.to_string()),
        }
    }
}

/// The acts with what they work on. Cheap to clone.
#[derive(Clone)]
pub struct Acts {
    store: Store,
    effects: Arc<dyn Effects>,
    live: watch::Receiver<Arc<Live>>,
    site: watch::Receiver<Arc<Site>>,
    /// Why nothing that is recorded would be kept, while that is so.
    forgets: Option<Arc<str>>,
    /// Held by whoever changes `site.toml`.
    changing: Arc<Mutex<()>>,
    sign_in: SignIn,
}

impl Acts {
    /// Acts on this store, with this port to the world.
    pub fn new(
        store: Store,
        effects: Arc<dyn Effects>,
        live: watch::Receiver<Arc<Live>>,
        site: watch::Receiver<Arc<Site>>,
    ) -> Self {
        Self {
            sign_in: SignIn::new(store.clone(), Arc::clone(&effects)),
            store,
            effects,
            live,
            site,
            forgets: None,
            changing: Arc::default(),
        }
    }

    /// The same on a store that is forgotten at the end: what changes the site is refused, since there would be no
    /// trace of it.
    pub fn forgetting(self, why: &str) -> Self {
        Self {
            forgets: Some(why.into()),
            ..self
        }
    }

    /// What `actor` may see.
    pub fn look(&self, actor: Actor) -> Look {
        Look::new(
            actor,
            self.store.clone(),
            self.live.borrow().clone(),
            self.site.borrow().clone(),
            self.effects.now(),
        )
    }

    /// The way in for people.
    pub fn sign_in(&self) -> &SignIn {
        &self.sign_in
    }

    /// A sign at every change of what is true now.
    pub fn changes(&self) -> watch::Receiver<Arc<Live>> {
        self.live.clone()
    }

    /// Gives the place another name.
    pub async fn rename_place(&self, actor: &Actor, name: &str) -> Result<String, ActError> {
        allowed(actor, ActKind::RenamePlace)?;
        let name = words_of(name)?;
        let edit = |text: &str| site::rename_place(text, &name);
        self.change_site(actor, ActKind::RenamePlace, "place", &name, edit)
            .await
    }

    /// Gives a device another label for people; its name in channels and addresses stays.
    pub async fn rename_device(&self, actor: &Actor, device: &str, label: &str) -> Result<String, ActError> {
        allowed(actor, ActKind::RenameDevice)?;
        let label = words_of(label)?;
        let edit = |text: &str| site::rename_device(text, device, &label);
        self.change_site(actor, ActKind::RenameDevice, device, &label, edit)
            .await
    }

    /// Reads `site.toml` again; on a bad file the old one stays in force. It is recorded first, and not done when that
    /// fails.
    pub async fn reload(&self, actor: &Actor) -> Result<String, ActError> {
        allowed(actor, ActKind::Reload)?;
        self.record(actor, ActKind::Reload, "site.toml", "").await?;
        self.effects.reload().await.map_err(ActError::Failed)
    }

    /// Asks a device for any registers, between the ordinary polls; not one whose values the actor may not see.
    pub async fn read_registers(&self, actor: &Actor, question: RawRead) -> Result<Vec<u16>, ActError> {
        allowed(actor, ActKind::ReadRegisters)?;
        self.readable(actor, &question)?;
        let detail = format!(
            "unit {}, {} registers from 0x{:04x}",
            question.unit, question.count, question.address
        );
        self.record(actor, ActKind::ReadRegisters, question.bus.as_str(), &detail)
            .await?;
        self.effects.read(question).await.map_err(ActError::Failed)
    }

    fn readable(&self, actor: &Actor, question: &RawRead) -> Result<(), ActError> {
        let RawRead { bus, unit, .. } = question;
        let site = self.site.borrow();
        if !site.buses.iter().any(|known| known.name == *bus) {
            let sentence = format!("there is no bus called {bus}. `hearth status` lists them");
            return Err(ActError::NotThere(sentence));
        }
        let mut kept = watching::kept(&site, bus, actor).peekable();
        if kept.peek().is_none() || watching::seen(&site, bus, actor).any(|seen| seen == *unit) {
            return Ok(());
        }
        tracing::warn!(%actor, %bus, unit, "was not let read what is kept for a household");
        Err(ActError::NotThere(if kept.any(|kept| kept == *unit) {
            format!("what unit {unit} on {bus} measures is kept for its household, and read for nobody else")
        } else {
            // Many devices answer to addresses that are not theirs.
            format!(
                "there is no unit {unit} on {bus} in site.toml, and where a household's meter is on the bus, only \
                 listed devices are read. Add it to site.toml first"
            )
        }))
    }

    /// Frames of a bus from now on, without the values of devices that the actor may not see.
    pub async fn watch_bus(&self, actor: &Actor, bus: &DeviceName) -> Result<Watching, ActError> {
        allowed(actor, ActKind::WatchBus)?;
        let frames = self.effects.watch(bus).map_err(ActError::NotThere)?;
        self.record(actor, ActKind::WatchBus, bus.as_str(), "").await?;
        Ok(Watching::new(frames, self.site.clone(), bus, actor))
    }

    /// Writes the new file, then the audit line, then goes on with the new file. When the audit line cannot be
    /// written, the old file is put back, so that nothing changes without a trace.
    async fn change_site(
        &self,
        actor: &Actor,
        kind: ActKind,
        subject: &str,
        detail: &str,
        edit: impl FnOnce(&str) -> Result<String, site::EditError>,
    ) -> Result<String, ActError> {
        if let Some(why) = &self.forgets {
            let sentence = format!("nothing can be changed while nothing can be recorded: {why}");
            return Err(ActError::Failed(sentence));
        }
        // From the first look at the file to its end: of two changes at once neither is lost, and what is put back
        // is what was there before.
        let _turn = self.changing.lock().await;
        let before = self.effects.site_text().map_err(ActError::Failed)?;
        let edited = edit(&before)?;
        self.effects.write_site(&edited).map_err(ActError::Failed)?;
        if let Err(error) = self.record(actor, kind, subject, detail).await {
            self.effects.write_site(&before).map_err(ActError::Failed)?;
            return Err(error);
        }
        self.effects.reload().await.map_err(ActError::Failed)
    }

    async fn record(
        &self,
        actor: &Actor,
        kind: ActKind,
        subject: &str,
        detail: &str,
    ) -> Result<(), ActError> {
        let entry = AuditEntry {
            actor: actor.to_string(),
            via: actor.via().to_owned(),
            subject: subject.to_owned(),
            detail: detail.to_owned(),
            ..AuditEntry::new(self.effects.now(), row(kind).name)
        };
        // Writing waits for the card, which must hold up no other task.
        let store = self.store.clone();
        let written = tokio::task::spawn_blocking(move || store.audit(entry)).await;
        written.map_err(|_| ActError::Failed("the box is being stopped".to_owned()))??;
        Ok(())
    }
}

/// The row of an act.
pub(crate) fn row(kind: ActKind) -> &'static ActRow {
    ACTS.iter().find(|row| row.kind == kind).unwrap_or(&ACTS[0])
}

fn allowed(actor: &Actor, kind: ActKind) -> Result<(), ActError> {
    let right = row(kind).right;
    if actor.may(right) {
        return Ok(());
    }
    // A line of the log and none of the record: nothing was changed, and whoever is refused must not fill the card.
    tracing::warn!(%actor, act = row(kind).name, "was refused an act");
    Err(ActError::NotAllowed(right))
}

/// What a person wrote as a name: one line, 1 to 60 letters.
fn words_of(text: &str) -> Result<String, ActError> {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 {
        return Err(ActError::BadInput("Write a name; it is empty now".to_owned()));
    }
    if length > 60 {
        return Err(ActError::BadInput(format!(
            "The name has {length} letters; write at most 60"
        )));
    }
    if site::signs::unfit(text).is_some() {
        return Err(ActError::BadInput(
            "The name holds a sign that cannot be shown; write it again".to_owned(),
        ));
    }
    Ok(text.to_owned())
}
