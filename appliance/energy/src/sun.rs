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

#[cfg(test)]
mod tests {
    use units::Instant;

    use super::{Place, elevation_decidegrees};

    /// Latitude, longitude, seconds since 1970, and the height in tenths of a degree by the ephemeris of the
    /// Python package `ephem` (without air), at places and times drawn by lot.
    const SKY: [(i32, i32, i64, i32); 40] = [
        (4890, -100912, 1794561799, -452),
        (-67343, -142023, 2097482645, -458),
        (-55325, 11726, 1071236538, 468),
        (53021, -67437, 1027206124, 125),
        (-57470, 47355, 1844702669, -398),
        (-61688, -53824, 1141489516, 342),
        (64453, 42570, 1073623643, -108),
        (68230, -115093, 1426086828, 41),
        (72829, -147567, 1798549642, -337),
        (-67001, -64090, 1046720344, 217),
        (65926, -110179, 1568616011, -210),
        (29874, -104369, 2107798902, 483),
        (-49122, 119323, 1609144476, 319),
        (66868, 177565, 1334791749, 340),
        (-52985, 124925, 1350134754, -238),
        (17621, -128919, 2122957076, -471),
        (-63541, 115891, 1074677338, 243),
        (-26010, 80264, 2088545329, -159),
        (32090, -15297, 1946557192, 578),
        (73501, 57599, 1723177004, 235),
        (-1418, -49753, 1332730957, -844),
        (-16012, -137085, 1591464874, 251),
        (57677, 79583, 1684293222, 366),
        (37659, -29038, 1103882471, 78),
        (-49050, 88400, 1844596724, -161),
        (-36757, -665, 1273069098, 276),
        (48178, 41091, 1030881739, 369),
        (-59653, 112592, 1620452454, 117),
        (9161, 3594, 2013285797, -685),
        (72016, 59182, 1094352104, 95),
        (-55465, -38475, 1964803220, 104),
        (-62961, -148192, 1611561573, -45),
        (71505, 177164, 1903691064, -33),
        (-5395, 22265, 1691872926, -605),
        (-74086, 62061, 1710038164, 61),
        (-35948, 140297, 1198146108, -56),
        (49418, -149091, 1415282429, -282),
        (-4652, -112189, 1478433601, -159),
        (24306, 24970, 2012924830, -265),
        (-58877, -92777, 1911307393, 3),
    ];

    #[test]
    fn the_sun_stands_where_astronomers_see_it() {
        for (latitude, longitude, seconds, height) in SKY {
            let place = Place { latitude, longitude };
            let ours = elevation_decidegrees(place, Instant::from_millis(seconds * 1_000));
            assert!(
                (ours - height).abs() <= 5,
                "{place:?} at {seconds}: {ours}, not {height}"
            );
        }
    }

    #[test]
    fn vienna_at_midsummer() {
        let vienna = Place {
            latitude: 48_208,
            longitude: 16_372,
        };
        let noon = elevation_decidegrees(vienna, Instant::from_millis(1_782_039_600_000));
        assert!((651..=653).contains(&noon), "{noon}");
        assert!(elevation_decidegrees(vienna, Instant::from_millis(1_782_000_000_000)) < 0);
        for at in [i64::MIN, i64::MAX] {
            assert!(elevation_decidegrees(vienna, Instant::from_millis(at)).abs() <= 900);
        }
    }
}
