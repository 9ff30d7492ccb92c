//! How the box is reached on the network: its name, its doors, and the authority by which phones know it.
//!
//! The name is chosen when the box is claimed. It stands in the certificates that phones trust, in passkeys and in
//! every link that somebody kept, so that another name is a new beginning for all three.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use crate::act::{ActError, allowed};
use crate::book::Told;
use crate::table::ActKind;
use crate::{Actor, Acts};

/// The most letters of a name: it is read out and typed on phones.
const LONGEST: usize = 24;

/// Names that mean something else on a network, or by which other programs find each other.
const TAKEN: [&str; 13] = [
    "localhost",
    "local",
    "home",
    "arpa",
    "lan",
    "internal",
    "router",
    "gateway",
    "wpad",
    "isatap",
    "www",
    "broadcasthost",
    "invalid",
];

/// The name of the box on the network, without `.local`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BoxName(String);

/// Why a name cannot be the box's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameRefused {
    /// There is none.
    #[error("Write a name for the box. People will type it, so a short word is best, such as \"{FIRST}\"")]
    Empty,
    /// It is too long to be typed.
    #[error("The name has {0} letters. Write at most {LONGEST}, since people will type it")]
    Long(usize),
    /// A sign that no name on a network has.
    #[error("The name of a box has letters from a to z, digits and hyphens. Write it without {0:?}")]
    Sign(char),
    /// It begins or ends with a hyphen, or would be taken for something else.
    #[error(
        "The name begins and ends with a letter, and a hyphen stands between words. Write one such as \"oak-street\""
    )]
    Shape,
    /// It means something else on a network.
    #[error("\"{0}\" means something else on a network. Write another name, such as \"oak-street\"")]
    Meaning(String),
    /// Another machine has it.
    #[error("Something else on this network answers to {0}.local already. Choose another name")]
    Taken(BoxName),
}

/// The name of a box that has not been claimed yet.
pub const FIRST: &str = "hearth";

impl BoxName {
    /// The name as somebody typed it; `.local` at its end is taken away, since many type it.
    pub fn parse(typed: &str) -> Result<Self, NameRefused> {
        let typed = typed.trim().to_lowercase();
        let name = typed.strip_suffix(".local").unwrap_or(&typed);
        if name.is_empty() {
            return Err(NameRefused::Empty);
        }
        let plain = |letter: &char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || *letter == '-';
        if let Some(sign) = name.chars().find(|letter| !plain(letter)) {
            return Err(NameRefused::Sign(sign));
        }
        if name.len() > LONGEST {
            return Err(NameRefused::Long(name.len()));
        }
        let letter = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_lowercase());
        let ends_well = !name.ends_with('-') && letter(name.chars().next()) && !name.contains("--");
        if !ends_well {
            return Err(NameRefused::Shape);
        }
        if TAKEN.contains(&name) {
            return Err(NameRefused::Meaning(name.to_owned()));
        }
        Ok(Self(name.to_owned()))
    }

    /// The name of a box that has not been claimed yet.
    pub fn first() -> Self {
        Self(FIRST.to_owned())
    }

    /// The bare word.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As phones ask for it on their own network.
    pub fn local(&self) -> String {
        format!("{}.local", self.0)
    }

    /// As a router's name service may know it.
    pub fn home(&self) -> String {
        format!("{}.home.arpa", self.0)
    }

    /// The bare word where it can never be an ending of names in the world. Endings are made of letters alone, and new
    /// ones come every year: an authority for the word "app" could speak for every site that ends so.
    pub fn bare(&self) -> Option<&str> {
        let apart = |letter: u8| letter.is_ascii_digit() || letter == b'-';
        self.0.bytes().any(apart).then_some(&self.0)
    }

    /// All names by which the box may be called.
    pub fn all(&self) -> Vec<String> {
        let bare = self.bare().map(str::to_owned);
        [self.local(), self.home()].into_iter().chain(bare).collect()
    }
}

impl fmt::Display for BoxName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The safe door: with encryption, and with the box's own authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SafeDoor {
    /// Its port.
    pub port: u16,
    /// The name for which the authority speaks.
    pub name: BoxName,
    /// The certificate of the authority, as phones take it (DER).
    pub certificate: Arc<[u8]>,
}

/// By which doors the box can be reached.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Doors {
    /// The port of the plain door.
    pub plain: Option<u16>,
    /// The safe door, where it is open.
    pub safe: Option<SafeDoor>,
    /// The addresses of the machine that neighbours can reach.
    pub addresses: Vec<IpAddr>,
}

impl Doors {
    /// The names by which the box may be called.
    pub fn names(&self) -> Vec<String> {
        self.safe.as_ref().map(|safe| safe.name.all()).unwrap_or_default()
    }

    /// The page with this path, at every address at which people who sign in can open it; the safest first.
    pub fn pages(&self, path: &str) -> Vec<String> {
        let mut pages = Vec::new();
        if let Some(SafeDoor { port, name, .. }) = &self.safe {
            let hosts = std::iter::once(name.local()).chain(self.addresses.iter().map(host));
            pages.extend(hosts.map(|host| format!("https://{host}{}{path}", colon(*port, 443))));
        }
        if let Some(port) = self.plain {
            pages.push(format!("http://localhost{}{path}", colon(port, 80)));
        }
        pages
    }
}

/// An address as it stands in the address of a page.
fn host(address: &IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    }
}

/// A port where it is not the usual one.
pub fn colon(port: u16, usual: u16) -> String {
    if port == usual {
        String::new()
    } else {
        format!(":{port}")
    }
}

impl Acts {
    /// By which doors the box can be reached.
    pub fn doors(&self) -> Arc<Doors> {
        self.effects.doors()
    }

    /// Gives the box another name on the network. With it goes everything that hangs on the name: the trust of phones,
    /// passkeys and links.
    pub async fn name_box(&self, actor: &Actor, typed: &str) -> Result<BoxName, ActError> {
        allowed(actor, ActKind::NameBox)?;
        let name = self.free_name(typed).await?;
        let told = Told {
            subject: "box".to_owned(),
            detail: name.to_string(),
            ..Told::default()
        };
        self.keep(actor, ActKind::NameBox, Vec::new(), told).await?;
        self.take_name(name.clone()).await?;
        Ok(name)
    }

    /// A name that nobody else on the network answers to.
    pub(crate) async fn free_name(&self, typed: &str) -> Result<BoxName, ActError> {
        let refused = |why: NameRefused| ActError::BadInput(why.to_string());
        let name = BoxName::parse(typed).map_err(refused)?;
        if self.effects.name_is_taken(&name).await {
            return Err(refused(NameRefused::Taken(name)));
        }
        Ok(name)
    }

    /// Goes on under this name.
    pub(crate) async fn take_name(&self, name: BoxName) -> Result<(), ActError> {
        let effects = Arc::clone(&self.effects);
        self.on_card(move |_| effects.take_name(&name).map_err(ActError::Failed))
            .await
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::{BoxName, Doors, SafeDoor};

    #[test]
    fn a_name_is_what_phones_can_type() {
        for (typed, name) in [
            ("oak", "oak"),
            (" Oak.local ", "oak"),
            ("oak-street-2", "oak-street-2"),
        ] {
            assert_eq!(
                BoxName::parse(typed).map(|name| name.to_string()).as_deref(),
                Ok(name)
            );
        }
    }

    #[test]
    fn every_refusal_says_what_to_write() {
        let check = |typed: &str, said: Expect| {
            let refused = BoxName::parse(typed).expect_err("refused");
            said.assert_eq(&refused.to_string());
        };
        check(
            " ",
            expect![[
                r#"Write a name for the box. People will type it, so a short word is best, such as "hearth""#
            ]],
        );
        check(
            "the oak",
            expect!["The name of a box has letters from a to z, digits and hyphens. Write it without ' '"],
        );
        check(
            "öak",
            expect!["The name of a box has letters from a to z, digits and hyphens. Write it without 'ö'"],
        );
        check(
            "oak.example",
            expect!["The name of a box has letters from a to z, digits and hyphens. Write it without '.'"],
        );
        check(
            "-oak",
            expect![[
                r#"The name begins and ends with a letter, and a hyphen stands between words. Write one such as "oak-street""#
            ]],
        );
        check(
            "xn--oak",
            expect![[
                r#"The name begins and ends with a letter, and a hyphen stands between words. Write one such as "oak-street""#
            ]],
        );
        check(
            "10",
            expect![[
                r#"The name begins and ends with a letter, and a hyphen stands between words. Write one such as "oak-street""#
            ]],
        );
        check(
            "localhost",
            expect![[
                r#""localhost" means something else on a network. Write another name, such as "oak-street""#
            ]],
        );
        check(
            &"o".repeat(40),
            expect!["The name has 40 letters. Write at most 24, since people will type it"],
        );
    }

    #[test]
    fn no_name_speaks_for_an_ending_of_the_world() {
        for letters in ["app", "dev", "london", "bank", "oak"] {
            let name = BoxName::parse(letters).expect("a name");
            assert_eq!(
                name.all(),
                [format!("{letters}.local"), format!("{letters}.home.arpa")]
            );
        }
        assert_eq!(
            BoxName::parse("oak-street").expect("a name").bare(),
            Some("oak-street")
        );
    }

    #[test]
    fn the_addresses_of_a_page_are_told_the_safest_first() {
        let doors = Doors {
            plain: Some(8080),
            safe: Some(SafeDoor {
                port: 443,
                name: BoxName::first(),
                certificate: [].into(),
            }),
            addresses: vec![
                "192.168.1.5".parse().expect("an address"),
                "fd00::5".parse().expect("an address"),
            ],
        };
        assert_eq!(
            doors.pages("/claim"),
            [
                "https://hearth.local/claim",
                "https://192.168.1.5/claim",
                "https://[fd00::5]/claim",
                "http://localhost:8080/claim",
            ]
        );
    }
}
