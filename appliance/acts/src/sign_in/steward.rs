//! Letting others in: who may give slips to whom, and how the first steward claims the box.

use members::book::OF_PEOPLE;
use members::credential::session::WayIn;
use members::credential::slip::SlipKind;
use members::credential::{Passkey, Passphrase};
use members::person::Person;
use members::record::{Kept, Newer};
use members::role::Duty;
use store::AuditEntry;
use units::PersonId;

use super::{Entered, Knock, NewSlip, SignInError, Who};
use crate::act::allowed;
use crate::data::name_of;
use crate::doors::{BoxName, NameRefused};
use crate::people::about;
use crate::roles::{STEWARD, rights_of};
use crate::rows::{becomes, next_number};
use crate::table::{ActKind, row};
use crate::{ActError, Actor, Acts};

impl Acts {
    /// Somebody who is signed in, with what they may do beyond what everybody may.
    pub fn member(&self, who: &Who) -> Result<Actor, SignInError> {
        Ok(Actor::Member {
            person: who.person,
            rights: rights_of(&self.store, who.person)?,
        })
    }

    /// What somebody is called who is to get a slip. That somebody looked is recorded, since it tells who is in the book.
    pub async fn name_for_slip(&self, actor: &Actor, person: PersonId) -> Result<String, ActError> {
        allowed(actor, ActKind::LookForSlip)?;
        let name = self.on_card(move |store| name_of(store, person)).await?;
        self.keep(actor, ActKind::LookForSlip, Vec::new(), about(person, ""))
            .await?;
        Ok(name)
    }

    /// Makes a slip with which `person` signs in. Nobody can let somebody in who may do more than they.
    pub async fn give_slip(
        &self,
        actor: &Actor,
        person: PersonId,
        kind: SlipKind,
    ) -> Result<NewSlip, SignInError> {
        let Some(by) = actor.person() else {
            return Err(refused(actor, ActKind::GiveSlip));
        };
        if !actor.may(row(ActKind::GiveSlip).right) {
            return Err(refused(actor, ActKind::GiveSlip));
        }
        if !rights_of(&self.store, person)?
            .iter()
            .all(|right| actor.may(*right))
        {
            return Err(SignInError::MayMore);
        }
        self.sign_in().give(actor, by, person, kind).await
    }

    /// Whether somebody takes charge of the box: as long as nobody in the book can sign in, nobody does.
    pub fn is_claimed(&self) -> Result<bool, SignInError> {
        let store = &self.sign_in().shared.store;
        for table in [Passphrase::TABLE, Passkey::TABLE] {
            if !store.rows(table, (&[], None), 1)?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The code with which the box is claimed, for whoever is at the machine itself. The one before ends.
    pub async fn show_code(&self, actor: &Actor) -> Result<NewSlip, SignInError> {
        if !actor.may(row(ActKind::ShowCode).right) {
            return Err(refused(actor, ActKind::ShowCode));
        }
        if self.is_claimed()? {
            return Err(SignInError::Claimed);
        }
        let line = AuditEntry {
            actor: actor.to_string(),
            via: actor.via().to_owned(),
            ..AuditEntry::new(self.sign_in().now(), row(ActKind::ShowCode).name)
        };
        self.sign_in().new_code(line).await
    }

    /// Whoever has the code takes charge of the box: they come into the book under `name`, and are signed in. From then
    /// on the box is `called` so on the network, where it is reached by one.
    pub async fn claim(
        &self,
        knock: &Knock,
        typed: &str,
        name: &str,
        called: Option<&str>,
    ) -> Result<Entered, SignInError> {
        let door = self.sign_in();
        if self.is_claimed()? {
            return Err(SignInError::Claimed);
        }
        let steward = Person::named(name, door.now())?;
        let called = called.map(BoxName::parse).transpose()?;
        let used = door.by_code(knock, typed).await?;
        // Only somebody with the code sets the box asking around.
        if let Some(name) = &called
            && self.effects.name_is_taken(name).await
        {
            return Err(NameRefused::Taken(name.clone()).into());
        }
        let (number, given) = door.on_card(|store| Ok(next_number(store, OF_PEOPLE)?)).await?;
        let person = PersonId::new(number);
        let duty = Duty {
            roles: [STEWARD.to_owned()].into(),
            newer: Newer::default(),
        };
        let rows = vec![
            used,
            given,
            becomes(&person, None, Some(&steward)),
            becomes(&person, None, Some(&duty)),
        ];
        let entered = door.enter(knock, person, WayIn::Claim, rows).await?;
        if let Some(name) = called
            && let Err(error) = self.take_name(name).await
        {
            // They have taken charge, and can choose the name again.
            tracing::error!(%error, "the box keeps the name it had");
        }
        Ok(entered)
    }
}

fn refused(actor: &Actor, kind: ActKind) -> SignInError {
    tracing::warn!(%actor, act = row(kind).name, "was refused an act");
    SignInError::NotAllowed(row(kind).right)
}
