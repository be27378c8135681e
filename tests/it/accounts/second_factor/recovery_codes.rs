//! Recovery codes: in place of the app, as a file, and new ones.

use super::{half_way, recovery_codes, send_code, switch_on};
use crate::support::page::FilledForm;
use crate::support::{PASSWORD, TestSite};

const PATH: &str = "/account/second-factor/codes";
const FILE: &str = "/account/second-factor/file";

#[tokio::test]
async fn a_recovery_code_lets_in_once_and_the_owner_is_told() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let (_, codes) = switch_on(&site, &ana).await;
    let code = &recovery_codes(&codes)[0];
    let lost = half_way(&site, "ana@example.cl").await;
    send_code(&lost, code).await.redirects_to("/account");
    lost.get("/account").await.says("Recovery codes left: 9. Lost your phone? Move to another one");
    let mails = site.mails("ana@example.cl").await;
    assert!(mails.iter().any(|mail| mail.subject == "One of your account’s recovery codes was used"));
    let again = send_code(&half_way(&site, "ana@example.cl").await, &code.replace(' ', "-")).await.has_status(422);
    again.says("This recovery code does not work: each works only once.");
    ana.get("/account/second-factor").await.says("Recovery codes left 9");
    ana.get("/account/activity").await.says("Recovery code used");
}

#[tokio::test]
async fn the_codes_of_another_account_open_nothing() {
    let site = TestSite::start().await;
    switch_on(&site, &site.employee("ana@example.cl").await).await;
    let (_, codes) = switch_on(&site, &site.employee("eve@example.cl").await).await;
    let code = &recovery_codes(&codes)[0];
    send_code(&half_way(&site, "ana@example.cl").await, code).await.has_status(422);
}

#[tokio::test]
async fn the_file_holds_what_the_page_shows() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let (_, codes) = switch_on(&site, &ana).await;
    let file = ana.send(&codes.form(FILE)).await.has_status(200);
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"biovity-recovery-codes.txt\"");
    assert_eq!(file.header("cache-control"), "no-store");
    assert!(recovery_codes(&codes).iter().all(|code| file.body.contains(code)));
    assert!(file.body.contains("ana@example.cl"));
    ana.post(FILE, &[("codes", "<script>,123456")]).await.has_status(400);
    site.visitor().post(FILE, &[("codes", "1")]).await.has_status(303);
    ana.get("/account/second-factor").await.does_not_say(&recovery_codes(&codes)[0]);
}

#[tokio::test]
async fn new_codes_take_the_place_of_the_others() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let (phone, old) = switch_on(&site, &ana).await;
    let form = ana.get(PATH).await.form(PATH).with("current_password", PASSWORD);
    ana.send(&form.clone().with("code", "12")).await.has_status(422).says("This code does not work");
    let new = ana.send(&form.with("code", &phone.next_code(&site).await)).await.has_status(200);
    assert_eq!(recovery_codes(&new).len(), 10);
    send_code(&half_way(&site, "ana@example.cl").await, &recovery_codes(&old)[0]).await.has_status(422);
    send_code(&half_way(&site, "ana@example.cl").await, &recovery_codes(&new)[0]).await.redirects_to("/account");
    ana.get("/account/activity").await.says("New recovery codes made");
    let mails = site.mails("ana@example.cl").await;
    let mail = mails.iter().find(|mail| mail.subject == "Your account has new recovery codes").unwrap();
    assert!(mail.text.contains("Those from before no longer work"), "{}", mail.text);
}

#[tokio::test]
async fn the_choice_of_a_language_shows_the_same_codes_again() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let (_, codes) = switch_on(&site, &ana).await;
    let form = codes.form("/language").with("lang", "es");
    let sent_on = ana.send(&form).await.has_status(307).header("location").to_owned();
    assert_eq!(sent_on, FILE);
    let page =
        ana.send(&FilledForm { action: sent_on, ..form }).await.has_status(200).says("Tus códigos de recuperación");
    assert_eq!(recovery_codes(&page), recovery_codes(&codes));
    ana.send(&page.form(FILE)).await.has_status(200);
    ana.post(FILE, &[("codes", "<script>"), ("again", "yes")]).await.has_status(400);
    assert_eq!(site.database.values("count(*)", "recovery_code"), ["10"]);
}

#[tokio::test]
async fn who_has_none_left_learns_whom_to_write_to() {
    for (contact, told) in
        [("hola@biovity.cl", "write to hola@biovity.cl from your account’s"), ("", "write to us from your account’s")]
    {
        let site = TestSite::with(&[("CONTACT_EMAIL", contact)]).await;
        switch_on(&site, &site.employee("ana@example.cl").await).await;
        half_way(&site, "ana@example.cl").await.get("/login/code").await.says(told).says("an admin can remove");
        site.visitor().post("/password/forgot", &[("email", "ana@example.cl")]).await.has_status(303);
        site.visitor().get(&site.mail("ana@example.cl").await.link()).await.says(told);
    }
}
