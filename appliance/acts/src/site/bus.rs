//! Checks the buses of a site: how each is reached, and that no two are one and the same wire.

use std::collections::BTreeMap;

use toml::Spanned;
use units::Span;

use super::check::{name, one_of, span};
use super::faults::Faults;
use super::raw::RawBus;
use super::{Parity, Rs485, SerialWire, SiteBus, Wire};

/// Line speeds that serial ports offer.
const BAUDS: [u32; 9] = [
    1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200, 230_400,
];

#[derive(Clone, Copy)]
enum Kind {
    Serial,
    Tcp,
    RtuOverTcp,
}

/// All good buses of the file.
pub(super) fn buses(faults: &mut Faults<'_>, raw: &[RawBus]) -> Vec<SiteBus> {
    let mut places = BTreeMap::new();
    let mut good = Vec::new();
    for bus in raw {
        let (name, wire) = (name(faults, bus.name.as_ref()), wire(faults, bus));
        if let Some(wire) = &wire {
            alone(faults, bus, wire, &mut places);
        }
        good.extend(name.zip(wire).map(|(name, wire)| SiteBus { name, wire }));
    }
    good
}

/// The names of all buses, right or wrong, so that a device on a faulty bus is not blamed as well.
pub(super) fn names(faults: &mut Faults<'_>, raw: &[RawBus]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in raw.iter().filter_map(|bus| bus.name.as_ref()) {
        if names.contains(name.get_ref()) {
            let what = format!("there are two buses called {:?}", name.get_ref());
            let _: Option<()> = faults.add(name, what, "Give each a name of its own");
            continue;
        }
        names.push(name.get_ref().clone());
    }
    names
}

/// Two buses on one wire would ask at once; and what one of them keeps for a household could be read by way of the
/// other.
fn alone<'a>(
    faults: &mut Faults<'_>,
    raw: &'a RawBus,
    wire: &Wire,
    places: &mut BTreeMap<String, Option<&'a Spanned<String>>>,
) {
    let Some(at) = raw.port.as_ref().or(raw.address.as_ref()) else {
        return;
    };
    if let Some(other) = places.insert(wire.place(), raw.name.as_ref()) {
        let other = other.map_or("another", |name| name.get_ref().as_str());
        let _: Option<()> = faults.add(
            at,
            format!("bus {other} uses {} already", at.get_ref()),
            format!("Put these devices on bus {other} and take this one out, or correct the line"),
        );
    }
}

fn wire(faults: &mut Faults<'_>, raw: &RawBus) -> Option<Wire> {
    let kinds = [
        ("serial", Kind::Serial),
        ("tcp", Kind::Tcp),
        ("rtu-over-tcp", Kind::RtuOverTcp),
    ];
    let kind = raw.kind.as_ref()?;
    match one_of(faults, kind, &kinds)? {
        Kind::Serial => serial(faults, raw, kind).map(Wire::Serial),
        Kind::Tcp => address(faults, raw, kind).map(Wire::Tcp),
        Kind::RtuOverTcp => address(faults, raw, kind).map(Wire::RtuOverTcp),
    }
}

/// A word that means nothing on this kind of bus is a mistake: who wrote it counts on it.
fn stranger<T>(faults: &mut Faults<'_>, key: &str, value: Option<&Spanned<T>>) {
    if let Some(at) = value {
        let _: Option<()> = faults.add(
            at,
            format!("a bus over TCP has no {key}; the serial server or the gateway has its own"),
            "Take the line out, or write kind = \"serial\"",
        );
    }
}

fn address(faults: &mut Faults<'_>, raw: &RawBus, kind: &Spanned<String>) -> Option<String> {
    if let Some(port) = &raw.port {
        return faults.add(
            port,
            "a bus over TCP has no serial port",
            "Take the line out, or write kind = \"serial\"",
        );
    }
    stranger(faults, "baud", raw.baud.as_ref());
    stranger(faults, "parity", raw.parity.as_ref());
    stranger(faults, "stop_bits", raw.stop_bits.as_ref());
    stranger(faults, "direction", raw.direction.as_ref());
    stranger(faults, "silence", raw.silence.as_ref());
    let Some(address) = &raw.address else {
        let remedy = "Add address = \"192.168.1.20:502\"";
        return faults.add(kind, "this bus has no address", remedy);
    };
    match super::address::check(address.get_ref()) {
        Ok(()) => Some(address.get_ref().clone()),
        Err(wrong) => faults.add(address, wrong.what, wrong.remedy),
    }
}

fn serial(faults: &mut Faults<'_>, raw: &RawBus, kind: &Spanned<String>) -> Option<SerialWire> {
    if let Some(address) = &raw.address {
        let remedy = "Take the line out, or write kind = \"tcp\"";
        return faults.add(address, "a serial bus has no address", remedy);
    }
    let port = match &raw.port {
        Some(port) if port.get_ref().starts_with('/') => Some(port.get_ref().clone()),
        Some(port) => faults.add(
            port,
            format!("{:?} is no port", port.get_ref()),
            "Write it as \"/dev/ttyUSB0\"",
        ),
        None => faults.add(kind, "this serial bus has no port", "Add port = \"/dev/ttyUSB0\""),
    };
    let baud = baud(faults, raw.baud.as_ref());
    let parities = [
        ("none", Parity::None),
        ("even", Parity::Even),
        ("odd", Parity::Odd),
    ];
    let parity = raw
        .parity
        .as_ref()
        .map_or(Some(Parity::None), |word| one_of(faults, word, &parities));
    let stop_bits = match raw.stop_bits.as_ref().map(|bits| (bits, *bits.get_ref())) {
        None | Some((_, 1)) => Some(1),
        Some((_, 2)) => Some(2),
        Some((at, bits)) => faults.add(at, format!("{bits} stop bits do not exist"), "Write 1 or 2"),
    };
    let directions = [("adapter", Rs485::Adapter), ("kernel", Rs485::Kernel)];
    let direction = raw
        .direction
        .as_ref()
        .map_or(Some(Rs485::Adapter), |word| one_of(faults, word, &directions));
    let silence = match &raw.silence {
        None => None,
        Some(text) => Some(span(faults, text, Span::from_millis(2), Span::SECOND)?),
    };
    Some(SerialWire {
        port: port?,
        baud: baud?,
        parity: parity?,
        stop_bits: stop_bits?,
        direction: direction?,
        silence,
    })
}

fn baud(faults: &mut Faults<'_>, raw: Option<&Spanned<i64>>) -> Option<u32> {
    let Some(raw) = raw else {
        return Some(9_600);
    };
    let known = BAUDS
        .into_iter()
        .find(|known| i64::from(*known) == *raw.get_ref());
    known.or_else(|| {
        let what = format!("no port runs at {} baud", raw.get_ref());
        faults.add(raw, what, "Write 9600, 19200, 38400 or 115200")
    })
}
