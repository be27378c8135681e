//! Whether the database can serve, as the last probe saw it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// Whether the database can serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// Not looked at yet.
    Unseen,
    /// Not reachable.
    Away,
    /// Reachable, but migrations are missing.
    Behind,
    /// Serving.
    Ready,
}

/// What the last probe saw. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct LastHealth(Arc<AtomicU8>);

impl LastHealth {
    /// Nothing yet.
    pub(super) fn unseen() -> Self {
        Self(Arc::new(AtomicU8::new(Health::Unseen as u8)))
    }

    /// Remembers it.
    pub(super) fn store(&self, health: Health) {
        self.0.store(health as u8, Ordering::Relaxed);
    }

    /// Reads it.
    pub(super) fn load(&self) -> Health {
        match self.0.load(Ordering::Relaxed) {
            h if h == Health::Ready as u8 => Health::Ready,
            h if h == Health::Behind as u8 => Health::Behind,
            h if h == Health::Away as u8 => Health::Away,
            _ => Health::Unseen,
        }
    }
}
