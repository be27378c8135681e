//! `biovity migrate`.

use super::Home;
use crate::support::database::TestDatabase;

#[tokio::test]
async fn it_applies_what_is_missing_and_its_check_tells_so_by_its_exit_code() {
    let (home, database) = (Home::new(), TestDatabase::empty());
    let behind = home.command_on(&database, &["migrate", "--check"], &[]).ended().await.failed();
    assert!(behind.out.contains("missing: 1737440000000_000_better_auth\n"), "{behind:?}");
    assert_eq!(database.values("count(*)", "pg_tables WHERE schemaname = 'public'"), ["0"], "a check changes nothing");
    let migrated = home.command_on(&database, &["migrate"], &[]).ended().await.succeeded();
    assert!(migrated.out.contains("applied: 1737440000000_000_better_auth\n"), "{migrated:?}");
    let again = home.command_on(&database, &["migrate"], &[]).ended().await.succeeded();
    assert_eq!(again.out, "the database of DATABASE_URL is up to date\n");
    let check = home.command_on(&database, &["migrate", "--check"], &[]).ended().await.succeeded();
    assert!(!check.out.contains("missing"), "{check:?}");
}

#[tokio::test]
async fn eight_processes_migrate_an_empty_database_at_once() {
    let (home, database) = (Home::new(), TestDatabase::empty());
    let processes: Vec<_> = (0..8).map(|_| home.command_on(&database, &["migrate"], &[])).collect();
    let mut applied = 0;
    for process in processes {
        let ended = process.ended().await.succeeded();
        assert!(ended.out.ends_with("the database of DATABASE_URL is up to date\n"), "{ended:?}");
        applied += usize::from(ended.out.contains("applied: "));
    }
    assert_eq!(applied, 1);
}

#[tokio::test]
async fn behind_a_pooler_it_takes_the_direct_address() {
    let (home, database) = (Home::new(), TestDatabase::empty());
    let elsewhere = TestDatabase::empty();
    let direct = database.text();
    let migrated = home.command_on(&elsewhere, &["migrate"], &[("DATABASE_DIRECT_URL", &direct)]).ended().await;
    assert!(migrated.succeeded().out.ends_with("\nthe database of DATABASE_DIRECT_URL is up to date\n"));
    assert_eq!(database.values("count(*) > 0", "migrations"), ["true"]);
    assert_eq!(elsewhere.values("count(*)", "pg_tables WHERE schemaname = 'public'"), ["0"]);
}

#[tokio::test]
async fn a_database_that_is_away_is_a_sentence() {
    let (home, database) = (Home::new(), TestDatabase::empty());
    database.go_away();
    let failed = home.command_on(&database, &["migrate"], &[]).ended().await.failed();
    assert!(failed.err.contains("the database cannot be reached"), "{failed:?}");
    database.come_back();
}

#[tokio::test]
async fn another_command_on_a_database_without_migrations_says_to_migrate_first() {
    let (home, database) = (Home::new(), TestDatabase::empty());
    for command in [["webhook", "list"], ["waitlist", "recount"], ["mail", "list"]] {
        let failed = home.command_on(&database, &command, &[]).ended().await.failed();
        assert!(failed.err.contains("run `biovity migrate` first"), "{failed:?}");
    }
}
