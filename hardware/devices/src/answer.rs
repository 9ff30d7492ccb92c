//! What came back after a question.

use crate::frame::ExceptionCode;

/// What came back after a question. A device's own no is not a broken wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer<'a> {
    /// The registers that were asked for, in order.
    Words(&'a [u16]),
    /// The device understood the question and refused.
    Exception(ExceptionCode),
    /// Nothing came in time.
    Silence,
    /// Something came that was damaged or did not belong to the question.
    Garbled,
    /// The line itself is down: no port, no connection.
    LineDown,
}
