//! Which questions could be answered by somebody else's late reply, and how long that can still happen.
//!
//! A reply over RTU carries unit, function and number of bytes, nothing else. So two questions of one *shape*
//! (unit, function, count) at different addresses cannot be told apart by their replies, and one of them must
//! not be asked while a reply to the other may still be on its way. The plan of a device avoids such pairs;
//! this rule makes sure, also for a technician's own questions.

use std::collections::HashMap;

use devices::frame::{Function, Request};
use units::Span;

/// What a reply shows of its question.
type Shape = (u8, Function, u16);

/// Questions that may still be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed {
    address: u16,
    asked: Span,
}

/// The memory of one line.
#[derive(Debug)]
pub struct Stale {
    /// For how long after a question a reply to it may still come.
    horizon: Span,
    last: HashMap<Shape, Owed>,
}

impl Stale {
    /// A line on which a reply never comes later than `horizon` after its question.
    pub fn new(horizon: Span) -> Self {
        Self {
            horizon,
            last: HashMap::new(),
        }
    }

    /// How long to wait before `request` may be asked, so that no reply to an earlier question of the same
    /// shape can be taken for its answer.
    pub fn wait(&self, request: &Request, now: Span) -> Span {
        let shape = (request.unit, request.function, request.count);
        match self.last.get(&shape) {
            Some(owed) if owed.address != request.address => {
                (self.horizon - (now - owed.asked)).max(Span::ZERO)
            }
            _ => Span::ZERO,
        }
    }

    /// Remembers that `request` was asked.
    pub fn asked(&mut self, request: &Request, now: Span) {
        let shape = (request.unit, request.function, request.count);
        self.last.insert(
            shape,
            Owed {
                address: request.address,
                asked: now,
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use devices::frame::{Function, Request};
    use proptest::prelude::*;
    use units::Span;

    use super::Stale;

    fn request(address: u16, count: u16) -> Request {
        Request {
            unit: 1,
            function: Function::Input,
            address,
            count,
        }
    }

    #[test]
    fn the_same_shape_elsewhere_must_wait() {
        let mut stale = Stale::new(Span::from_secs(2));
        stale.asked(&request(0, 2), Span::ZERO);
        assert_eq!(stale.wait(&request(0, 2), Span::SECOND), Span::ZERO);
        assert_eq!(stale.wait(&request(2, 3), Span::SECOND), Span::ZERO);
        assert_eq!(stale.wait(&request(2, 2), Span::SECOND), Span::SECOND);
        assert_eq!(stale.wait(&request(2, 2), Span::from_secs(5)), Span::ZERO);
    }

    proptest! {
        /// Whoever waits as told never has two questions of one shape and two addresses open at once.
        #[test]
        fn two_addresses_of_one_shape_never_overlap(questions in proptest::collection::vec((0_u16..4, 1_u16..4), 1..60)) {
            let horizon = Span::from_millis(900);
            let mut stale = Stale::new(horizon);
            let mut now = Span::ZERO;
            let mut asked: Vec<(u16, u16, Span)> = Vec::new();
            for (address, count) in questions {
                now = now + stale.wait(&request(address, count), now);
                for (other, same, at) in &asked {
                    prop_assert!(*other == address || *same != count || now - *at >= horizon);
                }
                stale.asked(&request(address, count), now);
                asked.push((address, count, now));
                now = now + Span::from_millis(40);
            }
        }
    }
}
