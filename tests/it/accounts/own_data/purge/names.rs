//! Every way in which a text may name an erased account or place.

use biovity::audit::event::Actor;
use biovity::values::id::ImportId;
use biovity::values::locale::Locale;
use biovity::waitlist::importing::new_import::NewImport;
use chrono::TimeDelta;
use diesel::{Connection, QueryResult};

use super::{deleted, sweep};
use crate::support::TestSite;
use crate::support::database::rows_read;
use crate::support::visitor::Visitor;

/// The spellings of the address, in lower case.
const SPELLINGS: [&str; 2] = ["ana+bio@example.cl", "ana%2bbio%40example.cl"];
const LISTED: &str = "/admin/waitlist";

/// What holds a spelling, by table.
fn named(site: &TestSite) -> Vec<String> {
    let tables = site.database.contents().into_iter().map(|(table, rows)| (table, rows.to_lowercase()));
    tables.filter(|(_, rows)| SPELLINGS.iter().any(|it| rows.contains(it))).map(|(table, _)| table).collect()
}

/// Has the address written down wherever an admin's acts write one.
async fn mention(site: &TestSite, boss: &Visitor) {
    let list =
        b"email,role\nANA+bio@Example.cl,employee\nemployee,Ana+Bio@example.cl\n<ana+bio@example.cl>;x,employee\n\
        eva@example.cl,employee\n";
    let fields = [("language", "es"), ("confirmation", "ask")];
    boss.upload("/admin/waitlist/imports", &fields, ("list", list.to_vec())).await.has_status(303);
    site.lists_are_staged().await;
    boss.get(&format!("{LISTED}.csv?q=Ana%2BBIO%40Example.cl")).await.has_status(200);
    let filter = [("q", "ana+BIO@example.cl"), ("expected", "1")];
    for act in ["ask-all", "delete-all"] {
        boss.post("/admin/waitlist/bulk", &[("act", act), filter[0], filter[1]]).await.has_status(303);
    }
    let undo = site.database.values("id", "waitlist_deletion").remove(0);
    boss.post(&format!("{LISTED}/deletions/{undo}/undo"), &[]).await.redirects_to(LISTED);
    assert!(named(site).len() >= 3, "the test proves nothing: {:?}", named(site));
}

/// The private link to the place.
async fn token_of(site: &TestSite) -> String {
    let mail = site.mail("ana+bio@example.cl").await;
    mail.text.split("/waitlist/place?token=").nth(1).unwrap().get(..43).unwrap().to_owned()
}

#[tokio::test]
async fn an_erased_account_is_named_by_no_column_of_any_table() {
    let site = TestSite::start().await;
    site.visitor().join("ana+bio@example.cl", "employee").await.has_status(303);
    let (boss, lab) = (site.admin("boss@example.cl").await, site.organization("lab@example.cl").await);
    mention(&site, &boss).await;
    lab.post("/organization/members", &[("email", "Ana+Bio@example.cl")]).await.redirects_to("/organization/members");
    site.deliver_mail().await;
    deleted(&site, "ana+bio@example.cl").await;
    site.later(TimeDelta::days(7)).await;
    assert_eq!(sweep(&site), 1);
    assert_eq!(named(&site), Vec::<String>::new());
    let kept = "audit_event WHERE action = 'entries_deleted'";
    assert_eq!(site.database.values("details ->> 'count'", kept), ["NULL"], "an event of this place alone");
    let read = "waitlist_import_line WHERE email IS NOT NULL";
    assert_eq!(site.database.values("email", read), ["eva@example.cl"]);
}

#[tokio::test]
async fn nor_as_what_another_account_waits_to_change_its_address_to() {
    let site = TestSite::start().await;
    let alba = site.employee("alba@example.cl").await;
    deleted(&site, "ana+bio@example.cl").await;
    let change = [("email", "Ana+Bio@example.cl"), ("current_password", crate::support::PASSWORD)];
    site.later(TimeDelta::days(7) - TimeDelta::hours(1)).await;
    alba.log_in("alba@example.cl", crate::support::PASSWORD).await.redirects_to("/account");
    alba.post("/account/email", &change).await.redirects_to("/account/email");
    assert!(named(&site).contains(&"verification".to_owned()), "the test proves nothing: {:?}", named(&site));
    site.later(TimeDelta::hours(1)).await;
    assert_eq!(sweep(&site), 1);
    assert_eq!(named(&site), Vec::<String>::new());
}

#[tokio::test]
async fn an_erased_place_is_named_by_no_column_of_any_table() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    ana.join("ana+bio@example.cl", "employee").await.has_status(303);
    let boss = site.admin("boss@example.cl").await;
    let token = token_of(&site).await;
    mention(&site, &boss).await;
    ana.post("/waitlist/erase", &[("token", &token)]).await.redirects_to("/");
    assert_eq!(named(&site), Vec::<String>::new());
}

/// Lines of an import that could not be read, more than a plan would rather read through; each mentions somebody.
const LINES: &str = "\
    INSERT INTO waitlist_import (id, state, made_at, locale, lines) VALUES ('long', 'added', now(), 'es', 20000); \
    INSERT INTO waitlist_import_line (import_id, line, typed_email, typed_role, outcome, whole) \
    SELECT 'long', n, 'x', 'y', 'invalid', 'x,y,' || CASE n WHEN 7 THEN 'de ANA+Bio@example.cl' ELSE 'bio' || n || '@x.cl' END \
    FROM generate_series(1, 20000) AS n; \
    ANALYZE waitlist_import_line";

#[tokio::test]
async fn whoever_erases_an_address_reads_only_the_lines_of_imports_that_may_name_it() {
    let site = TestSite::start().await;
    deleted(&site, "ana+bio@example.cl").await;
    site.later(TimeDelta::days(7)).await;
    site.database.execute(LINES);
    let read = site.database.connect().transaction(|conn| {
        let keys = &site.app.keys;
        assert_eq!(biovity::server::erasure::sweep(conn, site.app.clock.now(), keys), Ok(1));
        QueryResult::Ok(rows_read(conn, "waitlist_import_line"))
    });
    let read = read.unwrap();
    assert!((1..100).contains(&read), "{read} of 20,000 lines");
    assert_eq!(named(&site), Vec::<String>::new());
}

/// Leaves an import behind whose process died before it had read a line.
fn interrupt(site: &TestSite, file: &str) -> String {
    let import = NewImport {
        id: ImportId::generate(),
        locale: Locale::Es,
        role_of_all: None,
        are_confirmed: true,
        heading: "email,role".to_owned(),
        actor: Actor::operator(),
    };
    import.begin(&mut site.database.connect(), site.app.clock.now(), file.as_bytes()).unwrap();
    site.database.execute("UPDATE waitlist_import SET alive_at = now() - interval '1 minute'");
    format!("{LISTED}/imports/{}", import.id)
}

#[tokio::test]
async fn a_list_that_was_not_read_to_its_end_brings_no_erased_address_back() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    ana.join("ana+bio@example.cl", "employee").await.has_status(303);
    let token = token_of(&site).await;
    let boss = site.admin("boss@example.cl").await;
    let other = interrupt(&site, "email,role\neva@example.cl,employee\n");
    let path = interrupt(&site, "email,role\nANA+Bio@Example.cl,employee\neva@example.cl,employee\n");
    // A list that waits for the role of all.
    let fields = [("language", "es"), ("confirmation", "ask")];
    let waiting = b"email\nana+bio@example.cl\n".to_vec();
    boss.upload("/admin/waitlist/imports", &fields, ("list", waiting)).await.has_status(422);
    let held = |table| site.database.values("1", table).len();
    assert_eq!((held("kept_upload"), held("waitlist_import WHERE file IS NOT NULL")), (1, 2));
    ana.post("/waitlist/erase", &[("token", &token)]).await.redirects_to("/");
    assert_eq!((held("kept_upload"), held("waitlist_import WHERE file IS NOT NULL")), (0, 1));
    boss.post(&format!("{path}/resume"), &[]).await.has_status(409).says("Cancelled");
    boss.get(&path).await.says("Cancelled");
    assert_eq!(held("waitlist_import_line"), 0);
    boss.get("/admin/audit").await.says("Import cancelled").says("someone named in the file was erased");
    boss.post(&format!("{other}/resume"), &[]).await.redirects_to(&other);
    site.lists_are_staged().await;
    assert_eq!(held("waitlist_import_line"), 1, "a list without the address goes on");
}

#[tokio::test]
async fn an_account_keeps_its_history_when_its_place_is_erased() {
    let site = TestSite::start().await;
    let ana = site.employee("ana+bio@example.cl").await;
    ana.post("/account/email", &[("email", "new@example.cl"), ("current_password", crate::support::PASSWORD)]).await;
    ana.press(&site.mail("new@example.cl").await.link()).await.redirects_to("/account");
    let changed = || site.database.values("details ->> 'from'", "audit_event WHERE action = 'email_changed'");
    assert_eq!(changed(), ["ana+bio@example.cl"]);
    ana.join("ana+bio@example.cl", "employee").await.has_status(303);
    let token = token_of(&site).await;
    ana.post("/waitlist/erase", &[("token", &token)]).await.redirects_to("/");
    assert_eq!(changed(), ["ana+bio@example.cl"]);
}
