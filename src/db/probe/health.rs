//! Whether the database can serve, as the last probe saw it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// Whether the database can serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// Not probed yet.
    Unknown,
    /// Not reachable.
    Unreachable,
    /// Reachable, but migrations are missing.
    LacksMigrations,
    /// Reachable, but it takes no writes: pages that only read are served.
    ReadOnly,
    /// Serving.
    Ready,
}

/// What the last probe saw. Clones share it.
#[derive(Clone, Debug)]
pub(in crate::db) struct LastHealth(Arc<AtomicU8>);

impl LastHealth {
    /// Nothing yet.
    pub(in crate::db) fn unknown() -> Self {
        Self(Arc::new(AtomicU8::new(Health::Unknown as u8)))
    }

    /// Remembers it.
    pub(in crate::db) fn store(&self, health: Health) {
        self.0.store(health as u8, Ordering::Relaxed);
    }

    /// Reads it.
    pub(in crate::db) fn load(&self) -> Health {
        match self.0.load(Ordering::Relaxed) {
            h if h == Health::Ready as u8 => Health::Ready,
            h if h == Health::ReadOnly as u8 => Health::ReadOnly,
            h if h == Health::LacksMigrations as u8 => Health::LacksMigrations,
            h if h == Health::Unreachable as u8 => Health::Unreachable,
            _ => Health::Unknown,
        }
    }
}
