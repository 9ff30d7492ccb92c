//! When a backup is due, and that nothing is written where a stick should be.

use acts::live::BackupPlaceLive;
use acts::site::BackupPlace;
use units::{Instant, Span};

use super::{Backups, Past, is_due, look_at};

const NOW: Instant = Instant::from_millis(1_781_615_400_000);

fn place(newest: Option<Instant>, trouble: Option<&str>) -> BackupPlaceLive {
    BackupPlaceLive {
        place: "/media/backup".to_owned(),
        is_stick: true,
        newest,
        count: 0,
        bytes: None,
        trouble: trouble.map(str::to_owned),
    }
}

#[test]
fn a_backup_is_due_once_a_day_and_six_hours_after_a_failure() {
    let hours = |hours: i64| NOW - Span::from_secs(hours * 3_600);
    let failed = |at| Past {
        failed: Some((at, "the stick is full".to_owned())),
        bytes: None,
    };
    assert!(is_due(&place(None, None), None, NOW));
    assert!(!is_due(&place(Some(hours(5)), None), None, NOW));
    assert!(is_due(&place(Some(hours(24)), None), None, NOW));
    assert!(!is_due(&place(None, Some("no stick")), None, NOW));
    let told = Some("the stick is full");
    assert!(!is_due(&place(None, told), Some(&failed(hours(1))), NOW));
    assert!(is_due(&place(None, told), Some(&failed(hours(7))), NOW));
    // A clock that was ahead when it failed does not keep it waiting.
    assert!(is_due(&place(None, told), Some(&failed(hours(-900))), NOW));
}

#[test]
fn without_a_stick_nothing_is_written_in_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let live = look_at(&BackupPlace::Stick(folder.path().to_owned()), None);
    assert!(live.trouble.expect("told").contains("Plug it in"));
    let live = look_at(&BackupPlace::Folder(folder.path().to_owned()), None);
    assert_eq!((live.trouble, live.count), (None, 0));
}

#[test]
fn a_box_without_a_place_says_what_to_write() {
    let why = Backups::default().make_one().expect_err("no place");
    assert!(why.contains("[backup]") && why.contains("hearth reload"));
}
