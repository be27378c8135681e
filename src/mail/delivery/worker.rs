//! The delivery worker: claims letters that are due, sends them and has the result of each recorded.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lettre::Message;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::claim::{Claimed, claim};
use super::due_letter::DueLetter;
use super::message::message;
use super::pace::{LEAST, Pace};
use super::recorder::{Recorder, Recording, Records};
use super::relay::Progress;
use super::send_result::SendResult;
use super::transport::Transport;
use crate::config::Config;
use crate::db;
use crate::db::work_queue::Outage;
use crate::mail::outcome::RecordOutcome;
use crate::mail::reply::Reply;
use crate::values::clock::Stopwatch;
use crate::values::secret_key::SecretKeys;
use crate::web::App;
use crate::web::metrics::metrics::Metrics;

/// Connections to the relay at once. A relay that stalls one letter does not stall the others.
const CONNECTIONS: usize = 8;
/// Between two claims while the queue is empty.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// A letter that has no connection so long after its claim goes back into the queue.
const BEGIN_WITHIN: Duration = Duration::from_secs(10);
/// Sending ends so long after the claim, whatever the relay does: well before the lease does.
const SEND_WITHIN: Duration = Duration::from_secs(150);
/// How long letters whose text is on its way may take when the worker is told to stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(25);

/// Sends what the outbox holds. Any number of workers may run, here and on other machines.
#[derive(Clone, Debug)]
pub struct Worker {
    config: Arc<Config>,
    keys: SecretKeys,
    transport: Transport,
    records: Records,
    connections: Arc<Semaphore>,
    stopping: watch::Sender<bool>,
    metrics: Metrics,
}

/// The letters of one claim.
#[derive(Debug)]
struct Batch {
    claimed: Stopwatch,
    /// Whether the relay was found to take no letters: those that were not begun go back into the queue.
    is_given_up: AtomicBool,
    recorder: Recorder,
}

impl Batch {
    /// Whether letters that have not begun go back into the queue.
    fn is_over(&self) -> bool {
        self.is_given_up.load(Ordering::Relaxed) || self.claimed.elapsed() > BEGIN_WITHIN
    }
}

impl Worker {
    /// A worker of this application, which calls `record_outcome` for letters. Connects to nothing yet.
    ///
    /// # Errors
    /// Says what is wrong with `SMTP_URL`.
    pub fn new(app: &App, record_outcome: RecordOutcome) -> Result<Self, Reply> {
        let App { config, clock, keys, metrics, .. } = app.clone();
        let (transport, db) = (Transport::of(&config)?, app.db.for_background());
        metrics.verdicts().start_at_zero(&SendResult::NAMES);
        let records = Records { db, clock, record_outcome, refused_in_a_row: Arc::default() };
        let (connections, stopping) = (Arc::new(Semaphore::new(CONNECTIONS)), watch::Sender::new(false));
        Ok(Self { config, keys, transport, records, connections, stopping, metrics })
    }

    /// Works until `stop` holds `true` or its sender is gone, then waits for the letters in flight.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let (mut sending, mut outage) = (JoinSet::new(), Outage::of("outbox"));
        let (recording, mut pace) = (Recording::start(self.records.clone()), Pace::new());
        loop {
            let capacity = pace.capacity(sending.len());
            let rest = if self.records.db.serves_requests() { pace.rest() } else { Duration::ZERO };
            let mut pause = POLL_INTERVAL;
            if capacity > 0 && rest > Duration::ZERO {
                pause = rest;
            } else if capacity > 0 {
                let found = outage.record(self.start(&mut sending, capacity, recording.recorder()).await);
                pace.claimed(found == capacity);
                if found < capacity && sending.is_empty() {
                    let transport = self.transport.clone();
                    tokio::spawn(async move { transport.close_idle().await });
                }
                // When as many were due as were asked for, more may be due now.
                pause = if found == capacity { Duration::ZERO } else { POLL_INTERVAL };
            }
            tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => break,
                Some(ended) = sending.join_next() => if let Err(error) = ended {
                    tracing::error!(%error, "sending a letter failed; it is tried again when its lease ends");
                },
                () = sleep(pause) => {}
            }
        }
        self.end(sending, recording).await;
    }

    /// Sends some of the letters that are due and waits for their results. Tells how many left the queue or were put off,
    /// so that it can be repeated until there is nothing to do. While the relay is down it tells zero.
    ///
    /// # Errors
    /// When the outbox cannot be read.
    pub async fn round(&self) -> Result<usize, db::Error> {
        self.records.settle_due().await;
        let (mut sending, recording) = (JoinSet::new(), Recording::start(self.records.clone()));
        let mut done = self.start(&mut sending, LEAST, recording.recorder()).await?;
        while let Some(ended) = sending.join_next().await {
            done -= usize::from(matches!(ended, Ok(SendResult::RelayDown(_))));
        }
        recording.end().await;
        self.transport.close_idle().await;
        Ok(done)
    }

    /// Claims up to `most` letters and begins to send them. Returns how many were due.
    async fn start(
        &self,
        sending: &mut JoinSet<SendResult>,
        most: usize,
        recorder: &Recorder,
    ) -> Result<usize, db::Error> {
        let (ahead, claimed) = (self.records.clock.ahead(), Stopwatch::start());
        let batch = self.records.db.write(move |conn| claim(conn, ahead, most)).await?;
        let Claimed { letters, found, ended, resting } = batch;
        if ended > 0 {
            tracing::warn!(letters = ended, "letters expired, and are not sent");
        }
        if resting > 0 {
            tracing::error!(letters = resting, "letters wait, since every attempt to send them stopped the sender");
        }
        let batch = Arc::new(Batch { claimed, is_given_up: AtomicBool::new(false), recorder: recorder.clone() });
        for letter in letters {
            sending.spawn(self.clone().deliver(letter, Arc::clone(&batch)));
        }
        Ok(found)
    }

    /// Sends one letter, and has the result recorded. No connection to the database is held while it is sent.
    async fn deliver(self, letter: DueLetter, batch: Arc<Batch>) -> SendResult {
        let result = match message(&letter, &self.config, &self.keys) {
            Ok(message) => {
                let Some(result) = self.send(&letter, &message, &batch).await else {
                    self.records.give_back(&letter).await;
                    return SendResult::RelayDown(Reply::new("not tried"));
                };
                result
            }
            Err(reply) => SendResult::Unbuildable(reply),
        };
        if matches!(result, SendResult::RelayDown(_) | SendResult::RelayStops(_)) {
            batch.is_given_up.store(true, Ordering::Relaxed);
        }
        self.metrics.verdicts().count(result.name());
        log(&letter, &result);
        batch.recorder.record(letter, result.clone()).await;
        result
    }

    /// Sends it when there is a connection for it. Nothing when it goes back into the queue: because that took too long, or the
    /// worker stops and its text is not on its way.
    async fn send(&self, letter: &DueLetter, message: &Message, batch: &Batch) -> Option<SendResult> {
        let connection = self.connections.acquire().await;
        if connection.is_err() || batch.is_over() {
            return None;
        }
        let progress = Progress::default();
        let sent = self.transport.send(letter.lease.letter.as_str(), message, &progress);
        let limit = SEND_WITHIN.saturating_sub(batch.claimed.elapsed());
        tokio::select! {
            biased;
            sent = timeout(limit, sent) => {
                Some(sent.unwrap_or_else(|_| SendResult::Later(Reply::new("no answer in time"))))
            }
            () = self.stops_before_text(&progress) => None,
        }
    }

    /// Waits until the worker stops, and for ever when the text of the letter is on its way then.
    async fn stops_before_text(&self, progress: &Progress) {
        // It ends in no other way, since the sender is here.
        let _ = self.stopping.subscribe().wait_for(|is_stopping| *is_stopping).await;
        if progress.has_begun_text() {
            pending::<()>().await;
        }
    }

    async fn end(&self, mut sending: JoinSet<SendResult>, recording: Recording) {
        // Those that wait for a connection go back into the queue, for another worker at once.
        self.connections.close();
        // So do those to which the relay has not said yet that it takes their text, such as one that hangs.
        self.stopping.send_replace(true);
        let ended = timeout(STOP_TIMEOUT, async {
            while sending.join_next().await.is_some() {}
            recording.end().await;
        })
        .await;
        if ended.is_err() {
            tracing::warn!(letters = sending.len(), "letters were given up under way; they are sent again later");
        }
        self.transport.close_idle().await;
    }
}

/// Logs ids and kinds only: an address or a link would stay in the log after it was erased.
fn log(due: &DueLetter, result: &SendResult) {
    let (letter, kind) = (&due.lease.letter, &due.kind);
    match result {
        SendResult::Sent => tracing::info!(%letter, kind, "letter sent"),
        SendResult::Later(_) => tracing::info!(%letter, kind, "letter put off by the relay"),
        SendResult::BadRecipient(_) => tracing::warn!(%letter, kind, "letter refused; its row holds the reply"),
        SendResult::RelayRefuses(reply) => tracing::warn!(%letter, kind, %reply, "letter not taken from us; it waits"),
        SendResult::Unbuildable(reply) => tracing::error!(%letter, kind, %reply, "letter cannot be built; it waits"),
        SendResult::RelayStops(_) | SendResult::RelayDown(_) => tracing::debug!(%letter, kind, "letter kept"),
    }
}
