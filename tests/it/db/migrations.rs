//! Migrations, whoever runs them and over whatever is there.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use biovity::accounts::user::password::Password;
use biovity::db::{Memory, migrations};
use biovity::server;
use biovity::values::database_url::DatabaseUrl;
use diesel::connection::SimpleConnection;

use crate::support::TestSite;
use crate::support::database::TestDatabase;

const LEGACY: &str = include_str!("../data/legacy.sql");
const LEGACY_PASSWORD: &str = include_str!("../data/legacy_password.sql");
/// What Better Auth hashed in those rows.
const PASSWORD: &str = "correct horse battery staple";
const BETTER_AUTH_HASH: &str = "9f86d081884c7d659a2feaa0c55ad015:97d47df5d547258b860af02ef4f3e3d69e346fcc0887faccd03564204d389e4bacee13f9aedff163e2edfdd865cec75aa916522faa4d83a13e2b63dac4936674";

/// What the seed has of every table, the place of each row on its page included: a row that was rewritten moves.
const SEED: [(&str, &str); 7] = [
    (
        "\"user\"",
        r#"id, email, name, "isEmailVerified", "createdAt", "updatedAt", "isActive", avatar, profession, "verificationToken", type, "organizationId""#,
    ),
    (
        "account",
        r#"id, user_id, provider, provideraccountid, access_token, refresh_token, expires_at, "refreshTokenExpiresAt", created_at, updated_at, to_jsonb(account) ->> 'password'"#,
    ),
    ("session", "id, user_id, token, expires_at, ip_address, user_agent, created_at, updated_at"),
    ("verification", r#"id, identifier, value, "expiresAt", "createdAt", "updatedAt""#),
    ("waitlist", "id, email, role, created_at"),
    ("waitlist_id_seq", "last_value, is_called"),
    ("(SELECT xmin, ctid, * FROM migrations WHERE name = '001_waitlist') AS m", "timestamp, name"),
];

fn seed_rows(database: &TestDatabase) -> Vec<String> {
    let rows = |(table, columns): (&str, &str)| {
        database.values(&format!("ROW({columns}, xmin, ctid)"), &format!("{table} ORDER BY ctid"))
    };
    SEED.into_iter().flat_map(rows).collect()
}

fn legacy(scripts: &[&str]) -> TestDatabase {
    let database = TestDatabase::empty();
    for script in scripts {
        database.execute(script);
    }
    database
}

/// The folders of the migrations, in order.
fn folders() -> Vec<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").read_dir().unwrap();
    let mut folders: Vec<_> = found.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// As an operator applies a script by hand; without `psql` on this machine, what comes closest.
fn apply_by_hand(database: &TestDatabase, script: &Path) {
    let psql =
        Command::new("psql").args(["-X", "-q", "-v", "ON_ERROR_STOP=1", &database.text(), "-f"]).arg(script).output();
    match psql {
        Ok(psql) => assert!(psql.status.success(), "{}: {}", script.display(), String::from_utf8_lossy(&psql.stderr)),
        Err(_) => database.execute(&std::fs::read_to_string(script).unwrap()),
    }
}

#[test]
fn every_migration_can_be_applied_by_hand_twice_and_registers_itself() {
    let database = TestDatabase::empty();
    for folder in folders() {
        for _ in 0..2 {
            apply_by_hand(&database, &folder.join("up.sql"));
        }
    }
    let registered = database.values("timestamp || '_' || name", "migrations ORDER BY timestamp");
    let names: Vec<_> =
        folders().iter().map(|folder| folder.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(registered, names);
    let mut conn = database.connect();
    assert_eq!(migrations::pending(&mut conn).unwrap(), Vec::<String>::new());
    server::migrate(&database.url()).unwrap();
    assert_eq!(server::migrate(&database.url()).unwrap(), Vec::<String>::new(), "nothing is left to do");
    assert_eq!(database.values("timestamp || '_' || name", "migrations ORDER BY timestamp"), names);
}

#[test]
fn what_was_undone_by_hand_is_applied_again() {
    let database = TestDatabase::migrated();
    let last = folders().pop().unwrap();
    for _ in 0..2 {
        apply_by_hand(&database, &last.join("down.sql"));
    }
    let name = last.file_name().unwrap().to_str().unwrap().to_owned();
    let mut conn = database.connect();
    assert_eq!(migrations::pending(&mut conn).unwrap(), [name.as_str()]);
    assert_eq!(server::migrate(&database.url()).unwrap(), [name]);
}

/// The indexes of the admin's search.
fn search_indexes(database: &TestDatabase) -> Vec<String> {
    database.values("indexname", "pg_indexes WHERE tablename = 'user' AND indexname ~ '_(search|filter)_idx'")
}

#[test]
fn the_search_of_users_does_without_what_it_may_not_install() {
    let database = TestDatabase::migrated();
    assert_eq!(search_indexes(&database), ["user_key_search_idx"]);
    database.execute("DROP EXTENSION pg_trgm CASCADE");
    assert_eq!(search_indexes(&database), Vec::<String>::new());
    let search = |name: &str| folders().into_iter().find(|folder| folder.ends_with(name)).unwrap().join("up.sql");
    let apply = || {
        for name in ["1795406000000_008_user_search", "1795419500000_020_search_key"] {
            apply_by_hand(&database, &search(name));
        }
    };
    database.execute("GRANT CREATE ON SCHEMA public TO biovity");
    database.give_to("postgres");
    apply();
    assert_eq!(search_indexes(&database), ["user_key_filter_idx"], "not the owner: nothing may be installed");
    database.give_to("biovity");
    for _ in 0..2 {
        apply();
        assert_eq!(search_indexes(&database), ["user_key_search_idx"]);
    }
}

#[test]
fn where_pg_trgm_lies_in_a_schema_that_may_not_be_used_migrations_do_without_it() {
    let database = TestDatabase::empty();
    database.execute_as_superuser("CREATE SCHEMA hidden; CREATE EXTENSION pg_trgm SCHEMA hidden");
    assert_eq!(server::migrate(&database.url()).unwrap().len(), folders().len());
    assert_eq!(search_indexes(&database), ["user_key_filter_idx"]);
    database.execute_as_superuser("GRANT USAGE ON SCHEMA hidden TO biovity");
    let search = folders().into_iter().find(|folder| folder.ends_with("1795419500000_020_search_key")).unwrap();
    apply_by_hand(&database, &search.join("up.sql"));
    assert_eq!(search_indexes(&database), ["user_key_search_idx"]);
}

#[test]
fn a_table_that_is_in_use_holds_up_neither_the_migration_for_good_nor_those_who_wait_behind_it() {
    let database = TestDatabase::migrated();
    let changes = folders().into_iter().find(|folder| folder.ends_with("1795422000000_023_import_retries")).unwrap();
    apply_by_hand(&database, &changes.join("down.sql"));
    let mut holder = database.connect();
    holder.batch_execute("BEGIN; SELECT count(*) FROM waitlist_import").unwrap();
    let url = database.url();
    let migration = thread::spawn(move || server::migrate(&url).unwrap());
    thread::sleep(Duration::from_millis(700));
    let start = Instant::now();
    database.execute("SELECT count(*) FROM waitlist_import");
    assert!(start.elapsed() < Duration::from_secs(4), "a visitor waited {:?}", start.elapsed());
    thread::sleep(Duration::from_secs(4));
    holder.batch_execute("COMMIT").unwrap();
    assert_eq!(migration.join().unwrap().len(), 1);
}

#[test]
fn of_eight_who_migrate_at_once_one_applies_and_all_go_on() {
    for _ in 0..3 {
        let database = TestDatabase::empty();
        let migrate = |url: DatabaseUrl| thread::spawn(move || server::migrate(&url).unwrap());
        let runs: Vec<_> = (0..8).map(|_| migrate(database.url())).collect();
        let applied: Vec<_> =
            runs.into_iter().map(|run| run.join().unwrap()).filter(|names| !names.is_empty()).collect();
        assert_eq!(applied.len(), 1, "{applied:?}");
        assert_eq!(applied[0].len(), folders().len());
        assert!(migrations::pending(&mut database.connect()).unwrap().is_empty());
    }
}

#[test]
fn a_migration_that_fails_leaves_nothing_behind_and_those_before_it_are_kept() {
    let database = TestDatabase::empty();
    // The first migration goes through; the second cannot index a view.
    database
        .execute("CREATE VIEW waitlist AS SELECT 1 AS id, ''::text AS email, ''::text AS role, now() AS created_at");
    let failed = format!("{:#}", server::migrate(&database.url()).unwrap_err());
    assert!(failed.contains("1737450000000_001_waitlist"), "{failed}");
    assert_eq!(database.values("name", "migrations"), ["000_better_auth"]);
    assert_eq!(database.values("count(*)", "pg_indexes WHERE indexname LIKE 'waitlist%'"), ["0"]);
    database.execute("DROP VIEW waitlist");
    assert_eq!(server::migrate(&database.url()).unwrap().len(), folders().len() - 1);
}

#[test]
fn an_old_database_keeps_its_rows_to_the_letter() {
    for scripts in [&[LEGACY][..], &[LEGACY, LEGACY_PASSWORD]] {
        let database = legacy(scripts);
        let before = seed_rows(&database);
        assert!(before.len() > 20);
        server::migrate(&database.url()).unwrap();
        assert_eq!(seed_rows(&database), before);
        for folder in folders() {
            apply_by_hand(&database, &folder.join("up.sql"));
        }
        assert_eq!(seed_rows(&database), before, "not by hand either");
        assert_eq!(database.values("name", "migrations ORDER BY timestamp").len(), folders().len());
    }
}

#[test]
fn an_old_database_is_as_before_when_all_that_was_added_is_undone() {
    let database = legacy(&[LEGACY, LEGACY_PASSWORD]);
    let shape = || {
        let known = "table_schema = 'public' AND table_name <> '__diesel_schema_migrations' ORDER BY 1";
        let columns = "table_name || '.' || column_name || ' ' || udt_name || ' ' || is_nullable";
        let indexes = database.values(
            "indexdef",
            "pg_indexes WHERE tablename NOT LIKE '\\_\\_diesel%' AND schemaname = 'public' ORDER BY 1",
        );
        [database.values(columns, &format!("information_schema.columns WHERE {known}")), indexes].concat()
    };
    let before = (seed_rows(&database), shape());
    let mut conn = database.connect();
    server::migrate(&database.url()).unwrap();
    assert_ne!(shape(), before.1);
    for folder in folders().iter().skip(2).rev() {
        conn.batch_execute(&std::fs::read_to_string(folder.join("down.sql")).unwrap()).unwrap();
    }
    assert_eq!((seed_rows(&database), shape()), before, "password hashes included");
}

/// The site on the old database, whose people all have this hash.
async fn old_site(hash: &str) -> TestSite {
    let database = legacy(&[LEGACY, LEGACY_PASSWORD]);
    server::migrate(&database.url()).unwrap();
    database.execute(&format!("UPDATE account SET password = '{hash}' WHERE password IS NOT NULL"));
    TestSite::on(database, &[]).await
}

#[tokio::test]
async fn people_of_an_old_database_log_in_however_their_rows_are_written() {
    let hash = Password::typed(PASSWORD).hash(&mut Memory::new()).unwrap();
    let site = old_site(hash.as_str()).await;
    let log_in = async |address: &str| site.visitor().log_in(address, PASSWORD).await;
    log_in("ana.rojas@example.cl").await.redirects_to("/account");
    log_in("Ana.Rojas@Example.CL").await.redirects_to("/account");
    log_in("contacto@laboratorio.CL").await.redirects_to("/account");
    log_in("huerfano@example.cl").await.redirects_to("/account");
    log_in("nulls@example.cl").await.has_status(403).says("not verified yet");
    log_in("inactive@example.cl").await.has_status(403).says("deactivated");
    site.visitor().log_in("ana.rojas@example.cl", "incorrect horse").await.has_status(401);
    assert_eq!(site.database.values("email", "\"user\" WHERE id = 'org-1'"), ["Contacto@Laboratorio.cl"], "as it was");
}

#[tokio::test]
async fn a_hash_of_better_auth_opens_the_account_once_and_is_replaced() {
    let site = old_site(BETTER_AUTH_HASH).await;
    site.visitor().log_in("ana.rojas@example.cl", "incorrect horse").await.has_status(401);
    for _ in 0..2 {
        site.visitor().log_in("ana.rojas@example.cl", PASSWORD).await.redirects_to("/account");
    }
    assert_eq!(site.database.values("left(password, 9)", "account WHERE id = 'acc-1'"), ["$argon2id"]);
}

#[tokio::test]
async fn the_first_log_in_after_the_migration_may_be_pressed_fifty_times_at_once() {
    let site = old_site(BETTER_AUTH_HASH).await;
    let ana = site.visitor();
    let form = ana.get("/login").await.form("/login");
    let form = form.with("email", "ana.rojas@example.cl").with("password", PASSWORD);
    let sessions = site.database.values("count(*)", "session");
    for page in ana.send_at_once(&form, "none=none", 50).await {
        let cookie = page.cookie().unwrap();
        page.redirects_to("/account");
        ana.get_with("/account/password", &cookie).await.has_status(200);
    }
    let more: i64 = site.database.values("count(*)", "session")[0].parse().unwrap();
    assert_eq!(more, sessions[0].parse::<i64>().unwrap() + 1);
}

#[tokio::test]
async fn places_of_an_old_waitlist_are_listed_and_not_given_twice() {
    let database = legacy(&[LEGACY]);
    server::migrate(&database.url()).unwrap();
    let site = TestSite::on(database, &[]).await;
    for listed in ["maria.perez@example.cl", "Empresa@antigua.cl", "RRHH@laboratorio.cl"] {
        site.visitor().join(listed, "employee").await.has_status(409).says("Email already on waitlist");
    }
    site.visitor().join("nueva@example.cl", "organization").await.redirects_to("/waitlist/joined");
    let admin = site.admin("admin@example.cl").await;
    let all = admin.get("/admin/waitlist").await.has_status(200);
    let all = all.says("Maria.Perez@Example.CL").says("EMPRESA@ANTIGUA.CL").says("rrhh@laboratorio.cl");
    all.says("nueva@example.cl");
    let employees = admin.get("/admin/waitlist?role=employee").await.has_status(200);
    employees.says("Maria.Perez@Example.CL").says("maria.perez@example.cl").does_not_say("rrhh@laboratorio.cl");
    admin
        .get("/admin/waitlist?role=organization")
        .await
        .says("rrhh@laboratorio.cl")
        .does_not_say("maria.perez@example.cl");
}
