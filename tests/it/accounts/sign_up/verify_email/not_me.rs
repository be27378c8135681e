//! "It wasn't me": what it removes, what it leaves, and what the link says afterwards.

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
        page.clone().says("The account is older than that: it stays as it is.");
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
