//! The built program that the end-to-end tests start.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};

/// The path of `hearth`, as `./dev test` has built it.
pub(crate) fn hearth() -> Result<PathBuf> {
    let named = env::var_os("HEARTH_BIN").map(PathBuf::from);
    named.context("HEARTH_BIN names no program: build hearth and set it, as `./dev test` does")
}

#[test]
fn it_is_there() -> Result<()> {
    let path = hearth()?;
    assert!(
        path.is_file(),
        "HEARTH_BIN is {}, which is no file",
        path.display()
    );
    Ok(())
}
