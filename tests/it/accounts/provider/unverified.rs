//! Accounts of the old application whose address nobody verified, which a stranger's provider opens.

use std::time::Duration;

use biovity::accounts::user::password::Password;
use biovity::db::Memory;
use diesel::connection::SimpleConnection;

use super::connection_list::connect;
use super::{begin, finish, log_in, sign_up};
use crate::support::issuer::Issuer;
use crate::support::{PASSWORD, TestSite};

const NEW: &str = "boldo sobre la cordillera 9";

/// One of Ana's address, to which a stranger connected who `ana-there` is at the provider.
async fn site(issuer: &Issuer) -> TestSite {
    let site = TestSite::with_provider(&issuer.url).await;
    site.database.execute(
        r#"INSERT INTO "user" (id, email, name, "isEmailVerified", profession, type)
           VALUES ('old', 'ana@example.cl', 'Ana', NULL, 'x', 'employee');
           INSERT INTO account (id, user_id, provider, provideraccountid, created_at, updated_at)
           VALUES ('theirs', 'old', 'oidc', 'ana-there', now(), now())"#,
    );
    site
}

/// The stranger is nobody's any more, and the history tells who ended that.
async fn stays_out(site: &TestSite, actor: &str) {
    log_in(&site.visitor(), "oidc").await.redirects_to("/signup/finish");
    let event = "audit_event WHERE action = 'provider_disconnected' AND user_id = 'old'";
    assert_eq!(site.database.values("details->>'provider'", event), ["oidc"]);
    assert_eq!(site.database.values("coalesce(actor_id, '')", event), [actor]);
}

#[tokio::test]
async fn a_new_password_by_mail_disconnects_what_a_stranger_connected() {
    let issuer = Issuer::start();
    let site = site(&issuer).await;
    let ana = site.visitor();
    log_in(&site.visitor(), "oidc").await.has_status(403).says("not verified yet");
    ana.post("/password/forgot", &[("email", "ana@example.cl")]).await.has_status(303);
    let fields = [("token", site.mail("ana@example.cl").await.token()), ("password", NEW.to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    ana.post("/password/reset", &fields).await.redirects_to("/login");
    ana.log_in("ana@example.cl", NEW).await.redirects_to("/account");
    stays_out(&site, "old").await;
}

#[tokio::test]
async fn so_does_the_link_that_verifies_the_address() {
    let issuer = Issuer::start();
    let site = site(&issuer).await;
    let hash = Password::typed(PASSWORD).hash(&mut Memory::new()).unwrap();
    site.database.execute(&format!(
        "INSERT INTO account (id, user_id, provider, provideraccountid, created_at, updated_at, password)
         VALUES ('own', 'old', 'credential', 'old', now(), now(), '{}')",
        hash.as_str()
    ));
    let ana = site.visitor();
    ana.post("/verify-email/resend", &[("email", "ana@example.cl")]).await.has_status(303);
    ana.verify(&site.mail("ana@example.cl").await.link(), PASSWORD).await.redirects_to("/login");
    stays_out(&site, "old").await;
}

#[tokio::test]
async fn so_does_the_operator_who_makes_it_an_admins() {
    let issuer = Issuer::start();
    let site = site(&issuer).await;
    site.make_admin("ana@example.cl", NEW);
    site.database.execute("UPDATE \"user\" SET type = 'employee'");
    stays_out(&site, "").await;
}

#[tokio::test]
async fn a_sign_up_whose_provider_opens_another_account_since_does_not_take_effect() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.visitor();
    log_in(&ana, "oidc").await.redirects_to("/signup/finish");
    finish(&ana).await.redirects_to("/signup/check-email");
    let form = ana.get(&site.mail("ana@gmail.com").await.link()).await.form("/verify-email");
    let ben = site.employee("ben@example.cl").await;
    connect(&ben, "oidc").await.redirects_to("/account/providers");
    ana.send(&form).await.has_status(409).says("account is connected to another Biovity account").leads_on();
    let verified = "\"user\" WHERE \"isEmailVerified\"";
    assert_eq!(site.database.values("email", verified), ["ben@example.cl"]);
}

#[tokio::test]
async fn a_provider_starts_no_session_for_whoever_became_an_admin_meanwhile() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = sign_up(&site).await;
    ana.log_out().await.redirects_to("/");
    let back = begin(&ana, "google").await;
    let mut operator = site.database.connect();
    operator.batch_execute("BEGIN; UPDATE \"user\" SET type = 'admin'").unwrap();
    let waits = tokio::spawn(async move { ana.get(&back).await });
    let waiting = "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while site.database.values("count(*)", waiting) == ["0"] {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    operator.batch_execute("COMMIT").unwrap();
    waits.await.unwrap().says("You could not be logged in");
    assert_eq!(site.database.values("count(*)", "session"), ["0"]);
}
