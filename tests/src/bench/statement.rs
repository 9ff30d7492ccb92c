//! A statement of 5,000 lines upon a book of 5,000 people with ten years of dues: how long it takes to read it, to look at
//! it with every line matched, and to book what is sure.

use std::path::Path;
use std::time::Instant as Watch;

use acts::statements::Show;
use acts::{Actor, Right};
use anyhow::Result;
use store::{Options, Store};
use units::PersonId;

use crate::Figure;
use crate::book::{PEOPLE, name};
use crate::import::acts;

/// One transaction for each person, as banks write them: whole names, initials, numbers of cards, a family name alone.
fn file() -> Result<Vec<u8>> {
    let mut text = "Number,Date,Account,Amount,Subcategory,Memo\r\n".to_owned();
    for number in 1..=PEOPLE {
        let name = name(number)?.to_uppercase();
        let (first, last) = name.split_once(' ').unwrap_or(("", &name));
        let memo = match number % 4 {
            0 => format!("{name} SUBS"),
            1 => format!("{last} {}", first.chars().next().unwrap_or('A')),
            2 => format!("DUES M{number}"),
            _ => format!("{last} MEMBERSHIP"),
        };
        text.push_str(&format!(
            ",{:02}/05/2026,20-00-00 1,3.00,FT,{memo}\r\n",
            number % 28 + 1
        ));
    }
    Ok(text.into_bytes())
}

/// The figures, upon the store of this folder.
pub(crate) fn figures(folder: &Path) -> Result<Vec<Figure>> {
    let store = Store::open(folder, Options::default())?;
    let acts = acts(&store);
    let steward = Actor::Member {
        person: PersonId::new(1),
        rights: Right::ALL.iter().copied().collect(),
    };
    let file = file()?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let watch = Watch::now();
        let draft = acts.hand_in_statement(&steward, "may.csv", file).await?;
        let seen = acts.statement_draft(&steward, draft).await?;
        let number = acts.read_statement(&steward, draft, &seen.account).await?;
        let read = watch.elapsed().as_secs_f64();
        let watch = Watch::now();
        let seen = acts.statement(&steward, number, Show::Open, 1).await?;
        let matched = watch.elapsed().as_secs_f64();
        let watch = Watch::now();
        acts.book_statement(&steward, number).await?;
        let booked = watch.elapsed().as_secs_f64();
        let counts = seen.counts;
        Ok(vec![
            Figure::at_most("Statement of 5,000 lines: reading it", read, 5.0, "s"),
            Figure::at_most("  matching all, and showing a page", matched, 2.0, "s"),
            Figure::at_most("  booking what is matched", booked, 5.0, "s"),
            Figure::told(
                "  matched, suggested, unknown",
                format!("{}, {}, {}", counts.matched, counts.suggested, counts.unknown),
                "",
            ),
        ])
    })
}
