//! Everything about one person, to take along: for machines as JSON, and as rows for the letter in plain words.

use std::collections::BTreeMap;

use members::holding::Part;
use serde::Serialize;
use store::{Store, Whose};
use units::{Audience, Flow, Instant, PersonId, WattHours};

use super::erase::{name_of, reason};
use super::kept::{KeptRow, kept_about, subject};
use crate::act::{ActError, allowed};
use crate::book::{Told, book};
use crate::record::{LineTold, lines_about};
use crate::site::Site;
use crate::table::ActKind;
use crate::{Actor, Acts};

/// Everything about one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// Their name.
    pub name: String,
    /// Their number.
    pub person: PersonId,
    /// When it was made.
    pub made: Instant,
    /// Every row of every table that has to do with them.
    pub rows: Vec<KeptRow>,
    /// Every line of the record that is about them or tells of what they did, newest first.
    pub lines: Vec<LineTold>,
    /// The energy of the homes while they lived there: home, device, flow, day, watt-hours.
    pub energy: Vec<EnergyDay>,
}

/// One flow of one home on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EnergyDay {
    /// The home.
    pub home: String,
    /// The device that counted it.
    pub device: String,
    /// What flowed.
    pub flow: String,
    /// The day, by universal time.
    pub day: String,
    /// How much.
    pub watt_hours: i64,
}

#[derive(Serialize)]
struct FileView<'a> {
    made_ms: i64,
    person: u32,
    name: &'a str,
    data: Vec<RowView<'a>>,
    record: Vec<LineView<'a>>,
    energy: &'a [EnergyDay],
}

#[derive(Serialize)]
struct RowView<'a> {
    table: &'a str,
    yours: &'static str,
    rows: usize,
    fields: Vec<FieldView<'a>>,
}

#[derive(Serialize)]
struct FieldView<'a> {
    name: &'a str,
    label: &'a str,
    values: &'a [String],
    purpose: String,
    lawful_basis: String,
    kept: String,
}

#[derive(Serialize)]
struct LineView<'a> {
    number: u64,
    at_ms: i64,
    who: &'a str,
    act: &'a str,
    what: &'a str,
    subject: &'a str,
    detail: &'a str,
    about_everybody: bool,
    why: Option<&'a str>,
}

impl Copy {
    /// For machines.
    pub fn json(&self) -> String {
        let view = FileView {
            made_ms: self.made.as_millis(),
            person: self.person.number(),
            name: &self.name,
            data: self.rows.iter().map(row_view).collect(),
            record: self.lines.iter().map(line_view).collect(),
            energy: &self.energy,
        };
        serde_json::to_string_pretty(&view).unwrap_or_default()
    }
}

fn row_view(row: &KeptRow) -> RowView<'_> {
    let fields = row.told.iter().map(|told| FieldView {
        name: told.rule.name,
        label: told.rule.label,
        values: &told.values,
        purpose: format!("{:?}", told.rule.purpose),
        lawful_basis: format!("{:?}", told.rule.basis),
        kept: format!("{:?}", told.rule.keep),
    });
    RowView {
        table: row.table,
        yours: match row.part {
            Part::Own => "own",
            Part::Shared => "shared",
            Part::Household => "household",
            Part::Named | Part::Nothing => "named in somebody else's",
        },
        rows: row.times,
        fields: fields.collect(),
    }
}

fn line_view(line: &LineTold) -> LineView<'_> {
    LineView {
        number: line.number,
        at_ms: line.at.as_millis(),
        who: &line.by,
        act: &line.act,
        what: line.sentence,
        subject: &line.subject,
        detail: &line.detail,
        about_everybody: line.everybody,
        why: line.why.as_deref(),
    }
}

impl Acts {
    /// Everything about the actor, to take along.
    pub async fn copy_of_mine(&self, actor: &Actor) -> Result<Copy, ActError> {
        let person = super::own::oneself(actor)?;
        let told = Told {
            whose: Whose::People(vec![person]),
            ..Told::default()
        };
        self.keep(actor, ActKind::CopyOwn, Vec::new(), told).await?;
        self.copy(person).await
    }

    /// Everything about somebody, for who deals with requests about data.
    pub async fn copy_of(&self, actor: &Actor, person: PersonId, why: &str) -> Result<Copy, ActError> {
        allowed(actor, ActKind::CopyData)?;
        let why = reason(why)?;
        self.on_card(move |store| name_of(store, person)).await?;
        let told = Told {
            whose: Whose::People(vec![person]),
            why: Some(why),
            ..Told::default()
        };
        self.keep(actor, ActKind::CopyData, Vec::new(), told).await?;
        self.copy(person).await
    }

    async fn copy(&self, person: PersonId) -> Result<Copy, ActError> {
        let (made, site) = (self.effects.now(), self.site.borrow().clone());
        self.on_card(move |store| {
            let book = book(store)?;
            let household = book
                .people
                .get(&person)
                .and_then(|entry| book.household_of(entry));
            let energy = match household {
                Some(household) => energy(store, &site, household)?,
                None => Vec::new(),
            };
            Ok(Copy {
                name: name_of(store, person)?,
                person,
                made,
                rows: kept_about(store, &subject(&book, person))?,
                lines: lines_about(store, person)?,
                energy,
            })
        })
        .await
    }
}

/// What flowed in the homes of a household while it lived there, by day.
fn energy(
    store: &Store,
    site: &Site,
    household: &members::household::Household,
) -> Result<Vec<EnergyDay>, ActError> {
    let (first, last) = (Instant::from_millis(0), Instant::from_millis(i64::MAX));
    let flows = [Flow::Consumption, Flow::Production, Flow::Import, Flow::Export];
    let mut days: BTreeMap<(String, String, String, String), WattHours> = BTreeMap::new();
    for device in &site.devices {
        let Audience::Household(home) = &device.audience else {
            continue;
        };
        if !household.homes.iter().any(|stay| stay.home == *home) {
            continue;
        }
        for flow in flows {
            for interval in store.intervals(&device.name, flow, first, last)? {
                let moment =
                    jiff::Timestamp::from_millisecond(interval.start.as_millis()).unwrap_or_default();
                let day = jiff::tz::TimeZone::UTC.to_datetime(moment).date();
                if household.lives_in(home, day) {
                    let key = (
                        home.to_string(),
                        device.name.to_string(),
                        format!("{flow:?}").to_lowercase(),
                        day.to_string(),
                    );
                    let sum = days.entry(key).or_insert(WattHours(0));
                    *sum = WattHours(sum.0 + interval.energy.0);
                }
            }
        }
    }
    let rows = days
        .into_iter()
        .map(|((home, device, flow, day), energy)| EnergyDay {
            home,
            device,
            flow,
            day,
            watt_hours: energy.0,
        });
    Ok(rows.collect())
}
