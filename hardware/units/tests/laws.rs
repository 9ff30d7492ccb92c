//! Laws of the integers, moments and names that everything else is built on, and the numbers that stand in files for
//! ever.

use proptest::prelude::*;
use units::{
    Channel, DeviceName, Flow, HomeName, Instant, NameError, NoValue, PointName, Quantity, Role, Span, Unit,
    WattHours, Watts, Work, allocate,
};

#[test]
fn the_numbers_in_files_stay_what_they_are() {
    let units = [
        (1, Unit::Watts),
        (2, Unit::VoltAmperes),
        (3, Unit::Vars),
        (4, Unit::WattHours),
        (5, Unit::VoltAmpereHours),
        (6, Unit::VarHours),
        (7, Unit::Decivolts),
        (8, Unit::Centiamperes),
        (9, Unit::Centihertz),
        (10, Unit::Decicelsius),
        (11, Unit::Permille),
        (12, Unit::Millifactor),
        (13, Unit::CentiampereHours),
        (14, Unit::Decidegrees),
        (15, Unit::Code),
        (16, Unit::Count),
    ];
    assert_eq!(units.len(), Unit::all().count());
    for (code, unit) in units {
        assert_eq!((unit.code(), Unit::from_code(code)), (code, Some(unit)));
    }
    let flows = [
        (1, Flow::Production),
        (2, Flow::Import),
        (3, Flow::Export),
        (4, Flow::Charge),
        (5, Flow::Discharge),
        (6, Flow::Consumption),
    ];
    assert_eq!(flows.len(), Flow::all().count());
    for (code, flow) in flows {
        assert_eq!((flow.code(), Flow::from_code(code)), (code, Some(flow)));
    }
    let reasons = [
        (1, NoValue::NotImplemented),
        (2, NoValue::NotANumber),
        (3, NoValue::TooLarge),
        (4, NoValue::NoAnswer),
        (5, NoValue::Refused(2)),
        (6, NoValue::Garbled),
        (7, NoValue::LineDown),
        (8, NoValue::Asleep),
        (9, NoValue::Implausible),
        (10, NoValue::WrongDevice),
        (11, NoValue::Incomplete),
    ];
    for (code, reason) in reasons {
        assert_eq!((reason.code().0, NoValue::from_code(code, 2)), (code, reason));
    }
}

#[test]
fn words_find_what_they_stand_for_and_no_two_share_one() {
    for quantity in Quantity::all() {
        assert_eq!(Quantity::from_name(quantity.name()), Some(quantity));
    }
    for role in Role::all() {
        assert_eq!(Role::from_name(role.name()), Some(role));
        assert_eq!(role.to_string(), role.name());
    }
    let mut words: Vec<&str> = Flow::all().map(Flow::name).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), Flow::all().count());
    assert_eq!((Quantity::from_name("volts"), Role::from_name("")), (None, None));
}

/// A counter feeds a flow of its own role, and each flow of a role is fed by just one counter: nothing is counted
/// twice, and nothing into another role's sum.
#[test]
fn each_flow_of_a_role_has_one_counter() {
    for role in Role::all() {
        let fed: Vec<Flow> = Quantity::all()
            .filter_map(|quantity| role.flow(quantity))
            .collect();
        let mut known = role.flows().to_vec();
        let mut sorted = fed;
        known.sort_unstable();
        sorted.sort_unstable();
        assert_eq!(sorted, known, "{role}");
    }
    assert_eq!(
        Role::Production.flow(Quantity::EnergyReverse),
        None,
        "an inverter's own use at night"
    );
    assert_eq!(Role::Grid.flow(Quantity::Power), None, "power is no counter");
}

#[test]
fn names_are_refused_in_words_that_help() {
    let said = |name: &str| DeviceName::parse(name).map_err(|error| error.to_string());
    assert_eq!(
        said(""),
        Err("the name is empty; give it at least one letter".to_owned())
    );
    assert_eq!(
        said(&"a".repeat(41)),
        Err("the name is longer than 40 letters; shorten it".to_owned())
    );
    assert!(said("Dach").is_err_and(|words| words.contains("'D'") && words.contains("grid-meter")));
    assert_eq!(Channel::parse("grid-meter"), Err(NameError::NotAChannel));
    assert_eq!(Channel::parse("/power"), Err(NameError::Empty));
    assert_eq!(Channel::parse("a/b/c"), Err(NameError::Character('/')));
}

proptest! {
    #[test]
    fn a_name_is_taken_as_it_is_or_refused(text in "\\PC{0,50}") {
        let fits = !text.is_empty()
            && text.len() <= 40
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c));
        prop_assert_eq!(DeviceName::parse(&text).is_ok(), fits);
        prop_assert_eq!(PointName::parse(&text).is_ok(), fits);
        prop_assert_eq!(HomeName::parse(&text).is_ok(), fits);
        if let (Ok(device), Ok(point)) = (DeviceName::parse(&text), PointName::parse("power")) {
            let channel = Channel::new(&device, &point);
            prop_assert_eq!(Channel::parse(channel.as_str()), Ok(channel.clone()));
            prop_assert_eq!((channel.device(), channel.point()), (text.as_str(), "power"));
        }
    }

    /// What is shown is the number itself: read back without its point it is the same integer.
    #[test]
    fn what_is_shown_is_exact(number in any::<i64>(), which in 0..16_usize) {
        let unit = Unit::all().nth(which).expect("sixteen units");
        let shown = unit.show_plain(number);
        let places = shown.split_once('.').map_or(0, |(_, behind)| behind.len());
        prop_assert_eq!(places, usize::from(unit.decimals()));
        prop_assert_eq!(shown.replace('.', "").parse::<i64>(), Ok(number));
        prop_assert!(unit.show(number).starts_with(&shown));
    }

    #[test]
    fn floor_is_a_multiple_not_after_the_moment(millis in any::<i64>(), step in 1..=i64::MAX) {
        let (at, step) = (Instant::from_millis(millis), Span::from_millis(step));
        let floor = at.floor(step);
        prop_assert!(floor <= at);
        prop_assert_eq!(floor.floor(step), floor);
        // At the very beginning of time there may be no multiple left to go down to.
        if floor.as_millis() > i64::MIN {
            prop_assert_eq!(floor.as_millis().rem_euclid(step.as_millis()), 0);
            prop_assert!(i128::from(millis) - i128::from(floor.as_millis()) < i128::from(step.as_millis()));
        }
    }

    /// Sums stop at the ends of the numbers instead of turning round.
    #[test]
    fn nothing_turns_round(a in any::<i64>(), b in any::<i64>()) {
        let saturated = |exact: i128| i64::try_from(exact).unwrap_or(if exact < 0 { i64::MIN } else { i64::MAX });
        let (wide_a, wide_b) = (i128::from(a), i128::from(b));
        prop_assert_eq!((WattHours(a) + WattHours(b)).0, saturated(wide_a + wide_b));
        prop_assert_eq!((Watts(a) - Watts(b)).0, saturated(wide_a - wide_b));
        prop_assert_eq!((-Watts(a)).0, saturated(-wide_a));
        prop_assert_eq!(Instant::from_millis(a).since(Instant::from_millis(b)).as_millis(), saturated(wide_a - wide_b));
        prop_assert_eq!((Instant::from_millis(a) + Span::from_millis(b)).as_millis(), saturated(wide_a + wide_b));
        prop_assert_eq!((Span::from_millis(a) - Span::from_millis(b)).as_millis(), saturated(wide_a - wide_b));
        prop_assert_eq!(Span::from_millis(a).times(b).as_millis(), saturated(wide_a * wide_b));
        prop_assert_eq!(Span::from_secs(a).as_millis(), saturated(wide_a * 1_000));
    }

    /// Power integrated in pieces, its rest carried from one to the next, is the power integrated at once.
    #[test]
    fn no_work_is_lost_between_pieces(
        watts in -1_000_000..1_000_000_i64,
        pieces in proptest::collection::vec(0..4_000_000_i64, 1..20),
    ) {
        let mut counted = 0;
        let mut rest = 0;
        for piece in &pieces {
            let work = Work::from_rest(rest) + Watts(watts) * Span::from_millis(*piece);
            let (whole, _) = work.split();
            counted += whole.0;
            rest = work.rest();
        }
        let exact = i128::from(watts) * i128::from(pieces.iter().sum::<i64>());
        prop_assert_eq!(i128::from(counted) * 3_600_000 + i128::from(rest), exact);
    }

    #[test]
    fn a_limit_is_never_rounded_down(watts in 0..1_000_000_i64, millis in 0..100_000_000_i64) {
        let ceil = (Watts(watts) * Span::from_millis(millis)).ceil().0;
        let exact = i128::from(watts) * i128::from(millis);
        prop_assert!(i128::from(ceil) * 3_600_000 >= exact);
        prop_assert!((i128::from(ceil) - 1) * 3_600_000 < exact.max(1));
    }

    /// Nobody's part is more than a watt-hour from the exact share, and who has no weight gets nothing.
    #[test]
    fn shares_are_fair(total in any::<i64>(), weights in proptest::collection::vec(any::<u64>(), 1..12)) {
        let sum: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
        let Some(parts) = allocate(WattHours(total), &weights) else {
            prop_assert_eq!(sum, 0);
            return Ok(());
        };
        prop_assert_eq!(parts.iter().map(|part| i128::from(part.0)).sum::<i128>(), i128::from(total));
        let whole = i128::try_from(sum).expect("twelve weights of 64 bits fit");
        for (part, weight) in parts.iter().zip(&weights) {
            let apart = i128::from(part.0) * whole - i128::from(total) * i128::from(*weight);
            prop_assert!(apart.abs() < whole, "{} for {weight}", part.0);
            prop_assert!(*weight > 0 || part.0 == 0);
        }
    }
}
