//! `hearth members households`, `household` and what is done with one.

use std::io;

use serde::Deserialize;
use system::members::{HouseholdDeed, MembersQuestion};

use super::Fault;
use super::answers::Done;
use super::out::{Paint, Tone};
use super::person::{Field, Other, fields, filled};
use super::table::{Cell, Stand, Table, more};
use crate::cli::HouseholdAsk;

/// A page of households.
#[derive(Debug, Clone, Deserialize)]
struct Households {
    households: Vec<Line>,
    found: usize,
    page: usize,
    pages: usize,
}

/// One household in the list.
#[derive(Debug, Clone, Deserialize)]
struct Line {
    number: u32,
    name: String,
    people: usize,
    address: String,
}

/// One household.
#[derive(Debug, Clone, Deserialize)]
struct Household {
    number: u32,
    name: String,
    people: Vec<Other>,
    fields: Vec<Field>,
    stays: Vec<Stay>,
}

/// A household's time in a metered home.
#[derive(Debug, Clone, Deserialize)]
struct Stay {
    home: String,
    from: String,
    until: Option<String>,
}

/// A household was made.
#[derive(Debug, Clone, Deserialize)]
struct Made {
    number: u32,
}

/// What was typed, as the box is asked.
pub(super) fn question(asked: &HouseholdAsk) -> Result<MembersQuestion, Fault> {
    let with = |household: u32, deed| MembersQuestion::Household { household, deed };
    Ok(match asked {
        HouseholdAsk::Households { words, page } => MembersQuestion::Households {
            typed: words.join(" "),
            page: *page,
        },
        HouseholdAsk::Household {
            household,
            fields: words,
        } if words.is_empty() => with(*household, None),
        HouseholdAsk::Household {
            household,
            fields: words,
        } => with(
            *household,
            Some(HouseholdDeed::Change(fields(words, io::stdin())?)),
        ),
        HouseholdAsk::MakeHousehold { person } => MembersQuestion::MakeHousehold { person: *person },
        HouseholdAsk::JoinHousehold { household, person } => {
            with(*household, Some(HouseholdDeed::Join(*person)))
        }
        HouseholdAsk::LeaveHousehold { household, person } => {
            with(*household, Some(HouseholdDeed::Leave(*person)))
        }
    })
}

/// The answer as text.
pub(super) fn text(asked: &HouseholdAsk, answer: &str, paint: Paint) -> Result<String, Fault> {
    Ok(match asked {
        HouseholdAsk::Households { .. } => households(&serde_json::from_str(answer)?, paint),
        HouseholdAsk::Household { fields, .. } if fields.is_empty() => {
            household(&serde_json::from_str(answer)?, paint)
        }
        HouseholdAsk::MakeHousehold { .. } => made(&serde_json::from_str(answer)?),
        HouseholdAsk::Household { .. }
        | HouseholdAsk::JoinHousehold { .. }
        | HouseholdAsk::LeaveHousehold { .. } => serde_json::from_str::<Done>(answer)?.words(),
    })
}

fn made(made: &Made) -> String {
    format!(
        "It has the number {0}: hearth members household {0}\n",
        made.number
    )
}

fn households(found: &Households, paint: Paint) -> String {
    if found.households.is_empty() {
        return "nothing: no household was found\n".to_owned();
    }
    let mut table = Table::new(&[
        ("NUMBER", Stand::Right),
        ("NAME", Stand::Left),
        ("PEOPLE", Stand::Right),
        ("ADDRESS", Stand::Wrap),
    ]);
    for household in &found.households {
        let address = match household.address.as_str() {
            "" => "-",
            address => address,
        };
        table.row([
            household.number.to_string().into(),
            household.name.as_str().into(),
            household.people.to_string().into(),
            address.into(),
        ]);
    }
    table.show(paint) + &more(found.found, found.page, found.pages)
}

fn household(household: &Household, paint: Paint) -> String {
    let title = format!("{} ({})", household.name, household.number);
    let mut table = Table::bare(&[Stand::Left, Stand::Wrap]);
    let mut fact = |name: &str, value: String| table.row([Cell::toned(Tone::Quiet, name), value.into()]);
    let people: Vec<String> = household.people.iter().map(Other::words).collect();
    fact(
        "people",
        if people.is_empty() {
            "nobody".to_owned()
        } else {
            people.join(", ")
        },
    );
    for (field, value) in filled(&household.fields) {
        fact(&field, value);
    }
    for stay in &household.stays {
        let until = stay.until.as_ref().map(|day| format!(" until before {day}"));
        fact(
            "lives in",
            format!("{} from {}{}", stay.home, stay.from, until.unwrap_or_default()),
        );
    }
    format!("{}\n{}", paint.put(Tone::Strong, &title), table.show(paint))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use system::control::{
        FieldView, HouseholdView, HouseholdsView, MadeView, OneHouseholdView, OtherView, StayView,
    };

    use super::super::out::Paint;
    use super::super::samples::read;

    #[test]
    fn households_are_a_table() {
        let household = |number, address: &str| HouseholdView {
            number,
            name: "Marsh and Okafor".to_owned(),
            people: 2,
            address: address.to_owned(),
        };
        let mut found = HouseholdsView {
            households: vec![household(3, "12 Mill Lane, Bristol, BS5 0AA"), household(40, "")],
            found: 120,
            page: 1,
            pages: 3,
        };
        expect![[r#"
            NUMBER  NAME              PEOPLE  ADDRESS
                 3  Marsh and Okafor       2  12 Mill Lane, Bristol, BS5 0AA
                40  Marsh and Okafor       2  -
            120 found; this is page 1 of 3: --page
        "#]]
        .assert_eq(&super::households(&read(&found), Paint::Off));
        found.households.clear();
        assert_eq!(
            super::households(&read(&found), Paint::Off),
            "nothing: no household was found\n"
        );
    }

    #[test]
    fn a_household_is_shown_with_its_people_and_homes() {
        let field = |field: &str, value: &str| FieldView {
            field: field.to_owned(),
            label: None,
            value: value.to_owned(),
            choices: Vec::new(),
        };
        let stay = |until: Option<&str>| StayView {
            home: "flat-1".to_owned(),
            from: "2025-01-01".to_owned(),
            until: until.map(str::to_owned),
        };
        let mut seen = OneHouseholdView {
            number: 3,
            name: "Marsh".to_owned(),
            people: vec![OtherView {
                number: 12,
                name: "Cleo Marsh".to_owned(),
                what: String::new(),
            }],
            fields: vec![
                field("household-name", ""),
                field("lines", "12 Mill Lane\nBristol"),
            ],
            stays: vec![stay(Some("2026-01-01")), stay(None)],
        };
        expect![[r#"
            Marsh (3)
              people    Cleo Marsh (12)
              lines     12 Mill Lane, Bristol
              lives in  flat-1 from 2025-01-01 until before 2026-01-01
              lives in  flat-1 from 2025-01-01
        "#]]
        .assert_eq(&super::household(&read(&seen), Paint::Off));
        seen.people.clear();
        assert!(super::household(&read(&seen), Paint::Off).contains("people    nobody"));
        assert_eq!(
            super::made(&read(&MadeView { number: 4 })),
            "It has the number 4: hearth members household 4\n"
        );
    }
}
