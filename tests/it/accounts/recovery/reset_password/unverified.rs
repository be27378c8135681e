//! A reset proves the mailbox: it opens an account that waits to be verified, to its owner and nobody else.

use super::{NEW, forgot, reset};
use crate::support::{PASSWORD, TestSite};

#[tokio::test]
async fn it_verifies_the_address() {
    let site = TestSite::start().await;
    site.visitor().sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    let verifies = site.mail("ana@example.cl").await;
    let ana = site.visitor();
    reset(&ana, &forgot(&site, "ana@example.cl").await.token(), NEW).await.redirects_to("/login");
    ana.log_in("ana@example.cl", PASSWORD).await.has_status(401);
    ana.log_in("ana@example.cl", NEW).await.redirects_to("/account");
    ana.get(&verifies.link()).await.has_status(410);
    let columns = r#"concat("isEmailVerified", ' ', "verificationToken" IS NULL, ' ', purge_at IS NULL)"#;
    assert_eq!(site.database.values(columns, r#""user""#), ["t t t"]);
}

#[tokio::test]
async fn it_is_the_way_out_when_several_signed_up_with_one_address() {
    let site = TestSite::start().await;
    let (eve, ana) = (site.visitor(), site.visitor());
    let mut mails = Vec::new();
    for (kind, password) in
        [("employee", PASSWORD), ("organization", "lluvia de la primera"), ("organization", "lluvia de la segunda")]
    {
        eve.sign_up_with(kind, "ana@example.cl", password).await.redirects_to("/signup/check-email");
        mails.push(site.mail("ana@example.cl").await);
    }
    // Whoever asks, the link gives effect to no sign-up by itself.
    ana.post("/verify-email/resend", &[("email", "ana@example.cl")]).await.redirects_to("/signup/check-email");
    assert_eq!(site.mails("ana@example.cl").await.len(), 4);
    let page = ana.get("/signup/check-email").await.says("that verifies your email too");
    assert!(page.attribute(r#"main a[href="/password/forgot"]"#, "href").is_some());
    reset(&ana, &forgot(&site, "ana@example.cl").await.token(), NEW).await.redirects_to("/login");
    for mail in &mails {
        eve.get(&mail.link()).await.has_status(410);
        eve.post("/verify-email", &[("token", &mail.token())]).await.has_status(410);
        eve.post("/verify-email/not-me", &[("token", &mail.token())]).await.has_status(410);
    }
    for password in [PASSWORD, "lluvia de la primera", "lluvia de la segunda"] {
        eve.log_in("ana@example.cl", password).await.has_status(401);
    }
    ana.log_in("ana@example.cl", NEW).await.redirects_to("/account");
    ana.get("/account").await.says("Job seeker");
    let pending = "verification WHERE identifier LIKE 'email-verification:%'";
    assert_eq!(site.database.values("count(*)", pending), ["0"]);
}

#[tokio::test]
async fn it_dies_when_the_address_is_verified_with_another_password() {
    let site = TestSite::start().await;
    let (eve, ana) = (site.visitor(), site.visitor());
    eve.sign_up("employee", "ana@example.cl").await.redirects_to("/signup/check-email");
    let token = forgot(&site, "ana@example.cl").await.token();
    ana.sign_up_with("employee", "ana@example.cl", NEW).await.redirects_to("/signup/check-email");
    let verifies = site.mail("ana@example.cl").await;
    ana.press(&verifies.link()).await.redirects_to("/account");
    reset(&site.visitor(), &token, PASSWORD).await.has_status(410);
}

/// Who an account is, as the table holds it.
const WHO: &str = "concat(name, ', ', type, ', ', profession, ', ', \"isEmailVerified\")";

#[tokio::test]
async fn it_asks_its_owner_who_the_account_is_for_and_takes_no_strangers_word() {
    let site = TestSite::start().await;
    let eve = [("name", "Zoraida"), ("email", "ana@example.cl"), ("profession", "Spy"), ("password", PASSWORD)];
    site.visitor().post("/signup/organization", &eve).await.redirects_to("/signup/check-email");
    let (ana, link) = (site.visitor(), forgot(&site, "ana@example.cl").await.link());
    let page = ana.get(&link).await.has_status(200).says("someone else may have created the account");
    let page = page.does_not_say("Zoraida").does_not_say("Spy");
    assert_eq!((page.value("name"), page.value("profession")), (String::new(), String::new()));
    let form = page.form("/password/reset").with("password", NEW);
    let refused = ana.send(&form).await.has_status(422);
    let problems = ["Choose what brings you here", "Enter your name"];
    assert_eq!(refused.texts(".notice.problem li a"), problems);
    let form = form.with("role", "admin").with("name", "Ana Rojas");
    let refused = ana.send(&form).await.has_status(422);
    assert_eq!(refused.value("name"), "Ana Rojas");
    assert_eq!(site.database.values(WHO, "\"user\""), ["Zoraida, organization, Spy, f"], "the link still works");
    let form = form.with("role", "employee").with("profession", "Biochemist");
    ana.send(&form).await.redirects_to("/login");
    ana.log_in("ana@example.cl", NEW).await.redirects_to("/account");
    ana.get("/account").await.says("Job seeker");
    assert_eq!(site.database.values(WHO, "\"user\""), ["Ana Rojas, employee, Biochemist, t"]);
}

#[tokio::test]
async fn it_asks_so_in_spanish_and_an_organization_needs_no_position() {
    let site = TestSite::start().await;
    site.visitor().sign_up("employee", "lab@example.cl").await.redirects_to("/signup/check-email");
    let (lab, link) = (site.spanish_visitor(), forgot(&site, "lab@example.cl").await.link());
    let page = lab.get(&link).await.says("otra persona pudo haber creado la cuenta");
    let form = page.form("/password/reset").with("password", NEW).with("name", "Laboratorio");
    lab.send(&form).await.has_status(422).says("Elige qué te trae por aquí");
    lab.send(&form.with("role", "organization")).await.redirects_to("/login");
    assert_eq!(site.database.values(WHO, "\"user\""), ["Laboratorio, organization, , t"]);
}

#[tokio::test]
async fn nobody_else_is_asked_and_no_field_changes_who_they_are() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    site.database.execute(
        r#"INSERT INTO "user" (id, email, name, "isEmailVerified", profession, type)
           VALUES ('old', 'old@example.cl', 'Olga', NULL, 'x', 'employee')"#,
    );
    for email in ["ana@example.cl", "old@example.cl"] {
        let (visitor, mail) = (site.visitor(), forgot(&site, email).await);
        let page = visitor.get(&mail.link()).await.has_status(200);
        assert_eq!(page.attribute("[name=name]", "id"), None);
        let form = page.form("/password/reset").with("password", NEW);
        let form = form.with("name", "Eve").with("role", "organization").with("profession", "Spy");
        visitor.send(&form).await.redirects_to("/login");
    }
    let rows = site.database.values(WHO, "\"user\" ORDER BY email");
    assert_eq!(rows, ["Ana Rojas, employee, Biochemist, t", "Olga, employee, x, t"]);
}
