//! What a steward types to make a question, a tag or a class, checked.

use super::{Class, CustomField, FieldKind, Tag};
use crate::edit::{Refusal, Typed};
use crate::record::Newer;
use crate::text;

struct Reader<'a> {
    typed: &'a Typed,
    refusals: Vec<Refusal>,
}

impl Reader<'_> {
    fn raw(&self, input: &str) -> &str {
        self.typed.get(input).map_or("", String::as_str)
    }

    fn refuse(&mut self, input: &str, why: &(impl ToString + ?Sized)) {
        self.refusals.push(Refusal {
            input: input.to_owned(),
            why: why.to_string(),
        });
    }

    fn line(&mut self, input: &str, most: usize) -> String {
        let read = text::line(self.raw(input), most);
        read.map_err(|why| self.refuse(input, &why)).unwrap_or_default()
    }

    fn optional(&mut self, input: &str, most: usize) -> Option<String> {
        let read = text::optional_line(self.raw(input), most);
        read.map_err(|why| self.refuse(input, &why)).ok().flatten()
    }

    fn age(&mut self, input: &str) -> Option<u8> {
        let typed = self.raw(input).trim().to_owned();
        if typed.is_empty() {
            return None;
        }
        let read = typed.parse::<u8>().ok().filter(|age| *age <= 120);
        if read.is_none() {
            self.refuse(input, "Write whole years, like 18, or leave it empty");
        }
        read
    }

    fn ticked(&self, input: &str) -> bool {
        self.raw(input) == "yes"
    }

    fn done<T>(self, value: T) -> Result<T, Vec<Refusal>> {
        if self.refusals.is_empty() {
            Ok(value)
        } else {
            Err(self.refusals)
        }
    }
}

fn reader(typed: &Typed) -> Reader<'_> {
    Reader {
        typed,
        refusals: Vec::new(),
    }
}

/// The most answers that a question offers.
const CHOICES: usize = 30;

/// The question that was typed.
pub fn field_of(typed: &Typed) -> Result<CustomField, Vec<Refusal>> {
    let mut reader = reader(typed);
    let label = reader.line("label", 100);
    let help = reader.optional("help", 300);
    let why = reader.line("why", 300);
    let kind = FieldKind::parse(reader.raw("kind"));
    if kind.is_none() {
        reader.refuse("kind", "Choose one of the list");
    }
    let kind = kind.unwrap_or(FieldKind::Text);
    let mut choices: Vec<String> = Vec::new();
    let raw = reader.raw("choices").to_owned();
    for line in raw.lines().filter(|line| !line.trim().is_empty()) {
        match text::line(line, 100) {
            Ok(choice) if !choices.contains(&choice) => choices.push(choice),
            Ok(_) => {}
            Err(why) => reader.refuse("choices", &why),
        }
    }
    if kind != FieldKind::Choice {
        choices.clear();
    } else if choices.len() < 2 || choices.len() > CHOICES {
        reader.refuse(
            "choices",
            &format!("Write 2 to {CHOICES} answers, each on a line of its own"),
        );
    }
    let own = reader.ticked("own");
    reader.done(CustomField {
        label,
        help,
        why,
        kind,
        choices,
        own,
        newer: Newer::default(),
    })
}

/// The tag that was typed.
pub fn tag_of(typed: &Typed) -> Result<Tag, Vec<Refusal>> {
    let mut reader = reader(typed);
    let name = reader.line("tag-name", 40);
    let meaning = reader.line("tag-meaning", 300);
    reader.done(Tag {
        name,
        meaning,
        newer: Newer::default(),
    })
}

/// The class that was typed.
pub fn class_of(typed: &Typed) -> Result<Class, Vec<Refusal>> {
    let mut reader = reader(typed);
    let label = reader.line("class-label", 60);
    let (age_from, age_below) = (reader.age("class-from"), reader.age("class-below"));
    if age_from.zip(age_below).is_some_and(|(from, below)| from >= below) {
        reader.refuse(
            "class-below",
            "Nobody would be of this age. The second number must be the larger one",
        );
    }
    let (votes, by_decision, closed) = (
        reader.ticked("class-votes"),
        reader.ticked("class-by-decision"),
        reader.ticked("class-closed"),
    );
    reader.done(Class {
        label,
        votes,
        age_from,
        age_below,
        by_decision,
        closed,
        newer: Newer::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::{class_of, field_of, tag_of};
    use crate::edit::Typed;
    use crate::house::FieldKind;

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn a_question_says_why_it_is_asked() {
        let good = [
            ("label", "Shirt size"),
            ("why", "To order shirts"),
            ("kind", "one of these answers"),
            ("choices", "small\nlarge\n\nlarge"),
        ];
        let field = field_of(&typed(&good)).expect("a question");
        assert_eq!(
            (field.kind, field.choices.len(), field.own),
            (FieldKind::Choice, 2, false)
        );
        let refused = field_of(&typed(&[
            ("label", "Shirt size"),
            ("kind", "one of these answers"),
            ("choices", "small"),
        ]))
        .expect_err("refused");
        let inputs: Vec<&str> = refused.iter().map(|refusal| refusal.input.as_str()).collect();
        assert_eq!(inputs, ["why", "choices"]);
    }

    #[test]
    fn a_tag_says_what_it_stands_for_and_a_class_has_an_age_that_somebody_has() {
        assert!(tag_of(&typed(&[("tag-name", "Choir")])).is_err());
        assert!(
            tag_of(&typed(&[
                ("tag-name", "Choir"),
                ("tag-meaning", "Sings on Tuesdays")
            ]))
            .is_ok()
        );
        let class = class_of(&typed(&[
            ("class-label", "Young"),
            ("class-from", "12"),
            ("class-below", "18"),
            ("class-votes", "yes"),
        ]));
        assert!(class.expect("a class").votes);
        for (from, below) in [("18", "12"), ("-1", ""), ("", "many")] {
            let pairs = [
                ("class-label", "Young"),
                ("class-from", from),
                ("class-below", below),
            ];
            assert!(class_of(&typed(&pairs)).is_err(), "{from} {below}");
        }
    }
}
