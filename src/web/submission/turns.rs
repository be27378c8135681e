//! Turns: of equal submissions that arrive at once, each waits until the one before it is answered.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;

use crate::values::id::SubmissionId;

type Waiting = HashMap<SubmissionId, Arc<tokio::sync::Mutex<()>>>;

/// The submissions that are being answered by this process. Without turns, the second of a double click could be refused
/// by a limit or a check of the password before the first has had its effect, and so be answered differently. That two
/// replicas do not give both effect is up to the database.
#[derive(Clone, Debug, Default)]
pub struct Turns(Arc<Mutex<Waiting>>);

/// The turn of one submission. It ends when this is dropped.
#[derive(Debug)]
pub struct Turn {
    turns: Turns,
    id: SubmissionId,
    lock: Option<OwnedMutexGuard<()>>,
    /// Whether an equal submission was answered first.
    pub is_repeated: bool,
}

impl Turns {
    /// Waits for the turn of this submission.
    pub async fn take(&self, id: SubmissionId) -> Turn {
        let (lock, is_repeated) = {
            let mut waiting = self.waiting();
            let is_repeated = waiting.contains_key(&id);
            (Arc::clone(waiting.entry(id).or_default()), is_repeated)
        };
        // Made before the wait, so that a client that goes away while it waits leaves nothing behind.
        let mut turn = Turn { turns: self.clone(), id, lock: None, is_repeated };
        turn.lock = Some(lock.lock_owned().await);
        turn
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.lock = None;
        let mut waiting = self.turns.waiting();
        // Others who wait or are about to hold the lock too.
        if waiting.get(&self.id).is_some_and(|lock| Arc::strong_count(lock) == 1) {
            waiting.remove(&self.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn equal_submissions_take_turns_and_leave_nothing_behind() {
        let turns = Turns::default();
        let id = SubmissionId::from([7; 32]);
        let first = turns.take(id).await;
        let other = turns.take(SubmissionId::from([8; 32])).await;
        assert!(!first.is_repeated && !other.is_repeated);
        let gone = tokio::time::timeout(Duration::from_millis(10), turns.take(id)).await;
        assert!(gone.is_err(), "the first is not answered yet");
        let (second, ()) = tokio::join!(turns.take(id), async { drop(first) });
        assert!(second.is_repeated);
        drop((second, other));
        assert!(turns.waiting().is_empty());
    }
}
