//! The home page.

use crate::support::TestSite;

#[tokio::test]
async fn the_form_of_the_start_page_joins() {
    let site = TestSite::start().await;
    for (visitor, email) in [(site.visitor(), "eva@example.cl"), (site.spanish_visitor(), "ana@example.cl")] {
        let page = visitor.get("/").await.has_status(200);
        let action = page.attribute("main form", "action").unwrap();
        let fields = [("email", email), ("role", "organization")];
        visitor.post(action.split('#').next().unwrap(), &fields).await.redirects_to("/waitlist/joined");
        site.mail(email).await.link();
    }
}

#[tokio::test]
async fn who_is_signed_in_finds_the_account_instead_of_the_form() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let page = ana.get("/").await.has_status(200).says("Ana Rojas").says("Go to your account");
    assert_eq!(page.attribute("main form", "action"), None);
    page.says("If you are hiring").does_not_say("Leave your email");
    site.visitor().get("/").await.says("Leave your email");
}

#[tokio::test]
async fn the_start_page_needs_no_database() {
    let site = TestSite::start().await;
    site.database.go_away();
    for path in ["/", "/waitlist", "/waitlist/joined", "/signup/employee", "/login", "/privacy", "/robots.txt"] {
        site.visitor().get(path).await.has_status(200);
    }
    site.visitor().join("ana@example.cl", "employee").await.has_status(503).leads_on();
    site.database.come_back();
    site.settle().await;
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
}
