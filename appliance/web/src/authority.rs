//! The box's own authority: what phones trust, so that the box can speak safely with them without asking anybody
//! outside of the house.
//!
//! A root key is drawn in memory, signs one certificate, and is wiped; it is never written anywhere. What it signed can
//! only ever speak for this box's names and for addresses of local networks, and that limit cannot be lifted, because
//! whoever could lift it is gone. So a phone that trusts the root trusts something that can speak for no shop and no
//! bank, whoever takes the card out of the box. The limits stand in the signed certificate and not in the root: not
//! every phone heeds limits of a root.

mod certificates;
mod fingerprint;
mod key;
mod leaf;
mod validity;

use std::net::{Ipv4Addr, Ipv6Addr};

use acts::BoxName;
use jiff::civil::Date;
use p256::pkcs8::LineEnding;
use p256::pkcs8::der::pem;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyIdMethod, KeyUsagePurpose, NameConstraints, SerialNumber, date_time_ymd,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

pub use certificates::Certificates;
pub use fingerprint::Fingerprint;
use key::Key;
pub use leaf::Leaf;
use validity::Validity;

/// Random bytes come from outside.
pub type Draw<'a> = &'a mut dyn FnMut(&mut [u8]);

/// Why there is no authority, or no certificate of it.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// The file is not what was written.
    #[error(
        "the file of the box's authority is damaged ({0}). Move it away and start again: the box makes a new one, and phones have to trust it anew"
    )]
    Damaged(&'static str),
    /// A certificate could not be put together.
    #[error("a certificate could not be made: {0}")]
    Unmade(#[from] rcgen::Error),
    /// The machine cannot do the arithmetic.
    #[error("a certificate cannot be served: {0}")]
    Unserved(#[from] rustls::Error),
}

/// The authority of one box: it signs for the box's names and for local addresses, and for nothing else.
pub struct Authority {
    name: BoxName,
    mark: String,
    root: CertificateDer<'static>,
    signed: CertificateDer<'static>,
    issuer: Issuer<'static, Key>,
}

impl Authority {
    /// Founds an authority for `name`. The root key is drawn, signs once, and is wiped here.
    pub fn found(name: BoxName, draw: Draw<'_>) -> Result<Self, AuthorityError> {
        let root_key = Key::drawn(draw);
        let mark = root_key.mark();
        let root_params = root_params(&name, &mark, &root_key, draw);
        let root = root_params.self_signed(&root_key)?;
        let key = Key::drawn(draw);
        let params = intermediate_params(&name, &mark, &key, draw);
        let signed = params.signed_by(&key, &Issuer::from_params(&root_params, &root_key))?;
        Ok(Self {
            issuer: Issuer::new(params, key),
            name,
            mark,
            root: root.der().clone(),
            signed: signed.der().clone(),
        })
        // The root key goes here, and wipes itself.
    }

    /// The authority from its file.
    pub fn read(text: &str) -> Result<Self, AuthorityError> {
        let damaged = AuthorityError::Damaged;
        let line = |start: &str| text.lines().find_map(|line| line.strip_prefix(start));
        let name = line(NAME).and_then(|name| BoxName::parse(name).ok());
        let name = name.ok_or(damaged("there is no name"))?;
        let mark = line(MARK).ok_or(damaged("there is no mark"))?.to_owned();
        let mut certificates = CertificateDer::pem_slice_iter(text.as_bytes()).filter_map(Result::ok);
        let (Some(root), Some(signed)) = (certificates.next(), certificates.next()) else {
            return Err(damaged("certificates are missing"));
        };
        let key = PrivatePkcs8KeyDer::from_pem_slice(text.as_bytes()).ok();
        let key = key.and_then(|key| Key::read(key.secret_pkcs8_der()));
        let key = key.ok_or(damaged("there is no key"))?;
        let params = intermediate_params(&name, &mark, &key, &mut |_| {});
        Ok(Self {
            issuer: Issuer::new(params, key),
            name,
            mark,
            root,
            signed,
        })
    }

    /// What its file holds: both certificates and the key that signs for the box's names. The root key is not in it.
    pub fn text(&self) -> Result<String, AuthorityError> {
        let armoured = |label: &str, bytes: &[u8]| {
            pem::encode_string(label, LineEnding::LF, bytes).map_err(|_| AuthorityError::Damaged("too large"))
        };
        let key = self
            .issuer
            .key()
            .written()
            .ok_or(AuthorityError::Damaged("no key"))?;
        Ok(format!(
            "The authority of this box. Whoever has this file can speak for the box and for local addresses to phones \
             that trust it.\n{NAME}{}\n{MARK}{}\n{}{}{}",
            self.name,
            self.mark,
            armoured("CERTIFICATE", &self.root)?,
            armoured("CERTIFICATE", &self.signed)?,
            key.as_str(),
        ))
    }

    /// For whom it speaks.
    pub fn name(&self) -> &BoxName {
        &self.name
    }

    /// The certificate that phones trust (DER).
    pub fn root(&self) -> &[u8] {
        &self.root
    }

    /// The certificate with the limits, which signs the others (DER).
    pub fn signed(&self) -> &[u8] {
        &self.signed
    }
}

const NAME: &str = "Name: ";
const MARK: &str = "Mark: ";

/// What all certificates share: a number of their own and the identifier of the key.
fn params(subject: String, key: &Key, held: Validity, draw: Draw<'_>) -> CertificateParams {
    let mut params = CertificateParams::default();
    let midnight = |day: Date| {
        let month = u8::try_from(day.month()).unwrap_or(1);
        date_time_ymd(day.year().into(), month, u8::try_from(day.day()).unwrap_or(1))
    };
    (params.not_before, params.not_after) = (midnight(held.first()), midnight(held.last()));
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, subject);
    params.key_identifier_method = KeyIdMethod::PreSpecified(key.identifier());
    let mut number = [0; 16];
    draw(&mut number);
    // Positive, and never nothing.
    number[0] = (number[0] & 0x7f) | 0x40;
    params.serial_number = Some(SerialNumber::from_slice(&number));
    params
}

fn root_params(name: &BoxName, mark: &str, key: &Key, draw: Draw<'_>) -> CertificateParams {
    let mut params = params(
        format!("Hearth {name} {mark}"),
        key,
        Validity::of_an_authority(),
        draw,
    );
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(1));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params
}

fn intermediate_params(name: &BoxName, mark: &str, key: &Key, draw: Draw<'_>) -> CertificateParams {
    let mut params = params(
        format!("Hearth {name} {mark} doors"),
        key,
        Validity::of_an_authority(),
        draw,
    );
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: limits(name),
        excluded_subtrees: Vec::new(),
    });
    params
}

/// The networks of which every house has one, so that nobody is harmed by an authority for their addresses: RFC 1918,
/// link-local, and the local ones of IPv6.
const NETWORKS_V4: [(Ipv4Addr, u8); 4] = [
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
];
const NETWORKS_V6: [(Ipv6Addr, u8); 2] = [
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10),
];

/// For what the authority may speak.
fn limits(name: &BoxName) -> Vec<GeneralSubtree> {
    let names = name.all().into_iter().map(GeneralSubtree::DnsName);
    let v4 = NETWORKS_V4.map(|(network, bits)| CidrSubnet::from_v4_prefix(network.octets(), bits));
    let v6 = NETWORKS_V6.map(|(network, bits)| CidrSubnet::from_v6_prefix(network.octets(), bits));
    let networks = v4.into_iter().chain(v6).map(GeneralSubtree::IpAddress);
    names.chain(networks).collect()
}

#[cfg(test)]
mod tests;
