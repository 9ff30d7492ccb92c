//! The hours behind the question mark of a day.

use super::{Hours, Zoom};

fn hours(from: Option<&str>, to: Option<&str>) -> Result<Option<Hours>, String> {
    let zoom = Zoom {
        from: from.map(str::to_owned),
        to: to.map(str::to_owned),
    };
    zoom.hours().map_err(|error| error.to_string())
}

#[test]
fn hours_that_make_no_sense_are_refused_in_words() {
    for (from, to) in [
        ("6", "6"),
        ("12", "6"),
        ("0", "25"),
        ("-1", "6"),
        ("six", "12"),
        ("", "12"),
        ("300", "301"),
    ] {
        let refused = hours(Some(from), Some(to)).expect_err(from);
        assert!(refused.starts_with("Choose hours from 0 to 24"), "{refused}");
    }
}

#[test]
fn one_end_may_be_left_out() {
    assert_eq!(hours(None, None), Ok(None));
    assert_eq!(hours(Some("6"), None), Ok(Some(Hours { from: 6, to: 24 })));
    assert_eq!(hours(None, Some("6")), Ok(Some(Hours { from: 0, to: 6 })));
    assert_eq!(hours(Some("6"), Some("12")), Ok(Some(Hours { from: 6, to: 12 })));
}
