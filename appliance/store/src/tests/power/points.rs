//! The crash points: what the box is doing when power goes. A new act of the store gets a line here.

use super::life::{Doubt, Life};
use units::Span;

use crate::open::FILE;
use crate::ring;
use crate::tests::card::CutAt;
use crate::tests::fixtures;

/// How things stand before power goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// An empty card.
    Blank,
    /// The store lies there, closed in good order.
    Closed,
    /// Power has gone already, and nobody has opened the store since.
    Cut,
    /// A store of an older Hearth lies there.
    Format(u32),
    /// The store is open.
    Open,
}

/// Something that the box does.
#[derive(Debug)]
pub(super) struct Point {
    /// Its name in the table.
    pub(super) name: &'static str,
    pub(super) before: Before,
    /// Power goes within so many steps of the card; if it is done sooner, right after it.
    pub(super) steps: u64,
    /// What is done first, with power.
    pub(super) ready: fn(&mut Life),
    /// What is done when power goes.
    pub(super) act: fn(&mut Life) -> Result<(), Doubt>,
}

const PLAIN: Point = Point {
    name: "",
    before: Before::Open,
    steps: 24,
    ready: |_| {},
    act: |_| Ok(()),
};

/// All of them.
pub(super) const POINTS: &[Point] = &[
    Point {
        name: "making the store",
        before: Before::Blank,
        steps: 48,
        act: open,
        ..PLAIN
    },
    Point {
        name: "opening after a good end",
        before: Before::Closed,
        steps: 12,
        act: open,
        ..PLAIN
    },
    Point {
        name: "opening after a cut",
        before: Before::Cut,
        steps: 12,
        act: open,
        ..PLAIN
    },
    Point {
        name: "opening a store of format 1, and its first sealing",
        before: Before::Format(1),
        steps: 48,
        act: open_and_seal,
        ..PLAIN
    },
    Point {
        name: "opening a store of format 2, and its first sealing",
        before: Before::Format(2),
        steps: 36,
        act: open_and_seal,
        ..PLAIN
    },
    Point {
        name: "a batch",
        act: Life::any_batch,
        ..PLAIN
    },
    Point {
        name: "a batch",
        steps: 3,
        ready: |life| life.fill_the_tail(),
        act: Life::small_batch,
        ..PLAIN
    },
    Point {
        name: "a batch",
        steps: 20,
        ready: |life| life.fill_the_tail(),
        act: Life::next_hour,
        ..PLAIN
    },
    Point {
        name: "a batch",
        before: Before::Blank,
        ready: |life| {
            life.open()
                .unwrap_or_else(|error| panic!("there is power: {error}"));
        },
        act: Life::small_batch,
        ..PLAIN
    },
    Point {
        name: "sealing",
        act: Life::seal,
        ready: |life| life.fill_the_tail(),
        ..PLAIN
    },
    Point {
        name: "folding late values into sealed hours",
        ready: |life| {
            let _ = life.seal();
            life.late_batch().unwrap_or_else(|_| panic!("there is power"));
        },
        act: Life::seal,
        ..PLAIN
    },
    Point {
        name: "sealing a sheet of several pieces",
        steps: 32,
        ready: |life| life.wide_batch().unwrap_or_else(|_| panic!("there is power")),
        act: Life::seal,
        ..PLAIN
    },
    Point {
        name: "folding late values into a sheet of several pieces",
        steps: 32,
        ready: |life| {
            life.wide_batch().unwrap_or_else(|_| panic!("there is power"));
            let _ = life.seal();
            life.late_for_many().unwrap_or_else(|_| panic!("there is power"));
        },
        act: Life::seal,
        ..PLAIN
    },
    Point {
        name: "giving up old readings",
        ready: |life| {
            let _ = life.seal();
        },
        act: Life::retain,
        ..PLAIN
    },
    Point {
        name: "closing days of the ledger",
        ready: Life::days_pass,
        act: Life::seal,
        ..PLAIN
    },
    Point {
        name: "correcting a quarter of a closed day",
        ready: |life| {
            life.days_pass();
            let _ = life.seal();
            let _ = life.quarter(Span::DAY.times(3));
        },
        act: Life::seal,
        ..PLAIN
    },
    Point {
        name: "making the roll-ups of a day",
        ready: |life| life.next_day(),
        act: Life::roll_up,
        ..PLAIN
    },
    Point {
        name: "giving up the minutes of old days",
        ready: |life| {
            life.next_day();
            let _ = life.roll_up();
        },
        act: Life::retain_minutes,
        ..PLAIN
    },
    Point {
        name: "a change of the members' book",
        act: Life::change,
        ..PLAIN
    },
    Point {
        name: "a line of the record",
        act: Life::line,
        ..PLAIN
    },
    Point {
        name: "a small value",
        act: Life::note,
        ..PLAIN
    },
    Point {
        name: "erasing reasons",
        ready: |life| {
            let _ = life.change();
        },
        act: Life::erase,
        ..PLAIN
    },
    Point {
        name: "writing the store anew",
        steps: 160,
        act: Life::rewrite,
        ..PLAIN
    },
    Point {
        name: "compaction after readings were given up",
        steps: 160,
        ready: |life| {
            let _ = life.seal();
            let _ = life.retain();
        },
        act: Life::rewrite,
        ..PLAIN
    },
    Point {
        name: "making the first backup",
        steps: 40,
        act: Life::back_up,
        ..PLAIN
    },
    Point {
        name: "making a backup beside an earlier one",
        steps: 32,
        ready: |life| {
            life.back_up().unwrap_or_else(|_| panic!("there is power"));
            let _ = life.seal();
            life.small_batch().unwrap_or_else(|_| panic!("there is power"));
        },
        act: Life::back_up,
        ..PLAIN
    },
    Point {
        name: "thinning backups out",
        steps: 16,
        ready: |life| {
            for _ in 0..3 {
                life.next_hour().unwrap_or_else(|_| panic!("there is power"));
                life.back_up().unwrap_or_else(|_| panic!("there is power"));
            }
        },
        act: Life::thin_out,
        ..PLAIN
    },
    Point {
        name: "restoring a backup",
        before: Before::Blank,
        steps: 96,
        ready: Life::bring_a_backup,
        act: Life::restore,
    },
    Point {
        name: "closing",
        steps: 8,
        act: |life| {
            life.close();
            Ok(())
        },
        ..PLAIN
    },
];

fn open(life: &mut Life) -> Result<(), Doubt> {
    // What was not opened has acknowledged nothing.
    let _ = life.open();
    Ok(())
}

fn open_and_seal(life: &mut Life) -> Result<(), Doubt> {
    if life.open().is_err() {
        return Ok(());
    }
    life.small_batch()?;
    life.seal()
}

impl Point {
    /// Puts the files of an older format on the card.
    pub(super) fn put_fixture(&self, life: &mut Life) {
        if let Before::Format(format) = self.before {
            let (files, kept) = fixtures::files_of(format);
            for (name, bytes) in files {
                life.card.put(name, bytes);
            }
            life.kept = super::life::Kept::of_fixtures(kept);
        }
    }

    /// The name by what the card was doing: a batch goes into one of the two files, and may have the hour sealed.
    pub(super) fn name_of(&self, cut: Option<&CutAt>, acknowledged: bool) -> &'static str {
        if self.name != "a batch" {
            return self.name;
        }
        match cut {
            None => "after a batch",
            Some(cut) if cut.file == ring::FILE && cut.offset <= 4_096 => "a batch, as the tail goes round",
            Some(cut) if cut.file == ring::FILE => "a batch into the tail",
            Some(cut) if cut.file == FILE && acknowledged => "sealing the hour after a batch",
            Some(cut) if cut.file == FILE => "a batch into the database",
            Some(_) => "making the tail",
        }
    }
}
