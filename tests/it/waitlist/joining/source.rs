//! Where those who join come from.

use biovity::waitlist::joining::totals;
use serde_json::json;

use crate::support::TestSite;
use crate::support::visitor::{Visitor, send};

/// Joins by the form of this page, as a browser does that follows a link to it.
async fn join_from(visitor: &Visitor, page: &str, email: &str) {
    let page = visitor.get(page).await.has_status(200);
    let action = page.attribute("form.form", "action").unwrap();
    let joined = visitor.send(&page.form(&action).with("email", email).with("role", "employee")).await.has_status(303);
    assert_eq!(joined.header("location").split('?').next(), Some("/waitlist/joined"));
}

fn source_of(site: &TestSite, email: &str) -> String {
    site.database.values("coalesce(source, '-')", &format!("waitlist WHERE email = '{email}'")).pop().unwrap()
}

#[tokio::test]
async fn the_address_of_the_page_names_the_source_and_the_place_keeps_it() {
    let site = TestSite::start().await;
    let long = "x".repeat(64);
    let pages = [
        ("/?from=newsletter", "newsletter"),
        ("/waitlist?utm_source=linkedin.com&role=organization", "linkedin.com"),
        ("/?utm_source=other&from=Feria_2026-09", "feria_2026-09"),
        ("/?from=not+plain&utm_source=second", "not-plain"),
        ("/?utm_source=Google+Ads", "google-ads"),
        ("/", "-"),
        (&format!("/waitlist?from={long}"), &long),
        (&format!("/waitlist?from={long}x"), "-"),
        ("/?from=ana%40example.cl", "-"),
        ("/?from=%3Cscript%3E", "-"),
        ("/?from=a&from=b", "a"),
        ("/?from=", "-"),
    ];
    for (n, (page, source)) in pages.into_iter().enumerate() {
        let email = format!("p{n}@example.cl");
        join_from(&site.visitor(), page, &email).await;
        assert_eq!(source_of(&site, &email), source, "{page}");
        site.visitor().press(&site.mail(&email).await.link()).await.has_status(303);
        assert_eq!(source_of(&site, &email), source, "it stays when the place is confirmed");
    }
}

#[tokio::test]
async fn a_wrong_form_and_another_language_keep_the_source() {
    let site = TestSite::start().await;
    let visitor = site.visitor();
    let form = visitor.get("/waitlist?from=newsletter").await.form("/waitlist?from=newsletter").with("email", "ana");
    let wrong = visitor.send(&form).await.has_status(422);
    assert_eq!(wrong.value("source"), "newsletter");
    let chosen = visitor.get("/?from=newsletter").await.language("es");
    let page = visitor.send(&chosen).await.has_status(303);
    assert_eq!(visitor.get(page.header("location")).await.value("source"), "newsletter");
}

#[tokio::test]
async fn a_program_may_name_the_source_and_whatever_else_it_says_there_is_ignored() {
    let site = TestSite::start().await;
    let said = [json!("partner"), json!("not plain"), json!(7), json!(null), json!({"a": [1]}), json!(["partner"])];
    for (n, source) in said.into_iter().enumerate() {
        let email = format!("p{n}@example.cl");
        let body = json!({"email": email, "role": "employee", "source": source});
        send(site.visitor().request("POST", "/api/waitlist").json(&body)).await.has_status(201);
        assert_eq!(source_of(&site, &email), if n == 0 { "partner" } else { "-" });
    }
    let fields = [("email", "form@example.cl"), ("role", "employee"), ("source", "<b>")];
    site.visitor().post("/waitlist", &fields).await.redirects_to("/waitlist/joined");
    assert_eq!(source_of(&site, "form@example.cl"), "-");
}

#[tokio::test]
async fn admins_filter_and_export_by_source_and_bulk_acts_keep_to_it() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    for (email, page) in [("a@example.cl", "/?from=news"), ("b@example.cl", "/?from=news"), ("c@example.cl", "/")] {
        join_from(&site.visitor(), page, email).await;
    }
    let list = admin.get("/admin/waitlist?source=news").await.has_status(200).says("2 places");
    assert_eq!(list.texts("tbody tr").len(), 2);
    let file = admin.get("/admin/waitlist.csv?source=news").await.has_status(200);
    assert_eq!(file.body.lines().skip(1).filter(|line| line.ends_with(",news")).count(), 2, "{}", file.body);
    assert_eq!(file.body.lines().count(), 3);
    let id = site.database.values("id", "waitlist WHERE email = 'a@example.cl'").pop().unwrap();
    admin.get(&format!("/admin/waitlist/entries/{id}")).await.has_status(200).says("Source news");
    for path in ["/admin/waitlist", "/admin/waitlist.csv", "/admin/waitlist/bulk"] {
        let refused = admin.get(&format!("{path}?act=delete-all&source=not+plain")).await.has_status(422);
        refused.says("Type a source as its link names it").does_not_say("a@example.cl");
    }
    let bulk = admin.get("/admin/waitlist/bulk?act=delete-all&source=news").await.has_status(200).says("news");
    admin.send(&bulk.form("/admin/waitlist/bulk")).await.has_status(303);
    assert_eq!(site.database.values("email", "waitlist WHERE deleted_at IS NULL"), ["c@example.cl"]);
}

#[tokio::test]
async fn capitals_of_a_source_make_no_other_one() {
    let site = TestSite::start().await;
    site.visitor().get("/waitlist").await.says("names it, where you came from");
    let admin = site.admin("admin@example.cl").await;
    join_from(&site.visitor(), "/?from=News", "a@example.cl").await;
    assert_eq!(admin.get("/admin/waitlist?source=NEWS").await.has_status(200).texts("tbody tr").len(), 1);
}

#[tokio::test]
async fn the_overview_counts_joins_and_confirmations_by_source() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    assert_eq!(admin.get("/admin").await.texts(".sources td"), Vec::<String>::new());
    let people = [("a@example.cl", "news"), ("b@example.cl", "news"), ("c@example.cl", "fair")];
    for (email, source) in people {
        join_from(&site.visitor(), &format!("/?from={source}"), email).await;
    }
    join_from(&site.visitor(), "/", "d@example.cl").await;
    site.visitor().press(&site.mail("a@example.cl").await.link()).await.has_status(303);
    let page = admin.get("/admin").await.has_status(200);
    assert_eq!(
        page.texts(".sources td"),
        ["news", "2", "1", "50", "fair", "1", "0", "0", "No source, or another", "1", "", ""]
    );
    let list = page.attribute(".sources a", "href").unwrap();
    assert_eq!(admin.get(&list).await.has_status(200).texts("tbody tr").len(), 2);
}

#[tokio::test]
async fn who_is_erased_takes_the_source_along() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    join_from(&site.visitor(), "/?from=ana-rojas-of-udd", "ana@example.cl").await;
    let place = site.visitor().press(&site.mail("ana@example.cl").await.link()).await;
    let (visitor, place) = (site.visitor(), place.header("location").to_owned());
    let page = visitor.get(&place).await.has_status(200).says("ana-rojas-of-udd");
    let token = page.value("token");
    let held = visitor.get(&format!("/waitlist/place.json?token={token}")).await.has_status(200).json();
    assert_eq!(held["source"], "ana-rojas-of-udd");
    admin.get("/admin").await.says("ana-rojas-of-udd");
    visitor.send(&page.form("/waitlist/erase")).await.has_status(303);
    admin.get("/admin").await.does_not_say("ana-rojas-of-udd");
    while totals::roll_up(&mut site.database.connect()).unwrap() > 0 {}
    let tables = "(SELECT source FROM waitlist_source_total UNION ALL SELECT source FROM waitlist_source_change) AS t";
    let left = site.database.values("source", tables);
    assert_eq!(left, Vec::<String>::new(), "the sums forget it as soon as they are brought up to date");
    site.visitor().get("/privacy").await.says("the source named in the link");
}

#[tokio::test]
async fn the_links_of_public_pages_keep_the_source_and_no_cookie_does() {
    let site = TestSite::start().await;
    for (address, next) in [
        ("/?from=feria", "/waitlist?from=feria"),
        ("/?utm_source=feria&lang=es", "/waitlist?lang=es&from=feria"),
        ("/privacy?from=feria", "/waitlist?from=feria"),
        ("/waitlist?from=feria", "/?from=feria"),
        ("/", "/waitlist"),
    ] {
        let page = site.visitor().get(address).await.has_status(200);
        assert!(page.body.contains(&format!("href=\"{}\"", next.replace('&', "&#38;"))), "{address}: {}", page.body);
        assert!(!page.headers.contains_key("set-cookie"), "{address}");
        assert!(!canonical(&page.body).contains("feria"), "{address}");
    }
}

/// The line of the page's own address for search engines.
fn canonical(body: &str) -> &str {
    body.lines().find(|line| line.contains("rel=\"canonical\"")).unwrap_or_default()
}
