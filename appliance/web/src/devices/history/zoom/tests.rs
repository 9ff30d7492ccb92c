//! From ten years down to a minute and back, in zones with clocks that change and that are half an hour off.

use acts::look::Grain;
use energy::calendar::{Date, Zone};
use units::{Instant, Span};

use super::{Window, Zoom};

fn zone(name: &str) -> Zone {
    Zone::parse(name).expect("a zone")
}

fn moments(zone: &Zone) -> Vec<Instant> {
    let day = |year, month, day| zone.start_of(Date::new(year, month, day).expect("a day"));
    vec![
        day(2026, 6, 16) + Span::from_secs(50_000),
        day(2026, 3, 29) + Span::from_secs(4_000),
        day(2026, 10, 25) + Span::from_secs(8_000),
        day(2024, 2, 29),
        day(2025, 12, 31) + Span::from_secs(86_399),
    ]
}

#[test]
fn every_step_closer_and_wider_holds_the_same_moment() {
    for name in ["Europe/London", "Asia/Kolkata", "Australia/Lord_Howe"] {
        let zone = zone(name);
        for at in moments(&zone) {
            for zoom in Zoom::all() {
                let window = Window::holding(zoom, at, &zone);
                assert!(window.from <= at && at < window.to, "{name} {zoom:?}");
                assert_eq!(Window::holding(zoom, window.nearest(at), &zone), window);
                let before = Window::holding(zoom, window.earlier(&zone), &zone);
                let after = Window::holding(zoom, window.later(&zone), &zone);
                assert_eq!(
                    (before.to, after.from),
                    (window.from, window.to),
                    "{name} {zoom:?}"
                );
                assert!(before.from < window.from && after.to > window.to);
                if let Some(closer) = zoom.closer() {
                    assert_eq!(closer.wider(), Some(zoom));
                }
            }
        }
    }
}

#[test]
fn parts_fill_their_window_without_a_hole() {
    let zone = zone("Europe/London");
    for at in moments(&zone) {
        for zoom in Zoom::all() {
            for finest in [Grain::Readings, Grain::Minutes, Grain::Quarters] {
                for spacing in [1, 10, 60, 300, 900] {
                    let window = Window::holding(zoom, at, &zone);
                    let parts = window.parts(&zone, finest, Span::from_secs(spacing));
                    assert_eq!(parts.edges.first(), Some(&window.from));
                    assert_eq!(parts.edges.last(), Some(&window.to));
                    assert!(parts.edges.windows(2).all(|pair| pair[0] < pair[1]), "{zoom:?}");
                    assert!(
                        (2..=900).contains(&parts.edges.len()),
                        "{zoom:?} {}",
                        parts.edges.len()
                    );
                }
            }
        }
    }
}

#[test]
fn windows_within_touch_each_other() {
    let zone = zone("Europe/London");
    for at in moments(&zone) {
        for (zoom, count) in [
            (Zoom::Decade, 10),
            (Zoom::Year, 12),
            (Zoom::Week, 7),
            (Zoom::Hour, 12),
        ] {
            assert_eq!(
                Window::holding(zoom, at, &zone).inner(&zone).len(),
                count,
                "{zoom:?}"
            );
        }
        let hours = Window::holding(Zoom::Day, at, &zone).inner(&zone);
        assert!((23..=25).contains(&hours.len()));
        assert!(hours.windows(2).all(|pair| pair[0].to == pair[1].from));
    }
}
