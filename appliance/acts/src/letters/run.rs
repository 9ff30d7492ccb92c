//! A letter goes out: whom it would reach, that it does, and to whom it went.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use members::book::{Book, Numbers};
use members::letters::book::{OF_MAILS, OF_RUNS};
use members::letters::fill::{Common, lacking};
use members::letters::{Channel, Choice, Demand, Letter, Mail, Place, Run, Text, deal};
use members::record::Newer;
use units::PersonId;

use super::chosen::Chosen;
use super::{everybody, mailing, nothing_lacks, whose};
use crate::act::allowed;
use crate::book::book;
use crate::rows::{all, becomes, get, next_number, next_numbers};
use crate::table::ActKind;
use crate::{ActError, Actor, Acts, Told};

/// Whom a letter reaches, and how.
#[derive(Debug, Clone)]
pub struct Reach {
    /// The letters of it.
    pub run: Run,
    /// The book at that moment.
    pub book: Arc<Book>,
    /// What stands in every letter.
    pub common: Common,
    /// Whose letters would have an empty place.
    pub lacks: BTreeMap<Place, BTreeSet<PersonId>>,
}

/// A run that somebody looks at.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The run.
    pub run: Run,
    /// The book now.
    pub book: Arc<Book>,
    /// What stands in every letter.
    pub common: Common,
    /// What became of its e-mails.
    pub mails: Vec<(u32, Mail)>,
}

impl Acts {
    /// Whom a letter would reach. Nothing goes out; that somebody looked is recorded.
    pub async fn reach(
        &self,
        actor: &Actor,
        number: u32,
        choice: &Choice,
        owed: BTreeMap<PersonId, String>,
    ) -> Result<Reach, ActError> {
        allowed(actor, ActKind::LookReach)?;
        let letter = self.letter(actor, number).await?;
        let chosen = self.chosen(actor, choice).await?.owing(owed);
        let reach = self.dealt(actor, number, &letter, choice, chosen).await?;
        let told = Told {
            subject: format!("letter {number}"),
            whose: whose(&everybody(&reach.run.pieces)),
            detail: format!("{} letters", reach.run.pieces.len()),
            ..Told::default()
        };
        self.keep(actor, ActKind::LookReach, Vec::new(), told).await?;
        Ok(reach)
    }

    /// Deals a letter out, and nothing more.
    async fn dealt(
        &self,
        actor: &Actor,
        number: u32,
        letter: &Letter,
        choice: &Choice,
        Chosen {
            book, people, owed, ..
        }: Chosen,
    ) -> Result<Reach, ActError> {
        let text = Text::parse(&letter.text).map_err(|fault| ActError::BadInput(fault.to_string()))?;
        let demand = match letter.demanded {
            Some(_) => Demand::Demanded,
            None => Demand::Free,
        };
        let (book, pieces) = self
            .on_card(move |store| {
                let pieces = deal(&book, &people, demand, mailing(store)?);
                Ok((book, pieces))
            })
            .await?;
        let among = everybody(&pieces);
        let owed = owed.into_iter().filter(|(id, _)| among.contains(id)).collect();
        let common = self.common(owed);
        let lacks = lacking(&book, &text, &pieces, &common);
        let run = Run {
            letter: Some(number),
            title: letter.title.clone(),
            text: letter.text.clone(),
            demanded: letter.demanded.clone(),
            by: actor.person(),
            at: self.effects.now(),
            chosen: choice.words(),
            pieces,
            owed: common.owed.clone(),
            printed: None,
            newer: Newer::default(),
        };
        Ok(Reach {
            run,
            book,
            common,
            lacks,
        })
    }

    /// Sends a letter out: from now on there is a run of it, and its e-mails wait to be carried. Gives the run's number.
    pub async fn send_letter(
        &self,
        actor: &Actor,
        number: u32,
        choice: &Choice,
        owed: BTreeMap<PersonId, String>,
    ) -> Result<u32, ActError> {
        allowed(actor, ActKind::SendLetter)?;
        let letter = self.letter(actor, number).await?;
        let chosen = self.chosen(actor, choice).await?.owing(owed);
        let reminded = chosen.reminded.clone();
        let reach = self.dealt(actor, number, &letter, choice, chosen).await?;
        if reach.run.pieces.is_empty() {
            let sentence = "Nobody is among those whom you chose, so nothing was sent. Choose others";
            return Err(ActError::BadInput(sentence.to_owned()));
        }
        nothing_lacks(&reach.book, &reach.lacks)?;
        let mailed: Vec<Vec<PersonId>> = reach
            .run
            .by(Channel::Email)
            .map(|piece| piece.people.clone())
            .collect();
        let count = u32::try_from(mailed.len()).unwrap_or(u32::MAX);
        let (run_number, mut rows, first) = self
            .on_card(move |store| {
                let (run, given) = next_number(store, OF_RUNS)?;
                if count == 0 {
                    return Ok((run, vec![given], 0));
                }
                let (first, mails) = next_numbers(store, OF_MAILS, count)?;
                Ok((run, vec![given, mails], first))
            })
            .await?;
        rows.push(becomes(&run_number, None, Some(&reach.run)));
        let now = self.effects.now();
        for (mail, people) in (first..).zip(mailed) {
            rows.push(becomes(
                &mail,
                None,
                Some(&Mail::queued(Some(run_number), people, now)),
            ));
        }
        let told = Told {
            subject: format!("letter {number}, run {run_number}"),
            whose: whose(&everybody(&reach.run.pieces)),
            detail: counted(&reach.run),
            why: letter.purpose,
        };
        let mut lines = vec![self.told(actor, ActKind::SendLetter, told)];
        // That people were reminded is written with the letter: a cut between would have them asked twice.
        if let Some(noted) = self.noted(actor, &reminded).await? {
            rows.extend(noted.rows);
            lines.push(self.told(actor, ActKind::Remind, noted.told));
        }
        self.commit(rows, lines).await?;
        self.mail.notify_one();
        Ok(run_number)
    }

    /// How many runs there have been: a form that sends a letter is worth something only until the next.
    pub async fn runs_given(&self) -> Result<u32, ActError> {
        let given = self
            .on_card(|store| Ok(get::<Numbers>(store, &OF_RUNS.to_owned())?))
            .await?;
        Ok(given.map_or(0, |numbers| numbers.given))
    }

    /// Every run, the newest first, without anybody in it.
    pub async fn runs(&self, actor: &Actor) -> Result<Vec<(u32, Run)>, ActError> {
        allowed(actor, ActKind::WriteLetter)?;
        let mut runs = self.on_card(|store| Ok(all::<Run>(store)?)).await?;
        runs.reverse();
        for (_, run) in &mut runs {
            run.owed.clear();
            run.pieces.iter_mut().for_each(|piece| piece.people.clear());
        }
        Ok(runs)
    }

    /// One run with everybody in it. That somebody looked is recorded.
    pub async fn run(&self, actor: &Actor, number: u32) -> Result<Opened, ActError> {
        self.opened(actor, number, ActKind::LookRun).await
    }

    /// The same to be printed.
    pub async fn print_run(&self, actor: &Actor, number: u32) -> Result<Opened, ActError> {
        self.opened(actor, number, ActKind::PrintLetters).await
    }

    /// The letters to somebody, the newest first: those that reached them, and those that only lie here for them.
    pub async fn letters_to(&self, person: PersonId) -> Result<Vec<(u32, Run)>, ActError> {
        let mut runs = self.on_card(|store| Ok(all::<Run>(store)?)).await?;
        runs.retain(|(_, run)| run.is_for(person));
        runs.reverse();
        Ok(runs)
    }

    /// One letter to somebody, as they may read it.
    pub async fn letter_to(&self, person: PersonId, number: u32) -> Result<Opened, ActError> {
        let (run, book) = self
            .on_card(move |store| Ok((get::<Run>(store, &number)?, book(store)?)))
            .await?;
        let run = run.filter(|run| run.is_for(person));
        let run = run.ok_or_else(|| ActError::NotThere("there is no such letter to you".to_owned()))?;
        let owed = run
            .owed
            .iter()
            .filter(|(id, _)| **id == person)
            .map(|(id, owed)| (*id, owed.clone()));
        let common = self.common(owed.collect());
        Ok(Opened {
            run,
            book,
            common,
            mails: Vec::new(),
        })
    }

    async fn opened(&self, actor: &Actor, number: u32, kind: ActKind) -> Result<Opened, ActError> {
        allowed(actor, kind)?;
        let (run, book, mails) = self
            .on_card(move |store| {
                let mails: Vec<(u32, Mail)> = all::<Mail>(store)?;
                let mails = mails.into_iter().filter(|(_, mail)| mail.run == Some(number));
                Ok((get::<Run>(store, &number)?, book(store)?, mails.collect()))
            })
            .await?;
        let run = run.ok_or_else(|| ActError::NotThere("there is no such run of a letter".to_owned()))?;
        let told = Told {
            subject: format!("run {number}"),
            whose: whose(&everybody(&run.pieces)),
            ..Told::default()
        };
        let mut rows = Vec::new();
        if kind == ActKind::PrintLetters {
            let printed = Run {
                printed: Some(self.effects.now()),
                ..run.clone()
            };
            rows.push(becomes(&number, Some(&run), Some(&printed)));
        }
        self.keep(actor, kind, rows, told).await?;
        let common = self.common(run.owed.clone());
        Ok(Opened {
            run,
            book,
            common,
            mails,
        })
    }
}

/// How many letters of a run go by which way.
fn counted(run: &Run) -> String {
    let ways = Channel::ALL
        .iter()
        .map(|channel| (channel, run.by(*channel).count()));
    let said: Vec<String> = ways
        .filter(|(_, count)| *count > 0)
        .map(|(channel, count)| format!("{count} {channel}"))
        .collect();
    said.join(", ")
}
