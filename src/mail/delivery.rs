//! The worker: takes letters that are due from the outbox, sends them and records what became of each.

use std::sync::Arc;
use std::time::Duration;

use diesel::pg::PgConnection;
use diesel::result::QueryResult;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{sleep, timeout};

use super::lease::{Lease, Reply};
use super::outbox::{self, DueLetter};
use super::outcome::{RecordOutcome, Settled};
use super::transport::{self, Transport, Verdict};
use crate::config::Config;
use crate::db::{self, Db};
use crate::values::clock::{Clock, Stopwatch, Timestamp};
use crate::values::secret_key::SecretKeys;

/// Letters under way at once. No more are taken than are sent right away, so that no lease runs out in a queue and a
/// relay that keeps one letter hanging leaves the others their way.
const AT_ONCE: usize = 4;
/// Between two looks at an empty queue.
const POLL: Duration = Duration::from_secs(1);
/// How long a relay that is down is left alone: at first, and at most.
const PAUSES: [Duration; 2] = [Duration::from_secs(5), Duration::from_mins(1)];
/// How long letters under way may take when the worker is told to stop.
const ENDING: Duration = Duration::from_secs(25);
/// How long the database may be away before a verdict is given up, and the letter may be sent again.
const RECORDING: Duration = Duration::from_mins(10);

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
    /// A worker on the application's parts, which tells `record_outcome` of each letter. Connects to nothing yet.
    ///
    /// # Errors
    /// Says what is wrong with `SMTP_URL`.
    pub fn new(
        config: Arc<Config>,
        db: &Db,
        (clock, keys): (Clock, SecretKeys),
        record_outcome: RecordOutcome,
    ) -> Result<Self, Reply> {
        let transport = Transport::of(&config)?;
        Ok(Self { config, db: db.for_background(), clock, keys, transport, record_outcome })
    }

    /// Works until `stop` holds `true` or its sender is gone, then ends the letters under way.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let (mut sending, mut breaker, mut outage) = (JoinSet::new(), Breaker::default(), Outage::default());
        loop {
            let room = breaker.room(sending.len());
            let found = outage.note(self.start(&mut sending, room).await);
            if found < room && sending.is_empty() {
                self.transport.rest().await;
            }
            // As many as were asked for: there may be more at once.
            let pause = if room > 0 && found == room { Duration::ZERO } else { POLL };
            tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => break,
                Some(ended) = sending.join_next() => breaker.learn(ended),
                () = sleep(pause) => {}
            }
        }
        self.end(sending).await;
    }

    /// Sends some of the letters that are due and waits for their verdicts. Tells how many left the queue or were put
    /// off, so that it can be repeated until there is nothing to do; none did when the relay is down.
    ///
    /// # Errors
    /// When the outbox cannot be read.
    pub async fn round(&self) -> Result<usize, db::Error> {
        let (mut sending, mut breaker) = (JoinSet::new(), Breaker::default());
        let mut settled = self.start(&mut sending, AT_ONCE).await?;
        while let Some(ended) = sending.join_next().await {
            settled -= usize::from(matches!(ended, Ok(Verdict::RelayDown(_))));
            breaker.learn(ended);
        }
        self.transport.rest().await;
        Ok(settled)
    }

    /// Takes up to `room` letters and begins to send them. Tells how many were due.
    async fn start(&self, sending: &mut JoinSet<Verdict>, room: usize) -> Result<usize, db::Error> {
        if room == 0 {
            return Ok(0);
        }
        let now = self.clock.now();
        let claimed = self.db.write(move |conn| outbox::claim(conn, now, room)).await?;
        if claimed.ended > 0 {
            tracing::warn!(letters = claimed.ended, "letters expired or failed too often, and are not sent");
        }
        let found = claimed.letters.len() + claimed.ended;
        for letter in claimed.letters {
            sending.spawn(self.clone().deliver(letter));
        }
        Ok(found)
    }

    /// One letter, from its row to its verdict. No connection to the database is held while it is sent.
    async fn deliver(self, letter: DueLetter) -> Verdict {
        let verdict = match transport::message(&letter, &self.config, &self.keys) {
            Ok(message) => self.transport.send(letter.lease.letter.as_str(), &message).await,
            Err(reply) => Verdict::Refused(reply),
        };
        log(&letter, &verdict);
        self.record(&letter, &verdict).await;
        verdict
    }

    /// A sent letter whose row does not learn of it is sent twice: so this is tried for long.
    async fn record(&self, due: &DueLetter, verdict: &Verdict) {
        let (watch, letter, record_outcome) = (Stopwatch::start(), &due.lease.letter, self.record_outcome);
        loop {
            let (due, verdict, now) = (due.clone(), verdict.clone(), self.clock.now());
            match self.db.write(move |conn| settle(conn, now, (&due, &verdict), record_outcome)).await {
                Ok(true) => return,
                Ok(false) => return tracing::warn!(%letter, "the lease was lost; another worker's verdict counts"),
                Err(error) if matches!(error, db::Error::Query(_)) || watch.elapsed() > RECORDING => {
                    return tracing::error!(%letter, error = &error as &dyn std::error::Error, "a verdict was lost");
                }
                Err(_) => sleep(POLL).await,
            }
        }
    }

    async fn end(&self, mut sending: JoinSet<Verdict>) {
        let ended = timeout(ENDING, async { while sending.join_next().await.is_some() {} }).await;
        if ended.is_err() {
            tracing::warn!(letters = sending.len(), "letters were given up under way; they are sent again later");
        }
        self.transport.rest().await;
    }
}

fn settle(
    conn: &mut PgConnection,
    now: Timestamp,
    (DueLetter { lease, kind, recipient, .. }, verdict): (&DueLetter, &Verdict),
    record_outcome: RecordOutcome,
) -> QueryResult<bool> {
    let (is_ours, was_sent) = match verdict {
        Verdict::Sent => (lease.sent(conn, now)?, Some(true)),
        Verdict::TryAgain(reply) => (lease.retry(conn, now, reply)?, None),
        Verdict::Refused(reply) => (lease.dead(conn, reply)?, Some(false)),
        Verdict::RelayDown(_) => (lease.release(conn, now)?, None),
    };
    if let (true, Some(was_sent)) = (is_ours, was_sent) {
        record_outcome(conn, now, &Settled { letter: &lease.letter, kind, recipient, was_sent })?;
    }
    Ok(is_ours)
}

/// Ids and kinds only: an address or a link in a log outlives both.
fn log(DueLetter { lease: Lease { letter, .. }, kind, .. }: &DueLetter, verdict: &Verdict) {
    match verdict {
        Verdict::Sent => tracing::info!(%letter, kind, "letter sent"),
        Verdict::TryAgain(_) => tracing::info!(%letter, kind, "letter put off by the relay"),
        Verdict::Refused(_) => tracing::warn!(%letter, kind, "letter refused; its row holds the reply"),
        Verdict::RelayDown(_) => tracing::debug!(%letter, kind, "letter kept"),
    }
}

/// Leaves a relay alone that is down, longer each time, and then tries it with one letter.
#[derive(Debug, Default)]
struct Breaker(Option<Pause>);

#[derive(Debug)]
struct Pause {
    lasts: Duration,
    since: Stopwatch,
    probing: bool,
}

impl Breaker {
    /// How many more letters may be taken while so many are under way.
    fn room(&mut self, under_way: usize) -> usize {
        match &mut self.0 {
            None => AT_ONCE.saturating_sub(under_way),
            Some(pause) if under_way == 0 && pause.since.elapsed() >= pause.lasts => {
                pause.probing = true;
                1
            }
            Some(_) => 0,
        }
    }

    fn learn(&mut self, ended: Result<Verdict, JoinError>) {
        match ended {
            Ok(Verdict::RelayDown(reason)) => self.open(&reason),
            Ok(_) => self.close(),
            Err(error) => tracing::error!(%error, "sending a letter failed; it is tried again when its lease ends"),
        }
    }

    /// Letters that were under way when the relay went down tell nothing new; the probe does.
    fn open(&mut self, reason: &Reply) {
        let [first, most] = PAUSES;
        match &mut self.0 {
            None => {
                tracing::warn!(%reason, "the mail relay is down; letters wait");
                self.0 = Some(Pause { lasts: first, since: Stopwatch::start(), probing: false });
            }
            Some(pause) if pause.probing => {
                *pause = Pause { lasts: most.min(pause.lasts * 2), since: Stopwatch::start(), probing: false };
            }
            Some(_) => {}
        }
    }

    fn close(&mut self) {
        if self.0.take().is_some() {
            tracing::info!("the mail relay is back");
        }
    }
}

/// Whether the database was away when last asked, so that it is told once.
#[derive(Debug, Default)]
struct Outage(bool);

impl Outage {
    /// How many letters were found; none while the database is away.
    fn note(&mut self, found: Result<usize, db::Error>) -> usize {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn down() -> Result<Verdict, JoinError> {
        Ok(Verdict::RelayDown(Reply::new("421 closing")))
    }

    fn pause(breaker: &mut Breaker) -> &mut Pause {
        breaker.0.as_mut().unwrap()
    }

    #[test]
    fn a_relay_that_is_down_is_left_alone_and_then_tried_with_one_letter() {
        let mut breaker = Breaker::default();
        assert_eq!(breaker.room(1), AT_ONCE - 1);
        breaker.learn(down());
        breaker.learn(down());
        assert_eq!(pause(&mut breaker).lasts, PAUSES[0], "those under way count once");
        assert_eq!(breaker.room(0), 0);
        pause(&mut breaker).lasts = Duration::ZERO;
        assert_eq!(breaker.room(2), 0);
        assert_eq!(breaker.room(0), 1);
    }

    #[test]
    fn pauses_grow_up_to_a_minute_and_end_with_the_first_answer() {
        let mut breaker = Breaker::default();
        breaker.learn(down());
        for seconds in [10, 20, 40, 60, 60] {
            pause(&mut breaker).probing = true;
            breaker.learn(down());
            assert_eq!(pause(&mut breaker).lasts, Duration::from_secs(seconds));
        }
        breaker.learn(Ok(Verdict::TryAgain(Reply::new("451 later"))));
        assert_eq!(breaker.room(0), AT_ONCE);
    }
}
