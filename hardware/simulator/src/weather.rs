//! Weather over the roof: a slow change between kinds of sky, and under it single clouds that pass.

use fastrand::Rng;

/// How often the kind of sky may change, in seconds.
const SPELL: i64 = 1_200;

/// A kind of sky.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sky {
    Clear,
    Fair,
    Broken,
    Overcast,
    Rain,
}

impl Sky {
    /// The next greyer one, short of rain.
    fn greyer(self) -> Self {
        match self {
            Self::Clear => Self::Fair,
            Self::Fair => Self::Broken,
            Self::Broken | Self::Overcast => Self::Overcast,
            Self::Rain => Self::Rain,
        }
    }
}

/// How a kind of sky behaves.
struct Manner {
    /// The part of the time that a cloud stands before the sun.
    cover: f64,
    /// The least and the most of the straight light that a cloud lets through.
    through: (f64, f64),
    /// Scattered light, compared with a clear sky.
    diffuse: f64,
    /// About how long a cloud takes to pass, in seconds.
    passing: f64,
    /// Of 1,000 spells, how many turn into clear, fair, broken, overcast, rain.
    next: [u32; 5],
}

const KINDS: [Sky; 5] = [Sky::Clear, Sky::Fair, Sky::Broken, Sky::Overcast, Sky::Rain];

const MANNERS: [Manner; 5] = [
    Manner {
        cover: 0.0,
        through: (1.0, 1.0),
        diffuse: 1.0,
        passing: 600.0,
        next: [890, 95, 15, 0, 0],
    },
    Manner {
        cover: 0.15,
        through: (0.3, 0.7),
        diffuse: 1.2,
        passing: 70.0,
        next: [50, 840, 100, 10, 0],
    },
    Manner {
        cover: 0.5,
        through: (0.05, 0.4),
        diffuse: 1.7,
        passing: 120.0,
        next: [5, 80, 820, 90, 5],
    },
    Manner {
        cover: 1.0,
        through: (0.0, 0.06),
        diffuse: 1.5,
        passing: 300.0,
        next: [0, 5, 70, 890, 35],
    },
    Manner {
        cover: 1.0,
        through: (0.0, 0.01),
        diffuse: 0.6,
        passing: 300.0,
        next: [0, 0, 20, 130, 850],
    },
];

/// What is left of a clear sky's light.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Light {
    /// Factor on what comes straight from the sun.
    pub(crate) beam: f64,
    /// Factor on what comes from sky and ground; above 1 where bright clouds stand.
    pub(crate) diffuse: f64,
}

/// The weather, second by second.
#[derive(Debug, Clone)]
pub(crate) struct Weather {
    rng: Rng,
    gloom: u32,
    sky: Sky,
    spell_left: i64,
    patch_left: i64,
    light: Light,
    target: Light,
}

impl Weather {
    /// The weather that belongs to `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let sky = KINDS[rng.usize(..KINDS.len())];
        let start = Light {
            beam: 0.5,
            diffuse: 1.0,
        };
        Self {
            rng,
            gloom: 0,
            sky,
            spell_left: SPELL,
            patch_left: 0,
            light: start,
            target: start,
        }
    }

    /// The season: of 1,000 spells, how many bring a greyer sky than they would in summer.
    pub(crate) fn set_gloom(&mut self, permille: u32) {
        self.gloom = permille;
    }

    /// One second on.
    pub(crate) fn step(&mut self) -> Light {
        self.spell_left -= 1;
        if self.spell_left <= 0 {
            self.spell_left = SPELL;
            self.sky = self.turn();
            if self.rng.u32(..1_000) < self.gloom {
                self.sky = self.sky.greyer();
            }
        }
        self.patch_left -= 1;
        if self.patch_left <= 0 {
            self.next_patch();
        }
        // A cloud's edge takes some ten seconds to cross a roof; the brightness of a sky changes slowly.
        self.light.beam += (self.target.beam - self.light.beam) * 0.12;
        self.light.diffuse += (self.target.diffuse - self.light.diffuse) * 0.004;
        self.light
    }

    fn turn(&mut self) -> Sky {
        let mut draw = self.rng.u32(..1_000);
        let chances = self.manner().next;
        for (kind, chance) in KINDS.into_iter().zip(chances) {
            if draw < chance {
                return kind;
            }
            draw -= chance;
        }
        self.sky
    }

    fn manner(&self) -> &'static Manner {
        match self.sky {
            Sky::Clear => &MANNERS[0],
            Sky::Fair => &MANNERS[1],
            Sky::Broken => &MANNERS[2],
            Sky::Overcast => &MANNERS[3],
            Sky::Rain => &MANNERS[4],
        }
    }

    /// The next cloud, or the next gap between two.
    fn next_patch(&mut self) {
        let manner = self.manner();
        let cloud = self.rng.f64() < manner.cover;
        let (least, most) = manner.through;
        self.target = Light {
            beam: if cloud {
                least + (most - least) * self.rng.f64()
            } else {
                1.0
            },
            diffuse: manner.diffuse,
        };
        let length = manner.passing * (0.3 + 1.4 * self.rng.f64());
        self.patch_left = crate::number::whole(length).max(5);
    }
}

#[cfg(test)]
mod tests {
    use super::{MANNERS, Weather};

    #[test]
    fn every_sky_turns_into_something() {
        for manner in &MANNERS {
            assert_eq!(manner.next.iter().sum::<u32>(), 1_000);
        }
    }

    #[test]
    fn light_stays_within_what_clouds_can_do() {
        let mut weather = Weather::new(3);
        let (mut dark, mut bright) = (0, 0);
        for _ in 0..30 * 86_400 {
            let light = weather.step();
            assert!((0.0..=1.0).contains(&light.beam) && (0.5..=1.8).contains(&light.diffuse));
            dark += i32::from(light.beam < 0.1);
            bright += i32::from(light.beam > 0.9);
        }
        // A month has both, and neither fills it.
        assert!(
            dark > 200_000 && bright > 200_000,
            "{dark} dark and {bright} bright seconds"
        );
    }
}
