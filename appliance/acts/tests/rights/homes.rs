//! A household's energy is its own, for the time of its stay: not that of those who lived there before, nor of those who
//! came after, whatever their roles.

use std::sync::Arc;

use acts::look::LookError;
use acts::{Actor, Acts, Right, Site};
use jiff::civil::{Date, date};
use members::household::{Household, Occupancy};
use members::person::Person;
use members::record::Newer;
use store::Batch;
use tokio::sync::watch;
use units::{Channel, HomeName, HouseholdId, Instant, Number, PersonId, Reading, Unit};

use crate::scene::{ANA, BEN, CLEO, START, Scene};
use crate::world::nothing_yet;

const DAY: i64 = 86_400_000;
const SITE: &str = r#"[place]
name = "The Hall"
time_zone = "Europe/London"
currency = "GBP"
latitude = 51.464
longitude = -2.563

[[bus]]
name = "cupboard"
kind = "tcp"
address = "127.0.0.1:1502"

[[device]]
name = "flat-1"
bus = "cupboard"
unit = 1
profile = "eastron-sdm120"
role = "consumption"
audience = "household:flat-1"
rated_power = 10000
"#;

/// Midnight of 2026-06-16 in London; the scene's clock stands on that day.
const MIDNIGHT: i64 = 1_781_564_400_000;

fn lives(from: Date, until: Option<Date>) -> Occupancy {
    Occupancy {
        home: HomeName::parse("flat-1").expect("a good word"),
        from,
        until,
        newer: Newer::default(),
    }
}

/// Until the 14th Ben lived in flat 1, Ana since the 15th; Cleo lives nowhere and may everything.
fn scene() -> (Scene, Acts, watch::Sender<Arc<Site>>) {
    let scene = Scene::new();
    for (person, house, stay) in [
        (BEN, 1, lives(date(2026, 1, 1), Some(date(2026, 6, 15)))),
        (ANA, 2, lives(date(2026, 6, 15), None)),
    ] {
        let house = HouseholdId::new(house);
        let mut household = Household::new();
        household.homes.push(stay);
        scene.put("households", &house, &household);
        let mut named = Person::named("somebody", START).expect("a name");
        named.household = Some(house);
        scene.put("people", &person, &named);
    }
    let mut batch = Batch::default();
    batch.channels.insert(power(), Unit::Watts);
    // One reading an hour for four days: 13 on the 13th, 14 on the 14th, and so on.
    for hour in 0..96 {
        batch.readings.push(Reading {
            channel: power(),
            at: Instant::from_millis(MIDNIGHT - 3 * DAY + hour * 3_600_000),
            outcome: Ok(Number::exact(13 + hour / 24)),
        });
    }
    scene.store.record_and_wait(batch).expect("written");
    let site = Arc::new(Site::parse(SITE).expect("a good site"));
    let (site, read) = watch::channel(site);
    let acts = scene.acts_at(read, nothing_yet());
    (scene, acts, site)
}

fn power() -> Channel {
    Channel::parse("flat-1/power").expect("a good name")
}

fn whole() -> (Instant, Instant) {
    (
        Instant::from_millis(MIDNIGHT - 3 * DAY),
        Instant::from_millis(MIDNIGHT + DAY),
    )
}

fn member(person: PersonId, rights: &[Right]) -> Actor {
    Actor::Member {
        person,
        rights: rights.iter().copied().collect(),
    }
}

/// The days whose readings somebody sees.
fn days(acts: &Acts, actor: Actor) -> Vec<i64> {
    let (from, to) = whole();
    let readings = acts.look(actor).readings(&power(), from, to).unwrap_or_default();
    let mut days: Vec<i64> = readings.iter().filter_map(|reading| reading.value).collect();
    days.dedup();
    days
}

#[test]
fn each_household_sees_the_time_of_its_own_stay() {
    let (_scene, acts, _site) = scene();
    assert_eq!(days(&acts, member(ANA, &[])), [15, 16]);
    assert_eq!(days(&acts, member(BEN, &[])), [13, 14]);
    for nobody in [
        Actor::Visitor,
        Actor::Technician { uid: 0 },
        member(CLEO, Right::ALL),
    ] {
        assert_eq!(days(&acts, nobody.clone()), Vec::<i64>::new(), "{nobody}");
        let (from, to) = whole();
        let look = acts.look(nobody);
        assert!(matches!(
            look.readings(&power(), from, to),
            Err(LookError::NotThere(_))
        ));
        assert!(matches!(
            look.means(&power(), from, to, 4),
            Err(LookError::NotThere(_))
        ));
        assert!(look.channels().is_empty() && look.unit_of(&power()).is_err());
    }
    assert_eq!(days(&acts, Actor::TheBox), [13, 14, 15, 16]);
}

#[test]
fn now_is_for_whoever_lives_there_today() {
    let (_scene, acts, _site) = scene();
    let private = |person| {
        acts.look(member(person, &[]))
            .device("flat-1")
            .expect("there")
            .private
    };
    assert!(!private(ANA));
    assert!(private(BEN), "Ben has moved out");
    assert!(private(CLEO));
}

#[test]
fn what_is_told_of_a_channel_ends_where_the_stay_ends() {
    let (_scene, acts, _site) = scene();
    let of = |person| {
        let channels = acts.look(member(person, &[])).channels();
        channels
            .first()
            .map(|channel| (channel.first_ms, channel.last_ms))
    };
    assert_eq!(of(ANA), Some((MIDNIGHT - DAY, MIDNIGHT + 23 * 3_600_000)));
    assert_eq!(of(BEN), Some((MIDNIGHT - 3 * DAY, MIDNIGHT - DAY - 1)));
}

#[test]
fn means_hold_nothing_of_another_stay() {
    let (_scene, acts, _site) = scene();
    let (from, to) = whole();
    let means = |person, parts| {
        let means = acts.look(member(person, &[])).means(&power(), from, to, parts);
        let means = means.expect("seen");
        means.iter().map(|part| part.mean).collect::<Vec<_>>()
    };
    assert_eq!(means(ANA, 4), [None, None, Some(15), Some(16)]);
    assert_eq!(means(BEN, 4), [Some(13), Some(14), None, None]);
    // A part that begins before the stay holds what lies within it.
    assert_eq!(means(BEN, 1), [Some(14)], "the mean of 13 and 14, rounded");
    let whole = acts
        .look(member(ANA, &[]))
        .means(&power(), from, to, 1)
        .expect("seen");
    assert_eq!(
        (whole[0].min, whole[0].max, whole[0].count),
        (Some(15), Some(16), 48)
    );
    let all = acts
        .look(Actor::TheBox)
        .means(&power(), from, to, 1)
        .expect("seen");
    assert_eq!((all[0].min, all[0].max, all[0].count), (Some(13), Some(16), 96));
}
