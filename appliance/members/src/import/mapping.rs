//! What the columns of a table mean: guessed at first, chosen by a steward, remembered for the next table with the same
//! header.

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::about::About;
use super::field::{Field, header_words};
use super::value::{self, DateOrder, Told};
use crate::house::House;
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
        /// The word of what each column means; empty where a column is left out.
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
    Twice(String),
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
    pub fn guess(sheet: &Sheet, house: &House, today: Date) -> Self {
        let mut taken: Vec<About> = Vec::new();
        let mut columns = Vec::with_capacity(sheet.header.len());
        for name in &sheet.header {
            let about = About::guess(name, house);
            let about = about.filter(|about| about.several() || !taken.contains(about));
            columns.push(about.as_ref().map(About::word).unwrap_or_default());
            taken.extend(about);
        }
        let mut guess = Self {
            columns,
            order: None,
            class: None,
            together: Together::Nobody,
            same_name: SameName::Ask,
            newer: Newer::default(),
        };
        if let Told::Order(order) = guess.told_order(sheet, house, today) {
            guess.order = Some(order);
        }
        guess
    }

    /// What each column means in a house; nothing where it is left out, or where the house has it no more.
    pub fn meanings(&self, house: &House) -> Vec<Option<About>> {
        let words = self.columns.iter();
        words.map(|word| About::parse(word, house)).collect()
    }

    /// What the days of the table tell of their order.
    pub fn told_order(&self, sheet: &Sheet, house: &House, today: Date) -> Told {
        let meanings = self.meanings(house);
        let days: Vec<usize> = (0..)
            .zip(&meanings)
            .filter(|(_, about)| about.as_ref().is_some_and(|about| about.is_day(house)))
            .map(|(at, _)| at)
            .collect();
        let cells = sheet
            .rows
            .iter()
            .flat_map(|row| days.iter().filter_map(|at| row.cells.get(*at)));
        value::told_order(cells.map(|cell| unguarded(cell)), today)
    }

    /// That a table can be read with it, and in which order its days stand.
    pub fn check(&self, sheet: &Sheet, house: &House, today: Date) -> Result<DateOrder, NoMapping> {
        let meanings = self.meanings(house);
        let named = [Field::Name, Field::First, Field::Last, Field::Organisation].map(About::Field);
        if !meanings.iter().flatten().any(|about| named.contains(about)) {
            return Err(NoMapping::NoName);
        }
        for (at, about) in (0..).zip(&meanings) {
            let once = about.as_ref().filter(|about| !about.several());
            if let Some(once) =
                once.filter(|once| meanings.iter().take(at).flatten().any(|before| before == *once))
            {
                return Err(NoMapping::Twice(once.to_string()));
            }
        }
        match (self.told_order(sheet, house, today), self.order) {
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
    use crate::house::House;
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
        let guess = Mapping::guess(&clear, &House::begun(), today);
        assert_eq!(guess.columns, ["first name", "last name", "date of joining", ""]);
        assert_eq!(
            guess.check(&clear, &House::begun(), today),
            Ok(DateOrder::DayFirst)
        );
        let unclear = table("2/12/2020");
        assert_eq!(
            Mapping::guess(&unclear, &House::begun(), today).check(&unclear, &House::begun(), today),
            Err(NoMapping::WhichOrder)
        );
        let mut nameless = guess;
        nameless.columns = vec![String::new(); 4];
        assert_eq!(
            nameless.check(&clear, &House::begun(), today),
            Err(NoMapping::NoName)
        );
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
