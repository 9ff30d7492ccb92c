//! Tables of every dialect, as people hand them in, and what must be refused.

use expect_test::{Expect, expect};

use super::{CELL_LETTERS, COLUMNS, Choice, Format, ROWS, Sheet, read};

fn shown(sheet: &Sheet) -> String {
    let mut text = format!("{:?}\n", sheet.header);
    for row in &sheet.rows {
        text.push_str(&format!("{}: {:?}\n", row.line, row.cells));
    }
    for fault in &sheet.faults {
        text.push_str(&format!("{}! {}\n", fault.line, fault.why));
    }
    match &sheet.told.format {
        Format::Text { encoding, delimiter } => {
            text.push_str(&format!("{}, {}", encoding.name(), delimiter.word()));
        }
        Format::Xlsx { worksheet } | Format::Ods { worksheet } => text.push_str(worksheet),
    }
    text.push_str(&format!(
        ", header in {}, {} above, {} empty, short {:?}",
        sheet.told.header_line, sheet.told.above, sheet.told.empty, sheet.told.short
    ));
    text
}

fn check(bytes: &[u8], expected: &Expect) {
    expected.assert_eq(&match read(bytes, &Choice::default()) {
        Ok(sheet) => shown(&sheet),
        Err(refused) => refused.to_string(),
    });
}

#[test]
fn the_table_of_a_messy_spreadsheet() {
    check(
        b"\xef\xbb\xbfMembers of the hall;;;\r\n;;;\r\nName;Telephone; Town ;\r\n\"\xc3\x96berg; Ana\";0117 1;Bristol;\r\n;;;\r\nBen;0117 2\r\nCy;1;2;3;4\r\n\"Dee\" Smith;1;2;\r\nEve;\"two\nlines\";x;\r\n",
        &expect![[r#"
            ["Name", "Telephone", "Town"]
            4: ["Öberg; Ana", "0117 1", "Bristol"]
            6: ["Ben", "0117 2", ""]
            9: ["Eve", "two\nlines", "x"]
            7! This row has 5 cells, but the header has 4. Perhaps a cell with a ";" in it lacks its quotation marks
            8! A cell goes on after its closing quotation mark. Put the whole cell into quotation marks, and write each one inside it twice
            UTF-8, semicolon, header in 3, 1 above, 1 empty, short [6]"#]],
    );
}

#[test]
fn cells_beside_the_header_keep_their_column() {
    check(
        b"Name,Town\nAna,Bristol,x\nBen,Leeds,y\n",
        &expect![[r#"
            ["Name", "Town", ""]
            2: ["Ana", "Bristol", "x"]
            3: ["Ben", "Leeds", "y"]
            UTF-8, comma, header in 1, 0 above, 0 empty, short []"#]],
    );
}

#[test]
fn what_was_said_of_a_file_is_done() {
    let choice = Choice {
        header_line: Some(3),
        delimiter: super::Delimiter::parse("comma"),
        ..Choice::default()
    };
    let sheet = read(b"a,b\nc,d\nName,Town\nAna,Leeds\n", &choice).expect("a table");
    assert_eq!(
        (sheet.header[0].as_str(), sheet.rows.len(), sheet.told.above),
        ("Name", 1, 2)
    );
    let nowhere = Choice {
        header_line: Some(9),
        ..Choice::default()
    };
    assert!(read(b"a,b\n", &nowhere).is_err());
}

#[test]
fn what_is_no_table_is_refused_with_a_sentence() {
    check(
        b"",
        &expect!["There is nothing in this file. Choose the file with your table"],
    );
    check(
        b" \n\n",
        &expect!["There is nothing in this file. Choose the file with your table"],
    );
    check(
        b",,\n,,\n",
        &expect!["No cell of this table has any text. Choose another file or another worksheet"],
    );
    check(
        b"%PDF-1.4",
        &expect![
            "This is a PDF, made for printing. Open it where it was made, save the table as CSV, XLSX or ODS, and choose that file"
        ],
    );
    check(
        b"\"name,town\nAna,Leeds\n",
        &expect![[r#"
            ["Ana", "Leeds"]
            UTF-8, comma, header in 2, 1 above, 0 empty, short []"#]],
    );
}

#[test]
fn a_cell_of_ten_megabytes_is_refused() {
    let huge = format!("Name,Note\nAna,{}\n", "x".repeat(10 << 20));
    check(
        huge.as_bytes(),
        &expect!["This file has 10 MB, and at most 8 MB can be read. Cut the table into several files"],
    );
    let long = format!("Name,Note\nAna,{}\nBen,short\n", "x".repeat(CELL_LETTERS + 1));
    check(
        long.as_bytes(),
        &expect![[r#"
            ["Name", "Note"]
            3: ["Ben", "short"]
            2! Cell 2 of this row has more than 32767 letters. Shorten it
            UTF-8, comma, header in 1, 0 above, 0 empty, short []"#]],
    );
}

#[test]
fn too_much_of_anything_is_refused() {
    let told = |text: String| {
        read(text.as_bytes(), &Choice::default())
            .map(drop)
            .map_err(|refused| refused.to_string())
    };
    let rows = told("a,b\n".repeat(ROWS + 1));
    assert_eq!(
        rows,
        Err("This table has more than 20000 rows. Cut it into several files".to_owned())
    );
    let columns = told(format!("{}x\n", "x,".repeat(COLUMNS)));
    assert_eq!(
        columns,
        Err("Row 1 has more than 200 cells. Take the columns away that are not needed".to_owned())
    );
    let cells = told(format!("{}x\n", "x,".repeat(150)).repeat(4_000));
    assert!(cells.expect_err("too many").contains("500000 cells"));
}

mod packed;

mod laws {
    //! Whatever the bytes are, they are read or refused, and no row is lost.

    use proptest::prelude::*;

    use crate::sheet::{Choice, read};

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = read(&bytes, &Choice::default());
        }

        #[test]
        fn any_text_is_read_and_every_line_of_it_counted(text in "[a-c,;\"' \n\r\tü]{0,200}") {
            if let Ok(sheet) = read(text.as_bytes(), &Choice::default()) {
                let width = sheet.header.len();
                prop_assert!(sheet.rows.iter().all(|row| row.cells.len() == width));
                let all = sheet.rows.len() + sheet.faults.len() + sheet.told.empty + sheet.told.above + 1;
                let lines = text.split(['\n', '\r']).filter(|line| !line.is_empty()).count();
                prop_assert!(all <= lines, "{all} of {lines}");
            }
        }
    }
}
