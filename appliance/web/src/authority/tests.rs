//! What the authority may sign, judged by the library with which rustls and many others check.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use acts::BoxName;
use rcgen::string::Ia5String;
use rcgen::{SanType, SigningKey as _};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, Error, RootCertStore};
use units::{Instant, Span};

use super::key::Key;
use super::validity::Validity;
use super::{Authority, Certificates, Leaf};

/// 2026-11-27.
const NOW: Instant = Instant::from_millis(1_795_737_600_000);

fn draw(bytes: &mut [u8]) {
    ring::default_provider()
        .secure_random
        .fill(bytes)
        .expect("random bytes");
}

fn name() -> BoxName {
    BoxName::parse("oak-street").expect("a name")
}

fn authority() -> Authority {
    Authority::found(name(), &mut draw).expect("founded")
}

fn address(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

/// Whether a phone that trusts the root believes that this is `host`, at some moment.
fn believed(authority: &Authority, leaf: &Leaf, host: &str, at: Instant) -> Result<(), Error> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from(authority.root().to_vec()))
        .expect("a root");
    let verifier =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::new(ring::default_provider()))
            .build()
            .expect("a verifier");
    let since = u64::try_from(at.as_millis()).expect("after 1970");
    let leaf = CertificateDer::from(leaf.certificate().to_vec());
    let signed = CertificateDer::from(authority.signed().to_vec());
    let host = ServerName::try_from(host.to_owned()).expect("a name");
    let now = UnixTime::since_unix_epoch(Duration::from_millis(since));
    verifier
        .verify_server_cert(&leaf, &[signed], &host, &[], now)
        .map(drop)
}

/// A certificate that somebody with the card makes for themselves.
fn thiefs(authority: &Authority, names: Vec<SanType>) -> Leaf {
    let key = Key::drawn(&mut draw);
    authority
        .signed_leaf(&key, names, Validity::at(NOW), &mut draw)
        .expect("signed")
}

fn dns(name: &str) -> SanType {
    SanType::DnsName(Ia5String::try_from(name.to_owned()).expect("a name"))
}

#[test]
fn the_box_is_believed_under_its_names_and_at_its_address() {
    let authority = authority();
    let leaf = authority
        .leaf(Some(address("192.168.1.5")), NOW, &mut draw)
        .expect("a leaf");
    for host in [
        "oak-street.local",
        "oak-street.home.arpa",
        "oak-street",
        "192.168.1.5",
    ] {
        assert_eq!(believed(&authority, &leaf, host, NOW), Ok(()), "{host}");
    }
    for host in ["192.168.1.6", "elm.local", "example.com"] {
        let refused = believed(&authority, &leaf, host, NOW);
        assert!(
            matches!(
                refused,
                Err(Error::InvalidCertificate(
                    CertificateError::NotValidForNameContext { .. } | CertificateError::NotValidForName
                ))
            ),
            "{host}: {refused:?}"
        );
    }
}

#[test]
fn a_thief_of_the_card_can_speak_for_no_other_site() {
    let authority = authority();
    for (host, name) in [
        ("example.com", dns("example.com")),
        (
            "oak-street.local.example.com",
            dns("oak-street.local.example.com"),
        ),
        ("elm.local", dns("elm.local")),
        ("local", dns("local")),
        ("elm.home.arpa", dns("elm.home.arpa")),
        ("8.8.8.8", SanType::IpAddress(address("8.8.8.8"))),
        ("172.32.0.1", SanType::IpAddress(address("172.32.0.1"))),
        ("127.0.0.1", SanType::IpAddress(address("127.0.0.1"))),
        ("2001:db8::1", SanType::IpAddress(address("2001:db8::1"))),
    ] {
        for names in [vec![name.clone()], vec![dns("oak-street.local"), name]] {
            let refused = believed(&authority, &thiefs(&authority, names), host, NOW);
            assert!(refused.is_err(), "{host} was believed");
        }
    }
    // The same hand, within the limits: it is the limits that refused.
    let own = thiefs(&authority, vec![dns("oak-street.local")]);
    assert_eq!(believed(&authority, &own, "oak-street.local", NOW), Ok(()));
}

#[test]
fn a_thief_of_the_card_can_make_no_other_authority() {
    let authority = authority();
    let key = Key::drawn(&mut draw);
    let mut params = super::intermediate_params(&name(), "ffffff", &key, &mut draw);
    params.name_constraints = None;
    let below = params
        .signed_by(&key, &authority.issuer)
        .expect("signed")
        .der()
        .clone();
    let own = Key::drawn(&mut draw);
    let mut leaf = super::params("example.com".to_owned(), &own, Validity::at(NOW), &mut draw);
    leaf.subject_alt_names = vec![dns("example.com")];
    let leaf = leaf
        .signed_by(&own, &rcgen::Issuer::new(params, key))
        .expect("signed")
        .der()
        .clone();
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from(authority.root().to_vec()))
        .expect("a root");
    let verifier =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::new(ring::default_provider()))
            .build()
            .expect("a verifier");
    let signed = CertificateDer::from(authority.signed().to_vec());
    let now = UnixTime::since_unix_epoch(Duration::from_secs(1_795_737_600));
    let host = ServerName::try_from("example.com").expect("a name");
    assert!(
        verifier
            .verify_server_cert(&leaf, &[below, signed], &host, &[], now)
            .is_err()
    );
}

#[test]
fn a_box_whose_clock_stands_in_1970_is_believed_by_phones_that_know_the_time() {
    let authority = authority();
    let leaf = authority
        .leaf(None, Instant::from_millis(0), &mut draw)
        .expect("a leaf");
    assert_eq!(believed(&authority, &leaf, "oak-street.local", NOW), Ok(()));
}

#[test]
fn an_authority_comes_out_of_its_file_as_it_went_in() {
    let authority = authority();
    let text = authority.text().expect("text");
    let read = Authority::read(&text).expect("read");
    assert_eq!((read.name(), read.root()), (authority.name(), authority.root()));
    let leaf = read.leaf(None, NOW, &mut draw).expect("a leaf");
    assert_eq!(believed(&authority, &leaf, "oak-street.local", NOW), Ok(()));
    for broken in [
        "",
        "Name: oak\n",
        &text[..text.len() / 2],
        &text.replace("Name: oak", "Name: ö"),
    ] {
        assert!(Authority::read(broken).is_err());
    }
    assert!(read.issuer.key().sign(b"a word").is_ok());
}

#[test]
fn none_is_shown_that_is_for_another_address_or_has_run_out() {
    let certificates = Certificates::new(authority(), draw);
    let shown = |at: &str, now: Instant| certificates.at(address(at), now).expect("shown");
    let first = shown("192.168.1.5", NOW);
    assert!(
        Arc::ptr_eq(&first, &shown("192.168.1.5", NOW)),
        "kept while it is good"
    );
    assert!(
        !Arc::ptr_eq(&first, &shown("192.168.1.9", NOW)),
        "the router gave another address"
    );
    let later = NOW + Span::DAY.times(380);
    let renewed = shown("192.168.1.5", later);
    assert!(!Arc::ptr_eq(&first, &renewed), "made anew before it runs out");
    // Addresses of the world share the certificate for the names alone, so they fill up nothing.
    assert!(Arc::ptr_eq(&shown("8.8.8.8", NOW), &shown("9.9.9.9", NOW)));
    certificates.replace(authority());
    assert!(!Arc::ptr_eq(&renewed, &shown("192.168.1.5", later)));
}
