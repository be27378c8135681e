//! Selecting places on the list without a script.

use crate::support::TestSite;
use crate::support::page::Page;
use crate::support::visitor::Visitor;

/// A site with places `p1`, `p2`, … the first ten of which confirmed.
async fn with_places(places: usize) -> (TestSite, Visitor) {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    site.database.execute(&format!(
        "INSERT INTO waitlist (email, role, created_at, locale, confirmed_at)
         SELECT 'p' || n || '@udd.cl', 'employee', now() - n * interval '1 hour', 'en', CASE WHEN n <= 10 THEN now() END
         FROM generate_series(1, {places}) n"
    ));
    (site, admin)
}

/// Where the link of these words above the list leads.
fn link(page: &Page, words: &str) -> String {
    const LINK: &str = "form.selection > .row > .row > a";
    assert_eq!(page.texts(LINK), [words]);
    page.attribute(LINK, "href").unwrap()
}

fn ticked(page: &Page) -> usize {
    page.texts(".places [checked]").len()
}

#[tokio::test]
async fn one_link_ticks_the_page_and_another_none_of_it_and_both_keep_the_view() {
    let (_site, admin) = with_places(70).await;
    let list = admin.get("/admin/waitlist?role=employee&state=joined&sort=oldest").await.has_status(200);
    let second = list.attribute(".pager [rel=next]", "href").unwrap();
    let page = admin.get(&second).await.has_status(200).does_not_say("The whole page is selected.");
    assert_eq!(ticked(&page), 0);
    let all = admin.get(&link(&page, "Select all on this page")).await.has_status(200);
    let all = all.says("The whole page is selected. More match, on other pages: for all 60,");
    assert_eq!(ticked(&all), 25);
    assert_eq!(all.texts("td.address"), page.texts("td.address"));
    let none = admin.get(&link(&all, "Select none")).await.has_status(200);
    assert_eq!(ticked(&none), 0);
    assert_eq!(none.texts("td.address"), page.texts("td.address"));
    // What was unticked is not ticked again by the choice of a language.
    let in_spanish = admin.send(&all.language("es")).await.has_status(303).header("location").to_owned();
    assert!(in_spanish.contains("role=employee") && !in_spanish.contains("ticked"), "{in_spanish}");
    // Neither another page of the list nor another state begins with ticks.
    let next = all.attribute(".pager [rel=next]", "href").unwrap();
    assert_eq!(ticked(&admin.get(&next).await), 0);
    assert!(all.texts("main nav a[href*=ticked]").is_empty());
}

#[tokio::test]
async fn a_list_of_one_page_has_no_others_and_the_deleted_no_ticks() {
    let (_site, admin) = with_places(12).await;
    let all = admin.get("/admin/waitlist?ticked=page").await.has_status(200).does_not_say("on other pages");
    assert_eq!(ticked(&all), 12);
    let deletion = [("act", "delete-all"), ("expected", "2"), ("state", "joined")];
    admin.post("/admin/waitlist/bulk", &deletion).await.has_status(303);
    let deleted = admin.get("/admin/waitlist?state=deleted&ticked=page").await.has_status(200);
    deleted.does_not_say("Select all on this page").does_not_say("Select none");
}

#[tokio::test]
async fn nobody_is_asked_again_where_all_have_confirmed() {
    let (_site, admin) = with_places(12).await;
    for (state, acts) in [("joined", 2), ("", 2), ("confirmed", 1)] {
        let page = admin.get(&format!("/admin/waitlist?state={state}")).await.has_status(200);
        assert_eq!(page.texts(".bulk button").len(), acts, "{state}");
        assert_eq!(page.texts(".bulk button[value=ask]").len(), acts - 1, "{state}");
    }
}
