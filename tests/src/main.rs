//! The end-to-end tests: the whole box, seen from outside.
//!
//! One module for each thing that is shown (a foreign peer, a power cut, the command line), each in its own
//! file beside this one. The daemon comes as a built program, see [`program`]; `./dev test` sets everything that
//! a test needs.
//!
//! Left out here: what the rules say (next to the rules), and how the pages look (`tests/browser`).

#[cfg(test)]
mod backup;
#[cfg(test)]
mod box_process;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod foreign;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod letters;
#[cfg(test)]
mod peers;
#[cfg(test)]
mod program;
#[cfg(test)]
mod recording;
#[cfg(test)]
mod ten_years;
