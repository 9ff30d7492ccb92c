//! Frames of a bus for somebody who watches it, without what is kept for others.
//!
//! A technician must see that a meter answers, when, and what was wrong with an answer, but not what a flat
//! uses: of answers that may be such a meter's only the head is shown.

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use units::DeviceName;

use crate::Actor;
use crate::effects::{Direction, Frame};
use crate::site::{Site, Wire};

/// Bytes of a serial answer before its values: unit, function, length.
const HEAD: usize = 3;
/// What Modbus TCP puts before the unit.
const ENVELOPE: usize = 6;

/// The frames of a bus, as one actor may see them.
#[derive(Debug)]
pub struct Watching {
    frames: Receiver<Frame>,
    veil: Veil,
}

/// Which answers on a bus are not for an actor.
#[derive(Debug)]
struct Veil {
    units: Vec<u8>,
    /// How many bytes stand before the unit.
    before: usize,
}

impl Watching {
    pub(crate) fn new(frames: Receiver<Frame>, site: &Site, bus: &DeviceName, actor: &Actor) -> Self {
        let over_tcp = |wire: &Wire| matches!(wire, Wire::Tcp(_));
        let tcp = site
            .buses
            .iter()
            .any(|known| known.name == *bus && over_tcp(&known.wire));
        let before = if tcp { ENVELOPE } else { 0 };
        Self {
            frames,
            veil: Veil {
                units: hidden(site, bus, actor),
                before,
            },
        }
    }

    /// The next frame; a slow reader misses some and is told how many.
    pub async fn recv(&mut self) -> Result<Frame, RecvError> {
        Ok(self.veil.over(self.frames.recv().await?))
    }
}

/// The units on a bus whose values the actor may not see.
pub(crate) fn hidden(site: &Site, bus: &DeviceName, actor: &Actor) -> Vec<u8> {
    let devices = site.devices.iter().filter(|device| device.bus == *bus);
    devices
        .filter(|device| !actor.sees(&device.audience))
        .map(|device| device.unit)
        .collect()
}

impl Veil {
    fn over(&self, mut frame: Frame) -> Frame {
        let known = |unit: &u8| !self.units.contains(unit);
        let open = match frame.direction {
            Direction::Sent => true,
            Direction::Received => frame.bytes.get(self.before).is_none_or(known),
            // What was thrown away may be the rest of anybody's answer.
            Direction::Refused => self.units.is_empty(),
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

    #[test]
    fn a_flat_s_answer_keeps_its_head_only() {
        let veil = Veil {
            units: vec![11],
            before: 0,
        };
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
        let veil = Veil {
            units: vec![11],
            before: 6,
        };
        let answer = |unit| [0, 1, 0, 0, 0, 7, unit, 4, 4, 1, 2, 3, 4];
        assert_eq!(shown(&veil, Direction::Received, &answer(11)), 9);
        assert_eq!(shown(&veil, Direction::Received, &answer(1)), 13);
    }

    #[test]
    fn where_nothing_is_kept_everything_is_shown() {
        let veil = Veil {
            units: Vec::new(),
            before: 0,
        };
        assert_eq!(shown(&veil, Direction::Refused, &[4, 1, 2, 3, 4, 9, 9]), 7);
    }
}
