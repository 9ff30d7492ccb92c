//! Foreign peers, placeholder until the kit stands.
