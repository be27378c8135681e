//! The account page.

use crate::support::TestSite;

#[tokio::test]
async fn it_shows_who_is_signed_in_and_is_kept_nowhere() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let page = ana.get("/account").await.has_status(200);
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.attribute("meta[name=robots]", "content").as_deref(), Some("noindex"));
    page.says("Your account").says("Ana Rojas").says("ana@example.cl").says("Profession Biochemist");
}

#[tokio::test]
async fn it_speaks_the_visitors_language() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.post("/language", &[("lang", "es"), ("next", "/account")]).await.redirects_to("/account");
    ana.get("/account").await.says("Tu cuenta").says("Cuenta para buscar trabajo").says("Salir");
}

#[tokio::test]
async fn a_guest_logs_in_first_and_comes_back() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    site.visitor().get("/account").await.redirects_to("/login?next=%2Faccount");
    let head = site.visitor().request("HEAD", "/account").send().await.unwrap();
    assert_eq!(head.status().as_u16(), 303);
}

#[tokio::test]
async fn a_name_is_shown_as_text_and_never_as_markup() {
    let site = TestSite::start().await;
    let eve = site.visitor();
    let name = "<img src=x onerror=alert(1)>\"'&";
    let fields = [
        ("name", name),
        ("email", "eve@example.cl"),
        ("profession", "<b>x</b>"),
        ("password", crate::support::PASSWORD),
    ];
    eve.post("/signup/employee", &fields).await.redirects_to("/signup/check-email");
    eve.press(&site.mail("eve@example.cl").await.link()).await.redirects_to("/account");
    let page = eve.get("/account").await.says(name).says("<b>x</b>");
    assert!(page.texts("main b").is_empty() && page.attribute("img[onerror]", "src").is_none());
}

#[tokio::test]
async fn an_account_without_a_name_is_called_by_its_address() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.log_out().await.redirects_to("/");
    site.database.execute(r#"UPDATE "user" SET name = NULL, profession = ''"#);
    ana.log_in("ana@example.cl", crate::support::PASSWORD).await.redirects_to("/account");
    let page = ana.get("/account").await.has_status(200);
    assert_eq!(page.texts(".nav-name"), ["ana@example.cl"]);
    page.does_not_say("Profession");
}
