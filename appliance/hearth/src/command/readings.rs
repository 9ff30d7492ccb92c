//! `hearth readings`: what was stored of a channel, line by line as it comes; or the channels there are.

use system::client::Client;
use units::Unit;

use super::answers::{Channel, Reading};
use super::moment::Wall;
use super::out::{Form, Out, Paint};
use super::table::{Stand, Table};
use super::{Exit, Fault, wall};
use crate::cli::Readings;

pub(super) async fn answer(client: &Client, asked: &Readings, out: &mut Out) -> Result<(), Fault> {
    let Some(channel) = &asked.channel else {
        return channels(client, out).await;
    };
    let wall = wall(client).await?;
    let read = |text: &Option<String>, usual: &str| {
        let text = text.as_deref().unwrap_or(usual);
        wall.read(text).map_err(|what| Fault::new(Exit::Usage, what, ""))
    };
    let (from, to) = (read(&asked.from, "-1h")?, read(&asked.to, "now")?);
    if from >= to {
        let cause = "the end is not after the beginning";
        return Err(Fault::new(Exit::Usage, cause, "Change --from or --to."));
    }
    let unit = unit_of(client, channel).await?;
    let lines = client.readings(channel, from.as_millis(), to.as_millis()).await;
    let mut lines = lines
        .map_err(|error| Fault::from(error).or_else_do("`hearth readings` lists the channels there are."))?;
    let mut any = false;
    while let Some(line) = lines.next().await? {
        any = true;
        match out.form {
            Form::Json => out.line(&line)?,
            Form::Tables => out.line(&show(&serde_json::from_str(&line)?, unit, &wall))?,
        }
    }
    match out.form {
        Form::Tables if !any => out.line("nothing: there is no reading in this time"),
        _ => Ok(()),
    }
}

async fn channels(client: &Client, out: &mut Out) -> Result<(), Fault> {
    let wall = wall(client).await?;
    let answer = client.channels().await?;
    if out.form == Form::Json {
        return out.line(&answer);
    }
    let channels: Vec<Channel> = serde_json::from_str(&answer)?;
    out.text(&show_channels(&channels, &wall, out.paint))
}

async fn unit_of(client: &Client, channel: &str) -> Result<Option<Unit>, Fault> {
    let channels: Vec<Channel> = serde_json::from_str(&client.channels().await?)?;
    let found = channels.into_iter().find(|found| found.channel == channel);
    Ok(found.and_then(|found| Unit::from_name(&found.unit)))
}

fn show(reading: &Reading, unit: Option<Unit>, wall: &Wall) -> String {
    let value = match (reading.value, unit) {
        (Some(value), Some(unit)) => unit.show(value),
        (Some(value), None) => value.to_string(),
        (None, _) => format!("none: {}", reading.why.as_deref().unwrap_or("not known")),
    };
    format!("{}  {value}", wall.told_apart(reading.at_ms))
}

fn show_channels(channels: &[Channel], wall: &Wall, paint: Paint) -> String {
    if channels.is_empty() {
        return "nothing: no reading is stored yet\n".to_owned();
    }
    let mut table = Table::new(&[
        ("CHANNEL", Stand::Left),
        ("UNIT", Stand::Left),
        ("FIRST READING", Stand::Left),
        ("LAST READING", Stand::Left),
    ]);
    for channel in channels {
        table.row([
            channel.channel.as_str().into(),
            channel.symbol.as_str().into(),
            wall.minute(channel.first_ms).into(),
            wall.minute(channel.last_ms).into(),
        ]);
    }
    table.show(paint)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use units::Unit;

    use super::super::out::Paint;
    use super::super::samples::{channel, read, reading, wall};
    use super::{show, show_channels};

    #[test]
    fn a_reading_is_a_line_with_its_value_or_why_there_is_none() {
        let line = |value, unit| show(&read(&reading(value)), unit, &wall());
        assert_eq!(
            line(Some(2_301), Some(Unit::Decivolts)),
            "2026-06-16 14:03:22  230.1 V"
        );
        assert_eq!(line(Some(2_301), None), "2026-06-16 14:03:22  2301");
        assert_eq!(
            line(None, Some(Unit::Decivolts)),
            "2026-06-16 14:03:22  none: no-answer"
        );
    }

    #[test]
    fn channels_stand_with_their_first_and_last_reading() {
        expect![[r#"
            CHANNEL                UNIT  FIRST READING     LAST READING
            grid-meter/voltage_l1  V     2026-06-15 14:03  2026-06-16 14:03
        "#]]
        .assert_eq(&show_channels(&[read(&channel())], &wall(), Paint::Off));
        assert_eq!(
            show_channels(&[], &wall(), Paint::Off),
            "nothing: no reading is stored yet\n"
        );
    }
}
