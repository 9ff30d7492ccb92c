//! Pages that are read: what stands on them in each mood of the place, and what is refused.

use super::place::Mood;
use super::{Reply, Served};

/// A whole page says so, also where it refuses.
fn is_a_page(reply: &Reply, status: u16) -> String {
    let text = reply.text();
    assert_eq!(reply.status, status, "{text}");
    assert!(
        reply.header("content-type").starts_with("text/html"),
        "{}",
        reply.header("content-type")
    );
    assert!(
        text.contains("<h1") && text.contains("</footer>") && text.contains("Easton Community Centre"),
        "{text}"
    );
    text
}

#[tokio::test]
async fn a_sunny_afternoon_is_told_drawn_and_listed() {
    let served = Served::open(Mood::Sunny).await;
    let home = served.page("/").await;
    for words in [
        "The roof makes <b class=\"sun\">",
        "Measured 2 seconds ago, Tuesday 14:10.",
        "05:15–06:00: no meter gave word.",
        "10:30–11:15: nobody could read the meter, but it counted on.",
        "45 minutes are missing; they are in no sum.",
        "rel=\"prev\" href=\"/energy/2026-06-15\"",
        "/energy.csv?period=2026-06-16",
        "<th scope=\"row\">05:30</th><td>–</td>",
        "<caption>kWh in each quarter of an hour</caption>",
        "clip-path=\"url(#until)\"",
        "data-every=\"60\"",
    ] {
        assert!(home.contains(words), "{words} is not in {home}");
    }
    assert_eq!(
        home.matches("class=\"flow ").count(),
        2,
        "one picture for phones, one for wider pages"
    );
}

#[tokio::test]
async fn a_day_before_is_compared_with_nothing_and_stands_in_words() {
    let served = Served::open(Mood::Sunny).await;
    let yesterday = served.page("/energy/2026-06-15").await;
    assert!(
        yesterday.contains("Monday 15 June 2026: the roof made"),
        "{yesterday}"
    );
    assert!(
        yesterday.contains("rel=\"next\" href=\"/\""),
        "the next day is today"
    );
    let zoomed = served.page("/energy/2026-06-15?from=6&to=12").await;
    assert!(zoomed.contains("data-slots=\"24\"") && zoomed.contains("<th scope=\"row\">06:00</th>"));
    assert!(zoomed.contains(">6 to 12 o’clock</h2>") && zoomed.contains("<h3>The whole day</h3>"));
    assert!(
        !yesterday.contains("data-every"),
        "what is over does not grow old"
    );
    let missing = "are missing; they are in no sum.";
    let year = served.page("/energy/2026").await;
    let above = year.split("<figure").next().expect("a chart");
    assert!(
        above.contains("data-every=\"600\"") && above.contains(missing),
        "{above}"
    );
    assert_eq!(year.matches(missing).count(), 1, "it is said once");
    for (path, words) in [
        ("/energy/2026-W24", "8 to 14 June 2026"),
        ("/energy/2026-05", "May 2026"),
        ("/energy/2026", "2026 so far"),
    ] {
        let page = served.page(path).await;
        assert!(page.contains(words), "{path}: {page}");
    }
    let empty = served.page("/energy/2019-06-16").await;
    assert!(empty.contains("Nothing is known of Sunday 16 June 2019."));
    let ahead = served.page("/energy/2031").await;
    assert!(ahead.contains("2031 lies ahead.") && ahead.contains("Other times"));
    for nothing in ["<figure", "class=\"sums\"", "not known", ".csv", "data-every"] {
        assert!(!ahead.contains(nothing), "{nothing}: {ahead}");
    }
}

#[tokio::test]
async fn a_day_with_nothing_missing_is_compared_with_an_ordinary_one() {
    let served = Served::open(Mood::Night).await;
    let night = served.page("/").await;
    assert!(night.contains("on an ordinary day by now"), "{night}");
    assert!(night.contains("The roof is asleep."));
    assert!(
        night.contains(
            "The inverter itself uses 3 W while the roof makes nothing; that is not counted as made."
        )
    );
}

#[tokio::test]
async fn a_silent_roof_is_named_with_since_when_and_why() {
    let served = Served::open(Mood::RoofSilent).await;
    let home = served.page("/").await;
    assert!(
        home.contains("No word from Roof since 14:05, because: the connection to 192.0.2.7:502 was refused.")
    );
    assert!(home.contains("There is no word from the roof."));
    assert!(home.contains("<a href=\"/box\">Somebody must act. The page of the box says what to do.</a>"));
    let devices = served.page("/devices").await;
    assert!(devices.contains("1 of 5 devices does not answer."));
    let the_box = served.page("/box").await;
    assert!(the_box.contains("Somebody must act.") && the_box.contains("class=\"urgent\""));
}

#[tokio::test]
async fn a_device_shows_its_values_with_their_reasons() {
    let served = Served::open(Mood::Sunny).await;
    let street = served.page("/devices/street").await;
    for words in [
        "4498 6000",
        "38,412.53 kWh",
        "Voltage L1",
        "Below 0 it goes out to the street.",
        "It was thrown away.",
        "The counter went back",
        "asked 12,430, answered 12,427",
    ] {
        assert!(street.contains(words), "{words} is not in {street}");
    }
    assert!(
        street.contains("/readings.csv?channel=street%2Fpower&#38;from=1781564400000&#38;to=1781650800000")
    );
    let waiting = served.page("/devices/hall").await;
    assert!(waiting.contains("Not asked yet"));
}

#[tokio::test]
async fn a_home_of_its_own_shows_nothing_that_was_measured() {
    let served = Served::open(Mood::Sunny).await;
    let flat = served.page("/devices/flat-1").await;
    assert!(flat.contains("Its values are for its household only."));
    assert!(
        !flat.contains("640 W") && !flat.contains("<svg class=\"line\"") && !flat.contains("flat-1/power")
    );
}

#[tokio::test]
async fn what_is_not_there_is_refused_in_words_with_a_way_back() {
    let served = Served::open(Mood::Sunny).await;
    for path in [
        "/nothing",
        "/devices/nobody",
        "/energy/2026-13",
        "/energy/yesterday",
        "/devices/street/more",
    ] {
        let page = is_a_page(&served.get(path).await, 404);
        assert!(
            page.contains("This is not here") && page.contains("To the energy page"),
            "{path}"
        );
    }
    let page = is_a_page(&served.get("/energy/2026-06-15?from=9&to=3").await, 400);
    assert!(page.contains("Choose hours from 0 to 24"));
    let page = is_a_page(&served.get("/box?below=-1").await, 400);
    assert!(page.contains("This could not be understood"));
}

#[tokio::test]
async fn the_first_paint_needs_less_than_fourteen_kilobytes() {
    let served = Served::open(Mood::Sunny).await;
    let home = served.get_with("/", &[("accept-encoding", "gzip")]).await;
    let mut bytes = home.body.len();
    let html = home.text();
    let files = html
        .split("href=\"/assets/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    for file in files {
        let reply = served
            .get_with(&format!("/assets/{file}"), &[("accept-encoding", "gzip")])
            .await;
        assert_eq!(reply.status, 200, "{file}");
        bytes += reply.body.len();
    }
    assert!(bytes < 14 * 1024, "{bytes} bytes");
}

#[tokio::test]
async fn the_section_of_now_is_the_one_that_the_page_has() {
    let served = Served::open(Mood::Sunny).await;
    served.place.tick();
    let home = served.page("/").await;
    let section = home.split_once("<div id=\"live\">").expect("it is marked").1;
    assert!(
        section.trim_start().starts_with("<section id=\"now\""),
        "what is sent again replaces just this"
    );
}
