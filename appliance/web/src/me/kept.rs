//! `/me/data`: everything that is kept about oneself, with why, on which ground and how long.

use acts::data::KeptRow;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use members::holding::Part;
use units::PersonId;

use super::told::rule_words;
use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, show};

/// Everything that is kept about oneself.
#[derive(Template)]
#[template(path = "me/kept.html")]
pub(crate) struct KeptPage {
    layout: Layout,
    groups: Vec<Group>,
}

/// The rows of one table.
pub(crate) struct Group {
    pub(crate) title: String,
    pub(crate) rows: Vec<Row>,
}

/// A row.
pub(crate) struct Row {
    /// How it has to do with oneself, where it is not all one's own.
    pub(crate) part: String,
    pub(crate) fields: Vec<FieldTold>,
}

/// A field.
pub(crate) struct FieldTold {
    pub(crate) label: &'static str,
    pub(crate) says: Vec<String>,
    pub(crate) why: String,
}

/// `GET /me/data`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
) -> Result<Response, PageError> {
    let rows = app.acts.kept_about_me(&signed.actor).await?;
    html(&KeptPage {
        layout: Layout::new(&app.look(), &visit, Here::Own),
        groups: groups(&rows, signed.who.person),
    })
}

/// The rows by their tables, each with the fields in which something stands.
pub(crate) fn groups(rows: &[KeptRow], whose: PersonId) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for row in rows {
        if groups.last().is_none_or(|group| group.title != row.title) {
            groups.push(Group {
                title: row.title.clone(),
                rows: Vec::new(),
            });
        }
        let said = row.told.iter().filter(|told| !told.values.is_empty());
        let fields = said.map(|told| FieldTold {
            label: told.rule.label,
            says: told.values.iter().map(|value| plainly(value, whose)).collect(),
            why: rule_words(told.rule),
        });
        let mut fields: Vec<FieldTold> = fields.collect();
        // A reason that several fields have stands below the last of them.
        for place in 1..fields.len() {
            if fields[place - 1].why == fields[place].why {
                fields[place - 1].why.clear();
            }
        }
        let row = Row {
            part: part_words(row),
            fields,
        };
        if let Some(group) = groups.last_mut() {
            group.rows.push(row);
        }
    }
    groups
}

/// What the store tells of a field, without what only machines read: days in words, "you" for one's own number, and no
/// scrambled passphrases.
fn plainly(value: &str, whose: PersonId) -> String {
    if value.starts_with("$argon2") {
        return say("kept-scrambled");
    }
    if value.ends_with(" bytes that only the box can use") {
        return say("kept-bytes");
    }
    let part = |part: &str| {
        let (label, said) = part.split_once(": ").unwrap_or(("", part));
        let (day, rest) = said.split_once(' ').unwrap_or((said, ""));
        let told = day.parse::<jiff::civil::Date>().ok().filter(|_| day.len() == 10);
        let told = told.filter(|_| rest.is_empty() || rest.ends_with(" UTC"));
        let words = match (told, said.strip_prefix("person ").map(str::parse::<u32>)) {
            (Some(told), _) => format!("{} {rest}", show::day(told)).trim_end().to_owned(),
            (None, Some(Ok(number))) if number == whose.number() => say("kept-you"),
            (None, Some(Ok(number))) => say_with("kept-somebody", [("number", number.to_string().into())]),
            (None, _) => return part.to_owned(),
        };
        match label {
            "" => words,
            label => format!("{label}: {words}"),
        }
    };
    let parts: Vec<String> = value.split("; ").map(part).collect();
    parts.join("; ")
}

fn part_words(row: &KeptRow) -> String {
    match row.part {
        Part::Own | Part::Nothing => String::new(),
        Part::Shared => say("kept-shared"),
        Part::Household => say("kept-household"),
        Part::Named => {
            let count = i64::try_from(row.times).unwrap_or(i64::MAX);
            say_with("kept-named", [("count", count.into())])
        }
    }
}

impl KeptPage {
    /// A name and a shared device.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        use members::person::Person;
        use members::record::Record;
        let person = Person::named("Ana <Öberg>", units::Instant::from_millis(0)).expect("a name");
        let row = |part| KeptRow {
            table: "people",
            title: "People".to_owned(),
            part,
            told: person.told(),
            times: 1,
        };
        Self {
            layout: Layout::sample(),
            groups: groups(
                &[row(Part::Own), row(Part::Shared), row(Part::Named)],
                PersonId::new(1),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use units::PersonId;

    #[test]
    fn days_are_told_in_words_and_what_only_machines_read_is_not_shown() {
        let plainly = |value: &str| super::plainly(value, PersonId::new(3));
        assert_eq!(plainly("2019-09-08"), "8 September 2019");
        assert_eq!(plainly("2026-11-27 21:17 UTC"), "27 November 2026 21:17 UTC");
        assert_eq!(
            plainly("From: 2019-09-08; State: member; Entered by: person 1"),
            "From: 8 September 2019; State: member; Entered by: somebody else (number 1 in the book)"
        );
        assert_eq!(plainly("person 3"), "you");
        assert!(!plainly("$argon2id$v=19$m=19456,t=9,p=1$BOlk$IeS").contains('$'));
        assert!(!plainly("32 bytes that only the box can use").contains("32"));
        for own in [
            "Ana Öberg",
            "2019-09-08 was a good day",
            "ring: twice; then knock",
            "2019-9-8",
            "person 3 and I",
        ] {
            assert_eq!(plainly(own), own);
        }
    }
}
