//! How somebody is reached: rows for telephones and e-mail addresses, and which way is wished for.

use super::read::Reader;
use super::{Input, SPARE, choice, line};
use crate::person::{Person, Reach, Way, WayKind};
use crate::record::Newer;

/// More ways than anybody has.
const WAYS: usize = 30;

pub(super) fn inputs(person: &Person) -> Vec<Input> {
    let reach = choice(
        "reach",
        Reach::ALL.iter().map(|it| it.word()),
        person.reach.word(),
    );
    let filled = person.ways.iter().map(|way| {
        (
            way.kind,
            way.value.as_str(),
            way.note.as_deref().unwrap_or_default(),
        )
    });
    let spare = std::iter::repeat_n((WayKind::Mobile, "", ""), SPARE);
    let row = |(number, (kind, value, note)): (usize, (WayKind, &str, &str))| {
        [
            choice(
                &format!("way-kind-{number}"),
                WayKind::ALL.iter().map(|it| it.word()),
                kind.word(),
            ),
            line(&format!("way-{number}"), value),
            line(&format!("way-note-{number}"), note),
        ]
    };
    let rows = (1..).zip(filled.chain(spare)).flat_map(row);
    std::iter::once(reach).chain(rows).collect()
}

pub(super) fn read(reader: &mut Reader<'_>, person: &mut Person) {
    let reach = reader.raw("reach").to_owned();
    if !reach.is_empty() {
        let read = Reach::parse(&reach).ok_or("Choose one of the list");
        person.reach = reader.take("reach", read).unwrap_or(person.reach);
    }
    person.ways.clear();
    for number in 1..=WAYS {
        let (kind, value, note) = (
            format!("way-kind-{number}"),
            format!("way-{number}"),
            format!("way-note-{number}"),
        );
        let Some(written) = reader.line(&value, 200) else {
            continue;
        };
        let of_kind = WayKind::parse(reader.raw(&kind)).ok_or("Choose one of the list");
        let Some(of_kind) = reader.take(&kind, of_kind) else {
            continue;
        };
        if let Err(why) = fit(of_kind, &written) {
            reader.refuse(&value, &why);
        }
        person.ways.push(Way {
            kind: of_kind,
            value: written,
            note: reader.line(&note, 200),
            newer: Newer::default(),
        });
    }
}

/// That a number or address can be one of its kind. Whether it works only trying tells.
fn fit(kind: WayKind, written: &str) -> Result<(), &'static str> {
    match kind {
        WayKind::Phone | WayKind::Mobile => {
            let digits = written.chars().filter(|sign| sign.is_numeric()).count();
            let plain = written
                .chars()
                .all(|sign| sign.is_numeric() || " +()-./x".contains(sign));
            (plain && digits >= 3).then_some(()).ok_or(
                "This is no telephone number. Write digits; what should be known of it goes into the remark",
            )
        }
        WayKind::Email => {
            let parts = written.split_once('@');
            let good =
                parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
            (good && !written.contains(' '))
                .then_some(())
                .ok_or("This is no e-mail address. Write it like ana@example.org")
        }
        WayKind::Other => Ok(()),
    }
}
