//! Pages, live updates and the API over HTTP: what a browser on the local network sees of the box.
//!
//! Handlers stay short: they turn a question into a look or an act of the crate `acts` and dress the answer.
//! Nothing here decides who may see or do something.

mod api;
pub mod authority;
mod backup;
mod caught;
mod charts;
mod csv;
mod data;
mod devices;
mod doorway;
pub mod embed;
mod error;
mod home;
mod import;
mod letters;
mod live;
mod me;
mod members;
mod membership;
mod merge;
mod metrics;
mod money;
mod pages;
mod people;
mod qr;
mod refusal;
mod roles;
mod seats;
mod security;
pub mod server;
mod sheet;
mod show;
mod sign_in;
mod statements;
mod the_box;
mod trust;
mod urls;
mod wish;
mod words;

use std::sync::Arc;

use acts::{Actor, Acts, Look};
use tokio::sync::Semaphore;

/// What every handler works with. Cheap to clone.
#[derive(Clone)]
struct App {
    /// The only way to the store, the live state and the site.
    acts: Acts,
    /// Turns for answers that read the store.
    turns: Arc<Semaphore>,
    /// Turns for forms with a file, which are large.
    uploads: Arc<Semaphore>,
}

impl App {
    /// An app that lets `readers` answers read the store at a time.
    fn new(acts: Acts, readers: usize) -> Self {
        Self {
            acts,
            turns: Arc::new(Semaphore::new(readers.max(1))),
            uploads: Arc::new(Semaphore::new(2)),
        }
    }

    /// What anybody may see now, without the store.
    fn look(&self) -> Look {
        self.acts.look(Actor::Visitor)
    }

    /// Looks where the store is read: when it is its turn, and where it holds up no other task. `None` after a
    /// fault of the program, which the log tells.
    async fn read<T: Send + 'static>(
        &self,
        actor: Actor,
        question: impl FnOnce(&Look) -> T + Send + 'static,
    ) -> Option<T> {
        // The turns are never closed.
        let turn = Arc::clone(&self.turns).acquire_owned().await.ok()?;
        let look = self.acts.look(actor);
        let answer = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            question(&look)
        });
        answer
            .await
            .inspect_err(
                |error| tracing::error!(%error, "a look at the store ended in a fault of the program"),
            )
            .ok()
    }
}
