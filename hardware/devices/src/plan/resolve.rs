//! From the values a SunSpec profile wants and the chain a device has, to points with addresses.

use units::PointName;

use crate::coding::{Coding, Scale, Sentinel, WordOrder};
use crate::frame::Function;
use crate::profile::{Point, Stretch, Wanted};
use crate::sunspec::walk::{Chain, Found};
use crate::sunspec::{self, Fact, Factor, Place, scales};

/// The points of a device, and the stretches of registers that its models fill. A value comes from the first of
/// its models that the device has.
pub(super) fn resolve(wanted: &[Wanted], chain: &Chain) -> (Vec<Point>, Vec<Stretch>) {
    let points = wanted
        .iter()
        .filter_map(|wanted| Some((wanted, source(wanted, chain)?)))
        .flat_map(|(wanted, (found, fact))| placed(wanted, found, fact))
        .collect();
    let stretches = chain
        .models
        .iter()
        .map(|found| Stretch {
            function: Function::Holding,
            first: found.address,
            last: found.address.saturating_add(found.length).saturating_add(1),
        })
        .collect();
    (points, stretches)
}

/// The first of the wanted models that the device has, with the point in it.
fn source<'a>(wanted: &Wanted, chain: &'a Chain) -> Option<(&'a Found, &'static Fact)> {
    wanted.models.iter().find_map(|id| {
        let found = chain.models.iter().find(|found| found.id == *id)?;
        let fact = sunspec::model(*id)?.point(&wanted.point)?;
        let end = u32::from(fact.offset) + u32::from(fact.size);
        (end <= u32::from(found.length) + 2).then_some((found, fact))
    })
}

/// The point with its address; in a repeating group one for each repetition.
fn placed(wanted: &Wanted, found: &Found, fact: &Fact) -> Vec<Point> {
    let Some(scale) = scales::scale(fact.unit, wanted.unit) else {
        return Vec::new();
    };
    let step = sunspec::model(found.id)
        .and_then(|model| model.group)
        .map_or(0, |group| group.length);
    let times = match fact.place {
        Place::Fixed => 1,
        Place::Repeated => found.repeats,
    };
    (0..times)
        .filter_map(|index| {
            let shift = index.checked_mul(step)?;
            let name = wanted.name.replace('#', &(index + 1).to_string());
            one(wanted, found, fact, scale, (PointName::parse(&name).ok()?, shift))
        })
        .collect()
}

fn one(wanted: &Wanted, found: &Found, fact: &Fact, scale: Scale, named: (PointName, u16)) -> Option<Point> {
    let (name, shift) = named;
    let at = |offset: u16, place: Place| {
        let base = found.address.checked_add(offset)?;
        match place {
            Place::Fixed => Some(base),
            Place::Repeated => base.checked_add(shift),
        }
    };
    let factor_at = match fact.factor {
        Factor::Point { offset, place, .. } => Some(at(offset, place)?),
        _ => None,
    };
    let coding = Coding {
        kind: fact.kind,
        order: WordOrder::HighFirst,
        scale: constant(scale, fact.factor),
        sentinel: Sentinel::Usual,
        sign: wanted.sign,
    };
    Some(Point {
        name,
        quantity: wanted.quantity,
        unit: wanted.unit,
        function: Function::Holding,
        address: at(fact.offset, fact.place)?,
        coding,
        factor_at,
        class: wanted.class,
        counter_modulus: factor_at.map_or_else(|| coding.modulus(0), |_| None),
        opposite: wanted.opposite.clone(),
        grade: wanted.grade,
        source: wanted.source.clone(),
    })
}

/// A scale with SunSpec's constant factor worked in.
fn constant(scale: Scale, factor: Factor) -> Scale {
    let Factor::Constant(exponent) = factor else {
        return scale;
    };
    let power = 10_u32.saturating_pow(u32::from(exponent.unsigned_abs()));
    if exponent < 0 {
        Scale {
            multiply: scale.multiply,
            divide: scale.divide.saturating_mul(power),
        }
    } else {
        Scale {
            multiply: scale.multiply.saturating_mul(power),
            divide: scale.divide,
        }
    }
}
