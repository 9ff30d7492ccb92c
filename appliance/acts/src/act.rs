//! The acts upon the site, and what all acts share: who may, and the line in the record.

use std::sync::Arc;

use store::{Store, StoreError};
use tokio::sync::{Mutex, Notify, watch};
use units::DeviceName;

use crate::book::Told;
use crate::effects::{Effects, RawRead};
use crate::live::Live;
use crate::look::Look;
use crate::rows::RowError;
use crate::sign_in::SignIn;
use crate::site::{self, Site};
use crate::table::{ActKind, row};
use crate::watching::{self, Watching};
use crate::{Actor, Right};

/// Why an act was not done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// The actor lacks the right.
    #[error("you may not {}. Ask somebody whose role allows it", .0.words())]
    NotAllowed(Right),
    /// What was given is not good.
    #[error("{0}")]
    BadInput(String),
    /// There is no such thing.
    #[error("{0}")]
    NotThere(String),
    /// Somebody else was faster: what was looked at is no more what is there.
    #[error(
        "Somebody else changed this while you were looking at it. Nothing of yours was lost: look at it as it is now, then change it again"
    )]
    Conflict,
    /// It takes two people of the book, and the actor is none of them.
    #[error("this takes two people of the members' book. Sign in at the page as one who may {}", .0.words())]
    TakesTwo(Right),
    /// Nobody agrees to what they asked for themselves.
    #[error("You asked for this yourself, so somebody else must agree to it. You can take it back")]
    OwnWish,
    /// Nobody makes their own rights larger alone.
    #[error(
        "Nobody gives themselves more rights alone. Give somebody else a role that may give and take roles; then one of you asks and the other agrees"
    )]
    OwnRights,
    /// The last person who may give roles would be gone.
    #[error(
        "Then nobody would be left who may give and take roles and who can sign in. Give somebody else such a role first"
    )]
    LastSteward,
    /// The store could not write it down.
    #[error("it could not be written down, so it was not done: {0}")]
    Store(StoreError),
    /// The world refused.
    #[error("{0}")]
    Failed(String),
}

impl From<StoreError> for ActError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict { .. } => Self::Conflict,
            other => Self::Store(other),
        }
    }
}

impl From<RowError> for ActError {
    fn from(error: RowError) -> Self {
        match error {
            RowError::Store(error) => error.into(),
            RowError::Damaged(damaged) => Self::Failed(damaged.to_string()),
        }
    }
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
    pub(crate) store: Store,
    pub(crate) effects: Arc<dyn Effects>,
    live: watch::Receiver<Arc<Live>>,
    pub(crate) site: watch::Receiver<Arc<Site>>,
    /// Why nothing that is recorded would be kept, while that is so.
    forgets: Option<Arc<str>>,
    /// Held by whoever changes `site.toml`.
    changing: Arc<Mutex<()>>,
    /// Held from the look at who may give roles until roles have changed.
    pub(crate) deciding: Arc<std::sync::Mutex<()>>,
    sign_in: SignIn,
    /// Wakes whoever carries e-mail.
    pub(crate) mail: Arc<Notify>,
    /// Tables that were handed in and not yet read in.
    pub(crate) waiting: crate::import::Waiting,
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
            deciding: Arc::default(),
            mail: Arc::default(),
            waiting: crate::import::Waiting::default(),
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
        let told = Told {
            subject: subject.to_owned(),
            detail: detail.to_owned(),
            ..Told::default()
        };
        self.keep(actor, kind, Vec::new(), told).await
    }
}

/// That the actor has the right which an act needs.
pub(crate) fn allowed(actor: &Actor, kind: ActKind) -> Result<(), ActError> {
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
