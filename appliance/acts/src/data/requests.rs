//! What people ask about their data and complain of: written down by themselves or by a steward, each with its clock.

use members::book::OF_REQUESTS;
use members::own::Typed;
use members::record::Newer;
use members::request::{Channel, Request, RequestKind};
use members::text;
use store::Whose;
use units::PersonId;

use super::erase::name_of;
use super::own::oneself;
use crate::act::{ActError, allowed};
use crate::book::Told;
use crate::rows::{all, becomes, get, next_number};
use crate::table::ActKind;
use crate::{Actor, Acts};

/// A request with who asked, by name while they are in the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestSeen {
    /// Its number.
    pub number: u32,
    /// Who asked.
    pub name: String,
    /// What.
    pub request: Request,
    /// Days left by law; less than nothing where it is late.
    pub days_left: Option<i32>,
}

/// The longest that somebody writes here.
const LONGEST: usize = 4_000;

impl Acts {
    /// What the actor asked about their data, the newest first.
    pub async fn my_requests(&self, actor: &Actor) -> Result<Vec<RequestSeen>, ActError> {
        let person = oneself(actor)?;
        let mut seen = self.requests().await?;
        seen.retain(|seen| seen.request.person == person);
        Ok(seen)
    }

    /// What everybody asked, what is due first before all else.
    pub async fn all_requests(&self, actor: &Actor) -> Result<Vec<RequestSeen>, ActError> {
        let told = Told {
            whose: Whose::Everybody,
            ..Told::default()
        };
        self.keep(actor, ActKind::LookRequests, Vec::new(), told).await?;
        let mut seen = self.requests().await?;
        seen.sort_by_key(|seen| {
            let open = seen.request.closed.is_none();
            (!open, seen.days_left.unwrap_or(i32::MAX))
        });
        Ok(seen)
    }

    async fn requests(&self) -> Result<Vec<RequestSeen>, ActError> {
        let today = self.today();
        self.on_card(move |store| {
            let rows = all::<Request>(store)?;
            let seen = rows.into_iter().rev().map(|(number, request)| RequestSeen {
                number,
                name: name_of(store, request.person).unwrap_or_else(|_| request.person.to_string()),
                days_left: request.days_left(today),
                request,
            });
            Ok(seen.collect())
        })
        .await
    }

    /// The actor asks something about their own data.
    pub async fn ask_about_data(
        &self,
        actor: &Actor,
        kind: RequestKind,
        words: &str,
    ) -> Result<u32, ActError> {
        let person = oneself(actor)?;
        let request = self.new_request(person, kind, Channel::Page, words)?;
        self.enter_request(actor, ActKind::AskAboutData, request).await
    }

    /// Writes down what somebody asked by mouth or on paper; the clock runs from the day on which they did.
    pub async fn take_down_request(
        &self,
        actor: &Actor,
        person: PersonId,
        typed: &Typed,
    ) -> Result<u32, ActError> {
        allowed(actor, ActKind::TakeDownRequest)?;
        self.on_card(move |store| name_of(store, person)).await?;
        let field = |name: &str| typed.get(name).map_or("", String::as_str);
        let choose = || ActError::BadInput("Choose what was asked and how it arrived".to_owned());
        let kind = RequestKind::parse(field("kind")).ok_or_else(choose)?;
        let channel = Channel::parse(field("channel")).ok_or_else(choose)?;
        let asked = match field("asked") {
            "" => self.today(),
            day => members::day::parse(day).map_err(|no_day| ActError::BadInput(no_day.to_string()))?,
        };
        if asked > self.today() {
            return Err(ActError::BadInput(
                "This day is still to come. Write the day on which it was asked".to_owned(),
            ));
        }
        let request = Request {
            asked,
            by: actor.person(),
            ..self.new_request(person, kind, channel, field("words"))?
        };
        self.enter_request(actor, ActKind::TakeDownRequest, request).await
    }

    fn new_request(
        &self,
        person: PersonId,
        kind: RequestKind,
        channel: Channel,
        words: &str,
    ) -> Result<Request, ActError> {
        let words =
            text::optional_paragraph(words, LONGEST).map_err(|why| ActError::BadInput(why.to_string()))?;
        if words.is_none() && matches!(kind, RequestKind::Correction | RequestKind::Complaint) {
            return Err(ActError::BadInput(
                "Say in a few words what is wrong, so that somebody can put it right".to_owned(),
            ));
        }
        Ok(Request {
            person,
            kind,
            asked: self.today(),
            channel,
            words,
            acknowledged: None,
            closed: None,
            outcome: None,
            by: None,
            entered: self.effects.now(),
            newer: Newer::default(),
        })
    }

    async fn enter_request(&self, actor: &Actor, kind: ActKind, request: Request) -> Result<u32, ActError> {
        let (number, given) = self.on_card(|store| Ok(next_number(store, OF_REQUESTS)?)).await?;
        let told = Told {
            subject: format!("request {number}"),
            whose: Whose::People(vec![request.person]),
            detail: request.kind.word().to_owned(),
            why: None,
        };
        let rows = vec![given, becomes(&number, None, Some(&request))];
        self.keep(actor, kind, rows, told).await?;
        Ok(number)
    }

    /// Says that a request has arrived, or with an outcome, that it is answered.
    pub async fn answer_request(&self, actor: &Actor, number: u32, outcome: &str) -> Result<(), ActError> {
        allowed(actor, ActKind::AnswerRequest)?;
        let today = self.today();
        let outcome =
            text::optional_paragraph(outcome, LONGEST).map_err(|why| ActError::BadInput(why.to_string()))?;
        let before = self
            .on_card(move |store| {
                get::<Request>(store, &number)?
                    .ok_or_else(|| ActError::NotThere("there is no request with this number".to_owned()))
            })
            .await?;
        if before.closed.is_some() {
            return Err(ActError::Conflict);
        }
        let after = Request {
            acknowledged: before.acknowledged.or(Some(today)),
            closed: outcome.is_some().then_some(today),
            outcome,
            ..before.clone()
        };
        let told = Told {
            subject: format!("request {number}"),
            whose: Whose::People(vec![before.person]),
            detail: if after.closed.is_some() {
                "answered"
            } else {
                "acknowledged"
            }
            .to_owned(),
            why: None,
        };
        let row = becomes(&number, Some(&before), Some(&after));
        self.keep(actor, ActKind::AnswerRequest, vec![row], told).await
    }
}
