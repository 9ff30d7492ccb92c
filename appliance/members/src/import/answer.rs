//! What stands in a column of answers to a question of the house, understood as people write it.

use jiff::civil::Date;

use super::entry::CellFault;
use super::value::{self, DateOrder};
use crate::edit::answer;
use crate::house::{CustomField, FieldKind};
use crate::text::folded;

/// The answer of a cell as it is kept; nothing where none is given.
pub(super) fn understood(
    field: &CustomField,
    cell: &str,
    order: DateOrder,
    today: Date,
) -> Result<Option<String>, CellFault> {
    let typed = match field.kind {
        FieldKind::Text => cell.to_owned(),
        FieldKind::Choice => {
            let same = |choice: &&String| folded(choice) == folded(cell);
            field
                .choices
                .iter()
                .find(same)
                .map_or(cell, String::as_str)
                .to_owned()
        }
        FieldKind::Date => value::day(cell, order, today)
            .ok_or(CellFault::NotADay)?
            .to_string(),
        FieldKind::YesNo => {
            let yes = value::yes(cell).ok_or(CellFault::NotYesNo)?;
            if yes { "yes" } else { "no" }.to_owned()
        }
        // A spreadsheet may have made a fraction of it.
        FieldKind::Number => cell.strip_suffix(".0").unwrap_or(cell).to_owned(),
    };
    checked(field, &typed)
}

/// An answer as it is kept, which stands in a cell just so.
pub(super) fn checked(field: &CustomField, typed: &str) -> Result<Option<String>, CellFault> {
    answer(field, typed).map_err(|why| match field.kind {
        FieldKind::Choice => CellFault::NoChoice(field.choices.join(", ")),
        FieldKind::Text | FieldKind::Date | FieldKind::YesNo | FieldKind::Number => CellFault::NoAnswer(why),
    })
}
