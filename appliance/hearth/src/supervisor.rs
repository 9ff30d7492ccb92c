//! One owner for everything that lives longer than a request: tasks by name, started again when they end.
//!
//! A task that ends or panics is started again after a pause that grows; one that ran well for a while gets a
//! fresh start. One task that fails never stops the others. The decision is pure and has the tests.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use acts::live::TaskLive;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// The first pause; it doubles with each failure in a row.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause: whatever was wrong may be mended, and then the task should be back soon.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// A task that ran for so long was well, and its next failure is its first.
const WELL_AFTER: Duration = Duration::from_secs(120);
/// How long tasks may take to stop before they are named and left behind.
const DEADLINE: Duration = Duration::from_secs(8);

/// How long to pause before a task is started again that failed `in_a_row` times, the last time after `ran`.
/// Gives the failures that count now, and the pause.
pub fn restart(in_a_row: u32, ran: Duration) -> (u32, Duration) {
    let failures = if ran >= WELL_AFTER {
        1
    } else {
        in_a_row.saturating_add(1)
    };
    let doublings = failures.saturating_sub(1).min(6);
    (failures, (FIRST_PAUSE * 2_u32.pow(doublings)).min(LONGEST_PAUSE))
}

/// The table of tasks, as pages show it. A row belongs to whoever entered it last: after a reload the old task of a
/// name may still be ending while the new one runs.
#[derive(Debug, Clone, Default)]
pub struct TaskTable(Arc<Mutex<Rows>>);

#[derive(Debug, Default)]
struct Rows {
    tasks: BTreeMap<String, (u64, TaskLive)>,
    entered: u64,
}

/// One task's row.
#[derive(Debug, Clone)]
struct Row {
    table: TaskTable,
    name: String,
    number: u64,
}

impl TaskTable {
    /// Every task as it is now.
    pub fn tasks(&self) -> Vec<TaskLive> {
        self.rows().tasks.values().map(|(_, task)| task.clone()).collect()
    }

    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, name: &str) -> Row {
        let mut rows = self.rows();
        rows.entered += 1;
        let task = TaskLive {
            name: name.to_owned(),
            running: false,
            restarts: 0,
            last_error: None,
        };
        let number = rows.entered;
        rows.tasks.insert(name.to_owned(), (number, task));
        Row {
            table: self.clone(),
            name: name.to_owned(),
            number,
        }
    }
}

impl Row {
    fn change(&self, change: impl FnOnce(&mut TaskLive)) {
        let mut rows = self.table.rows();
        if let Some((number, task)) = rows.tasks.get_mut(&self.name)
            && *number == self.number
        {
            change(task);
        }
    }

    fn remove(&self) {
        let mut rows = self.table.rows();
        if rows.tasks.get(&self.name).is_some_and(|row| row.0 == self.number) {
            rows.tasks.remove(&self.name);
        }
    }
}

/// The owner of tasks.
#[derive(Debug)]
pub struct Supervisor {
    stop: CancellationToken,
    table: TaskTable,
    tasks: JoinSet<()>,
}

impl Supervisor {
    /// An owner without tasks; `stop` ends all of them.
    pub fn new(stop: CancellationToken) -> Self {
        Self {
            stop,
            table: TaskTable::default(),
            tasks: JoinSet::new(),
        }
    }

    /// The table of tasks.
    pub fn table(&self) -> TaskTable {
        self.table.clone()
    }

    /// Runs a task until `stop`, starting it again whenever it ends. `make` makes one run of it.
    pub fn keep<F>(
        &mut self,
        name: &str,
        stop: CancellationToken,
        make: impl FnMut(CancellationToken) -> F + Send + 'static,
    ) where
        F: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        let row = self.table.enter(name);
        self.tasks.spawn(async move {
            keep(&row, stop, make).await;
            row.remove();
        });
    }

    /// Waits until all tasks have ended after `stop`; those that do not are named.
    pub async fn join(mut self) {
        self.stop.cancelled().await;
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(DEADLINE, all).await.is_err() {
            for task in self.table.tasks() {
                tracing::warn!(task.name = task.name, "did not stop in time and is left behind");
            }
        }
    }
}

async fn keep<F>(row: &Row, stop: CancellationToken, mut make: impl FnMut(CancellationToken) -> F)
where
    F: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let mut failures = 0;
    loop {
        row.change(|task| task.running = true);
        let began = tokio::time::Instant::now();
        let mut run = JoinSet::new();
        run.spawn(make(stop.clone()));
        let ended = run.join_next().await;
        let failed = match ended {
            Some(Ok(Err(error))) => Some(format!("{error:#}")),
            Some(Err(error)) => Some(format!("it broke down: {error}")),
            _ => None,
        };
        if stop.is_cancelled() {
            if let Some(why) = failed {
                tracing::error!(task.name = row.name, error = why, "a task did not end well");
            }
            return;
        }
        let why = failed.unwrap_or_else(|| "it ended by itself".to_owned());
        let pause;
        (failures, pause) = restart(failures, began.elapsed());
        tracing::error!(
            task.name = row.name,
            error = why,
            pause_s = pause.as_secs(),
            "a task ended; it is started again"
        );
        row.change(|task| {
            (task.running, task.last_error) = (false, Some(why));
            task.restarts = task.restarts.saturating_add(1);
        });
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use tokio_util::sync::CancellationToken;

    use super::{Supervisor, restart};

    #[test]
    fn pauses_grow_and_are_forgotten_after_a_good_run() {
        assert_eq!(restart(0, Duration::ZERO), (1, Duration::from_secs(1)));
        assert_eq!(restart(3, Duration::from_secs(5)), (4, Duration::from_secs(8)));
        assert_eq!(restart(90, Duration::ZERO), (91, Duration::from_secs(60)));
        assert_eq!(restart(90, Duration::from_secs(200)), (1, Duration::from_secs(1)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_panics_is_started_again_and_the_others_go_on() {
        let stop = CancellationToken::new();
        let mut supervisor = Supervisor::new(stop.clone());
        let (starts, ticks) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let counted = Arc::clone(&starts);
        supervisor.keep("breaks", stop.clone(), move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            async { panic!("on purpose") }
        });
        let counted = Arc::clone(&ticks);
        supervisor.keep("works", stop.clone(), move |stop| {
            let ticks = Arc::clone(&counted);
            async move {
                while !stop.is_cancelled() {
                    ticks.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
                Ok(())
            }
        });
        tokio::time::sleep(Duration::from_secs(10)).await;
        assert_eq!(starts.load(Ordering::Relaxed), 4, "after 0, 1, 3 and 7 seconds");
        assert!(ticks.load(Ordering::Relaxed) >= 9);
        let broken = supervisor.table().tasks().remove(0);
        assert_eq!((broken.name.as_str(), broken.restarts), ("breaks", 4));
        stop.cancel();
        supervisor.join().await;
    }

    #[tokio::test(start_paused = true)]
    async fn the_end_of_a_replaced_task_does_not_take_the_new_ones_row() {
        let stop = CancellationToken::new();
        let mut supervisor = Supervisor::new(stop.clone());
        for _ in 0..2 {
            let replaced = stop.child_token();
            supervisor.keep("bus cupboard", replaced.clone(), |stop| async move {
                stop.cancelled().await;
                Ok(())
            });
            replaced.cancel();
        }
        supervisor.keep("bus cupboard", stop.clone(), |stop| async move {
            stop.cancelled().await;
            Ok(())
        });
        tokio::time::sleep(Duration::from_secs(1)).await;
        let tasks = supervisor.table().tasks();
        assert!(tasks.len() == 1 && tasks[0].running, "{tasks:?}");
        stop.cancel();
        supervisor.join().await;
    }
}
