//! The delivery worker: claims letters that are due, sends them and records the result of each.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::circuit_breaker::{Change, RefusedInARow};
use super::claim::{Claimed, claim};
use super::due_letter::DueLetter;
use super::lease::LASTS;
use super::message::message;
use super::send_result::SendResult;
use super::settlement;
use super::transport::Transport;
use crate::config::Config;
use crate::db::{self, Db};
use crate::mail::outcome::RecordOutcome;
use crate::mail::reply::Reply;
use crate::values::clock::{Clock, Stopwatch};
use crate::values::id::LetterId;
use crate::values::secret_key::SecretKeys;
use crate::web::App;

/// Letters in flight at once. No more are claimed than are sent right away, so that no lease runs out while its letter
/// waits, and a relay that stalls one letter does not stall the others.
const AT_ONCE: usize = 4;
/// Between two claims while the queue is empty.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// Between two looks for outcomes that failed before.
const SETTLE_INTERVAL: Duration = Duration::from_secs(10);
/// Sending ends so long after the claim, whatever the relay does: well before the lease does.
const SEND_WITHIN: Duration = Duration::from_secs(150);
/// How long letters in flight may take when the worker is told to stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(25);

/// Sends what the outbox holds. Any number of workers may run, here and on other machines.
#[derive(Clone, Debug)]
pub struct Worker {
    config: Arc<Config>,
    db: Db,
    clock: Clock,
    keys: SecretKeys,
    transport: Transport,
    record_outcome: RecordOutcome,
    refused_in_a_row: Arc<Mutex<RefusedInARow>>,
}

impl Worker {
    /// A worker of this application, which calls `record_outcome` for each letter. Connects to nothing yet.
    ///
    /// # Errors
    /// Says what is wrong with `SMTP_URL`.
    pub fn new(app: &App, record_outcome: RecordOutcome) -> Result<Self, Reply> {
        let App { config, clock, keys, .. } = app.clone();
        let (transport, db) = (Transport::of(&config)?, app.db.for_background());
        Ok(Self { config, db, clock, keys, transport, record_outcome, refused_in_a_row: Arc::default() })
    }

    /// Works until `stop` holds `true` or its sender is gone, then waits for the letters in flight.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let (mut sending, mut outage, mut settled) = (JoinSet::new(), Outage::default(), Stopwatch::start());
        loop {
            let capacity = AT_ONCE.saturating_sub(sending.len());
            let found = outage.record(self.start(&mut sending, capacity).await);
            if found < capacity && sending.is_empty() {
                self.transport.close_idle().await;
            }
            if settled.elapsed() > SETTLE_INTERVAL {
                settled = Stopwatch::start();
                self.settle_due().await;
            }
            // When as many were due as were asked for, more may be due now.
            let pause = if capacity > 0 && found == capacity { Duration::ZERO } else { POLL_INTERVAL };
            tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => break,
                Some(ended) = sending.join_next() => if let Err(error) = ended {
                    tracing::error!(%error, "sending a letter failed; it is tried again when its lease ends");
                },
                () = sleep(pause) => {}
            }
        }
        self.end(sending).await;
    }

    /// Sends some of the letters that are due and waits for their results. Tells how many left the queue or were put off,
    /// so that it can be repeated until there is nothing to do. While the relay is down it tells zero.
    ///
    /// # Errors
    /// When the outbox cannot be read.
    pub async fn round(&self) -> Result<usize, db::Error> {
        self.settle_due().await;
        let mut sending = JoinSet::new();
        let mut done = self.start(&mut sending, AT_ONCE).await?;
        while let Some(ended) = sending.join_next().await {
            done -= usize::from(matches!(ended, Ok(SendResult::RelayDown(_))));
        }
        self.transport.close_idle().await;
        Ok(done)
    }

    /// Claims up to `most` letters and begins to send them. Returns how many were due.
    async fn start(&self, sending: &mut JoinSet<SendResult>, most: usize) -> Result<usize, db::Error> {
        if most == 0 {
            return Ok(0);
        }
        let (ahead, watch) = (self.clock.ahead(), Stopwatch::start());
        let Claimed { letters, found, ended, resting } = self.db.write(move |conn| claim(conn, ahead, most)).await?;
        if ended > 0 {
            tracing::warn!(letters = ended, "letters expired, and are not sent");
        }
        if resting > 0 {
            tracing::error!(letters = resting, "letters wait, since every attempt to send them stopped the sender");
        }
        for letter in letters {
            sending.spawn(self.clone().deliver(letter, watch));
        }
        Ok(found)
    }

    /// Sends one letter, which was claimed that long ago, and records the result. No connection to the database is held while
    /// it is sent.
    async fn deliver(self, letter: DueLetter, claimed: Stopwatch) -> SendResult {
        let result = match message(&letter, &self.config, &self.keys) {
            Ok(message) => {
                let sent = self.transport.send(letter.lease.letter.as_str(), &message);
                let limit = SEND_WITHIN.saturating_sub(claimed.elapsed());
                timeout(limit, sent).await.unwrap_or_else(|_| SendResult::Later(Reply::new("no answer in time")))
            }
            Err(reply) => SendResult::Unbuildable(reply),
        };
        log(&letter, &result);
        let is_recorded = self.record(&letter, &result).await;
        self.change_breaker(&letter, &result).await;
        if is_recorded && matches!(result, SendResult::Sent | SendResult::BadRecipient(_)) {
            self.settle(&letter.lease.letter).await;
        }
        result
    }

    /// Records the result, and tries that as long as no other worker has taken the letter over: a sent letter whose result is
    /// lost is sent twice. Tells whether it was recorded.
    async fn record(&self, due: &DueLetter, result: &SendResult) -> bool {
        let (watch, letter, ahead) = (Stopwatch::start(), &due.lease.letter, self.clock.ahead());
        let lease_lasts = LASTS.to_std().unwrap_or_default();
        loop {
            let (lease, result) = (due.lease.clone(), result.clone());
            match self.db.write(move |conn| lease.record(conn, ahead, &result)).await {
                Ok(true) => return true,
                Ok(false) => {
                    tracing::warn!(%letter, "the lease was lost; another worker's verdict counts");
                    return false;
                }
                Err(error @ db::Error::Query(_)) if watch.elapsed() > lease_lasts => {
                    tracing::error!(%letter, error = &error as &dyn std::error::Error, "a verdict was lost");
                    return false;
                }
                Err(_) => sleep(POLL_INTERVAL).await,
            }
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

    /// Does what follows from a letter's verdict; tells whether that succeeded.
    async fn settle(&self, letter: &LetterId) -> bool {
        let (now, of, record_outcome) = (self.clock.now(), letter.clone(), self.record_outcome);
        let settled = self.db.write(move |conn| settlement::settle(conn, now, &of, record_outcome)).await;
        if let Err(error) = &settled {
            let error = error as &dyn std::error::Error;
            tracing::error!(%letter, error, "what follows from a verdict failed; it is tried again");
        }
        settled.is_ok()
    }

    /// Does what failed before.
    async fn settle_due(&self) {
        let ahead = self.clock.ahead();
        let Ok(letters) = self.db.read(move |conn| settlement::due(conn, ahead)).await else { return };
        for letter in letters {
            if !self.settle(&letter).await {
                // Where this fails as well, the letter is simply due again.
                let _ = self.db.write(move |conn| settlement::put_off(conn, ahead, &letter)).await;
            }
        }
    }

    async fn end(&self, mut sending: JoinSet<SendResult>) {
        let ended = timeout(STOP_TIMEOUT, async { while sending.join_next().await.is_some() {} }).await;
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

/// Whether the database was unavailable at the last claim, so that an outage is logged once.
#[derive(Debug, Default)]
struct Outage(bool);

impl Outage {
    /// How many letters were found; none while the database is unavailable.
    fn record(&mut self, found: Result<usize, db::Error>) -> usize {
        let away = found.is_err();
        match &found {
            Err(error) if !self.0 => {
                tracing::warn!(error = error as &dyn std::error::Error, "the outbox cannot be read; letters wait");
            }
            Ok(_) if self.0 => tracing::info!("the outbox can be read again"),
            _ => {}
        }
        self.0 = away;
        found.unwrap_or_default()
    }
}
