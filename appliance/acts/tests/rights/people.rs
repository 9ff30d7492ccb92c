//! The acts upon people, households and memberships, as somebody tries them who lacks the right.

use acts::membership::{Decision, seen};
use acts::{ActKind, Actor, Acts};
use jiff::civil::date;
use members::edit::{Group, Typed};
use members::membership::{Cause, Status};
use units::HouseholdId;

use crate::each_act::{Refused, by_act};
use crate::scene::ANA;

/// Something typed, so that nothing is refused because it is empty.
fn typed() -> Typed {
    let pairs = [
        ("name", "Cleo Marsh"),
        ("label", "Shirt size"),
        ("why", "To order shirts"),
        ("kind", "words"),
        ("tag-name", "Choir"),
        ("tag-meaning", "Sings on Tuesdays"),
        ("class-label", "Friend"),
    ];
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// That all of these were refused in the same way.
fn alike<const COUNT: usize>(refused: [Refused; COUNT]) -> Refused {
    let mut refused = refused.into_iter();
    let first = refused.next().expect("at least one");
    assert!(refused.all(|other| other == first));
    first
}

pub(crate) async fn attempt(acts: &Acts, kind: ActKind, actor: &Actor) -> Refused {
    let (typed, home, looked_at) = (typed(), HouseholdId::new(1), seen(None));
    match kind {
        ActKind::LookPerson => alike([
            by_act(acts.person(actor, ANA).await),
            by_act(acts.membership(actor, ANA).await),
        ]),
        ActKind::AddPerson => alike([
            by_act(acts.people_given(actor).await),
            by_act(acts.add_person(actor, &typed, 2).await),
        ]),
        ActKind::ChangePerson => alike([
            by_act(acts.person_form(actor, ANA, Group::Notes).await),
            by_act(
                acts.change_person(actor, ANA, Group::Name, &typed, &looked_at)
                    .await,
            ),
        ]),
        ActKind::LookHousehold => by_act(acts.household(actor, home).await),
        ActKind::ChangeHousehold => alike([
            by_act(acts.make_household(actor, ANA).await),
            by_act(acts.change_household(actor, home, &typed, &looked_at).await),
            by_act(acts.join_household(actor, home, "1", &looked_at).await),
            by_act(acts.leave_household(actor, home, ANA).await),
            by_act(acts.settle(actor, home, &typed, &looked_at).await),
        ]),
        ActKind::SearchPeople => by_act(acts.search_people(actor, &typed).await),
        ActKind::KeepSearch => alike([
            by_act(acts.keep_search(actor, &typed, "Everybody").await),
            by_act(acts.forget_search(actor, 1).await),
        ]),
        ActKind::TakeList => alike([
            by_act(acts.list_calls(actor, &typed).await),
            by_act(acts.list_addresses(actor, &typed).await),
            by_act(acts.list_table(actor, &typed).await),
        ]),
        ActKind::DefineField => alike([
            by_act(acts.rules_of_the_book(actor).await),
            by_act(acts.define_field(actor, None, &typed).await),
            by_act(acts.remove_field(actor, "size").await),
        ]),
        ActKind::DefineTag => alike([
            by_act(acts.define_tag(actor, &typed).await),
            by_act(acts.remove_tag(actor, "choir").await),
        ]),
        ActKind::DefineClass => by_act(acts.define_class(actor, None, &typed).await),
        other => panic!("{other:?} is no act upon people"),
    }
}

pub(crate) async fn on_membership(acts: &Acts, kind: ActKind, actor: &Actor) -> Refused {
    let (looked_at, day) = (seen(None), date(2026, 6, 1));
    match kind {
        ActKind::Apply => alike([
            by_act(acts.own_membership(actor).await),
            by_act(acts.apply(actor, "member", "", &looked_at).await),
        ]),
        ActKind::EnterApplication => by_act(
            acts.enter_application(actor, ANA, ("member", "", day), &looked_at)
                .await,
        ),
        ActKind::DecideMembership => {
            let decision = Decision {
                to: Status::Member,
                class: Some("member".to_owned()),
                on: day,
                why: String::new(),
                cause: Cause::Decision,
            };
            by_act(acts.decide(actor, ANA, decision, &looked_at).await)
        }
        ActKind::GiveNotice => alike([
            by_act(acts.give_notice(actor, ANA, (day, "arrears"), &looked_at).await),
            by_act(acts.hear(actor, ANA, "heard", &looked_at).await),
            by_act(acts.close_notice(actor, ANA, &looked_at).await),
        ]),
        ActKind::Object => by_act(acts.object(actor, "no", &looked_at).await),
        ActKind::ChangeShares => by_act(acts.change_shares(actor, ANA, 3, &looked_at).await),
        ActKind::LookRegister => by_act(acts.register(actor).await),
        ActKind::OpenRegister => by_act(acts.open_register(actor, true).await),
        other => panic!("{other:?} is no act upon memberships"),
    }
}
