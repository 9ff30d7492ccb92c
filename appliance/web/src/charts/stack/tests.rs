//! The stacked chart: its paths, its gaps, its hatch, and what must hold for any numbers.

use expect_test::{Expect, expect};

use super::{Layer, Shape, Slot, Stack, Sure, place};

const MEASURED: Sure = Sure::Measured;

fn check(slots: &[Slot], shape: Shape, wanted: &Expect) {
    let stack = Stack::draw(slots, shape, 1_000);
    let mut told = format!("grid {} of {} slots\n", stack.columns, stack.slots);
    let ticks: Vec<String> = stack
        .ticks
        .iter()
        .map(|tick| format!("{} at {}", tick.value, tick.y))
        .collect();
    told.push_str(&format!("ticks {}\n", ticks.join(", ")));
    for (layer, path) in &stack.layers {
        told.push_str(&format!("{} {path}\n", layer.name()));
    }
    told.push_str(&format!("use: {}.\nunsure: {}.\n", stack.line, stack.unsure));
    for gap in &stack.gaps {
        told.push_str(&format!(
            "gap {}..{} at {} wide {} to {}\n",
            gap.first, gap.end, gap.x, gap.width, gap.end_x
        ));
    }
    wanted.assert_eq(&told);
}

#[test]
fn steps_lie_on_each_other_and_a_gap_stays_empty() {
    let slots = [
        Slot::Known([0, 200, 300, 0, 0], MEASURED),
        Slot::Known([0, 0, 500, 0, 0], MEASURED),
        Slot::Gap,
        Slot::Known([400, 0, 0, 300, 100], Sure::Partly),
        Slot::Known([400, 0, 0, 300, 300], MEASURED),
        Slot::Ahead,
    ];
    check(
        &slots,
        Shape::Steps,
        &expect![[r#"
        grid 6 of 6 slots
        ticks 0 at 100%, 200 at 80%, 400 at 60%, 600 at 40%, 800 at 20%, 1000 at 0%
        sent-out M0 200v-100h2v100zM3 200v-160h1v-40h1v200z
        into-battery M0 200v-100h2v100zM3 200v-140h2v140z
        bought M0 200v-100h2v100zM3 200v-80h2v80z
        from-battery M0 200v-40h1v40zM3 200v-80h2v80z
        sun M3 200v-80h2v80z
        use: M0 100h2M3 120h2.
        unsure: M3 200v-160h1v160z.
        gap 2..3 at 33.33% wide 16.66% to 50%
    "#]],
    );
}

#[test]
fn bars_stand_apart_each_with_its_mark_of_use() {
    let slots = [
        Slot::Known([10_000, 2_000, 4_000, 3_000, 5_000], MEASURED),
        Slot::Known([0, 0, 9_000, 0, 0], MEASURED),
        Slot::Gap,
    ];
    check(
        &slots,
        Shape::Bars,
        &expect![[r#"
        grid 30 of 3 slots
        ticks 0 at 100%, 5000 at 80%, 10000 at 60%, 15000 at 40%, 20000 at 20%, 25000 at 0%
        sent-out M1 200v-192h8v192zM11 200v-72h8v72z
        into-battery M1 200v-152h8v152zM11 200v-72h8v72z
        bought M1 200v-128h8v128zM11 200v-72h8v72z
        from-battery M1 200v-96h8v96z
        sun M1 200v-80h8v80z
        use: M1 72h8M11 128h8.
        unsure: .
        gap 2..3 at 66.66% wide 33.33% to 100%
    "#]],
    );
}

#[test]
fn nothing_at_all_is_still_a_chart() {
    check(
        &[],
        Shape::Steps,
        &expect![[r#"
        grid 0 of 0 slots
        ticks 0 at 100%, 200 at 80%, 400 at 60%, 600 at 40%, 800 at 20%, 1000 at 0%
        use: .
        unsure: .
    "#]],
    );
    check(
        &[Slot::Ahead; 3],
        Shape::Steps,
        &expect![[r#"
        grid 3 of 3 slots
        ticks 0 at 100%, 200 at 80%, 400 at 60%, 600 at 40%, 800 at 20%, 1000 at 0%
        use: .
        unsure: .
    "#]],
    );
    check(
        &[Slot::Gap; 3],
        Shape::Bars,
        &expect![[r#"
        grid 30 of 3 slots
        ticks 0 at 100%, 200 at 80%, 400 at 60%, 600 at 40%, 800 at 20%, 1000 at 0%
        use: .
        unsure: .
        gap 0..3 at 0% wide 100% to 100%
    "#]],
    );
}

#[test]
fn what_is_below_nothing_is_drawn_as_nothing() {
    let stack = Stack::draw(&[Slot::Known([-5, 0, 100, 0, -7], MEASURED)], Shape::Steps, 100);
    let layers: Vec<&str> = stack.layers.iter().map(|layer| layer.0.name()).collect();
    assert_eq!(layers, ["bought"]);
    assert_eq!(stack.line, "M0 0h1");
}

#[test]
fn a_long_day_takes_no_more_room_than_its_steps_need() {
    let slot = |index: i64| {
        Slot::Known(
            [index % 7 * 100, 0, 200, index % 5 * 80, index % 3 * 50],
            MEASURED,
        )
    };
    let slots: Vec<Slot> = (0..100).map(slot).collect();
    let stack = Stack::draw(&slots, Shape::Steps, 1_000);
    let bytes: usize = stack.layers.iter().map(|layer| layer.1.len()).sum();
    assert!(bytes < 3_500, "{bytes} bytes for {} layers", stack.layers.len());
    let same = Stack::draw(
        &[Slot::Known([500, 0, 0, 0, 0], MEASURED); 100],
        Shape::Steps,
        1_000,
    );
    assert_eq!(same.layers, [(Layer::Sun, "M0 200v-100h100v100z".to_owned())]);
}

#[test]
fn places_are_percent_with_two_places_at_most() {
    let places = [(0, 96), (1, 96), (21, 96), (48, 96), (96, 96), (1, 0)];
    assert_eq!(
        places.map(|(slot, slots)| place(slot, slots)).join(" "),
        "0% 1.04% 21.87% 50% 100% 100%"
    );
}
