//! Memberships: applied for, admitted, changed, ended; notices and objections; shares. The statutory register follows
//! each step in the same transaction.

mod notice;
mod register;

use std::collections::BTreeMap;

use jiff::civil::Date;
use members::book::OF_MEMBERSHIPS;
use members::credential::Digest;
use members::edit::Refusal;
use members::house::House;
use members::membership::{Cause, Membership, Move, NoMove, Status};
use members::record::Record;
use members::register::{Entry, OF_REGISTER, Source, in_step};
use members::text;
use store::{RowChange, Store};
use units::PersonId;

use crate::act::{ActError, allowed};
use crate::people::{Saved, Whole, about, nobody};
use crate::rows::{RowError, all, becomes, next_number};
use crate::table::ActKind;
use crate::{Actor, Acts};

pub use register::RegisterSeen;

/// The longest reason or application, in letters.
const LONGEST: usize = 2_000;

/// What is to happen to a membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// To which state.
    pub to: Status,
    /// In which class; the same as before where nothing is said.
    pub class: Option<String>,
    /// From which day.
    pub on: Date,
    /// Why, in words.
    pub why: String,
    /// Whether others end it because something was not paid, or by another decision.
    pub cause: Cause,
}

/// One's own membership, for oneself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnMembership {
    /// The membership, if there is or was one.
    pub membership: Option<Membership>,
    /// The names of those who entered its steps and are in the book.
    pub names: BTreeMap<PersonId, String>,
    /// What the house decided: the classes one can apply for.
    pub house: House,
    /// What tells whether it has changed since.
    pub seen: Digest,
}

/// What tells whether a membership has changed since it was looked at.
pub fn seen(membership: Option<&Membership>) -> Digest {
    let bytes = membership.map(Membership::encode).unwrap_or_default();
    Digest::of(&[b"membership", &bytes])
}

/// The names of those who entered the steps of a membership.
fn names(whole: &Whole, membership: Option<&Membership>) -> BTreeMap<PersonId, String> {
    let steps = membership.map(|membership| membership.history.as_slice());
    let by = steps.unwrap_or_default().iter().filter_map(|step| step.by);
    by.filter_map(|by| Some((by, whole.book.people.get(&by)?.name.clone())))
        .collect()
}

/// Somebody's membership, for stewards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipSeen {
    /// Whose.
    pub name: String,
    /// The membership, if there is or was one.
    pub membership: Option<Membership>,
    /// The names of those who entered its steps and are in the book.
    pub names: BTreeMap<PersonId, String>,
    /// What the house decided.
    pub house: House,
    /// The day.
    pub today: Date,
    /// What tells whether it has changed since.
    pub seen: Digest,
}

impl Acts {
    /// Looks at somebody's membership with its whole history.
    pub async fn membership(&self, actor: &Actor, id: PersonId) -> Result<MembershipSeen, ActError> {
        allowed(actor, ActKind::LookPerson)?;
        let whole = self.whole().await?;
        let person = whole.book.people.get(&id).ok_or_else(nobody)?;
        let membership = whole.book.memberships.get(&id).cloned();
        self.keep(actor, ActKind::LookPerson, Vec::new(), about(id, "membership"))
            .await?;
        Ok(MembershipSeen {
            name: person.name.clone(),
            seen: seen(membership.as_ref()),
            names: names(&whole, membership.as_ref()),
            membership,
            today: self.day_here(),
            house: whole.house,
        })
    }

    /// One's own membership: nobody else is told.
    pub async fn own_membership(&self, actor: &Actor) -> Result<OwnMembership, ActError> {
        allowed(actor, ActKind::Apply)?;
        let id = actor.person().ok_or_else(nobody)?;
        let whole = self.whole().await?;
        let membership = whole.book.memberships.get(&id).cloned();
        Ok(OwnMembership {
            seen: seen(membership.as_ref()),
            names: names(&whole, membership.as_ref()),
            membership,
            house: whole.house,
        })
    }

    /// Somebody who is signed in applies for membership.
    pub async fn apply(
        &self,
        actor: &Actor,
        class: &str,
        words: &str,
        looked_at: &Digest,
    ) -> Result<Saved, ActError> {
        allowed(actor, ActKind::Apply)?;
        let id = actor.person().ok_or_else(nobody)?;
        let today = self.day_here();
        self.applied(actor, ActKind::Apply, id, (class, words, today), looked_at)
            .await
    }

    /// A steward enters the application that somebody made on paper or by word.
    pub async fn enter_application(
        &self,
        actor: &Actor,
        id: PersonId,
        (class, words, on): (&str, &str, Date),
        looked_at: &Digest,
    ) -> Result<Saved, ActError> {
        allowed(actor, ActKind::EnterApplication)?;
        self.applied(
            actor,
            ActKind::EnterApplication,
            id,
            (class, words, on),
            looked_at,
        )
        .await
    }

    async fn applied(
        &self,
        actor: &Actor,
        kind: ActKind,
        id: PersonId,
        (class, words, on): (&str, &str, Date),
        looked_at: &Digest,
    ) -> Result<Saved, ActError> {
        let words = match text::optional_paragraph(words, LONGEST) {
            Ok(words) => words,
            Err(why) => return Ok(refused("words", &why)),
        };
        let decision = Decision {
            to: Status::Applied,
            class: Some(class.to_owned()),
            on,
            why: String::new(),
            cause: Cause::Decision,
        };
        let whole = self.whole().await?;
        let stepped = match self.stepped(actor, &whole, id, decision, looked_at)? {
            Saved::Kept(stepped) => stepped,
            Saved::Refused(refusals) => return Ok(Saved::Refused(refusals)),
        };
        let after = Membership {
            application: words,
            ..stepped
        };
        self.write((actor, kind), &whole, id, after, None).await?;
        Ok(Saved::Kept(()))
    }

    /// Admits somebody, refuses, suspends, ends, or changes the class.
    pub async fn decide(
        &self,
        actor: &Actor,
        id: PersonId,
        decision: Decision,
        looked_at: &Digest,
    ) -> Result<Saved, ActError> {
        allowed(actor, ActKind::DecideMembership)?;
        if decision.to == Status::Applied {
            return Err(ActError::BadInput("Enter the application instead".to_owned()));
        }
        let why = match text::optional_paragraph(&decision.why, LONGEST) {
            Ok(why) => why,
            Err(unfit) => return Ok(refused("why", &unfit)),
        };
        let whole = self.whole().await?;
        match self.stepped(actor, &whole, id, decision, looked_at)? {
            Saved::Kept(after) => {
                self.write((actor, ActKind::DecideMembership), &whole, id, after, why)
                    .await?;
            }
            Saved::Refused(refusals) => return Ok(Saved::Refused(refusals)),
        }
        Ok(Saved::Kept(()))
    }

    /// Writes down how many shares somebody holds.
    pub async fn change_shares(
        &self,
        actor: &Actor,
        id: PersonId,
        shares: u32,
        looked_at: &Digest,
    ) -> Result<(), ActError> {
        allowed(actor, ActKind::ChangeShares)?;
        let whole = self.whole().await?;
        let before = unchanged(&whole, id, looked_at)?.ok_or_else(no_membership)?;
        let after = Membership {
            shares,
            ..before.clone()
        };
        self.write((actor, ActKind::ChangeShares), &whole, id, after, None)
            .await
    }

    /// The membership as it is after a decision, if the rules allow it.
    fn stepped(
        &self,
        actor: &Actor,
        whole: &Whole,
        id: PersonId,
        decision: Decision,
        looked_at: &Digest,
    ) -> Result<Saved<Membership>, ActError> {
        let before = unchanged(whole, id, looked_at)?;
        let person = whole.book.people.get(&id).ok_or_else(nobody)?;
        let today = self.day_here();
        if decision.on > today {
            return Ok(refused(
                "on",
                "This day is still to come. Enter it on the day, or choose today",
            ));
        }
        let joins = matches!(decision.to, Status::Applied | Status::Member);
        let changes = before.is_none_or(|before| {
            !before.is_member()
                || decision
                    .class
                    .as_deref()
                    .is_some_and(|class| class != before.class())
        });
        if joins && changes {
            let class = decision
                .class
                .as_deref()
                .or_else(|| before.map(Membership::class))
                .unwrap_or_default();
            if let Err(why) = whole.house.fits(class, person, decision.on) {
                return Ok(refused("class", &why));
            }
            let applied = before.and_then(Membership::status) == Some(Status::Applied);
            let member = before.is_some_and(Membership::is_member);
            let by_decision = whole
                .house
                .classes
                .get(class)
                .is_some_and(|class| class.by_decision);
            if decision.to == Status::Member && by_decision && !applied && !member {
                return Ok(refused(
                    "to",
                    "Into this class one is admitted by a decision. Enter the application first",
                ));
            }
        }
        let ends = matches!(decision.to, Status::Suspended | Status::Removed);
        if let (true, Some(Err(why))) = (ends, before.map(|before| before.may_end(decision.cause, today))) {
            return Ok(refused("to", &why));
        }
        let step = Move {
            to: decision.to,
            class: decision.class,
            on: decision.on,
            why: text::optional_paragraph(&decision.why, LONGEST).unwrap_or_default(),
            by: actor.person().filter(|by| *by != id),
            at: self.effects.now(),
        };
        let after = match before {
            Some(before) => before.moved(step),
            None => Membership::begin(step),
        };
        Ok(match after {
            Ok(after) => Saved::Kept(after),
            Err(why) => refused(input_of(&why), &why),
        })
    }

    /// Writes the membership down, gives a number at admission, and keeps the register in step.
    async fn write(
        &self,
        (actor, kind): (&Actor, ActKind),
        whole: &Whole,
        id: PersonId,
        mut after: Membership,
        why: Option<String>,
    ) -> Result<(), ActError> {
        let before = whole.book.memberships.get(&id);
        let mut rows = Vec::new();
        if after.is_member() && after.number.is_none() {
            let (number, row) = self
                .on_card(|store| Ok(next_number(store, OF_MEMBERSHIPS)?))
                .await?;
            after.number = Some(number);
            rows.push(row);
        }
        rows.push(becomes(&id, before, Some(&after)));
        let person = whole.book.people.get(&id).ok_or_else(nobody)?;
        let source = Source {
            id,
            person,
            address: whole.book.address_of(person),
            membership: &after,
            class: whole.house.class_label(after.class()),
        };
        let open = self.on_card(move |store| Ok(open_entry(store, id)?)).await?;
        if let Some(entry) = in_step(open.as_ref().map(|(_, entry)| entry), source) {
            rows.extend(self.registered(open, entry).await?);
        }
        let told = crate::book::Told {
            why,
            ..about(id, after.status().map_or("", Status::word))
        };
        self.keep(actor, kind, rows, told).await
    }

    async fn registered(&self, open: Option<(u32, Entry)>, entry: Entry) -> Result<Vec<RowChange>, ActError> {
        if let Some((number, before)) = open {
            return Ok(vec![becomes(&number, Some(&before), Some(&entry))]);
        }
        let (number, row) = self.on_card(|store| Ok(next_number(store, OF_REGISTER)?)).await?;
        Ok(vec![row, becomes(&number, None, Some(&entry))])
    }
}

/// The entry of somebody in the register that has not ended.
fn open_entry(store: &Store, id: PersonId) -> Result<Option<(u32, Entry)>, RowError> {
    let entries = all::<Entry>(store)?;
    Ok(entries
        .into_iter()
        .find(|(_, entry)| entry.person == id && entry.ended.is_none()))
}

/// The membership, if it is what was looked at.
fn unchanged<'a>(
    whole: &'a Whole,
    id: PersonId,
    looked_at: &Digest,
) -> Result<Option<&'a Membership>, ActError> {
    let membership = whole.book.memberships.get(&id);
    if seen(membership).is(looked_at) {
        Ok(membership)
    } else {
        Err(ActError::Conflict)
    }
}

fn no_membership() -> ActError {
    ActError::NotThere("This person has no membership. Enter an application first".to_owned())
}

/// Beside which input a refusal stands.
fn input_of(why: &NoMove) -> &'static str {
    match why {
        NoMove::Backwards { .. } => "on",
        NoMove::NoReason => "why",
        NoMove::NoClass => "class",
        _ => "to",
    }
}

fn refused<T>(input: &str, why: &(impl ToString + ?Sized)) -> Saved<T> {
    Saved::Refused(vec![Refusal {
        input: input.to_owned(),
        why: why.to_string(),
    }])
}
