//! Checks a site as a whole: names, references, ranges, and that no two devices answer to one address.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use devices::profile::{self, Profile};
use energy::calendar::Zone;
use toml::Spanned;
use units::{Audience, DeviceName, HomeName, Quantity, Role, Span, Watts};

use super::bus;
use super::faults::Faults;
use super::raw::{self, RawDevice, RawPlace, RawSite};
use super::retention;
use super::signs;
use super::{BackupPlace, Place, Site, SiteBus, SiteDevice, SiteFault, Wire};

/// Where the plain door is unless the file says otherwise: on every address of IPv4 that the machine has.
const LISTEN: &str = "0.0.0.0:8080";
/// The port of the safe door unless the file says otherwise; its address is that of the plain one.
const SAFE_PORT: u16 = 8443;
/// The word for a door that is not to be opened.
const OFF: &str = "off";

/// The longest between two readings of a power that is added up to energy: one may be lost, and the next still counts.
const MOST_WITHOUT_COUNTER: Span = Span::MINUTE;

/// Turns the text into a site, or says everything that is wrong with it.
pub(super) fn check(text: &str) -> Result<Site, Vec<SiteFault>> {
    let mut faults = Faults::new(text);
    let raw = raw::read(text, &mut faults);
    let place = place(&mut faults, &raw.place);
    let listen = listen(&mut faults, raw.listen.as_ref());
    let listen_safe = listen.and_then(|listen| listen_safe(&mut faults, raw.listen_safe.as_ref(), listen));
    let commit_every = match &raw.commit_every {
        None => Some(Span::from_secs(10)),
        Some(text) => span(&mut faults, text, Span::SECOND, Span::from_secs(300)),
    };
    let keep = retention::rule(&mut faults, &raw.keep);
    let backups = backups(&mut faults, &raw);
    let buses = bus::buses(&mut faults, &raw.bus);
    let names = bus::names(&mut faults, &raw.bus);
    let devices: Vec<SiteDevice> = raw
        .device
        .iter()
        .filter_map(|device| self::device(&mut faults, device, &names, &buses))
        .collect();
    twice(&mut faults, &raw.device);
    match (place, listen, commit_every) {
        (Some(place), Some(listen), Some(commit_every)) if faults.none() => Ok(Site {
            place,
            listen,
            listen_safe,
            commit_every,
            keep,
            backups,
            buses,
            devices,
        }),
        _ => Err(faults.sorted()),
    }
}

fn place(faults: &mut Faults<'_>, raw: &RawPlace) -> Option<Place> {
    let name = raw.name.as_ref().and_then(|raw| {
        let what = "the place needs a name of 1 to 60 letters";
        called(faults, raw, what, "Write the name people know it by")
    });
    let zone = raw.time_zone.as_ref().and_then(|raw| {
        Zone::parse(raw.get_ref()).ok().or_else(|| {
            let what = format!("there is no time zone {:?}", raw.get_ref());
            faults.add(raw, what, "Write one such as \"Europe/London\"")
        })
    });
    let currency = raw.currency.as_ref().and_then(|raw| {
        let code = raw.get_ref();
        if code.len() == 3 && code.chars().all(|c| c.is_ascii_uppercase()) {
            return Some(code.clone());
        }
        let what = format!("{code:?} is no currency");
        faults.add(raw, what, "Write its three letters, such as \"GBP\"")
    });
    let latitude = degrees(faults, raw.latitude.as_ref(), 90.0);
    let longitude = degrees(faults, raw.longitude.as_ref(), 180.0);
    Some(Place {
        name: name?,
        zone: zone?,
        currency: currency?,
        latitude: latitude?,
        longitude: longitude?,
    })
}

/// A name for people, as it can be shown anywhere; `what` is said of one that is empty or long.
fn called(faults: &mut Faults<'_>, raw: &Spanned<String>, what: &str, remedy: &str) -> Option<String> {
    let name = raw.get_ref().trim();
    if let Some(sign) = signs::unfit(name) {
        let what = format!(
            "the name holds a sign that cannot be shown, U+{:04X}",
            u32::from(sign)
        );
        return faults.add(raw, what, "Take it out");
    }
    if (1..=60).contains(&name.chars().count()) {
        return Some(name.to_owned());
    }
    faults.add(raw, what, remedy)
}

/// Degrees as thousandths, within plus and minus `most`.
fn degrees(faults: &mut Faults<'_>, raw: Option<&Spanned<f64>>, most: f64) -> Option<i32> {
    let raw = raw?;
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

/// Where backups go. What is wrong with a place is noted, and the place left out.
fn backups(faults: &mut Faults<'_>, raw: &RawSite) -> Vec<BackupPlace> {
    let mut path = |text: &Spanned<String>| {
        let path = PathBuf::from(text.get_ref());
        if path.is_absolute() {
            return Some(path);
        }
        let what = format!("{:?} does not begin at the root of the system", text.get_ref());
        faults.add(text, what, "Write the whole path, such as \"/media/backup\"")
    };
    let folder = raw.backup_folder.as_ref().and_then(&mut path);
    let stick = raw.backup_stick.as_ref().and_then(&mut path);
    let (folder, stick) = (folder.map(BackupPlace::Folder), stick.map(BackupPlace::Stick));
    folder.into_iter().chain(stick).collect()
}

/// Where the plain door is.
fn listen(faults: &mut Faults<'_>, raw: Option<&Spanned<String>>) -> Option<SocketAddr> {
    match raw {
        None => LISTEN.parse().ok(),
        Some(raw) => socket(faults, raw, LISTEN),
    }
}

/// Where the safe door is; nowhere if it is switched off.
fn listen_safe(
    faults: &mut Faults<'_>,
    raw: Option<&Spanned<String>>,
    listen: SocketAddr,
) -> Option<SocketAddr> {
    let usual = SocketAddr::new(listen.ip(), SAFE_PORT);
    let Some(raw) = raw else { return Some(usual) };
    if raw.get_ref() == OFF {
        return None;
    }
    let address = socket(faults, raw, &usual.to_string())?;
    if address == listen {
        let what = format!("the plain door is at {address} already");
        return faults.add(
            raw,
            what,
            format!("Write another port, such as \"{usual}\", or \"{OFF}\""),
        );
    }
    Some(address)
}

/// An address to listen on.
fn socket(faults: &mut Faults<'_>, raw: &Spanned<String>, instead: &str) -> Option<SocketAddr> {
    raw.get_ref().parse().ok().or_else(|| {
        let what = format!("{:?} is no address", raw.get_ref());
        faults.add(raw, what, format!("Write {instead:?}"))
    })
}

/// A span such as `"500 ms"`, `"2 s"`, `"5 min"`.
pub(super) fn span(faults: &mut Faults<'_>, raw: &Spanned<String>, least: Span, most: Span) -> Option<Span> {
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

/// A name of a bus or a device.
pub(super) fn name(faults: &mut Faults<'_>, raw: Option<&Spanned<String>>) -> Option<DeviceName> {
    let raw = raw?;
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
pub(super) fn one_of<T: Copy>(
    faults: &mut Faults<'_>,
    raw: &Spanned<String>,
    choices: &[(&str, T)],
) -> Option<T> {
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

fn device(
    faults: &mut Faults<'_>,
    raw: &RawDevice,
    buses: &[String],
    good: &[SiteBus],
) -> Option<SiteDevice> {
    let name = name(faults, raw.name.as_ref());
    let bus = bus_of(faults, raw.bus.as_ref(), buses);
    let unit = unit(faults, raw, good);
    let profile = raw.profile.as_ref().and_then(|raw| {
        profile::find(raw.get_ref()).or_else(|| {
            let what = format!("there is no profile {:?}", raw.get_ref());
            faults.add(raw, what, "`hearth profiles` lists those there are")
        })
    });
    let reversed = reversed(faults, raw.reversed.as_ref(), profile.as_deref());
    let roles: Vec<(&str, Role)> = Role::all().map(|role| (role.name(), role)).collect();
    let role = raw.role.as_ref().and_then(|raw| one_of(faults, raw, &roles));
    let audience = audience(faults, raw);
    let every = |faults: &mut Faults<'_>, text: &Option<Spanned<String>>, usual| match text {
        None => Some(usual),
        Some(text) => span(faults, text, Span::from_millis(200), Span::HOUR),
    };
    let fast = every(faults, &raw.fast, Span::from_secs(2));
    let fast = match (&raw.fast, role, &profile) {
        (Some(text), Some(role), Some(profile)) => often_enough(faults, (text, fast?), role, profile),
        _ => fast,
    };
    let slow = every(faults, &raw.slow, Span::from_secs(60));
    let rated = raw.rated_power.as_ref().and_then(|raw| match *raw.get_ref() {
        watts @ 1..=100_000_000 => Some(Watts(watts)),
        watts => {
            let what = format!("{watts} W cannot be on a nameplate");
            faults.add(raw, what, "Write its watts, such as 12000")
        }
    });
    let label = match &raw.label {
        None => raw.name.as_ref().map(|name| name.get_ref().clone()),
        Some(label) => {
            let what = "a label has 1 to 60 letters";
            called(faults, label, what, "Write what people call the device")
        }
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
        reversed: reversed?,
        counted: raw.counted.as_ref().is_none_or(|counted| *counted.get_ref()),
    })
}

/// The bus that a device is on.
fn bus_of(faults: &mut Faults<'_>, raw: Option<&Spanned<String>>, buses: &[String]) -> Option<DeviceName> {
    let raw = raw?;
    if buses.contains(raw.get_ref()) {
        return DeviceName::parse(raw.get_ref()).ok();
    }
    let what = format!("there is no bus called {:?}", raw.get_ref());
    let there: Vec<&str> = buses
        .iter()
        .map(String::as_str)
        .filter(|bus| DeviceName::parse(bus).is_ok())
        .collect();
    let remedy = match there.as_slice() {
        [] => "Add a [[bus]] with this name".to_owned(),
        there => format!("Write one of: {}", there.join(", ")),
    };
    faults.add(raw, what, remedy)
}

/// A device's address on its bus; over TCP there are a few more of them.
fn unit(faults: &mut Faults<'_>, raw: &RawDevice, good: &[SiteBus]) -> Option<u8> {
    let on_tcp = raw.bus.as_ref().is_some_and(|name| {
        good.iter()
            .any(|bus| bus.name.as_str() == name.get_ref() && matches!(bus.wire, Wire::Tcp(_)))
    });
    let highest = if on_tcp { 255 } else { 247 };
    let raw = raw.unit.as_ref()?;
    let unit = u8::try_from(*raw.get_ref())
        .ok()
        .filter(|unit| *unit <= highest && (*unit > 0 || on_tcp));
    unit.or_else(|| {
        let what = format!("{} cannot be a device's address", raw.get_ref());
        faults.add(raw, what, format!("Write a number from 1 to {highest}"))
    })
}

/// Whether a device is wired the other way round. One whose counters have no counterpart could only turn its power,
/// and would then show one direction and count the other.
fn reversed(faults: &mut Faults<'_>, raw: Option<&Spanned<bool>>, profile: Option<&Profile>) -> Option<bool> {
    let Some(raw) = raw.filter(|raw| *raw.get_ref()) else {
        return Some(false);
    };
    let counts = |quantity| matches!(quantity, Quantity::EnergyForward | Quantity::EnergyReverse);
    let stuck = profile.is_some_and(|profile| {
        let points = profile
            .points
            .iter()
            .map(|point| (point.quantity, &point.opposite));
        let wanted = profile
            .wanted
            .iter()
            .map(|wanted| (wanted.quantity, &wanted.opposite));
        let mut counters = points.chain(wanted).filter(|(quantity, _)| counts(*quantity));
        counters.any(|(_, opposite)| opposite.is_none())
    });
    if !stuck {
        return Some(true);
    }
    faults.add(
        raw,
        "this kind of device counts in one direction only, so its power could be turned and its energy not",
        "Take the line out, and have its wires changed over",
    )
}

/// Refuses to add up power that is read too seldom: between far readings nobody knows what flowed, and nothing would
/// be booked.
fn often_enough(
    faults: &mut Faults<'_>,
    (text, fast): (&Spanned<String>, Span),
    role: Role,
    profile: &Profile,
) -> Option<Span> {
    let found = profile.points.iter().map(|point| point.quantity);
    let quantities: Vec<Quantity> = found
        .chain(profile.wanted.iter().map(|wanted| wanted.quantity))
        .collect();
    let counts = |flow| {
        let mut counters = [Quantity::EnergyForward, Quantity::EnergyReverse].into_iter();
        counters.any(|counter| role.flow(counter) == Some(flow) && quantities.contains(&counter))
    };
    if fast <= MOST_WITHOUT_COUNTER || role.flows().iter().all(|flow| counts(*flow)) {
        return Some(fast);
    }
    let what = format!(
        "{:?} is too seldom for a device without a counter: its energy is added up from its power",
        text.get_ref()
    );
    faults.add(text, what, "Write \"10 s\", and at most \"60 s\"")
}

/// Who may see a device's values. One forgotten line must not show a home to everybody, so a meter of
/// consumption has to say it.
fn audience(faults: &mut Faults<'_>, raw: &RawDevice) -> Option<Audience> {
    let Some(raw) = &raw.audience else {
        let Some(role) = &raw.role else { return None };
        if role.get_ref() != Role::Consumption.name() {
            return Some(Audience::Everyone);
        }
        let name = raw.name.as_ref().map_or("it", |name| name.get_ref().as_str());
        return faults.add(
            role,
            format!("nothing says who may see what {name} measures, and it may be a home"),
            "Add audience = \"household:NAME\" with the home's name, or audience = \"everyone\" where it is no home",
        );
    };
    let household = raw
        .get_ref()
        .strip_prefix("household:")
        .map(|word| HomeName::parse(word.trim()));
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
fn twice(faults: &mut Faults<'_>, raw: &[RawDevice]) {
    let mut names: BTreeMap<&str, ()> = BTreeMap::new();
    let mut places: BTreeMap<(&str, i64), &str> = BTreeMap::new();
    for device in raw {
        let Some(name) = &device.name else { continue };
        if names.insert(name.get_ref(), ()).is_some() {
            let what = format!("there are two devices called {:?}", name.get_ref());
            let _: Option<()> = faults.add(name, what, "Give each a name of its own");
        }
        let (Some(bus), Some(unit)) = (&device.bus, &device.unit) else {
            continue;
        };
        let (bus, address) = (bus.get_ref(), *unit.get_ref());
        if let Some(other) = places.insert((bus, address), name.get_ref()) {
            let name = name.get_ref();
            let what = format!("{other} and {name} have the same address {address} on {bus}");
            let _: Option<()> = faults.add(unit, what, "Set one of them to another address");
        }
    }
}
