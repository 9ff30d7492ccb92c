//! Audiences, for drawn sites and whatever is true now: what is kept from somebody stands in no view of theirs, and what
//! they may see does.

use acts::live::{DeviceLive, DeviceState, Live, PointLive};
use acts::look::{Look, LookError};
use acts::{Actor, Acts};
use energy::calendar::{Kind, Period};
use energy::{Interval, Quality, Unknown};
use proptest::prelude::*;
use store::Batch;
use units::{
    Channel, DeviceName, Flow, Instant, NoValue, Number, Quantity, Reading, Role, Span, Unit, WattHours,
};

use crate::scene::{HEAD, Scene, nothing_yet};

const NOW: Instant = Instant::from_millis(1_781_604_000_000);
const ACTORS: [Actor; 4] = [
    Actor::Visitor,
    Actor::Technician { uid: 0 },
    Actor::Technician { uid: 1000 },
    Actor::TheBox,
];
const STATES: [DeviceState; 5] = [
    DeviceState::Waiting,
    DeviceState::Healthy,
    DeviceState::Degraded,
    DeviceState::Asleep,
    DeviceState::Gone,
];

/// For whom a device's values are, in the words of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum For {
    Everyone,
    Stewards,
    Household(u8),
}

/// One device as it is drawn.
#[derive(Debug, Clone, Copy)]
struct Drawn {
    audience: For,
    role: Role,
    state: usize,
    /// Whether its last readings have values.
    answers: bool,
    /// Whether the program has published anything of it.
    live: bool,
}

impl Drawn {
    /// The rule as the brief of the house has it, written down once more.
    fn is_for(self, actor: &Actor) -> bool {
        match self.audience {
            For::Everyone => true,
            For::Stewards => *actor != Actor::Visitor,
            For::Household(_) => *actor == Actor::TheBox,
        }
    }

    fn words(self, place: usize) -> String {
        let audience = match self.audience {
            For::Everyone => "everyone".to_owned(),
            For::Stewards => "stewards".to_owned(),
            For::Household(number) => format!("household:flat-{number}"),
        };
        format!(
            "[[device]]\nname = \"d{place}\"\nbus = \"cupboard\"\nunit = {}\nprofile = \"eastron-sdm630\"\n\
             role = \"{}\"\naudience = \"{audience}\"\nrated_power = 10000\n",
            place + 1,
            self.role.name(),
        )
    }
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let audience = prop_oneof![
        Just(For::Everyone),
        Just(For::Stewards),
        (1_u8..3).prop_map(For::Household),
    ];
    let role = proptest::sample::select(Role::all().collect::<Vec<_>>());
    (
        audience,
        role,
        0..STATES.len(),
        any::<bool>(),
        proptest::bool::weighted(0.9),
    )
        .prop_map(|(audience, role, state, answers, live)| Drawn {
            audience,
            role,
            state,
            answers,
            live,
        })
}

const QUANTITIES: [(Quantity, Unit, &str); 4] = [
    (Quantity::Power, Unit::Watts, "power"),
    (Quantity::Voltage, Unit::Decivolts, "voltage"),
    (Quantity::EnergyForward, Unit::WattHours, "energy"),
    (Quantity::Charge, Unit::Permille, "charge"),
];

/// A number that stands for one value of one device, and that nothing else here can be or hold.
fn secret(device: usize, kind: usize) -> i64 {
    let place = i64::try_from(device * 10 + kind).expect("few");
    9_370_000 + place * 1_000 + 913
}

/// Words of an answer that are nowhere else either.
fn raw(device: usize, kind: usize) -> u16 {
    u16::try_from(0xE000 + device * 0x100 + kind).expect("few")
}

fn channel(device: usize, kind: usize) -> Channel {
    Channel::parse(&format!("d{device}/{}", QUANTITIES[kind].2)).expect("a good name")
}

fn point(device: usize, kind: usize, answers: bool) -> PointLive {
    let (quantity, unit, _) = QUANTITIES[kind];
    let channel = channel(device, kind);
    let outcome = if answers {
        Ok(Number::exact(secret(device, kind)))
    } else {
        Err(NoValue::NoAnswer)
    };
    PointLive {
        channel: channel.clone(),
        quantity,
        unit,
        reading: Some(Reading {
            channel,
            at: NOW,
            outcome,
        }),
        registers: "input 0x000c, 2 words".into(),
        raw: vec![raw(device, kind), 1],
        meaning: "float32".into(),
        source: "mbmd".into(),
    }
}

fn live_device(place: usize, drawn: Drawn) -> DeviceLive {
    DeviceLive {
        name: DeviceName::parse(&format!("d{place}")).expect("a good name"),
        state: STATES[drawn.state],
        last_answer: Some(NOW),
        asked: 2,
        answered: 1,
        last_error: Some((NOW, "no answer came".to_owned())),
        latency: None,
        patience: Span::ZERO,
        identity: Vec::new(),
        points: (0..QUANTITIES.len())
            .map(|kind| point(place, kind, drawn.answers))
            .collect(),
        trouble: None,
        notes: vec![format!("the counter stood at {}", secret(place, 2))],
    }
}

/// The first of the list is in the live state and in the store, and not in `site.toml` any more.
fn scene(devices: &[Drawn], silent: &[Role]) -> Scene {
    let site: String = devices
        .iter()
        .enumerate()
        .skip(1)
        .map(|(place, drawn)| drawn.words(place))
        .collect();
    let known = devices.iter().enumerate().filter(|(_, drawn)| drawn.live);
    let live = Live {
        power: Err(silent
            .iter()
            .map(|role| Unknown {
                role: *role,
                since: None,
            })
            .collect()),
        devices: known.map(|(place, drawn)| live_device(place, *drawn)).collect(),
        ..nothing_yet(NOW)
    };
    let scene = Scene::new(&format!("{HEAD}{site}"), live, None);
    let mut batch = Batch::default();
    for (place, _) in devices.iter().enumerate() {
        for (kind, (_, unit, _)) in QUANTITIES.iter().enumerate() {
            batch.channels.insert(channel(place, kind), *unit);
            batch.readings.push(Reading {
                channel: channel(place, kind),
                at: NOW - Span::MINUTE,
                outcome: Ok(Number::exact(secret(place, kind))),
            });
        }
        let start = NOW.floor(Span::QUARTER) - Span::HOUR;
        let interval = Interval::new(start, WattHours(secret(place, 2)), Quality::Measured);
        let name = DeviceName::parse(&format!("d{place}")).expect("a good name");
        batch.intervals.push((name, Flow::Consumption, interval));
    }
    scene.store.record_and_wait(batch).expect("it is stored");
    scene
}

/// Everything that an actor can be shown, as one text. The sums of the whole site, which are for everybody, are told
/// apart.
fn everything(look: &Look, devices: usize) -> (String, String) {
    let (from, to) = (NOW - Span::HOUR, NOW + Span::HOUR);
    let mut all = vec![
        format!(
            "{:?}\n{:?}\n{:?}",
            look.devices(),
            look.channels(),
            look.the_box()
        ),
        format!("{:?}", look.audit(None, 100)),
    ];
    for place in 0..devices {
        all.push(format!("{:?}", look.device(&format!("d{place}"))));
        for channel in (0..QUANTITIES.len()).map(|kind| channel(place, kind)) {
            all.push(format!("{:?}", look.readings(&channel, from, to)));
            all.push(format!("{:?}", look.means(&channel, from, to, 3)));
            all.push(format!("{:?}", look.unit_of(&channel)));
        }
    }
    let sums = [Kind::Day, Kind::Week, Kind::Month, Kind::Year]
        .map(|kind| format!("{:?}", look.energy(Period::holding(kind, look.today()))));
    (all.join("\n"), format!("{:?}\n{}", look.power(), sums.join("\n")))
}

/// Whether a value of this device stands in the text, in any way of writing it.
fn tells(text: &str, device: usize, kind: usize) -> bool {
    let value = secret(device, kind);
    let shown = QUANTITIES[kind].1.show(value);
    let raw = raw(device, kind);
    text.contains(&value.to_string()) || text.contains(&shown) || text.contains(&format!("\"{raw:04x}\""))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn what_is_kept_from_somebody_is_in_no_view_of_theirs_and_what_is_not_is(
        devices in proptest::collection::vec(drawn(), 1..7),
        silent in proptest::sample::subsequence(Role::all().collect::<Vec<_>>(), 0..=4),
    ) {
        let scene = scene(&devices, &silent);
        for actor in ACTORS {
            let look = scene.acts.look(actor.clone());
            let (all, sums) = everything(&look, devices.len());
            for (place, drawn) in devices.iter().enumerate() {
                let kept = place == 0 || !drawn.is_for(&actor);
                for kind in 0..QUANTITIES.len() {
                    prop_assert!(!kept || !tells(&all, place, kind), "{actor} sees {} in {all}", channel(place, kind));
                    // What a device of the roof, the street or the battery has last is in the site's sum.
                    let summed = place > 0 && kind == 0 && drawn.role != Role::Consumption;
                    let told = tells(&sums, place, kind);
                    let charge = kind == 3 && drawn.role == Role::Battery && drawn.audience == For::Everyone;
                    prop_assert!(summed || (charge && !kept) || !told, "{actor}: {} is in {sums}", channel(place, kind));
                    let readings = look.readings(&channel(place, kind), NOW - Span::HOUR, NOW);
                    if kept {
                        prop_assert!(matches!(readings, Err(LookError::NotThere(_))));
                    } else {
                        prop_assert_eq!(readings.expect("it is theirs")[0].value, Some(secret(place, kind)));
                    }
                }
                if let Ok(view) = look.device(&format!("d{place}")) {
                    prop_assert_eq!((view.private, view.points.is_empty()), (kept, kept || !drawn.live));
                    prop_assert!(!kept || view.notes.is_empty());
                }
            }
            prop_assert_eq!(look.devices().len(), devices.len() - 1, "that there is a device is no secret");
        }
    }

    /// What may not be seen cannot be told from what is not there, so that nobody finds out by asking.
    #[test]
    fn a_refusal_does_not_tell_whether_there_is_something(devices in proptest::collection::vec(drawn(), 2..5)) {
        let scene = scene(&devices, &[]);
        let asked = |acts: &Acts, actor: &Actor, channel: &Channel| {
            let look = acts.look(actor.clone());
            let said = [
                look.readings(channel, NOW - Span::HOUR, NOW).err(),
                look.means(channel, NOW - Span::HOUR, NOW, 2).err(),
                look.unit_of(channel).err(),
                // A question that makes no sense gives nothing away either.
                look.readings(channel, NOW, NOW).err(),
                look.means(channel, NOW, NOW - Span::HOUR, 0).err(),
            ];
            said.map(|said| said.map(|error| error.to_string().replace(channel.as_str(), "it")))
        };
        let absent = Channel::parse("nowhere/power").expect("a good name");
        for actor in ACTORS {
            let nothing = asked(&scene.acts, &actor, &absent);
            for (place, drawn) in devices.iter().enumerate().skip(1).filter(|(_, drawn)| !drawn.is_for(&actor)) {
                prop_assert_eq!(&asked(&scene.acts, &actor, &channel(place, 0)), &nothing, "{} {:?}", actor, drawn);
            }
        }
    }
}
