//! The box's parts as its page shows them.

use acts::look::{AuditView, BoxView, BusView, KeptView, TaskView};
use acts::site::whole_years;
use energy::calendar::Zone;
use units::{Instant, Span};

use crate::backup::newest;
use crate::show;
use crate::words::{say, say_with};

/// A fact with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    /// What it is.
    pub(crate) name: String,
    /// What it says.
    pub(crate) says: String,
}

/// One bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BusRow {
    /// Its name.
    pub(crate) name: String,
    /// What it is; empty where the reason why it is down says so already.
    pub(crate) wire: String,
    /// The class of its state in the style.
    pub(crate) class: &'static str,
    /// Whether it is up.
    pub(crate) state: String,
    /// Why it is down; empty while it is up.
    pub(crate) why: String,
    /// What came of its questions.
    pub(crate) told: String,
    /// How busy it is.
    pub(crate) busy: String,
}

/// One task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TaskRow {
    /// Its name.
    pub(crate) name: String,
    /// The class of its state in the style.
    pub(crate) class: &'static str,
    /// Whether it runs, how often it was started again and why.
    pub(crate) state: String,
}

/// One line of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ActRow {
    /// When.
    pub(crate) when: String,
    /// Who did what.
    pub(crate) what: String,
    /// To what and with what.
    pub(crate) detail: String,
}

impl BusRow {
    /// A bus as the page shows it.
    pub(crate) fn of(bus: &BusView) -> Self {
        let choosing = |count: u64| i64::try_from(count).unwrap_or(i64::MAX).into();
        let told = [
            ("asked", show::count(bus.asked).into()),
            ("answered", show::count(bus.answered).into()),
            ("silents", choosing(bus.silent)),
            ("silent", show::count(bus.silent).into()),
            ("refusals", choosing(bus.refused)),
            ("refused", show::count(bus.refused).into()),
            ("drains", choosing(bus.drained)),
            ("drained", show::count(bus.drained).into()),
        ];
        let down = bus.down.is_some();
        let why = bus.down.as_deref().map(show::sentence).unwrap_or_default();
        Self {
            name: bus.name.clone(),
            wire: if why.contains(&bus.wire) {
                String::new()
            } else {
                bus.wire.clone()
            },
            class: if down { "gone" } else { "healthy" },
            state: say(if down { "bus-down" } else { "bus-up" }),
            why,
            told: say_with("bus-told", told),
            busy: say_with(
                "bus-busy",
                [("share", show::percent(i64::from(bus.busy_permille)).into())],
            ),
        }
    }
}

/// Whether all parts of the program run, and which do not.
pub(crate) fn tasks_summary(tasks: &[TaskView]) -> String {
    let stopped = tasks.iter().filter(|task| !task.running);
    let names: Vec<&str> = stopped.map(|task| task.name.as_str()).collect();
    let whole = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let all = ("all", whole(tasks.len()).into());
    if names.is_empty() {
        return say_with("tasks-run", [all]);
    }
    let stopped = ("stopped", whole(names.len()).into());
    say_with(
        "tasks-stopped",
        [all, stopped, ("names", names.join(", ").into())],
    )
}

impl TaskRow {
    /// A task as the page shows it.
    pub(crate) fn of(task: &TaskView) -> Self {
        let why = task
            .last_error
            .as_deref()
            .map(show::within_sentence)
            .unwrap_or_default();
        let places = [("count", i64::from(task.restarts).into()), ("why", why.into())];
        let key = match (task.running, task.restarts, &task.last_error) {
            (true, 0, _) => "task-runs",
            (true, _, None) => "task-restarted",
            (true, _, Some(_)) => "task-restarted-why",
            (false, _, Some(_)) => "task-stopped-why",
            (false, _, None) => "task-stopped",
        };
        Self {
            name: task.name.clone(),
            class: if task.running { "healthy" } else { "gone" },
            state: say_with(key, places),
        }
    }
}

impl ActRow {
    /// A line of the record as the page shows it.
    pub(crate) fn of(line: &AuditView, zone: &Zone, now: Instant) -> Self {
        let what = say_with(
            "record-line",
            [
                ("who", line.actor.as_str().into()),
                ("what", line.sentence.as_str().into()),
            ],
        );
        let parts = [line.subject.as_str(), line.detail.as_str()];
        Self {
            when: show::moment(zone, now, Instant::from_millis(line.at_ms)),
            what: show::sentence(&what),
            detail: parts
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<&str>>()
                .join(": "),
        }
    }
}

/// The store and the card.
pub(crate) fn store(view: &BoxView, zone: &Zone, now: Instant) -> Vec<Fact> {
    let store = &view.store;
    let fact = |name: &str, says: String| Fact {
        name: say(name),
        says,
    };
    let last = store.last_commit_ms.map(|at| {
        let at = show::moment(zone, now, Instant::from_millis(at));
        say_with(
            "store-last-says",
            [("at", at.into()), ("took", store.commit_took_ms.into())],
        )
    });
    let mut facts = vec![
        fact(
            "store-state",
            store
                .trouble
                .as_deref()
                .map_or_else(|| say("store-well"), show::sentence),
        ),
        fact("store-last", last.unwrap_or_else(|| say("store-none-yet"))),
        fact("store-size", show::bytes(store.file_bytes)),
        fact("store-waiting", show::count(store.waiting)),
        fact("store-kept", kept(&store.kept)),
    ];
    facts.push(fact("card-writes", card_writes(view)));
    for place in &store.backup.places {
        facts.push(fact("box-backup", newest(place, zone, now)));
    }
    if store.backup.places.is_empty() {
        facts.push(fact("box-backup", say("box-backup-none")));
    }
    facts
}

/// How long what was read is kept.
fn kept(kept: &KeptView) -> String {
    let long = |days: Option<i64>| match days {
        None => say("kept-for-ever"),
        Some(days) => match whole_years(days) {
            Some(years) => say_with("kept-years", [("years", years.into())]),
            None => say_with("kept-days", [("days", days.into())]),
        },
    };
    let places = [
        ("readings", long(kept.readings_days).into()),
        ("minutes", long(kept.minutes_days).into()),
    ];
    say_with("store-kept-says", places)
}

/// How often readings are written down.
pub(crate) fn written_every(span: Span) -> Fact {
    Fact {
        name: say("store-every"),
        says: say_with(
            "store-every-says",
            [("seconds", (span.as_millis() / 1_000).into())],
        ),
    }
}

/// What goes to the card, and how much that would be in a day.
fn card_writes(view: &BoxView) -> String {
    let Some(bytes) = view.store.card_bytes else {
        return say("card-writes-unknown");
    };
    let since = u128::try_from(view.now_ms - view.started_ms).unwrap_or(0);
    let written = show::bytes(bytes);
    // Less than ten minutes say nothing about a day.
    if since < 600_000 {
        return say_with("card-writes-short", [("bytes", written.into())]);
    }
    let day = u128::from(bytes) * u128::from(Span::DAY.as_millis().unsigned_abs()) / since;
    let day = show::bytes(u64::try_from(day).unwrap_or(u64::MAX));
    say_with(
        "card-writes-says",
        [("bytes", written.into()), ("day", day.into())],
    )
}

/// The program itself.
pub(crate) fn about(view: &BoxView, zone: &Zone, now: Instant) -> Vec<Fact> {
    let started = Instant::from_millis(view.started_ms);
    let places = [
        ("at", show::moment(zone, now, started).into()),
        ("length", show::length(now.since(started)).into()),
    ];
    vec![
        Fact {
            name: say("about-version"),
            says: view.version.clone(),
        },
        Fact {
            name: say("about-started"),
            says: say_with("about-started-says", places),
        },
        Fact {
            name: say("about-time"),
            says: say_with(
                "about-time-says",
                [("time", clock(zone, now).into()), ("zone", zone.name().into())],
            ),
        },
    ]
}

fn clock(zone: &Zone, now: Instant) -> String {
    let day = show::long_day(zone.date_of(now));
    say_with(
        "moment-of-another-day",
        [("day", day.into()), ("time", show::clock(zone, now).into())],
    )
}

/// A box with two troubles, one of them grave.
#[cfg(test)]
pub(crate) fn sample() -> BoxView {
    use acts::look::{BackupView, KeptView, StoreView, TroubleView};
    let now = 1_781_615_400_000;
    let bus = |name: &str, wire: &str, down: Option<&str>| BusView {
        name: name.to_owned(),
        wire: wire.to_owned(),
        down: down.map(str::to_owned),
        asked: 12_430,
        answered: 12_420,
        silent: 7,
        refused: 3,
        drained: 16,
        busy_permille: 412,
    };
    let task = |name: &str, running, restarts, error: Option<&str>| TaskView {
        name: name.to_owned(),
        running,
        restarts,
        last_error: error.map(str::to_owned),
    };
    let trouble = |about: &str, sentence: &str, must_act| TroubleView {
        about: about.to_owned(),
        sentence: sentence.to_owned(),
        must_act,
    };
    BoxView {
        version: "0.1.0".to_owned(),
        place: "Easton Community Centre".to_owned(),
        now_ms: now,
        started_ms: now - 6 * 3_600_000,
        buses: vec![
            bus("cupboard", "serial /dev/ttyUSB0, 9600 baud 8N1", None),
            bus(
                "roof",
                "Modbus TCP at 192.0.2.7:502",
                Some("the connection was refused"),
            ),
        ],
        tasks: vec![
            task("recorder", true, 0, None),
            task("bus roof", true, 3, Some("the connection was refused")),
            task("clock", false, 0, None),
        ],
        store: StoreView {
            file_bytes: 48_234_496,
            last_commit_ms: Some(now - 4_000),
            commit_took_ms: 12,
            commits: 2_160,
            card_bytes: Some(31_457_280),
            waiting: 40,
            trouble: None,
            kept: KeptView {
                readings_days: Some(90),
                minutes_days: Some(5 * 366),
            },
            backup: BackupView::default(),
        },
        troubles: vec![
            trouble(
                "bus roof",
                "Nothing answers at 192.0.2.7:502. Look whether the inverter's network cable is in",
                true,
            ),
            trouble("clock", "The clock was set right by 3 minutes at 09:10", false),
        ],
    }
}

/// Two lines of the record.
#[cfg(test)]
pub(crate) fn record_sample() -> Vec<AuditView> {
    let line = |number, act: &str, sentence: &str, subject: &str, detail: &str| AuditView {
        number,
        at_ms: 1_781_600_000_000,
        actor: "somebody at the page".to_owned(),
        via: "page".to_owned(),
        act: act.to_owned(),
        sentence: sentence.to_owned(),
        subject: subject.to_owned(),
        detail: detail.to_owned(),
    };
    vec![
        line(
            2,
            "rename-device",
            "gave a device another name for people",
            "flat-1",
            "Flat <1> & hall",
        ),
        line(
            1,
            "reload",
            "made the box read its configuration again",
            "site.toml",
            "",
        ),
    ]
}
