//! A device that makes passkeys and answers with them, in software: what a phone and its browser do together.

use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A device with at most one passkey.
pub(crate) struct Device {
    key: SigningKey,
    /// The number of the passkey.
    pub(crate) id: Vec<u8>,
    /// What the box asked to be told when the key is used.
    pub(crate) user: Vec<u8>,
    /// Where its browser is.
    pub(crate) origin: String,
    /// How often the key was used, for devices that count.
    pub(crate) counter: u32,
}

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const WITH_KEY: u8 = 0x40;

impl Device {
    /// A device whose browser is at `origin`; `seed` tells it from others.
    pub(crate) fn new(seed: u8, origin: &str) -> Self {
        Self {
            key: SigningKey::from_slice(&[seed.max(1); 32]).expect("a key"),
            id: vec![seed; 16],
            user: Vec::new(),
            origin: origin.to_owned(),
            counter: 0,
        }
    }

    /// Makes a passkey as the box asks for it in `question`, and answers.
    pub(crate) fn make(&mut self, question: &str) -> String {
        let asked: Value = serde_json::from_str(question).expect("JSON");
        let options = &asked["publicKey"];
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
        self.user = bytes(options["user"]["id"].as_str().expect("a user"));
        let client = self.client("webauthn.create", options);
        let mut data = self.data(options["rp"]["id"].as_str().expect("a name"), WITH_KEY);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).expect("short").to_be_bytes());
        data.extend(&self.id);
        data.extend(self.public_key());
        // {"fmt": "none", "attStmt": {}, "authData": …} in CBOR.
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
        object.extend(u16::try_from(data.len()).expect("short").to_be_bytes());
        object.extend(data);
        json!({
            "id": text(&self.id), "rawId": text(&self.id), "type": "public-key",
            "response": { "attestationObject": text(&object), "clientDataJSON": text(&client) },
            "extensions": {},
        })
        .to_string()
    }

    /// Answers a question of the box with the passkey.
    pub(crate) fn answer(&self, question: &str) -> String {
        let asked: Value = serde_json::from_str(question).expect("JSON");
        let options = &asked["publicKey"];
        let client = self.client("webauthn.get", options);
        let data = self.data(options["rpId"].as_str().expect("a name"), 0);
        let signed = [data.as_slice(), &Sha256::digest(&client)].concat();
        let signature: Signature = self.key.sign(&signed);
        json!({
            "id": text(&self.id), "rawId": text(&self.id), "type": "public-key",
            "response": {
                "authenticatorData": text(&data), "clientDataJSON": text(&client),
                "signature": text(signature.to_der().as_bytes()), "userHandle": text(&self.user),
            },
            "extensions": {},
        })
        .to_string()
    }

    fn client(&self, kind: &str, options: &Value) -> Vec<u8> {
        let told = json!({
            "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false,
        });
        told.to_string().into_bytes()
    }

    fn data(&self, name: &str, flags: u8) -> Vec<u8> {
        let mut data = Sha256::digest(name.as_bytes()).to_vec();
        data.push(PRESENT | VERIFIED | flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// {1: 2, 3: -7, -1: 1, -2: x, -3: y} in CBOR.
    fn public_key(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_sec1_point(false);
        let (x, y) = point.as_bytes()[1..].split_at(32);
        [b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", x, b"\x22\x58\x20", y].concat()
    }
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base64 for addresses, without signs that fill up.
fn text(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let number = (0..3).fold(0, |sum, at| {
            sum << 8 | usize::from(chunk.get(at).copied().unwrap_or(0))
        });
        for at in 0..=chunk.len() {
            text.push(char::from(LETTERS[number >> (18 - 6 * at) & 63]));
        }
    }
    text
}

fn bytes(text: &str) -> Vec<u8> {
    let digits = text
        .bytes()
        .map(|letter| LETTERS.iter().position(|known| *known == letter).expect("base64"));
    let digits: Vec<usize> = digits.collect();
    let mut bytes = Vec::new();
    for chunk in digits.chunks(4) {
        let number = (0..4).fold(0, |sum, at| sum << 6 | chunk.get(at).copied().unwrap_or(0));
        for at in 0..chunk.len() - 1 {
            bytes.push(u8::try_from(number >> (16 - 8 * at) & 255).expect("a byte"));
        }
    }
    bytes
}
