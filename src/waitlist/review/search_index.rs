//! The indexes for searches. PostgreSQL keeps new entries in a pending list beside each, which every search reads, and puts
//! them into the index all at once.

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

/// The memory of one go: entries that are written meanwhile wait for the next one, which must come soon.
const MEMORY: &str = "SET LOCAL maintenance_work_mem = '16MB'";
/// One replica at a time: another would wait for it, with a connection.
const CLEAN: &str = "SELECT coalesce(sum(gin_clean_pending_list(oid)), 0)::bigint AS pages FROM pg_class \
    WHERE oid IN (to_regclass('waitlist_search_idx'), to_regclass('waitlist_filter_idx')) \
      AND pg_try_advisory_xact_lock(hashtext('waitlist_search_idx'))";

#[derive(QueryableByName)]
struct Cleaned {
    #[diesel(sql_type = BigInt)]
    pages: i64,
}

/// Cleans the pending lists: puts what waits in them into the indexes, so that no join has to, in a transaction of the
/// caller's; returns whether anything waited.
///
/// # Errors
/// When the statement fails.
pub fn clean_pending_lists(conn: &mut PgConnection) -> QueryResult<bool> {
    conn.batch_execute(MEMORY)?;
    Ok(diesel::sql_query(CLEAN).get_result::<Cleaned>(conn)?.pages > 0)
}
