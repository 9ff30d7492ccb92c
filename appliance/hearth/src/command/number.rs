//! Numbers as people type them, and sizes as people read them.

use simulator::FASTEST;

/// A register's number: `72` or `0x48`.
pub fn register(text: &str) -> Result<u16, String> {
    let parsed = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => u16::from_str_radix(digits, 16),
        None => text.parse(),
    };
    parsed.map_err(|_| "write a number from 0 to 65535, such as 72 or 0x48".to_owned())
}

/// How many times as fast as real time: a number from 1 on, or `max`.
pub fn speed(text: &str) -> Result<u32, String> {
    match text {
        "max" => Ok(FASTEST),
        _ => {
            let speed = text.parse().ok().filter(|speed| (1..=FASTEST).contains(speed));
            speed.ok_or_else(|| format!("write a number from 1 to {FASTEST}, or max"))
        }
    }
}

/// A whole number with thin groups of three: `12,345`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Watt-hours as kilowatt-hours with two places, rounded: `12.35`.
pub(super) fn kilowatt_hours(watt_hours: i64) -> String {
    let sign = if watt_hours < 0 { "-" } else { "" };
    let hundredths = (watt_hours.unsigned_abs() + 5) / 10;
    format!("{sign}{}.{:02}", grouped(hundredths / 100), hundredths % 100)
}

/// Thousandths as a percentage: `54.2 %`.
pub(super) fn percent(permille: i64) -> String {
    let sign = if permille < 0 { "-" } else { "" };
    format!(
        "{sign}{}.{} %",
        permille.unsigned_abs() / 10,
        permille.unsigned_abs() % 10
    )
}

/// Bytes as people read them: `12.3 MB`.
pub(super) fn size(bytes: u64) -> String {
    let mut tenths = u128::from(bytes) * 10;
    for unit in ["B", "kB", "MB", "GB"] {
        if tenths < 10_000 {
            return match unit {
                "B" => format!("{bytes} B"),
                _ => format!("{}.{} {unit}", tenths / 10, tenths % 10),
            };
        }
        tenths = (tenths + 500) / 1_000;
    }
    format!("{}.{} TB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::{grouped, kilowatt_hours, percent, register, size, speed};

    #[test]
    fn registers_are_typed_either_way() {
        assert_eq!(register("72"), Ok(72));
        assert_eq!(register("0x48"), Ok(72));
        assert_eq!(register("0XFFFF"), Ok(65_535));
        for wrong in ["", "0x", "65536", "-1", "0x10000", "4x", "seventy"] {
            assert!(register(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_speed_is_a_number_or_max() {
        assert_eq!(speed("1"), Ok(1));
        assert_eq!(speed("max"), Ok(1_000_000));
        assert!(speed("0").is_err() && speed("fast").is_err() && speed("1000001").is_err());
    }

    #[test]
    fn figures_are_readable() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "1,234,567"]
        );
        assert_eq!(
            [0, 4, 5, 12_345, -12_345].map(kilowatt_hours),
            ["0.00", "0.00", "0.01", "12.35", "-12.35"]
        );
        assert_eq!(
            [0, 542, 1_000, -5].map(percent),
            ["0.0 %", "54.2 %", "100.0 %", "-0.5 %"]
        );
        assert_eq!(
            [0, 999, 1_000, 999_949, 999_950].map(size),
            ["0 B", "999 B", "1.0 kB", "999.9 kB", "1.0 MB"]
        );
        assert_eq!(size(u64::MAX), "18446744.1 TB");
    }
}
