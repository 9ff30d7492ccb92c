//! Every address of the box, in one list: the patterns for the router and the addresses for links.

mod statements;

pub(crate) use statements::{
    STATEMENT, STATEMENT_BOOK, STATEMENT_COLUMNS, STATEMENT_FILE, STATEMENT_FORGET, STATEMENT_UNDO,
    STATEMENTS, statement, statement_file,
};

mod money;

pub(crate) use money::{
    MONEY, MONEY_AGREE, MONEY_ARREARS, MONEY_CASH, MONEY_CASH_CLOSE, MONEY_CLAIM, MONEY_DECLARE, MONEY_DUES,
    MONEY_GIFT_AID, MONEY_PAY, MONEY_PAYER, MONEY_PAYMENT, MONEY_PAYMENT_RECEIPT, MONEY_RECEIPT,
    MONEY_RECEIPTS, MONEY_SCHEME, MONEY_UNDECLARE, money_agree, money_cash, money_cash_closed, money_claim,
    money_declare, money_pay, money_payer, money_payment, money_payment_receipt, money_receipt,
    money_receipts, money_reminded, money_scheme, money_undeclare,
};

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
/// Where another name for a device is sent.
pub(crate) const DEVICE_LABEL: &str = "/devices/{name}/label";
/// The box itself.
pub(crate) const THE_BOX: &str = "/box";
/// Where another name for the place is sent.
pub(crate) const PLACE_NAME: &str = "/box/name";
/// Where the button to read the configuration again leads.
pub(crate) const RELOAD: &str = "/box/reload";
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
/// Where a steward makes a slip for somebody.
pub(crate) const SLIP_FOR: &str = "/people/{person}/slip";

/// The way to everything about people.
pub(crate) const MEMBERS: &str = "/members";
/// Everybody in the book.
pub(crate) const PEOPLE: &str = "/people";

/// The letters.
pub(crate) const LETTERS: &str = "/members/letters";
/// Where a letter is written.
pub(crate) const LETTER_NEW: &str = "/members/letters/new";
/// One letter.
pub(crate) const LETTER: &str = "/members/letters/{letter}";
/// Where the button to throw a letter away leads.
pub(crate) const LETTER_REMOVE: &str = "/members/letters/{letter}/remove";
/// Where people are chosen for a letter, and where it is sent.
pub(crate) const LETTER_SEND: &str = "/members/letters/{letter}/send";
/// To whom a letter went.
pub(crate) const RUN: &str = "/members/letters/runs/{run}";
/// The letters of a run for printing.
pub(crate) const RUN_PRINT: &str = "/members/letters/runs/{run}/print";
/// The e-mails that wait or went.
pub(crate) const MAILS: &str = "/members/letters/mails";
/// By which mail server e-mail goes.
pub(crate) const MAIL_SERVER: &str = "/members/letters/mail-server";
/// Where the button to try the way leads.
pub(crate) const MAIL_TRY: &str = "/members/letters/mail-server/try";
/// Labels, lists to sign, cards, slips.
pub(crate) const PRINT: &str = "/members/print";
/// Labels for envelopes.
pub(crate) const LABELS: &str = "/members/print/labels";
/// How labels lie on their sheet.
pub(crate) const LABELS_STYLE: &str = "/members/print/labels.css";
/// A list to sign.
pub(crate) const ATTENDANCE: &str = "/members/print/attendance";
/// Membership cards.
pub(crate) const CARDS: &str = "/members/print/cards";
/// Slips to sign in with, for several people.
pub(crate) const SLIPS: &str = "/members/print/slips";
/// Where the square on a membership card leads.
pub(crate) const CARD: &str = "/members/card/{number}";
/// The letters to oneself.
pub(crate) const MY_LETTERS: &str = "/me/letters";
/// One letter to oneself.
pub(crate) const MY_LETTER: &str = "/me/letters/{run}";

/// One letter.
pub(crate) fn letter(number: u32) -> String {
    format!("{LETTERS}/{number}")
}

/// Where a letter is thrown away.
pub(crate) fn letter_remove(number: u32) -> String {
    format!("{LETTERS}/{number}/remove")
}

/// Where a letter is sent.
pub(crate) fn letter_send(number: u32) -> String {
    format!("{LETTERS}/{number}/send")
}

/// To whom a letter went.
pub(crate) fn run(number: u32) -> String {
    format!("{LETTERS}/runs/{number}")
}

/// The letters of a run for printing.
pub(crate) fn run_print(number: u32) -> String {
    format!("{LETTERS}/runs/{number}/print")
}

/// Labels for the envelopes of a run.
pub(crate) fn labels_for(run: u32) -> String {
    format!("{LABELS}?run={run}")
}

/// How labels lie on this sheet.
pub(crate) fn labels_style(sheet: &str) -> String {
    format!("{LABELS_STYLE}?sheet={}", segment(sheet))
}

/// Where the square on the card with this number leads.
pub(crate) fn card(number: u32) -> String {
    format!("/members/card/{number}")
}

/// One letter to oneself.
pub(crate) fn my_letter(run: u32) -> String {
    format!("{MY_LETTERS}/{run}")
}

/// A page of the people who were found by what somebody typed.
pub(crate) fn people_found(typed: &str, page: usize) -> String {
    format!("{PEOPLE}?q={}&page={page}", segment(typed))
}

/// Where somebody comes into the book.
pub(crate) const PERSON_NEW: &str = "/people/new";
/// One person.
pub(crate) const PERSON: &str = "/people/{person}";
/// A group of what is written about somebody, to be changed.
pub(crate) const PERSON_EDIT: &str = "/people/{person}/edit/{group}";
/// Where the button to make a household of somebody leads.
pub(crate) const PERSON_HOUSEHOLD: &str = "/people/{person}/household";
/// Every household.
pub(crate) const HOUSEHOLDS: &str = "/households";
/// One household.
pub(crate) const HOUSEHOLD: &str = "/households/{household}";
/// Where somebody who joins a household is sent.
pub(crate) const HOUSEHOLD_JOIN: &str = "/households/{household}/join";
/// Where the buttons to leave a household lead.
pub(crate) const HOUSEHOLD_LEAVE: &str = "/households/{household}/leave";
/// Where the time in a metered home is sent.
pub(crate) const HOUSEHOLD_HOMES: &str = "/households/{household}/homes";
/// Where people are chosen by conditions.
pub(crate) const SEARCH: &str = "/people/search";
/// Where a search that is to be kept is sent.
pub(crate) const SEARCH_KEEP: &str = "/people/search/keep";
/// Where the buttons to forget a search lead.
pub(crate) const SEARCH_FORGET: &str = "/people/search/forget";
/// A list of calls to those who were chosen.
pub(crate) const SEARCH_CALLS: &str = "/people/search/calls";
/// The addresses of e-mails of those who were chosen.
pub(crate) const SEARCH_ADDRESSES: &str = "/people/search/e-mails";
/// Those who were chosen as a table for a spreadsheet.
pub(crate) const SEARCH_TABLE: &str = "/people/search.csv";
/// What the house decides about its book.
pub(crate) const RULES: &str = "/members/rules";
/// Where a question of the house is sent.
pub(crate) const RULES_FIELD: &str = "/members/rules/question";
/// Where the buttons to take a question away lead.
pub(crate) const RULES_FIELD_REMOVE: &str = "/members/rules/question/remove";
/// Where a tag is sent.
pub(crate) const RULES_TAG: &str = "/members/rules/tag";
/// Where the buttons to take a tag away lead.
pub(crate) const RULES_TAG_REMOVE: &str = "/members/rules/tag/remove";
/// Where a class of membership is sent.
pub(crate) const RULES_CLASS: &str = "/members/rules/class";
/// Somebody's membership.
pub(crate) const MEMBERSHIP: &str = "/people/{person}/membership";
/// Where something about somebody's membership is sent.
pub(crate) const MEMBERSHIP_ACT: &str = "/people/{person}/membership/{act}";
/// One's own membership.
pub(crate) const MY_MEMBERSHIP: &str = "/me/membership";
/// Where an objection to a notice is sent.
pub(crate) const MY_OBJECTION: &str = "/me/membership/objection";
/// The statutory register of members.
pub(crate) const REGISTER: &str = "/members/register";

/// The page of this person.
pub(crate) fn person(person: u32) -> String {
    format!("{PEOPLE}/{person}")
}
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

/// One import of the past.
pub(crate) fn import_past(number: u32) -> String {
    format!("{IMPORT}/{number}")
}

/// Where the button leads that undoes it.
pub(crate) fn import_undo(number: u32) -> String {
    format!("{IMPORT}/{number}/undo")
}

/// The rows of one kind of what would become of a table.
pub(crate) fn import_rows(kind: &str, page: usize) -> String {
    format!("{IMPORT_PREVIEW}?show={kind}&page={page}")
}

/// Whether a form with a file is sent there, which is larger than other forms.
pub(crate) fn takes_files(path: &str) -> bool {
    path == IMPORT || path == STATEMENTS
}

/// A group of what is written about this person, to be changed.
pub(crate) fn person_edit(person: u32, group: members::edit::Group) -> String {
    format!("{PEOPLE}/{person}/edit/{group}")
}

/// Where the button to make a household of this person leads.
pub(crate) fn person_household(person: u32) -> String {
    format!("{PEOPLE}/{person}/household")
}

/// The membership of this person.
pub(crate) fn membership(person: u32) -> String {
    format!("{PEOPLE}/{person}/membership")
}

/// Where something about the membership of this person is sent.
pub(crate) fn membership_act(person: u32, act: &str) -> String {
    format!("{PEOPLE}/{person}/membership/{act}")
}

/// A page of the households that were found by what somebody typed.
pub(crate) fn households_found(typed: &str, page: usize) -> String {
    format!("{HOUSEHOLDS}?q={}&page={page}", segment(typed))
}

/// The page of this household.
pub(crate) fn household(household: u32) -> String {
    format!("{HOUSEHOLDS}/{household}")
}

/// Where somebody who joins this household is sent.
pub(crate) fn household_join(household: u32) -> String {
    format!("{HOUSEHOLDS}/{household}/join")
}

/// Where the buttons to leave this household lead.
pub(crate) fn household_leave(household: u32) -> String {
    format!("{HOUSEHOLDS}/{household}/leave")
}

/// Where the time of this household in a metered home is sent.
pub(crate) fn household_homes(household: u32) -> String {
    format!("{HOUSEHOLDS}/{household}/homes")
}

/// A page about those whom a search means, by what was chosen.
pub(crate) fn searched(page: &str, chosen: &members::edit::Typed) -> String {
    let given = chosen.iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<String> = given
        .map(|(name, value)| format!("{}={}", segment(name), segment(value)))
        .collect();
    format!("{page}?{}", pairs.join("&"))
}

/// The rules with this question to be changed.
pub(crate) fn rules_question(key: &str) -> String {
    format!("{RULES}?question={}#questions", segment(key))
}

/// The rules with this class to be changed.
pub(crate) fn rules_class(key: &str) -> String {
    format!("{RULES}?class={}#classes", segment(key))
}

/// Where a steward makes a slip for this person.
pub(crate) fn slip_for(person: u32) -> String {
    format!("/people/{person}/slip")
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

/// Where another name for a device is sent.
pub(crate) fn device_label(name: &str) -> String {
    format!("/devices/{}/label", segment(name))
}

/// A page with the word of what was just done.
pub(crate) fn done(page: &str, what: &str) -> String {
    format!("{page}?done={what}")
}

/// The record of acts from below this number on.
pub(crate) fn record_below(number: u64) -> String {
    format!("/box?below={number}#record")
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
