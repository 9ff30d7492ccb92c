//! How high the sun stands, to half a degree: enough to tell night from day. The only floating point of this
//! crate; it goes in and out as whole numbers.

use units::{Instant, Span};

/// A place on earth in thousandths of a degree, north and east positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Latitude, -90,000 to 90,000.
    pub latitude: i32,
    /// Longitude, -180,000 to 180,000.
    pub longitude: i32,
}

/// 2000-01-01 12:00 UTC, from which astronomers count.
const EPOCH: Instant = Instant::from_millis(946_728_000_000);

/// How high the centre of the sun stands above the horizon, in tenths of a degree; negative at night. The
/// bending of its light by the air is left out.
pub fn elevation_decidegrees(place: Place, at: Instant) -> i32 {
    let since = at.since(EPOCH).as_millis();
    let day = Span::DAY.as_millis();
    let days = whole(since.div_euclid(day)) + whole(since.rem_euclid(day)) / whole(day);
    let anomaly = (357.529 + 0.985_600_28 * days).to_radians();
    let mean = 280.459 + 0.985_647_36 * days;
    let longitude = (mean + 1.915 * anomaly.sin() + 0.020 * (2.0 * anomaly).sin()).to_radians();
    let tilt = (23.439 - 0.000_000_36 * days).to_radians();
    let ascension = (tilt.cos() * longitude.sin()).atan2(longitude.cos());
    let declination = (tilt.sin() * longitude.sin()).asin();
    let sidereal = (280.460_62 + 360.985_647_37 * days + f64::from(place.longitude) / 1_000.0).to_radians();
    let hour_angle = sidereal - ascension;
    let latitude = (f64::from(place.latitude) / 1_000.0).to_radians();
    let height = latitude.sin() * declination.sin() + latitude.cos() * declination.cos() * hour_angle.cos();
    nearest(height.clamp(-1.0, 1.0).asin().to_degrees() * 10.0)
}

/// A whole number as a float; numbers beyond 32 bits stop there (days and milliseconds of a day do not reach it).
fn whole(number: i64) -> f64 {
    f64::from(i32::try_from(number).unwrap_or(i32::MAX))
}

/// The whole number from -900 to 900 that is nearest.
fn nearest(number: f64) -> i32 {
    let rounded = number.round();
    (-900..=900)
        .rev()
        .find(|whole| f64::from(*whole) <= rounded)
        .unwrap_or(-900)
}
