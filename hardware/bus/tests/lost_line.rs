//! A line that cannot be opened is tried less and less, and nobody who asks meanwhile makes it be tried more often.

use std::io;
use std::sync::{Arc, Mutex};

use bus::{BusError, Client, Connecting, Connector, Framing, Pace, PolledDevice, Poller};
use devices::frame::{Function, Request};
use devices::plan::{Direction, LineCost, Plan, PlanOptions};
use devices::profile;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant as Tick;
use tokio_util::sync::CancellationToken;
use units::{DeviceName, Instant, Span};

/// When somebody tried to open the line, in seconds since the beginning.
type Tries = Arc<Mutex<Vec<u64>>>;

/// A port that is not there.
struct Unplugged {
    began: Tick,
    tries: Tries,
}

impl Connector for Unplugged {
    fn describe(&self) -> String {
        "the port of a test".to_owned()
    }

    fn framing(&self) -> Framing {
        Framing::serial(9_600, 10, None, Pace::Timer)
    }

    fn connect(&mut self) -> Connecting<'_> {
        let tried = self.began.elapsed().as_secs();
        self.tries.lock().expect("nobody panics with it").push(tried);
        Box::pin(async { Err(io::ErrorKind::NotFound.into()) })
    }
}

fn meter() -> PolledDevice {
    let name = DeviceName::parse("meter").expect("a good name");
    let profile = profile::find("eastron-sdm120").expect("it is built in");
    let options = PlanOptions {
        unit: 1,
        fast: Span::SECOND,
        slow: Span::MINUTE,
        reversed: Direction::Usual,
    };
    let cost = LineCost {
        byte_us: 1_042,
        overhead_bytes: 20,
        turnaround_us: 20_000,
    };
    PolledDevice {
        plan: Plan::new(&name, profile, options, cost),
        name,
        unit: 1,
        worst_latency: Span::SECOND,
        pause_after_other: Span::ZERO,
        pause_between: Span::ZERO,
        pause_after_connect: Span::ZERO,
    }
}

#[tokio::test(start_paused = true)]
async fn a_port_that_is_not_there_is_tried_less_and_less_whoever_asks() {
    let (began, tries) = (Tick::now(), Tries::default());
    let utc: Arc<dyn Fn() -> Instant + Send + Sync> =
        Arc::new(move || Instant::from_millis(0) + Span::from(began.elapsed()));
    let port = Unplugged {
        began,
        tries: Arc::clone(&tries),
    };
    let (sender, mut updates) = mpsc::channel(16);
    let client = Client::new(Box::new(port), Arc::clone(&utc));
    let (poller, handle) = Poller::new(client, vec![meter()], sender, utc);
    let stop = CancellationToken::new();
    let mut tasks = JoinSet::new();
    tasks.spawn(poller.run(stop.clone()));
    tasks.spawn(async move { while updates.recv().await.is_some() {} });
    let question = Request {
        unit: 1,
        function: Function::Input,
        address: 0,
        count: 2,
    };
    while began.elapsed().as_secs() < 180 {
        let answer = handle.read(question).await;
        assert!(
            matches!(&answer, Err(BusError::Wire(why)) if why.contains("no such port")),
            "{answer:?}"
        );
    }
    assert!(handle.health().borrow().down.is_some());
    stop.cancel();
    while tasks.join_next().await.is_some() {}
    let tries = tries.lock().expect("nobody panics with it").clone();
    let gaps: Vec<u64> = tries.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let least = [1, 2, 4, 8, 16, 20, 20, 20];
    assert!(gaps.len() >= least.len(), "{gaps:?}");
    for (gap, least) in gaps.iter().zip(least.into_iter().chain(std::iter::repeat(20))) {
        assert!((least..=least + 2).contains(gap), "{gaps:?}");
    }
}
