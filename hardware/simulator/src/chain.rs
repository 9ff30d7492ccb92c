//! A SunSpec device's registers: the chain of models, laid out by the table of facts, and points by name.

use devices::coding::Kind;
use devices::frame::Function;
use devices::sunspec::{Fact, Factor, Model, Place, model};

use crate::image::Image;
use crate::number::{float, float32_words, whole};

/// Stands where a signed word is not implemented.
const NO_SIGNED: u16 = 0x8000;

/// Stands where an unsigned word is not implemented.
const NO_UNSIGNED: u16 = 0xFFFF;

/// A device's models one after the other.
#[derive(Debug, Clone)]
pub(crate) struct Chain {
    image: Image,
    models: Vec<(usize, &'static Model)>,
}

/// Where a point stands, and how its number is written there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spot {
    offset: usize,
    kind: Kind,
    /// What the number is multiplied with before it is rounded.
    factor: f64,
}

impl Chain {
    /// The chain of these models (and repetitions of their group) from `base` on. A model that the table does
    /// not know is left out. Everything reads as "not implemented" until it is set.
    pub(crate) fn new(base: u16, models: &[(u16, u16)]) -> Self {
        let mut words = vec![0x5375, 0x6E53]; // "SunS"
        let mut placed = Vec::new();
        for (id, repeats) in models {
            if let Some(model) = model(*id) {
                placed.push((words.len(), model));
                words.extend(blank_model(model, *repeats));
            }
        }
        words.extend([0xFFFF, 0]);
        Self {
            image: Image::new(Function::Holding, base, words),
            models: placed,
        }
    }

    /// The registers.
    pub(crate) fn image(&self) -> &Image {
        &self.image
    }

    /// The point `name` of model `id`: of the fixed part, or of this repetition (from 0) of its group.
    pub(crate) fn spot(&self, id: u16, repetition: Option<u16>, name: &str) -> Option<Spot> {
        let (start, model) = self.models.iter().find(|(_, model)| model.id == id)?;
        let place = if repetition.is_some() {
            Place::Repeated
        } else {
            Place::Fixed
        };
        let same = |fact: &&Fact| fact.name == name && fact.place == place;
        let fact = model.points.iter().find(same)?;
        let stride = model.group.map_or(0, |group| usize::from(group.length));
        Some(Spot {
            offset: start + usize::from(fact.offset) + stride * usize::from(repetition.unwrap_or(0)),
            kind: fact.kind,
            factor: self.factor(*start, fact),
        })
    }

    /// 10 to the power that undoes the point's scale factor, as the chain has it at this moment.
    fn factor(&self, start: usize, fact: &Fact) -> f64 {
        let power = match fact.factor {
            Factor::None => 0,
            Factor::Constant(power) => i32::from(power),
            Factor::Point { offset, .. } => {
                let word = self.image.words().get(start + usize::from(offset));
                word.map_or(0, |word| i32::from(word.cast_signed()).clamp(-10, 10))
            }
        };
        10_f64.powi(-power)
    }

    /// Sets a point by name; a name that the model does not have changes nothing.
    pub(crate) fn set(&mut self, id: u16, name: &str, number: f64) {
        if let Some(spot) = self.spot(id, None, name) {
            self.show(spot, number);
        }
    }

    /// Sets a point of a repetition.
    pub(crate) fn set_in(&mut self, id: u16, repetition: u16, name: &str, number: f64) {
        if let Some(spot) = self.spot(id, Some(repetition), name) {
            self.show(spot, number);
        }
    }

    /// Sets a text, filled up with NUL.
    pub(crate) fn set_text(&mut self, id: u16, name: &str, text: &str) {
        let Some(spot) = self.spot(id, None, name) else {
            return;
        };
        let Kind::Text(length) = spot.kind else { return };
        let mut letters = text.bytes().chain(std::iter::repeat(0));
        let mut word = || u16::from_be_bytes([letters.next().unwrap_or(0), letters.next().unwrap_or(0)]);
        let words: Vec<u16> = (0..length).map(|_| word()).collect();
        self.image.put(spot.offset, &words);
    }

    /// Writes a number as the point's kind and scale factor ask for.
    pub(crate) fn show(&mut self, spot: Spot, number: f64) {
        let scaled = number * spot.factor;
        match spot.kind {
            Kind::I16 | Kind::ScaleFactor => self.image.put_signed(spot.offset, whole(scaled)),
            Kind::U16 | Kind::Enum16 | Kind::Bitfield16 => {
                self.image.put_unsigned(spot.offset, whole(scaled));
            }
            Kind::Float32 => self.image.put_float(spot.offset, number),
            _ => self.image.put_counter(spot.offset, whole(scaled)),
        }
    }

    /// Writes a counter of whole watt-hours: 32 bits that roll over, or a float32.
    pub(crate) fn count(&mut self, spot: Spot, watt_hours: i64) {
        match spot.kind {
            Kind::Float32 => self.image.put_float(spot.offset, float(watt_hours)),
            _ => self.image.put_counter(spot.offset, watt_hours),
        }
    }

    /// Makes a point read as "not implemented".
    pub(crate) fn blank(&mut self, spot: Spot) {
        self.image.put(spot.offset, blank(spot.kind).as_slice());
    }
}

/// A model in which nothing is implemented, with its header.
fn blank_model(model: &Model, repeats: u16) -> Vec<u16> {
    let group = model.group.map_or(0, |group| group.length * repeats);
    let length = model.length + group;
    let mut words = vec![NO_SIGNED; usize::from(length) + 2];
    for fact in &model.points {
        let times = if fact.place == Place::Repeated { repeats } else { 1 };
        let stride = model.group.map_or(0, |group| usize::from(group.length));
        for repetition in 0..usize::from(times) {
            let from = usize::from(fact.offset) + repetition * stride;
            let filling = blank(fact.kind).into_iter().cycle();
            let places = words.iter_mut().skip(from).take(usize::from(fact.size));
            places.zip(filling).for_each(|(place, word)| *place = word);
        }
    }
    words[0] = model.id;
    words[1] = length;
    words
}

/// What stands where a point of this kind is not implemented.
fn blank(kind: Kind) -> Vec<u16> {
    match kind {
        Kind::I16 | Kind::ScaleFactor | Kind::Opaque(_) => vec![NO_SIGNED],
        Kind::U16 | Kind::Enum16 | Kind::Bitfield16 => vec![NO_UNSIGNED],
        Kind::U32 | Kind::Enum32 | Kind::Bitfield32 => vec![NO_UNSIGNED; 2],
        Kind::I32 => vec![NO_SIGNED, 0],
        Kind::U64 => vec![NO_UNSIGNED; 4],
        Kind::I64 => vec![NO_SIGNED, 0, 0, 0],
        Kind::Float32 => float32_words(f64::NAN).to_vec(),
        Kind::Acc16 | Kind::Text(_) => vec![0],
        Kind::Acc32 => vec![0; 2],
        Kind::Acc64 => vec![0; 4],
    }
}

#[cfg(test)]
mod tests {
    use super::Chain;

    fn chain() -> Chain {
        let mut chain = Chain::new(40_000, &[(1, 0), (103, 0), (160, 2), (9_999, 0)]);
        chain.set(103, "W_SF", -1.0);
        chain.set(160, "DCW_SF", 0.0);
        chain
    }

    #[test]
    fn the_chain_can_be_walked() {
        let chain = chain();
        let words = chain.image().words();
        assert_eq!(words[..4], [0x5375, 0x6E53, 1, 66]);
        assert_eq!(words[70..72], [103, 50]);
        assert_eq!(words[122..124], [160, 48]);
        assert_eq!(words[172..], [0xFFFF, 0]);
    }

    #[test]
    fn what_is_not_set_is_not_implemented() {
        let chain = chain();
        let model = &chain.image().words()[70..122];
        assert_eq!(model[2], 0xFFFF, "A");
        assert_eq!(model[14], 0x8000, "W");
        assert_eq!(model[24..26], [0, 0], "WH");
        assert_eq!(model[40..42], [0xFFFF, 0xFFFF], "Evt1");
    }

    #[test]
    fn numbers_go_through_their_scale_factor() {
        let mut chain = chain();
        chain.set(103, "W", -2.7098);
        chain.set_in(160, 1, "DCW", 4_321.0);
        chain.set_text(1, "Md", "Roof");
        let energy = chain.spot(103, None, "WH").expect("a point of the model");
        chain.count(energy, (1 << 32) + 5);
        let words = chain.image().words();
        assert_eq!(words[70 + 14], (-27_i16).cast_unsigned());
        assert_eq!(words[122 + 21 + 20], 4_321);
        assert_eq!(words[2 + 18..2 + 21], [0x526F, 0x6F66, 0]);
        assert_eq!(words[70 + 24..70 + 26], [0, 5], "an acc32 rolls over");
        let power = chain.spot(103, None, "W").expect("a point of the model");
        chain.blank(power);
        assert_eq!(chain.image().words()[70 + 14], 0x8000);
        chain.set(103, "NoSuchPoint", 1.0);
        assert_eq!(chain.spot(9_999, None, "W"), None);
    }

    #[test]
    fn a_group_has_an_id_of_its_own() {
        let mut chain = chain();
        chain.set_in(160, 1, "ID", 2.0);
        assert_eq!(chain.image().words()[122 + 30], 2);
        assert_eq!(chain.image().words()[122], 160);
    }
}
