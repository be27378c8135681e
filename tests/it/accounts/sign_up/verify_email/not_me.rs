//! "It wasn't me": what it removes, what it leaves, and what the link says afterwards.

use super::signed_up;
use crate::support::{PASSWORD, TestSite};

/// Accounts of the old application whose addresses nobody verified: an organization with a member, and somebody alone.
const OLD: &str = r#"INSERT INTO "user" (id, email, name, "isEmailVerified", profession, type, "organizationId")
    VALUES ('lab', 'lab@example.cl', 'Laboratorio', NULL, 'x', 'organization', NULL),
           ('eva', 'eva@example.cl', 'Eva', true, 'x', 'employee', 'lab'),
           ('old', 'old@example.cl', 'Olga', NULL, 'x', 'employee', NULL)"#;

#[tokio::test]
async fn it_ends_what_waits_for_an_account_of_the_old_application_and_keeps_the_account() {
    let site = TestSite::start().await;
    site.database.execute(OLD);
    let rows = || site.database.values("to_jsonb(\"user\")", "\"user\" ORDER BY id");
    let before = rows();
    for email in ["lab@example.cl", "old@example.cl"] {
        let (eve, owner) = (site.visitor(), site.visitor());
        eve.post("/verify-email/resend", &[("email", email)]).await.redirects_to("/signup/check-email");
        let mail = site.mail(email).await;
        assert!(!mail.text.contains("signed up to"), "{}", mail.text);
        eve.sign_up("employee", email).await.redirects_to("/signup/check-email");
        let page = owner.get(&mail.link()).await.has_status(200).does_not_say("signed up to");
        page.clone().says("The account existed before that, and stays as it is.");
        owner.send(&page.form("/verify-email/not-me")).await.redirects_to("/");
        owner.get("/").await.says("The account with it stays as it was.");
    }
    assert_eq!(rows(), before);
    assert_eq!(site.database.values("count(*)", "verification"), ["0"]);
    site.visitor().log_in("lab@example.cl", PASSWORD).await.has_status(401);
}

#[tokio::test]
async fn it_says_in_spanish_that_an_older_account_stays() {
    let site = TestSite::start().await;
    site.database.execute(OLD);
    let owner = site.spanish_visitor();
    owner.post("/verify-email/resend", &[("email", "old@example.cl")]).await.redirects_to("/signup/check-email");
    let mail = site.mail("old@example.cl").await;
    assert!(!mail.text.contains("creó una cuenta"), "{}", mail.text);
    let page = owner.get(&mail.link()).await.says("La cuenta es más antigua y queda como está.");
    owner.send(&page.form("/verify-email/not-me")).await.redirects_to("/");
    owner.get("/").await.says("queda como estaba.");
}

/// What is left of an account that gave way: its letters, and what its events say of anybody.
fn left(site: &TestSite, email: &str) -> [Vec<String>; 2] {
    let letters = format!("outbox_letter WHERE recipient = '{email}' AND kind IN ('verify-email', 'reset-password')");
    let named = "audit_event WHERE NOT EXISTS (SELECT FROM \"user\" WHERE id = user_id) \
                 AND (ip_address IS NOT NULL OR user_agent IS NOT NULL OR details IS NOT NULL)";
    [site.database.values("kind", &letters), site.database.values("action", named)]
}

#[tokio::test]
async fn it_leaves_neither_letters_nor_events_that_name_anybody() {
    let site = TestSite::start().await;
    let mail = signed_up(&site, "ana@example.cl").await;
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let eve = site.visitor();
    eve.post("/password/forgot", &[("email", "ana@example.cl")]).await.redirects_to("/password/forgot/sent");
    site.deliver_mail().await;
    assert_eq!(left(&site, "ana@example.cl")[0].len(), 2, "the test proves nothing");
    site.visitor().post("/verify-email/not-me", &[("token", &mail.token())]).await.redirects_to("/");
    assert_eq!(left(&site, "ana@example.cl"), [Vec::<String>::new(), Vec::new()]);
    assert_eq!(site.database.values("kind", "outbox_letter"), ["waitlist-confirm"], "the place is another matter");
}

#[tokio::test]
async fn neither_does_a_sign_up_that_gives_way_to_a_change_of_address() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    signed_up(&site, "new@example.cl").await;
    let eve = site.visitor();
    eve.post("/password/forgot", &[("email", "new@example.cl")]).await.redirects_to("/password/forgot/sent");
    ana.post("/account/email", &[("email", "new@example.cl"), ("current_password", PASSWORD)]).await.has_status(303);
    let link = site.mail("new@example.cl").await.link();
    assert_eq!(left(&site, "new@example.cl")[0].len(), 2, "the test proves nothing");
    ana.press(&link).await.redirects_to("/account");
    assert_eq!(left(&site, "new@example.cl"), [Vec::<String>::new(), Vec::new()]);
}

#[tokio::test]
async fn a_link_that_said_so_tells_what_was_done_and_leads_on() {
    let site = TestSite::start().await;
    let mail = signed_up(&site, "ana@example.cl").await;
    let (ana, token) = (site.visitor(), mail.token());
    ana.post("/verify-email/not-me", &[("token", &token)]).await.redirects_to("/");
    let again = [("token", token.as_str())];
    for page in [
        ana.get(&mail.link()).await,
        ana.post("/verify-email", &again).await,
        ana.post("/verify-email/not-me", &again).await,
    ] {
        let page = page.has_status(410).says("You said that it wasn’t you").does_not_say("has expired");
        assert!(page.attribute(r#"main a[href="/signup"]"#, "href").is_some(), "{}", page.body);
    }
    site.spanish_visitor().get(&mail.link()).await.has_status(410).says("Dijiste que no fuiste tú");
    site.later(chrono::TimeDelta::minutes(11)).await;
    ana.get(&mail.link()).await.has_status(410).says("This link no longer works");
}
