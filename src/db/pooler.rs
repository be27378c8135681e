//! Whether a pooler in transaction mode stands between, marked by the operator or found out.
//!
//! Behind one, each transaction may run on another server connection. A statement that was named on one of them is
//! unknown on the next (26000) or is already there (42P05), or worse, is another one of the same name. It shows when two
//! open connections reach one backend, or when one connection reaches two.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::result::QueryResult;
use diesel::sql_types::Text;

/// Process numbers come again after a restart of the server, so its start belongs to them.
const BACKEND: &str = "SELECT pg_backend_pid() || ' ' || pg_postmaster_start_time() AS name";

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// What is known of a pooler. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Pooler(Arc<Known>);

#[derive(Debug)]
struct Known {
    is_between: AtomicBool,
    is_marked: bool,
    statement_cache: bool,
    backends: Mutex<Vec<String>>,
    registering: Mutex<()>,
}

impl Pooler {
    /// `is_marked` by the operator, who may know that it keeps named statements and say so with `statement_cache`.
    pub(super) fn new(is_marked: bool, statement_cache: bool) -> Self {
        let is_between = AtomicBool::new(is_marked || !statement_cache);
        Self(Arc::new(Known {
            is_between,
            is_marked,
            statement_cache,
            backends: Mutex::default(),
            registering: Mutex::default(),
        }))
    }

    /// Whether nothing may be set in a session.
    pub(super) fn is_between(&self) -> bool {
        self.0.is_between.load(Ordering::Relaxed)
    }

    /// Whether statements may have names: on a direct connection, or where the operator says so of a pooler.
    pub(super) fn lets_keep_statements(&self) -> bool {
        self.0.statement_cache && (self.0.is_marked || !self.is_between())
    }

    /// Lets one connection at a time be registered. While the first one is compared with one more, those that were opened
    /// meanwhile wait, and no others are opened: there are never more than the database was promised.
    pub(super) fn lock(&self) -> MutexGuard<'_, ()> {
        self.0.registering.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether no connection is open.
    pub(super) fn has_no_backend(&self) -> bool {
        self.backends(|backends| backends.is_empty())
    }

    /// Notes the backend of a new connection. Asks twice, because a pooler that goes round its servers answers from
    /// another one the second time.
    pub(super) fn register(&self, pg: &mut PgConnection) -> QueryResult<Backend> {
        let name = backend(pg)?;
        let is_shared = self.backends(|backends| {
            let is_shared = backends.contains(&name);
            backends.push(name.clone());
            is_shared
        });
        let registered = Backend { pooler: self.clone(), name };
        if is_shared {
            self.mark_found();
        } else {
            self.compare(pg, &registered);
        }
        Ok(registered)
    }

    /// Asks whether another backend answers now.
    pub(super) fn compare(&self, pg: &mut PgConnection, before: &Backend) {
        if !self.is_between() && backend(pg).is_ok_and(|name| name != before.name) {
            self.mark_found();
        }
    }

    fn mark_found(&self) {
        if !self.0.is_between.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "a pooler in transaction mode stands before the database: statements are sent without names from now on; \
                 pgbouncer=true in DATABASE_URL says so from the start"
            );
        }
    }

    fn backends<T>(&self, work: impl FnOnce(&mut Vec<String>) -> T) -> T {
        work(&mut self.0.backends.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The backend of an open connection, for as long as it is open.
#[derive(Debug)]
pub(super) struct Backend {
    pooler: Pooler,
    name: String,
}

impl Drop for Backend {
    fn drop(&mut self) {
        self.pooler.backends(|backends| {
            if let Some(at) = backends.iter().position(|name| *name == self.name) {
                backends.swap_remove(at);
            }
        });
    }
}

fn backend(pg: &mut PgConnection) -> QueryResult<String> {
    Ok(diesel::sql_query(BACKEND).get_result::<Name>(pg)?.name)
}
