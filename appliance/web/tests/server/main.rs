//! The web server from outside: a real listener on the loopback, a store in a folder that goes away, and a client
//! that sends just the bytes a test wants.

mod api;
mod audience;
mod backup;
mod breaking;
mod browser;
mod choosing;
mod client;
mod csv;
mod description;
mod doors;
mod export;
mod files;
mod house;
mod import;
mod junk;
mod letters;
mod live;
mod me;
mod membership;
mod merge;
mod money;
mod people;
mod roles;
mod routes;
mod sign_in;
mod strangers;
mod walls;
mod watch;
