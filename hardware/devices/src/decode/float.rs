//! A float32 by its bits: exact until the one rounding at the end.

use units::NoValue;

use super::{Ratio, round, round_up};
use crate::coding::WordOrder;

/// SunSpec's mark for a float that is not implemented.
const NOT_A_NUMBER: u64 = 0x7FC0_0000;
/// The same mark from devices that swap the words of values but not of this mark.
const UNSWAPPED: u64 = 0x0000_7FC0;
/// The mark of SolarEdge batteries: FFFF FF7F on the wire, the largest negative float once the words are swapped.
const LARGEST_NEGATIVE: u64 = 0xFF7F_FFFF;

/// Bits of a float32's fraction.
const FRACTION_BITS: u32 = 23;

/// Whether the bits mark a value that the device does not have.
pub(super) fn is_missing(bits: u64, order: WordOrder) -> bool {
    match order {
        WordOrder::HighFirst => bits == NOT_A_NUMBER,
        WordOrder::LowFirst => matches!(bits, NOT_A_NUMBER | UNSWAPPED | LARGEST_NEGATIVE),
    }
}

/// The float times the ratio, rounded, and the distance to the next float in the same scale, rounded up.
pub(super) fn scaled(bits: u64, ratio: Ratio) -> Result<(i128, i128), NoValue> {
    let fraction = bits & 0x7F_FFFF;
    let exponent = u32::try_from((bits >> FRACTION_BITS) & 0xFF).unwrap_or(0xFF);
    if exponent == 0xFF {
        return Err(NoValue::NotANumber);
    }
    let mantissa = if exponent == 0 {
        fraction
    } else {
        fraction | 0x80_0000
    };
    // The value is mantissa x 2^(place - 150), where 150 = 127 + 23; subnormals share the smallest place.
    let place = exponent.max(1);
    let negative = bits & 0x8000_0000 != 0;
    let mantissa = i128::from(mantissa) * if negative { -1 } else { 1 };
    let (value, step) = if let Some(left) = place.checked_sub(150) {
        let value = shift(mantissa * ratio.up, left).ok_or(NoValue::TooLarge)?;
        let step = shift(ratio.up, left).ok_or(NoValue::TooLarge)?;
        (round(value, ratio.down), round_up(step, ratio.down))
    } else {
        match shift(ratio.down, 150 - place) {
            Some(down) => (round(mantissa * ratio.up, down), round_up(ratio.up, down)),
            // A divisor beyond 127 bits leaves nothing of a number that has at most 91.
            None => (0, 1),
        }
    };
    Ok((value, step))
}

/// `number` times two to the power of `places`, or `None` beyond 127 bits.
fn shift(number: i128, places: u32) -> Option<i128> {
    let factor = 1_i128.checked_shl(places).filter(|factor| *factor > 0)?;
    number.checked_mul(factor)
}
