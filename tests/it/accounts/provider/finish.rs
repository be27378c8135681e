//! Finishing a sign-up with a provider: what was chosen before, what was answered before, and the way out.

use serde_json::json;

use super::{back, finish, log_in};
use crate::support::TestSite;
use crate::support::issuer::Issuer;

const PAGE: &str = "/signup/finish";

#[tokio::test]
async fn the_kind_that_was_chosen_before_is_chosen_and_the_doors_stand_below_the_fields() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    for (path, fields) in [("/login", "class=\"form panel\""), ("/signup", "class=\"card\"")] {
        let page = site.visitor().get(path).await;
        assert_eq!(page.texts(".or + .providers").len(), 1, "{}", page.body);
        assert!(page.body.find("class=\"providers\"") > page.body.rfind(fields), "{}", page.body);
    }
    for kind in ["employee", "organization"] {
        let ana = site.visitor();
        let page = ana.get(&format!("/signup/{kind}")).await;
        assert_eq!(page.texts("form.panel + .or + .providers").len(), 1, "{}", page.body);
        let link = page.attribute(".providers a[href*=oidc]", "href").unwrap();
        let way_back = back("oidc", ana.get(&link).await.has_status(303).header("location"));
        let path = format!("{PAGE}?role={kind}");
        ana.get(&way_back).await.redirects_to(&path);
        let page = ana.get(&path).await.has_status(200);
        assert_eq!(page.attribute("[name=role][checked]", "value").as_deref(), Some(kind));
        assert_eq!(page.language("es").fields[0].1, path, "another language keeps it");
    }
    let link = "/login/with/oidc?role=admin";
    let ana = site.visitor();
    let way_back = back("oidc", ana.get(link).await.header("location"));
    ana.get(&way_back).await.redirects_to(PAGE);
    ana.get(&format!("{PAGE}?role=admin")).await.has_status(200);
    let refused = ana.send(&ana.get(PAGE).await.form(PAGE).with("role", "admin").with("profession", "x")).await;
    refused.has_status(422).says("Choose whether you are looking for work or hiring");
}

#[tokio::test]
async fn who_finished_before_finds_the_answers_of_then_and_the_way_to_the_mail() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.visitor();
    log_in(&ana, "oidc").await.redirects_to(PAGE);
    ana.get(PAGE).await.does_not_say("still has to be verified").says("From then on you log in with Our log-in.");
    let form = ana.get(PAGE).await.form(PAGE).with("role", "organization").with("name", "Laboratorio Sur");
    ana.send(&form.with("profession", "Head of people")).await.redirects_to("/signup/check-email");
    let phone = site.visitor();
    log_in(&phone, "oidc").await.redirects_to(PAGE);
    let page = phone.get(PAGE).await.says("This email still has to be verified").says("Send the link again");
    assert_eq!((page.value("name"), page.value("profession")), ("Laboratorio Sur".into(), "Head of people".into()));
    assert_eq!(page.attribute("[name=role][checked]", "value").as_deref(), Some("organization"));
    // Nobody else learns of it, though the address is the same.
    for (provider, sub) in [("oidc", "somebody-else"), ("linkedin", "ana-there")] {
        issuer.say(|said| said.claims = json!({ "sub": sub }));
        let eve = site.visitor();
        log_in(&eve, provider).await.redirects_to(PAGE);
        let page = eve.get(PAGE).await.does_not_say("still has to be verified");
        assert_eq!(page.value("name"), "Ana Rojas", "{provider}");
    }
    issuer.say(|said| said.claims = json!({}));
    ana.press(&site.mail("ana@gmail.com").await.link()).await.redirects_to("/account");
    log_in(&phone, "oidc").await.redirects_to("/account");
}

#[tokio::test]
async fn whoever_came_back_as_the_wrong_one_chooses_another_and_sees_where_the_mail_went() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.visitor();
    log_in(&ana, "oidc").await.redirects_to(PAGE);
    let page = ana.get(PAGE).await.says("Finish creating your account").says("Create my account");
    let link = page.says("Choose another Our log-in account").attribute("main a[href*=again]", "href").unwrap();
    assert_eq!(link, "/login/with/oidc?again=yes");
    let asked = ana.get(&link).await.has_status(303);
    assert!(asked.header("location").contains("prompt=login"), "{}", asked.header("location"));
    issuer.say(|said| said.claims = json!({ "sub": "work", "email": "work@example.cl" }));
    ana.get(&back("oidc", asked.header("location"))).await.redirects_to(PAGE);
    ana.get(PAGE).await.says("work@example.cl");
    finish(&ana).await.redirects_to("/signup/check-email");
    let page = ana.get("/signup/check-email").await.says("work@example.cl");
    assert_eq!(page.attribute("main a[href*=again]", "href").as_deref(), Some(link.as_str()));
    let ana = site.spanish_visitor();
    log_in(&ana, "oidc").await.redirects_to(PAGE);
    let page = ana.get(PAGE).await.says("Termina de crear tu cuenta").says("Elegir otra cuenta de Our log-in");
    page.says("Falta verificar este correo").says("Desde ese momento ingresarás con Our log-in.");
    // With Google, whose word proves the mailbox, too.
    issuer.say(|said| said.claims = json!({ "sub": "g" }));
    log_in(&ana, "google").await.redirects_to(PAGE);
    ana.get(PAGE).await.says("Elegir otra cuenta de Google");
}

#[tokio::test]
async fn a_newcomer_arrives_where_the_log_in_led_and_never_elsewhere() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let ana = site.visitor();
    let page = ana.get("/login?next=%2Faccount%2Fsessions").await;
    let link = page.attribute("a[href*=google]", "href").unwrap();
    let way_back = back("google", ana.get(&link).await.has_status(303).header("location"));
    let path = format!("{PAGE}?next=%2Faccount%2Fsessions");
    ana.get(&way_back).await.redirects_to(&path);
    let page = ana.get(&path).await;
    let other = page.attribute("main a[href*=again]", "href").unwrap();
    assert_eq!(other, "/login/with/google?again=yes&next=%2Faccount%2Fsessions");
    let refused = ana.send(&page.form(PAGE).with("role", "employee")).await.has_status(422);
    ana.send(&refused.form(PAGE).with("profession", "Biochemist")).await.redirects_to("/account/sessions");
    issuer.say(|said| said.claims = json!({ "sub": "eva", "email": "eva@gmail.com" }));
    let eva = site.visitor();
    log_in(&eva, "google").await.redirects_to(PAGE);
    let form = eva.get(&format!("{PAGE}?next=%2F%2Fevil.example")).await.form(PAGE);
    let form = form.with("role", "employee").with("profession", "Biochemist").with("next", "//evil.example");
    eva.send(&form).await.redirects_to("/account");
}
