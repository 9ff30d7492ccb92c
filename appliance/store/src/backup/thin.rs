//! Thinning: the newest backup of each of the last days, weeks, months and years is kept, the others go, and with them the
//! packs that no other backup needs.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use energy::calendar::{Kind, Period, Zone};
use units::Instant;

use super::BackupError;
use super::manifest::{PackFile, packs_of};
use super::places::list;
use super::stick::{RealStick, Stick};

/// Of how many of each the newest backup is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thinning {
    /// Days.
    pub days: usize,
    /// Weeks, which begin on Monday.
    pub weeks: usize,
    /// Months.
    pub months: usize,
    /// Years.
    pub years: usize,
}

impl Default for Thinning {
    fn default() -> Self {
        Self {
            days: 7,
            weeks: 5,
            months: 12,
            years: 3,
        }
    }
}

/// Removes the backups of this box that the rule does not keep; tells how many.
pub fn thin(folder: &Path, of_box: &[u8; 16], rule: Thinning) -> Result<usize, BackupError> {
    thin_on(&RealStick, folder, of_box, rule)
}

/// The same on a stick of another kind.
pub(crate) fn thin_on(
    stick: &dyn Stick,
    folder: &Path,
    of_box: &[u8; 16],
    rule: Thinning,
) -> Result<usize, BackupError> {
    let found = list(folder)?;
    let mut whole = true;
    let mut own = Vec::new();
    for backup in found {
        match backup.manifest {
            Ok(manifest) if manifest.of_box == *of_box => own.push((backup.file, manifest)),
            // Nothing can be restored from one that is damaged, so it needs no packs.
            Err(BackupError::Damaged { .. }) => {}
            // Nobody knows which packs such a one needs.
            _ => whole = false,
        }
    }
    own.sort_by_key(|(_, manifest)| manifest.at);
    let times: Vec<Instant> = own.iter().map(|(_, manifest)| manifest.at).collect();
    let keep = kept(&times, rule);
    let mut needed = BTreeSet::new();
    let mut gone = 0;
    for ((file, manifest), keep) in own.iter().zip(keep) {
        if keep {
            needed.extend(manifest.packs.iter().map(PackFile::name));
        } else {
            stick.remove(file).map_err(BackupError::at(file))?;
            gone += 1;
        }
    }
    if whole && gone > 0 {
        // No list may come back after a cut whose packs are gone.
        stick.sync_folder(folder).map_err(BackupError::at(folder))?;
        remove_packs(stick, folder, &needed)?;
    }
    Ok(gone)
}

fn remove_packs(stick: &dyn Stick, folder: &Path, needed: &BTreeSet<String>) -> Result<(), BackupError> {
    let packs = packs_of(folder);
    let at = BackupError::at(&packs);
    for entry in fs::read_dir(&packs).map_err(&at)? {
        let entry = entry.map_err(&at)?;
        let name = entry.file_name();
        if !name.to_str().is_some_and(|name| needed.contains(name)) {
            stick.remove(&entry.path()).map_err(&at)?;
        }
    }
    Ok(())
}

/// Which of these, the oldest first, are kept.
fn kept(times: &[Instant], rule: Thinning) -> Vec<bool> {
    let zone = Zone::utc();
    let date = |at: Instant| zone.date_of(at);
    let periods = [
        (rule.days, Kind::Day),
        (rule.weeks, Kind::Week),
        (rule.months, Kind::Month),
        (rule.years, Kind::Year),
    ];
    let mut keep = vec![false; times.len()];
    if let Some(newest) = keep.last_mut() {
        *newest = true;
    }
    for (count, kind) in periods {
        let mut seen = BTreeSet::new();
        for (at, keep) in times.iter().zip(&mut keep).rev() {
            if seen.len() < count && seen.insert(Period::holding(kind, date(*at)).first()) {
                *keep = true;
            }
        }
    }
    keep
}

#[cfg(test)]
mod tests {
    use units::Instant;

    use super::{Thinning, kept};

    #[test]
    fn a_backup_a_day_for_three_years_leaves_days_weeks_months_and_years() {
        let day = |number: i64| Instant::from_millis(1_764_000_000_000 + number * 86_400_000);
        let mut there: Vec<Instant> = Vec::new();
        for number in 0..3 * 365 {
            there.push(day(number));
            let keep = kept(&there, Thinning::default());
            let mut keep = keep.into_iter();
            there.retain(|_| keep.next().unwrap_or_default());
        }
        // Some are the newest of several at once.
        assert!((20..=27).contains(&there.len()), "{} are kept", there.len());
        let newest = there.last().expect("one").as_millis();
        let younger = |days: i64| {
            there
                .iter()
                .filter(|at| newest - at.as_millis() < days * 86_400_000)
                .count()
        };
        assert_eq!(younger(7), 7, "each of the last seven days");
        assert!(younger(5 * 7) >= 7 + 3);
        assert!(younger(365) >= 20);
        assert!(newest - there[0].as_millis() > 365 * 86_400_000, "years too");
    }

    #[test]
    fn the_newest_is_kept_whatever_the_rule_says() {
        let none = Thinning {
            days: 0,
            weeks: 0,
            months: 0,
            years: 0,
        };
        let at = Instant::from_millis;
        assert_eq!(kept(&[at(1), at(2)], none), [false, true]);
        assert!(kept(&[], none).is_empty());
    }
}
