//! `/members/letters/runs/{run}`: to whom a letter went and how; what is to be printed, whom to call, and whom nothing
//! reaches.

use acts::letters::Opened;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use members::book::Book;
use members::letters::deal::mailed;
use members::letters::names::joined;
use members::letters::{Channel, Choice, MailState, Piece, Run};
use members::person::WayKind;

use crate::error::PageError;
use crate::pages::{Done, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, show, urls};

/// To whom a letter went.
#[derive(Template)]
#[template(path = "letters/run.html")]
pub(crate) struct RunPage {
    layout: Layout,
    done: String,
    title: String,
    told: String,
    demanded: String,
    print: Option<String>,
    printed: String,
    labels: String,
    mails: String,
    ways: Vec<Way>,
}

/// Everybody who is reached by one way.
pub(crate) struct Way {
    /// The way, for a list of its own.
    pub(crate) id: String,
    /// How many letters go by it.
    pub(crate) heading: String,
    /// What is to be done.
    pub(crate) says: String,
    /// Each letter.
    pub(crate) letters: Vec<Line>,
}

/// One letter.
pub(crate) struct Line {
    /// For whom.
    pub(crate) names: String,
    /// Where: the number to call, the address.
    pub(crate) at: String,
    /// Whether it is in large print.
    pub(crate) large: bool,
}

/// `GET /members/letters/runs/{run}`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(number): Path<u32>,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let opened = app.acts.run(&signed.actor, number).await?;
    let look = app.look();
    let when = |at| show::dated(&look.place().zone, look.now(), at);
    let run = &opened.run;
    let chosen = Choice::parse(&run.chosen)
        .map(|choice| choice.said())
        .unwrap_or_default();
    let printed = run
        .printed
        .map(|at| say_with("run-printed", [("when", when(at).into())]));
    html(&RunPage {
        layout: Layout::new(&look, &visit, Here::Members),
        done: if done.is("sent") {
            say("run-done")
        } else {
            String::new()
        },
        title: run.title.clone(),
        told: say_with(
            "run-told",
            [("when", when(run.at).into()), ("who", chosen.into())],
        ),
        demanded: run
            .demanded
            .as_ref()
            .map(|why| say_with("run-demanded", [("why", why.as_str().into())]))
            .unwrap_or_default(),
        print: (run.by(Channel::Post).count() > 0).then(|| urls::run_print(number)),
        printed: printed.unwrap_or_default(),
        labels: urls::labels_for(number),
        mails: mailed_so_far(&opened),
        ways: ways(run, &opened.book),
    })
}

fn mailed_so_far(opened: &Opened) -> String {
    if opened.mails.is_empty() {
        return String::new();
    }
    let count = |state| {
        opened
            .mails
            .iter()
            .filter(|(_, mail)| mail.state == state)
            .count()
    };
    say_with(
        "run-mails",
        [
            ("sent", count(MailState::Sent).into()),
            ("waiting", count(MailState::Queued).into()),
            (
                "failed",
                (count(MailState::Failed) + count(MailState::Stopped)).into(),
            ),
        ],
    )
}

/// Everybody in a run, by the way that reaches them.
pub(crate) fn ways(run: &Run, book: &Book) -> Vec<Way> {
    let of = |channel: &Channel| {
        let letters: Vec<Line> = run.by(*channel).map(|piece| line(book, piece)).collect();
        let [id, heading, says] = keys(*channel);
        (!letters.is_empty()).then(|| Way {
            heading: say_with(heading, [("count", letters.len().into())]),
            says: say(says),
            id: id.to_owned(),
            letters,
        })
    };
    Channel::ALL.iter().filter_map(of).collect()
}

/// The id of a way on the page, and the keys of its words.
fn keys(channel: Channel) -> [&'static str; 3] {
    match channel {
        Channel::Post => ["post", "way-post", "way-post-says"],
        Channel::Email => ["mail", "way-mail", "way-mail-says"],
        Channel::Text => ["text", "way-text", "way-text-says"],
        Channel::Phone => ["phone", "way-phone", "way-phone-says"],
        Channel::InPerson => ["person", "way-person", "way-person-says"],
        Channel::NoWay => ["no-way", "way-no-way", "way-no-way-says"],
        Channel::NotAtAll => ["not-at-all", "way-not-at-all", "way-not-at-all-says"],
    }
}

fn line(book: &Book, piece: &Piece) -> Line {
    let known: Vec<_> = piece.people.iter().filter_map(|id| book.people.get(id)).collect();
    let names: Vec<&str> = known.iter().map(|person| person.name.as_str()).collect();
    let first = known.first();
    let at = match piece.channel {
        Channel::Post => {
            let address = first.and_then(|person| book.address_of(person));
            address.map(|address| members::letters::post::lines(address).join(", "))
        }
        Channel::Email => first.and_then(|person| mailed(person)),
        Channel::Text => first
            .and_then(|person| person.way(WayKind::Mobile))
            .map(str::to_owned),
        Channel::Phone => first.and_then(|person| person.telephone()).map(str::to_owned),
        Channel::InPerson | Channel::NoWay | Channel::NotAtAll => None,
    };
    Line {
        names: joined(&names),
        at: at.unwrap_or_default(),
        large: piece.large,
    }
}

impl Way {
    /// One letter by post.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            id: "post".to_owned(),
            heading: "1 by post".to_owned(),
            says: "Print it".to_owned(),
            letters: vec![Line {
                names: "Ana <Öberg> and Ben".to_owned(),
                at: "1 High Street".to_owned(),
                large: true,
            }],
        }
    }
}

impl RunPage {
    /// A letter that went to one household.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample(),
            done: say("run-done"),
            title: "Annual <meeting>".to_owned(),
            told: "yesterday".to_owned(),
            demanded: "by the rules".to_owned(),
            print: Some(urls::run_print(1)),
            printed: "Printed".to_owned(),
            labels: urls::labels_for(1),
            mails: "1 went".to_owned(),
            ways: vec![Way::sample()],
        }
    }
}
