//! The size of a batch: long work on a table is done in many short transactions, so that no lock is held for long.

pub mod write_queue;

/// Rows that one transaction of a clean-up changes at most.
pub const BATCH: i64 = 1_000;

/// Whether a batch of so many rows was full, so that there may be more.
#[must_use]
pub fn is_full(rows: usize) -> bool {
    i64::try_from(rows) == Ok(BATCH)
}
