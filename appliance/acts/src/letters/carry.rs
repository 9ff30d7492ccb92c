//! E-mails are carried: one after the other, each once, and what became of it is written down before the next.
//!
//! What is written after the server took it could be lost with the power; then the letter goes out again. It has the same
//! number in its head each time, so that mail programs and servers can tell that it is one letter.

use members::book::Book;
use members::household::Household;
use members::letters::deal::mailed;
use members::letters::fill::fill;
use members::letters::mail::Tried;
use members::letters::names::joined;
use members::letters::{Mail, MailServer, MailState, Run, Text};
use members::membership::Membership;
use members::person::Person;
use store::{Store, Whose};
use units::{Instant, PersonId};

use super::mail_server;
use crate::effects::Later;
use crate::rows::{RowError, all, becomes, get};
use crate::table::ActKind;
use crate::{ActError, Actor, Acts, Told};

/// So many are looked up at once.
const AT_ONCE: usize = 50;
/// How often a row that changed meanwhile is read again.
const READ_AGAIN: usize = 3;

/// An e-mail ready to be carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// By what it is known again: the same in every try.
    pub id: String,
    /// The sender's name.
    pub from_name: String,
    /// For whom, by name.
    pub to_name: String,
    /// Where to.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// What it says.
    pub body: String,
}

/// What came of carrying one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carried {
    /// The server took it.
    Taken,
    /// The server wants it later.
    NotNow(String),
    /// The server never wants it.
    Never(String),
    /// The server cannot be reached, or lets nobody in: the others need not be tried now.
    ServerDown(String),
}

/// Who carries e-mails.
pub trait Postman: Send + Sync {
    /// Hands one to the server.
    fn carry<'a>(&'a self, server: &'a MailServer, parcel: Parcel) -> Later<'a, Carried>;
}

/// What came of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Round {
    /// How many the server took.
    pub taken: usize,
    /// How many it did not.
    pub not_taken: usize,
    /// When the next one is due; nothing if none waits, or nothing goes out.
    pub next: Option<Instant>,
}

/// What is to be carried, and by which server.
type Due = (MailServer, Vec<(u32, Mail)>);

impl Acts {
    /// Waits until there may be something to carry.
    pub async fn mail_wakes(&self) {
        self.mail.notified().await;
    }

    /// Carries everything that is due, for the box itself. Does nothing while e-mail is switched off. One that is under
    /// way is carried to its end; whether there is another one says `goes_on`.
    pub async fn carry_mails(
        &self,
        postman: &dyn Postman,
        goes_on: &(dyn Fn() -> bool + Sync),
    ) -> Result<Round, ActError> {
        let mut round = Round::default();
        while let Some((server, due)) = self.due().await? {
            for (number, mail) in due {
                if !goes_on() {
                    return Ok(round);
                }
                let Some(carried) = self.carry_one(postman, &server, number, &mail).await? else {
                    continue;
                };
                match carried {
                    Carried::Taken => round.taken += 1,
                    _ => round.not_taken += 1,
                }
                if matches!(carried, Carried::ServerDown(_)) {
                    round.next = Some(self.effects.now() + units::Span::MINUTE);
                    return Ok(round);
                }
            }
        }
        round.next = self.on_card(|store| Ok(next(store)?)).await?;
        Ok(round)
    }

    async fn due(&self) -> Result<Option<Due>, ActError> {
        let now = self.effects.now();
        self.on_card(move |store| {
            let Some(server) = mail_server(store)?.filter(|server| server.on) else {
                return Ok(None);
            };
            let mut due = all::<Mail>(store)?;
            due.retain(|(_, mail)| mail.is_due(now));
            due.truncate(AT_ONCE);
            Ok((!due.is_empty()).then_some((server, due)))
        })
        .await
    }

    /// Carries one, if it still waits and e-mail is still switched on.
    async fn carry_one(
        &self,
        postman: &dyn Postman,
        server: &MailServer,
        number: u32,
        mail: &Mail,
    ) -> Result<Option<Carried>, ActError> {
        let (waiting, same_server) = {
            let (mail, server) = (mail.clone(), server.clone());
            self.on_card(move |store| {
                let now = get::<Mail>(store, &number)?;
                Ok((
                    now.as_ref() == Some(&mail),
                    mail_server(store)?.as_ref() == Some(&server),
                ))
            })
            .await?
        };
        if !waiting || !same_server {
            return Ok(None);
        }
        let carried = match self.parcel(number, mail).await? {
            Ok(parcel) => postman.carry(server, parcel).await,
            Err(why) => Carried::Never(why),
        };
        self.write_down(number, &carried).await?;
        Ok(Some(carried))
    }

    /// What one says now, or why it cannot be made.
    async fn parcel(&self, number: u32, mail: &Mail) -> Result<Result<Parcel, String>, ActError> {
        let (run, people) = (mail.run, mail.people.clone());
        let (run, book) = self
            .on_card(move |store| {
                let run = run.map(|number| get::<Run>(store, &number)).transpose()?;
                Ok((run, some_of_book(store, &people)?))
            })
            .await?;
        let run = run.map(|run| run.ok_or_else(|| "The letter is not here any more".to_owned()));
        Ok(self.made(number, mail, run, &book))
    }

    fn made(
        &self,
        number: u32,
        mail: &Mail,
        run: Option<Result<Run, String>>,
        book: &Book,
    ) -> Result<Parcel, String> {
        let known: Vec<&Person> = mail.people.iter().filter_map(|id| book.people.get(id)).collect();
        let first = known
            .first()
            .ok_or("Nobody for whom it was is in the book any more")?;
        let to = mailed(first).ok_or("The book has no e-mail address any more")?;
        let names: Vec<&str> = known.iter().map(|person| person.name.as_str()).collect();
        let (subject, body) = match run {
            None => self.trial(),
            Some(run) => {
                let run = run?;
                let text = Text::parse(&run.text).map_err(|fault| fault.to_string())?;
                let people: Vec<PersonId> = mail.people.clone();
                let values = fill(book, &people, &self.common(run.owed.clone()));
                (run.title.clone(), text.plain(&values))
            }
        };
        let place = self.site.borrow().place.name.clone();
        Ok(Parcel {
            id: format!("hearth-{}-{number}", mail.queued.as_millis()),
            from_name: place,
            to_name: joined(&names),
            to,
            subject,
            body,
        })
    }

    /// An e-mail that only tries the way.
    fn trial(&self) -> (String, String) {
        let place = self.site.borrow().place.name.clone();
        let body = format!(
            "This e-mail tries the way from {place} to you. It arrived, so letters can go this way.\n"
        );
        (format!("A letter from {place} to try the way"), body)
    }

    /// Writes down what came of one, whatever a steward did to its row meanwhile.
    async fn write_down(&self, number: u32, carried: &Carried) -> Result<(), ActError> {
        let mut outcome = Ok(());
        for _ in 0..READ_AGAIN {
            let mail = self
                .on_card(move |store| Ok(get::<Mail>(store, &number)?))
                .await?;
            let Some(mail) = mail else {
                return Ok(());
            };
            let after = mail.after(tried(carried), self.effects.now());
            // One that was stopped while it was under way did not go only if the server did not take it.
            let after = match (mail.state, after.state) {
                (MailState::Stopped, MailState::Queued) => Mail {
                    state: MailState::Stopped,
                    ..after
                },
                _ => after,
            };
            let told = Told {
                subject: format!("e-mail {number}"),
                whose: Whose::People(mail.people.clone()),
                detail: after.state.word().to_owned(),
                ..Told::default()
            };
            let rows = vec![becomes(&number, Some(&mail), Some(&after))];
            outcome = self.keep(&Actor::TheBox, ActKind::CarryMail, rows, told).await;
            if !matches!(outcome, Err(ActError::Conflict)) {
                return outcome;
            }
        }
        outcome
    }
}

fn tried(carried: &Carried) -> Tried {
    match carried {
        Carried::Taken => Tried::Taken,
        Carried::NotNow(why) | Carried::ServerDown(why) => Tried::NotNow(why.clone()),
        Carried::Never(why) => Tried::Never(why.clone()),
    }
}

/// When the next one is due.
fn next(store: &Store) -> Result<Option<Instant>, RowError> {
    if !mail_server(store)?.is_some_and(|server| server.on) {
        return Ok(None);
    }
    let mails = all::<Mail>(store)?;
    let waiting = mails.iter().filter(|(_, mail)| mail.state == MailState::Queued);
    Ok(waiting.map(|(_, mail)| mail.next).min())
}

/// Of the book what belongs to these people.
fn some_of_book(store: &Store, people: &[PersonId]) -> Result<Book, RowError> {
    let mut book = Book::default();
    for id in people {
        let Some(person) = get::<Person>(store, id)? else {
            continue;
        };
        if let Some(household) = person.household
            && let Some(row) = get::<Household>(store, &household)?
        {
            book.households.insert(household, row);
        }
        book.memberships
            .extend(get::<Membership>(store, id)?.map(|row| (*id, row)));
        book.people.insert(*id, person);
    }
    Ok(book)
}
