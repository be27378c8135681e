//! Exact counts over a sliding window, shared by all replicas: a row holds the moments of its last hits.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Text};

use super::batch::BATCH;
use super::binds::prepared;

/// Counts one hit in each of the windows whose keys, most hits and seconds are $1, $2 and $3, and gives the keys of those
/// that had room. A statement that does something else as well holds this one.
pub const HIT: &str = include_str!("sliding_window.sql");

/// One count: at most `most` hits of `key` within any `seconds`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// What is counted; an HMAC, so that the table names nobody.
    pub key: String,
    /// Hits allowed.
    pub most: i32,
    /// Length of the window.
    pub seconds: i32,
}

/// The values of [`HIT`].
#[derive(Debug)]
pub struct Hits<'w> {
    /// The keys.
    pub keys: Vec<&'w str>,
    /// The hits allowed.
    pub most: Vec<i32>,
    /// The lengths.
    pub seconds: Vec<i32>,
}

impl<'w> Hits<'w> {
    /// One in every window.
    #[must_use]
    pub fn of(windows: &'w [Window]) -> Self {
        let all = windows.iter();
        Self {
            keys: all.clone().map(|window| window.key.as_str()).collect(),
            most: all.clone().map(|window| window.most).collect(),
            seconds: all.map(|window| window.seconds).collect(),
        }
    }
}

#[derive(QueryableByName)]
struct Admitted {
    #[diesel(sql_type = Text)]
    key: String,
}

#[derive(QueryableByName)]
struct Wait {
    #[diesel(sql_type = BigInt)]
    seconds: i64,
}

/// Counts one hit in every window that has room; returns their keys.
///
/// The database's clock alone decides, so that replicas agree.
///
/// # Errors
/// When the statement fails.
pub fn hit(conn: &mut PgConnection, windows: &[Window]) -> QueryResult<Vec<String>> {
    let hits = Hits::of(windows);
    let admitted: Vec<Admitted> = prepared(HIT)
        .bind::<Array<Text>, _>(hits.keys)
        .bind::<Array<Integer>, _>(hits.most)
        .bind::<Array<Integer>, _>(hits.seconds)
        .load(conn)?;
    Ok(admitted.into_iter().map(|admitted| admitted.key).collect())
}

/// The windows without room. When there are any, the hits in the others are taken back: all are counted, or none.
///
/// # Errors
/// When the statement fails.
pub fn full<'w>(conn: &mut PgConnection, windows: &'w [Window], admitted: &[String]) -> QueryResult<Vec<&'w Window>> {
    let (roomy, full): (Vec<_>, Vec<_>) = windows.iter().partition(|window| admitted.contains(&window.key));
    if !full.is_empty() && !roomy.is_empty() {
        refund(conn, &roomy)?;
    }
    Ok(full)
}

/// Seconds until a full window has room again, at least 1.
///
/// # Errors
/// When the statement fails.
pub fn wait(conn: &mut PgConnection, window: &Window) -> QueryResult<u64> {
    let query = "SELECT greatest(1, ceil(extract(epoch FROM min(hit) + make_interval(secs => $2) - clock_timestamp())))::bigint AS seconds \
                 FROM rate_limit, unnest(hits) AS hit WHERE key = $1 AND hit > clock_timestamp() - make_interval(secs => $2)";
    let wait = diesel::sql_query(query).bind::<Text, _>(&window.key).bind::<Integer, _>(window.seconds);
    let seconds = wait.get_result::<Wait>(conn).optional()?.map_or(1, |wait| wait.seconds);
    Ok(seconds.unsigned_abs().max(1))
}

/// Takes back the last hit of these windows, as when the attempt that was counted succeeded.
///
/// # Errors
/// When the statement fails.
pub fn refund(conn: &mut PgConnection, windows: &[&Window]) -> QueryResult<usize> {
    let keys: Vec<_> = windows.iter().map(|w| w.key.as_str()).collect();
    diesel::sql_query("UPDATE rate_limit SET hits = hits[:cardinality(hits) - 1] WHERE key = ANY($1)")
        .bind::<Array<Text>, _>(keys)
        .execute(conn)
}

/// Clears these windows of all their hits.
///
/// # Errors
/// When the statement fails.
pub fn clear(conn: &mut PgConnection, windows: &[Window]) -> QueryResult<usize> {
    let keys: Vec<_> = windows.iter().map(|w| w.key.as_str()).collect();
    diesel::sql_query("DELETE FROM rate_limit WHERE key = ANY($1)").bind::<Array<Text>, _>(keys).execute(conn)
}

/// Forgets windows that have run out, a batch at a time.
///
/// # Errors
/// When the statement fails.
pub fn sweep(conn: &mut PgConnection) -> QueryResult<usize> {
    let over = "DELETE FROM rate_limit WHERE key IN (SELECT key FROM rate_limit WHERE expires_at < clock_timestamp() \
                ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)";
    diesel::sql_query(over).bind::<BigInt, _>(BATCH).execute(conn)
}
