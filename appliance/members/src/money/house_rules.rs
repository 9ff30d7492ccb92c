//! What a house decides about its money beside its dues.

use units::Money;

use crate::record::{Newer, record};

record! {
    /// What the house decided about money.
    pub struct HouseRules in "money-rules" by String {
        /// Between two reminders lie at least so many days.
        1 remind_every: u16 => "Days between reminders", Rules, NotPersonal, WhileInForce;
        /// Whether what members pay is a gift: only where they get nothing for it in return.
        2 dues_are_gifts: bool => "Dues are gifts", Rules, NotPersonal, WhileInForce;
        /// The month in which the year of the accounts ends.
        3 year_ends_month: u8 => "Month in which the accounts' year ends", Rules, NotPersonal, WhileInForce;
        /// The day of that month.
        4 year_ends_day: u8 => "Day on which the accounts' year ends", Rules, NotPersonal, WhileInForce;
        /// Whether the house may claim Gift Aid.
        5 gift_aid: bool => "Claims Gift Aid", Rules, NotPersonal, WhileInForce;
        /// Beneath this nobody is reminded.
        6 not_worth: Option<Money> => "Not worth a reminder", Rules, NotPersonal, WhileInForce;
    }
}

/// Under which key the one row stands.
pub const HOUSE: &str = "house";

impl HouseRules {
    /// What holds as long as nobody decided otherwise: the accounts' year is the tax year, and dues are no gifts.
    pub fn usual() -> Self {
        Self {
            remind_every: 21,
            dues_are_gifts: false,
            year_ends_month: 4,
            year_ends_day: 5,
            gift_aid: false,
            not_worth: None,
            newer: Newer::default(),
        }
    }
}
