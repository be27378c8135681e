//! Places that show signs of automation, until an admin has looked at them.

use crate::support::TestSite;
use crate::support::visitor::Visitor;

/// A site with three places, of which one came with a disposable address. All of them came faster than a person does, which is
/// forgotten here.
async fn site() -> (TestSite, Visitor) {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    for email in ["ana@example.cl", "eva@mailinator.com", "pia@example.cl"] {
        site.visitor().join(email, "employee").await.redirects_to("/waitlist/joined");
    }
    site.database.execute("UPDATE waitlist SET signals = NULL WHERE email LIKE '%@example.cl'");
    site.database.execute("UPDATE waitlist SET signals = '{disposable}' WHERE email LIKE '%@mailinator.com'");
    (site, admin)
}

fn page(site: &TestSite, email: &str) -> String {
    let id = site.database.values("id", &format!("waitlist WHERE email = '{email}'")).remove(0);
    format!("/admin/waitlist/entries/{id}")
}

#[tokio::test]
async fn they_are_listed_counted_and_exported_alone() {
    let (_site, admin) = site().await;
    let all = admin.get("/admin/waitlist").await.has_status(200);
    assert_eq!(all.texts("main nav a[href*='state=review']"), ["Needs review 1"], "told before they are looked at");
    let link = all.attribute("main nav a[href*='state=review']", "href").unwrap();
    let listed = admin.get(&link).await.has_status(200).says("1 place.");
    assert_eq!(listed.texts("tbody td.address"), ["eva@mailinator.com"]);
    let here = listed.texts("main nav a[aria-current=page]");
    assert_eq!(here, ["Waitlist", "Needs review 1"], "beside the states, with its number");
    assert_eq!(listed.attribute("#state option[selected]", "value").as_deref(), Some("review"));
    let file = admin.get("/admin/waitlist.csv?state=review").await.has_status(200);
    assert!(file.body.contains("eva@mailinator.com") && !file.body.contains("ana@example.cl"), "{}", file.body);
    let bulk = admin.get("/admin/waitlist/bulk?act=delete-all&state=review").await.has_status(200);
    bulk.says("Delete the place of eva@mailinator.com?").says("State: Needs review").does_not_say("ana@example.cl");
    admin.get("/admin/waitlist?state=review&lang=es").await.has_status(200);
}

#[tokio::test]
async fn their_number_beside_the_states_is_that_of_the_filter_and_a_great_one_is_not_told() {
    let (site, admin) = site().await;
    let shown = async |query: &str| admin.get(&format!("/admin/waitlist?{query}")).await.texts("nav a[href*=review]");
    assert_eq!(shown("state=joined").await, ["Needs review 1"]);
    assert_eq!(shown("role=employee").await, ["Needs review 1"]);
    assert!(shown("role=organization").await.is_empty(), "nor is any other state of which there is nobody");
    assert!(shown("to=2020-01-01").await.is_empty());
    assert_eq!(shown("role=organization&state=review").await, ["Needs review 0"]);
    assert!(shown("q=ana").await.is_empty(), "a search leads to what it found alone");
    assert_eq!(shown("q=eva").await, ["Needs review 1"]);
    site.database.execute(
        "INSERT INTO waitlist (email, role, signals)
         SELECT 'b' || n || '@mailinator.com', 'employee', '{disposable}' FROM generate_series(1, 1000) n",
    );
    assert_eq!(shown("state=joined").await, ["Needs review"]);
    site.database.execute("DELETE FROM waitlist WHERE email = 'b1@mailinator.com'");
    assert_eq!(shown("state=joined").await, ["Needs review 1,000"]);
}

#[tokio::test]
async fn a_place_that_was_reviewed_is_off_the_list_and_the_history_keeps_the_signs() {
    let (site, admin) = site().await;
    let place = page(&site, "eva@mailinator.com");
    let review = format!("{place}/review");
    admin.get(&place).await.says("Disposable email").says("Mark as reviewed");
    let form = admin.get(&place).await.form(&review);
    for answer in admin.send_fifty_at_once(&form).await {
        answer.redirects_to(&place);
    }
    admin.get(&place).await.says("Place marked as reviewed").does_not_say("Needs review").does_not_say("Mark as");
    admin.get("/admin/waitlist?state=review").await.says("No place matches");
    admin.get("/admin/audit?action=entry_reviewed").await.says("Signs of automation: Disposable email");
    assert_eq!(site.database.values("count(*)", "audit_event WHERE action = 'entry_reviewed'"), ["1"]);
    admin.post(&review, &[]).await.has_status(409).leads_on();
    admin.post(&format!("{}/review", page(&site, "ana@example.cl")), &[]).await.has_status(409);
    admin.post("/admin/waitlist/entries/x/review", &[]).await.has_status(404);
}

#[tokio::test]
async fn a_bulk_act_on_them_spares_whoever_was_reviewed_since() {
    let (site, admin) = site().await;
    let fields = [("act", "delete-all"), ("expected", "1"), ("state", "review")];
    admin.post(&format!("{}/review", page(&site, "eva@mailinator.com")), &[]).await.has_status(303);
    admin.post("/admin/waitlist/bulk", &fields).await.has_status(409);
    assert_eq!(site.database.values("count(*)", "waitlist WHERE deleted_at IS NULL"), ["3"]);
}
