//! Where the sun stands and what it sends down through a clear sky.
//!
//! Position: the Astronomical Almanac's low-precision formulae (about 0.01 degrees, 1950-2050). Clear sky:
//! B. Haurwitz, "Insolation in relation to cloud type", J. Meteorology 5 (1948). Both are plenty for a roof.

/// Seconds from 1970 to noon of 2000-01-01, from where the formulae count days.
const J2000: f64 = 946_728_000.0;

/// Where the sun stands, in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Height above the horizon, without the air's refraction; negative at night.
    pub elevation: f64,
    /// Direction, clockwise from north.
    pub azimuth: f64,
}

/// What reaches a roof under a clear sky, in watts per square metre of roof.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Clear {
    /// Straight from the sun.
    pub(crate) beam: f64,
    /// From the sky and the ground.
    pub(crate) diffuse: f64,
}

/// Where the sun stands at `second` (since 1970) over a place given in degrees, north and east positive.
pub fn position(second: i64, latitude: f64, longitude: f64) -> Position {
    let days = (crate::number::float(second) - J2000) / 86_400.0;
    let anomaly = (357.529 + 0.985_600_28 * days).to_radians();
    let mean = 280.459 + 0.985_647_36 * days;
    let ecliptic = (mean + 1.915 * anomaly.sin() + 0.020 * (2.0 * anomaly).sin()).to_radians();
    let tilt = (23.439 - 0.000_000_36 * days).to_radians();
    let ascension = (tilt.cos() * ecliptic.sin()).atan2(ecliptic.cos());
    let declination = (tilt.sin() * ecliptic.sin()).asin();
    let sidereal_hours = (18.697_374_558 + 24.065_709_824_419_08 * days).rem_euclid(24.0);
    let hour_angle = (sidereal_hours * 15.0 + longitude).to_radians() - ascension;
    let north = latitude.to_radians();
    let height = north.sin() * declination.sin() + north.cos() * declination.cos() * hour_angle.cos();
    let east = -hour_angle.sin() * declination.cos();
    let towards_north = declination.sin() * north.cos() - declination.cos() * north.sin() * hour_angle.cos();
    Position {
        elevation: height.clamp(-1.0, 1.0).asin().to_degrees(),
        azimuth: east.atan2(towards_north).to_degrees().rem_euclid(360.0),
    }
}

/// What a clear sky sends onto level ground, W/m² (Haurwitz).
pub(crate) fn clear_sky(elevation: f64) -> f64 {
    let height = elevation.to_radians().sin();
    if height <= 0.0 {
        0.0
    } else {
        1_098.0 * height * (-0.059 / height).exp()
    }
}

/// What a clear sky sends onto a roof that is tilted by `tilt` degrees and looks towards `facing` (degrees
/// clockwise from north).
pub(crate) fn onto_roof(sun: Position, tilt: f64, facing: f64) -> Clear {
    let level = clear_sky(sun.elevation);
    let height = sun.elevation.to_radians().sin();
    if level <= 0.0 {
        return Clear::default();
    }
    // The lower the sun, the more of its light comes scattered: an eighth at noon, two thirds near the
    // horizon.
    let scattered = 0.11 + 0.55 * (-4.0 * height).exp();
    let (slope, turn) = (tilt.to_radians(), (sun.azimuth - facing).to_radians());
    let straight = height * slope.cos() + sun.elevation.to_radians().cos() * slope.sin() * turn.cos();
    // Near the horizon the ratio would grow without limit, and hills and houses stand in the way.
    let ratio = straight.max(0.0) / height.max(0.06);
    let seen_sky = (1.0 + slope.cos()) / 2.0;
    let ground = 0.2 * (1.0 - slope.cos()) / 2.0;
    Clear {
        beam: level * (1.0 - scattered) * ratio,
        diffuse: level * (scattered * seen_sky + ground),
    }
}

#[cfg(test)]
mod tests {
    use super::{Position, clear_sky, onto_roof, position};

    /// Made by `data/sun_positions.py` with PyPI's pvlib.
    const TABLE: &str = include_str!("../data/sun_positions.csv");

    #[test]
    fn the_sun_stands_where_pvlib_says() {
        let rows: Vec<Vec<f64>> = TABLE
            .lines()
            .skip(1)
            .map(|line| {
                line.split(',')
                    .map(|cell| cell.parse().expect("a number"))
                    .collect()
            })
            .collect();
        assert!(rows.len() >= 50, "the table has {} rows", rows.len());
        for row in rows {
            let sun = position(crate::number::whole(row[0]), row[1], row[2]);
            assert!((sun.elevation - row[3]).abs() < 0.1, "{row:?}: {sun:?}");
            let turned = (sun.azimuth - row[4] + 180.0).rem_euclid(360.0) - 180.0;
            // Near the zenith a small difference of place is a large one of direction.
            assert!(
                turned.abs() * sun.elevation.to_radians().cos() < 0.1,
                "{row:?}: {sun:?}"
            );
            assert!((clear_sky(row[3]) - row[5]).abs() < 0.2, "{row:?}");
        }
    }

    #[test]
    fn a_southern_roof_wins_in_winter_and_has_nothing_at_night() {
        let low = Position {
            elevation: 15.0,
            azimuth: 180.0,
        };
        let roof = onto_roof(low, 30.0, 180.0);
        assert!(roof.beam + roof.diffuse > 1.3 * clear_sky(15.0));
        let north = onto_roof(low, 30.0, 0.0);
        assert!(north.beam < 1.0 && north.diffuse > 0.0);
        let night = Position {
            elevation: -3.0,
            azimuth: 300.0,
        };
        assert_eq!(onto_roof(night, 30.0, 180.0), super::Clear::default());
    }
}
