//! `hearth energy`: a day by its hours, a week or month by its days, a year by its months, and the whole.

use std::cmp::Ordering;

use energy::calendar::Zone;
use system::client::Client;
use units::Instant;

use super::answers::{Energy, Part, Totals};
use super::number::{kilowatt_hours, percent};
use super::out::{Form, Out, Paint, Tone};
use super::table::{Cell, Stand, Table};
use super::{Fault, wall};

pub(super) async fn answer(client: &Client, period: &str, out: &mut Out) -> Result<(), Fault> {
    let answer = client.energy(period).await?;
    if out.form == Form::Json {
        return out.line(&answer);
    }
    let energy: Energy = serde_json::from_str(&answer)?;
    let wall = wall(client).await?;
    out.text(&show(&energy, &wall.zone, out.paint))
}

fn show(energy: &Energy, zone: &Zone, paint: Paint) -> String {
    let title = format!("Energy of {} in kWh", energy.period);
    let mut text = format!("{}\n", paint.put(Tone::Strong, &title));
    if energy.parts.is_empty() {
        return text + "nothing: this time is still ahead\n";
    }
    let mut table = Table::new(&[
        ("FROM", Stand::Left),
        ("MADE", Stand::Right),
        ("USED", Stand::Right),
        ("BOUGHT", Stand::Right),
        ("SENT", Stand::Right),
        ("STORED", Stand::Right),
        ("TAKEN", Stand::Right),
        ("", Stand::Left),
    ]);
    let parts = if energy.kind == "day" {
        by_hour(&energy.parts, zone)
    } else {
        energy.parts.clone()
    };
    for part in &parts {
        table.row(row(&moment(&energy.kind, part.from_ms, zone), &part.totals));
    }
    table.row(row("whole", &energy.totals));
    text.push_str(&table.show(paint));
    text.push_str(&shares(&energy.totals));
    text
}

fn row(name: &str, totals: &Totals) -> Vec<Cell> {
    let figures = [
        totals.production_wh,
        totals.consumption_wh,
        totals.import_wh,
        totals.export_wh,
        totals.charge_wh,
        totals.discharge_wh,
    ];
    let mut cells = vec![Cell::from(name)];
    cells.extend(figures.map(|figure| Cell::from(figure.map_or_else(|| "-".to_owned(), kilowatt_hours))));
    cells.push(match totals.quality.as_str() {
        "measured" if totals.causes.is_empty() => "".into(),
        quality => Cell::toned(Tone::Warn, known(quality, &totals.causes)),
    });
    cells
}

/// How well something is known, and why not better: `recovered (outage)`.
fn known(quality: &str, causes: &[String]) -> String {
    if causes.is_empty() {
        quality.to_owned()
    } else {
        format!("{quality} ({})", causes.join(", "))
    }
}

fn shares(totals: &Totals) -> String {
    let share =
        |permille: Option<u16>| permille.map_or_else(|| "not known".to_owned(), |p| percent(i64::from(p)));
    let used = totals.self_used_wh.map_or_else(
        || "not known".to_owned(),
        |wh| format!("{} kWh", kilowatt_hours(wh)),
    );
    let mut text = format!(
        "\nused here of what was made: {used} ({})\nmade here of what was used: {}\n",
        share(totals.self_consumption_permille),
        share(totals.self_sufficiency_permille)
    );
    if totals.missing > 0 {
        let known = format!("{} of {} quarters of an hour", totals.missing, totals.quarters);
        text.push_str(&format!(
            "not fully known, and so in no derived figure: {known}\n"
        ));
    }
    text
}

fn moment(kind: &str, at_ms: i64, zone: &Zone) -> String {
    let clock = zone.wall_clock(Instant::from_millis(at_ms));
    match kind {
        "day" => format!("{:02}:{:02}", clock.hour, clock.minute),
        "year" => format!("{:04}-{:02}", clock.date.year(), clock.date.month()),
        _ => clock.date.to_string(),
    }
}

/// Quarters put together by the hour on the wall. A figure of which a quarter is not known stays unknown.
fn by_hour(quarters: &[Part], zone: &Zone) -> Vec<Part> {
    let hour = |at_ms: i64| {
        let clock = zone.wall_clock(Instant::from_millis(at_ms));
        (clock.hour, clock.offset_minutes)
    };
    let mut hours: Vec<Part> = Vec::new();
    for quarter in quarters {
        match hours
            .last_mut()
            .filter(|last| hour(last.from_ms) == hour(quarter.from_ms))
        {
            Some(last) => add(&mut last.totals, &quarter.totals),
            None => hours.push(quarter.clone()),
        }
    }
    hours
}

fn add(sum: &mut Totals, more: &Totals) {
    let both = |a: Option<i64>, b: Option<i64>| Some(a?.saturating_add(b?));
    sum.production_wh = both(sum.production_wh, more.production_wh);
    sum.consumption_wh = both(sum.consumption_wh, more.consumption_wh);
    sum.import_wh = both(sum.import_wh, more.import_wh);
    sum.export_wh = both(sum.export_wh, more.export_wh);
    sum.charge_wh = both(sum.charge_wh, more.charge_wh);
    sum.discharge_wh = both(sum.discharge_wh, more.discharge_wh);
    if rank(&more.quality).cmp(&rank(&sum.quality)) == Ordering::Greater {
        sum.quality.clone_from(&more.quality);
    }
    for cause in &more.causes {
        if !sum.causes.contains(cause) {
            sum.causes.push(cause.clone());
        }
    }
}

/// How little is known: the larger, the less.
fn rank(quality: &str) -> u8 {
    match quality {
        "measured" => 0,
        "recovered" => 1,
        "estimated" => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use acts::look::EnergyView;
    use expect_test::expect;

    use super::super::out::Paint;
    use super::super::samples::{day, read, wall};
    use super::super::table::{WIDTH, letters};
    use super::show;

    #[test]
    fn a_day_is_shown_by_its_hours_and_a_gap_stays_a_gap() {
        let shown = show(&read(&day()), &wall().zone, Paint::Off);
        assert!(shown.lines().all(|line| letters(line) <= WIDTH), "{shown}");
        expect![[r#"
            Energy of 2026-06-16 in kWh
            FROM   MADE  USED  BOUGHT  SENT  STORED  TAKEN
            00:00  4.82  3.22    0.04  0.83    0.80   0.00
            01:00     -  3.22    0.04  0.83    0.80   0.00  missing
            whole  1.20  0.81    0.01  0.21    0.20   0.00  missing

            used here of what was made: 1.00 kWh (82.7 %)
            made here of what was used: 98.8 %
            not fully known, and so in no derived figure: 1 of 8 quarters of an hour
        "#]]
        .assert_eq(&shown);
    }

    #[test]
    fn a_week_is_shown_by_its_days_and_a_year_by_its_months() {
        let first = day().parts.swap_remove(0);
        let of = |kind| EnergyView {
            kind,
            parts: vec![first.clone()],
            ..day()
        };
        let week = show(&read(&of("week")), &wall().zone, Paint::Off);
        assert!(week.contains("\n2026-06-16  1.20"), "{week}");
        let year = show(&read(&of("year")), &wall().zone, Paint::Off);
        assert!(year.contains("\n2026-06  1.20"), "{year}");
    }

    #[test]
    fn a_time_that_lies_ahead_says_nothing() {
        let ahead = EnergyView {
            parts: Vec::new(),
            ..day()
        };
        let shown = show(&read(&ahead), &wall().zone, Paint::Off);
        assert_eq!(
            shown,
            "Energy of 2026-06-16 in kWh\nnothing: this time is still ahead\n"
        );
    }
}
