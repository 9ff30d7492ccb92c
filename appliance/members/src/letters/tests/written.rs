//! What a text says on each way, and what is refused.

use expect_test::expect;
use proptest::prelude::*;

use crate::letters::text::LONGEST;
use crate::letters::{Place, Text, TextFault, Values};

const LETTER: &str = "# Annual meeting\n\nDear {name},\n\nwe meet on Tuesday.\nBring:\n\n- your card, number {number}\n- a friend\n\nMore [on our pages](https://oak.example/agm?a=1&b=2).\n\n## How to get here\n{address}";

fn values() -> Values {
    let mut values = Values::default();
    values.put(Place::Name, "Ana & Ben");
    values.put(Place::Number, "7 and 8");
    values.put(Place::Address, "1 High Street\nBristol");
    values
}

#[test]
fn one_text_gives_a_page() {
    let text = Text::parse(LETTER).expect("a good text");
    expect![[r#"
        <h3>Annual meeting</h3>
        <p>Dear <bdi>Ana &amp; Ben</bdi>,</p>
        <p>we meet on Tuesday.<br>
        Bring:</p>
        <ul>
        <li>your card, number <bdi>7 and 8</bdi></li>
        <li>a friend</li>
        </ul>
        <p>More <a href="https://oak.example/agm?a=1&amp;b=2" rel="noreferrer">on our pages</a><span class="to"> (https://oak.example/agm?a=1&amp;b=2)</span>.</p>
        <h4>How to get here</h4>
        <p><bdi>1 High Street<br>Bristol</bdi></p>
    "#]]
    .assert_eq(&text.html(&values()));
}

#[test]
fn and_an_e_mail() {
    let text = Text::parse(LETTER).expect("a good text");
    expect![[r#"
        Annual meeting
        ==============

        Dear Ana & Ben,

        we meet on Tuesday.
        Bring:

        - your card, number 7 and 8
        - a friend

        More on our pages (https://oak.example/agm?a=1&b=2).

        How to get here
        ---------------

        1 High Street
        Bristol
    "#]]
    .assert_eq(&text.plain(&values()));
}

fn refused(text: &str) -> String {
    Text::parse(text).expect_err("refused").to_string()
}

#[test]
fn what_cannot_be_used_is_named() {
    expect!["Line 2 has {nickname}, and there is nothing of that name. You can use {name}, {full name}, {address}, {number}, {due}, {place} and {today}"]
        .assert_eq(&refused("Hello\nDear {nickname}"));
    expect![[r#"The link in line 1 leads to "javascript:alert", which is no address. Begin it with https://, http:// or mailto:"#]]
        .assert_eq(&refused("[here](javascript:alert)"));
    expect!["Line 1 holds a sign that cannot be shown; write it again"].assert_eq(&refused("a\u{202e}b"));
    expect!["Write the letter; it is empty now"].assert_eq(&refused("\n \n"));
    let long = "a".repeat(10 * 1024 * 1024);
    assert_eq!(Text::parse(&long), Err(TextFault::TooLong { length: long.len() }));
    assert!(Text::parse(&"ä".repeat(LONGEST)).is_ok());
    assert!(Text::parse(&"a".repeat(LONGEST + 1)).is_err());
}

#[test]
fn places_are_found_however_they_are_written() {
    let text = Text::parse("{ Name } {Full_Name} {FULL NAME} { } {1+1} {").expect("good");
    assert_eq!(text.places(), [Place::Name, Place::FullName].into());
    assert_eq!(values().lacks(&text.places()), [Place::FullName].into());
}

#[test]
fn what_stands_in_the_book_is_never_read_as_a_mark() {
    let mut values = Values::default();
    let name = "[x](https://evil.example) {due} <script># \r\n- y";
    values.put(Place::Name, name);
    let text = Text::parse("Dear {name}").expect("good");
    let html = text.html(&values);
    assert!(
        !html.contains("<a") && !html.contains("<script") && !html.contains("<li"),
        "{html}"
    );
    assert_eq!(text.places().len(), 1);
    values.put(Place::Name, "محمد");
    assert_eq!(text.plain(&values), "Dear \u{2068}محمد\u{2069}\n");
}

proptest! {
    /// Whatever is written, reading it ends, and only our own elements come out.
    #[test]
    fn only_our_own_elements_come_out(written in "[ -~\\n{}\\[\\]()#<>\"'éم]{0,200}", name in "\\PC{0,30}") {
        if let Ok(text) = Text::parse(&written) {
            let mut values = Values::default();
            values.put(Place::Name, name);
            let html = text.html(&values);
            for tag in html.split('<').skip(1) {
                let known = ["h3>", "/h3>", "h4>", "/h4>", "p>", "/p>", "ul>", "/ul>", "li>", "/li>", "br>", "bdi>",
                    "/bdi>", "a href=\"", "/a>", "span class=\"to\">", "/span>"];
                prop_assert!(known.iter().any(|known| tag.starts_with(known)), "{}", tag);
            }
            text.plain(&values);
        }
    }
}
