//! What PostgreSQL knows of the tables when it plans a statement. Its own analysis comes after a minute or later, and a plan
//! that was made before stays until then.

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

/// Tables of ours that have rows.
const FILLED: &str = "SELECT relid::regclass::text AS name FROM pg_stat_user_tables \
    WHERE pg_table_is_visible(relid) AND pg_has_role((SELECT relowner FROM pg_class WHERE oid = relid), 'USAGE') \
      AND pg_relation_size(relid) > 0";
/// Those of which as many rows were written since the last analysis as there were then. Below a thousand no plan is slow.
const DOUBLED: &str = "n_mod_since_analyze >= greatest(1000, (SELECT reltuples FROM pg_class WHERE oid = relid))";
/// One process at a time.
const TRY_LOCK: &str = "pg_try_advisory_xact_lock(hashtext('statistics'))";

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Analyzes every table that has rows.
///
/// # Errors
/// When a statement fails.
pub fn analyze_all(conn: &mut PgConnection) -> QueryResult<usize> {
    analyze(conn, FILLED.to_owned())
}

/// Analyzes the tables that have doubled since they were analyzed last, in a transaction of the caller's; returns how many.
///
/// # Errors
/// When a statement fails.
pub fn analyze_doubled(conn: &mut PgConnection) -> QueryResult<usize> {
    analyze(conn, format!("{FILLED} AND {DOUBLED} AND {TRY_LOCK}"))
}

fn analyze(conn: &mut PgConnection, which: String) -> QueryResult<usize> {
    let tables: Vec<Table> = diesel::sql_query(which).load(conn)?;
    for Table { name } in &tables {
        conn.batch_execute(&format!("ANALYZE {name}"))?;
    }
    Ok(tables.len())
}
