//! Steps into quarters: exact sums, and nothing changes by storing twice.
