//! Several names in one line, in any script.

/// Begins and ends a part whose direction is its own, so that an Arabic name between two others does not turn them round.
const APART: [char; 2] = ['\u{2068}', '\u{2069}'];

/// The names as one phrase: "Ana", "Ana and Ben", "Ana, Ben and Chi".
pub fn joined<S: AsRef<str>>(names: &[S]) -> String {
    let turned = names.iter().any(|name| is_from_the_right(name.as_ref()));
    let shown: Vec<String> = names
        .iter()
        .map(|name| {
            if turned && names.len() > 1 {
                format!("{}{}{}", APART[0], name.as_ref(), APART[1])
            } else {
                name.as_ref().to_owned()
            }
        })
        .collect();
    match shown.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// Whether something is written from the right to the left, wholly or in part.
pub fn is_from_the_right(text: &str) -> bool {
    text.chars().any(|sign| {
        matches!(sign,
            '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    })
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn names_are_joined_in_any_script() {
        assert_eq!(joined::<&str>(&[]), "");
        assert_eq!(joined(&["李小龍"]), "李小龍");
        assert_eq!(
            joined(&["Ana", "Nguyễn Thị Minh Khai"]),
            "Ana and Nguyễn Thị Minh Khai"
        );
        assert_eq!(joined(&["Ana", "Ben", "Chi"]), "Ana, Ben and Chi");
        assert_eq!(joined(&["محمد"]), "محمد", "alone it needs no marks");
        assert_eq!(
            joined(&["محمد", "Ana"]),
            "\u{2068}محمد\u{2069} and \u{2068}Ana\u{2069}"
        );
    }
}
