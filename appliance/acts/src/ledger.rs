//! The ledger's closed days for people: whether the chain of days fits, and statements that can be proven with it.

mod statement;

use serde::Serialize;
use store::{LedgerFault, LedgerState, Store, StoreError};
use units::Instant;
use units::bytes::hex;

use crate::act::{ActError, allowed};
use crate::book::Told;
use crate::table::ActKind;
use crate::{Actor, Acts};

pub use statement::{Asked, Statement};

/// What looking through the whole chain found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChainView {
    /// Whether every closed day is as it was closed.
    pub whole: bool,
    /// How many days are closed.
    pub days: u64,
    /// How many entries they have.
    pub entries: u64,
    /// How many corrections there are, of all time.
    pub corrections: u64,
    /// Up to when days are closed, UTC milliseconds.
    pub until_ms: Option<i64>,
    /// The hash of the newest closed day, which stands for all before it.
    pub hash: Option<String>,
    /// Where the chain does not fit, in words; `null` where it does.
    pub fault: Option<String>,
}

impl Acts {
    /// Makes the hashes of all closed days again and looks whether they fit.
    pub async fn check_ledger(&self, actor: &Actor) -> Result<ChainView, ActError> {
        allowed(actor, ActKind::CheckLedger)?;
        let found = self.on_card(|store| Ok(check(store)?)).await?;
        let told = Told {
            detail: if found.whole {
                "it is whole"
            } else {
                "it is not whole"
            }
            .to_owned(),
            ..Told::default()
        };
        match self.keep(actor, ActKind::CheckLedger, Vec::new(), told).await {
            // A card that takes nothing more is when one wants to know.
            Err(ActError::Store(error)) if error.is_of_the_card() => {
                tracing::warn!(%actor, "looked whether the ledger is whole, and the record cannot be written");
            }
            kept => kept?,
        }
        Ok(found)
    }

    /// A statement of closed days, with the hashes that prove it: of all devices that the actor may see, or of one of
    /// them. It is written down who took it.
    pub async fn ledger_statement(&self, actor: &Actor, asked: Asked) -> Result<Statement, ActError> {
        allowed(actor, ActKind::ExportLedger)?;
        let site = self.site.borrow().clone();
        let seen = site.devices.iter().filter(|device| actor.sees(&device.audience));
        let mut names: Vec<String> = seen.map(|device| device.name.to_string()).collect();
        if let Some(one) = &asked.device {
            names.retain(|name| name == one);
            if names.is_empty() {
                return Err(ActError::NotThere(format!(
                    "there is no device {one} here that you can see. `hearth devices` lists them"
                )));
            }
        }
        let told = Told {
            subject: asked.device.clone().unwrap_or_else(|| "all devices".to_owned()),
            detail: asked.to_string(),
            ..Told::default()
        };
        self.keep(actor, ActKind::ExportLedger, Vec::new(), told).await?;
        let head = statement::head(&site.place.name, &asked, self.effects.now());
        Ok(Statement::new(self.store.clone(), names, &asked, head))
    }
}

/// Looks through the whole chain of a store; whoever has its file needs no right.
pub fn check(store: &Store) -> Result<ChainView, StoreError> {
    match store.verify_ledger() {
        Ok(state) => Ok(view(state, None)),
        Err(LedgerFault::Store(error @ StoreError::Damaged { .. })) => {
            Ok(view(LedgerState::default(), Some(error.to_string())))
        }
        Err(LedgerFault::Store(error)) => Err(error),
        Err(fault) => Ok(view(LedgerState::default(), Some(fault.to_string()))),
    }
}

fn view(state: LedgerState, fault: Option<String>) -> ChainView {
    ChainView {
        whole: fault.is_none(),
        days: state.days,
        entries: state.entries,
        corrections: state.corrections,
        until_ms: state.until.map(Instant::as_millis),
        hash: state.head.map(|hash| hex(&hash)),
        fault,
    }
}
