//! The delivery worker: claims what is due, sends it endpoint by endpoint, and records the answers.

use std::mem::take;
use std::sync::Arc;
use std::time::Duration;

use diesel::pg::PgConnection;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::answer::{Answer, Problem};
use super::claim::{Batch, Due, Pace, claim, deliver_joins};
use super::client::{Client, Signed};
use super::record::{Attempt, Lease};
use crate::db::work_queue::{Outage, record_within_lease};
use crate::db::{self, Db};
use crate::values::clock::{Clock, Stopwatch};
use crate::values::id::WebhookId;
use crate::values::secret_key::SecretKeys;
use crate::web::App;
use crate::web::metrics::metrics::Metrics;
use crate::webhook::endpoint::Endpoint;
use crate::webhook::signing_secret::Unsigned;
use crate::webhook::switch_off::{self, FindReaders, Readers};

/// Calls to one endpoint at once, of this process. Each endpoint has its own, so that a slow one holds up no other.
const AT_ONCE: usize = 4;
/// How long an answer waits for the next one, to be recorded with it: that of an endpoint which is quick waits for its whole batch.
const GATHERED: Duration = Duration::from_millis(50);
/// Between two batches for one endpoint: at most some 150 calls a second to each.
const REST: Duration = Duration::from_millis(100);
/// The same while requests use the database: some 15 calls a second. Telling of a rush of joins leaves the machine, and the
/// endpoint's, to those who join.
const REST_BESIDE_REQUESTS: Duration = Duration::from_secs(1);
/// Between two claims while nothing is due.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// How long calls under way may take when the worker is told to stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(20);

/// Sends what is due to the endpoints. Any number of workers may run, here and on other machines.
#[derive(Clone, Debug)]
pub struct Worker {
    db: Db,
    clock: Clock,
    keys: SecretKeys,
    metrics: Metrics,
    client: Client,
    readers: Readers,
}

impl Worker {
    /// A worker of this application. Connects to nothing yet.
    #[must_use]
    pub fn new(app: &App, client: Client, find_readers: FindReaders) -> Self {
        let App { clock, keys, metrics, .. } = app.clone();
        let readers = Readers { find: find_readers, locale: app.config.default_locale };
        Self { db: app.db.for_background(), clock, keys, metrics, client, readers }
    }

    /// Works until `stop` holds `true` or its sender is gone, then waits for the calls under way.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let (mut sending, mut busy) = (JoinSet::new(), Vec::new());
        let (mut joins_outage, mut outage) =
            (Outage::of_writing("deliveries of joins to webhooks"), Outage::of("queue of webhooks"));
        loop {
            let delivered = self.metrics.jobs().run("webhook_joins", &self.clock, self.deliver_joins());
            joins_outage.record(delivered.await);
            for batch in outage.record(self.claim(&busy).await) {
                busy.push(batch.endpoint.id.clone());
                sending.spawn(self.clone().deliver_and_rest(batch, stop.clone()));
            }
            tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => break,
                // It may have more that is due.
                Some(ended) = sending.join_next() => match ended {
                    Ok(endpoint) => busy.retain(|id| *id != endpoint),
                    Err(error) => {
                        tracing::error!(%error, "calling an endpoint failed; it is tried again when its lease ends");
                        busy.clear();
                    }
                },
                () = sleep(POLL_INTERVAL) => {}
            }
        }
        if timeout(STOP_TIMEOUT, async { while sending.join_next().await.is_some() {} }).await.is_err() {
            tracing::warn!("calls of webhooks were given up under way; they are made again later");
        }
    }

    /// Sends what is due, at most a batch for each endpoint, and waits for it; returns how many deliveries there were, so that
    /// it can be repeated until there is nothing to do.
    ///
    /// # Errors
    /// When the queue cannot be read.
    pub async fn round(&self) -> Result<usize, db::Error> {
        let (_running, stop) = watch::channel(false);
        self.deliver_joins().await?;
        let batches = self.claim(&[]).await?;
        let count = batches.iter().map(|batch| batch.deliveries.len()).sum();
        let sending: JoinSet<_> = batches.into_iter().map(|batch| self.clone().deliver(batch, stop.clone())).collect();
        sending.join_all().await;
        Ok(count)
    }

    /// Makes deliveries of places that joined. Apart from the claim, so that a place that is locked holds up no other delivery.
    async fn deliver_joins(&self) -> Result<(), db::Error> {
        let pace = if self.db.serves_requests() { Pace::BesideRequests } else { Pace::Full };
        // One statement, which is a transaction by itself; done twice it makes more of them.
        self.db.read(move |conn| deliver_joins(conn, pace)).await
    }

    async fn claim(&self, busy: &[WebhookId]) -> Result<Vec<Batch>, db::Error> {
        let (ahead, busy) = (self.clock.ahead(), busy.to_vec());
        self.db.write(move |conn| claim(conn, ahead, &busy)).await
    }

    async fn deliver_and_rest(self, batch: Batch, stop: watch::Receiver<bool>) -> WebhookId {
        let db = self.db.clone();
        let served = db.serves_requests();
        let endpoint = self.deliver(batch, stop).await;
        sleep(if served || db.serves_requests() { REST_BESIDE_REQUESTS } else { REST }).await;
        endpoint
    }

    /// Sends a batch, a few calls at a time, and has the answers recorded. No connection to the database is held meanwhile.
    async fn deliver(self, batch: Batch, stop: watch::Receiver<bool>) -> WebhookId {
        let Batch { endpoint, deliveries, token } = batch;
        let (endpoint, claimed) = (Arc::new(endpoint), deliveries.len());
        let lease = Lease { endpoint: endpoint.id.clone(), token, since: Stopwatch::start() };
        let (mut deliveries, mut made, mut recorded) = (deliveries.into_iter().peekable(), Vec::new(), 0);
        // Once it asks to stop, nothing is sent to it before that is recorded either.
        let mut is_over = false;
        while deliveries.peek().is_some() && !is_over && !*stop.borrow() {
            let mut calls = self.call(&endpoint, &lease, deliveries.by_ref().take(AT_ONCE).collect()).await;
            loop {
                match timeout(GATHERED, calls.join_next()).await {
                    Ok(Some(Ok(attempt))) => {
                        is_over |= attempt.answer.asks_to_stop();
                        made.push(attempt);
                    }
                    // What came of one whose task failed nobody knows: it is due when the lease ends.
                    Ok(Some(Err(_))) => {}
                    Ok(None) => break,
                    Err(_) => recorded += self.record(&lease, &endpoint, take(&mut made)).await,
                }
            }
        }
        recorded += self.record(&lease, &endpoint, made).await;
        if recorded < claimed {
            let left = lease.clone();
            // Where this fails, they are due when the lease ends.
            let _ = self.db.write(move |conn| left.release(conn)).await;
        }
        endpoint.id.clone()
    }

    /// Sends these at once, if they may still be sent, signed as the endpoint asks by now. Each is a task, so that it goes on
    /// while answers are recorded.
    async fn call(&self, endpoint: &Arc<Endpoint>, lease: &Lease, deliveries: Vec<Due>) -> JoinSet<Attempt> {
        let (lease, ids) = (lease.clone(), deliveries.iter().map(|due| due.id).collect::<Vec<_>>());
        // While the database is away nobody knows whether they may be sent.
        let held = self.db.read(move |conn| lease.held(conn, &ids)).await.unwrap_or_default();
        let Some(first) = held.first() else { return JoinSet::new() };
        let endpoint = Arc::new(endpoint.with_secrets(&first.secrets));
        let held = deliveries.into_iter().filter_map(|due| {
            let held = held.iter().find(|held| held.id == due.id)?;
            Some(if held.with_address { due } else { due.without_address() })
        });
        held.map(|due| self.clone().attempt(Arc::clone(&endpoint), due)).collect()
    }

    /// Sends one.
    async fn attempt(self, endpoint: Arc<Endpoint>, due: Due) -> Attempt {
        let (now, body) = (self.clock.now(), due.body());
        let answer = match endpoint.sign(&self.keys, now, Unsigned { id: &due.message_id, body: &body }) {
            Some(signature) => {
                self.client.post(&endpoint.url, &Signed { id: &due.message_id, at: now, signature, body }).await
            }
            None => Answer { problem: Some(Problem::Secret), ..Answer::default() },
        };
        self.metrics.webhooks().count(answer.name());
        tracing::debug!(endpoint = %endpoint.id, delivery = due.id, status = answer.status, "endpoint called");
        Attempt { delivery: due.id, attempts: due.attempts, had_address: due.has_address(), answer }
    }

    /// Records answers; returns how many there were.
    async fn record(&self, lease: &Lease, endpoint: &Arc<Endpoint>, attempts: Vec<Attempt>) -> usize {
        let count = attempts.len();
        if count == 0 {
            return 0;
        }
        let (clock, readers) = (self.clock.clone(), self.readers);
        let (held, endpoint, attempts) = (lease.clone(), Arc::clone(endpoint), Arc::new(attempts));
        // The time is asked at each try: the database may have been away for long.
        let record = move |conn: &mut PgConnection| {
            if held.record(conn, clock.ahead(), &attempts)? {
                switch_off::tell(conn, clock.now(), &endpoint, &readers)?;
            }
            Ok(())
        };
        if let Err(error) = record_within_lease(&self.db, lease.since, record).await {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "answers of an endpoint were lost; its deliveries are sent again");
        }
        count
    }
}
