//! A wire in memory with a device at its end whose replies meet faults, in virtual time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bus::{Connecting, Connector, Framing, Port};
use devices::frame::{Reply, Request, rtu, tcp};
use simulator::fault::Faults;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf};
use tokio::task::JoinSet;

/// What a device answers.
pub(crate) type Answer = Arc<dyn Fn(&Request) -> Option<Reply> + Send + Sync>;

/// From the question to the first byte of an ordinary answer.
const TURNAROUND: Duration = Duration::from_millis(20);

/// A line whose device lives in this process; every connection gets a fresh one with the same faults.
pub(crate) struct FaultyLine {
    framing: Framing,
    faults: Arc<Mutex<Faults>>,
    answer: Answer,
    peers: JoinSet<()>,
}

impl FaultyLine {
    pub(crate) fn new(
        framing: Framing,
        faults: Arc<Mutex<Faults>>,
        answer: impl Fn(&Request) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        Self {
            framing,
            faults,
            answer: Arc::new(answer),
            peers: JoinSet::new(),
        }
    }
}

impl Connector for FaultyLine {
    fn describe(&self) -> String {
        "a faulty line".to_owned()
    }

    fn framing(&self) -> Framing {
        self.framing
    }

    fn connect(&mut self) -> Connecting<'_> {
        let (near, far) = tokio::io::duplex(65_536);
        self.peers = peer(
            far,
            self.framing,
            Arc::clone(&self.faults),
            Arc::clone(&self.answer),
        );
        Box::pin(async move {
            let port: Box<dyn Port> = Box::new(near);
            Ok(port)
        })
    }
}

/// Starts a device at the far end of a wire; it ends when this is dropped.
pub(crate) fn peer(
    far: DuplexStream,
    framing: Framing,
    faults: Arc<Mutex<Faults>>,
    answer: Answer,
) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    let (questions, replies) = tokio::io::split(far);
    tasks.spawn(serve(
        questions,
        Arc::new(tokio::sync::Mutex::new(replies)),
        framing,
        faults,
        answer,
    ));
    tasks
}

/// Answers until the wire ends. Each delivery goes its own way, so that a late reply does not hold up the next.
async fn serve(
    mut questions: ReadHalf<DuplexStream>,
    replies: Arc<tokio::sync::Mutex<WriteHalf<DuplexStream>>>,
    framing: Framing,
    faults: Arc<Mutex<Faults>>,
    answer: Answer,
) {
    let mut under_way = JoinSet::new();
    let mut frame = vec![
        0;
        if framing == Framing::Tcp {
            tcp::REQUEST_BYTES
        } else {
            rtu::REQUEST_BYTES
        }
    ];
    while questions.read_exact(&mut frame).await.is_ok() {
        let (number, request) = match framing {
            Framing::Tcp => tcp::decode_request(&frame).expect("the master asks well"),
            _ => (0, rtu::decode_request(&frame).expect("the master asks well")),
        };
        let Some(reply) = answer(&request) else { continue };
        let bytes = match framing {
            Framing::Tcp => tcp::encode_reply(number, request.unit, request.function.code(), &reply),
            _ => rtu::encode_reply(request.unit, request.function.code(), &reply),
        };
        let deliveries = faults.lock().expect("nobody panics with it").deliveries(bytes);
        for delivery in deliveries {
            let replies = Arc::clone(&replies);
            under_way.spawn(async move {
                let after: Duration = delivery.after.into();
                tokio::time::sleep(TURNAROUND + after).await;
                let _the_line_is_gone = replies.lock().await.write_all(&delivery.bytes).await;
            });
        }
        while under_way.try_join_next().is_some() {}
    }
}
