//! What keeps other sites, and other people's browsers, away from the box's pages.
//!
//! Three walls: the name by which the box was called must be one of its own (a hostile site cannot point its
//! name at the box and read along), a form must come from the box's own pages, and every answer tells the browser
//! to load and run nothing but what the box itself sent. Who may see what is decided elsewhere, in `acts`.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};

use crate::doorway::{address_in, without_port};

/// What a page may load and do: only its own style, scripts and pictures, and only talk to this box.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The headers that every answer carries.
const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // With "no-referrer" browsers send forms as from nowhere (`Origin: null`), and no form would be let in.
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), midi=()",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// Why a request is not let in, with a sentence for the person who made it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// It does not say whom it is for, or says it twice.
    #[error(
        "The request does not say once and clearly which site it is for (the Host header). Ask again with a browser"
    )]
    NoHost,
    /// It is for another site.
    #[error(
        "This box does not answer to the name in the address. Open it by its own name, by its number on the network, or \
         at the machine itself as http://localhost"
    )]
    OtherHost,
    /// A method that nothing here understands.
    #[error("This box understands GET, HEAD and POST only")]
    Method,
    /// A form that was not sent from one of the box's own pages.
    #[error(
        "This was not sent from one of the box's own pages, so nothing was done. Open the page again and send it there"
    )]
    OtherOrigin,
}

impl Refusal {
    /// The status code of the refusal.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NoHost => StatusCode::BAD_REQUEST,
            Self::OtherHost => StatusCode::MISDIRECTED_REQUEST,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::OtherOrigin => StatusCode::FORBIDDEN,
        }
    }
}

/// As whom the box was called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Called<'a> {
    /// The address of the box at the other end of the connection.
    pub(crate) at: IpAddr,
    /// The names of the box on the network.
    pub(crate) names: &'a [String],
}

/// Lets a request in or says why not.
pub(crate) fn admit(
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    called: Called<'_>,
) -> Result<(), Refusal> {
    let host = host(uri, headers)?;
    if !own_name(&host, called) {
        return Err(Refusal::OtherHost);
    }
    match *method {
        Method::GET | Method::HEAD => Ok(()),
        Method::POST if same_origin(&host, headers) => Ok(()),
        Method::POST => Err(Refusal::OtherOrigin),
        _ => Err(Refusal::Method),
    }
}

/// Adds the headers that every answer carries. A page of the plain door that tries whether the safe one is trusted may
/// ask that one too.
pub(crate) fn seal(headers: &mut HeaderMap, asks: Option<&str>) {
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let wider =
        asks.map(|origin| POLICY.replace("connect-src 'self'", &format!("connect-src 'self' {origin}")));
    if let Some(Ok(policy)) = wider.map(HeaderValue::try_from) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// For whom the request is, as it was written: `localhost:8080`.
fn host(uri: &Uri, headers: &HeaderMap) -> Result<String, Refusal> {
    let mut named = headers.get_all(header::HOST).iter();
    let first = named.next().and_then(|value| value.to_str().ok());
    if named.next().is_some() {
        return Err(Refusal::NoHost);
    }
    let host = match (uri.authority(), first) {
        (Some(authority), Some(host)) if authority.as_str() != host => return Err(Refusal::NoHost),
        (_, Some(host)) => host,
        (_, None) => return Err(Refusal::NoHost),
    };
    if host.is_empty() {
        Err(Refusal::NoHost)
    } else {
        Ok(host.to_ascii_lowercase())
    }
}

/// Whether a host is this box: itself by a name or address that never leaves the machine, one of its names on the
/// network, or the address that was called. The port is not looked at: a hostile site chooses names, and a technician's
/// tunnel other ports.
fn own_name(host: &str, called: Called<'_>) -> bool {
    let Some(name) = without_port(host) else {
        return false;
    };
    match address_in(name) {
        Some(address) => address.is_loopback() || (address == called.at && !address.is_unspecified()),
        None => name == "localhost" || called.names.iter().any(|own| own == name),
    }
}

/// Whether a form was sent from a page of this box. Browsers say so in one of two headers, most in both; who
/// says nothing is not a browser that shows our page.
fn same_origin(host: &str, headers: &HeaderMap) -> bool {
    let site = headers
        .get("sec-fetch-site")
        .map(|value| value.as_bytes() == b"same-origin");
    let origin = headers.get(header::ORIGIN).map(|value| {
        let origin = value.to_str().unwrap_or_default().to_ascii_lowercase();
        let named = origin
            .strip_prefix("http://")
            .or_else(|| origin.strip_prefix("https://"));
        named == Some(host)
    });
    match (site, origin) {
        (None, None) => false,
        (site, origin) => site.unwrap_or(true) && origin.unwrap_or(true),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};

    use super::{Called, Refusal, admit, seal};

    fn asked(method: &Method, uri: &str, headers: &[(&str, &str)]) -> Result<(), Refusal> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a header's name");
            map.append(name, HeaderValue::from_str(value).expect("a header's value"));
        }
        let called = Called {
            at: "192.168.4.1".parse().expect("an address"),
            names: &["oak.local".to_owned(), "oak.home.arpa".to_owned()],
        };
        admit(method, &uri.parse::<Uri>().expect("an address"), &map, called)
    }

    #[test]
    fn other_names_are_refused() {
        for host in [
            "evil.example",
            "evil.example:8080",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "0.0.0.0",
            "192.168.4.2",
            "[::2]",
            "[::1",
            "127.0.0.1:port",
            "localhost:80:80",
            "[::1]x",
            "user@localhost",
            "elm.local",
            "oak",
            "oak.local.evil.example",
        ] {
            assert_eq!(
                asked(&Method::GET, "/", &[("host", host)]),
                Err(Refusal::OtherHost),
                "{host}"
            );
        }
    }

    #[test]
    fn a_request_without_one_clear_host_is_refused() {
        assert_eq!(asked(&Method::GET, "/", &[]), Err(Refusal::NoHost));
        assert_eq!(asked(&Method::GET, "/", &[("host", "")]), Err(Refusal::NoHost));
        let twice = [("host", "localhost"), ("host", "evil.example")];
        assert_eq!(asked(&Method::GET, "/", &twice), Err(Refusal::NoHost));
        let differs = asked(&Method::GET, "http://evil.example/", &[("host", "localhost")]);
        assert_eq!(differs, Err(Refusal::NoHost));
    }

    #[test]
    fn its_own_names_are_let_in() {
        for host in [
            "localhost",
            "LocalHost:9000",
            "127.0.0.1",
            "127.0.0.2:8080",
            "[::1]:8080",
            "192.168.4.1",
            "192.168.4.1:8443",
            "oak.local",
            "OAK.local:8443",
            "oak.home.arpa:80",
        ] {
            assert_eq!(asked(&Method::GET, "/", &[("host", host)]), Ok(()), "{host}");
        }
        assert_eq!(
            asked(&Method::HEAD, "http://localhost/", &[("host", "localhost")]),
            Ok(())
        );
    }

    #[test]
    fn forms_of_other_sites_are_refused() {
        let host = ("host", "localhost:8080");
        for more in [
            &[][..],
            &[("origin", "null")],
            &[("origin", "http://evil.example")],
            &[("origin", "http://localhost:9999")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[
                ("sec-fetch-site", "same-origin"),
                ("origin", "http://evil.example"),
            ],
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "http://localhost:8080"),
            ],
        ] {
            let headers: Vec<_> = [host].iter().chain(more).copied().collect();
            assert_eq!(
                asked(&Method::POST, "/", &headers),
                Err(Refusal::OtherOrigin),
                "{more:?}"
            );
        }
    }

    #[test]
    fn a_form_of_our_own_page_is_let_in() {
        let host = ("host", "localhost:8080");
        assert_eq!(
            asked(&Method::POST, "/", &[host, ("origin", "http://localhost:8080")]),
            Ok(())
        );
        assert_eq!(
            asked(&Method::POST, "/", &[host, ("sec-fetch-site", "same-origin")]),
            Ok(())
        );
    }

    #[test]
    fn other_methods_are_refused() {
        for method in [
            Method::PUT,
            Method::DELETE,
            Method::OPTIONS,
            Method::TRACE,
            Method::CONNECT,
        ] {
            assert_eq!(
                asked(&method, "/", &[("host", "localhost")]),
                Err(Refusal::Method),
                "{method}"
            );
        }
    }

    #[test]
    fn every_answer_forbids_scripts_in_the_page() {
        let mut headers = HeaderMap::new();
        seal(&mut headers, None);
        let policy = headers
            .get("content-security-policy")
            .expect("a policy")
            .to_str()
            .expect("text");
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe"),
            "{policy}"
        );
    }
}
