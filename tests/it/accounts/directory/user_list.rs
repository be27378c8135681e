//! The admin's list of the accounts.

use crate::support::TestSite;
use crate::support::page::Page;
use crate::support::visitor::Visitor;

/// A site whose application before left these many accounts, some made in the same moment, over some years.
async fn crowded(people: usize) -> (TestSite, Visitor) {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    site.database.execute(&format!(
        r#"INSERT INTO "user" (id, email, name, "isEmailVerified", "isActive", "createdAt", profession, type)
           SELECT 'old ' || n, 'persona' || n || '@example.cl', CASE WHEN n % 4 > 0 THEN 'Persona ' || n END, n % 5 > 0, n % 7 > 0,
             now() - (n / 4) * interval '9 days', 'Biochemist', CASE WHEN n % 3 = 0 THEN 'organization' ELSE 'employee' END
           FROM generate_series(1, {people}) n"#
    ));
    (site, admin)
}

pub(super) fn emails(page: &Page) -> Vec<String> {
    page.texts("tbody td.address")
}

/// Those whom the database has in this condition, in the order of the list.
pub(super) fn expected(site: &TestSite, condition: &str) -> Vec<String> {
    site.database.values("email", &format!(r#""user" WHERE {condition} ORDER BY "createdAt" DESC, id DESC"#))
}

/// Every page from this one on in a direction: `next` or `prev`.
async fn walk(admin: &Visitor, from: &str, rel: &str) -> Vec<(String, Page)> {
    let mut pages = Vec::new();
    let mut next = Some(from.to_owned());
    while let Some(path) = next {
        assert!(pages.len() < 30, "the pages never end");
        let page = admin.get(&path).await.has_status(200);
        next = page.attribute(&format!(".pager [rel={rel}]"), "href");
        pages.push((path, page));
    }
    pages
}

/// Asserts that the pages of a view show these, each once, there and back.
pub(super) async fn shows(admin: &Visitor, view: &str, expected: &[String]) {
    let there = walk(admin, view, "next").await;
    assert_eq!(there.iter().flat_map(|(_, page)| emails(page)).collect::<Vec<_>>(), expected, "{view}");
    let back = walk(admin, &there.last().unwrap().0, "prev").await;
    let back: Vec<_> = back.iter().rev().flat_map(|(_, page)| emails(page)).collect();
    if there.len() > 1 {
        assert_eq!(back, expected, "{view} backwards");
    }
}

#[tokio::test]
async fn the_list_shows_who_has_an_account_and_whether_it_can_be_used() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    site.employee("ana@example.cl").await;
    site.visitor().sign_up("organization", "lab@example.cl").await.has_status(303);
    let page = admin.get("/admin/users").await.has_status(200).says("3 accounts. Newest first.");
    assert_eq!(emails(&page), ["lab@example.cl", "ana@example.cl", "boss@example.cl"]);
    let badges = ["Organization", "Not verified", "Job seeker", "Active", "Admin", "Active"];
    assert_eq!(page.texts("tbody .badge"), badges);
    assert_eq!(page.texts("[aria-current=page]"), ["Accounts"]);
    let path = page.attribute("tbody tr:nth-child(2) a", "href").unwrap();
    admin.get(&path).await.has_status(200).says("Ana Rojas").says("ana@example.cl");
}

#[tokio::test]
async fn the_list_speaks_spanish() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    admin.post("/language", &[("lang", "es")]).await.redirects_to("/");
    let page = admin.get("/admin/users").await.has_status(200).says("1 cuenta. Primero las más recientes.");
    assert_eq!(page.texts("tbody .badge"), ["Administración", "Activa"]);
    assert_eq!(
        page.texts("#state option"),
        ["Todos los estados", "Activa", "Desactivada", "Sin verificar", "Por eliminarse"]
    );
    admin.get("/admin/users?q=nadie").await.says("Ninguna cuenta coincide").says("Quitar el filtro");
}

#[tokio::test]
async fn the_pages_show_everyone_once_in_both_directions() {
    let (site, admin) = crowded(70).await;
    let everyone = expected(&site, "true");
    assert_eq!(everyone.len(), 71);
    shows(&admin, "/admin/users", &everyone).await;
    let first = admin.get("/admin/users").await.says("71 accounts");
    assert_eq!(emails(&first).len(), 25);
    assert_eq!(first.attribute("[rel=prev]", "href"), None);
}

#[tokio::test]
async fn every_filter_keeps_to_its_accounts_on_every_page() {
    let (site, admin) = crowded(180).await;
    site.database.execute(r#"UPDATE "user" SET purge_at = now() WHERE "createdAt" < now() - interval '90 days'"#);
    let kinds = [
        ("", "true"),
        ("employee", "type = 'employee'"),
        ("organization", "type = 'organization'"),
        ("admin", "type = 'admin'"),
    ];
    let unverified = r#""isActive" AND NOT "isEmailVerified""#;
    let states = [
        ("", "true"),
        ("active", r#""isActive" AND "isEmailVerified" AND purge_at IS NULL"#),
        ("deactivated", r#"NOT "isActive""#),
        ("unverified", unverified),
        ("leaving", r#""isActive" AND "isEmailVerified" AND purge_at IS NOT NULL"#),
    ];
    for (kind, of_kind) in kinds {
        for (state, in_state) in states {
            let expected = expected(&site, &format!("{of_kind} AND {in_state}"));
            shows(&admin, &format!("/admin/users?kind={kind}&state={state}"), &expected).await;
        }
    }
    let expected = expected(&site, &format!("email LIKE 'persona1%' AND type = 'employee' AND {unverified}"));
    assert!(expected.len() > 5);
    shows(&admin, "/admin/users?q=Persona1&kind=employee&state=unverified", &expected).await;
}

#[tokio::test]
async fn rows_of_the_old_application_have_a_kind_and_a_state_too() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    site.database.execute(
        r#"INSERT INTO "user" (id, email, name, "isEmailVerified", "isActive", profession, type) VALUES
           ('1', 'Old@Example.cl', NULL, true, NULL, 'x', 'professional'), ('2', 'nulls@example.cl', '', NULL, NULL, '', 'employee')"#,
    );
    let employees = admin.get("/admin/users?kind=employee").await.has_status(200).says("2 accounts");
    assert_eq!(employees.texts("tbody .badge"), ["Job seeker", "Not verified", "Job seeker", "Active"]);
    assert_eq!(emails(&admin.get("/admin/users?kind=employee&state=active").await), ["Old@Example.cl"]);
    assert_eq!(emails(&admin.get("/admin/users?state=unverified").await), ["nulls@example.cl"]);
}

#[tokio::test]
async fn who_signs_up_meanwhile_moves_nobody_to_another_page() {
    let (site, admin) = crowded(60).await;
    let before = expected(&site, "true");
    let (mut shown, mut path) = (Vec::new(), Some("/admin/users".to_owned()));
    while let Some(here) = path {
        let page = admin.get(&here).await.has_status(200);
        shown.extend(emails(&page));
        site.visitor().sign_up("employee", &format!("new{}@example.cl", shown.len())).await.has_status(303);
        path = page.attribute("[rel=next]", "href");
    }
    assert_eq!(shown, before);
}

#[tokio::test]
async fn a_position_that_cannot_be_read_is_the_first_page() {
    let (site, admin) = crowded(30).await;
    let first = &expected(&site, "true")[..25];
    for query in [
        "q=",
        "q=%20%20",
        "kind=&state=",
        "after=x",
        "after=AAAA",
        "before=%ff",
        "after[]=1",
        "page=9",
        "after=&before=",
        "after=x&after=y",
    ] {
        let page = admin.get(&format!("/admin/users?{query}")).await.has_status(200);
        assert_eq!(emails(&page), first, "{query}");
    }
}

#[tokio::test]
async fn a_filter_that_cannot_be_read_lists_nobody() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    for (query, field, typed) in [
        ("kind=boss", "kind", None),
        ("kind=professional", "kind", None),
        ("kind=%00", "kind", None),
        ("kind=employee&kind=admin", "kind", None),
        ("state=gone&q=boss", "state", Some("boss")),
        ("state=%27%20OR%201%3D1", "state", None),
        ("q=%00", "q", None),
        ("q=a%00b", "q", None),
        ("q=a%0Ab", "q", None),
        ("q=a&q=b", "q", None),
    ] {
        let page = admin.get(&format!("/admin/users?{query}")).await.has_status(422).leads_on();
        assert_eq!(emails(&page), [""; 0], "{query}");
        assert_eq!(page.texts(&format!("#{field}-error")).len(), 1, "{query}");
        assert_eq!(page.attribute(".notice.problem a", "href"), Some(format!("#{field}")), "{query}");
        assert!(typed.is_none_or(|typed| page.value("q") == typed), "{query}");
    }
}

#[tokio::test]
async fn a_made_up_cursor_leads_to_an_end_of_the_list() {
    let (site, admin) = crowded(30).await;
    let everyone = expected(&site, "true");
    // 1970: older than everyone. 73,000 years later: newer than everyone.
    let (oldest, newest) = ("AAAAAAAAAAB4", "IAAAAAAAAAB4");
    for filter in ["", "q=persona&", "state=active&kind=employee&"] {
        let page = admin.get(&format!("/admin/users?{filter}after={oldest}")).await.has_status(200);
        page.leads_on().says("This is the end of the list").says("Go to the newest");
    }
    let page = admin.get(&format!("/admin/users?before={newest}")).await;
    assert_eq!(emails(&page), everyone[..25]);
    let page = admin.get(&format!("/admin/users?before={oldest}")).await;
    assert_eq!(emails(&page), everyone[6..], "the oldest page");
}

#[tokio::test]
async fn nobody_waits_for_a_long_count() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    let add = |from: usize, to: usize| {
        site.database.execute(&format!(
            r#"INSERT INTO "user" (id, email, name, "isEmailVerified", profession, type, "createdAt")
               SELECT n::text, 'a' || n || '@example.cl', 'Ana', true, '', 'employee', now() - n * interval '1 hour'
               FROM generate_series({from}, {to}) n"#
        ));
    };
    add(1, 100);
    admin.get("/admin/users?q=ana").await.says("100 accounts. Newest first.");
    add(101, 9_999);
    let page = admin.get("/admin/users").await.says("10,000 accounts. Newest first.").does_not_say("More than");
    let next = page.attribute("[rel=next]", "href").unwrap();
    admin.get(&next).await.says("10,000 accounts.");
    admin.get("/admin/users?q=ana").await.says("More than 100 accounts. Newest first.");
    admin.get("/admin/users?q=a999").await.says("11 accounts. Newest first.").says("a999@example.cl");
    add(10_000, 10_000);
    admin.get("/admin/users").await.says("More than 10,000 accounts. Newest first.");
}

#[tokio::test]
async fn what_a_row_holds_cannot_become_markup() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    site.database.execute(
        r#"INSERT INTO "user" (id, email, name, profession, type)
           VALUES ('"><script>', '<script>@x.cl', '<b>"''&', '<i>', '"><script>')"#,
    );
    let page = admin.get("/admin/users?q=%3Cscript%3E%22%27").await.has_status(200);
    assert_eq!(page.value("q"), "<script>\"'");
    let page = admin.get("/admin/users").await.has_status(200);
    assert_eq!(emails(&page)[0], "<script>@x.cl");
    assert!(page.texts("script, td b").is_empty());
    let path = page.attribute("tbody tr:first-child a", "href").unwrap();
    let page = admin.get(&path).await.has_status(200).says("<script>@x.cl").says("<b>\"'&").says("<i>");
    assert!(page.texts("script, dd b, dd i").is_empty());
}
