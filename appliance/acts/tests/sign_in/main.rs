//! Signing in, as a box does it with its store: who gets in, who does not, what is recorded, and that no secret is kept.

#[path = "../authenticator/mod.rs"]
mod authenticator;
mod passkeys;
mod passphrases;
mod scene;
mod sessions;
mod slips;
mod stewards;
#[path = "../world/mod.rs"]
mod world;
