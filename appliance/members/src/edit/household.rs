//! The form of a household: its name, how many letters it gets, its address and the notes.

use super::read::Reader;
use super::{Input, Refusal, Typed, area, choice, line, of_address, read_address};
use crate::household::{Household, Letters};
use crate::person::LONGEST_NAME;

/// The inputs of a household, with what is written now.
pub fn inputs_of_household(household: &Household) -> Vec<Input> {
    let mut inputs = vec![
        line("household-name", household.name.as_deref().unwrap_or_default()),
        choice(
            "letters",
            Letters::ALL.iter().map(|it| it.word()),
            household.letters.word(),
        ),
    ];
    inputs.extend(of_address(household.address.as_ref()));
    inputs.push(area("note", household.note.as_deref()));
    inputs
}

/// The household as it is after what was typed.
pub fn read_household(before: &Household, typed: &Typed) -> Result<Household, Vec<Refusal>> {
    let mut reader = Reader::new(typed);
    let mut after = before.clone();
    after.name = reader.line("household-name", LONGEST_NAME);
    let letters = Letters::parse(reader.raw("letters")).ok_or("Choose one of the list");
    after.letters = reader.take("letters", letters).unwrap_or(before.letters);
    after.note = reader.area("note", 5_000);
    match read_address(typed) {
        Ok(address) => after.address = address,
        Err(refusals) => reader.refusals.extend(refusals),
    }
    reader.done(after)
}

#[cfg(test)]
mod tests {
    use super::{inputs_of_household, read_household};
    use crate::edit::Typed;
    use crate::household::{Household, Letters};

    #[test]
    fn a_household_is_read_back_from_its_form() {
        let mut household = Household::new();
        household.letters = Letters::Each;
        household.note = Some("The bell is broken".to_owned());
        let typed: Typed = inputs_of_household(&household)
            .into_iter()
            .map(|input| (input.name, input.value))
            .collect();
        assert_eq!(read_household(&household, &typed), Ok(household.clone()));
        let wrong = Typed::from([
            ("letters".to_owned(), "none".to_owned()),
            ("postcode".to_owned(), "BS5".to_owned()),
        ]);
        assert_eq!(read_household(&household, &wrong).expect_err("refused").len(), 2);
    }
}
