//! Erasing a place.

use super::place::place;
use crate::support::TestSite;

#[tokio::test]
async fn erasing_leaves_a_hash_and_nothing_that_names_its_owner() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let place = place(&site, &ana, "employee").await;
    let token = place.split_once("token=").unwrap().1;
    ana.post("/waitlist/place", &[("token", token), ("role", "organization")]).await.redirects_to(&place);
    let page = ana.get(&place).await.has_status(200);
    assert!(!page.texts("details form button").is_empty(), "it takes two steps");
    ana.post("/waitlist/erase", &[("token", token)]).await.redirects_to("/");
    ana.get("/").await.has_status(200).says("were erased");
    for (table, rows) in site.database.contents() {
        assert!(!rows.to_lowercase().contains("ana@example.cl"), "{table}: {rows}");
        assert!(table != "audit_event" || !rows.contains("127.0.0.1") && !rows.contains("Mozilla"), "{rows}");
    }
    for table in ["waitlist", "outbox_letter", "verification"] {
        assert!(site.database.values("1", table).is_empty(), "{table}");
    }
    assert_eq!(site.database.values("length(key)", "waitlist_erased"), ["64"]);
    assert_eq!(site.database.values("action", "audit_event ORDER BY id"), ["entry_role_changed", "entry_erased"]);
    ana.get(&place).await.has_status(410).leads_on().says("The place was erased").does_not_say("pressed the button");
    ana.post("/waitlist/erase", &[("token", token)]).await.has_status(410).leads_on();
}

#[tokio::test]
async fn no_line_of_an_import_keeps_the_address_of_an_erased_place() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let place = place(&site, &ana, "employee").await;
    let boss = site.admin("boss@example.cl").await;
    let list = b"email,role,note\nANA@example.cl,employee,\neva@example.cl,employee,or Ana@Example.cl\n\
                 Ana <ana@example.cl>,employee,\n"
        .to_vec();
    let fields = [("language", "es"), ("confirmation", "ask")];
    boss.upload("/admin/waitlist/imports", &fields, ("list", list)).await.has_status(303);
    site.lists_are_staged().await;
    let lines = || site.database.values("email", "waitlist_import_line ORDER BY line");
    assert_eq!(lines(), ["ana@example.cl", "eva@example.cl", "NULL"]);
    ana.post("/waitlist/erase", &[("token", place.split_once("token=").unwrap().1)]).await.redirects_to("/");
    assert_eq!(lines(), ["eva@example.cl", "NULL"]);
    for (table, rows) in site.database.contents() {
        assert!(!rows.to_lowercase().contains("ana@example.cl"), "{table}: {rows}");
    }
}

#[tokio::test]
async fn an_account_with_the_address_keeps_its_mails() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let place = place(&site, &ana, "employee").await;
    ana.sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    ana.post("/waitlist/erase", &[("token", place.split_once("token=").unwrap().1)]).await.redirects_to("/");
    assert_eq!(site.database.values("kind", "outbox_letter"), ["verify-email"]);
    ana.press(&site.mail("ana@example.cl").await.link()).await.redirects_to("/account");
}

#[tokio::test]
async fn whoever_was_erased_may_come_back_and_is_remembered_no_more_once_confirmed() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let place = place(&site, &ana, "employee").await;
    ana.post("/waitlist/erase", &[("token", place.split_once("token=").unwrap().1)]).await.redirects_to("/");
    ana.join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    assert_eq!(site.database.values("1", "waitlist_erased").len(), 1, "anybody may have typed the address");
    ana.press(&site.mail("ana@example.cl").await.link()).await.has_status(303);
    assert!(site.database.values("1", "waitlist_erased").is_empty());
}
