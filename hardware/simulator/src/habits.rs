//! Six households as data: when they rise, cook, wash and go to bed, and what their homes use meanwhile.

/// A household's habits. Times are minutes after local midnight; chances are of 1,000 days.
#[derive(Debug)]
pub(crate) struct Habit {
    /// What the home uses day and night, in watts: router, clocks, things on standby.
    pub(crate) base: i64,
    /// The fridge while it cools, in watts.
    pub(crate) fridge: i64,
    /// When people rise, on working days and at the weekend.
    pub(crate) rise: [i64; 2],
    /// When they go to bed, on working days and at the weekend.
    pub(crate) bed: [i64; 2],
    /// From when to when nobody is at home on working days.
    pub(crate) away: Option<(i64, i64)>,
    /// How often the kettle boils in a day.
    pub(crate) kettles: i64,
    /// Chance of a cooked lunch, on working days and at the weekend.
    pub(crate) lunch: [u32; 2],
    /// Chance of a cooked dinner.
    pub(crate) dinner: u32,
    /// When dinner is cooked.
    pub(crate) dinner_at: i64,
    /// Chance of a wash, on working days and at the weekend.
    pub(crate) wash: [u32; 2],
    /// Chance that a wash is followed by the dryer.
    pub(crate) dryer: u32,
    /// Chance that the dishwasher runs.
    pub(crate) dishes: u32,
    /// Lights after dark, in watts.
    pub(crate) lights: i64,
    /// Screens in the evening, in watts.
    pub(crate) screens: i64,
    /// Desks of people who work at home, in watts.
    pub(crate) desks: i64,
}

/// The six flats, first to sixth.
pub(crate) const FLATS: [Habit; 6] = [
    // A retired couple: at home, lunch is the warm meal.
    Habit {
        base: 55,
        fridge: 95,
        rise: [390, 420],
        bed: [1_320, 1_340],
        away: None,
        kettles: 6,
        lunch: [850, 900],
        dinner: 200,
        dinner_at: 1_080,
        wash: [300, 150],
        dryer: 100,
        dishes: 300,
        lights: 70,
        screens: 130,
        desks: 0,
    },
    // Two parents, three children: mornings and evenings are busy, the washing never ends.
    Habit {
        base: 90,
        fridge: 120,
        rise: [375, 450],
        bed: [1_370, 1_410],
        away: Some((500, 930)),
        kettles: 5,
        lunch: [150, 800],
        dinner: 900,
        dinner_at: 1_070,
        wash: [650, 950],
        dryer: 550,
        dishes: 850,
        lights: 160,
        screens: 210,
        desks: 0,
    },
    // A nurse on changing shifts.
    Habit {
        base: 40,
        fridge: 85,
        rise: [320, 520],
        bed: [1_290, 1_430],
        away: Some((370, 900)),
        kettles: 4,
        lunch: [100, 400],
        dinner: 600,
        dinner_at: 1_020,
        wash: [250, 400],
        dryer: 0,
        dishes: 0,
        lights: 50,
        screens: 100,
        desks: 0,
    },
    // Two people who work at home.
    Habit {
        base: 80,
        fridge: 90,
        rise: [430, 540],
        bed: [1_420, 1_470],
        away: None,
        kettles: 8,
        lunch: [500, 500],
        dinner: 750,
        dinner_at: 1_150,
        wash: [300, 500],
        dryer: 200,
        dishes: 600,
        lights: 90,
        screens: 150,
        desks: 190,
    },
    // Students: late to bed, late to rise, screens all night.
    Habit {
        base: 70,
        fridge: 110,
        rise: [540, 690],
        bed: [1_520, 1_600],
        away: Some((620, 960)),
        kettles: 7,
        lunch: [100, 350],
        dinner: 700,
        dinner_at: 1_230,
        wash: [200, 550],
        dryer: 0,
        dishes: 0,
        lights: 120,
        screens: 260,
        desks: 60,
    },
    // One frugal person.
    Habit {
        base: 25,
        fridge: 60,
        rise: [410, 440],
        bed: [1_350, 1_360],
        away: Some((480, 1_020)),
        kettles: 3,
        lunch: [50, 500],
        dinner: 450,
        dinner_at: 1_110,
        wash: [80, 300],
        dryer: 0,
        dishes: 0,
        lights: 30,
        screens: 50,
        desks: 0,
    },
];

/// What the hall and the stairs use day and night, in watts: emergency lights, ventilation, the box.
pub(crate) const HALL_BASE: i64 = 140;

/// Lights of stairs and yard after dark, in watts.
pub(crate) const HALL_LIGHTS: i64 = 180;

/// A meeting in the hall: lights, sound, ventilation, in watts; its coffee machine comes on top.
pub(crate) const HALL_MEETING: i64 = 1_400;
