//! Which slots are drawn, left empty, or hatched, and the words for that.

use acts::look::{BucketView, TotalsView};
use energy::calendar::{Kind, Period};
use expect_test::expect;
use units::{Instant, Span};

use super::{Slots, silent};
use crate::charts::stack::{Shape, Slot, Stack, Sure};
use crate::home::samples::{afternoon, day, known, unknown, view};

/// The slots of a day whose first quarters are these, seen at some minute of it.
fn slots(parts: &[TotalsView], minute: i64) -> Vec<Slot> {
    let (zone, now) = afternoon();
    let period = Period::holding(Kind::Day, zone.date_of(now));
    let (from, to) = period.bounds(&zone);
    let bucket = |(index, totals): (i64, &TotalsView)| BucketView {
        from_ms: (from + Span::QUARTER.times(index)).as_millis(),
        to_ms: (from + Span::QUARTER.times(index + 1)).as_millis(),
        totals: totals.clone(),
    };
    let parts = (0..).zip(parts).map(bucket).collect();
    let view = view(period, (from, to, from + Span::MINUTE.times(minute)), parts, None);
    Slots::of(&view, period.edges(&zone))
        .slots
        .into_iter()
        .take(4)
        .collect()
}

#[test]
fn energy_of_a_quarter_becomes_its_power() {
    let drawn = slots(&[known([250, 0, 50, 100, 0], 0, "measured")], 60);
    assert_eq!(drawn[0], Slot::Known([1_000, 0, 200, 400, 0], Sure::Measured));
    assert_eq!(drawn[1], Slot::Ahead);
}

#[test]
fn a_quarter_that_runs_is_scaled_by_what_is_over_and_left_out_at_first() {
    let part = [known([100, 0, 0, 0, 0], 0, "measured")];
    assert_eq!(
        slots(&part, 6)[0],
        Slot::Known([1_000, 0, 0, 0, 0], Sure::Measured)
    );
    assert_eq!(slots(&part, 4)[0], Slot::Ahead);
}

#[test]
fn what_is_missing_is_a_gap_unless_it_has_only_just_begun() {
    let parts = [unknown(), unknown()];
    assert_eq!(slots(&parts, 20)[..3], [Slot::Gap, Slot::Ahead, Slot::Ahead]);
}

#[test]
fn what_is_not_measured_is_hatched() {
    let parts = ["recovered", "estimated", "measured"].map(|quality| known([9, 0, 0, 0, 0], 0, quality));
    let sure = |slot: &Slot| matches!(slot, Slot::Known(_, Sure::Measured));
    assert_eq!(
        slots(&parts, 60)[..3].iter().map(sure).collect::<Vec<bool>>(),
        [false, false, true]
    );
}

#[test]
fn a_whole_day_that_was_filled_in_is_right_and_one_with_holes_is_hatched() {
    let (zone, now) = afternoon();
    let period = Period::holding(Kind::Week, zone.date_of(now));
    let edges = period.edges(&zone);
    let totals = [
        TotalsView {
            quarters: 96,
            ..known([9_000, 0, 0, 0, 0], 0, "recovered")
        },
        TotalsView {
            quarters: 96,
            missing: 3,
            ..known([9_000, 0, 0, 0, 0], 0, "measured")
        },
    ];
    let bucket = |(index, totals): (usize, TotalsView)| BucketView {
        from_ms: edges[index].as_millis(),
        to_ms: edges[index + 1].as_millis(),
        totals,
    };
    let parts = totals.into_iter().enumerate().map(bucket).collect();
    let view = view(period, (edges[0], edges[7], now), parts, None);
    let slots = Slots::of(&view, edges).slots;
    assert_eq!(slots[0], Slot::Known([9_000, 0, 0, 0, 0], Sure::Measured));
    assert_eq!(slots[1], Slot::Known([9_000, 0, 0, 0, 0], Sure::Partly));
}

#[test]
fn gaps_and_hatches_are_told_in_words() {
    let (zone, now) = afternoon();
    let (view, period) = day(&zone, now);
    let slots = Slots::of(&view, period.edges(&zone));
    let stack = Stack::draw(&slots.slots, Shape::Steps, 1_000);
    let told = slots
        .notes(
            (&stack.gaps, &stack.unsures),
            &zone,
            Instant::from_millis(view.until_ms),
        )
        .join("\n");
    expect![[r#"
        05:15–06:00: no meter gave word. The chart stays empty there.
        10:30–11:15: nobody could read the meter, but it counted on. The sum is right, its shape is not known; it is hatched."#]].assert_eq(&told);
}

#[test]
fn a_day_without_word_ends_at_24() {
    let (zone, now) = afternoon();
    let period = Period::holding(Kind::Day, zone.date_of(now)).previous();
    let (from, to) = period.bounds(&zone);
    let edges = period.edges(&zone);
    let silent = |pair: &[Instant]| BucketView {
        from_ms: pair[0].as_millis(),
        to_ms: pair[1].as_millis(),
        totals: unknown(),
    };
    let view = view(
        period,
        (from, to, now),
        edges.windows(2).map(silent).collect(),
        None,
    );
    let slots = Slots::of(&view, edges);
    let stack = Stack::draw(&slots.slots, Shape::Steps, 1_000);
    let notes = slots.notes((&stack.gaps, &stack.unsures), &zone, to);
    assert_eq!(
        notes,
        ["00:00–24:00: no meter gave word. The chart stays empty there."]
    );
}

#[test]
fn who_was_silent_is_told_by_what_is_known() {
    let some = |made: bool, street: bool, battery: bool| TotalsView {
        production_wh: made.then_some(1),
        import_wh: street.then_some(1),
        charge_wh: battery.then_some(1),
        ..unknown()
    };
    let told = [
        some(false, true, true),
        some(true, false, true),
        some(true, true, false),
        some(false, false, false),
        some(false, false, true),
    ];
    assert_eq!(
        told.each_ref().map(silent),
        ["gap-roof", "gap-street", "gap-battery", "gap-all", "gap-all"]
    );
}
