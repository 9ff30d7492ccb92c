//! Days of 23 and 25 hours, half-hour zones, and midnights that do not exist.
