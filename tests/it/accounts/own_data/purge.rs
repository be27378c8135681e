//! The purge: whom it erases, when, and that nothing of them stays.

use biovity::audit::event;
use biovity::server::erasure;
use chrono::TimeDelta;

use crate::support::pictures::photo;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

mod names;
mod race;

/// What the sweep of this moment erases.
fn sweep(site: &TestSite) -> usize {
    erasure::sweep(&mut site.database.connect(), site.app.clock.now(), &site.app.keys).unwrap()
}

async fn deleted(site: &TestSite, email: &str) -> Visitor {
    let visitor = site.employee(email).await;
    visitor.post("/account/delete", &[("email", email), ("password", PASSWORD)]).await.redirects_to("/");
    visitor
}

fn users(site: &TestSite) -> Vec<String> {
    site.database.values("email", r#""user" ORDER BY email"#)
}

/// The tables that hold this word, in any column.
fn tables_with(site: &TestSite, word: &str) -> Vec<String> {
    site.database.contents().into_iter().filter(|(_, rows)| rows.contains(word)).map(|(table, _)| table).collect()
}

#[tokio::test]
async fn a_deleted_account_is_erased_after_seven_days_and_not_before() {
    let site = TestSite::start().await;
    let ana = deleted(&site, "ana@example.cl").await;
    site.employee("eva@example.cl").await;
    site.later(TimeDelta::days(7) - TimeDelta::minutes(1)).await;
    assert_eq!(sweep(&site), 0);
    site.later(TimeDelta::minutes(1)).await;
    assert_eq!(sweep(&site), 1);
    assert_eq!(users(&site), ["eva@example.cl"]);
    ana.log_in("ana@example.cl", PASSWORD).await.has_status(401);
}

#[tokio::test]
async fn nothing_that_names_an_erased_account_stays_in_any_table() {
    let site = TestSite::start().await;
    let place = site.visitor();
    place.join("ana@example.cl", "employee").await.has_status(303);
    place.press(&site.mail("ana@example.cl").await.link()).await.has_status(303);
    let ana = site.employee("ana@example.cl").await;
    let id = site.database.values("id", r#""user""#).concat();
    ana.sign_up("employee", "ana@example.cl").await.has_status(303);
    let fields = [("name", "Ana Rojas"), ("profession", "Biochemist")];
    ana.upload("/account", &fields, ("avatar", photo())).await.redirects_to("/account");
    ana.post("/account/delete", &[("email", "ana@example.cl"), ("password", PASSWORD)]).await.redirects_to("/");
    site.later(TimeDelta::hours(2)).await;
    ana.log_in("ana@example.cl", PASSWORD).await.has_status(403);
    site.deliver_mail().await;
    // A mail that the relay did not take yet.
    site.later(TimeDelta::hours(2)).await;
    ana.log_in("ana@example.cl", PASSWORD).await.has_status(403);
    assert!(tables_with(&site, "ana@example.cl").len() >= 3, "the test proves nothing");
    site.later(TimeDelta::days(7)).await;
    assert_eq!(sweep(&site), 1);
    for word in ["ana@example.cl", "Ana Rojas", "Biochemist", "127.0.0.1", "Mozilla"] {
        assert_eq!(tables_with(&site, word), Vec::<String>::new(), "{word}");
    }
    assert_eq!(tables_with(&site, &id), ["audit_event", "viewer_change"], "the opaque id alone");
    let named = "ip_address IS NOT NULL OR user_agent IS NOT NULL OR details IS NOT NULL";
    assert_eq!(site.database.values("count(*)", &format!("audit_event WHERE {named}")), ["0"]);
    for table in [r#""user""#, "account", "avatar", "session", "verification", "outbox_letter", "waitlist"] {
        assert_eq!(site.database.values("count(*)", table), ["0"], "{table}");
    }
}

#[tokio::test]
async fn the_addresses_that_it_had_before_are_forgotten_too() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.post("/account/email", &[("email", "new@example.cl"), ("current_password", PASSWORD)]).await.has_status(303);
    ana.press(&site.mail("new@example.cl").await.link()).await.redirects_to("/account");
    ana.post("/account/delete", &[("email", "new@example.cl"), ("password", PASSWORD)]).await.redirects_to("/");
    site.deliver_mail().await;
    site.later(TimeDelta::days(7)).await;
    assert_eq!(sweep(&site), 1);
    for address in ["ana@example.cl", "new@example.cl"] {
        assert_eq!(tables_with(&site, address), Vec::<String>::new(), "{address}");
    }
}

#[tokio::test]
async fn whoever_has_an_address_now_keeps_what_was_mailed_to_it() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.post("/account/email", &[("email", "new@example.cl"), ("current_password", PASSWORD)]).await.has_status(303);
    ana.press(&site.mail("new@example.cl").await.link()).await.redirects_to("/account");
    site.employee("ana@example.cl").await;
    let mails = || {
        site.database.values("count(*)", "outbox_letter WHERE recipient = 'ana@example.cl' AND kind = 'verify-email'")
    };
    let before = mails();
    ana.post("/account/delete", &[("email", "new@example.cl"), ("password", PASSWORD)]).await.redirects_to("/");
    site.later(TimeDelta::days(7)).await;
    assert_eq!(sweep(&site), 1);
    assert_eq!((users(&site), mails()), (vec!["ana@example.cl".to_owned()], before));
}

#[tokio::test]
async fn whoever_named_an_erased_account_names_it_no_more() {
    let site = TestSite::start().await;
    let lab = site.organization("lab@example.cl").await;
    for email in ["ana@example.cl", "eva@example.cl"] {
        lab.post("/organization/members", &[("email", email)]).await.redirects_to("/organization/members");
    }
    site.deliver_mail().await;
    deleted(&site, "ana@example.cl").await;
    site.later(TimeDelta::days(7)).await;
    assert_eq!(sweep(&site), 1);
    assert_eq!(tables_with(&site, "ana@example.cl"), Vec::<String>::new());
    let invited = "audit_event WHERE action = 'invited' ORDER BY happened_at";
    assert_eq!(site.database.values("details ->> 'email'", invited), ["NULL", "eva@example.cl"]);
    lab.log_in("lab@example.cl", PASSWORD).await.redirects_to("/account");
    lab.get("/account/activity").await.has_status(200).says("Invitation sent").says("eva@example.cl");
}

#[tokio::test]
async fn no_line_of_an_import_keeps_the_address_of_an_erased_account() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    let list = b"email,role\nANA@example.cl,employee\neva@example.cl,employee\n".to_vec();
    let fields = [("language", "es"), ("confirmation", "ask")];
    boss.upload("/admin/waitlist/imports", &fields, ("list", list)).await.has_status(303);
    site.lists_are_staged().await;
    let lines = || site.database.values("email", "waitlist_import_line ORDER BY line");
    assert_eq!(lines(), ["ana@example.cl", "eva@example.cl"]);
    deleted(&site, "ana@example.cl").await;
    site.later(TimeDelta::days(7)).await;
    assert_eq!(sweep(&site), 1);
    assert_eq!(lines(), ["eva@example.cl"]);
    for typed in ["ana@example.cl", "ANA@example.cl"] {
        assert_eq!(tables_with(&site, typed), Vec::<String>::new(), "{typed}");
    }
    assert_eq!(site.database.values("length(key)", "waitlist_erased"), ["64"], "no import brings it back");
}

#[tokio::test]
async fn others_keep_everything_when_an_account_is_erased() {
    let site = TestSite::start().await;
    for email in ["eva@example.cl", "ana@example.cl"] {
        site.visitor().join(email, "employee").await.has_status(303);
    }
    site.employee("eva@example.cl").await;
    site.deliver_mail().await;
    let held = |table: &str| {
        let rows = site.database.contents()[table].lines().map(str::to_owned).collect::<Vec<_>>();
        rows.into_iter().filter(|row| !row.contains("now")).collect::<Vec<_>>()
    };
    let tables = ["user", "account", "session", "verification", "outbox_letter", "waitlist", "audit_event"];
    let before: Vec<_> = tables.map(held).into();
    deleted(&site, "ana@example.cl").await;
    site.later(TimeDelta::days(7)).await;
    assert_eq!(sweep(&site), 1);
    for (table, rows) in tables.iter().zip(before) {
        let after = held(table);
        let lost: Vec<_> = rows.iter().filter(|row| !row.contains("ana@") && !after.contains(row)).collect();
        let lost: Vec<_> = lost.into_iter().filter(|row| *table != "verification" || row.contains("eva")).collect();
        assert!(lost.is_empty(), "{table}: {lost:?}");
    }
}

#[tokio::test]
async fn whoever_joined_with_the_address_of_an_erased_account_may_come_back() {
    let site = TestSite::start().await;
    deleted(&site, "ana@example.cl").await;
    site.later(TimeDelta::days(7)).await;
    assert_eq!(sweep(&site), 1);
    site.employee("ana@example.cl").await.get("/account").await.has_status(200);
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
}

#[tokio::test]
async fn an_account_that_is_never_verified_is_erased_after_seven_days() {
    let site = TestSite::start().await;
    site.visitor().sign_up("employee", "ana@example.cl").await.has_status(303);
    site.deliver_mail().await;
    site.later(TimeDelta::days(7) - TimeDelta::minutes(1)).await;
    assert_eq!(sweep(&site), 0);
    site.later(TimeDelta::minutes(1)).await;
    assert_eq!(sweep(&site), 1);
    assert_eq!(tables_with(&site, "ana@example.cl"), Vec::<String>::new());
    site.employee("ana@example.cl").await;
}

#[tokio::test]
async fn every_verification_mail_gives_it_seven_more_days() {
    let site = TestSite::start().await;
    site.visitor().sign_up("employee", "ana@example.cl").await.has_status(303);
    site.later(TimeDelta::days(6)).await;
    site.visitor().post("/verify-email/resend", &[("email", "ana@example.cl")]).await.has_status(303);
    site.later(TimeDelta::days(6)).await;
    assert_eq!(sweep(&site), 0);
    site.visitor().sign_up("employee", "ana@example.cl").await.has_status(303);
    site.later(TimeDelta::days(6)).await;
    assert_eq!(sweep(&site), 0);
    site.later(TimeDelta::days(1)).await;
    assert_eq!(sweep(&site), 1);
}

#[tokio::test]
async fn a_verified_account_is_never_erased_unasked() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    site.visitor().sign_up("employee", "boss@example.cl").await.has_status(303);
    site.make_admin("boss@example.cl", PASSWORD);
    site.later(TimeDelta::days(400)).await;
    assert_eq!(sweep(&site), 0);
    assert_eq!(users(&site), ["ana@example.cl", "boss@example.cl"]);
}

#[tokio::test]
async fn an_unverified_account_of_the_old_application_stays() {
    let site = TestSite::start().await;
    site.database.execute(
        r#"INSERT INTO "user" (id, email, "isEmailVerified", profession, type)
           VALUES ('old', 'old@example.cl', false, 'x', 'employee'), ('older', 'Older@example.cl', NULL, 'x', 'employee')"#,
    );
    // Not even when a stranger asks for a mail in its name.
    site.visitor().post("/verify-email/resend", &[("email", "old@example.cl")]).await.has_status(303);
    site.visitor().sign_up("employee", "older@example.cl").await.has_status(303);
    site.later(TimeDelta::days(400)).await;
    assert_eq!(sweep(&site), 0);
    assert_eq!(users(&site).len(), 2);
}

#[tokio::test]
async fn a_stranger_who_signs_up_with_an_address_takes_nothing_from_its_owner() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    ana.join("ana@example.cl", "employee").await.has_status(303);
    let place = site.mail("ana@example.cl").await;
    site.visitor().sign_up("employee", "ana@example.cl").await.has_status(303);
    site.deliver_mail().await;
    let mails = || site.database.values("count(*)", "outbox_letter WHERE kind = 'waitlist-confirm'");
    assert_eq!(mails(), ["1"]);
    site.later(TimeDelta::days(7)).await;
    assert_eq!(sweep(&site), 1);
    assert_eq!(site.database.values("email", "waitlist"), ["ana@example.cl"]);
    assert_eq!(mails(), ["1"]);
    ana.press(&place.link()).await.has_status(303);
}

#[tokio::test]
async fn members_that_an_organization_managed_to_the_last_stay() {
    let site = TestSite::start().await;
    let (lab, _) = (site.organization("lab@example.cl").await, site.employee("ana@example.cl").await);
    lab.post("/account/delete", &[("email", "lab@example.cl"), ("password", PASSWORD)]).await.redirects_to("/");
    // As the old application, which knows of no deletion, leaves them.
    site.database.execute(
        r#"UPDATE "user" SET "organizationId" = (SELECT id FROM "user" WHERE email = 'lab@example.cl')
           WHERE email = 'ana@example.cl'"#,
    );
    site.later(TimeDelta::days(7)).await;
    assert_eq!(sweep(&site), 1);
    assert_eq!(site.database.values(r#"email || coalesce("organizationId", '')"#, r#""user""#), ["ana@example.cl"]);
}

#[tokio::test]
async fn a_batch_is_a_thousand_accounts() {
    let site = TestSite::start().await;
    site.database.execute(
        r#"INSERT INTO "user" (id, email, profession, type, purge_at)
           SELECT i, i || '@example.cl', 'x', 'employee', now() - interval '1 day' FROM generate_series(1, 1001) AS i"#,
    );
    assert_eq!((sweep(&site), sweep(&site), sweep(&site)), (1_000, 1, 0));
}

#[tokio::test]
async fn activity_is_forgotten_after_a_year() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let held = || site.database.values("count(*)", "audit_event").concat().parse::<usize>().unwrap();
    let events = held();
    assert!(events > 0);
    let sweep = |days| {
        let at = site.app.clock.now() + TimeDelta::days(days);
        event::sweep(&mut site.database.connect(), at).unwrap()
    };
    assert_eq!((sweep(364), held()), (0, events));
    assert_eq!((sweep(366), held()), (events, 0));
}
