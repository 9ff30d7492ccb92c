//! Memberships over the control interface: applied for and decided on, by the acts of the page.

use acts::membership::{Decision, MembershipSeen};
use acts::people::Saved;
use acts::{Actor, Acts};
use members::day;
use members::edit::Refusal as Unfit;
use members::membership::{Cause, Status};
use units::PersonId;

use super::form::kept;
use super::views::DoneView;
use crate::members::Decided;
use crate::refusal::Refusal;

/// Enters somebody's application for a class; today, where no day is said.
pub(super) async fn apply(
    acts: &Acts,
    actor: &Actor,
    (person, class, words): (u32, &str, &str),
    on: Option<&str>,
) -> Result<DoneView, Refusal> {
    let id = PersonId::new(person);
    let seen = acts.membership(actor, id).await?;
    let on = on
        .map_or(Ok(seen.today), day::parse)
        .map_err(|why| no_day(&why))?;
    let saved = acts
        .enter_application(actor, id, (class, words, on), &seen.seen)
        .await?;
    kept(with_classes(saved, &seen), str::to_owned)?;
    Ok(DoneView { done: true })
}

/// Decides on somebody's membership; today, where no day is said.
pub(super) async fn decide(
    acts: &Acts,
    actor: &Actor,
    person: u32,
    decided: Decided,
) -> Result<DoneView, Refusal> {
    let id = PersonId::new(person);
    let Some(to) = Status::parse(&decided.to) else {
        let all: Vec<&str> = Status::ALL.iter().map(|status| status.word()).collect();
        return Err(Refusal::BadInput(format!(
            "\"{}\" is no state of a membership; there are {}",
            decided.to,
            all.join(", ")
        )));
    };
    let seen = acts.membership(actor, id).await?;
    let on = decided.on.as_deref().map_or(Ok(seen.today), day::parse);
    let decision = Decision {
        to,
        class: decided.class,
        on: on.map_err(|why| no_day(&why))?,
        why: decided.why,
        cause: if decided.arrears {
            Cause::Arrears
        } else {
            Cause::Decision
        },
    };
    let saved = acts.decide(actor, id, decision, &seen.seen).await?;
    kept(with_classes(saved, &seen), str::to_owned)?;
    Ok(DoneView { done: true })
}

fn no_day(why: &day::NoDay) -> Refusal {
    Refusal::BadInput(format!("on: {why}"))
}

/// A page shows the classes beside what it refuses; here they are said.
fn with_classes(saved: Saved, seen: &MembershipSeen) -> Saved {
    let Saved::Refused(refusals) = saved else {
        return saved;
    };
    let classes: Vec<&str> = seen.house.classes.keys().map(String::as_str).collect();
    let said = |unfit: Unfit| match unfit.input.as_str() {
        "class" => Unfit {
            why: format!("{}. The classes are {}", unfit.why, classes.join(", ")),
            ..unfit
        },
        _ => unfit,
    };
    Saved::Refused(refusals.into_iter().map(said).collect())
}
