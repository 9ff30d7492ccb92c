//! The slow hash of what people choose and type: argon2id, one at a time, so that neither memory nor the board's time
//! is anybody's to order.

use std::sync::Arc;

use argon2::password_hash::{Output, ParamsString, PasswordHash, SaltString};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, Version};
use members::credential::cost::{Cost, LEAST};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use units::Span;

/// How many strangers may wait for their turn.
const STRANGERS_WAITING: usize = 8;
/// How many may wait who are known, or come with a session.
const KNOWN_WAITING: usize = 16;
/// More than the system's allocator ever keeps for itself when it is given back (32 MiB): of this much only what is
/// used is ever real memory, and all of it goes back at once.
const RESERVED_KIB: usize = 33 * 1024;

/// Whose hash it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Of somebody on a device that is known, or who is signed in.
    Known,
    /// Of anybody else: at most one of them stands before somebody who is known.
    Stranger,
}

/// There are so many who wait that one more would only wait in vain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Crowded;

/// Makes hashes one after the other.
#[derive(Debug, Clone)]
pub(crate) struct Hasher {
    waiting: [Arc<Semaphore>; 2],
    one_stranger: Arc<Semaphore>,
    one: Arc<Semaphore>,
}

impl Default for Hasher {
    fn default() -> Self {
        let places = |count| Arc::new(Semaphore::new(count));
        Self {
            waiting: [places(KNOWN_WAITING), places(STRANGERS_WAITING)],
            one_stranger: places(1),
            one: places(1),
        }
    }
}

impl Hasher {
    /// The hash of `secret`, when its turn has come.
    pub(crate) async fn hash(
        &self,
        turn: Turn,
        secret: Vec<u8>,
        salt: [u8; 16],
        cost: Cost,
    ) -> Result<[u8; 32], Crowded> {
        let held = self.turn(turn).await?;
        let work = move || {
            let hash = hash(&secret, salt, cost);
            // Held until the work is done, even where nobody waits for it any more.
            drop(held);
            hash
        };
        tokio::task::spawn_blocking(work)
            .await
            .unwrap_or(None)
            .ok_or(Crowded)
    }

    async fn turn(&self, turn: Turn) -> Result<Vec<OwnedSemaphorePermit>, Crowded> {
        let [known, strangers] = &self.waiting;
        let queue = match turn {
            Turn::Known => known,
            Turn::Stranger => strangers,
        };
        let mut held = vec![Arc::clone(queue).try_acquire_owned().map_err(|_| Crowded)?];
        if turn == Turn::Stranger {
            held.push(acquire(&self.one_stranger).await?);
        }
        held.push(acquire(&self.one).await?);
        Ok(held)
    }
}

async fn acquire(one: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Crowded> {
    Arc::clone(one).acquire_owned().await.map_err(|_| Crowded)
}

fn params(cost: Cost) -> Option<Params> {
    Params::new(cost.memory_kib, cost.passes, 1, Some(32)).ok()
}

fn hash(secret: &[u8], salt: [u8; 16], cost: Cost) -> Option<[u8; 32]> {
    let params = params(cost)?;
    let count = params.block_count();
    let mut memory: Vec<Block> = Vec::with_capacity(count.max(RESERVED_KIB));
    memory.resize(count, Block::default());
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut out = [0; 32];
    argon2
        .hash_password_into_with_memory(secret, &salt, &mut out, &mut memory)
        .ok()?;
    Some(out)
}

/// How long the least hash takes here, by a clock that only goes forward.
pub(crate) fn measured(elapsed: impl Fn(&dyn Fn()) -> Span) -> Span {
    let once = || {
        let _ = hash(b"measured", [0; 16], LEAST);
    };
    // The first run also waits for memory; the better of two says what the board can do.
    elapsed(&once).min(elapsed(&once))
}

/// A hash that is kept, with what is needed to make it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeptHash {
    pub(crate) cost: Cost,
    pub(crate) salt: [u8; 16],
    pub(crate) hash: [u8; 32],
}

impl KeptHash {
    /// As a PHC string, which other programs can read too.
    pub(crate) fn phc(&self) -> Option<String> {
        let salt = SaltString::encode_b64(&self.salt).ok()?;
        let params = ParamsString::try_from(&params(self.cost)?).ok()?;
        let hash = PasswordHash {
            algorithm: ARGON2ID_IDENT,
            version: Some(Version::V0x13.into()),
            params,
            salt: Some(salt.as_salt()),
            hash: Some(Output::new(&self.hash).ok()?),
        };
        Some(hash.to_string())
    }

    /// The hash of a PHC string, if it is one of ours.
    pub(crate) fn parse(phc: &str) -> Option<Self> {
        let parsed = PasswordHash::new(phc).ok()?;
        let params = Params::try_from(&parsed).ok()?;
        let ours = parsed.algorithm == ARGON2ID_IDENT && params.p_cost() == 1;
        let mut salt = [0; 16];
        let length = parsed.salt?.decode_b64(&mut salt).ok()?.len();
        (ours && length == salt.len()).then_some(())?;
        Some(Self {
            cost: Cost {
                memory_kib: params.m_cost(),
                passes: params.t_cost(),
            },
            salt,
            hash: parsed.hash?.as_bytes().try_into().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use members::credential::cost::{Cost, LEAST};

    use super::{Crowded, Hasher, KeptHash, Turn, hash};

    const CHEAP: Cost = Cost {
        memory_kib: 8,
        passes: 1,
    };

    #[test]
    fn a_kept_hash_comes_back_from_its_string() {
        let hash = hash(b"acid bamboo fox garden", *b"0123456789abcdef", LEAST).expect("made");
        let kept = KeptHash {
            cost: LEAST,
            salt: *b"0123456789abcdef",
            hash,
        };
        let phc = kept.phc().expect("written");
        assert!(
            phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$"),
            "{phc}"
        );
        assert_eq!(KeptHash::parse(&phc), Some(kept));
        for other in [
            "",
            "x",
            &phc.replace("argon2id", "argon2i"),
            &phc.replace("p=1", "p=2"),
            &phc[..60],
        ] {
            assert_eq!(KeptHash::parse(other), None, "{other}");
        }
    }

    /// As the reference implementation in C makes it (argon2-cffi's `hash_secret_raw`).
    #[test]
    fn the_hash_is_that_of_others() {
        let hash = hash(b"acid bamboo fox garden", *b"0123456789abcdef", LEAST).expect("made");
        let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            hex,
            "4900a0f74986b0b29ef79247037348fae9f6e8ffb8c6f678e2f68bc13cd84fa3"
        );
    }

    #[tokio::test]
    async fn strangers_wait_in_a_short_queue_and_never_keep_the_known_out() {
        let hasher = Hasher::default();
        let working = hasher.turn(Turn::Stranger).await.expect("the first");
        let ask = |turn| {
            let hasher = hasher.clone();
            async move { hasher.hash(turn, b"secret".to_vec(), [1; 16], CHEAP).await }
        };
        let mut waiting: Vec<_> = (0..7).map(|_| Box::pin(ask(Turn::Stranger))).collect();
        for one in &mut waiting {
            assert!(futures_now(one).is_none());
        }
        assert_eq!(ask(Turn::Stranger).await, Err(Crowded));
        let mut known = Box::pin(ask(Turn::Known));
        assert!(futures_now(&mut known).is_none());
        drop(working);
        // The known one stands before all strangers but the one who had the turn.
        assert!(known.await.is_ok());
        for one in waiting {
            assert!(one.await.is_ok());
        }
    }

    /// What a future has now, without waiting for it.
    fn futures_now<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match std::pin::Pin::new(future).poll(&mut context) {
            std::task::Poll::Ready(out) => Some(out),
            std::task::Poll::Pending => None,
        }
    }
}
