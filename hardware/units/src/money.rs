//! Money: whole minor units (pence, cents) with their currency. Never a fraction, and never two currencies in one sum.

use std::fmt;
use std::str::FromStr;

/// A currency by its three letters (ISO 4217), with how many digits its minor unit has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    letters: [u8; 3],
    digits: u8,
}

/// Currencies whose minor unit is not a hundredth (ISO 4217, table A.1).
const OTHER_DIGITS: [(&str, u8); 21] = [
    ("BHD", 3),
    ("BIF", 0),
    ("CLP", 0),
    ("DJF", 0),
    ("GNF", 0),
    ("IQD", 3),
    ("ISK", 0),
    ("JOD", 3),
    ("JPY", 0),
    ("KMF", 0),
    ("KRW", 0),
    ("KWD", 3),
    ("LYD", 3),
    ("OMR", 3),
    ("PYG", 0),
    ("RWF", 0),
    ("TND", 3),
    ("UGX", 0),
    ("VND", 0),
    ("XAF", 0),
    ("XOF", 0),
];

/// Signs that people write before an amount.
const SIGNS: [(&str, &str); 4] = [("GBP", "£"), ("EUR", "€"), ("USD", "$"), ("JPY", "¥")];

/// Why something is no amount of money, or not of the currency it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// It is no amount.
    #[error("\"{0}\" is no amount of money. Write it like 12.50")]
    NotAnAmount(String),
    /// It has more digits behind the point than the currency knows.
    #[error("\"{text}\" has more than {digits} digits behind the point")]
    TooFine {
        /// What was written.
        text: String,
        /// How many digits the currency has.
        digits: u8,
    },
    /// It is no currency.
    #[error("\"{0}\" is no currency. Write its three letters, like GBP")]
    NotACurrency(String),
    /// Two currencies met.
    #[error("{0} and {1} are two currencies, and cannot be put together")]
    TwoCurrencies(Currency, Currency),
    /// It is more than can be counted.
    #[error("the amount is too large")]
    TooLarge,
}

impl Currency {
    /// Pounds sterling.
    pub const GBP: Self = Self {
        letters: *b"GBP",
        digits: 2,
    };

    /// The currency with these three letters.
    pub fn parse(letters: &str) -> Result<Self, MoneyError> {
        let wrong = || MoneyError::NotACurrency(letters.to_owned());
        let upper = letters.trim().to_ascii_uppercase();
        let found: [u8; 3] = upper.as_bytes().try_into().map_err(|_| wrong())?;
        if !found.iter().all(u8::is_ascii_uppercase) {
            return Err(wrong());
        }
        let other = OTHER_DIGITS.iter().find(|(known, _)| *known == upper);
        Ok(Self {
            letters: found,
            digits: other.map_or(2, |(_, digits)| *digits),
        })
    }

    /// The three letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.letters).unwrap_or("???")
    }

    /// Digits behind the point.
    pub const fn digits(self) -> u8 {
        self.digits
    }

    /// The sign that people write before an amount, where it has one.
    pub fn sign(&self) -> Option<&'static str> {
        SIGNS
            .iter()
            .find(|(letters, _)| *letters == self.as_str())
            .map(|(_, sign)| *sign)
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        Self::parse(text)
    }
}

/// An amount of money; may be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// So many minor units (pence) of a currency.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in a currency.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// The minor units.
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether it is less than nothing.
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// The sum, if both are of one currency and it can be counted.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::TwoCurrencies(self.currency, other.currency));
        }
        let minor = self.minor.checked_add(other.minor);
        minor
            .map(|minor| Self::new(minor, self.currency))
            .ok_or(MoneyError::TooLarge)
    }

    /// The difference, under the same conditions.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.plus(other.negated())
    }

    /// The same amount the other way round.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self::new(self.minor.saturating_neg(), self.currency)
    }

    /// What a person wrote as an amount: `12`, `12.5`, `£1,234.50`, `-3.00`, `12,50` (a comma with one or two digits
    /// behind it is a point). Both a point and a comma: the last one is the point.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let wrong = || MoneyError::NotAnAmount(text.to_owned());
        let mut plain: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
        for sign in currency.sign().into_iter().chain([currency.as_str()]) {
            plain = plain.replacen(sign, "", 1);
        }
        let negative = plain.starts_with('-') || (plain.starts_with('(') && plain.ends_with(')'));
        let plain = plain.trim_start_matches(['-', '+', '(']).trim_end_matches(')');
        let (whole, part) = split_at_point(plain);
        let whole = without_groups(whole).ok_or_else(wrong)?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(&whole) || !digits(part) || whole.len() + part.len() == 0 {
            return Err(wrong());
        }
        let places = usize::from(currency.digits);
        if part.trim_end_matches('0').len() > places {
            return Err(MoneyError::TooFine {
                text: text.to_owned(),
                digits: currency.digits,
            });
        }
        let part: String = part.chars().chain(std::iter::repeat('0')).take(places).collect();
        let minor: i64 = format!("{whole}{part}")
            .parse()
            .map_err(|_| MoneyError::TooLarge)?;
        Ok(Self::new(if negative { -minor } else { minor }, currency))
    }

    /// The number alone, for tables and files: `-12.50`.
    pub fn plain(self) -> String {
        let minus = if self.minor < 0 { "-" } else { "" };
        let minor = self.minor.unsigned_abs();
        let scale = 10_u64.pow(u32::from(self.currency.digits));
        match usize::from(self.currency.digits) {
            0 => format!("{minus}{minor}"),
            digits => format!("{minus}{}.{:0digits$}", minor / scale, minor % scale),
        }
    }
}

/// Where the minor units begin: after the last point, or a last comma that has no three digits behind it.
fn split_at_point(text: &str) -> (&str, &str) {
    let last = text.rfind(['.', ',']).map(|at| (at, &text[at + 1..]));
    match last {
        Some((at, part)) if text[at..].starts_with('.') || part.len() != 3 => (&text[..at], part),
        _ => (text, ""),
    }
}

/// The number without the signs between its thousands; `None` where they stand elsewhere, as in a date.
fn without_groups(whole: &str) -> Option<String> {
    let mut groups = whole.split([',', '.', '\'']);
    let first = groups.next()?;
    let mut number = first.to_owned();
    for group in groups {
        if group.len() != 3 || first.is_empty() || first.len() > 3 {
            return None;
        }
        number.push_str(group);
    }
    Some(number)
}

/// The number with a comma before every three digits of its whole part.
fn with_groups(plain: &str) -> String {
    let (sign, number) = plain
        .strip_prefix('-')
        .map_or(("", plain), |number| ("-", number));
    let (whole, rest) = number
        .find('.')
        .map_or((number, ""), |point| number.split_at(point));
    let mut grouped = sign.to_owned();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + rest
}

impl fmt::Display for Money {
    /// As people write it: `£12.50`, `£1,234.50`, `-£3.00`, `12.50 CHF`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = with_groups(&self.plain());
        match self.currency.sign() {
            Some(sign) => match plain.strip_prefix('-') {
                Some(amount) => write!(f, "-{sign}{amount}"),
                None => write!(f, "{sign}{plain}"),
            },
            None => write!(f, "{plain} {}", self.currency),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Currency, Money, MoneyError};

    fn read(text: &str) -> Result<i64, MoneyError> {
        Money::parse(text, Currency::GBP).map(Money::minor)
    }

    #[test]
    fn amounts_as_people_write_them() {
        for (text, minor) in [
            ("12", 1200),
            ("12.5", 1250),
            ("£1,234.50", 123_450),
            ("1.234,50", 123_450),
            ("-3.00", -300),
            ("- £3", -300),
            ("(4.20)", -420),
            ("12,50", 1250),
            ("1,234", 123_400),
            (".50", 50),
            ("12.5000", 1250),
            ("GBP 7", 700),
        ] {
            assert_eq!(read(text), Ok(minor), "{text}");
        }
        for text in ["", "-", "twelve", "1.2.x", "£", "1-2", "--", "24.11.26", "1,2,3"] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(matches!(read("1.005"), Err(MoneyError::TooFine { .. })));
        assert_eq!(read("99999999999999999999"), Err(MoneyError::TooLarge));
    }

    #[test]
    fn amounts_are_written_as_their_currency_does() {
        assert_eq!(Money::new(-305, Currency::GBP).to_string(), "-£3.05");
        let yen = Currency::parse("jpy").expect("a currency");
        assert_eq!(Money::new(1200, yen).to_string(), "¥1,200");
        assert_eq!(
            Money::new(-123_456_789, Currency::GBP).to_string(),
            "-£1,234,567.89"
        );
        assert_eq!(Money::new(100_000, Currency::GBP).to_string(), "£1,000.00");
        let dinar = Currency::parse("KWD").expect("a currency");
        assert_eq!(Money::new(1, dinar).to_string(), "0.001 KWD");
        assert!(Currency::parse("POUNDS").is_err() && Currency::parse("12£").is_err());
    }

    #[test]
    fn two_currencies_are_no_sum() {
        let (pound, euro) = (
            Money::new(1, Currency::GBP),
            Currency::parse("EUR").expect("a currency"),
        );
        assert!(matches!(
            pound.plus(Money::zero(euro)),
            Err(MoneyError::TwoCurrencies(..))
        ));
        assert_eq!(
            Money::new(i64::MAX, Currency::GBP).plus(pound),
            Err(MoneyError::TooLarge)
        );
    }
}
