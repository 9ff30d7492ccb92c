//! The addresses of one's own pages, of everybody's data and of the record.

use super::segment;

/// The way to everything that is one's own.
pub(crate) const ME: &str = "/me";

/// Everything that is kept about oneself.
pub(crate) const MY_DATA: &str = "/me/data";

/// Where one's own entry is put right.
pub(crate) const MY_ENTRY: &str = "/me/entry";

/// Where one's household is put right.
pub(crate) const MY_HOUSEHOLD: &str = "/me/household";

/// What one asked about one's data, and complained of.
pub(crate) const MY_REQUESTS: &str = "/me/requests";

/// What one said yes and no to.
pub(crate) const MY_CONSENTS: &str = "/me/consents";

/// Where one leaves.
pub(crate) const MY_LEAVE: &str = "/me/leave";

/// The members who chose to be seen by others.
pub(crate) const MY_MEMBERS: &str = "/me/members";

/// Everything about oneself as a letter.
pub(crate) const MY_COPY: &str = "/me/copy";

/// The same as a file.
pub(crate) const MY_COPY_FILE: &str = "/me/copy.json";

/// What people asked about their data.
pub(crate) const DATA: &str = "/data";

/// Where an answer to a request is sent.
pub(crate) const DATA_ANSWER: &str = "/data/requests/{number}";

/// What goes with time.
pub(crate) const DATA_KEEPING: &str = "/data/keeping";

/// The words in which people are asked.
pub(crate) const DATA_WORDINGS: &str = "/data/wordings";

/// What somebody may ask about their data.
pub(crate) const DATA_OF: &str = "/people/{person}/data";

/// Where what they asked is written down.
pub(crate) const DATA_OF_REQUEST: &str = "/people/{person}/data/request";

/// Where what they said yes and no to is written down.
pub(crate) const DATA_OF_CONSENT: &str = "/people/{person}/data/consent";

/// Where a copy for them is made.
pub(crate) const DATA_OF_COPY: &str = "/people/{person}/data/copy";

/// Where somebody is erased.
pub(crate) const ERASE: &str = "/people/{person}/erase";

/// The record of who did what.
pub(crate) const RECORD: &str = "/record";

/// The same as a file.
pub(crate) const RECORD_FILE: &str = "/record/file";

/// Who did what with one's own data.
pub(crate) const MY_LOOKS: &str = "/me/looks";

/// How and where one is signed in.
pub(crate) const MY_SESSIONS: &str = "/me/sessions";

/// Where the button to sign out leads.
pub(crate) const MY_SIGN_OUT: &str = "/me/sign-out";

/// Where the button to sign out on all devices leads.
pub(crate) const MY_SIGN_OUT_EVERYWHERE: &str = "/me/sign-out-everywhere";

/// Where the buttons to sign out on one other device lead.
pub(crate) const MY_SESSION_END: &str = "/me/sessions/end";

/// Where the choice is sent whether this device shows one's name.
pub(crate) const MY_NAME_ON_DEVICE: &str = "/me/name-on-device";

/// Where a script asks what key a device is to make.
pub(crate) const MY_PASSKEY_QUESTION: &str = "/me/passkeys/question";

/// Where a script sends the key that a device made.
pub(crate) const MY_PASSKEYS: &str = "/me/passkeys";

/// Where the buttons to remove a passkey lead.
pub(crate) const MY_PASSKEY_REMOVE: &str = "/me/passkeys/remove";

/// Where an answer to this request is sent.
pub(crate) fn data_answer(number: u32) -> String {
    format!("{DATA}/requests/{number}")
}

/// What this person may ask about their data.
pub(crate) fn data_of(person: u32) -> String {
    format!("/people/{person}/data")
}

/// Where what this person asked is written down.
pub(crate) fn data_of_request(person: u32) -> String {
    format!("/people/{person}/data/request")
}

/// Where what this person said is written down.
pub(crate) fn data_of_consent(person: u32) -> String {
    format!("/people/{person}/data/consent")
}

/// Where a copy for this person is made.
pub(crate) fn data_of_copy(person: u32) -> String {
    format!("/people/{person}/data/copy")
}

/// Where this person is erased.
pub(crate) fn erase(person: u32) -> String {
    format!("/people/{person}/erase")
}

/// A word within an address.
pub(crate) fn written(word: &str) -> String {
    segment(word)
}

/// Who did what with one's own data, from below a line's number on.
pub(crate) fn my_looks(own_too: bool, below: Option<u64>) -> String {
    let below = below.map(|below| format!("&below={below}"));
    format!("{MY_LOOKS}?own={own_too}{}", below.unwrap_or_default())
}

/// The record of acts from below this number on.
pub(crate) fn record_below(number: u64) -> String {
    format!("/box?below={number}#record")
}
