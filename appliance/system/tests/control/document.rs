//! What docs/technicians/control.md says of the interface is what the box says of itself.

use std::fs;
use std::path::Path;

use tokio::net::UnixStream;

use crate::harness::TestBox;

/// The XML of our interface, as the box introspects, without what every object has.
async fn introspected() -> String {
    let the_box = TestBox::start();
    the_box.listens().await;
    let stream = UnixStream::connect(&the_box.socket)
        .await
        .expect("it listens")
        .into_std()
        .expect("a socket");
    let connection = zbus::connection::Builder::unix_stream(stream)
        .p2p()
        .build()
        .await
        .expect("let in");
    let none: Option<&str> = None;
    let introspectable = Some("org.freedesktop.DBus.Introspectable");
    let reply = connection
        .call_method(none, system::OBJECT, introspectable, "Introspect", &())
        .await;
    let xml: String = reply.expect("an answer").body().deserialize().expect("a text");
    the_box.stop().await;
    let begins = xml
        .find(&format!("<interface name=\"{}\">", system::INTERFACE))
        .expect("our interface");
    let end = "</interface>";
    let ends = xml[begins..].find(end).expect("its end") + begins + end.len();
    // Indented by two, as it stands in the document.
    let lines = xml[begins..ends]
        .lines()
        .map(|line| line.strip_prefix("  ").unwrap_or(line).trim_end());
    lines
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

#[tokio::test]
async fn the_document_holds_the_interface_as_it_is() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/technicians/control.md");
    let text = fs::read_to_string(&file).expect("the document");
    let block = text
        .split("```xml\n")
        .nth(1)
        .and_then(|rest| rest.split("\n```").next())
        .expect("a block of XML");
    assert_eq!(
        block,
        introspected().await,
        "put this into docs/technicians/control.md"
    );
}
