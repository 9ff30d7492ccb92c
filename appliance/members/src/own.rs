//! What people put right about themselves: the fields that are theirs to change, checked one by one, so that each
//! refusal stands beside its field.

use std::collections::BTreeMap;

use crate::edit::answer;
use crate::house::CustomField;
use crate::household::{Household, Letters};
use crate::person::{Address, LONGEST_NAME, Listing, Person, Reach, Way, WayKind};
use crate::record::{Newer, Record};
use crate::text::{self, Unfit};

/// The longest line of an address, a telephone number, a language.
const LONGEST_LINE: usize = 120;
/// The longest answer in several lines.
const LONGEST_ANSWER: usize = 1_000;
/// The most lines of an address.
const MOST_LINES: usize = 8;

/// What somebody typed, by the name of the field.
pub type Typed = BTreeMap<String, String>;
/// Why fields were refused, by the name of the field.
pub type Refusals = BTreeMap<String, String>;
/// Questions of the house, by their keys.
pub type Questions = BTreeMap<String, CustomField>;

/// The field of a question of the house.
pub fn field_of_question(key: &str) -> String {
    format!("custom-{key}")
}

/// The kinds of ways that have a field of their own, with its name.
const WAYS: [(WayKind, &str); 4] = [
    (WayKind::Mobile, "mobile"),
    (WayKind::Phone, "phone"),
    (WayKind::Email, "email"),
    (WayKind::Other, "other"),
];

/// Takes fields one by one and keeps what was refused.
struct Fields<'a> {
    typed: &'a Typed,
    refused: Refusals,
}

impl<'a> Fields<'a> {
    fn new(typed: &'a Typed) -> Self {
        Self {
            typed,
            refused: Refusals::new(),
        }
    }

    fn text(&self, name: &str) -> &'a str {
        self.typed.get(name).map_or("", String::as_str)
    }

    fn take<T: Default>(&mut self, name: &'static str, check: impl FnOnce(&str) -> Result<T, Unfit>) -> T {
        check(self.text(name)).unwrap_or_else(|why| {
            self.refused.insert(name.to_owned(), why.to_string());
            T::default()
        })
    }

    fn line(&mut self, name: &'static str) -> Option<String> {
        self.take(name, |text| text::optional_line(text, LONGEST_LINE))
    }

    /// One of a few words; what stood there before where nothing was chosen.
    fn choice<T: Copy>(&mut self, name: &'static str, before: T, parse: impl Fn(&str) -> Option<T>) -> T {
        match self.text(name) {
            "" => before,
            word => parse(word).unwrap_or_else(|| {
                self.refused
                    .insert(name.to_owned(), "Choose one of these".to_owned());
                before
            }),
        }
    }

    fn address(&mut self, before: Option<&Address>) -> Option<Address> {
        let written = self.take("address", |text| text::optional_paragraph(text, LONGEST_ANSWER));
        let (postcode, country) = (self.line("postcode"), self.line("country"));
        let lines: Vec<String> = written
            .iter()
            .flat_map(|text| text.lines())
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect();
        if lines.len() > MOST_LINES {
            let why = format!("This has {} lines; write at most {MOST_LINES}", lines.len());
            self.refused.insert("address".to_owned(), why);
        }
        if lines.is_empty() && postcode.is_none() && country.is_none() {
            return None;
        }
        Some(Address {
            lines,
            postcode,
            country,
            newer: before.map(|before| before.newer.clone()).unwrap_or_default(),
        })
    }

    fn done<T>(self, made: T) -> Result<T, Refusals> {
        if self.refused.is_empty() {
            Ok(made)
        } else {
            Err(self.refused)
        }
    }
}

impl Person {
    /// What stands in the fields that are one's own to change, as a form shows it; `questions` are those of the house that
    /// people answer themselves.
    pub fn typed(&self, questions: &Questions) -> Typed {
        let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
        let mut typed: Typed = [
            ("name", self.name.clone()),
            ("called", or_empty(&self.called)),
            ("sort", or_empty(&self.sort)),
            ("pronouns", or_empty(&self.pronouns)),
            ("languages", self.languages.join(", ")),
            ("access", or_empty(&self.access)),
            ("reach", self.reach.word().to_owned()),
            ("listing", self.listing.word().to_owned()),
            (
                "large_print",
                if self.large_print { "yes" } else { "no" }.to_owned(),
            ),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        for (kind, name) in WAYS {
            typed.insert(name.to_owned(), self.way(kind).unwrap_or_default().to_owned());
        }
        typed.extend(typed_address(self.address.as_ref()));
        for key in questions.keys() {
            typed.insert(
                field_of_question(key),
                self.custom.get(key).cloned().unwrap_or_default(),
            );
        }
        typed
    }

    /// The same with what its person put right. Of the house's questions these alone can be answered.
    pub fn corrected(&self, typed: &Typed, questions: &Questions) -> Result<Self, Refusals> {
        let mut fields = Fields::new(typed);
        let name = fields.take("name", |text| text::line(text, LONGEST_NAME));
        let (called, sort) = (fields.line("called"), fields.line("sort"));
        let pronouns = fields.line("pronouns");
        let languages = fields.line("languages");
        let access = fields.take("access", |text| text::optional_paragraph(text, LONGEST_ANSWER));
        let reach = fields.choice("reach", self.reach, Reach::parse);
        let listing = fields.choice("listing", self.listing, Listing::parse);
        let large_print = match fields.text("large_print") {
            "" => self.large_print,
            word => word == "yes",
        };
        let ways = self.ways_of(&mut fields);
        let address = fields.address(self.address.as_ref());
        let custom = self.answers_of(&mut fields, questions);
        let languages = languages.iter().flat_map(|text| text.split([',', ';']));
        let languages = languages
            .map(|language| language.trim().to_owned())
            .filter(|language| !language.is_empty());
        let corrected = Self {
            name,
            called,
            sort,
            pronouns,
            languages: languages.collect(),
            access,
            ways,
            reach,
            address,
            listing,
            large_print,
            custom,
            ..self.clone()
        };
        fields.done(corrected)
    }

    /// The answers with those of the form. A question that the form did not have keeps its answer, and so does one whose
    /// answer was left as it was, also where the house offers it no more.
    fn answers_of(&self, fields: &mut Fields<'_>, questions: &Questions) -> BTreeMap<String, String> {
        let mut answers = self.custom.clone();
        for (key, question) in questions {
            let field = field_of_question(key);
            let Some(typed) = fields.typed.get(&field) else {
                continue;
            };
            if answers.get(key).is_some_and(|before| before == typed) {
                continue;
            }
            match answer(question, typed) {
                Ok(Some(answer)) => drop(answers.insert(key.clone(), answer)),
                Ok(None) => drop(answers.remove(key)),
                Err(why) => drop(fields.refused.insert(field, why)),
            }
        }
        answers
    }

    /// The ways with those of the form in the place of the first of their kind.
    fn ways_of(&self, fields: &mut Fields<'_>) -> Vec<Way> {
        let mut ways = self.ways.clone();
        for (kind, name) in WAYS {
            let value = fields.line(name);
            if let Some(value) = &value {
                let fits = match kind {
                    WayKind::Email => value.contains('@'),
                    WayKind::Phone | WayKind::Mobile => {
                        value.chars().filter(char::is_ascii_digit).count() >= 3
                    }
                    WayKind::Other => true,
                };
                if !fits {
                    let why = match kind {
                        WayKind::Email => "An e-mail address has an @ in it. Look at it again",
                        WayKind::Phone | WayKind::Mobile | WayKind::Other => {
                            "A telephone number has digits in it. Look at it again"
                        }
                    };
                    fields.refused.insert(name.to_owned(), why.to_owned());
                }
            }
            let at = ways.iter().position(|way| way.kind == kind);
            match (value, at) {
                (Some(value), Some(at)) => ways[at].value = value,
                (Some(value), None) => ways.push(Way {
                    kind,
                    value,
                    note: None,
                    newer: Newer::default(),
                }),
                (None, Some(at)) => drop(ways.remove(at)),
                (None, None) => {}
            }
        }
        ways
    }
}

fn typed_address(address: Option<&Address>) -> Typed {
    let part = |take: fn(&Address) -> Option<String>| address.and_then(take).unwrap_or_default();
    [
        ("address", part(|address| Some(address.lines.join("\n")))),
        ("postcode", part(|address| address.postcode.clone())),
        ("country", part(|address| address.country.clone())),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

impl Household {
    /// What stands in the fields that its people may change.
    pub fn typed(&self) -> Typed {
        let mut typed = typed_address(self.address.as_ref());
        typed.insert("name".to_owned(), self.name.clone().unwrap_or_default());
        typed.insert("letters".to_owned(), self.letters.word().to_owned());
        typed
    }

    /// The same with what one of its people put right.
    pub fn corrected(&self, typed: &Typed) -> Result<Self, Refusals> {
        let mut fields = Fields::new(typed);
        let name = fields.line("name");
        let letters = fields.choice("letters", self.letters, Letters::parse);
        let address = fields.address(self.address.as_ref());
        let corrected = Self {
            name,
            letters,
            address,
            ..self.clone()
        };
        fields.done(corrected)
    }
}

/// The names of the fields in which two records differ; they may stand in the record of who did what.
pub fn changed<R: Record>(before: &R, after: &R) -> Vec<&'static str> {
    let (before, after) = (before.told(), after.told());
    let pairs = before.iter().zip(&after);
    pairs
        .filter(|(before, after)| before.values != after.values)
        .map(|(before, _)| before.rule.name)
        .collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use units::Instant;

    use super::{Household, Letters, Listing, Person, Questions, Reach, WayKind, changed};
    use crate::house::{CustomField, FieldKind};
    use crate::record::Newer;

    fn ana() -> Person {
        Person::named("Ana Öberg", Instant::from_millis(0)).expect("a name")
    }

    fn none() -> Questions {
        Questions::new()
    }

    /// Two questions of the house: one size of several, and a day.
    fn questions() -> Questions {
        let question = |label: &str, kind, choices: &[&str]| CustomField {
            label: label.to_owned(),
            help: None,
            why: "To order shirts".to_owned(),
            kind,
            choices: choices.iter().map(|choice| (*choice).to_owned()).collect(),
            own: true,
            newer: Newer::default(),
        };
        [
            (
                "size".to_owned(),
                question("Shirt size", FieldKind::Choice, &["small", "large"]),
            ),
            ("since".to_owned(), question("Since", FieldKind::Date, &[])),
        ]
        .into()
    }

    #[test]
    fn people_answer_the_questions_that_are_theirs_to_answer_and_no_others() {
        let mut ana = ana();
        // The house offered "huge" once; the note is for stewards alone.
        ana.custom.insert("size".to_owned(), "huge".to_owned());
        ana.custom.insert("note".to_owned(), "late".to_owned());
        let own = questions();
        assert_eq!(ana.corrected(&ana.typed(&own), &own), Ok(ana.clone()));
        assert!(!ana.typed(&own).contains_key("custom-note"));
        let answered = |field: &str, answer: &str| {
            let mut typed = ana.typed(&own);
            typed.insert(field.to_owned(), answer.to_owned());
            ana.corrected(&typed, &own)
        };
        let small = answered("custom-size", "small").expect("an answer");
        assert_eq!(
            (&*small.custom["size"], &*small.custom["note"]),
            ("small", "late")
        );
        assert_eq!(changed(&ana, &small), ["custom"]);
        assert!(
            !answered("custom-size", "")
                .expect("none")
                .custom
                .contains_key("size")
        );
        assert_eq!(answered("custom-note", "never"), Ok(ana.clone()));
        for (field, answer) in [
            ("custom-size", "enormous"),
            ("custom-since", "soon"),
            ("custom-since", "31.2.2026"),
        ] {
            let refused = answered(field, answer).expect_err("no answer");
            assert!(refused.contains_key(field), "{refused:?}");
        }
        let mut older = ana.typed(&own);
        older.remove("custom-size");
        assert_eq!(
            ana.corrected(&older, &own),
            Ok(ana.clone()),
            "a form without the question"
        );
    }

    #[test]
    fn what_was_not_touched_stays_as_it_was() {
        let mut ana = ana();
        ana.tags.insert("choir".to_owned());
        assert_eq!(ana.corrected(&ana.typed(&none()), &none()), Ok(ana.clone()));
        let home = Household::new();
        assert_eq!(home.corrected(&home.typed()), Ok(home));
    }

    #[test]
    fn people_put_themselves_right() {
        let mut typed = ana().typed(&none());
        for (name, value) in [
            ("name", "Ana Berg"),
            ("languages", "Twi, English"),
            ("email", "ana@example.org"),
            ("address", "1 High Street\n Bristol \n"),
            ("postcode", "BS5 0AA"),
            ("reach", "phone"),
            ("listing", "name shown to members"),
        ] {
            typed.insert(name.to_owned(), value.to_owned());
        }
        let after = ana().corrected(&typed, &none()).expect("good");
        assert_eq!((after.name.as_str(), after.reach), ("Ana Berg", Reach::Phone));
        assert_eq!(after.way(WayKind::Email), Some("ana@example.org"));
        assert_eq!(after.listing, Listing::Name);
        assert_eq!(
            after.address.clone().expect("an address").lines,
            ["1 High Street", "Bristol"]
        );
        expect!["name, languages, ways, reach, address, listing"]
            .assert_eq(&changed(&ana(), &after).join(", "));
        assert_eq!(after.corrected(&after.typed(&none()), &none()), Ok(after));
    }

    #[test]
    fn each_refusal_stands_beside_its_field() {
        let mut typed = ana().typed(&none());
        let lines = "x\n".repeat(9);
        let long = "x".repeat(10_000_000);
        for (name, value) in [
            ("name", "  "),
            ("email", "ana"),
            ("mobile", "no"),
            ("address", lines.as_str()),
            ("access", long.as_str()),
            ("reach", "owl"),
            ("pronouns", "a\u{202e}b"),
        ] {
            typed.insert(name.to_owned(), value.to_owned());
        }
        let refused = ana().corrected(&typed, &none()).expect_err("bad");
        let lines: Vec<String> = refused
            .iter()
            .map(|(field, why)| format!("{field}: {why}"))
            .collect();
        expect![[r#"
            access: This has 10000000 letters; write at most 1000
            address: This has 9 lines; write at most 8
            email: An e-mail address has an @ in it. Look at it again
            mobile: A telephone number has digits in it. Look at it again
            name: Write something here; it is empty now
            pronouns: This holds a sign that cannot be shown; write it again
            reach: Choose one of these"#]]
        .assert_eq(&lines.join("\n"));
    }

    #[test]
    fn a_household_chooses_its_letters() {
        let home = Household::new();
        let mut typed = home.typed();
        typed.insert("letters".to_owned(), "one for each".to_owned());
        assert_eq!(home.corrected(&typed).expect("good").letters, Letters::Each);
    }
}
