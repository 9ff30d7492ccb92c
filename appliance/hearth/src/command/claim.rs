//! `hearth claim`: the code with which the first steward takes charge of the box.

use std::path::Path;

use serde::Deserialize;
use system::client::Client;

use super::moment::Wall;
use super::out::{Form, Out};
use super::{Fault, wall};

/// The code as the box tells it.
#[derive(Deserialize)]
struct Code {
    words: Vec<String>,
    until_ms: i64,
}

pub(super) async fn answer(client: &Client, state: &Path, out: &mut Out) -> Result<(), Fault> {
    let answer = client.claim_code().await?;
    if out.form == Form::Json {
        return out.line(&answer);
    }
    let code: Code = serde_json::from_str(&answer)?;
    // Where the page is stands in the box's folder for as long as it is there.
    let address = std::fs::read_to_string(state.join("address")).unwrap_or_default();
    out.text(&show(&code, address.trim(), &wall(client).await?))
}

fn show(code: &Code, address: &str, wall: &Wall) -> String {
    let page = if address.is_empty() {
        "the page /claim of this box".to_owned()
    } else {
        format!("{}/claim", address.trim_end_matches('/'))
    };
    format!(
        "The code: {}\nOpen {page} and type it there before {}. It works once.\n",
        code.words.join(" "),
        wall.minute(code.until_ms)
    )
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use system::control::CodeView;

    use super::super::samples::{read, wall};
    use super::show;

    #[test]
    fn the_code_says_where_to_type_it_and_until_when() {
        let code = CodeView {
            words: ["acid", "bamboo", "fox", "garden"],
            until_ms: 1_781_618_700_000,
        };
        expect![[r"
            The code: acid bamboo fox garden
            Open the page /claim of this box and type it there before 2026-06-16 15:05. It works once.
        "]]
        .assert_eq(&show(&read(&code), "", &wall()));
        let told = show(&read(&code), "http://127.0.0.1:8080/\n".trim(), &wall());
        assert!(
            told.contains("Open http://127.0.0.1:8080/claim and type"),
            "{told}"
        );
    }
}
