//! The whole members' book on its way out of the box, as one table. It takes two people: one asks, and makes the copy
//! after another has agreed.

use members::import::own;
use members::sheet::write::Csv;
use store::Whose;

use crate::act::{ActError, allowed};
use crate::roles::change::reason;
use crate::table::{ActKind, row};
use crate::together::{WaitingView, Wish};
use crate::{Actor, Acts, Together};

/// What became of the wish to take the whole book out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Export {
    /// Here it is.
    Table(Csv),
    /// It waits for a second person, under this number.
    Waits(u32),
}

impl Acts {
    /// What the actor has asked for and is still to take, or waits for another to agree.
    pub async fn export_asked(&self, actor: &Actor) -> Result<Option<WaitingView>, ActError> {
        allowed(actor, ActKind::ExportAll)?;
        let name = row(ActKind::ExportAll).name;
        let waiting = self.waiting(actor).await?.into_iter();
        let mut mine = waiting.filter(|waiting| waiting.mine && waiting.act == name);
        Ok(mine.next())
    }

    /// The whole book as a table, if two people want it so; else it waits for the second. Everybody whose data it is can
    /// read that it was done, and why.
    pub async fn export_all(&self, actor: &Actor, why: &str) -> Result<Export, ActError> {
        let asked = self.export_asked(actor).await?;
        let why = match asked.filter(|asked| asked.agreed) {
            Some(agreed) => agreed.why,
            None => Some(reason(why)?.ok_or_else(|| {
                let sentence = "Say why the book is taken out: everybody in it can read your reason";
                ActError::BadInput(sentence.to_owned())
            })?),
        };
        let wish = Wish {
            words: "takes the whole members' book out of the box as a table".to_owned(),
            subject: "members' book".to_owned(),
            whose: Whose::Everybody,
            why,
            ..Wish::default()
        };
        match self.together(actor, ActKind::ExportAll, wish).await? {
            Together::Waits(number) => Ok(Export::Waits(number)),
            Together::Done => {
                let whole = self.whole().await?;
                Ok(Export::Table(own::export(&whole.book, &whole.house)))
            }
        }
    }
}
