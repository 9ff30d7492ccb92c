//! The statutory register of members: who was a member from when to when, as the law wants it kept, apart from the book
//! that people work with. The acts on memberships keep it in step.
//!
//! Any member may inspect it, and sees of others everything but their shares (Co-operative and Community Benefit
//! Societies Act 2014, section 103). Name and address are those at entry. An entry stays ten years after its end.

use jiff::civil::Date;
use units::PersonId;

use crate::membership::Membership;
use crate::person::{Address, Person};
use crate::record::{Newer, record};

record! {
    /// One entry: one unbroken time as a member.
    pub struct Entry in "register" by u32 {
        /// Whose.
        1 person: PersonId => "Whose entry", Statute, LegalObligation, AfterLeaving(10);
        /// The name at entry.
        2 name: String => "Name in the register", Statute, LegalObligation, AfterLeaving(10);
        /// The lines of the address at entry.
        3 address: Vec<String> => "Address in the register", Statute, LegalObligation, AfterLeaving(10);
        /// The number on the card.
        4 number: Option<u32> => "Membership number", Statute, LegalObligation, AfterLeaving(10);
        /// What the class is called.
        5 class: String => "Class", Statute, LegalObligation, AfterLeaving(10);
        /// The first day as a member.
        6 entered: Date => "Became a member", Statute, LegalObligation, AfterLeaving(10);
        /// The first day no more.
        7 ended: Option<Date> => "Ceased to be a member", Statute, LegalObligation, AfterLeaving(10);
        /// The shares held; nobody but the member and stewards sees them.
        8 shares: u32 => "Shares in the register", Statute, LegalObligation, AfterLeaving(10);
    }
}

record! {
    /// Whether members may inspect the register: the law says so of societies and companies, and of no others. Where
    /// membership itself tells of somebody's health or belief, it stays closed.
    pub struct Inspection in "register-rules" by String {
        /// Whether they may.
        1 open: bool => "Members may inspect the register", Rules, NotPersonal, WhileInForce;
    }
}

/// The one row of the rules of the register.
pub const INSPECTION: &str = "inspection";

/// The entries' numbers.
pub const OF_REGISTER: &str = "register";

/// Everything that an entry is made of.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Whose.
    pub id: PersonId,
    /// The person.
    pub person: &'a Person,
    /// Where their post arrives.
    pub address: Option<&'a Address>,
    /// The membership as it is now.
    pub membership: &'a Membership,
    /// What its class is called.
    pub class: &'a str,
}

/// The entry of somebody as it must stand once the membership is `source`'s: a new one, the open one as it becomes, or
/// none where the register does not change.
pub fn in_step(open: Option<&Entry>, source: Source<'_>) -> Option<Entry> {
    let membership = source.membership;
    match (open, membership.since()) {
        (None, Some(entered)) => Some(Entry {
            person: source.id,
            name: source.person.name.clone(),
            address: source.address.map(Address::all_lines).unwrap_or_default(),
            number: membership.number,
            class: source.class.to_owned(),
            entered,
            ended: None,
            shares: membership.shares,
            newer: Newer::default(),
        }),
        (Some(open), Some(_)) => Some(Entry {
            number: membership.number,
            class: source.class.to_owned(),
            shares: membership.shares,
            ..open.clone()
        })
        .filter(|after| after != open),
        (Some(open), None) => Some(Entry {
            ended: membership.ended().map(|ended| ended.max(open.entered)),
            ..open.clone()
        })
        .filter(|after| after != open),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};
    use proptest::prelude::*;
    use units::{Instant, PersonId};

    use super::{Entry, Source, in_step};
    use crate::membership::{Membership, Move, Status};
    use crate::person::{Address, Person};
    use crate::record::Newer;

    fn to(status: Status, on: Date) -> Move {
        Move {
            to: status,
            class: Some("member".to_owned()),
            on,
            why: Some("because".to_owned()),
            by: None,
            at: Instant::from_millis(0),
        }
    }

    /// Keeps the entries in step, as the acts do.
    fn keep(entries: &mut Vec<Entry>, person: &Person, membership: &Membership) {
        let address = Address {
            lines: vec!["1 High Street".to_owned()],
            postcode: Some("BS5 6XX".to_owned()),
            country: None,
            newer: Newer::default(),
        };
        let open = entries.iter().position(|entry| entry.ended.is_none());
        let source = Source {
            id: PersonId::new(1),
            person,
            address: Some(&address),
            membership,
            class: "Member",
        };
        match (open, in_step(open.map(|at| &entries[at]), source)) {
            (Some(at), Some(entry)) => entries[at] = entry,
            (None, Some(entry)) => entries.push(entry),
            (_, None) => {}
        }
    }

    #[test]
    fn an_entry_has_the_name_and_address_of_the_day_of_entry_for_ever() {
        let mut ana = Person::named("Ana Öberg", Instant::from_millis(0)).expect("a name");
        let mut entries = Vec::new();
        let applied = Membership::begin(to(Status::Applied, date(2024, 2, 1))).expect("applied");
        keep(&mut entries, &ana, &applied);
        assert!(entries.is_empty(), "whoever has only applied is no member");
        let mut member = applied
            .moved(to(Status::Member, date(2024, 2, 29)))
            .expect("admitted");
        member.number = Some(7);
        keep(&mut entries, &ana, &member);
        ana.name = "Ana Marsh".to_owned();
        let left = member.moved(to(Status::Left, date(2025, 2, 28))).expect("left");
        keep(&mut entries, &ana, &left);
        let entry = &entries[0];
        assert_eq!(
            (entry.name.as_str(), entry.number, entry.address.len()),
            ("Ana Öberg", Some(7), 2)
        );
        assert_eq!(
            (entry.entered, entry.ended),
            (date(2024, 2, 29), Some(date(2025, 2, 28)))
        );
        let back = left.moved(to(Status::Member, date(2026, 1, 1))).expect("back");
        keep(&mut entries, &ana, &back);
        assert_eq!((entries.len(), entries[1].name.as_str()), (2, "Ana Marsh"));
    }

    proptest! {
        #[test]
        fn the_register_is_in_step_with_the_membership(moves in prop::collection::vec((0_usize..7, 0_i32..50), 1..30)) {
            let ana = Person::named("Ana", Instant::from_millis(0)).expect("a name");
            let mut membership = Membership::begin(to(Status::Applied, date(2020, 1, 1))).expect("a beginning");
            let mut entries: Vec<Entry> = Vec::new();
            let mut day = date(2020, 1, 1);
            for (status, days) in moves {
                let on = day.checked_add(jiff::Span::new().days(days)).expect("a day");
                let Ok(after) = membership.moved(to(Status::ALL[status], on)) else { continue };
                membership = after;
                day = on;
                keep(&mut entries, &ana, &membership);
                let open = entries.iter().filter(|entry| entry.ended.is_none()).count();
                prop_assert_eq!(open, usize::from(membership.is_member()), "one open entry just while a member");
                prop_assert_eq!(entries.last().filter(|entry| entry.ended.is_none()).map(|entry| entry.entered), membership.since());
                for pair in entries.windows(2) {
                    prop_assert!(pair[0].ended.is_some_and(|ended| ended <= pair[1].entered), "no two at one time");
                }
            }
        }
    }
}
