//! By which door a request came, and what is open to whoever comes by it.
//!
//! Whatever goes through the plain door can be read and changed by anybody on the same Wi-Fi. So there are only pages
//! there that are for everybody, without forms and without cookies; whoever wants more is led to the safe door. What is
//! open is a list, and a page that is not on it is closed, so that a new page is closed until somebody opens it.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use acts::Doors;
use acts::doors::colon;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::urls;

/// Over which way a connection came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Way {
    /// Plain, and within the machine: nobody else can listen.
    #[default]
    Here,
    /// Plain, over the network.
    Plain,
    /// Encrypted.
    Safe,
}

/// How a connection came in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call {
    /// Over which way.
    pub(crate) way: Way,
    /// The address of the box that was called.
    pub(crate) at: IpAddr,
}

impl Default for Call {
    fn default() -> Self {
        Self {
            way: Way::Here,
            at: IpAddr::V4(Ipv4Addr::LOCALHOST),
        }
    }
}

/// What pages know of the door by which their visitor came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Doorway {
    /// Over which way.
    pub(crate) way: Way,
    /// Where the safe door is for this visitor, as an origin; nothing while it is closed.
    pub(crate) safe: Option<String>,
}

impl Doorway {
    /// For a visitor who called the box by `host`.
    pub(crate) fn new(way: Way, host: &str, doors: &Doors) -> Self {
        let origin = |safe: &acts::SafeDoor| {
            let (name, port) = (without_port(host)?, colon(safe.port, 443));
            let loopback = name == "localhost" || name.starts_with("127.") || name == "[::1]";
            // No certificate is for the machine itself.
            let name = if loopback { &safe.name.local() } else { name };
            Some(format!("https://{name}{port}"))
        };
        Self {
            way,
            safe: doors.safe.as_ref().and_then(origin),
        }
    }

    /// Whether anybody on the network could listen.
    pub(crate) fn is_plain(&self) -> bool {
        self.way == Way::Plain
    }

    /// The address of a page that is only behind the safe door: there, where the visitor is outside of it.
    pub(crate) fn leads_to(&self, path: &str) -> String {
        match (&self.safe, self.way) {
            (Some(origin), Way::Plain) => format!("{origin}{path}"),
            _ => path.to_owned(),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Doorway {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().cloned().unwrap_or_default())
    }
}

/// Whether a path may be asked for at the plain door. There is nothing to be sent there, whatever the path.
pub(crate) fn is_public(path: &str) -> bool {
    let under = |paths: &[&str]| paths.iter().any(|start| path.starts_with(start));
    urls::PUBLIC.contains(&path) || (under(urls::PUBLIC_UNDER) && !under(urls::NOT_PUBLIC_UNDER))
}

/// Whether somebody is of the same house: the machine itself, a local network, or the same stretch of addresses as the
/// one that was called. From anywhere else nobody is answered, whatever the router lets through.
pub(crate) fn is_neighbour(source: SocketAddr, called: IpAddr) -> bool {
    match (source.ip().to_canonical(), called.to_canonical()) {
        (IpAddr::V4(source), called) => {
            let same = matches!(called, IpAddr::V4(called) if source.octets()[..3] == called.octets()[..3]);
            source.is_loopback() || source.is_private() || source.is_link_local() || same
        }
        (IpAddr::V6(source), called) => {
            let same =
                matches!(called, IpAddr::V6(called) if source.segments()[..4] == called.segments()[..4]);
            source.is_loopback() || source.is_unique_local() || source.is_unicast_link_local() || same
        }
    }
}

/// The name in `name:port`, if that is what it is. An address of IPv6 keeps its brackets.
pub(crate) fn without_port(host: &str) -> Option<&str> {
    let end = host.rfind(']').map_or(0, |end| end + 1);
    let rest = host.get(end..)?;
    match rest.split_once(':') {
        None => Some(host),
        Some((name, port)) => {
            let port = port.bytes().all(|byte| byte.is_ascii_digit());
            port.then(|| &host[..end + name.len()])
        }
    }
}

/// The address in the name of a host, if it is one.
pub(crate) fn address_in(name: &str) -> Option<IpAddr> {
    match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        Some(inner) => inner.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => name.parse::<Ipv4Addr>().ok().map(IpAddr::V4),
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use acts::{BoxName, Doors, SafeDoor};

    use super::{Doorway, Way, is_neighbour, is_public};

    #[test]
    fn a_new_page_is_closed_at_the_plain_door() {
        for open in [
            "/",
            "/devices",
            "/devices/roof",
            "/energy/2026-06-16",
            "/trust",
            "/assets/style/main.css",
            "/live",
        ] {
            assert!(is_public(open), "{open}");
        }
        for closed in [
            "/sign-in",
            "/claim",
            "/me/sessions",
            "/members",
            "/people/1/slip",
            "/box/name",
            "/trust/card",
            "/x",
            "/api/v1/audit",
        ] {
            assert!(!is_public(closed), "{closed}");
        }
    }

    #[test]
    fn only_neighbours_are_answered() {
        let at = |source: &str, called: &str| {
            let source: SocketAddr = source.parse().expect("an address");
            is_neighbour(source, called.parse().expect("an address"))
        };
        assert!(at("127.0.0.1:1", "127.0.0.1"));
        assert!(at("192.168.1.9:1", "192.168.1.2") && at("10.0.0.7:1", "192.168.1.2"));
        assert!(at("[::ffff:192.168.1.9]:1", "::ffff:192.168.1.2"));
        assert!(at("[fe80::1]:1", "fe80::2") && at("[fd00::1]:1", "fd00::2"));
        assert!(
            at("[2001:db8:0:1::9]:1", "2001:db8:0:1::2"),
            "the same house with addresses of the world"
        );
        assert!(!at("[2001:db8:0:2::9]:1", "2001:db8:0:1::2"));
        assert!(!at("8.8.8.8:1", "192.168.1.2") && !at("[::ffff:8.8.8.8]:1", "::ffff:192.168.1.2"));
    }

    #[test]
    fn whoever_is_at_the_plain_door_is_led_to_the_safe_one_by_the_name_they_know() {
        let doors = Doors {
            plain: Some(8080),
            safe: Some(SafeDoor {
                port: 8443,
                name: BoxName::first(),
                certificate: [].into(),
            }),
            addresses: Vec::new(),
        };
        let led = |way, host| Doorway::new(way, host, &doors).leads_to("/sign-in");
        assert_eq!(
            led(Way::Plain, "192.168.1.2:8080"),
            "https://192.168.1.2:8443/sign-in"
        );
        assert_eq!(
            led(Way::Plain, "[fd00::1]:8080"),
            "https://[fd00::1]:8443/sign-in"
        );
        assert_eq!(
            led(Way::Plain, "hearth.local"),
            "https://hearth.local:8443/sign-in"
        );
        assert_eq!(led(Way::Here, "localhost:8080"), "/sign-in");
        assert_eq!(led(Way::Safe, "hearth.local:8443"), "/sign-in");
        let closed = Doorway::new(Way::Plain, "192.168.1.2", &Doors::default());
        assert_eq!(closed.leads_to("/sign-in"), "/sign-in");
    }
}
