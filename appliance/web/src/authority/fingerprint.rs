//! By what people tell that an authority is the right one: six words, and the number that phones show.

use members::credential::slip::spoken;
use sha2::{Digest, Sha256};

/// The fingerprint of a certificate (SHA-256).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Of a certificate (DER).
    pub fn of(certificate: &[u8]) -> Self {
        Self(Sha256::digest(certificate).into())
    }

    /// The words, to be read out and compared with the card.
    pub fn words(&self) -> [&'static str; 6] {
        spoken(self.0)
    }

    /// The number, in pairs as phones show it: "3F A2 ...".
    pub fn pairs(&self) -> String {
        let pairs: Vec<String> = self.0.iter().map(|byte| format!("{byte:02X}")).collect();
        pairs.join(" ")
    }

    /// A name of the kind that profiles of Apple carry, always the same for one certificate.
    pub(crate) fn uuid(&self, last: u8) -> String {
        let hex: String = self.0.iter().take(15).map(|byte| format!("{byte:02X}")).collect();
        format!(
            "{}-{}-4{}-A{}-{}{last:02X}",
            &hex[..8],
            &hex[8..12],
            &hex[13..16],
            &hex[17..20],
            &hex[20..30]
        )
    }
}
