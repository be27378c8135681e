//! `biovity waitlist`.

use std::fs;

use super::{Ended, Home};
use crate::support::TestSite;
use crate::support::database::TestDatabase;

const LIST: &str = "email;rol\nana@x.cl;empresa\nANA@x.cl;persona\nno;persona\nold@x.cl;persona\n=1+1@x.cl;persona\n";
const REPORT: &str = "5 lines\n       2 new\n       1 already on the list\n       1 twice in the file\n       \
                      1 cannot be read\n       0 left or were erased; they stay out\n";

async fn waitlist(home: &Home, database: &TestDatabase, arguments: &[&str]) -> Ended {
    let key = "5e".repeat(64);
    home.command_on(database, &[&["waitlist"], arguments].concat(), &[("SECRET_KEY", &key)]).ended().await
}

fn list(home: &Home, text: &[u8]) -> String {
    let path = home.folder.path().join("list.csv");
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_list_is_tried_imported_and_undone() {
    let (site, home) = (TestSite::start().await, Home::new());
    site.visitor().join("old@x.cl", "employee").await;
    let (file, rejects) = (list(&home, LIST.as_bytes()), home.folder.path().join("rejects.csv"));
    let count = || site.database.values("count(*)", "waitlist")[0].clone();
    let tried = waitlist(&home, &site.database, &["import", &file, "--dry-run"]).await.succeeded();
    assert_eq!(tried.out, format!("{REPORT}nothing was added\n"));
    // Without a terminal nobody can say yes.
    let asked = waitlist(&home, &site.database, &["import", &file]).await.failed();
    assert_eq!(asked.out, REPORT);
    assert!(asked.err.contains("not confirmed; --yes adds without asking"), "{asked:?}");
    assert_eq!(
        (count().as_str(), site.database.values("state", "waitlist_import").concat()),
        ("1", "cancelled".repeat(2))
    );
    let path = rejects.to_str().unwrap();
    let options = ["import", &file, "--yes", "--confirmed", "--language", "en", "--rejects", path];
    let done = waitlist(&home, &site.database, &options).await.succeeded();
    let (_, id) =
        done.out.trim().split_once("added 2 people; to remove them again: biovity waitlist import --undo ").unwrap();
    let added = site.database.values("email || ' ' || locale", "waitlist WHERE confirmed_at IS NOT NULL ORDER BY id");
    assert_eq!(added, ["ana@x.cl en", "=1+1@x.cl en"]);
    let written = fs::read_to_string(&rejects).unwrap();
    assert!(written.contains("4,Not an email address,no,persona\r\n"), "{written}");
    let boss = site.admin("boss@example.cl").await;
    let page = boss.get(&format!("/admin/waitlist/imports/{id}")).await;
    page.says("Imported by the operator, from the command line").says("Added 2");
    let undone = waitlist(&home, &site.database, &["import", "--undo", id]).await.succeeded();
    assert_eq!(
        (undone.out.as_str(), count().as_str()),
        ("removed 2 people, kept 0, who have done something since\n", "1")
    );
    let again = waitlist(&home, &site.database, &["import", "--undo", id]).await.failed();
    assert!(again.err.contains("has places to remove"), "{again:?}");
}

#[tokio::test]
async fn a_file_that_is_no_list_is_refused() {
    let (database, home) = (TestDatabase::migrated(), Home::new());
    for (text, words) in [(&b"PK\x03\x04"[..], "This file is not a CSV."), (b"\n", "The file has no lines.")] {
        let refused = waitlist(&home, &database, &["import", &list(&home, text), "--yes"]).await.failed();
        assert!(refused.err.contains(words), "{refused:?}");
    }
    let missing = waitlist(&home, &database, &["import", "/nowhere.csv"]).await.failed();
    assert!(missing.err.contains("cannot read /nowhere.csv"), "{missing:?}");
    for incomplete in [&["import"][..], &["import", "x", "--undo", "y"], &["import", "x", "--language", "de"]] {
        assert_eq!(waitlist(&home, &database, incomplete).await.code, Some(2), "{incomplete:?}");
    }
    assert_eq!(database.values("count(*)", "waitlist_import"), ["0"]);
}

#[tokio::test]
async fn made_up_people_are_the_same_each_time_and_never_where_real_ones_are() {
    let (database, home) = (TestDatabase::migrated(), Home::new());
    let seeded = waitlist(&home, &database, &["seed", "2000"]).await.succeeded();
    assert_eq!(seeded.out, "2000 made-up people joined the waitlist\n");
    let again = waitlist(&home, &database, &["seed", "2000"]).await.succeeded();
    assert_eq!(again.out, "0 made-up people joined the waitlist\n");
    let disorder =
        "(SELECT created_at < lag(created_at) OVER (ORDER BY id) AS goes_back FROM waitlist) t WHERE goes_back";
    assert_eq!(database.values("count(*)", disorder), ["0"]);
    let help = waitlist(&home, &database, &["--help"]).await.succeeded();
    assert!(!help.out.contains("seed"), "{help:?}");
    let variables =
        [("BASE_URL", "https://biovity.cl"), ("SMTP_URL", "smtp://localhost"), ("MAIL_FROM", "a@biovity.cl")];
    let key = "5e".repeat(64);
    let variables = [&variables[..], &[("SECRET_KEY", key.as_str())]].concat();
    let refused = home.command_on(&database, &["waitlist", "seed", "1"], &variables).ended().await.failed();
    assert!(refused.err.contains("real people are on this waitlist"), "{refused:?}");
}

#[tokio::test]
async fn the_list_is_written_as_csv_and_reads_back() {
    let (site, home) = (TestSite::start().await, Home::new());
    site.visitor().join("=1+1@x.cl", "employee").await;
    site.visitor().join("ana@x.cl", "organization").await;
    site.visitor().join("gone@x.cl", "employee").await;
    site.database.execute(
        "UPDATE waitlist SET asked_at = NULL;
         UPDATE waitlist SET created_at = '2026-03-01T02:30:00Z' WHERE email = 'ana@x.cl';
         UPDATE waitlist SET created_at = '2026-03-05T12:00:00Z', confirmed_at = '2026-03-05T13:00:00Z',
                             role = 'professional' WHERE email = '=1+1@x.cl';
         UPDATE waitlist SET created_at = '2026-03-09T12:00:00Z', deleted_at = now() WHERE email = 'gone@x.cl'",
    );
    let head = "\u{feff}email,role,state,joined_at,asked_at,confirmed_at,invited_at,signed_up_at,bounced_at,left_at,deleted_at,source\n";
    let first = "'=1+1@x.cl,employee,confirmed,2026-03-05T12:00:00Z,,2026-03-05T13:00:00Z,,,,,,\n";
    let ana = "ana@x.cl,organization,joined,2026-03-01T02:30:00Z,,,,,,,,\n";
    for (options, lines) in [
        (&[][..], [first, ana].concat()),
        (&["--role", "organization"], ana.to_owned()),
        (&["--role", "employee", "--state", "confirmed"], first.to_owned()),
        // The first of March had not begun in Chile.
        (&["--to", "2026-02-28"], ana.to_owned()),
        (&["--from", "2026-03-01"], first.to_owned()),
        (&["--search", "=1+1@X"], first.to_owned()),
        (&["--search", "%"], String::new()),
        (&["--to", "2026-02-28", "--output", "-"], ana.to_owned()),
    ] {
        let written = waitlist(&home, &site.database, &[&["export"], options].concat()).await.succeeded();
        assert_eq!(written.out, format!("{head}{lines}"), "{options:?}");
    }
    let file = home.folder.path().join("all.csv");
    let options = ["export", "--state", "deleted", "--output", file.to_str().unwrap()];
    assert_eq!(waitlist(&home, &site.database, &options).await.succeeded().out, "");
    assert!(fs::read_to_string(&file).unwrap().contains("\r\ngone@x.cl,employee,deleted,"));
    let back = waitlist(&home, &site.database, &["import", file.to_str().unwrap(), "--dry-run"]).await.succeeded();
    assert!(back.out.contains("1 left or were erased"), "{back:?}");
    assert_eq!(site.database.values("count(*)", "audit_event WHERE action = 'waitlist_exported'"), ["9"]);
    for strange in [&["export", "--state", "x"][..], &["export", "--from", "31/3/2026"], &["export", "--search", " "]] {
        assert_eq!(waitlist(&home, &site.database, strange).await.code, Some(2), "{strange:?}");
    }
}
