//! Servers on the network: Modbus TCP, and RTU frames carried over TCP as by a serial gateway.

use std::io::ErrorKind;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::line::{Framing, Limits, converse};
use super::mbap::Stream;
use super::rtu::Listener;
use super::{LOOK_UP, Place, SerialOptions, ServeError, Server, Service, SharedFaults, TcpOptions};
use crate::site::Site;

/// Makes the framing of a new connection.
type MakeFraming = Box<dyn Fn() -> Box<dyn Framing + Send> + Send>;

/// Serves `site`'s network devices over Modbus TCP.
pub fn tcp(
    site: Arc<dyn Site>,
    options: TcpOptions,
    faults: Option<SharedFaults>,
) -> Result<Server, ServeError> {
    let turnaround = options.turnaround;
    let framing: MakeFraming = Box::new(move || Box::new(Stream::new(turnaround, Instant::now())));
    listen(Service { site, faults }, options, framing)
}

/// Serves `site`'s serial devices as a gateway does: RTU frames over TCP, at the pace of the line behind it.
pub fn serial_over_tcp(
    site: Arc<dyn Site>,
    options: TcpOptions,
    line: SerialOptions,
    faults: Option<SharedFaults>,
) -> Result<Server, ServeError> {
    let framing: MakeFraming = Box::new(move || Box::new(Listener::new(&line)));
    listen(Service { site, faults }, options, framing)
}

fn listen(service: Service, options: TcpOptions, framing: MakeFraming) -> Result<Server, ServeError> {
    let refused = |source| ServeError::Address {
        address: options.address.clone(),
        source,
    };
    let listener = TcpListener::bind(&options.address).map_err(refused)?;
    listener.set_nonblocking(true).map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    Server::start(Place::Address(address), "modbus-tcp", move |stop| {
        accept(&listener, &service, &options, &framing, stop);
    })
}

/// Takes connections until `stop`, then waits for all of them to end.
fn accept(
    listener: &TcpListener,
    service: &Service,
    options: &TcpOptions,
    framing: &MakeFraming,
    stop: &Arc<AtomicBool>,
) {
    let timeout = Timespec::try_from(LOOK_UP).unwrap_or_default();
    let mut clients: Vec<JoinHandle<()>> = Vec::new();
    while !stop.load(Ordering::SeqCst) {
        let mut watched = [PollFd::new(listener, PollFlags::IN)];
        if !poll(&mut watched, Some(&timeout)).is_ok_and(|count| count > 0) {
            continue;
        }
        clients.retain(|client| !client.is_finished());
        match listener.accept() {
            // One too many is closed at once, as devices with few places do.
            Ok((stream, _)) if clients.len() < options.most_clients => {
                clients.extend(talk(
                    stream,
                    service.clone(),
                    options,
                    framing(),
                    Arc::clone(stop),
                ));
            }
            Ok(_) => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            // A connection that broke before it was taken, or no free descriptor: the next one may do better.
            Err(_) => {
                let _ = poll(&mut [], Some(&timeout));
            }
        }
    }
    for client in clients {
        let _ = client.join();
    }
}

/// Talks to one client in a thread of its own; `None` when the connection is gone already or no thread is to be
/// had.
fn talk(
    stream: TcpStream,
    service: Service,
    options: &TcpOptions,
    mut framing: Box<dyn Framing + Send>,
    stop: Arc<AtomicBool>,
) -> Option<JoinHandle<()>> {
    stream.set_nonblocking(true).ok()?;
    stream.set_nodelay(true).ok()?;
    let limits = Limits {
        deaf_until: Instant::now() + options.deaf_after_connect,
        idle: Some(options.idle),
    };
    std::thread::Builder::new()
        .name("modbus-client".to_owned())
        .spawn(move || converse(stream, framing.as_mut(), &service, &limits, &stop))
        .ok()
}
