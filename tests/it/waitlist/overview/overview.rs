//! The admin's overview.

use biovity::values::santiago_time;
use chrono::Days;

use crate::support::TestSite;
use crate::support::page::Page;

#[tokio::test]
async fn the_figures_count_who_joined_by_role_and_lead_to_their_lists() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    for email in ["a@example.cl", "b@example.cl", "c@example.cl"] {
        site.visitor().join(email, "employee").await.redirects_to("/waitlist/joined");
    }
    site.visitor().join("lab@example.cl", "organization").await.redirects_to("/waitlist/joined");
    site.database.execute("INSERT INTO waitlist (email, role) VALUES ('Old@Example.cl', 'professional')");
    let link = site.mail("a@example.cl").await.link();
    site.visitor().press(&link).await.has_status(303);
    let page = admin.get("/admin").await.has_status(200);
    assert_eq!(page.texts(".figure b"), ["5", "4", "1", "1", "0", "0"]);
    let labels = ["All places", "Job seekers", "Organizations", "Confirmed", "Invited", "Signed up"];
    assert_eq!(page.texts(".figure a"), labels);
    for (number, rows) in [("1", 5), ("2", 4), ("3", 1)] {
        let list = page.attribute(&format!(".figure:nth-child({number}) a"), "href").unwrap();
        assert_eq!(admin.get(&list).await.has_status(200).texts("tbody tr").len(), rows, "{list}");
    }
    let invited = page.attribute(".figure:nth-child(5) a", "href");
    assert_eq!(invited.as_deref(), Some("/admin/waitlist?state=invited"));
    let flagged = page.attribute("main a[href$='state=review']", "href").unwrap();
    admin.get(&flagged).await.has_status(200).says("State: Needs review");
}

#[tokio::test]
async fn who_is_confirmed_and_in_a_wave_already_is_told_apart_from_who_waits() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    site.database.execute(
        "INSERT INTO waitlist (email, role, locale, confirmed_at)
         SELECT 'p' || n || '@udd.cl', 'employee', 'en', now() FROM generate_series(1, 5) n",
    );
    let waits = "confirmed people are waiting: invite them";
    admin.get("/admin").await.says(&format!("5 {waits}")).does_not_say("in a wave already");
    let wave = admin.post("/admin/waitlist/waves", &[("employees", "2"), ("organizations", "0")]).await;
    wave.has_status(303);
    let page = admin.get("/admin").await.says(&format!("3 {waits}"));
    assert_eq!(page.texts(".figure b")[3], "5");
    page.says("2 more are in a wave already, and have not been invited yet.");
    admin.post("/language", &[("lang", "es")]).await.redirects_to("/");
    admin.get("/admin").await.says("Otras 2 ya están en una tanda y aún no reciben su invitación.");
    admin.post("/admin/waitlist/waves", &[("employees", "3"), ("organizations", "0")]).await.has_status(303);
    admin.get("/admin").await.says("5 personas confirmadas ya están en una tanda y aún no reciben su invitación.");
    site.visitor().join("ana@example.cl", "employee").await.has_status(303);
    let page = admin.get("/admin").await.says("Ahora no hay a quién invitar: ver quiénes no han confirmado");
    page.says("5 personas confirmadas ya están en una tanda y aún no reciben su invitación.");
}

#[tokio::test]
async fn the_funnel_counts_who_came_how_far_and_when() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    site.database.execute(
        "INSERT INTO waitlist (email, role, created_at, confirmed_at, invited_at, signed_up_at, left_at) VALUES \
           ('a@example.cl', 'employee', now() - interval '1 day', NULL, NULL, NULL, NULL), \
           ('b@example.cl', 'employee', now() - interval '8 days', now() - interval '1 day', NULL, NULL, NULL), \
           ('c@example.cl', 'employee', now() - interval '8 days', now() - interval '8 days', now() - interval '1 day', \
              NULL, NULL), \
           ('d@example.cl', 'employee', now() - interval '40 days', now() - interval '8 days', NULL, \
              now() - interval '1 day', NULL), \
           ('e@example.cl', 'employee', now() - interval '40 days', now() - interval '40 days', NULL, NULL, now()), \
           ('f@example.cl', 'employee', now(), now(), NULL, NULL, NULL)",
    );
    let steps = async || {
        let page = admin.get("/admin").await.has_status(200);
        let numbers = page.says("Last 7 days, to yesterday").texts("[aria-labelledby=funnel] td.amount");
        numbers.chunks(4).map(|step| step.join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(
        steps().await,
        ["6  1 2", "4 67% 1 2", "2 50% 1 0", "1 50% 1 0"],
        "both weeks are whole: today is in none"
    );
    site.database.execute("UPDATE waitlist SET deleted_at = now() WHERE email = 'b@example.cl'");
    assert_eq!(steps().await[1], "3 60% 1 2", "the step was taken all the same");
    admin.get("/admin").await.says("The weeks count every step taken in them, whatever happened later.");
}

#[tokio::test]
async fn how_to_name_a_source_is_told_before_there_is_any() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let page = admin.get("/admin").await.has_status(200).says("Where people came from").says("To name a source");
    assert!(page.texts("table.sources").is_empty());
}

#[tokio::test]
async fn an_admin_who_finds_nothing_is_led_back_to_the_admin_pages() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let way_on = |page: &Page| page.attribute("main a.button", "href").unwrap();
    assert_eq!(way_on(&admin.get("/admin/nothing").await.has_status(404)), "/admin");
    assert_eq!(way_on(&admin.get("/nothing").await.has_status(404)), "/");
}

#[tokio::test]
async fn thousands_are_written_as_each_language_does() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let many = "INSERT INTO waitlist (email, role) SELECT 'a' || n || '@example.cl', 'employee' FROM generate_series(1, 1234) n";
    site.database.execute(many);
    assert_eq!(admin.get("/admin").await.texts(".figure b")[..3], ["1,234", "1,234", "0"]);
    admin.post("/language", &[("lang", "es")]).await.redirects_to("/");
    let page = admin.get("/admin").await.says("Los números en una tabla").says("se unieron 1.234 profesionales");
    assert_eq!(page.texts(".figure b")[..3], ["1.234", "1.234", "0"]);
}

/// The table's numbers, the oldest day first: employees, organizations, sum.
fn table(page: &Page) -> Vec<[i32; 3]> {
    let cells = page.texts(".joins td.amount");
    let numbers: Vec<i32> = cells.iter().map(|cell| cell.replace(',', "").parse().unwrap()).collect();
    let mut days: Vec<_> = numbers.chunks(3).map(|day| [day[0], day[1], day[2]]).collect();
    days.reverse();
    days
}

fn attributes(page: &Page, css: &str, name: &str) -> Vec<f64> {
    let html = scraper::Html::parse_document(&page.body);
    let selector = scraper::Selector::parse(css).unwrap();
    html.select(&selector).map(|element| element.attr(name).unwrap().parse().unwrap()).collect()
}

#[tokio::test]
async fn the_bars_are_as_high_as_the_numbers_of_the_table_and_both_are_the_totals() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    site.database.execute(
        "INSERT INTO waitlist (email, role, created_at) \
         SELECT 'a' || n || '@example.cl', CASE WHEN n % 4 = 0 THEN 'organization' ELSE 'employee' END, \
           now() - make_interval(days => (n * n) % 29) FROM generate_series(1, 200) n",
    );
    site.database.execute("UPDATE waitlist SET left_at = now() WHERE id % 7 = 0");
    let page = admin.get("/admin").await.has_status(200);
    let days = table(&page);
    assert_eq!(days.len(), 30, "days on which nobody joined are there too");
    assert!(days.contains(&[0, 0, 0]));
    assert_eq!(days.iter().map(|[_, _, sum]| sum).sum::<i32>(), 200);
    assert!(days.iter().all(|[employees, organizations, sum]| employees + organizations == *sum));
    for (role, column) in [("employee", 0), ("organization", 1)] {
        let of = "(created_at AT TIME ZONE 'America/Santiago')::date";
        let rows = format!("waitlist WHERE role = '{role}' GROUP BY {of} ORDER BY {of}");
        let counted: Vec<i32> = site.database.values("count(*)", &rows).iter().map(|n| n.parse().unwrap()).collect();
        let drawn: Vec<i32> = days.iter().map(|day| day[column]).filter(|number| *number > 0).collect();
        assert_eq!(drawn, counted, "{role}");
        let heights = attributes(&page, &format!("rect.chart-{role}"), "height");
        assert_eq!(heights.len(), drawn.len());
        let unit = heights[0] / f64::from(drawn[0]);
        for (height, number) in heights.iter().zip(&drawn) {
            assert!((height - unit * f64::from(*number)).abs() < 0.2, "{height} for {number}");
        }
    }
    let title = page.attribute("svg.chart", "aria-labelledby").unwrap();
    assert!(
        page.texts(&format!("#{title}"))[0].starts_with("Joins per day. In the last 30 days 150 job seekers and 50")
    );
    assert!(!page.body.contains(" style="));
}

#[tokio::test]
async fn the_chart_goes_back_90_days_when_asked_and_30_whatever_else_is() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    for (query, days) in [("", 30), ("?days=90", 90), ("?days=30", 30), ("?days=100000", 30), ("?days=x", 30)] {
        let page = admin.get(&format!("/admin{query}")).await.has_status(200);
        assert_eq!(table(&page).len(), days, "{query}");
        assert_eq!(page.texts("[aria-current=page].nav-link").last().unwrap(), &format!("{days} days"));
    }
}

#[tokio::test]
async fn a_day_is_a_day_of_chile() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let today = santiago_time::day_of(site.app.clock.now());
    let (begins, before) = (santiago_time::start_of(today), today - Days::new(29));
    for (email, at) in [
        ("today@example.cl", begins.to_rfc3339()),
        ("yesterday@example.cl", (begins - chrono::TimeDelta::seconds(1)).to_rfc3339()),
        ("first@example.cl", santiago_time::start_of(before).to_rfc3339()),
        ("older@example.cl", (santiago_time::start_of(before) - chrono::TimeDelta::seconds(1)).to_rfc3339()),
    ] {
        let row = format!("INSERT INTO waitlist (email, role, created_at) VALUES ('{email}', 'employee', '{at}')");
        site.database.execute(&row);
    }
    let page = admin.get("/admin").await.has_status(200);
    let days = table(&page);
    let sums: Vec<_> = days.iter().map(|[_, _, sum]| *sum).collect();
    assert_eq!((sums[0], sums[28], sums[29], sums.iter().sum::<i32>()), (1, 1, 1, 3));
    let named = page.attribute(".joins time", "datetime").unwrap();
    assert_eq!(named, today.to_string(), "the newest first");
}
