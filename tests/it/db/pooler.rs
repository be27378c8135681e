//! Behind a pooler in transaction mode nothing may stay in a session: it is somebody else's next.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use biovity::config::Config;
use biovity::db::{Db, Health};
use biovity::schema::migrations;
use biovity::server;
use biovity::values::database_url::DatabaseUrl;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use tempfile::TempDir;

use super::value;
use crate::support::TestSite;
use crate::support::database::TestDatabase;
use crate::support::patroni::{Running, adapted, start, write_certificate};
use crate::support::torture::report;
use crate::support::transaction_pooler;
use crate::support::unused_address;

const PGBOUNCER: &str = include_str!("../../../deploy/cluster/pgbouncer.ini");

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

/// `PgBouncer` itself, by the file of `deploy/`. It ends, and its folder is removed, with it.
struct PgBouncer {
    url: String,
    _running: Running,
    _folder: TempDir,
}

impl PgBouncer {
    async fn before(database: &TestDatabase) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let path = |name: &str| folder.path().join(name);
        let [users, certificate, key] = ["userlist.txt", "cert.pem", "key.pem"].map(path);
        fs::write(&users, "\"biovity\" \"hunter2\"\n").unwrap();
        write_certificate(&certificate, &key);
        let (listen, socket) = (unused_address(), TestDatabase::socket());
        let there = format!("host={} port=5432 dbname={}", socket.parent().unwrap().display(), database.name());
        let changes = [
            ("host=10.0.0.31 port=5432 dbname=biovity", there.as_str()),
            ("listen_addr = 10.0.0.31", "listen_addr = 127.0.0.1"),
            ("listen_port = 6432", &format!("listen_port = {}\nunix_socket_dir =", listen.port())),
            ("/etc/pgbouncer/userlist.txt", users.to_str().unwrap()),
            ("/etc/pgbouncer/key.pem", key.to_str().unwrap()),
            ("/etc/pgbouncer/cert.pem", certificate.to_str().unwrap()),
        ];
        fs::write(path("pgbouncer.ini"), adapted(PGBOUNCER, &changes)).unwrap();
        let running = start("pgbouncer", &[path("pgbouncer.ini").to_str().unwrap()], path("log"));
        let url = format!("postgresql://biovity:hunter2@{listen}/biovity?pgbouncer=true&sslmode=require");
        let (parsed, patience) = (DatabaseUrl::parse(&url).unwrap(), Instant::now() + Duration::from_secs(10));
        while let Err(error) = server::connect(&parsed) {
            assert!(Instant::now() < patience, "{error}: {:?}", fs::read_to_string(path("log")));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Self { url, _running: running, _folder: folder }
    }
}

#[tokio::test]
async fn all_is_well_behind_pgbouncer_as_deploy_sets_it_up() {
    let promise = "a site behind PgBouncer";
    if !["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].iter().any(|program| fs::exists(program).unwrap()) {
        return report(promise, "PgBouncer", "skipped: pgbouncer is missing", "60 of 60");
    }
    let database = Arc::new(TestDatabase::migrated());
    let pgbouncer = PgBouncer::before(&database).await;
    let variables = [("DATABASE_URL", pgbouncer.url.as_str()), ("RATE_LIMITS", "off")];
    let site = TestSite::on(Arc::clone(&database), &variables).await;
    let joins = (0..60).map(|number| {
        let visitor = site.visitor();
        tokio::spawn(async move { visitor.join(&format!("ana{number}@example.cl"), "employee").await.status })
    });
    for join in joins.collect::<Vec<_>>() {
        assert_eq!(join.await.unwrap(), 303);
    }
    assert_eq!(database.values("count(*)", "waitlist"), ["60"]);
    let bound = |conn: &mut PgConnection| value(conn, "current_setting('statement_timeout')");
    assert_eq!(site.app.db.read(bound).await.unwrap(), "5s");
    assert_eq!(of_session(&site.app.db, "statement_timeout").await, "0", "nothing was left in a session");
    assert!(!keeps_statements(&site.app.db).await);
    site.admin("admin@example.cl").await.get("/admin/waitlist").await.has_status(200).says("ana59@example.cl");
    assert_eq!(site.mails("ana7@example.cl").await.len(), 1);
    report(promise, "60 joins at once, a log-in, a list, their mail", "60 of 60", "60 of 60");
}
