//! Marks, scales and roundings, and the float against its own decimal digits.

use expect_test::{Expect, expect};
use proptest::prelude::*;
use units::{NoValue, Number, Outcome, Unit};

use super::{decode_words, scale_factor, text};
use crate::coding::{Coding, Kind, Scale, Sentinel, Sign, WordOrder};

fn shown(outcome: Outcome, unit: Unit) -> String {
    match outcome {
        Ok(number) if number.step == 1 => unit.show(number.value),
        Ok(number) => format!(
            "{} in steps of {}",
            unit.show(number.value),
            unit.show(number.step)
        ),
        Err(reason) => reason.to_string(),
    }
}

fn scaled(kind: Kind, multiply: u32, divide: u32) -> Coding {
    Coding {
        scale: Scale { multiply, divide },
        ..Coding::plain(kind)
    }
}

fn float_words(value: f32) -> [u16; 2] {
    let bytes = value.to_bits().to_be_bytes();
    [
        u16::from_be_bytes([bytes[0], bytes[1]]),
        u16::from_be_bytes([bytes[2], bytes[3]]),
    ]
}

fn check(cases: &[(Coding, &[u16], i8, Unit)], expected: &Expect) {
    let lines: Vec<String> = cases
        .iter()
        .map(|(coding, words, exponent, unit)| shown(decode_words(coding, words, *exponent), *unit))
        .collect();
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn marks_for_not_implemented_are_no_numbers() {
    let marks: [(Kind, &[u16]); 16] = [
        (Kind::U16, &[0xFFFF]),
        (Kind::I16, &[0x8000]),
        (Kind::ScaleFactor, &[0x8000]),
        (Kind::Enum16, &[0xFFFF]),
        (Kind::Bitfield16, &[0xFFFF]),
        (Kind::U32, &[0xFFFF, 0xFFFF]),
        (Kind::I32, &[0x8000, 0]),
        (Kind::Enum32, &[0xFFFF, 0xFFFF]),
        (Kind::Bitfield32, &[0xFFFF, 0xFFFF]),
        (Kind::Float32, &[0x7FC0, 0]),
        (Kind::U64, &[0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF]),
        (Kind::I64, &[0x8000, 0, 0, 0]),
        (Kind::Acc16, &[0]),
        (Kind::Acc32, &[0, 0]),
        (Kind::Acc64, &[0, 0, 0, 0]),
        (Kind::Text(2), &[0x4142, 0x4300]),
    ];
    for (kind, words) in marks {
        let reason = decode_words(&Coding::plain(kind), words, 0);
        let expected = match kind {
            Kind::Text(_) => NoValue::NotANumber,
            _ => NoValue::NotImplemented,
        };
        assert_eq!(reason, Err(expected), "{kind:?}");
    }
}

#[test]
fn floats_with_swapped_words_have_three_marks() {
    let coding = Coding {
        order: WordOrder::LowFirst,
        ..Coding::plain(Kind::Float32)
    };
    for words in [[0x0000, 0x7FC0], [0x7FC0, 0x0000], [0xFFFF, 0xFF7F]] {
        assert_eq!(
            decode_words(&coding, &words, 0),
            Err(NoValue::NotImplemented),
            "{words:04X?}"
        );
    }
    assert_eq!(
        decode_words(&coding, &[0x0000, 0x42C8], 0),
        Ok(Number::exact(100))
    );
}

#[test]
fn what_is_no_number_or_too_large_says_so() {
    let plain = Coding::plain(Kind::Float32);
    for (value, reason) in [
        (f32::NAN.copysign(-1.0), NoValue::NotANumber),
        (f32::INFINITY, NoValue::NotANumber),
        (f32::NEG_INFINITY, NoValue::NotANumber),
        (f32::MAX, NoValue::TooLarge),
        (f32::MIN, NoValue::TooLarge),
        (9.3e18, NoValue::TooLarge),
    ] {
        assert_eq!(
            decode_words(&plain, &float_words(value), 0),
            Err(reason),
            "{value}"
        );
    }
    let counter = Coding::plain(Kind::U64);
    assert_eq!(
        decode_words(&counter, &[0xFFFF, 0, 0, 0], 0),
        Err(NoValue::TooLarge)
    );
    assert_eq!(decode_words(&counter, &[0, 0, 1], 0), Err(NoValue::Incomplete));
    assert_eq!(decode_words(&counter, &[], 0), Err(NoValue::Incomplete));
}

#[test]
fn numbers_of_real_devices() {
    check(
        &[
            (
                scaled(Kind::Float32, 10, 1),
                &float_words(230.14),
                0,
                Unit::Decivolts,
            ),
            (
                scaled(Kind::Float32, 10, 1),
                &float_words(230.25),
                0,
                Unit::Decivolts,
            ),
            (
                scaled(Kind::Float32, 1000, 1),
                &float_words(1234.567),
                0,
                Unit::WattHours,
            ),
            (
                scaled(Kind::Float32, 1000, 1),
                &float_words(100_000.0),
                0,
                Unit::WattHours,
            ),
            (Coding::plain(Kind::Float32), &float_words(-0.5), 0, Unit::Watts),
            (
                Coding::plain(Kind::Float32),
                &float_words(0.499_999_97),
                0,
                Unit::Watts,
            ),
            (
                Coding::plain(Kind::Float32),
                &float_words(1.0e-40),
                0,
                Unit::Watts,
            ),
            (Coding::plain(Kind::I16), &[0xFFD8], 1, Unit::Watts),
            (scaled(Kind::U16, 10, 1), &[2301], -1, Unit::Decivolts),
            (scaled(Kind::U16, 100, 1), &[4998], -2, Unit::Centihertz),
            (Coding::plain(Kind::U16), &[25], -1, Unit::Watts),
            (Coding::plain(Kind::Acc32), &[0x0001, 0x0000], 3, Unit::WattHours),
            (scaled(Kind::U32, 1, 100), &[0, 1250], 0, Unit::WattHours),
            (
                Coding::plain(Kind::I64),
                &[0xFFFF, 0xFFFF, 0xFFFF, 0xFFFE],
                0,
                Unit::Watts,
            ),
            (Coding::plain(Kind::Bitfield32), &[0x0001, 0x0002], 0, Unit::Code),
        ],
        &expect![[r"
            230.1 V
            230.3 V
            1234567 Wh
            100000000 Wh in steps of 8 Wh
            -1 W
            0 W
            0 W
            -400 W in steps of 10 W
            230.1 V
            49.98 Hz
            3 W
            65536000 Wh in steps of 1000 Wh
            13 Wh
            -2 W
            65538"]],
    );
}

#[test]
fn a_profile_may_name_its_own_mark_and_sign() {
    let own = Coding {
        sentinel: Sentinel::Bits(0x7FFF),
        sign: Sign::Inverted,
        ..Coding::plain(Kind::I16)
    };
    assert_eq!(decode_words(&own, &[0x7FFF], 0), Err(NoValue::NotImplemented));
    assert_eq!(decode_words(&own, &[0x8000], 0), Ok(Number::exact(32_768)));
    let never = Coding {
        sentinel: Sentinel::Never,
        ..Coding::plain(Kind::Acc32)
    };
    assert_eq!(decode_words(&never, &[0, 0], 0), Ok(Number::exact(0)));
}

#[test]
fn scale_factors_are_powers_of_ten_from_minus_ten_to_ten() {
    assert_eq!(scale_factor(0xFFFE), Ok(-2));
    assert_eq!(scale_factor(10), Ok(10));
    assert_eq!(scale_factor(0x8000), Err(NoValue::NotImplemented));
    assert_eq!(scale_factor(11), Err(NoValue::NotANumber));
    assert_eq!(scale_factor(0x7FFF), Err(NoValue::NotANumber));
}

#[test]
fn accumulators_know_where_they_start_again() {
    let counter = scaled(Kind::Acc32, 1, 1);
    assert_eq!(counter.modulus(0), Some(4_294_967_296));
    assert_eq!(counter.modulus(3), Some(4_294_967_296_000));
    assert_eq!(counter.modulus(-2), None);
    assert_eq!(scaled(Kind::Acc64, 1, 1).modulus(0), None);
    assert_eq!(scaled(Kind::U32, 1, 1).modulus(0), None);
}

#[test]
fn text_ends_at_the_first_nul() {
    assert_eq!(text(&[0x5344, 0x4D00, 0x4142]), Some("SDM".to_owned()));
    assert_eq!(text(&[0x2041, 0x2000]), Some("A".to_owned()));
    assert_eq!(text(&[0, 0]), None);
    assert_eq!(text(&[0xFFFF, 0xFFFF]), None);
    assert_eq!(text(&[0x410A, 0x4200]), Some("A B".to_owned()));
}

/// The float by way of its exact decimal digits, which the standard library prints: an independent reference.
fn by_digits(value: f32, tens: usize) -> Option<i64> {
    let digits = format!("{:.200}", f64::from(value.abs()));
    let (whole, rest) = digits.split_once('.')?;
    let (moved, rest) = rest.split_at(tens);
    let number: i128 = format!("{whole}{moved}").parse().ok()?;
    let up = i128::from(rest.starts_with(['5', '6', '7', '8', '9']));
    let number = if value < 0.0 { -(number + up) } else { number + up };
    i64::try_from(number).ok()
}

fn any_kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        prop::sample::select(Kind::names().collect::<Vec<_>>())
            .prop_map(|name| Kind::from_name(name).expect("a listed name")),
        (0_u16..20).prop_map(Kind::Text),
        (0_u16..20).prop_map(Kind::Opaque),
    ]
}

proptest! {
    #[test]
    fn a_float_is_what_its_decimal_digits_say(bits in any::<u32>(), tens in 0_usize..7) {
        let value = f32::from_bits(bits);
        let coding = Coding {
            sentinel: Sentinel::Never,
            ..scaled(Kind::Float32, 10_u32.pow(u32::try_from(tens).expect("small")), 1)
        };
        let outcome = decode_words(&coding, &float_words(value), 0);
        if value.is_finite() {
            let expected = by_digits(value, tens).ok_or(NoValue::TooLarge);
            prop_assert_eq!(outcome.map(|number| number.value), expected, "{}", value);
        } else {
            prop_assert_eq!(outcome, Err(NoValue::NotANumber));
        }
    }

    #[test]
    fn the_next_float_is_at_most_a_step_away(bits in 0_u32..0x7F00_0000, multiply in 1_u32..2_000) {
        let coding = scaled(Kind::Float32, multiply, 1);
        let here = decode_words(&coding, &float_words(f32::from_bits(bits)), 0);
        let next = decode_words(&coding, &float_words(f32::from_bits(bits + 1)), 0);
        if let (Ok(here), Ok(next)) = (here, next) {
            prop_assert!(next.value - here.value <= here.step.max(next.step), "{here:?} {next:?}");
            prop_assert!(next.value >= here.value);
        }
    }

    #[test]
    fn any_words_are_read_without_panic(
        kind in any_kind(),
        words in prop::collection::vec(any::<u16>(), 0..20),
        (multiply, divide) in any::<(u32, u32)>(),
        exponent in -10_i8..=10,
        low_first in any::<bool>(),
        inverted in any::<bool>(),
    ) {
        let coding = Coding {
            order: if low_first { WordOrder::LowFirst } else { WordOrder::HighFirst },
            sign: if inverted { Sign::Inverted } else { Sign::AsIs },
            ..scaled(kind, multiply, divide)
        };
        let outcome = decode_words(&coding, &words, exponent);
        prop_assert!(outcome.is_err() || words.len() == usize::from(kind.words()));
        prop_assert!(outcome.map_or(true, |number| number.step >= 1));
        prop_assert!(text(&words).is_none_or(|text| !text.is_empty()));
    }

    #[test]
    fn swapped_words_of_a_swapping_device_are_the_same_number(value in any::<i32>()) {
        let bytes = value.to_be_bytes();
        let high = u16::from_be_bytes([bytes[0], bytes[1]]);
        let low = u16::from_be_bytes([bytes[2], bytes[3]]);
        let swapping = Coding { order: WordOrder::LowFirst, ..Coding::plain(Kind::I32) };
        prop_assert_eq!(
            decode_words(&swapping, &[low, high], 0),
            decode_words(&Coding::plain(Kind::I32), &[high, low], 0)
        );
    }
}
