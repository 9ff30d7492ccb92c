//! `hearth device NAME`: one device, each value with its age and its raw words.

use system::client::Client;
use units::Instant;

use super::Fault;
use super::answers::{Device, Point};
use super::devices::good;
use super::moment::ago;
use super::out::{Form, Out, Paint, Tone, tone_of};
use super::table::{Cell, Stand, Table, hang};

pub(super) async fn answer(client: &Client, name: &str, now: Instant, out: &mut Out) -> Result<(), Fault> {
    let answer = client
        .device(name)
        .await
        .map_err(|error| Fault::from(error).or_else_do("`hearth devices` lists those there are."))?;
    if out.form == Form::Json {
        return out.line(&answer);
    }
    let device: Device = serde_json::from_str(&answer)?;
    out.text(&show(&device, now, out.paint))
}

fn show(device: &Device, now: Instant, paint: Paint) -> String {
    let title = format!("{} ({})", device.label, device.name);
    let mut text = format!("{}\n", paint.put(Tone::Strong, &title));
    text.push_str(&facts(device, now).show(paint));
    for note in &device.notes {
        text.push_str(&hang("  note: ", note));
    }
    text.push('\n');
    if device.private {
        let whom = if device.audience == "household" {
            "its household"
        } else {
            "stewards"
        };
        return text
            + &hang(
                "",
                &format!("Its values are kept for {whom}; nobody else sees them, here neither."),
            );
    }
    if device.points.is_empty() {
        return text + "nothing: it has told no value yet\n";
    }
    text.push_str(&points(&device.points, now, paint));
    text
}

fn facts(device: &Device, now: Instant) -> Table {
    let mut table = Table::bare(&[Stand::Left, Stand::Wrap]);
    let mut fact = |name: &str, cell: Cell| table.row([Cell::toned(Tone::Quiet, name), cell]);
    fact(
        "state",
        Cell::toned(tone_of(&device.state), device.state.as_str()),
    );
    fact(
        "kind",
        format!("{}, profile {}", device.kind, device.profile).into(),
    );
    fact(
        "place",
        format!(
            "bus {}, unit {}, stands for {}",
            device.bus, device.unit, device.role
        )
        .into(),
    );
    let last = device
        .last_answer_ms
        .map_or_else(|| "never".to_owned(), |at| ago(now, at));
    fact("last answer", last.into());
    let answers = format!("{} of {} good ({})", device.answered, device.asked, good(device));
    fact("answers", answers.into());
    if let Some(latency) = &device.latency {
        let words = format!(
            "half within {} ms, 19 of 20 within {} ms, slowest {} ms; the box waits {} ms",
            latency.middle_ms, latency.slow_ms, latency.slowest_ms, device.patience_ms
        );
        fact("latency", words.into());
    }
    if let Some(error) = &device.last_error {
        let when = device
            .last_error_ms
            .map(|at| format!("{}: ", ago(now, at)))
            .unwrap_or_default();
        fact("last fault", format!("{when}{error}").into());
    }
    for (name, value) in &device.identity {
        fact(name, value.as_str().into());
    }
    table
}

fn points(points: &[Point], now: Instant, paint: Paint) -> String {
    let mut table = Table::new(&[
        ("VALUE", Stand::Left),
        ("", Stand::Right),
        ("AGE", Stand::Left),
        ("REGISTERS", Stand::Left),
        ("RAW", Stand::Wrap),
    ]);
    for point in points {
        let value = match (&point.shown, &point.why_words) {
            (Some(shown), _) => shown.as_str().into(),
            (None, Some(_)) => Cell::toned(Tone::Warn, "none"),
            (None, None) => Cell::toned(Tone::Quiet, "not asked yet"),
        };
        table.row([
            point.point.as_str().into(),
            value,
            point.at_ms.map(|at| ago(now, at)).unwrap_or_default().into(),
            point.registers.as_str().into(),
            point.raw.join(" ").into(),
        ]);
    }
    let mut text = table.show(paint);
    for (point, why) in points
        .iter()
        .filter_map(|point| Some((point, point.why_words.as_ref()?)))
    {
        text.push_str(&hang(&format!("no {}: ", point.point), why));
    }
    text
}

#[cfg(test)]
mod tests {
    use acts::look::DeviceView;
    use expect_test::expect;

    use super::super::out::Paint;
    use super::super::samples::{device, read, wall};
    use super::show;

    #[test]
    fn a_device_shows_each_value_with_its_words() {
        let shown = show(&read(&device("grid-meter", "degraded")), wall().now, Paint::Off);
        expect![[r#"
            Meter at the street (grid-meter)
              state          degraded
              kind           Eastron SDM630-Modbus, profile eastron-sdm630
              place          bus cupboard, unit 1, stands for grid
              last answer    2 s ago
              answers        996 of 1000 good (99.6 %)
              latency        half within 41 ms, 19 of 20 within 60 ms, slowest 188 ms; the
                             box waits 240 ms
              last fault     10 min ago: the answer was damaged
              serial number  20394857
              note: the counter of what came in went back by 3 Wh; it is held until it grows

            VALUE                         AGE      REGISTERS              RAW
            power                -1250 W  2 s ago  input 0x0034, 2 words  c49c 4000
            voltage_l1              none  2 s ago  input 0x0034, 2 words  c49c 4000
            energy_import  not asked yet           input 0x0034, 2 words
            no voltage_l1: no answer came in time
        "#]]
        .assert_eq(&shown);
    }

    #[test]
    fn a_flat_shows_how_it_is_doing_and_nothing_it_measured() {
        let flat = DeviceView {
            private: true,
            audience: "household".to_owned(),
            points: Vec::new(),
            notes: Vec::new(),
            identity: Vec::new(),
            latency: None,
            last_error: None,
            ..device("flat-1", "healthy")
        };
        let shown = show(&read(&flat), wall().now, Paint::Off);
        expect![[r#"
            Meter at the street (flat-1)
              state        healthy
              kind         Eastron SDM630-Modbus, profile eastron-sdm630
              place        bus cupboard, unit 1, stands for grid
              last answer  2 s ago
              answers      996 of 1000 good (99.6 %)

            Its values are kept for its household; nobody else sees them, here neither.
        "#]]
        .assert_eq(&shown);
    }

    #[test]
    fn a_device_that_never_answered_says_nothing() {
        let points = Vec::new();
        let mute = DeviceView {
            points,
            last_answer_ms: None,
            asked: 0,
            answered: 0,
            ..device("roof", "waiting")
        };
        let shown = show(&read(&mute), wall().now, Paint::Off);
        assert!(
            shown.ends_with("\nnothing: it has told no value yet\n"),
            "{shown}"
        );
        assert!(shown.contains("last answer    never"), "{shown}");
    }
}
