//! `hearth devices`: every device of the site in one table.

use system::client::Client;
use units::Instant;

use super::Fault;
use super::answers::Device;
use super::moment::ago;
use super::number::percent;
use super::out::{Form, Out, Paint, tone_of};
use super::table::{Cell, Stand, Table};

pub(super) async fn answer(client: &Client, now: Instant, out: &mut Out) -> Result<(), Fault> {
    let answer = client.devices().await?;
    if out.form == Form::Json {
        return out.line(&answer);
    }
    let devices: Vec<Device> = serde_json::from_str(&answer)?;
    out.text(&show(&devices, now, out.paint))
}

fn show(devices: &[Device], now: Instant, paint: Paint) -> String {
    if devices.is_empty() {
        return "nothing: site.toml names no device\n".to_owned();
    }
    let mut table = Table::new(&[
        ("DEVICE", Stand::Left),
        ("STATE", Stand::Left),
        ("ANSWERED", Stand::Left),
        ("GOOD", Stand::Right),
        ("BUS, UNIT", Stand::Left),
        ("ROLE", Stand::Left),
        ("LABEL", Stand::Wrap),
    ]);
    for device in devices {
        table.row([
            device.name.as_str().into(),
            Cell::toned(tone_of(&device.state), device.state.as_str()),
            device
                .last_answer_ms
                .map_or_else(|| "never".to_owned(), |at| ago(now, at))
                .into(),
            good(device).into(),
            format!("{} {}", device.bus, device.unit).into(),
            device.role.as_str().into(),
            device.label.as_str().into(),
        ]);
    }
    table.show(paint)
}

/// The share of questions that were answered well.
pub(super) fn good(device: &Device) -> String {
    let permille = device.answered.saturating_mul(1_000).checked_div(device.asked);
    permille
        .and_then(|permille| i64::try_from(permille).ok())
        .map_or_else(|| "-".to_owned(), percent)
}

#[cfg(test)]
mod tests {
    use acts::look::DeviceView;
    use expect_test::expect;

    use super::super::answers::Device;
    use super::super::out::Paint;
    use super::super::samples::{device, read, wall};
    use super::super::table::{WIDTH, letters};
    use super::show;

    #[test]
    fn devices_stand_in_one_table() {
        let devices = [
            device("grid-meter", "healthy"),
            DeviceView {
                last_answer_ms: None,
                asked: 0,
                answered: 0,
                ..device("roof", "waiting")
            },
            DeviceView {
                label: "Flat 1".to_owned(),
                private: true,
                unit: 11,
                ..device("flat-1", "gone")
            },
        ];
        let shown = show(&read::<Vec<Device>>(&devices), wall().now, Paint::Off);
        expect![[r#"
            DEVICE      STATE    ANSWERED    GOOD  BUS, UNIT    ROLE  LABEL
            grid-meter  healthy  2 s ago   99.6 %  cupboard 1   grid  Meter at the street
            roof        waiting  never          -  cupboard 1   grid  Meter at the street
            flat-1      gone     2 s ago   99.6 %  cupboard 11  grid  Flat 1
        "#]]
        .assert_eq(&shown);
        let coloured = show(&read::<Vec<Device>>(&devices), wall().now, Paint::On);
        assert!(coloured.contains("\u{1b}[31mgone\u{1b}[0m"));
    }

    #[test]
    fn long_names_do_not_make_a_wide_table() {
        let name = "a-name-of-forty-letters-which-is-the-end";
        let device = DeviceView {
            bus: name.to_owned(),
            label: "A label of sixty letters, which is the most a label may have".to_owned(),
            ..device(name, "degraded")
        };
        let shown = show(&read::<Vec<Device>>(&[device]), wall().now, Paint::Off);
        assert!(shown.lines().all(|line| letters(line) <= WIDTH), "{shown}");
    }

    #[test]
    fn a_site_without_devices_says_nothing() {
        assert_eq!(
            show(&[], wall().now, Paint::Off),
            "nothing: site.toml names no device\n"
        );
    }
}
