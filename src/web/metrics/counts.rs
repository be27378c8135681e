//! Counts of what is rare, by a word of the code.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Counts by label. Labels are words of the code, so that there are few.
#[derive(Debug, Default)]
pub struct Counts(Mutex<BTreeMap<&'static str, u64>>);

impl Counts {
    /// Shows these from the start: of a count that appears with the value 1 nobody sees that it grew.
    pub fn start_at_zero(&self, labels: &[&'static str]) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for label in labels {
            counts.entry(*label).or_default();
        }
    }

    /// Counts one more.
    pub fn count(&self, label: &'static str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(label).or_default() += 1;
    }

    /// All of them, in the order of their labels.
    #[must_use]
    pub fn all(&self) -> Vec<(&'static str, u64)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|(label, count)| (*label, *count)).collect()
    }
}
