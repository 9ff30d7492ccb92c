//! The postman against a mail server of the test's own: what it is given, and what each of its refusals means.

use std::time::Duration;

use acts::letters::{Carried, Parcel, Postman};
use members::letters::{MailServer, Security};
use members::record::{Newer, Opaque};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use units::{Instant, Span};

use super::{LOOK_AGAIN, Smtp, until};

fn server(port: u16) -> MailServer {
    MailServer {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::Nothing,
        user: None,
        password: None,
        sender: "office@example.org".to_owned(),
        on: true,
        by: None,
        at: Instant::from_millis(0),
        newer: Newer::default(),
    }
}

fn parcel() -> Parcel {
    Parcel {
        id: "hearth-1-7".to_owned(),
        from_name: "The Hall".to_owned(),
        to_name: "Ana Öberg".to_owned(),
        to: "ana@example.org".to_owned(),
        subject: "Annual meeting".to_owned(),
        body: "Dear Ana,\n\n.\nwe meet.\n".to_owned(),
    }
}

/// Speaks SMTP with one guest; answers `says` to the word that begins with `at`. Gives everything it heard.
async fn guest(stream: TcpStream, at: &str, says: &str) -> String {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut heard = String::new();
    let hello = if at == "hello" { says } else { "220 mail.test" };
    write
        .write_all(format!("{hello}\r\n").as_bytes())
        .await
        .expect("said");
    let mut in_data = false;
    while let Ok(Some(line)) = lines.next_line().await {
        heard.push_str(&line);
        heard.push('\n');
        let word = line
            .split([' ', ':'])
            .next()
            .unwrap_or_default()
            .to_ascii_uppercase();
        let answer = match (in_data, word.as_str()) {
            (true, _) if line != "." => continue,
            (true, _) => {
                in_data = false;
                "250 taken"
            }
            (false, found) if found == at => says,
            (false, "EHLO") => "250-mail.test\r\n250 AUTH PLAIN LOGIN",
            (false, "DATA") => {
                in_data = true;
                "354 go on"
            }
            (false, "QUIT") => "221 bye",
            (false, _) => "250 well",
        };
        if write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            break;
        }
    }
    heard
}

/// Carries `parcel` to a server that answers `says` to one word. Gives what came of it and what the server heard.
async fn carried(parcel: Parcel, at: &'static str, says: &'static str, account: bool) -> (Carried, String) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let (stream, _) = listener.accept().await.expect("a guest");
        guest(stream, at, says).await
    });
    let mut server = server(port);
    if account {
        server.user = Some("box".to_owned());
        server.password = Some(Opaque(b"secret words".to_vec()));
    }
    let outcome = Smtp.carry(&server, parcel).await;
    let heard = tasks.join_next().await.expect("it ended").expect("well");
    (outcome, heard)
}

#[tokio::test]
async fn a_letter_arrives_with_its_head() {
    let (outcome, heard) = carried(parcel(), "", "", false).await;
    assert_eq!(outcome, Carried::Taken, "{heard}");
    for part in [
        "MAIL FROM:<office@example.org>",
        "RCPT TO:<ana@example.org>",
        "Message-ID: <hearth-1-7@example.org>",
        "Subject: Annual meeting",
        "From: \"The Hall\" <office@example.org>",
        "Dear Ana,",
        "\n..\n",
    ] {
        assert!(heard.contains(part), "{part} in {heard}");
    }
    assert!(heard.contains("\nDate: ") && !heard.contains("AUTH"), "{heard}");
}

#[tokio::test]
async fn nothing_that_somebody_is_called_begins_a_line_of_the_head() {
    let nasty = "Ana\r\nBcc: eve@example.org\r\n\r\nHello";
    let parcel = Parcel {
        to_name: nasty.to_owned(),
        from_name: nasty.to_owned(),
        subject: nasty.to_owned(),
        ..parcel()
    };
    let (outcome, heard) = carried(parcel, "", "", false).await;
    assert_eq!(outcome, Carried::Taken);
    assert_eq!(heard.matches("RCPT TO").count(), 1);
    let head = heard.split("\n\n").next().expect("a head");
    assert!(
        !head
            .lines()
            .any(|line| line.starts_with("Bcc") || line.starts_with("Hello")),
        "{head}"
    );
    let two = Parcel {
        to: "ana@example.org\r\nRCPT TO:<eve@example.org>".to_owned(),
        ..super::tests::parcel()
    };
    assert!(matches!(Smtp.carry(&server(1), two).await, Carried::Never(_)));
}

#[tokio::test]
async fn names_of_every_script_arrive() {
    for name in [
        "محمد",
        "李小龍",
        "Nguyễn Thị Minh Khai",
        "Åsa \"Ö\" O’Brien, jun.",
    ] {
        let parcel = Parcel {
            to_name: name.to_owned(),
            body: format!("Dear {name}\n"),
            ..parcel()
        };
        let (outcome, heard) = carried(parcel, "", "", false).await;
        assert_eq!(outcome, Carried::Taken, "{name}: {heard}");
        assert!(
            heard.is_ascii(),
            "nothing that a server of yesterday cannot read: {heard}"
        );
    }
}

#[tokio::test]
async fn each_refusal_means_what_it_says() {
    for (at, says, account, wanted) in [
        ("RCPT", "550 5.1.1 no such person", false, "Never"),
        ("RCPT", "450 4.2.1 the box is full", false, "NotNow"),
        ("MAIL", "421 4.7.0 too many letters", false, "ServerDown"),
        ("AUTH", "535 5.7.8 wrong password", true, "ServerDown"),
        ("hello", "554 not for you", false, "NotNow"),
        ("DATA", "451 later", false, "NotNow"),
    ] {
        let (outcome, heard) = carried(parcel(), at, says, account).await;
        let said = format!("{outcome:?}");
        assert!(said.starts_with(wanted), "{at} {says}: {said} after {heard}");
        assert!(!said.contains("secret"), "{said}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_down() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let outcome = Smtp.carry(&server(port), parcel()).await;
    let Carried::ServerDown(why) = &outcome else {
        panic!("{outcome:?}")
    };
    assert!(why.starts_with("127.0.0.1: "), "{why}");
    assert_eq!(why.matches("refused").count(), 1, "it is said once: {why}");
}

#[tokio::test]
async fn without_tls_nothing_is_said_where_tls_is_wished() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let (stream, _) = listener.accept().await.expect("a guest");
        guest(stream, "", "").await
    });
    let server = MailServer {
        security: Security::StartTls,
        user: Some("box".to_owned()),
        password: Some(Opaque(b"secret words".to_vec())),
        ..server(port)
    };
    let outcome = Smtp.carry(&server, parcel()).await;
    assert!(
        matches!(&outcome, Carried::ServerDown(why) if why.contains("so nothing was said to it")),
        "{outcome:?}"
    );
    let heard = tasks.join_next().await.expect("it ended").expect("well");
    assert!(!heard.contains("AUTH") && !heard.contains("MAIL"), "{heard}");
}

#[test]
fn the_next_look_is_neither_at_once_nor_never() {
    let now = Instant::from_millis(1_781_604_000_000);
    assert_eq!(until(None, now), LOOK_AGAIN);
    assert_eq!(until(Some(now + Span::MINUTE), now), Duration::from_secs(60));
    assert_eq!(until(Some(now - Span::HOUR), now), Duration::from_secs(1));
    assert_eq!(until(Some(now + Span::DAY), now), LOOK_AGAIN);
}
