//! One owner for everything that lives longer than a request: tasks by name, started again when they end.
//!
//! A task that ends or panics is started again after a pause that grows; one that ran well for a while gets a
//! fresh start. One task that fails never stops the others. The decision is pure and has the tests.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
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

/// The table of tasks, as pages show it.
#[derive(Debug, Clone, Default)]
pub struct TaskTable(Arc<Mutex<BTreeMap<String, TaskLive>>>);

impl TaskTable {
    /// Every task as it is now.
    pub fn tasks(&self) -> Vec<TaskLive> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .values()
            .cloned()
            .collect()
    }

    fn change(&self, name: &str, change: impl FnOnce(&mut TaskLive)) {
        let mut tasks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || TaskLive {
            name: name.to_owned(),
            running: false,
            restarts: 0,
            last_error: None,
        };
        change(tasks.entry(name.to_owned()).or_insert_with(fresh));
    }

    fn remove(&self, name: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

/// The owner of tasks.
#[derive(Debug)]
pub struct Supervisor {
    stop: CancellationToken,
    table: TaskTable,
    tasks: JoinSet<String>,
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
        let table = self.table.clone();
        let name = name.to_owned();
        self.tasks.spawn(async move {
            keep(&name, &table, stop, make).await;
            table.remove(&name);
            name
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

async fn keep<F>(
    name: &str,
    table: &TaskTable,
    stop: CancellationToken,
    mut make: impl FnMut(CancellationToken) -> F,
) where
    F: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let mut failures = 0;
    loop {
        table.change(name, |task| task.running = true);
        let began = tokio::time::Instant::now();
        let mut run = JoinSet::new();
        run.spawn(make(stop.clone()));
        let ended = run.join_next().await;
        if stop.is_cancelled() {
            return;
        }
        let why = match ended {
            Some(Ok(Err(error))) => format!("{error:#}"),
            Some(Err(error)) => format!("it broke down: {error}"),
            _ => "it ended by itself".to_owned(),
        };
        let pause;
        (failures, pause) = restart(failures, began.elapsed());
        tracing::error!(
            task.name = name,
            error = why,
            pause_s = pause.as_secs(),
            "a task ended; it is started again"
        );
        table.change(name, |task| {
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
}
