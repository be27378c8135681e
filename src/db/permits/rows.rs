//! Rows that several requests want at the same time. Of those who want the same one, two at most have a connection: one that
//! somebody keeps locked takes no connection from everybody else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;

use super::Permits;
use crate::db::error::{Error, Queue};
use crate::values::clock::Stopwatch;

/// Connections for one row: they would wait for each other there anyway, and the second is at hand when the first is done.
const AT_ONCE: usize = 2;
/// Who may wait for a row, and for how long: more than may wait for a connection.
const MOST_WAITING: usize = 128;
const WAIT_TIMEOUT: Duration = Duration::from_secs(5);
/// For how long everybody is refused who wants a row that was waited for in vain.
const REFUSED: Duration = Duration::from_secs(3);
const LOCKED: &str = "a lock on this row was not free in time (SQLSTATE 55P03)";

/// The rows that somebody wants now. Clones share them.
#[derive(Clone, Debug, Default)]
pub(in crate::db) struct Rows(Arc<Mutex<HashMap<String, Arc<Row>>>>);

/// One of them.
#[derive(Debug)]
pub(in crate::db) struct Row {
    key: String,
    permits: Permits,
    /// When it was waited for in vain.
    held: Mutex<Option<Stopwatch>>,
}

impl Rows {
    /// The row of this key. Rows are forgotten that nobody wants any more.
    pub(in crate::db) fn find(&self, key: &str) -> Arc<Row> {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rows.retain(|_, row| row.is_in_use());
        Arc::clone(rows.entry(key.to_owned()).or_insert_with(|| Arc::new(Row::new(key))))
    }
}

impl Row {
    fn new(key: &str) -> Self {
        Self { key: key.to_owned(), permits: Permits::new(AT_ONCE, MOST_WAITING, WAIT_TIMEOUT), held: Mutex::default() }
    }

    /// What tells it from other rows.
    pub(in crate::db) fn key(&self) -> &str {
        &self.key
    }

    /// A turn for it, to be kept as long as the work goes on.
    pub(in crate::db) async fn turn(&self) -> Result<OwnedSemaphorePermit, Error> {
        self.refuse_while_held()?;
        let turn = self.permits.acquire().await.ok_or(Error::Busy(Queue::Row))?;
        // Who was before may have waited in vain meanwhile.
        self.refuse_while_held()?;
        Ok(turn)
    }

    /// It was waited for in vain.
    pub(in crate::db) fn note_wait(&self) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = Some(Stopwatch::start());
    }

    fn refuse_while_held(&self) -> Result<(), Error> {
        if self.is_held() { Err(Error::Failing(LOCKED)) } else { Ok(()) }
    }

    fn is_held(&self) -> bool {
        let since = *self.held.lock().unwrap_or_else(PoisonError::into_inner);
        since.is_some_and(|since| since.elapsed() < REFUSED)
    }

    /// Work whose caller went away goes on, and keeps its turn.
    fn is_in_use(self: &Arc<Self>) -> bool {
        Arc::strong_count(self) > 1 || self.permits.are_in_use() || self.is_held()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn two_have_a_turn_and_the_others_are_refused_once_they_waited_in_vain() {
        let rows = Rows::default();
        let row = rows.find("ana");
        let (one, two) = (row.turn().await.unwrap(), row.turn().await.unwrap());
        let waiting = tokio::spawn(async move { row.turn().await.map(drop) });
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(!waiting.is_finished());
        assert!(rows.find("bea").turn().await.is_ok(), "another row");
        rows.find("ana").note_wait();
        drop(one);
        assert!(matches!(waiting.await.unwrap(), Err(Error::Failing(LOCKED))));
        assert!(matches!(rows.find("ana").turn().await, Err(Error::Failing(LOCKED))), "at once, for a while");
        drop(two);
    }

    #[tokio::test]
    async fn rows_that_nobody_wants_are_forgotten() {
        let rows = Rows::default();
        let turn = rows.find("ana").turn().await.unwrap();
        rows.find("bea");
        rows.find("eva");
        let known = || rows.0.lock().unwrap().len();
        assert_eq!(known(), 2, "Ana has her turn still");
        drop(turn);
        rows.find("eva");
        assert_eq!(known(), 1);
    }
}
