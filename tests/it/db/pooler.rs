//! Behind a pooler in transaction mode nothing may stay in a session: it is somebody else's next.

use std::sync::{Arc, Mutex};

use biovity::config::Config;
use biovity::db::{Db, Health};
use biovity::schema::migrations;
use biovity::server;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::value;
use crate::support::database::TestDatabase;
use crate::support::transaction_pooler;

/// The gate that the configuration makes of these variables.
fn gate(variables: &[(&str, String)]) -> Db {
    let all = [variables, &[("DATA_DIR", "/nowhere".to_owned())]].concat();
    let config =
        Config::read(|name| all.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())).unwrap();
    let url = config.database.clone().unwrap();
    Db::new(&server::settings(&config, url))
}

fn pooled(database: &TestDatabase) -> (&'static str, String) {
    ("DATABASE_URL", format!("{}&pgbouncer=true", database.text()))
}

/// Whether the server keeps statements for a connection that has asked a little.
async fn keeps_statements(db: &Db) -> bool {
    let ask = |conn: &mut PgConnection| {
        for _ in 0..3 {
            migrations::table.select(migrations::name).load::<String>(conn)?;
        }
        value(conn, "EXISTS (SELECT FROM pg_prepared_statements)")
    };
    db.read(ask).await.unwrap() == "true"
}

/// What a setting is in the session itself, outside every transaction, even the probe's.
async fn of_session(db: &Db, setting: &'static str) -> String {
    let seen = Arc::new(Mutex::new(String::new()));
    let found = Arc::clone(&seen);
    let look = move |conn: &mut PgConnection| {
        conn.batch_execute("COMMIT AND CHAIN")?;
        *found.lock().unwrap() = value(conn, &format!("current_setting('{setting}')"))?;
        Ok(false)
    };
    assert_eq!(db.probe(look).await, Health::Ready);
    seen.lock().unwrap().clone()
}

#[tokio::test]
async fn statements_are_kept_on_direct_connections_alone() {
    let database = TestDatabase::migrated();
    assert!(keeps_statements(&gate(&[("DATABASE_URL", database.text())])).await);
    assert!(!keeps_statements(&gate(&[pooled(&database)])).await);
    let setting = |value: &str| ("DB_STATEMENT_CACHE", value.to_owned());
    assert!(!keeps_statements(&gate(&[("DATABASE_URL", database.text()), setting("off")])).await);
    assert!(keeps_statements(&gate(&[pooled(&database), setting("on")])).await);
}

#[tokio::test]
async fn bounds_hold_behind_a_pooler_and_end_with_the_transaction() {
    let database = TestDatabase::migrated();
    database.set("jit", "on");
    let db = gate(&[pooled(&database)]);
    let settings =
        [("statement_timeout", "5s"), ("lock_timeout", "2s"), ("idle_in_transaction_session_timeout", "10s")];
    for (setting, bound) in settings {
        let ask = move |conn: &mut PgConnection| value(conn, &format!("current_setting('{setting}')"));
        assert_eq!(db.read(ask).await.unwrap(), bound);
        assert_eq!(db.write(ask).await.unwrap(), bound);
        assert_eq!(of_session(&db, setting).await, "0");
    }
    let jit = |conn: &mut PgConnection| value(conn, "current_setting('jit')");
    assert_eq!(db.read(jit).await.unwrap(), "off");
    assert_eq!(of_session(&db, "jit").await, "on");
}

#[tokio::test]
async fn bounds_belong_to_the_session_of_a_direct_connection() {
    let database = TestDatabase::migrated();
    // As an operator's own server has it.
    database.set("jit", "on");
    let db = gate(&[("DATABASE_URL", database.text())]);
    assert_eq!(of_session(&db, "statement_timeout").await, "5s");
    assert_eq!(of_session(&db, "jit").await, "off");
    assert_eq!(db.read(|conn| value(conn, "current_setting('lock_timeout')")).await.unwrap(), "2s");
}

#[tokio::test]
async fn reads_behind_a_pooler_see_what_was_written() {
    let database = TestDatabase::migrated();
    let db = gate(&[pooled(&database)]);
    let insert = |conn: &mut PgConnection| {
        diesel::sql_query("INSERT INTO waitlist (email, role) VALUES ('ana@example.cl', 'employee')").execute(conn)
    };
    assert_eq!(db.write(insert).await.unwrap(), 1);
    assert_eq!(db.read(|conn| value(conn, "SELECT count(*) FROM waitlist")).await.unwrap(), "1");
}

/// A gate whose URL says nothing of the pooler before the database.
fn unmarked(database: &TestDatabase) -> Db {
    gate(&[("DATABASE_URL", transaction_pooler::start(database))])
}

#[tokio::test]
async fn a_pooler_that_nothing_marks_is_found_out_at_the_first_connection() {
    let database = TestDatabase::migrated();
    let db = unmarked(&database);
    for _ in 0..20 {
        let ask = |conn: &mut PgConnection| migrations::table.select(migrations::name).load::<String>(conn);
        let (one, other) = tokio::join!(db.read(ask), db.write(ask));
        assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
        assert_eq!(db.probe(biovity::db::migrations::lacks_any).await, Health::Ready);
    }
    for _ in 0..6 {
        // Each transaction comes to another connection of the server.
        assert_eq!(db.read(|conn| value(conn, "SELECT count(*) FROM pg_prepared_statements")).await.unwrap(), "0");
        let bound = |conn: &mut PgConnection| {
            conn.batch_execute("COMMIT AND CHAIN")?;
            value(conn, "current_setting('statement_timeout')")
        };
        assert_eq!(db.read(bound).await.unwrap(), "0", "nothing was left in a session");
    }
}

#[tokio::test]
async fn a_named_statement_that_the_server_lost_costs_nobody_anything() {
    let database = TestDatabase::migrated();
    let db = gate(&[("DATABASE_URL", database.text())]);
    let ask = |conn: &mut PgConnection| migrations::table.select(migrations::name).load::<String>(conn);
    let lose = move |conn: &mut PgConnection| {
        ask(conn)?;
        conn.batch_execute("DEALLOCATE ALL")?;
        ask(conn)
    };
    for _ in 0..3 {
        assert!(db.read(lose).await.is_ok() && db.write(lose).await.is_ok());
    }
    assert!(keeps_statements(&db).await, "a new connection names them again");
}
