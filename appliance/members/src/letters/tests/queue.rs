//! What becomes of an e-mail, and which addresses are some.

use proptest::prelude::*;
use units::{Instant, PersonId, Span};

use crate::letters::mail::{Tried, mail_address};
use crate::letters::{Mail, MailState};
use crate::record::Record;

fn start() -> Instant {
    Instant::from_millis(1_781_604_000_000)
}

fn mail() -> Mail {
    Mail::queued(Some(1), vec![PersonId::new(1)], start())
}

#[test]
fn what_does_not_go_is_tried_for_a_day_and_then_given_up() {
    let mut now = start();
    let mut mail = mail();
    let mut tries = 0;
    while mail.state == MailState::Queued {
        now = mail.next;
        assert!(mail.is_due(now));
        mail = mail.after(Tried::NotNow("421 later\r\nplease".to_owned()), now);
        tries += 1;
    }
    assert_eq!((tries, mail.tries, mail.state), (9, 9, MailState::Failed));
    assert_eq!(mail.why.as_deref(), Some("421 later please"));
    let hours = now.since(start()).as_secs() / 3_600;
    assert!((20..40).contains(&hours), "{hours}");
    let again = mail.again(now).expect("it did not go");
    assert!(again.is_due(now) && again.tries == 0);
}

#[test]
fn what_went_or_was_stopped_goes_no_more() {
    let sent = mail().after(Tried::Taken, start());
    assert_eq!((sent.state, sent.sent), (MailState::Sent, Some(start())));
    assert!(!sent.is_due(start() + Span::HOUR.times(1_000)));
    assert_eq!((sent.again(start()), sent.stopped()), (None, None));
    let stopped = mail().stopped().expect("it waited");
    assert!(!stopped.is_due(start()));
    let never = mail().after(Tried::Never("550 no such person".to_owned()), start());
    assert_eq!((never.state, never.tries), (MailState::Failed, 1));
}

#[test]
fn a_clock_that_was_set_back_makes_nothing_wait_for_years() {
    let later = mail().after(Tried::NotNow("busy".to_owned()), start());
    let back = Instant::from_millis(start().as_millis() - 400 * 86_400_000);
    assert!(later.is_due(back));
}

#[test]
fn only_addresses_are_addresses() {
    for good in [
        "ana@example.org",
        " o'brien+x@sub.example.org ",
        "ana@localhost",
        "josé@bücher.example",
    ] {
        assert!(mail_address(good).is_ok(), "{good}");
    }
    for bad in [
        "",
        "ana",
        "@example.org",
        "ana@",
        "ana@@example.org",
        "a b@example.org",
        "ana@example..org",
        "ana@example.org\r\nBcc: eve@example.org",
        "ana@example.org\nX",
        "<ana@example.org>",
        "ana@example.org, eve@example.org",
        "Ana <ana@example.org>",
        "a\u{0}@example.org",
        "ana@exa mple.org",
    ] {
        assert!(mail_address(bad).is_err(), "{bad:?}");
    }
}

proptest! {
    #[test]
    fn no_address_breaks_a_line(written in "\\PC{0,40}|[a-z@\\r\\n.<>, ]{0,40}") {
        if let Ok(address) = mail_address(&written) {
            prop_assert!(!address.chars().any(|sign| sign.is_control() || sign.is_whitespace()));
        }
    }

    #[test]
    fn a_mail_comes_back_from_its_bytes(tries in 0_u32..20, run in proptest::option::of(0_u32..9), people in prop::collection::vec(0_u32..99, 0..5)) {
        let mut mail = Mail::queued(run, people.into_iter().map(PersonId::new).collect(), start());
        for _ in 0..tries {
            mail = mail.after(Tried::NotNow("x".to_owned()), start());
        }
        prop_assert_eq!(Mail::decode(&mail.encode()), Ok(mail));
    }
}
