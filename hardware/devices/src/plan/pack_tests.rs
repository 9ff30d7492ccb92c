//! The laws of packing: every request legal, every point once, no two equally long, never dearer than one by one.

use std::collections::BTreeSet;

use proptest::prelude::*;
use units::{PointName, Quantity, Unit};

use super::pack::{Block, Limits, LineCost, fits, pack};
use crate::coding::{Coding, Kind};
use crate::frame::{Function, Request};
use crate::profile::{Class, Grade, Point, Stretch};

const COST: LineCost = LineCost {
    byte_us: 1_042,
    overhead_bytes: 13,
    turnaround_us: 30_000,
};

fn point(function: Function, address: u16, kind: Kind, factor_at: Option<u16>, class: Class) -> Point {
    Point {
        name: PointName::parse(&format!("p{address}")).expect("a good name"),
        quantity: Quantity::Other,
        unit: Unit::Count,
        function,
        address,
        coding: Coding::plain(kind),
        factor_at,
        class,
        counter_modulus: None,
        opposite: None,
        grade: Grade::U,
        source: "a test".to_owned(),
    }
}

fn inputs(addresses: &[u16]) -> Vec<Point> {
    addresses
        .iter()
        .map(|address| point(Function::Input, *address, Kind::Float32, None, Class::Fast))
        .collect()
}

fn packed(points: &[Point], largest_block: u16, stretches: &[Stretch], cost: LineCost) -> Vec<(u16, u16)> {
    let limits = Limits {
        largest_block,
        granule: 1,
        stretches,
    };
    requests(points, limits, cost)
}

fn requests(points: &[Point], limits: Limits<'_>, cost: LineCost) -> Vec<(u16, u16)> {
    pack(points, limits, cost)
        .iter()
        .map(|block| (block.address, block.count))
        .collect()
}

fn stretch(first: u16, last: u16) -> Stretch {
    Stretch {
        function: Function::Input,
        first,
        last,
    }
}

#[test]
fn a_hole_is_read_where_it_is_cheaper_than_a_request() {
    // At 30 ms of turnaround and 13 bytes a request costs as much as 20 registers; without turnaround, as 6.
    assert_eq!(packed(&inputs(&[0, 22]), 80, &[], COST), [(0, 24)]);
    assert_eq!(packed(&inputs(&[0, 24]), 80, &[], COST), [(0, 2), (24, 3)]);
    let quick = LineCost {
        turnaround_us: 0,
        ..COST
    };
    assert_eq!(packed(&inputs(&[0, 8]), 80, &[], quick), [(0, 10)]);
    assert_eq!(packed(&inputs(&[0, 9]), 80, &[], quick), [(0, 2), (9, 3)]);
}

#[test]
fn holes_are_read_only_where_the_device_is_known_to_answer() {
    let points = inputs(&[0, 4, 8]);
    assert_eq!(packed(&points, 80, &[stretch(0, 5)], COST), [(0, 6), (8, 2)]);
    // A request is lengthened inside of the stretch that has room for it.
    let points = inputs(&[0, 100]);
    assert_eq!(
        packed(&points, 80, &[stretch(0, 1), stretch(90, 101)], COST),
        [(0, 2), (99, 3)]
    );
}

#[test]
fn the_largest_block_is_never_exceeded() {
    let run: Vec<u16> = (0..40).map(|index| index * 2).collect();
    assert_eq!(packed(&inputs(&run), 80, &[], COST), [(0, 80)]);
    // Two requests of 40 registers each would be equally long.
    assert_eq!(packed(&inputs(&run), 50, &[], COST), [(0, 30), (30, 50)]);
    assert_eq!(packed(&inputs(&run), 40, &[], COST), [(0, 4), (4, 38), (42, 39)]);
    assert_eq!(packed(&inputs(&[0]), 1, &[], COST), []);
}

#[test]
fn requests_grow_in_whole_granules() {
    let limits = |stretches| Limits {
        largest_block: 81,
        granule: 2,
        stretches,
    };
    assert_eq!(requests(&inputs(&[0, 24]), limits(&[]), COST), [(0, 2), (24, 4)]);
    // A stretch that begins or ends within a granule has room for whole ones only.
    let stretches = [stretch(0, 1), stretch(89, 101), stretch(200, 206)];
    assert_eq!(
        requests(&inputs(&[0, 100, 204]), limits(&stretches), COST),
        [(0, 2), (96, 6), (202, 4)]
    );
    let run: Vec<u16> = (0..41).map(|index| index * 2).collect();
    assert_eq!(requests(&inputs(&run), limits(&[]), COST), [(0, 2), (2, 80)]);
}

#[test]
fn a_value_stays_with_its_scale_factor() {
    let points = [
        point(Function::Holding, 11, Kind::U16, Some(56), Class::Fast),
        point(Function::Holding, 47, Kind::I16, Some(63), Class::Fast),
    ];
    assert_eq!(packed(&points, 125, &[], COST), [(11, 53)]);
    // The two spans of 46 and 17 words cannot share 50 words.
    assert_eq!(packed(&points, 50, &[], COST), [(11, 46), (47, 17)]);
}

#[test]
fn the_end_of_the_registers_is_kept() {
    let counts = packed(&inputs(&[65_534, 0]), 80, &[], COST);
    assert_eq!(counts, [(0, 2), (65_533, 3)]);
}

/// A granule, and points that are made of whole ones.
fn granule_and_points() -> impl Strategy<Value = (u16, Vec<Point>)> {
    prop::sample::select(vec![1, 2, 4]).prop_flat_map(|granule| (Just(granule), any_points(granule)))
}

fn any_points(granule: u16) -> impl Strategy<Value = Vec<Point>> {
    let kinds = [Kind::U16, Kind::Float32, Kind::U64];
    let whole = |kind: &Kind| kind.words().is_multiple_of(granule);
    let kind = prop::sample::select(kinds.into_iter().filter(whole).collect::<Vec<_>>());
    let place = (
        0_u16..60,
        0_u16..40,
        prop::option::of(0_u16..20),
        any::<(bool, bool)>(),
    );
    prop::collection::vec((kind, place), 1..25).prop_map(move |rows| {
        let mut at = 100_u16;
        let mut points = Vec::new();
        for (kind, (gap, far, factor, (input, slow))) in rows {
            at = (at + gap * u16::from(gap > 45) + far % 3).next_multiple_of(granule);
            let function = if input { Function::Input } else { Function::Holding };
            let class = if slow { Class::Slow } else { Class::Fast };
            points.push(point(
                function,
                at,
                kind,
                factor.filter(|_| granule == 1).map(|offset| at + offset),
                class,
            ));
            at += kind.words();
        }
        points
    })
}

fn cost_of(blocks: &[Block], cost: LineCost) -> u64 {
    blocks.iter().map(|block| cost.request_us(block.count)).sum()
}

proptest! {
    #[test]
    fn packing_keeps_its_laws(
        (granule, points) in granule_and_points(),
        largest_block in 60_u16..=125,
        turnaround_us in 0_u32..200_000,
        known in any::<bool>(),
    ) {
        let cost = LineCost { turnaround_us, ..COST };
        let stretches = [stretch(90, 400), stretch(401, 900)];
        let limits = Limits { largest_block, granule, stretches: if known { &stretches } else { &[] } };
        let blocks = pack(&points, limits, cost);

        let mut seen = BTreeSet::new();
        let mut counts = BTreeSet::new();
        for block in &blocks {
            let request = Request {
                unit: 1,
                function: block.function,
                address: block.address,
                count: block.count,
            };
            prop_assert!(request.is_possible() && block.count <= largest_block, "{:?}", block);
            prop_assert!(block.address % granule == 0 && block.count % granule == 0, "{:?}", block);
            prop_assert!(counts.insert((block.function, block.count)), "equally long: {:?}", blocks);
            let last = block.address + (block.count - 1);
            for index in &block.points {
                let point = &points[*index];
                prop_assert!(seen.insert(*index), "twice: {}", index);
                prop_assert_eq!((point.function, point.class), (block.function, block.class));
                let inside = |address: u16| (block.address..=last).contains(&address);
                prop_assert!(inside(point.address) && inside(point.last_address()));
                prop_assert!(point.factor_at.is_none_or(inside));
            }
        }
        let legal = (0..points.len()).filter(|index| fits(&points[*index], largest_block));
        prop_assert_eq!(seen, legal.clone().collect::<BTreeSet<_>>());

        let alone: u64 = legal
            .map(|index| pack(&points[index..=index], limits, cost))
            .map(|blocks| cost_of(&blocks, cost))
            .sum();
        // Requests that were lengthened to differ cost a few words more.
        let words = u64::try_from(blocks.len() * blocks.len()).expect("few");
        prop_assert!(cost_of(&blocks, cost) <= alone + words * 2 * u64::from(granule) * u64::from(cost.byte_us));
    }
}
