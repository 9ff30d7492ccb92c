//! The certificates that the box shows: one for each address by which it is called, made when it is first needed.
//!
//! So there is nothing to watch. When the router gives the box another address, the first who calls there gets a
//! certificate for it, and none is ever shown that is for another address or has run out.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustls::ServerConfig;
use units::Instant;

use super::leaf::within_limits;
use super::{Authority, AuthorityError, Leaf};

/// More addresses than a box has at a time.
const MOST: usize = 16;

/// Fills bytes with what nobody can foresee.
type Draw = Box<dyn Fn(&mut [u8]) + Send + Sync>;

/// All certificates of a box and the authority that signs them.
pub struct Certificates {
    inner: Mutex<Inner>,
    draw: Draw,
}

struct Inner {
    authority: Arc<Authority>,
    leaves: BTreeMap<Option<IpAddr>, Leaf>,
}

impl Certificates {
    /// Those of this authority; `draw` gives random bytes.
    pub fn new(authority: Authority, draw: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        Self {
            inner: Mutex::new(Inner {
                authority: Arc::new(authority),
                leaves: BTreeMap::new(),
            }),
            draw: Box::new(draw),
        }
    }

    /// Who signs them.
    pub fn authority(&self) -> Arc<Authority> {
        Arc::clone(&self.inner().authority)
    }

    /// Another authority signs them from now on.
    pub fn replace(&self, authority: Authority) {
        let mut inner = self.inner();
        inner.authority = Arc::new(authority);
        inner.leaves.clear();
    }

    /// What is shown to whoever calls at `address`.
    pub fn at(&self, address: IpAddr, now: Instant) -> Result<Arc<ServerConfig>, AuthorityError> {
        let address = Some(address).filter(within_limits);
        let mut inner = self.inner();
        if let Some(leaf) = inner.leaves.get(&address).filter(|leaf| !leaf.is_over(now)) {
            return Ok(leaf.config());
        }
        let leaf = inner
            .authority
            .leaf(address, now, &mut |bytes| (self.draw)(bytes))?;
        if inner.leaves.len() >= MOST {
            inner.leaves.clear();
        }
        let config = leaf.config();
        inner.leaves.insert(address, leaf);
        Ok(config)
    }

    /// A lock stays usable after a panic elsewhere: every change is a single step.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
