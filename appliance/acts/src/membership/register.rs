//! The statutory register of members, as it may be inspected: everything but other people's shares.

use members::record::Newer;
use members::register::{Entry, INSPECTION, Inspection};
use store::Whose;

use crate::act::{ActError, allowed};
use crate::book::{Told, book};
use crate::rows::{all, becomes, get};
use crate::table::ActKind;
use crate::together::Wish;
use crate::{Actor, Acts, Right, Together};

/// The register as somebody may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterSeen {
    /// The entries, in the order in which people became members. Shares are 0 but in one's own.
    pub entries: Vec<(u32, Entry)>,
    /// Whether members may inspect it.
    pub open: bool,
}

impl Acts {
    /// Looks into the register: a member where the house has opened it, or whoever may look into the book.
    pub async fn register(&self, actor: &Actor) -> Result<RegisterSeen, ActError> {
        allowed(actor, ActKind::LookRegister)?;
        let (entries, open, member) = {
            let who = actor.person();
            self.on_card(move |store| {
                let rule = get::<Inspection>(store, &INSPECTION.to_owned())?;
                let member = match who {
                    Some(who) => book(store)?.is_member(who),
                    None => false,
                };
                Ok((all::<Entry>(store)?, rule.is_some_and(|rule| rule.open), member))
            })
            .await?
        };
        if !actor.may(Right::LookPeople) {
            if !open {
                let sentence = "The register is not open to members here. Where the law gives you the right to see it, \
                                a steward opens it";
                return Err(ActError::NotThere(sentence.to_owned()));
            }
            if !member {
                let sentence =
                    "The register can be inspected by members, and you are none now. Ask a steward";
                return Err(ActError::NotThere(sentence.to_owned()));
            }
        }
        let told = Told {
            whose: Whose::Everybody,
            detail: format!("{} entries", entries.len()),
            ..Told::default()
        };
        self.keep(actor, ActKind::LookRegister, Vec::new(), told).await?;
        let own = actor.person();
        let mut entries: Vec<(u32, Entry)> = entries
            .into_iter()
            .map(|(number, entry)| {
                let shares = if Some(entry.person) == own {
                    entry.shares
                } else {
                    0
                };
                (number, Entry { shares, ..entry })
            })
            .collect();
        entries.sort_by_key(|(number, entry)| (entry.entered, *number));
        Ok(RegisterSeen { entries, open })
    }

    /// Opens the register to members, or closes it, once a second person agrees: it tells members of everybody.
    pub async fn open_register(&self, actor: &Actor, open: bool) -> Result<Together, ActError> {
        allowed(actor, ActKind::OpenRegister)?;
        let key = INSPECTION.to_owned();
        let before = self
            .on_card(|store| Ok(get::<Inspection>(store, &INSPECTION.to_owned())?))
            .await?;
        let after = Inspection {
            open,
            newer: before
                .as_ref()
                .map_or_else(Newer::default, |before| before.newer.clone()),
        };
        let (words, detail) = if open {
            ("the register of members is opened to members", "open")
        } else {
            ("the register of members is closed to members", "closed")
        };
        let wish = Wish {
            rows: vec![becomes(&key, before.as_ref(), Some(&after))],
            words: words.to_owned(),
            detail: detail.to_owned(),
            ..Wish::default()
        };
        self.together(actor, ActKind::OpenRegister, wish).await
    }
}
