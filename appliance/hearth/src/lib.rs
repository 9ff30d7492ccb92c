//! The program: supervisor, recorder, configuration, the `hearth` command.

pub mod backups;
pub mod buses;
pub mod cli;
pub mod clock;
pub mod command;
pub mod demonstration;
pub mod desk;
pub mod doors;
pub mod fill;
pub mod kept;
pub mod logging;
pub mod machine;
mod notify;
mod page;
mod post;
pub mod recorder;
pub mod run;
pub mod simulate;
pub mod site_file;
pub mod state;
pub mod supervisor;
mod tidying;
pub mod troubles;
pub mod world;
