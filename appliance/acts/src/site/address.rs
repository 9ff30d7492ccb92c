//! Checks a `host:port` as people write it, and says what to write instead.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

/// The port on which Modbus TCP usually listens.
const USUAL: u16 = 502;
/// What to write where nothing better can be guessed.
const EXAMPLE: &str = "192.168.1.20:502";
/// Letters of a wrong address that are said again.
const SHOWN: usize = 60;

/// What is wrong with an address, and what to write instead.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) what: String,
    pub(super) remedy: String,
}

/// Whether `text` is the address of a host and a port on it.
pub(super) fn check(text: &str) -> Result<(), Wrong> {
    let Err(what) = find(text) else {
        return Ok(());
    };
    let better = meant(text).unwrap_or_else(|| EXAMPLE.to_owned());
    Err(Wrong {
        what: format!("{:?} {what}", short(text)),
        remedy: format!("Write {better:?}"),
    })
}

/// What is wrong with `text`, as the end of a sentence.
fn find(text: &str) -> Result<(), String> {
    if text.contains(char::is_whitespace) {
        return Err("holds a space".to_owned());
    }
    if text.contains("://") {
        return Err("is the address of a page, not of a host".to_owned());
    }
    if text.parse::<Ipv6Addr>().is_ok() {
        return Err("needs brackets around its host, and a port after them".to_owned());
    }
    let (host, port) = parts(text);
    if host.is_empty() {
        return Err("has no host".to_owned());
    }
    if !is_host(host) {
        return Err("names no host that there can be".to_owned());
    }
    match port.parse::<u16>() {
        Ok(0) => Err("has the port 0, where nothing listens".to_owned()),
        Ok(_) => Ok(()),
        Err(_) if port.is_empty() => Err("has no port".to_owned()),
        Err(_) => Err("has no port from 1 to 65535".to_owned()),
    }
}

/// What was probably meant by a wrong `text`.
fn meant(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
    let text = text.split(['/', '?', '#']).next()?;
    let (host, port) = parts(text);
    let port = port.parse::<u16>().ok().filter(|port| *port > 0);
    // Of `::1:1502` the last part is meant as a port; of `fe80::1` it may be a part of the host.
    if let (Ok(host), Some(port @ 256..)) = (host.parse::<Ipv6Addr>(), port) {
        return Some(SocketAddr::new(host.into(), port).to_string());
    }
    if let Ok(host) = text.parse::<Ipv6Addr>() {
        return Some(SocketAddr::new(host.into(), USUAL).to_string());
    }
    is_host(host).then(|| format!("{host}:{}", port.unwrap_or(USUAL)))
}

/// Host and port; the port is empty where there is none.
fn parts(text: &str) -> (&str, &str) {
    match text.rsplit_once(':') {
        Some(parts) if !text.ends_with(']') => parts,
        _ => (text, ""),
    }
}

/// Whether `host` can be the name or the number of a host.
fn is_host(host: &str) -> bool {
    if let Some(inner) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return inner.parse::<Ipv6Addr>().is_ok();
    }
    if host.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return host.parse::<Ipv4Addr>().is_ok();
    }
    let sign = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let part = |part: &str| (1..=63).contains(&part.len()) && part.chars().all(sign);
    host.len() <= 253 && host.split('.').all(part)
}

fn short(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}...", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::check;

    #[test]
    fn hosts_with_a_port_are_good() {
        for good in [
            "127.0.0.1:1502",
            "[::1]:1502",
            "gateway:502",
            "gateway.lan:65535",
            "plc_2.lan:1",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn of_a_wrong_one_it_is_said_what_was_probably_meant() {
        let long = format!("{}:502", "x".repeat(3_000));
        let wrong = [
            "192.168.1.20",
            "127.0.0.1:99999",
            "127.0.0.1:0",
            "127.0.0.1:",
            ":0",
            "",
            " 127.0.0.1 : 1502",
            "http://127.0.0.1:1502/x",
            "http://gateway",
            "::1:1502",
            "::1",
            "[::1]",
            "300.1.1.1:502",
            "a..b:502",
            long.as_str(),
        ];
        let said = wrong.map(|text| {
            let wrong = check(text).expect_err(text);
            format!("{}. {}\n", wrong.what, wrong.remedy)
        });
        expect![[r#"
            "192.168.1.20" has no port. Write "192.168.1.20:502"
            "127.0.0.1:99999" has no port from 1 to 65535. Write "127.0.0.1:502"
            "127.0.0.1:0" has the port 0, where nothing listens. Write "127.0.0.1:502"
            "127.0.0.1:" has no port. Write "127.0.0.1:502"
            ":0" has no host. Write "192.168.1.20:502"
            "" has no host. Write "192.168.1.20:502"
            " 127.0.0.1 : 1502" holds a space. Write "127.0.0.1:1502"
            "http://127.0.0.1:1502/x" is the address of a page, not of a host. Write "127.0.0.1:1502"
            "http://gateway" is the address of a page, not of a host. Write "gateway:502"
            "::1:1502" needs brackets around its host, and a port after them. Write "[::1]:1502"
            "::1" needs brackets around its host, and a port after them. Write "[::1]:502"
            "[::1]" has no port. Write "[::1]:502"
            "300.1.1.1:502" names no host that there can be. Write "192.168.1.20:502"
            "a..b:502" names no host that there can be. Write "192.168.1.20:502"
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..." names no host that there can be. Write "192.168.1.20:502"
        "#]].assert_eq(&said.concat());
    }

    #[test]
    fn what_is_proposed_is_good() {
        for wrong in [
            "127.0.0.1:99999",
            ":0",
            "a b:7",
            "tcp://[::1]:502",
            "::1:1502",
            "-:",
        ] {
            let remedy = check(wrong).expect_err(wrong).remedy;
            let proposed = remedy.trim_start_matches("Write ").trim_matches('"');
            assert_eq!(check(proposed), Ok(()), "{wrong} gave {proposed}");
        }
    }
}
