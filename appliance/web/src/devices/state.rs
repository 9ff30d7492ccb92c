//! How a device is doing, in words.

use acts::look::DeviceView;
use energy::calendar::Zone;
use units::Instant;

use crate::show;
use crate::words::{say, say_with};

/// The short word for a state.
pub(crate) fn word(state: &str) -> String {
    say(match state {
        "healthy" => "state-healthy",
        "degraded" => "state-degraded",
        "asleep" => "state-asleep",
        "gone" => "state-gone",
        _ => "state-waiting",
    })
}

/// What the state means, and why the device is in it.
pub(crate) fn sentence(device: &DeviceView, zone: &Zone, now: Instant) -> String {
    let last = device
        .last_answer_ms
        .map(|at| show::moment(zone, now, Instant::from_millis(at)));
    let why = device.last_error.as_deref().map(show::within_sentence);
    match (device.state.as_str(), last, why) {
        ("healthy", ..) => say("state-healthy-why"),
        ("degraded", _, Some(why)) => say_with("state-degraded-why", [("why", why.into())]),
        ("degraded", ..) => say("state-degraded-some"),
        ("asleep", ..) => say("state-asleep-why"),
        ("gone", Some(last), Some(why)) => {
            say_with("state-gone-since", [("since", last.into()), ("why", why.into())])
        }
        ("gone", None, Some(why)) => say_with("state-gone-always", [("why", why.into())]),
        ("gone", ..) => say("state-gone-plain"),
        _ => say("state-waiting-why"),
    }
}

/// Where a device stands.
pub(crate) fn role(role: &str) -> String {
    say(match role {
        "production" => "role-production",
        "grid" => "role-grid",
        "battery" => "role-battery",
        _ => "role-consumption",
    })
}

/// For whom the values are; nothing where they are for everybody.
pub(crate) fn audience(device: &DeviceView) -> String {
    match device.audience.as_str() {
        "household" => say("audience-household"),
        "stewards" => say("audience-stewards"),
        _ => String::new(),
    }
}

/// The last answer: "2 seconds ago", or that there was none.
pub(crate) fn last_answer(device: &DeviceView, now: Instant) -> String {
    match device.last_answer_ms.map(Instant::from_millis) {
        Some(at) => show::ago(now.since(at)),
        None => say("never-answered"),
    }
}

#[cfg(test)]
mod tests {
    use super::sentence;
    use crate::devices::list;

    #[test]
    fn every_state_is_told_with_its_reason() {
        let (zone, now) = crate::home::samples::afternoon();
        let told: Vec<String> = list::samples()
            .iter()
            .map(|device| sentence(device, &zone, now))
            .collect();
        expect_test::expect![[r#"
            It sleeps, as inverters do at night. That is no fault.
            It answers as it should.
            It answers, but not always or not to everything. Last: no answer in time.
            No word since 07:06, because: no answer in time.
            The box has only just started and has not asked it yet."#]]
        .assert_eq(&told.join("\n"));
    }
}
