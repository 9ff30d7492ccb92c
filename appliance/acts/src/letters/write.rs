//! Letters are written, changed and thrown away.

use members::letters::book::{LONGEST_TITLE, OF_LETTERS};
use members::letters::text::LONGEST;
use members::letters::{Letter, Text};
use members::record::Newer;
use members::text;

use crate::act::allowed;
use crate::rows::{all, becomes, get, next_number};
use crate::table::ActKind;
use crate::{ActError, Actor, Acts, Told};

/// The longest words on what a letter is for, and on what demands it.
const LONGEST_REASON: usize = 200;

/// A letter as somebody sends it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The title.
    pub title: String,
    /// The text.
    pub text: String,
    /// What it is for.
    pub purpose: String,
    /// Which law or rule demands it; empty where none does.
    pub demanded: String,
}

impl Draft {
    /// What is wrong with it: with the title, with the text, with what demands it.
    pub fn faults(&self) -> [Option<String>; 3] {
        let sentence = |error: &dyn std::fmt::Display| error.to_string();
        [
            text::line(&self.title, LONGEST_TITLE)
                .err()
                .map(|error| sentence(&error)),
            Text::parse(&self.text).err().map(|error| sentence(&error)),
            text::optional_line(&self.demanded, LONGEST_REASON)
                .err()
                .map(|error| sentence(&error)),
        ]
    }
}

impl Acts {
    /// Every letter, the newest first.
    pub async fn letters(&self, actor: &Actor) -> Result<Vec<(u32, Letter)>, ActError> {
        allowed(actor, ActKind::WriteLetter)?;
        let mut letters = self.on_card(|store| Ok(all::<Letter>(store)?)).await?;
        letters.reverse();
        Ok(letters)
    }

    /// One letter.
    pub async fn letter(&self, actor: &Actor, number: u32) -> Result<Letter, ActError> {
        allowed(actor, ActKind::WriteLetter)?;
        let letter = self
            .on_card(move |store| Ok(get::<Letter>(store, &number)?))
            .await?;
        letter.ok_or_else(|| ActError::NotThere("there is no such letter, or no longer".to_owned()))
    }

    /// Writes a letter, or writes it anew in place of `before`. Gives its number.
    pub async fn write_letter(
        &self,
        actor: &Actor,
        number: Option<u32>,
        before: Option<&Letter>,
        draft: &Draft,
    ) -> Result<u32, ActError> {
        allowed(actor, ActKind::WriteLetter)?;
        if let Some(fault) = draft.faults().into_iter().flatten().next() {
            return Err(ActError::BadInput(fault));
        }
        let bad = |error: text::Unfit| ActError::BadInput(error.to_string());
        let after = Letter {
            title: text::line(&draft.title, LONGEST_TITLE).map_err(bad)?,
            text: text::paragraph(&draft.text, LONGEST).map_err(bad)?,
            purpose: text::optional_line(&draft.purpose, LONGEST_REASON).map_err(bad)?,
            demanded: text::optional_line(&draft.demanded, LONGEST_REASON).map_err(bad)?,
            by: actor.person(),
            at: self.effects.now(),
            newer: before.map_or_else(Newer::default, |before| before.newer.clone()),
        };
        let (number, rows) = match number {
            Some(number) => (number, vec![becomes(&number, before, Some(&after))]),
            None => {
                let (number, given) = self.on_card(|store| Ok(next_number(store, OF_LETTERS)?)).await?;
                (number, vec![given, becomes(&number, None, Some(&after))])
            }
        };
        let told = Told {
            subject: format!("letter {number}"),
            ..Told::default()
        };
        self.keep(actor, ActKind::WriteLetter, rows, told).await?;
        Ok(number)
    }

    /// Throws a letter away. What went out of it stays.
    pub async fn remove_letter(&self, actor: &Actor, number: u32) -> Result<(), ActError> {
        allowed(actor, ActKind::RemoveLetter)?;
        let letter = self.letter(actor, number).await?;
        let told = Told {
            subject: format!("letter {number}"),
            ..Told::default()
        };
        let rows = vec![becomes(&number, Some(&letter), None)];
        self.keep(actor, ActKind::RemoveLetter, rows, told).await
    }
}
