//! What the desk makes of updates.
