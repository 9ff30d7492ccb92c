//! The words of the interface, a folder per language: `assets/words/en/`, a file for each part of the house.
//!
//! A key that is not there shows as itself in brackets, so that it is seen and never silently empty. Numbers come in
//! as finished text (see `show`), or as a count where the words depend on it. The file holds no markup.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// The language of the pages, for `<html lang>`.
pub(crate) const LANGUAGE: &str = "en";

const ENGLISH: &[&str] = &[
    include_str!("../../../assets/words/en/frame.ftl"),
    include_str!("../../../assets/words/en/history.ftl"),
    include_str!("../../../assets/words/en/import.ftl"),
    include_str!("../../../assets/words/en/merge.ftl"),
    include_str!("../../../assets/words/en/people.ftl"),
    include_str!("../../../assets/words/en/roles.ftl"),
    include_str!("../../../assets/words/en/statements.ftl"),
    include_str!("../../../assets/words/en/me.ftl"),
    include_str!("../../../assets/words/en/letters.ftl"),
    include_str!("../../../assets/words/en/money.ftl"),
    include_str!("../../../assets/words/en/data.ftl"),
    include_str!("../../../assets/words/en/backup.ftl"),
    include_str!("../../../assets/words/en/trust.ftl"),
];

static WORDS: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(ENGLISH).0);

/// The words of these files, and what in them was not understood.
fn bundle(texts: &[&str]) -> (FluentBundle<FluentResource>, Vec<String>) {
    let language: LanguageIdentifier = LANGUAGE.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // The marks that keep a name of another direction apart would show as signs in SVG.
    bundle.set_use_isolating(false);
    let mut faults = Vec::new();
    for text in texts {
        let (resource, wrong) = match FluentResource::try_new((*text).to_owned()) {
            Ok(resource) => (resource, Vec::new()),
            Err((resource, wrong)) => (resource, wrong),
        };
        faults.extend(wrong.iter().map(ToString::to_string));
        if let Err(twice) = bundle.add_resource(resource) {
            faults.extend(twice.iter().map(ToString::to_string));
        }
    }
    (bundle, faults)
}

/// The words with this key.
pub(crate) fn say(key: &str) -> String {
    find(key, None)
}

/// The words with this key and what stands at their places.
pub(crate) fn say_with<const N: usize>(key: &str, places: [(&'static str, FluentValue<'_>); N]) -> String {
    let args: FluentArgs<'_> = places
        .into_iter()
        .map(|(place, value)| (Cow::Borrowed(place), value))
        .collect();
    find(key, Some(&args))
}

fn find(key: &str, args: Option<&FluentArgs<'_>>) -> String {
    let Some(pattern) = WORDS.get_message(key).and_then(|message| message.value()) else {
        return format!("[{key}]");
    };
    let mut faults = Vec::new();
    let said = WORDS.format_pattern(pattern, args, &mut faults);
    if faults.is_empty() {
        said.into_owned()
    } else {
        format!("[{key}: {said}]")
    }
}

/// Signs that never stand in words: around a figure that is shown in the colour of what it stands for.
const MARK: [char; 3] = ['\u{2}', '\u{3}', '\u{4}'];

/// A figure within a sentence that stands for `kind` (`sun`, `use`, …), to be shown by [`html`].
pub(crate) fn figure(kind: &str, text: &str) -> String {
    let [begin, after_kind, end] = MARK;
    format!("{begin}{kind}{after_kind}{text}{end}")
}

/// A sentence for HTML: signs that mean something there are written out, figures are strong.
pub(crate) fn html(sentence: &str) -> String {
    let [begin, after_kind, end] = MARK;
    let mut html = String::with_capacity(sentence.len() + 64);
    for sign in sentence.chars() {
        match sign {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            _ if sign == begin => html.push_str("<b class=\""),
            _ if sign == after_kind => html.push_str("\">"),
            _ if sign == end => html.push_str("</b>"),
            other => html.push(other),
        }
    }
    html
}

/// What templates may do with a value: `{{ "key"|say }}`.
#[expect(
    unreachable_pub,
    reason = "the macro makes its items more public than they are written"
)]
pub(crate) mod filters {
    use askama::Values;

    /// The words with this key.
    #[askama::filter_fn]
    pub(crate) fn say(key: &str, _: &dyn Values) -> askama::Result<String> {
        Ok(super::say(key))
    }

    /// A sentence with its figures; give it to `safe`.
    #[askama::filter_fn]
    pub(crate) fn figures(text: &str, _: &dyn Values) -> askama::Result<String> {
        Ok(super::html(text))
    }
}

#[cfg(test)]
mod tests;
