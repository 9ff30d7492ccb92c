//! SunSpec's models as one table of facts, and the walk along a device's chain of models.
//!
//! The table is written by `sunspec/generate.py` from the official definitions. There is no code per model.

#[cfg(test)]
mod peer_tests;
pub mod scales;
mod table;
#[cfg(test)]
mod tests;
pub mod walk;
#[cfg(test)]
mod walk_tests;

use std::sync::OnceLock;

use crate::coding::Kind;

/// One of SunSpec's models: what its points are called and where they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// The model's number, as in 103.
    pub id: u16,
    /// SunSpec's word for it.
    pub name: &'static str,
    /// Words of the fixed part after the two of the header (ID and L), as the definition has them. A device may
    /// say another length, and then the device is right.
    pub length: u16,
    /// The group that a device repeats, if there is one.
    pub group: Option<Group>,
    /// Its points in the order of their offsets, those of the first repetition last.
    pub points: Vec<Fact>,
}

/// The part of a model that a device repeats: strings of panels, modules of a battery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// The offset of its first word from the model's ID word.
    pub start: u16,
    /// Words of one repetition.
    pub length: u16,
    /// The point that counts the repetitions, if the model has one.
    pub count_point: Option<&'static str>,
}

/// One point of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// SunSpec's name, as in `PhVphA`.
    pub name: &'static str,
    /// Words from the model's ID word; in a repeating group, of the first repetition.
    pub offset: u16,
    /// How many words.
    pub size: u16,
    /// What they hold.
    pub kind: Kind,
    /// The power of ten that belongs to it.
    pub factor: Factor,
    /// SunSpec's unit, as in `Wh`; empty if there is none.
    pub unit: &'static str,
    /// Whether it belongs to the repeating group.
    pub place: Place,
}

/// Which part of a model a point belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The fixed part, once.
    Fixed,
    /// The repeating group, once in each repetition.
    Repeated,
}

/// The power of ten of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factor {
    /// None: the raw number is in the unit.
    None,
    /// Always this one.
    Constant(i8),
    /// The one in this point of the model.
    Point {
        /// The point's name, as in `W_SF`.
        name: &'static str,
        /// Its offset from the model's ID word; in a repeating group, of the first repetition.
        offset: u16,
        /// Which part of the model it stands in.
        place: Place,
    },
}

/// The model with this number, if SunSpec has one.
pub fn model(id: u16) -> Option<&'static Model> {
    let models = all();
    let index = models.binary_search_by_key(&id, |model| model.id).ok()?;
    models.get(index)
}

/// All models, in the order of their numbers.
pub fn all() -> &'static [Model] {
    static MODELS: OnceLock<Vec<Model>> = OnceLock::new();
    MODELS.get_or_init(|| table::parse(include_str!("../sunspec/models.tsv")))
}

impl Model {
    /// The point with this name.
    pub fn point(&self, name: &str) -> Option<&Fact> {
        self.points.iter().find(|fact| fact.name == name)
    }

    /// How often the group is repeated in a device that says this length for the model.
    pub fn repeats(&self, length: u16) -> u16 {
        self.group.map_or(0, |group| {
            length
                .saturating_add(2)
                .saturating_sub(group.start)
                .checked_div(group.length)
                .unwrap_or(0)
        })
    }
}
