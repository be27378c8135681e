//! Every way in which a text may name an erased account or place.

use chrono::TimeDelta;

use super::{deleted, sweep};
use crate::support::TestSite;
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
    assert_eq!(site.database.values("details ->> 'count'", kept), ["1"], "only the filter is gone");
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
