//! How far the write-ahead log of a server has come: what a primary has written, or what a standby has replayed.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Text};

/// After a commit nothing of it lies behind this, also where the server does not wait for the disk.
const INSERTED: &str = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint AS lsn";

/// The log of a server at one moment.
#[derive(Debug, QueryableByName)]
pub(super) struct WalPosition {
    /// The cluster, which a standby has in common with its primary, and the database in it.
    #[diesel(sql_type = Text)]
    pub(super) identity: String,
    /// Whether it replays the log of another server.
    #[diesel(sql_type = Bool)]
    pub(super) is_standby: bool,
    /// How often a standby was promoted before it was written. A standby knows it some time after it has followed one over to
    /// the next: after the next restartpoint at the latest.
    #[diesel(sql_type = Integer)]
    pub(super) timeline: i32,
    /// Its end, in bytes.
    #[diesel(sql_type = BigInt)]
    pub(super) lsn: i64,
}

#[derive(QueryableByName)]
struct Inserted {
    #[diesel(sql_type = BigInt)]
    lsn: i64,
}

impl WalPosition {
    /// Asks the server. Every role may.
    pub(super) fn find(conn: &mut PgConnection) -> QueryResult<Self> {
        diesel::sql_query(include_str!("wal_position.sql")).get_result(conn)
    }
}

/// The end of everything that was committed on this primary, in bytes.
pub(super) fn inserted(conn: &mut PgConnection) -> QueryResult<i64> {
    Ok(diesel::sql_query(INSERTED).get_result::<Inserted>(conn)?.lsn)
}
