//! What an edit of `site.toml` leaves as it was: everything but the one word, however the file is written.

use proptest::prelude::*;

use super::{EditError, rename_device, rename_place};
use crate::Site;

/// A file in three parts: what stands before a value, the value, and what stands after it.
#[derive(Debug, Clone)]
struct Written {
    before: String,
    value: String,
    after: String,
}

impl Written {
    /// `text` around the mark `@`.
    fn around(text: &str, value: &str) -> Self {
        let (before, after) = text.split_once('@').expect("a mark");
        Self {
            before: before.to_owned(),
            value: value.to_owned(),
            after: after.to_owned(),
        }
    }

    fn text(&self) -> String {
        format!("{}{}{}", self.before, self.value, self.after)
    }

    /// Whether `edited` is this file with another text in place of the value; the word that stands there now.
    fn word_in(&self, edited: &str) -> Option<String> {
        let rest = edited.strip_prefix(&self.before)?.strip_suffix(&self.after)?;
        let table: toml::Table = format!("word = {rest}").parse().ok()?;
        let only = table.len() == 1;
        only.then(|| table.get("word")?.as_str().map(str::to_owned))?
    }
}

/// One device of a file, as its writer likes it.
fn device(name: &str, unit: u8, label: &str, style: usize) -> String {
    let rest = format!(
        "bus = \"b\"\nunit = {unit}\nprofile = \"eastron-sdm630\"\nrole = \"grid\"\nrated_power = 9_000\n"
    );
    match style % 4 {
        0 => format!("[[device]]\nname = \"{name}\"\nlabel = {label}\n{rest}"),
        1 => format!(
            "\n# Device {unit} = \"label\"\n  [[device]] # here\n{rest}\t\"label\"  =  {label}   # \"as people say\"\n\n  name = '{name}'\n"
        ),
        2 => format!(
            "[[ device ]]\n{rest}name = \"{name}\" # label = \"none\"\n'label' = {label}# close\n\n\n"
        ),
        _ => format!("# label = 'old'\n[[device]]\nlabel={label}\nname=\"{name}\"\n{rest}#end"),
    }
}

fn place(name: &str, style: usize) -> String {
    let rest = "time_zone = \"UTC\"\ncurrency = \"GBP\"\nlatitude = 51\nlongitude = -2.5\n";
    match style % 4 {
        0 => format!("[place]\nname = {name} # the sign at the door\n{rest}"),
        1 => format!("# name = \"none\"\n[ place ]\n{rest}\n\n   name   =   {name}\n"),
        2 => format!(
            "place.name = {name}\nplace.time_zone = \"UTC\"\nplace.currency = 'GBP'\nplace.latitude = 1.5\nplace.longitude = 0\n"
        ),
        _ => format!(
            "place = {{ currency = \"GBP\", name = {name} , time_zone = \"UTC\", latitude = 51, longitude = -2 }} # all\n"
        ),
    }
}

/// What may be somebody's name for a thing: signs that are seen.
const WORDS: &str = "[^\\p{C}\\p{Z}\u{fff9}-\u{fffd}]([^\\p{C}\\p{Zl}\\p{Zp}\u{fff9}-\u{fffd}]{0,40}[^\\p{C}\\p{Z}\u{fff9}-\u{fffd}])?";

const BUS: &str = "[[bus]]\nname = \"b\"\nkind = \"tcp\"\naddress = \"127.0.0.1:502\"\n";

/// Files of up to four devices; the mark stands for the place's name, or for one device's label.
fn files() -> impl Strategy<Value = (Written, Option<String>)> {
    let old = proptest::sample::select(vec![
        "\"Old\"",
        "'Old'",
        "\"\"\"Old\"\"\"",
        "\"\\u004Fld\"",
        "'''Old'''",
    ]);
    let styles = proptest::collection::vec(0_usize..4, 5);
    let ends = proptest::sample::select(vec!["\n", "\r\n"]);
    (old, styles, 1_usize..5, 0_usize..5, ends).prop_map(|(old, styles, devices, target, end)| {
        let mut text = place(if target == 0 { "@" } else { "\"The Hall\"" }, styles[0]);
        text.push_str(BUS);
        for (number, style) in (1_u8..).zip(&styles[1..=devices]) {
            let marked = usize::from(number) == target;
            let label = if marked {
                "@".to_owned()
            } else {
                format!("'Label {number}'")
            };
            text.push_str(&device(&format!("d{number}"), number, &label, *style));
            text.push('\n');
        }
        if target > devices {
            text = text.replacen("'Label 1'", "@", 1);
        }
        let name = match target {
            0 => None,
            beyond if beyond > devices => Some("d1".to_owned()),
            number => Some(format!("d{number}")),
        };
        (Written::around(&text.replace('\n', end), old), name)
    })
}

/// The site without the one word that an edit changes.
fn rest_of(site: &Site, device: Option<&str>) -> String {
    let mut site = site.clone();
    match device {
        None => site.place.name.clear(),
        Some(name) => {
            let changed = site
                .devices
                .iter_mut()
                .filter(|device| device.name.as_str() == name);
            changed.for_each(|device| device.label.clear());
        }
    }
    format!("{site:?}")
}

proptest! {
    #[test]
    fn an_edit_changes_the_one_word_and_nothing_else((file, device) in files(), word in WORDS) {
        let text = file.text();
        let before = Site::parse(&text).expect("a good site");
        let edited = match &device {
            None => rename_place(&text, &word),
            Some(name) => rename_device(&text, name, &word),
        };
        let edited = edited.expect("a good name");
        prop_assert_eq!(file.word_in(&edited), Some(word.clone()), "{:?} became {:?}", text, edited);
        let after = Site::parse(&edited).expect("it is good still");
        prop_assert_eq!(rest_of(&before, device.as_deref()), rest_of(&after, device.as_deref()));
        let told = match &device {
            None => after.place.name.clone(),
            Some(name) => after.device(name).expect("it is there").label.clone(),
        };
        prop_assert_eq!(told.trim(), word.trim());
    }

    /// Whatever lies there in place of a good file, an edit answers, and what it gives is a good file.
    #[test]
    fn no_file_brings_an_edit_down(
        text in "((place|device|name|label|\\[\\[?device\\]\\]?|\\[\\[?place\\]\\]?)( = |\\.|\n)?(1|\"d1\"|\\{ ?name ?= ?\"d1\" ?\\}|\\[\\]|\n)?\n){0,6}",
    ) {
        for edited in [rename_place(&text, "The Barn"), rename_device(&text, "d1", "Barn")] {
            match edited {
                Ok(edited) => prop_assert!(Site::parse(&edited).is_ok()),
                Err(error) => prop_assert!(error.to_string().len() > 20, "{error}"),
            }
        }
    }
}

#[test]
fn a_device_without_a_label_gets_one_line_more() {
    for end in ["\n", "\r\n"] {
        let (one, two) = (device("d1", 1, "'One'", 0), device("d2", 2, "'Two'", 1));
        let lines = [place("'The Hall'", 0), BUS.to_owned(), one, two];
        let text = lines.concat().replace("label = 'One'\n", "").replace('\n', end);
        let edited = rename_device(&text, "d1", "Street").expect("a good name");
        let site = Site::parse(&edited).expect("it is good still");
        assert_eq!(
            site.device("d1").map(|device| device.label.as_str()),
            Some("Street")
        );
        let more: Vec<&str> = edited.split(end).filter(|line| line.contains("Street")).collect();
        assert_eq!(more, ["label = \"Street\""]);
        assert_eq!(edited.replace(&format!("label = \"Street\"{end}"), ""), text);
    }
}

/// What the check takes for a good file can be edited, in this rarer way of writing it, too.
#[test]
fn devices_in_one_list_are_renamed() {
    let one = "bus = \"b\", unit = 1, profile = \"eastron-sdm630\", role = \"grid\", rated_power = 9000 }";
    let two = one.replace("unit = 1", "unit = 2");
    let list =
        format!("device = [\n  {{ name = \"d1\", label = @, {one}, # first\n  {{ name = \"d2\", {two}\n]\n");
    let bus = "bus = [{ name = \"b\", kind = \"tcp\", address = \"127.0.0.1:502\" }]\n";
    let file = Written::around(&format!("{list}{bus}{}", place("'The Hall'", 0)), "'Old'");
    assert!(
        Site::parse(&file.text()).is_ok(),
        "{:?}",
        Site::parse(&file.text())
    );
    let edited = rename_device(&file.text(), "d1", "New").expect("a good name");
    assert_eq!(file.word_in(&edited), Some("New".to_owned()), "{edited}");
    let edited = rename_device(&file.text(), "d2", "New").expect("a good name");
    let site = Site::parse(&edited).expect("it is good still");
    assert_eq!(
        site.device("d2").map(|device| device.label.as_str()),
        Some("New"),
        "{edited}"
    );
}

/// Somebody is in the middle of writing the file by hand.
#[test]
fn a_file_that_is_no_good_site_is_not_edited() {
    for text in [
        "place = 3\n",
        "[[place]]\nname = \"x\"\n",
        "device = 3\n",
        "",
        "[place]\nname = 3\n",
    ] {
        assert!(
            matches!(rename_place(text, "The Barn"), Err(EditError::Faults(_))),
            "{text:?}"
        );
    }
    assert!(matches!(
        rename_place("place = [", "The Barn"),
        Err(EditError::NotToml(_))
    ));
    assert!(matches!(
        rename_device("place = 3\n", "d1", "x"),
        Err(EditError::NoSuchDevice(_))
    ));
}
