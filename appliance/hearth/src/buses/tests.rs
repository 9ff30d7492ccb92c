//! Buses that are replaced while they ask, on a real pseudo-terminal: it is locked as a port is.

use std::sync::Arc;

use acts::Site;
use devices::frame::{Reply, Request};
use simulator::Line;
use simulator::serve::{SerialOptions, serial};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Buses;
use crate::supervisor::Supervisor;

/// A meter that shows zero everywhere.
struct Zeros;

impl simulator::Site for Zeros {
    fn answer(&self, _: Line, request: &Request) -> Option<Reply> {
        Some(Reply::Words(vec![0; usize::from(request.count)]))
    }
}

const PLACE: &str = "[place]\nname = \"The Hall\"\ntime_zone = \"Europe/London\"\ncurrency = \"GBP\"\n\
                     latitude = 51.464\nlongitude = -2.563\n";

fn site(bus: &str, port: &str, fast: u16) -> Site {
    let text = format!(
        "{PLACE}\n[[bus]]\nname = \"{bus}\"\nkind = \"serial\"\nport = \"{port}\"\n\n[[device]]\nname = \"street\"\n\
         bus = \"{bus}\"\nunit = 1\nprofile = \"eastron-sdm630\"\nrole = \"grid\"\nrated_power = 20000\n\
         fast = \"{fast} ms\"\n"
    );
    Site::parse(&text).expect("a good site")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_bus_lets_go_of_its_port_before_the_next_opens_it() {
    let line = serial(Arc::new(Zeros), &SerialOptions::new(9_600), None).expect("a line");
    let port = line.path().expect("its path").display().to_string();
    let (updates, mut seen) = mpsc::channel(64);
    let stop = CancellationToken::new();
    let mut supervisor = Supervisor::new(stop.clone());
    let mut buses = Buses::new(updates, stop.clone());
    // Three answers do not end a round: the bus is in the midst of a question when it is replaced, also by one of
    // another name.
    for (bus, fast) in [("a", 200), ("a", 210), ("b", 210), ("b", 220), ("a", 220)] {
        let site = site(bus, &port, fast);
        buses.apply(&site, &mut supervisor);
        for _ in 0..3 {
            let update = seen.recv().await.expect("an answer");
            assert_eq!(update.health.last_error, None, "on {bus} every {fast} ms");
        }
        let healths = buses.table().healths(&site);
        assert_eq!(healths.len(), 1);
        assert_eq!(healths[0].1.down, None);
    }
    stop.cancel();
    supervisor.join().await;
}

#[tokio::test]
async fn buses_are_told_in_the_order_of_the_file() {
    let bus =
        |name, port| format!("[[bus]]\nname = \"{name}\"\nkind = \"tcp\"\naddress = \"127.0.0.1:{port}\"\n");
    let text = format!("{PLACE}\n{}{}", bus("b", 1), bus("a", 2));
    let site = Site::parse(&text).expect("a good site");
    let stop = CancellationToken::new();
    let mut supervisor = Supervisor::new(stop.clone());
    let mut buses = Buses::new(mpsc::channel(1).0, stop.clone());
    buses.apply(&site, &mut supervisor);
    let names = || {
        let healths = buses.table().healths(&site);
        healths
            .into_iter()
            .map(|(name, _)| name.to_string())
            .collect::<Vec<_>>()
    };
    while names().len() < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(names(), ["b", "a"]);
    stop.cancel();
    supervisor.join().await;
}
