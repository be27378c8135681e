//! The queue of joins: those that arrive while a transaction runs are written together by the next one.

use std::sync::Arc;
use std::time::Duration;

use super::arrival::{Arrival, Outcome};
use super::held_addresses::HeldAddresses;
use super::{Joined, NewEntry};
use crate::db;
use crate::db::batch::write_queue::{Answer, Waiting, WriteQueue};
use crate::db::sliding_window::{self, Full};
use crate::values::clock::Stopwatch;
use crate::values::email_address::EmailAddress;
use crate::web::protection::limits::Count;
use crate::web::{App, Error, Submission};

/// A batch that failed after so long has waited for something, such as a lock.
const LONG: Duration = Duration::from_secs(1);
/// Of those who waited so long together, so many alone wait once more: then it is no single entry that all wait for.
const MOST_LONG: usize = 2;
const LOCKED: &str = "a lock on this address was not free in time (SQLSTATE 55P03)";

/// Where joins wait for their turn. Clones share it.
#[derive(Clone, Debug)]
pub struct JoinQueue {
    queue: WriteQueue<Arrival, Outcome>,
    held: Arc<HeldAddresses>,
}

impl JoinQueue {
    /// Starts the tasks that write them.
    #[must_use]
    pub fn start(app: &App) -> Self {
        let held = Arc::<HeldAddresses>::default();
        let (app, shared) = (app.clone(), Arc::clone(&held));
        let write = move |batch| write_together(app.clone(), Arc::clone(&shared), batch);
        Self { queue: WriteQueue::start(db::Queue::Joins, write), held }
    }

    /// Counts the request, makes the entry and queues its letter, in one transaction; waits until that is committed.
    ///
    /// # Errors
    /// When it is one too many, too many wait, or the database is unavailable.
    pub(in crate::waitlist::joining) async fn join(
        &self,
        app: &App,
        mut entry: NewEntry,
        count: &Count,
    ) -> Result<Joined, Error> {
        // The connection may be lost after the database has committed: whoever is tried again must know its own entry.
        if entry.submission.id().is_none() {
            entry.submission = Submission::unique(&app.keys, entry.at);
        }
        if self.held.has(&entry.email) {
            return Err(db::Error::Failing(LOCKED).into());
        }
        let (window, signals) = (app.limits.window(count)?, entry.signals.clone());
        match self.queue.write(Arrival { entry, window }).await? {
            Outcome::Joined(joined) => {
                for signal in signals {
                    app.abuse_counters.count(signal);
                }
                Ok(joined)
            }
            Outcome::Limited(full) => Err(app.limits.refuse(count, full)),
        }
    }

    /// Waits until everyone who waits is answered, when no new ones can come.
    pub async fn drain(&self) {
        self.queue.drain().await;
    }
}

/// Writes a batch in one transaction, and answers whoever is simply new. The others join alone, and so does everyone when
/// the transaction fails: what is wrong with one of them harms nobody else.
async fn write_together(app: App, held: Arc<HeldAddresses>, batch: Vec<Waiting<Arrival, Outcome>>) {
    let (arrivals, answers): (Vec<_>, Vec<_>) = batch.into_iter().map(|waiting| (waiting.item, waiting.answer)).unzip();
    let (now, keys, arrivals) = (app.clock.now(), app.keys.clone(), Arc::new(arrivals));
    let (shared, watch, before) = (Arc::clone(&arrivals), Stopwatch::start(), held.writes());
    let written = app.db.write(move |conn| Arrival::write_all(conn, now, &keys, &shared)).await;
    let mut all = arrivals.iter().zip(answers);
    match written {
        Ok(outcomes) => {
            held.count_write();
            all.zip(outcomes).for_each(|((arrival, answer), outcome)| match outcome {
                Some(outcome) => answer.send(Ok(outcome)),
                None => answer_alone(&app, Arrival { window: None, ..arrival.clone() }, answer),
            });
        }
        // Nothing was tried, and none of them alone would have more luck.
        Err(db::Error::Busy(queue)) => all.for_each(|(_, answer)| answer.send(Err(db::Error::Busy(queue)))),
        Err(error @ (db::Error::Unavailable(_) | db::Error::Failing(_))) if watch.elapsed() >= LONG => {
            let all = all.map(|(arrival, answer)| (arrival.clone(), answer)).collect();
            let waited_alone = answer_in_turn(&app, &held, all, &error).await;
            // Where others were written meanwhile, it is no lock of the whole list.
            if held.writes() != before {
                held.note(waited_alone);
            }
        }
        Err(error) if arrivals.len() == 1 => {
            if let Some((arrival, answer)) = all.next() {
                answer_failed(&app, arrival.clone(), answer, error);
            }
        }
        Err(_) => all.for_each(|(arrival, answer)| answer_alone(&app, arrival.clone(), answer)),
    }
}

/// One after the other, on the connection of the batch: all at once would take every connection that other requests need.
/// Returns the addresses that waited so long by themselves.
async fn answer_in_turn(
    app: &App,
    held: &HeldAddresses,
    all: Vec<(Arrival, Answer<Outcome>)>,
    error: &db::Error,
) -> Vec<EmailAddress> {
    let is_alone = all.len() == 1;
    let mut waited = Vec::new();
    for (arrival, answer) in all {
        let email = arrival.entry.email.clone();
        if is_alone || waited.contains(&email) || waited.len() >= MOST_LONG {
            waited.extend(is_alone.then_some(email));
            answer.send(Err(match error {
                db::Error::Failing(cause) => db::Error::Failing(cause),
                error => db::Error::Unavailable(error.to_string()),
            }));
            continue;
        }
        let watch = Stopwatch::start();
        let outcome = join_alone(app, arrival).await;
        match &outcome {
            Ok(_) => held.count_write(),
            Err(_) => waited.extend((watch.elapsed() >= LONG).then_some(email)),
        }
        answer.send(outcome);
    }
    waited
}

/// Beside the queue, so that nobody else waits.
fn answer_alone(app: &App, arrival: Arrival, answer: Answer<Outcome>) {
    let app = app.clone();
    tokio::spawn(async move { answer.send(join_alone(&app, arrival).await) });
}

/// One that was alone is not tried again. A fault of ours took its hit back, and is counted all the same.
fn answer_failed(app: &App, arrival: Arrival, answer: Answer<Outcome>, error: db::Error) {
    let app = app.clone();
    tokio::spawn(async move {
        let full = if matches!(error, db::Error::Query(_)) { count(&app, &arrival).await } else { Ok(None) };
        answer.send(full.ok().flatten().map_or(Err(error), |full| Ok(Outcome::Limited(full))));
    });
}

async fn join_alone(app: &App, arrival: Arrival) -> Result<Outcome, db::Error> {
    if let Some(full) = count(app, &arrival).await? {
        return Ok(Outcome::Limited(full));
    }
    let (now, keys) = (app.clock.now(), app.keys.clone());
    app.db.write(move |conn| arrival.entry.join(conn, now, &keys)).await.map(Outcome::Joined)
}

/// Counts the request; returns its window if that is full.
async fn count(app: &App, arrival: &Arrival) -> Result<Option<Full>, db::Error> {
    let Some(window) = arrival.window.clone() else { return Ok(None) };
    let full = app.db.read(move |conn| sliding_window::hit(conn, std::slice::from_ref(&window))).await?;
    Ok(full.into_iter().next())
}
