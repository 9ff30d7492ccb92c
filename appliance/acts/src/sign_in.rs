//! Signing in.

mod hash;
mod passkeys;
