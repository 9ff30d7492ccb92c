//! What people said yes and no to, in which words they were asked, and those words.

use members::book::OF_WORDINGS;
use members::record::{Key, Newer};
use members::request::{Answer, Channel, Consent, Matter, Wording};
use members::text;
use store::{RowChange, Store, Whose};
use units::PersonId;

use super::erase::name_of;
use super::own::oneself;
use crate::act::{ActError, allowed};
use crate::book::Told;
use crate::rows::{all, becomes, next_number, under};
use crate::table::ActKind;
use crate::{Actor, Acts};

/// The words in which people are asked about a matter now. Version 0 are the usual ones, which nobody had to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordingNow {
    /// About what.
    pub matter: Matter,
    /// Their version.
    pub version: u32,
    /// The words.
    pub text: String,
}

/// One answer, with the words in which it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentSeen {
    /// The answer.
    pub consent: Consent,
    /// The words then.
    pub text: String,
}

/// Somebody's answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consents {
    /// Who.
    pub name: String,
    /// What is asked now.
    pub asked: Vec<WordingNow>,
    /// All answers, the newest first.
    pub given: Vec<ConsentSeen>,
}

/// The longest words in which people are asked.
const LONGEST: usize = 1_000;

impl Consents {
    /// The answer that counts on a matter.
    pub fn newest(&self, matter: Matter) -> Option<&ConsentSeen> {
        self.given.iter().find(|seen| seen.consent.matter == matter)
    }
}

impl Acts {
    /// What the actor said yes and no to.
    pub async fn my_consents(&self, actor: &Actor) -> Result<Consents, ActError> {
        let person = oneself(actor)?;
        self.on_card(move |store| consents(store, person)).await
    }

    /// The same of somebody else, for who writes it down. It is written down that they looked.
    pub async fn consents_of(&self, actor: &Actor, person: PersonId) -> Result<Consents, ActError> {
        allowed(actor, ActKind::TakeDownConsent)?;
        let found = self.on_card(move |store| consents(store, person)).await?;
        let told = Told {
            whose: Whose::People(vec![person]),
            ..Told::default()
        };
        self.keep(actor, ActKind::LookRequests, Vec::new(), told).await?;
        Ok(found)
    }

    /// The actor says yes or no.
    pub async fn say(&self, actor: &Actor, matter: Matter, answer: Answer) -> Result<(), ActError> {
        let person = oneself(actor)?;
        self.note(actor, ActKind::SayOwn, person, (matter, answer, Channel::Page))
            .await
    }

    /// Writes down what somebody said by mouth or on paper.
    pub async fn take_down_consent(
        &self,
        actor: &Actor,
        person: PersonId,
        said: (Matter, Answer, Channel),
    ) -> Result<(), ActError> {
        allowed(actor, ActKind::TakeDownConsent)?;
        self.note(actor, ActKind::TakeDownConsent, person, said).await
    }

    async fn note(
        &self,
        actor: &Actor,
        kind: ActKind,
        person: PersonId,
        (matter, answer, channel): (Matter, Answer, Channel),
    ) -> Result<(), ActError> {
        let by = actor.person().filter(|by| *by != person);
        let at = self.effects.now();
        let row = self
            .on_card(move |store| {
                name_of(store, person)?;
                let before = under::<Consent>(store, &person.to_key())?;
                let number = before.last().map_or(1, |((_, number), _)| number + 1);
                let consent = Consent {
                    matter,
                    wording: wording(store, matter)?.version,
                    answer,
                    channel,
                    at,
                    by,
                    newer: Newer::default(),
                };
                Ok::<RowChange, ActError>(becomes(&(person, number), None, Some(&consent)))
            })
            .await?;
        let told = Told {
            subject: matter.word().to_owned(),
            whose: Whose::People(vec![person]),
            detail: answer.word().to_owned(),
            why: None,
        };
        self.keep(actor, kind, vec![row], told).await
    }

    /// Writes new words in which people are asked; the old ones stay with the answers that were given to them.
    pub async fn change_wording(&self, actor: &Actor, matter: Matter, text: &str) -> Result<u32, ActError> {
        allowed(actor, ActKind::ChangeWording)?;
        let text = text::paragraph(text, LONGEST).map_err(|why| ActError::BadInput(why.to_string()))?;
        let wording = Wording {
            matter,
            text,
            from: self.effects.now(),
            newer: Newer::default(),
        };
        let (version, given) = self.on_card(|store| Ok(next_number(store, OF_WORDINGS)?)).await?;
        let told = Told {
            subject: matter.word().to_owned(),
            detail: format!("version {version}"),
            ..Told::default()
        };
        let rows = vec![given, becomes(&version, None, Some(&wording))];
        self.keep(actor, ActKind::ChangeWording, rows, told).await?;
        Ok(version)
    }

    /// The words in which people are asked now.
    pub async fn wordings(&self) -> Result<Vec<WordingNow>, ActError> {
        self.on_card(wordings).await
    }
}

fn wordings(store: &Store) -> Result<Vec<WordingNow>, ActError> {
    Matter::ALL.iter().map(|matter| wording(store, *matter)).collect()
}

fn wording(store: &Store, matter: Matter) -> Result<WordingNow, ActError> {
    let written = all::<Wording>(store)?;
    let newest = written
        .into_iter()
        .filter(|(_, wording)| wording.matter == matter)
        .max_by_key(|(version, _)| *version);
    Ok(newest.map_or_else(
        || WordingNow {
            matter,
            version: 0,
            text: matter.usual().to_owned(),
        },
        |(version, wording)| WordingNow {
            matter,
            version,
            text: wording.text,
        },
    ))
}

fn consents(store: &Store, person: PersonId) -> Result<Consents, ActError> {
    let written: std::collections::BTreeMap<u32, Wording> = all::<Wording>(store)?.into_iter().collect();
    let mut given: Vec<ConsentSeen> = under::<Consent>(store, &person.to_key())?
        .into_iter()
        .map(|(_, consent)| ConsentSeen {
            text: written.get(&consent.wording).map_or_else(
                || consent.matter.usual().to_owned(),
                |wording| wording.text.clone(),
            ),
            consent,
        })
        .collect();
    given.reverse();
    Ok(Consents {
        name: name_of(store, person)?,
        asked: wordings(store)?,
        given,
    })
}
