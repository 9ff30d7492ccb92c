//! What the rules say of a field, and what a line of the record says, in words for people.

use acts::record::LineTold;
use energy::calendar::Zone;
use members::record::{Basis, FieldRule, Keep, Purpose};
use units::Instant;

use crate::show;
use crate::words::{say, say_with};

/// Why a field is kept, on which ground and how long, in one line.
pub(crate) fn rule_words(rule: &FieldRule) -> String {
    let purpose = say(match rule.purpose {
        Purpose::Membership => "purpose-membership",
        Purpose::Contact => "purpose-contact",
        Purpose::Access => "purpose-access",
        Purpose::Money => "purpose-money",
        Purpose::Statute => "purpose-statute",
        Purpose::SignIn => "purpose-sign-in",
        Purpose::Accountability => "purpose-accountability",
        Purpose::Energy => "purpose-energy",
        Purpose::Rules => "purpose-rules",
    });
    let basis = say(match rule.basis {
        Basis::Contract => "basis-contract",
        Basis::LegalObligation => "basis-legal-obligation",
        Basis::LegitimateInterest => "basis-legitimate-interest",
        Basis::Consent => "basis-consent",
        Basis::ExplicitConsent => "basis-explicit-consent",
        Basis::NotPersonal => "basis-not-personal",
    });
    let keep = match rule.keep {
        Keep::AfterLeaving(0) => say("keep-until-leaving"),
        Keep::AfterLeaving(years) => say_with("keep-after-leaving", [("years", i64::from(years).into())]),
        Keep::AfterEntry(years) => say_with("keep-after-entry", [("years", i64::from(years).into())]),
        Keep::WhileInForce => say("keep-while-in-force"),
    };
    format!("{purpose} {basis} {keep}")
}

/// Of more people than this, a line of the record names only some and says how many more there are.
const NAMED: usize = 5;

/// Names, and how many more where there are many.
fn names(whose: &[String]) -> String {
    if whose.len() <= NAMED {
        return whose.join(", ");
    }
    let (first, more) = whose.split_at(NAMED - 2);
    say_with(
        "record-whose",
        [("names", first.join(", ").into()), ("count", more.len().into())],
    )
}

/// A line of the record for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LineRow {
    /// Its number.
    pub(crate) number: u64,
    /// When.
    pub(crate) when: String,
    /// Who did what.
    pub(crate) what: String,
    /// Upon what and with what; may be empty.
    pub(crate) detail: String,
    /// Whose data it was about; may be empty.
    pub(crate) whose: String,
    /// Whether it was about everybody's.
    pub(crate) everybody: bool,
    /// Why; may be empty.
    pub(crate) why: String,
}

impl LineRow {
    /// The line as the page shows it.
    pub(crate) fn of(line: &LineTold, zone: &Zone, now: Instant) -> Self {
        let what = say_with(
            "record-line",
            [("who", line.by.clone().into()), ("what", line.sentence.into())],
        );
        let whose = if line.everybody {
            say("record-everybody")
        } else {
            names(&line.whose)
        };
        // Whose data it was already says a name; a number of the book beside it says nothing more.
        let subject = line.subject.as_str();
        let subject = match subject.strip_prefix("person ") {
            Some(number) if number.parse::<u32>().is_ok() && line.whose.len() == 1 => "",
            _ => subject,
        };
        let detail: Vec<&str> = [subject, line.detail.as_str()]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect();
        let why = match &line.why {
            Some(why) => say_with("record-why", [("why", why.clone().into())]),
            None => String::new(),
        };
        Self {
            number: line.number,
            when: show::moment(zone, now, line.at),
            what: show::sentence(&what),
            detail: detail.join(": "),
            whose,
            everybody: line.everybody,
            why,
        }
    }

    /// A line to try pages with.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            number: 12,
            when: "14:05".to_owned(),
            what: "Ben <Okafor> looked at somebody's page.".to_owned(),
            detail: "name, ways".to_owned(),
            whose: "Ana <Öberg>".to_owned(),
            everybody: true,
            why: say_with("record-why", [("why", "she asked <me>".into())]),
        }
    }
}
