//! Labels, lists to sign and membership cards: who is on them.

use std::collections::BTreeSet;
use std::sync::Arc;

use members::book::Book;
use members::letters::Choice;
use members::person::Person;
use store::Whose;
use units::PersonId;

use super::chosen::Chosen;
use super::whose;
use crate::act::allowed;
use crate::table::{ActKind, row};
use crate::{ActError, Actor, Acts, Told};

/// People to be printed.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Who, in the order of names.
    pub people: Vec<PersonId>,
    /// The book.
    pub book: Arc<Book>,
}

impl Acts {
    /// The choices that are offered: all members, everybody, who owes something, each class, each tag, each search that is
    /// kept. It says of nobody what they are.
    pub async fn choices(&self, actor: &Actor) -> Result<Vec<Choice>, ActError> {
        allowed(actor, ActKind::LookReach)?;
        let book = self.book().await?;
        let tags: BTreeSet<String> = book
            .people
            .values()
            .flat_map(|person| person.tags.iter().cloned())
            .collect();
        let members = book
            .memberships
            .values()
            .filter(|membership| membership.is_member());
        let classes: BTreeSet<String> = members.map(|membership| membership.class().to_owned()).collect();
        let mut choices = vec![Choice::Members, Choice::Everybody];
        if actor.may(row(ActKind::Remind).right) && actor.may(row(ActKind::ListArrears).right) {
            choices.push(Choice::Owing);
        }
        choices.extend(
            classes
                .into_iter()
                .filter(|class| !class.is_empty())
                .map(Choice::Class),
        );
        choices.extend(tags.into_iter().map(Choice::Tag));
        let searches = self.searches_for(actor).await?;
        choices.extend(searches.into_iter().map(Choice::Search));
        Ok(choices)
    }

    /// Whose card has this number, and whether they are a member now. That somebody looked is recorded.
    pub async fn card(&self, actor: &Actor, number: u32) -> Result<Option<(String, bool)>, ActError> {
        allowed(actor, ActKind::LookPerson)?;
        let book = self.book().await?;
        let mut with = book
            .memberships
            .iter()
            .filter(|(_, membership)| membership.number == Some(number));
        let Some((id, membership)) = with.next() else {
            return Ok(None);
        };
        let told = Told {
            subject: id.to_string(),
            whose: Whose::People(vec![*id]),
            detail: "by the card".to_owned(),
            ..Told::default()
        };
        self.keep(actor, ActKind::LookPerson, Vec::new(), told).await?;
        let name = book
            .people
            .get(id)
            .map(|person| person.name.clone())
            .unwrap_or_default();
        Ok(Some((name, membership.is_member())))
    }

    /// Who is chosen, to be printed on `what`. That somebody printed it is recorded.
    pub async fn print_list(&self, actor: &Actor, choice: &Choice, what: &str) -> Result<Listed, ActError> {
        allowed(actor, ActKind::PrintList)?;
        let Chosen {
            book, people: chosen, ..
        } = self.chosen(actor, choice).await?;
        let told = Told {
            whose: whose(&chosen),
            detail: format!("{what}, {} people", chosen.len()),
            ..Told::default()
        };
        self.keep(actor, ActKind::PrintList, Vec::new(), told).await?;
        let mut people: Vec<PersonId> = chosen.into_iter().collect();
        people.sort_by_cached_key(|id| (book.people.get(id).map(Person::sorted_under), *id));
        Ok(Listed { people, book })
    }
}
