//! From the model's floating point to the integers and float32 words of registers, and back, without `as`.
//!
//! Only the simulator computes in floating point: it plays the physics. What counts is integer.

/// 1.5 × 2^52: adding it to a smaller number leaves that number, rounded, in the low bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// The largest size that [`whole`] keeps (2^51).
const LARGEST: f64 = 2_251_799_813_685_248.0;

/// `x` rounded to the nearest integer; what is not a number is 0, what is beyond ±2^51 stays there.
pub(crate) fn whole(x: f64) -> i64 {
    if x.is_nan() {
        return 0;
    }
    let bounded = x.clamp(-LARGEST, LARGEST);
    (bounded + ROUNDER).to_bits().cast_signed() - ROUNDER.to_bits().cast_signed()
}

/// An integer as floating point.
pub(crate) fn float(x: i64) -> f64 {
    if let Ok(small) = i32::try_from(x) {
        return f64::from(small);
    }
    let [a, b, c, d, e, f, g, h] = x.to_be_bytes();
    let high = f64::from(i32::from_be_bytes([a, b, c, d]));
    let low = f64::from(u32::from_be_bytes([e, f, g, h]));
    high * 4_294_967_296.0 + low
}

/// The bits of the float32 nearest to `x` (ties to even). Sizes below 2^-126 become zero.
pub(crate) fn float32_bits(x: f64) -> u32 {
    let bits = x.to_bits();
    let sign = u32::from(x.is_sign_negative()) << 31;
    if x.is_nan() {
        return 0x7FC0_0000;
    }
    // The exponents of the two formats differ in their bias: 1023 and 127.
    let exponent = ((bits >> 52) & 0x7FF).saturating_sub(1_023 - 127);
    if exponent == 0 {
        return sign;
    }
    if exponent >= 255 {
        return sign | 0x7F80_0000;
    }
    let kept = (bits >> 29) & 0x7F_FFFF;
    let rest = bits & 0x1FFF_FFFF;
    let up = rest > 0x1000_0000 || (rest == 0x1000_0000 && kept & 1 == 1);
    // A carry out of the fraction raises the exponent, which is just what rounding up means.
    let size = ((exponent << 23) | kept) + u64::from(up);
    sign | u32::try_from(size).unwrap_or(0x7F80_0000)
}

/// The high and the low word of 32 bits, in the order in which Modbus devices send them.
pub(crate) fn words(bits: u32) -> [u16; 2] {
    let [a, b, c, d] = bits.to_be_bytes();
    [u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])]
}

/// The float32 nearest to `x` as two words.
pub(crate) fn float32_words(x: f64) -> [u16; 2] {
    words(float32_bits(x))
}

/// The lowest 32 bits of a counter: how a register of 32 bits rolls over.
pub(crate) fn wrapped32(count: i64) -> u32 {
    u32::try_from(count.rem_euclid(1 << 32)).unwrap_or(0)
}

/// A signed word, held at its limits; the lowest value is kept free because it means "not implemented".
pub(crate) fn signed_word(x: i64) -> u16 {
    i16::try_from(x.clamp(-32_767, 32_767))
        .unwrap_or(0)
        .cast_unsigned()
}

/// An unsigned word, held at its limits; the highest value is kept free because it means "not implemented".
pub(crate) fn unsigned_word(x: i64) -> u16 {
    u16::try_from(x.clamp(0, 65_534)).unwrap_or(0)
}

/// A number made of `parts` that is the same for the same parts and looks random otherwise (splitmix64).
pub(crate) fn scramble(parts: &[u64]) -> u64 {
    parts.iter().fold(0x9E37_79B9_7F4A_7C15, |state, part| {
        let mut z = (state ^ part).wrapping_add(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    })
}

/// A number from -1 to 1 that is the same for the same `parts`.
pub(crate) fn noise(parts: &[u64]) -> f64 {
    let [_, _, _, _, a, b, c, d] = scramble(parts).to_be_bytes();
    f64::from(i32::from_be_bytes([a, b, c, d])) / 2_147_483_648.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{float, float32_bits, noise, signed_word, unsigned_word, whole, wrapped32};

    #[test]
    fn the_edges() {
        assert_eq!(whole(f64::NAN), 0);
        assert_eq!(whole(f64::INFINITY), 1 << 51);
        assert_eq!(whole(-2.6), -3);
        assert_eq!(float32_bits(f64::NAN), 0x7FC0_0000);
        assert_eq!(float32_bits(1e300), 0x7F80_0000);
        assert_eq!(float32_bits(-1e-300), 0x8000_0000);
        assert_eq!(float32_bits(100_000.0), 100_000.0_f32.to_bits());
        assert_eq!(signed_word(-40_000), 0x8001);
        assert_eq!(unsigned_word(70_000), 65_534);
        assert_eq!(wrapped32(i64::from(u32::MAX) + 3), 2);
    }

    proptest! {
        #[test]
        fn integers_survive_the_way_through_floating_point(x in -(1_i64 << 51)..(1_i64 << 51)) {
            prop_assert_eq!(whole(float(x)), x);
        }

        #[test]
        fn float32_is_the_nearest(thousandths in any::<i32>()) {
            let x = f64::from(thousandths) / 1_000.0;
            let nearest: f32 = format!("{x:e}").parse().expect("a number");
            prop_assert_eq!(float32_bits(x), nearest.to_bits());
        }

        #[test]
        fn a_float32_is_left_as_it_is(bits: u32) {
            let x = f32::from_bits(bits);
            prop_assume!(x.is_normal());
            prop_assert_eq!(float32_bits(f64::from(x)), bits);
        }

        #[test]
        fn noise_keeps_within_its_limits(seed: u64, at: u64) {
            prop_assert!(noise(&[seed, at]).abs() <= 1.0);
            prop_assert_eq!(noise(&[seed, at]).to_bits(), noise(&[seed, at]).to_bits());
        }
    }
}
