//! What the operating system tells about this program, and what it is told.

use std::env;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// What glibc's allocator is told. It gives nearly every thread a heap of its own, and keeps what was freed: after a few
/// large pages that was twice as much for the members' book (`docs/figures.md`). One heap is enough for it, and what is freed at its end goes back.
const ALLOCATOR: [(&str, &str); 3] = [
    ("MALLOC_ARENA_MAX", "1"),
    ("MALLOC_TRIM_THRESHOLD_", "131072"),
    ("MALLOC_MMAP_THRESHOLD_", "131072"),
];

/// Starts this program once more in its own place, with an allocator that keeps little; it reads its settings only at the
/// start. Whoever set one of them has decided, and nothing happens.
pub fn keep_little_memory() {
    if ALLOCATOR.iter().any(|(name, _)| env::var_os(name).is_some()) {
        return;
    }
    let Ok(program) = env::current_exe() else { return };
    let mut words = env::args_os();
    let mut again = Command::new(program);
    again.envs(ALLOCATOR);
    again.arg0(words.next().unwrap_or_else(|| "hearth".into()));
    // It returns only where it failed; then the box needs more memory, and does all the same.
    let _failed = again.args(words).exec();
}

/// Bytes that this program has sent towards the card since it started, as Linux counts them.
pub fn card_bytes() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/io").ok()?;
    let line = text.lines().find(|line| line.starts_with("write_bytes:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
