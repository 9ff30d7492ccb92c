//! What the columns of a table mean: guessed at first, chosen by a steward, remembered for the next table with the same
//! header.

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::field::{Field, header_words};
use super::value::{self, DateOrder, Told};
use crate::record::{Newer, record, words};
use crate::sheet::Sheet;
use crate::sheet::write::unguarded;

words! {
    /// What becomes of somebody whose name stands in the book already, while nothing else tells whether it is the same
    /// person.
    pub enum SameName {
        /// The row is left out until somebody says who it is.
        1 Ask = "left out until you say who it is";
        /// They are another person.
        2 New = "another person of the same name";
    }
}

words! {
    /// Which people become a household where no column tells it.
    pub enum Together {
        /// None.
        1 Nobody = "nobody";
        /// Those with the same address.
        2 SameAddress = "people with the same address";
    }
}

record! {
    /// What the columns of a table mean. It is kept by the fingerprint of the header.
    pub struct Mapping in "import-mappings" by String {
        /// The word of the field of each column; empty where a column is left out.
        1 columns: Vec<String> => "Meaning of each column", Rules, NotPersonal, WhileInForce;
        /// In which order the parts of days stand.
        2 order: Option<DateOrder> => "Order of days", Rules, NotPersonal, WhileInForce;
        /// The class of membership of people for whom the table names none; without it they are no members.
        3 class: Option<String> => "Class of membership", Rules, NotPersonal, WhileInForce;
        /// Who becomes a household.
        4 together: Together => "Households", Rules, NotPersonal, WhileInForce;
        /// What becomes of people of whom only the name is in the book.
        5 same_name: SameName => "The same name", Rules, NotPersonal, WhileInForce;
    }
}

/// Why a mapping cannot be used as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoMapping {
    /// No column holds names.
    #[error("Choose the column with the names: without a name nobody can be entered")]
    NoName,
    /// Two columns mean the same one thing.
    #[error("Two columns are called \"{0}\", and only one can be. Choose what the other one is")]
    Twice(Field),
    /// A table that came out of Hearth has lost one of its columns.
    #[error(
        "This table came out of Hearth, and its column \"{0}\" is gone or has another name. Put it back; or give the first column another name, and say yourself what the columns mean"
    )]
    OwnLacks(&'static str),
    /// The days can be read in two ways.
    #[error("The days in this table can be read in two ways. Say whether the day or the month stands first")]
    WhichOrder,
}

/// The fingerprint of a header, by which its mapping is remembered.
pub fn header_key(header: &[String]) -> String {
    let mut hash = Sha256::new();
    for name in header {
        hash.update(header_words(name).as_bytes());
        hash.update([0]);
    }
    hash.finalize()
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl Mapping {
    /// The first guess.
    pub fn guess(sheet: &Sheet, today: Date) -> Self {
        let mut taken: Vec<Field> = Vec::new();
        let mut columns = Vec::with_capacity(sheet.header.len());
        for name in &sheet.header {
            let field = Field::guess(name).filter(|field| field.several() || !taken.contains(field));
            taken.extend(field);
            columns.push(field.map_or("", Field::word).to_owned());
        }
        let mut guess = Self {
            columns,
            order: None,
            class: None,
            together: Together::Nobody,
            same_name: SameName::Ask,
            newer: Newer::default(),
        };
        if let Told::Order(order) = guess.told_order(sheet, today) {
            guess.order = Some(order);
        }
        guess
    }

    /// The field of each column.
    pub fn fields(&self) -> Vec<Option<Field>> {
        self.columns.iter().map(|word| Field::parse(word)).collect()
    }

    /// What the days of the table tell of their order.
    pub fn told_order(&self, sheet: &Sheet, today: Date) -> Told {
        let fields = self.fields();
        let days: Vec<usize> = (0..)
            .zip(&fields)
            .filter(|(_, field)| field.is_some_and(Field::is_day))
            .map(|(at, _)| at)
            .collect();
        let cells = sheet
            .rows
            .iter()
            .flat_map(|row| days.iter().filter_map(|at| row.cells.get(*at)));
        value::told_order(cells.map(|cell| unguarded(cell)), today)
    }

    /// That a table can be read with it, and in which order its days stand.
    pub fn check(&self, sheet: &Sheet, today: Date) -> Result<DateOrder, NoMapping> {
        let fields = self.fields();
        let named = [Field::Name, Field::First, Field::Last, Field::Organisation];
        if !fields.iter().flatten().any(|field| named.contains(field)) {
            return Err(NoMapping::NoName);
        }
        for (at, field) in fields.iter().enumerate() {
            if let Some(field) = field.filter(|field| {
                !field.several() && fields.iter().take(at).any(|before| *before == Some(*field))
            }) {
                return Err(NoMapping::Twice(field));
            }
        }
        match (self.told_order(sheet, today), self.order) {
            (_, Some(chosen)) => Ok(chosen),
            (Told::Order(told), None) => Ok(told),
            (Told::AllClear, None) => Ok(DateOrder::DayFirst),
            (Told::Unclear, None) => Err(NoMapping::WhichOrder),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Mapping, NoMapping, header_key};
    use crate::import::value::DateOrder;
    use crate::sheet::{Choice, read};

    #[test]
    fn a_mapping_is_guessed_and_what_is_unclear_is_asked() {
        let today = date(2026, 6, 16);
        let table = |days: &str| {
            read(
                format!("First name,Surname,Joined,Sex\nAna,Öberg,{days},f\n").as_bytes(),
                &Choice::default(),
            )
            .expect("a table")
        };
        let clear = table("25/12/2020");
        let guess = Mapping::guess(&clear, today);
        assert_eq!(guess.columns, ["first name", "last name", "date of joining", ""]);
        assert_eq!(guess.check(&clear, today), Ok(DateOrder::DayFirst));
        let unclear = table("2/12/2020");
        assert_eq!(
            Mapping::guess(&unclear, today).check(&unclear, today),
            Err(NoMapping::WhichOrder)
        );
        let mut nameless = guess;
        nameless.columns = vec![String::new(); 4];
        assert_eq!(nameless.check(&clear, today), Err(NoMapping::NoName));
    }

    #[test]
    fn a_header_is_known_again_by_its_words() {
        let key =
            |names: &[&str]| header_key(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(key(&["First Name", "E-mail"]), key(&["first name", "e mail"]));
        assert_ne!(key(&["a", "b"]), key(&["b", "a"]));
        assert_ne!(key(&["ab", ""]), key(&["a", "b"]));
    }
}
