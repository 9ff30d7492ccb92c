//! `hearth status`: power now, buses, troubles, tasks, store.

use acts::site::whole_years;
use system::client::Client;
use units::Instant;

use super::answers::{Backup, Bus, Kept, Power, Status, Store, Task, Trouble};
use super::moment::{Wall, ago, length};
use super::number::{grouped, percent, size};
use super::out::{Form, Out, Paint, Tone, tone_of};
use super::table::{Cell, Stand, Table, hang};
use super::{Fault, zone};

pub(super) async fn answer(client: &Client, out: &mut Out) -> Result<(), Fault> {
    let answer = client.status().await?;
    if out.form == Form::Json {
        return out.line(&answer);
    }
    let status: Status = serde_json::from_str(&answer)?;
    let wall = Wall {
        zone: zone(&status.time_zone)?,
        now: Instant::from_millis(status.now_ms),
    };
    out.text(&show(&status, &wall, out.paint))
}

fn show(status: &Status, wall: &Wall, paint: Paint) -> String {
    let head = format!("{}: Hearth {}", status.place, status.version);
    let running = length(status.now_ms.saturating_sub(status.started_ms));
    let parts = [
        paint.put(Tone::Strong, &head) + "\n",
        format!(
            "{} ({}), running for {running}\n",
            wall.date_time(status.now_ms),
            status.time_zone
        ),
        troubles(&status.troubles, paint),
        power(&status.power, wall, paint),
        buses(&status.buses, paint),
        tasks(&status.tasks, paint),
        store(&status.store, wall, paint),
        backups(&status.store.backup, wall, paint),
    ];
    parts.concat()
}

fn troubles(troubles: &[Trouble], paint: Paint) -> String {
    let mut text = heading("Troubles", paint);
    if troubles.is_empty() {
        return text + "  nothing\n";
    }
    for trouble in troubles {
        let (mark, tone) = if trouble.must_act {
            ("!", Tone::Bad)
        } else {
            ("-", Tone::Warn)
        };
        let lead = format!("  {mark} {}: ", trouble.about);
        let hung = hang(&lead, &trouble.sentence);
        text.push_str(&hung.replacen(&lead, &paint.put(tone, &lead), 1));
    }
    text
}

fn power(power: &Power, wall: &Wall, paint: Paint) -> String {
    let measured = power
        .measured_ms
        .map(|at| format!(", measured {}", ago(wall.now, at)))
        .unwrap_or_default();
    let mut text = heading(&format!("Power now{measured}"), paint);
    let rows = [
        (true, "building uses", power.consumption_w),
        (power.has_production, "roof makes", power.production_w),
        (power.roof_draws_w.is_some(), "roof draws", power.roof_draws_w),
        (power.has_grid, "bought from the street", power.import_w),
        (power.has_grid, "sent out to the street", power.export_w),
        (power.has_battery, "into the battery", power.charge_w),
        (power.has_battery, "out of the battery", power.discharge_w),
    ];
    let mut table = Table::bare(&[Stand::Left, Stand::Right]);
    for (_, words, watts) in rows.into_iter().filter(|row| row.0) {
        table.row([
            words.into(),
            watts
                .map_or_else(|| "not known".to_owned(), |watts| format!("{watts} W"))
                .into(),
        ]);
    }
    if let Some(permille) = power.battery_permille {
        table.row(["battery is full to".into(), percent(permille).into()]);
    }
    text.push_str(&table.show(paint));
    if power.roof_asleep {
        text.push_str("  The roof sleeps until morning.\n");
    }
    for (label, since, why) in &power.missing {
        let since = since.map_or_else(
            || "no word yet".to_owned(),
            |at| format!("last word {}", ago(wall.now, at)),
        );
        text.push_str(&hang(
            &format!("  missing: {label}, "),
            &format!("{since}: {why}"),
        ));
    }
    text
}

fn buses(buses: &[Bus], paint: Paint) -> String {
    let mut text = heading("Buses", paint);
    if buses.is_empty() {
        return text + "  nothing: site.toml names no bus\n";
    }
    let mut table = Table::new(&[
        ("BUS", Stand::Left),
        ("STATE", Stand::Left),
        ("ASKED", Stand::Right),
        ("GOOD", Stand::Right),
        ("REFUSED", Stand::Right),
        ("BUSY", Stand::Right),
    ])
    .inset();
    for bus in buses {
        let state = if bus.down.is_some() { "down" } else { "up" };
        let good = bus.answered.saturating_mul(1_000).checked_div(bus.asked);
        let good = good
            .and_then(|permille| i64::try_from(permille).ok())
            .map_or_else(|| "-".to_owned(), percent);
        table.row([
            bus.name.as_str().into(),
            Cell::toned(tone_of(state), state),
            grouped(bus.asked).into(),
            good.into(),
            grouped(bus.refused).into(),
            percent(i64::from(bus.busy_permille)).into(),
        ]);
    }
    text.push_str(&table.show(paint));
    for bus in buses {
        text.push_str(&hang(&format!("  {} is ", bus.name), &bus.wire));
        if let Some(why) = &bus.down {
            text.push_str(&hang(&format!("  {} is down: ", bus.name), why));
        }
    }
    text
}

fn tasks(tasks: &[Task], paint: Paint) -> String {
    let running = tasks.iter().filter(|task| task.running).count();
    let mut text = heading("Tasks", paint);
    text.push_str(&format!("  {running} of {} run\n", tasks.len()));
    for task in tasks.iter().filter(|task| !task.running || task.restarts > 0) {
        let state = if task.running { "runs" } else { "stopped" };
        let why = task.last_error.as_deref().unwrap_or("no fault was told");
        let words = format!("{state}, started again {} times; last: {why}", task.restarts);
        text.push_str(&hang(&format!("  {}: ", task.name), &words));
    }
    text
}

fn store(store: &Store, wall: &Wall, paint: Paint) -> String {
    let last = match store.last_commit_ms {
        Some(at) => format!("last commit {} in {} ms", ago(wall.now, at), store.commit_took_ms),
        None => "no commit yet".to_owned(),
    };
    let card = store
        .card_bytes
        .map(|bytes| format!("; sent to the card: {}", size(bytes)));
    let words = format!(
        "{} in the file; {last}; commits since the start: {}{}; readings waiting in memory: {}",
        size(store.file_bytes),
        grouped(store.commits),
        card.unwrap_or_default(),
        grouped(store.waiting),
    );
    let mut text = heading("Store", paint) + &hang("  ", &words) + &hang("  ", &kept(&store.kept));
    if let Some(trouble) = &store.trouble {
        text.push_str(&hang("  ! ", trouble));
    }
    text
}

/// How long what was read is kept.
fn kept(kept: &Kept) -> String {
    let long = |days: Option<i64>| match days {
        None => "for ever".to_owned(),
        Some(days) => match whole_years(days) {
            Some(1) => "for 1 year".to_owned(),
            Some(years) => format!("for {years} years"),
            None => format!("for {days} days"),
        },
    };
    format!(
        "readings are kept {}, minutes {}, quarters of an hour and longer and the ledger for ever",
        long(kept.readings_days),
        long(kept.minutes_days)
    )
}

/// What is wrong with them stands among the troubles.
fn backups(backup: &Backup, wall: &Wall, paint: Paint) -> String {
    let mut text = heading("Backups", paint);
    if backup.places.is_empty() {
        return text + "  none are made: site.toml names no place for them\n";
    }
    for place in &backup.places {
        let newest = match place.newest_ms {
            Some(at) => format!(
                "the newest is from {}; there are {}",
                ago(wall.now, at),
                place.count
            ),
            None => "there is none yet".to_owned(),
        };
        text.push_str(&hang(&format!("  {}: ", place.place), &newest));
    }
    if backup.running {
        text.push_str("  One is being made now.\n");
    }
    text
}

fn heading(words: &str, paint: Paint) -> String {
    format!("\n{}\n", paint.put(Tone::Strong, words))
}

#[cfg(test)]
mod tests {
    use acts::look::{BoxView, PowerView};
    use expect_test::expect;
    use system::control::StatusView;

    use super::super::out::Paint;
    use super::super::samples::{self, NOW_MS, read, wall};
    use super::super::table::{WIDTH, letters};
    use super::show;

    fn shown(status: &StatusView) -> String {
        let shown = show(&read(status), &wall(), Paint::Off);
        assert!(shown.lines().all(|line| letters(line) <= WIDTH), "{shown}");
        shown
    }

    #[test]
    fn status_shows_the_whole_box() {
        expect![[r#"
            Old Fire Station: Hearth 0.1.0
            2026-06-16 14:03:22 (Europe/London), running for 3 days 4 h

            Troubles
              ! bus cupboard: the adapter is gone. Plug it in again; what was stored is safe
              - clock: the box's time came from the meter's last reading

            Power now, measured 1 s ago
              building uses           1954 W
              roof makes              3204 W
              bought from the street     0 W
              sent out to the street    50 W
              into the battery        1200 W
              out of the battery         0 W
              battery is full to      54.2 %

            Buses
              BUS       STATE      ASKED    GOOD  REFUSED    BUSY
              network   up     1,234,567  99.8 %      367  41.2 %
              cupboard  down   1,234,567  99.8 %      367  41.2 %
              network is serial /dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A10K-if00-port0,
                         9600 baud 8N1
              cupboard is serial /dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A10K-if00-port0,
                          9600 baud 8N1
              cupboard is down: no such port; is the adapter plugged in?

            Tasks
              1 of 2 run
              bus cupboard: stopped, started again 3 times; last: the port went away

            Store
              12.3 MB in the file; last commit 3 s ago in 12 ms; commits since the start:
              21,400; sent to the card: 98.8 MB; readings waiting in memory: 40
              readings are kept for 90 days, minutes for 5 years, quarters of an hour and
              longer and the ledger for ever

            Backups
              none are made: site.toml names no place for them
        "#]]
        .assert_eq(&shown(&samples::status()));
    }

    #[test]
    fn a_box_with_nothing_says_nothing() {
        let status = samples::status();
        let empty = StatusView {
            the_box: BoxView {
                buses: Vec::new(),
                tasks: Vec::new(),
                troubles: Vec::new(),
                ..status.the_box
            },
            power: PowerView {
                measured_ms: None,
                consumption_w: None,
                has_production: false,
                has_battery: false,
                has_grid: false,
                battery_permille: None,
                ..status.power
            },
            ..status
        };
        expect![[r#"
            Old Fire Station: Hearth 0.1.0
            2026-06-16 14:03:22 (Europe/London), running for 3 days 4 h

            Troubles
              nothing

            Power now
              building uses  not known

            Buses
              nothing: site.toml names no bus

            Tasks
              0 of 0 run

            Store
              12.3 MB in the file; last commit 3 s ago in 12 ms; commits since the start:
              21,400; sent to the card: 98.8 MB; readings waiting in memory: 40
              readings are kept for 90 days, minutes for 5 years, quarters of an hour and
              longer and the ledger for ever

            Backups
              none are made: site.toml names no place for them
        "#]]
        .assert_eq(&shown(&empty));
    }

    #[test]
    fn at_night_the_roof_sleeps_and_who_is_missing_is_named() {
        let status = samples::status();
        let why = "no answer came in time, which may be a loose wire between the meter and the adapter";
        let missing = vec![
            (
                "Meter at the street".to_owned(),
                Some(NOW_MS - 125_000),
                why.to_owned(),
            ),
            ("Battery".to_owned(), None, "it has not answered yet".to_owned()),
        ];
        let power = PowerView {
            roof_asleep: true,
            roof_draws_w: Some(14),
            missing,
            consumption_w: None,
            ..status.power
        };
        let text = shown(&StatusView { power, ..status });
        let power: Vec<&str> = text
            .lines()
            .skip_while(|line| !line.starts_with("Power now"))
            .take(15)
            .collect();
        expect![[r#"
            Power now, measured 1 s ago
              building uses           not known
              roof makes                 3204 W
              roof draws                   14 W
              bought from the street        0 W
              sent out to the street       50 W
              into the battery           1200 W
              out of the battery            0 W
              battery is full to         54.2 %
              The roof sleeps until morning.
              missing: Meter at the street, last word 2 min 5 s ago: no answer came in time,
                                            which may be a loose wire between the meter and
                                            the adapter
              missing: Battery, no word yet: it has not answered yet

        "#]]
        .assert_eq(&(power.join("\n") + "\n"));
    }
}
