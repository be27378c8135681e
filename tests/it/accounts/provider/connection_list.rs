//! What opens an account: connecting and disconnecting a provider.

use biovity::server;
use chrono::TimeDelta;
use serde_json::json;

use super::{back, log_in, sign_up};
use crate::support::issuer::Issuer;
use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

const PAGE: &str = "/account/providers";

/// Presses "Connect" and comes back from the provider.
pub async fn connect(visitor: &Visitor, provider: &str) -> Page {
    let form = visitor.get(PAGE).await.has_status(200).form(&format!("{PAGE}/{provider}/connect"));
    let page = visitor.send(&form).await.has_status(200);
    visitor.get(&back(provider, &page.attribute("main a.button", "href").unwrap())).await
}

/// Presses "Disconnect".
pub async fn disconnect(visitor: &Visitor, provider: &str) -> Page {
    let form = visitor.get(PAGE).await.has_status(200).form(&format!("{PAGE}/{provider}/disconnect"));
    visitor.send(&form).await
}

#[tokio::test]
async fn an_owner_connects_and_disconnects_a_provider_and_is_told_by_mail() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.employee("ana@example.cl").await;
    connect(&ana, "oidc").await.redirects_to(PAGE);
    let mail = site.mail("ana@example.cl").await;
    assert_eq!(mail.subject, "A new way to log in to your account");
    assert!(mail.text.contains("you can also log in to Biovity with Our log-in."), "{}", mail.text);
    let elsewhere = site.visitor();
    log_in(&elsewhere, "oidc").await.redirects_to("/account");
    disconnect(&ana, "oidc").await.redirects_to(PAGE);
    elsewhere.get(PAGE).await.redirects_to("/login?next=%2Faccount%2Fproviders");
    ana.get(PAGE).await.has_status(200).says("Your other devices are logged out");
    let mails = site.mails("ana@example.cl").await;
    assert!(mails.iter().any(|mail| mail.subject == "A way to log in was removed"));
    let page = ana.get("/account/activity").await.says("Way to log in added: Our log-in");
    page.says("Way to log in removed: Our log-in").says("Logged in on a new device: Our log-in");
    let admin = site.admin("boss@example.cl").await;
    let id = site.database.values("id", "\"user\" WHERE email = 'ana@example.cl'").concat();
    admin.get(&format!("/admin/users/{id}")).await.says("Way to log in added: Our log-in");
    admin.get("/admin/audit?action=provider_connected").await.says("Provider: Our log-in").does_not_say("oidc");
    elsewhere.log_out().await;
    log_in(&elsewhere, "oidc").await.redirects_to("/signup/finish");
}

#[tokio::test]
async fn the_last_way_in_stays_and_what_opens_another_account_is_refused() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = sign_up(&site).await;
    let page = ana.get(PAGE).await.says("the only way into your account");
    assert_eq!(page.attribute("form[action$=disconnect]", "action"), None);
    let page = ana.post(&format!("{PAGE}/google/disconnect"), &[]).await.has_status(409);
    assert_eq!(page.says("the only way into your account").language("es").fields[0].1, PAGE);
    let ben = site.employee("ben@example.cl").await;
    connect(&ben, "google").await.has_status(409).says("is connected to another Biovity account");
    issuer.say(|said| said.claims = json!({ "sub": "ben-there" }));
    connect(&ben, "google").await.redirects_to(PAGE);
}

#[tokio::test]
async fn securing_the_account_closes_what_a_stranger_connected() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.employee("ana@example.cl").await;
    connect(&ana, "oidc").await.redirects_to(PAGE);
    site.visitor().press(&site.mail("ana@example.cl").await.link()).await.has_status(303);
    log_in(&site.visitor(), "oidc").await.redirects_to("/signup/finish");
}

#[tokio::test]
async fn the_file_the_admins_page_and_the_deletion_tell_of_it() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.employee("ana@example.cl").await;
    connect(&ana, "oidc").await.redirects_to(PAGE);
    let file = ana.get("/account/export").await.has_status(200).json();
    let logs_in_with = file["logs_in_with"].as_array().unwrap();
    let of_provider = logs_in_with.iter().find(|way| way["provider"] == "oidc").unwrap();
    assert_eq!(of_provider["provider_account_id"], "ana-there");
    assert_eq!(of_provider["issuer"], issuer.url.as_str());
    let admin = site.admin("boss@example.cl").await;
    let id = site.database.values("id", "\"user\" WHERE email = 'ana@example.cl'").concat();
    admin.get(&format!("/admin/users/{id}")).await.says("Ways to log in").says("Our log-in");
    ana.get("/account/delete").await.says("which providers open the account");
    ana.get("/privacy").await.says("If you log in with another provider");
    let fields = [("email", "ana@example.cl"), ("password", PASSWORD)];
    ana.post("/account/delete", &fields).await.has_status(303);
    let mails = site.mails("ana@example.cl").await;
    assert!(mails.iter().any(|mail| mail.text.contains("with your password or with another provider")));
    site.later(TimeDelta::days(8)).await;
    server::jobs::sweep_once(&site.app).await;
    assert!(site.database.values("id", "account WHERE provideraccountid = 'ana-there'").is_empty());
}

#[tokio::test]
async fn no_admin_connects_a_provider() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let admin = site.admin("admin@example.cl").await;
    admin.get(PAGE).await.has_status(404);
    admin.post(&format!("{PAGE}/oidc/connect"), &[]).await.has_status(404);
}

#[tokio::test]
async fn an_account_without_a_password_gets_one_before_it_is_asked_for_it() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = sign_up(&site).await;
    let no_password = "Your account has no password. Ask for a link to choose one.";
    for page in ["/account/delete", "/account/second-factor", "/account/password", "/account/email"] {
        ana.get(page).await.redirects_to("/password/forgot");
        ana.get("/password/forgot").await.says(no_password);
    }
    site.app.clock.advance(TimeDelta::minutes(11));
    ana.get("/account/second-factor").await.redirects_to("/reauth?next=%2Faccount%2Fsecond-factor");
    ana.get("/reauth?next=%2Faccount%2Fsecond-factor").await.says("Ask for a link to choose one").leads_on();
    let form = ana.get("/password/forgot").await.form("/password/forgot");
    ana.send(&form).await.redirects_to("/password/forgot/sent");
    let form = ana.get(&site.mail("ana@gmail.com").await.link()).await.form("/password/reset");
    let next = "/login?next=%2Faccount%2Fproviders";
    ana.send(&form.with("password", PASSWORD)).await.redirects_to(next);
    ana.log_in("ana@gmail.com", PASSWORD).await.redirects_to("/account");
    ana.get("/account/delete").await.has_status(200);
}

#[tokio::test]
async fn a_provider_that_the_operator_unset_is_listed_and_can_be_disconnected() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.employee("ana@example.cl").await;
    site.database.execute(
        "INSERT INTO account (id, user_id, provider, provideraccountid, created_at, updated_at)
         SELECT 'old', id, 'git.hub', 'ana-there', now(), now() FROM \"user\"",
    );
    ana.get(PAGE).await.has_status(200).says("git.hub").says("Nobody can log in with it at the moment");
    let page = ana.get(PAGE).await;
    let action = page.attribute("form[action*='~']", "action").unwrap();
    ana.send(&page.form(&action)).await.redirects_to(PAGE);
    ana.get(PAGE).await.says("Done: git.hub no longer").does_not_say("Nobody can log in with it at the moment");
    assert_eq!(site.database.values("provider", "account"), ["credential"]);
    ana.post(&format!("{PAGE}/elsewhere/disconnect"), &[]).await.has_status(404);
}

#[tokio::test]
async fn securing_the_account_says_so_and_the_history_tells_of_each_provider() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.employee("ana@example.cl").await;
    connect(&ana, "oidc").await.redirects_to(PAGE);
    let fields = [("current_password", PASSWORD), ("password", "boldo sobre la cordillera 9")];
    ana.post("/account/password", &fields).await.redirects_to("/account");
    let mail = site.mail("ana@example.cl").await;
    assert!(mail.text.contains("every other way to log in"), "{}", mail.text);
    assert!(mail.text.contains("Still opens your account: Our log-in"), "{}", mail.text);
    ana.get(&mail.link()).await.says("so does every other way to log in");
    site.visitor().press(&mail.link()).await.redirects_to("/password/forgot/sent");
    let event = "audit_event WHERE action = 'provider_disconnected'";
    assert_eq!(site.database.values("details->>'provider'", event), ["oidc"]);
}

#[tokio::test]
async fn a_new_password_by_mail_names_the_providers_that_still_open_the_account() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.employee("ana@example.cl").await;
    connect(&ana, "oidc").await.redirects_to(PAGE);
    ana.log_out().await.redirects_to("/");
    ana.post("/password/forgot", &[("email", "ana@example.cl")]).await.has_status(303);
    let form = ana.get(&site.mail("ana@example.cl").await.link()).await.form("/password/reset");
    let next = "/login?next=%2Faccount%2Fproviders";
    ana.send(&form.with("password", "boldo sobre la cordillera 9")).await.redirects_to(next);
    ana.get(next).await.says("This still opens your account as well: Our log-in.");
    let mail = site.mail("ana@example.cl").await;
    let told = format!("Still opens your account: Our log-in: {}{PAGE}", site.base_url);
    assert!(mail.text.contains(&told), "{}", mail.text);
}

#[tokio::test]
async fn the_same_subject_of_another_issuer_is_another_one() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.employee("ana@example.cl").await;
    connect(&ana, "oidc").await.redirects_to(PAGE);
    let form = ana.get(PAGE).await.form(&format!("{PAGE}/oidc/disconnect"));
    site.database.execute("UPDATE account SET issuer = 'https://elsewhere.example' WHERE provider = 'oidc'");
    let start = ana.post(&format!("{PAGE}/oidc/connect"), &[]).await.has_status(200);
    let page = ana.get(&back("oidc", &start.attribute("main a.button", "href").unwrap())).await;
    page.has_status(409).says("Another Our log-in account is connected");
    ana.send(&form).await.redirects_to(PAGE);
    connect(&ana, "oidc").await.redirects_to(PAGE);
}

#[tokio::test]
async fn a_form_whose_effect_was_undone_since_has_it_again() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.employee("ana@example.cl").await;
    connect(&ana, "oidc").await.redirects_to(PAGE);
    let form = ana.get(PAGE).await.form(&format!("{PAGE}/oidc/disconnect"));
    for _ in 0..2 {
        ana.send(&form).await.redirects_to(PAGE);
    }
    connect(&ana, "oidc").await.redirects_to(PAGE);
    ana.send(&form).await.redirects_to(PAGE);
    ana.get(PAGE).await.says("Our log-in no longer opens your account");
    assert_eq!(site.database.values("provider", "account"), ["credential"]);
}

#[tokio::test]
async fn what_asks_for_the_password_is_not_content_with_a_provider() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.employee("ana@example.cl").await;
    connect(&ana, "oidc").await.redirects_to(PAGE);
    let form = ana.get(PAGE).await.form(&format!("{PAGE}/google/connect"));
    ana.log_out().await;
    log_in(&ana, "oidc").await.redirects_to("/account");
    ana.get("/account/second-factor").await.redirects_to("/reauth?next=%2Faccount%2Fsecond-factor");
    let page = ana.post(&form.action, &[]).await.has_status(303);
    assert!(page.header("location").starts_with("/reauth"), "{}", page.header("location"));
    let form = ana.get("/reauth?next=%2Faccount%2Fsecond-factor").await.form("/reauth");
    ana.send(&form.with("password", PASSWORD)).await.redirects_to("/account/second-factor");
    ana.get("/account/second-factor").await.has_status(200);
    // Nothing else can be asked of who has no password.
    issuer.say(|said| said.claims = json!({ "sub": "eva-there", "email": "eva@gmail.com" }));
    let eva = sign_up(&site).await;
    eva.log_out().await;
    log_in(&eva, "google").await.redirects_to("/account");
    issuer.say(|said| said.claims = json!({ "sub": "eva-elsewhere" }));
    connect(&eva, "oidc").await.redirects_to(PAGE);
}

#[tokio::test]
async fn who_has_no_password_proves_to_be_there_still_by_the_provider() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = sign_up(&site).await;
    site.app.clock.advance(TimeDelta::minutes(11));
    ana.get("/account/export").await.redirects_to("/reauth?next=%2Faccount%2Fexport");
    let page = ana.get("/reauth?next=%2Faccount%2Fexport").await.has_status(200).says("Is it still you?");
    assert_eq!(page.texts(".providers a"), ["Continue with Google"], "only what opens the account");
    let link = page.attribute(".providers a", "href").unwrap();
    let asked = ana.get(&link).await.has_status(303);
    assert!(asked.header("location").contains("prompt=select_account"), "{}", asked.header("location"));
    // Somebody else there is nobody here.
    let way_back = back("google", asked.header("location"));
    let now = site.app.clock.now().timestamp();
    let claims = json!({ "sub": "another", "email": "another@gmail.com", "iat": now, "exp": now + 300 });
    issuer.say(|said| said.claims = claims);
    ana.get(&way_back).await.has_status(409).says("Another Google account is connected");
    ana.get("/account/export").await.redirects_to("/reauth?next=%2Faccount%2Fexport");
    issuer.say(|said| said.claims = json!({ "iat": now, "exp": now + 300 }));
    let way_back = back("google", ana.get(&link).await.header("location"));
    ana.get(&way_back).await.redirects_to("/account/export");
    ana.get("/account/export").await.has_status(200);
    ana.post("/language", &[("lang", "es")]).await.has_status(303);
    ana.get("/reauth").await.says("¿Sigues siendo tú?").says("Continuar con Google").leads_on();
}

#[tokio::test]
async fn the_page_before_the_provider_leads_back_too() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.employee("ana@example.cl").await;
    let page = ana.post(&format!("{PAGE}/oidc/connect"), &[]).await.has_status(200).says("Go back without connecting");
    assert_eq!(page.attribute("main a.quiet", "href").as_deref(), Some(PAGE));
    let page = ana.get(PAGE).await.says("You have a password.");
    assert_eq!(page.attribute("main a[href='/account/password']", "href").as_deref(), Some("/account/password"));
}
