//! What a good `site.toml` is, and what is said of a bad one.
