//! Selecting places on the list without a script.

use crate::support::TestSite;
use crate::support::page::{FilledForm, Page};
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

/// The ids of the places, the newest first.
fn ids(page: &Page) -> Vec<String> {
    page.attributes(".places [name=id]", "value")
}

/// Where these links above the list lead.
fn links<const N: usize>(page: &Page, words: [&str; N]) -> [String; N] {
    const LINK: &str = "form.selection > .row > .row > a";
    assert_eq!(page.texts(LINK), words);
    std::array::from_fn(|at| page.attribute(&format!("{LINK}:nth-of-type({})", at + 1), "href").unwrap())
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
    let [whole_page, _] = links(&page, ["Select all on this page", "Select all 60"]);
    let all = admin.get(&whole_page).await.has_status(200).says("The whole page is selected.");
    assert_eq!((ticked(&all), all.texts(".places [disabled]").len()), (25, 0));
    assert_eq!(all.texts("td.address"), page.texts("td.address"));
    let [_, none] = links(&all, ["Select all 60", "Select none"]);
    let none = admin.get(&none).await.has_status(200);
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
async fn what_is_too_much_for_any_act_is_not_offered() {
    let (site, admin) = with_places(5_001).await;
    admin.get("/admin/waitlist").await.says("Select all 5,001");
    let found = admin.get("/admin/waitlist?q=udd").await;
    let found =
        found.says("At most 5,000 can be selected at once: narrow the filter").does_not_say("Select all 5,000+");
    assert_eq!(found.attribute("a[href*='ticked=all']", "href"), None);
    let all = admin.get("/admin/waitlist?q=udd&ticked=all").await.does_not_say("are selected.");
    assert_eq!(ticked(&all), 0, "nor taken from an address");
    let joined = admin.get("/admin/waitlist?state=joined&ticked=all").await.says("All 4,991 are selected.");
    assert_eq!(joined.texts("button[value^=ask]"), [""; 0]);
    joined.says("The confirmation can be resent to at most 1,000 at once: narrow the filter");
    site.database.execute("DELETE FROM waitlist WHERE email = 'p1@udd.cl'");
    admin.get("/admin/waitlist?q=udd").await.says("Select all 5,000").does_not_say("At most");
}

#[tokio::test]
async fn one_link_selects_all_who_match_and_the_question_says_how_many() {
    let (_site, admin) = with_places(70).await;
    let list = admin.get("/admin/waitlist?state=joined&sort=oldest").await.has_status(200);
    let [_, all] = links(&list, ["Select all on this page", "Select all 60"]);
    let all = admin.get(&all).await.has_status(200).says("All 60 are selected.");
    // A place alone cannot be left out: its tick would not count.
    assert_eq!((ticked(&all), all.texts(".places [disabled]").len()), (25, 25));
    assert_eq!(all.texts(".bulk > span"), ["Selected: 60"]);
    let acts: Vec<_> = [1, 2].map(|at| all.attribute(&format!(".bulk button:nth-of-type({at})"), "value")).into();
    assert_eq!(acts, [Some("delete-all".to_owned()), Some("ask-all".to_owned())]);
    let question = admin.get("/admin/waitlist/bulk?act=delete-all&state=joined&sort=oldest").await.has_status(200);
    let question = question.says("Delete 60 places?").says("State: Joined");
    let back = question.attribute("main form.row > a:last-child", "href").unwrap();
    admin.get(&back).await.says("All 60 are selected.").says("Oldest first.");
    let spanish = in_language(&admin, &all, &[], "es").await.says("Los 60 están seleccionados.");
    let all = in_language(&admin, &spanish, &[], "en").await.says("All 60 are selected.").says("Oldest first.");
    let [none] = links(&all, ["Select none"]);
    assert_eq!(ticked(&admin.get(&none).await), 0);
    let next = all.attribute(".pager [rel=next]", "href").unwrap();
    assert_eq!(ticked(&admin.get(&next).await), 0);
}

#[tokio::test]
async fn a_list_of_one_page_has_no_others_and_the_deleted_no_ticks() {
    let (_site, admin) = with_places(12).await;
    let all = admin.get("/admin/waitlist?ticked=page").await.has_status(200);
    links(&all, ["Select none"]);
    assert_eq!(ticked(&all), 12);
    let deletion = [("act", "delete-all"), ("expected", "2"), ("state", "joined")];
    admin.post("/admin/waitlist/bulk", &deletion).await.has_status(303);
    let deleted = admin.get("/admin/waitlist?state=deleted&ticked=page").await.has_status(200);
    assert_eq!(
        deleted.texts("thead th").pop().as_deref(),
        Some("Deleted"),
        "when, since each can be undone for 30 days"
    );
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

/// Presses the button of a language with these places ticked, as a browser does; the list in that language.
async fn in_language(admin: &Visitor, list: &Page, ticked: &[String], language: &str) -> Page {
    let button = |name: &str| list.attribute(&format!(".language button[value={language}]"), name);
    assert_eq!(button("form"), list.attribute("main form.selection", "id"), "the button sends the form");
    let hidden = list.attributes(".selection [type=hidden]", "name");
    let hidden = hidden.into_iter().zip(list.attributes(".selection [type=hidden]", "value"));
    let fields = hidden.chain(ticked.iter().map(|id| ("id".to_owned(), id.clone())));
    let fields = fields.chain([("lang".to_owned(), language.to_owned())]).collect();
    let answer = admin.send(&FilledForm { action: button("formaction").unwrap(), fields }).await;
    admin.get(answer.has_status(303).header("location")).await.has_status(200)
}

#[tokio::test]
async fn ticks_outlast_the_choice_of_a_language_and_the_way_back_from_a_confirmation() {
    let (site, admin) = with_places(30).await;
    site.database.execute("UPDATE waitlist SET source = 'feria'");
    let list = admin.get("/admin/waitlist?source=feria&sort=oldest").await.has_status(200);
    let chosen = ids(&list)[1..3].to_vec();
    let spanish = in_language(&admin, &list, &chosen, "es").await.says("Primero los más antiguos.");
    assert_eq!(spanish.attributes(".places [checked]", "value"), chosen);
    assert_eq!(spanish.value("source"), "feria");
    assert_eq!(ids(&spanish), ids(&list));
    let list = in_language(&admin, &spanish, &[], "en").await.says("Oldest first.");
    assert_eq!((ticked(&list), list.value("source")), (0, "feria".to_owned()));
    let next = list.attribute(".pager [rel=next]", "href").unwrap();
    assert_eq!(ticked(&admin.get(&next).await), 0);

    let query = format!("id={}&id={}&source=feria&sort=oldest", chosen[0], chosen[1]);
    let asked = admin.get(&format!("/admin/waitlist/bulk?act=delete&{query}")).await.has_status(200);
    let back = asked.attribute("main form.row > a:last-child", "href").unwrap();
    let list = admin.get(&back).await.has_status(200);
    assert_eq!(list.attributes(".places [checked]", "value"), chosen);
    assert_eq!(list.value("source"), "feria");
    // An act that was chosen on the page of a place ticks nothing.
    let place = admin.get(&format!("/admin/waitlist/entries/{}?source=feria", chosen[0])).await.has_status(200);
    let asked = admin.get(&place.attribute("a[href*='act=delete']", "href").unwrap()).await.has_status(200);
    let back = asked.attribute("main form.row > a:last-child", "href").unwrap();
    assert_eq!(back, "/admin/waitlist?source=feria");
}
