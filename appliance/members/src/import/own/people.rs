//! The person, the household and the membership of a row.

use jiff::civil::Date;
use units::{HomeName, PersonId};

use super::cells::of_moment;
use super::read::{Reading, a_line, words};
use crate::household::{Household, Letters, Occupancy};
use crate::import::plan::NotTaken;
use crate::import::value::yes;
use crate::membership::{Membership, Notice, Status, Step};
use crate::person::{Address, Kinship, Listing, Person, PersonKind, Reach, Relation, Way, WayKind};
use crate::record::Newer;
use crate::text::Unfit;

/// The person; nothing where neither a name nor the moment of the first entry stands.
pub(super) fn person(cells: &Reading<'_>) -> Result<Option<Person>, NotTaken> {
    let entered = cells.read("First entered", of_moment)?;
    let name = cells.at("Name");
    let entered = match (entered, name) {
        (None, "") => return Ok(None),
        (None, _) => return Err(NotTaken::NotOurs("First entered")),
        (Some(entered), _) => entered,
    };
    let mut person = Person::named(name, entered).map_err(|unfit| match unfit {
        Unfit::Empty => NotTaken::NoName,
        other => NotTaken::UnfitName(other),
    })?;
    person.kind = cells.read("Kind", PersonKind::parse)?.unwrap_or(person.kind);
    person.called = cells.line("Known as")?;
    person.sort = cells.line("Name in lists")?;
    person.pronouns = cells.line("Pronouns")?;
    person.born = cells.read("Day of birth", day)?;
    person.languages = cells.lines("Languages")?;
    person.access = cells.text("What helps to take part")?;
    person.ways = cells.each("Ways to reach", way)?;
    person.reach = cells
        .read("How to be reached", Reach::parse)?
        .unwrap_or(person.reach);
    person.address = address(cells, ["Address", "Postcode", "Country"])?;
    person.tags = cells.lines("Tags")?.into_iter().collect();
    person.note = cells.text("Notes")?;
    person.relations = cells.each("Relations", relation)?;
    let listing = cells.read("Who may know of the membership", Listing::parse)?;
    person.listing = listing.unwrap_or(person.listing);
    person.large_print = cells.read("Large print", yes)?.unwrap_or(false);
    person.custom = cells.answers()?.into_iter().collect();
    Ok(Some(person))
}

/// The household.
pub(super) fn household(cells: &Reading<'_>) -> Result<Household, NotTaken> {
    let mut household = Household::new();
    household.name = cells.line("Household name")?;
    let columns = ["Household address", "Household postcode", "Household country"];
    household.address = address(cells, columns)?;
    let letters = cells.read("Household letters", Letters::parse)?;
    household.letters = letters.unwrap_or(household.letters);
    household.homes = cells.each("Household homes", |parts| {
        let [home, from, until] = parts else { return None };
        Some(Occupancy {
            home: HomeName::parse(home).ok()?,
            from: day(from)?,
            until: optional_day(until)?,
            newer: Newer::default(),
        })
    })?;
    household.note = cells.text("Household notes")?;
    Ok(household)
}

/// The membership; nothing where it has no history.
pub(super) fn membership(cells: &Reading<'_>) -> Result<Option<Membership>, NotTaken> {
    let history = cells.each("Membership history", step)?;
    let membership = Membership {
        number: cells.number("Membership number")?,
        history,
        shares: cells.read("Shares", |cell| cell.parse().ok())?.unwrap_or(0),
        application: cells.text("Application")?,
        notices: cells.each("Notices", notice)?,
        newer: Newer::default(),
    };
    Ok((!membership.history.is_empty()).then_some(membership))
}

fn day(text: &str) -> Option<Date> {
    text.parse().ok()
}

/// A day or none. Outside: nothing where it is no day.
fn optional_day(text: &str) -> Option<Option<Date>> {
    match text {
        "" => Some(None),
        text => day(text).map(Some),
    }
}

fn somebody(number: &str) -> Option<PersonId> {
    number
        .parse()
        .ok()
        .filter(|number| *number > 0)
        .map(PersonId::new)
}

fn way(parts: &[String]) -> Option<Way> {
    let [kind, value, note] = parts else { return None };
    Some(Way {
        kind: WayKind::parse(kind)?,
        value: a_line(value)?,
        note: words(note)?,
        newer: Newer::default(),
    })
}

fn relation(parts: &[String]) -> Option<Relation> {
    let [kinship, other] = parts else { return None };
    Some(Relation {
        kinship: Kinship::parse(kinship)?,
        person: somebody(other)?,
        newer: Newer::default(),
    })
}

fn step(parts: &[String]) -> Option<Step> {
    let [on, status, class, why, by, at] = parts else {
        return None;
    };
    Some(Step {
        on: day(on)?,
        status: Status::parse(status)?,
        class: a_line(class)?,
        why: words(why)?,
        by: match by.as_str() {
            "" => None,
            number => Some(somebody(number)?),
        },
        at: of_moment(at)?,
        newer: Newer::default(),
    })
}

fn notice(parts: &[String]) -> Option<Notice> {
    let [given, until, why, objection, heard, closed] = parts else {
        return None;
    };
    Some(Notice {
        given: day(given)?,
        until: day(until)?,
        why: words(why)?.unwrap_or_default(),
        objection: words(objection)?,
        heard: words(heard)?,
        closed: optional_day(closed)?,
        newer: Newer::default(),
    })
}

/// An address in three columns.
fn address(cells: &Reading<'_>, columns: [&'static str; 3]) -> Result<Option<Address>, NotTaken> {
    let [lines, postcode, country] = columns;
    let address = Address {
        lines: cells.lines(lines)?,
        postcode: cells.line(postcode)?,
        country: cells.line(country)?,
        newer: Newer::default(),
    };
    let there = !address.lines.is_empty() || address.postcode.is_some() || address.country.is_some();
    Ok(there.then_some(address))
}
