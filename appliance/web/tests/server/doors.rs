//! Both doors from outside: what is open at the plain one, and how the safe one speaks.

use std::collections::{BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use acts::{BoxName, Doors, SafeDoor};
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_util::sync::CancellationToken;
use web::authority::{Authority, Certificates, Fingerprint};
use web::server::{Entrance, Limits, Server, listen};

use crate::client::{self, PATIENCE, Reply};
use crate::house::{House, METERS, site_text};

/// A box on a network, with both doors open.
struct Street {
    house: House,
    plain: SocketAddr,
    safe: SocketAddr,
    root: Vec<u8>,
    _served: JoinSet<()>,
}

fn draw(bytes: &mut [u8]) {
    rustls::crypto::ring::default_provider()
        .secure_random
        .fill(bytes)
        .expect("random bytes");
}

impl Street {
    async fn open(limits: Limits) -> Self {
        let name = BoxName::parse("oak").expect("a name");
        let authority = Authority::found(name.clone(), &mut draw).expect("founded");
        let root = authority.root().to_vec();
        let any = || listen(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a port");
        let at = |listener: &TcpListener| listener.local_addr().expect("an address");
        let (plain, safe) = (any(), any());
        let addresses = (at(&plain), at(&safe));
        let doors = Doors {
            plain: Some(addresses.0.port()),
            safe: Some(SafeDoor {
                port: addresses.1.port(),
                name,
                certificate: root.clone().into(),
            }),
            addresses: vec!["192.168.1.5".parse().expect("an address")],
        };
        let house = House::with_doors(&site_text(), limits.clone(), Arc::new(doors)).await;
        let (server, renderer) = Server::new(house.acts.clone(), limits);
        let certificates = Arc::new(Certificates::new(authority, draw));
        let stop = CancellationToken::new();
        let mut served = JoinSet::new();
        served.spawn(renderer.run(stop.clone()));
        for entrance in [Entrance::Open(plain), Entrance::Safe(safe, certificates)] {
            let (server, stop) = (server.clone(), stop.clone());
            served.spawn(async move { server.open(entrance, stop).await });
        }
        Self {
            house,
            plain: addresses.0,
            safe: addresses.1,
            root,
            _served: served,
        }
    }

    async fn plainly(&self, request: &str) -> Reply {
        client::send(self.plain, request.as_bytes())
            .await
            .expect("an answer")
    }

    async fn get(&self, path: &str) -> Reply {
        let host = ("host", "oak.local");
        self.plainly(&client::get(path, &[host, ("cookie", "theme=dark; session=abc")]))
            .await
    }

    /// Comes in by the safe door as a phone that trusts the box.
    async fn safely(&self, speaks: &[&[u8]]) -> TlsStream<TcpStream> {
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from(self.root.clone()))
            .expect("a root");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = speaks.iter().map(|word| word.to_vec()).collect();
        let stream = TcpStream::connect(self.safe).await.expect("the door is open");
        let name = ServerName::try_from("oak.local").expect("a name");
        TlsConnector::from(Arc::new(config))
            .connect(name, stream)
            .await
            .expect("trusted")
    }
}

/// Every address of the box that a page names.
fn links(page: &str) -> Vec<String> {
    let named = ["href=\"/", "src=\"/", "action=\"/"]
        .iter()
        .flat_map(|start| page.split(start).skip(1));
    named
        .filter_map(|rest| rest.split(['"', '#']).next())
        .map(|path| format!("/{}", path.replace("&amp;", "&")))
        .collect()
}

#[tokio::test]
async fn there_is_no_form_no_cookie_and_nothing_private_at_the_plain_door() {
    let street = Street::open(Limits::default()).await;
    let guesses = [
        "/",
        "/devices",
        "/box",
        "/energy/2026-06-16",
        "/trust",
        "/trust/card",
        "/trust/try",
        "/metrics",
        "/healthz",
        "/api/v1/power",
        "/api/v1/box",
        "/api/v1/audit",
        "/energy.csv?from=0&to=2199-12-31",
        "/sign-in",
        "/sign-in/slip",
        "/sign-in/passphrase",
        "/claim",
        "/me/sessions",
        "/people/1/slip",
        "/members",
        "/box/called",
        "/box/name",
        "/theme",
        "/behind-the-safe-door",
        "/nowhere",
    ];
    let mut waiting: VecDeque<String> = guesses.iter().map(|path| (*path).to_owned()).collect();
    let mut seen = BTreeSet::new();
    let mut pages = 0;
    while let Some(path) = waiting.pop_front() {
        if seen.len() > 250 || !seen.insert(path.clone()) {
            continue;
        }
        let reply = street.get(&path).await;
        let (text, kind) = (reply.text(), reply.header("content-type").to_owned());
        assert_eq!(reply.header("set-cookie"), "", "{path}");
        for (name, _, audience, _, power) in METERS.iter().filter(|meter| meter.2 != "everyone") {
            let figure = power.to_string();
            assert!(
                !text.contains(&figure),
                "{path} tells of {name}, which is for {audience}"
            );
        }
        if kind.starts_with("text/html") {
            pages += 1;
            for sign in ["<form", "<input", "<button", "<textarea", "<select"] {
                assert!(!text.contains(sign), "{path} has a {sign}");
            }
            waiting.extend(links(&text));
        }
    }
    assert!(
        pages > 30 && seen.contains("/devices/roof"),
        "{pages} pages were looked at"
    );
    // The same pages have forms where they may: the walk knows one when it sees one.
    for path in ["/", "/devices/roof", "/box", "/energy/2026-06-16"] {
        assert!(street.house.get(path).await.text().contains("<form"), "{path}");
    }
}

#[tokio::test]
async fn whoever_wants_more_at_the_plain_door_reads_where_it_is() {
    let street = Street::open(Limits::default()).await;
    let origin = format!("https://oak.local:{}", street.safe.port());
    for path in [
        "/sign-in",
        "/claim",
        "/me/sessions",
        "/trust/card",
        "/whatever/comes/later",
    ] {
        let reply = street.get(path).await;
        let text = reply.text();
        assert_eq!(reply.status, 403, "{path}");
        assert!(
            text.contains(&format!("href=\"{origin}{path}\"")),
            "{path}: {text}"
        );
    }
    let body = "words=acid+bamboo+fox+garden&name=Eve&choice=dark";
    for path in [
        "/sign-in",
        "/sign-in/slip",
        "/claim",
        "/theme",
        "/devices/roof/label",
        "/box/name",
        "/box/reload",
        "/",
    ] {
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: oak.local\r\norigin: http://oak.local\r\ncontent-type: \
             application/x-www-form-urlencoded\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        let reply = street.plainly(&request).await;
        assert_eq!((reply.status, reply.header("set-cookie")), (403, ""), "{path}");
        assert!(
            reply.text().contains("nothing can be sent here"),
            "{path}: {}",
            reply.text()
        );
    }
    let look = street.house.acts.look(acts::Actor::TheBox);
    assert!(
        look.audit(None, 10).expect("read").is_empty(),
        "and nothing was done"
    );
}

#[tokio::test]
async fn the_box_answers_to_its_own_name_and_to_no_other() {
    let street = Street::open(Limits::default()).await;
    for (host, status) in [
        ("oak.local", 200),
        ("oak.home.arpa", 200),
        ("elm.local", 421),
        ("oak", 421),
    ] {
        let asked = client::get("/trust", &[("host", host)]);
        assert_eq!(street.plainly(&asked).await.status, status, "{host}");
    }
}

#[tokio::test]
async fn the_certificate_can_be_taken_and_its_words_are_told() {
    let street = Street::open(Limits::default()).await;
    let taken = street.get("/trust/authority.crt").await;
    assert_eq!(taken.header("content-type"), "application/x-x509-ca-cert");
    assert_eq!(taken.body, street.root);
    let profile = street.get("/trust/authority.mobileconfig").await;
    assert_eq!(profile.header("content-type"), "application/x-apple-aspen-config");
    assert!(profile.text().contains("com.apple.security.root"));
    let page = street.get("/trust").await;
    let fingerprint = Fingerprint::of(&street.root);
    let text = page.text();
    assert!(text.contains(&fingerprint.words().join(" ")) && text.contains(&fingerprint.pairs()));
    let policy = page.header("content-security-policy").to_owned();
    let asks = format!("connect-src 'self' https://oak.local:{};", street.safe.port());
    assert!(policy.contains(&asks), "{policy}");
    assert!(
        !street
            .get("/")
            .await
            .header("content-security-policy")
            .contains("https:")
    );
}

#[tokio::test]
async fn only_the_boxs_own_page_is_told_that_a_browser_trusts_it() {
    let street = Street::open(Limits::default()).await;
    let told = async |origin: &str| {
        let mut stream = street.safely(&[b"http/1.1"]).await;
        let asked = client::get("/trust/probe", &[("host", "oak.local:8443"), ("origin", origin)]);
        stream.write_all(asked.as_bytes()).await.expect("sent");
        let mut answer = Vec::new();
        let _cut = stream.read_to_end(&mut answer).await;
        let reply = client::parse(&answer).expect("an answer");
        reply.header("access-control-allow-origin").to_owned()
    };
    assert_eq!(told("http://oak.local:8080").await, "http://oak.local:8080");
    assert_eq!(told("http://evil.example").await, "");
    assert_eq!(told("https://evil.example").await, "");
}

#[tokio::test]
async fn http_2_is_spoken_at_the_safe_door_many_pages_at_a_time() {
    let street = Street::open(Limits::default()).await;
    let stream = street.safely(&[b"h2", b"http/1.1"]).await;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (sender, connection) = hyper::client::conn::http2::handshake::<_, _, Empty<Bytes>>(
        TokioExecutor::new(),
        TokioIo::new(stream),
    )
    .await
    .expect("agreed");
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { connection.await.is_ok() });
    let mut asked = JoinSet::new();
    for path in [
        "/",
        "/devices",
        "/sign-in",
        "/claim",
        "/trust/card",
        "/me/sessions",
    ] {
        let mut sender = sender.clone();
        let uri = format!("https://oak.local:{}{path}", street.safe.port());
        asked.spawn(async move {
            let request = hyper::Request::get(uri).body(Empty::new()).expect("a request");
            let reply = sender.send_request(request).await.expect("an answer");
            let (head, body) = reply.into_parts();
            let body = body.collect().await.expect("whole").to_bytes();
            (path, head, String::from_utf8_lossy(&body).into_owned())
        });
    }
    while let Some(answered) = asked.join_next().await {
        let (path, head, body) = answered.expect("no fault");
        assert_eq!(head.version, hyper::Version::HTTP_2);
        let status = head.status.as_u16();
        match path {
            // Whoever is not signed in is led to where they can.
            "/me/sessions" => assert_eq!(status, 303),
            _ => assert_eq!(status, 200, "{path}: {body}"),
        }
        if path == "/claim" {
            assert!(
                body.contains("name=\"called\"") && body.contains("<form"),
                "{body}"
            );
        }
    }
}

#[tokio::test]
async fn http_1_is_spoken_there_too_and_cookies_are_for_the_safe_door_alone() {
    let street = Street::open(Limits::default()).await;
    let mut stream = street.safely(&[]).await;
    let body = "choice=dark&back=%2F";
    let host = format!("oak.local:{}", street.safe.port());
    let request = format!(
        "POST /theme HTTP/1.1\r\nhost: {host}\r\norigin: https://{host}\r\ncontent-type: \
         application/x-www-form-urlencoded\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    let _cut = stream.read_to_end(&mut answer).await;
    let reply = client::parse(&answer).expect("an answer");
    assert_eq!(reply.status, 303, "{}", reply.text());
    assert!(reply.header("set-cookie").contains("theme=dark"));
}

#[tokio::test]
async fn a_handshake_that_never_ends_is_cut() {
    let limits = Limits {
        head_time: Duration::from_millis(150),
        ..Limits::default()
    };
    let street = Street::open(limits).await;
    // Nothing at all; the beginning of a hello; words of another language.
    for begun in [
        &b""[..],
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/1.1\r\nhost: oak.local\r\n\r\n",
    ] {
        let mut stream = TcpStream::connect(street.safe).await.expect("the door is open");
        stream.write_all(begun).await.expect("sent");
        let mut rest = Vec::new();
        let ended = timeout(PATIENCE, stream.read_to_end(&mut rest)).await;
        assert!(ended.is_ok(), "{begun:?} holds the door open");
    }
}

#[tokio::test]
async fn a_browser_that_says_nothing_more_is_let_go() {
    let limits = Limits {
        head_time: Duration::from_millis(150),
        ..Limits::default()
    };
    let street = Street::open(limits).await;
    let mut stream = street.safely(&[b"h2"]).await;
    // The preface and its settings, and then no question.
    stream
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00")
        .await
        .expect("sent");
    let mut rest = Vec::new();
    let ended = timeout(PATIENCE, stream.read_to_end(&mut rest)).await;
    assert!(ended.is_ok(), "it sits there for ever");
}
