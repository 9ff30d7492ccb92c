//! The building: roof, flats, hall, battery and grid, one second after the other from a fixed beginning.
//!
//! The same options give the same building, whenever and in however many calls it is advanced: each step is
//! one second and begins a whole number of seconds after `since`. Powers are whole milliwatts, so that
//! production + import + discharge = consumption + export + charge holds exactly in every second.

use jiff::tz::TimeZone;
use units::{Instant, Span};

use crate::household::{Household, LocalDay};
use crate::number::scramble;
use crate::roof::{Panels, Roof};
use crate::storage::{PARTS, Storage};
use crate::truth::{Energy, FLATS, Flows, Truth};

/// Where the building stands, when its time begins, and which of all possible lives it leads.
#[derive(Debug, Clone)]
pub struct BuildingOptions {
    /// Degrees north of the equator.
    pub latitude: f64,
    /// Degrees east of Greenwich.
    pub longitude: f64,
    /// The number from which weather and habits are drawn.
    pub seed: u64,
    /// When the building's time begins; a part of a second is dropped.
    pub since: Instant,
    /// The time zone by which people rise, cook and go to bed.
    pub zone: TimeZone,
}

/// The phases of the building's connection: which share of everything hangs on each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Phases {
    /// Power of the last second on L1, L2, L3 in milliwatts, positive from the grid. Their sum is the grid's.
    pub milliwatts: [i64; 3],
    /// What came from the grid on each.
    pub import: [Energy; 3],
    /// What went to the grid on each.
    pub export: [Energy; 3],
}

/// A building that behaves.
#[derive(Debug, Clone)]
pub struct Building {
    since: i64,
    second: i64,
    zone: TimeZone,
    day: LocalDay,
    panels: Panels,
    flats: [Household; FLATS],
    hall: Household,
    storage: Storage,
    surplus: i64,
    energy: Flows<Energy>,
    milliwatts: Flows<i64>,
    strings: [Energy; 2],
    phases: Phases,
}

impl Building {
    /// The building at its beginning.
    pub fn new(options: &BuildingOptions) -> Self {
        let second = options.since.as_millis().div_euclid(1_000);
        let seed = options.seed;
        let mut building = Self {
            since: second,
            second,
            zone: options.zone.clone(),
            day: local_day(second, &options.zone),
            panels: Panels::new(options.latitude, options.longitude, scramble(&[seed, 1])),
            flats: std::array::from_fn(|index| Household::flat(index, seed)),
            hall: Household::hall(seed),
            storage: Storage::half_full(),
            surplus: 0,
            energy: Flows::default(),
            milliwatts: Flows::default(),
            strings: [Energy::default(); 2],
            phases: Phases::default(),
        };
        building.begin_day();
        building.live_the_second_before();
        building
    }

    /// Meters show the power of the last second, at the very beginning too; but nothing has been counted then.
    fn live_the_second_before(&mut self) {
        self.second -= 1;
        self.minute();
        self.step();
        self.energy = Flows::default();
        self.strings = [Energy::default(); 2];
        self.phases.import = [Energy::default(); 3];
        self.phases.export = [Energy::default(); 3];
    }

    /// Lives on until `to`; a moment that has passed already changes nothing.
    pub fn advance(&mut self, to: Instant) {
        let until = to.as_millis().div_euclid(1_000);
        while self.second < until {
            self.step();
        }
    }

    /// When the building's time began.
    pub fn since(&self) -> Instant {
        Instant::from_millis(0) + Span::from_secs(self.since)
    }

    /// How far its time has come.
    pub fn at(&self) -> Instant {
        Instant::from_millis(0) + Span::from_secs(self.second)
    }

    /// What really happened until now.
    pub fn truth(&self) -> Truth {
        Truth {
            since: self.since(),
            at: self.at(),
            energy: self.energy,
            milliwatts: self.milliwatts,
            charge_permille: self.storage.permille(),
        }
    }

    /// The three phases at the grid's connection.
    pub fn phases(&self) -> &Phases {
        &self.phases
    }

    /// What each of the roof's two strings has given, as direct current.
    pub fn strings(&self) -> [Energy; 2] {
        self.strings
    }

    /// What the battery holds, in watt-hours.
    pub fn stored_watt_hours(&self) -> i64 {
        self.storage.stored() / (PARTS * 3_600_000)
    }

    /// The roof in the last second.
    pub(crate) fn roof(&self) -> &Roof {
        self.panels.now()
    }

    fn begin_day(&mut self) {
        for flat in &mut self.flats {
            flat.begin_day(self.day);
        }
        self.hall.begin_day(self.day);
    }

    fn minute(&mut self) {
        if self.second >= self.day.ends {
            self.day = local_day(self.second, &self.zone);
            self.begin_day();
        }
        self.panels.minute(self.second);
        let dark = self.panels.now().dark;
        for flat in &mut self.flats {
            flat.minute(self.second, dark);
        }
        self.hall.minute(self.second, dark);
    }

    fn step(&mut self) {
        if (self.second - self.since) % 60 == 0 {
            self.minute();
        }
        let roof = *self.panels.step();
        let mut now = Flows {
            production: roof.milliwatts,
            hall: self.hall.step(self.second),
            ..Flows::default()
        };
        for (power, flat) in now.flats.iter_mut().zip(&mut self.flats) {
            *power = flat.step(self.second);
        }
        now.consumption = now.hall + now.flats.iter().sum::<i64>();
        // The battery's control measures the last second and acts in this one.
        let battery = self.storage.step(self.surplus);
        self.surplus = now.production - now.consumption;
        now.charge = battery.max(0);
        now.discharge = (-battery).max(0);
        let grid = now.consumption + battery - now.production;
        now.import = grid.max(0);
        now.export = (-grid).max(0);
        self.milliwatts = now;
        self.count(&roof, battery);
        self.second += 1;
    }

    /// Counts the second that has just been computed.
    fn count(&mut self, roof: &Roof, battery: i64) {
        let now = &self.milliwatts;
        let sum = &mut self.energy;
        sum.production.count(now.production);
        sum.import.count(now.import);
        sum.export.count(now.export);
        sum.charge.count(now.charge);
        sum.discharge.count(now.discharge);
        sum.consumption.count(now.consumption);
        sum.hall.count(now.hall);
        for (energy, power) in sum.flats.iter_mut().zip(now.flats) {
            energy.count(power);
        }
        for (energy, power) in self.strings.iter_mut().zip(roof.strings) {
            energy.count(power);
        }
        // The roof and the hall are on all three phases, the battery on the first, two flats on each.
        let even = (now.hall - now.production) / 3;
        let second = even + now.flats[1] + now.flats[4];
        let third = even + now.flats[2] + now.flats[5];
        let whole = now.consumption + battery - now.production;
        self.phases.milliwatts = [whole - second - third, second, third];
        for (index, power) in self.phases.milliwatts.into_iter().enumerate() {
            self.phases.import[index].count(power.max(0));
            self.phases.export[index].count((-power).max(0));
        }
    }
}

/// The local day in which `second` lies. A moment beyond what the calendar knows is taken as its UTC day.
fn local_day(second: i64, zone: &TimeZone) -> LocalDay {
    by_calendar(second, zone).unwrap_or_else(|| {
        let number = second.div_euclid(86_400);
        LocalDay {
            begins: number * 86_400,
            ends: (number + 1) * 86_400,
            weekday: 1,
            number,
        }
    })
}

fn by_calendar(second: i64, zone: &TimeZone) -> Option<LocalDay> {
    let date = zone
        .to_datetime(jiff::Timestamp::from_second(second).ok()?)
        .date();
    let noon = zone.to_timestamp(date.at(12, 0, 0, 0)).ok()?;
    let tomorrow = zone.to_timestamp(date.tomorrow().ok()?.at(0, 0, 0, 0)).ok()?;
    let midnight = TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()?;
    Some(LocalDay {
        begins: noon.as_second() - 43_200,
        ends: tomorrow.as_second(),
        weekday: date.weekday().to_monday_one_offset(),
        number: midnight.as_second().div_euclid(86_400),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use units::{Instant, Span};

    use super::{Building, BuildingOptions, Energy, local_day};

    /// 2026-03-28 20:00 UTC, the evening before the clocks change in Vienna.
    const SINCE: i64 = 1_774_728_000;

    fn options(seed: u64) -> BuildingOptions {
        BuildingOptions {
            latitude: 48.2,
            longitude: 16.37,
            seed,
            since: Instant::from_millis(SINCE * 1_000),
            zone: jiff::tz::TimeZone::get("Europe/Vienna").expect("a known zone"),
        }
    }

    #[test]
    fn every_second_balances() {
        let mut building = Building::new(&options(1));
        let mut last = building.truth();
        for second in 1..=2 * 86_400 {
            building.advance(last.since + Span::from_secs(second));
            let truth = building.truth();
            let now = truth.milliwatts;
            assert_eq!(
                now.production + now.import + now.discharge,
                now.consumption + now.export + now.charge
            );
            assert_eq!(
                building.phases().milliwatts.iter().sum::<i64>(),
                truth.grid_milliwatts()
            );
            assert_eq!(now.consumption, now.hall + now.flats.iter().sum::<i64>());
            assert!(now.import == 0 || now.export == 0);
            assert!(truth.energy.production >= last.energy.production);
            last = truth;
        }
        let sum = last.energy;
        assert_eq!(
            sum.production.milliwatt_seconds()
                + sum.import.milliwatt_seconds()
                + sum.discharge.milliwatt_seconds(),
            sum.consumption.milliwatt_seconds()
                + sum.export.milliwatt_seconds()
                + sum.charge.milliwatt_seconds()
        );
        assert!(
            sum.export.watt_hours().0 > 1_000 && sum.discharge.watt_hours().0 > 1_000,
            "{last}"
        );
    }

    #[test]
    fn a_day_follows_the_local_clock() {
        let zone = options(1).zone;
        // 2026-03-29 has 23 hours in Vienna: 23:00 UTC the day before until 22:00 UTC.
        let short = local_day(SINCE + 40_000, &zone);
        assert_eq!(short.ends, SINCE + 26 * 3_600);
        assert_eq!(short.begins, SINCE + 2 * 3_600);
        assert_eq!((short.weekday, short.number), (7, 20_541));
        assert_eq!(local_day(i64::MAX / 2_000, &zone).weekday, 1);
    }

    #[test]
    fn another_seed_is_another_life() {
        let total = |seed| {
            let mut building = Building::new(&options(seed));
            building.advance(building.since() + Span::DAY);
            building.truth()
        };
        assert_eq!(total(7), total(7));
        assert_ne!(total(7).energy, total(8).energy);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn at_any_place_and_time_it_balances(
            latitude in -90.0_f64..=90.0,
            longitude in -180.0_f64..=180.0,
            since in -4_000_000_000_i64..8_000_000_000,
            zone in proptest::sample::select(vec!["Australia/Lord_Howe", "America/St_Johns", "UTC", "Pacific/Apia"])
        ) {
            let mut building = Building::new(&BuildingOptions {
                latitude,
                longitude,
                seed: 1,
                since: Instant::from_millis(since * 1_000),
                zone: jiff::tz::TimeZone::get(zone).expect("a known zone"),
            });
            building.advance(building.since() + Span::HOUR.times(26));
            let energy = building.truth().energy;
            let sum = |parts: &[Energy]| parts.iter().map(|part| part.milliwatt_seconds()).sum::<i64>();
            prop_assert_eq!(
                sum(&[energy.production, energy.import, energy.discharge]),
                sum(&[energy.consumption, energy.export, energy.charge])
            );
            prop_assert!(energy.production.watt_hours().0 < 150_000);
            prop_assert!((8_000..120_000).contains(&energy.consumption.watt_hours().0), "{}", energy.consumption);
        }

        #[test]
        fn however_it_is_advanced_it_lives_the_same_life(
            seed in 0_u64..50,
            spans in proptest::collection::vec(0_i64..9_000_000, 1..30)
        ) {
            let mut often = Building::new(&options(seed));
            let mut until = often.since();
            for span in spans {
                until = until + Span::from_millis(span);
                often.advance(until);
                often.advance(until - Span::HOUR);
            }
            let mut once = Building::new(&options(seed));
            once.advance(until);
            prop_assert_eq!(often.truth(), once.truth());
            prop_assert_eq!(often.phases(), once.phases());
            prop_assert_eq!(often.strings(), once.strings());
        }
    }
}
