//! Voltage, frequency, current and power factor that go with a power: what makes a meter's page believable.

use crate::number::{float, noise};

/// The voltage, frequency and power factors of the place at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Mains {
    /// Voltage of L1, L2, L3 against neutral, in volts.
    pub(crate) volts: [f64; 3],
    /// Frequency, in hertz.
    pub(crate) hertz: f64,
}

/// One phase's or device's power with what belongs to it; `volts * amperes * factor = watts`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Load {
    /// Active power, signed.
    pub(crate) watts: f64,
    /// Voltage.
    pub(crate) volts: f64,
    /// Current, never negative.
    pub(crate) amperes: f64,
    /// Apparent power, never negative.
    pub(crate) volt_amperes: f64,
    /// Reactive power.
    pub(crate) vars: f64,
    /// Power factor, signed like the power.
    pub(crate) factor: f64,
}

impl Mains {
    /// The mains at `second`, with this power (milliwatts, positive from the grid) on each phase: the cable to
    /// the street drops, or with the sun on the roof lifts, the voltage.
    pub(crate) fn at(seed: u64, second: i64, phases: [i64; 3]) -> Self {
        let time = float(second);
        let volts = [0_u8, 1, 2].map(|phase| {
            let drift = 1.8 * (time / 5_400.0 + f64::from(phase) * 1.3).sin()
                + (time / 877.0 + f64::from(phase)).sin();
            let flicker = 0.25 * noise(&[seed, 31, second.unsigned_abs(), u64::from(phase)]);
            let watts = float(phases[usize::from(phase)]) / 1_000.0;
            (231.0 + drift + flicker - watts * 0.25 / 231.0).clamp(207.0, 253.0)
        });
        let slow = 0.022 * (time / 61.0).sin() + 0.015 * (time / 7.7).sin();
        let hertz = 50.0 + slow + 0.004 * noise(&[seed, 32, second.unsigned_abs()]);
        Self { volts, hertz }
    }
}

impl Load {
    /// A power in milliwatts at a voltage. Small loads are electronics with a poor power factor, large ones
    /// heaters with a good one.
    pub(crate) fn of(milliwatts: i64, volts: f64) -> Self {
        let watts = float(milliwatts) / 1_000.0;
        let size = watts.abs();
        if size < 0.5 {
            return Self {
                volts,
                factor: 1.0,
                ..Self::default()
            };
        }
        let factor = 0.995 - 0.35 * 60.0 / (60.0 + size);
        Self::with_factor(watts, volts, factor)
    }

    /// A power in watts at a voltage with a given power factor.
    pub(crate) fn with_factor(watts: f64, volts: f64, factor: f64) -> Self {
        let volt_amperes = watts.abs() / factor;
        Self {
            watts,
            volts,
            amperes: volt_amperes / volts,
            volt_amperes,
            vars: (volt_amperes * volt_amperes - watts * watts).max(0.0).sqrt(),
            factor: factor.copysign(watts),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Load, Mains};

    #[test]
    fn current_times_voltage_times_factor_is_power() {
        for milliwatts in [-12_000_000, -800, 0, 30_000, 2_345_678] {
            let load = Load::of(milliwatts, 229.4);
            assert!(
                (load.volts * load.amperes * load.factor - load.watts).abs() < 0.01,
                "{load:?}"
            );
            assert!(load.factor.abs() <= 1.0 && load.amperes >= 0.0);
        }
    }

    #[test]
    fn the_mains_stay_within_the_standard() {
        for second in (0..200_000).step_by(97) {
            let mains = Mains::at(1, second, [5_000_000, -4_000_000, 0]);
            assert!(mains.volts.iter().all(|volts| (207.0..=253.0).contains(volts)));
            assert!((49.9..50.1).contains(&mains.hertz), "{mains:?}");
        }
    }
}
