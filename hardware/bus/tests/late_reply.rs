//! The first test of the project: one reply that comes too late must never be taken for the answer to another
//! question. Beside it, what bare tokio-modbus does with the same line.

use std::sync::Arc;
use std::time::Duration;

use bus::{Client, Connecting, Connector, Framing, Pace, Port};
use devices::frame::{Function, Reply, Request, rtu, tcp};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_modbus::client::Reader;
use units::Instant;

/// A device whose register holds its own address, and whose first reply is late.
async fn device(mut wire: DuplexStream, framing: Framing, late: Duration) {
    let mut first = true;
    loop {
        let mut frame = vec![
            0;
            if framing == Framing::Tcp {
                tcp::REQUEST_BYTES
            } else {
                rtu::REQUEST_BYTES
            }
        ];
        if wire.read_exact(&mut frame).await.is_err() {
            return;
        }
        let (number, request) = match framing {
            Framing::Tcp => tcp::decode_request(&frame).expect("a good request"),
            _ => (0, rtu::decode_request(&frame).expect("a good request")),
        };
        let words = (request.address..request.address + request.count).collect();
        let reply = match framing {
            Framing::Tcp => tcp::encode_reply(
                number,
                request.unit,
                request.function.code(),
                &Reply::Words(words),
            ),
            _ => rtu::encode_reply(request.unit, request.function.code(), &Reply::Words(words)),
        };
        if std::mem::take(&mut first) {
            // The device works on the first answer in the background and meanwhile takes new questions.
            let (mine, theirs) = tokio::io::split(wire);
            let mut theirs = theirs;
            sleep(late).await;
            if theirs.write_all(&reply).await.is_err() {
                return;
            }
            wire = mine.unsplit(theirs);
            continue;
        }
        sleep(Duration::from_millis(10)).await;
        if wire.write_all(&reply).await.is_err() {
            return;
        }
    }
}

/// A line on which only the first connection's device is late.
struct LateLine {
    framing: Framing,
    late: Duration,
    connections: usize,
    devices: JoinSet<()>,
}

impl Connector for LateLine {
    fn describe(&self) -> String {
        "a late line".to_owned()
    }

    fn framing(&self) -> Framing {
        self.framing
    }

    fn connect(&mut self) -> Connecting<'_> {
        let late = if self.connections == 0 {
            self.late
        } else {
            Duration::from_millis(10)
        };
        self.connections += 1;
        let (near, far) = tokio::io::duplex(4_096);
        self.devices.spawn(device(far, self.framing, late));
        Box::pin(async move {
            let port: Box<dyn Port> = Box::new(near);
            Ok(port)
        })
    }
}

fn rtu_line() -> Framing {
    Framing::serial(9_600, 10, None, Pace::Timer)
}

/// Reads twenty different registers and tells how many answers were wrong, right and missing.
async fn twenty_reads(framing: Framing, late: Duration) -> (usize, usize, usize) {
    let line = LateLine {
        framing,
        late,
        connections: 0,
        devices: JoinSet::new(),
    };
    let mut client = Client::new(Box::new(line), Arc::new(|| Instant::from_millis(0)));
    let (mut wrong, mut right, mut missing) = (0, 0, 0);
    for address in 0..20 {
        let request = Request {
            unit: 1,
            function: Function::Input,
            address: address * 100,
            count: 2,
        };
        match client
            .read(request, Duration::from_millis(200), Duration::from_secs(1))
            .await
        {
            Ok(answer) if answer.reply == Ok(vec![address * 100, address * 100 + 1]) => right += 1,
            Ok(_) => wrong += 1,
            Err(_) => missing += 1,
        }
    }
    (wrong, right, missing)
}

#[tokio::test(start_paused = true)]
async fn one_late_reply_on_a_serial_line_harms_nothing_after_it() {
    assert_eq!(
        twenty_reads(rtu_line(), Duration::from_millis(250)).await,
        (0, 19, 1)
    );
}

#[tokio::test(start_paused = true)]
async fn one_late_reply_over_tcp_harms_nothing_after_it() {
    assert_eq!(
        twenty_reads(Framing::Tcp, Duration::from_millis(250)).await,
        (0, 19, 1)
    );
}

/// The same line without the guard: every one of the twenty reads after the late one is wrong.
#[tokio::test(start_paused = true)]
async fn bare_tokio_modbus_hands_out_the_wrong_values() {
    let (near, far) = tokio::io::duplex(4_096);
    let mut devices = JoinSet::new();
    devices.spawn(device(far, rtu_line(), Duration::from_millis(250)));
    let mut modbus = tokio_modbus::client::rtu::attach_slave(near, tokio_modbus::Slave(1));
    let mut wrong = 0;
    for address in 0..21 {
        let read = modbus.read_input_registers(address * 100, 2);
        match tokio::time::timeout(Duration::from_millis(200), read).await {
            Ok(Ok(Ok(words))) if words != vec![address * 100, address * 100 + 1] => wrong += 1,
            _ => {}
        }
    }
    assert_eq!(wrong, 20);
}
