//! Logging in with a provider that others wrote, as a person does it: without JavaScript, in both languages.

use crate::PASSWORD;
use crate::browser::Browser;
use crate::support::{TestSite, oidc_provider};

const ANA: &str = "ana@example.cl";
const PAGE: &str = "/account/providers";

#[tokio::test]
async fn somebody_comes_in_with_a_provider_and_changes_what_opens_the_account() {
    let only_way_in = "This is the only way into your account.";
    walk("en-US", &[only_way_in, "no longer opens your account", "you can log in with Our log-in now"]).await;
}

#[tokio::test]
async fn alguien_ingresa_con_un_proveedor_y_cambia_lo_que_abre_la_cuenta() {
    let only_way_in = "Es la única forma de ingresar a tu cuenta.";
    walk("es-CL", &[only_way_in, "desconectaste Our log-in", "ahora puedes ingresar con Our log-in"]).await;
}

/// What the page says of the only way in, of one that was disconnected, and of one that was connected.
async fn walk(language: &str, [only_way_in, disconnected, connected]: &[&str; 3]) {
    let site = TestSite::with_provider(oidc_provider::url()).await;
    let browser = Browser::open(&site.base_url, language).await;
    signs_up(&site, &browser).await;
    log_out(&browser).await;
    browser.go("/login").await;
    browser.click(".providers a[href*='/oidc']").await;
    consent(&browser).await;
    browser.is_at("/account").await;

    browser.go(PAGE).await;
    browser.says(only_way_in).await;
    chooses_a_password(&site, &browser).await;
    browser.go(PAGE).await;
    browser.click("form[action$='/oidc/disconnect'] button").await;
    browser.says(disconnected).await;
    browser.click("form[action$='/oidc/connect'] button").await;
    browser.click("main a.button[href^='http']").await;
    consent(&browser).await;
    browser.is_at(PAGE).await;
    browser.says(connected).await;
    browser.close().await;
}

async fn signs_up(site: &TestSite, browser: &Browser) {
    browser.go("/signup").await;
    browser.click(".providers a[href*='/oidc']").await;
    browser.type_into("[name=login]", ANA).await;
    browser.type_into("[name=password]", "any").await;
    browser.click("form:has([value=login]) button").await;
    consent(browser).await;
    browser.is_at("/signup/finish").await;
    browser.choose("employee").await;
    browser.fill("profession", "Bioquímica").await;
    browser.send("profession").await;
    browser.is_at("/signup/check-email").await;
    browser.go(&site.mail(ANA).await.link()).await;
    browser.click("main form[action='/verify-email'] button").await;
    browser.is_at("/account").await;
}

/// The provider asks each time: the browser comes back to a port of this machine.
async fn consent(browser: &Browser) {
    browser.click("form:has([value=consent]) button").await;
}

async fn chooses_a_password(site: &TestSite, browser: &Browser) {
    browser.go("/password/forgot").await;
    browser.click("main form[action='/password/forgot'] button").await;
    browser.is_at("/password/forgot/sent").await;
    browser.go(&site.mail(ANA).await.link()).await;
    browser.fill("password", PASSWORD).await;
    browser.send("password").await;
    browser.is_at("/login").await;
    browser.fill("email", ANA).await;
    browser.fill("password", PASSWORD).await;
    browser.send("password").await;
    browser.is_at("/account/providers").await;
}

async fn log_out(browser: &Browser) {
    browser.click("form[action='/logout'] button").await;
    browser.is_at("/").await;
}
