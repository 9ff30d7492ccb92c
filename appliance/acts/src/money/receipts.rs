//! Receipts: made out once for each payment, shown as the original once and as a copy from then on.

use members::money::{Payer, Payment, PaymentId, Receipt, ReceiptNumber};
use store::Whose;

use super::posting::no_such_payment;
use super::{Posting, told_of};
use crate::act::{ActError, allowed};
use crate::rows::{becomes, get, under};
use crate::table::ActKind;
use crate::{Actor, Acts, Told};

/// A receipt with what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptPage {
    /// Its number.
    pub number: ReceiptNumber,
    /// The receipt, as it was before it was shown now.
    pub receipt: Receipt,
    /// What it is for.
    pub payment: Payment,
    /// The name of who paid.
    pub name: String,
}

impl Acts {
    /// Shows a receipt. The first time it is the original, and from then on a copy.
    pub async fn show_receipt(&self, actor: &Actor, number: ReceiptNumber) -> Result<ReceiptPage, ActError> {
        allowed(actor, ActKind::ShowReceipt)?;
        let money = self.money().await?;
        let page = self
            .on_card(move |store| {
                let no_such = || ActError::NotThere("There is no receipt with this number".to_owned());
                let receipt = get::<Receipt>(store, &number)?.ok_or_else(no_such)?;
                let payment = get::<Payment>(store, &receipt.payment)?.ok_or_else(no_such_payment)?;
                let name = match payment.payer {
                    Some(payer) => money.name(payer),
                    None => payment.outsider.clone().unwrap_or_default(),
                };
                Ok(ReceiptPage {
                    number,
                    receipt,
                    payment,
                    name,
                })
            })
            .await?;
        let after = Receipt {
            shown: page.receipt.shown.saturating_add(1),
            ..page.receipt.clone()
        };
        let rows = vec![becomes(&number, Some(&page.receipt), Some(&after))];
        let told = Told {
            subject: format!("receipt {number}"),
            whose: match page.payment.payer.and_then(Payer::person) {
                Some(person) => Whose::People(vec![person]),
                None => Whose::Nobody,
            },
            ..Told::default()
        };
        self.keep(actor, ActKind::ShowReceipt, rows, told).await?;
        Ok(page)
    }

    /// The receipt for a payment: the one that it has, or a new one.
    pub async fn make_receipt(&self, actor: &Actor, id: PaymentId) -> Result<ReceiptNumber, ActError> {
        allowed(actor, ActKind::MakeReceipt)?;
        let (currency, today, by, at) = (self.currency()?, self.day(), actor.person(), self.effects.now());
        let (number, payer, rows) = self
            .on_card(move |store| {
                let payment = get::<Payment>(store, &id)?.ok_or_else(no_such_payment)?;
                let mut posting = Posting::new(store, currency, today, by, at)?;
                let number = posting.receipt_for(id)?;
                Ok((number, payment.payer, posting.rows()))
            })
            .await?;
        if rows.is_empty() {
            return Ok(number);
        }
        let detail = format!("receipt {number}");
        let told = match payer {
            Some(payer) => told_of(payer, self.people_of(payer).await?, &detail),
            None => Told {
                detail,
                ..Told::default()
            },
        };
        self.keep(actor, ActKind::MakeReceipt, rows, told).await?;
        Ok(number)
    }

    /// The receipts of a year, the newest first: numbers and amounts, nobody's name.
    pub async fn receipts(
        &self,
        actor: &Actor,
        year: u16,
    ) -> Result<Vec<(ReceiptNumber, PaymentId)>, ActError> {
        allowed(actor, ActKind::LookMoney)?;
        self.on_card(move |store| {
            let of_year = under::<Receipt>(store, &year.to_be_bytes())?.into_iter().rev();
            Ok(of_year
                .map(|(number, receipt)| (number, receipt.payment))
                .collect())
        })
        .await
    }
}
