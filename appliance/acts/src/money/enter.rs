//! Payments are entered and taken back.

use members::money::{FormDone, NewPayment, Payer, Payment, PaymentId, ReceiptNumber, Way};
use members::record::Newer;
use members::text;
use store::{RowChange, Store, Whose};
use units::{Instant, Span};

use super::{Posting, told_of};
use crate::act::{ActError, allowed};
use crate::rows::{all, becomes, get, go};
use crate::table::ActKind;
use crate::{Actor, Acts, Told};

/// For so long a form is taken; afterwards nobody knows any more whether it was sent before.
const FORMS_KEPT: Span = Span::from_secs(72 * 3_600);
/// So many letters of a form say when it was made.
const FORM_MADE: usize = 16;
/// How often an entry is tried when others enter at the same moment.
const TRIES: usize = 5;

/// What was entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// The entry.
    pub payment: PaymentId,
    /// Its receipt, if it has one.
    pub receipt: Option<ReceiptNumber>,
    /// Whether the same form had entered it before, so that nothing was entered now.
    pub again: bool,
}

/// An entry with its number.
pub type Paid = (PaymentId, Payment);

impl Acts {
    /// What a new form is known by, so that it enters something once: the moment, and what nobody else drew.
    pub fn fresh_form(&self) -> String {
        let mut bytes = [0; 16];
        self.effects.random(&mut bytes);
        let drawn: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{:0FORM_MADE$x}{drawn}", self.effects.now().as_millis())
    }

    /// Enters a payment once for each form: one that is sent again finds what it entered before.
    pub async fn enter_payment(
        &self,
        actor: &Actor,
        form: &str,
        new: NewPayment,
    ) -> Result<Entered, ActError> {
        let kind = match new.way {
            Way::Waiver => ActKind::WaiveDues,
            _ => ActKind::EnterPayment,
        };
        allowed(actor, kind)?;
        let told = match new.payer {
            Some(payer) => told_of(payer, self.people_of(payer).await?, new.purpose.word()),
            None => Told {
                detail: new.purpose.word().to_owned(),
                ..Told::default()
            },
        };
        for _ in 0..TRIES {
            let prepared = self.prepared(actor, form.to_owned(), new.clone()).await?;
            let (entered, rows) = prepared;
            if entered.again {
                return Ok(entered);
            }
            let told = Told {
                detail: format!("{} {}", told.detail, entered.payment),
                ..told.clone()
            };
            match self.keep(actor, kind, rows, told).await {
                // Somebody else took the number: the next one is tried.
                Err(ActError::Conflict) => {}
                Err(error) => return Err(error),
                Ok(()) => return Ok(entered),
            }
        }
        Err(ActError::Conflict)
    }

    async fn prepared(
        &self,
        actor: &Actor,
        form: String,
        new: NewPayment,
    ) -> Result<(Entered, Vec<RowChange>), ActError> {
        let (currency, today, by, at) = (self.currency()?, self.day(), actor.person(), self.effects.now());
        self.on_card(move |store| {
            if let Some(done) = get::<FormDone>(store, &form)? {
                return Ok((again(store, done.payment)?, Vec::new()));
            }
            if made(&form).is_some_and(|made| at.since(made) > FORMS_KEPT) {
                let sentence = "This form is older than three days, and may have been sent before. Look at the account, \
                                then open the form anew";
                return Err(ActError::BadInput(sentence.to_owned()));
            }
            known(store, new.payer)?;
            let mut posting = Posting::new(store, currency, today, by, at)?;
            let (id, payment) = posting.enter(new)?;
            let mut rows = posting.rows();
            let done = FormDone {
                payment: id,
                at,
                newer: Newer::default(),
            };
            rows.push(becomes(&form, None, Some(&done)));
            rows.extend(forgotten(store, at)?);
            let entered = Entered {
                payment: id,
                receipt: payment.receipt,
                again: false,
            };
            Ok((entered, rows))
        })
        .await
    }

    /// Takes an entry back, for a reason: another entry of the same amount the other way round.
    pub async fn reverse_payment(
        &self,
        actor: &Actor,
        id: PaymentId,
        why: &str,
    ) -> Result<PaymentId, ActError> {
        allowed(actor, ActKind::ReversePayment)?;
        let why = text::line(why, members::money::LONGEST_REFERENCE)
            .map_err(|unfit| ActError::BadInput(format!("Say why it is taken back. {unfit}")))?;
        let (currency, today, by, at) = (self.currency()?, self.day(), actor.person(), self.effects.now());
        let reason = why.clone();
        let (back, payer, rows) = self
            .on_card(move |store| {
                let mut posting = Posting::new(store, currency, today, by, at)?;
                let back = posting.reverse(id, Some(reason))?;
                let payer = get::<Payment>(store, &id)?.and_then(|payment| payment.payer);
                Ok((back, payer, posting.rows()))
            })
            .await?;
        let whose = match payer {
            Some(payer) => Whose::People(self.people_of(payer).await?),
            None => Whose::Nobody,
        };
        let told = Told {
            subject: format!("payment {id}"),
            whose,
            detail: format!("by {back}"),
            why: Some(why),
        };
        self.keep(actor, ActKind::ReversePayment, rows, told).await?;
        Ok(back)
    }

    /// The people whose data a payer's is.
    pub(crate) async fn people_of(&self, payer: Payer) -> Result<Vec<units::PersonId>, ActError> {
        match payer {
            Payer::Person(person) => Ok(vec![person]),
            Payer::Household(household) => {
                let book = self.book().await?;
                Ok(book.people_of(household).map(|(id, _)| id).collect())
            }
        }
    }
}

/// That there is such a payer.
pub(super) fn known(store: &Store, payer: Option<Payer>) -> Result<(), ActError> {
    let found = match payer {
        None => true,
        Some(Payer::Person(person)) => get::<members::person::Person>(store, &person)?.is_some(),
        Some(Payer::Household(household)) => {
            get::<members::household::Household>(store, &household)?.is_some()
        }
    };
    if found {
        return Ok(());
    }
    let sentence = "Whoever was chosen is not in the book any more. Nothing was entered: choose again";
    Err(ActError::NotThere(sentence.to_owned()))
}

fn again(store: &Store, payment: PaymentId) -> Result<Entered, ActError> {
    let receipt = get::<Payment>(store, &payment)?.and_then(|payment| payment.receipt);
    Ok(Entered {
        payment,
        receipt,
        again: true,
    })
}

/// When a form was made, where it says so.
fn made(form: &str) -> Option<Instant> {
    let millis = i64::from_str_radix(form.get(..FORM_MADE)?, 16).ok()?;
    Some(Instant::from_millis(millis))
}

/// Forms of which nobody needs to know any more.
fn forgotten(store: &Store, now: Instant) -> Result<Vec<RowChange>, ActError> {
    let done = all::<FormDone>(store)?;
    let old = done.iter().filter(|(_, done)| now.since(done.at) > FORMS_KEPT);
    // A few at a time: two who enter at one moment would else be in each other's way.
    Ok(go(old.take(20)))
}
