//! The wire at its worst: late, lost, doubled, cut, split, shifted and flipped replies and noise, drawn from seeds,
//! in virtual time. What the guard lets through is compared with what each register holds; the same wire beneath
//! bare tokio-modbus shows what it would have taken. The ledger's part is in `ledger`.

mod ledger;
pub(crate) mod wire;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bus::{Client, Framing, Pace};
use devices::frame::{Function, Reply, Request};
use simulator::fault::{Fault, FaultKind, Faults, Rates};
use tokio_modbus::client::{Context, Reader};
use tokio_modbus::slave::{Slave, SlaveContext};
use units::Instant;

use wire::{FaultyLine, peer};

/// Transactions of each run, as the issue of this test asks.
const TRANSACTIONS: usize = 100_000;
/// Two replies of a hundred meet each kind of fault.
const RATE: u32 = 20_000;
const SEED: u64 = 20_261_123;
const PATIENCE: Duration = Duration::from_millis(200);
const WORST: Duration = Duration::from_secs(1);

/// What a register holds: a number that no other register of any unit holds, as far as 16 bits go.
fn word(request: &Request, address: u16) -> u16 {
    let mixed = u32::from(address).wrapping_mul(40_503) ^ (u32::from(request.unit) << 9);
    let [a, b, c, d] = mixed.to_be_bytes();
    u16::from_be_bytes([a ^ c, b ^ d])
}

fn truth(request: &Request) -> Vec<u16> {
    (request.address..request.address + request.count)
        .map(|address| word(request, address))
        .collect()
}

/// What the polling of a mixed bus asks: plans with blocks of different lengths, and now and then a technician's
/// question whose answer has the shape of another one.
fn question(number: usize) -> Request {
    let unit = [1, 2, 11, 12][number % 4];
    let blocks = [(0x0000, 80), (0x0156, 16), (0x015A, 12), (0x0034, 2), (0x0046, 4)];
    let (address, count) = match number % 97 {
        96 => (0x0048, 2),
        _ => blocks[(number / 4) % blocks.len()],
    };
    Request {
        unit,
        function: Function::Input,
        address,
        count,
    }
}

/// What came of many transactions.
#[derive(Debug, Default)]
struct Outcome {
    right: usize,
    missing: usize,
    wrong: BTreeMap<String, usize>,
}

impl Outcome {
    fn note(&mut self, request: &Request, words: Option<&[u16]>, last: Option<&Fault>) {
        match words {
            None => self.missing += 1,
            Some(words) if words == truth(request) => self.right += 1,
            Some(_) => {
                let kind = last.map_or("an earlier reply", |fault| fault.kind().name());
                *self.wrong.entry(kind.to_owned()).or_default() += 1;
            }
        }
    }

    fn wrong(&self) -> usize {
        self.wrong.values().sum()
    }
}

fn shared(rates: Rates) -> Arc<Mutex<Faults>> {
    Arc::new(Mutex::new(Faults::new(SEED, rates)))
}

fn rtu() -> Framing {
    Framing::serial(9_600, 10, None, Pace::Timer)
}

async fn guarded(framing: Framing, rates: Rates) -> Outcome {
    let faults = shared(rates);
    let line = FaultyLine::new(framing, Arc::clone(&faults), |request| {
        Some(Reply::Words(truth(request)))
    });
    let mut client = Client::new(Box::new(line), Arc::new(|| Instant::from_millis(0)));
    let mut outcome = Outcome::default();
    for number in 0..TRANSACTIONS {
        let request = question(number);
        let result = client.read(request, PATIENCE, WORST).await;
        let words = result.ok().and_then(|answered| answered.reply.ok());
        let last = faults.lock().expect("nobody panics with it").last().cloned();
        outcome.note(&request, words.as_deref(), last.as_ref());
    }
    outcome
}

async fn bare(framing: Framing, rates: Rates) -> Outcome {
    let faults = shared(rates);
    let (near, far) = tokio::io::duplex(65_536);
    let _peer = peer(
        far,
        framing,
        Arc::clone(&faults),
        Arc::new(|request| Some(Reply::Words(truth(request)))),
    );
    let mut modbus: Context = match framing {
        Framing::Tcp => tokio_modbus::client::tcp::attach_slave(near, Slave(1)),
        _ => tokio_modbus::client::rtu::attach_slave(near, Slave(1)),
    };
    let mut outcome = Outcome::default();
    for number in 0..TRANSACTIONS {
        let request = question(number);
        modbus.set_slave(Slave(request.unit));
        let read = modbus.read_input_registers(request.address, request.count);
        let words = tokio::time::timeout(PATIENCE, read)
            .await
            .ok()
            .and_then(Result::ok)
            .and_then(Result::ok);
        let last = faults.lock().expect("nobody panics with it").last().cloned();
        outcome.note(&request, words.as_deref(), last.as_ref());
    }
    outcome
}

#[tokio::test(start_paused = true)]
async fn on_a_serial_line_no_register_is_taken_for_another() {
    let outcome = guarded(rtu(), Rates::each(RATE)).await;
    println!("RTU, guarded, seed {SEED}: {outcome:?}");
    assert!(outcome.right > TRANSACTIONS / 2, "{outcome:?}");
    // A checksum of 16 bits lets one in 65,536 damaged frames through; no other kind may ever pass.
    let undetectable = outcome.wrong.get("flipped").copied().unwrap_or(0);
    assert!(undetectable <= 1, "{outcome:?}");
    assert_eq!(outcome.wrong(), undetectable, "{outcome:?}");
}

#[tokio::test(start_paused = true)]
async fn over_tcp_no_register_is_taken_for_another() {
    let outcome = guarded(Framing::Tcp, Rates::each(RATE).with(FaultKind::Flipped, 0)).await;
    println!("TCP, guarded, seed {SEED}: {outcome:?}");
    assert!(outcome.right > TRANSACTIONS / 2, "{outcome:?}");
    assert_eq!(outcome.wrong(), 0, "{outcome:?}");
}

/// Modbus TCP has no checksum: bits that turn over between a gateway's own line and the network cannot be seen by
/// any framing. What catches them are the counter rule and the nameplate; see `ledger`.
#[tokio::test(start_paused = true)]
async fn over_tcp_flipped_bits_are_the_one_kind_that_passes() {
    let outcome = guarded(Framing::Tcp, Rates::NONE.with(FaultKind::Flipped, RATE)).await;
    println!("TCP with flipped bits, guarded, seed {SEED}: {outcome:?}");
    assert!(outcome.wrong() > 0, "{outcome:?}");
    assert_eq!(
        outcome.wrong.keys().collect::<Vec<_>>(),
        ["flipped"],
        "{outcome:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn bare_tokio_modbus_on_the_same_wires() {
    let serial = bare(rtu(), Rates::each(RATE)).await;
    println!("RTU, bare tokio-modbus, seed {SEED}: {serial:?}");
    let network = bare(Framing::Tcp, Rates::each(RATE).with(FaultKind::Flipped, 0)).await;
    println!("TCP, bare tokio-modbus, seed {SEED}: {network:?}");
    assert!(
        serial.wrong() > 100,
        "the comparison shows nothing any more: {serial:?}"
    );
    assert!(
        network.wrong() > 100,
        "the comparison shows nothing any more: {network:?}"
    );
}
