//! Serves the sample place on a port, for looking at the pages in a browser: `cargo run -p web --example look`.
//! Say `night` or `silent` to see other moods.

#[path = "../tests/pages/place.rs"]
#[expect(dead_code, reason = "the tests ask for more")]
mod place;

use place::{Mood, Place};
use tokio_util::sync::CancellationToken;
use web::server::{Limits, serve};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mood = match std::env::args().nth(1).as_deref() {
        Some("night") => Mood::Night,
        Some("silent") => Mood::RoofSilent,
        _ => Mood::Sunny,
    };
    let place = Place::open(mood);
    let port = std::env::args().nth(2).unwrap_or_else(|| "8090".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    println!("http://{}", listener.local_addr()?);
    let seconds = async {
        let mut clock = tokio::time::interval(std::time::Duration::from_secs(1));
        loop {
            clock.tick().await;
            place.tick();
        }
    };
    tokio::select! {
        served = serve(listener, place.acts.clone(), Limits::default(), CancellationToken::new()) => served,
        () = seconds => Ok(()),
    }
}
