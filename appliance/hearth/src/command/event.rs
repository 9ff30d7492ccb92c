//! What befalls a simulated device, as people type it: `30s:grid-meter:reboot=20s`, `2h:flat-3:counters=0`.

use simulator::{Device, Event, Trouble};
use units::{Span, WattHours};

/// Reads one event.
pub fn read(text: &str) -> Result<Event, String> {
    let wrong =
        || format!("{text:?} is no event; write one as 30s:grid-meter:reboot=20s or 2h:flat-3:counters=0");
    let mut parts = text.splitn(3, ':');
    let (Some(after), Some(device), Some(what)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(wrong());
    };
    let after = span(after).ok_or_else(wrong)?;
    let device = Device::from_name(device).ok_or_else(|| format!("there is no device {device:?}"))?;
    let trouble = match what.split_once('=') {
        Some(("reboot", silent)) => span(silent).map(Trouble::Reboot),
        Some(("counters", shown)) => shown
            .parse()
            .ok()
            .filter(|shown: &i64| *shown >= 0)
            .map(|shown| Trouble::Counters(WattHours(shown))),
        _ => None,
    };
    let trouble = trouble.ok_or_else(wrong)?;
    Ok(Event {
        after,
        device,
        trouble,
    })
}

/// `500ms`, `30s`, `5min`, `2h`.
fn span(text: &str) -> Option<Span> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let unit = match &text[digits..] {
        "ms" => Span::from_millis(1),
        "s" => Span::SECOND,
        "min" => Span::MINUTE,
        "h" => Span::HOUR,
        _ => return None,
    };
    // More than a century is a slip of the finger, and would not fit.
    let count = text[..digits].parse().ok().filter(|count| *count <= 1_000_000)?;
    Some(unit.times(count))
}
