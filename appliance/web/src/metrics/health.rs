//! Whether the box does its main work: fresh readings come in and are written down.

use acts::look::BoxView;
use units::Span;

/// How long readings may wait to be written before that is an ailment.
const WRITTEN_WITHIN: Span = Span::from_secs(300);

/// What keeps the box from its main work, in sentences; nothing while it is well. `live_ms` is when the live state
/// was put together.
pub(super) fn ailments(view: &BoxView, live_ms: i64, fresh: Span) -> Vec<String> {
    let mut ailments = Vec::new();
    if let Some(trouble) = &view.store.trouble {
        ailments.push(format!("Nothing can be written to the store: {trouble}"));
    }
    let unwritten = view
        .now_ms
        .saturating_sub(view.store.last_commit_ms.unwrap_or(view.started_ms));
    if view.store.trouble.is_none() && view.store.waiting > 0 && unwritten > WRITTEN_WITHIN.as_millis() {
        let seconds = unwritten / 1_000;
        ailments.push(format!(
            "{} readings wait, and nothing was written for {seconds} s",
            view.store.waiting
        ));
    }
    let age = view.now_ms.saturating_sub(live_ms);
    if age > fresh.as_millis() {
        ailments.push(format!(
            "The live figures are {} s old; the part that renews them may have stopped",
            age / 1_000
        ));
    }
    ailments
}

#[cfg(test)]
mod tests {
    use acts::look::{BackupView, BoxView, KeptView, StoreView};
    use units::Span;

    use super::ailments;

    fn the_box(trouble: Option<&str>, last_commit_ms: Option<i64>, waiting: u64) -> BoxView {
        BoxView {
            version: String::new(),
            place: String::new(),
            now_ms: 1_000_000,
            started_ms: 500_000,
            buses: Vec::new(),
            tasks: Vec::new(),
            store: StoreView {
                file_bytes: 0,
                last_commit_ms,
                commit_took_ms: 0,
                commits: 0,
                card_bytes: None,
                waiting,
                trouble: trouble.map(str::to_owned),
                kept: KeptView::default(),
                backup: BackupView::default(),
            },
            troubles: Vec::new(),
        }
    }

    #[test]
    fn each_ailment_has_its_sentence() {
        let fresh = Span::from_secs(30);
        assert_eq!(
            ailments(&the_box(Some("the card is full"), None, 9), 990_000, fresh).len(),
            1
        );
        assert_eq!(
            ailments(&the_box(None, Some(600_000), 9), 990_000, fresh).len(),
            1
        );
        assert_eq!(ailments(&the_box(None, None, 9), 0, fresh).len(), 2);
    }

    #[test]
    fn a_box_that_has_nothing_to_write_is_well() {
        assert!(ailments(&the_box(None, None, 0), 990_000, Span::from_secs(30)).is_empty());
        assert!(ailments(&the_box(None, Some(990_000), 9), 1_000_500, Span::from_secs(30)).is_empty());
    }
}
