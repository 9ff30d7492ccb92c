//! Who comes, goes, hangs, or comes in too large a number.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use system::client::{Client, ClientError, Registers};
use system::control::{Extras, Limits};
use tokio::io::AsyncReadExt;
use tokio::net::{UnixListener, UnixStream};

use crate::harness::{DEAD, TestBox};

const SHORT: Duration = Duration::from_millis(50);

#[tokio::test]
async fn two_clients_are_answered_at_once() {
    let the_box = TestBox::start();
    let (slow, quick) = (the_box.client().await, the_box.client().await);
    let never = Registers {
        bus: "cupboard".to_owned(),
        unit: 1,
        function: "input",
        address: DEAD,
        count: 1,
    };
    let waiting = slow.read(&never);
    tokio::pin!(waiting);
    // While one client waits for a dead device, the other is served, and so are its own further questions.
    for _ in 0..20 {
        tokio::select! {
            biased;
            early = &mut waiting => panic!("a dead device does not answer: {early:?}"),
            version = quick.version() => { version.expect("an answer"); }
        }
        tokio::select! {
            biased;
            early = &mut waiting => panic!("a dead device does not answer: {early:?}"),
            version = slow.version() => { version.expect("an answer"); }
        }
    }
    the_box.stop().await;
}

#[tokio::test]
async fn a_dead_device_costs_a_sentence() {
    let the_box = TestBox::with(Limits {
        call: SHORT,
        ..Limits::default()
    });
    let client = the_box.client().await;
    let never = Registers {
        bus: "cupboard".to_owned(),
        unit: 1,
        function: "input",
        address: DEAD,
        count: 1,
    };
    let late = client.read(&never).await.expect_err("nothing answers");
    assert!(
        late.to_string().starts_with("the box did not finish this within"),
        "{late}"
    );
    assert!(client.version().await.is_ok());
    the_box.stop().await;
}

#[tokio::test]
async fn a_method_that_does_not_exist_is_told_so() {
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
    let call = |interface, method| connection.call_method(none, system::OBJECT, Some(interface), method, &());
    let unknown = call(system::INTERFACE, "SelfDestruct")
        .await
        .expect_err("there is no such method");
    assert!(unknown.to_string().contains("UnknownMethod"), "{unknown}");
    let strange = call("org.hearth.Other1", "Status")
        .await
        .expect_err("there is no such interface");
    assert!(strange.to_string().contains("Unknown"), "{strange}");
    let wrong = connection
        .call_method(none, system::OBJECT, Some(system::INTERFACE), "Device", &(7_u32))
        .await
        .expect_err("a number is no name");
    assert!(wrong.to_string().contains("org.freedesktop"), "{wrong}");
    call(system::INTERFACE, "Status")
        .await
        .expect("the connection is none the worse");
    the_box.stop().await;
}

#[tokio::test]
async fn who_says_nothing_is_let_go() {
    let the_box = TestBox::with(Limits {
        handshake: SHORT,
        ..Limits::default()
    });
    the_box.listens().await;
    let mut silent = UnixStream::connect(&the_box.socket).await.expect("it listens");
    let mut said = Vec::new();
    let end = tokio::time::timeout(Duration::from_secs(5), silent.read_to_end(&mut said)).await;
    assert!(end.is_ok(), "the box closes the connection");
    assert!(the_box.client().await.version().await.is_ok());
    the_box.stop().await;
}

#[tokio::test]
async fn who_neither_asks_nor_listens_is_let_go() {
    let the_box = TestBox::with(Limits {
        idle: SHORT,
        clients: 1,
        ..Limits::default()
    });
    let idle = the_box.client().await;
    assert!(idle.version().await.is_ok());
    // Only one seat: the next gets it as soon as the idle one has been let go.
    the_box.free_seat().await;
    assert!(
        matches!(idle.version().await, Err(ClientError::Cut)),
        "the idle one hears of it"
    );
    the_box.stop().await;
}

#[tokio::test]
async fn who_watches_is_not_idle() {
    let the_box = TestBox::with(Limits {
        idle: SHORT,
        clients: 2,
        ..Limits::default()
    });
    let watcher = the_box.client().await;
    let lines = watcher.watch("cupboard").await.expect("a stream");
    let idle = the_box.client().await;
    // The one that came later is let go for doing nothing, and the one that watches is not.
    the_box.free_seat().await;
    assert!(matches!(idle.version().await, Err(ClientError::Cut)));
    assert_eq!(the_box.world.frames.receiver_count(), 1);
    drop(lines);
    the_box.stop().await;
}

#[tokio::test]
async fn one_too_many_is_turned_away_in_words() {
    let the_box = TestBox::with(Limits {
        clients: 2,
        ..Limits::default()
    });
    let (first, _second) = (the_box.client().await, the_box.client().await);
    let third = Client::connect(&the_box.socket)
        .await
        .expect_err("there is no seat");
    assert!(matches!(third, ClientError::TurnedAway { .. }), "{third:?}");
    assert!(first.version().await.is_ok(), "those inside are none the worse");
    the_box.stop().await;
}

#[tokio::test]
async fn a_box_that_is_not_there_hangs_or_is_shut_is_told_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let socket = folder.path().join("control.sock");
    let nobody = Client::connect(&socket).await.expect_err("nobody is there");
    assert!(matches!(nobody, ClientError::NoBox { .. }));

    let mute = UnixListener::bind(&socket).expect("a box that hangs");
    let hangs = Client::connect_within(&socket, SHORT)
        .await
        .expect_err("it says nothing");
    assert_eq!(
        hangs.to_string(),
        format!("the box at {} does not answer", socket.display())
    );
    drop(mute);
    let dead = Client::connect(&socket).await.expect_err("it is gone");
    assert!(matches!(dead, ClientError::NoBox { .. }));
}

#[tokio::test]
async fn the_socket_is_for_its_owner_and_group() {
    let the_box = TestBox::start();
    the_box.listens().await;
    let mode = std::fs::metadata(&the_box.socket)
        .expect("the socket")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o660);
    let socket = the_box.socket.clone();
    let client = the_box.client().await;
    the_box.stop().await;
    assert!(!socket.exists(), "it is taken away");
    assert!(matches!(client.version().await, Err(ClientError::Cut)));
}

#[tokio::test]
async fn a_second_box_in_the_folder_is_refused_in_words() {
    let the_box = TestBox::start();
    let client = the_box.client().await;
    let second = system::control::Door::open(&the_box.socket).expect_err("one box lives here");
    assert!(
        second.to_string().contains("another box runs in this folder"),
        "{second}"
    );
    assert!(client.version().await.is_ok());
    assert_eq!(Extras::default().limits.clients, 16);
    the_box.stop().await;
}
