//! A passkey is made, opens the box, and nothing else does.

use members::credential::Digest;
use members::credential::limits::Source;
use units::{Instant, PersonId, Span};

use super::{Asking, MOST, MOST_OF_ONE, NewKey, Origin, PasskeyError, Passkeys, Question};

#[path = "../../../tests/authenticator/mod.rs"]
mod authenticator;

use authenticator::Device;

const NOW: Instant = Instant::from_millis(1_800_000_000_000);
const ANA: PersonId = PersonId::new(1);
const ANAS_NUMBER: [u8; 16] = [0xa1; 16];
const OAK: &str = "https://oak.local";

fn asking(number: u8) -> Asking {
    Asking {
        origin: Origin::new(OAK).expect("a name"),
        source: Source::V4([10, 0, 0, number / 4]),
        handle: Digest::of(&[&[number]]),
        now: NOW,
    }
}

/// A key that Ana's device made, as the box keeps it.
fn added(passkeys: &mut Passkeys, device: &mut Device) -> Vec<u8> {
    let question = ask_to_add(passkeys, 200);
    let answer = device.make(&question.json);
    let added = passkeys
        .added(ANA, &question.handle, &answer, NOW)
        .expect("taken");
    assert_eq!(added.id, device.id);
    added.credential
}

fn ask_to_add(passkeys: &mut Passkeys, number: u8) -> Question {
    let key = NewKey {
        person: ANA,
        user: ANAS_NUMBER,
        name: "Ana",
        known: Vec::new(),
    };
    passkeys.ask_to_add(asking(number), key).expect("asked")
}

#[test]
fn a_key_that_was_made_opens_the_box() {
    let (mut passkeys, mut device) = (Passkeys::default(), Device::new(7, OAK));
    let kept = added(&mut passkeys, &mut device);
    let question = passkeys.ask_to_sign_in(asking(1)).expect("asked");
    assert!(!question.json.contains("mediation") && !question.json.contains("allowCredentials\":[{"));
    let answer = device.answer(&question.json);
    let found = passkeys.answered(&question.handle, &answer, NOW, |user, id| {
        (*user == ANAS_NUMBER && id == device.id).then(|| kept.clone())
    });
    assert_eq!(found.map(|answered| answered.credential).ok(), Some(None));
    // The same answer once more.
    let again = passkeys.answered(&question.handle, &answer, NOW, |_, _| Some(kept));
    assert_eq!(again.err(), Some(PasskeyError::TooLate));
}

/// What comes of an answer, where the box keeps `kept` under the number `owner`.
fn refused(
    passkeys: &mut Passkeys,
    kept: &[u8],
    owner: [u8; 16],
    answer: impl FnOnce(&Question) -> String,
) -> Option<PasskeyError> {
    let question = passkeys.ask_to_sign_in(asking(1)).expect("asked");
    let answer = answer(&question);
    let found = passkeys.answered(&question.handle, &answer, NOW, |user, _| {
        (*user == owner).then(|| kept.to_vec())
    });
    found.err()
}

#[test]
fn nothing_else_opens_it() {
    let (mut passkeys, mut device) = (Passkeys::default(), Device::new(7, OAK));
    let kept = added(&mut passkeys, &mut device);
    let not_known = Some(PasskeyError::NotKnown);
    assert_eq!(
        refused(&mut passkeys, &kept, ANAS_NUMBER, |asked| device
            .answer(&asked.json)),
        None
    );
    // Another device, that says it is this one.
    let mut other = Device::new(8, OAK);
    other.id = device.id.clone();
    other.user = ANAS_NUMBER.to_vec();
    assert_eq!(
        refused(&mut passkeys, &kept, ANAS_NUMBER, |asked| other
            .answer(&asked.json)),
        not_known
    );
    // A key that is kept for somebody else.
    assert_eq!(
        refused(&mut passkeys, &kept, [0xb0; 16], |asked| device
            .answer(&asked.json)),
        not_known
    );
    // A page at another place, which passes the question on.
    device.origin = "https://oak.local.example.com".to_owned();
    assert_eq!(
        refused(&mut passkeys, &kept, ANAS_NUMBER, |asked| device
            .answer(&asked.json)),
        not_known
    );
    OAK.clone_into(&mut device.origin);
    // An answer to another question, and things that are no answer.
    let old = passkeys.ask_to_sign_in(asking(2)).expect("asked");
    assert_eq!(
        refused(&mut passkeys, &kept, ANAS_NUMBER, |_| device.answer(&old.json)),
        not_known
    );
    for nonsense in ["", "{}", "null", "[[[[", "{\"id\":\"\"}"] {
        assert_eq!(
            refused(&mut passkeys, &kept, ANAS_NUMBER, |_| nonsense.to_owned()),
            not_known
        );
    }
    let damaged = refused(&mut passkeys, b"{}", ANAS_NUMBER, |asked| {
        device.answer(&asked.json)
    });
    assert_eq!(damaged, not_known);
}

#[test]
fn a_key_that_counts_backwards_is_a_copy() {
    let (mut passkeys, mut device) = (Passkeys::default(), Device::new(7, OAK));
    device.counter = 5;
    let kept = added(&mut passkeys, &mut device);
    assert_eq!(
        refused(&mut passkeys, &kept, ANAS_NUMBER, |asked| device
            .answer(&asked.json)),
        Some(PasskeyError::NotKnown)
    );
    device.counter = 6;
    let question = passkeys.ask_to_sign_in(asking(1)).expect("asked");
    let answer = device.answer(&question.json);
    let found = passkeys.answered(&question.handle, &answer, NOW, |_, _| Some(kept));
    assert!(found.expect("one more is right").credential.is_some());
}

#[test]
fn a_key_is_added_only_for_whom_it_was_asked() {
    let (mut passkeys, mut device) = (Passkeys::default(), Device::new(7, OAK));
    let question = ask_to_add(&mut passkeys, 1);
    let answer = device.make(&question.json);
    let for_another = passkeys.added(PersonId::new(2), &question.handle, &answer, NOW);
    assert_eq!(for_another.err(), Some(PasskeyError::TooLate));
    // An answer to one kind of question is none to the other.
    let question = ask_to_add(&mut passkeys, 1);
    let crossed = passkeys.answered(&question.handle, "{}", NOW, |_, _| None);
    assert_eq!(crossed.err(), Some(PasskeyError::TooLate));
    let question = ask_to_add(&mut passkeys, 1);
    let unfit = passkeys.added(ANA, &question.handle, "{\"id\":1}", NOW);
    assert_eq!(unfit.err(), Some(PasskeyError::Unfit));
}

#[test]
fn questions_are_few_and_soon_forgotten() {
    let (mut passkeys, mut device) = (Passkeys::default(), Device::new(7, OAK));
    let question = ask_to_add(&mut passkeys, 1);
    let answer = device.make(&question.json);
    let late = NOW + Span::MINUTE.times(6);
    let added = passkeys.added(ANA, &question.handle, &answer, late);
    assert_eq!(added.err(), Some(PasskeyError::TooLate));
    for number in 0..=255 {
        let mut asking = asking(number);
        asking.source = Source::V4([10, 0, 0, 1]);
        let _ = passkeys.ask_to_sign_in(asking);
    }
    assert_eq!(passkeys.waiting.len(), MOST_OF_ONE);
    for number in 0..=255 {
        for net in 0..3 {
            let mut asking = asking(number);
            asking.source = Source::V4([10, net, 0, number]);
            let _ = passkeys.ask_to_sign_in(asking);
        }
    }
    assert_eq!(passkeys.waiting.len(), MOST);
}

#[test]
fn passkeys_need_a_name_and_a_safe_connection() {
    for url in [
        "https://192.168.1.5",
        "http://oak.local",
        "https://[fd00::1]/",
        "oak.local",
        "",
    ] {
        assert_eq!(Origin::new(url), None, "{url}");
    }
    assert_eq!(
        Origin::new("https://oak.local:8443/me").expect("a name").host(),
        "oak.local"
    );
    assert!(Origin::new("http://localhost:8080").is_some());
}
