//! On whose behalf the database is asked: a route whose requests wait for a locked table leaves connections to all others.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::db::error::Error;
use crate::values::clock::Stopwatch;

/// Work that failed after so long has waited for something, such as a lock.
const LONG: Duration = Duration::from_secs(2);
/// For how long a caller counts as waiting after it did.
const LATELY: Duration = Duration::from_secs(5);

tokio::task_local! {
    static CALLER: Arc<Caller>;
}

/// Who asks the database, such as a route. It knows whether its work has waited in vain lately.
#[derive(Debug, Default)]
pub struct Caller(Mutex<Option<Stopwatch>>);

impl Caller {
    /// Does this work on its behalf.
    pub async fn calls<Work: Future>(self: Arc<Self>, work: Work) -> Work::Output {
        CALLER.scope(self, work).await
    }
}

/// Whether the caller of this task has waited in vain lately.
pub(in crate::db) fn has_waited() -> bool {
    let has_waited = |caller: &Arc<Caller>| {
        let last = *caller.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|last| last.elapsed() < LATELY)
    };
    CALLER.try_with(has_waited).unwrap_or(false)
}

/// Notes how work ended that took so long.
pub(in crate::db) fn note<T>(outcome: &Result<T, Error>, took: Duration) {
    if took >= LONG && matches!(outcome, Err(Error::Failing(_))) {
        let noted = CALLER.try_with(|caller| {
            *caller.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Stopwatch::start());
        });
        // Background work has no caller.
        noted.unwrap_or_default();
    }
}
