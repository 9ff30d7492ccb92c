//! Columns: any roll-ups come back, nonsense is refused, steady ones take a few bytes.

use proptest::prelude::*;
use units::NoValue;

use super::{Shape, decode, decode_counts, encode, encode_counts};
use crate::rollups::sums::Sums;
use crate::rollups::{Energy, MINUTE};

/// What is packed comes back from it.
fn there_and_back(sums: &[Sums], shape: Shape) -> Option<Vec<Sums>> {
    let counts = decode_counts(&encode_counts(sums), sums.len())?;
    decode(counts, &encode(sums, shape), shape.length)
}

fn value() -> impl Strategy<Value = i64> {
    prop_oneof![6 => -500_i64..3_000, 1 => any::<i64>(), 1 => Just(i64::MIN), 1 => Just(i64::MAX)]
}

fn sums(energy: Energy) -> impl Strategy<Value = Sums> {
    let told = energy != Energy::Not;
    let values = (prop::collection::vec(value(), 1..8), value()).prop_map(move |(values, energy)| {
        let mut sums = Sums::default();
        values.into_iter().for_each(|value| sums.add(Ok(value)));
        sums.energy = if told { energy } else { 0 };
        sums
    });
    let calm = (prop::collection::vec(0_i64..40, 1..8), -900_i64..900).prop_map(move |(values, energy)| {
        let mut sums = Sums::default();
        values.into_iter().for_each(|value| sums.add(Ok(2_300 + value)));
        sums.energy = if told { energy } else { 0 };
        sums
    });
    let without = (1_u8..13, 0_u8..4, 0_i64..9).prop_map(move |(code, detail, energy)| Sums {
        reason: Some(NoValue::from_code(code, detail)),
        energy: if told { energy } else { 0 },
        ..Sums::default()
    });
    let energy_alone = (0_i64..50).prop_map(move |energy| Sums {
        energy: if told { energy } else { 0 },
        ..Sums::default()
    });
    prop_oneof![1 => values, 8 => calm, 2 => without, 1 => energy_alone, 2 => Just(Sums::default())]
}

fn all() -> impl Strategy<Value = (Energy, Vec<Sums>)> {
    prop_oneof![Just(Energy::Not), Just(Energy::Power), Just(Energy::Counter)]
        .prop_flat_map(|energy| (Just(energy), prop::collection::vec(sums(energy), 0..120)))
}

proptest! {
    #[test]
    fn any_roll_ups_come_back((energy, sums) in all()) {
        let shape = Shape { energy, length: MINUTE };
        prop_assert_eq!(there_and_back(&sums, shape), Some(sums));
    }

    #[test]
    fn calm_roll_ups_come_back_from_columns(
        levels in prop::collection::vec((0_i64..3_000, 0_i64..60), 1..1_440),
        kind in 0..3_usize,
    ) {
        let energy = [Energy::Not, Energy::Power, Energy::Counter][kind];
        let sums: Vec<Sums> = levels
            .iter()
            .map(|(level, step)| {
                let mut sums = Sums::default();
                (0..60).for_each(|second| sums.add(Ok(level + second * step / 60)));
                sums.energy = if energy == Energy::Not { 0 } else { level * 17 };
                sums
            })
            .collect();
        let shape = Shape { energy, length: MINUTE };
        prop_assert_eq!(there_and_back(&sums, shape), Some(sums));
    }

    #[test]
    fn nonsense_never_panics(
        counts in prop::collection::vec(any::<u8>(), 0..60),
        bytes in prop::collection::vec(any::<u8>(), 0..60),
        kind in 0_u8..3,
        energy in 0_u8..4,
        (_, sums) in all(),
    ) {
        let _ = decode_counts(&counts, sums.len());
        let _ = decode(sums.clone(), &bytes, MINUTE);
        let _ = decode(sums, &[&[kind, energy], bytes.as_slice()].concat(), MINUTE);
    }
}

#[test]
fn what_is_cut_is_damage() {
    let sums: Vec<Sums> = (0..90_i64)
        .map(|index| {
            let mut sums = Sums::default();
            sums.add(Ok(index * index % 77));
            sums.add(Ok(index * 7 % 31));
            sums.energy = index;
            sums
        })
        .collect();
    let energy = Energy::Power;
    let length = MINUTE;
    let (counts, whole) = (encode_counts(&sums), encode(&sums, Shape { energy, length }));
    for cut in 0..counts.len() {
        assert_eq!(
            decode_counts(&counts[..cut], sums.len()),
            None,
            "counts cut at {cut}"
        );
    }
    let counts = decode_counts(&counts, sums.len()).expect("whole");
    for cut in 0..whole.len() {
        assert_eq!(
            decode(counts.clone(), &whole[..cut], MINUTE),
            None,
            "cut at {cut}"
        );
    }
}

#[test]
fn a_steady_day_takes_a_few_bytes() {
    let mut minute = Sums::default();
    (0..60).for_each(|_| minute.add(Ok(1_200)));
    minute.energy = 20_000;
    let day = vec![minute; 1_440];
    let energy = Energy::Power;
    let length = MINUTE;
    let bytes = encode_counts(&day).len() + encode(&day, Shape { energy, length }).len();
    assert!(bytes < 60, "{bytes} bytes");
}
