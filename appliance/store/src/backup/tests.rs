//! Backups of a store that goes on: what comes out is what went in, what is past is written once, and whatever is wrong is
//! said in words before anything is there.

mod faults;
mod whole;

use std::path::Path;

use tempfile::TempDir;
use units::Instant;

use super::{BackupError, BoxKey, KeptFile, Made, Wish, create};
use crate::age::Identity;
use crate::tests::card::Card;
use crate::tests::model::{BEGIN, Model, audit_entry, batch};
use crate::{Change, RowChange, Store};

/// A day in milliseconds.
pub(super) const DAY: i64 = 86_400_000;

/// A box that has lived, and where its backups go.
pub(super) struct Scene {
    pub(super) store: Store,
    pub(super) model: Model,
    pub(super) stick: TempDir,
    pub(super) key: Identity,
    pub(super) of_box: [u8; 16],
    pub(super) dice: fastrand::Rng,
    pub(super) now: i64,
    pub(super) files: Vec<KeptFile>,
}

impl Scene {
    pub(super) fn new(seed: u64) -> Self {
        let card = Card::new(seed);
        let mut dice = fastrand::Rng::with_seed(seed);
        let mut bytes = [0; 32];
        dice.fill(&mut bytes);
        let mut scene = Self {
            store: card.store(1024 * 1024).expect("a new store"),
            model: Model::default(),
            stick: tempfile::tempdir().expect("a folder"),
            key: Identity::from_bytes(bytes),
            of_box: [7; 16],
            dice,
            now: BEGIN,
            files: vec![
                file("site.toml", 0o640, b"name = \"Oak House\"\n"),
                file("profiles/own.toml", 0o644, b"# ours\n"),
                file("authority.pem", 0o600, b"a key"),
            ],
        };
        scene.live(12);
        let row = RowChange {
            table: "people",
            key: vec![0, 0, 0, 1],
            before: None,
            after: Some(b"Ana".to_vec()),
        };
        let change = Change {
            rows: vec![row],
            lines: Vec::new(),
        };
        scene.store.change(change).expect("written");
        scene
    }

    /// Some more batches and lines.
    pub(super) fn live(&mut self, batches: usize) {
        for _ in 0..batches {
            let batch = batch(&mut self.dice, &mut self.now);
            self.store.record_and_wait(batch.clone()).expect("written");
            self.model.take(&batch);
            if self.dice.u8(..4) == 0 {
                let entry = audit_entry(&mut self.dice);
                self.store.audit(entry.clone()).expect("written");
                self.model.audit.push(entry);
            }
        }
    }

    pub(super) fn box_key(&self) -> BoxKey {
        BoxKey {
            of_box: self.of_box,
            recipient: self.key.recipient(),
        }
    }

    pub(super) fn back_up(&mut self) -> Result<Made, BackupError> {
        let place = self.stick.path().to_owned();
        self.back_up_to(&place)
    }

    pub(super) fn back_up_to(&mut self, place: &Path) -> Result<Made, BackupError> {
        self.now += 1_000;
        create(Wish {
            store: &self.store,
            place,
            key: self.box_key(),
            files: &self.files,
            now: Instant::from_millis(self.now),
            version: "test",
            random: &mut |bytes| self.dice.fill(bytes),
            stopped: &|| false,
        })
    }
}

pub(super) fn file(path: &str, mode: u32, bytes: &[u8]) -> KeptFile {
    KeptFile {
        path: path.to_owned(),
        mode,
        bytes: bytes.to_vec(),
    }
}
