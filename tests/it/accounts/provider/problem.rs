//! The pages of providers in Spanish, each of what can go wrong included.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;

use super::connection_list::connect;
use super::{begin, finish, log_in, sign_up};
use crate::support::database::TestDatabase;
use crate::support::issuer::Issuer;
use crate::support::page::Page;
use crate::support::{PASSWORD, TestSite};

#[tokio::test]
async fn the_way_in_speaks_spanish() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.spanish_visitor();
    for path in ["/login", "/signup", "/signup/employee"] {
        let links = ana.get(path).await.texts(".providers a");
        assert_eq!(links.len(), 3, "{path}");
        assert!(links.iter().all(|link| link.starts_with("Continuar con ")), "{path}: {links:?}");
    }
    log_in(&ana, "google").await.redirects_to("/signup/finish");
    ana.get("/signup/finish").await.says("ana@gmail.com").does_not_say("Profession").leads_on();
    finish(&ana).await.redirects_to("/account");
    ana.get("/account/providers")
        .await
        .says("Formas de ingresar")
        .says("No tienes contraseña")
        .says("Conectado: puedes ingresar con Google");
    let ben = site.employee("ben@example.cl").await;
    site.database.execute("UPDATE \"user\" SET locale = 'es' WHERE email = 'ben@example.cl'");
    issuer.say(|said| said.claims = json!({ "sub": "ben-there" }));
    connect(&ben, "oidc").await.redirects_to("/account/providers");
    assert_eq!(site.mail("ben@example.cl").await.subject, "Una forma nueva de ingresar a tu cuenta");
}

#[tokio::test]
async fn what_went_wrong_is_told_in_spanish() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let visitor = || site.spanish_visitor();
    let ana = visitor();
    let back = begin(&ana, "google").await;
    visitor().get(&back).await.has_status(410).says("Esto empezó en otra parte");
    let denied = back.replace("code=", "error=access_denied&x=");
    ana.get(&denied).await.has_status(200).says("No ingresaste con Google").says("No cambió nada").leads_on();
    issuer.say(|said| said.claims = json!({ "email": "" }));
    log_in(&visitor(), "google").await.has_status(403).says("Google no nos dio tu correo");
    issuer.say(|said| said.claims = json!({ "aud": "another" }));
    log_in(&visitor(), "google").await.has_status(403).says("No funcionó con Google");
    issuer.say(|said| (said.claims, said.padding) = (json!({}), 1_000_000));
    log_in(&visitor(), "google").await.has_status(503).says("Google no responde por ahora");
    issuer.say(|said| (said.padding, said.delay) = (0, Duration::ZERO));
    sign_up(&site).await.log_out().await;
    site.employee("ben@example.cl").await;
    let ben = visitor();
    ben.log_in("ben@example.cl", PASSWORD).await.redirects_to("/account");
    connect(&ben, "google")
        .await
        .has_status(409)
        .says("Esa cuenta de Google ya está conectada a otra cuenta de Biovity");
    connect(&ben, "oidc").await.redirects_to("/account/providers");
    issuer.say(|said| said.claims = json!({ "sub": "second" }));
    connect(&ben, "linkedin").await.redirects_to("/account/providers");
    log_in(&visitor(), "google").await.has_status(409).says("Ya tienes una cuenta");
    site.database.execute("UPDATE \"user\" SET type = 'admin' WHERE email = 'ana@gmail.com'");
    issuer.say(|said| said.claims = json!({}));
    log_in(&visitor(), "google").await.has_status(403).says("Quienes administran ingresan con su contraseña");
    let start = ben.post("/account/providers/google/connect", &[]).await.has_status(200);
    let denied = super::back("google", &start.attribute("main a.button", "href").unwrap());
    let denied = denied.replace("code=", "error=access_denied&x=");
    ben.get(&denied).await.has_status(200).says("Google no se conectó").does_not_say("No ingresaste").leads_on();
    let eva = visitor();
    let late = begin(&eva, "google").await;
    site.later(TimeDelta::minutes(11)).await;
    eva.get(&late).await.has_status(410).says("Pasó demasiado tiempo");
}

#[tokio::test]
async fn the_choice_of_a_language_keeps_what_went_wrong() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.visitor();
    let denied = begin(&ana, "google").await.replace("code=", "error=access_denied&x=");
    let page = ana.get(&denied).await.has_status(200).says("You did not log in");
    let again =
        ana.send(&page.form("/language").with("lang", "es")).await.has_status(303).header("location").to_owned();
    ana.get(&again).await.has_status(200).says("No ingresaste").leads_on();
    sign_up(&site).await.log_out().await;
    issuer.say(|said| said.claims = json!({ "sub": "another" }));
    let ben = site.visitor();
    let page = log_in(&ben, "google").await.has_status(409).says("You already have an account");
    let again =
        ben.send(&page.form("/language").with("lang", "es")).await.has_status(303).header("location").to_owned();
    ben.get(&again).await.has_status(409).says("Ya tienes una cuenta").leads_on();
    for path in ["/login/with/google/problem", "/login/with/google/problem?why=x", "/login/with/x/problem?why=denied"] {
        ben.get(path).await.has_status(404);
    }
}

#[tokio::test]
async fn what_a_provider_fails_in_leads_on_who_has_no_password_and_names_who_answers() {
    let issuer = Issuer::start();
    let variables = [("CONTACT_EMAIL", "hola@biovity.cl")];
    let site = TestSite::with_provider_on(TestDatabase::migrated(), &issuer.url, &variables).await;
    let link = |page: &Page, href: &str| page.attribute(&format!("main a[href='{href}']"), "href").is_some();
    issuer.say(|said| said.claims = json!({ "aud": "another" }));
    let untrusted = log_in(&site.visitor(), "google").await.has_status(403);
    issuer.say(|said| (said.claims, said.is_down) = (json!({}), true));
    let away = log_in(&site.visitor(), "google").await.has_status(503);
    assert_eq!(away.header("retry-after"), "30");
    for page in [untrusted, away] {
        let page = page.says("No password yet?").says("If it happens again, tell us: hola@biovity.cl");
        assert!(link(&page, "/password/forgot") && link(&page, "mailto:hola@biovity.cl"), "{}", page.text());
    }
    // Who told no address wanted an account.
    issuer.say(|said| (said.claims, said.is_down) = (json!({ "email": "" }), false));
    let page = log_in(&site.visitor(), "google").await.has_status(403).says("Create account");
    assert!(link(&page, "/signup") && !link(&page, "/login") && !link(&page, "/password/forgot"), "{}", page.text());
}
