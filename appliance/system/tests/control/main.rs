//! The control interface over a real socket: a box made of a store in a temporary folder and a world that only remembers.

mod answers;
mod clients;
mod document;
mod harness;
mod people;
mod streams;
