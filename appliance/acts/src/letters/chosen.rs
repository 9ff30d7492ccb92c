//! Who is chosen for a letter or a list: by the book, by what people owe, by a search that is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use members::book::Book;
use members::letters::Choice;
use members::money::{Channel, Payer};
use units::PersonId;

use crate::act::allowed;
use crate::table::ActKind;
use crate::{ActError, Actor, Acts};

/// Those who are chosen.
pub(super) struct Chosen {
    /// The book in which they were found.
    pub(super) book: Arc<Book>,
    /// Who.
    pub(super) people: BTreeSet<PersonId>,
    /// What they owe, where that is why.
    pub(super) owed: BTreeMap<PersonId, String>,
    /// Who is reminded once they are written to, and by which way.
    pub(super) reminded: Vec<(Payer, Channel)>,
}

impl Chosen {
    /// The same, with what a steward says that people owe; where the money said it already, it stays.
    pub(super) fn owing(self, said: BTreeMap<PersonId, String>) -> Self {
        let owed = if self.owed.is_empty() { said } else { self.owed };
        Self { owed, ..self }
    }
}

impl Acts {
    /// Who is chosen now.
    pub(super) async fn chosen(&self, actor: &Actor, choice: &Choice) -> Result<Chosen, ActError> {
        let (book, people) = match choice {
            Choice::Owing => return self.owing_now(actor).await,
            Choice::Search(name) => {
                let (book, meant) = self.meant_by(actor, name).await?;
                let alive = Choice::People(meant).of(&book);
                (book, alive)
            }
            by_the_book => {
                let book = self.book().await?;
                let people = by_the_book.of(&book);
                (book, people)
            }
        };
        Ok(Chosen {
            book,
            people,
            owed: BTreeMap::new(),
            reminded: Vec::new(),
        })
    }

    /// Whoever is to be reminded now.
    async fn owing_now(&self, actor: &Actor) -> Result<Chosen, ActError> {
        allowed(actor, ActKind::Remind)?;
        let (money, due) = self.reminders(actor).await?;
        let owed = due
            .iter()
            .map(|one| (one.person, one.owes.standing.owed.to_string()));
        Ok(Chosen {
            book: money.book,
            people: due.iter().map(|one| one.person).collect(),
            owed: owed.collect(),
            reminded: due.iter().map(|one| (one.owes.payer, one.channel)).collect(),
        })
    }
}
