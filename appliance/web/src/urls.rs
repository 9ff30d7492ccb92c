//! Every address of the box, in one list: the patterns for the router and the addresses for links.

mod letters;
mod me;
mod money;
mod people;
mod statements;

pub(crate) use letters::*;
pub(crate) use me::*;
pub(crate) use money::*;
pub(crate) use people::*;
pub(crate) use statements::*;

/// Home: what flows now, and today.
pub(crate) const HOME: &str = "/";

/// One day, week, month or year.
pub(crate) const ENERGY: &str = "/energy/{period}";

/// Where the date field leads.
pub(crate) const ENERGY_DATE: &str = "/energy";

/// All devices.
pub(crate) const DEVICES: &str = "/devices";

/// One device.
pub(crate) const DEVICE: &str = "/devices/{name}";

/// The history of one value of a device.
pub(crate) const HISTORY: &str = "/devices/{name}/history/{point}";

/// The same as a table for a spreadsheet.
pub(crate) const HISTORY_CSV: &str = "/devices/{name}/history/{point}/table.csv";

/// Where another name for a device is sent.
pub(crate) const DEVICE_LABEL: &str = "/devices/{name}/label";

/// The box itself.
pub(crate) const THE_BOX: &str = "/box";

/// Where another name for the place is sent.
pub(crate) const PLACE_NAME: &str = "/box/name";

/// Where the button to read the configuration again leads.
pub(crate) const RELOAD: &str = "/box/reload";

/// How the backups stand.
pub(crate) const BACKUP: &str = "/box/backup";

/// Where the button leads that has one made.
pub(crate) const BACKUP_MAKE: &str = "/box/backup/make";

/// Where a new recovery phrase is asked for, and shown once.
pub(crate) const BACKUP_PHRASE: &str = "/box/backup/phrase";

/// Where the choice between light and dark is sent.
pub(crate) const THEME: &str = "/theme";

/// Where somebody signs in.
pub(crate) const SIGN_IN: &str = "/sign-in";

/// Where somebody signs in with a slip. The square on a slip leads here too.
pub(crate) const SIGN_IN_SLIP: &str = "/sign-in/slip";

/// Where somebody chooses a passphrase.
pub(crate) const SIGN_IN_PASSPHRASE: &str = "/sign-in/passphrase";

/// Where a script asks what a device is to sign.
pub(crate) const SIGN_IN_PASSKEY_QUESTION: &str = "/sign-in/passkey/question";

/// Where a script sends what a device signed.
pub(crate) const SIGN_IN_PASSKEY: &str = "/sign-in/passkey";

/// Where the first steward takes charge of the box.
pub(crate) const CLAIM: &str = "/claim";

/// Where a table of people is handed in, and the imports of the past.
pub(crate) const IMPORT: &str = "/members/import";

/// What the columns of a table mean.
pub(crate) const IMPORT_TABLE: &str = "/members/import/table";

/// Where the button leads that puts a table away.
pub(crate) const IMPORT_FORGET: &str = "/members/import/forget";

/// What would become of a table.
pub(crate) const IMPORT_PREVIEW: &str = "/members/import/preview";

/// The same as a table for a spreadsheet.
pub(crate) const IMPORT_REPORT: &str = "/members/import/preview.csv";

/// Where the button leads that reads a table in.
pub(crate) const IMPORT_COMMIT: &str = "/members/import/commit";

/// One import of the past.
pub(crate) const IMPORT_PAST: &str = "/members/import/{number}";

/// Where the button leads that undoes it.
pub(crate) const IMPORT_UNDO: &str = "/members/import/{number}/undo";

/// Where the whole book is taken out as a table.
pub(crate) const EXPORT: &str = "/members/export";

/// Entries that may be one person, and those that were put together before.
pub(crate) const MERGE: &str = "/members/merge";

/// Which other entry is the same person.
pub(crate) const MERGE_WITH: &str = "/members/merge/{person}";

/// Two entries side by side: the one that stays, and the one that goes.
pub(crate) const MERGE_PAIR: &str = "/members/merge/{kept}/{gone}";
/// That the two are two people, or may be one after all.
pub(crate) const MERGE_APART: &str = "/members/merge/{kept}/{gone}/apart";

/// How a phone comes to trust the box.
pub(crate) const TRUST: &str = "/trust";

/// The authority's certificate, as most devices take it.
pub(crate) const TRUST_CERTIFICATE: &str = "/trust/authority.crt";

/// The authority's certificate in a profile, as devices of Apple take it.
pub(crate) const TRUST_PROFILE: &str = "/trust/authority.mobileconfig";

/// Where somebody finds out whether their device trusts the box.
pub(crate) const TRUST_TRY: &str = "/trust/try";

/// Where a script finds out the same.
pub(crate) const TRUST_PROBE: &str = "/trust/probe";

/// The card with the words by which people know the right authority.
pub(crate) const TRUST_CARD: &str = "/trust/card";

/// Where the box gets another name on the network.
pub(crate) const BOX_CALLED: &str = "/box/called";

/// What is shown at the plain door instead of a page that is behind the safe one.
pub(crate) const NOT_HERE: &str = "/behind-the-safe-door";

/// The way to everything about people.
pub(crate) const MEMBERS: &str = "/members";

/// What is open at the plain door, for everybody on the network.
pub(crate) const PUBLIC: &[&str] = &[
    HOME,
    ENERGY_DATE,
    DEVICES,
    THE_BOX,
    TRUST,
    TRUST_CERTIFICATE,
    TRUST_PROFILE,
    TRUST_TRY,
    "/live",
    "/metrics",
    "/healthz",
    "/energy.csv",
    "/readings.csv",
];

/// The same for all paths that begin so.
pub(crate) const PUBLIC_UNDER: &[&str] = &["/energy/", "/devices/", "/assets/", "/api/"];

/// And yet not for these: what people did is nobody's business on the Wi-Fi.
pub(crate) const NOT_PUBLIC_UNDER: &[&str] = &["/api/v1/audit"];

/// One import of the past.
pub(crate) fn import_past(number: u32) -> String {
    format!("{IMPORT}/{number}")
}

/// Where the button leads that undoes it.
pub(crate) fn import_undo(number: u32) -> String {
    format!("{IMPORT}/{number}/undo")
}

/// Which other entry is the same person.
pub(crate) fn merge_with(person: u32) -> String {
    format!("{MERGE}/{person}")
}

/// Two entries side by side: the one that stays, and the one that goes.
pub(crate) fn merge_pair(kept: u32, gone: u32) -> String {
    format!("{MERGE}/{kept}/{gone}")
}

/// That two entries are two people.
pub(crate) fn merge_apart(kept: u32, gone: u32) -> String {
    format!("{MERGE}/{kept}/{gone}/apart")
}

/// The rows of one kind of what would become of a table.
pub(crate) fn import_rows(kind: &str, page: usize) -> String {
    format!("{IMPORT_PREVIEW}?show={kind}&page={page}")
}

/// Whether a form with a file is sent there, which is larger than other forms.
pub(crate) fn takes_files(path: &str) -> bool {
    path == IMPORT || path == STATEMENTS
}

/// Every role, and who has which.
pub(crate) const ROLES: &str = "/members/roles";

/// Where the number of somebody leads to their roles.
pub(crate) const ROLES_PERSON: &str = "/members/roles/person";

/// The roles of one person.
pub(crate) const ROLES_OF: &str = "/members/roles/person/{person}";

/// Where the house makes a role of its own.
pub(crate) const ROLE_NEW: &str = "/members/roles/new";

/// One of the house's own roles.
pub(crate) const ROLE: &str = "/members/roles/role/{key}";

/// Where it is taken away.
pub(crate) const ROLE_DROP: &str = "/members/roles/role/{key}/drop";

/// What waits for a second person.
pub(crate) const WAITING: &str = "/members/waiting";

/// Where it is decided.
pub(crate) const WAITING_DECIDE: &str = "/members/waiting/{number}";

/// Every act, and who may do it.
pub(crate) const WHO_CAN: &str = "/who-can-do-what";

/// The roles of this person.
pub(crate) fn roles_of(person: u32) -> String {
    format!("{ROLES_PERSON}/{person}")
}

/// This role of the house.
pub(crate) fn role(key: &str) -> String {
    format!("{ROLES}/role/{}", segment(key))
}

/// Where this role of the house is taken away.
pub(crate) fn role_drop(key: &str) -> String {
    format!("{ROLES}/role/{}/drop", segment(key))
}

/// Where this is decided.
pub(crate) fn waiting_decide(number: u32) -> String {
    format!("{WAITING}/{number}")
}

/// Where somebody signs in who wished to see `path`.
pub(crate) fn sign_in_and_back(path: &str) -> String {
    match own_path(path).filter(|path| *path != HOME) {
        Some(path) => format!("{SIGN_IN}?back={}", segment(path)),
        None => SIGN_IN.to_owned(),
    }
}

/// The page to sign in on with the name of somebody who is offered on this device.
pub(crate) fn sign_in_as(number: usize, back: &str) -> String {
    format!("{SIGN_IN}?as={number}&back={}", segment(back))
}

/// The page of a period, such as `2026-06-16`, `2026-W25`, `2026-06`, `2026`.
pub(crate) fn energy(period: &str) -> String {
    format!("/energy/{}", segment(period))
}

/// Some hours of a day.
pub(crate) fn energy_hours(period: &str, from: u8, to: u8) -> String {
    format!("/energy/{}?from={from}&to={to}", segment(period))
}

/// A period's quarters of an hour as a table for a spreadsheet.
pub(crate) fn energy_csv(period: &str) -> String {
    format!("/energy.csv?period={}", segment(period))
}

/// A channel's readings between two moments (UTC milliseconds) as a table for a spreadsheet.
pub(crate) fn readings_csv(channel: &str, from_ms: i64, to_ms: i64) -> String {
    format!(
        "/readings.csv?channel={}&from={from_ms}&to={to_ms}",
        segment(channel)
    )
}

/// A file that belongs to the program, by its name under `assets/`.
pub(crate) fn file(name: &str) -> &'static str {
    crate::embed::url(name)
}

/// The page of a device.
pub(crate) fn device(name: &str) -> String {
    format!("/devices/{}", segment(name))
}

/// The history of a channel, `device/point`; where it begins is the page's choice.
pub(crate) fn history(channel: &str) -> String {
    let (device, point) = channel.split_once('/').unwrap_or((channel, ""));
    format!("/devices/{}/history/{}", segment(device), segment(point))
}

/// So much of the history of a channel, around a moment.
pub(crate) fn history_at(channel: &str, span: &str, at: &str) -> String {
    format!("{}?span={span}&at={}", history(channel), segment(at))
}

/// The same as a table for a spreadsheet.
pub(crate) fn history_csv(channel: &str, span: &str, at: &str) -> String {
    format!("{}/table.csv?span={span}&at={}", history(channel), segment(at))
}

/// Where another name for a device is sent.
pub(crate) fn device_label(name: &str) -> String {
    format!("/devices/{}/label", segment(name))
}

/// A page with the word of what was just done.
pub(crate) fn done(page: &str, what: &str) -> String {
    format!("{page}?done={what}")
}

/// An address within this box, safe to be sent to: a path of our own, nothing that a browser takes for
/// another place.
pub(crate) fn own_path(text: &str) -> Option<&str> {
    let own =
        text.starts_with('/') && !text.starts_with("//") && !text.contains(['\\', '\r', '\n', '\t', '#']);
    (own && text.len() <= 300 && text.bytes().all(|byte| byte.is_ascii_graphic())).then_some(text)
}

/// One part of a path: what is not a plain letter, digit, `-`, `_`, `.` is written by its bytes.
fn segment(text: &str) -> String {
    let mut part = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            part.push(char::from(byte));
        } else {
            part.push_str(&format!("%{byte:02X}"));
        }
    }
    part
}

#[cfg(test)]
mod tests {
    use super::{device, own_path};

    #[test]
    fn names_cannot_leave_their_place_in_a_path() {
        assert_eq!(device("grid-meter"), "/devices/grid-meter");
        assert_eq!(device("a/../b c?"), "/devices/a%2F..%2Fb%20c%3F");
    }

    #[test]
    fn one_is_sent_back_only_within_the_box() {
        for good in ["/", "/devices/roof", "/energy/2026-06-16?from=6&to=12"] {
            assert_eq!(own_path(good), Some(good));
        }
        for bad in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/a\r\nb",
            "/a b",
            "devices",
            "/ü",
        ] {
            assert_eq!(own_path(bad), None, "{bad}");
        }
    }
}
