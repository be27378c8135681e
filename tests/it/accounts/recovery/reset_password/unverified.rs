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
    let page = ana.get("/signup/check-email").await.says("that verifies your address too");
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
    ana.get("/account").await.says("Account for finding work");
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
