//! The admin's start page.

use crate::support::TestSite;

#[tokio::test]
async fn the_figures_count_who_joined_by_role_and_lead_to_their_lists() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    admin.get("/admin").await.has_status(200).says("0 confirmed addresses");
    for email in ["a@example.cl", "b@example.cl", "c@example.cl"] {
        site.visitor().join(email, "employee").await.redirects_to("/waitlist/joined");
    }
    site.visitor().join("lab@example.cl", "organization").await.redirects_to("/waitlist/joined");
    site.database.execute("INSERT INTO waitlist (email, role) VALUES ('Old@Example.cl', 'professional')");
    let link = site.mail("a@example.cl").await.link();
    site.visitor().press(&link).await.has_status(303);
    let page = admin.get("/admin").await.has_status(200).says("1 confirmed address.");
    assert_eq!(page.texts(".figure b"), ["5", "4", "1"]);
    let labels = ["On the waitlist", "Employees", "Organizations"];
    assert_eq!(page.texts(".figure a"), labels);
    for (number, rows) in [("1", 5), ("2", 4), ("3", 1)] {
        let list = page.attribute(&format!(".figure:nth-child({number}) a"), "href").unwrap();
        assert_eq!(admin.get(&list).await.has_status(200).texts("tbody tr").len(), rows, "{list}");
    }
}

#[tokio::test]
async fn thousands_are_written_as_each_language_does() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let many = "INSERT INTO waitlist (email, role) SELECT 'a' || n || '@example.cl', 'employee' FROM generate_series(1, 1234) n";
    site.database.execute(many);
    assert_eq!(admin.get("/admin").await.texts(".figure b"), ["1,234", "1,234", "0"]);
    admin.post("/language", &[("lang", "es")]).await.redirects_to("/");
    assert_eq!(admin.get("/admin").await.texts(".figure b"), ["1.234", "1.234", "0"]);
}
