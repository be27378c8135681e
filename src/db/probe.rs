//! The probe of the database's health, over a connection of its own: neither a full pool nor background work that waits
//! for a lock keeps it waiting.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use diesel::connection::{Connection, SimpleConnection};
use diesel::pg::PgConnection;
use diesel::r2d2::ManageConnection;
use diesel::result::QueryResult;
use diesel::sql_types::Bool;
use diesel::{QueryableByName, RunQueryDsl};
use tokio::task::JoinHandle;

use super::connector::{Connector, PooledConnection};
use super::error::Fault;
use crate::values::clock::Stopwatch;
use health::Health;

pub mod health;
mod hung_connections;

/// Longest wait for an answer.
const TIMEOUT: Duration = Duration::from_secs(2);
/// Shorter than [`TIMEOUT`]: a server that says it had to wait is there.
const BOUNDS: &str = "SET LOCAL statement_timeout = '1500ms'; SET LOCAL lock_timeout = '1s'";
/// Questions without an answer, one after the other, before the database counts as away.
const MISSES: u32 = 2;
/// A server of several that has not answered for so long hangs: all connections to it are ended, and another one is asked.
const HANGS: Duration = Duration::from_secs(5);
/// Answers in a row that tell nothing, before the log says so.
const UNSURE: u32 = 10;
/// The time between two questions.
const PAUSE: Duration = Duration::from_millis(200);

/// A standby, or a server that was set so: nothing is written there.
const IS_READ_ONLY: &str = "SELECT current_setting('transaction_read_only')::boolean AS is_read_only";

#[derive(QueryableByName)]
struct Writing {
    #[diesel(sql_type = Bool)]
    is_read_only: bool,
}

/// Asks one question at a time. Clones share the connection.
#[derive(Clone)]
pub(super) struct Probe {
    connector: Connector,
    kept: Arc<Mutex<Option<PooledConnection>>>,
    /// The question that has no answer yet. Another one is not asked before, so that a server that hangs takes one thread.
    asked: Arc<tokio::sync::Mutex<Option<Question>>>,
    /// Answers in a row that told nothing.
    unsure: Arc<AtomicU32>,
}

/// A question that has no answer yet.
struct Question {
    answer: JoinHandle<Answer>,
    since: Stopwatch,
    /// Whether the connections were ended for it.
    was_cut: bool,
}

/// What one question gave.
enum Answer {
    /// It answered.
    Health(Health),
    /// It answered that it cannot tell now, which is no outage.
    Unsure,
    /// No answer, and why.
    Missed(String),
}

impl Probe {
    /// Connects to nothing yet.
    pub(super) fn new(connector: Connector) -> Self {
        Self { connector, kept: Arc::default(), asked: Arc::default(), unsure: Arc::default() }
    }

    /// Whether the database can serve, when it was `before` at the last probe.
    pub(super) async fn health(
        &self,
        before: Health,
        lacks_migrations: impl Fn(&mut PgConnection) -> QueryResult<bool> + Clone + Send + 'static,
    ) -> Health {
        for question in 1.. {
            match self.ask_in_time(lacks_migrations.clone()).await {
                Answer::Health(health) => {
                    self.unsure.store(0, Ordering::Relaxed);
                    return health;
                }
                Answer::Unsure => {
                    if self.unsure.fetch_add(1, Ordering::Relaxed) + 1 == UNSURE {
                        tracing::warn!("the database answers, but not whether it can serve: `biovity check` says why");
                    }
                    return before;
                }
                Answer::Missed(_) if before == Health::Unreachable => break,
                Answer::Missed(reason) if question == MISSES => {
                    tracing::warn!("the database is unavailable; trying again: {reason}");
                    break;
                }
                Answer::Missed(_) => tokio::time::sleep(PAUSE).await,
            }
        }
        Health::Unreachable
    }

    #[expect(clippy::disallowed_methods, reason = "one of the places that hand work to blocking threads")]
    async fn ask_in_time(
        &self,
        lacks_migrations: impl Fn(&mut PgConnection) -> QueryResult<bool> + Send + 'static,
    ) -> Answer {
        let mut asked = self.asked.lock().await;
        let (connector, kept) = (self.connector.clone(), Arc::clone(&self.kept));
        let question = asked.get_or_insert_with(|| {
            let answer = tokio::task::spawn_blocking(move || {
                ask(&connector, &mut kept.lock().unwrap_or_else(PoisonError::into_inner), lacks_migrations)
            });
            Question { answer, since: Stopwatch::start(), was_cut: false }
        });
        let Ok(answer) = tokio::time::timeout(TIMEOUT, &mut question.answer).await else {
            let url = &self.connector.url;
            if url.has_several_hosts() && !question.was_cut && question.since.elapsed() >= HANGS {
                let ended = hung_connections::end(&url.ports());
                question.was_cut = ended > 0;
                if question.was_cut {
                    tracing::warn!(
                        ended,
                        "the database hangs: its connections were ended, and the other hosts are tried"
                    );
                }
            }
            return Answer::Missed("no answer in time".to_owned());
        };
        *asked = None;
        answer.unwrap_or(Answer::Unsure)
    }
}

/// Asks over the connection that is kept, or over a new one where the server has closed it.
fn ask(
    connector: &Connector,
    kept: &mut Option<PooledConnection>,
    lacks_migrations: impl Fn(&mut PgConnection) -> QueryResult<bool>,
) -> Answer {
    loop {
        let is_new = kept.is_none();
        let conn = match kept {
            Some(conn) => conn,
            None => match connector.connect() {
                Ok(conn) => kept.insert(conn),
                Err(error) => return Answer::Missed(connector.url.without_secrets(&error.to_string())),
            },
        };
        // Without names no pooler can lose a statement.
        conn.forget_statements();
        let answer = conn.pg.transaction(|pg| {
            pg.batch_execute(BOUNDS)?;
            let Writing { is_read_only } = diesel::sql_query(IS_READ_ONLY).get_result(pg)?;
            QueryResult::Ok(match lacks_migrations(pg)? {
                true => Health::LacksMigrations,
                false if is_read_only => Health::ReadOnly,
                false => Health::Ready,
            })
        });
        match answer {
            // A new connection goes to whichever server leads by then.
            Ok(Health::ReadOnly) => {
                *kept = None;
                if is_new {
                    return Answer::Health(Health::ReadOnly);
                }
            }
            Ok(health) => return Answer::Health(health),
            Err(error) if Fault::of(&error) != Fault::Outage => return Answer::Unsure,
            Err(error) => {
                *kept = None;
                if is_new {
                    return Answer::Missed(error.to_string());
                }
            }
        }
    }
}
