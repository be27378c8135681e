//! The link by which a new address confirms itself.

use chrono::TimeDelta;

use crate::support::page::Page;
use crate::support::smtp::Mail;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

/// Asks for another address; the mail that it gets.
async fn asked(site: &TestSite, visitor: &Visitor, email: &str) -> Mail {
    let fields = [("email", email), ("current_password", PASSWORD)];
    visitor.post("/account/email", &fields).await.redirects_to("/account/email");
    site.mail(email).await
}

async fn confirm(visitor: &Visitor, token: &str) -> Page {
    visitor.post("/account/email/confirm", &[("token", token)]).await
}

#[tokio::test]
async fn the_account_has_the_new_address_and_stays_signed_in() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let mail = asked(&site, &ana, "new@example.cl").await;
    let page = ana.get(&mail.link()).await.has_status(200).says("Confirm your new email").says("new@example.cl");
    assert_eq!(page.header("cache-control"), "no-store");
    ana.press(&mail.link()).await.redirects_to("/account");
    ana.get("/account").await.has_status(200).says("Your email was changed.").says("new@example.cl");
    site.visitor().log_in("ana@example.cl", PASSWORD).await.has_status(401);
    site.visitor().log_in("new@example.cl", PASSWORD).await.redirects_to("/account");
    let events = "audit_event WHERE action LIKE 'email_change%' AND actor_id = user_id ORDER BY happened_at";
    assert_eq!(site.database.values("action", events), ["email_change_requested", "email_changed"]);
}

#[tokio::test]
async fn the_old_address_is_told_and_may_undo_it() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.press(&asked(&site, &ana, "new@example.cl").await.link()).await.redirects_to("/account");
    let mail = site.mail("ana@example.cl").await;
    assert_eq!(mail.subject, "Your account’s email was changed");
    assert!(mail.link().starts_with("/account/email/undo?token="), "{}", mail.text);
    assert!(mail.text.contains("72 hours") && mail.text.contains("127.0.0.1"), "{}", mail.text);
    assert!(!mail.raw.contains("new@example.cl"), "{}", mail.raw);
}

#[tokio::test]
async fn it_is_told_in_spanish_too() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let mail = asked(&site, &ana, "new@example.cl").await;
    ana.post("/language", &[("lang", "es")]).await.has_status(303);
    let phone = site.spanish_visitor();
    phone.get(&mail.link()).await.has_status(200).says("Confirma tu correo nuevo");
    phone.press(&mail.link()).await.redirects_to("/login");
    phone.get("/login").await.says("Tu correo cambió. Desde ahora ingresa con el nuevo.");
    let told = site.mail("ana@example.cl").await;
    assert_eq!(told.subject, "El correo de tu cuenta cambió");
    assert!(told.text.contains("72 horas"), "{}", told.text);
}

#[tokio::test]
async fn it_works_in_a_browser_that_is_not_signed_in_and_signs_nobody_in() {
    let site = TestSite::start().await;
    let (ana, phone) = (site.employee("ana@example.cl").await, site.visitor());
    let mail = asked(&site, &ana, "new@example.cl").await;
    phone.press(&mail.link()).await.redirects_to("/login");
    phone.get("/account").await.redirects_to("/login?next=%2Faccount");
    ana.get("/account").await.says("new@example.cl");
}

#[tokio::test]
async fn looking_at_the_link_changes_nothing_however_often() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let mail = asked(&site, &ana, "new@example.cl").await;
    let before = site.database.contents();
    for _ in 0..5 {
        site.visitor().get(&mail.link()).await.has_status(200);
    }
    assert_eq!(site.database.contents(), before);
}

fn leads_on(page: Page) -> Page {
    let page = page.has_status(410).says("This link no longer works");
    assert!(page.attribute(r#"main a[href="/account/email"]"#, "href").is_some());
    page
}

/// What a link that does not work answers, without the token, to a look and to the button.
async fn answers(site: &TestSite, token: &str) -> [String; 2] {
    let looked = site.visitor().get(&format!("/account/email/confirm?token={token}")).await;
    let pressed = confirm(&site.visitor(), token).await;
    [looked, pressed].map(|page| leads_on(page).body.replace(token, ""))
}

#[tokio::test]
async fn a_link_that_does_not_work_tells_nobody_why() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let (ana, luz) = (site.employee("ana@example.cl").await, site.employee("luz@example.cl").await);
    let used = asked(&site, &ana, "used@example.cl").await.token();
    confirm(&ana, &used).await.redirects_to("/account");
    let undoes = site.mail("ana@example.cl").await.token();
    let expired = asked(&site, &luz, "late@example.cl").await.token();
    site.app.clock.advance(TimeDelta::hours(24));
    ana.log_in("used@example.cl", PASSWORD).await.redirects_to("/account");
    let replaced = asked(&site, &ana, "replaced@example.cl").await.token();
    let fresh = asked(&site, &ana, "fresh@example.cl").await.token();
    let altered: String = fresh.chars().rev().collect();
    site.visitor().sign_up("employee", "waiting@example.cl").await.has_status(303);
    let verifies = site.mail("waiting@example.cl").await.token();
    let expected = answers(&site, &"A".repeat(43)).await;
    for token in [&used, &undoes, &expired, &replaced, &altered, &verifies, &"x".repeat(300)] {
        assert!(answers(&site, token).await == expected, "{token}");
    }
    confirm(&ana, &fresh).await.redirects_to("/account");
}

#[tokio::test]
async fn it_opens_nothing_else() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let token = asked(&site, &ana, "new@example.cl").await.token();
    for path in ["/verify-email", "/password/reset", "/account/secure", "/account/email/undo"] {
        site.visitor().get(&format!("{path}?token={token}")).await.has_status(410).leads_on();
        site.visitor().post(path, &[("token", &token), ("password", PASSWORD)]).await.has_status(410).leads_on();
    }
    assert_eq!(site.database.values("email", r#""user""#), ["ana@example.cl"]);
}

#[tokio::test]
async fn a_reset_ends_it() {
    let site = TestSite::start().await;
    let eve = site.employee("ana@example.cl").await;
    let mail = asked(&site, &eve, "eve@example.cl").await;
    let ana = site.visitor();
    ana.post("/password/forgot", &[("email", "ana@example.cl")]).await.redirects_to("/password/forgot/sent");
    let token = site.mail("ana@example.cl").await.token();
    let fields = [("token", token.as_str()), ("password", "boldo sobre la cordillera 9")];
    ana.post("/password/reset", &fields).await.redirects_to("/login");
    eve.get(&mail.link()).await.has_status(410);
    confirm(&eve, &mail.token()).await.has_status(410);
}

#[tokio::test]
async fn of_fifty_presses_at_once_exactly_one_confirms() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let ana = site.employee("ana@example.cl").await;
    let token = asked(&site, &ana, "new@example.cl").await.token();
    let presses = (0..50).map(|_| {
        let (visitor, token) = (site.visitor(), token.clone());
        tokio::spawn(async move { confirm(&visitor, &token).await.status.as_u16() })
    });
    let mut statuses = Vec::new();
    for press in presses.collect::<Vec<_>>() {
        statuses.push(press.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses[0], 303);
    assert_eq!(statuses[1..], [410; 49]);
}

#[tokio::test]
async fn two_accounts_that_confirm_one_address_at_once_do_not_both_get_it() {
    let site = TestSite::start().await;
    let (ana, luz) = (site.employee("ana@example.cl").await, site.employee("luz@example.cl").await);
    let (anas, luzs) = (asked(&site, &ana, "new@example.cl").await, asked(&site, &luz, "new@example.cl").await);
    let (anas, luzs) = (anas.token(), luzs.token());
    let (one, two) = tokio::join!(confirm(&ana, &anas), confirm(&luz, &luzs));
    let mut pages = [one, two];
    pages.sort_by_key(|page| page.status);
    let [won, lost] = pages;
    won.redirects_to("/account");
    lost.has_status(409).says("Another account uses this email").leads_on();
    let mut emails = site.database.values("email", r#""user""#);
    emails.sort();
    assert!(emails.contains(&"new@example.cl".to_owned()) && emails.len() == 2, "{emails:?}");
}

#[tokio::test]
async fn an_address_that_was_taken_meanwhile_is_a_page_that_says_so() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let mail = asked(&site, &ana, "new@example.cl").await;
    let luz = site.employee("new@example.cl").await;
    ana.press(&mail.link()).await.has_status(409).says("Another account uses this email").leads_on();
    site.spanish_visitor().press(&mail.link()).await.has_status(409).says("Otra cuenta ya usa este correo");
    let mut emails = site.database.values("email", r#""user""#);
    emails.sort();
    assert_eq!(emails, ["ana@example.cl", "new@example.cl"]);
    ana.get("/account").await.says("ana@example.cl");
    luz.get("/account").await.says("new@example.cl");
    let old = "audit_event WHERE action = 'email_changed'";
    assert_eq!(site.database.values("count(*)", old), ["0"]);
    assert_eq!(site.mails("ana@example.cl").await.len(), 1, "nothing to undo");
}

#[tokio::test]
async fn an_account_that_nobody_verified_gives_way_to_the_proof_of_the_mailbox() {
    let site = TestSite::start().await;
    let (ana, eve) = (site.employee("ana@example.cl").await, site.visitor());
    eve.sign_up("organization", "new@example.cl").await.redirects_to("/signup/check-email");
    let strangers = site.mail("new@example.cl").await;
    eve.sign_up_with("employee", "new@example.cl", "quillay sobre otro volcán").await.has_status(303);
    let mail = asked(&site, &ana, "new@example.cl").await;
    ana.press(&mail.link()).await.redirects_to("/account");
    ana.get("/account").await.says("new@example.cl").says("Job seeker");
    assert_eq!(site.database.values("email", r#""user""#), ["new@example.cl"]);
    eve.post("/verify-email", &[("token", &strangers.token())]).await.has_status(410);
    assert_eq!(site.database.values("count(*)", "verification WHERE identifier LIKE 'email-verification:%'"), ["0"]);
}

#[tokio::test]
async fn one_of_the_old_application_on_which_others_depend_stays() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    site.database.execute(
        r#"INSERT INTO "user" (id, email, "isEmailVerified", profession, type, "organizationId")
           VALUES ('lab', 'lab@example.cl', NULL, 'x', 'organization', NULL),
                  ('old', 'old@example.cl', true, 'x', 'employee', 'lab')"#,
    );
    let mail = asked(&site, &ana, "lab@example.cl").await;
    ana.press(&mail.link()).await.has_status(409).says("Another account uses this email").leads_on();
    assert_eq!(site.database.values("\"organizationId\"", r#""user" WHERE id = 'old'"#), ["lab"]);
}

#[tokio::test]
async fn a_promotion_to_admin_ends_it() {
    let site = TestSite::start().await;
    let eve = site.employee("ana@example.cl").await;
    let mail = asked(&site, &eve, "eve@example.cl").await;
    site.make_admin("ana@example.cl", "boldo sobre la cordillera 9");
    eve.get(&mail.link()).await.has_status(410);
    confirm(&eve, &mail.token()).await.has_status(410);
    assert_eq!(site.database.values("email", r#""user""#), ["ana@example.cl"]);
}

#[tokio::test]
async fn a_link_opened_where_another_account_is_signed_in_says_which_one_changed() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let mail = asked(&site, &ana, "new@example.cl").await;
    let eva = site.employee("eva@example.cl").await;
    eva.press(&mail.link()).await.redirects_to("/account");
    let page = eva.get("/account").await.says("The account’s email was changed to new@example.cl.");
    page.says("This browser is logged in as eva@example.cl.").does_not_say("Log in with the new one");
    site.visitor().log_in("new@example.cl", PASSWORD).await.redirects_to("/account");
}
