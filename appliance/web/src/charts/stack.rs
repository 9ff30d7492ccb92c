//! Stacked steps: what was used, by where it came from, and on top what was stored and sent out. The same picture
//! for the quarters of a day, the days of a week or month and the months of a year.
//!
//! The line between "used" and "on top" is the use of the building, and is drawn as one. What is not known is
//! left empty and marked; what is only estimated carries a hatch.

use super::path::Path;
use super::scale::Scale;
use super::{HEIGHT, share};

/// What a layer stands for, from the ground up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layer {
    /// Sun, used at once.
    Sun,
    /// Used from the battery.
    FromBattery,
    /// Used, bought from the street.
    Bought,
    /// Put into the battery.
    IntoBattery,
    /// Sent out to the street.
    SentOut,
}

impl Layer {
    /// All layers from the ground up.
    pub(crate) const ALL: [Self; 5] = [
        Self::Sun,
        Self::FromBattery,
        Self::Bought,
        Self::IntoBattery,
        Self::SentOut,
    ];
    /// How many of them make up what is used.
    const USED: usize = 3;

    /// The word for its class in the style.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sun => "sun",
            Self::FromBattery => "from-battery",
            Self::Bought => "bought",
            Self::IntoBattery => "into-battery",
            Self::SentOut => "sent-out",
        }
    }
}

impl Layer {
    /// The pattern that fills it, where it has one: what does not stay in use is patterned.
    pub(crate) fn pattern(self) -> &'static str {
        match self {
            Self::IntoBattery => "into",
            Self::SentOut => "out",
            Self::Sun | Self::FromBattery | Self::Bought => "",
        }
    }
}

/// How well a slot is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sure {
    /// Measured.
    Measured,
    /// In part recovered, estimated or missing; drawn hatched.
    Partly,
}

/// One slot of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Not there yet.
    Ahead,
    /// Nothing is known.
    Gap,
    /// The layers from the ground up.
    Known([i64; 5], Sure),
}

/// How the slots are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Steps side by side, as for quarters of an hour.
    Steps,
    /// Bars with room between them, as for days.
    Bars,
}

/// A line across the plot with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tick {
    /// Its height from the top, in percent.
    pub(crate) y: String,
    /// Its value.
    pub(crate) value: i64,
}

/// A stretch of slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// The first slot.
    pub(crate) first: usize,
    /// The slot after the last.
    pub(crate) end: usize,
    /// Its left end in percent.
    pub(crate) x: String,
    /// Its width in percent.
    pub(crate) width: String,
    /// Its right end in percent.
    pub(crate) end_x: String,
    /// Its middle in percent.
    pub(crate) middle: String,
}

/// The picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stack {
    /// Width of the grid.
    pub(crate) columns: i64,
    /// What makes the grid's width one: `1 / columns`.
    pub(crate) shrink: String,
    /// How many slots there are.
    pub(crate) slots: usize,
    /// Lines across, from the ground up.
    pub(crate) ticks: Vec<Tick>,
    /// Layers in the order of drawing: the one that ends highest first, each down to the ground.
    pub(crate) layers: Vec<(Layer, String)>,
    /// What is hatched.
    pub(crate) unsure: String,
    /// The line of use.
    pub(crate) line: String,
    /// Where nothing is known.
    pub(crate) gaps: Vec<Stretch>,
    /// Stretches that are hatched.
    pub(crate) unsures: Vec<Stretch>,
}

impl Stack {
    /// Draws the slots; the axis reaches at least to `least`.
    pub(crate) fn draw(slots: &[Slot], shape: Shape, least: i64) -> Self {
        let most = slots
            .iter()
            .map(|slot| height(*slot, Layer::ALL.len()))
            .max()
            .unwrap_or(0);
        let scale = Scale::holding(most, least);
        let grid = Grid { scale, shape };
        let layers = Layer::ALL.iter().enumerate().rev();
        let layers = layers.filter(|(index, _)| slots.iter().any(|slot| has(*slot, *index)));
        Self {
            columns: grid.x(slots.len()),
            shrink: format!(".{:08}", 100_000_000 / grid.x(slots.len()).max(2)),
            slots: slots.len(),
            ticks: ticks(scale),
            layers: layers
                .map(|(index, layer)| (*layer, grid.area(slots, |slot| height(slot, index + 1))))
                .collect(),
            unsure: grid.area(slots, |slot| {
                if unsure(slot) {
                    height(slot, Layer::ALL.len())
                } else {
                    0
                }
            }),
            line: grid.line(slots),
            gaps: stretches(slots, |slot| slot == Slot::Gap),
            unsures: stretches(slots, unsure),
        }
    }
}

impl Stack {
    /// The layers that are filled with a pattern, in the order of drawing.
    pub(crate) fn patterned(&self) -> impl Iterator<Item = &(Layer, String)> {
        self.layers.iter().filter(|layer| !layer.0.pattern().is_empty())
    }

    /// The layers that are filled with a colour, in the order of drawing; they lie over the others.
    pub(crate) fn solid(&self) -> impl Iterator<Item = &(Layer, String)> {
        self.layers.iter().filter(|layer| layer.0.pattern().is_empty())
    }
}

/// The lines across a plot.
pub(super) fn ticks(scale: Scale) -> Vec<Tick> {
    scale
        .lines()
        .map(|value| Tick {
            y: share(scale.top - value, scale.top),
            value,
        })
        .collect()
}

/// Where a slot begins, in percent of the plot's width.
pub(crate) fn place(slot: usize, slots: usize) -> String {
    let whole = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    share(whole(slot), whole(slots))
}

fn height(slot: Slot, layers: usize) -> i64 {
    match slot {
        Slot::Known(values, _) => values.iter().take(layers).map(|value| (*value).max(0)).sum(),
        Slot::Ahead | Slot::Gap => 0,
    }
}

fn has(slot: Slot, layer: usize) -> bool {
    matches!(slot, Slot::Known(values, _) if values.get(layer).is_some_and(|value| *value > 0))
}

fn unsure(slot: Slot) -> bool {
    matches!(slot, Slot::Known(_, Sure::Partly))
}

fn stretches(slots: &[Slot], wanted: impl Fn(Slot) -> bool) -> Vec<Stretch> {
    let mut found = Vec::new();
    let mut first = None;
    for (index, slot) in slots.iter().map(Some).chain([None]).enumerate() {
        match (slot.is_some_and(|slot| wanted(*slot)), first) {
            (true, None) => first = Some(index),
            (false, Some(begin)) => {
                found.push(stretch(begin, index, slots.len()));
                first = None;
            }
            _ => {}
        }
    }
    found
}

fn stretch(first: usize, end: usize, slots: usize) -> Stretch {
    Stretch {
        first,
        end,
        x: place(first, slots),
        width: place(end - first, slots),
        end_x: place(end, slots),
        middle: place(first + end, slots * 2),
    }
}

/// The grid on which slots become paths.
struct Grid {
    scale: Scale,
    shape: Shape,
}

impl Grid {
    /// Where a slot begins. A bar's slot is ten wide, so that there is room between bars.
    fn x(&self, slot: usize) -> i64 {
        let slot = i64::try_from(slot).unwrap_or(0);
        match self.shape {
            Shape::Steps => slot,
            Shape::Bars => slot * 10,
        }
    }

    /// Left and right side of a slot's step or bar.
    fn sides(&self, slot: usize) -> (i64, i64) {
        match self.shape {
            Shape::Steps => (self.x(slot), self.x(slot + 1)),
            Shape::Bars => (self.x(slot) + 1, self.x(slot + 1) - 1),
        }
    }

    fn y(&self, value: i64) -> i64 {
        HEIGHT - self.scale.height_of(value, HEIGHT)
    }

    /// The area from the ground to the value of each slot.
    fn area(&self, slots: &[Slot], value: impl Fn(Slot) -> i64) -> String {
        let mut path = Path::new();
        let mut right = None;
        for (index, slot) in slots.iter().enumerate() {
            let y = self.y(value(*slot));
            let (from, to) = self.sides(index);
            if y == HEIGHT || right != Some(from) {
                close(&mut path, &mut right);
            }
            if y == HEIGHT {
                continue;
            }
            if right.is_none() {
                path.jump(from, HEIGHT);
            }
            path.upright_to(y);
            path.level_to(to);
            right = Some(to);
        }
        close(&mut path, &mut right);
        path.finish()
    }

    /// The line of use: steps that hang together, or one mark over each bar.
    fn line(&self, slots: &[Slot]) -> String {
        let mut path = Path::new();
        let mut right = None;
        for (index, slot) in slots.iter().enumerate() {
            let (from, to) = self.sides(index);
            let Slot::Known(..) = slot else {
                right = None;
                continue;
            };
            let y = self.y(height(*slot, Layer::USED));
            if right == Some(from) {
                path.upright_to(y);
            } else {
                path.jump(from, y);
            }
            path.level_to(to);
            right = Some(to);
        }
        path.finish()
    }
}

/// Leads the path back to the ground, if it is above it.
fn close(path: &mut Path, right: &mut Option<i64>) {
    if right.take().is_some() {
        path.upright_to(HEIGHT);
        path.close();
    }
}

#[cfg(test)]
mod tests;
