//! The shared battery as its SunSpec registers show it: models 1 and 802, or 1 and 124.
//!
//! Power and current are positive while the battery gives.

use crate::chain::{Chain, Spot};
use crate::image::Image;
use crate::number::float;

/// Which of SunSpec's two battery models is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BatteryForm {
    /// Model 802: a battery bank.
    #[default]
    Bank,
    /// Model 124: basic storage, without power of its own.
    BasicStorage,
}

/// What the battery measures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Measured {
    /// Positive while it gives.
    pub(crate) watts: f64,
    pub(crate) permille: i64,
    /// What it has given in its life, in watt-hours.
    pub(crate) given: i64,
}

/// What fits in, in watt-hours.
const CAPACITY: f64 = 10_000.0;

/// Its voltage when it is empty; it rises by a tenth until it is full.
const EMPTY_VOLTS: f64 = 49.6;

/// A battery's registers.
#[derive(Debug, Clone)]
pub(crate) struct Bank {
    chain: Chain,
    spots: Vec<Spot>,
}

/// The points of each model that change, in the order in which `refresh` writes them.
fn names(form: BatteryForm) -> (u16, &'static [&'static str]) {
    match form {
        BatteryForm::Bank => (802, &["SoC", "ChaSt", "V", "A", "W", "NCyc"]),
        BatteryForm::BasicStorage => (124, &["ChaState", "ChaSt", "InBatV", "StorAval"]),
    }
}

impl Bank {
    /// A battery that has not measured anything yet.
    pub(crate) fn new(base: u16, form: BatteryForm) -> Self {
        let (id, names) = names(form);
        let mut chain = Chain::new(base, &[(1, 0), (id, 0)]);
        for (name, text) in [
            ("Mn", "Hearth"),
            ("Md", "Simulated battery"),
            ("Vr", "2.0"),
            ("SN", "HB-10-0001"),
        ] {
            chain.set_text(1, name, text);
        }
        chain.set(1, "DA", 2.0);
        match form {
            BatteryForm::Bank => fix_bank(&mut chain),
            BatteryForm::BasicStorage => fix_storage(&mut chain),
        }
        let spots = names
            .iter()
            .filter_map(|name| chain.spot(id, None, name))
            .collect();
        Self { chain, spots }
    }

    /// The registers.
    pub(crate) fn image(&self) -> &Image {
        self.chain.image()
    }

    /// Writes what is measured now.
    pub(crate) fn refresh(&mut self, form: BatteryForm, now: &Measured) {
        let part = float(now.permille) / 1_000.0;
        let volts = EMPTY_VOLTS * (1.0 + 0.1 * part);
        let state = charge_state(now);
        let values: &[f64] = match form {
            BatteryForm::Bank => {
                let cycles = float(now.given / 10_000);
                &[part * 100.0, state, volts, now.watts / volts, now.watts, cycles]
            }
            BatteryForm::BasicStorage => &[part * 100.0, state, volts, part * CAPACITY / 51.2],
        };
        for (spot, value) in self.spots.iter().zip(values) {
            self.chain.show(*spot, *value);
        }
    }
}

/// SunSpec's state of charging: empty 2, discharging 3, charging 4, full 5, holding 6.
fn charge_state(now: &Measured) -> f64 {
    match now.permille {
        _ if now.watts > 1.0 => 3.0,
        _ if now.watts < -1.0 => 4.0,
        ..=50 => 2.0,
        999.. => 5.0,
        _ => 6.0,
    }
}

fn fix_bank(chain: &mut Chain) {
    let powers = [
        ("AHRtg_SF", 0),
        ("WHRtg_SF", 0),
        ("WChaDisChaMax_SF", 0),
        ("SoC_SF", -1),
        ("SoH_SF", 0),
        ("V_SF", -1),
        ("A_SF", -1),
        ("AMax_SF", 0),
        ("W_SF", 0),
    ];
    for (name, power) in powers {
        chain.set(802, name, f64::from(power));
    }
    let fixed = [
        ("AHRtg", CAPACITY / 51.2),
        ("WHRtg", CAPACITY),
        ("WChaRteMax", 5_000.0),
        ("WDisChaRteMax", 5_000.0),
        ("SoCMax", 100.0),
        ("SoCMin", 5.0),
        ("SoH", 98.0),
        ("Typ", 4.0),
        ("State", 3.0),
        ("LocRemCtl", 0.0),
        ("Evt1", 0.0),
        ("Evt2", 0.0),
        ("AChaMax", 100.0),
        ("ADisChaMax", 100.0),
    ];
    for (name, value) in fixed {
        chain.set(802, name, value);
    }
}

fn fix_storage(chain: &mut Chain) {
    for (name, power) in [
        ("WChaMax_SF", 0),
        ("MinRsvPct_SF", 0),
        ("ChaState_SF", -1),
        ("StorAval_SF", -1),
        ("InBatV_SF", -1),
    ] {
        chain.set(124, name, f64::from(power));
    }
    for (name, value) in [
        ("WChaMax", 5_000.0),
        ("StorCtl_Mod", 0.0),
        ("MinRsvPct", 5.0),
        ("ChaGriSet", 1.0),
    ] {
        chain.set(124, name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::{Bank, BatteryForm, Measured};

    fn words(form: BatteryForm, watts: f64, permille: i64) -> Vec<u16> {
        let mut bank = Bank::new(40_000, form);
        bank.refresh(
            form,
            &Measured {
                watts,
                permille,
                given: 123_456,
            },
        );
        bank.image().words()[70..].to_vec()
    }

    #[test]
    fn a_bank_that_gives() {
        let bank = words(BatteryForm::Bank, 2_500.0, 500);
        assert_eq!((bank[0], bank[11], bank[16], bank[34]), (802, 500, 3, 521));
        assert_eq!((bank[47], bank[44], bank[15], bank[3]), (2_500, 480, 12, 10_000));
        let taking = words(BatteryForm::Bank, -2_500.0, 500);
        assert_eq!((taking[47], taking[16]), ((-2_500_i16).cast_unsigned(), 4));
    }

    #[test]
    fn basic_storage_says_how_full_it_is() {
        let storage = words(BatteryForm::BasicStorage, 0.0, 1_000);
        assert_eq!(
            (storage[0], storage[8], storage[10], storage[11]),
            (124, 1_000, 546, 5)
        );
        assert_eq!(storage[9], 1_953, "ampere-hours with a scale of -1");
        assert_eq!(words(BatteryForm::BasicStorage, 0.0, 50)[11], 2);
        assert_eq!(words(BatteryForm::BasicStorage, 0.0, 300)[11], 6);
    }
}
