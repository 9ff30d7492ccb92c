//! Who does or looks at something, and what they may.

use std::collections::BTreeSet;
use std::fmt;

use units::{Audience, PersonId};

/// Somebody, or the box itself, who looks or acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Anybody who opens a page on the box itself; until there is sign-in nobody is known by name.
    Visitor,
    /// Somebody who is signed in.
    Member {
        /// Who.
        person: PersonId,
        /// What their roles allow.
        rights: BTreeSet<Right>,
    },
    /// Somebody at the control socket, known by the system's user number.
    Technician {
        /// The system's number of the user.
        uid: u32,
    },
    /// The box by itself: timers, start and stop.
    TheBox,
}

/// Something a role may allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// See what everybody may see.
    LookPublic,
    /// See the channels kept for stewards, and how the box itself is doing in detail.
    LookStewards,
    /// Watch and read the bus in the raw.
    WatchBus,
    /// Change `site.toml`: names, devices.
    ChangeSite,
    /// Make the box read its configuration again.
    Reload,
    /// Knock at the door and say who one is.
    SignIn,
    /// Look after how oneself signs in.
    OwnAccount,
    /// Give other people slips to sign in with.
    GiveSlips,
    /// Read the code that claims the box: only who is at the machine itself.
    ClaimBox,
}

impl Right {
    /// Every right there is.
    pub const ALL: [Self; 9] = [
        Self::LookPublic,
        Self::LookStewards,
        Self::WatchBus,
        Self::ChangeSite,
        Self::Reload,
        Self::SignIn,
        Self::OwnAccount,
        Self::GiveSlips,
        Self::ClaimBox,
    ];

    /// What the right allows, for a refusal: "you may not …".
    pub fn words(self) -> &'static str {
        match self {
            Self::LookPublic => "see the public pages",
            Self::LookStewards => "see what is kept for stewards",
            Self::WatchBus => "watch the bus",
            Self::ChangeSite => "change the site",
            Self::Reload => "make the box read its configuration again",
            Self::SignIn => "sign in",
            Self::OwnAccount => "change how you sign in before you are signed in",
            Self::GiveSlips => "give out slips",
            Self::ClaimBox => "see the code that claims the box",
        }
    }
}

impl Actor {
    /// Whether this actor has a right. Pages are only served to the box itself until there is sign-in, so
    /// a visitor may also do the small things that the pages offer.
    pub fn may(&self, right: Right) -> bool {
        match self {
            Self::Visitor => matches!(
                right,
                Right::LookPublic | Right::ChangeSite | Right::Reload | Right::SignIn
            ),
            Self::Member { rights, .. } => {
                matches!(right, Right::LookPublic | Right::SignIn | Right::OwnAccount)
                    || rights.contains(&right)
            }
            Self::Technician { .. } | Self::TheBox => true,
        }
    }

    /// Whether this actor may see values that are kept for `audience`. A household's values are for its own
    /// people, and nobody here is known to be one of them yet; stewards and technicians are not.
    pub fn sees(&self, audience: &Audience) -> bool {
        match audience {
            Audience::Everyone => self.may(Right::LookPublic),
            Audience::Stewards => self.may(Right::LookStewards),
            Audience::Household(_) => *self == Self::TheBox,
        }
    }

    /// By which way the actor came, for the audit.
    pub fn via(&self) -> &'static str {
        match self {
            Self::Visitor | Self::Member { .. } => "page",
            Self::Technician { .. } => "command",
            Self::TheBox => "box",
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Visitor => f.write_str("somebody at the page"),
            // By their number: a name would outlive its erasure here.
            Self::Member { person, .. } => write!(f, "{person}"),
            Self::Technician { uid } => write!(f, "user {uid} of the system"),
            Self::TheBox => f.write_str("the box"),
        }
    }
}

#[cfg(test)]
mod tests {
    use units::{Audience, HomeName};

    use super::Actor;

    #[test]
    fn a_flat_is_seen_by_neither_visitor_nor_technician() {
        let flat = Audience::Household(HomeName::parse("flat-1").expect("a good word"));
        assert!(!Actor::Visitor.sees(&flat));
        assert!(!Actor::Technician { uid: 0 }.sees(&flat));
        assert!(!Actor::Visitor.sees(&Audience::Stewards));
        assert!(Actor::Technician { uid: 0 }.sees(&Audience::Stewards));
    }
}
