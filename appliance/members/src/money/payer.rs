//! Who pays, and by what an entry of money is found.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use units::{HouseholdId, PersonId};

use crate::record::{Atom, Key, Named, Naming};

/// Who owes and pays: one person for themselves, or a household for its people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Payer {
    /// One person.
    Person(PersonId),
    /// A household.
    Household(HouseholdId),
}

/// A word that stands for no payer, payment or receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotFound;

impl Payer {
    const fn parts(self) -> (u8, u32) {
        match self {
            Self::Person(person) => (1, person.number()),
            Self::Household(household) => (2, household.number()),
        }
    }

    const fn of(kind: u8, number: u32) -> Option<Self> {
        match kind {
            1 => Some(Self::Person(PersonId::new(number))),
            2 => Some(Self::Household(HouseholdId::new(number))),
            _ => None,
        }
    }

    /// One word for addresses: `person-12`, `household-3`.
    pub fn word(self) -> String {
        self.to_string().replace(' ', "-")
    }

    /// The person, where it is one.
    pub const fn person(self) -> Option<PersonId> {
        match self {
            Self::Person(person) => Some(person),
            Self::Household(_) => None,
        }
    }
}

impl fmt::Display for Payer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(person) => person.fmt(f),
            Self::Household(household) => household.fmt(f),
        }
    }
}

impl FromStr for Payer {
    type Err = NotFound;

    fn from_str(word: &str) -> Result<Self, NotFound> {
        let (kind, number) = word.split_once(['-', ' ']).ok_or(NotFound)?;
        let number = number.parse().map_err(|_| NotFound)?;
        match kind {
            "person" => Ok(Self::Person(PersonId::new(number))),
            "household" => Ok(Self::Household(HouseholdId::new(number))),
            _ => Err(NotFound),
        }
    }
}

impl Atom for Payer {
    fn to_bytes(&self) -> Vec<u8> {
        let (kind, number) = self.parts();
        let mut out = vec![kind];
        out.extend(number.to_bytes());
        out
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (kind, number) = bytes.split_first()?;
        Self::of(*kind, u32::from_bytes(number)?)
    }

    fn say(&self) -> String {
        self.to_string()
    }

    fn names(&self, named: &mut Named) {
        match self {
            Self::Person(person) => named.people.push(*person),
            Self::Household(household) => named.households.push(*household),
        }
    }

    fn renamed(self, naming: Naming) -> Option<Self> {
        match self {
            Self::Person(person) => naming.person(person).map(Self::Person),
            Self::Household(_) => Some(self),
        }
    }
}

impl Key for Payer {
    fn names(&self, named: &mut Named) {
        Atom::names(self, named);
    }

    fn moved(self, from: PersonId, to: PersonId) -> Self {
        Atom::renamed(self, Naming::Moved { from, to }).unwrap_or(self)
    }

    fn to_key(&self) -> Vec<u8> {
        let (kind, number) = self.parts();
        let mut key = vec![kind];
        key.extend(number.to_be_bytes());
        key
    }

    fn from_key(bytes: &[u8]) -> Option<Self> {
        let (kind, number) = bytes.split_first()?;
        Self::of(*kind, u32::from_key(number)?)
    }
}

/// A payer's rows stand together, in the order of their number.
impl Key for (Payer, u32) {
    fn names(&self, named: &mut Named) {
        Key::names(&self.0, named);
    }

    fn moved(self, from: PersonId, to: PersonId) -> Self {
        (self.0.moved(from, to), self.1)
    }

    fn to_key(&self) -> Vec<u8> {
        let mut key = self.0.to_key();
        key.extend(self.1.to_be_bytes());
        key
    }

    fn from_key(bytes: &[u8]) -> Option<Self> {
        let (payer, number) = bytes.split_at_checked(5)?;
        Some((Payer::from_key(payer)?, u32::from_key(number)?))
    }
}

/// By what an entry of money is found: its day and its number, so that order is time. Numbers are given once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PaymentId {
    /// The day on which the money came or went.
    pub day: Date,
    /// Its number among all entries.
    pub number: u32,
}

impl fmt::Display for PaymentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.day, self.number)
    }
}

impl FromStr for PaymentId {
    type Err = NotFound;

    fn from_str(word: &str) -> Result<Self, NotFound> {
        let (day, number) = word.rsplit_once('-').ok_or(NotFound)?;
        Ok(Self {
            day: day.parse().map_err(|_| NotFound)?,
            number: number.parse().map_err(|_| NotFound)?,
        })
    }
}

impl Atom for PaymentId {
    fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.day.to_bytes();
        out.extend(self.number.to_bytes());
        out
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (day, number) = bytes.split_at_checked(4)?;
        Some(Self {
            day: Date::from_bytes(day)?,
            number: u32::from_bytes(number)?,
        })
    }

    fn say(&self) -> String {
        self.to_string()
    }

    fn names(&self, named: &mut Named) {
        Atom::names(&self.day, named);
    }
}

/// Days after the year nought stand in their order.
impl Key for Date {
    fn names(&self, named: &mut Named) {
        Atom::names(self, named);
    }

    fn to_key(&self) -> Vec<u8> {
        self.to_bytes()
    }

    fn from_key(bytes: &[u8]) -> Option<Self> {
        Self::from_bytes(bytes)
    }
}

impl Key for PaymentId {
    fn names(&self, named: &mut Named) {
        Key::names(&self.day, named);
    }

    fn to_key(&self) -> Vec<u8> {
        let mut key = self.day.to_key();
        key.extend(self.number.to_be_bytes());
        key
    }

    fn from_key(bytes: &[u8]) -> Option<Self> {
        let (day, number) = bytes.split_at_checked(4)?;
        Some(Self {
            day: Date::from_key(day)?,
            number: u32::from_key(number)?,
        })
    }
}

/// A payer's entries stand together, in the order of time.
impl Key for (Payer, PaymentId) {
    fn names(&self, named: &mut Named) {
        Key::names(&self.0, named);
        Key::names(&self.1, named);
    }

    fn moved(self, from: PersonId, to: PersonId) -> Self {
        (self.0.moved(from, to), self.1)
    }

    fn to_key(&self) -> Vec<u8> {
        let mut key = self.0.to_key();
        key.extend(self.1.to_key());
        key
    }

    fn from_key(bytes: &[u8]) -> Option<Self> {
        let (payer, payment) = bytes.split_at_checked(5)?;
        Some((Payer::from_key(payer)?, PaymentId::from_key(payment)?))
    }
}

/// The number of a receipt: counted from 1 in each year, without gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReceiptNumber {
    /// The year in which it was given.
    pub year: u16,
    /// Its number in the year.
    pub number: u32,
}

impl fmt::Display for ReceiptNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:04}", self.year, self.number)
    }
}

impl FromStr for ReceiptNumber {
    type Err = NotFound;

    fn from_str(word: &str) -> Result<Self, NotFound> {
        let (year, number) = word.split_once('-').ok_or(NotFound)?;
        Ok(Self {
            year: year.parse().map_err(|_| NotFound)?,
            number: number.parse().map_err(|_| NotFound)?,
        })
    }
}

impl Atom for ReceiptNumber {
    fn to_bytes(&self) -> Vec<u8> {
        self.to_key()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Self::from_key(bytes)
    }

    fn say(&self) -> String {
        self.to_string()
    }
}

impl Key for ReceiptNumber {
    fn names(&self, _: &mut Named) {}

    fn to_key(&self) -> Vec<u8> {
        let mut key = self.year.to_be_bytes().to_vec();
        key.extend(self.number.to_be_bytes());
        key
    }

    fn from_key(bytes: &[u8]) -> Option<Self> {
        let (year, number) = bytes.split_at_checked(2)?;
        Some(Self {
            year: u16::from_be_bytes(year.try_into().ok()?),
            number: u32::from_key(number)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use units::{HouseholdId, PersonId};

    use super::{Payer, PaymentId, ReceiptNumber};
    use crate::record::{Atom, Key};

    #[test]
    fn words_keys_and_bytes_come_back() {
        let payers = [
            Payer::Person(PersonId::new(7)),
            Payer::Household(HouseholdId::new(300)),
        ];
        for payer in payers {
            assert_eq!(payer.word().parse(), Ok(payer));
            assert_eq!(Payer::from_bytes(&payer.to_bytes()), Some(payer));
            assert_eq!(<(Payer, u32)>::from_key(&(payer, 9).to_key()), Some((payer, 9)));
        }
        let id = PaymentId {
            day: date(2026, 2, 28),
            number: 400,
        };
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(PaymentId::from_bytes(&id.to_bytes()), Some(id));
        assert_eq!(
            <(Payer, PaymentId)>::from_key(&(payers[0], id).to_key()),
            Some((payers[0], id))
        );
        let receipt = ReceiptNumber {
            year: 2026,
            number: 12,
        };
        assert_eq!(receipt.to_string(), "2026-0012");
        assert_eq!(receipt.to_string().parse(), Ok(receipt));
        for wrong in ["", "person", "person-x", "cat-1", "2026-02-30-1"] {
            assert!(wrong.parse::<Payer>().is_err() && wrong.parse::<PaymentId>().is_err());
        }
    }

    #[test]
    fn the_order_of_keys_is_the_order_of_time() {
        let id = |day, number| PaymentId { day, number };
        let ordered = [
            id(date(1999, 12, 31), 9),
            id(date(2025, 2, 1), 1),
            id(date(2025, 2, 1), 256),
            id(date(2025, 11, 1), 2),
            id(date(2026, 1, 1), 0),
        ];
        for pair in ordered.windows(2) {
            assert!(pair[0].to_key() < pair[1].to_key() && pair[0] < pair[1]);
        }
    }
}
