//! Notices: nobody is suspended or removed for arrears without one, and whoever gets one can object.

use jiff::civil::Date;
use members::credential::Digest;
use members::membership::{Membership, NoMove, Notice};
use members::text;
use units::PersonId;

use super::{LONGEST, no_membership, refused, unchanged};
use crate::act::{ActError, allowed};
use crate::book::Told;
use crate::people::{Saved, about, nobody};
use crate::rows::becomes;
use crate::table::ActKind;
use crate::{Actor, Acts};

impl Acts {
    /// Gives notice that a membership may be suspended or ended, with the last day to object.
    pub async fn give_notice(
        &self,
        actor: &Actor,
        id: PersonId,
        (until, why): (Date, &str),
        looked_at: &Digest,
    ) -> Result<Saved, ActError> {
        allowed(actor, ActKind::GiveNotice)?;
        let why = match text::paragraph(why, LONGEST) {
            Ok(why) => why,
            Err(unfit) => return Ok(refused("notice-why", &unfit)),
        };
        let today = self.day_here();
        let noticed = |before: &Membership| before.noticed(today, until, &why);
        let what = (ActKind::GiveNotice, "notice given", Some(why.clone()), "until");
        self.with_membership(actor, id, what, looked_at, noticed).await
    }

    /// Writes down what was decided on an objection.
    pub async fn hear(
        &self,
        actor: &Actor,
        id: PersonId,
        words: &str,
        looked_at: &Digest,
    ) -> Result<Saved, ActError> {
        allowed(actor, ActKind::GiveNotice)?;
        let words = match text::paragraph(words, LONGEST) {
            Ok(words) => words,
            Err(unfit) => return Ok(refused("heard", &unfit)),
        };
        let what = (
            ActKind::GiveNotice,
            "objection heard",
            Some(words.clone()),
            "heard",
        );
        let heard = |notice: &mut Notice| notice.heard = Some(words);
        let change = |before: &Membership| before.with_notice(heard);
        self.with_membership(actor, id, what, looked_at, change).await
    }

    /// Takes the notice that runs back: it was paid, or the objection was right.
    pub async fn close_notice(
        &self,
        actor: &Actor,
        id: PersonId,
        looked_at: &Digest,
    ) -> Result<Saved, ActError> {
        allowed(actor, ActKind::GiveNotice)?;
        let today = self.day_here();
        let what = (ActKind::GiveNotice, "notice taken back", None, "until");
        let change = |before: &Membership| before.with_notice(|notice| notice.closed = Some(today));
        self.with_membership(actor, id, what, looked_at, change).await
    }

    /// Somebody objects to the notice that they were given.
    pub async fn object(&self, actor: &Actor, words: &str, looked_at: &Digest) -> Result<Saved, ActError> {
        allowed(actor, ActKind::Object)?;
        let id = actor.person().ok_or_else(nobody)?;
        let words = match text::paragraph(words, LONGEST) {
            Ok(words) => words,
            Err(unfit) => return Ok(refused("objection", &unfit)),
        };
        let today = self.day_here();
        let change = |before: &Membership| {
            if let Some(over) = before
                .notice()
                .map(|notice| notice.until)
                .filter(|until| *until < today)
            {
                return Err(NoMove::ObjectionLate(over));
            }
            before.with_notice(|notice| {
                notice.objection = Some(words);
                notice.heard = None;
            })
        };
        let what = (ActKind::Object, "", None, "objection");
        self.with_membership(actor, id, what, looked_at, change).await
    }

    async fn with_membership(
        &self,
        actor: &Actor,
        id: PersonId,
        (kind, detail, why, input): (ActKind, &str, Option<String>, &str),
        looked_at: &Digest,
        change: impl FnOnce(&Membership) -> Result<Membership, NoMove>,
    ) -> Result<Saved, ActError> {
        let whole = self.whole().await?;
        let before = unchanged(&whole, id, looked_at)?.ok_or_else(no_membership)?;
        let after = match change(before) {
            Ok(after) => after,
            Err(why) => return Ok(refused(input, &why)),
        };
        let rows = vec![becomes(&id, Some(before), Some(&after))];
        let told = Told {
            why,
            ..about(id, detail)
        };
        self.keep(actor, kind, rows, told).await?;
        Ok(Saved::Kept(()))
    }
}
