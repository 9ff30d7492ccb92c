//! The power of this moment, from one snapshot.

use units::{Instant, Role, Span, Watts};

use super::routes::{Routes, route};

/// One side of the house in a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The site has none.
    Absent,
    /// Its power and when it was read.
    Fresh {
        /// Forward positive: made, bought, or given by the battery.
        watts: Watts,
        /// When the answer arrived.
        at: Instant,
    },
    /// There should be a power, and there is none that is new enough.
    Stale {
        /// When it was last read, if ever.
        since: Option<Instant>,
    },
}

/// The three sides of a house. Several devices of one role are put together with [`Source::join`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PowerInputs {
    /// What the inverters make.
    pub production: Source,
    /// From the street; import positive, export negative.
    pub grid: Source,
    /// From the battery; discharge positive, charge negative.
    pub battery: Source,
}

/// Where power comes from and goes to, now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PowerNow {
    /// Made by the sun. What an inverter draws at night counts as use.
    pub production: Watts,
    /// Used in the house.
    pub consumption: Watts,
    /// Bought from the street.
    pub import: Watts,
    /// Sent to the street.
    pub export: Watts,
    /// Into the battery.
    pub charge: Watts,
    /// Out of the battery.
    pub discharge: Watts,
    /// Who feeds whom.
    pub routes: Routes<Watts>,
    /// By how much the use came out below zero because the meters were not read at the same instant; the use
    /// is shown as zero then. `None` when it came out right.
    pub clamped: Option<Watts>,
    /// When the oldest input was read.
    pub at: Option<Instant>,
}

/// Why there is no answer: an input that is not fresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unknown {
    /// Which side of the house.
    pub role: Role,
    /// When it was last read, if ever.
    pub since: Option<Instant>,
}

impl Source {
    /// The last reading of a device, judged by its age: fresh up to `limit` old. One from further ahead than that
    /// is from before the clock went back, and nobody knows how old it is.
    pub fn judge(last: Option<(Instant, Watts)>, now: Instant, limit: Span) -> Self {
        match last {
            Some((at, watts)) if (Span::ZERO - limit..=limit).contains(&now.since(at)) => {
                Self::Fresh { watts, at }
            }
            Some((at, _)) => Self::Stale { since: Some(at) },
            None => Self::Stale { since: None },
        }
    }

    /// Several devices of one role as one: their sum, as old as the oldest, stale if one of them is.
    pub fn join(sources: impl IntoIterator<Item = Self>) -> Self {
        sources.into_iter().fold(Self::Absent, Self::plus)
    }

    fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Absent, source) | (source, Self::Absent) => source,
            (
                Self::Fresh { watts, at },
                Self::Fresh {
                    watts: more,
                    at: then,
                },
            ) => Self::Fresh {
                watts: watts + more,
                at: at.min(then),
            },
            (Self::Stale { since }, Self::Stale { since: other }) => Self::Stale {
                since: since.min(other),
            },
            (stale @ Self::Stale { .. }, _) | (_, stale) => stale,
        }
    }

    fn power(self) -> Result<Watts, Option<Instant>> {
        match self {
            Self::Absent => Ok(Watts(0)),
            Self::Fresh { watts, .. } => Ok(watts),
            Self::Stale { since } => Err(since),
        }
    }

    fn at(self) -> Option<Instant> {
        match self {
            Self::Fresh { at, .. } => Some(at),
            _ => None,
        }
    }
}

/// What flows now, or which inputs are missing. Without any device at all there is no answer either.
pub fn power_now(inputs: &PowerInputs) -> Result<PowerNow, Vec<Unknown>> {
    let sides = [
        (Role::Production, inputs.production),
        (Role::Grid, inputs.grid),
        (Role::Battery, inputs.battery),
    ];
    let missing: Vec<Unknown> = sides
        .iter()
        .filter_map(|(role, source)| source.power().err().map(|since| Unknown { role: *role, since }))
        .collect();
    let (Ok(production), Ok(grid), Ok(battery)) = (
        inputs.production.power(),
        inputs.grid.power(),
        inputs.battery.power(),
    ) else {
        return Err(missing);
    };
    let above = |watts: Watts| Watts(watts.0.max(0));
    let (made, import, export) = (above(production), above(grid), above(-grid));
    let (discharge, charge) = (above(battery), above(-battery));
    let balance = made + import + discharge - export - charge;
    let consumption = above(balance);
    Ok(PowerNow {
        production: made,
        consumption,
        import,
        export,
        charge,
        discharge,
        routes: route([made, import, export, charge, discharge, consumption].map(|watts| watts.0)).map(Watts),
        clamped: (balance.0 < 0).then_some(-balance),
        at: sides.iter().filter_map(|(_, source)| source.at()).min(),
    })
}
