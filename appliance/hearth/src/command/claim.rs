//! `hearth claim`: the code with which the first steward takes charge of the box, or that somebody has.

use serde::Deserialize;
use system::client::Client;

use super::moment::Wall;
use super::out::{Form, Out};
use super::{Exit, Fault, wall};

/// What the box tells.
#[derive(Deserialize)]
struct Claim {
    words: Option<Vec<String>>,
    until_ms: Option<i64>,
    pages: Vec<String>,
    sentence: Option<String>,
}

pub(super) async fn answer(client: &Client, out: &mut Out) -> Result<(), Fault> {
    let answer = client.claim_code().await?;
    let claim: Claim = serde_json::from_str(&answer)?;
    let claimed = claim.sentence.clone();
    match (out.form, claimed) {
        (Form::Tables, None) => out.text(&show(&claim, &wall(client).await?)),
        (Form::Tables, Some(sentence)) => Err(Fault::new(Exit::Data, sentence, "")),
        (Form::Json, claimed) => {
            out.line(&answer)?;
            claimed.map_or(Ok(()), |_| Err(Fault::said(Exit::Data)))
        }
    }
}

fn show(claim: &Claim, wall: &Wall) -> String {
    let open = if claim.pages.is_empty() {
        "the page /claim of this box"
    } else {
        "one of these pages"
    };
    let mut text = format!(
        "The code: {}\nOpen {open} and type it there before {}. It works once.\n",
        claim.words.as_deref().unwrap_or_default().join(" "),
        wall.minute(claim.until_ms.unwrap_or_default())
    );
    for page in &claim.pages {
        text.push_str(&format!("  {page}\n"));
    }
    if claim.pages.iter().any(|page| page.starts_with("https")) {
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
    use system::control::ClaimView;

    use super::super::samples::{read, wall};
    use super::show;

    #[test]
    fn the_code_says_where_to_type_it_and_until_when() {
        let claim = ClaimView {
            claimed: false,
            words: Some(["acid", "bamboo", "fox", "garden"]),
            until_ms: Some(1_781_618_700_000),
            pages: vec![
                "https://hearth.local:8443/claim".to_owned(),
                "http://localhost:8080/claim".to_owned(),
            ],
            sentence: None,
        };
        expect![[r"
            The code: acid bamboo fox garden
            Open one of these pages and type it there before 2026-06-16 15:05. It works once.
              https://hearth.local:8443/claim
              http://localhost:8080/claim
            The browser will warn, since nobody trusts a new box yet. Do it on a network that
            you trust, or at the machine itself.
        "]]
        .assert_eq(&show(&read(&claim), &wall()));
    }
}
