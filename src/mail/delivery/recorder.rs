//! Records what became of letters: the verdicts of all that wait at a moment in one transaction, and what follows from them in
//! another.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;

use super::circuit_breaker::{Change, RefusedInARow};
use super::due_letter::DueLetter;
use super::lease::{self, Judged, LASTS};
use super::send_result::SendResult;
use super::settlement;
use crate::db::{self, Db};
use crate::mail::outcome::RecordOutcome;
use crate::values::clock::{Clock, Stopwatch};
use crate::values::id::LetterId;

/// Verdicts that one transaction records at most.
const MOST: usize = 32;
/// After a verdict could not be recorded.
const RETRY_INTERVAL: Duration = Duration::from_secs(1);

/// Where verdicts are recorded.
#[derive(Clone, Debug)]
pub(super) struct Records {
    pub(super) db: Db,
    pub(super) clock: Clock,
    pub(super) record_outcome: RecordOutcome,
    pub(super) refused_in_a_row: Arc<Mutex<RefusedInARow>>,
}

/// Takes verdicts, and records them as long as it is there.
#[derive(Clone, Debug)]
pub(super) struct Recorder(mpsc::Sender<Verdict>);

/// What became of a letter, and who waits until that is recorded.
#[derive(Debug)]
struct Verdict {
    letter: DueLetter,
    result: SendResult,
    recorded: oneshot::Sender<()>,
}

impl Recorder {
    /// Begins to record.
    pub(super) fn start(records: Records) -> Self {
        let (verdicts, waiting) = mpsc::channel(MOST);
        tokio::spawn(records.run(waiting));
        Self(verdicts)
    }

    /// Has the verdict recorded, and what follows from it done; waits for both. No verdict waits for others to come: those
    /// that came while the ones before were recorded are the next batch.
    pub(super) async fn record(&self, letter: DueLetter, result: SendResult) {
        let (recorded, waits) = oneshot::channel();
        if self.0.send(Verdict { letter, result, recorded }).await.is_ok() {
            // Gone without an answer: it was given up with the process.
            let _ = waits.await;
        }
    }
}

impl Verdict {
    /// Whether something follows from it.
    fn has_outcome(&self) -> bool {
        matches!(self.result, SendResult::Sent | SendResult::BadRecipient(_))
    }

    fn judged(&self) -> Judged {
        Judged { lease: self.letter.lease.clone(), result: self.result.clone() }
    }
}

impl Records {
    async fn run(self, mut waiting: mpsc::Receiver<Verdict>) {
        let mut verdicts = Vec::with_capacity(MOST);
        while waiting.recv_many(&mut verdicts, MOST).await > 0 {
            self.take(std::mem::take(&mut verdicts)).await;
        }
    }

    /// Records verdicts together. When that fails, each goes its own way beside those that come: one that cannot be recorded
    /// harms itself only.
    async fn take(&self, verdicts: Vec<Verdict>) {
        let (ahead, judged) = (self.clock.ahead(), verdicts.iter().map(Verdict::judged).collect::<Vec<_>>());
        let recorded = self.db.write(move |conn| lease::record_all(conn, ahead, &judged)).await;
        let Ok(recorded) = recorded else {
            for verdict in verdicts {
                tokio::spawn(self.clone().take_alone(verdict));
            }
            return;
        };
        for Verdict { letter, result, .. } in &verdicts {
            self.change_breaker(letter, result).await;
        }
        tokio::spawn(self.clone().follow_up(verdicts, recorded));
    }

    /// Does what follows from verdicts, of which those of some letters were recorded, while the next ones are recorded.
    async fn follow_up(self, verdicts: Vec<Verdict>, recorded: Vec<LetterId>) {
        for verdict in verdicts.iter().filter(|verdict| !recorded.contains(&verdict.letter.lease.letter)) {
            warn_of_lost_lease(&verdict.letter);
        }
        let settling =
            verdicts.iter().filter(|verdict| verdict.has_outcome()).map(|verdict| &verdict.letter.lease.letter);
        self.settle_all(settling.filter(|letter| recorded.contains(letter)).cloned().collect()).await;
        for verdict in verdicts {
            let _ = verdict.recorded.send(());
        }
    }

    async fn take_alone(self, verdict: Verdict) {
        let is_recorded = self.record(&verdict).await;
        self.change_breaker(&verdict.letter, &verdict.result).await;
        if is_recorded && verdict.has_outcome() {
            self.settle(&verdict.letter.lease.letter).await;
        }
        let _ = verdict.recorded.send(());
    }

    /// Records a verdict, and tries that as long as no other worker has taken the letter over: a sent letter whose result is
    /// lost is sent twice. Tells whether it was recorded.
    async fn record(&self, verdict: &Verdict) -> bool {
        let (watch, letter, ahead) = (Stopwatch::start(), &verdict.letter.lease.letter, self.clock.ahead());
        let lease_lasts = LASTS.to_std().unwrap_or_default();
        loop {
            let Judged { lease, result } = verdict.judged();
            match self.db.write(move |conn| lease.record(conn, ahead, &result)).await {
                Ok(true) => return true,
                Ok(false) => {
                    warn_of_lost_lease(&verdict.letter);
                    return false;
                }
                Err(error @ db::Error::Query(_)) if watch.elapsed() > lease_lasts => {
                    tracing::error!(%letter, error = &error as &dyn std::error::Error, "a verdict was lost");
                    return false;
                }
                Err(_) => sleep(RETRY_INTERVAL).await,
            }
        }
    }

    /// Puts a letter that was not tried back into the queue. Where that fails, it is due when its lease ends.
    pub(super) async fn give_back(&self, letter: &DueLetter) {
        let (lease, is_trial, ahead) = (letter.lease.clone(), letter.is_trial, self.clock.ahead());
        let given_back = self.db.write(move |conn| {
            if is_trial {
                Change::TryNext.make(conn, ahead)?;
            }
            lease.release(conn, ahead)
        });
        if let Err(error) = given_back.await {
            tracing::warn!(error = &error as &dyn std::error::Error, "a letter that was not tried waits for its lease");
        }
    }

    /// Opens or closes the circuit breaker, as the result demands.
    async fn change_breaker(&self, due: &DueLetter, result: &SendResult) {
        let (Some(change), ahead) = (self.learn(due, result), self.clock.ahead()) else { return };
        let made = change.clone();
        match self.db.write(move |conn| made.make(conn, ahead)).await {
            Ok(true) => change.log(),
            Ok(false) => {}
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "the relay's state was not kept"),
        }
    }

    fn learn(&self, due: &DueLetter, result: &SendResult) -> Option<Change> {
        let mut row = self.refused_in_a_row.lock().unwrap_or_else(PoisonError::into_inner);
        row.learn(&due.recipient, due.is_trial, result)
    }

    /// Does what follows from verdicts; when that fails, for each letter by itself.
    async fn settle_all(&self, letters: Vec<LetterId>) {
        if letters.is_empty() {
            return;
        }
        let (now, of, record_outcome) = (self.clock.now(), letters.clone(), self.record_outcome);
        if self.db.write(move |conn| settlement::settle(conn, now, &of, record_outcome)).await.is_err() {
            for letter in &letters {
                self.settle(letter).await;
            }
        }
    }

    /// Does what follows from a letter's verdict; tells whether that succeeded.
    async fn settle(&self, letter: &LetterId) -> bool {
        let (now, of, record_outcome) = (self.clock.now(), [letter.clone()], self.record_outcome);
        let settled = self.db.write(move |conn| settlement::settle(conn, now, &of, record_outcome)).await;
        if let Err(error) = &settled {
            let error = error as &dyn std::error::Error;
            tracing::error!(%letter, error, "what follows from a verdict failed; it is tried again");
        }
        settled.is_ok()
    }

    /// Does what failed before.
    pub(super) async fn settle_due(&self) {
        let ahead = self.clock.ahead();
        let Ok(letters) = self.db.read(move |conn| settlement::due(conn, ahead)).await else { return };
        for letter in letters {
            if !self.settle(&letter).await {
                // Where this fails as well, the letter is simply due again.
                let _ = self.db.write(move |conn| settlement::put_off(conn, ahead, &letter)).await;
            }
        }
    }
}

fn warn_of_lost_lease(due: &DueLetter) {
    tracing::warn!(letter = %due.lease.letter, "the lease was lost; another worker's verdict counts");
}
