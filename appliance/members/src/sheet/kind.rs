//! What kind of file some bytes are, told by how they begin.

use super::NoSheet;

/// What can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Lines of text.
    Text,
    /// A packed folder: XLSX and ODS are.
    Packed,
}

/// How files begin that are no tables, and what they are.
const OTHERS: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF, made for printing"),
    (b"\x1f\x8b", "a packed file (gzip)"),
    (b"BZh", "a packed file (bzip2)"),
    (b"\x28\xb5\x2f\xfd", "a packed file (zstd)"),
    (b"\xfd7zXZ", "a packed file (xz)"),
    (b"7z\xbc\xaf", "a packed file (7z)"),
    (b"Rar!", "a packed file (rar)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"{\\rtf", "a text document"),
    (b"SQLite format 3\0", "a database"),
];

/// How texts begin that are no tables, in small letters, and what they are.
const OTHER_TEXTS: &[(&str, &str)] = &[
    ("<?xml", "an XML file"),
    ("<!doctype html", "a web page"),
    ("<html", "a web page"),
    ("<table", "a web page"),
    ("begin:vcard", "an address book (vCard)"),
    ("begin:vcalendar", "a calendar"),
    ("ofxheader", "a bank statement (OFX)"),
    ("{", "a JSON file"),
    ("[{", "a JSON file"),
    ("[[", "a JSON file"),
];

/// The compound files of Microsoft: old Excel, and any workbook with a password.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// What these bytes are, if it can be read.
pub(super) fn kind(bytes: &[u8]) -> Result<Kind, NoSheet> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Packed);
    }
    if bytes.starts_with(COMPOUND) {
        return Err(NoSheet::OldExcel);
    }
    match OTHERS.iter().find(|(begins, _)| bytes.starts_with(begins)) {
        Some((_, what)) => Err(NoSheet::Other(what)),
        None => Ok(Kind::Text),
    }
}

/// Whether a text is one in which a table can stand.
pub(super) fn check_text(text: &str) -> Result<(), NoSheet> {
    let begins = text.trim_start();
    if begins.is_empty() {
        return Err(NoSheet::Empty);
    }
    let other = OTHER_TEXTS.iter().find(|(word, _)| {
        begins
            .get(..word.len())
            .is_some_and(|there| there.eq_ignore_ascii_case(word))
    });
    if let Some((_, what)) = other {
        return Err(NoSheet::Other(what));
    }
    let machine = |sign: char| sign.is_control() && !sign.is_ascii_whitespace() && sign != '\u{b}';
    let many = begins.chars().filter(|sign| machine(*sign)).count();
    // One stray sign in a row is the fault of that row; a file that is full of them was never a text.
    if begins.starts_with(machine) || many.saturating_mul(10) > begins.chars().count() {
        return Err(NoSheet::Other("a file for a machine, not a table"));
    }
    Ok(())
}
