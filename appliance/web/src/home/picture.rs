//! The energy flow picture with its words, once for a phone and once for wider pages; the style shows one of them.

use acts::look::PowerView;

use crate::charts::flow::{self, Band, Card, Flows, Picture, Room, Side, Thing};
use crate::show;
use crate::words::{say, say_with};

/// One of the two pictures.
#[derive(Debug, Clone)]
pub(crate) struct PictureView {
    /// Its class in the style.
    pub(crate) class: &'static str,
    /// Its height.
    pub(crate) height: i64,
    /// The things with their words.
    pub(crate) cards: Vec<CardView>,
    /// The bands between them.
    pub(crate) bands: Vec<Band>,
    /// Where the bands begin, in percent.
    pub(crate) bands_x: &'static str,
    /// How wide they are, in percent.
    pub(crate) bands_width: &'static str,
}

/// One thing.
#[derive(Debug, Clone)]
pub(crate) struct CardView {
    /// Its class in the style.
    pub(crate) class: &'static str,
    /// Its left edge in percent.
    pub(crate) x: &'static str,
    /// Its width in percent.
    pub(crate) width: &'static str,
    /// Its upper edge.
    pub(crate) y: i64,
    /// Its height.
    pub(crate) height: i64,
    /// Its small drawing.
    pub(crate) icon: &'static str,
    /// Where that begins, in percent; empty where there is no room for it.
    pub(crate) icon_x: &'static str,
    /// What it does.
    pub(crate) label: String,
    /// The line on which that stands.
    pub(crate) label_y: i64,
    /// With how much power.
    pub(crate) figure: String,
    /// The line of the figure.
    pub(crate) figure_y: i64,
    /// What else there is to say.
    pub(crate) more: String,
    /// The line of that.
    pub(crate) more_y: i64,
    /// How full a battery is: the drawn level, in percent of the card. A full one is drawn as [`FULL_LEVEL`].
    pub(crate) level: Option<String>,
    /// The line of the level.
    pub(crate) level_y: i64,
}

/// Cards at the sides and the bands between, in percent of the width.
struct Columns {
    class: &'static str,
    room: Room,
    card: &'static str,
    right: &'static str,
    bands: &'static str,
    icons: [&'static str; 2],
}

const NARROW: Columns = Columns {
    class: "narrow",
    room: flow::NARROW,
    card: "38%",
    right: "62%",
    bands: "24%",
    icons: [""; 2],
};
const WIDE: Columns = Columns {
    class: "wide",
    room: flow::WIDE,
    card: "26%",
    right: "74%",
    bands: "48%",
    icons: ["19%", "93%"],
};

/// Both pictures, the one for phones first.
pub(crate) fn pictures(power: &PowerView) -> Vec<PictureView> {
    [NARROW, WIDE]
        .iter()
        .map(|columns| picture(power, columns))
        .collect()
}

/// The picture in one sentence, for those who do not see it.
pub(crate) fn words(power: &PowerView) -> String {
    let flows = flows(power);
    let told = [
        ("flow-sun-to-use", flows.sun_to_use),
        ("flow-sun-to-battery", flows.sun_to_battery),
        ("flow-sun-to-street", flows.sun_to_street),
        ("flow-battery-to-use", flows.battery_to_use),
        ("flow-battery-to-street", flows.battery_to_street),
        ("flow-street-to-use", flows.street_to_use),
        ("flow-street-to-battery", flows.street_to_battery),
    ];
    let told = told.into_iter().filter(|(_, watts)| *watts > 0);
    let told: Vec<String> = told
        .map(|(key, watts)| say_with(key, [("power", show::power(watts).into())]))
        .collect();
    if told.is_empty() {
        return say("flow-nothing");
    }
    say_with("flow-words", [("flows", told.join(", ").into())])
}

fn picture(power: &PowerView, columns: &Columns) -> PictureView {
    let things = [
        (Thing::Roof, power.has_production),
        (Thing::Homes, true),
        (Thing::Battery, power.has_battery),
        (Thing::Street, power.has_grid),
    ];
    let things: Vec<Thing> = things
        .into_iter()
        .filter(|(_, there)| *there)
        .map(|(thing, _)| thing)
        .collect();
    let drawn = Picture::draw(&flows(power), &things, columns.room);
    PictureView {
        class: columns.class,
        height: drawn.height,
        cards: drawn
            .cards
            .iter()
            .map(|card| card_view(power, card, columns))
            .collect(),
        bands: drawn.bands,
        bands_x: columns.card,
        bands_width: columns.bands,
    }
}

fn flows(power: &PowerView) -> Flows {
    let watts = |flow: Option<i64>| flow.unwrap_or(0);
    Flows {
        sun_to_use: watts(power.sun_to_use_w),
        sun_to_battery: watts(power.sun_to_battery_w),
        sun_to_street: watts(power.sun_to_street_w),
        battery_to_use: watts(power.battery_to_use_w),
        battery_to_street: watts(power.battery_to_street_w),
        street_to_use: watts(power.street_to_use_w),
        street_to_battery: watts(power.street_to_battery_w),
    }
}

fn card_view(power: &PowerView, card: &Card, columns: &Columns) -> CardView {
    let words = match card.thing {
        Thing::Roof => roof(power),
        Thing::Homes => homes(power),
        Thing::Battery => battery(power),
        Thing::Street => street(power),
    };
    let level = power.battery_permille.filter(|_| card.thing == Thing::Battery);
    let lines = 46 + if words.more.is_empty() { 0 } else { 20 } + if level.is_some() { 10 } else { 0 };
    let label_y = card.y + (card.height - lines) / 2 + 14;
    CardView {
        class: if words.known { "card" } else { "card silent" },
        x: if card.side == Side::Gives {
            "0"
        } else {
            columns.right
        },
        width: columns.card,
        y: card.y,
        height: card.height,
        icon: match card.thing {
            Thing::Roof => "roof",
            Thing::Homes => "homes",
            Thing::Battery => "battery",
            Thing::Street => "street",
        },
        icon_x: columns.icons[usize::from(card.side == Side::Takes)],
        label: words.label,
        label_y,
        figure: words.figure,
        figure_y: label_y + 28,
        more: words.more,
        more_y: label_y + 49,
        level: level.map(level_width),
        level_y: label_y + 58,
    }
}

/// The width of a full level in percent of its card; as much stays free at either side.
const FULL_LEVEL: i64 = 90;

/// The level's width in percent of the card, by how full the battery is.
fn level_width(permille: i64) -> String {
    crate::charts::share(permille.clamp(0, 1_000) * FULL_LEVEL, 100_000)
}

/// What a card says.
struct Words {
    label: String,
    figure: String,
    more: String,
    known: bool,
}

impl Words {
    /// A thing that does something with some power.
    fn does(label: &str, watts: i64, more: String) -> Self {
        Self {
            label: say(label),
            figure: show::power(watts),
            more,
            known: true,
        }
    }

    /// A thing that does nothing just now.
    fn rests(name: &str, how: &str, more: String) -> Self {
        Self {
            label: say(name),
            figure: say(how),
            more,
            known: true,
        }
    }

    /// A thing of which nothing is known.
    fn silent(name: &str, more: String) -> Self {
        Self {
            label: say(name),
            figure: say("card-silent"),
            more,
            known: false,
        }
    }
}

fn roof(power: &PowerView) -> Words {
    match power.production_w {
        _ if power.roof_asleep => Words::rests("card-roof-name", "card-asleep", String::new()),
        Some(watts) => Words::does("card-roof", watts, String::new()),
        None => Words::silent("card-roof-name", String::new()),
    }
}

fn homes(power: &PowerView) -> Words {
    let Some(used) = power.consumption_w.filter(|_| power.has_grid) else {
        return Words::silent("card-homes-name", String::new());
    };
    let own = power
        .sun_to_use_w
        .zip(power.battery_to_use_w)
        .map(|(sun, battery)| sun + battery);
    let own = own.filter(|_| used > 0 && (power.has_production || power.has_battery));
    let share = own.map(|own| show::percent(own.min(used) * 1_000 / used));
    let more = share.map(|share| say_with("card-homes-own", [("share", share.into())]));
    Words::does("card-homes", used, more.unwrap_or_default())
}

fn battery(power: &PowerView) -> Words {
    let full = power.battery_permille.map(show::percent);
    let full = full
        .map(|share| say_with("card-battery-full", [("share", share.into())]))
        .unwrap_or_default();
    match (
        flowing(power.discharge_w),
        flowing(power.charge_w),
        power.charge_w,
    ) {
        (Some(given), ..) => Words::does("card-battery-gives", given, full),
        (None, Some(stored), _) => Words::does("card-battery-fills", stored, full),
        (None, None, Some(_)) => Words::rests("card-battery-name", "card-rests", full),
        (None, None, None) => Words::silent("card-battery-name", full),
    }
}

fn street(power: &PowerView) -> Words {
    match (flowing(power.import_w), flowing(power.export_w), power.export_w) {
        (Some(bought), ..) => Words::does("card-street-gives", bought, say("card-street-bought")),
        (None, Some(out), _) => Words::does("card-street-takes", out, say("card-street-out")),
        (None, None, Some(_)) => Words::rests("card-street-name", "card-nothing", String::new()),
        (None, None, None) => Words::silent("card-street-name", String::new()),
    }
}

/// A flow that is known and more than nothing.
fn flowing(watts: Option<i64>) -> Option<i64> {
    watts.filter(|watts| *watts >= flow::NOTHING)
}

#[cfg(test)]
mod tests;
