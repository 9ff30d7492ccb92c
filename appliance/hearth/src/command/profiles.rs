//! `hearth profiles`: the kinds of device that Hearth knows, without a running box.

use devices::frame::Function;
use devices::profile::{self, AtNight, Class, Family, Grade, Parity, Profile};
use serde::Serialize;

use super::out::{Form, Out, Paint, Tone};
use super::table::{Cell, Stand, Table, hang};
use super::{Exit, Fault};

/// A profile as JSON.
#[derive(Debug, Serialize)]
struct ProfileView<'a> {
    id: &'a str,
    maker: &'a str,
    model: &'a str,
    family: &'static str,
    line: String,
    largest_block: u16,
    worst_latency_ms: u16,
    sleeps_at_night: bool,
    points: Vec<PointView>,
    sources: Vec<&'a str>,
}

/// One value of a profile as JSON.
#[derive(Debug, Serialize)]
struct PointView {
    name: String,
    quantity: &'static str,
    unit: &'static str,
    place: String,
    class: &'static str,
    grade: &'static str,
    source: String,
}

pub(super) fn answer(id: Option<&str>, out: &mut Out) -> Result<(), Fault> {
    let profiles: Vec<_> = match id {
        None => profile::builtin().to_vec(),
        Some(id) => vec![profile::find(id).ok_or_else(|| {
            Fault::new(
                Exit::NoInput,
                format!("there is no profile {id:?}"),
                "`hearth profiles` lists those there are.",
            )
        })?],
    };
    let views: Vec<ProfileView<'_>> = profiles.iter().map(|profile| view(profile)).collect();
    match (out.form, id, views.as_slice()) {
        (Form::Json, Some(_), [one]) => out.line(&serde_json::to_string(one)?),
        (Form::Json, ..) => out.line(&serde_json::to_string(&views)?),
        (Form::Tables, Some(_), [one]) => out.text(&show(one, out.paint)),
        (Form::Tables, ..) => out.text(&list(&views, out.paint)),
    }
}

fn view(profile: &Profile) -> ProfileView<'_> {
    let mut sources: Vec<&str> = profile.facts.iter().map(|fact| fact.source.as_str()).collect();
    sources.dedup();
    ProfileView {
        id: &profile.id,
        maker: &profile.maker,
        model: &profile.model,
        family: match profile.family {
            Family::Registers => "registers",
            Family::SunSpec => "sunspec",
        },
        line: line(profile),
        largest_block: profile.largest_block,
        worst_latency_ms: profile.worst_latency_ms,
        sleeps_at_night: profile.at_night == AtNight::Asleep,
        points: points(profile),
        sources,
    }
}

/// The settings of the line as people write them: `9600 baud 8N1`.
fn line(profile: &Profile) -> String {
    let parity = match profile.line.parity {
        Parity::None => 'N',
        Parity::Even => 'E',
        Parity::Odd => 'O',
    };
    format!("{} baud 8{parity}{}", profile.line.baud, profile.line.stop_bits)
}

/// The values at fixed addresses, or those that are looked for in SunSpec's models.
fn points(profile: &Profile) -> Vec<PointView> {
    let fixed = profile.points.iter().map(|point| {
        let function = match point.function {
            Function::Holding => "holding",
            Function::Input => "input",
        };
        PointView {
            name: point.name.to_string(),
            quantity: point.quantity.name(),
            unit: point.unit.name(),
            place: format!("{function} 0x{:04x} {}", point.address, point.coding.kind.name()),
            class: class(point.class),
            grade: grade(point.grade),
            source: point.source.clone(),
        }
    });
    let wanted = profile.wanted.iter().map(|wanted| {
        let models: Vec<String> = wanted.models.iter().map(u16::to_string).collect();
        PointView {
            name: wanted.name.clone(),
            quantity: wanted.quantity.name(),
            unit: wanted.unit.name(),
            place: format!("{} in model {}", wanted.point, models.join(", ")),
            class: class(wanted.class),
            grade: grade(wanted.grade),
            source: wanted.source.clone(),
        }
    });
    fixed.chain(wanted).collect()
}

fn class(class: Class) -> &'static str {
    match class {
        Class::Fast => "fast",
        Class::Slow => "slow",
    }
}

fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::V2 => "V2",
        Grade::V1 => "V1",
        Grade::U => "U",
    }
}

fn list(views: &[ProfileView<'_>], paint: Paint) -> String {
    let mut table = Table::new(&[
        ("PROFILE", Stand::Left),
        ("MAKER", Stand::Left),
        ("VALUES", Stand::Right),
        ("LINE", Stand::Left),
        ("MODEL", Stand::Wrap),
    ]);
    for view in views {
        table.row([
            view.id.into(),
            view.maker.into(),
            view.points.len().to_string().into(),
            view.line.as_str().into(),
            view.model.into(),
        ]);
    }
    table.show(paint)
}

fn show(view: &ProfileView<'_>, paint: Paint) -> String {
    let title = format!("{} {} ({})", view.maker, view.model, view.id);
    let mut facts = Table::bare(&[Stand::Left, Stand::Wrap]);
    let night = if view.sleeps_at_night {
        "may fall silent"
    } else {
        "answers as by day"
    };
    let rows = [
        ("from the factory", view.line.clone()),
        ("registers at once", format!("at most {}", view.largest_block)),
        ("slowest answer", format!("{} ms", view.worst_latency_ms)),
        ("at night", night.to_owned()),
    ];
    for (name, value) in rows {
        facts.row([Cell::toned(Tone::Quiet, name), value.into()]);
    }
    let mut table = Table::new(&[
        ("VALUE", Stand::Left),
        ("UNIT", Stand::Left),
        ("POLL", Stand::Left),
        ("KNOWN", Stand::Left),
        ("PLACE", Stand::Wrap),
    ]);
    for point in &view.points {
        table.row([
            point.name.as_str().into(),
            point.unit.into(),
            point.class.into(),
            point.grade.into(),
            point.place.as_str().into(),
        ]);
    }
    let mut text = format!(
        "{}\n{}\n{}",
        paint.put(Tone::Strong, &title),
        facts.show(paint),
        table.show(paint)
    );
    text.push_str("\nKnown: V2 two sources agree, V1 one source, U not verified. Sources:\n");
    for source in &view.sources {
        text.push_str(&hang("  - ", source));
    }
    text
}

#[cfg(test)]
mod tests {
    use devices::profile::{self, builtin};

    use super::super::out::Paint;
    use super::super::table::{WIDTH, letters};
    use super::{list, show, view};

    #[test]
    fn every_profile_fits_the_terminal() {
        for profile in builtin() {
            let shown = show(&view(profile), Paint::Off);
            let wide = shown.lines().find(|line| letters(line) > WIDTH);
            assert_eq!(wide, None, "{}", profile.id);
        }
        let views: Vec<_> = builtin().iter().map(|profile| view(profile)).collect();
        assert!(
            list(&views, Paint::Off)
                .lines()
                .all(|line| letters(line) <= WIDTH)
        );
    }

    #[test]
    fn a_profile_names_its_values_and_sources() {
        let profile = profile::find("eastron-sdm630").expect("it comes with Hearth");
        let shown = show(&view(&profile), Paint::Off);
        for part in ["Eastron", "9600 baud 8", "input 0x0000 float32", "Sources:\n  - "] {
            assert!(shown.contains(part), "{part} is missing in:\n{shown}");
        }
    }
}
