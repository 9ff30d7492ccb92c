//! What can be typed after `hearth members`.

use clap::{Args, Subcommand};

/// The members' book: people, roles, and what takes two people.
#[derive(Debug, Args)]
pub struct Members {
    /// Why; root, who is nobody in the book, must say it
    #[arg(
        long,
        global = true,
        default_value = "",
        hide_default_value = true,
        value_name = "WORDS"
    )]
    pub why: String,
    /// What to do
    #[command(subcommand)]
    pub what: MembersAsk,
}

/// What to do with the members' book.
#[derive(Debug, Subcommand)]
pub enum MembersAsk {
    /// Everybody in the book, by name
    List {
        /// Which page
        #[arg(long, default_value_t = 1, hide_default_value = true, value_name = "PAGE")]
        page: usize,
    },
    /// People by a piece of a name, number, address or tag
    Find {
        /// What to look for
        #[arg(required = true)]
        words: Vec<String>,
        /// Which page
        #[arg(long, default_value_t = 1, hide_default_value = true, value_name = "PAGE")]
        page: usize,
    },
    /// Every role, and who has it
    Roles,
    /// Give somebody these roles and no others; another must agree
    GiveRoles {
        /// The person's number
        person: u32,
        /// The roles, such as treasurer; none takes all away
        roles: Vec<String>,
    },
    /// What waits for a second person
    Waiting,
    /// Agree to what waits
    Agree {
        /// Its number
        number: u32,
    },
    /// Refuse what waits, or take back what you asked for
    Refuse {
        /// Its number
        number: u32,
    },
    /// A slip with which somebody signs in
    Slip {
        /// The person's number
        person: u32,
        /// They have lost their way in
        #[arg(long)]
        recovery: bool,
    },
    /// The users of the system who are persons of the book
    Users,
    /// Say which person a user of the system is
    BindUser {
        /// The system's number of the user, as id -u tells it
        uid: u32,
        /// The person's number
        person: u32,
    },
    /// Say that a user of the system is nobody in the book
    UnbindUser {
        /// The system's number of the user
        uid: u32,
    },
}
