//! The delivery worker: claims letters that are due, sends them and records the result of each.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::circuit_breaker::{AT_ONCE, CircuitBreaker};
use super::claim::claim;
use super::due_letter::DueLetter;
use super::message::message;
use super::send_result::SendResult;
use super::transport::Transport;
use crate::config::Config;
use crate::db::{self, Db};
use crate::mail::outcome::RecordOutcome;
use crate::mail::reply::Reply;
use crate::values::clock::{Clock, Stopwatch};
use crate::values::secret_key::SecretKeys;
use crate::web::App;

/// Between two claims while the queue is empty.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// How long letters in flight may take when the worker is asked to stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(25);
/// How long the database may be unavailable before a result is given up; the letter is then sent again.
const RECORD_TIMEOUT: Duration = Duration::from_mins(10);

/// Sends what the outbox holds. Any number of workers may run, here and on other machines.
#[derive(Clone, Debug)]
pub struct Worker {
    config: Arc<Config>,
    db: Db,
    clock: Clock,
    keys: SecretKeys,
    transport: Transport,
    record_outcome: RecordOutcome,
}

impl Worker {
    /// A worker of this application, which calls `record_outcome` for each letter. Connects to nothing yet.
    ///
    /// # Errors
    /// Says what is wrong with `SMTP_URL`.
    pub fn new(app: &App, record_outcome: RecordOutcome) -> Result<Self, Reply> {
        let App { config, clock, keys, .. } = app.clone();
        let transport = Transport::of(&config)?;
        Ok(Self { config, db: app.db.for_background(), clock, keys, transport, record_outcome })
    }

    /// Works until `stop` holds `true` or its sender is gone, then waits for the letters in flight.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let (mut sending, mut breaker, mut outage) = (JoinSet::new(), CircuitBreaker::default(), Outage::default());
        loop {
            let capacity = breaker.capacity(sending.len());
            let found = outage.record(self.start(&mut sending, capacity).await);
            if found < capacity && sending.is_empty() {
                self.transport.close_idle().await;
            }
            // When as many were due as were asked for, more may be due now.
            let pause = if capacity > 0 && found == capacity { Duration::ZERO } else { POLL_INTERVAL };
            tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => break,
                Some(ended) = sending.join_next() => breaker.record(ended),
                () = sleep(pause) => {}
            }
        }
        self.end(sending).await;
    }

    /// Sends some of the letters that are due and waits for their results. Returns how many left the queue or were
    /// deferred, so that it can be repeated until there is nothing to do. While the relay is down it returns zero.
    ///
    /// # Errors
    /// When the outbox cannot be read.
    pub async fn round(&self) -> Result<usize, db::Error> {
        let (mut sending, mut breaker) = (JoinSet::new(), CircuitBreaker::default());
        let mut done = self.start(&mut sending, AT_ONCE).await?;
        while let Some(ended) = sending.join_next().await {
            done -= usize::from(matches!(ended, Ok(SendResult::RelayDown(_))));
            breaker.record(ended);
        }
        self.transport.close_idle().await;
        Ok(done)
    }

    /// Claims up to `most` letters and begins to send them. Returns how many were due.
    async fn start(&self, sending: &mut JoinSet<SendResult>, most: usize) -> Result<usize, db::Error> {
        if most == 0 {
            return Ok(0);
        }
        let now = self.clock.now();
        let claimed = self.db.write(move |conn| claim(conn, now, most)).await?;
        if claimed.ended > 0 {
            tracing::warn!(letters = claimed.ended, "letters expired or failed too often, and are not sent");
        }
        let found = claimed.letters.len() + claimed.ended;
        for letter in claimed.letters {
            sending.spawn(self.clone().deliver(letter));
        }
        Ok(found)
    }

    /// Sends one letter and records the result. No connection to the database is held while it is sent.
    async fn deliver(self, letter: DueLetter) -> SendResult {
        let result = match message(&letter, &self.config, &self.keys) {
            Ok(message) => self.transport.send(letter.lease.letter.as_str(), &message).await,
            Err(reply) => SendResult::Refused(reply),
        };
        log(&letter, &result);
        self.record(&letter, &result).await;
        result
    }

    /// Records the result. While the database is unavailable it tries again for minutes, because a sent letter whose
    /// result is lost is sent twice.
    async fn record(&self, due: &DueLetter, result: &SendResult) {
        let (watch, letter, record_outcome) = (Stopwatch::start(), &due.lease.letter, self.record_outcome);
        loop {
            let (due, result, now) = (due.clone(), result.clone(), self.clock.now());
            let record = move |conn: &mut _| {
                let lease_holds = due.lease.record(conn, now, &result)?;
                if let (true, Some(outcome)) = (lease_holds, due.outcome(&result)) {
                    record_outcome(conn, now, &outcome)?;
                }
                Ok(lease_holds)
            };
            match self.db.write(record).await {
                Ok(true) => return,
                Ok(false) => return tracing::warn!(%letter, "the lease was lost; another worker records the result"),
                Err(error) if matches!(error, db::Error::Query(_)) || watch.elapsed() > RECORD_TIMEOUT => {
                    return tracing::error!(%letter, error = &error as &dyn std::error::Error, "the result of sending a letter could not be recorded");
                }
                Err(_) => sleep(POLL_INTERVAL).await,
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
        SendResult::Deferred(_) => tracing::info!(%letter, kind, "letter put off by the relay"),
        SendResult::Refused(_) => tracing::warn!(%letter, kind, "letter refused; its row holds the reply"),
        SendResult::RelayDown(_) => tracing::debug!(%letter, kind, "letter kept"),
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
