//! What a good `site.toml` is, and what is said of a bad one.

use expect_test::{Expect, expect};
use units::{Audience, HomeName, Role, Span};

use super::{Site, Wire, rename_device, rename_place};

const GOOD: &str = r#"# The centre.
[place]
name = "Easton Community Centre"
time_zone = "Europe/London"
currency = "GBP"
latitude = 51.464
longitude = -2.563

[[bus]]
name = "network"
kind = "tcp"
address = "127.0.0.1:1502"

[[bus]]
name = "cupboard"
kind = "serial"
port = "/dev/ttyUSB0"
baud = 19200

[[device]]
name = "roof"
label = "Roof inverter" # as people say
bus = "network"
unit = 1
profile = "sunspec-inverter"
role = "production"
rated_power = 12000

[[device]]
name = "flat-1"
bus = "cupboard"
unit = 11
profile = "eastron-sdm120"
role = "consumption"
audience = "household:flat-1"
rated_power = 10000
fast = "500 ms"
"#;

#[test]
fn a_good_site_is_read() {
    let site = Site::parse(GOOD).expect("a good site");
    assert_eq!(site.place.name, "Easton Community Centre");
    assert_eq!((site.place.latitude, site.place.longitude), (51_464, -2_563));
    assert_eq!(site.listen.to_string(), "0.0.0.0:8080");
    assert_eq!(
        site.listen_safe.map(|at| at.to_string()).as_deref(),
        Some("0.0.0.0:8443")
    );
    assert_eq!(
        site.bus("network").map(|bus| &bus.wire),
        Some(&Wire::Tcp("127.0.0.1:1502".to_owned()))
    );
    let flat = site.device("flat-1").expect("it is there");
    assert_eq!(
        (flat.label.as_str(), flat.fast, flat.slow),
        ("flat-1", Span::from_millis(500), Span::MINUTE)
    );
    assert_eq!(
        flat.audience,
        Audience::Household(HomeName::parse("flat-1").expect("a good word"))
    );
    assert_eq!(site.in_role(Role::Production).count(), 1);
}

/// What is said when `from` is replaced by `to` in the good file.
fn check(from: &str, to: &str, said: &Expect) {
    assert!(GOOD.contains(from), "the good file has no {from:?}");
    let faults = Site::parse(&GOOD.replacen(from, to, 1)).expect_err("a bad site");
    let text: Vec<String> = faults.iter().map(ToString::to_string).collect();
    said.assert_eq(&text.join("\n"));
}

#[test]
fn faults_of_the_place_have_their_place_cause_and_remedy() {
    check(
        "Europe/London",
        "Europe/Bristol",
        &expect![[
            r#"line 4, column 13: there is no time zone "Europe/Bristol". Write one such as "Europe/London""#
        ]],
    );
    check(
        "\"GBP\"",
        "\"pounds\"",
        &expect![[r#"line 5, column 12: "pounds" is no currency. Write its three letters, such as "GBP""#]],
    );
    check(
        "51.464",
        "151.464",
        &expect![
            "line 6, column 12: 151.464 is outside of -90 to 90 degrees. Write degrees with a point: 51.46"
        ],
    );
    check(
        "[[bus]]\nname = \"network\"",
        "[page]\nlisten = \"everywhere\"\n[[bus]]\nname = \"network\"",
        &expect![[r#"line 10, column 10: "everywhere" is no address. Write "0.0.0.0:8080""#]],
    );
    check(
        "[[bus]]\nname = \"network\"",
        "[page]\nlisten = \"[::]:80\"\nlisten_safe = \"on\"\n[[bus]]\nname = \"network\"",
        &expect![[r#"line 11, column 15: "on" is no address. Write "[::]:8443""#]],
    );
    check(
        "[[bus]]\nname = \"network\"",
        "[page]\nlisten = \"[::]:80\"\nlisten_safe = \"[::]:80\"\n[[bus]]\nname = \"network\"",
        &expect![[
            r#"line 11, column 15: the plain door is at [::]:80 already. Write another port, such as "[::]:8443", or "off""#
        ]],
    );
}

#[test]
fn the_safe_door_goes_where_the_plain_one_is_unless_it_is_told_otherwise() {
    let safe = |page: &str| {
        let text = GOOD.replace(
            "[[bus]]\nname = \"network\"",
            &format!("[page]\n{page}\n[[bus]]\nname = \"network\""),
        );
        let site = Site::parse(&text).expect("a good site");
        site.listen_safe.map(|at| at.to_string())
    };
    assert_eq!(
        safe("listen = \"127.0.0.1:8080\"").as_deref(),
        Some("127.0.0.1:8443")
    );
    assert_eq!(
        safe("listen_safe = \"192.168.1.2:443\"").as_deref(),
        Some("192.168.1.2:443")
    );
    assert_eq!(safe("listen_safe = \"off\""), None);
}

#[test]
fn faults_of_a_bus_have_their_place_cause_and_remedy() {
    check(
        "\"127.0.0.1:1502\"",
        "\"192.168.1.20\"",
        &expect![[r#"line 12, column 11: "192.168.1.20" has no port. Write "192.168.1.20:502""#]],
    );
    check(
        "baud = 19200",
        "baud = 19201",
        &expect!["line 18, column 8: no port runs at 19201 baud. Write 9600, 19200, 38400 or 115200"],
    );
    check(
        "port = \"/dev/ttyUSB0\"\n",
        "",
        &expect![[r#"line 16, column 8: this serial bus has no port. Add port = "/dev/ttyUSB0""#]],
    );
    check(
        "kind = \"tcp\"",
        "kind = \"udp\"",
        &expect![[
            r#"line 11, column 8: "udp" is not known here. Write "serial" or "tcp" or "rtu-over-tcp""#
        ]],
    );
    check(
        "bus = \"network\"\nunit = 1",
        "bus = \"cupbord\"\nunit = 1",
        &expect![[r#"line 23, column 7: there is no bus called "cupbord". Write one of: network, cupboard"#]],
    );
}

#[test]
fn names_for_people_hold_only_what_can_be_shown() {
    check(
        "\"Easton Community Centre\"",
        "\"A\\u001b[2J\"",
        &expect!["line 3, column 8: the name holds a sign that cannot be shown, U+001B. Take it out"],
    );
    check(
        "\"Roof inverter\"",
        "\"Roof\\ninverter\"",
        &expect!["line 22, column 9: the name holds a sign that cannot be shown, U+000A. Take it out"],
    );
    check(
        "\"Roof inverter\"",
        "\"Roof \u{202e}retrevni\"",
        &expect!["line 22, column 9: the name holds a sign that cannot be shown, U+202E. Take it out"],
    );
}

#[test]
fn faults_of_a_device_have_their_place_cause_and_remedy() {
    check(
        "unit = 11",
        "unit = 248",
        &expect!["line 32, column 8: 248 cannot be a device's address. Write a number from 1 to 247"],
    );
    check(
        "sunspec-inverter",
        "sunspec-invertor",
        &expect![[
            r#"line 25, column 11: there is no profile "sunspec-invertor". `hearth profiles` lists those there are"#
        ]],
    );
    check(
        "role = \"production\"",
        "role = \"roof\"",
        &expect![[
            r#"line 26, column 8: "roof" is not known here. Write "production" or "grid" or "battery" or "consumption""#
        ]],
    );
    check(
        "household:flat-1",
        "flat 1",
        &expect![[
            r#"line 35, column 12: "flat 1" is no audience. Write "everyone", "stewards" or "household:flat-1""#
        ]],
    );
    check(
        "\"500 ms\"",
        "\"half a second\"",
        &expect![[
            r#"line 37, column 8: "half a second" is no length of time. Write one such as "2 s" or "500 ms""#
        ]],
    );
    check(
        "\"500 ms\"",
        "\"1 ms\"",
        &expect![[r#"line 37, column 8: "1 ms" is out of range. Write something from "200 ms" to "60 min""#]],
    );
    check(
        "rated_power = 12000",
        "rated_power = 0",
        &expect!["line 27, column 15: 0 W cannot be on a nameplate. Write its watts, such as 12000"],
    );
}

#[test]
fn a_consumption_meter_says_who_may_see_it() {
    check(
        "audience = \"household:flat-1\"\n",
        "",
        &expect![[
            r#"line 34, column 8: nothing says who may see what flat-1 measures, and it may be a home. Add audience = "household:NAME" with the home's name, or audience = "everyone" where it is no home"#
        ]],
    );
}

#[test]
fn faults_of_the_form_have_their_place_cause_and_remedy() {
    check(
        "rated_power = 12000",
        "rated_powr = 12000",
        &expect![[r#"
            line 20, column 1: rated_power is missing in [[device]]. Add rated_power = 12000
            line 27, column 1: rated_powr is not known in [[device]]. Take it out, or write one of: name, label, bus, unit, profile, role, audience, fast, slow, rated_power, reversed, counted"#]],
    );
    check(
        "latitude = 51.464\n",
        "",
        &expect!["line 2, column 1: latitude is missing in [place]. Add latitude = 51.46"],
    );
    check(
        "unit = 11\n",
        "unit = \"eleven\"\n",
        &expect!["line 32, column 8: unit is a text. Write a whole number without quotes"],
    );
    check(
        "unit = 1\n",
        "unit = = 1\n",
        &expect![[
            r#"line 24, column 8: extra `=`, expected nothing. Correct the line; text stands in "quotes", numbers without"#
        ]],
    );
    check(
        "[[bus]]\nname = \"network\"",
        "[pages]\n[page]\nlisten = 8080\n[[bus]]\nname = \"network\"",
        &expect![[r#"
            line 9, column 2: pages is not known in the file. Take it out, or write one of: place, page, store, backup, bus, device
            line 11, column 10: listen is a whole number. Write it in "quotes""#]],
    );
}

#[test]
fn a_list_that_is_none_and_a_place_that_is_missing_are_told() {
    let faults = Site::parse("[bus]\nname = \"cupboard\"\n").expect_err("a bad site");
    let text: Vec<String> = faults.iter().map(ToString::to_string).collect();
    expect![[r#"
        line 1, column 1: there is no [place]. Add it; docs/technicians/site.md shows a whole file
        line 1, column 1: bus is a table. Write [[bus]], with two brackets, before each"#]]
    .assert_eq(&text.join("\n"));
}

#[test]
fn words_that_mean_nothing_on_this_kind_of_bus_are_refused() {
    check(
        "address = \"127.0.0.1:1502\"",
        "address = \"127.0.0.1:1502\"\nbaud = 9600\nsilence = \"20 ms\"",
        &expect![[r#"
            line 13, column 8: a bus over TCP has no baud; the serial server or the gateway has its own. Take the line out, or write kind = "serial"
            line 14, column 11: a bus over TCP has no silence; the serial server or the gateway has its own. Take the line out, or write kind = "serial""#]],
    );
    check(
        "\"127.0.0.1:1502\"",
        "\"127.0.0.1:0\"",
        &expect![[
            r#"line 12, column 11: "127.0.0.1:0" has the port 0, where nothing listens. Write "127.0.0.1:502""#
        ]],
    );
}

#[test]
fn a_device_that_counts_one_way_only_is_not_reversed() {
    check(
        "rated_power = 12000",
        "rated_power = 12000\nreversed = true",
        &expect![
            "line 28, column 12: this kind of device counts in one direction only, so its power could be turned and its energy not. Take the line out, and have its wires changed over"
        ],
    );
    let meter = GOOD.replace("fast = \"500 ms\"", "reversed = true");
    assert!(Site::parse(&meter).expect("a good site").devices[1].reversed);
}

#[test]
fn two_buses_on_one_wire_are_refused() {
    let second = |kind: &str, place: &str| {
        let text = format!("{GOOD}\n[[bus]]\nname = \"other\"\nkind = \"{kind}\"\n{place}\n");
        let faults = Site::parse(&text).expect_err("a bad site");
        let text: Vec<String> = faults.iter().map(ToString::to_string).collect();
        text.join("\n")
    };
    expect!["line 42, column 8: bus cupboard uses /dev//ttyUSB0 already. Put these devices on bus cupboard and take this one out, or correct the line"].assert_eq(&second("serial", "port = \"/dev//ttyUSB0\""));
    expect!["line 42, column 11: bus network uses 127.0.0.1:01502 already. Put these devices on bus network and take this one out, or correct the line"].assert_eq(&second("tcp", "address = \"127.0.0.1:01502\""));
    expect!["line 42, column 11: bus network uses 127.0.0.1:1502 already. Put these devices on bus network and take this one out, or correct the line"].assert_eq(&second("rtu-over-tcp", "address = \"127.0.0.1:1502\""));
}

#[test]
fn two_of_a_name_or_address_are_refused() {
    let twice = format!(
        "{GOOD}\n[[device]]\nname = \"flat-1\"\nbus = \"cupboard\"\nunit = 11\nprofile = \"eastron-sdm120\"\nrole = \"consumption\"\naudience = \"everyone\"\nrated_power = 1\n"
    );
    let faults = Site::parse(&twice).expect_err("a bad site");
    let text: Vec<String> = faults.iter().map(ToString::to_string).collect();
    expect![[r#"
        line 40, column 8: there are two devices called "flat-1". Give each a name of its own
        line 42, column 8: flat-1 and flat-1 have the same address 11 on cupboard. Set one of them to another address"#]].assert_eq(&text.join("\n"));
}

#[test]
fn all_faults_are_told_at_once_in_the_order_of_the_file() {
    let bad = GOOD
        .replace("GBP", "gbp")
        .replace("19200", "7")
        .replace("unit = 11", "unit = 0");
    let faults = Site::parse(&bad).expect_err("a bad site");
    assert_eq!(
        faults.iter().map(|fault| fault.line).collect::<Vec<_>>(),
        [5, 18, 32]
    );
}

#[test]
fn what_is_unknown_missing_or_mistyped_hides_no_other_fault() {
    let bad = GOOD
        .replace("GBP", "gbp")
        .replace("baud = 19200", "boud = 19200")
        .replace("profile = \"sunspec-inverter\"\n", "")
        .replace("unit = 11", "unit = \"11\"")
        .replace("\"500 ms\"", "\"1 ms\"");
    let faults = Site::parse(&bad).expect_err("a bad site");
    let lines: Vec<usize> = faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [5, 18, 20, 31, 36], "{faults:#?}");
}

#[test]
fn every_broken_line_is_told_once() {
    let bad = GOOD
        .replace("unit = 1\n", "unit = = 1\n")
        .replace("\"GBP\"", "GBP")
        .replace("role = \"production\"", "role = \"production");
    let faults = Site::parse(&bad).expect_err("a bad site");
    let lines: Vec<usize> = faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [5, 24, 26], "{faults:#?}");
}

#[test]
fn power_that_is_added_up_is_read_once_a_minute_at_least() {
    let battery = "profile = \"sunspec-battery\"\nrole = \"battery\"\nfast = \"5 min\"";
    check(
        "profile = \"sunspec-inverter\"\nrole = \"production\"",
        battery,
        &expect![[r#"
            line 27, column 8: "5 min" is too seldom for a device without a counter: its energy is added up from its power. Write "10 s", and at most "60 s""#]],
    );
    for good in [
        battery.replace("5 min", "1 min"),
        battery.replace("sunspec-battery", "sunspec-meter"),
    ] {
        let text = GOOD.replacen("profile = \"sunspec-inverter\"\nrole = \"production\"", &good, 1);
        assert!(Site::parse(&text).is_ok(), "{good}");
    }
}

#[test]
fn renaming_keeps_comments_and_order() {
    let renamed = rename_device(GOOD, "roof", "South roof").expect("renamed");
    assert_eq!(renamed, GOOD.replace("\"Roof inverter\"", "\"South roof\""));
    let renamed = rename_place(GOOD, "The Hall").expect("renamed");
    assert_eq!(renamed, GOOD.replace("Easton Community Centre", "The Hall"));
}

#[test]
fn renaming_what_is_not_there_or_to_nothing_is_refused() {
    let error = rename_device(GOOD, "cellar", "Cellar").expect_err("not there");
    assert_eq!(
        error.to_string(),
        "there is no device called cellar in site.toml. `hearth devices` lists them"
    );
    assert!(rename_place(GOOD, "").is_err());
    assert!(rename_place("place = [", "The Hall").is_err());
}
