//! The program: supervisor, recorder, configuration, the `hearth` command.

pub mod buses;
pub mod clock;
pub mod desk;
pub mod machine;
pub mod recorder;
pub mod state;
pub mod supervisor;
pub mod troubles;
pub mod world;
