//! Exact counts over a sliding window, shared by all replicas: a row holds the moments of its last hits.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Text};

use super::batch::BATCH;

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

/// Counts one hit in every window, or in none when one of them is full; returns the full ones.
///
/// The database's clock alone decides, so that replicas agree.
///
/// # Errors
/// When a statement fails.
pub fn hit<'w>(conn: &mut PgConnection, windows: &'w [Window]) -> QueryResult<Vec<&'w Window>> {
    let admitted: Vec<Admitted> = diesel::sql_query(include_str!("sliding_window.sql"))
        .bind::<Array<Text>, _>(windows.iter().map(|w| w.key.as_str()).collect::<Vec<_>>())
        .bind::<Array<Integer>, _>(windows.iter().map(|w| w.most).collect::<Vec<_>>())
        .bind::<Array<Integer>, _>(windows.iter().map(|w| w.seconds).collect::<Vec<_>>())
        .load(conn)?;
    let (roomy, full): (Vec<_>, Vec<_>) = windows.iter().partition(|w| admitted.iter().any(|a| a.key == w.key));
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
    // `now()` and an array: with `clock_timestamp()` or IN every row would be read.
    let over = "DELETE FROM rate_limit WHERE key = ANY(ARRAY(SELECT key FROM rate_limit WHERE expires_at < now() \
                ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED))";
    diesel::sql_query(over).bind::<BigInt, _>(BATCH).execute(conn)
}
