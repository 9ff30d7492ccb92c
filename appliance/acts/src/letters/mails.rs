//! The queue of e-mails as stewards see it: what waits, what went, what did not and why.

use std::collections::BTreeMap;

use members::book::Numbers;
use members::letters::book::OF_MAILS;
use members::letters::{Mail, MailState, Run};
use members::person::Person;
use store::Whose;
use units::{Instant, PersonId};

use super::mail_server;
use crate::act::allowed;
use crate::rows::{all, becomes, get};
use crate::table::ActKind;
use crate::{ActError, Actor, Acts, Told};

/// So many of those that went are shown.
const SHOWN: usize = 100;

/// An e-mail in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailSeen {
    /// Its number.
    pub number: u32,
    /// For whom, by name.
    pub names: Vec<String>,
    /// The title of its letter; none for one that tries the way.
    pub title: Option<String>,
    /// What became of it.
    pub mail: Mail,
}

/// The queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mails {
    /// Whether anything goes out.
    pub on: bool,
    /// Where to, if a mail server was entered.
    pub server: Option<String>,
    /// When something went the last time.
    pub last: Option<Instant>,
    /// What waits, was given up or stopped, the newest first.
    pub open: Vec<MailSeen>,
    /// The newest of those that went.
    pub sent: Vec<MailSeen>,
    /// How many went in all.
    pub sent_count: usize,
}

impl Acts {
    /// The queue. That somebody looked is recorded.
    pub async fn mails(&self, actor: &Actor) -> Result<Mails, ActError> {
        allowed(actor, ActKind::LookMails)?;
        let told = Told {
            whose: Whose::Everybody,
            ..Told::default()
        };
        self.keep(actor, ActKind::LookMails, Vec::new(), told).await?;
        self.on_card(|store| {
            let server = mail_server(store)?;
            let mut mails = all::<Mail>(store)?;
            mails.reverse();
            let names: BTreeMap<PersonId, String> = all::<Person>(store)?
                .into_iter()
                .map(|(id, person)| (id, person.name))
                .collect();
            let titles: BTreeMap<u32, String> = all::<Run>(store)?
                .into_iter()
                .map(|(number, run)| (number, run.title))
                .collect();
            let seen = |(number, mail): (u32, Mail)| MailSeen {
                number,
                names: mail
                    .people
                    .iter()
                    .filter_map(|id| names.get(id).cloned())
                    .collect(),
                title: mail.run.and_then(|run| titles.get(&run).cloned()),
                mail,
            };
            let (sent, open): (Vec<_>, Vec<_>) = mails
                .into_iter()
                .partition(|(_, mail)| mail.state == MailState::Sent);
            Ok(Mails {
                on: server.as_ref().is_some_and(|server| server.on),
                server: server.map(|server| format!("{}:{}", server.host, server.port)),
                last: sent.iter().filter_map(|(_, mail)| mail.sent).max(),
                sent_count: sent.len(),
                open: open.into_iter().map(seen).collect(),
                sent: sent.into_iter().take(SHOWN).map(seen).collect(),
            })
        })
        .await
    }

    /// One e-mail as it is now, by which a form is known to be of today.
    pub async fn mail_for_form(&self, actor: &Actor, number: u32) -> Result<Mail, ActError> {
        allowed(actor, ActKind::LookMails)?;
        let mail = self
            .on_card(move |store| Ok(get::<Mail>(store, &number)?))
            .await?;
        mail.ok_or_else(|| ActError::NotThere("there is no such e-mail".to_owned()))
    }

    /// Has an e-mail that did not go tried again from the beginning.
    pub async fn mail_again(&self, actor: &Actor, number: u32) -> Result<(), ActError> {
        let now = self.effects.now();
        self.change_mail(actor, ActKind::MailAgain, number, |mail| mail.again(now))
            .await?;
        self.mail.notify_one();
        Ok(())
    }

    /// Stops an e-mail that waits.
    pub async fn stop_mail(&self, actor: &Actor, number: u32) -> Result<(), ActError> {
        self.change_mail(actor, ActKind::StopMail, number, Mail::stopped)
            .await
    }

    async fn change_mail(
        &self,
        actor: &Actor,
        kind: ActKind,
        number: u32,
        change: impl FnOnce(&Mail) -> Option<Mail>,
    ) -> Result<(), ActError> {
        allowed(actor, kind)?;
        let mail = self
            .on_card(move |store| Ok(get::<Mail>(store, &number)?))
            .await?;
        let mail = mail.ok_or_else(|| ActError::NotThere("there is no such e-mail".to_owned()))?;
        let Some(after) = change(&mail) else {
            let sentence = "This e-mail has gone already, or does not wait any more. Nothing was changed";
            return Err(ActError::BadInput(sentence.to_owned()));
        };
        let told = Told {
            subject: format!("e-mail {number}"),
            whose: Whose::People(mail.people.clone()),
            ..Told::default()
        };
        self.keep(
            actor,
            kind,
            vec![becomes(&number, Some(&mail), Some(&after))],
            told,
        )
        .await
    }

    /// Sends an e-mail to the person who asks, to try the way.
    pub async fn try_mail(&self, actor: &Actor) -> Result<(), ActError> {
        allowed(actor, ActKind::TryMail)?;
        let sentence = "Only somebody who is in the members' book can send an e-mail to themselves";
        let person = actor
            .person()
            .ok_or_else(|| ActError::BadInput(sentence.to_owned()))?;
        let (number, given, on, addressed) = self
            .on_card(move |store| {
                let (number, given) = crate::rows::next_number(store, OF_MAILS)?;
                let on = mail_server(store)?.is_some_and(|server| server.on);
                let known = get::<Person>(store, &person)?;
                let addressed = known.as_ref().and_then(members::letters::deal::mailed).is_some();
                Ok((number, given, on, addressed))
            })
            .await?;
        if !on {
            let sentence = "E-mail is switched off, so nothing was sent. Switch it on first";
            return Err(ActError::BadInput(sentence.to_owned()));
        }
        if !addressed {
            let sentence = "The members' book has no e-mail address of yours. Enter one on your page first";
            return Err(ActError::BadInput(sentence.to_owned()));
        }
        let mail = Mail::queued(None, vec![person], self.effects.now());
        let told = Told {
            subject: format!("e-mail {number}"),
            whose: Whose::People(vec![person]),
            ..Told::default()
        };
        let rows = vec![given, becomes(&number, None, Some(&mail))];
        self.keep(actor, ActKind::TryMail, rows, told).await?;
        self.mail.notify_one();
        Ok(())
    }

    /// How many e-mails there have been: a form that tries the way is worth something only until the next.
    pub async fn mails_given(&self) -> Result<u32, ActError> {
        let given = self
            .on_card(|store| Ok(get::<Numbers>(store, &OF_MAILS.to_owned())?))
            .await?;
        Ok(given.map_or(0, |numbers| numbers.given))
    }
}
