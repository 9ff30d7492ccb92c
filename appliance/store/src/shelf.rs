//! The members' book at hand. Nearly every page asks for the whole of it, and to read it out of the file for each took
//! most of the page's time and, on every thread that did, memory for two more books.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use members::book::Book;
use members::merge::Merged;
use members::record::Kept;

use crate::{RowChange, StoreError};

/// Where the book lies once somebody has asked for it.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    lies: Mutex<Lies>,
    /// Held by whoever puts the book together, so that of many who ask at once one does it.
    reading: Mutex<()>,
}

#[derive(Debug, Default)]
struct Lies {
    book: Option<Arc<Book>>,
    /// Counts the changes, so that a book that was read before one of them is not laid here after it.
    changes: u64,
}

impl Shelf {
    fn lies(&self) -> MutexGuard<'_, Lies> {
        self.lies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The book; `read` puts it together where it is not here.
    pub(crate) fn book(
        &self,
        read: impl FnOnce() -> Result<Book, StoreError>,
    ) -> Result<Arc<Book>, StoreError> {
        if let Some(book) = &self.lies().book {
            return Ok(Arc::clone(book));
        }
        let _one_reads = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let changes = {
            let lies = self.lies();
            if let Some(book) = &lies.book {
                return Ok(Arc::clone(book));
            }
            lies.changes
        };
        let book = Arc::new(read()?);
        let mut lies = self.lies();
        if lies.changes == changes {
            lies.book = Some(Arc::clone(&book));
        }
        Ok(book)
    }

    /// Rows have changed, or it is not sure whether they have. To be called before anybody is told.
    pub(crate) fn changed(&self, rows: &[RowChange], surely: bool) {
        if !rows.iter().any(|row| Book::TABLES.contains(&row.table)) {
            return;
        }
        // Two entries are put together seldom, and what they leave is not all told by the row that goes.
        let told = surely && rows.iter().all(|row| row.table != Merged::TABLE);
        let mut lies = self.lies();
        lies.changes += 1;
        let Some(mut book) = lies.book.take().filter(|_| told) else {
            return;
        };
        let all = Arc::make_mut(&mut book);
        let taken = rows
            .iter()
            .try_for_each(|row| all.take(row.table, &row.key, row.after.as_deref()));
        // A row that makes no sense is met again by whoever reads the book next, and told there.
        lies.book = taken.is_ok().then_some(book);
    }
}

#[cfg(test)]
mod tests {
    use members::book::Book;
    use members::person::Person;
    use members::record::{Key, Record};
    use units::{Instant, PersonId};

    use super::Shelf;
    use crate::RowChange;

    fn named(name: &str) -> RowChange {
        let person = Person::named(name, Instant::from_millis(0)).expect("a name");
        RowChange {
            table: "people",
            key: PersonId::new(1).to_key(),
            before: None,
            after: Some(person.encode()),
        }
    }

    fn names(book: &Book) -> Vec<&str> {
        book.people.values().map(|person| person.name.as_str()).collect()
    }

    #[test]
    fn a_book_that_was_read_before_a_change_is_not_laid_down_after_it() {
        let shelf = Shelf::default();
        let old = shelf.book(|| {
            shelf.changed(&[named("Ana")], true);
            Ok(Book::default())
        });
        assert_eq!(names(&old.expect("a book")), [""; 0]);
        let mut after = Book::default();
        let ana = named("Ana");
        after
            .take(ana.table, &ana.key, ana.after.as_deref())
            .expect("a row");
        let new = shelf.book(|| Ok(after)).expect("a book");
        assert_eq!(names(&new), ["Ana"]);
    }

    #[test]
    fn it_is_read_again_only_where_it_is_not_sure_what_it_holds() {
        let shelf = Shelf::default();
        shelf.book(|| Ok(Book::default())).expect("a book");
        shelf.changed(&[named("Ana")], true);
        let held = shelf.book(|| panic!("it lies there")).expect("a book");
        shelf.changed(&[named("Ben")], true);
        let newer = shelf.book(|| panic!("it lies there")).expect("a book");
        assert_eq!((names(&held), names(&newer)), (vec!["Ana"], vec!["Ben"]));
        shelf.changed(&[named("Cleo")], false);
        let read = shelf.book(|| Ok(Book::default())).expect("a book");
        assert_eq!(names(&read), [""; 0]);
        let damaged = RowChange {
            after: Some(vec![9]),
            ..named("Ana")
        };
        shelf.changed(&[damaged], true);
        let refused = shelf.book(|| Err(crate::StoreError::Closed));
        assert!(refused.is_err(), "it was read again");
    }
}
