//! One pack: a file that is squeezed, sealed, and called by the hash of its bytes. It is written once, under another name
//! until it is whole, and never changed.

use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use sha2::{Digest, Sha256};

use super::BackupError;
use super::item::{Item, put_row};
use super::manifest::{PackFile, packs_of};
use super::stick::{Stick, StickFile};
use crate::age::{Closed, Decrypt, Encrypt, Identity, Recipient};

/// What a pack is called until it is whole.
pub(super) const UNFINISHED: &str = "unfinished.new";

/// Counts and hashes what is written.
struct Hashed {
    out: Box<dyn StickFile>,
    hash: Sha256,
    bytes: u64,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += u64::try_from(written).unwrap_or_default();
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A pack that is being written.
pub(super) struct PackWriter<'s> {
    stick: &'s dyn Stick,
    out: DeflateEncoder<Encrypt<Hashed>>,
    packs: PathBuf,
    /// How many bytes of rows are in it.
    pub(super) plain: u64,
}

impl<'s> PackWriter<'s> {
    /// Begins a pack that these can read.
    pub(super) fn begin(
        (stick, folder): (&'s dyn Stick, &Path),
        recipients: &[Recipient],
        random: &mut dyn FnMut(&mut [u8]),
        facts: &Item,
    ) -> Result<Self, BackupError> {
        let packs = packs_of(folder);
        let file = packs.join(UNFINISHED);
        let at = BackupError::at(&file);
        let hashed = Hashed {
            out: stick.create(&file).map_err(&at)?,
            hash: Sha256::new(),
            bytes: 0,
        };
        let sealed = Encrypt::new(hashed, recipients, random).map_err(&at)?;
        let mut pack = Self {
            stick,
            out: DeflateEncoder::new(sealed, Compression::default()),
            packs,
            plain: 0,
        };
        pack.item(facts)?;
        Ok(pack)
    }

    fn file(&self) -> PathBuf {
        self.packs.join(UNFINISHED)
    }

    /// Puts an item in.
    pub(super) fn item(&mut self, item: &Item) -> Result<(), BackupError> {
        let written = item.write(&mut self.out);
        written.map_err(|error| BackupError::at(&self.file())(error))
    }

    /// Puts a row in.
    pub(super) fn row(&mut self, key: &[u8], value: &[u8]) -> Result<(), BackupError> {
        self.plain += u64::try_from(key.len() + value.len()).unwrap_or_default();
        put_row(&mut self.out, key, value).map_err(|error| BackupError::at(&self.file())(error))
    }

    /// Ends it; it is on the stick under its own name when this returns, once the folder is synced.
    pub(super) fn finish(self) -> Result<PackFile, BackupError> {
        let file = self.file();
        let at = BackupError::at(&file);
        let mut hashed = self.out.finish().and_then(Encrypt::finish).map_err(&at)?;
        hashed.out.sync().map_err(&at)?;
        let pack = PackFile {
            hash: hashed.hash.finalize().into(),
            bytes: hashed.bytes,
        };
        let named = self.packs.join(pack.name());
        self.stick.rename(&file, &named).map_err(&at)?;
        Ok(pack)
    }
}

/// That a pack of the backup `file` is there and as long as it was.
pub(super) fn is_there(folder: &Path, file: &Path, pack: &PackFile) -> Result<(), BackupError> {
    let path = packs_of(folder).join(pack.name());
    match fs::metadata(&path) {
        Ok(found) if found.len() == pack.bytes => Ok(()),
        Ok(found) => {
            let (there, whole) = (found.len(), pack.bytes);
            Err(BackupError::Damaged {
                file: path,
                what: if there < whole {
                    format!("it is cut short: {there} of {whole} bytes are there")
                } else {
                    format!("it has {there} bytes instead of {whole}")
                },
            })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(BackupError::MissingPack {
            file: file.to_owned(),
            pack: path,
        }),
        Err(error) => Err(BackupError::at(&path)(error)),
    }
}

/// That the bytes of a pack are those that were written.
pub(super) fn is_unchanged(
    folder: &Path,
    pack: &PackFile,
    stopped: &dyn Fn() -> bool,
) -> Result<(), BackupError> {
    let path = packs_of(folder).join(pack.name());
    let at = BackupError::at(&path);
    let mut from = File::open(&path).map_err(&at)?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 128 * 1024]);
    loop {
        if stopped() {
            return Err(BackupError::Stopped);
        }
        match from.read(&mut buffer).map_err(&at)? {
            0 => break,
            read => hash.update(&buffer[..read]),
        }
    }
    if hash.finalize()[..] == pack.hash {
        Ok(())
    } else {
        Err(BackupError::Damaged {
            file: path.clone(),
            what: "its bytes are not those that were written".to_owned(),
        })
    }
}

/// Reads the items of a pack, one after the other, to its end.
pub(super) fn read(
    folder: &Path,
    pack: &PackFile,
    identity: &Identity,
    take: &mut dyn FnMut(Item) -> Result<(), BackupError>,
) -> Result<(), BackupError> {
    let path = packs_of(folder).join(pack.name());
    let at = BackupError::at(&path);
    let from = BufReader::new(File::open(&path).map_err(&at)?);
    let open = Decrypt::new(from, identity).map_err(|closed| match closed {
        Closed::OtherKey => BackupError::Damaged {
            file: path.clone(),
            what: "it was sealed for another key than its backup".to_owned(),
        },
        Closed::Io(error) => at(error),
    })?;
    let mut squeezed = DeflateDecoder::new(open);
    while let Some(item) = Item::read(&mut squeezed).map_err(&at)? {
        take(item)?;
    }
    // What was sealed has an end of its own, which is missed where the file is cut there.
    io::copy(&mut squeezed.into_inner(), &mut io::sink()).map_err(&at)?;
    Ok(())
}
