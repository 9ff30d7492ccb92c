//! What really happened: exact energies since the beginning and the powers of the last second.

use std::fmt;

use units::{Instant, Span, WattHours, Watts, Work};

/// How many flats the building has.
pub const FLATS: usize = 6;

/// Energy counted without loss, in milliwatt-seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Energy(i64);

impl Energy {
    /// So many milliwatt-seconds.
    pub const fn from_milliwatt_seconds(count: i64) -> Self {
        Self(count)
    }

    /// The energy in milliwatt-seconds.
    pub const fn milliwatt_seconds(self) -> i64 {
        self.0
    }

    /// Whole watt-hours, rounded down: what a meter that counts watt-hours has counted.
    pub const fn watt_hours(self) -> WattHours {
        WattHours(self.0.div_euclid(3_600_000))
    }

    /// The exact energy as power times time.
    pub fn work(self) -> Work {
        Watts(self.0) * Span::from_millis(1)
    }

    /// One second at `milliwatts` more.
    pub(crate) fn count(&mut self, milliwatts: i64) {
        self.0 += milliwatts;
    }
}

impl fmt::Display for Energy {
    /// Watt-hours with three places, rounded down, without a unit: `1234.567`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let thousandths = self.0.div_euclid(3_600);
        let sign = if thousandths < 0 { "-" } else { "" };
        let size = thousandths.unsigned_abs();
        write!(f, "{sign}{}.{:03}", size / 1_000, size % 1_000)
    }
}

/// One thing of each kind that flows through the building.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flows<T> {
    /// From the roof.
    pub production: T,
    /// From the grid.
    pub import: T,
    /// To the grid.
    pub export: T,
    /// Into the battery.
    pub charge: T,
    /// Out of the battery.
    pub discharge: T,
    /// Used by the flats and the hall together.
    pub consumption: T,
    /// Used by the hall.
    pub hall: T,
    /// Used by each flat.
    pub flats: [T; FLATS],
}

/// What really happened since the beginning, to the last milliwatt-second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Truth {
    /// When the building began.
    pub since: Instant,
    /// Up to when this counts: the end of the last whole second.
    pub at: Instant,
    /// Energies since then.
    pub energy: Flows<Energy>,
    /// Powers of the last second, in milliwatts.
    pub milliwatts: Flows<i64>,
    /// How full the battery is, in thousandths.
    pub charge_permille: i64,
}

impl Truth {
    /// The power of the last second at the grid meter: positive when it comes from the grid.
    pub fn grid_milliwatts(&self) -> i64 {
        self.milliwatts.import - self.milliwatts.export
    }

    /// The power of the last second at the battery: positive when it gives.
    pub fn battery_milliwatts(&self) -> i64 {
        self.milliwatts.discharge - self.milliwatts.charge
    }

    /// Everything as one line of JSON: times in milliseconds since 1970, energies in watt-hours with three
    /// places, powers in watts rounded to the nearest.
    pub fn json(&self) -> String {
        let watts = map(&self.milliwatts, |power| to_watts(power).to_string());
        let energies = map(&self.energy, |energy| energy.to_string());
        format!(
            "{{\"since\":{},\"at\":{},\"energy_wh\":{},\"power_w\":{},\"battery_permille\":{}}}",
            self.since.as_millis(),
            self.at.as_millis(),
            object(&energies),
            object(&watts),
            self.charge_permille
        )
    }
}

/// Milliwatts as the nearest watts.
fn to_watts(milliwatts: i64) -> i64 {
    (milliwatts + 500).div_euclid(1_000)
}

fn map<T: Copy>(flows: &Flows<T>, show: impl Fn(T) -> String) -> Flows<String> {
    Flows {
        production: show(flows.production),
        import: show(flows.import),
        export: show(flows.export),
        charge: show(flows.charge),
        discharge: show(flows.discharge),
        consumption: show(flows.consumption),
        hall: show(flows.hall),
        flats: flows.flats.map(show),
    }
}

/// Names and values, in the order in which they are printed.
fn named(flows: &Flows<String>) -> [(&'static str, &str); 7] {
    [
        ("production", &flows.production),
        ("import", &flows.import),
        ("export", &flows.export),
        ("charge", &flows.charge),
        ("discharge", &flows.discharge),
        ("consumption", &flows.consumption),
        ("hall", &flows.hall),
    ]
}

fn object(flows: &Flows<String>) -> String {
    let mut text: String = named(flows)
        .iter()
        .map(|(name, value)| format!("\"{name}\":{value},"))
        .collect();
    text.insert(0, '{');
    text + &format!("\"flats\":[{}]}}", flows.flats.join(","))
}

impl fmt::Display for Truth {
    /// A small table for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let energies = map(&self.energy, |energy| energy.to_string());
        let watts = map(&self.milliwatts, |power| to_watts(power).to_string());
        writeln!(f, "{:<12} {:>16} {:>10}", "true totals", "Wh", "now W")?;
        for ((name, energy), (_, power)) in named(&energies).iter().zip(named(&watts)) {
            writeln!(f, "{name:<12} {energy:>16} {power:>10}")?;
        }
        for (index, (energy, power)) in energies.flats.iter().zip(&watts.flats).enumerate() {
            let name = format!("flat {}", index + 1);
            writeln!(f, "{name:<12} {energy:>16} {power:>10}")?;
        }
        write!(
            f,
            "battery at {}.{} %",
            self.charge_permille / 10,
            self.charge_permille % 10
        )
    }
}

#[cfg(test)]
mod tests {
    use units::{Instant, WattHours};

    use super::{Energy, Flows, Truth};

    fn sample() -> Truth {
        let mut energy = Flows::<Energy>::default();
        energy.production.count(3_600_000 * 12 + 1_800_000);
        energy.flats[1].count(7_200_000);
        let milliwatts = Flows {
            export: 1_499_600,
            ..Flows::default()
        };
        Truth {
            since: Instant::from_millis(0),
            at: Instant::from_millis(1_000),
            energy,
            milliwatts,
            charge_permille: 503,
        }
    }

    #[test]
    fn json_and_table() {
        expect_test::expect![[r#"
            {"since":0,"at":1000,"energy_wh":{"production":12.500,"import":0.000,"export":0.000,"charge":0.000,"discharge":0.000,"consumption":0.000,"hall":0.000,"flats":[0.000,2.000,0.000,0.000,0.000,0.000]},"power_w":{"production":0,"import":0,"export":1500,"charge":0,"discharge":0,"consumption":0,"hall":0,"flats":[0,0,0,0,0,0]},"battery_permille":503}
            true totals                Wh      now W
            production             12.500          0
            import                  0.000          0
            export                  0.000       1500
            charge                  0.000          0
            discharge               0.000          0
            consumption             0.000          0
            hall                    0.000          0
            flat 1                  0.000          0
            flat 2                  2.000          0
            flat 3                  0.000          0
            flat 4                  0.000          0
            flat 5                  0.000          0
            flat 6                  0.000          0
            battery at 50.3 %"#]]
        .assert_eq(&format!("{}\n{}", sample().json(), sample()));
    }

    #[test]
    fn energy_is_shown_and_split_exactly() {
        assert_eq!(Energy::from_milliwatt_seconds(-3_600).to_string(), "-0.001");
        let energy = Energy::from_milliwatt_seconds(7_199_999);
        assert_eq!(energy.watt_hours(), WattHours(1));
        assert_eq!(energy.work().split().0, WattHours(1));
        assert_eq!(sample().grid_milliwatts(), -1_499_600);
    }
}
