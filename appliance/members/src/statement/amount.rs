//! Amounts as banks write them: `1,234.50`, `1.234,50`, `£12.00`, `12.00 DR`, `12.00-`.

use units::{Currency, Money, MoneyError};

use crate::record::words;

words! {
    /// Which sign stands before the pence.
    pub enum DecimalSign {
        /// A point: 1,234.50.
        1 Point = "point";
        /// A comma: 1.234,50.
        2 Comma = "comma";
    }
}

/// Signs of currencies that stand in bank files beside the three letters.
const SIGNS: [(char, &str); 5] = [
    ('£', "GBP"),
    ('€', "EUR"),
    ('$', "USD"),
    ('¥', "JPY"),
    ('₹', "INR"),
];

/// Why an amount cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoAmount {
    /// It is in another currency.
    #[error("This amount is in {found}, and this place counts in {ours}. It was not converted")]
    OtherCurrency {
        /// What the row says.
        found: Currency,
        /// What the place counts in.
        ours: Currency,
    },
    /// It is no amount.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// The amount in a cell; nothing where the cell is empty.
pub(super) fn amount(cell: &str, decimal: DecimalSign, ours: Currency) -> Result<Option<Money>, NoAmount> {
    let cell = cell.trim().trim_start_matches('\'').trim();
    if cell.is_empty() || cell == "-" {
        return Ok(None);
    }
    if let Some(found) = currency_in(cell).filter(|found| *found != ours) {
        return Err(NoAmount::OtherCurrency { found, ours });
    }
    let (number, turned) = without_words(cell);
    let plain: String = number
        .chars()
        .filter(|sign| !sign.is_whitespace() && !SIGNS.iter().any(|(known, _)| known == sign))
        .collect();
    let plain = match decimal {
        DecimalSign::Point => plain.replace([',', '\''], ""),
        DecimalSign::Comma => plain.replace(['.', '\''], "").replace(',', "."),
    };
    let money = Money::parse(&plain, ours).map_err(|error| match error {
        MoneyError::NotAnAmount(_) => MoneyError::NotAnAmount(cell.to_owned()),
        other => other,
    })?;
    Ok(Some(if turned { money.negated() } else { money }))
}

/// The currency that a cell names, by its sign or by its three letters.
pub(super) fn currency_in(cell: &str) -> Option<Currency> {
    if let Some((_, letters)) = SIGNS.iter().find(|(sign, _)| cell.contains(*sign)) {
        return Currency::parse(letters).ok();
    }
    let letters = |part: &&str| part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_uppercase());
    let mut parts = cell.split(|sign: char| !sign.is_ascii_alphabetic());
    parts.find(letters).and_then(|part| Currency::parse(part).ok())
}

/// The number without the letters around it, and whether they turn it: "12.00 DR", "12.00-".
fn without_words(cell: &str) -> (&str, bool) {
    let upper = cell.to_ascii_uppercase();
    if let Some(number) = cell.strip_suffix('-') {
        return (number, true);
    }
    for (word, turns) in [("DR", true), ("CR", false), ("D", true), ("C", false)] {
        if upper.ends_with(word) {
            return (&cell[..cell.len() - word.len()], turns);
        }
    }
    (cell.trim_matches(|sign: char| sign.is_ascii_alphabetic()), false)
}

#[cfg(test)]
mod tests {
    use units::{Currency, Money};

    use super::{DecimalSign, NoAmount, amount, currency_in};

    fn read(cell: &str, decimal: DecimalSign) -> Option<i64> {
        amount(cell, decimal, Currency::GBP)
            .expect("an amount")
            .map(Money::minor)
    }

    #[test]
    fn amounts_as_banks_write_them() {
        for (cell, minor) in [
            ("1,234.50", 123_450),
            ("-2.00", -200),
            ("£12.00", 1200),
            ("-£12", -1200),
            ("12.00 DR", -1200),
            ("12.00CR", 1200),
            ("12.00-", -1200),
            ("(3.10)", -310),
            ("GBP 7.5", 750),
            (".54", 54),
        ] {
            assert_eq!(read(cell, DecimalSign::Point), Some(minor), "{cell}");
        }
        assert_eq!(read("1.234,50", DecimalSign::Comma), Some(123_450));
        assert_eq!(read("1.234", DecimalSign::Comma), Some(123_400));
        assert_eq!(read("1,234", DecimalSign::Point), Some(123_400));
        assert_eq!(read("  ", DecimalSign::Point), None);
    }

    #[test]
    fn another_currency_is_named_and_not_taken() {
        let euro = Currency::parse("EUR").expect("a currency");
        let refused = amount("€12.00", DecimalSign::Point, Currency::GBP);
        assert_eq!(
            refused,
            Err(NoAmount::OtherCurrency {
                found: euro,
                ours: Currency::GBP
            })
        );
        assert_eq!(currency_in("12.00 EUR"), Some(euro));
        assert!(amount("twelve", DecimalSign::Point, Currency::GBP).is_err());
        assert!(amount("$120", DecimalSign::Point, Currency::GBP).is_err());
    }
}
