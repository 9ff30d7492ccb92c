//! The line of one value: below nothing, gaps, and a night that hardly shows.

use expect_test::{Expect, expect};

use super::{Line, Part};

fn part(min: i64, mean: i64, max: i64) -> Option<Part> {
    Some(Part { min, mean, max })
}

fn check(parts: &[Option<Part>], wanted: &Expect) {
    let line = Line::draw(parts, 200);
    let ticks: Vec<String> = line
        .ticks
        .iter()
        .map(|tick| format!("{} at {}", tick.value, tick.y))
        .collect();
    wanted.assert_eq(&format!(
        "{}\nband: {}.\nmean: {}.\n",
        ticks.join(", "),
        line.band,
        line.mean
    ));
}

#[test]
fn what_goes_out_lies_below_nothing() {
    let parts = [
        part(900, 1_000, 1_200),
        part(-100, 300, 800),
        None,
        part(-3_900, -3_000, -2_500),
    ];
    check(
        &parts,
        &expect![[r#"
        -4000 at 100%, -3000 at 83.33%, -2000 at 66.66%, -1000 at 50%, 0 at 33.33%, 1000 at 16.66%, 2000 at 0%
        band: M0 27h1v13h1v30h-1v-33h-1zM3 150h1v47h-1z.
        mean: M0 33h1v24h1M3 167h1.
    "#]],
    );
}

#[test]
fn a_hair_below_nothing_needs_no_half_of_the_picture() {
    check(
        &[part(-3, -3, -2), part(0, 3_000, 6_000)],
        &expect![[r#"
            0 at 100%, 1000 at 83.33%, 2000 at 66.66%, 3000 at 50%, 4000 at 33.33%, 5000 at 16.66%, 6000 at 0%
            band: M0 200h1v-200h1v200h-2z.
            mean: M0 200h1v-100h1.
        "#]],
    );
}

#[test]
fn nothing_and_only_gaps() {
    check(
        &[],
        &expect![[r#"
        0 at 100%, 50 at 0%
        band: .
        mean: .
    "#]],
    );
    check(
        &[None, None],
        &expect![[r#"
        0 at 100%, 50 at 0%
        band: .
        mean: .
    "#]],
    );
    check(
        &[part(-3, -3, -2)],
        &expect![[r#"
        -50 at 100%, 0 at 0%
        band: M0 8h1v4h-1z.
        mean: M0 12h1.
    "#]],
    );
}
