//! How far a letter has come on its way to the relay.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the text of a letter is on its way. Until then the relay has nothing of it, and who breaks off sends it again later.
#[derive(Debug, Default)]
pub struct Progress(AtomicBool);

impl Progress {
    /// From now on the relay may have it.
    pub(super) fn begin_text(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the relay may have it.
    pub(in crate::mail::delivery) fn has_begun_text(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
