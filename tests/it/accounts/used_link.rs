//! A link that was used a moment ago, opened where another account is signed in.

use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

const NEW: &str = "otra-Frase larga 2026";

/// The page says whose link it is not, and leads nobody to an account that the link had nothing to do with.
async fn is_told_apart(other: &Visitor, link: &str, promise: &str) {
    let page = other.get(link).await.has_status(410).leads_on().does_not_say(promise);
    page.says("This link was for another account").says("This browser is logged in as luz@example.cl.");
}

#[tokio::test]
async fn a_used_link_never_speaks_of_the_account_of_somebody_else() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let luz = site.employee("luz@example.cl").await;
    let ana = site.visitor();
    ana.sign_up("employee", "ana@example.cl").await.has_status(303);
    let verification = site.mail("ana@example.cl").await.link();
    ana.press(&verification).await.has_status(303);
    is_told_apart(&luz, &verification, "your account is ready").await;
    ana.get(&verification).await.has_status(410).says("your account is ready");

    ana.post("/account/email", &[("email", "ana.r@example.cl"), ("current_password", PASSWORD)]).await.has_status(303);
    let change = site.mail("ana.r@example.cl").await.link();
    ana.press(&change).await.has_status(303);
    is_told_apart(&luz, &change, "Your email was changed").await;
    let undo = site.mail("ana@example.cl").await.link();
    ana.press(&undo).await.has_status(303);
    is_told_apart(&luz, &undo, "Your account has its email again").await;

    site.visitor().post("/password/forgot", &[("email", "ana@example.cl")]).await.has_status(303);
    let mail = site.mail("ana@example.cl").await;
    ana.post("/password/reset", &[("token", &mail.token()), ("password", NEW)]).await.redirects_to("/login");
    is_told_apart(&luz, &mail.link(), "Your password was changed").await;
    ana.log_in("ana@example.cl", NEW).await.has_status(303);
    ana.get(&mail.link()).await.has_status(410).says("Your password was changed.").does_not_say("another account");

    ana.post("/account/delete", &[("email", "ana@example.cl"), ("password", NEW)]).await.has_status(303);
    let cancel = site.mail("ana@example.cl").await.link();
    site.visitor().press(&cancel).await.has_status(303);
    is_told_apart(&luz, &cancel, "Your account stays").await;
    luz.post("/language", &[("lang", "es")]).await.has_status(303);
    luz.get(&cancel).await.says("Este enlace era de otra cuenta y ya se usó. En este navegador ingresaste como");
}

#[tokio::test]
async fn who_undoes_a_sign_up_by_the_same_link_says_so_to_nobody_else() {
    let site = TestSite::start().await;
    let luz = site.employee("luz@example.cl").await;
    site.visitor().sign_up("employee", "ana@example.cl").await.has_status(303);
    let mail = site.mail("ana@example.cl").await;
    site.visitor().post("/verify-email/not-me", &[("token", &mail.token())]).await.has_status(303);
    is_told_apart(&luz, &mail.link(), "You said that it wasn’t you").await;
}
