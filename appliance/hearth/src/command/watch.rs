//! `hearth bus watch`: the frames of a bus with their times, as they go.

use system::client::Client;

use super::answers::{Frame, Seen};
use super::moment::Wall;
use super::out::{Form, Out, Paint, Tone};
use super::table::{hang, letters};
use super::{Fault, wall};

pub(super) async fn answer(client: &Client, bus: &str, out: &mut Out) -> Result<(), Fault> {
    let wall = wall(client).await?;
    let mut lines = client.watch(bus).await?;
    while let Some(line) = lines.next().await? {
        match out.form {
            Form::Json => out.line(&line)?,
            Form::Tables => out.text(&show(&serde_json::from_str(&line)?, &wall, out.paint))?,
        }
        out.flush()?;
    }
    Ok(())
}

fn show(seen: &Seen, wall: &Wall, paint: Paint) -> String {
    match seen {
        Seen::Frame(frame) => show_frame(frame, wall, paint),
        Seen::Missed { missed } => {
            format!("… {missed} frames were too quick for this terminal and are not shown\n")
        }
    }
}

fn show_frame(frame: &Frame, wall: &Wall, paint: Paint) -> String {
    let tone = match frame.direction.as_str() {
        "sent" => Tone::Quiet,
        "refused" => Tone::Bad,
        _ => Tone::Good,
    };
    let direction = paint.put(tone, &format!("{:8}", frame.direction));
    let head = format!("{} {:>10} ", wall.exact_time(frame.at_ms), gap(frame.gap_us));
    let indent = " ".repeat(letters(&head) + 9);
    let texts = [&frame.bytes, &frame.words]
        .into_iter()
        .filter(|text| !text.is_empty());
    let body: String = texts.map(|text| hang(&indent, text)).collect();
    format!("{head}{direction} {}", body.trim_start())
}

/// The silence before a frame: `+3.6 ms`.
fn gap(micros: u64) -> String {
    match micros {
        0..1_000_000 => format!("+{}.{} ms", micros / 1_000, micros % 1_000 / 100),
        _ => format!("+{}.{} s", micros / 1_000_000, micros % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use acts::Direction;
    use expect_test::expect;

    use super::super::answers::Seen;
    use super::super::out::Paint;
    use super::super::samples::{frame, read, wall};
    use super::super::table::{WIDTH, letters};
    use super::{gap, show};

    #[test]
    fn frames_hang_under_their_times() {
        let mut shown = String::new();
        for (direction, bytes) in [
            (Direction::Sent, 8),
            (Direction::Received, 40),
            (Direction::Refused, 0),
        ] {
            shown.push_str(&show(&read(&frame(direction, bytes)), &wall(), Paint::Off));
        }
        shown.push_str(&show(&Seen::Missed { missed: 12 }, &wall(), Paint::Off));
        assert!(shown.lines().all(|line| letters(line) <= WIDTH), "{shown}");
        expect![[r#"
            14:03:22.507    +3.6 ms sent     00 01 02 03 04 05 06 07
                                             the answer of unit 1: 2 input registers
            14:03:22.507    +3.6 ms received 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f
                                             10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f
                                             20 21 22 23 24 25 26 27
                                             the answer of unit 1: 2 input registers
            14:03:22.507    +3.6 ms refused  the answer of unit 1: 2 input registers
            … 12 frames were too quick for this terminal and are not shown
        "#]]
        .assert_eq(&shown);
    }

    #[test]
    fn silence_is_told_in_fitting_units() {
        assert_eq!(
            [0, 3_640, 999_999, 1_000_000, 61_250_000].map(gap),
            ["+0.0 ms", "+3.6 ms", "+999.9 ms", "+1.0 s", "+61.2 s"]
        );
    }
}
