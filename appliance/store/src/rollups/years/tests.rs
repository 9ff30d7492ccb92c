//! Years of days: they come back in every zone, in any order, and cost little to read.

use energy::calendar::{Date, Zone};
use redb::backends::InMemoryBackend;
use redb::{Builder, ReadableDatabase};

use super::{LocalDay, Year};
use crate::rollups::Energy;
use crate::rollups::sums::Sums;
use crate::tables::ROLLUPS;

fn days(zone: &Zone, year: i16) -> Vec<LocalDay> {
    let mut date = Date::new(year, 1, 1).expect("a day");
    let mut days = Vec::new();
    while date.year() == year {
        let mut sums = Sums::default();
        (0..40_i64).for_each(|n| sums.add(Ok(n * i64::from(date.day()) % 97 + 2_000)));
        sums.energy = i64::from(date.month()) * 1_000;
        days.push(LocalDay {
            from: zone.start_of(date).as_millis(),
            to: zone.start_of(date.next()).as_millis(),
            sums,
        });
        date = date.next();
    }
    days
}

#[test]
fn years_come_back_in_every_zone() {
    for name in [
        "Europe/London",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "America/Havana",
        "UTC",
    ] {
        let zone = Zone::parse(name).expect("a zone");
        let database = Builder::new()
            .create_with_backend(InMemoryBackend::new())
            .expect("in memory");
        let txn = database.begin_write().expect("a transaction");
        let all = days(&zone, 2024);
        {
            let mut table = txn.open_table(ROLLUPS).expect("a table");
            for day in [&all[..10], &all[60..], &all[10..59]].concat() {
                Year::put(&mut table, (7, Energy::Power), &zone, &[day]).expect("put");
            }
        }
        txn.commit().expect("committed");
        let txn = database.begin_read().expect("a transaction");
        let table = txn.open_table(ROLLUPS).expect("a table");
        let mut wanted = all;
        wanted[59].sums = Sums::default();
        let year = Year::read(&table, 7, 2024, &zone)
            .expect("readable")
            .expect("there");
        assert_eq!(year.days, wanted, "{name}");
        assert_eq!(year.beginning(wanted[100].from), Some(&wanted[100]));
        assert_eq!(year.beginning(wanted[100].from + 1), None);
        let other = Zone::parse("Europe/Vienna").expect("a zone");
        assert_eq!(Year::read(&table, 7, 2024, &other).expect("readable"), None);
        assert_eq!(Year::read(&table, 8, 2024, &zone).expect("readable"), None);
    }
}
