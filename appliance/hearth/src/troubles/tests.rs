//! What is said of devices that are out of order.

use acts::Site;
use acts::live::{DeviceLive, DeviceState, Live, StoreLive};
use energy::Clock;
use units::{DeviceName, Instant, Span};

use super::troubles;
use crate::clock::Trust;

const SITE: &str = r#"
[place]
name = "The Hall"
time_zone = "Europe/London"
currency = "GBP"
latitude = 51.464
longitude = -2.563

[[bus]]
name = "network"
kind = "tcp"
address = "127.0.0.1:1502"

[[device]]
name = "roof"
label = "Roof inverter"
bus = "network"
unit = 1
profile = "sunspec-inverter"
role = "production"
rated_power = 12000
"#;

/// Midnight at the place, 2026-06-16.
const NOW: Instant = Instant::from_millis(1_781_564_400_000);

fn roof(state: DeviceState, trouble: Option<&str>) -> Live {
    let device = DeviceLive {
        name: DeviceName::parse("roof").expect("a good name"),
        state,
        last_answer: Some(NOW),
        asked: 9,
        answered: 9,
        last_error: None,
        latency: None,
        patience: Span::ZERO,
        identity: Vec::new(),
        points: Vec::new(),
        trouble: trouble.map(str::to_owned),
        notes: Vec::new(),
    };
    Live {
        at: NOW,
        started: NOW,
        power: Err(Vec::new()),
        devices: vec![device],
        buses: Vec::new(),
        tasks: Vec::new(),
        store: StoreLive::default(),
        troubles: Vec::new(),
    }
}

fn told(live: &Live) -> Vec<String> {
    let site = Site::parse(SITE).expect("a good site");
    let troubles = troubles(live, &site, 0, (Trust::Believed, Clock::Sure));
    troubles.into_iter().map(|trouble| trouble.sentence).collect()
}

#[test]
fn a_device_that_answers_and_has_no_values_says_why() {
    assert_eq!(told(&roof(DeviceState::Healthy, None)), [""; 0]);
    assert_eq!(
        told(&roof(DeviceState::Healthy, Some("this is no SunSpec device"))),
        ["The values of Roof inverter cannot be found: this is no SunSpec device"]
    );
    assert_eq!(
        told(&roof(DeviceState::Gone, None)),
        ["Roof inverter does not answer (no answer). Is it switched on, and is its cable in?"]
    );
}
