//! The roof's inverter as its SunSpec registers show it: models 1, 103 or 113, 120 and 160.

use crate::chain::{Chain, Spot};
use crate::electric::{Load, Mains};
use crate::image::Image;
use crate::number::float;

/// How the inverter writes its measurements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InverterForm {
    /// Model 103: integers with scale factors.
    #[default]
    Integers,
    /// Model 113: float32.
    Floats,
}

/// What the inverter does at night.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NightBehaviour {
    /// It answers with zeros and says that it sleeps; its counter stands.
    #[default]
    Zero,
    /// It answers with "not implemented" in every measurement, its counter too.
    NotANumber,
    /// It does not answer.
    Silent,
}

/// What is fixed about an inverter.
#[derive(Debug, Clone)]
pub(crate) struct Build<'a> {
    pub(crate) base: u16,
    pub(crate) form: InverterForm,
    pub(crate) maker: &'a str,
    pub(crate) model: &'a str,
    pub(crate) serial: &'a str,
    /// The most it gives, in watts.
    pub(crate) rated: f64,
    /// The power of ten in which it writes watts.
    pub(crate) watts_power: i8,
    /// How many strings model 160 shows; 0 leaves the model out.
    pub(crate) strings: u16,
}

/// One string of panels.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct DirectCurrent {
    pub(crate) watts: f64,
    pub(crate) volts: f64,
    pub(crate) watt_hours: i64,
}

/// What the inverter measures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Measured<'a> {
    pub(crate) watts: f64,
    pub(crate) watt_hours: i64,
    pub(crate) mains: Mains,
    pub(crate) case: f64,
    pub(crate) strings: &'a [DirectCurrent],
    pub(crate) state: State,
}

/// SunSpec's operating states that are used here, and one for a recording's gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Sleeping,
    Producing,
    Throttled,
    /// It answers, but has no measurements.
    Nothing,
}

impl State {
    fn code(self) -> f64 {
        match self {
            Self::Sleeping | Self::Nothing => 2.0,
            Self::Producing => 4.0,
            Self::Throttled => 5.0,
        }
    }
}

/// The measurements of models 103 and 113, in the order in which [`values`] gives them.
const NAMES: [&str; 19] = [
    "A", "AphA", "AphB", "AphC", "PPVphAB", "PPVphBC", "PPVphCA", "PhVphA", "PhVphB", "PhVphC", "W", "Hz",
    "VA", "VAr", "PF", "DCA", "DCV", "DCW", "TmpCab",
];

/// The points of one string.
const STRING_NAMES: [&str; 3] = ["DCA", "DCV", "DCW"];

/// An inverter's registers.
#[derive(Debug, Clone)]
pub(crate) struct Inverter {
    chain: Chain,
    measured: Vec<Spot>,
    energy: Option<Spot>,
    state: Option<Spot>,
    strings: Vec<(Vec<Spot>, Option<Spot>)>,
}

impl Inverter {
    /// An inverter that has not measured anything yet.
    pub(crate) fn new(build: &Build<'_>) -> Self {
        let id = match build.form {
            InverterForm::Integers => 103,
            InverterForm::Floats => 113,
        };
        let mut models = vec![(1, 0), (id, 0), (120, 0)];
        if build.strings > 0 {
            models.push((160, build.strings));
        }
        let mut chain = Chain::new(build.base, &models);
        identify(&mut chain, build);
        rate(&mut chain, build.rated);
        let powers = [
            ("A_SF", -2),
            ("V_SF", -1),
            ("W_SF", build.watts_power),
            ("Hz_SF", -2),
            ("VA_SF", build.watts_power),
        ];
        let others = [
            ("VAr_SF", 0),
            ("PF_SF", -1),
            ("WH_SF", 0),
            ("DCA_SF", -2),
            ("DCV_SF", -1),
            ("DCW_SF", 0),
            ("Tmp_SF", -1),
        ];
        for (name, power) in powers.into_iter().chain(others) {
            chain.set(id, name, f64::from(power));
        }
        for name in ["Evt1", "Evt2"] {
            chain.set(id, name, 0.0);
        }
        for (name, value) in [
            ("DCA_SF", -2.0),
            ("DCV_SF", -1.0),
            ("DCW_SF", 0.0),
            ("DCWH_SF", 0.0),
            ("Evt", 0.0),
        ] {
            chain.set(160, name, value);
        }
        chain.set(160, "N", f64::from(build.strings));
        for string in 0..build.strings {
            chain.set_in(160, string, "ID", f64::from(string + 1));
            chain.set_in(160, string, "DCSt", 4.0);
        }
        Self {
            measured: NAMES
                .iter()
                .filter_map(|name| chain.spot(id, None, name))
                .collect(),
            energy: chain.spot(id, None, "WH"),
            state: chain.spot(id, None, "St"),
            strings: (0..build.strings)
                .map(|string| {
                    let spots = STRING_NAMES
                        .iter()
                        .filter_map(|name| chain.spot(160, Some(string), name));
                    (spots.collect(), chain.spot(160, Some(string), "DCWH"))
                })
                .collect(),
            chain,
        }
    }

    /// The registers.
    pub(crate) fn image(&self) -> &Image {
        self.chain.image()
    }

    /// Writes what is measured now.
    pub(crate) fn refresh(&mut self, now: &Measured<'_>) {
        if now.state == State::Nothing {
            return self.blank();
        }
        for (spot, value) in self.measured.iter().zip(values(now)) {
            self.chain.show(*spot, value);
        }
        if let Some(energy) = self.energy {
            self.chain.count(energy, now.watt_hours);
        }
        if let Some(state) = self.state {
            self.chain.show(state, now.state.code());
        }
        for ((spots, energy), string) in self.strings.iter().zip(now.strings) {
            for (spot, value) in spots.iter().zip([amperes(string), string.volts, string.watts]) {
                self.chain.show(*spot, value);
            }
            if let Some(energy) = energy {
                self.chain.count(*energy, string.watt_hours);
            }
        }
    }

    /// All measurements read as "not implemented"; an acc32 then reads 0.
    fn blank(&mut self) {
        let strings = self
            .strings
            .iter()
            .flat_map(|(spots, energy)| spots.iter().chain(energy));
        for spot in self.measured.iter().chain(&self.energy).chain(strings) {
            self.chain.blank(*spot);
        }
        if let Some(state) = self.state {
            self.chain.show(state, State::Nothing.code());
        }
    }
}

fn identify(chain: &mut Chain, build: &Build<'_>) {
    chain.set_text(1, "Mn", build.maker);
    chain.set_text(1, "Md", build.model);
    chain.set_text(1, "Vr", "1.4");
    chain.set_text(1, "SN", build.serial);
    chain.set(1, "DA", 1.0);
}

fn rate(chain: &mut Chain, rated: f64) {
    for (name, power) in [
        ("WRtg_SF", 0),
        ("VARtg_SF", 0),
        ("VArRtg_SF", 0),
        ("ARtg_SF", -1),
        ("PFRtg_SF", -2),
    ] {
        chain.set(120, name, f64::from(power));
    }
    chain.set(120, "DERTyp", 4.0); // Photovoltaic.
    chain.set(120, "WRtg", rated);
    chain.set(120, "VARtg", rated);
    for name in ["VArRtgQ1", "VArRtgQ4"] {
        chain.set(120, name, rated * 0.6);
    }
    chain.set(120, "ARtg", rated / 3.0 / 230.0);
    for name in ["PFRtgQ1", "PFRtgQ4"] {
        chain.set(120, name, 0.8);
    }
}

fn amperes(string: &DirectCurrent) -> f64 {
    if string.volts > 1.0 {
        string.watts / string.volts
    } else {
        0.0
    }
}

/// The measurements in the order of [`NAMES`].
fn values(now: &Measured<'_>) -> [f64; 19] {
    let volts = now.mains.volts;
    let load = volts.map(|volts| {
        if now.watts.abs() < 0.05 {
            Load::of(0, volts)
        } else {
            Load::with_factor(now.watts / 3.0, volts, 0.999)
        }
    });
    let sum = |of: fn(&Load) -> f64| load.iter().map(of).sum::<f64>();
    let between = |one: f64, other: f64| (one * one + other * other + one * other).sqrt();
    let direct_watts: f64 = now.strings.iter().map(|string| string.watts).sum();
    let direct_amperes: f64 = now.strings.iter().map(amperes).sum();
    let count = float(i64::try_from(now.strings.len().max(1)).unwrap_or(1));
    let direct_volts = now.strings.iter().map(|string| string.volts).sum::<f64>() / count;
    [
        sum(|load| load.amperes),
        load[0].amperes,
        load[1].amperes,
        load[2].amperes,
        between(volts[0], volts[1]),
        between(volts[1], volts[2]),
        between(volts[2], volts[0]),
        volts[0],
        volts[1],
        volts[2],
        now.watts,
        now.mains.hertz,
        sum(|load| load.volt_amperes),
        sum(|load| load.vars),
        load[0].factor * 100.0,
        direct_amperes,
        direct_volts,
        direct_watts,
        now.case,
    ]
}

#[cfg(test)]
mod tests {
    use super::{Build, DirectCurrent, Inverter, InverterForm, Measured, State};
    use crate::electric::Mains;

    fn build(form: InverterForm) -> Build<'static> {
        Build {
            base: 40_000,
            form,
            maker: "Hearth",
            model: "Simulated roof",
            serial: "1",
            rated: 12_000.0,
            watts_power: 0,
            strings: 2,
        }
    }

    fn measured(state: State) -> Measured<'static> {
        Measured {
            watts: 6_000.4,
            watt_hours: 70_000_123,
            mains: Mains {
                volts: [230.0, 231.0, 229.0],
                hertz: 49.98,
            },
            case: 41.26,
            strings: &[DirectCurrent {
                watts: 3_100.0,
                volts: 620.0,
                watt_hours: 5,
            }; 2],
            state,
        }
    }

    /// The words of the chain from this model's ID on.
    fn model(inverter: &Inverter, id: u16) -> &[u16] {
        let words = inverter.image().words();
        let mut at = 2;
        while words[at] != id {
            at += 2 + usize::from(words[at + 1]);
        }
        &words[at..]
    }

    #[test]
    fn integers_carry_their_scale() {
        let mut inverter = Inverter::new(&build(InverterForm::Integers));
        inverter.refresh(&measured(State::Producing));
        let words = model(&inverter, 103);
        assert_eq!(words[14..16], [6_000, 0], "W");
        assert_eq!(
            words[10..14],
            [2_300, 2_310, 2_290, 0xFFFF],
            "volts and their scale of -1"
        );
        assert_eq!(words[16..18], [4_998, 0xFFFE], "Hz");
        assert_eq!(words[24..27], [1_068, 7_675, 0], "WH");
        assert_eq!(words[33], 413, "TmpCab");
        assert_eq!(words[38], 4, "St");
        assert_eq!(model(&inverter, 120)[3..5], [12_000, 0]);
        let strings = model(&inverter, 160);
        assert_eq!(strings[8], 2);
        assert_eq!(strings[39..44], [500, 6_200, 3_100, 0, 5], "the second string");
    }

    #[test]
    fn floats_are_nearest() {
        let mut inverter = Inverter::new(&build(InverterForm::Floats));
        inverter.refresh(&measured(State::Throttled));
        let words = model(&inverter, 113);
        let float = |at: usize| f32::from_bits(u32::from(words[at]) << 16 | u32::from(words[at + 1]));
        assert_eq!(float(22).to_bits(), 6_000.4_f32.to_bits());
        assert_eq!(float(32).to_bits(), 70_000_123.0_f32.to_bits());
        assert_eq!(words[48], 5);
    }

    #[test]
    fn one_that_measures_nothing_says_so_everywhere() {
        let mut inverter = Inverter::new(&build(InverterForm::Integers));
        inverter.refresh(&measured(State::Producing));
        inverter.refresh(&measured(State::Nothing));
        let words = model(&inverter, 103);
        assert_eq!((words[14], words[10], words[38]), (0x8000, 0xFFFF, 2));
        assert_eq!(words[24..26], [0, 0], "a counter that is not there reads 0");
        assert_eq!(model(&inverter, 160)[42..44], [0, 0]);
    }
}
