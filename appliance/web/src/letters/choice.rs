//! The field in which people are chosen: all members, everybody, a class, a tag, a search that is kept, or the numbers of
//! single people.

use acts::ActError;
use acts::letters::Listed;
use members::letters::Choice;
use members::letters::choice::NoChoice;
use serde::Deserialize;

use crate::error::PageError;
use crate::sign_in::SignedIn;
use crate::{App, show};

/// The word for people who are chosen by their numbers.
const SINGLE: &str = "people";

/// What is sent of the field.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Chosen {
    /// The words of the choice.
    #[serde(default)]
    pub(crate) who: String,
    /// The numbers, where single people are chosen.
    #[serde(default)]
    pub(crate) numbers: String,
}

/// The field.
pub(crate) struct ChoiceField {
    /// What can be chosen.
    pub(crate) options: Vec<ChoiceOption>,
    /// The numbers that were typed.
    pub(crate) numbers: String,
    /// Why it was refused; empty if it was not.
    pub(crate) refusal: String,
}

/// One choice.
pub(crate) struct ChoiceOption {
    /// Its words.
    pub(crate) value: String,
    /// For people.
    pub(crate) label: String,
    /// Whether it is the one.
    pub(crate) chosen: bool,
}

impl Chosen {
    /// Whether anything was chosen yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.who.is_empty()
    }

    /// The choice.
    pub(crate) fn choice(&self) -> Result<Choice, NoChoice> {
        if self.who == SINGLE {
            return Choice::parse(&format!("{SINGLE}:{}", self.numbers));
        }
        Choice::parse(&self.who)
    }
}

/// What was chosen and those who are meant, to be printed on `what`; or a sentence for the field that says why nobody is.
pub(crate) async fn listed(
    app: &App,
    signed: &SignedIn,
    chosen: &Chosen,
    what: &str,
) -> Result<Result<(Choice, Listed), String>, PageError> {
    let choice = match chosen.choice() {
        Ok(choice) => choice,
        Err(why) => return Ok(Err(why.to_string())),
    };
    match app.acts.print_list(&signed.actor, &choice, what).await {
        Ok(listed) => Ok(Ok((choice, listed))),
        Err(ActError::BadInput(why)) => Ok(Err(why)),
        Err(other) => Err(other.into()),
    }
}

impl ChoiceField {
    /// The field with what the book offers.
    pub(crate) async fn of(app: &App, signed: &SignedIn, chosen: &Chosen) -> Result<Self, PageError> {
        let choices = app.acts.choices(&signed.actor).await?;
        Ok(Self::with(&choices, chosen))
    }

    /// The field with these choices.
    pub(crate) fn with(choices: &[Choice], chosen: &Chosen) -> Self {
        let option = |choice: &Choice| ChoiceOption {
            value: choice.words(),
            label: show::sentence(&choice.said()).trim_end_matches('.').to_owned(),
            chosen: choice.words() == chosen.who,
        };
        let (who, numbers) = match chosen.who.split_once(':') {
            Some((SINGLE, numbers)) => (SINGLE, numbers),
            _ => (chosen.who.as_str(), chosen.numbers.as_str()),
        };
        let mut options: Vec<ChoiceOption> = choices.iter().map(option).collect();
        options.push(ChoiceOption {
            value: SINGLE.to_owned(),
            label: crate::words::say("choice-people"),
            chosen: who == SINGLE,
        });
        Self {
            options,
            numbers: numbers.to_owned(),
            refusal: String::new(),
        }
    }

    /// The same, refused.
    pub(crate) fn refused(self, why: &str) -> Self {
        Self {
            refusal: show::sentence(why),
            ..self
        }
    }
}
