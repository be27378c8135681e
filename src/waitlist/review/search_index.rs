//! The index for searches. PostgreSQL keeps new entries in a list beside it, which every search reads, and puts them into
//! the index all at once.

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

/// The memory of one go: entries that are written meanwhile wait for the next one, which must come soon.
const MEMORY: &str = "SET LOCAL maintenance_work_mem = '16MB'";
/// One replica at a time: another would wait for it, with a connection.
const TAKE_IN: &str = "SELECT coalesce(sum(gin_clean_pending_list(oid)), 0)::bigint AS pages FROM pg_class \
    WHERE oid IN (to_regclass('waitlist_search_idx'), to_regclass('waitlist_filter_idx')) \
      AND pg_try_advisory_xact_lock(hashtext('waitlist_search_idx'))";

#[derive(QueryableByName)]
struct TakenIn {
    #[diesel(sql_type = BigInt)]
    pages: i64,
}

/// Puts what waits into the index, so that no join has to, in a transaction of the caller's; returns whether anything
/// waited.
///
/// # Errors
/// When the statement fails.
pub fn take_in(conn: &mut PgConnection) -> QueryResult<bool> {
    conn.batch_execute(MEMORY)?;
    Ok(diesel::sql_query(TAKE_IN).get_result::<TakenIn>(conn)?.pages > 0)
}
