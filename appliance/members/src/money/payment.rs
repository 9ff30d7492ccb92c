//! One entry of money: who paid what, when, by which way and for what. Entries are never changed. What was wrong is
//! taken back by another entry, and both stay.

use jiff::civil::{Date, date};
use units::{Currency, Instant, Money, MoneyError, PersonId};

use super::payer::{Payer, PaymentId, ReceiptNumber};
use crate::record::{Newer, record, words};
use crate::text::{self, Unfit};

words! {
    /// By which way money comes or goes. None is better than another.
    pub enum Way {
        /// Notes and coins.
        1 Cash = "cash";
        /// An order to the payer's bank that repeats.
        2 StandingOrder = "standing order";
        /// A transfer from bank to bank.
        3 BankTransfer = "bank transfer";
        /// By card.
        4 Card = "card";
        /// Collected from the payer's bank.
        5 DirectDebit = "direct debit";
        /// By cheque.
        6 Cheque = "cheque";
        /// Nothing was paid: the place asks for nothing here. It counts like a payment.
        7 Waiver = "waiver";
    }
}

words! {
    /// What money is for.
    pub enum For {
        /// Dues: it goes to the oldest that are open.
        1 Dues = "dues";
        /// A gift.
        2 Gift = "gift";
        /// Anything else that comes in: tea, a ticket, the hire of a room.
        3 Other = "other";
        /// The place spent it.
        4 Spent = "spent";
        /// It was carried from the cash box to the bank, or from there.
        5 Banked = "to the bank";
    }
}

impl For {
    /// Whether the place gives the money away here: it is entered as it is spoken of, and kept below nought.
    pub const fn goes_out(self) -> bool {
        matches!(self, Self::Spent | Self::Banked)
    }
}

record! {
    /// One entry of money.
    pub struct Payment in "payments" by PaymentId {
        /// Who paid, where it is one of the book.
        1 payer: Option<Payer> => "Paid by", Money, LegalObligation, AfterEntry(6);
        /// The name of somebody who is not in the book.
        2 outsider: Option<String> => "Paid by somebody else", Money, LegalObligation, AfterEntry(6);
        /// How much came in; less than nothing where it went out.
        3 amount: Money => "Amount", Money, LegalObligation, AfterEntry(6);
        /// By which way.
        4 way: Way => "Way", Money, LegalObligation, AfterEntry(6);
        /// What for.
        5 purpose: For => "For", Money, LegalObligation, AfterEntry(6);
        /// The words that came with it: a bank's reference, a cheque's number, what was bought.
        6 reference: Option<String> => "Reference", Money, LegitimateInterest, AfterEntry(6);
        /// The line of a bank statement that it was read from.
        7 line: Option<String> => "Line of a statement", Money, LegitimateInterest, AfterEntry(6);
        /// Who entered it; nobody where the box did.
        8 by: Option<PersonId> => "Entered by", Accountability, LegitimateInterest, AfterEntry(6);
        /// When it was entered.
        9 at: Instant => "Entered", Accountability, LegitimateInterest, AfterEntry(6);
        /// The entry that this one takes back.
        10 reverses: Option<PaymentId> => "Takes back", Money, LegalObligation, AfterEntry(6);
        /// The entry that takes this one back. This and a receipt are all that is ever written to an entry afterwards.
        11 reversed: Option<PaymentId> => "Taken back by", Money, LegalObligation, AfterEntry(6);
        /// The receipt that was given for it.
        12 receipt: Option<ReceiptNumber> => "Receipt", Money, LegalObligation, AfterEntry(6);
        /// Its number in the cash book of its day.
        13 in_cash_book: Option<u32> => "Number in the cash book", Money, LegalObligation, AfterEntry(6);
    }
}

record! {
    /// That an entry is a payer's: the way from the payer to it.
    pub struct PaymentOf in "payments-of" by (Payer, PaymentId) {
        /// What it was for.
        1 purpose: For => "For", Money, LegalObligation, AfterEntry(6);
    }
}

record! {
    /// That a form has done its work. A form that is sent again finds this, and enters nothing twice. It goes when the form is
    /// too old to be taken.
    pub struct FormDone in "payment-forms" by String {
        /// What it entered.
        1 payment: PaymentId => "Entered", Accountability, LegitimateInterest, WhileInForce;
        /// When.
        2 at: Instant => "When", Accountability, LegitimateInterest, WhileInForce;
    }
}

record! {
    /// A payer's running account: the sums of all entries. It says nothing of membership.
    pub struct Account in "accounts" by Payer {
        /// Paid for dues, with what was waived.
        1 dues: Money => "Paid for dues", Money, Contract, AfterLeaving(6);
        /// Of it waived.
        2 waived: Money => "Dues waived", Money, Contract, AfterLeaving(6);
        /// Given.
        3 gifts: Money => "Given", Money, Contract, AfterLeaving(6);
        /// Paid for other things.
        4 other: Money => "Paid for other things", Money, Contract, AfterLeaving(6);
        /// How many entries there are.
        5 entries: u32 => "Number of entries", Money, Contract, AfterLeaving(6);
        /// The day of the newest.
        6 last: Option<Date> => "Last payment", Money, Contract, AfterLeaving(6);
        /// The day of the last reminder.
        7 reminded: Option<Date> => "Last reminder", Money, LegitimateInterest, AfterLeaving(1);
        /// How many reminders there were.
        8 reminders: u32 => "Reminders", Money, LegitimateInterest, AfterLeaving(1);
    }
}

/// Something to be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPayment {
    /// The day on which the money came or went.
    pub day: Date,
    /// Who paid, where it is one of the book.
    pub payer: Option<Payer>,
    /// The name of somebody who is not.
    pub outsider: Option<String>,
    /// How much.
    pub amount: Money,
    /// By which way.
    pub way: Way,
    /// What for.
    pub purpose: For,
    /// The words that came with it.
    pub reference: Option<String>,
    /// The line of a bank statement.
    pub line: Option<String>,
}

/// Why something cannot be entered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoPayment {
    /// Nothing is no payment.
    #[error("Write an amount: nothing was paid")]
    Nothing,
    /// More than anybody pays.
    #[error("{0} is more than can be entered at once. Look at the point in the amount")]
    TooMuch(Money),
    /// Another currency than that of the place.
    #[error(
        "This is in {0}, and the accounts here are in {1}. Two currencies are never added up: enter what it was worth in {1}"
    )]
    OtherCurrency(Currency, Currency),
    /// A day that is to come.
    #[error("{0} has not come yet. Choose the day on which the money came")]
    NotYet(Date),
    /// A day long ago.
    #[error("{0} is too long ago. Look at the year")]
    LongAgo(Date),
    /// Nobody was named.
    #[error("Choose who paid")]
    Nobody,
    /// Both somebody of the book and somebody else were named.
    #[error("Choose either somebody from the book or write another name, not both")]
    TwoPayers,
    /// Money that goes back wants a reason.
    #[error("Write why money goes back, so that others understand it later")]
    NoReason,
    /// Only dues are waived.
    #[error("Only dues can be waived, for somebody in the book, by an amount above nothing")]
    NotWaivable,
    /// Money from the cash box is cash.
    #[error("Only cash is spent or taken to the bank from the cash box. Choose cash")]
    NotCash,
    /// The words cannot be kept.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// It cannot be added up.
    #[error(transparent)]
    Sum(#[from] MoneyError),
}

/// The longest words that come with a payment.
pub const LONGEST_REFERENCE: usize = 140;
/// The most in one entry, in minor units: ten million pounds.
const MOST: u64 = 1_000_000_000;
/// Nobody enters payments from before this day.
const EARLIEST: Date = date(1990, 1, 1);

impl NewPayment {
    /// The same, fit to be kept; what the place gives away is below nought afterwards.
    pub fn checked(self, currency: Currency, today: Date) -> Result<Self, NoPayment> {
        let amount = self.signed(currency)?;
        if self.day > today {
            return Err(NoPayment::NotYet(self.day));
        }
        if self.day < EARLIEST {
            return Err(NoPayment::LongAgo(self.day));
        }
        let one_line = |words: Option<String>, most| text::optional_line(&words.unwrap_or_default(), most);
        let outsider = one_line(self.outsider, crate::person::LONGEST_NAME)?;
        let reference = one_line(self.reference, LONGEST_REFERENCE)?;
        let by_way = self.payer.is_some() || outsider.is_some();
        match self.purpose {
            For::Dues if self.payer.is_none() => return Err(NoPayment::Nobody),
            For::Dues | For::Gift if !by_way => return Err(NoPayment::Nobody),
            For::Spent | For::Banked if self.way != Way::Cash => return Err(NoPayment::NotCash),
            _ => {}
        }
        if self.payer.is_some() && outsider.is_some() {
            return Err(NoPayment::TwoPayers);
        }
        if amount.is_negative() && !self.purpose.goes_out() && reference.is_none() {
            return Err(NoPayment::NoReason);
        }
        Ok(Self {
            amount,
            outsider,
            reference,
            ..self
        })
    }

    fn signed(&self, currency: Currency) -> Result<Money, NoPayment> {
        if self.amount.currency() != currency {
            return Err(NoPayment::OtherCurrency(self.amount.currency(), currency));
        }
        if self.amount.minor() == 0 {
            return Err(NoPayment::Nothing);
        }
        if self.amount.minor().unsigned_abs() > MOST {
            return Err(NoPayment::TooMuch(self.amount));
        }
        let waivable = self.purpose == For::Dues && self.payer.is_some() && !self.amount.is_negative();
        if self.way == Way::Waiver && !waivable {
            return Err(NoPayment::NotWaivable);
        }
        Ok(if self.purpose.goes_out() {
            self.amount.negated()
        } else {
            self.amount
        })
    }

    /// The entry.
    pub fn entered(self, by: Option<PersonId>, at: Instant) -> Payment {
        Payment {
            payer: self.payer,
            outsider: self.outsider,
            amount: self.amount,
            way: self.way,
            purpose: self.purpose,
            reference: self.reference,
            line: self.line,
            by,
            at,
            reverses: None,
            reversed: None,
            receipt: None,
            in_cash_book: None,
            newer: Newer::default(),
        }
    }
}

impl Payment {
    /// The entry that takes this one, which is found by `id`, back.
    pub fn turned_round(
        &self,
        id: PaymentId,
        why: Option<String>,
        by: Option<PersonId>,
        at: Instant,
    ) -> Self {
        Self {
            amount: self.amount.negated(),
            reference: why,
            line: None,
            by,
            at,
            reverses: Some(id),
            reversed: None,
            receipt: None,
            in_cash_book: None,
            newer: Newer::default(),
            ..self.clone()
        }
    }

    /// Whether it counts on: it is neither taken back nor the taking back of another.
    pub const fn stands(&self) -> bool {
        self.reversed.is_none() && self.reverses.is_none()
    }

    /// Whether money changed hands.
    pub fn is_money(&self) -> bool {
        self.way != Way::Waiver
    }
}

impl Account {
    /// An account without an entry.
    pub fn empty(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self {
            dues: zero,
            waived: zero,
            gifts: zero,
            other: zero,
            entries: 0,
            last: None,
            reminded: None,
            reminders: 0,
            newer: Newer::default(),
        }
    }

    /// The account with one entry more.
    pub fn with(&self, id: PaymentId, payment: &Payment) -> Result<Self, MoneyError> {
        let mut after = self.clone();
        match payment.purpose {
            For::Dues => after.dues = after.dues.plus(payment.amount)?,
            For::Gift => after.gifts = after.gifts.plus(payment.amount)?,
            For::Other | For::Spent | For::Banked => after.other = after.other.plus(payment.amount)?,
        }
        if payment.way == Way::Waiver {
            after.waived = after.waived.plus(payment.amount)?;
        }
        after.entries = after.entries.saturating_add(1);
        after.last = after.last.max(Some(id.day));
        Ok(after)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use units::{Currency, Instant, Money, PersonId};

    use super::{Account, For, NewPayment, NoPayment, Way};
    use crate::money::{Payer, PaymentId};
    use crate::record::Record;

    fn new(minor: i64) -> NewPayment {
        NewPayment {
            day: date(2026, 6, 16),
            payer: Some(Payer::Person(PersonId::new(1))),
            outsider: None,
            amount: Money::new(minor, Currency::GBP),
            way: Way::Cash,
            purpose: For::Dues,
            reference: None,
            line: None,
        }
    }

    fn check(new: NewPayment) -> Result<NewPayment, NoPayment> {
        new.checked(Currency::GBP, date(2026, 6, 16))
    }

    #[test]
    fn what_cannot_be_a_payment_is_refused_with_a_sentence() {
        assert!(check(new(100)).is_ok());
        let euro = Currency::parse("EUR").expect("a currency");
        let foreign = NewPayment {
            amount: Money::new(5, euro),
            ..new(1)
        };
        let said = check(foreign).expect_err("another currency").to_string();
        assert_eq!(
            said,
            "This is in EUR, and the accounts here are in GBP. Two currencies are never added up: enter what it was worth in GBP"
        );
        assert_eq!(check(new(0)), Err(NoPayment::Nothing));
        assert!(matches!(check(new(i64::MAX)), Err(NoPayment::TooMuch(_))));
        assert!(matches!(check(new(i64::MIN)), Err(NoPayment::TooMuch(_))));
        assert_eq!(check(new(-100)), Err(NoPayment::NoReason));
        let cases = [
            NewPayment {
                day: date(2026, 6, 17),
                ..new(1)
            },
            NewPayment {
                day: date(1926, 6, 17),
                ..new(1)
            },
            NewPayment {
                payer: None,
                ..new(1)
            },
            NewPayment {
                outsider: Some("Zoe".to_owned()),
                ..new(1)
            },
            NewPayment {
                way: Way::Waiver,
                purpose: For::Gift,
                ..new(1)
            },
            NewPayment {
                way: Way::Card,
                purpose: For::Spent,
                ..new(1)
            },
            NewPayment {
                reference: Some("a\u{0}b".to_owned()),
                ..new(1)
            },
        ];
        for case in cases {
            assert!(check(case.clone()).is_err(), "{case:?}");
        }
    }

    #[test]
    fn what_the_place_spends_goes_out() {
        let milk = NewPayment {
            payer: None,
            purpose: For::Spent,
            reference: Some("milk".to_owned()),
            ..new(140)
        };
        assert_eq!(check(milk).map(|new| new.amount.minor()), Ok(-140));
    }

    proptest! {
        #[test]
        fn an_account_does_not_depend_on_the_order_of_entry(amounts in prop::collection::vec((1_i64..10_000, 0_usize..3, 0_usize..7), 1..30), seed in any::<u64>()) {
            let entries: Vec<_> = amounts
                .iter()
                .zip(1..)
                .map(|(&(minor, purpose, way), number)| {
                    let payment = NewPayment {
                        purpose: For::ALL[purpose],
                        way: Way::ALL[way],
                        ..new(minor)
                    };
                    (PaymentId { day: date(2026, 1, 1), number }, payment.entered(None, Instant::from_millis(0)))
                })
                .collect();
            let sum = |entries: &[(PaymentId, super::Payment)]| {
                entries.iter().try_fold(Account::empty(Currency::GBP), |account, (id, payment)| account.with(*id, payment))
            };
            let mut mixed = entries.clone();
            fastrand::Rng::with_seed(seed).shuffle(&mut mixed);
            prop_assert_eq!(sum(&entries).expect("a sum"), sum(&mixed).expect("a sum"));
            // What is taken back leaves the sums as they were.
            let (id, payment) = &entries[0];
            let back = payment.turned_round(*id, None, None, Instant::from_millis(1));
            let before = sum(&entries[1..]).expect("a sum");
            let after = sum(&[&entries[..], &[(*id, back)]].concat()).expect("a sum");
            prop_assert_eq!((before.dues, before.gifts, before.other, before.waived), (after.dues, after.gifts, after.other, after.waived));
            prop_assert_eq!(Account::decode(&after.encode()), Ok(after));
        }
    }
}
