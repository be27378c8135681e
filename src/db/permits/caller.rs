//! On whose behalf the database is asked: a route whose requests wait for a locked table leaves connections to all others.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::values::clock::Stopwatch;

/// For how long a caller counts as waiting after it did.
const LATELY: Duration = Duration::from_secs(5);

tokio::task_local! {
    static ASKS: Asks;
}

/// On whose behalf a task asks.
struct Asks {
    caller: Arc<Caller>,
    viewer: Option<String>,
}

/// Who asks the database, such as a route. It knows whether its work has waited in vain lately.
#[derive(Debug, Default)]
pub struct Caller(Mutex<Waits>);

/// For what a caller has waited in vain.
#[derive(Debug, Default)]
struct Waits {
    /// When it did so for more than one row.
    last: Option<Stopwatch>,
    /// The only row for which it did, and when.
    row: Option<(String, Stopwatch)>,
}

impl Caller {
    /// Does this work on its behalf. `viewer` is the account that sent a form: what that writes waits for the row of the account,
    /// if for any that others do not want.
    pub async fn calls<Work: Future>(self: Arc<Self>, viewer: Option<String>, work: Work) -> Work::Output {
        ASKS.scope(Asks { caller: self, viewer }, work).await
    }
}

/// The account that sent the form of this task.
pub(in crate::db) fn viewer() -> Option<String> {
    ASKS.try_with(|asks| asks.viewer.clone()).ok().flatten()
}

/// Whether the caller of this task has waited in vain lately.
pub(in crate::db) fn has_waited() -> bool {
    with_waits(|waits| waits.last.is_some_and(|last| last.elapsed() < LATELY)).unwrap_or(false)
}

/// Notes that work of this task has waited in vain, for this row where that is known. One row that somebody keeps locked says
/// nothing of all others; a second one does.
pub(in crate::db) fn note_wait(row: Option<&str>) {
    with_waits(|waits| {
        let known = waits.row.as_ref().filter(|(_, since)| since.elapsed() < LATELY);
        let is_only_one = row.is_some_and(|row| known.is_none_or(|(known, _)| known == row));
        if !is_only_one {
            waits.last = Some(Stopwatch::start());
        }
        waits.row = row.map(|row| (row.to_owned(), Stopwatch::start()));
    });
}

/// Background work has no caller.
fn with_waits<T>(work: impl FnOnce(&mut Waits) -> T) -> Option<T> {
    ASKS.try_with(|asks| work(&mut asks.caller.0.lock().unwrap_or_else(PoisonError::into_inner))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_caller_waits_when_it_did_for_a_table_or_for_two_rows() {
        let waits = async {
            note_wait(Some("ana"));
            note_wait(Some("ana"));
            assert!(!has_waited(), "for one row alone");
            note_wait(Some("bea"));
            assert!(has_waited());
        };
        Arc::new(Caller::default()).calls(None, waits).await;
        let waits = async {
            note_wait(None);
            assert!(has_waited(), "for a table, or whatever it was");
        };
        Arc::new(Caller::default()).calls(None, waits).await;
        note_wait(None);
        assert!(!has_waited(), "the background has no caller");
    }
}
