//! A key of the authority: drawn, used, and wiped when it goes.

use p256::ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::elliptic_curve::zeroize::Zeroizing;
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use rcgen::{PKCS_ECDSA_P256_SHA256, PublicKeyData, SignatureAlgorithm};
use sha2::{Digest, Sha256};

use super::Draw;

/// A secret on the curve P-256, which every phone understands, and its public half. It overwrites itself when it is
/// dropped.
pub(super) struct Key {
    secret: Box<SigningKey>,
    public: Vec<u8>,
}

impl Key {
    /// A key that nobody can foresee, where nobody can foresee `draw`.
    pub(super) fn drawn(draw: Draw<'_>) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        loop {
            draw(&mut *bytes);
            // All but one of four thousand million numbers are keys.
            if let Ok(secret) = SigningKey::from_slice(&*bytes) {
                return Self::of(secret);
            }
        }
    }

    /// A key as it was written (PKCS #8).
    pub(super) fn read(written: &[u8]) -> Option<Self> {
        SigningKey::from_pkcs8_der(written).ok().map(Self::of)
    }

    fn of(secret: SigningKey) -> Self {
        Self {
            public: secret.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            secret: Box::new(secret),
        }
    }

    /// As it stands in a file (PKCS #8 in PEM).
    pub(super) fn written(&self) -> Option<Zeroizing<String>> {
        self.secret.to_pkcs8_pem(LineEnding::LF).ok()
    }

    /// As the server takes it (PKCS #8).
    pub(super) fn for_server(&self) -> Option<Vec<u8>> {
        let written = self.secret.to_pkcs8_der().ok()?;
        Some(written.as_bytes().to_vec())
    }

    /// By what certificates name it.
    pub(super) fn identifier(&self) -> Vec<u8> {
        Sha256::digest(&self.public)[..20].to_vec()
    }

    /// By what people tell two authorities of one name apart.
    pub(super) fn mark(&self) -> String {
        let short = self.identifier();
        short.iter().take(3).map(|byte| format!("{byte:02x}")).collect()
    }
}

impl PublicKeyData for Key {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_ECDSA_P256_SHA256
    }
}

impl rcgen::SigningKey for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let signature: DerSignature = self.secret.sign(message);
        Ok(signature.as_bytes().to_vec())
    }
}
