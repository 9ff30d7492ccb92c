//! Pages, live updates and the API over HTTP: what a browser on the local network sees of the box.
//!
//! Handlers stay short: they turn a question into a look or an act of the crate `acts` and dress the answer.
//! Nothing here decides who may see or do something.

mod api;
mod charts;
mod csv;
mod devices;
pub mod embed;
mod error;
mod home;
mod live;
mod metrics;
mod pages;
mod seats;
mod security;
mod sentence;
pub mod server;
mod show;
mod the_box;
mod urls;
mod wish;
mod words;

use acts::Acts;

/// What every handler works with. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The only way to the store, the live state and the site.
    pub acts: Acts,
}
