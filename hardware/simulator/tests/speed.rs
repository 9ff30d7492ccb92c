//! How long a month takes. Run by hand: `cargo test --release -p simulator --test speed -- --ignored --nocapture`.

use std::time::Instant as Real;

use devices::frame::Function;
use jiff::tz::TimeZone;
use simulator::{Building, BuildingOptions, DEVICES, SimulatedSite, SiteOptions, past};
use units::{Instant, Span};

fn building() -> BuildingOptions {
    BuildingOptions {
        latitude: 48.2,
        longitude: 16.37,
        seed: 11,
        since: Instant::from_millis(1_781_524_800_000),
        zone: TimeZone::get("Europe/Vienna").expect("a known zone"),
    }
}

#[test]
#[ignore = "a measurement, for a release build on a quiet machine"]
fn a_month() {
    let begins = Real::now();
    let mut alone = Building::new(&building());
    alone.advance(alone.since() + Span::DAY.times(30));
    println!("30 days of the building: {:?}", begins.elapsed());

    let begins = Real::now();
    let mut site = SimulatedSite::new(SiteOptions::new(building()));
    let from = site.at();
    let mut images = 0_usize;
    let mut going = past(&mut site, from, from + Span::DAY.times(30), Span::MINUTE);
    while let Some((_, site)) = going.next_moment() {
        for device in DEVICES {
            images += site.images(device).map_or(0, |images| {
                usize::from(images.iter().any(|image| image.function() == Function::Holding))
            });
        }
    }
    println!("30 days by the minute, {images} images: {:?}", begins.elapsed());
    assert_eq!(images, 432_000);
    println!("{}", site.truth());
}
