//! Every fault of a profile: its place, what is wrong, and what to write instead.

use std::fmt::Write;

use expect_test::{Expect, expect};

use super::{AtNight, Class, Family, Grade, Parity, Profile, Recognise};
use crate::coding::{Kind, Scale, Sentinel, WordOrder};
use crate::frame::Function;

const GOOD: &str = r#"maker = "Example"
model = "M1"
family = "registers"

[line]
baud = 19_200
parity = "even"
stop_bits = 1
grade = "V1"
source = "manual"

[limits]
largest_block = 50
worst_latency_ms = 500
sleeps_at_night = true
grade = "U"
source = "guess"

[recognise]
function = "holding"
address = 11
type = "uint16"
unit = "code"
values = [1648, 1653]
grade = "V1"
source = "manual"

[[stretch]]
function = "input"
first = 0x0000
last = 0x0020
grade = "V1"
source = "manual"

[[point]]
name = "power"
quantity = "power"
unit = "watts"
function = "input"
address = 0x0010
type = "int32"
order = "low-first"
divide = 10
missing = "0x7FFFFFFF"
class = "fast"
grade = "V2"
source = "two projects"

[[point]]
name = "energy_in"
quantity = "energy-forward"
unit = "watt-hours"
function = "input"
address = 0x0012
type = "uint32"
multiply = 100
modulus = 100_000_000
opposite = "energy_out"
class = "slow"
grade = "V1"
source = "manual"

[[point]]
name = "energy_out"
quantity = "energy-reverse"
unit = "watt-hours"
function = "input"
address = 0x0014
type = "uint32"
multiply = 100
opposite = "energy_in"
class = "slow"
grade = "V1"
source = "manual"
"#;

const SUNSPEC: &str = r#"maker = "SunSpec"
model = "example"
family = "sunspec"
[line]
baud = 9600
parity = "none"
stop_bits = 2
grade = "U"
source = "guess"
[limits]
largest_block = 100
worst_latency_ms = 500
sleeps_at_night = false
grade = "U"
source = "guess"
[recognise]
models = [103]
grade = "V1"
source = "SunSpec"
[[point]]
name = "power"
quantity = "power"
unit = "watts"
models = [103]
point = "W"
class = "fast"
grade = "V1"
source = "SunSpec"
[[point]]
name = "dc#_power"
quantity = "direct-power"
unit = "watts"
models = [160]
point = "DCW"
class = "fast"
grade = "V1"
source = "SunSpec"
"#;

fn faults(text: &str) -> String {
    match Profile::parse("maker-model.toml", text) {
        Ok(_) => "no fault".to_owned(),
        Err(faults) => faults.iter().fold(String::new(), |mut lines, fault| {
            let _ = writeln!(lines, "{fault}");
            lines
        }),
    }
}

/// The faults after each change of the good profile, one after the other.
fn check(good: &str, changes: &[(&str, &str)], expected: &Expect) {
    let mut all = String::new();
    for (from, to) in changes {
        let changed = good.replacen(from, to, 1);
        assert_ne!(changed, good, "{from} is not in the profile");
        let _ = write!(
            all,
            "--- {}\n{}",
            to.lines().next().unwrap_or("(nothing)"),
            faults(&changed)
        );
    }
    expected.assert_eq(&all);
}

#[test]
fn a_good_profile_is_read_as_written() {
    let profile = Profile::parse("example-m1.toml", GOOD).expect("a good profile");
    assert_eq!(
        (profile.id.as_str(), profile.family),
        ("example-m1", Family::Registers)
    );
    assert_eq!((profile.line.baud, profile.line.parity), (19_200, Parity::Even));
    assert_eq!((profile.largest_block, profile.at_night), (50, AtNight::Asleep));
    assert!(matches!(profile.recognise, Recognise::Values { ref values, .. } if values == &[1648, 1653]));
    let power = &profile.points[0];
    assert_eq!(
        (power.function, power.address, power.class),
        (Function::Input, 16, Class::Fast)
    );
    assert_eq!(
        (power.coding.kind, power.coding.order),
        (Kind::I32, WordOrder::LowFirst)
    );
    assert_eq!(power.coding.sentinel, Sentinel::Bits(0x7FFF_FFFF));
    assert_eq!(
        power.coding.scale,
        Scale {
            multiply: 1,
            divide: 10
        }
    );
    assert_eq!((power.grade, power.source.as_str()), (Grade::V2, "two projects"));
    assert_eq!(profile.points[1].counter_modulus, Some(100_000_000));
    assert_eq!(profile.facts.len(), 4);
    assert!(Profile::parse("example.toml", SUNSPEC).is_ok());
}

#[test]
fn keys_and_values() {
    check(
        GOOD,
        &[
            ("[line]", "[line"),
            ("maker = \"Example\"\n", ""),
            ("maker = \"Example\"", "maker = \" \""),
            ("maker = \"Example\"", "maker = 5"),
            ("family = \"registers\"", "family = \"register\""),
            ("[line]\nbaud", "[lime]\nbaud"),
            ("baud = 19_200", "baud = \"19200\""),
            ("baud = 19_200", "baud = 99999999999999999999"),
            ("stop_bits = 1", "stop_bits = 3"),
            ("largest_block = 50", "largest_block = 126"),
            ("largest_block = 50", "granule = 3\nlargest_block = 50"),
            ("largest_block = 50", "granule = 4 # too long\nlargest_block = 2"),
            ("largest_block = 50", "granule = 4\nlargest_block = 50"),
            ("sleeps_at_night = true", "sleeps_at_night = 1"),
            ("values = [1648, 1653]", "values = []"),
            ("values = [1648, 1653]", "lowest = 5\nhighest = 4"),
            ("first = 0x0000", "first = 0x0021"),
            ("[[stretch]]", "[stretch]"),
        ],
        &expect![[r#"
            --- [line
            maker-model.toml:5:6: this is not TOML: unclosed table, expected `]`; see toml.io for how a file is written
            --- (nothing)
            maker-model.toml:1:1: `maker` is missing in the profile; add for example: maker = "Eastron"
            --- maker = " "
            maker-model.toml:1:9: `maker` in the profile is empty; write a few words
            --- maker = 5
            maker-model.toml:1:9: `maker` in the profile is a whole number; write a text in quotation marks
            --- family = "register"
            maker-model.toml:3:10: `family` in the profile is "register", which is not known; write "registers", or another of: registers, sunspec
            --- [lime]
            maker-model.toml:1:1: the table [line] is missing; add it, as in the profiles that come with Hearth (hardware/devices/profiles)
            maker-model.toml:5:2: `lime` is not known in the profile; write `line`, or take it out
            --- baud = "19200"
            maker-model.toml:6:8: `baud` in [line] is a text; write a whole number, as in 80 or 0x0050
            --- baud = 99999999999999999999
            maker-model.toml:6:8: `baud` in [line] is too large a number; write a smaller number
            --- stop_bits = 3
            maker-model.toml:8:13: `stop_bits` in [line] is 3; write a number from 1 to 2
            --- largest_block = 126
            maker-model.toml:13:17: `largest_block` in [limits] is 126; write a number from 1 to 125
            --- granule = 3
            maker-model.toml:13:11: `granule` in [limits] is 3, which divides no block of values; write 1, 2 or 4
            --- granule = 4 # too long
            maker-model.toml:13:11: a granule of 4 registers is longer than the largest block; lower `granule`, or raise `largest_block`
            --- granule = 4
            maker-model.toml:41:11: the value takes 2 registers from 0x0010, which are no whole granules of 4; check the address and the type, or lower `granule` in [limits]
            maker-model.toml:55:11: the value takes 2 registers from 0x0012, which are no whole granules of 4; check the address and the type, or lower `granule` in [limits]
            maker-model.toml:69:11: the value takes 2 registers from 0x0014, which are no whole granules of 4; check the address and the type, or lower `granule` in [limits]
            --- sleeps_at_night = 1
            maker-model.toml:15:19: `sleeps_at_night` in [limits] is a whole number; write true or false
            --- values = []
            maker-model.toml:24:10: `values` in [recognise] is an empty list; write a list of whole numbers, as in [101, 103]
            --- lowest = 5
            maker-model.toml:25:11: no value is from 5 to 4; change `lowest` and `highest` round
            --- first = 0x0021
            maker-model.toml:31:8: the stretch ends at 32 before it begins at 33; change `first` and `last` round
            --- [stretch]
            maker-model.toml:28:1: `stretch` in the profile is a table; write tables that each begin with [[stretch]]
        "#]],
    );
}

#[test]
fn single_points() {
    check(
        GOOD,
        &[
            ("address = 0x0010", "adress = 0x0010"),
            ("address = 0x0010", "address = 0x0010\nlookup = 5"),
            ("name = \"power\"", "name = \"Power\""),
            ("quantity = \"power\"", "quantity = \"powr\""),
            ("unit = \"watts\"", "unit = \"kilowatts\""),
            ("unit = \"watts\"", "unit = \"volt-amperes\""),
            ("unit = \"watt-hours\"", "unit = \"watts\""),
            ("type = \"int32\"", "type = \"integer\""),
            ("type = \"int32\"", "type = \"bitfield32\""),
            ("divide = 10", "divide = 0"),
            ("missing = \"0x7FFFFFFF\"", "missing = \"7FFF\""),
            ("class = \"fast\"\n", ""),
            ("grade = \"V2\"\nsource = \"two projects\"\n", ""),
            ("grade = \"V2\"", "grade = \"A\""),
        ],
        &expect![[r#"
            --- adress = 0x0010
            maker-model.toml:35:1: `address` is missing in [[point]]; add for example: address = 0x0034
            maker-model.toml:40:1: `adress` is not known in [[point]]; write `address`, or take it out
            --- address = 0x0010
            maker-model.toml:41:1: `lookup` is not known in [[point]]; take it out; known here are address, class, divide, function, grade, missing, modulus, multiply, name, opposite, order, quantity, sign, source, type, unit
            --- name = "Power"
            maker-model.toml:36:8: `name` "Power" cannot be used: the name holds 'P'; use small letters a-z, digits, - and _, as in grid-meter; write a name such as voltage_l1
            --- quantity = "powr"
            maker-model.toml:37:12: `quantity` in [[point]] is "powr", which is not known; write "power", or another of: power, phase-power, energy-forward, energy-reverse, direct-power, direct-energy, voltage, current, frequency, temperature, charge, rated-power, state, other
            --- unit = "kilowatts"
            maker-model.toml:38:8: `unit` in [[point]] is "kilowatts", which is not known; write one of: watts, volt-amperes, vars, watt-hours, volt-ampere-hours, var-hours, decivolts, centiamperes, centihertz, decicelsius, permille, millifactor, centiampere-hours, decidegrees, code, count
            --- unit = "volt-amperes"
            maker-model.toml:38:8: power cannot be in volt-amperes; write unit = "watts" and scale the register with `multiply` or `divide`
            --- unit = "watts"
            maker-model.toml:52:8: energy-forward cannot be in watts; write unit = "watt-hours" and scale the register with `multiply` or `divide`
            maker-model.toml:58:12: energy_out is in another unit; write `opposite` in both points, each with the other's name
            --- type = "integer"
            maker-model.toml:41:8: `type` in [[point]] is "integer", which is not known; write one of: uint16, int16, uint32, int32, uint64, int64, acc16, acc32, acc64, float32, sunssf, enum16, enum32, bitfield16, bitfield32
            --- type = "bitfield32"
            maker-model.toml:38:8: states and flags cannot be in watts; write unit = "code"
            --- divide = 0
            maker-model.toml:43:10: `divide` in [[point]] is 0; write a number from 1 to 1000000
            --- missing = "7FFF"
            maker-model.toml:44:11: `missing` is "7FFF", which is not known; write "usual", "never" or the bits in hexadecimal, as in "0x7FFF"
            --- (nothing)
            maker-model.toml:35:1: `class` is missing in [[point]]; add for example: class = "fast"
            --- (nothing)
            maker-model.toml:35:1: `grade` is missing in [[point]]; add for example: grade = "V2"
            maker-model.toml:35:1: `source` is missing in [[point]]; add for example: source = "mbmd, meters/rs485/sdm.go"
            --- grade = "A"
            maker-model.toml:46:9: `grade` in [[point]] is "A", which is not known; write one of: V2, V1, U
        "#]],
    );
}

#[test]
fn points_together() {
    check(
        GOOD,
        &[
            ("name = \"energy_in\"", "name = \"power\""),
            ("quantity = \"energy-forward\"", "quantity = \"energy-reverse\""),
            ("quantity = \"energy-forward\"", "quantity = \"other\""),
            ("quantity = \"power\"", "quantity = \"phase-power\""),
            ("address = 0x0012", "address = 0x0011"),
            ("address = 0x0012", "address = 0x000F"),
            ("address = 0x0010", "address = 0xFFFF"),
            ("address = 0x0010", "address = 0x10000"),
            ("opposite = \"energy_in\"\n", ""),
            ("opposite = \"energy_in\"", "opposite = \"energy\""),
        ],
        &expect![[r#"
            --- name = "power"
            maker-model.toml:50:8: there are two points called power; give each point a name of its own
            maker-model.toml:58:12: energy_out does not name power as its opposite; write `opposite` in both points, each with the other's name
            maker-model.toml:71:12: the opposite energy_in is not a point of this profile; write `opposite` in both points, each with the other's name
            --- quantity = "energy-reverse"
            maker-model.toml:65:12: energy-reverse is the quantity of energy_in already; keep it for the value of all phases; write phase-power or other here
            --- quantity = "other"
            maker-model.toml:1:1: there is energy-reverse, but no energy-forward; add the counter of the other direction with quantity = "energy-forward"
            --- quantity = "phase-power"
            maker-model.toml:1:1: no point has the quantity power; add a [[point]] with quantity = "power" for the active power of all phases
            --- address = 0x0011
            maker-model.toml:54:11: register 0x0011 belongs to the point power already; give each register to one point; check the addresses and the types
            --- address = 0x000F
            maker-model.toml:54:11: register 0x0010 belongs to the point power already; give each register to one point; check the addresses and the types
            --- address = 0xFFFF
            maker-model.toml:40:11: 2 registers from 0xffff reach beyond the last one, 0xffff; check the address and the type; addresses count from 0 as on the wire
            --- address = 0x10000
            maker-model.toml:40:11: `address` in [[point]] is 65536; write a number from 0 to 65535
            --- (nothing)
            maker-model.toml:58:12: energy_out does not name energy_in as its opposite; write `opposite` in both points, each with the other's name
            --- opposite = "energy"
            maker-model.toml:58:12: energy_out does not name energy_in as its opposite; write `opposite` in both points, each with the other's name
            maker-model.toml:71:12: the opposite energy is not a point of this profile; write `opposite` in both points, each with the other's name
        "#]],
    );
}

#[test]
fn a_value_longer_than_the_largest_block() {
    let text = GOOD
        .replace("largest_block = 50", "largest_block = 3")
        .replace("address = 0x0010", "address = 0x0006")
        .replace("type = \"int32\"", "type = \"int64\"");
    expect![[r#"
        maker-model.toml:41:8: the value takes 4 registers, but largest_block is 3; raise `largest_block` in [limits], or take the point out
    "#]].assert_eq(&faults(&text));
}

#[test]
fn sunspec_points() {
    check(
        SUNSPEC,
        &[
            ("models = [103]", "models = [103, 1003]"),
            ("models = [103]\ngrade", "grade"),
            ("models = [103]\npoint", "models = \"103\"\npoint"),
            ("point = \"W\"", "point = \"Wt\""),
            ("point = \"W\"", "point = \"PhVphA\""),
            ("point = \"W\"", "point = \"W_SF\""),
            ("unit = \"watts\"", "unit = \"watt-hours\""),
            ("name = \"dc#_power\"", "name = \"dc_power\""),
            ("name = \"power\"", "name = \"power#\""),
            ("point = \"W\"", "point = \"W\"\naddress = 5"),
            ("largest_block = 100", "largest_block = 3"),
            ("largest_block = 100", "granule = 2\nlargest_block = 100"),
        ],
        &expect![[r#"
            --- models = [103, 1003]
            maker-model.toml:17:16: SunSpec has no model 1003; write a model of sunspec/models.tsv
            --- grade
            maker-model.toml:16:1: `models` is missing: which of SunSpec's models are meant; add for example: models = [101, 102, 103]
            --- models = "103"
            maker-model.toml:24:10: `models` in [[point]] is a text; write a list of whole numbers, as in [101, 103]
            --- point = "Wt"
            maker-model.toml:25:9: SunSpec's model 103 has no point Wt; write point = "W", or take the model out of `models`
            --- point = "PhVphA"
            maker-model.toml:23:8: PhVphA in model 103 is in "V", not in watts; write unit = "decivolts", or choose another point
            --- point = "W_SF"
            maker-model.toml:25:9: W_SF in model 103 is not a number that can be measured; choose another point
            --- unit = "watt-hours"
            maker-model.toml:23:8: power cannot be in watt-hours; write unit = "watts" and scale the register with `multiply` or `divide`
            --- name = "dc_power"
            maker-model.toml:30:8: DCW in model 160 is there once for each module; write a # where the module's number goes, as in dc#_power
            --- name = "power#"
            maker-model.toml:21:8: W in model 103 is not repeated; take the # out of the name
            --- point = "W"
            maker-model.toml:26:1: `address` is not known in [[point]]; take it out; known here are class, grade, models, name, opposite, point, quantity, sign, source, unit
            --- largest_block = 3
            maker-model.toml:1:1: with a largest_block of 3 SunSpec's chain cannot be read; write at least 4; SunSpec devices answer 125 registers
            --- granule = 2
            maker-model.toml:1:1: with a granule of 2 SunSpec's chain cannot be read; take `granule` out of [limits]; SunSpec's models begin anywhere
        "#]],
    );
}

#[test]
fn all_faults_are_told_at_once_in_their_order() {
    let text = GOOD
        .replace("baud", "bauds")
        .replace("class = \"slow\"", "class = \"seldom\"")
        .replace("maker = \"Example\"", "maker = \"\"");
    expect![[r#"
        maker-model.toml:1:9: `maker` in the profile is empty; write a few words
        maker-model.toml:5:1: `baud` is missing in [line]; add for example: baud = 9600
        maker-model.toml:6:1: `bauds` is not known in [line]; write `baud`, or take it out
        maker-model.toml:59:9: `class` in [[point]] is "seldom", which is not known; write one of: fast, slow
        maker-model.toml:72:9: `class` in [[point]] is "seldom", which is not known; write one of: fast, slow
    "#]]
    .assert_eq(&faults(&text));
}

#[test]
fn an_empty_file_and_one_that_is_no_toml() {
    expect![[r#"
        maker-model.toml:1:1: `family` is missing in the profile; add for example: family = "registers"
        maker-model.toml:1:1: `maker` is missing in the profile; add for example: maker = "Eastron"
        maker-model.toml:1:1: `model` is missing in the profile; add for example: model = "SDM630"
        maker-model.toml:1:1: the table [limits] is missing; add it, as in the profiles that come with Hearth (hardware/devices/profiles)
        maker-model.toml:1:1: the table [line] is missing; add it, as in the profiles that come with Hearth (hardware/devices/profiles)
        maker-model.toml:1:1: the table [recognise] is missing; add it, as in the profiles that come with Hearth (hardware/devices/profiles)
    "#]].assert_eq(&faults(""));
    expect![[r#"
        maker-model.toml:1:9: this is not TOML: string values must be quoted, expected literal string; see toml.io for how a file is written
        maker-model.toml:3:1: this is not TOML: duplicate key; see toml.io for how a file is written
    "#]].assert_eq(&faults("maker = Eastron\nmodel = \"a\"\nmodel = \"b\""));
}

#[test]
fn columns_count_letters_not_bytes() {
    expect![[r#"
        maker-model.toml:1:17: this is not TOML: unexpected key or value, expected newline, `#`; see toml.io for how a file is written
    "#]].assert_eq(&faults("maker = \"Müller\"; model"));
}
