//! The square that a phone's camera reads, as SVG.

use qrcode::{Color, EcLevel, QrCode};

/// Empty parts around the square, without which cameras do not find it.
const EDGE: usize = 4;

/// A square that says `text`; nothing if that is too much for one. `title` is what is read out instead.
pub(crate) fn square(text: &str, title: &str) -> String {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else {
        return String::new();
    };
    let width = code.width();
    let mut path = String::new();
    for (at, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            path.push_str(&format!("M{} {}h1v1h-1z", at % width + EDGE, at / width + EDGE));
        }
    }
    let size = width + 2 * EDGE;
    let title = crate::words::html(title);
    format!(
        "<svg viewBox=\"0 0 {size} {size}\" role=\"img\" aria-label=\"{title}\" shape-rendering=\"crispEdges\">\
         <path d=\"{path}\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::square;

    #[test]
    fn a_square_has_its_three_corners_and_an_edge() {
        let svg = square(
            "https://oak.local/sign-in/slip#acid-bamboo-fox-garden",
            "<square>",
        );
        assert!(
            svg.starts_with("<svg viewBox=\"0 0 41 41\"") && svg.contains("&lt;square&gt;"),
            "{svg}"
        );
        for corner in ["M4 4h", "M36 4h", "M4 36h"] {
            assert!(svg.contains(corner), "{corner}");
        }
        assert!(!svg.contains("M3 ") && !svg.contains("M37 "));
        assert_eq!(square(&"x".repeat(5_000), ""), "");
    }
}
