//! `hearth audit`: who did what, newest first.

use system::client::Client;

use super::answers::Line;
use super::moment::Wall;
use super::out::{Form, Out, Paint};
use super::table::{Stand, Table};
use super::{Fault, wall};

pub(super) async fn answer(client: &Client, below: u64, lines: u32, out: &mut Out) -> Result<(), Fault> {
    let answer = client.audit(below, lines).await?;
    if out.form == Form::Json {
        return out.line(&answer);
    }
    let lines: Vec<Line> = serde_json::from_str(&answer)?;
    let wall = wall(client).await?;
    out.text(&show(&lines, &wall, out.paint))
}

fn show(lines: &[Line], wall: &Wall, paint: Paint) -> String {
    if lines.is_empty() {
        return "nothing: nobody has done anything yet\n".to_owned();
    }
    let mut table = Table::new(&[
        ("NUMBER", Stand::Right),
        ("WHEN", Stand::Left),
        ("WHO", Stand::Left),
        ("WHAT", Stand::Wrap),
    ]);
    for line in lines {
        let mut what = line.sentence.clone();
        if !line.subject.is_empty() {
            what.push_str(&format!(": {}", line.subject));
        }
        if !line.detail.is_empty() {
            what.push_str(&format!(" ({})", line.detail));
        }
        table.row([
            line.number.to_string().into(),
            wall.date_time(line.at_ms).into(),
            line.actor.as_str().into(),
            what.into(),
        ]);
    }
    table.show(paint)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::answers::Line;
    use super::super::out::Paint;
    use super::super::samples::{line, read, wall};
    use super::show;

    #[test]
    fn the_record_says_who_did_what() {
        let lines = [line(12, "unit 1, 2 registers from 0x0034"), line(11, "")];
        expect![[r#"
            NUMBER  WHEN                 WHO                      WHAT
                12  2026-06-16 14:03:22  user 1000 of the system  read registers of a device
                                                                  in the raw: cupboard (unit
                                                                  1, 2 registers from
                                                                  0x0034)
                11  2026-06-16 14:03:22  user 1000 of the system  read registers of a device
                                                                  in the raw: cupboard
        "#]]
        .assert_eq(&show(&read::<Vec<Line>>(&lines), &wall(), Paint::Off));
        assert_eq!(
            show(&[], &wall(), Paint::Off),
            "nothing: nobody has done anything yet\n"
        );
    }
}
