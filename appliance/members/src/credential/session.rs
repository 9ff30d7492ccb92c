//! Sessions: that somebody is signed in on a device, since when, and when that ends by itself.

use units::{Instant, PersonId, Span};

use super::Digest;
use crate::record::{record, words};

words! {
    /// Whose device it is.
    pub enum Custody {
        /// The person's own; they stay signed in.
        1 Own = "own device";
        /// One that others use too; they are signed out soon.
        2 Shared = "shared device";
    }
}

words! {
    /// How somebody showed who they are.
    pub enum WayIn {
        /// By name and passphrase.
        1 Passphrase = "passphrase";
        /// By a key in their device.
        2 Passkey = "passkey";
        /// By the words of a slip that a steward gave them.
        3 Slip = "slip";
        /// By the code that claims the box.
        4 Claim = "claim";
    }
}

record! {
    /// That somebody is signed in on a device. It is found by the hash of a token that only the device has.
    pub struct Session in "sessions" by Digest {
        /// Who.
        1 person: PersonId => "Who is signed in", SignIn, Contract, WhileInForce;
        /// Since when.
        2 begun: Instant => "Signed in since", SignIn, Contract, WhileInForce;
        /// When they last asked for a page, as far as it is written down.
        3 seen: Instant => "Last seen, to the hour", SignIn, Contract, WhileInForce;
        /// The device in plain words.
        4 device: String => "Device", SignIn, Contract, WhileInForce;
        /// Whose device it is.
        5 custody: Custody => "Whose device", SignIn, Contract, WhileInForce;
        /// How they came in.
        6 way: WayIn => "Signed in with", SignIn, Contract, WhileInForce;
    }
}

/// On an own device a session ends when nobody has come for so long.
pub const OWN_IDLE: Span = Span::DAY.times(30);
/// On a shared device likewise.
pub const SHARED_IDLE: Span = Span::MINUTE.times(20);
/// On a shared device it ends after so long in any case.
pub const SHARED_AT_MOST: Span = Span::HOUR.times(8);
/// When somebody was last seen is written to the card no more often than this.
pub const SEEN_STEP: Span = Span::HOUR;
/// By so much a clock may be put back without anybody being signed out on a shared device.
const CLOCK_STEP: Span = Span::MINUTE;
/// The most sessions of one person; the one not seen for longest ends when there would be more.
pub const MOST_OF_ONE: usize = 20;

/// Why a session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// Nobody came for too long.
    Idle,
    /// It lasted as long as it may on a shared device.
    Long,
    /// The clock stands before it began, so nobody can say how long it has lasted on a shared device.
    Clock,
}

impl Session {
    /// Whether it is over at `now`, if its person was last seen at `seen`, which is known better in memory than on the
    /// card.
    ///
    /// An own device outlives a clock that was put back, as after a start without network; a shared one does not.
    pub fn over(&self, seen: Instant, now: Instant) -> Option<Over> {
        let idle = now.since(seen.max(self.seen));
        match self.custody {
            Custody::Own => (idle > OWN_IDLE).then_some(Over::Idle),
            Custody::Shared => {
                let lasted = now.since(self.begun);
                if lasted + CLOCK_STEP < Span::ZERO || idle + CLOCK_STEP < Span::ZERO {
                    Some(Over::Clock)
                } else if lasted > SHARED_AT_MOST {
                    Some(Over::Long)
                } else {
                    (idle > SHARED_IDLE).then_some(Over::Idle)
                }
            }
        }
    }

    /// Whether that its person was seen at `now` is worth writing down.
    pub fn is_to_write(&self, now: Instant) -> bool {
        now.since(self.seen) >= SEEN_STEP
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use units::{Instant, PersonId, Span};

    use super::{Custody, OWN_IDLE, Over, SHARED_AT_MOST, SHARED_IDLE, Session, WayIn};
    use crate::record::Newer;

    const START: Instant = Instant::from_millis(1_800_000_000_000);

    fn session(custody: Custody) -> Session {
        Session {
            person: PersonId::new(1),
            begun: START,
            seen: START,
            device: "Firefox on Linux".to_owned(),
            custody,
            way: WayIn::Passphrase,
            newer: Newer::default(),
        }
    }

    #[test]
    fn an_own_device_stays_for_thirty_idle_days() {
        let session = session(Custody::Own);
        assert_eq!(session.over(START, START + OWN_IDLE), None);
        assert_eq!(
            session.over(START, START + OWN_IDLE + Span::SECOND),
            Some(Over::Idle)
        );
        let year = START + Span::DAY.times(365);
        assert_eq!(session.over(year, year + OWN_IDLE), None);
        // The clock went back to 1970.
        assert_eq!(session.over(START, Instant::from_millis(0)), None);
    }

    #[test]
    fn a_shared_device_for_twenty_idle_minutes_and_eight_hours_in_all() {
        let session = session(Custody::Shared);
        assert_eq!(session.over(START, START + SHARED_IDLE), None);
        let late = START + SHARED_IDLE + Span::SECOND;
        assert_eq!(session.over(START, late), Some(Over::Idle));
        assert_eq!(session.over(late, late), None);
        let end = START + SHARED_AT_MOST;
        assert_eq!(session.over(end, end), None);
        assert_eq!(session.over(end, end + Span::SECOND), Some(Over::Long));
    }

    #[test]
    fn on_a_shared_device_a_clock_put_back_ends_it() {
        let session = session(Custody::Shared);
        assert_eq!(session.over(START, START - Span::SECOND), None);
        assert_eq!(session.over(START, START - Span::HOUR), Some(Over::Clock));
        let seen = START + Span::HOUR;
        assert_eq!(session.over(seen, START + Span::MINUTE), Some(Over::Clock));
    }

    #[test]
    fn after_a_start_a_shared_device_is_known_only_as_the_card_knows_it() {
        let session = session(Custody::Shared);
        let seen_in_memory = START + Span::MINUTE.times(50);
        let now = START + Span::MINUTE.times(55);
        assert_eq!(session.over(seen_in_memory, now), None);
        assert_eq!(session.over(session.seen, now), Some(Over::Idle));
    }

    proptest! {
        #[test]
        fn the_card_is_written_at_most_once_an_hour(steps in prop::collection::vec(1_i64..600_000, 1..300)) {
            let mut session = session(Custody::Own);
            let (mut now, mut writes) = (START, 0);
            for step in steps {
                now = now + Span::from_millis(step);
                if session.is_to_write(now) {
                    session.seen = now;
                    writes += 1;
                }
            }
            prop_assert!(writes <= now.since(START).as_millis() / Span::HOUR.as_millis());
        }
    }
}
