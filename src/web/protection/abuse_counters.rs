//! What the gates held off, and why: counted in memory and written down now and then, so that a flood costs the
//! database nothing. Never whom.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use actix_web::http::StatusCode;
use chrono::NaiveDate;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Text};

use crate::db::{self, Db};
use crate::values::clock::Timestamp;
use crate::values::santiago_time;

/// All reasons at once, in one order, so that two processes which do so never wait for each other in a circle.
const ADD: &str = "INSERT INTO gate_total (day, reason, hits) \
                   SELECT $1, reason, hits FROM unnest($2, $3) AS counted (reason, hits) ORDER BY reason \
                   ON CONFLICT ON CONSTRAINT gate_total_pkey DO UPDATE SET hits = gate_total.hits + excluded.hits";
const SUM: &str = "SELECT reason, sum(hits)::bigint AS hits FROM gate_total WHERE day >= $1 GROUP BY reason";

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $column:literal,)*) => {
        /// Why something was held off, or looked like a machine's.
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
    /// The field was filled in that people do not see.
    Trapped = "trapped",
    /// A limit was reached.
    TooMany = "too_many",
    /// The form came from another site.
    CrossSite = "cross_site",
    /// The body was of another media type.
    WrongType = "wrong_type",
    /// The body was too large.
    TooLarge = "too_large",
    /// The form came back with what is wrong with it.
    Invalid = "invalid",
    /// The address is one that is thrown away.
    Disposable = "disposable",
    /// The form came back faster than anybody reads it.
    Fast = "fast",
    /// The form was none that we had shown.
    Unsigned = "unsigned",
    /// The form had been shown long ago.
    Stale = "stale",
    /// The address is likely another spelling of one that is listed.
    Twin = "twin",
}

impl Reason {
    /// Why an answer of this status refuses, if it is one of the gates'.
    #[must_use]
    pub const fn of(status: StatusCode) -> Option<Self> {
        match status {
            StatusCode::TOO_MANY_REQUESTS => Some(Self::TooMany),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Some(Self::WrongType),
            StatusCode::PAYLOAD_TOO_LARGE => Some(Self::TooLarge),
            StatusCode::UNPROCESSABLE_ENTITY => Some(Self::Invalid),
            _ => None,
        }
    }
}

/// The counts that are not written down yet, by the order of [`Reason::ALL`]. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct AbuseCounters(Arc<[AtomicI64; Reason::ALL.len()]>);

impl AbuseCounters {
    /// Counts one.
    pub fn note(&self, reason: Reason) {
        self.add(reason, 1);
    }

    fn add(&self, reason: Reason, hits: i64) {
        if let Some(count) = self.0.get(reason as usize) {
            count.fetch_add(hits, Ordering::Relaxed);
        }
    }

    /// Takes what was counted, so that it counts once.
    fn take(&self) -> Vec<(Reason, i64)> {
        let counts = Reason::ALL.iter().zip(self.0.iter());
        let taken = counts.map(|(reason, count)| (*reason, count.swap(0, Ordering::Relaxed)));
        taken.filter(|(_, hits)| *hits > 0).collect()
    }

    /// Writes down what was counted, or keeps it for the next time.
    ///
    /// # Errors
    /// When the database is away.
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

/// What all processes wrote down since this day, the most frequent first.
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
