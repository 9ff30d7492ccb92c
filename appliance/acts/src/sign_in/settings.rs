//! What the way in is set to, chosen by the box itself when it is first needed: a secret of its own, and how much work
//! a hash is on this board.

use members::credential::cost::Cost;
use store::Store;
use units::Span;

use super::hash::measured;
use super::{SignIn, SignInError};

/// Where the secret lies among the small values: 32 random bytes, mixed into every salt and every number that is given
/// to a device.
const SECRET: &str = "sign-in/secret";
/// Where the cost lies: memory in KiB and passes, as "19456,4".
const COST: &str = "sign-in/cost";

/// What was chosen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings {
    pub(super) secret: [u8; 32],
    pub(super) cost: Cost,
}

impl SignIn {
    /// What is set. The first time it is chosen, which takes a moment.
    pub(super) async fn settings(&self) -> Result<Settings, SignInError> {
        let settings = &self.shared.settings;
        let random = self.random();
        let started = self.shared.started;
        let choose = move |store: &Store| {
            let elapsed = |work: &dyn Fn()| {
                let before = started.elapsed();
                work();
                Span::from(started.elapsed().saturating_sub(before))
            };
            Ok(Settings {
                secret: secret(store, random)?,
                cost: cost(store, || Cost::chosen(measured(elapsed)))?,
            })
        };
        settings.get_or_try_init(|| self.on_card(choose)).await.copied()
    }
}

fn secret(store: &Store, random: [u8; 32]) -> Result<[u8; 32], SignInError> {
    let kept = store.get_meta(SECRET)?;
    if let Some(secret) = kept.and_then(|bytes| bytes.try_into().ok()) {
        return Ok(secret);
    }
    store.put_meta(SECRET, &random)?;
    Ok(random)
}

fn cost(store: &Store, choose: impl FnOnce() -> Cost) -> Result<Cost, SignInError> {
    let kept = store.get_meta(COST)?;
    if let Some(cost) = kept.and_then(|bytes| parse(&bytes)) {
        return Ok(cost);
    }
    let cost = choose();
    let Cost { memory_kib, passes } = cost;
    tracing::info!(
        memory_kib,
        passes,
        "chose how much work a passphrase is to check on this board"
    );
    store.put_meta(COST, format!("{memory_kib},{passes}").as_bytes())?;
    Ok(cost)
}

fn parse(bytes: &[u8]) -> Option<Cost> {
    let (memory, passes) = std::str::from_utf8(bytes).ok()?.split_once(',')?;
    Some(Cost {
        memory_kib: memory.parse().ok()?,
        passes: passes.parse().ok()?,
    })
}
