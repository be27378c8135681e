//! The password that the page asks for in every browser that did not sign up.

use super::signed_up;
use crate::support::page::Page;
use crate::support::{PASSWORD, TestSite};

const OTHER: &str = "boldo sobre la cordillera 9";

#[tokio::test]
async fn the_page_asks_for_it_and_shows_the_address_but_nothing_that_a_stranger_typed() {
    let site = TestSite::start().await;
    let mail = signed_up(&site, "ana@example.cl").await;
    let page = site.visitor().get(&mail.link()).await.has_status(200).says("ana@example.cl");
    assert_eq!(page.value("password"), "");
    assert!(!page.texts(r#"form[action="/verify-email"] label[for=password]"#).is_empty(), "{}", page.body);
    let page = page.says("The password you chose when you created your account.");
    page.does_not_say("Ana Rojas").does_not_say("Biochemist").does_not_say("finding work");
    let spanish = site.spanish_visitor().get(&mail.link()).await.has_status(200);
    spanish.says("La contraseña que elegiste al crear tu cuenta.");
}

#[tokio::test]
async fn the_browser_that_signed_up_is_not_asked() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    ana.sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    let page = ana.get(&site.mail("ana@example.cl").await.link()).await.has_status(200);
    assert_eq!(page.attribute("[name=password]", "id"), None);
}

fn offers_a_new_password(page: &Page, email: &str) {
    let field = r#"form[action="/password/forgot"] [name=email]"#;
    assert_eq!(page.attribute(field, "value").as_deref(), Some(email), "{}", page.body);
}

#[tokio::test]
async fn a_wrong_one_is_a_page_that_offers_a_new_password_by_mail() {
    let site = TestSite::start().await;
    let mail = signed_up(&site, "ana@example.cl").await;
    let phone = site.visitor();
    let page = phone.verify(&mail.link(), OTHER).await.has_status(422);
    assert!(page.texts("#password-error")[0].contains("No account was created with this email and this password."));
    assert!(!page.body.contains(OTHER) && page.value("token") == mail.token(), "{}", page.body);
    offers_a_new_password(&page, "ana@example.cl");
    let page = site.spanish_visitor().verify(&mail.link(), OTHER).await.has_status(422);
    page.says("No se creó ninguna cuenta con este correo y esta contraseña.");
    phone.log_in("ana@example.cl", PASSWORD).await.has_status(403).says("not verified yet");
    phone.post("/password/forgot", &[("email", "ana@example.cl")]).await.redirects_to("/password/forgot/sent");
    let token = site.mail("ana@example.cl").await.token();
    phone.post("/password/reset", &[("token", &token), ("password", OTHER)]).await.redirects_to("/login");
    phone.log_in("ana@example.cl", OTHER).await.redirects_to("/account");
    phone.get(&mail.link()).await.has_status(410);
}

#[tokio::test]
async fn a_wrong_one_does_not_use_the_link_up() {
    let site = TestSite::start().await;
    let mail = signed_up(&site, "ana@example.cl").await;
    let phone = site.visitor();
    phone.verify(&mail.link(), OTHER).await.has_status(422);
    phone.verify(&mail.link(), PASSWORD).await.redirects_to("/login");
    let token = mail.token();
    phone.post("/verify-email", &[("token", &token), ("password", PASSWORD)]).await.has_status(410);
}

#[tokio::test]
async fn an_empty_one_is_asked_for() {
    let site = TestSite::start().await;
    let mail = signed_up(&site, "ana@example.cl").await;
    let page = site.visitor().verify(&mail.link(), "").await.has_status(422);
    assert_eq!(page.texts("#password-error"), ["Error: Enter your password"]);
    offers_a_new_password(&page, "ana@example.cl");
}

#[tokio::test]
async fn of_two_sign_ups_with_the_same_one_the_newest_takes_effect() {
    let site = TestSite::start().await;
    let first = signed_up(&site, "ana@example.cl").await;
    site.visitor().sign_up("organization", "ana@example.cl").await.redirects_to("/signup/check-email");
    let phone = site.visitor();
    phone.verify(&first.link(), PASSWORD).await.redirects_to("/login");
    phone.get("/login").await.says("your organization’s account is ready");
    phone.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    phone.get("/account").await.says("Organization account");
}

#[tokio::test]
async fn guesses_count_like_failed_log_ins_and_a_right_one_does_not() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    ana.sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    let mail = site.mail("ana@example.cl").await;
    let phone = site.visitor_from("127.0.0.9");
    for _ in 0..3 {
        phone.verify(&mail.link(), OTHER).await.has_status(422);
    }
    phone.log_in("ana@example.cl", OTHER).await.has_status(401);
    phone.verify(&mail.link(), PASSWORD).await.redirects_to("/login");
    phone.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    phone.log_out().await.redirects_to("/");
    let tablet = site.visitor_from("127.0.0.9");
    tablet.log_in("ana@example.cl", OTHER).await.has_status(401);
    tablet.log_in("ana@example.cl", OTHER).await.has_status(429);
}

#[tokio::test]
async fn too_many_guesses_wait_and_the_browser_that_signed_up_goes_on() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    ana.sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    let mail = site.mail("ana@example.cl").await;
    let phone = site.visitor();
    for _ in 0..5 {
        phone.verify(&mail.link(), OTHER).await.has_status(422);
    }
    let refused = phone.verify(&mail.link(), PASSWORD).await.has_status(429).leads_on();
    assert!(!refused.header("retry-after").is_empty());
    ana.press(&mail.link()).await.redirects_to("/account");
}

#[tokio::test]
async fn an_account_without_one_is_led_to_a_mail_that_sets_one() {
    let site = TestSite::start().await;
    site.database.execute(
        r#"INSERT INTO "user" (id, email, "isEmailVerified", profession, type)
           VALUES ('old', 'old@example.cl', NULL, 'x', 'employee')"#,
    );
    let ana = site.visitor();
    ana.post("/verify-email/resend", &[("email", "old@example.cl")]).await.has_status(303);
    let link = site.mail("old@example.cl").await.link();
    let page = ana.get(&link).await.has_status(200).says("This account has no password yet.");
    assert_eq!(page.attribute("[name=password]", "id"), None);
    offers_a_new_password(&page, "old@example.cl");
    let fields = [("token", page.value("token")), ("password", PASSWORD.to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let pressed = ana.post("/verify-email", &fields).await.has_status(422).says("This account has no password yet.");
    offers_a_new_password(&pressed, "old@example.cl");
    ana.post("/password/forgot", &[("email", "old@example.cl")]).await.redirects_to("/password/forgot/sent");
    let token = site.mail("old@example.cl").await.token();
    ana.post("/password/reset", &[("token", &token), ("password", PASSWORD)]).await.redirects_to("/login");
    ana.log_in("old@example.cl", PASSWORD).await.redirects_to("/account");
}

#[tokio::test]
async fn an_organization_of_the_old_application_stays_one_while_it_has_members() {
    let site = TestSite::start().await;
    site.database.execute(
        r#"INSERT INTO "user" (id, email, "isEmailVerified", profession, type, "organizationId")
           VALUES ('lab', 'lab@example.cl', NULL, 'x', 'organization', NULL),
                  ('old', 'old@example.cl', true, 'x', 'employee', 'lab')"#,
    );
    let lab = site.visitor();
    lab.sign_up("employee", "lab@example.cl").await.redirects_to("/signup/check-email");
    lab.press(&site.mail("lab@example.cl").await.link()).await.redirects_to("/account");
    lab.get("/organization/members").await.has_status(200).says("old@example.cl");
}

#[tokio::test]
async fn what_the_link_did_is_told_where_another_account_is_signed_in() {
    let site = TestSite::start().await;
    let eva = site.employee("eva@example.cl").await;
    site.visitor().sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    eva.verify(&site.mail("ana@example.cl").await.link(), PASSWORD).await.redirects_to("/login");
    eva.get("/login").await.redirects_to("/account");
    eva.get("/account").await.says("You can log in now.").says("eva@example.cl");
}
