//! What a home, and the hall, uses second by second: appliances that somebody switches on and that switch off.
//!
//! Each day's uses are drawn at its beginning from the habits; between two changes nothing is computed.

use std::ops::Range;

use fastrand::Rng;

use crate::habits::{FLATS, HALL_BASE, HALL_LIGHTS, HALL_MEETING, Habit};
use crate::number::scramble;

/// A local day, as the people of the house live it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LocalDay {
    /// The second (since 1970) from which the minutes of habits count: local noon less twelve hours, so that
    /// habits follow the clock on the days on which it is changed.
    pub(crate) begins: i64,
    /// The second at which the next day's plan is made.
    pub(crate) ends: i64,
    /// 1 for Monday to 7 for Sunday.
    pub(crate) weekday: i8,
    /// Which day, counted from 1970 by the local calendar: the same number gives the same habits.
    pub(crate) number: i64,
}

impl LocalDay {
    /// 0 on a working day, 1 at the weekend: the place in a habit's pairs.
    fn kind(self) -> usize {
        usize::from(self.weekday >= 6)
    }
}

/// One appliance that runs for a while.
#[derive(Debug, Clone, Copy)]
struct Use {
    from: i64,
    until: i64,
    watts: i64,
}

/// Everything behind one meter of consumption.
#[derive(Debug, Clone)]
pub(crate) struct Household {
    seed: u64,
    home: Home,
    rng: Rng,
    uses: Vec<Use>,
    /// When people are awake and at home, as (from, until); lights burn then when it is dark.
    awake: [(i64, i64); 4],
    base: i64,
    running: i64,
    next_change: i64,
}

/// What kind of consumer it is.
#[derive(Debug, Clone, Copy)]
enum Home {
    Flat(&'static Habit),
    Hall,
}

impl Household {
    /// The flat with this place in [`FLATS`].
    pub(crate) fn flat(index: usize, seed: u64) -> Self {
        Self::new(
            Home::Flat(&FLATS[index % FLATS.len()]),
            scramble(&[seed, 21, u64::try_from(index).unwrap_or(0)]),
        )
    }

    /// The hall, the stairs and the yard.
    pub(crate) fn hall(seed: u64) -> Self {
        Self::new(Home::Hall, scramble(&[seed, 22]))
    }

    fn new(home: Home, seed: u64) -> Self {
        Self {
            seed,
            home,
            rng: Rng::with_seed(seed),
            uses: Vec::with_capacity(160),
            awake: [(0, 0); 4],
            base: 0,
            running: 0,
            next_change: i64::MIN,
        }
    }

    /// Draws what will happen on `day`.
    pub(crate) fn begin_day(&mut self, day: LocalDay) {
        self.rng = Rng::with_seed(scramble(&[self.seed, day.number.unsigned_abs()]));
        self.uses.retain(|one| one.until > day.begins);
        // The evening before may last past midnight.
        self.awake.rotate_right(2);
        match self.home {
            Home::Flat(habit) => self.plan_flat(habit, day),
            Home::Hall => self.plan_hall(day),
        }
        self.next_change = i64::MIN;
    }

    /// A new minute: standby power wanders a little, and lights burn if it is dark and somebody is there.
    pub(crate) fn minute(&mut self, second: i64, dark: bool) {
        let (base, lights) = match self.home {
            Home::Flat(habit) => (habit.base, habit.lights),
            Home::Hall => (HALL_BASE, HALL_LIGHTS),
        };
        let awake = self
            .awake
            .iter()
            .any(|(from, until)| (*from..*until).contains(&second));
        let lit = if dark && awake { lights } else { 0 };
        self.base = (base + lit) * self.rng.i64(930..1_070);
    }

    /// Power in the second that begins at `second`, in milliwatts.
    pub(crate) fn step(&mut self, second: i64) -> i64 {
        if second >= self.next_change {
            self.switch(second);
        }
        self.base + self.running
    }

    /// Sums up what runs now and finds when that changes next.
    fn switch(&mut self, second: i64) {
        self.running = 0;
        self.next_change = i64::MAX;
        for one in &self.uses {
            let next = if one.from > second { one.from } else { one.until };
            if next > second {
                self.next_change = self.next_change.min(next);
            }
            if one.from <= second && second < one.until {
                self.running += one.watts * 1_000;
            }
        }
    }

    fn add(&mut self, from: i64, seconds: i64, watts: i64) {
        self.uses.push(Use {
            from,
            until: from + seconds,
            watts,
        });
    }

    /// A use that lasts some number of seconds within `seconds`.
    fn add_about(&mut self, from: i64, seconds: Range<i64>, watts: i64) {
        let lasts = self.rng.i64(seconds);
        self.add(from, lasts, watts);
    }

    /// The moment of a habit's `minute`, give or take `spread` minutes.
    fn around(&mut self, day: LocalDay, minute: i64, spread: i64) -> i64 {
        day.begins + minute * 60 + self.rng.i64(-spread * 60..=spread * 60)
    }

    fn chance(&mut self, permille: u32) -> bool {
        self.rng.u32(..1_000) < permille
    }

    fn plan_flat(&mut self, habit: &Habit, day: LocalDay) {
        let kind = day.kind();
        let rise = self.around(day, habit.rise[kind], 20);
        let bed = self.around(day, habit.bed[kind], 30);
        let away = habit.away.filter(|_| kind == 0 && self.rng.u32(..1_000) < 880);
        let (leave, back) = match away {
            Some((leave, back)) => (self.around(day, leave, 15), self.around(day, back, 25)),
            None => (bed, bed),
        };
        self.awake[0] = (rise, leave);
        self.awake[1] = (back, bed);
        self.cool(habit, day);
        self.boil(habit, (rise, leave), (back, bed));
        if away.is_none() && self.chance(habit.lunch[kind]) {
            let at = self.around(day, 715, 30);
            self.cook(at);
        }
        if self.chance(habit.dinner) {
            let earliest = if away.is_some() { back + 600 } else { rise };
            let at = self.around(day, habit.dinner_at, 35).max(earliest);
            self.cook(at);
        }
        if self.chance(habit.wash[kind]) {
            let at = if away.is_some() {
                back + self.rng.i64(900..7_200)
            } else {
                rise + self.rng.i64(3_600..28_800)
            };
            let done = self.wash(at);
            if self.chance(habit.dryer) {
                let emptied = done + self.rng.i64(300..2_400);
                self.dry(emptied);
            }
        }
        if self.chance(habit.dishes) {
            let at = self.around(day, habit.dinner_at + 110, 50);
            self.rinse(at);
        }
        let screens = self.around(day, habit.dinner_at + 60, 40);
        self.add(screens, (bed - 900 - screens).max(600), habit.screens);
        if habit.desks > 0 && kind == 0 {
            let sits = self.around(day, 535, 20);
            self.add_about(sits, 14_000..15_200, habit.desks);
            self.add_about(sits + 17_400, 13_500..16_500, habit.desks);
        }
    }

    /// The fridge's compressor, on for a third of the time; more in the kitchen's warm hours.
    fn cool(&mut self, habit: &Habit, day: LocalDay) {
        let mut at = day.begins + self.rng.i64(0..1_800);
        while at < day.ends {
            let runs = self.rng.i64(780..1_080);
            self.add(at, runs, habit.fridge);
            // The motor's first second draws several times as much.
            self.add(at, 1, habit.fridge * 4);
            at += runs + self.rng.i64(1_560..2_100);
        }
    }

    /// The kettle: first thing in the morning, then whenever somebody is at home.
    fn boil(&mut self, habit: &Habit, morning: (i64, i64), evening: (i64, i64)) {
        let first = morning.0 + self.rng.i64(200..900);
        let boils = self.rng.i64(110..220);
        self.add(first, boils, 2_000);
        for _ in 1..habit.kettles {
            let late = self.rng.bool() || morning.1 - morning.0 < 7_200;
            let (from, until) = if late && evening.1 > evening.0 {
                evening
            } else {
                morning
            };
            let at = self.rng.i64(from..until.max(from + 1));
            let boils = self.rng.i64(80..220);
            self.add(at, boils, 2_000);
        }
    }

    /// A cooked meal: a hob that is turned up and down, and often the oven with its thermostat.
    fn cook(&mut self, at: i64) {
        let mut from = at;
        for _ in 0..self.rng.i64(4..9) {
            let (on, off) = (self.rng.i64(60..260), self.rng.i64(40..160));
            self.add(from, on, 1_500);
            from += on + off;
        }
        if self.rng.u32(..1_000) < 450 {
            self.add(at + 120, 660, 2_200);
            let mut from = at + 900;
            for _ in 0..self.rng.i64(8..22) {
                self.add(from, 55, 2_200);
                from += 150;
            }
        }
    }

    /// The washing machine: heats, turns, spins. Gives the moment at which it is done.
    fn wash(&mut self, at: i64) -> i64 {
        self.add_about(at + 240, 780..1_260, 1_950);
        let mut from = at;
        for _ in 0..70 {
            self.add(from, 38, 180);
            from += 52;
        }
        self.add(from, 420, 520);
        from + 420
    }

    /// The dryer, whose heater rests now and then.
    fn dry(&mut self, at: i64) {
        let length = self.rng.i64(3_000..5_400);
        self.add(at, length, 230);
        let mut from = at;
        while from < at + length - 400 {
            self.add(from, 240, 1_750);
            from += 330;
        }
    }

    /// The dishwasher: heats at the beginning and for drying.
    fn rinse(&mut self, at: i64) {
        self.add(at, 5_400, 70);
        self.add_about(at + 300, 780..1_020, 1_900);
        self.add_about(at + 3_600, 480..720, 1_900);
    }

    /// The hall: choir on Tuesday, a club on Thursday, the weekend's market; now and then something else.
    fn plan_hall(&mut self, day: LocalDay) {
        self.awake[0] = (day.begins + 5 * 3_600, day.begins + 84_600);
        self.awake[1] = (0, 0);
        let (from, length, chance) = match day.weekday {
            2 => (1_140, 150, 950),
            4 => (1_110, 180, 900),
            6 => (570, 300, 800),
            7 => (600, 150, 500),
            _ => (1_080, 120, 350),
        };
        if !self.chance(chance) {
            return;
        }
        let at = self.around(day, from, 15);
        self.add(at, length * 60, HALL_MEETING);
        for _ in 0..self.rng.i64(2..5) {
            let brews = at + self.rng.i64(0..length * 60);
            let takes = self.rng.i64(300..600);
            self.add(brews, takes, 1_600);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Household, LocalDay};

    fn day(number: i64) -> LocalDay {
        LocalDay {
            begins: number * 86_400,
            ends: (number + 1) * 86_400,
            weekday: i8::try_from((number + 3) % 7 + 1).expect("1 to 7"),
            number,
        }
    }

    /// The energy of each of `count` days, in watt-hours, and the highest power, in watts.
    fn days(mut home: Household, count: i64) -> (Vec<i64>, i64) {
        let mut highest = 0;
        let mut energies = Vec::new();
        for number in 20_000..20_000 + count {
            home.begin_day(day(number));
            let mut sum = 0;
            for second in number * 86_400..(number + 1) * 86_400 {
                if second % 60 == 0 {
                    home.minute(second, !(25_000..70_000).contains(&(second % 86_400)));
                }
                let power = home.step(second);
                assert!(power > 0);
                highest = highest.max(power / 1_000);
                sum += power;
            }
            energies.push(sum / 3_600_000);
        }
        (energies, highest)
    }

    #[test]
    fn six_flats_live_six_lives() {
        let means: Vec<i64> = (0..6)
            .map(|index| {
                let (energies, highest) = days(Household::flat(index, 9), 28);
                assert!((2_000..12_000).contains(&highest), "flat {index}: {highest} W");
                energies.iter().sum::<i64>() / 28
            })
            .collect();
        assert!(
            means.iter().all(|mean| (1_500..16_000).contains(mean)),
            "{means:?}"
        );
        assert!(
            means[1] > 2 * means[5],
            "a family of five uses more than one frugal person: {means:?}"
        );
    }

    #[test]
    fn a_day_is_the_same_whatever_came_before() {
        let mut short = Household::flat(1, 4);
        short.begin_day(day(20_010));
        let (_, _) = days(Household::flat(1, 4), 1);
        let mut again = Household::flat(1, 4);
        again.begin_day(day(20_010));
        for second in 20_010 * 86_400..20_010 * 86_400 + 40_000 {
            assert_eq!(short.step(second), again.step(second));
        }
    }

    #[test]
    fn the_hall_is_full_on_tuesdays() {
        let (energies, _) = days(Household::hall(2), 70);
        let of = |weekday| {
            let picked: Vec<i64> = (0..70)
                .filter(|number| day(20_000 + number).weekday == weekday)
                .map(|number| energies[usize::try_from(number).expect("small")])
                .collect();
            picked.iter().sum::<i64>() / i64::try_from(picked.len()).expect("small")
        };
        assert!(of(2) > of(1) + 800, "Tuesday {} and Monday {}", of(2), of(1));
    }
}
