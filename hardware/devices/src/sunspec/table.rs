//! Reads the table of facts. It is ours and tested as a whole, so a line that cannot be read is left out.

use super::{Fact, Factor, Group, Model, Place};
use crate::coding::Kind;

/// All models of the table, in the order of their numbers.
pub(super) fn parse(text: &'static str) -> Vec<Model> {
    let mut models: Vec<Model> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(head) = line.strip_prefix('=') {
            models.extend(parse_model(head));
        } else if let (Some(fact), Some(model)) = (parse_point(line), models.last_mut()) {
            model.points.push(fact);
        }
    }
    models.iter_mut().for_each(find_factors);
    models.sort_by_key(|model| model.id);
    models
}

fn parse_model(head: &'static str) -> Option<Model> {
    let mut columns = head.split('\t');
    let id = columns.next()?.parse().ok()?;
    let name = columns.next()?;
    let length = columns.next()?.parse().ok()?;
    let start = columns.next().and_then(|text| text.parse().ok());
    let words = columns.next().and_then(|text| text.parse().ok());
    let count_point = columns.next().filter(|name| !name.is_empty());
    let group = start.zip(words).map(|(start, length)| Group {
        start,
        length,
        count_point,
    });
    Some(Model {
        id,
        name,
        length,
        group,
        points: Vec::new(),
    })
}

fn parse_point(line: &'static str) -> Option<Fact> {
    let mut columns = line.split('\t');
    let name = columns.next()?;
    let offset = columns.next()?.parse().ok()?;
    let kind = columns.next()?;
    let size = columns.next()?.parse().ok()?;
    let factor = match columns.next().unwrap_or("") {
        "" => Factor::None,
        text => text.parse().map_or(
            Factor::Point {
                name: text,
                offset: 0,
                place: Place::Fixed,
            },
            Factor::Constant,
        ),
    };
    let unit = columns.next().unwrap_or("");
    let place = match columns.next() {
        Some("r") => Place::Repeated,
        _ => Place::Fixed,
    };
    Some(Fact {
        name,
        offset,
        size,
        kind: kind_of(kind, size),
        factor,
        unit,
        place,
    })
}

fn kind_of(name: &str, size: u16) -> Kind {
    match name {
        "string" => Kind::Text(size),
        "count" => Kind::U16,
        other => Kind::from_name(other)
            .filter(|kind| kind.words() == size)
            .unwrap_or(Kind::Opaque(size)),
    }
}

/// Gives each factor that is a point the place of that point. A factor that the model does not have is none.
fn find_factors(model: &mut Model) {
    let places: Vec<(&'static str, u16, Place)> = model
        .points
        .iter()
        .filter(|fact| fact.kind == Kind::ScaleFactor)
        .map(|fact| (fact.name, fact.offset, fact.place))
        .collect();
    for fact in &mut model.points {
        if let Factor::Point { name, .. } = fact.factor {
            let found = places.iter().find(|row| row.0 == name);
            fact.factor = found.map_or(Factor::None, |&(name, offset, place)| Factor::Point {
                name,
                offset,
                place,
            });
        }
    }
}
