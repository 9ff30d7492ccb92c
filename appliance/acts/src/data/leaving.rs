//! Leaving by oneself; and the names of those who chose to be seen by other members.

use members::membership::{Membership, Move, Status};
use members::person::Listing;
use store::Whose;

use super::own::oneself;
use crate::act::ActError;
use crate::book::Told;
use crate::rows::{becomes, get};
use crate::table::ActKind;
use crate::{Actor, Acts};

impl Acts {
    /// The actor's membership, if they have or had one.
    pub async fn my_membership(&self, actor: &Actor) -> Result<Option<Membership>, ActError> {
        let person = oneself(actor)?;
        self.on_card(move |store| Ok(get::<Membership>(store, &person)?))
            .await
    }

    /// The actor leaves, or takes an application back. A steward can undo it by admitting them again.
    pub async fn leave(&self, actor: &Actor, why: &str) -> Result<(), ActError> {
        let person = oneself(actor)?;
        let why =
            members::text::optional_paragraph(why, 500).map_err(|why| ActError::BadInput(why.to_string()))?;
        let before = self.my_membership(actor).await?;
        let before = before.ok_or_else(|| ActError::NotThere("you are no member here".to_owned()))?;
        let step = Move {
            to: Status::Left,
            class: None,
            on: self.today(),
            why,
            by: None,
            at: self.effects.now(),
        };
        let after = before
            .moved(step)
            .map_err(|why| ActError::BadInput(why.to_string()))?;
        let told = Told {
            whose: Whose::People(vec![person]),
            ..Told::default()
        };
        let row = becomes(&person, Some(&before), Some(&after));
        self.keep(actor, ActKind::Leave, vec![row], told).await
    }

    /// The names of members who chose that other members may see them, in the order of lists. Only members see it.
    pub async fn directory(&self, actor: &Actor) -> Result<Vec<String>, ActError> {
        let person = oneself(actor)?;
        let book = self.book().await?;
        if !book.is_member(person) {
            return Err(ActError::NotThere("this list is for members".to_owned()));
        }
        let mut listed: Vec<_> = book
            .people
            .iter()
            .filter(|(id, person)| person.listing == Listing::Name && book.is_member(**id))
            .map(|(_, person)| (person.sorted_under(), person.name.clone()))
            .collect();
        listed.sort();
        Ok(listed.into_iter().map(|(_, name)| name).collect())
    }
}
