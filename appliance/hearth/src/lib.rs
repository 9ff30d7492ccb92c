//! The program: supervisor, recorder, configuration, the `hearth` command.

pub mod buses;
pub mod clock;
pub mod demonstration;
pub mod desk;
pub mod fill;
pub mod machine;
mod notify;
pub mod recorder;
pub mod run;
pub mod simulate;
pub mod state;
pub mod supervisor;
pub mod troubles;
pub mod world;
