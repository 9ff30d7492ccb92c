//! A past of ten years of one value, quickly: for the pages in a browser that go from ten years down to one minute.
//!
//! `hearth fill` would take minutes, since it asks every device for every value; here the values are made up, and everything
//! behind them is the store's own: readings, roll-ups, and what is given up in the course of time. Not run by itself:
//! `./dev test` names the folder in `HEARTH_TEN_YEARS` and the end in `HEARTH_TEN_YEARS_UNTIL`, UTC milliseconds.

use std::env;
use std::path::PathBuf;

use energy::calendar::Zone;
use store::{Batch, Options, Progress, Store};
use units::{Channel, Instant, Number, Reading, Span, Unit};

/// How long the past is.
const DAYS: i64 = 3_653;
/// How far readings lie apart: in the past, in the last days, and in the last hour.
const STEPS: [(Span, Span); 3] = [
    (Span::DAY.times(DAYS), Span::QUARTER),
    (Span::DAY.times(3), Span::from_secs(10)),
    (Span::HOUR, Span::SECOND),
];
/// How long single readings and minutes are kept, as a running box keeps them.
const KEPT: Span = Span::DAY.times(90);
const MINUTES_KEPT: Span = Span::DAY.times(5 * 366);

/// What the meter to the street may show: much in winter, sun at noon, and a little restlessness.
fn watts(at: Instant, dice: &mut fastrand::Rng) -> i64 {
    let day = at.as_millis().div_euclid(Span::DAY.as_millis());
    let minute = at.as_millis().rem_euclid(Span::DAY.as_millis()) / 60_000;
    let summer = 183 - (day % 365 - 170).abs();
    let noon = (360 - (minute - 720).abs()).max(0);
    900 - summer * noon / 12 + (183 - summer) * 4 + dice.i64(-150..150)
}

#[test]
#[ignore = "makes a past, where ./dev test wants one"]
fn make() -> anyhow::Result<()> {
    let folder = PathBuf::from(env::var("HEARTH_TEN_YEARS")?);
    let until = Instant::from_millis(env::var("HEARTH_TEN_YEARS_UNTIL")?.parse()?);
    let zone = Zone::parse("Europe/London")?;
    let store = Store::open(&folder, Options::default())?;
    let channel = Channel::parse("street-meter/power").map_err(|error| anyhow::anyhow!("{error}"))?;
    let mut dice = fastrand::Rng::with_seed(10);
    let mut batch = Batch::default();
    for (index, (back, step)) in STEPS.iter().enumerate() {
        let mut at = (until - *back).floor(*step);
        let end = STEPS.get(index + 1).map_or(until, |next| until - next.0);
        while at < end {
            // A day without a word in each month, which shows as a gap.
            if at.as_millis().div_euclid(Span::DAY.as_millis()) % 30 != 7 {
                let outcome = Ok(Number::exact(watts(at, &mut dice)));
                let channel = channel.clone();
                batch.readings.push(Reading { channel, at, outcome });
            }
            at = at + *step;
            if batch.readings.len() >= 9_600 {
                put(&store, &channel, &mut batch)?;
            }
        }
    }
    put(&store, &channel, &mut batch)?;
    store.seal()?;
    while store.roll_up(&zone, until)? == Progress::More {}
    while store.retain((until - KEPT).min(store.rolled_until()))? == Progress::More {}
    while store.retain_minutes(until - MINUTES_KEPT)? == Progress::More {}
    Ok(())
}

fn put(store: &Store, channel: &Channel, batch: &mut Batch) -> anyhow::Result<()> {
    let mut batch = std::mem::take(batch);
    batch.channels.insert(channel.clone(), Unit::Watts);
    store.record_and_wait(batch)?;
    Ok(())
}
