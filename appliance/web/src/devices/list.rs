//! The list of devices.

use acts::look::DeviceView;
use energy::calendar::Zone;
use units::Instant;

use super::state;
use crate::urls;
use crate::words::say_with;

/// One device in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeviceRow {
    /// What people call it.
    pub(crate) label: String,
    /// Its page.
    pub(crate) link: String,
    /// The class of its state in the style.
    pub(crate) class: String,
    /// Its state in a word.
    pub(crate) state: String,
    /// Why it is in this state.
    pub(crate) why: String,
    /// Where it stands.
    pub(crate) role: String,
    /// Maker and model.
    pub(crate) kind: String,
    /// Its last answer.
    pub(crate) last: String,
    /// For whom its values are, where they are not for everybody.
    pub(crate) audience: String,
}

impl DeviceRow {
    /// A device as the list shows it.
    pub(crate) fn of(device: &DeviceView, zone: &Zone, now: Instant) -> Self {
        Self {
            label: device.label.clone(),
            link: urls::device(&device.name),
            class: device.state.clone(),
            state: state::word(&device.state),
            why: state::sentence(device, zone, now),
            role: state::role(&device.role),
            kind: device.kind.clone(),
            last: state::last_answer(device, now),
            audience: state::audience(device),
        }
    }
}

/// How many there are, and how many do not answer or only in part.
pub(crate) fn summary(devices: &[DeviceView]) -> String {
    let count = |state: &str| devices.iter().filter(|device| device.state == state).count();
    let whole = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let (gone, unwell) = (whole(count("gone")), whole(count("degraded")));
    let all = whole(devices.len());
    let key = match (all, gone, unwell) {
        (0, ..) => "devices-none",
        (_, 0, 0) => "devices-all-answer",
        (_, 0, _) => "devices-some-unwell",
        _ => "devices-some-gone",
    };
    let places = [
        ("all", all.into()),
        ("gone", gone.into()),
        ("unwell", unwell.into()),
    ];
    say_with(key, places)
}

/// One device in each state.
#[cfg(test)]
pub(crate) fn samples() -> Vec<DeviceView> {
    let device = |name: &str, label: &str, role: &str, state: &str| DeviceView {
        name: name.to_owned(),
        label: label.to_owned(),
        role: role.to_owned(),
        kind: "Eastron SDM630".to_owned(),
        profile: "eastron-sdm630".to_owned(),
        bus: "cupboard".to_owned(),
        unit: 3,
        state: state.to_owned(),
        private: false,
        audience: "everyone".to_owned(),
        last_answer_ms: Some(1_781_615_398_000),
        asked: 12_430,
        answered: 12_427,
        last_error_ms: None,
        last_error: None,
        latency: None,
        patience_ms: 400,
        identity: vec![("serial number".to_owned(), "20251117".to_owned())],
        points: Vec::new(),
        notes: Vec::new(),
    };
    let silent = "no answer in time";
    vec![
        device("roof", "Roof", "production", "asleep"),
        device("grid-meter", "Street meter", "grid", "healthy"),
        DeviceView {
            last_error: Some(silent.to_owned()),
            last_error_ms: Some(1_781_615_390_000),
            ..device("battery", "Battery", "battery", "degraded")
        },
        DeviceView {
            private: true,
            audience: "household".to_owned(),
            last_answer_ms: Some(1_781_590_000_000),
            last_error: Some(silent.to_owned()),
            last_error_ms: Some(1_781_615_390_000),
            ..device("flat-1", "Flat 1", "consumption", "gone")
        },
        DeviceView {
            last_answer_ms: None,
            ..device("hall", "Hall", "consumption", "waiting")
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::{samples, summary};

    #[test]
    fn the_summary_counts_who_is_silent_and_who_answers_in_part() {
        let all = samples();
        let waiting = [all[1].clone(), all[4].clone()];
        let told = [&all[..], &all[..3], &all[..2], &waiting, &[]].map(summary);
        expect_test::expect![[r#"
            1 of 5 devices does not answer.
            1 of 3 devices answers only in part.
            All 2 devices are as they should be.
            All 2 devices are as they should be.
            No devices are set up yet. A technician adds them to site.toml."#]]
        .assert_eq(&told.join("\n"));
    }
}
