//! Devices that others have written: pymodbus serves what the test wrote down, over TCP, on a pseudo-terminal and as
//! serial frames over TCP, and the box shows just that. What a foreign client sees of our own devices is in [`ours`].
//!
//! Needs the Python that `./dev test` prepares; see [`crate::peers`].

mod ours;
mod statements;
mod tables;

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::{Value, json};

use crate::box_process::BoxProcess;
use crate::peers::{By, Peer};

/// What a point must show: its value in its channel's scale, or why it has none.
type Shown = Result<i64, &'static str>;

/// Registers, and what the box must make of them.
#[derive(Debug, Default)]
struct Written {
    words: Vec<u16>,
    shown: BTreeMap<&'static str, Shown>,
}

impl Written {
    /// A SunSpec chain that begins with the common model.
    fn chain(maker: &str, model: &str) -> Self {
        let mut words = vec![0x5375, 0x6e53, 1, 66];
        for (text, length) in [(maker, 32), (model, 32), ("", 16), ("1.2.3", 16), ("0815", 32)] {
            let mut bytes = text.as_bytes().to_vec();
            bytes.resize(length, 0);
            words.extend(bytes.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])));
        }
        words.extend([1, 0x8000]);
        Self {
            words,
            shown: BTreeMap::new(),
        }
    }

    /// Adds a model: its measured words by their offset within it, everything else "not implemented".
    fn model(&mut self, id: u16, length: u16, words: &[(usize, &[u16])]) {
        let begins = self.words.len();
        self.words.extend([id, length]);
        self.words.resize(begins + 2 + usize::from(length), 0x8000);
        for (offset, values) in words {
            self.words[begins + offset..begins + offset + values.len()].copy_from_slice(values);
        }
    }

    fn end(&mut self) {
        self.words.extend([0xffff, 0]);
    }

    fn shows(&mut self, points: &[(&'static str, Shown)]) {
        self.shown.extend(points.iter().copied());
    }
}

fn signed(value: i16) -> u16 {
    value.cast_unsigned()
}

fn long(value: u32) -> [u16; 2] {
    let [a, b, c, d] = value.to_be_bytes();
    [u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])]
}

/// An inverter that makes 8,420 W by 842 tens of watts, without a third phase and without a heat sink.
fn inverter() -> Written {
    let mut image = Written::chain("Nobody", "Sunny Thing");
    let energy = long(2_345_678_901);
    image.model(
        103,
        50,
        &[
            (2, &[2_466, 1_234, 1_232, 0xffff, signed(-2)]),
            (7, &[0xffff, 0xffff, 0xffff, 2_301, 2_298, 0xffff, signed(-1)]),
            (
                14,
                &[
                    842,
                    1,
                    4_998,
                    signed(-2),
                    8_500,
                    0,
                    signed(-310),
                    0,
                    signed(-9_881),
                    signed(-2),
                ],
            ),
            (24, &[energy[0], energy[1], 0]),
            (27, &[2_201, signed(-2), 3_912, signed(-1), 8_611, 0]),
            (33, &[signed(-45), 0x8000, 0x8000, 0x8000, signed(-1), 4, 0]),
        ],
    );
    image.end();
    image.shows(&[
        ("power", Ok(8_420)),
        ("energy", Ok(2_345_678_901)),
        ("voltage_l1", Ok(2_301)),
        ("voltage_l2", Ok(2_298)),
        ("voltage_l3", Err("not-implemented")),
        ("current_l1", Ok(1_234)),
        ("current_l2", Ok(1_232)),
        ("current_l3", Err("not-implemented")),
        ("frequency", Ok(4_998)),
        ("apparent_power", Ok(8_500)),
        ("reactive_power", Ok(-310)),
        ("power_factor", Ok(-988)),
        ("dc_power", Ok(8_611)),
        ("dc_voltage", Ok(3_912)),
        ("dc_current", Ok(2_201)),
        ("temperature_cabinet", Ok(-45)),
        ("temperature_heat_sink", Err("not-implemented")),
        ("state", Ok(4)),
    ]);
    image
}

/// A meter that sends out 1,234 W, in a chain that begins at 0.
fn meter() -> Written {
    let mut image = Written::chain("Nobody", "Meter");
    let (export, import) = (long(4_000_111), long(7_654_321));
    image.model(
        203,
        105,
        &[
            (
                2,
                &[signed(-536), signed(-180), signed(-178), signed(-178), signed(-2)],
            ),
            (8, &[23_010, 22_995, 23_040]),
            (15, &[signed(-2), 5_002, signed(-2)]),
            (
                18,
                &[
                    signed(-12_340),
                    signed(-4_110),
                    signed(-4_105),
                    signed(-4_125),
                    signed(-1),
                ],
            ),
            (23, &[1_240, 0x8000, 0x8000, 0x8000, 0]),
            (28, &[120, 0x8000, 0x8000, 0x8000, 0]),
            (33, &[signed(-995), 0x8000, 0x8000, 0x8000, signed(-1)]),
            (38, &[export[0], export[1]]),
            (46, &[import[0], import[1]]),
            (54, &[1]),
        ],
    );
    image.end();
    image.shows(&[
        ("power", Ok(-1_234)),
        ("power_l1", Ok(-411)),
        ("energy_import", Ok(76_543_210)),
        ("energy_export", Ok(40_001_110)),
        ("voltage_l1", Ok(2_301)),
        ("voltage_l3", Ok(2_304)),
        ("current_l1", Ok(-180)),
        ("current_l3", Ok(-178)),
        ("frequency", Ok(5_002)),
        ("apparent_power", Ok(1_240)),
        ("reactive_power", Ok(120)),
        ("power_factor", Ok(-995)),
    ]);
    image
}

/// An SDM630: its input registers from 0 and from 0x014e on, and what they must show.
fn sdm630() -> (Value, BTreeMap<&'static str, Shown>) {
    let (mut low, mut high) = (vec![0_u16; 0x50], vec![0_u16; 0x30]);
    let values: [(usize, f32, &'static str, Shown); 19] = [
        (0x00, 230.125, "voltage_l1", Ok(2_301)),
        (0x02, 229.5, "voltage_l2", Ok(2_295)),
        (0x04, f32::INFINITY, "voltage_l3", Err("not-a-number")),
        (0x06, 2.25, "current_l1", Ok(225)),
        (0x0a, 0.015_625, "current_l3", Ok(2)),
        (0x0c, -517.25, "power_l1", Ok(-517)),
        (0x10, 0.0, "power_l3", Ok(0)),
        (0x12, 1_000_000.0, "apparent_power_l1", Ok(1_000_000)),
        (0x1e, -0.875, "power_factor_l1", Ok(-875)),
        (0x34, -1_534.25, "power", Ok(-1_534)),
        // The usual NaN is what a device writes for a value that it does not have; any other one is a fault.
        (
            0x3e,
            f32::from_bits(0x7fc0_0000),
            "power_factor",
            Err("not-implemented"),
        ),
        (
            0x38,
            f32::from_bits(0xff80_0001),
            "apparent_power",
            Err("not-a-number"),
        ),
        (0x46, 49.937_5, "frequency", Ok(4_994)),
        // Between two floats of this size lie 7.8 Wh: the nearest one to the number is 98765.4296875 kWh.
        (0x48, 98_765.43, "energy_import", Ok(98_765_430)),
        (0x4a, 0.001, "energy_export", Ok(1)),
        (0x4c, 12.5, "reactive_energy_import", Ok(12_500)),
        (0x156, 98_765.43, "energy_sum", Ok(98_765_430)),
        (0x15a, 32_921.75, "energy_import_l1", Ok(32_921_750)),
        (0x164, 0.0, "energy_export_l3", Ok(0)),
    ];
    let mut shown = BTreeMap::new();
    for (address, value, point, means) in values {
        let (block, offset) = if address < 0x14e {
            (&mut low, address)
        } else {
            (&mut high, address - 0x14e)
        };
        block[offset..offset + 2].copy_from_slice(&long(value.to_bits()));
        shown.insert(point, means);
    }
    (json!({ "0": low, "334": high }), shown)
}

const PLACE: &str = "[place]\nname = \"Foreign Devices\"\ntime_zone = \"Europe/London\"\ncurrency = \"GBP\"\n\
                     latitude = 51.464\nlongitude = -2.563\n\n[store]\ncommit_every = \"1 s\"\n";

fn bus(name: &str, how: &str) -> String {
    format!("\n[[bus]]\nname = \"{name}\"\n{how}\n")
}

fn device(name: &str, bus: &str, unit: u8, profile: &str, role: &str) -> String {
    format!(
        "\n[[device]]\nname = \"{name}\"\nbus = \"{bus}\"\nunit = {unit}\nprofile = \"{profile}\"\nrole = \"{role}\"\n\
         audience = \"everyone\"\nrated_power = 24000\nfast = \"500 ms\"\nslow = \"500 ms\"\n"
    )
}

fn point_of<'a>(device: &'a Value, name: &str) -> &'a Value {
    let points = device["points"].as_array().map_or(&[][..], Vec::as_slice);
    points
        .iter()
        .find(|point| point["point"] == name)
        .unwrap_or(&Value::Null)
}

/// Whether the box shows all that the test wrote. What it shows must be right at every look; a peer that is slow for
/// once is told as such, and asked again.
fn shows(device: &Value, written: &BTreeMap<&'static str, Shown>) -> bool {
    let mut whole = device["state"] == "healthy";
    for (point, means) in written {
        let seen = point_of(device, point);
        let (value, why) = (&seen["value"], &seen["why"]);
        if value.is_null() && (why.is_null() || why == "no-answer") {
            whole = false;
            continue;
        }
        match means {
            Ok(number) => assert_eq!(value, number, "{point}: {seen:#}"),
            Err(reason) => assert_eq!(why, reason, "{point}: {seen:#}"),
        }
    }
    whole
}

fn compare(running: &mut BoxProcess, name: &str, written: &BTreeMap<&'static str, Shown>) -> Result<Value> {
    running.json_when(&format!("/api/v1/devices/{name}"), |device| {
        shows(device, written)
    })
}

#[test]
fn the_box_shows_what_foreign_devices_hold() -> Result<()> {
    let (inverter, meter, (registers, sdm)) = (inverter(), meter(), sdm630());
    let on_network = Peer::serve(
        By::Tcp,
        &json!([
            { "unit": 1, "holding": { "40000": inverter.words } },
            { "unit": 2, "holding": { "0": meter.words } },
        ]),
    )?;
    let on_line = Peer::serve(By::Pty, &json!([{ "unit": 1, "input": registers }]))?;
    let over_tcp = Peer::serve(By::RtuOverTcp, &json!([{ "unit": 5, "input": registers }]))?;
    let state = tempfile::tempdir()?;
    let site = [
        PLACE.to_owned(),
        bus(
            "network",
            &format!("kind = \"tcp\"\naddress = \"127.0.0.1:{}\"", on_network.address),
        ),
        bus(
            "cupboard",
            &format!("kind = \"serial\"\nport = \"{}\"\nbaud = 9600", on_line.address),
        ),
        bus(
            "converter",
            &format!(
                "kind = \"rtu-over-tcp\"\naddress = \"127.0.0.1:{}\"",
                over_tcp.address
            ),
        ),
        device("roof", "network", 1, "sunspec-inverter", "production"),
        device("street", "network", 2, "sunspec-meter", "grid"),
        device("nobody-there", "network", 9, "sunspec-meter", "consumption"),
        device("hall", "cupboard", 1, "eastron-sdm630", "consumption"),
        device("nobody-here", "cupboard", 2, "eastron-sdm120", "consumption"),
        device("cellar", "converter", 5, "eastron-sdm630", "consumption"),
    ];
    let mut running = BoxProcess::start(state.path(), &site.concat())?;

    let roof = compare(&mut running, "roof", &inverter.shown)?;
    assert!(roof["identity"].to_string().contains("Sunny Thing"), "{roof:#}");
    compare(&mut running, "street", &meter.shown)?;
    compare(&mut running, "hall", &sdm)?;
    compare(&mut running, "cellar", &sdm)?;
    // The raw words beside a value are the ones on the wire.
    assert_eq!(point_of(&roof, "energy")["raw"], json!(["8bd0", "3835"]));

    // Units that are not there are told as gone, and the others go on as if nothing were.
    for name in ["nobody-there", "nobody-here"] {
        let gone = running.json_when(&format!("/api/v1/devices/{name}"), |device| {
            device["state"] == "gone"
        })?;
        assert_eq!(gone["answered"], 0, "{gone:#}");
    }
    for (name, written) in [
        ("roof", &inverter.shown),
        ("street", &meter.shown),
        ("hall", &sdm),
    ] {
        compare(&mut running, name, written)?;
    }
    Ok(())
}
