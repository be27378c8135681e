//! Stopping mail with one click.

use reqwest::multipart::Form;

use crate::support::TestSite;
use crate::support::visitor::send;

/// The link that stops mail, as the header of a mail that nobody asked for has it.
async fn link(site: &TestSite) -> String {
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    site.database.execute("UPDATE waitlist SET import_id = 'x'");
    site.visitor().join("ana@example.cl", "employee").await.has_status(409);
    let mail = site.mail("ana@example.cl").await;
    assert!(mail.text.contains("the Biovity team added this address"), "{}", mail.text);
    assert!(mail.text.contains("If you don’t want the place, do nothing") && !mail.text.contains("wasn’t you"));
    let url = mail.text.split_whitespace().find(|word| word.contains("/waitlist/unsubscribe?token=")).unwrap();
    assert!(mail.html.contains(url), "{}", mail.html);
    url.strip_prefix(&site.base_url).unwrap().to_owned()
}

#[tokio::test]
async fn a_mail_program_stops_mail_by_either_kind_of_body_and_again() {
    let site = TestSite::start().await;
    let link = link(&site).await;
    let program = || reqwest::Client::new().post(format!("{}{link}", site.base_url));
    let form = program().header("content-type", "application/x-www-form-urlencoded");
    let multipart = program().multipart(Form::new().text("List-Unsubscribe", "One-Click"));
    for request in [form.body("List-Unsubscribe=One-Click"), multipart, program().body("anything"), program()] {
        let page = send(request).await.has_status(200).leads_on();
        assert_eq!(page.cookie(), None);
        assert_eq!(site.database.values("left_at IS NOT NULL", "waitlist"), ["true"]);
    }
    assert_eq!(site.database.values("action", "audit_event"), ["entry_left"]);
    send(program().body("x".repeat(17 * 1024))).await.has_status(413);
}

#[tokio::test]
async fn a_scanner_that_opens_the_link_stops_nothing_and_a_person_has_a_button() {
    let site = TestSite::start().await;
    let link = link(&site).await;
    let before = site.database.contents();
    for visitor in [site.visitor(), site.spanish_visitor()] {
        visitor.get(&link).await.has_status(200).leads_on();
        send(visitor.request("HEAD", &link)).await.has_status(200);
    }
    assert_eq!(site.database.contents(), before);
    let ana = site.spanish_visitor();
    let action = ana.get(&link).await.says("¿Dejar de recibir").attribute("main form", "action").unwrap();
    ana.post(&action, &[]).await.has_status(200).says("No recibirás más correos de la lista").leads_on();
    assert_eq!(site.database.values("left_at IS NOT NULL", "waitlist"), ["true"]);
    let again = ana.get(&link).await.has_status(200).says("No recibirás más correos de la lista").leads_on();
    assert!(again.attribute("main form", "action").is_none(), "nothing is left to stop");
}

#[tokio::test]
async fn no_other_link_stops_mail() {
    let site = TestSite::start().await;
    let link = link(&site).await;
    let confirm = site.mail("ana@example.cl").await.token();
    for token in ["", "x", &"A".repeat(43), &confirm] {
        site.visitor().post(&format!("/waitlist/unsubscribe?token={token}"), &[]).await.has_status(410).leads_on();
    }
    let token = link.split_once("token=").unwrap().1;
    site.visitor().post("/waitlist/erase", &[("token", token)]).await.has_status(410);
    assert_eq!(site.database.values("left_at IS NULL", "waitlist"), ["true"]);
}

#[tokio::test]
async fn a_mail_program_on_the_web_stops_mail_from_its_own_site() {
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://mail.example.com")] {
        let site = TestSite::start().await;
        let link = link(&site).await;
        send(site.visitor().request("POST", &link).header(name, value)).await.has_status(200);
        assert_eq!(site.database.values("left_at IS NULL", "waitlist"), ["false"], "{name}");
    }
}
