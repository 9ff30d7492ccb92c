//! Meters that were connected the wrong way round.

use units::Quantity;

use crate::coding::Sign;
use crate::profile::Point;

/// Makes the points of a meter that was connected the wrong way round those of one that was not.
pub(super) fn turn_round(points: &mut [Point]) {
    let names: Vec<_> = points
        .iter()
        .map(|point| (point.name.clone(), point.quantity))
        .collect();
    for point in points {
        if matches!(point.quantity, Quantity::Power | Quantity::PhasePower) {
            point.coding.sign = match point.coding.sign {
                Sign::AsIs => Sign::Inverted,
                Sign::Inverted => Sign::AsIs,
            };
        }
        let opposite = point
            .opposite
            .as_ref()
            .and_then(|opposite| names.iter().find(|(name, _)| name == opposite));
        if let Some((name, quantity)) = opposite {
            let own = std::mem::replace(&mut point.name, name.clone());
            point.opposite = Some(own);
            point.quantity = *quantity;
        }
    }
}
