//! Checks a site as a whole: names, references, ranges, and that no two devices answer to one address.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use devices::profile;
use energy::calendar::Zone;
use toml::Spanned;
use units::{Audience, DeviceName, HouseholdId, Role, Span, Watts};

use super::raw::{RawBus, RawDevice, RawPlace, RawSite, place_of};
use super::{Parity, Place, Rs485, SerialWire, Site, SiteBus, SiteDevice, SiteFault, Wire};

/// Where the page listens unless the file says otherwise.
const LISTEN: &str = "127.0.0.1:8080";
/// Line speeds that serial ports offer.
const BAUDS: [u32; 9] = [
    1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200, 230_400,
];

/// Gathers faults while everything is looked at.
struct Faults<'a> {
    text: &'a str,
    found: Vec<SiteFault>,
}

impl Faults<'_> {
    /// Notes a fault at `at`, and gives `None` so that a caller can pass it on.
    fn add<T, V>(
        &mut self,
        at: &Spanned<V>,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Option<T> {
        let (line, column) = place_of(self.text, at.span().start);
        self.found.push(SiteFault {
            line,
            column,
            what: what.into(),
            remedy: remedy.into(),
        });
        None
    }
}

/// Turns the file's shape into a site, or says everything that is wrong with it.
pub(super) fn check(text: &str, raw: &RawSite) -> Result<Site, Vec<SiteFault>> {
    let mut faults = Faults {
        text,
        found: Vec::new(),
    };
    let place = place(&mut faults, &raw.place);
    let listen = listen(&mut faults, raw.page.listen.as_ref());
    let commit_every = match &raw.store.commit_every {
        None => Some(Span::from_secs(10)),
        Some(text) => span(&mut faults, text, Span::SECOND, Span::from_secs(300)),
    };
    let buses: Vec<SiteBus> = raw
        .bus
        .iter()
        .filter_map(|bus| self::bus(&mut faults, bus.get_ref()))
        .collect();
    let names = bus_names(&mut faults, &raw.bus);
    let devices: Vec<SiteDevice> = raw
        .device
        .iter()
        .filter_map(|device| self::device(&mut faults, device.get_ref(), &names, &buses))
        .collect();
    twice(&mut faults, &raw.device);
    faults.found.sort_by_key(|fault| (fault.line, fault.column));
    match (place, listen, commit_every) {
        (Some(place), Some(listen), Some(commit_every)) if faults.found.is_empty() => Ok(Site {
            place,
            listen,
            commit_every,
            buses,
            devices,
        }),
        _ => Err(faults.found),
    }
}

fn place(faults: &mut Faults<'_>, raw: &RawPlace) -> Option<Place> {
    let name = raw.name.get_ref().trim();
    let name = if name.is_empty() || name.chars().count() > 60 {
        faults.add(
            &raw.name,
            "the place needs a name of 1 to 60 letters",
            "Write the name people know it by",
        )
    } else {
        Some(name.to_owned())
    };
    let zone = Zone::parse(raw.time_zone.get_ref()).ok().or_else(|| {
        let what = format!("there is no time zone {:?}", raw.time_zone.get_ref());
        faults.add(&raw.time_zone, what, "Write one such as \"Europe/London\"")
    });
    let code = raw.currency.get_ref();
    let currency = if code.len() == 3 && code.chars().all(|c| c.is_ascii_uppercase()) {
        Some(code.clone())
    } else {
        faults.add(
            &raw.currency,
            format!("{code:?} is no currency"),
            "Write its three letters, such as \"GBP\"",
        )
    };
    let latitude = degrees(faults, &raw.latitude, 90.0);
    let longitude = degrees(faults, &raw.longitude, 180.0);
    Some(Place {
        name: name?,
        zone: zone?,
        currency: currency?,
        latitude: latitude?,
        longitude: longitude?,
    })
}

/// Degrees as thousandths, within plus and minus `most`.
fn degrees(faults: &mut Faults<'_>, raw: &Spanned<f64>, most: f64) -> Option<i32> {
    let value = *raw.get_ref();
    let thousandths = format!("{:.0}", value * 1_000.0).parse().ok();
    if value.abs() <= most && thousandths.is_some() {
        return thousandths;
    }
    faults.add(
        raw,
        format!("{value} is outside of -{most} to {most} degrees"),
        "Write degrees with a point: 51.46",
    )
}

/// The page's address; only the box itself, because there is no sign-in yet.
fn listen(faults: &mut Faults<'_>, raw: Option<&Spanned<String>>) -> Option<SocketAddr> {
    let Some(raw) = raw else {
        return LISTEN.parse().ok();
    };
    match raw.get_ref().parse::<SocketAddr>() {
        Ok(address) if address.ip().is_loopback() => Some(address),
        Ok(address) => faults.add(
            raw,
            format!("{address} can be reached from outside of the box, and there is no sign-in yet"),
            format!("Write \"127.0.0.1:{}\"", address.port()),
        ),
        Err(_) => faults.add(
            raw,
            format!("{:?} is no address", raw.get_ref()),
            format!("Write {LISTEN:?}"),
        ),
    }
}

/// A span such as `"500 ms"`, `"2 s"`, `"5 min"`.
fn span(faults: &mut Faults<'_>, raw: &Spanned<String>, least: Span, most: Span) -> Option<Span> {
    let text = raw.get_ref().trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let unit = match text[digits..].trim() {
        "ms" => Some(1),
        "s" => Some(1_000),
        "min" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    let parsed = unit
        .zip(text[..digits].parse::<i64>().ok())
        .map(|(unit, n)| Span::from_millis(unit).times(n));
    match parsed {
        None => faults.add(
            raw,
            format!("{text:?} is no length of time"),
            "Write one such as \"2 s\" or \"500 ms\"",
        ),
        Some(span) if span < least || span > most => faults.add(
            raw,
            format!("{text:?} is out of range"),
            format!("Write something from {} to {}", show(least), show(most)),
        ),
        fine => fine,
    }
}

fn show(span: Span) -> String {
    match span.as_millis() {
        ms if ms % 60_000 == 0 && ms > 0 => format!("\"{} min\"", ms / 60_000),
        ms if ms % 1_000 == 0 => format!("\"{} s\"", ms / 1_000),
        ms => format!("\"{ms} ms\""),
    }
}

fn name(faults: &mut Faults<'_>, raw: &Spanned<String>) -> Option<DeviceName> {
    match DeviceName::parse(raw.get_ref()) {
        Ok(name) => Some(name),
        Err(why) => faults.add(
            raw,
            format!("{:?} cannot be a name: {why}", raw.get_ref()),
            "Choose another name",
        ),
    }
}

/// One of a few words; the choices are listed when it is none of them.
fn one_of<T: Copy>(faults: &mut Faults<'_>, raw: &Spanned<String>, choices: &[(&str, T)]) -> Option<T> {
    if let Some((_, choice)) = choices.iter().find(|(word, _)| word == raw.get_ref()) {
        return Some(*choice);
    }
    let words: Vec<String> = choices.iter().map(|(word, _)| format!("{word:?}")).collect();
    faults.add(
        raw,
        format!("{:?} is not known here", raw.get_ref()),
        format!("Write {}", words.join(" or ")),
    )
}

#[derive(Clone, Copy)]
enum Kind {
    Serial,
    Tcp,
    RtuOverTcp,
}

fn bus(faults: &mut Faults<'_>, raw: &RawBus) -> Option<SiteBus> {
    let name = name(faults, &raw.name);
    let kinds = [
        ("serial", Kind::Serial),
        ("tcp", Kind::Tcp),
        ("rtu-over-tcp", Kind::RtuOverTcp),
    ];
    let wire = match one_of(faults, &raw.kind, &kinds)? {
        Kind::Serial => serial(faults, raw).map(Wire::Serial),
        Kind::Tcp => address(faults, raw).map(Wire::Tcp),
        Kind::RtuOverTcp => address(faults, raw).map(Wire::RtuOverTcp),
    };
    Some(SiteBus {
        name: name?,
        wire: wire?,
    })
}

fn address(faults: &mut Faults<'_>, raw: &RawBus) -> Option<String> {
    if let Some(port) = &raw.port {
        return faults.add(
            port,
            "a bus over TCP has no serial port",
            "Take the line out, or write kind = \"serial\"",
        );
    }
    let Some(address) = &raw.address else {
        return faults.add(
            &raw.kind,
            "this bus has no address",
            "Add address = \"192.168.1.20:502\"",
        );
    };
    let port = address
        .get_ref()
        .rsplit_once(':')
        .filter(|(host, _)| !host.is_empty());
    match port.and_then(|(_, port)| port.parse::<u16>().ok()) {
        Some(_) => Some(address.get_ref().clone()),
        None => faults.add(
            address,
            format!("{:?} has no port", address.get_ref()),
            format!("Write \"{}:502\"", address.get_ref()),
        ),
    }
}

fn serial(faults: &mut Faults<'_>, raw: &RawBus) -> Option<SerialWire> {
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
        None => faults.add(
            &raw.kind,
            "this serial bus has no port",
            "Add port = \"/dev/ttyUSB0\"",
        ),
    };
    let baud = match &raw.baud {
        None => Some(9_600),
        Some(baud) => BAUDS
            .into_iter()
            .find(|known| i64::from(*known) == *baud.get_ref())
            .or_else(|| {
                faults.add(
                    baud,
                    format!("no port runs at {} baud", baud.get_ref()),
                    "Write 9600, 19200, 38400 or 115200",
                )
            }),
    };
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

/// The names of all buses, right or wrong, so that a device on a faulty bus is not blamed as well.
fn bus_names(faults: &mut Faults<'_>, raw: &[Spanned<RawBus>]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for bus in raw {
        let name = &bus.get_ref().name;
        if names.contains(name.get_ref()) {
            let what = format!("there are two buses called {:?}", name.get_ref());
            let _: Option<()> = faults.add(name, what, "Give each a name of its own");
        }
        names.push(name.get_ref().clone());
    }
    names
}

fn device(
    faults: &mut Faults<'_>,
    raw: &RawDevice,
    buses: &[String],
    good: &[SiteBus],
) -> Option<SiteDevice> {
    let name = name(faults, &raw.name);
    let on_tcp = good
        .iter()
        .any(|bus| bus.name.as_str() == raw.bus.get_ref() && matches!(bus.wire, Wire::Tcp(_)));
    let bus = if buses.contains(raw.bus.get_ref()) {
        DeviceName::parse(raw.bus.get_ref()).ok()
    } else {
        let what = format!("there is no bus called {:?}", raw.bus.get_ref());
        faults.add(&raw.bus, what, format!("Write one of: {}", buses.join(", ")))
    };
    let highest = if on_tcp { 255 } else { 247 };
    let unit = u8::try_from(*raw.unit.get_ref())
        .ok()
        .filter(|unit| *unit <= highest && (*unit > 0 || on_tcp));
    let unit = unit.or_else(|| {
        let what = format!("{} cannot be a device's address", raw.unit.get_ref());
        faults.add(&raw.unit, what, format!("Write a number from 1 to {highest}"))
    });
    let profile = profile::find(raw.profile.get_ref()).or_else(|| {
        let what = format!("there is no profile {:?}", raw.profile.get_ref());
        faults.add(&raw.profile, what, "`hearth profiles` lists those there are")
    });
    let roles: Vec<(&str, Role)> = Role::all().map(|role| (role.name(), role)).collect();
    let role = one_of(faults, &raw.role, &roles);
    let audience = audience(faults, raw);
    let every = |faults: &mut Faults<'_>, text: &Option<Spanned<String>>, usual| match text {
        None => Some(usual),
        Some(text) => span(faults, text, Span::from_millis(200), Span::HOUR),
    };
    let fast = every(faults, &raw.fast, Span::from_secs(2));
    let slow = every(faults, &raw.slow, Span::from_secs(60));
    let rated = *raw.rated_power.get_ref();
    let rated = if (1..=100_000_000).contains(&rated) {
        Some(Watts(rated))
    } else {
        faults.add(
            &raw.rated_power,
            format!("{rated} W cannot be on a nameplate"),
            "Write its watts, such as 12000",
        )
    };
    let label = match &raw.label {
        None => Some(raw.name.get_ref().clone()),
        Some(label) if (1..=60).contains(&label.get_ref().trim().chars().count()) => {
            Some(label.get_ref().clone())
        }
        Some(label) => faults.add(
            label,
            "a label has 1 to 60 letters",
            "Write what people call the device",
        ),
    };
    Some(SiteDevice {
        name: name?,
        label: label?,
        bus: bus?,
        unit: unit?,
        profile: profile?,
        role: role?,
        audience: audience?,
        fast: fast?,
        slow: slow?,
        rated: rated?,
        reversed: raw.reversed,
        counted: raw.counted.unwrap_or(true),
    })
}

/// Who may see a device's values. One forgotten line must not show a home to everybody, so a meter of
/// consumption has to say it.
fn audience(faults: &mut Faults<'_>, raw: &RawDevice) -> Option<Audience> {
    let Some(raw) = &raw.audience else {
        if raw.role.get_ref() != Role::Consumption.name() {
            return Some(Audience::Everyone);
        }
        let name = raw.name.get_ref();
        return faults.add(
            &raw.role,
            format!("nothing says who may see what {name} measures, and it may be a home"),
            format!("Add audience = \"household:{name}\", or audience = \"everyone\" where it is nobody's home"),
        );
    };
    let household = raw
        .get_ref()
        .strip_prefix("household:")
        .map(|word| HouseholdId::parse(word.trim()));
    match (raw.get_ref().as_str(), household) {
        ("everyone", _) => Some(Audience::Everyone),
        ("stewards", _) => Some(Audience::Stewards),
        (_, Some(Ok(household))) => Some(Audience::Household(household)),
        (text, _) => faults.add(
            raw,
            format!("{text:?} is no audience"),
            "Write \"everyone\", \"stewards\" or \"household:flat-1\"",
        ),
    }
}

/// Two devices of one name, or of one address on one bus.
fn twice(faults: &mut Faults<'_>, raw: &[Spanned<RawDevice>]) {
    let mut names: BTreeMap<&str, ()> = BTreeMap::new();
    let mut places: BTreeMap<(&str, i64), &str> = BTreeMap::new();
    for device in raw {
        let device = device.get_ref();
        let (name, bus, unit) = (
            device.name.get_ref(),
            device.bus.get_ref(),
            *device.unit.get_ref(),
        );
        if names.insert(name, ()).is_some() {
            let what = format!("there are two devices called {name:?}");
            let _: Option<()> = faults.add(&device.name, what, "Give each a name of its own");
        }
        if let Some(other) = places.insert((bus, unit), name) {
            let what = format!("{other} and {name} have the same address {unit} on {bus}");
            let _: Option<()> = faults.add(&device.unit, what, "Set one of them to another address");
        }
    }
}
