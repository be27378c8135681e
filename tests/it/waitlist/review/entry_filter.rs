//! A filter that cannot be read: nobody may take what it would have left out for everybody.

use crate::support::TestSite;
use crate::support::page::Page;

/// Filters with the field that cannot be read.
const UNREADABLE: [(&str, &str); 12] = [
    ("from=01-11-2026", "from"),
    ("to=2026-02-30&role=employee", "to"),
    ("from=99999-01-01", "from"),
    ("from=2026-11-20&to=2026-11-10", "to"),
    ("state=leftt", "state"),
    ("role=boss", "role"),
    ("role=professional", "role"),
    ("role=employee&role=organization", "role"),
    ("role=%00", "role"),
    ("state=%27%20OR%201%3D1", "state"),
    ("q=a%00b", "q"),
    ("q=ana&q=eva", "q"),
];

/// A page with an error in this field alone, and nothing of the list.
fn refuses(page: Page, query: &str, field: &str) {
    let page = page.has_status(422).leads_on();
    assert_eq!(page.texts(".notice.problem li a").len(), 1, "{query}");
    assert_eq!(page.attribute(".notice.problem a", "href"), Some(format!("#{field}")), "{query}");
    assert_eq!(page.texts(&format!("#{field}-error")).len(), 1, "{query}");
    assert_eq!(page.attribute(&format!("#{field}"), "aria-invalid").as_deref(), Some("true"), "{query}");
    assert!(!page.text().contains("@example.cl"), "{query}: {}", page.body);
    assert_eq!(page.texts("tbody tr, main [name=act], main [name=expected], a[href*=csv]").len(), 0, "{query}");
}

#[tokio::test]
async fn a_filter_that_cannot_be_read_neither_lists_nor_exports_nor_offers_a_bulk_act() {
    let site = TestSite::start().await;
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let admin = site.admin("boss@biovity.test").await;
    for (query, field) in UNREADABLE {
        refuses(admin.get(&format!("/admin/waitlist?{query}")).await, query, field);
        refuses(admin.get(&format!("/admin/waitlist.csv?{query}")).await, query, field);
        refuses(admin.get(&format!("/admin/waitlist/bulk?act=delete-all&{query}")).await, query, field);
        refuses(admin.get(&format!("/admin/waitlist/bulk?act=ask&id=1&{query}")).await, query, field);
        // A field that is sent twice is refused in every form.
        if query.matches(field).count() == 1 {
            let fields: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let fields: Vec<_> = [("act", "delete-all"), ("expected", "1")].into_iter().chain(fields).collect();
            let page = admin.post("/admin/waitlist/bulk", &fields).await;
            // So is NUL, which PostgreSQL does not store.
            if query.contains("%00") {
                page.has_status(400);
            } else {
                refuses(page, query, field);
            }
        }
    }
    assert_eq!(site.database.values("count(*)", "waitlist WHERE deleted_at IS NULL"), ["1"]);
    assert_eq!(site.database.values("count(*)", "audit_event WHERE action = 'waitlist_exported'"), ["0"]);
}

#[tokio::test]
async fn what_was_typed_stays_beside_the_error() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    let page = admin.get("/admin/waitlist?q=+ana+&from=01-11-2026&state=left&sort=oldest").await.has_status(422);
    assert_eq!(
        page.texts("#from-error"),
        ["Error: Joined from: choose a day, or write it as year, month and day: 2026-11-01."]
    );
    assert_eq!(
        (page.value("q").as_str(), page.value("from").as_str(), page.value("sort").as_str()),
        (" ana ", "01-11-2026", "oldest")
    );
    assert_eq!(page.attribute("#state option[selected]", "value").as_deref(), Some("left"));
    // A browser empties a date that it cannot read.
    assert_eq!(page.attribute("#from", "type").as_deref(), Some("text"));
    let jefa = site.spanish_visitor();
    jefa.log_in("boss@example.cl", crate::support::PASSWORD).await.redirects_to("/admin");
    jefa.get("/admin/waitlist?state=leftt").await.has_status(422).says("Elige una opción de la lista.");
    admin.get("/admin/waitlist?q=&role=&state=&from=&to=+").await.has_status(200);
}

#[tokio::test]
async fn the_fields_beside_the_search_are_folded_away_and_each_that_is_set_is_a_link_without_it() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@biovity.test").await;
    // What is typed into the search and which state is listed are seen beside it.
    let none: [&str; 0] = [];
    let folded = ["waitlist?q=ana&state=joined", "users?q=ana", "audit?who=ana"].map(|path| (path, none.as_slice()));
    let set: [(_, &[_]); 4] = [
        ("waitlist?q=ana&role=employee&source=feria&sort=oldest", &["Role: Job seekers ×", "Source: feria ×"]),
        (
            "waitlist?from=2026-11-20&to=2026-11-21&q=nobody",
            &["Joined from: 20 Nov 2026 ×", "Joined until: 21 Nov 2026 ×"],
        ),
        ("users?kind=admin&state=active", &["Type: Admins ×", "State: Active ×"]),
        ("audit?action=logged_in&to=2026-11-20", &["What: Logged in ×", "Until: 20 Nov 2026 ×"]),
    ];
    for (path, chips) in folded.into_iter().chain(set) {
        let page = admin.get(&format!("/admin/{path}")).await;
        // It holds none of them itself: where the style sheet does not come, all can be used.
        let summary = "form[role=search] > .field:first-child + details > summary:only-child";
        assert_eq!(page.texts(summary), ["More filters"], "{path}");
        assert!(page.texts("form[role=search] > details ~ .field").len() > 1, "{path}");
        assert!(page.texts("form[role=search] > details[open]").is_empty(), "{path}");
        assert_eq!(
            page.texts(".chips a"),
            chips.iter().map(|chip| format!("Remove {chip}")).collect::<Vec<_>>(),
            "{path}"
        );
    }
    let page = admin.get("/admin/waitlist?q=ana&role=employee&source=feria&sort=oldest").await;
    assert_eq!(page.attribute(".chips a", "href").unwrap(), "/admin/waitlist?q=ana&source=feria&sort=oldest");
    let page = admin.get("/admin/audit?action=logged_in&to=2026-11-20").await;
    assert_eq!(page.attribute(".chips a", "href").unwrap(), "/admin/audit?to=2026-11-20");
    // What is wrong is seen at its field.
    for path in ["waitlist?from=x", "users?kind=x", "audit?to=x"] {
        let page = admin.get(&format!("/admin/{path}")).await.has_status(422);
        assert_eq!(page.texts("form[role=search] > details[open]").len(), 1, "{path}");
    }
}

#[tokio::test]
async fn one_link_clears_a_filter() {
    let site = TestSite::start().await;
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let admin = site.admin("boss@biovity.test").await;
    let with_rows = ["waitlist?q=ana", "users?q=boss", "audit?who=boss", "mail?state=waiting"];
    let without = ["waitlist?q=nobody", "users?q=nobody", "audit?who=nobody", "mail?state=refused"];
    let refused = ["waitlist?from=x", "users?kind=x", "audit?from=x", "mail?state=x"];
    for path in with_rows.into_iter().chain(without).chain(refused) {
        let links = admin.get(&format!("/admin/{path}")).await.texts("main a.button");
        assert_eq!(links.iter().filter(|words| *words == "Clear the filter").count(), 1, "{path}");
    }
}
