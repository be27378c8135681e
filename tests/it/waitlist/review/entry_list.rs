//! The admin's list of the waitlist.

use std::collections::BTreeSet;

use crate::support::TestSite;
use crate::support::page::Page;
use crate::support::visitor::{Visitor, send};

/// A site on whose list these many people are, some of whom joined in the same moment; the newest is first.
async fn crowded(people: usize) -> (TestSite, Visitor, Vec<String>) {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    let admin = site.admin("admin@example.cl").await;
    let mut emails = Vec::new();
    for number in 0..people {
        let email = format!("a{number:03}@example.cl");
        let role = if number % 3 == 0 { "organization" } else { "employee" };
        site.visitor().join(&email, role).await.redirects_to("/waitlist/joined");
        emails.push(email);
    }
    site.database.execute("UPDATE waitlist SET created_at = date_trunc('hour', created_at) WHERE id % 10 < 7");
    let newest_first = site.database.values("email", "waitlist ORDER BY created_at DESC, id DESC");
    assert_eq!(newest_first.len(), people);
    (site, admin, newest_first)
}

fn emails(page: &Page) -> Vec<String> {
    page.texts("tbody td.address")
}

/// Every page from this one on in a direction: `next` or `prev`.
async fn walk(admin: &Visitor, from: &str, rel: &str) -> Vec<(String, Page)> {
    let mut pages = Vec::new();
    let mut next = Some(from.to_owned());
    while let Some(path) = next {
        assert!(pages.len() < 20, "the pages never end");
        let page = admin.get(&path).await.has_status(200);
        next = page.attribute(&format!(".pager [rel={rel}]"), "href");
        pages.push((path, page));
    }
    pages
}

#[tokio::test]
async fn the_states_beside_the_filter_are_links_with_their_counts() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    site.database.execute(
        "INSERT INTO waitlist (email, role, locale, confirmed_at)
         SELECT 'p' || n || '@udd.cl', 'employee', 'en', CASE WHEN n > 2 THEN now() END FROM generate_series(1, 5) n",
    );
    let page = admin.get("/admin/waitlist?role=employee&state=joined").await;
    let confirmed = "main nav a[href='/admin/waitlist?role=employee&state=confirmed']";
    assert_eq!(page.texts(confirmed), ["Confirmed 3"]);
    assert_eq!(page.texts("main nav a[aria-current=page]").last().unwrap(), "Joined 2");
    let found = admin.get("/admin/waitlist?q=udd&state=joined").await;
    let links = ["Joined 2", "Confirmed", "Invited", "Signed up", "Bounced", "Left", "Deleted", "Needs review"];
    assert_eq!(found.texts("main nav a[href*=state]"), links, "a search counts what it lists, and leads to all states");
    let confirmed = found.attribute("main nav a[href$='state=confirmed']", "href");
    assert_eq!(confirmed.as_deref(), Some("/admin/waitlist?q=udd&state=confirmed"));
    let found = admin.get("/admin/waitlist?q=p4@").await;
    let links = found.texts("main nav[aria-label=State] a");
    assert_eq!(links, ["All except deleted 1", "Confirmed 1", "Deleted"], "what a page shows whole is counted");
    admin.get("/admin").await.says("3 confirmed people are waiting: invite them");
}

#[tokio::test]
async fn the_list_shows_who_joined_and_where_they_stand() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    site.visitor().join("lab@example.cl", "organization").await.redirects_to("/waitlist/joined");
    site.visitor().press(&site.mail("ana@example.cl").await.link()).await.has_status(303);
    let page = admin.get("/admin/waitlist").await.has_status(200).says("2 places: 1 job seeker and 1 organization");
    let rows = page.texts("tbody tr");
    assert_eq!(rows.len(), 2);
    for (row, told) in rows.iter().zip(["lab@example.cl Organization Joined", "ana@example.cl Job seeker Confirmed"]) {
        assert!(row.contains(told), "{row}");
    }
}

#[tokio::test]
async fn a_role_filters_the_list_and_counts_former_names_of_it() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    site.visitor().join("lab@example.cl", "organization").await.redirects_to("/waitlist/joined");
    site.database.execute("INSERT INTO waitlist (email, role) VALUES ('Old@Example.cl', 'professional')");
    let page = admin.get("/admin/waitlist?role=employee").await.has_status(200).says("2 job seekers.");
    assert_eq!(emails(&page), ["Old@Example.cl", "ana@example.cl"]);
    assert_eq!(page.texts("tbody td[data-label=Role]"), ["Job seeker", "Job seeker"]);
    assert_eq!(page.attribute("option[selected]", "value").as_deref(), Some("employee"));
    let page = admin.get("/admin/waitlist?role=organization").await.has_status(200);
    assert_eq!(emails(&page), ["lab@example.cl"]);
}

#[tokio::test]
async fn the_pages_show_everyone_once_in_both_directions() {
    let (_site, admin, newest_first) = crowded(60).await;
    let there = walk(&admin, "/admin/waitlist", "next").await;
    assert_eq!(there.iter().map(|(_, page)| emails(page).len()).collect::<Vec<_>>(), [25, 25, 10]);
    assert_eq!(there.iter().flat_map(|(_, page)| emails(page)).collect::<Vec<_>>(), newest_first);
    assert_eq!(there[0].1.attribute("[rel=prev]", "href"), None);
    let back = walk(&admin, &there[2].0, "prev").await;
    let mut pages: Vec<_> = back.iter().map(|(_, page)| emails(page)).collect();
    pages.reverse();
    assert_eq!(pages.concat(), newest_first);
}

#[tokio::test]
async fn the_pages_of_a_role_keep_to_it() {
    let (site, admin, _) = crowded(80).await;
    for (role, most) in [("employee", 53), ("organization", 27)] {
        let expected =
            site.database.values("email", &format!("waitlist WHERE role = '{role}' ORDER BY created_at DESC, id DESC"));
        let pages = walk(&admin, &format!("/admin/waitlist?role={role}"), "next").await;
        let shown: Vec<_> = pages.iter().flat_map(|(_, page)| emails(page)).collect();
        assert_eq!((shown.len(), &shown), (most, &expected));
        let back = walk(&admin, &pages.last().unwrap().0, "prev").await;
        let shown: BTreeSet<_> = back.iter().flat_map(|(_, page)| emails(page)).collect();
        assert_eq!(shown, expected.into_iter().collect());
    }
}

#[tokio::test]
async fn who_joins_meanwhile_moves_nobody_to_another_page() {
    let (site, admin, newest_first) = crowded(60).await;
    let mut shown = Vec::new();
    let mut path = Some("/admin/waitlist".to_owned());
    let mut last = String::new();
    for turn in 0.. {
        let Some(here) = path else { break };
        let page = admin.get(&here).await.has_status(200);
        shown.extend(emails(&page));
        site.visitor().join(&format!("new{turn}@example.cl"), "employee").await.redirects_to("/waitlist/joined");
        path = page.attribute("[rel=next]", "href");
        last = here;
    }
    assert_eq!(shown, newest_first, "each once, none of those who came later");
    let back = walk(&admin, &last, "prev").await;
    let seen: BTreeSet<_> = back.iter().flat_map(|(_, page)| emails(page)).collect();
    assert_eq!(seen.len(), 63, "and all of them on the way back");
    let (_, first) = back.last().unwrap();
    assert_eq!(emails(first)[..3], ["new2@example.cl", "new1@example.cl", "new0@example.cl"]);
}

#[tokio::test]
async fn a_position_that_cannot_be_read_is_the_first_page() {
    let (_site, admin, newest_first) = crowded(30).await;
    let first = &newest_first[..25];
    let high = format!("after={}", "_".repeat(22));
    for query in [
        "after=x",
        "before=x",
        "after=&before=",
        "after=%00&before=%ff",
        "after=-1",
        "after[]=1",
        "page=9999999999",
        &high,
    ] {
        let page = admin.get(&format!("/admin/waitlist?{query}")).await.has_status(200);
        assert_eq!(emails(&page), first, "{query}");
    }
}

#[tokio::test]
async fn a_made_up_cursor_leads_to_an_end_of_the_list() {
    let (_site, admin, newest_first) = crowded(30).await;
    // 1970, id 0: older than everyone. The year 262142: newer than everyone.
    let (oldest, newest) = ("A".repeat(22), "cfC6OX7CncB__________w");
    let page = admin.get(&format!("/admin/waitlist?after={oldest}")).await.has_status(200);
    page.leads_on().says("This is the end of the list").says("Go to the newest");
    for query in [format!("before={newest}"), format!("after={newest}"), format!("after={newest}&before={oldest}")] {
        let page = admin.get(&format!("/admin/waitlist?{query}")).await.has_status(200);
        assert_eq!(emails(&page), newest_first[..25], "{query}");
    }
    let page = admin.get(&format!("/admin/waitlist?before={oldest}")).await.has_status(200);
    assert_eq!(emails(&page), newest_first[5..], "the oldest page");
}

#[tokio::test]
async fn an_empty_list_says_why_and_leads_on() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    for path in ["/admin/waitlist", "/admin/waitlist?role=employee"] {
        admin.get(path).await.has_status(200).leads_on().says("Nobody has joined yet");
    }
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let page = admin.get("/admin/waitlist?role=organization").await.has_status(200).says("No place matches");
    assert_eq!(page.attribute(".empty a", "href").as_deref(), Some("/admin/waitlist"));
}

#[tokio::test]
async fn what_a_row_holds_cannot_become_markup() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    site.visitor().join("a'b&c@example.cl", "employee").await.redirects_to("/waitlist/joined");
    site.database.execute("INSERT INTO waitlist (email, role) VALUES ('<script>alert(1)</script>', '\"><b>')");
    let page = admin.get("/admin/waitlist").await.has_status(200);
    assert_eq!(emails(&page), ["<script>alert(1)</script>", "a'b&c@example.cl"]);
    assert!(page.texts("script").is_empty());
}

/// Four thousand places, some of them deleted, and two with letters that mean something elsewhere.
fn many(site: &TestSite) {
    site.database.execute(
        "INSERT INTO waitlist (email, role, created_at, deleted_at)
         SELECT 'p' || n || CASE WHEN n % 2 = 0 THEN '@udd.cl' ELSE '@uc.cl' END,
                CASE WHEN n % 5 = 0 THEN 'organization' ELSE 'professional' END,
                now() - n * interval '1 hour', CASE WHEN n % 20 = 0 THEN now() END
         FROM generate_series(1, 4000) n",
    );
    site.database.execute(
        r"INSERT INTO waitlist (email, role) VALUES ('a%b_c\d@example.cl', 'employee'), ('=1+1@x.cl', 'employee')",
    );
}

/// The addresses of a file.
fn in_file(file: &Page) -> Vec<String> {
    file.text().split_whitespace().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_file_holds_exactly_what_is_shown() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    many(&site);
    let emails_of =
        |rows: &str| site.database.values("email", &format!("waitlist WHERE deleted_at IS NULL AND {rows}"));
    let page = admin.get("/admin/waitlist?role=organization&q=udd").await.says("200 organizations. Newest first.");
    assert_eq!(page.attribute("p.row a", "href").as_deref(), Some("/admin/waitlist.csv?q=udd&role=organization"));
    assert!(page.texts(".printed")[0].starts_with("1–25 of 200. Search: udd."), "paper says what is missing");
    let later = admin.get(&page.attribute(".pager [rel=next]", "href").unwrap()).await.has_status(200);
    assert!(later.texts(".printed")[0].starts_with("25 of 200. "));
    let file = admin.get("/admin/waitlist.csv?role=organization&q=udd").await.has_status(200);
    assert_eq!(in_file(&file), emails_of("role = 'organization' AND email LIKE '%udd%' ORDER BY created_at DESC"));
    assert_eq!(file.header("cache-control"), "no-store");
    assert!(file.text().contains("email,role,state,joined_at"));
    let all = in_file(&admin.get("/admin/waitlist.csv?sort=oldest").await);
    assert_eq!(all[..3_800], emails_of("email LIKE 'p%' ORDER BY created_at, id"));
    assert_eq!(all[3_801], "'=1+1@x.cl", "no formula");
    assert_eq!(in_file(&admin.get("/admin/waitlist.csv?state=deleted").await).len(), 200);
    let noted = "audit_event WHERE action = 'waitlist_exported' ORDER BY id";
    assert_eq!(site.database.values("details ->> 'filter'", noted)[0], "q=udd&role=organization");
    let events = || site.database.values("count(*)", "audit_event WHERE action = 'waitlist_exported'");
    let before = events();
    let head = send(admin.request("HEAD", "/admin/waitlist.csv?q=udd")).await.has_status(200);
    assert_eq!(head.header("content-disposition"), file.header("content-disposition"));
    assert_eq!(events(), before);
}

#[tokio::test]
async fn a_term_stands_for_itself() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    many(&site);
    let (none, one) = (["%25", "_", "%5C", "(p%2B", "x%25"], ["a%25b", "b_c%5Cd@example", "p3999", "3999%40UC"]);
    for (terms, found) in [(&none[..], 0), (&one[..], 1), (&["p1"], 25)] {
        for term in terms {
            let page = admin.get(&format!("/admin/waitlist?q={term}")).await.has_status(200);
            assert_eq!(emails(&page).len(), found, "{term}");
        }
    }
}

#[tokio::test]
async fn an_address_is_found_by_its_domain_as_people_read_it() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    many(&site);
    site.database.execute("INSERT INTO waitlist (email, role) VALUES ('ana@xn--and-6ma2c.cl', 'employee')");
    for term in ["ñandú", "ana@ñandú.cl", "ÑANDÚ.", "n%CC%83andu%CC%81.cl"] {
        assert_eq!(emails(&admin.get(&format!("/admin/waitlist?q={term}")).await), ["ana@xn--and-6ma2c.cl"], "{term}");
    }
}

#[tokio::test]
async fn an_address_is_found_by_a_name_with_its_accents() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    many(&site);
    site.database.execute("INSERT INTO waitlist (email, role) VALUES ('cristobal.pena@uc.cl', 'employee')");
    for term in ["Cristóbal", "PEÑA", "pen%CC%83a@uc", "pena"] {
        assert_eq!(emails(&admin.get(&format!("/admin/waitlist?q={term}")).await), ["cristobal.pena@uc.cl"], "{term}");
    }
    admin.get("/admin/search?q=Crist%C3%B3bal").await.says("cristobal.pena@uc.cl");
}

#[tokio::test]
async fn days_are_those_of_chile_and_the_order_turns() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    site.database.execute(
        "INSERT INTO waitlist (email, role, created_at) VALUES ('a@x.cl', 'employee', '2026-06-02 03:59Z'),
         ('b@x.cl', 'employee', '2026-06-02 04:00Z'), ('c@x.cl', 'organization', '2026-06-03 03:59Z'),
         ('d@x.cl', 'employee', '2026-06-03 04:00Z')",
    );
    let page = admin
        .get("/admin/waitlist?from=2026-06-02&to=2026-06-02")
        .await
        .says("2 places: 1 job seeker and 1 organization");
    assert_eq!(emails(&page), ["c@x.cl", "b@x.cl"]);
    assert_eq!(page.value("from"), "2026-06-02");
    let turned = page.attribute("th[aria-sort=descending] a", "href").unwrap();
    let page = admin.get(&turned).await.says("Oldest first.");
    assert_eq!(emails(&page), ["b@x.cl", "c@x.cl"]);
    assert!(page.attribute("th[aria-sort=ascending] a", "href").is_some());
}
