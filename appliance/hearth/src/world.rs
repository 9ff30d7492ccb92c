//! The world that acts set in motion: the site's file, the buses, the reload. Implements `acts::Effects`.

use std::path::PathBuf;
use std::sync::Arc;

use acts::{BoxName, Direction, Doors, Effects, Frame, Frames, Later, RawRead};
use devices::frame::Request;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc, oneshot};
use units::{DeviceName, Instant};

use crate::backups::Backups;
use crate::buses::BusTable;
use crate::doors::{self, Keeper};
use crate::{clock, site_file, state};

/// An order to read `site.toml` again, and where its outcome is told.
pub type ReloadOrder = oneshot::Sender<Result<String, String>>;

/// Fills `bytes` with what nobody can foresee.
pub fn draw(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("invariant: the system gives random bytes from its start on");
}

/// The world as the running box knows it.
pub struct World {
    /// Where `site.toml` lies.
    pub site: PathBuf,
    /// The running buses.
    pub buses: BusTable,
    /// Where orders to reload go.
    pub reload: mpsc::Sender<ReloadOrder>,
    /// The doors.
    pub doors: Arc<Keeper>,
    /// The task that makes backups.
    pub backups: Backups,
}

impl World {
    fn bus(&self, name: &DeviceName) -> Result<bus::BusHandle, String> {
        self.buses
            .get(name)
            .ok_or_else(|| format!("there is no bus called {name}. `hearth status` lists them"))
    }
}

impl Effects for World {
    fn random(&self, bytes: &mut [u8]) {
        draw(bytes);
    }

    fn now(&self) -> Instant {
        clock::now()
    }

    fn site_text(&self) -> Result<String, String> {
        site_file::read(&self.site).map_err(|error| format!("{} {error}", self.site.display()))
    }

    fn write_site(&self, text: &str) -> Result<(), String> {
        state::replace(&self.site, text).map_err(|error| {
            format!(
                "{} cannot be written: {error}. Nothing was changed",
                self.site.display()
            )
        })
    }

    fn reload(&self) -> Later<'_, Result<String, String>> {
        Box::pin(async move {
            let stopping = |_| "the box is being stopped".to_owned();
            let (order, outcome) = oneshot::channel();
            self.reload
                .send(order)
                .await
                .map_err(|_| "the box is being stopped".to_owned())?;
            outcome.await.map_err(stopping)?
        })
    }

    fn read(&self, question: RawRead) -> Later<'_, Result<Vec<u16>, String>> {
        Box::pin(async move {
            let RawRead {
                bus,
                unit,
                function,
                address,
                count,
            } = question;
            let request = Request {
                unit,
                function,
                address,
                count,
            };
            self.bus(&bus)?
                .read(request)
                .await
                .map_err(|error| error.to_string())
        })
    }

    fn watch(&self, name: &DeviceName) -> Result<Box<dyn Frames>, String> {
        Ok(Box::new(Seen(self.bus(name)?.watch())))
    }

    fn back_up(&self) -> Result<(), String> {
        self.backups.make_one()
    }

    fn doors(&self) -> Arc<Doors> {
        self.doors.doors()
    }

    fn name_is_taken<'a>(&'a self, name: &'a BoxName) -> Later<'a, bool> {
        Box::pin(doors::is_taken(name))
    }

    fn take_name(&self, name: &BoxName) -> Result<(), String> {
        self.doors.take_name(name)
    }
}

/// Frames of a bus, for acts.
struct Seen(broadcast::Receiver<bus::SeenFrame>);

impl Frames for Seen {
    fn next(&mut self) -> Later<'_, Result<Frame, RecvError>> {
        Box::pin(async { self.0.recv().await.map(view) })
    }
}

fn view(frame: bus::SeenFrame) -> Frame {
    Frame {
        at: frame.at,
        gap_us: u64::try_from(frame.gap.as_micros()).unwrap_or(u64::MAX),
        direction: match frame.direction {
            bus::Direction::Sent => Direction::Sent,
            bus::Direction::Received => Direction::Received,
            bus::Direction::Refused => Direction::Refused,
        },
        bytes: frame.bytes,
        words: frame.words,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use acts::Frames;
    use tokio::sync::broadcast;
    use tokio::sync::broadcast::error::RecvError;
    use units::Instant;

    use super::Seen;

    #[tokio::test]
    async fn a_slow_watcher_is_told_how_many_frames_it_missed() {
        let (frames, receiver) = broadcast::channel(2);
        let mut seen = Seen(receiver);
        for unit in 1..=5 {
            let frame = bus::SeenFrame {
                at: Instant::from_millis(0),
                gap: Duration::ZERO,
                direction: bus::Direction::Sent,
                bytes: vec![unit],
                words: String::new(),
            };
            frames.send(frame).expect("somebody watches");
        }
        drop(frames);
        assert_eq!(seen.next().await, Err(RecvError::Lagged(3)));
        let bytes = |frame: acts::Frame| frame.bytes;
        assert_eq!(seen.next().await.map(bytes), Ok(vec![4]));
        assert_eq!(seen.next().await.map(bytes), Ok(vec![5]));
        assert_eq!(seen.next().await, Err(RecvError::Closed));
    }
}
