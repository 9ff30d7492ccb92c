//! What stands around the sentence: how fresh it is, who is silent since when and why, the inverter at night.

use acts::look::PowerView;
use askama::Template;
use expect_test::expect;
use units::Span;

use super::{Now, fresh, notes};
use crate::home::samples::{afternoon, night, roof_silent, sunny};

#[test]
fn freshness_is_always_told() {
    let (zone, now) = afternoon();
    let aged = |seconds| PowerView {
        measured_ms: Some((now - Span::from_secs(seconds)).as_millis()),
        ..sunny(now)
    };
    assert_eq!(
        fresh(&aged(2), &zone, now),
        "Measured 2 seconds ago, Tuesday 14:10."
    );
    assert_eq!(fresh(&aged(0), &zone, now), "Measured just now, Tuesday 14:10.");
    assert_eq!(fresh(&roof_silent(now), &zone, now), "It is Tuesday 14:10.");
}

#[test]
fn who_is_silent_is_named_with_since_when_and_why() {
    let (zone, now) = afternoon();
    let yesterday = (now - Span::HOUR.times(20)).as_millis();
    let missing = vec![
        (
            "Roof".to_owned(),
            Some((now - Span::from_secs(300)).as_millis()),
            "no answer in time.".to_owned(),
        ),
        (
            "Battery".to_owned(),
            Some(yesterday),
            "the line is down".to_owned(),
        ),
        (
            "Street meter".to_owned(),
            None,
            "it has not answered yet".to_owned(),
        ),
    ];
    let told = notes(
        &PowerView {
            missing,
            ..sunny(now)
        },
        &zone,
        now,
    )
    .join("\n");
    expect![[r#"
        No word from Roof since 14:05, because: no answer in time.
        No word from Battery since Monday 15 June, 18:10, because: the line is down.
        No word from Street meter yet, because: it has not answered yet."#]]
    .assert_eq(&told);
}

#[test]
fn what_an_inverter_draws_at_night_is_explained() {
    let (zone, now) = afternoon();
    let drawing = notes(&night(now), &zone, now).join("\n");
    let sleeping = notes(
        &PowerView {
            roof_draws_w: None,
            ..night(now)
        },
        &zone,
        now,
    )
    .join("\n");
    expect![[r#"
        The inverter itself uses 3 W while the roof makes nothing; that is not counted as made.
        The inverter sleeps until it is light again. That is no fault."#]]
    .assert_eq(&format!("{drawing}\n{sleeping}"));
}

#[test]
fn without_any_meter_there_is_no_picture() {
    let (zone, now) = afternoon();
    let nothing = PowerView {
        has_production: false,
        has_battery: false,
        has_grid: false,
        ..sunny(now)
    };
    let html = Now::new(&nothing, &zone, now).render().expect("it renders");
    assert!(
        !html.contains("<svg") && html.contains("No meters are set up yet"),
        "{html}"
    );
}
