//! `/box/backup`: how the backups stand, one made now, and the recovery phrase, which is shown once.

use acts::ActError;
use acts::backup::NewPhrase;
use acts::look::{BackupPlaceView, BackupView};
use acts::together::WaitingView;
use axum::Form;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use energy::calendar::Zone;
use units::Instant;

use crate::error::PageError;
use crate::me::{Input, Sent, sent_field};
use crate::pages::{Done, Here, Layout, Visit};
use crate::sheet::{Block, FormBlock, SheetPage, told};
use crate::sign_in::SignedIn;
use crate::words::{say, say_with};
use crate::{App, show, urls};

/// So many words of a phrase stand in one line.
const IN_A_LINE: usize = 4;

/// The routes.
pub(crate) fn router() -> Router<App> {
    Router::new()
        .route(urls::BACKUP, get(page))
        .route(urls::BACKUP_MAKE, post(make).get(back))
        .route(urls::BACKUP_PHRASE, post(phrase).get(back))
}

/// Where a refusal left the browser leads back to the page.
async fn back() -> Redirect {
    Redirect::to(urls::BACKUP)
}

/// `GET /box/backup`
async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let sheet = sheet(&app, &visit, &signed, String::new()).await?;
    let done = if done.is("begun") {
        say("backup-begun")
    } else {
        String::new()
    };
    SheetPage { done, ..sheet }.answer()
}

/// `POST /box/backup/make`
async fn make(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    signed.check(urls::BACKUP_MAKE, sent_field(&sent, "token"))?;
    match app.acts.back_up(&signed.actor).await {
        Ok(()) => Ok(Redirect::to(&urls::done(urls::BACKUP, "begun")).into_response()),
        Err(error) => {
            let why = match error {
                ActError::Failed(why) => show::sentence(&why),
                other => told(other)?,
            };
            sheet(&app, &visit, &signed, why).await?.answer()
        }
    }
}

/// `POST /box/backup/phrase`: the phrase stands on the page that answers, and nowhere else.
async fn phrase(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    signed.check(urls::BACKUP_PHRASE, sent_field(&sent, "token"))?;
    let made = app
        .acts
        .new_recovery_phrase(&signed.actor, sent_field(&sent, "why"))
        .await;
    match made {
        Ok(NewPhrase::Words(words)) => shown_once(&app, &visit, &words).answer(),
        Ok(NewPhrase::Waits(_)) => Ok(Redirect::to(&urls::done(urls::WAITING, "waits")).into_response()),
        Err(error) => {
            let why = told(error)?;
            sheet(&app, &visit, &signed, why).await?.answer()
        }
    }
}

/// The page with the words of a new phrase.
fn shown_once(app: &App, visit: &Visit, words: &str) -> SheetPage {
    let numbered: Vec<String> = (1..)
        .zip(words.split(' '))
        .map(|(number, word): (u8, _)| format!("{number}. {word}"))
        .collect();
    SheetPage {
        layout: Layout::new(&app.look(), visit, Here::TheBox),
        up: (urls::BACKUP.to_owned(), say("backup-title")),
        heading: say("backup-phrase-new"),
        lead: say("backup-phrase-once"),
        done: String::new(),
        refusal: String::new(),
        blocks: vec![
            Block {
                lines: numbered.chunks(IN_A_LINE).map(|line| line.join("  ")).collect(),
                ..Block::new(say("backup-phrase-words"))
            },
            Block {
                lines: vec![
                    say("backup-phrase-paper"),
                    say("backup-phrase-lost"),
                    say("backup-phrase-older"),
                ],
                ..Block::new(say("backup-phrase-keep"))
            },
        ],
    }
}

async fn sheet(app: &App, visit: &Visit, signed: &SignedIn, refusal: String) -> Result<SheetPage, PageError> {
    // What is true now is told a little later than what was just done.
    let (there, asked) = app.acts.phrase_asked(&signed.actor).await?;
    let look = app.look();
    let backup = look.the_box().store.backup;
    Ok(SheetPage {
        layout: Layout::new(&look, visit, Here::TheBox),
        up: (urls::THE_BOX.to_owned(), say("title-box")),
        heading: say("backup-title"),
        lead: say("backup-lead"),
        done: String::new(),
        refusal,
        blocks: vec![
            Block {
                lines: standing(&backup, there, &look.place().zone, look.now()),
                forms: making(&backup, there, signed),
                ..Block::new(say("backup-stand"))
            },
            Block {
                lines: vec![say("backup-within"), say("backup-sealed"), say("backup-restore")],
                ..Block::new(say("backup-what"))
            },
            of_the_phrase(app, signed, there, asked),
        ],
    })
}

/// How each place stands.
fn standing(backup: &BackupView, there: bool, zone: &Zone, now: Instant) -> Vec<String> {
    let mut lines = Vec::new();
    if backup.places.is_empty() {
        lines.push(say("backup-no-place"));
    }
    if !there {
        lines.push(say("backup-no-phrase"));
    }
    for place in &backup.places {
        lines.push(newest(place, zone, now));
        lines.extend(place.trouble.as_deref().map(show::sentence));
    }
    if backup.running {
        lines.push(say("backup-running"));
    }
    lines
}

/// From when the newest backup of a place is.
pub(crate) fn newest(place: &BackupPlaceView, zone: &Zone, now: Instant) -> String {
    let of = ("place", place.place.as_str().into());
    match place.newest_ms {
        None => say_with("backup-none-at", [of]),
        Some(at) => {
            let at = show::moment(zone, now, Instant::from_millis(at));
            let count = i64::try_from(place.count).unwrap_or(i64::MAX);
            say_with(
                "backup-newest-at",
                [of, ("at", at.into()), ("count", count.into())],
            )
        }
    }
}

fn making(backup: &BackupView, there: bool, signed: &SignedIn) -> Vec<FormBlock> {
    if backup.places.is_empty() || !there || backup.running {
        return Vec::new();
    }
    vec![FormBlock {
        action: urls::BACKUP_MAKE.to_owned(),
        token: signed.token(urls::BACKUP_MAKE),
        hint: say("backup-make-hint"),
        button: say("backup-make"),
        ..FormBlock::default()
    }]
}

fn of_the_phrase(app: &App, signed: &SignedIn, there: bool, asked: Option<WaitingView>) -> Block {
    let block = Block::new(say("backup-phrase"));
    let form = FormBlock {
        action: urls::BACKUP_PHRASE.to_owned(),
        token: signed.token(urls::BACKUP_PHRASE),
        ..FormBlock::default()
    };
    match asked {
        Some(asked) if asked.agreed => Block {
            lines: vec![say("backup-phrase-agreed")],
            forms: vec![FormBlock {
                button: say("backup-phrase-show"),
                ..form
            }],
            ..block
        },
        Some(asked) => {
            let look = app.look();
            let until = show::moment(
                &look.place().zone,
                look.now(),
                Instant::from_millis(asked.until_ms),
            );
            Block {
                lines: vec![say_with("export-waits", [("until", until.into())])],
                links: vec![(urls::WAITING.to_owned(), say("waiting-title"))],
                ..block
            }
        }
        None => Block {
            lines: vec![say(if there {
                "backup-phrase-there"
            } else {
                "backup-phrase-none"
            })],
            forms: vec![FormBlock {
                hint: say("backup-phrase-two"),
                fields: vec![Input::line("why", "backup-phrase-why").hinted("backup-phrase-why-hint")],
                button: say("backup-phrase-make"),
                ..form
            }],
            ..block
        },
    }
}
