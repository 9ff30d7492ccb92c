//! The ledger on a bad wire: hours of faults of every kind, then quiet. Every interval after the faults, and the sum
//! over all of them, must be the simulator's truth within the meters' resolution.
