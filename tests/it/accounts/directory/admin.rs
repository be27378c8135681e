//! Admins, as the command line makes and unmakes them, and whom their pages refuse.

use biovity::accounts::directory::admin::{self, Made, Revoked};
use biovity::values::email_address::EmailAddress;

use crate::support::{PASSWORD, TestSite};

const NEW: &str = "araucaria en la niebla 9";

fn revoke(site: &TestSite, email: &str) -> Revoked {
    let address = EmailAddress::parse(email).unwrap();
    admin::revoke(&mut site.database.connect(), site.app.clock.now(), &address).unwrap()
}

#[tokio::test]
async fn an_admin_logs_in_to_the_admin_pages() {
    let site = TestSite::start().await;
    assert!(!admin::exists(&mut site.database.connect()).unwrap());
    assert_eq!(site.make_admin("Boss@Example.cl", NEW), Made::New);
    assert!(admin::exists(&mut site.database.connect()).unwrap());
    let boss = site.visitor();
    boss.log_in("boss@example.cl", NEW).await.redirects_to("/admin");
    boss.get("/admin").await.has_status(200);
    boss.get("/admin/waitlist").await.has_status(200);
    boss.get("/login").await.redirects_to("/admin");
    boss.get("/account").await.says("Admin account");
    boss.post("/login", &[("email", "boss@example.cl"), ("password", NEW), ("next", "/admin/waitlist")])
        .await
        .redirects_to("/admin/waitlist");
}

#[tokio::test]
async fn a_promoted_account_has_the_new_password_and_its_sessions_have_ended() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.get("/admin").await.has_status(404);
    assert_eq!(site.make_admin("ana@example.cl", NEW), Made::Promoted);
    assert_eq!(site.database.values("count(*)", "session"), ["0"]);
    ana.get("/admin").await.redirects_to("/login?next=%2Fadmin");
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    ana.get("/account").await.redirects_to("/login?next=%2Faccount");
    ana.log_in("ana@example.cl", PASSWORD).await.has_status(401);
    ana.log_in("ana@example.cl", NEW).await.redirects_to("/admin");
}

#[tokio::test]
async fn an_account_that_waited_to_be_verified_is_promoted_for_good() {
    let site = TestSite::start().await;
    let eve = site.visitor();
    eve.sign_up("employee", "boss@example.cl").await.redirects_to("/signup/check-email");
    eve.sign_up("organization", "boss@example.cl").await.redirects_to("/signup/check-email");
    let mails = site.mails("boss@example.cl").await;
    assert_eq!(site.make_admin("boss@example.cl", NEW), Made::Promoted);
    for mail in mails {
        eve.post("/verify-email", &[("token", &mail.token())]).await.has_status(410);
        eve.post("/verify-email/not-me", &[("token", &mail.token())]).await.has_status(410);
    }
    eve.log_in("boss@example.cl", PASSWORD).await.has_status(401);
    site.visitor().log_in("boss@example.cl", NEW).await.redirects_to("/admin");
}

#[tokio::test]
async fn a_promoted_account_is_not_called_as_a_stranger_chose_who_signed_up_with_its_address() {
    let site = TestSite::start().await;
    site.visitor().sign_up("employee", "boss@example.cl").await.redirects_to("/signup/check-email");
    site.database.execute("UPDATE \"user\" SET avatar = 'https://elsewhere.example/eve.png'");
    site.employee("ana@example.cl").await;
    for email in ["boss@example.cl", "ana@example.cl"] {
        assert_eq!(site.make_admin(email, NEW), Made::Promoted);
    }
    let row = "concat(name, ', ', profession, ', ', avatar)";
    let rows = site.database.values(row, "\"user\" ORDER BY email DESC");
    assert_eq!(rows, ["boss, , ", "Ana Rojas, Biochemist, "], "whose address is verified keeps the own name");
    let boss = site.visitor();
    boss.log_in("boss@example.cl", NEW).await.redirects_to("/admin");
    boss.get("/account").await.has_status(200).does_not_say("Ana Rojas");
}

#[tokio::test]
async fn a_deactivated_account_that_is_promoted_may_log_in() {
    let site = TestSite::start().await;
    let (boss, _) = (site.admin("boss@example.cl").await, site.employee("ana@example.cl").await);
    let id = site.database.values("id", r#""user" WHERE email = 'ana@example.cl'"#).remove(0);
    boss.post(&format!("/admin/users/{id}/deactivate"), &[]).await.has_status(303);
    assert_eq!(site.make_admin("ana@example.cl", NEW), Made::Promoted);
    site.visitor().log_in("ana@example.cl", NEW).await.redirects_to("/admin");
    assert_eq!(site.database.values("count(*)", r#""user" WHERE deactivated_by IS NOT NULL"#), ["0"]);
}

#[tokio::test]
async fn a_promotion_ends_every_link_that_was_sent_before() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let eve = site.employee("first@example.cl").await;
    let mut links = Vec::new();
    let change = async |to| {
        let fields = [("email", to), ("current_password", PASSWORD)];
        eve.post("/account/email", &fields).await.redirects_to("/account/email");
        site.mail(to).await.link()
    };
    let moves = change("ana@example.cl").await;
    eve.press(&moves).await.redirects_to("/account");
    links.push(site.mail("first@example.cl").await.link());
    eve.post("/password/forgot", &[("email", "ana@example.cl")]).await.redirects_to("/password/forgot/sent");
    links.push(site.mail("ana@example.cl").await.link());
    links.push(change("eve@example.cl").await);
    for link in &links {
        site.visitor().get(link).await.has_status(200);
    }
    assert_eq!(site.make_admin("ana@example.cl", NEW), Made::Promoted);
    for link in &links {
        let (path, token) = link.split_once("?token=").unwrap();
        site.visitor().get(link).await.has_status(410);
        site.visitor().post(path, &[("token", token), ("password", PASSWORD)]).await.has_status(410);
    }
    assert_eq!(site.database.values("email", r#""user""#), ["ana@example.cl"]);
}

#[tokio::test]
async fn the_owner_of_a_promoted_account_is_told_and_may_secure_it() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    assert_eq!(site.make_admin("ana@example.cl", NEW), Made::Promoted);
    let mail = site.mail("ana@example.cl").await;
    assert_eq!(mail.subject, "Your account is now an admin account");
    assert!(mail.link().starts_with("/account/secure?token="), "{}", mail.text);
    let owner = site.visitor();
    owner.press(&mail.link()).await.redirects_to("/password/forgot/sent");
    owner.log_in("ana@example.cl", NEW).await.has_status(401);
    assert_eq!(site.make_admin("new@example.cl", NEW), Made::New);
    assert!(site.mails("new@example.cl").await.is_empty(), "who had no account has nothing to fear");
}

#[tokio::test]
async fn the_owner_is_told_in_spanish_too() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await.post("/language", &[("lang", "es")]).await.has_status(303);
    assert_eq!(site.make_admin("ana@example.cl", NEW), Made::Promoted);
    let mail = site.mail("ana@example.cl").await;
    assert_eq!(mail.subject, "Tu cuenta ahora es de administración");
    assert!(mail.text.contains("No sé nada de esto, proteger mi cuenta"), "{}", mail.text);
}

#[tokio::test]
async fn a_revoked_admin_is_an_employee_whose_sessions_have_ended() {
    let site = TestSite::start().await;
    let (boss, _) = (site.admin("boss@example.cl").await, site.admin("second@example.cl").await);
    assert_eq!(revoke(&site, "BOSS@example.cl"), Revoked::Done);
    boss.get("/admin").await.redirects_to("/login?next=%2Fadmin");
    boss.log_in("boss@example.cl", PASSWORD).await.redirects_to("/account");
    boss.get("/admin").await.has_status(404);
}

#[tokio::test]
async fn who_becomes_an_admin_and_who_is_one_no_more_is_on_the_record() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    site.make_admin("boss@example.cl", NEW);
    assert_eq!(site.make_admin("ana@example.cl", NEW), Made::Promoted);
    assert_eq!(revoke(&site, "ana@example.cl"), Revoked::Done);
    let recorded = "audit_event JOIN \"user\" AS concerned ON concerned.id = user_id WHERE action LIKE '%admin%' AND actor_id IS NULL \
                    ORDER BY happened_at, audit_event.id";
    let events = site.database.values("action || ' ' || email", recorded);
    assert_eq!(events, ["made_admin boss@example.cl", "made_admin ana@example.cl", "admin_revoked ana@example.cl"]);
}

#[tokio::test]
async fn an_admin_who_leaves_does_not_count_as_another_one() {
    let site = TestSite::start().await;
    for email in ["boss@example.cl", "second@example.cl"] {
        site.make_admin(email, NEW);
    }
    site.database
        .execute(r#"UPDATE "user" SET purge_at = now() + interval '7 days' WHERE email = 'second@example.cl'"#);
    assert_eq!(revoke(&site, "boss@example.cl"), Revoked::LastAdmin);
    assert_eq!(site.make_admin("second@example.cl", NEW), Made::Promoted, "and stays");
    assert_eq!(revoke(&site, "boss@example.cl"), Revoked::Done);
}

#[tokio::test]
async fn the_last_admin_stays() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    assert_eq!(revoke(&site, "boss@example.cl"), Revoked::LastAdmin);
    site.admin("second@example.cl").await;
    site.database.execute(r#"UPDATE "user" SET "isActive" = false WHERE email = 'second@example.cl'"#);
    assert_eq!(revoke(&site, "boss@example.cl"), Revoked::LastAdmin, "the other one cannot log in");
    assert_eq!(revoke(&site, "second@example.cl"), Revoked::Done);
    boss.get("/admin").await.has_status(200);
}

#[tokio::test]
async fn only_an_admin_can_be_revoked() {
    let site = TestSite::start().await;
    site.admin("boss@example.cl").await;
    site.employee("ana@example.cl").await;
    assert_eq!(revoke(&site, "ana@example.cl"), Revoked::NoAdmin);
    assert_eq!(revoke(&site, "nobody@example.cl"), Revoked::NoAdmin);
}

#[tokio::test]
async fn two_admins_who_are_revoked_at_once_do_not_both_go() {
    let site = TestSite::start().await;
    for email in ["one@example.cl", "two@example.cl"] {
        assert_eq!(site.make_admin(email, NEW), Made::New);
    }
    let revocation = |email: &'static str| {
        let now = site.app.clock.now();
        site.app.db.write(move |conn| admin::revoke(conn, now, &EmailAddress::parse(email).unwrap()))
    };
    for _ in 0..5 {
        let (one, two) = tokio::join!(revocation("one@example.cl"), revocation("two@example.cl"));
        let gone = [one.unwrap(), two.unwrap()].into_iter().filter(|done| *done == Revoked::Done).count();
        assert_eq!(gone, 1);
        for email in ["one@example.cl", "two@example.cl"] {
            assert_eq!(site.make_admin(email, NEW), Made::Promoted);
        }
    }
}

#[tokio::test]
async fn everything_below_admin_refuses_guests_and_plain_users() {
    let site = TestSite::start().await;
    let (guest, ana) = (site.visitor(), site.employee("ana@example.cl").await);
    for path in ["/admin", "/admin/waitlist", "/admin/nowhere", "/admin/a/b/c"] {
        let encoded: String = form_urlencoded::byte_serialize(path.as_bytes()).collect();
        guest.get(path).await.redirects_to(&format!("/login?next={encoded}"));
        let page = ana.get(path).await.has_status(404);
        assert_eq!(page.text(), ana.get("/nowhere").await.text(), "{path}");
        guest.post(path, &[]).await.was_sent_too_late(path);
        ana.post(path, &[]).await.has_status(404);
    }
    let lab = site.visitor();
    lab.sign_up("organization", "lab@example.cl").await.has_status(303);
    lab.press(&site.mail("lab@example.cl").await.link()).await.redirects_to("/account");
    lab.get("/admin").await.has_status(404);
}

#[tokio::test]
async fn an_admin_without_a_password_does_not_stand_in_for_the_last_one() {
    let site = TestSite::start().await;
    for email in ["boss@example.cl", "old@example.cl"] {
        site.make_admin(email, PASSWORD);
    }
    site.database
        .execute("DELETE FROM account USING \"user\" WHERE user_id = \"user\".id AND email = 'old@example.cl'");
    assert_eq!(revoke(&site, "boss@example.cl"), Revoked::LastAdmin);
    assert_eq!(revoke(&site, "old@example.cl"), Revoked::Done);
    site.database.execute("UPDATE account SET password = NULL");
    assert_eq!(revoke(&site, "boss@example.cl"), Revoked::LastAdmin, "nobody else is an admin");
}
