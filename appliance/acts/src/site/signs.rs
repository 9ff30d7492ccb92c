//! Which signs a name for people may hold: those that are seen, and that leave alone what stands around them.

/// The first sign of `text` that has no place in a name: it would steer a terminal, turn the text around it the other
/// way, break the line, or be seen by nobody. Where bytes were no text at all, U+FFFD stands for them.
pub(crate) fn unfit(text: &str) -> Option<char> {
    text.chars().find(|sign| {
        sign.is_control()
            || matches!(
                sign,
                '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'
                    ..='\u{202e}' | '\u{2060}'
                    ..='\u{206f}' | '\u{feff}' | '\u{fff9}'
                    ..='\u{fffd}'
            )
    })
}

#[cfg(test)]
mod tests {
    use super::unfit;

    #[test]
    fn names_of_every_language_are_fit() {
        for name in [
            "Möwenstraße 3",
            "\u{647}\u{200c}\u{627}",
            "家",
            "👩‍🔧 workshop",
            "a/b: \"c\"",
        ] {
            assert_eq!(unfit(name), None, "{name}");
        }
    }

    #[test]
    fn signs_that_are_not_seen_or_turn_the_text_are_not() {
        for sign in [
            '\u{1b}', '\n', '\u{7f}', '\u{85}', '\u{202e}', '\u{2066}', '\u{200f}', '\u{feff}', '\u{fffd}',
        ] {
            assert_eq!(unfit(&format!("a{sign}b")), Some(sign));
        }
    }
}
