//! All the way with a provider that others wrote: through its own pages, in both languages.

use super::connection_list::disconnect;
use super::finish;
use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite, oidc_provider};

const PAGE: &str = "/account/providers";

/// What somebody reads on the way, in one language.
struct Signs {
    no_password: &'static str,
    only_way_in: &'static str,
    disconnected: &'static str,
    connected: &'static str,
}

#[tokio::test]
async fn somebody_signs_up_logs_in_recovers_disconnects_and_connects() {
    let site = TestSite::with_provider(oidc_provider::url()).await;
    let signs = Signs {
        no_password: "You have no password.",
        only_way_in: "This is the only way into your account.",
        disconnected: "Done: Our log-in no longer opens your account.",
        connected: "Done: you can log in with Our log-in now.",
    };
    walk(&site, [site.visitor(), site.visitor()], &signs).await;
}

#[tokio::test]
async fn alguien_se_registra_ingresa_recupera_desconecta_y_conecta() {
    let site = TestSite::with_provider(oidc_provider::url()).await;
    let signs = Signs {
        no_password: "No tienes contraseña.",
        only_way_in: "Es la única forma de ingresar a tu cuenta.",
        disconnected: "Listo: desconectaste Our log-in.",
        connected: "Listo: ahora puedes ingresar con Our log-in.",
    };
    walk(&site, [site.spanish_visitor(), site.spanish_visitor()], &signs).await;
}

async fn walk(site: &TestSite, [ana, elsewhere]: [Visitor; 2], signs: &Signs) {
    const ANA: &str = "ana@example.cl";
    log_in(&ana, ANA).await.redirects_to("/signup/finish");
    ana.get("/signup/finish").await.says(ANA);
    finish(&ana).await.redirects_to("/signup/check-email");
    ana.press(&site.mail(ANA).await.link()).await.redirects_to("/account");
    ana.log_out().await;
    log_in(&ana, ANA).await.redirects_to("/account");
    ana.get(PAGE).await.says(signs.no_password);
    let page = ana.get(PAGE).await.says(signs.only_way_in);
    assert_eq!(page.attribute("form[action$=disconnect]", "action"), None, "what would only be refused is not offered");

    let form = ana.get("/password/forgot").await.form("/password/forgot").with("email", ANA);
    ana.send(&form).await.redirects_to("/password/forgot/sent");
    let form = ana.get(&site.mail(ANA).await.link()).await.form("/password/reset");
    ana.send(&form.with("password", PASSWORD)).await.redirects_to("/login?next=%2Faccount%2Fproviders");
    ana.log_in(ANA, PASSWORD).await.redirects_to("/account");
    disconnect(&ana, "oidc").await.redirects_to(PAGE);
    ana.get(PAGE).await.says(signs.disconnected);
    log_in(&elsewhere, ANA).await.redirects_to("/signup/finish");

    let form = ana.get(PAGE).await.form(&format!("{PAGE}/oidc/connect"));
    let link = ana.send(&form).await.has_status(200).attribute("main a.button", "href").unwrap();
    let back = oidc_provider::log_in(&ana, &link, ANA).await;
    ana.get(&back).await.redirects_to(PAGE);
    ana.get(PAGE).await.says(signs.connected);
    log_in(&elsewhere, ANA).await.redirects_to("/account");
}

#[tokio::test]
async fn who_says_no_there_or_has_no_address_is_told_what_to_do() {
    let site = TestSite::with_provider(oidc_provider::url()).await;
    let ana = site.visitor();
    let back = oidc_provider::refuse(&ana, &begin(&ana).await).await;
    ana.get(&back).await.has_status(200).says("You did not log in").leads_on();
    log_in(&ana, "somebody").await.has_status(403).says("Our log-in gave us no email").leads_on();
    let eva = site.visitor();
    log_in(&eva, "unverified@example.cl").await.redirects_to("/signup/finish");
    finish(&eva).await.redirects_to("/signup/check-email");
    eva.get("/account").await.has_status(303);
    eva.press(&site.mail("unverified@example.cl").await.link()).await.redirects_to("/account");
}

#[tokio::test]
async fn an_answer_of_the_provider_works_once_and_in_its_own_browser() {
    let site = TestSite::with_provider(oidc_provider::url()).await;
    let (ana, eve) = (site.visitor(), site.visitor());
    let back = oidc_provider::log_in(&ana, &begin(&ana).await, "ana@example.cl").await;
    eve.get(&back).await.has_status(410).says("This began elsewhere");
    ana.get(&back).await.redirects_to("/signup/finish");
    ana.get(&back).await.has_status(410);
    // The provider itself takes a code once: this one, with the state of another attempt, opens nothing.
    let code = |back: &str| back.split_once("code=").unwrap().1.split('&').next().unwrap().to_owned();
    let next = oidc_provider::log_in(&ana, &begin(&ana).await, "ana@example.cl").await;
    ana.get(&next.replace(&code(&next), &code(&back))).await.has_status(403).says("This did not work");
}

/// Begins a log-in, and gives the address of the provider that the browser is sent to.
async fn begin(visitor: &Visitor) -> String {
    visitor.get("/login/with/oidc").await.has_status(303).header("location").to_owned()
}

/// Goes there, logs in as this person, and comes back.
async fn log_in(visitor: &Visitor, person: &str) -> Page {
    let back = oidc_provider::log_in(visitor, &begin(visitor).await, person).await;
    visitor.get(&back).await
}
