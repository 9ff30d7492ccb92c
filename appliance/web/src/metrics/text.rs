//! Prometheus's text format: each family once, with its help and kind, its rows below it.

use std::fmt::Write;

/// A number as it stands in a row.
pub(super) struct Value(String);

macro_rules! whole_numbers {
    ($($kind:ty),*) => { $(impl From<$kind> for Value {
        fn from(number: $kind) -> Self {
            Self(number.to_string())
        }
    })* };
}

whole_numbers!(i32, i64, u16, u32, u64);

impl From<bool> for Value {
    fn from(so: bool) -> Self {
        Self(u16::from(so).to_string())
    }
}

/// A text that grows row by row. Rows of one family must come one after the other.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    text: String,
    family: &'static str,
}

impl Metrics {
    /// A value that goes up and down.
    pub(super) fn gauge(
        &mut self,
        name: &'static str,
        help: &str,
        labels: &[(&str, &str)],
        value: impl Into<Value>,
    ) {
        self.row(("gauge", name), help, labels, &value.into());
    }

    /// A value that only grows.
    pub(super) fn counter(
        &mut self,
        name: &'static str,
        help: &str,
        labels: &[(&str, &str)],
        value: impl Into<Value>,
    ) {
        self.row(("counter", name), help, labels, &value.into());
    }

    /// The whole text.
    pub(super) fn into_text(self) -> String {
        self.text
    }

    fn row(
        &mut self,
        (kind, name): (&str, &'static str),
        help: &str,
        labels: &[(&str, &str)],
        value: &Value,
    ) {
        if self.family != name {
            self.family = name;
            // Writing into a string does not fail, here and below.
            let _ = write!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
        }
        self.text.push_str(name);
        for (place, (label, text)) in labels.iter().enumerate() {
            let before = if place == 0 { '{' } else { ',' };
            let _ = write!(self.text, "{before}{label}=\"{}\"", escaped(text));
        }
        let end = if labels.is_empty() { "" } else { "}" };
        let _ = writeln!(self.text, "{end} {}", value.0);
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::Metrics;

    #[test]
    fn a_family_has_one_head_and_labels_cannot_break_out() {
        let mut metrics = Metrics::default();
        metrics.gauge("power_watts", "Power.", &[("flow", "import")], -5_i64);
        metrics.gauge(
            "power_watts",
            "Power.",
            &[("flow", "a\"} 1\nb"), ("x", "\\")],
            7_i64,
        );
        metrics.counter("asked_total", "Questions.", &[], 3_u64);
        expect![[r#"
            # HELP power_watts Power.
            # TYPE power_watts gauge
            power_watts{flow="import"} -5
            power_watts{flow="a\"} 1\nb",x="\\"} 7
            # HELP asked_total Questions.
            # TYPE asked_total counter
            asked_total 3
        "#]]
        .assert_eq(&metrics.into_text());
    }
}
