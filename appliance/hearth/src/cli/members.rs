//! What can be typed after `hearth members`.

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use members::edit::Group;

/// What can be said of somebody.
const FIELDS: &str = "Groups: name, ways, address, needs, relations, tags, custom, notes, listing
Fields: those that `hearth members change PERSON GROUP` shows, such as called,
born, reach, mobile, phone, e-mail. mobile=NUMBER means the first of its kind,
or one more; an empty value takes it away. A field that is given again gets
another line. - reads FIELD=VALUE lines from the input, so that they stand
neither in the shell's history nor in the list of processes";

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
    /// What is about households.
    #[command(flatten)]
    Household(HouseholdAsk),
    /// What is about one person.
    #[command(flatten)]
    Somebody(SomebodyAsk),
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

/// What to do with one person of the book.
#[derive(Debug, Subcommand)]
pub enum SomebodyAsk {
    /// One person with everything that is kept of them
    Show {
        /// The person's number
        person: u32,
    },
    /// Enter somebody in the book
    #[command(after_help = FIELDS)]
    Add {
        /// Their name; - reads all fields from the input, the name too
        name: String,
        /// What else is known, as FIELD=VALUE
        #[arg(value_name = "FIELD=VALUE")]
        fields: Vec<String>,
        /// The class of membership for which they apply
        #[arg(long, value_name = "CLASS")]
        class: Option<String>,
        /// This is another person with the same name
        #[arg(long)]
        another: bool,
    },
    /// Change fields of one group; without any, show them
    #[command(after_help = FIELDS)]
    Change {
        /// The person's number
        person: u32,
        /// The group of fields
        #[arg(hide_possible_values = true, value_parser = PossibleValuesParser::new(Group::ALL.iter().map(|group| group.word())))]
        group: String,
        /// What it is now, as FIELD=VALUE; - reads them from the input
        #[arg(value_name = "FIELD=VALUE")]
        fields: Vec<String>,
    },
    /// Enter that somebody applies for membership
    Apply {
        /// The person's number
        person: u32,
        /// The class, such as member
        class: String,
        /// What they wrote
        #[arg(long, default_value = "", hide_default_value = true, value_name = "WORDS")]
        words: String,
        /// The day [default: today]
        #[arg(long, value_name = "DAY")]
        on: Option<String>,
    },
    /// Admit somebody, or change a member's class
    Admit {
        /// The person's number
        person: u32,
        /// The class, if not that of the application
        #[arg(long, value_name = "CLASS")]
        class: Option<String>,
        /// From which day [default: today]
        #[arg(long, value_name = "DAY")]
        on: Option<String>,
    },
    /// End a membership because the member leaves
    Leave {
        /// The person's number
        person: u32,
        /// From which day [default: today]
        #[arg(long, value_name = "DAY")]
        on: Option<String>,
    },
    /// Decide otherwise on a membership; say why (--why)
    Decide {
        /// The person's number
        person: u32,
        /// not-admitted, suspended, removed or died
        #[arg(hide_possible_values = true, value_parser = PossibleValuesParser::new(["not-admitted", "suspended", "removed", "died"]))]
        to: String,
        /// Something was not paid, and the notice of it is over
        #[arg(long)]
        arrears: bool,
        /// From which day [default: today]
        #[arg(long, value_name = "DAY")]
        on: Option<String>,
    },
}

/// What to do with households.
#[derive(Debug, Subcommand)]
pub enum HouseholdAsk {
    /// Households by a piece of a name or of the address
    Households {
        /// What to look for; nothing is all
        words: Vec<String>,
        /// Which page
        #[arg(long, default_value_t = 1, hide_default_value = true, value_name = "PAGE")]
        page: usize,
    },
    /// One household; with fields, change them
    #[command(after_help = "Fields: household-name, letters, lines, postcode, country, note")]
    Household {
        /// Its number
        household: u32,
        /// What it is now, as FIELD=VALUE; - reads them from the input
        #[arg(value_name = "FIELD=VALUE")]
        fields: Vec<String>,
    },
    /// Make a household of one person, who brings their address
    MakeHousehold {
        /// The person's number
        person: u32,
    },
    /// Somebody joins a household, and leaves the one before
    JoinHousehold {
        /// The household's number
        household: u32,
        /// The person's number
        person: u32,
    },
    /// Somebody leaves a household; its address stays with it
    LeaveHousehold {
        /// The household's number
        household: u32,
        /// The person's number
        person: u32,
    },
}
