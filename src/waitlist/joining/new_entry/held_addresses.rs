//! Addresses whose rows somebody keeps locked: those who join with them are refused at once for a while, so that their waits
//! keep no batch from being written.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::values::clock::Stopwatch;
use crate::values::email_address::EmailAddress;

/// For how long.
const REFUSED: Duration = Duration::from_secs(10);
/// Addresses that are kept at most, the last ones.
const MOST: usize = 64;

/// Those of this process.
#[derive(Debug, Default)]
pub(super) struct HeldAddresses {
    addresses: Mutex<VecDeque<(EmailAddress, Stopwatch)>>,
    writes: AtomicU64,
}

impl HeldAddresses {
    /// Whether it was waited for in vain a moment ago.
    pub(super) fn has(&self, email: &EmailAddress) -> bool {
        self.lock().iter().any(|(held, since)| held == email && since.elapsed() < REFUSED)
    }

    /// Keeps those that were waited for in vain.
    pub(super) fn note(&self, emails: Vec<EmailAddress>) {
        let mut addresses = self.lock();
        addresses.extend(emails.into_iter().map(|email| (email, Stopwatch::start())));
        let oldest = addresses.len().saturating_sub(MOST);
        addresses.drain(..oldest);
    }

    /// How often something was written.
    pub(super) fn writes(&self) -> u64 {
        self.writes.load(Ordering::Relaxed)
    }

    /// Counts that something was written.
    pub(super) fn count_write(&self) {
        self.writes.fetch_add(1, Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<(EmailAddress, Stopwatch)>> {
        self.addresses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
