//! A box's life with its backups: they are made, thinned out and restored while power goes, of the card and of the stick.
//!
//! What was said to be made is whole and gives back what the box held then. What has the name of a backup is one, whether
//! it was said to be made or not.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use units::Instant;

use super::life::{Doubt, Kept, Life};
use crate::age::Identity;
use crate::backup::{BoxKey, Thinning, Wish, check, create_on, folder_of, list, put_together, thin_on};
use crate::tests::card::{Card, TestStick};

const OF_BOX: [u8; 16] = [7; 16];

fn key() -> Identity {
    Identity::from_bytes([7; 32])
}

/// The stick, and what must be on it.
pub(crate) struct Copies {
    stick: TestStick,
    /// What each backup holds.
    made: BTreeMap<PathBuf, Kept>,
    /// What one holds that may have been made or not.
    doubt: Option<Kept>,
}

impl Copies {
    fn folder(&self) -> PathBuf {
        folder_of(&self.stick.place(), &OF_BOX)
    }
}

impl Life {
    /// The stick; an empty one if there was none.
    fn copies(&mut self) -> &mut Copies {
        let card = &self.card;
        self.copies.get_or_insert_with(|| Copies {
            stick: TestStick::beside(card),
            made: BTreeMap::new(),
            doubt: None,
        })
    }

    pub(crate) fn back_up(&mut self) -> Result<(), Doubt> {
        self.now += 1_000;
        let (now, kept) = (Instant::from_millis(self.now), self.kept.clone());
        let copies = self.copies();
        copies.doubt = Some(kept.clone());
        let stick = copies.stick.clone();
        let made = create_on(
            &stick,
            Wish {
                store: self.store.as_ref().expect("it was opened before"),
                place: &stick.place(),
                key: BoxKey {
                    of_box: OF_BOX,
                    recipient: key().recipient(),
                },
                files: &[],
                now,
                version: "test",
                random: &mut |bytes| self.dice.fill(bytes),
                stopped: &|| false,
            },
        );
        match made {
            Ok(made) => {
                self.copies().made.insert(made.file, kept);
                Ok(())
            }
            Err(_) => Err(Box::new(kept)),
        }
    }

    /// Gives up all backups but the newest.
    pub(crate) fn thin_out(&mut self) -> Result<(), Doubt> {
        let rule = Thinning {
            days: 1,
            weeks: 0,
            months: 0,
            years: 0,
        };
        let kept = self.kept.clone();
        let copies = self.copies();
        let thinned = thin_on(&copies.stick, &copies.folder(), &OF_BOX, rule);
        // Whether the older ones are there is nothing that anybody relies on any more.
        let newest = copies.made.pop_last();
        copies.made.clear();
        copies.made.extend(newest);
        thinned.map(|_| ()).map_err(|_| Box::new(kept))
    }

    /// Another box has lived and made a backup, which is brought here.
    pub(crate) fn bring_a_backup(&mut self) {
        let mut other = Self::new(self.dice.u64(..));
        other.open().expect("there is power");
        let lived = [Self::any_batch, Self::line, Self::change, Self::small_batch];
        for act in lived {
            act(&mut other).unwrap_or_else(|_| panic!("there is power"));
        }
        if self.dice.bool() {
            other.seal().unwrap_or_else(|_| panic!("there is power"));
        }
        other.back_up().unwrap_or_else(|_| panic!("there is power"));
        self.brought = other.copies;
    }

    /// Makes the store of the backup that was brought.
    pub(crate) fn restore(&mut self) -> Result<(), Doubt> {
        let brought = self.brought.as_ref().expect("it was brought before");
        let (file, kept) = brought.made.last_key_value().expect("one was made");
        match put_together(file, &key(), &self.card) {
            Ok(_) => {
                self.kept = kept.clone();
                Ok(())
            }
            Err(_) => Err(Box::new(kept.clone())),
        }
    }

    /// Power is back.
    pub(crate) fn power_on(&mut self) {
        self.card.power_on();
        if let Some(copies) = &self.copies {
            copies.stick.power_on(&mut self.dice);
        }
    }

    /// What is on the stick is what must be there.
    pub(crate) fn look_at_backups(&mut self) -> Result<(), String> {
        let Some(copies) = &mut self.copies else {
            return Ok(());
        };
        let folder = copies.folder();
        let mut found = BTreeMap::new();
        for backup in folder
            .is_dir()
            .then(|| list(&folder))
            .transpose()
            .map_err(|error| said(&error))?
            .into_iter()
            .flatten()
        {
            backup.manifest.map_err(|error| said(&error))?;
            check(&backup.file).map_err(|error| said(&error))?;
            found.insert(backup.file, ());
        }
        if let Some(file) = copies.made.keys().find(|file| !found.contains_key(*file)) {
            return Err(format!("the backup {} is gone", file.display()));
        }
        let newest = copies.made.last_key_value().map(|(file, _)| file.clone());
        for file in found.into_keys() {
            let known = copies.made.get(&file);
            // The older ones were restored when they were the newest, and their bytes are the same.
            if known.is_some() && newest.as_ref() != Some(&file) {
                continue;
            }
            let held = restored(&file)?;
            match known.or(copies.doubt.as_ref()) {
                Some(kept) if *kept == held => copies.made.insert(file, held),
                // One that was thinned out may be there still.
                None => None,
                Some(_) if newest.as_ref().is_some_and(|newest| file < *newest) => None,
                Some(kept) => return Err(format!("a backup: {}", kept.differs_from(&held))),
            };
        }
        copies.doubt = None;
        Ok(())
    }
}

/// Who looks for losses must find them.
#[test]
fn a_stick_that_lies_about_what_it_wrote_is_found_out() {
    let found = (0..40).filter(|seed| {
        let mut life = Life::new(*seed);
        life.open().expect("there is power");
        life.small_batch().unwrap_or_else(|_| panic!("there is power"));
        life.copies().stick.lie();
        life.back_up().unwrap_or_else(|_| panic!("there is power"));
        life.card.cut_after(0);
        life.close();
        life.power_on();
        life.look_at_backups().is_err()
    });
    let found = found.count();
    assert!((20..=40).contains(&found), "{found} of 40 lies were found");
}

fn said(error: &impl ToString) -> String {
    error.to_string()
}

/// What a box holds that is made of a backup.
fn restored(file: &Path) -> Result<Kept, String> {
    let card = Card::new(1);
    put_together(file, &key(), &card).map_err(|error| said(&error))?;
    Ok(Kept::of(&card.store(256 * 1024).map_err(|error| said(&error))?))
}
