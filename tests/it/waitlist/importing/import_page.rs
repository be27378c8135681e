//! One import: its steps, whoever does them and whatever dies meanwhile, and its undoing.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use biovity::values::email_address::EmailAddress;
use biovity::values::erased_address;
use biovity::values::id::ImportId;
use biovity::waitlist::importing::import_batch;
use biovity::waitlist::importing::import_line::Reject;
use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use diesel::{Connection, QueryResult};

use crate::support::TestSite;
use crate::support::database::{TestDatabase, rows_read};
use crate::support::page::Page;
use crate::support::visitor::Visitor;

/// What the page counts.
#[derive(Debug, PartialEq, Eq)]
pub struct Report {
    pub lines: i64,
    /// New ones, or those that were added.
    pub first: i64,
    pub listed: i64,
    pub repeated: i64,
    pub invalid: i64,
    pub opted_out: i64,
}

pub fn report(page: &Page) -> Report {
    let facts = page.texts(".facts dd");
    let count = |at: usize| facts[at].replace([',', '.'], "").parse().unwrap_or_else(|_| panic!("{facts:?}"));
    let [lines, first, listed, repeated, invalid, opted_out] = [3, 4, 5, 6, 7, 8].map(count);
    assert_eq!(lines, first + listed + repeated + invalid + opted_out, "{facts:?}");
    Report { lines, first, listed, repeated, invalid, opted_out }
}

/// Brings a list; gives the path of the import.
pub async fn import(boss: &Visitor, confirmation: &str, list: &str) -> String {
    let fields = [("language", "es"), ("confirmation", confirmation)];
    let page =
        boss.upload("/admin/waitlist/imports", &fields, ("list", list.as_bytes().to_vec())).await.has_status(303);
    page.header("location").to_owned()
}

/// Waits as the page does, until nothing is under way.
pub async fn is_done(boss: &Visitor, path: &str) -> Page {
    for _ in 0..1_500 {
        let page = boss.get(path).await.has_status(200);
        if page.attribute("meta[http-equiv=refresh]", "content").is_none() {
            return page;
        }
        assert_eq!(page.texts("progress").len(), 1);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{path} never ends");
}

async fn added(boss: &Visitor, confirmation: &str, list: &str) -> String {
    let path = import(boss, confirmation, list).await;
    is_done(boss, &path).await;
    boss.post(&format!("{path}/start"), &[]).await.redirects_to(&path);
    is_done(boss, &path).await.says("Added");
    path
}

fn list_of(names: impl IntoIterator<Item = impl Display>) -> String {
    names.into_iter().fold(String::new(), |list, name| list + &format!("{name}@x.cl,persona\n"))
}

fn emails(site: &TestSite, rows: &str) -> Vec<String> {
    site.database.values("email", &format!("waitlist WHERE {rows} ORDER BY id"))
}

#[tokio::test]
async fn whoever_is_out_stays_out_and_whoever_is_in_stays_as_they_are() {
    let site = TestSite::start().await;
    for name in ["left", "deleted", "waits", "erased"] {
        site.visitor().join(&format!("{name}@example.cl"), "employee").await;
    }
    site.database.execute(
        "UPDATE waitlist SET left_at = now() WHERE email = 'left@example.cl';
         UPDATE waitlist SET deleted_at = now() WHERE email = 'deleted@example.cl';
         UPDATE waitlist SET email = 'Waits@Example.CL' WHERE email = 'waits@example.cl';",
    );
    erase(&site, "erased@example.cl");
    let boss = site.admin("boss@example.cl").await;
    let before = site.database.values("t::text", "waitlist t ORDER BY id");
    let list = "left@example.cl,empresa\nDELETED@example.cl,empresa\nwaits@example.cl,empresa\n\
                Erased@example.cl,empresa\nnew@example.cl,empresa\nlater@example.cl,empresa\n";
    let path = import(&boss, "confirmed", list).await;
    let page = is_done(&boss, &path).await;
    assert_eq!(report(&page), Report { lines: 6, first: 2, listed: 1, repeated: 0, invalid: 0, opted_out: 3 });
    // What happens between the report and the start counts too.
    site.visitor().join("later@example.cl", "employee").await;
    erase(&site, "later@example.cl");
    boss.post(&format!("{path}/start"), &[]).await.redirects_to(&path);
    let page = is_done(&boss, &path).await;
    assert_eq!(report(&page), Report { lines: 6, first: 1, listed: 1, repeated: 0, invalid: 0, opted_out: 4 });
    assert_eq!(emails(&site, "import_id IS NOT NULL"), ["new@example.cl"]);
    assert_eq!(site.database.values("t::text", "waitlist t WHERE import_id IS NULL ORDER BY id"), before);
}

/// As the purge of an account does, and the page of one's own place.
fn erase(site: &TestSite, address: &str) {
    let address = EmailAddress::parse(address).unwrap();
    let key = erased_address::key(&site.app.keys, &address);
    site.database.execute(&format!("DELETE FROM waitlist WHERE email = '{address}'"));
    site.database.execute(&format!("INSERT INTO waitlist_erased (key) VALUES ('{key}')"));
}

#[tokio::test]
async fn who_joins_between_the_report_and_the_start_is_no_longer_new() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    let path = import(&boss, "ask", "ana@x.cl,persona\neva@x.cl,persona\n").await;
    is_done(&boss, &path).await.says("Add 2 people");
    site.visitor().join("ana@x.cl", "employee").await;
    boss.post(&format!("{path}/start"), &[]).await.redirects_to(&path);
    let page = is_done(&boss, &path).await;
    assert_eq!(report(&page), Report { lines: 2, first: 1, listed: 1, repeated: 0, invalid: 0, opted_out: 0 });
    assert_eq!(emails(&site, "import_id IS NOT NULL"), ["eva@x.cl"]);
}

#[tokio::test]
async fn those_who_did_not_confirm_elsewhere_are_asked_little_by_little() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    let list = list_of((0..30).map(|number| format!("p{number}")));
    added(&boss, "ask", &list).await;
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    let asked = emails(&site, "asked_at IS NOT NULL");
    assert!((1..=8).contains(&asked.len()), "{asked:?}");
    let mail = site.mail("p0@x.cl").await;
    assert!(mail.subject.contains("Confirma tu lugar"), "{}", mail.subject);
    site.visitor().press(&mail.link()).await.has_status(303);
    assert_eq!(emails(&site, "confirmed_at IS NOT NULL"), ["p0@x.cl"]);
    // Each is asked once.
    assert_eq!(site.mails("p0@x.cl").await.len(), 1);
}

#[tokio::test]
async fn an_undone_import_takes_away_only_who_did_nothing_since() {
    let site = TestSite::start().await;
    site.visitor().join("before@x.cl", "employee").await;
    let boss = site.admin("boss@example.cl").await;
    let names = ["asked", "confirmed", "invited", "member", "left", "bounced", "deleted", "quiet"];
    let list = list_of(names);
    let path = added(&boss, "ask", &list).await;
    while !emails(&site, "import_id IS NOT NULL AND asked_at IS NULL").is_empty() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    site.visitor().press(&site.mail("confirmed@x.cl").await.link()).await.has_status(303);
    let columns = ["invited_at", "signed_up_at", "left_at", "bounced_at", "deleted_at"];
    for (name, column) in ["invited", "member", "left", "bounced", "deleted"].iter().zip(columns) {
        site.database.execute(&format!("UPDATE waitlist SET {column} = now() WHERE email = '{name}@x.cl'"));
    }
    let old = site.mail("asked@x.cl").await.link();
    boss.get(&path).await.says("Anyone who has confirmed, been invited, signed up or left in the meantime is kept");
    boss.post(&format!("{path}/undo"), &[]).await.redirects_to(&path);
    is_done(&boss, &path).await.says("Removed later 3").says("Kept, because they have acted since 5");
    assert_eq!(emails(&site, "true"), ["before", "confirmed", "invited", "member", "left", "deleted"].map(at_x));
    site.visitor().get(&old).await.says("This link no longer works");
    let letters = "outbox_letter WHERE recipient IN ('asked@x.cl', 'quiet@x.cl', 'bounced@x.cl')";
    assert_eq!(site.database.values("count(*)", letters), ["0"]);
    let orphans = "verification WHERE identifier LIKE 'waitlist%' \
                   AND split_part(identifier, ':', 2) NOT IN (SELECT id::text FROM waitlist)";
    assert_eq!(site.database.values("count(*)", orphans), ["0"]);
    boss.post(&format!("{path}/undo"), &[]).await.has_status(409).says("Undone").leads_on();
    let acts = "audit_event WHERE action LIKE 'import%' ORDER BY id";
    assert_eq!(site.database.values("action", acts), ["import_checked", "import_started", "import_undone"]);
    // They may come back, and be imported again.
    let again = added(&boss, "confirmed", &list).await;
    let page = boss.get(&again).await;
    assert_eq!(report(&page), Report { lines: 8, first: 3, listed: 3, repeated: 0, invalid: 0, opted_out: 2 });
    boss.post(&format!("{again}/undo"), &[]).await.redirects_to(&again);
    is_done(&boss, &again).await.says("Removed later 3").says("Kept, because they have acted since 0");
}

#[tokio::test]
async fn the_rejects_of_a_long_list_are_found_without_reading_the_others() {
    let database = TestDatabase::migrated();
    database.execute(
        "INSERT INTO waitlist_import (id, state, made_at, locale) VALUES ('long', 'added', now(), 'es'); \
         INSERT INTO waitlist_import_line (import_id, line, typed_email, typed_role, outcome) \
         SELECT 'long', n, 'x', 'y', CASE WHEN n > 9998 THEN 'invalid' ELSE 'added' END FROM generate_series(1, 10000) AS n; \
         ANALYZE waitlist_import_line",
    );
    let read = database.connect().transaction(|conn| {
        let rejects = Reject::after(conn, &ImportId::from("long".to_owned()), 0, 20)?;
        assert_eq!(rejects.iter().map(|reject| reject.line).collect::<Vec<_>>(), [9_999, 10_000]);
        QueryResult::Ok(rows_read(conn, "waitlist_import_line"))
    });
    assert_eq!(read, Ok(2));
}

#[tokio::test]
async fn an_undone_import_keeps_those_to_whom_an_admin_did_something_together() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    let path = added(&boss, "confirmed", &list_of(["ana", "bea", "quiet"])).await;
    let ids = site.database.values("id", "waitlist WHERE email <> 'quiet@x.cl' ORDER BY id");
    let fields = [("act", "delete"), ("expected", "2"), ("id", ids[0].as_str()), ("id", ids[1].as_str())];
    let deletion = boss.post("/admin/waitlist/bulk", &fields).await.has_status(303).header("location").to_owned();
    boss.post(&format!("{deletion}/undo"), &[]).await.redirects_to("/admin/waitlist");
    boss.post(&format!("{path}/undo"), &[]).await.redirects_to(&path);
    is_done(&boss, &path).await.says("Removed later 1").says("Kept, because they have acted since 2");
    assert_eq!(emails(&site, "true"), ["ana@x.cl", "bea@x.cl"]);
}

#[tokio::test]
async fn who_comes_too_late_to_an_import_is_told_how_far_it_is() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    let path = import(&boss, "confirmed", &list_of(["ana"])).await;
    let page = is_done(&boss, &path).await;
    let [start, cancel] = ["start", "cancel"].map(|act| page.form(&format!("{path}/{act}")));
    boss.send(&start).await.redirects_to(&path);
    boss.get(&path).await.says("The places are being added.");
    is_done(&boss, &path).await.says("Added");
    let refused = boss.send(&cancel).await.has_status(409).says("That is no longer possible").leads_on();
    assert_eq!(refused.says("someone else was faster").texts(".badge"), ["Added"]);
    boss.send(&start).await.redirects_to(&path);
    let undo = boss.get(&path).await.form(&format!("{path}/undo"));
    boss.send(&undo).await.redirects_to(&path);
    boss.get(&path).await.says("The import is being undone.");
    is_done(&boss, &path).await.says("Undone");
    boss.send(&start).await.has_status(409).says("Undone");
    assert_eq!(emails(&site, "true"), [""; 0]);
    let jefa = site.spanish_visitor();
    jefa.log_in("boss@example.cl", crate::support::PASSWORD).await.redirects_to("/admin");
    jefa.post(&format!("{path}/cancel"), &[]).await.has_status(409).says("Eso ya no es").says("Deshecha");
    boss.post("/admin/waitlist/imports/x/start", &[]).await.has_status(404);
}

#[tokio::test]
async fn the_undo_of_a_deletion_leaves_out_whoever_went_with_their_import() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    let path = added(&boss, "ask", &list_of(["quiet", "confirmed", "changed", "taken", "there"])).await;
    let ids = site.database.values("id", "waitlist WHERE email = 'quiet@x.cl' AND locale = 'es'");
    let place = boss.get(&format!("/admin/waitlist/entries/{}", ids[0])).await;
    let told = place.says("Someone added this address by importing a list.").attribute(".sentence", "lang");
    assert_eq!(told.as_deref(), Some("en"), "what the page says itself is in its own language");
    site.database.execute("UPDATE waitlist SET confirmed_at = now() WHERE email = 'confirmed@x.cl'");
    while !emails(&site, "asked_at IS NULL").is_empty() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mail = site.mail("changed@x.cl").await.text;
    let (_, token) = mail.split_once("/waitlist/place?token=").unwrap();
    let change = [("token", token.split_whitespace().next().unwrap()), ("role", "organization")];
    site.visitor().post("/waitlist/place", &change).await.has_status(303);
    site.database.execute(
        "INSERT INTO waitlist_wave (state, made_at, next_at, counted_from) VALUES ('paused', now(), now(), now()); \
         INSERT INTO waitlist_invitation (wave_id, entry_id, role) \
         SELECT wave.id, entry.id, entry.role FROM waitlist_wave AS wave, waitlist AS entry WHERE email = 'taken@x.cl'",
    );
    let ids = site.database.values("id", "waitlist WHERE email <> 'there@x.cl' ORDER BY id");
    let fields: Vec<_> =
        ids.iter().map(|id| ("id", id.as_str())).chain([("act", "delete"), ("expected", "4")]).collect();
    let deletion = boss.post("/admin/waitlist/bulk", &fields).await.has_status(303).header("location").to_owned();
    boss.get(&path).await.says("undoing their deletion does not bring them back");
    boss.post(&format!("{path}/undo"), &[]).await.redirects_to(&path);
    is_done(&boss, &path).await.says("Removed later 1").says("Kept, because they have acted since 4");
    boss.post(&format!("{deletion}/undo"), &[]).await.redirects_to("/admin/waitlist");
    boss.get("/admin/waitlist").await.says("3 of 4 places restored").says("came with an import that was undone");
    let back = ["confirmed", "changed", "taken"].map(at_x);
    assert_eq!(emails(&site, "deleted_at IS NULL"), back, "to whom something had happened");
}

#[tokio::test]
async fn the_page_of_an_import_stops_loading_itself_when_it_is_asked_to() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    site.database.execute(
        "INSERT INTO waitlist_import (id, state, made_at, locale, lines, retry_at) \
         VALUES ('slow', 'checking', now(), 'es', 9, now() + interval '1 day')",
    );
    let path = "/admin/waitlist/imports/slow";
    let page = boss.get(path).await.has_status(200);
    assert!(page.attribute("meta[http-equiv=refresh]", "content").is_some());
    let stop = page.attribute("a[href$='refresh=off']", "href").unwrap();
    let still = boss.get(&stop).await.has_status(200).says("This page does not update itself.");
    assert_eq!(still.attribute("meta[http-equiv=refresh]", "content"), None);
    assert_eq!(still.attribute(&format!("main p a[href='{path}']"), "href").as_deref(), Some(path), "and starts again");
}

fn at_x(name: &str) -> String {
    format!("{name}@x.cl")
}

#[tokio::test]
async fn a_step_that_died_is_taken_up_where_it_was_by_any_replica() {
    let database = Arc::new(TestDatabase::migrated());
    let site = TestSite::on(Arc::clone(&database), &[]).await;
    let other = TestSite::on(Arc::clone(&database), &[]).await;
    let boss = site.admin("boss@example.cl").await;
    let list = list_of((0..9_000).map(|number| format!("p{number}")));
    let path = import(&boss, "confirmed", &list).await;
    is_done(&boss, &path).await;
    // While another holds it, as a process that is about to die does, nobody waits for it and nothing is done twice.
    let mut dying = database.connect();
    dying.batch_execute("BEGIN; SELECT FROM waitlist_import FOR UPDATE").unwrap();
    let id = path.rsplit('/').next().unwrap();
    let now = site.app.clock.now();
    let mut conn = database.connect();
    assert_eq!(import_batch::run_next(&mut conn, now, &site.app.keys).unwrap(), 0);
    drop(dying);
    boss.post(&format!("{path}/start"), &[]).await.redirects_to(&path);
    // A batch whose process died before its end left nothing behind.
    let died = conn.transaction::<(), _, _>(|conn| {
        import_batch::run(conn, now, &site.app.keys, &ImportId::from(id.to_owned()))?;
        Err(diesel::result::Error::RollbackTransaction)
    });
    assert!(died.is_err());
    let page = is_done(&boss, &path).await;
    assert_eq!(report(&page), Report { lines: 9_000, first: 9_000, listed: 0, repeated: 0, invalid: 0, opted_out: 0 });
    assert_eq!(database.values("count(*)", "waitlist"), ["9000"]);
    assert_eq!(database.values("outcome || ' ' || count(*)", "waitlist_import_line GROUP BY outcome"), ["added 9000"]);
    boss.post(&format!("{path}/undo"), &[]).await.redirects_to(&path);
    is_done(&boss, &path).await.says("Removed later 9,000");
    assert_eq!(
        database.values(
            "sum(entries)",
            "(SELECT entries FROM waitlist_total UNION ALL SELECT entries FROM waitlist_change) t"
        ),
        ["0"]
    );
    drop(other);
}

#[tokio::test]
async fn an_import_whose_batch_fails_each_time_holds_up_none_behind_it() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@x.cl").await;
    site.database.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 / 0; END $$; \
         CREATE TRIGGER refuse BEFORE INSERT ON waitlist FOR EACH ROW WHEN (new.email = 'broken@x.cl') EXECUTE FUNCTION refuse()",
    );
    let broken = import(&boss, "ask", &list_of(["broken"])).await;
    is_done(&boss, &broken).await;
    boss.post(&format!("{broken}/start"), &[]).await.redirects_to(&broken);
    added(&boss, "ask", &list_of(["ana", "bea"])).await;
    assert_eq!(site.database.values("count(*)", "waitlist"), ["2"]);
    site.database.execute("DROP TRIGGER refuse ON waitlist");
    site.app.clock.advance(TimeDelta::seconds(10));
    is_done(&boss, &broken).await.says("Added");
    assert_eq!(site.database.values("count(*)", "waitlist"), ["3"]);
}

#[tokio::test]
async fn a_step_of_waves_that_fails_each_time_holds_up_no_import() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@x.cl").await;
    site.database.execute("ALTER TABLE waitlist_wave RENAME TO lost");
    added(&boss, "ask", &list_of(["ana", "bea"])).await;
    assert_eq!(site.database.values("count(*)", "waitlist"), ["2"]);
}
