//! What a device says it is doing: the numbers of SunSpec's states in words.

use crate::words::{say, say_with};

/// An inverter, or one string of panels on it: the point `St` of models 101 to 113 and `DCSt` of 160, from 1 on.
const INVERTER: [&str; 9] = [
    "state-off",
    "state-sleeping",
    "state-starting",
    "state-making",
    "state-throttled",
    "state-stopping",
    "state-fault",
    "state-standing-by",
    "state-testing",
];
/// A battery: the point `State` of model 802, from 1 on.
const BATTERY: [&str; 6] = [
    "state-disconnected",
    "state-starting",
    "state-connected",
    "state-standing-by",
    "state-protecting",
    "state-suspending",
];
/// The number of a battery's fault, which stands apart.
const BATTERY_FAULT: usize = 99;
/// What happens to a battery's charge: the point `ChaSt` of models 124 and 802, from 1 on.
const CHARGE: [&str; 7] = [
    "state-off",
    "state-empty",
    "state-giving",
    "state-filling",
    "state-full",
    "state-holding",
    "state-testing",
];

/// The words for a state of a device with this profile, with its number; nothing where it has none.
pub(super) fn words(profile: &str, point: &str, code: i64) -> Option<String> {
    let number = usize::try_from(code).ok()?;
    let names: &[&str] = match (profile, point) {
        ("sunspec-battery", "state") if number == BATTERY_FAULT => return Some(told("state-fault", code)),
        ("sunspec-inverter", point) if point == "state" || point.ends_with("_state") => &INVERTER,
        ("sunspec-battery", "state") => &BATTERY,
        ("sunspec-battery", "charge_state") => &CHARGE,
        _ => return None,
    };
    let name = names.get(number.checked_sub(1)?)?;
    Some(told(name, code))
}

fn told(name: &str, code: i64) -> String {
    say_with(
        "state-code",
        [("words", say(name).into()), ("code", code.to_string().into())],
    )
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn states_are_words_where_the_profile_knows_them() {
        let cases = [
            ("sunspec-inverter", "state", 4),
            ("sunspec-inverter", "dc1_state", 5),
            ("sunspec-inverter", "state", 10),
            ("sunspec-inverter", "state", 0),
            ("sunspec-battery", "state", 99),
            ("sunspec-battery", "charge_state", 3),
            ("another", "state", 4),
            ("sunspec-battery", "state", -1),
        ];
        let told = cases.map(|(profile, point, code)| words(profile, point, code).unwrap_or_default());
        assert_eq!(
            told.join("|"),
            "makes all it can (4)|makes less than it could (5)|||a fault (99)|gives (3)||"
        );
    }

    #[test]
    fn no_state_is_without_its_words() {
        for (profile, point, states) in [
            ("sunspec-inverter", "state", 9),
            ("sunspec-battery", "state", 6),
            ("sunspec-battery", "charge_state", 7),
        ] {
            for code in 1..=states {
                let told = words(profile, point, code).expect("it has words");
                assert!(!told.contains('['), "{told}");
            }
        }
    }
}
