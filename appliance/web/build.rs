//! Compresses the files under `assets/` that are served as they are, once, so that the box never does it: brotli
//! and gzip beside each other, the smaller reader's choice. Writes a table of them for `src/embed.rs`.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use flate2::{Compression, GzBuilder};

/// The folders that are served; pages and words are built into the program in other ways.
const FOLDERS: [&str; 4] = ["api", "pictures", "scripts", "style"];

fn main() -> io::Result<()> {
    let assets = Path::new("../../assets");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let mut table = String::from("[\n");
    for folder in FOLDERS {
        println!("cargo::rerun-if-changed={}", assets.join(folder).display());
        for file in files(&assets.join(folder))? {
            let name = file
                .strip_prefix(assets)
                .map_err(io::Error::other)?
                .display()
                .to_string();
            table.push_str(&row(&fs::read(&file)?, &name, &out)?);
        }
    }
    table.push(']');
    fs::write(out.join("compressed.rs"), table)
}

/// The files below a folder, in the order of their names; none if there is no such folder.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(Vec::new());
    };
    let mut paths = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

/// One row of the table: the name and both copies, or empty ones where compressing saves less than a tenth.
fn row(bytes: &[u8], name: &str, out: &Path) -> io::Result<String> {
    let copies = [("br", brotli(bytes)?), ("gz", gzip(bytes)?)];
    let mut row = format!("    ({name:?}, [");
    for (kind, copy) in copies {
        if copy.len() + bytes.len() / 10 < bytes.len() {
            let path = out.join(format!("{}.{kind}", name.replace('/', "~")));
            fs::write(&path, copy)?;
            row.push_str(&format!("include_bytes!({:?}), ", path.display().to_string()));
        } else {
            row.push_str("b\"\", ");
        }
    }
    row.push_str("]),\n");
    Ok(row)
}

fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut copy = Vec::new();
    brotli::CompressorWriter::new(&mut copy, 4096, 11, 22).write_all(bytes)?;
    Ok(copy)
}

/// Without a time in its head, so that the same file always gives the same program.
fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}
