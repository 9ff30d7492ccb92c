//! `hearth claim`: the code with which the first steward takes charge of the box.

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
    #[serde(default)]
    pages: Vec<String>,
}

pub(super) async fn answer(client: &Client, out: &mut Out) -> Result<(), Fault> {
    let answer = client.claim_code().await?;
    if out.form == Form::Json {
        return out.line(&answer);
    }
    let code: Code = serde_json::from_str(&answer)?;
    out.text(&show(&code, &wall(client).await?))
}

fn show(code: &Code, wall: &Wall) -> String {
    let open = if code.pages.is_empty() {
        "the page /claim of this box"
    } else {
        "one of these pages"
    };
    let mut text = format!(
        "The code: {}\nOpen {open} and type it there before {}. It works once.\n",
        code.words.join(" "),
        wall.minute(code.until_ms)
    );
    for page in &code.pages {
        text.push_str(&format!("  {page}\n"));
    }
    if code.pages.iter().any(|page| page.starts_with("https")) {
        text.push_str(
            "The browser will warn, since nobody trusts a new box yet. Do it on a network that\n\
             you trust, or at the machine itself.\n",
        );
    }
    text
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
            pages: vec![
                "https://hearth.local:8443/claim".to_owned(),
                "http://localhost:8080/claim".to_owned(),
            ],
        };
        expect![[r"
            The code: acid bamboo fox garden
            Open one of these pages and type it there before 2026-06-16 15:05. It works once.
              https://hearth.local:8443/claim
              http://localhost:8080/claim
            The browser will warn, since nobody trusts a new box yet. Do it on a network that
            you trust, or at the machine itself.
        "]]
        .assert_eq(&show(&read(&code), &wall()));
    }
}
