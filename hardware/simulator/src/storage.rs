//! The shared battery: takes what is left over, gives when something is missing, loses a little both ways.

/// What fits in, in milliwatt-seconds (10 kWh).
pub(crate) const CAPACITY: i64 = 10_000 * 3_600_000;

/// The most it takes or gives, in milliwatts.
pub(crate) const STRONGEST: i64 = 5_000_000;

/// Below this it rests: its electronics would lose more than it stores.
const WEAKEST: i64 = 50_000;

/// Stored energy is kept in parts of a milliwatt-second, so that both losses (4 % in, 4 % out: 0.92 there and
/// back) stay whole numbers.
pub(crate) const PARTS: i64 = 2_400;

/// Parts stored for each milliwatt-second taken: 0.96 of 2,400.
const KEPT: i64 = 2_304;

/// Parts used for each milliwatt-second given: 2,400 / 0.96.
const SPENT: i64 = 2_500;

/// What it never goes below, in parts (5 %).
const RESERVE: i64 = CAPACITY / 20 * PARTS;

/// The battery and the control loop of its inverter.
#[derive(Debug, Clone)]
pub(crate) struct Storage {
    stored: i64,
    set_point: i64,
}

impl Storage {
    /// A battery that is half full.
    pub(crate) fn half_full() -> Self {
        Self {
            stored: CAPACITY / 2 * PARTS,
            set_point: 0,
        }
    }

    /// One second with this surplus (milliwatts, negative: something is missing). Gives the power in this
    /// second, positive while charging. The control follows with the lag of a second or two, as real ones do.
    pub(crate) fn step(&mut self, surplus: i64) -> i64 {
        let wanted = surplus.clamp(-STRONGEST, STRONGEST);
        self.set_point += (wanted - self.set_point) / 2;
        let power = if self.set_point.abs() < WEAKEST {
            0
        } else {
            self.set_point
        };
        let room = ((CAPACITY * PARTS - self.stored) / KEPT).max(0);
        let left = ((self.stored - RESERVE) / SPENT).max(0);
        let power = power.clamp(-left, room);
        self.stored += if power > 0 { power * KEPT } else { power * SPENT };
        power
    }

    /// What is stored, in [`PARTS`] of a milliwatt-second.
    pub(crate) fn stored(&self) -> i64 {
        self.stored
    }

    /// How full it is, in thousandths.
    pub(crate) fn permille(&self) -> i64 {
        self.stored / (CAPACITY / 1_000 * PARTS)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{CAPACITY, KEPT, PARTS, RESERVE, SPENT, STRONGEST, Storage};

    proptest! {
        #[test]
        fn what_was_taken_and_given_is_what_is_stored(
            surpluses in proptest::collection::vec((-20_000_000_i64..20_000_000, 1_usize..4_000), 1..20)
        ) {
            let mut battery = Storage::half_full();
            let before = battery.stored();
            let (mut taken, mut given) = (0, 0);
            for (surplus, seconds) in surpluses {
                for _ in 0..seconds {
                    let power = battery.step(surplus);
                    prop_assert!(power.abs() <= STRONGEST);
                    prop_assert!((RESERVE..=CAPACITY * PARTS).contains(&battery.stored()));
                    taken += power.max(0);
                    given -= power.min(0);
                }
            }
            prop_assert_eq!(battery.stored() - before, taken * KEPT - given * SPENT);
        }
    }

    #[test]
    fn there_and_back_keeps_92_percent() {
        let mut battery = Storage::half_full();
        while battery.step(2_000_000) > 0 {}
        assert!(battery.permille() >= 999);
        let full = battery.stored();
        let given: i64 = (0..3_600).map(|_| -battery.step(-1_000_000)).sum();
        let mut taken = 0;
        while battery.stored() < full - 20_000_000 * PARTS {
            taken += battery.step(1_000_000);
        }
        assert!(
            (915..=930).contains(&(given * 1_000 / taken)),
            "{given} of {taken}"
        );
    }
}
