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
    assert_eq!(page.texts("#from-error"), ["Error: Choose a day, or write it as year, month and day: 2026-11-01."]);
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
async fn the_fields_beside_the_search_are_folded_away_until_one_is_set() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@biovity.test").await;
    let folded = ["waitlist", "waitlist?q=ana", "waitlist?state=joined", "users?q=ana", "audit?who=ana"];
    let open = [
        "waitlist?role=employee",
        "waitlist?source=feria",
        "waitlist?from=x",
        "users?kind=admin",
        "audit?to=2026-11-20",
    ];
    for (path, is_open) in folded.map(|path| (path, false)).into_iter().chain(open.map(|path| (path, true))) {
        let page = admin.get(&format!("/admin/{path}")).await;
        // It holds none of them itself: where the style sheet does not come, all can be used.
        let summary = "form[role=search] > .field:first-child + details > summary:only-child";
        assert_eq!(page.texts(summary), ["More filters"], "{path}");
        assert!(page.texts("form[role=search] > details ~ .field").len() > 1, "{path}");
        assert_eq!(page.texts("form[role=search] > details[open]").len(), usize::from(is_open), "{path}");
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
