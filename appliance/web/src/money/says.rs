//! Days, periods and the words of money as people read them.

use acts::money::MoneyBook;
use jiff::civil::Date;
use members::money::{
    Channel, Every, For, Heard, Joining, PaidState, Payer, Per, Period, Standing, TierKind, Way,
};

use crate::show;
use crate::words::{say, say_with};

pub(super) use crate::show::day;

/// A day, or nothing.
pub(super) fn maybe_day(date: Option<Date>) -> String {
    date.map(day).unwrap_or_default()
}

/// A month: `June 2026`.
pub(super) fn month(date: Date) -> String {
    let month = show::month(u8::try_from(date.month()).unwrap_or(1));
    format!("{month} {}", date.year())
}

/// A period: its month where it is one, else its days.
pub(super) fn period(period: &Period) -> String {
    if period.first == period.last {
        return day(period.first);
    }
    if period.first.day() == 1 && period.last == period.first.last_of_month() {
        return month(period.first);
    }
    format!("{} – {}", day(period.first), day(period.last))
}

pub(super) fn way(way: Way) -> String {
    say(match way {
        Way::Cash => "way-cash",
        Way::StandingOrder => "way-standing-order",
        Way::BankTransfer => "way-bank-transfer",
        Way::Card => "way-card",
        Way::DirectDebit => "way-direct-debit",
        Way::Cheque => "way-cheque",
        Way::Waiver => "way-waiver",
    })
}

pub(super) fn purpose(purpose: For) -> String {
    say(match purpose {
        For::Dues => "for-dues",
        For::Gift => "for-gift",
        For::Other => "for-other",
        For::Spent => "for-spent",
        For::Banked => "for-banked",
    })
}

pub(super) fn channel(channel: Channel) -> String {
    say(match channel {
        Channel::Screen => "remind-by-screen",
        Channel::Letter => "remind-by-letter",
        Channel::Phone => "remind-by-phone",
        Channel::Email => "remind-by-email",
        Channel::Text => "remind-by-text",
    })
}

pub(super) fn every(every: Every) -> String {
    say(match every {
        Every::Month => "every-month",
        Every::Quarter => "every-quarter",
        Every::Year => "every-year",
        Every::Once => "every-once",
    })
}

pub(super) fn per(per: Per) -> String {
    say(match per {
        Per::Person => "per-person",
        Per::Household => "per-household",
    })
}

pub(super) fn joining(joining: Joining) -> String {
    say(match joining {
        Joining::Whole => "joining-whole",
        Joining::Share => "joining-share",
        Joining::Next => "joining-next",
    })
}

pub(super) fn tier_kind(kind: TierKind) -> String {
    say(match kind {
        TierKind::Full => "tier-full",
        TierKind::Concession => "tier-concession",
        TierKind::AsYouCan => "tier-as-you-can",
    })
}

pub(super) fn heard(heard: Heard) -> String {
    say(match heard {
        Heard::Paper => "heard-paper",
        Heard::Page => "heard-page",
        Heard::Spoken => "heard-spoken",
    })
}

/// How a payer stands, as a sentence.
pub(super) fn standing(standing: &Standing) -> String {
    let owed = standing.owed.to_string();
    let since = maybe_day(standing.since);
    match standing.state {
        PaidState::NeverAsked => say("standing-never"),
        PaidState::Paid => say_with("standing-paid", [("until", maybe_day(standing.until).into())]),
        PaidState::Open => say_with("standing-open", [("owed", owed.into()), ("since", since.into())]),
        PaidState::Late => say_with("standing-late", [("owed", owed.into()), ("since", since.into())]),
    }
}

/// The options of a choice, by the words of the store.
pub(super) fn options<T: Copy>(
    all: &[T],
    word: impl Fn(T) -> &'static str,
    says: impl Fn(T) -> String,
) -> Vec<(String, String)> {
    all.iter()
        .map(|one| (word(*one).to_owned(), says(*one)))
        .collect()
}

/// The name of who paid.
pub(super) fn payer(money: &MoneyBook, payer: Option<Payer>, outsider: Option<&str>) -> String {
    match (payer, outsider) {
        (Some(payer), _) => money.name(payer),
        (None, outsider) => outsider.unwrap_or_default().to_owned(),
    }
}
