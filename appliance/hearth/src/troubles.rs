//! What somebody should know or do, in sentences; the gravest first. Pure.

use acts::Site;
use acts::live::{BackupPlaceLive, DeviceState, Live, Trouble};
use energy::Clock;
use units::Span;

use crate::clock::Trust;
use crate::desk::CLOCK_FLOOR;

/// A clock that nobody has set for so long after the start is worth a word.
const UNSET_FOR: Span = Span::from_secs(600);

/// Backups are made once a day; when the newest is older than this, something is wrong.
const BACKUP_OLD: Span = Span::from_secs(3 * 24 * 3_600);

/// Everything that is out of order in `live`, with a clock that is believed or not, and relied on or not.
pub fn troubles(live: &Live, site: &Site, given_up: u64, (trust, clock): (Trust, Clock)) -> Vec<Trouble> {
    let mut troubles = Vec::new();
    if let Some(trouble) = &live.store.trouble {
        let waiting = live.store.waiting;
        let sentence = format!(
            "Readings cannot be written down: {trouble}. {waiting} wait in memory; energy is not lost"
        );
        troubles.push(act("store", sentence));
    }
    if given_up > 0 {
        let sentence = format!(
            "{given_up} readings had to be given up because too many waited. Energy is not among them"
        );
        troubles.push(act("store", sentence));
    }
    if live.at < CLOCK_FLOOR {
        let sentence = "The clock of the box is wrong: it shows a year long past. Readings are shown and not written \
                        down until it is right; the meters go on counting, so no energy is lost. Connect the box to \
                        the internet for a minute, or set the clock";
        troubles.push(act("clock", sentence.to_owned()));
    }
    if let Trust::Doubted { ahead } = trust {
        let days = ahead.as_millis() / Span::DAY.as_millis();
        let sentence = format!(
            "The clock of the box jumped ahead by {days} days, and no time server has confirmed it yet. Readings are \
             shown and not written down until one does, or until the clock has stood so for an hour; the meters go on \
             counting, so no energy is lost. If it is wrong, set it, or connect the box to the internet for a minute"
        );
        troubles.push(act("clock", sentence));
    }
    if clock == Clock::Unsure && live.at.since(live.started) > UNSET_FOR {
        let sentence = "No time server has set the clock since the box started, so it may be behind. Energy is counted; \
                        after an outage it may be booked at a wrong time. Connect the box to the internet for a minute";
        troubles.push(know("clock", sentence.to_owned()));
    }
    troubles.extend(backups(live));
    for bus in &live.buses {
        if let Some(down) = &bus.down {
            troubles.push(act(&format!("bus {}", bus.name), down.clone()));
        }
    }
    for task in live.tasks.iter().filter(|task| !task.running) {
        let why = task.last_error.as_deref().unwrap_or("it has not started yet");
        troubles.push(know(
            &format!("task {}", task.name),
            format!("A part of the box is being started again: {why}"),
        ));
    }
    for device in &live.devices {
        let known = site.device(device.name.as_str());
        let label = known.map_or(device.name.as_str(), |known| known.label.as_str());
        if let Some(why) = &device.trouble {
            let sentence = format!("The values of {label} cannot be found: {why}");
            troubles.push(act(&format!("device {}", device.name), sentence));
        }
        if device.state != DeviceState::Gone {
            continue;
        }
        if known.is_some_and(|known| {
            live.buses
                .iter()
                .any(|bus| bus.name == known.bus && bus.down.is_some())
        }) {
            continue;
        }
        let error = device
            .last_error
            .as_ref()
            .map_or("no answer", |error| error.1.as_str());
        let sentence = format!("{label} does not answer ({error}). Is it switched on, and is its cable in?");
        troubles.push(act(&format!("device {}", device.name), sentence));
    }
    troubles
}

/// What is to be said of backups: nothing where none are wanted.
fn backups(live: &Live) -> Vec<Trouble> {
    let backup = &live.store.backup;
    if !backup.has_phrase && !backup.places.is_empty() {
        let sentence = "No backup is made, because there is no recovery phrase yet. A steward makes one at the page, under \
                        The box, Backups";
        return vec![know("backup", sentence.to_owned())];
    }
    let sentence = |place: &BackupPlaceLive| {
        let why = place
            .trouble
            .as_ref()
            .map(|why| format!(": {why}"))
            .unwrap_or_default();
        let old = match place.newest.map(|newest| live.at.since(newest)) {
            Some(age) if age > BACKUP_OLD => {
                let days = age.as_millis() / Span::DAY.as_millis();
                let sentence = format!("The newest backup at {} is {days} days old{why}", place.place);
                return Some(act("backup", sentence));
            }
            None if live.at.since(live.started) > Span::DAY => true,
            _ => false,
        };
        // A stick may be kept elsewhere for a while; what is on it cannot be seen from here.
        if old && !place.is_stick {
            return Some(act(
                "backup",
                format!("There is no backup at {}{why}", place.place),
            ));
        }
        let why = place.trouble.as_ref()?;
        Some(know("backup", format!("No backup can be made now: {why}")))
    };
    backup.places.iter().filter_map(sentence).collect()
}

fn act(about: &str, sentence: String) -> Trouble {
    Trouble {
        about: about.to_owned(),
        sentence,
        must_act: true,
    }
}

fn know(about: &str, sentence: String) -> Trouble {
    Trouble {
        about: about.to_owned(),
        sentence,
        must_act: false,
    }
}

#[cfg(test)]
mod tests;
