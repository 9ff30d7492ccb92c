//! Frames of a bus for somebody who watches it, without what is kept for others.
//!
//! A technician must see that a meter answers, when, and what was wrong with an answer, but not what a flat
//! uses: of answers that may be such a meter's only the head is shown.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use units::DeviceName;

use crate::Actor;
use crate::effects::{Direction, Frame, Frames};
use crate::site::{Site, Wire};

/// Bytes of a serial answer before its values: unit, function, length.
const HEAD: usize = 3;
/// What Modbus TCP puts before the unit.
const ENVELOPE: usize = 6;

/// The frames of a bus, as one actor may see them.
pub struct Watching {
    frames: Box<dyn Frames>,
    site: watch::Receiver<Arc<Site>>,
    bus: DeviceName,
    actor: Actor,
    veil: Veil,
}

/// Which answers on a bus are not for an actor.
#[derive(Debug, Default)]
struct Veil {
    /// Whose values are kept from the actor, or were since the watch began: frames from before a reload may
    /// still wait to be read.
    kept: BTreeSet<u8>,
    /// Whose values the actor may see.
    seen: BTreeSet<u8>,
    /// How many bytes stand before the unit.
    before: usize,
}

impl Watching {
    pub(crate) fn new(
        frames: Box<dyn Frames>,
        site: watch::Receiver<Arc<Site>>,
        bus: &DeviceName,
        actor: &Actor,
    ) -> Self {
        let tcp = site
            .borrow()
            .bus(bus.as_str())
            .is_some_and(|bus| matches!(bus.wire, Wire::Tcp(_)));
        let mut watching = Self {
            frames,
            site,
            bus: bus.clone(),
            actor: actor.clone(),
            veil: Veil {
                before: if tcp { ENVELOPE } else { 0 },
                ..Veil::default()
            },
        };
        watching.look_up();
        watching
    }

    /// The next frame; a slow reader misses some and is told how many.
    pub async fn recv(&mut self) -> Result<Frame, RecvError> {
        let frame = self.frames.next().await?;
        self.look_up();
        Ok(self.veil.over(frame))
    }

    /// Takes up who may see what by the `site.toml` in force.
    fn look_up(&mut self) {
        let site = self.site.borrow();
        self.veil.kept.extend(kept(&site, &self.bus, &self.actor));
        self.veil.seen = seen(&site, &self.bus, &self.actor).collect();
    }
}

/// The units on a bus whose values the actor may not see.
pub(crate) fn kept<'a>(
    site: &'a Site,
    bus: &'a DeviceName,
    actor: &'a Actor,
) -> impl Iterator<Item = u8> + 'a {
    let devices = site.devices.iter().filter(move |device| device.bus == *bus);
    devices
        .filter(|device| !actor.sees(&device.audience))
        .map(|device| device.unit)
}

/// The units on a bus that are listed in `site.toml` and whose values the actor may see.
pub(crate) fn seen<'a>(
    site: &'a Site,
    bus: &'a DeviceName,
    actor: &'a Actor,
) -> impl Iterator<Item = u8> + 'a {
    let devices = site.devices.iter().filter(move |device| device.bus == *bus);
    devices
        .filter(|device| actor.sees(&device.audience))
        .map(|device| device.unit)
}

impl Veil {
    /// Whether the values of this unit may be shown. Many devices answer to addresses that are not theirs, so beside
    /// one whose values are kept only those are shown that are known to be another's.
    fn shows(&self, unit: u8) -> bool {
        self.kept.is_empty() || (self.seen.contains(&unit) && !self.kept.contains(&unit))
    }

    fn over(&self, mut frame: Frame) -> Frame {
        let open = match frame.direction {
            Direction::Sent => true,
            Direction::Received => frame.bytes.get(self.before).is_none_or(|unit| self.shows(*unit)),
            // What was thrown away may be the rest of anybody's answer.
            Direction::Refused => self.kept.is_empty(),
        };
        let head = self.before + HEAD;
        if !open && frame.bytes.len() > head {
            frame.bytes.truncate(head);
            frame
                .words
                .push_str("; its values are not shown, since they are kept for a household");
        }
        frame
    }
}

#[cfg(test)]
mod tests {
    use units::Instant;

    use super::Veil;
    use crate::effects::{Direction, Frame};

    fn shown(veil: &Veil, direction: Direction, bytes: &[u8]) -> usize {
        let at = Instant::from_millis(0);
        let frame = Frame {
            at,
            gap_us: 0,
            direction,
            bytes: bytes.to_vec(),
            words: "an answer".to_owned(),
        };
        let seen = veil.over(frame);
        assert_eq!(seen.words.contains("household"), seen.bytes.len() < bytes.len());
        seen.bytes.len()
    }

    fn beside_a_flat(before: usize) -> Veil {
        Veil {
            kept: [11].into(),
            seen: [1].into(),
            before,
        }
    }

    #[test]
    fn a_flat_s_answer_keeps_its_head_only() {
        let veil = beside_a_flat(0);
        assert_eq!(
            shown(&veil, Direction::Received, &[11, 4, 4, 1, 2, 3, 4, 9, 9]),
            3
        );
        assert_eq!(shown(&veil, Direction::Received, &[1, 4, 4, 1, 2, 3, 4, 9, 9]), 9);
        assert_eq!(shown(&veil, Direction::Sent, &[11, 4, 0, 0, 0, 2, 9, 9]), 8);
        assert_eq!(shown(&veil, Direction::Refused, &[4, 1, 2, 3, 4, 9, 9]), 3);
        assert_eq!(shown(&veil, Direction::Received, &[]), 0);
    }

    #[test]
    fn over_tcp_the_unit_stands_behind_the_envelope() {
        let veil = beside_a_flat(6);
        let answer = |unit| [0, 1, 0, 0, 0, 7, unit, 4, 4, 1, 2, 3, 4];
        assert_eq!(shown(&veil, Direction::Received, &answer(11)), 9);
        assert_eq!(shown(&veil, Direction::Received, &answer(1)), 13);
    }

    #[test]
    fn where_nothing_is_kept_everything_is_shown() {
        let veil = Veil::default();
        assert_eq!(shown(&veil, Direction::Refused, &[4, 1, 2, 3, 4, 9, 9]), 7);
    }
}
