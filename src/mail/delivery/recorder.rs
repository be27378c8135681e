//! Records what became of letters: the verdicts of all that wait at a moment in one transaction. What follows from them is done
//! in another, beside the sending. `db::batch::WriteQueue` does not serve here: it gives up after the deadline of a request,
//! and a verdict is tried to be recorded as long as its lease lasts.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use diesel::pg::PgConnection;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::circuit_breaker::{Change, RefusedInARow};
use super::due_letter::DueLetter;
use super::lease::{self, Judged};
use super::send_result::SendResult;
use super::settlement;
use crate::db::Db;
use crate::db::work_queue::record_within_lease;
use crate::mail::outcome::RecordOutcome;
use crate::values::clock::{Clock, Stopwatch};
use crate::values::id::LetterId;

/// Verdicts that one transaction records at most.
const MOST: usize = 32;
/// Letters that wait at most until what follows from their verdicts is done. For more, that is done once it is due again.
const MOST_TO_SETTLE: usize = 1_024;
/// Between two looks for what failed before.
const SETTLE_INTERVAL: Duration = Duration::from_secs(10);

/// Where verdicts are recorded.
#[derive(Clone, Debug)]
pub(super) struct Records {
    pub(super) db: Db,
    pub(super) clock: Clock,
    pub(super) record_outcome: RecordOutcome,
    pub(super) refused_in_a_row: Arc<Mutex<RefusedInARow>>,
}

/// Takes verdicts.
#[derive(Clone, Debug)]
pub(super) struct Recorder(mpsc::Sender<Verdict>);

/// The two tasks behind a recorder. The one that records ends with the last recorder.
#[derive(Debug)]
pub(super) struct Recording {
    recorder: Recorder,
    /// The task that does what follows from verdicts. A set of one task, because a set ends its tasks when it is dropped and
    /// a bare handle would leave the task running.
    settling: JoinSet<()>,
}

/// What became of a letter, and who waits until that is recorded.
#[derive(Debug)]
struct Verdict {
    letter: DueLetter,
    result: SendResult,
    recorded: oneshot::Sender<()>,
}

impl Recording {
    /// Begins to record.
    pub(super) fn start(records: Records) -> Self {
        let (verdicts, waiting) = mpsc::channel(MOST);
        let (recorded, to_settle) = mpsc::channel(MOST_TO_SETTLE);
        let settling = [records.clone().settle_recorded(to_settle)].into_iter().collect();
        tokio::spawn(records.run(waiting, recorded));
        Self { recorder: Recorder(verdicts), settling }
    }

    /// Who takes the verdicts.
    pub(super) const fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// Waits until what was recorded has been followed by what it has to be, when no other recorder is left.
    pub(super) async fn end(self) {
        let Self { recorder, settling } = self;
        drop(recorder);
        settling.join_all().await;
    }
}

impl Recorder {
    /// Has the verdict recorded, and waits for that. No verdict waits for others to come: those that came while the ones before
    /// were recorded are the next batch.
    pub(super) async fn record(&self, letter: DueLetter, result: SendResult) {
        let (recorded, waits) = oneshot::channel();
        if self.0.send(Verdict { letter, result, recorded }).await.is_ok() {
            // Gone without an answer: the lease was lost, or it was given up with the process.
            let _ = waits.await;
        }
    }
}

impl Verdict {
    /// Whether something follows from it.
    const fn has_outcome(&self) -> bool {
        matches!(self.result, SendResult::Sent | SendResult::BadRecipient(_))
    }

    /// Tells that it was recorded. Where too many letters wait to be settled, this one is settled when its outcome is due again.
    fn answer(self, recorded: &mpsc::Sender<LetterId>) {
        if self.has_outcome() {
            let _ = recorded.try_send(self.letter.lease.letter);
        }
        let _ = self.recorded.send(());
    }

    fn judged(&self) -> Judged {
        Judged { lease: self.letter.lease.clone(), result: self.result.clone() }
    }
}

impl Records {
    async fn run(self, mut waiting: mpsc::Receiver<Verdict>, recorded: mpsc::Sender<LetterId>) {
        let mut verdicts = Vec::with_capacity(MOST);
        while waiting.recv_many(&mut verdicts, MOST).await > 0 {
            self.take(std::mem::take(&mut verdicts), &recorded).await;
        }
    }

    /// Does what follows from verdicts that were recorded, and what failed before. A row that somebody else has locked delays
    /// no letter so.
    async fn settle_recorded(self, mut recorded: mpsc::Receiver<LetterId>) {
        let (mut letters, mut since) = (Vec::with_capacity(MOST), Stopwatch::start());
        loop {
            tokio::select! {
                count = recorded.recv_many(&mut letters, MOST) => match count {
                    0 => return,
                    _ => drop(self.settle_all(std::mem::take(&mut letters)).await),
                },
                () = sleep(SETTLE_INTERVAL.saturating_sub(since.elapsed())) => {
                    since = Stopwatch::start();
                    self.settle_due().await;
                }
            }
        }
    }

    /// Records verdicts together. When that fails, each goes its own way beside those that come: one that cannot be recorded
    /// harms itself only.
    async fn take(&self, verdicts: Vec<Verdict>, recorded: &mpsc::Sender<LetterId>) {
        let (ahead, judged) = (self.clock.ahead(), verdicts.iter().map(Verdict::judged).collect::<Vec<_>>());
        let Ok(held) = self.db.write(move |conn| lease::record_all(conn, ahead, &judged)).await else {
            for verdict in verdicts {
                tokio::spawn(self.clone().take_alone(verdict, recorded.clone()));
            }
            return;
        };
        for verdict in verdicts {
            self.change_breaker(&verdict.letter, &verdict.result).await;
            if held.contains(&verdict.letter.lease.letter) {
                verdict.answer(recorded);
            } else {
                let letter = &verdict.letter.lease.letter;
                tracing::warn!(%letter, "a verdict came too late: another worker has the letter, or it was erased");
            }
        }
    }

    async fn take_alone(self, verdict: Verdict, recorded: mpsc::Sender<LetterId>) {
        let is_recorded = self.record(&verdict).await;
        self.change_breaker(&verdict.letter, &verdict.result).await;
        if is_recorded {
            verdict.answer(&recorded);
        }
    }

    /// Records a verdict; tells whether it was recorded.
    async fn record(&self, verdict: &Verdict) -> bool {
        let (letter, ahead, judged) = (&verdict.letter.lease.letter, self.clock.ahead(), verdict.judged());
        let record = move |conn: &mut PgConnection| judged.lease.record(conn, ahead, &judged.result);
        match record_within_lease(&self.db, Stopwatch::start(), record).await {
            Ok(true) => true,
            Ok(false) => {
                // A commit may take effect whose answer never came.
                tracing::info!(%letter, "nothing is left to record: an attempt whose answer was lost did it, or another worker has the letter");
                false
            }
            Err(error) => {
                tracing::error!(%letter, error = &error as &dyn std::error::Error, "a verdict was lost");
                false
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

    /// Does what follows from verdicts; when that fails, for each letter by itself. Returns those for which it failed.
    async fn settle_all(&self, letters: Vec<LetterId>) -> Vec<LetterId> {
        let (now, of, record_outcome) = (self.clock.now(), letters.clone(), self.record_outcome);
        let mut failed = Vec::new();
        if self.db.write(move |conn| settlement::settle(conn, now, &of, record_outcome)).await.is_err() {
            for letter in letters {
                if !self.settle(&letter).await {
                    failed.push(letter);
                }
            }
        }
        failed
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

    /// Does what failed before, one batch after the other as long as that succeeds: after an outage thousands may be due.
    pub(super) async fn settle_due(&self) {
        let ahead = self.clock.ahead();
        while let Ok(letters) = self.db.read(move |conn| settlement::due(conn, ahead)).await {
            let may_be_more = letters.len() == settlement::MOST;
            let failed = if letters.is_empty() { Vec::new() } else { self.settle_all(letters).await };
            let did_fail = !failed.is_empty();
            for letter in failed {
                // Where this fails as well, the letter is simply due again.
                let _ = self.db.write(move |conn| settlement::put_off(conn, ahead, &letter)).await;
            }
            if did_fail || !may_be_more {
                return;
            }
        }
    }
}
