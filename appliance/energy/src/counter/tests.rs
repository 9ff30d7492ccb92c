//! Single cases of the counter rule, each a thing that happened to somebody.
