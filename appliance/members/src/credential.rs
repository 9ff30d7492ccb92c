//! How somebody shows who they are: passphrases, passkeys, slips of paper, sessions and the devices they were on.
//!
//! Of every secret only a hash is kept. What is hashed how, and what a browser is sent, is done in `acts` and `web`;
//! here are the rows, the rules and the bounds. Nothing here says whether a name is in the members' book: at some
//! places that alone tells of somebody's health.

pub mod cost;
pub mod device;
pub mod limits;
pub mod rules;
pub mod session;
pub mod slip;

use std::fmt;

use jiff::civil::Date;
use sha2::{Digest as _, Sha256};
use units::bytes::hex;
use units::{Instant, PersonId};

use crate::record::{Atom, Key, Named, Opaque, record};
use crate::text;

record! {
    /// By what somebody signs in: a name that they chose and a passphrase, of which a slow hash is kept.
    pub struct Passphrase in "passphrases" by PersonId {
        /// The name to sign in with, as its owner writes it. Two people may have the same; the passphrase decides.
        1 name: String => "Name to sign in with", SignIn, Contract, WhileInForce;
        /// The hash, in the form of a PHC string: argon2id with its cost and its salt.
        2 hash: SlowHash => "Hash of your passphrase", SignIn, Contract, WhileInForce;
        /// When it was chosen.
        3 set: Instant => "Passphrase chosen", SignIn, Contract, WhileInForce;
    }
}

record! {
    /// A passkey: a key in somebody's phone or computer, of which the box knows the public half.
    pub struct Passkey in "passkeys" by (PersonId, u32) {
        /// What its owner calls it: "my phone".
        1 name: String => "Name of the passkey", SignIn, Contract, WhileInForce;
        /// By what the browser names the key.
        2 id: Opaque => "Number of the passkey", SignIn, Contract, WhileInForce;
        /// The public key and what belongs to it, as the WebAuthn library writes it.
        3 credential: Opaque => "Public key", SignIn, Contract, WhileInForce;
        /// The name of the box for which it was made; it works under no other.
        4 works_at: String => "Works at", SignIn, Contract, WhileInForce;
        /// When it was added.
        5 added: Instant => "Added", SignIn, Contract, WhileInForce;
        /// The last day on which it was used.
        6 used: Option<Date> => "Last used", SignIn, LegitimateInterest, WhileInForce;
    }
}

/// The slow hash of a secret, as text. It is told to nobody, not to its owner either: whoever finds a printed copy of
/// somebody's data could else try words on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlowHash(pub String);

impl Atom for SlowHash {
    fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        String::from_bytes(bytes).map(Self)
    }

    fn say(&self) -> String {
        "kept, and told to nobody".to_owned()
    }
}

/// A hash of 32 bytes by which a secret is found that is not kept itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The hash that somebody else made.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The SHA-256 of several parts, each with its length before it, so that no two lists of parts are alike.
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }

    /// Its bytes.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Its first half, for a salt.
    pub fn half(&self) -> [u8; 16] {
        let mut half = [0; 16];
        half.copy_from_slice(&self.0[..16]);
        half
    }

    /// As letters and digits.
    pub fn hex(&self) -> String {
        hex(&self.0)
    }

    /// The hash that is written so.
    pub fn parse(text: &str) -> Option<Self> {
        unhex(text).map(Self)
    }

    /// Whether `other` is the same, in a time that does not tell how much of it is.
    pub fn is(&self, other: &Self) -> bool {
        let differing = self.0.iter().zip(&other.0).fold(0, |sum, (a, b)| sum | (a ^ b));
        std::hint::black_box(differing) == 0
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({}…)", hex(&self.0[..4]))
    }
}

impl Key for Digest {
    fn names(&self, _: &mut Named) {}

    fn to_key(&self) -> Vec<u8> {
        self.0.to_vec()
    }

    fn from_key(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

/// A secret of 32 random bytes that a browser keeps in a cookie.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl Token {
    /// The token of these random bytes.
    pub const fn new(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// The token that stands in a cookie.
    pub fn parse(text: &str) -> Option<Self> {
        unhex(text).map(Self)
    }

    /// As it stands in a cookie.
    pub fn cookie(&self) -> String {
        hex(&self.0)
    }

    /// By what the box knows it.
    pub fn digest(&self) -> Digest {
        Digest::of(&[b"token", &self.0])
    }

    /// What a form carries to show that it comes from a page of this session and no other, and for this one purpose.
    pub fn form(&self, purpose: &str) -> Digest {
        Digest::of(&[b"form", purpose.as_bytes(), &self.0])
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// A name to sign in with, in the form in which names are compared: neither letter case nor marks nor spaces matter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignInName(String);

impl SignInName {
    /// The name that somebody wrote.
    pub fn new(written: &str) -> Self {
        Self(text::folded(written))
    }

    /// As it is compared.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The salt of all passphrases under this name at a box whose own secret is `secret`.
    ///
    /// It hangs on the name alone, so that one slow hash answers for everybody of that name and for nobody: whether
    /// there is such a person, and how many, changes neither the answer nor its time.
    pub fn salt(&self, secret: &[u8]) -> [u8; 16] {
        Digest::of(&[b"salt of a name", secret, self.0.as_bytes()]).half()
    }
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let sound = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let digits = sound.then_some(text)?;
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::device::KnownDevice;
    use super::session::Session;
    use super::slip::Slip;
    use super::{Digest, Passkey, Passphrase, SignInName, Token};
    use crate::record::{Kept, Key};

    #[test]
    fn every_table_is_one_of_the_book() {
        let tables = [
            Passphrase::TABLE,
            Passkey::TABLE,
            Slip::TABLE,
            Session::TABLE,
            KnownDevice::TABLE,
        ];
        assert!(tables.iter().all(|table| crate::TABLES.contains(table)));
    }

    #[test]
    fn a_token_comes_back_from_its_cookie_and_from_nothing_else() {
        let token = Token::new(std::array::from_fn(|at| u8::try_from(at).expect("small")));
        let cookie = token.cookie();
        assert_eq!(cookie.len(), 64);
        assert_eq!(Token::parse(&cookie), Some(token));
        for wrong in [
            "",
            "0",
            &cookie[..62],
            &cookie.replace('0', "g"),
            &cookie.replace("00", "+0"),
            &"é".repeat(32),
            &format!("{cookie}00"),
        ] {
            assert_eq!(Token::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn nothing_shows_a_token_by_mistake() {
        assert_eq!(format!("{:?}", Token::new([7; 32])), "Token(…)");
    }

    #[test]
    fn a_form_is_of_one_session_and_one_purpose() {
        let (one, other) = (Token::new([1; 32]), Token::new([2; 32]));
        assert!(one.form("sign-out").is(&one.form("sign-out")));
        assert!(!one.form("sign-out").is(&other.form("sign-out")));
        assert!(!one.form("sign-out").is(&one.form("new-slip")));
        assert!(!one.form("").is(&one.digest()));
    }

    #[test]
    fn parts_are_not_taken_for_one_another() {
        assert_ne!(Digest::of(&[b"ab", b"c"]), Digest::of(&[b"a", b"bc"]));
        assert_ne!(Digest::of(&[b"a"]), Digest::of(&[b"a", b""]));
        let digest = Digest::of(&[]);
        assert_eq!(Digest::from_key(&digest.to_key()), Some(digest));
        assert_eq!(Digest::from_key(&[1]), None);
    }

    #[test]
    fn names_are_compared_as_people_compare_them() {
        assert_eq!(SignInName::new(" ÅSA  öberg"), SignInName::new("asa Oberg "));
        assert_ne!(SignInName::new("asa"), SignInName::new("asa oberg"));
        let salt = |name: &str, secret: &[u8]| SignInName::new(name).salt(secret);
        assert_eq!(salt("Åsa", b"box"), salt("asa", b"box"));
        assert_ne!(salt("Åsa", b"box"), salt("Ben", b"box"));
        assert_ne!(salt("Åsa", b"box"), salt("Åsa", b"another box"));
    }
}
