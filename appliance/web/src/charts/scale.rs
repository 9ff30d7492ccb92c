//! Where an axis ends, and where its lines stand.

/// An axis from nothing to `top`, with a line at every `step`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scale {
    /// The value at the upper end.
    pub(crate) top: i64,
    /// The distance of its lines.
    pub(crate) step: i64,
}

impl Scale {
    /// The shortest axis with two to six round lines that holds `most`.
    pub(crate) fn holding(most: i64, least: i64) -> Self {
        let most = most.max(least).max(1);
        let mut decade = 1_i64;
        loop {
            for factor in [1, 2, 5] {
                let step = decade.saturating_mul(factor);
                let lines = most.div_euclid(step) + i64::from(most % step != 0);
                if lines <= 6 {
                    return Self {
                        top: step.saturating_mul(lines),
                        step,
                    };
                }
            }
            decade = decade.saturating_mul(10);
        }
    }

    /// The lines, from nothing up.
    pub(crate) fn lines(self) -> impl Iterator<Item = i64> {
        (0..=self.top / self.step).map(move |index| index * self.step)
    }

    /// The height of a value in steps of a grid that is `height` high, from its foot, rounded.
    pub(crate) fn height_of(self, value: i64, height: i64) -> i64 {
        let scaled = i128::from(value.clamp(0, self.top)) * i128::from(height) * 2 + i128::from(self.top);
        i64::try_from(scaled / (i128::from(self.top) * 2)).unwrap_or(height)
    }
}

#[cfg(test)]
mod tests {
    use super::Scale;

    #[test]
    fn axes_end_at_round_numbers() {
        let ends = [0, 1, 7, 60, 950, 4_100, 6_200, 9_400, 12_000, 38_400, 1_234_567];
        let found: Vec<(i64, i64)> = ends
            .map(|most| Scale::holding(most, 1))
            .map(|s| (s.top, s.step))
            .into();
        let wanted = [
            (1, 1),
            (1, 1),
            (8, 2),
            (60, 10),
            (1_000, 200),
            (5_000, 1_000),
            (8_000, 2_000),
            (10_000, 2_000),
            (12_000, 2_000),
            (40_000, 10_000),
            (1_500_000, 500_000),
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn heights_stay_on_the_grid() {
        let scale = Scale::holding(9_400, 1_000);
        assert_eq!(
            [0, 25, 5_000, 10_000, 99_999, -4].map(|value| scale.height_of(value, 200)),
            [0, 1, 100, 200, 200, 0]
        );
        assert_eq!(Scale::holding(3, 1_000).top, 1_000);
        assert_eq!(Scale::holding(i64::MAX, 1).step, 2_000_000_000_000_000_000);
    }
}
