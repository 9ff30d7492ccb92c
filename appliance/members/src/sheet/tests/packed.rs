//! Workbooks made here part by part: good ones, and those that are made to do harm.

use std::io::{Cursor, Write};

use expect_test::expect;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::check;
use crate::sheet::{Choice, NoSheet, read};

/// A packed folder with these parts.
fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .expect("begun");
        writer.write_all(text.as_bytes()).expect("written");
    }
    writer.finish().expect("a folder").into_inner()
}

fn xlsx(worksheet: &str) -> Vec<u8> {
    packed(&[
        (
            "[Content_Types].xml",
            "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
        ),
        (
            "_rels/.rels",
            "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
        ),
        (
            "xl/workbook.xml",
            "<?xml version=\"1.0\"?><workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"Old\" sheetId=\"1\" state=\"hidden\" r:id=\"rId1\"/><sheet name=\"People\" sheetId=\"2\" r:id=\"rId1\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
        ),
        (
            "xl/styles.xml",
            "<?xml version=\"1.0\"?><styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>",
        ),
        ("xl/worksheets/sheet1.xml", worksheet),
    ])
}

fn sheet_xml(rows: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData></worksheet>"
    )
}

fn inline(place: &str, text: &str) -> String {
    format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet><table:table table:name=\"People\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    packed(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest/>"),
        ("content.xml", &content),
    ])
}

#[test]
fn a_workbook_of_excel() {
    let rows = [
        format!(
            "<row r=\"1\">{}{}{}</row>",
            inline("A1", "Name"),
            inline("B1", "Joined"),
            inline("C1", "Phone")
        ),
        format!(
            "<row r=\"3\">{}<c r=\"B3\" s=\"1\"><v>45352</v></c><c r=\"C3\"><v>1174960123</v></c></row>",
            inline("A3", "Ana &amp; Öberg")
        ),
    ];
    check(
        &xlsx(&sheet_xml(&rows.concat())),
        &expect![[r#"
        ["Name", "Joined", "Phone"]
        3: ["Ana & Öberg", "2024-03-01", "1174960123"]
        People, header in 1, 0 above, 0 empty, short []"#]],
    );
    let wanted = Choice {
        worksheet: Some("Nothing".to_owned()),
        ..Choice::default()
    };
    expect![[r#"There is no worksheet "Nothing" in this file. It has: Old, People"#]].assert_eq(
        &read(&xlsx(&sheet_xml("")), &wanted)
            .expect_err("not there")
            .to_string(),
    );
}

#[test]
fn two_cells_far_apart_cost_nothing() {
    let far = format!(
        "<row r=\"1\">{}</row><row r=\"1048576\">{}</row>",
        inline("A1", "Name"),
        inline("A1048576", "Ana")
    );
    let sheet = read(&xlsx(&sheet_xml(&far)), &Choice::default()).expect("a table");
    assert_eq!((sheet.rows.len(), sheet.rows[0].line), (1, 1_048_576));
    let wide = format!(
        "<row r=\"1\">{}{}</row>",
        inline("A1", "Name"),
        inline("XFD1", "x")
    );
    let refused = read(&xlsx(&sheet_xml(&wide)), &Choice::default());
    assert_eq!(refused, Err(NoSheet::TooManyColumns { line: 1 }));
}

#[test]
fn an_open_document_table() {
    let rows = "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>Name</text:p></table:table-cell><table:table-cell office:value-type=\"string\"><office:annotation><text:p>a remark</text:p></office:annotation><text:p>Joined</text:p></table:table-cell><table:table-cell table:number-columns-repeated=\"16000\"/></table:table-row>\
        <table:table-row table:number-rows-repeated=\"2\"><table:table-cell office:value-type=\"string\"><text:p>Ana<text:s text:c=\"2\"/>&amp; <text:span>Ben</text:span></text:p><text:p>Öberg</text:p></table:table-cell><table:table-cell office:value-type=\"date\" office:date-value=\"2024-02-29\"><text:p>29/02/24</text:p></table:table-cell></table:table-row>\
        <table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>";
    check(
        &ods(rows),
        &expect![[r#"
        ["Name", "Joined"]
        2: ["Ana  & Ben\nÖberg", "2024-02-29"]
        3: ["Ana  & Ben\nÖberg", "2024-02-29"]
        People, header in 1, 0 above, 0 empty, short []"#]],
    );
}

#[test]
fn one_cell_that_stands_for_millions_is_refused() {
    let cell = "<table:table-cell office:value-type=\"string\" table:number-columns-repeated=\"100\"><text:p>x</text:p></table:table-cell>";
    let rows = format!("<table:table-row table:number-rows-repeated=\"20000\">{cell}</table:table-row>");
    check(
        &ods(&rows),
        &expect![
            "This table has more than 500000 cells up to row 5001. Cut it into several files, or take columns away"
        ],
    );
    let many = format!("<table:table-row table:number-rows-repeated=\"1000000\">{cell}</table:table-row>");
    check(
        &ods(&many),
        &expect!["This table has more than 20000 rows. Cut it into several files"],
    );
    let long = "x".repeat(30_000);
    let cell = format!(
        "<table:table-cell office:value-type=\"string\" table:number-columns-repeated=\"200\"><text:p>{long}</text:p></table:table-cell>"
    );
    check(
        &ods(&format!(
            "<table:table-row table:number-rows-repeated=\"9\">{cell}</table:table-row>"
        )),
        &expect!["The cells up to row 3 hold more than 16 MB of text. Cut the table into several files"],
    );
}

#[test]
fn a_bomb_is_refused_before_it_is_unpacked() {
    let bomb = sheet_xml(&" ".repeat(70 << 20));
    let bytes = xlsx(&bomb);
    assert!(bytes.len() < 1 << 20);
    check(
        &bytes,
        &expect![[
            r#""xl/worksheets/sheet1.xml" in this file unpacks to more than 64 MB in all. Copy the table alone into a new file, and choose that"#
        ]],
    );
    let parts: Vec<String> = (0..1_001).map(|number| format!("part-{number}")).collect();
    let parts: Vec<(&str, &str)> = parts.iter().map(|name| (name.as_str(), "")).collect();
    check(
        &packed(&parts),
        &expect![[
            r#""1001 parts" in this file unpacks to more than 64 MB in all. Copy the table alone into a new file, and choose that"#
        ]],
    );
}

#[test]
fn a_cell_of_ten_megabytes_in_a_workbook_costs_its_row() {
    let rows = format!(
        "<row r=\"1\">{}</row><row r=\"2\">{}</row><row r=\"3\">{}</row>",
        inline("A1", "Name"),
        inline("A2", &"x".repeat(10 << 20)),
        inline("A3", "Ana")
    );
    check(
        &xlsx(&sheet_xml(&rows)),
        &expect![[r#"
        ["Name"]
        3: ["Ana"]
        2! Cell 1 of this row has more than 32767 letters. Shorten it
        People, header in 1, 0 above, 0 empty, short []"#]],
    );
    let cell = format!(
        "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>{}</text:p></table:table-cell></table:table-row>",
        "x".repeat(10 << 20)
    );
    check(
        &ods(&cell),
        &expect![
            "The header is needed to know what the columns are, and row 1 cannot be read. Cell 1 of this row has more than 32767 letters. Shorten it"
        ],
    );
}

#[test]
fn damaged_and_locked_files_are_refused_with_a_sentence() {
    let whole = xlsx(&sheet_xml(""));
    check(
        &whole[..whole.len() / 2],
        &expect![[
            r#"This file is damaged: "the list of its parts" in it cannot be read. Open it in a spreadsheet program, save it under a new name, and choose that file"#
        ]],
    );
    let mut spoilt = xlsx(&sheet_xml(&format!("<row>{}</row>", inline("A1", "Name"))));
    for byte in spoilt.iter_mut().skip(60).take(40) {
        *byte ^= 0x55;
    }
    check(
        &spoilt,
        &expect![[
            r#"This file is damaged: "[Content_Types].xml" in it cannot be read. Open it in a spreadsheet program, save it under a new name, and choose that file"#
        ]],
    );
    check(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on",
        &expect![
            "This is an Excel file of the old kind (.xls) or one with a password. Open it, save it as .xlsx without a password, and choose that file"
        ],
    );
    let locked = packed(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest:encryption-data/>"),
        ("content.xml", "nonsense"),
    ]);
    check(
        &locked,
        &expect!["This file has a password. Open it, save it without one, and choose that file"],
    );
    check(
        &packed(&[("word/document.xml", "x")]),
        &expect![
            "This is a packed folder without a table that is known here. Open it where it was made, save the table as CSV, XLSX or ODS, and choose that file"
        ],
    );
}
