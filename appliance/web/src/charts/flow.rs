//! The energy flow picture: from the left, where energy comes from (roof, battery, street), bands lead to where it
//! goes (homes, battery, street). A band is as wide as its power and ends in an arrow, so that neither colour nor
//! movement is needed to read it. Each thing stands on the side on which it is at the moment.

/// Power from one place to another, in watts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Flows {
    /// From the sun straight into use.
    pub(crate) sun_to_use: i64,
    /// From the sun into the battery.
    pub(crate) sun_to_battery: i64,
    /// From the sun out to the street.
    pub(crate) sun_to_street: i64,
    /// From the battery into use.
    pub(crate) battery_to_use: i64,
    /// From the battery out to the street.
    pub(crate) battery_to_street: i64,
    /// From the street into use.
    pub(crate) street_to_use: i64,
    /// From the street into the battery.
    pub(crate) street_to_battery: i64,
}

/// Something that energy comes from or goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Thing {
    /// The panels.
    Roof,
    /// The battery.
    Battery,
    /// The street's grid.
    Street,
    /// All that uses.
    Homes,
}

/// On which side a thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Energy comes from it.
    Gives,
    /// Energy goes to it, or rests.
    Takes,
}

/// The room there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Room {
    /// Least height of a card.
    pub(crate) card: i64,
    /// Between two cards.
    pub(crate) gap: i64,
    /// Width of all bands together at [`FULL`] watts.
    pub(crate) full: i64,
}

/// A phone.
pub(crate) const NARROW: Room = Room {
    card: 90,
    gap: 12,
    full: 76,
};
/// Anything wider.
pub(crate) const WIDE: Room = Room {
    card: 100,
    gap: 18,
    full: 100,
};

/// The power that fills the width; more makes the scale smaller, less stays small.
const FULL: i64 = 4_000;
/// Width of the room between the cards, in steps of the bands' grid.
pub(crate) const ACROSS: i64 = 100;
/// Below this nothing is drawn.
pub(crate) const NOTHING: i64 = 5;
/// How long an arrow is, and how far its wings reach beyond the band.
const ARROW: i64 = 9;
const WING: i64 = 5;

/// One thing with its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Card {
    /// What it is.
    pub(crate) thing: Thing,
    /// Its side.
    pub(crate) side: Side,
    /// Its upper edge.
    pub(crate) y: i64,
    /// Its height.
    pub(crate) height: i64,
}

/// One band.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Band {
    /// The class in the style: the same colours as in the charts.
    pub(crate) kind: &'static str,
    /// Its outline.
    pub(crate) path: String,
}

/// The picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture {
    /// Its height.
    pub(crate) height: i64,
    /// The things.
    pub(crate) cards: Vec<Card>,
    /// The bands between them.
    pub(crate) bands: Vec<Band>,
}

/// A band before it is drawn.
struct Stream {
    from: Thing,
    to: Thing,
    kind: &'static str,
    width: i64,
}

impl Flows {
    fn streams(&self, room: Room) -> Vec<Stream> {
        use Thing::{Battery, Homes, Roof, Street};
        let all = [
            (Roof, Homes, "sun", self.sun_to_use),
            (Roof, Battery, "into-battery", self.sun_to_battery),
            (Roof, Street, "sent-out", self.sun_to_street),
            (Battery, Homes, "from-battery", self.battery_to_use),
            (Battery, Street, "sent-out", self.battery_to_street),
            (Street, Homes, "bought", self.street_to_use),
            (Street, Battery, "into-battery", self.street_to_battery),
        ];
        let total: i64 = all.iter().map(|(.., watts)| (*watts).max(0)).sum();
        let width = |watts: i64| (watts.saturating_mul(room.full) / total.max(FULL)).max(2);
        let flowing = all.into_iter().filter(|(.., watts)| *watts >= NOTHING);
        flowing
            .map(|(from, to, kind, watts)| Stream {
                from,
                to,
                kind,
                width: width(watts),
            })
            .collect()
    }
}

impl Picture {
    /// Draws what flows between the things that the place has.
    pub(crate) fn draw(flows: &Flows, things: &[Thing], room: Room) -> Self {
        let streams = flows.streams(room);
        let gives = |thing: Thing| thing == Thing::Roof || streams.iter().any(|stream| stream.from == thing);
        let (left, right): (Vec<Thing>, Vec<Thing>) = things.iter().partition(|thing| gives(**thing));
        let height = column_height(&left, &streams, room).max(column_height(&right, &streams, room));
        let mut cards = column(&left, Side::Gives, &streams, room, height);
        cards.extend(column(&right, Side::Takes, &streams, room, height));
        Self {
            height,
            bands: bands(&cards, &streams),
            cards,
        }
    }
}

/// How much room the bands of a thing take at its card's edge.
fn ports(thing: Thing, streams: &[Stream]) -> i64 {
    let mine = streams
        .iter()
        .filter(|stream| stream.from == thing || stream.to == thing);
    mine.map(|stream| stream.width + WING * 2).sum()
}

fn card_height(thing: Thing, streams: &[Stream], room: Room) -> i64 {
    room.card.max(ports(thing, streams) + WING * 2)
}

fn column_height(things: &[Thing], streams: &[Stream], room: Room) -> i64 {
    let cards: i64 = things
        .iter()
        .map(|thing| card_height(*thing, streams, room) + room.gap)
        .sum();
    (cards - room.gap).max(0)
}

fn column(things: &[Thing], side: Side, streams: &[Stream], room: Room, height: i64) -> Vec<Card> {
    let mut y = (height - column_height(things, streams, room)) / 2;
    let mut cards = Vec::new();
    for thing in things {
        let height = card_height(*thing, streams, room);
        cards.push(Card {
            thing: *thing,
            side,
            y,
            height,
        });
        y += height + room.gap;
    }
    cards
}

fn bands(cards: &[Card], streams: &[Stream]) -> Vec<Band> {
    let start = |card: &Card| card.y + (card.height - ports(card.thing, streams)) / 2;
    let mut free: Vec<(Thing, i64)> = cards.iter().map(|card| (card.thing, start(card))).collect();
    let mut bands = Vec::new();
    for stream in streams {
        let from = take(&mut free, stream.from, stream.width);
        let to = take(&mut free, stream.to, stream.width);
        bands.push(Band {
            kind: stream.kind,
            path: outline(from, to, stream.width),
        });
    }
    bands
}

/// The next free place at a card's edge.
fn take(free: &mut [(Thing, i64)], thing: Thing, width: i64) -> i64 {
    let Some((_, next)) = free.iter_mut().find(|(owner, _)| *owner == thing) else {
        return 0;
    };
    let place = *next + WING;
    *next = place + width + WING;
    place
}

/// A band from the left edge to an arrow at the right one.
fn outline(from: i64, to: i64, width: i64) -> String {
    let (middle, neck) = (ACROSS / 2, ACROSS - ARROW);
    let (below_from, below_to) = (from + width, to + width);
    format!(
        "M0 {from}C{middle} {from} {middle} {to} {neck} {to}v-{WING}L{ACROSS} {tip}L{neck} {wing}v-{WING}\
         C{middle} {below_to} {middle} {below_from} 0 {below_from}z",
        tip = to + width / 2,
        wing = below_to + WING,
    )
}

#[cfg(test)]
mod tests;
