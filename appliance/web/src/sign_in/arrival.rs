//! How a request arrived: from which address, over which kind of connection, under which name of the box.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use acts::sign_in::Origin;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header;
use axum::http::request::Parts;
use members::credential::limits::Source;

/// Over which kind of connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// A plain one: on the machine itself.
    Http,
    /// A safe one.
    Https,
}

impl Scheme {
    /// As it stands in an address.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

/// How a request arrived.
#[derive(Debug, Clone)]
pub(crate) struct Arrival {
    /// Over which kind of connection.
    pub(crate) scheme: Scheme,
    from: IpAddr,
    host: String,
}

impl Arrival {
    /// For whom guesses are counted.
    pub(crate) fn source(&self) -> Source {
        match self.from {
            IpAddr::V4(address) => Source::V4(address.octets()),
            IpAddr::V6(address) => Source::v6(address.octets()),
        }
    }

    /// The origin of our pages as this browser sees them, without a slash at the end.
    pub(crate) fn address(&self) -> String {
        format!("{}://{}", self.scheme.word(), self.host)
    }

    /// The same where passkeys can be had: under a name, not under a number.
    pub(crate) fn origin(&self) -> Option<Origin> {
        Origin::new(&self.address())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Arrival {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        // Whoever comes from nowhere shares one allowance with all who do.
        let nowhere = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let host = parts
            .headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        Ok(Self {
            scheme: parts.extensions.get().copied().unwrap_or(Scheme::Http),
            from: peer.map_or(nowhere, |peer| peer.0.ip()),
            host: host.unwrap_or("localhost").to_ascii_lowercase(),
        })
    }
}
