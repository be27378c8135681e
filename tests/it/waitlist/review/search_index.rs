//! The index for searches takes new entries in later.

use biovity::waitlist::review::search_index;
use diesel::Connection;
use diesel::connection::SimpleConnection;

use crate::support::database::TestDatabase;

#[test]
fn what_waits_is_taken_in_once_and_by_one_replica() {
    let database = TestDatabase::migrated();
    database
        .execute("INSERT INTO waitlist (email, role) SELECT n || '@x.cl', 'employee' FROM generate_series(1, 3000) n");
    let (mut conn, mut other) = (database.connect(), database.connect());
    other.batch_execute("BEGIN; SELECT pg_advisory_xact_lock(hashtext('waitlist_search_idx'))").unwrap();
    assert!(!conn.transaction(search_index::clean_pending_lists).unwrap(), "somebody else is at it");
    other.batch_execute("ROLLBACK").unwrap();
    assert!(
        conn.transaction(search_index::clean_pending_lists).unwrap(),
        "a join, or three thousand, leaves it to the job"
    );
    assert!(!conn.transaction(search_index::clean_pending_lists).unwrap(), "nothing is left");
}
