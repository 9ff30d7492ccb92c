//! A certificate of the box itself, for its names and one of its addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use rcgen::string::Ia5String;
use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, IsCa, KeyUsagePurpose, SanType};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use units::Instant;

use super::key::Key;
use super::validity::Validity;
use super::{Authority, AuthorityError, Draw, params};

/// A certificate and its key, as the server shows them.
#[derive(Debug, Clone)]
pub struct Leaf {
    config: Arc<ServerConfig>,
    certificate: CertificateDer<'static>,
    held: Validity,
}

impl Leaf {
    /// What the server shows to whoever calls.
    pub fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }

    /// The certificate itself (DER).
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// Whether it is time for another one.
    pub fn is_over(&self, now: Instant) -> bool {
        self.held.is_over(now)
    }
}

impl Authority {
    /// A certificate for the box's names, and for the address at which it was called where that is one of a local
    /// network.
    pub fn leaf(
        &self,
        address: Option<IpAddr>,
        now: Instant,
        draw: Draw<'_>,
    ) -> Result<Leaf, AuthorityError> {
        let key = Key::drawn(draw);
        let mut names = Vec::new();
        for name in self.name.all() {
            names.push(SanType::DnsName(Ia5String::try_from(name)?));
        }
        names.extend(address.filter(within_limits).map(SanType::IpAddress));
        self.signed_leaf(&key, names, Validity::at(now), draw)
    }

    /// A certificate for any names at all, as a thief of the card could make one.
    pub(super) fn signed_leaf(
        &self,
        key: &Key,
        names: Vec<SanType>,
        held: Validity,
        draw: Draw<'_>,
    ) -> Result<Leaf, AuthorityError> {
        let mut params: CertificateParams = params(self.name.local(), key, held, draw);
        params.is_ca = IsCa::ExplicitNoCa;
        params.subject_alt_names = names;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let certificate = params.signed_by(key, &self.issuer)?.der().clone();
        let chain = vec![certificate.clone(), self.signed.clone()];
        let key = key.for_server().ok_or(AuthorityError::Damaged("no key"))?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key));
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Leaf {
            config: Arc::new(config),
            certificate,
            held,
        })
    }
}

/// Whether the authority may speak for an address.
pub(super) fn within_limits(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => within(address, Ipv4Addr::to_bits, &super::NETWORKS_V4, 32),
        IpAddr::V6(address) => within(address, Ipv6Addr::to_bits, &super::NETWORKS_V6, 128),
    }
}

/// Whether the first bits of an address are those of one of the networks.
fn within<A: Copy, B: std::ops::Shr<u32, Output = B> + PartialEq>(
    address: &A,
    bits: fn(A) -> B,
    networks: &[(A, u8)],
    all: u32,
) -> bool {
    networks.iter().any(|(network, length)| {
        let rest = all - u32::from(*length);
        bits(*address) >> rest == bits(*network) >> rest
    })
}
