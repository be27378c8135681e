//! The pages of providers in Spanish, each of what can go wrong included.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;

use super::connection_list::connect;
use super::{begin, finish, log_in, sign_up};
use crate::support::issuer::Issuer;
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
        .says("Está conectado: puedes ingresar así");
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
    ana.get(&denied).await.has_status(200).says("No ingresaste").says("No ha cambiado nada").leads_on();
    issuer.say(|said| said.claims = json!({ "email": "" }));
    log_in(&visitor(), "google").await.has_status(403).says("No recibimos tu correo");
    issuer.say(|said| said.claims = json!({ "aud": "another" }));
    log_in(&visitor(), "google").await.has_status(403).says("No funcionó");
    issuer.say(|said| (said.claims, said.padding) = (json!({}), 1_000_000));
    log_in(&visitor(), "google").await.has_status(503).says("Sin respuesta por ahora");
    issuer.say(|said| (said.padding, said.delay) = (0, Duration::ZERO));
    sign_up(&site).await.log_out().await;
    site.employee("ben@example.cl").await;
    let ben = visitor();
    ben.log_in("ben@example.cl", PASSWORD).await.redirects_to("/account");
    connect(&ben, "google").await.has_status(409).says("Está conectado a otra cuenta");
    connect(&ben, "oidc").await.redirects_to("/account/providers");
    issuer.say(|said| said.claims = json!({ "sub": "second" }));
    connect(&ben, "linkedin").await.redirects_to("/account/providers");
    log_in(&visitor(), "google").await.has_status(409).says("Ya tienes una cuenta");
    site.database.execute("UPDATE \"user\" SET type = 'admin' WHERE email = 'ana@gmail.com'");
    issuer.say(|said| said.claims = json!({}));
    log_in(&visitor(), "google").await.has_status(403).says("La administración ingresa con contraseña");
    let start = ben.post("/account/providers/google/connect", &[]).await.has_status(200);
    let denied = super::back("google", &start.attribute("main a.button", "href").unwrap());
    let denied = denied.replace("code=", "error=access_denied&x=");
    ben.get(&denied).await.has_status(200).says("No se conectó nada").does_not_say("No ingresaste").leads_on();
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
