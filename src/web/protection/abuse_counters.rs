//! Counters of abuse: how often requests were refused or looked like a program's, by reason and day. They count in
//! memory and are written to the database every few seconds, so that a flood costs it nothing. They do not hold who it
//! was.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use chrono::NaiveDate;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Text};

use crate::db::{self, Db};
use crate::values::clock::Timestamp;
use crate::values::santiago_time;

/// Adds the counts of all reasons in one order, so that two processes that do so at once never deadlock.
const ADD: &str = include_str!("abuse_counters/add_counts.sql");
const SUM: &str = "SELECT reason, sum(hits)::bigint AS hits FROM gate_total WHERE day >= $1 GROUP BY reason";

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $column:literal,)*) => {
        /// Why a request was refused, or looked like a program's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Reason {
            $($(#[$doc])* $name,)*
        }

        impl Reason {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The reason as its column holds it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $column,)*
                }
            }
        }
    };
}

reasons! {
    /// The honeypot was filled in: a field that people do not see.
    Honeypot = "trapped",
    /// A limit was reached.
    TooMany = "too_many",
    /// The form came from another site.
    CrossSite = "cross_site",
    /// The body was of another media type.
    WrongType = "wrong_type",
    /// The body was too large.
    TooLarge = "too_large",
    /// The form was wrong and was shown again.
    Invalid = "invalid",
    /// The address is of a provider of disposable addresses.
    Disposable = "disposable",
    /// The form was sent faster than anybody reads it.
    Fast = "fast",
    /// The form was not signed by us, so it was never shown.
    Unsigned = "unsigned",
    /// The form had been shown long ago.
    Stale = "stale",
    /// The address is likely another spelling of one that is listed.
    SameMailbox = "twin",
}

/// The counts that are not in the database yet, in the order of [`Reason::ALL`]. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct AbuseCounters(Arc<Hits>);

#[derive(Debug, Default)]
struct Hits {
    unwritten: [AtomicI64; Reason::ALL.len()],
    /// Of this process since its start.
    total: [AtomicU64; Reason::ALL.len()],
}

impl AbuseCounters {
    /// Counts one request.
    pub fn count(&self, reason: Reason) {
        self.add(reason, 1);
        if let Some(total) = self.0.total.get(reason as usize) {
            total.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// What this process has counted since its start.
    #[must_use]
    pub fn total(&self, reason: Reason) -> u64 {
        self.0.total.get(reason as usize).map_or(0, |total| total.load(Ordering::Relaxed))
    }

    fn add(&self, reason: Reason, hits: i64) {
        if let Some(count) = self.0.unwritten.get(reason as usize) {
            count.fetch_add(hits, Ordering::Relaxed);
        }
    }

    /// Takes the counts and sets them to zero.
    fn take(&self) -> Vec<(Reason, i64)> {
        let counts = Reason::ALL.iter().zip(&self.0.unwritten);
        let taken = counts.map(|(reason, count)| (*reason, count.swap(0, Ordering::Relaxed)));
        taken.filter(|(_, hits)| *hits > 0).collect()
    }

    /// Writes the counts to the database. When that fails, they are kept for the next time.
    ///
    /// # Errors
    /// When the database is unavailable.
    pub async fn flush(&self, db: &Db, now: Timestamp) -> Result<(), db::Error> {
        let taken = self.take();
        if taken.is_empty() {
            return Ok(());
        }
        let (day, counted) = (santiago_time::day_of(now), taken.clone());
        let written = db.write(move |conn| add(conn, day, &counted)).await;
        if written.is_err() {
            for (reason, hits) in taken {
                self.add(reason, hits);
            }
        }
        written
    }
}

fn add(conn: &mut PgConnection, day: NaiveDate, counted: &[(Reason, i64)]) -> QueryResult<()> {
    let (reasons, hits): (Vec<_>, Vec<_>) = counted.iter().map(|(reason, hits)| (reason.as_str(), *hits)).unzip();
    let statement = diesel::sql_query(ADD).bind::<Date, _>(day).bind::<Array<Text>, _>(reasons);
    statement.bind::<Array<BigInt>, _>(hits).execute(conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    reason: String,
    #[diesel(sql_type = BigInt)]
    hits: i64,
}

/// The counts that all processes wrote since this day, the most frequent reason first.
///
/// # Errors
/// When the statement fails.
pub fn since(conn: &mut PgConnection, day: NaiveDate) -> QueryResult<Vec<(Reason, i64)>> {
    let rows: Vec<Row> = diesel::sql_query(SUM).bind::<Date, _>(day).load(conn)?;
    let hits = |reason: Reason| rows.iter().find(|row| row.reason == reason.as_str()).map(|row| (reason, row.hits));
    let mut sums: Vec<_> = Reason::ALL.iter().filter_map(|reason| hits(*reason)).collect();
    sums.sort_by_key(|(_, hits)| std::cmp::Reverse(*hits));
    Ok(sums)
}
