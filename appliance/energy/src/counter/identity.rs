//! Which meter a count belongs to, so that another one under the same name does not go on from it.

use super::memory::Memory;
use super::rule::{Seen, new_base};
use super::{Observed, What, partial};
use crate::MemoryError;
use crate::bytes::Integers;

/// Which meter a count belongs to, and how its numbers are read. Only short sums are kept of it, never the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    place: u32,
    reading: u32,
    serial: Option<u32>,
}

impl Identity {
    /// `place` is where the meter is asked (bus, unit), `reading` is how its numbers are read (profile, direction),
    /// and `serial` is the serial number, if it tells one. The order of the words counts.
    pub fn new(place: &[&str], reading: &[&str], serial: Option<&str>) -> Self {
        Self {
            place: sum(place),
            reading: sum(reading),
            serial: serial
                .filter(|serial| !serial.is_empty())
                .map(|serial| sum(&[serial])),
        }
    }

    /// Whether a count goes on from one of these to the other: its numbers mean the same, and the serial number is
    /// the same; where one of them tells none, the place is.
    fn goes_on(&self, other: &Self) -> bool {
        let same_meter = match (self.serial, other.serial) {
            (Some(mine), Some(other)) => mine == other,
            _ => self.place == other.place,
        };
        same_meter && self.reading == other.reading
    }

    /// A serial number that is not told is -1.
    pub(super) fn integers(&self) -> [i64; 3] {
        [
            i64::from(self.place),
            i64::from(self.reading),
            self.serial.map_or(-1, i64::from),
        ]
    }

    pub(super) fn read(from: &mut Integers<'_>) -> Result<Self, MemoryError> {
        Ok(Self {
            place: from.count()?,
            reading: from.count()?,
            serial: u32::try_from(from.next()?).ok(),
        })
    }
}

/// Takes the next reading for one of `mine`. If what is believed is another meter's, counting begins anew with it,
/// and that is the answer.
pub(super) fn begin(memory: &mut Memory, mine: Identity, seen: &Seen<'_>) -> Option<Observed> {
    let kept = memory.identity.replace(mine)?;
    if kept.goes_on(&mine) {
        let serial = mine.serial.or(kept.serial);
        memory.identity = Some(Identity { serial, ..mine });
        return None;
    }
    let old = memory.base?;
    memory.base = Some(new_base(seen.value, seen.at));
    memory.latest = seen.at;
    memory.pending = None;
    memory.trial = None;
    let what = What::Exchanged {
        held: old.value,
        first: seen.value,
    };
    let steps = partial::ended(old.at, seen.at).into_iter().collect();
    Some(Observed { what, steps })
}

/// FNV-1a over the words, each with its end: these sums are kept in files, so they never change.
fn sum(words: &[&str]) -> u32 {
    let bytes = words.iter().flat_map(|word| word.bytes().chain([0xFF]));
    bytes.fold(0x811C_9DC5, |sum, byte| {
        (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::{Identity, sum};

    #[test]
    fn sums_in_files_never_change() {
        assert_eq!(sum(&[]), 0x811C_9DC5);
        assert_eq!(sum(&["roof", "3"]), 0xFA21_2812);
        assert_ne!(sum(&["roof", "3"]), sum(&["roof3", ""]));
    }

    #[test]
    fn a_serial_number_says_more_than_a_place() {
        let meter = |unit, profile, serial| Identity::new(&["roof", unit], &[profile], serial);
        let known = meter("3", "sdm630", Some("A1"));
        assert!(known.goes_on(&meter("3", "sdm630", Some("A1"))));
        assert!(
            known.goes_on(&meter("4", "sdm630", Some("A1"))),
            "it was given another address"
        );
        assert!(known.goes_on(&meter("3", "sdm630", None)), "it does not tell now");
        assert!(!known.goes_on(&meter("4", "sdm630", None)));
        assert!(
            !known.goes_on(&meter("3", "sdm630", Some("B2"))),
            "another one in its place"
        );
        assert!(
            !known.goes_on(&meter("3", "sdm120", Some("A1"))),
            "its numbers mean something else"
        );
    }
}
