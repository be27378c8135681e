//! "It wasn't me": the link of a notice shuts everybody out, and leads its owner back in.

use chrono::TimeDelta;

use crate::support::page::Page;
use crate::support::smtp::Mail;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

/// Another password that no test refuses.
const NEW: &str = "boldo sobre la cordillera 9";
/// The password that somebody else sets.
const EVES: &str = "maqui bajo la araucaria 4";

/// Somebody who knows the password changes it; the notice that came.
async fn notice(site: &TestSite, email: &str) -> (Visitor, Mail) {
    let eve = site.visitor();
    eve.log_in(email, PASSWORD).await.redirects_to("/account");
    site.deliver_mail().await;
    let fields = [("current_password", PASSWORD), ("password", EVES)];
    eve.post("/account/password", &fields).await.redirects_to("/account");
    let mail = site.mail(email).await;
    assert!(mail.link().starts_with("/account/secure?token="), "{}", mail.text);
    (eve, mail)
}

#[tokio::test]
async fn everybody_is_out_the_password_is_gone_and_a_mail_leads_back() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let (eve, mail) = notice(&site, "ana@example.cl").await;
    let ana = site.visitor();
    ana.get(&mail.link()).await.has_status(200).says("Secure your account").says("ana@example.cl");
    ana.press(&mail.link()).await.redirects_to("/password/forgot/sent");
    let sent = ana.get("/password/forgot/sent").await.says("Your account is safe").says("Check your inbox");
    let lead = "We sent a link to choose a new password to ana@example.cl. It works for one hour.";
    assert_eq!(sent.texts(".lead"), [lead]);
    eve.get("/account").await.redirects_to("/login?next=%2Faccount");
    for password in [PASSWORD, EVES] {
        site.visitor().log_in("ana@example.cl", password).await.has_status(401);
    }
    let way_back = site.mail("ana@example.cl").await;
    assert_eq!(way_back.subject, "Choose a new password");
    let token = way_back.token();
    ana.post("/password/reset", &[("token", &token), ("password", NEW)]).await.redirects_to("/login");
    ana.log_in("ana@example.cl", NEW).await.redirects_to("/account");
}

#[tokio::test]
async fn it_is_told_in_spanish_too() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let (eve, mail) = notice(&site, "ana@example.cl").await;
    eve.post("/language", &[("lang", "es")]).await.has_status(303);
    let ana = site.spanish_visitor();
    ana.get(&mail.link()).await.has_status(200).says("Protege tu cuenta").says("Proteger mi cuenta");
    ana.press(&mail.link()).await.redirects_to("/password/forgot/sent");
    let sent = ana.get("/password/forgot/sent").await.says("Tu cuenta está a salvo").says("Revisa tu correo");
    let lead = "Enviamos un enlace para elegir una contraseña nueva a ana@example.cl. Sirve por una hora.";
    assert_eq!(sent.texts(".lead"), [lead]);
    assert_eq!(site.mail("ana@example.cl").await.subject, "Elige una contraseña nueva");
}

#[tokio::test]
async fn looking_at_the_link_changes_nothing_however_often() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let (eve, mail) = notice(&site, "ana@example.cl").await;
    let before = site.database.contents();
    for _ in 0..5 {
        let page = site.visitor().get(&mail.link()).await.has_status(200);
        assert_eq!(page.header("cache-control"), "no-store");
    }
    assert_eq!(site.database.contents(), before);
    eve.get("/account").await.has_status(200);
}

#[tokio::test]
async fn what_somebody_else_left_waiting_ends() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let (eve, mail) = notice(&site, "ana@example.cl").await;
    let fields = [("email", "eve@example.cl"), ("current_password", EVES)];
    eve.post("/account/email", &fields).await.redirects_to("/account/email");
    let takes = site.mail("eve@example.cl").await;
    site.visitor().press(&mail.link()).await.redirects_to("/password/forgot/sent");
    eve.get(&takes.link()).await.has_status(410);
    eve.post("/account/email/confirm", &[("token", &takes.token())]).await.has_status(410);
}

#[tokio::test]
async fn a_link_that_was_asked_for_before_ends_too() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let (eve, secures) = notice(&site, "ana@example.cl").await;
    eve.post("/password/forgot", &[("email", "ana@example.cl")]).await.redirects_to("/password/forgot/sent");
    let before = site.mail("ana@example.cl").await;
    site.visitor().press(&secures.link()).await.redirects_to("/password/forgot/sent");
    eve.get(&before.link()).await.has_status(410);
    site.visitor().get(&site.mail("ana@example.cl").await.link()).await.has_status(200);
}

#[tokio::test]
async fn the_browser_that_was_signed_in_is_so_no_longer_and_hears_why() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let (eve, mail) = notice(&site, "ana@example.cl").await;
    eve.press(&mail.link()).await.redirects_to("/password/forgot/sent");
    eve.get("/password/forgot/sent").await.has_status(200).says("Your account is safe").does_not_say("Ana Rojas");
}

fn leads_on(page: Page) -> Page {
    let page = page.has_status(410).says("This link no longer works");
    assert!(page.attribute(r#"main a[href="/password/forgot"]"#, "href").is_some());
    page
}

/// What a link that does not work answers, without the token, to a look and to the button.
async fn answers(site: &TestSite, token: &str) -> [String; 2] {
    let looked = site.visitor().get(&format!("/account/secure?token={token}")).await;
    let pressed = site.visitor().post("/account/secure", &[("token", token)]).await;
    [looked, pressed].map(|page| leads_on(page).body.replace(token, ""))
}

#[tokio::test]
async fn a_link_that_does_not_work_tells_nobody_why() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    for address in ["used@example.cl", "expired@example.cl", "fresh@example.cl"] {
        site.employee(address).await;
    }
    let (_, mail) = notice(&site, "used@example.cl").await;
    site.visitor().press(&mail.link()).await.redirects_to("/password/forgot/sent");
    let (used, resets) = (mail.token(), site.mail("used@example.cl").await.token());
    let expired = notice(&site, "expired@example.cl").await.1.token();
    site.app.clock.advance(TimeDelta::days(7));
    let fresh = notice(&site, "fresh@example.cl").await.1;
    let altered: String = fresh.token().chars().rev().collect();
    site.visitor().sign_up("employee", "waiting@example.cl").await.has_status(303);
    let verifies = site.mail("waiting@example.cl").await.token();
    let expected = answers(&site, &"A".repeat(43)).await;
    for token in [&used, &expired, &altered, &verifies, &resets, &"x".repeat(300)] {
        assert!(answers(&site, token).await == expected, "{token}");
    }
    site.visitor().log_in("expired@example.cl", EVES).await.redirects_to("/account");
    site.visitor().press(&fresh.link()).await.redirects_to("/password/forgot/sent");
}

#[tokio::test]
async fn it_opens_nothing_else() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let token = notice(&site, "ana@example.cl").await.1.token();
    for path in ["/verify-email", "/password/reset", "/account/email/confirm", "/account/email/undo"] {
        site.visitor().get(&format!("{path}?token={token}")).await.has_status(410).leads_on();
        site.visitor().post(path, &[("token", &token), ("password", NEW)]).await.has_status(410).leads_on();
    }
}

#[tokio::test]
async fn it_dies_when_the_address_changes() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let (ana, mail) = notice(&site, "ana@example.cl").await;
    let fields = [("email", "new@example.cl"), ("current_password", EVES)];
    ana.post("/account/email", &fields).await.redirects_to("/account/email");
    ana.press(&site.mail("new@example.cl").await.link()).await.redirects_to("/account");
    site.visitor().get(&mail.link()).await.has_status(410);
    site.visitor().post("/account/secure", &[("token", &mail.token())]).await.has_status(410);
    ana.get("/account").await.has_status(200);
}

#[tokio::test]
async fn one_notice_ends_the_others() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let fields = [("current_password", PASSWORD), ("password", NEW)];
    ana.post("/account/password", &fields).await.redirects_to("/account");
    let first = site.mail("ana@example.cl").await;
    let fields = [("current_password", NEW), ("password", EVES)];
    ana.post("/account/password", &fields).await.redirects_to("/account");
    let second = site.mail("ana@example.cl").await;
    site.visitor().press(&first.link()).await.redirects_to("/password/forgot/sent");
    site.visitor().get(&second.link()).await.has_status(410);
}

#[tokio::test]
async fn of_fifty_presses_at_once_exactly_one_secures_it() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    site.employee("ana@example.cl").await;
    let token = notice(&site, "ana@example.cl").await.1.token();
    let presses = (0..50).map(|_| {
        let (visitor, token) = (site.visitor(), token.clone());
        tokio::spawn(async move { visitor.post("/account/secure", &[("token", &token)]).await.status.as_u16() })
    });
    let mut statuses = Vec::new();
    for press in presses.collect::<Vec<_>>() {
        statuses.push(press.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses[0], 303);
    assert_eq!(statuses[1..], [410; 49]);
    let resets = site.mails("ana@example.cl").await.into_iter().filter(|mail| mail.text.contains("/password/reset"));
    assert_eq!(resets.count(), 1);
}

#[tokio::test]
async fn a_secured_account_has_no_password_to_change() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let (_, mail) = notice(&site, "ana@example.cl").await;
    site.visitor().press(&mail.link()).await.redirects_to("/password/forgot/sent");
    assert_eq!(site.database.values("password", "account"), ["NULL"]);
    assert_eq!(site.database.values("count(*)", "session"), ["0"]);
    let events = "audit_event WHERE action = 'account_secured' AND actor_id = user_id";
    assert_eq!(site.database.values("count(*)", events), ["1"]);
}
