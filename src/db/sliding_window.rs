//! Exact counts over a sliding window, shared by all replicas: a row holds the moments of its last hits.

use std::collections::{BTreeMap, HashMap};

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Text};

use super::batch::BATCH;
use super::binds::prepared::Prepared;

/// Counts hits: the keys of the windows, their most hits and seconds, and how many there are in each, are $1 to $4. It
/// returns the `key` of each that is not full. A statement that does something else as well holds this one.
pub const COUNT: &str = include_str!("sliding_window.sql");
/// Locks the windows of the keys $1 in the order in which they are counted, so that two requests never wait for each other.
const LOCKED: &str = "SELECT key FROM rate_limit WHERE key = ANY($1) ORDER BY key FOR UPDATE";

/// One count: at most `most` hits of `key` within any `seconds`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    /// What is counted; an HMAC, so that the table names nobody.
    pub key: String,
    /// Hits allowed.
    pub most: i32,
    /// Length of the window.
    pub seconds: i32,
}

/// A window without room for a hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Full {
    /// Its key.
    pub key: String,
    /// Seconds until it has room again, at least 1.
    pub seconds: u64,
}

/// The values of [`COUNT`].
#[derive(Debug, Default)]
pub struct Hits<'w> {
    /// The keys.
    pub keys: Vec<&'w str>,
    /// The hits allowed.
    pub most: Vec<i32>,
    /// The lengths.
    pub seconds: Vec<i32>,
    /// The hits.
    pub times: Vec<i32>,
}

#[derive(QueryableByName)]
struct Admitted {
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = Integer)]
    admitted: i32,
}

#[derive(QueryableByName)]
struct Wait {
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = BigInt)]
    seconds: i64,
}

/// Counts one hit in every window, or in none when one of them is full; returns the full ones.
///
/// The database's clock alone decides, so that replicas agree.
///
/// # Errors
/// When a statement fails.
pub fn hit(conn: &mut PgConnection, windows: &[Window]) -> QueryResult<Vec<Full>> {
    let admitted = count(conn, windows.iter().map(|window| (window, 1)).collect())?;
    settle(conn, windows, &admitted.into_keys().collect::<Vec<_>>())
}

/// What [`hit`] does once the hits are counted in those windows that had room.
///
/// # Errors
/// When a statement fails.
pub fn settle(conn: &mut PgConnection, windows: &[Window], admitted: &[String]) -> QueryResult<Vec<Full>> {
    let (roomy, full): (Vec<_>, Vec<_>) = windows.iter().partition(|window| admitted.contains(&window.key));
    if !full.is_empty() && !roomy.is_empty() {
        refund(conn, &roomy)?;
    }
    waits(conn, &full)
}

/// Counts the hits of several requests, each in one window, in the order in which they came; returns the full window of
/// each that was not counted. A request without a window is counted nowhere.
///
/// # Errors
/// When a statement fails.
pub fn hit_in_turn(conn: &mut PgConnection, windows: &[Option<&Window>]) -> QueryResult<Vec<Option<Full>>> {
    let mut times = BTreeMap::new();
    windows.iter().flatten().for_each(|window| *times.entry(*window).or_default() += 1);
    if times.is_empty() {
        return Ok(vec![None; windows.len()]);
    }
    let mut room = count(conn, times.iter().map(|(window, times)| (*window, *times)).collect())?;
    let full = times.iter().filter(|(window, times)| room.get(&window.key) != Some(times)).map(|(window, _)| *window);
    let full = waits(conn, &full.collect::<Vec<_>>())?;
    let refused = windows.iter().map(|window| {
        let key = &(*window)?.key;
        let left = room.entry(key.clone()).or_default();
        *left -= 1;
        full.iter().filter(|_| *left < 0).find(|full| full.key == *key).cloned()
    });
    Ok(refused.collect())
}

/// Counts up to so many hits in each window; returns how many those that are not full had room for.
fn count(conn: &mut PgConnection, hits: Hits<'_>) -> QueryResult<HashMap<String, i32>> {
    let admitted: Vec<Admitted> = Prepared::new(COUNT)
        .bind::<Array<Text>, _>(hits.keys)
        .bind::<Array<Integer>, _>(hits.most)
        .bind::<Array<Integer>, _>(hits.seconds)
        .bind::<Array<Integer>, _>(hits.times)
        .load(conn)?;
    Ok(admitted.into_iter().map(|row| (row.key, row.admitted)).collect())
}

impl<'w> FromIterator<(&'w Window, i32)> for Hits<'w> {
    fn from_iter<Windows: IntoIterator<Item = (&'w Window, i32)>>(windows: Windows) -> Self {
        windows.into_iter().fold(Self::default(), |mut hits, (window, times)| {
            hits.keys.push(&window.key);
            hits.most.push(window.most);
            hits.seconds.push(window.seconds);
            hits.times.push(times);
            hits
        })
    }
}

/// How long each of these windows is full.
fn waits(conn: &mut PgConnection, full: &[&Window]) -> QueryResult<Vec<Full>> {
    if full.is_empty() {
        return Ok(vec![]);
    }
    let rows: Vec<Wait> = diesel::sql_query(include_str!("sliding_window/waits.sql"))
        .bind::<Array<Text>, _>(full.iter().map(|window| window.key.as_str()).collect::<Vec<_>>())
        .bind::<Array<Integer>, _>(full.iter().map(|window| window.seconds).collect::<Vec<_>>())
        .load(conn)?;
    Ok(rows.into_iter().map(|row| Full { key: row.key, seconds: row.seconds.unsigned_abs().max(1) }).collect())
}

/// Takes back the last hit of these windows, as when the attempt that was counted succeeded.
///
/// # Errors
/// When the statement fails.
pub fn refund(conn: &mut PgConnection, windows: &[&Window]) -> QueryResult<usize> {
    let keys: Vec<_> = windows.iter().map(|w| w.key.as_str()).collect();
    let taken_back = format!(
        "UPDATE rate_limit SET hits = hits[:cardinality(hits) - 1] FROM ({LOCKED}) AS locked WHERE rate_limit.key = locked.key"
    );
    diesel::sql_query(taken_back).bind::<Array<Text>, _>(keys).execute(conn)
}

/// Clears these windows of all their hits.
///
/// # Errors
/// When the statement fails.
pub fn clear(conn: &mut PgConnection, windows: &[Window]) -> QueryResult<usize> {
    let keys: Vec<_> = windows.iter().map(|w| w.key.as_str()).collect();
    let cleared = format!("DELETE FROM rate_limit USING ({LOCKED}) AS locked WHERE rate_limit.key = locked.key");
    diesel::sql_query(cleared).bind::<Array<Text>, _>(keys).execute(conn)
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
