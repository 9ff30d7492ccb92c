//! The bus in the raw, for drawn sites and any frame: beside a home's meter a technician sees heads only and reads listed
//! devices only; where no home is, everything.

use std::collections::BTreeMap;

use acts::{ActError, Actor, Direction, Frame, RawRead, Site};
use devices::frame::Function;
use proptest::prelude::*;
use units::{DeviceName, Instant};

use crate::scene::{HEAD, Scene, nothing_yet};

const TECHNICIAN: Actor = Actor::Technician { uid: 1000 };
const AUDIENCES: [&str; 3] = ["everyone", "stewards", "household:flat-1"];

/// Devices by their address, each with its audience's place in the list.
type Units = BTreeMap<u8, usize>;

fn site(kind: &str, units: &Units) -> String {
    let head = match kind {
        "serial" => HEAD.to_owned(),
        _ => HEAD
            .replace("\"serial\"", &format!("\"{kind}\""))
            .replace("port = \"/dev/ttyUSB0\"", "address = \"192.168.1.20:502\""),
    };
    let devices = units.iter().map(|(unit, audience)| {
        format!(
            "[[device]]\nname = \"d{unit}\"\nbus = \"cupboard\"\nunit = {unit}\nprofile = \"eastron-sdm120\"\n\
             role = \"consumption\"\naudience = \"{}\"\nrated_power = 10000\n",
            AUDIENCES[*audience]
        )
    });
    // A home on another bus keeps nothing secret on this one.
    let elsewhere = "[[bus]]\nname = \"elsewhere\"\nkind = \"tcp\"\naddress = \"192.168.1.21:502\"\n[[device]]\n\
                     name = \"home\"\nbus = \"elsewhere\"\nunit = 200\nprofile = \"eastron-sdm120\"\n\
                     role = \"consumption\"\naudience = \"household:flat-9\"\nrated_power = 10000\n";
    format!("{head}{}{elsewhere}", devices.collect::<String>())
}

fn units() -> impl Strategy<Value = Units> {
    proptest::collection::btree_map(1_u8..8, 0..AUDIENCES.len(), 0..5)
}

/// Whether the values of this unit are for `actor`, as the house has it.
fn open(units: &Units, actor: &Actor, unit: u8) -> bool {
    let beside_a_home = units.values().any(|audience| *audience == 2);
    *actor == Actor::TheBox || !beside_a_home || units.get(&unit).is_some_and(|audience| *audience != 2)
}

fn frames() -> impl Strategy<Value = Vec<(Direction, Vec<u8>)>> {
    let direction = proptest::sample::select(vec![Direction::Sent, Direction::Received, Direction::Refused]);
    let bytes = proptest::collection::vec(prop_oneof![0_u8..9, any::<u8>()], 0..40);
    proptest::collection::vec((direction, bytes), 1..8)
}

/// How many bytes of a frame an actor sees.
fn seen(kind: &str, units: &Units, actor: &Actor, direction: Direction, bytes: &[u8]) -> usize {
    let before = if kind == "tcp" { 6 } else { 0 };
    let head = bytes.len().min(before + 3);
    let open = match (direction, bytes.get(before)) {
        (Direction::Sent, _) => true,
        (Direction::Received, Some(unit)) => open(units, actor, *unit),
        // Bytes that were thrown away may be the rest of anybody's answer.
        _ => *actor == Actor::TheBox || units.values().all(|audience| *audience != 2),
    };
    if open { bytes.len() } else { head }
}

fn waited<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn beside_a_home_only_heads_of_answers_are_seen(
        kind in proptest::sample::select(vec!["serial", "tcp", "rtu-over-tcp"]),
        units in units(),
        frames in frames(),
    ) {
        let text = site(kind, &units);
        prop_assert!(Site::parse(&text).is_ok(), "{:?}", Site::parse(&text));
        let scene = Scene::new(&text, nothing_yet(Instant::from_millis(0)), None);
        let bus = DeviceName::parse("cupboard").expect("a good name");
        for actor in [TECHNICIAN, Actor::TheBox] {
            let mut watching = waited(scene.acts.watch_bus(&actor, &bus)).expect("they may");
            for (direction, bytes) in &frames {
                scene.world.send(Frame {
                    at: Instant::from_millis(0),
                    gap_us: 0,
                    direction: *direction,
                    bytes: bytes.clone(),
                    words: "a frame".to_owned(),
                });
                let frame = waited(watching.recv()).expect("it was sent");
                let length = seen(kind, &units, &actor, *direction, bytes);
                prop_assert_eq!(&frame.bytes, &bytes[..length], "{} {:?} {:?}", actor, direction, bytes);
                prop_assert_eq!(frame.words.contains("not shown"), length < bytes.len());
            }
        }
    }

    #[test]
    fn beside_a_home_only_listed_devices_are_read(units in units(), unit: u8, near in 0_u8..9) {
        let scene = Scene::new(&site("serial", &units), nothing_yet(Instant::from_millis(0)), None);
        for (actor, unit) in [(TECHNICIAN, unit), (TECHNICIAN, near), (Actor::TheBox, unit), (Actor::TheBox, near)] {
            let before = scene.store.audit_entries(None, 100).expect("the record can be read").len();
            let question = RawRead {
                bus: DeviceName::parse("cupboard").expect("a good name"),
                unit,
                function: Function::Holding,
                address: 0,
                count: 3,
            };
            let answer = waited(scene.acts.read_registers(&actor, question));
            let recorded = scene.store.audit_entries(None, 100).expect("the record can be read").len() - before;
            if open(&units, &actor, unit) {
                prop_assert_eq!((answer.expect("they may").len(), recorded), (3, 1));
            } else {
                prop_assert!(matches!(answer, Err(ActError::NotThere(_))));
                prop_assert_eq!(recorded, 0);
            }
        }
    }
}
