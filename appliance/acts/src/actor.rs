//! Who does or looks at something, and what they may.

use std::collections::BTreeSet;
use std::fmt;

use units::{Audience, PersonId};

/// Somebody, or the box itself, who looks or acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Anybody who opens a page and has not said who they are.
    Visitor,
    /// Somebody who is signed in.
    Member {
        /// Who.
        person: PersonId,
        /// What their roles allow.
        rights: BTreeSet<Right>,
    },
    /// Somebody at the control socket, known by the system's user number and nobody in the members' book: they look after
    /// the machine, and not into the book.
    Technician {
        /// The system's number of the user.
        uid: u32,
    },
    /// Somebody at the control socket whose user belongs to a person of the book.
    Operator {
        /// The system's number of the user.
        uid: u32,
        /// Who.
        person: PersonId,
        /// What their roles allow.
        rights: BTreeSet<Right>,
    },
    /// Root at the machine, who is nobody in the book and has said why they look into it all the same.
    Root {
        /// Why, in their own words.
        why: String,
    },
    /// The box by itself: timers, start and stop.
    TheBox,
}

/// Makes the rights of one list: what it is, its case, its word in the store, the words for a refusal.
macro_rules! rights {
    ($( $(#[$doc:meta])* $right:ident, $word:literal, $words:literal; )*) => {
        /// Something a role may allow.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Right {
            $( $(#[$doc])* $right, )*
        }

        impl Right {
            /// Every right there is.
            pub const ALL: &[Self] = &[$( Self::$right, )*];

            /// Its word in files and in the store.
            pub fn word(self) -> &'static str {
                match self {
                    $( Self::$right => $word, )*
                }
            }

            /// The right with this word.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|right| right.word() == word)
            }

            /// What the right allows, for a refusal: "you may not …".
            pub fn words(self) -> &'static str {
                match self {
                    $( Self::$right => $words, )*
                }
            }
        }
    };
}

rights! {
    /// See what everybody may see.
    LookPublic, "look-public", "see the public pages";
    /// See the channels kept for stewards, and how the box itself is doing in detail.
    LookStewards, "look-stewards", "see what is kept for stewards";
    /// Watch and read the bus in the raw.
    WatchBus, "watch-bus", "watch the bus";
    /// Change `site.toml`: names, devices.
    ChangeSite, "change-site", "change the site";
    /// Make the box read its configuration again.
    Reload, "reload", "make the box read its configuration again";
    /// Have backups made, and make the phrase that opens them.
    KeepBackups, "keep-backups", "look after the backups";
    /// Knock at the door and say who one is.
    SignIn, "sign-in", "sign in";
    /// Look after what is one's own: how one signs in, and one's own data.
    OwnAccount, "own-account", "see and change what is your own";
    /// Give other people slips to sign in with.
    GiveSlips, "give-slips", "give out slips";
    /// Read the code that claims the box: only who is at the machine itself.
    ClaimBox, "claim-box", "see the code that claims the box";
    /// Look into the members' book.
    LookPeople, "look-people", "look into the members' book";
    /// Change what stands in the members' book of people and households.
    ChangePeople, "change-people", "change the members' book";
    /// Admit members, and end or suspend a membership.
    Admit, "admit", "decide on memberships";
    /// See who pays what.
    LookMoney, "look-money", "look at what people pay";
    /// Enter payments, dues and the cash book; read in statements.
    ChangeMoney, "change-money", "enter payments";
    /// Read tables of people in, and merge two entries of one person.
    ImportTables, "import-tables", "read tables of people in or put entries together";
    /// Write letters and make labels, lists and cards.
    WriteLetters, "write-letters", "write letters to members";
    /// Deal with what people may ask about their data: copies, erasure, complaints.
    HandleData, "handle-data", "deal with requests about data";
    /// Read the whole record of who did what.
    LookAudit, "look-audit", "read the whole record";
    /// Take the whole book out of the box.
    ExportAll, "export-all", "take the whole book out";
    /// Change the rules of the house: classes, dues, fields, for how long things are kept.
    ChangeRules, "change-rules", "change the rules of the house";
    /// Give and take roles, and change what they allow.
    ChangeRoles, "change-roles", "give and take roles";
}

impl Right {
    /// Whether it is of the machine and its wires, and of nobody's data: whoever may open the control socket has it.
    pub fn is_of_the_machine(self) -> bool {
        matches!(
            self,
            Self::LookPublic
                | Self::LookStewards
                | Self::WatchBus
                | Self::ChangeSite
                | Self::Reload
                | Self::KeepBackups
                | Self::SignIn
                | Self::ClaimBox
                | Self::LookAudit
        )
    }
}

impl Actor {
    /// Whether this actor has a right.
    pub fn may(&self, right: Right) -> bool {
        match self {
            Self::Visitor => matches!(right, Right::LookPublic | Right::SignIn),
            Self::Member { rights, .. } => {
                matches!(right, Right::LookPublic | Right::SignIn | Right::OwnAccount)
                    || rights.contains(&right)
            }
            Self::Technician { .. } => right.is_of_the_machine(),
            Self::Operator { rights, .. } => {
                right.is_of_the_machine() || right == Right::OwnAccount || rights.contains(&right)
            }
            Self::Root { .. } => right != Right::OwnAccount,
            Self::TheBox => true,
        }
    }

    /// Whether this actor may see values that are kept for `audience`, by what their roles allow. A household's values
    /// are for its own people, whatever their roles; who they are stands in the members' book, where [`crate::Look`]
    /// asks.
    pub fn sees(&self, audience: &Audience) -> bool {
        match audience {
            Audience::Everyone => self.may(Right::LookPublic),
            Audience::Stewards => self.may(Right::LookStewards),
            Audience::Household(_) => *self == Self::TheBox,
        }
    }

    /// The person who acts, where it is one of the book.
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Member { person, .. } | Self::Operator { person, .. } => Some(*person),
            Self::Visitor | Self::Technician { .. } | Self::Root { .. } | Self::TheBox => None,
        }
    }

    /// Why they do what they do, where that had to be said before anything else.
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Root { why } => Some(why),
            _ => None,
        }
    }

    /// By which way the actor came, for the audit.
    pub fn via(&self) -> &'static str {
        match self {
            Self::Visitor | Self::Member { .. } => "page",
            Self::Technician { .. } | Self::Operator { .. } | Self::Root { .. } => "command",
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
            Self::Operator { uid, person, .. } => write!(f, "{person}, user {uid} of the system"),
            Self::Root { .. } => f.write_str("user 0 of the system"),
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
