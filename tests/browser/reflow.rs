//! Every page fits a screen of 320 px, which is also 1280 px at 400 % zoom (WCAG 1.4.10): nobody scrolls sideways to read a line.

use biovity::server::jobs;

use crate::PASSWORD;
use crate::browser::Browser;
use crate::support::TestSite;
use crate::support::visitor::Visitor;

/// An address as long as people have them, with no place where a line may break of itself.
const LONG: &str = "maria.fernanda.gonzalez-errazuriz@postgrado.universidaddeconcepcion.example.cl";

/// The narrowest screen that a page has to fit.
const WIDTH: u32 = 320;

#[tokio::test]
async fn no_page_is_wider_than_a_screen_of_320_px() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let links = fill(&site).await;
    let browser = Browser::open(&site.base_url, "es-CL").await;
    browser.resize(WIDTH).await;
    let public =
        ["/", "/privacy", "/waitlist", "/waitlist/joined", "/signup", "/signup/employee", "/signup/organization"];
    let guest = ["/login", "/password/forgot", "/verify-email/resend", "/dev/mailbox", "/nothing", "/logout"];
    for path in public.into_iter().chain(guest).chain(links.iter().map(String::as_str)) {
        browser.fits(path).await;
    }
    let account = ["", "/email", "/password", "/sessions", "/activity", "/delete", "/organization", "/second-factor"];
    for who in [LONG, "org@example.cl"] {
        enter(&browser, who).await;
        for page in account {
            browser.fits(&format!("/account{page}")).await;
        }
        browser.fits("/organization/members").await;
        browser.click("form[action='/logout'] button").await;
        browser.is_at("/").await;
    }
    enter(&browser, "admin@example.cl").await;
    for path in admin_pages(&site) {
        browser.fits(&path).await;
    }
    browser.close().await;
}

async fn enter(browser: &Browser, email: &str) {
    browser.go("/login").await;
    browser.fill("email", email).await;
    browser.fill("password", PASSWORD).await;
    browser.send("password").await;
    browser.says("Salir").await;
}

/// Something in every list; returns the links of the mails.
async fn fill(site: &TestSite) -> Vec<String> {
    let (visitor, admin) = (site.visitor(), site.admin("admin@example.cl").await);
    visitor.join(LONG, "employee").await.redirects_to("/waitlist/joined");
    visitor.join("lab@example.cl", "organization").await.redirects_to("/waitlist/joined");
    visitor.join("gone@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let confirm = site.mail(LONG).await.link();
    let place = visitor.press(&confirm).await.header("location").to_owned();
    site.employee(LONG).await;
    let organization = site.organization("org@example.cl").await;
    organization.post("/organization/members", &[("email", LONG)]).await.has_status(303);
    let invitation = site.mail(LONG).await.link();
    import(site, &admin).await;
    let page = admin.get("/admin/waitlist/waves/rehearsal?employees=1&organizations=0").await;
    admin.send(&page.form("/admin/waitlist/waves")).await.has_status(303);
    jobs::run_steps_once(&site.app).await.unwrap();
    site.deliver_mail().await;
    let gone = site.database.values("id", "waitlist WHERE email = 'gone@example.cl'").remove(0);
    let deletion = [("act", "delete"), ("expected", "1"), ("id", gone.as_str())];
    admin.post("/admin/waitlist/bulk", &deletion).await.has_status(303);
    vec![confirm, place, invitation]
}

async fn import(site: &TestSite, admin: &Visitor) {
    let list = format!("email,role\n{},employee\nnobody,employee\n", LONG.replace("maria", "camila"));
    let fields = [("language", "es"), ("confirmation", "confirmed")];
    let page = admin.upload("/admin/waitlist/imports", &fields, ("list", list.into_bytes())).await.has_status(303);
    site.lists_are_staged().await;
    jobs::run_steps_once(&site.app).await.unwrap();
    admin.post(&format!("{}/start", page.header("location")), &[]).await;
    jobs::run_steps_once(&site.app).await.unwrap();
    // Another waits for a decision.
    let list = b"email,role\nanother@example.cl,employee\n".to_vec();
    admin.upload("/admin/waitlist/imports", &fields, ("list", list)).await.has_status(303);
    site.lists_are_staged().await;
    while site.database.values("count(*)", "waitlist_import WHERE state = 'checked'") == ["0"] {
        jobs::run_steps_once(&site.app).await.unwrap();
    }
}

/// The admin's pages, those of one thing too.
fn admin_pages(site: &TestSite) -> Vec<String> {
    let lists = [
        "",
        "/waitlist",
        "/waitlist?state=deleted",
        "/waitlist?q=nobody-at-all",
        "/waitlist/waves",
        "/waitlist/imports",
    ];
    let others = ["/waitlist/deletions", "/waitlist/bulk?act=ask-all", "/users", "/mail", "/audit", "/waitlist?from=x"];
    let others = others.into_iter().chain(["/search?q=nobody", "/webhooks", "/keys"]);
    let mut pages: Vec<_> = lists.into_iter().chain(others).map(|path| format!("/admin{path}")).collect();
    let of_one = [
        ("/admin/waitlist/entries/", "waitlist"),
        ("/admin/waitlist/waves/", "waitlist_wave"),
        ("/admin/waitlist/imports/", "waitlist_import"),
        ("/admin/waitlist/deletions/", "waitlist_deletion"),
        ("/admin/users/", "\"user\""),
        ("/admin/mail/", "outbox_letter"),
    ];
    for (path, table) in of_one {
        let ids = site.database.values("id", &format!("{table} ORDER BY id LIMIT 2"));
        pages.extend(ids.iter().map(|id| format!("{path}{id}")));
    }
    pages.push("/admin/waitlist/waves/rehearsal?employees=1&organizations=0".to_owned());
    let wave = site.database.values("id", "waitlist_wave ORDER BY id LIMIT 1").remove(0);
    pages.push(format!("/admin/waitlist/waves/{wave}/people"));
    pages.push(format!("/admin/search?q={LONG}"));
    pages
}
