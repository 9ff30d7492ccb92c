//! The figures of `./dev bench`, each printed beside its limit.
//!
//! A figure is one [`Figure`]; each file under `bench/` measures a few and returns them. The program ends with
//! 1 if a limit is broken. It leaves out micro-benchmarks: a figure here is one that a person would notice.

use std::process::ExitCode;

/// One measured figure and what it must keep to.
struct Figure {
    /// What was measured, in words.
    what: &'static str,
    /// The measured value with its unit.
    measured: String,
    /// The limit as it is written in the brief; empty where there is none.
    limit: &'static str,
    /// Whether the limit was kept.
    kept: bool,
}

fn main() -> ExitCode {
    let figures: Vec<Figure> = Vec::new();
    print(&figures);
    if figures.iter().all(|figure| figure.kept) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn print(figures: &[Figure]) {
    println!("{:<60} {:>16}  {:<16} kept", "what", "measured", "limit");
    for figure in figures {
        let kept = if figure.kept { "yes" } else { "NO" };
        println!(
            "{:<60} {:>16}  {:<16} {kept}",
            figure.what, figure.measured, figure.limit
        );
    }
    if figures.is_empty() {
        println!("nothing");
    }
}
