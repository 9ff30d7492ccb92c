//! Each table is decided, and a row of several people is not lost with one of them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use units::{Instant, PersonId};

use super::{Outcome, WORDS, Words, outcome};
use crate::book::Book;
use crate::holding::{Fate, Subject};
use crate::keeping::row_of;
use crate::letters::{Channel, Mail, Piece, Run};
use crate::mention::Signs;
use crate::person::Person;
use crate::record::{Kept, Newer, Record};
use crate::statement::Line;
use crate::statement::kept::Counterparty;
use crate::tables::table;
use crate::{KEPT, TABLES};

const ANA: PersonId = PersonId::new(1);
const BEN: PersonId = PersonId::new(2);

fn erased<R: Kept>(key: &R::Key, record: &R) -> Outcome {
    let mut book = Book::default();
    for (id, name) in [(ANA, "Ana Öberg"), (BEN, "Ben Okafor")] {
        let person = Person::named(name, Instant::from_millis(0)).expect("a name");
        book.people.insert(id, person);
    }
    let subject = Subject {
        person: ANA,
        household: None,
        alone: true,
        left: None,
    };
    let signs = Signs::of(&book, ANA, BTreeSet::new());
    let (key, value) = row_of(key, record);
    let table = table(R::TABLE).expect("a table");
    outcome(table, (&key, &value), (&subject, &signs), date(2026, 1, 1)).expect("sound")
}

#[test]
fn of_each_table_it_is_decided_what_becomes_of_its_words() {
    let decided: Vec<&str> = WORDS.iter().map(|(name, _)| *name).collect();
    let wanted: BTreeSet<&str> = TABLES.iter().copied().collect();
    let found: BTreeSet<&str> = decided.iter().copied().collect();
    assert_eq!(
        found, wanted,
        "decide in `WORDS` what becomes of the words of each table"
    );
    assert_eq!(decided.len(), found.len(), "each once");
    for (name, words) in WORDS {
        let fields = KEPT
            .iter()
            .find(|table| table.name == *name)
            .map_or(&[][..], |table| table.fields);
        match words {
            Words::None => {
                let text = fields
                    .iter()
                    .find(|rule| rule.holds.contains("String") || rule.holds.contains("Closing"));
                assert_eq!(text, None, "{name} does hold words");
            }
            Words::Emptied(emptied) => {
                let within = fields.iter().chain(Line::FIELDS);
                let known: BTreeSet<&str> = within.map(|rule| rule.name).collect();
                assert!(emptied.iter().all(|field| known.contains(field)), "{name}");
            }
            Words::Shown | Words::Goes => {}
        }
    }
}

#[test]
fn a_letter_to_many_of_whom_one_owes_is_not_lost_with_them() {
    let piece = |people: &[PersonId]| Piece {
        channel: Channel::Post,
        people: people.to_vec(),
        large: false,
        newer: Newer::default(),
    };
    let run = Run {
        letter: None,
        title: "Dues".to_owned(),
        text: "You owe {owed}.".to_owned(),
        demanded: None,
        by: None,
        at: Instant::from_millis(0),
        chosen: "members".to_owned(),
        pieces: vec![piece(&[ANA]), piece(&[BEN])],
        owed: BTreeMap::from([(ANA, "£5".to_owned())]),
        printed: None,
        newer: Newer::default(),
    };
    let Fate::Becomes(after) = erased(&1, &run).fate else {
        panic!("it is Ben's too");
    };
    let after = Run::decode(&after).expect("sound");
    assert_eq!(after.pieces, [piece(&[BEN])], "and no letter is for nobody");
    assert!(after.owed.is_empty());
}

#[test]
fn what_a_machine_wrote_goes_and_what_it_was_learned_from_two_goes_whole() {
    let mut mail = Mail::queued(Some(1), vec![BEN], Instant::from_millis(0));
    mail.why = Some("550 Ana Öberg is unknown here".to_owned());
    let Fate::Becomes(after) = erased(&1, &mail).fate else {
        panic!("a name is in it");
    };
    let after = Mail::decode(&after).expect("sound");
    assert_eq!((after.why, after.people), (None, vec![BEN]));
    let both = Counterparty {
        payers: vec![ANA, BEN],
        seen: 2,
        last: date(2025, 1, 1),
        newer: Newer::default(),
    };
    assert_eq!(erased(&"account 12345678".to_owned(), &both).fate, Fate::Goes);
    let ben = Counterparty {
        payers: vec![BEN],
        ..both
    };
    assert_eq!(erased(&"text ana oberg".to_owned(), &ben).fate, Fate::Goes);
    assert_eq!(erased(&"text ben okafor".to_owned(), &ben).fate, Fate::Stays);
}
