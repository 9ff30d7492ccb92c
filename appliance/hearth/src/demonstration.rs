//! The simulated site as a demonstration: its own folder, a `site.toml` that describes it, and the start of its
//! time, so that it counts on from one start to the next.

use std::net::TcpListener;
use std::path::PathBuf;

use energy::calendar::Zone;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use simulator::{BuildingOptions, SiteOptions};
use units::{Instant, Span};

use crate::clock;
use crate::state::{StateFolder, replace};

/// Where the demonstration's building stands: Easton, Bristol.
const LATITUDE: f64 = 51.464;
/// Degrees east.
const LONGITUDE: f64 = -2.563;
/// Its clock.
const ZONE: &str = "Europe/London";
/// The number from which its weather and habits are drawn.
pub const SEED: u64 = 2026;
/// The baud rate of its meters.
pub const BAUD: u32 = 19_200;
/// Its port of Modbus TCP, unless another program has it.
const PORT: u16 = 1_502;
/// Days of the past that it has when it begins.
pub const DAYS: u16 = 30;

/// What a demonstration must not forget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demonstration {
    /// When its time began, UTC milliseconds.
    pub since_ms: i64,
    /// The number from which its weather and habits are drawn.
    pub seed: u64,
    /// Where its Modbus TCP listens.
    pub tcp: String,
}

impl Demonstration {
    /// The demonstration of a state folder. The first time it is made, with `site.toml` if there is none.
    pub fn open(folder: &StateFolder, seed: u64, days: u16) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder.simulator())?;
        let file = folder.simulator().join("simulator.json");
        let known = match std::fs::read_to_string(&file) {
            Ok(text) => serde_json::from_str(&text)?,
            Err(_) => {
                let made = Self {
                    since_ms: midnight(days)?.as_millis(),
                    seed,
                    tcp: free_address()?,
                };
                replace(&file, &serde_json::to_string_pretty(&made)?)?;
                made
            }
        };
        if !folder.site().exists() {
            replace(&folder.site(), &known.site_text(folder))?;
        }
        Ok(known)
    }

    /// When its time began.
    pub fn since(&self) -> Instant {
        Instant::from_millis(self.since_ms)
    }

    /// The site as the simulator lives it.
    pub fn site(&self) -> anyhow::Result<SiteOptions> {
        let mut options = SiteOptions::new(BuildingOptions {
            latitude: LATITUDE,
            longitude: LONGITUDE,
            seed: self.seed,
            since: self.since(),
            zone: TimeZone::get(ZONE)?,
        });
        options.baud = BAUD;
        Ok(options)
    }

    /// The link under which its serial line is found.
    pub fn link(folder: &StateFolder) -> PathBuf {
        folder.simulator().join("meters")
    }

    /// Its `site.toml`.
    pub fn site_text(&self, folder: &StateFolder) -> String {
        let link = Self::link(folder);
        let link = link
            .canonicalize()
            .or_else(|_| std::path::absolute(&link))
            .unwrap_or(link);
        let mut text = include_str!("demonstration/site.toml").replace("{tcp}", &self.tcp);
        text = text.replace("{meters}", &link.display().to_string());
        for flat in 1..=6_u8 {
            text.push_str(&format!(
                "\n[[device]]\nname = \"flat-{flat}\"\nlabel = \"Flat {flat}\"\nbus = \"cupboard\"\nunit = {}\n\
                 profile = \"eastron-sdm120\"\nrole = \"consumption\"\naudience = \"household:flat-{flat}\"\n\
                 rated_power = 10000\nfast = \"10 s\"\n",
                flat + 10
            ));
        }
        text
    }
}

/// Local midnight `days` days ago.
fn midnight(days: u16) -> anyhow::Result<Instant> {
    let zone = Zone::parse(ZONE)?;
    let then = clock::now() - Span::DAY.times(i64::from(days));
    Ok(zone.start_of(zone.date_of(then)))
}

/// The usual address if it is free, else any.
fn free_address() -> std::io::Result<String> {
    let bound = TcpListener::bind(("127.0.0.1", PORT)).or_else(|_| TcpListener::bind(("127.0.0.1", 0)))?;
    Ok(bound.local_addr()?.to_string())
}
