//! The language of an account, and of the mails to it.

use crate::support::smtp::Mail;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

const EVA: &str = "eva@example.cl";

/// The language in which a mail is written.
#[track_caller]
fn language(mail: &Mail) -> &str {
    mail.html.split("<html lang=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap()
}

/// The language of the mail that this visitor causes by asking for a new password.
async fn asked_by(site: &TestSite, visitor: &Visitor, email: &str) -> String {
    let before = site.mails(email).await.len();
    visitor.post("/password/forgot", &[("email", email)]).await.redirects_to("/password/forgot/sent");
    let mails = site.mails(email).await;
    assert_eq!(mails.len(), before + 1);
    language(mails.last().unwrap()).to_owned()
}

/// Somebody who signed up on a page in Spanish, by a browser that asks for English.
async fn eva(site: &TestSite) -> Visitor {
    let eva = site.visitor();
    let form = eva.get("/signup/employee?lang=es").await.form("/signup/employee?lang=es").with("name", "Eva Soto");
    let form = form.with("email", EVA).with("profession", "Bioquímica").with("password", PASSWORD);
    eva.send(&form).await.redirects_to("/signup/check-email?lang=es");
    let mail = site.mail(EVA).await;
    assert_eq!(language(&mail), "es");
    eva.press(&mail.link()).await.redirects_to("/account");
    eva
}

#[tokio::test]
async fn an_account_keeps_the_language_of_the_page_where_it_signed_up() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let eva = eva(&site).await;
    for visitor in [&eva, &site.visitor()] {
        assert_eq!(asked_by(&site, visitor, EVA).await, "es");
    }
    let own = eva.get("/account/export").await.has_status(200).json();
    assert_eq!(own["profile"]["locale"], "es");
}

#[tokio::test]
async fn a_mail_is_in_the_language_of_its_account_whoever_causes_it() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let eva = eva(&site).await;
    let newest = || async { language(&site.mail(EVA).await).to_owned() };
    site.visitor().sign_up("employee", EVA).await.has_status(303);
    assert_eq!((site.mails(EVA).await.len(), newest().await.as_str()), (2, "es"), "a stranger signs up with it");
    let boss = site.admin("boss@example.cl").await;
    let id = site.database.values("id", &format!("\"user\" WHERE email = '{EVA}'")).concat();
    boss.post(&format!("/admin/users/{id}/reset-password"), &[]).await.has_status(303);
    assert_eq!((site.mails(EVA).await.len(), newest().await.as_str()), (3, "es"), "an admin sends a link");
    let lab = site.organization("lab@example.cl").await;
    lab.post("/organization/members", &[("email", EVA)]).await.has_status(303);
    let invitation = site.mail(EVA).await;
    assert_eq!((site.mails(EVA).await.len(), language(&invitation)), (4, "es"), "an organization invites it");
    let answer = [("token", invitation.token()), ("answer", "accept".to_owned())];
    let answer: Vec<_> = answer.iter().map(|(name, value)| (*name, value.as_str())).collect();
    eva.post("/organization/invitation", &answer).await.has_status(303);
    lab.post(&format!("/organization/members/{id}/deactivate"), &[]).await.has_status(303);
    assert_eq!((site.mails(EVA).await.len(), newest().await.as_str()), (5, "es"), "its organization deactivates it");
    lab.post(&format!("/organization/members/{id}/release"), &[]).await.has_status(303);
    site.make_admin(EVA, PASSWORD);
    let mails = site.mails(EVA).await;
    assert!(mails.iter().all(|mail| language(mail) == "es"), "{mails:?}");
    assert_eq!(mails.last().unwrap().subject, "Tu cuenta ahora es de administración");
}

#[tokio::test]
async fn a_notice_is_in_the_language_of_its_account_on_any_device() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    eva(&site).await;
    site.later(chrono::TimeDelta::days(2)).await;
    let other = site.visitor();
    other.log_in(EVA, PASSWORD).await.redirects_to("/account");
    assert_eq!(language(&site.mail(EVA).await), "es", "a new device");
    let change = [("current_password", PASSWORD), ("password", "otra clave muy larga 42")];
    other.post("/account/password", &change).await.redirects_to("/account");
    assert_eq!((site.mails(EVA).await.len(), language(&site.mail(EVA).await)), (3, "es"), "a new password");
    let secure = site.mail(EVA).await.link();
    site.visitor().press(&secure).await.has_status(303);
    assert_eq!((site.mails(EVA).await.len(), language(&site.mail(EVA).await)), (4, "es"), "the way back in");
}

#[tokio::test]
async fn the_language_that_somebody_who_is_signed_in_chooses_is_the_accounts() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let ana = site.employee("ana@example.cl").await;
    let stranger = site.visitor();
    for language in ["es", "en", "es"] {
        site.visitor().post("/language", &[("lang", if language == "es" { "en" } else { "es" })]).await.has_status(303);
        ana.post("/language", &[("lang", language)]).await.has_status(303);
        assert_eq!(asked_by(&site, &stranger, "ana@example.cl").await, language);
    }
}

#[tokio::test]
async fn the_language_chosen_while_the_password_is_asked_for_is_the_accounts_too() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let ana = site.employee("ana@example.cl").await;
    site.later(chrono::TimeDelta::minutes(11)).await;
    let page = ana.get("/reauth?next=%2Faccount%2Femail").await.has_status(200);
    ana.send(&page.language("es")).await.has_status(303);
    assert_eq!(asked_by(&site, &site.visitor(), "ana@example.cl").await, "es");
}

#[tokio::test]
async fn an_account_opened_by_an_invitation_keeps_the_language_of_that_page() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let lab = site.organization("lab@example.cl").await;
    lab.post("/organization/members", &[("email", EVA)]).await.has_status(303);
    let invitation = site.mail(EVA).await;
    assert_eq!(language(&invitation), "en", "nobody knows the language of an address without an account");
    let token = invitation.token();
    let fields = [("token", token.as_str()), ("name", "Eva"), ("profession", "Bióloga"), ("password", PASSWORD)];
    site.spanish_visitor().post("/organization/invitation", &fields).await.has_status(303);
    assert_eq!(asked_by(&site, &site.visitor(), EVA).await, "es");
}

#[tokio::test]
async fn a_mail_to_an_account_that_chose_no_language_is_in_that_of_who_causes_it() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    site.make_admin("boss@example.cl", PASSWORD);
    assert_eq!(asked_by(&site, &site.spanish_visitor(), "boss@example.cl").await, "es");
    assert_eq!(asked_by(&site, &site.visitor(), "boss@example.cl").await, "en");
}
