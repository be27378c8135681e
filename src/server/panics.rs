//! Counts panics, whatever thread they happen on.

use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

static PANICS: AtomicU64 = AtomicU64::new(0);
static INSTALLED: Once = Once::new();

/// Counts every panic from now on; what else is done about it stays as it was.
pub fn install() {
    INSTALLED.call_once(|| {
        let others = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PANICS.fetch_add(1, Ordering::Relaxed);
            others(panic);
        }));
    });
}

/// How many there were.
#[must_use]
pub fn count() -> u64 {
    PANICS.load(Ordering::Relaxed)
}
