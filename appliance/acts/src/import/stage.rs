//! A table that waits: what was handed in, and what was said of it so far.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use members::house::House;
use members::import::mapping::{Mapping, NoMapping, header_key};
use members::import::own;
use members::import::plan::Decision;
use members::sheet::{Choice, Sheet, read};
use units::{Instant, PersonId};

use super::WAITS;
use crate::act::{ActError, allowed};
use crate::people::house;
use crate::rows::get;
use crate::table::ActKind;
use crate::{Actor, Acts};

/// The most bytes of all tables that wait: two large ones, or many of usual size.
const ALL_BYTES: usize = 16 << 20;

/// What was said of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// How it is read.
    pub choice: Choice,
    /// What its columns mean.
    pub mapping: Option<Mapping>,
    /// What was said of single rows, by their line.
    pub decisions: BTreeMap<usize, Decision>,
}

/// A table that waits, as it is read with what was said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staged {
    /// The name of its file.
    pub file: String,
    /// When it was handed in.
    pub at: Instant,
    /// The table.
    pub sheet: Sheet,
    /// What was said of it.
    pub choices: Choices,
    /// Whether it came out of Hearth, so that nobody needs to say what its columns mean.
    pub own: bool,
    /// What the house decided about its book.
    pub house: House,
    /// What its columns mean: as was said, or as for the last table with this header, or guessed.
    pub mapping: Mapping,
    /// What lacks before it can be read in.
    pub lacks: Option<NoMapping>,
}

#[derive(Clone)]
struct Table {
    file: String,
    bytes: Arc<[u8]>,
    at: Instant,
    used: Instant,
    choices: Choices,
}

/// The tables that wait, one for each person.
#[derive(Clone, Default)]
pub(crate) struct Waiting(Arc<Mutex<BTreeMap<PersonId, Table>>>);

impl Waiting {
    /// Whoever panicked while holding it has left whole tables.
    fn with<T>(&self, now: Instant, work: impl FnOnce(&mut BTreeMap<PersonId, Table>) -> T) -> T {
        let mut tables = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tables.retain(|_, table| now.since(table.used) < WAITS);
        work(&mut tables)
    }

    fn put(&self, owner: PersonId, table: Table) -> Result<(), ActError> {
        self.with(table.at, |tables| {
            let others = tables.iter().filter(|(who, _)| **who != owner);
            let bytes: usize = others.map(|(_, table)| table.bytes.len()).sum();
            if bytes + table.bytes.len() > ALL_BYTES {
                return Err(ActError::BadInput(
                    "Others are reading large tables in just now. Wait until they are done, then choose the file again"
                        .to_owned(),
                ));
            }
            tables.insert(owner, table);
            Ok(())
        })
    }

    fn get(&self, owner: PersonId, now: Instant) -> Result<Table, ActError> {
        let found = self.with(now, |tables| {
            let table = tables.get_mut(&owner)?;
            table.used = now;
            Some(table.clone())
        });
        found.ok_or_else(|| {
            ActError::NotThere("No table of yours is waiting here. Choose the file once more".to_owned())
        })
    }
}

impl Acts {
    /// Hands a table in. It takes the place of one that this person handed in before.
    pub async fn stage_table(&self, actor: &Actor, file: &str, bytes: Vec<u8>) -> Result<(), ActError> {
        allowed(actor, ActKind::ImportTable)?;
        let owner = Self::owner(actor)?;
        let bytes: Arc<[u8]> = bytes.into();
        let tried = Arc::clone(&bytes);
        self.on_card(move |_| {
            read(&tried, &Choice::default())
                .map(drop)
                .map_err(|no| ActError::BadInput(no.to_string()))
        })
        .await?;
        let now = self.import_now();
        let file = members::text::line(file, 120).unwrap_or_else(|_| "table".to_owned());
        let table = Table {
            file,
            bytes,
            at: now,
            used: now,
            choices: Choices::default(),
        };
        self.waiting.put(owner, table)
    }

    /// The table that waits for this person.
    pub async fn staged(&self, actor: &Actor) -> Result<Staged, ActError> {
        allowed(actor, ActKind::ImportTable)?;
        let table = self.waiting.get(Self::owner(actor)?, self.import_now())?;
        let today = self.import_day();
        self.on_card(move |store| {
            let sheet =
                read(&table.bytes, &table.choices.choice).map_err(|no| ActError::BadInput(no.to_string()))?;
            let remembered = get::<Mapping>(store, &header_key(&sheet.header))?;
            let columns = sheet.header.len();
            let known = [table.choices.mapping.clone(), remembered];
            let mapping = known
                .into_iter()
                .flatten()
                .find(|mapping| mapping.columns.len() == columns);
            let house = house(store)?;
            let mut mapping = mapping.unwrap_or_else(|| Mapping::guess(&sheet, &house, today));
            // The house may have given the class up since the mapping was remembered.
            let class = mapping
                .class
                .as_deref()
                .and_then(|class| house.class_named(class));
            mapping.class = class.map(str::to_owned);
            let own = own::is_own(&sheet.header);
            let lacks = match own {
                true => own::lacking(&sheet.header).map(NoMapping::OwnLacks),
                false => mapping.check(&sheet, &house, today).err(),
            };
            Ok(Staged {
                own,
                house,
                lacks,
                file: table.file,
                at: table.at,
                sheet,
                choices: table.choices,
                mapping,
            })
        })
        .await
    }

    /// Says how the table that waits is to be read and what its columns mean. Refused where it cannot be read so; then
    /// it stays as it was.
    pub async fn choose_for_table(&self, actor: &Actor, choices: Choices) -> Result<Staged, ActError> {
        allowed(actor, ActKind::ImportTable)?;
        let (owner, now) = (Self::owner(actor)?, self.import_now());
        let before = self.waiting.get(owner, now)?.choices;
        let set = |choices: Choices| {
            self.waiting.with(now, |tables| {
                if let Some(table) = tables.get_mut(&owner) {
                    table.choices = choices;
                }
            });
        };
        set(choices);
        match self.staged(actor).await {
            Ok(staged) => Ok(staged),
            Err(refused) => {
                set(before);
                Err(refused)
            }
        }
    }

    /// Forgets the table that waits.
    pub fn forget_table(&self, actor: &Actor) -> Result<(), ActError> {
        let owner = Self::owner(actor)?;
        self.waiting
            .with(self.import_now(), |tables| tables.remove(&owner));
        Ok(())
    }

    /// The day by the clock of the place.
    pub(super) fn import_day(&self) -> Date {
        let zone = self.site.borrow().place.zone.clone();
        let written = zone.wall_clock(self.import_now()).date.to_string();
        written.parse().unwrap_or_default()
    }
}
