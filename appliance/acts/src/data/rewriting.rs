//! That something which was removed is in no byte of the store's file: remembered before it is begun, ended at the next
//! start if the power went in between.

use members::merge::Merged;
use members::person::Person;
use store::Store;
use units::PersonId;

use crate::act::ActError;
use crate::data::erase::no_room;
use crate::rows::get;

/// Under this name the store remembers that something was removed and still lies in its file.
const REWRITE_DUE: &str = "data/rewrite-due";
/// That nothing is left to do.
const NOTHING: &[u8] = b"0";

/// What is still to be done after rows were removed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rewriting {
    /// Whose reasons in the record go.
    pub(crate) people: Vec<PersonId>,
    /// Lines of the record whose reasons speak of them.
    pub(crate) lines: Vec<u64>,
}

impl Rewriting {
    /// As it is remembered: "1 3,4 17": of these people, these lines.
    fn text(&self) -> String {
        let people: Vec<String> = self
            .people
            .iter()
            .map(|person| person.number().to_string())
            .collect();
        let lines: Vec<String> = self.lines.iter().map(ToString::to_string).collect();
        format!("1 {} {}", people.join(","), lines.join(","))
    }

    /// What was remembered; nothing where nothing is to be done.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let mut parts = text.split(' ');
        if parts.next() != Some("1") {
            return None;
        }
        let mut numbers = || parts.next().unwrap_or_default().split(',');
        Some(Self {
            people: numbers()
                .filter_map(|one| one.parse().ok().map(PersonId::new))
                .collect(),
            lines: numbers().filter_map(|one| one.parse().ok()).collect(),
        })
    }

    /// Remembers it, before the rows are removed.
    pub(crate) fn begin(&self, store: &Store) -> Result<(), ActError> {
        Ok(store.put_meta(REWRITE_DUE, self.text().as_bytes())?)
    }

    /// Takes the reasons away and writes the store anew, and remembers that it was done.
    pub(crate) fn finish(&self, store: &Store) -> Result<(), ActError> {
        for person in &self.people {
            store.erase_reasons(*person, &self.lines)?;
        }
        store.rewrite().map_err(no_room)?;
        Ok(store.put_meta(REWRITE_DUE, NOTHING)?)
    }
}

/// Ends what was cut short. Whoever is still in the book was not erased: nothing of theirs was removed.
pub(crate) fn end(store: &Store) -> Result<(), ActError> {
    let due = store.get_meta(REWRITE_DUE)?;
    let Some(mut due) = due.as_deref().and_then(Rewriting::parse) else {
        return Ok(());
    };
    let mut gone = Vec::new();
    for person in due.people {
        // A number that somebody had earlier is theirs still.
        let now = get::<Merged>(store, &person.number())?.map_or(person, |merged| merged.into);
        if get::<Person>(store, &now)?.is_none() {
            gone.push(person);
        }
    }
    due.people = gone;
    due.finish(store)
}

#[cfg(test)]
mod tests {
    use units::PersonId;

    use super::Rewriting;

    #[test]
    fn what_is_remembered_is_read_again() {
        let all = Rewriting {
            people: vec![PersonId::new(3), PersonId::new(4)],
            lines: vec![17],
        };
        for due in [all, Rewriting::default()] {
            assert_eq!(Rewriting::parse(due.text().as_bytes()), Some(due));
        }
        assert_eq!(
            Rewriting::parse(b"1"),
            Some(Rewriting::default()),
            "of the version before"
        );
        assert_eq!(Rewriting::parse(b"0"), None);
    }
}
