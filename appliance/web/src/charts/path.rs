//! Paths of steps and lines, written as short as SVG allows: whole numbers, relative moves, equal runs as one.

/// A path being drawn.
#[derive(Debug, Clone, Default)]
pub(crate) struct Path {
    text: String,
    at: (i64, i64),
    run: Option<(char, i64)>,
}

impl Path {
    /// A path with nothing on it.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Lifts the pen and sets it down at a place.
    pub(crate) fn jump(&mut self, x: i64, y: i64) {
        self.end_run();
        self.text.push_str(&format!("M{x} {y}"));
        self.at = (x, y);
    }

    /// Draws level to `x`.
    pub(crate) fn level_to(&mut self, x: i64) {
        self.run('h', x - self.at.0);
        self.at.0 = x;
    }

    /// Draws up or down to `y`.
    pub(crate) fn upright_to(&mut self, y: i64) {
        self.run('v', y - self.at.1);
        self.at.1 = y;
    }

    /// Closes the shape.
    pub(crate) fn close(&mut self) {
        self.end_run();
        self.text.push('z');
    }

    /// The path as text for `d`.
    pub(crate) fn finish(mut self) -> String {
        self.end_run();
        self.text
    }

    /// Goes on with a run in the same direction, or begins another.
    fn run(&mut self, direction: char, by: i64) {
        if by == 0 {
            return;
        }
        match &mut self.run {
            Some((same, length)) if *same == direction => *length += by,
            _ => {
                self.end_run();
                self.run = Some((direction, by));
            }
        }
    }

    fn end_run(&mut self) {
        if let Some((direction, length)) = self.run.take() {
            self.text.push_str(&format!("{direction}{length}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Path;

    #[test]
    fn equal_runs_are_one_and_no_move_is_none() {
        let mut path = Path::new();
        path.jump(0, 200);
        path.upright_to(150);
        path.level_to(1);
        path.upright_to(150);
        path.level_to(2);
        path.level_to(3);
        path.upright_to(200);
        path.close();
        path.jump(5, 200);
        path.level_to(7);
        assert_eq!(path.finish(), "M0 200v-50h3v50zM5 200h2");
    }
}
