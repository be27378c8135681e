//! One box, and everything about the person of an address.

use biovity::audit::account_history::former_owners;
use diesel::{Connection, QueryResult};

use crate::support::database::rows_read;
use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

async fn find(admin: &Visitor, q: &str) -> Page {
    admin.get(&format!("/admin/search?q={q}")).await.has_status(200)
}

fn id(site: &TestSite, email: &str) -> String {
    site.database.values("id", &format!("waitlist WHERE email = '{email}'")).remove(0)
}

#[tokio::test]
async fn a_whole_address_tells_what_happened_to_the_person_and_whether_the_mail_arrived() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    site.visitor().press(&site.mail("ana@example.cl").await.link()).await.has_status(303);
    site.employee("ana@example.cl").await;
    let page = find(&admin, "ANA%40example.cl").await;
    let page = page.says("On the waitlist").says("Accounts").says("What happened").leads_on();
    for step in ["Waitlist: Joined", "Waitlist: Confirmed", "Account created", "Email: Confirm your place", "Sent"] {
        assert!(page.text().contains(step), "{step} in {}", page.text());
    }
    let page = page.does_not_say("Account: Account");
    let place = page.attribute("main .links a", "href").unwrap();
    let place = admin.get(&place).await.has_status(200).says("Back to the search");
    assert_eq!(place.attribute("main p > a", "href").as_deref(), Some("/admin/search?q=ANA%40example.cl"));
    let story = place.attribute("main a[href*='search?q=ana']", "href");
    assert_eq!(story.as_deref(), Some("/admin/search?q=ana%40example.cl"));
    let mail = page.attribute("#story ~ .scroll a", "href").unwrap();
    assert!(mail.starts_with("/admin/mail/"), "{mail}");
    let mail = admin.get(&mail).await.has_status(200).says("Back to the search");
    assert_eq!(mail.attribute("main p > a", "href").as_deref(), Some("/admin/search?q=ANA%40example.cl"));
}

#[tokio::test]
async fn a_former_address_finds_the_account_and_the_story_says_who_did_what() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let ana = site.employee("old@example.cl").await;
    ana.post("/account/email", &[("email", "new@example.cl"), ("current_password", PASSWORD)]).await.has_status(303);
    ana.press(&site.mail("new@example.cl").await.link()).await.has_status(303);
    let account = site.database.values("id", "\"user\" WHERE email = 'new@example.cl'").remove(0);
    admin.post(&format!("/admin/users/{account}/deactivate"), &[]).await.has_status(303);
    for address in ["OLD%40example.cl", "new%40example.cl"] {
        let page = find(&admin, address).await.says("Email changed: old@example.cl → new@example.cl");
        let told = page.texts("#story ~ .scroll tbody td:nth-child(2)");
        assert!(
            told.contains(&"Account deactivated by admin@example.cl".to_owned()),
            "whose device it was is not told: {told:?}"
        );
        let own = told.iter().find(|event| event.starts_with("Account: Email changed: old@example.cl → ")).unwrap();
        assert!(own.ends_with("127.0.0.1"), "{own}");
        assert_eq!(page.texts("main .links a").len(), 1);
    }
    find(&admin, "old%40example.cl").await.says("formerly old@example.cl");
    find(&admin, "new%40example.cl").await.does_not_say("formerly");
    let page = admin.get(&format!("/admin/users/{account}")).await.has_status(200);
    page.says("Email changed: old@example.cl → new@example.cl");
}

#[tokio::test]
async fn a_former_address_is_found_without_reading_the_changes_of_others() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let ana = site.employee("old@example.cl").await;
    ana.post("/account/email", &[("email", "new@example.cl"), ("current_password", PASSWORD)]).await.has_status(303);
    ana.press(&site.mail("new@example.cl").await.link()).await.has_status(303);
    site.database.execute(
        "INSERT INTO audit_event (id, happened_at, action, user_id, details) \
         SELECT 'event' || n, now() + interval '1 minute', 'email_changed', 'user' || n, \
           jsonb_build_object('from', 'from' || n || '@example.cl', 'to', 'to' || n || '@example.cl') \
         FROM generate_series(1, 5001) AS n; \
         ANALYZE audit_event",
    );
    find(&admin, "old%40example.cl").await.says("formerly old@example.cl");
    let read = site.database.connect().transaction(|conn| {
        assert_eq!(former_owners(conn, "Old@example.cl")?.len(), 1);
        QueryResult::Ok(rows_read(conn, "audit_event"))
    });
    assert!(read.as_ref().is_ok_and(|read| *read <= 20), "{read:?} events were read");
}

#[tokio::test]
async fn an_address_and_a_number_are_found_as_they_are_pasted() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    for pasted in ["Ana+%3Cana%40example.cl%3E", "mailto%3Aana%40example.cl", "ana%40example.cl%2C"] {
        let page = find(&admin, pasted).await.says("What happened").says("Place no.");
        assert_eq!(page.value("q"), "ana@example.cl", "{pasted}");
    }
    let number = id(&site, "ana@example.cl");
    for pasted in [format!("Place+no.+{number}"), format!("lugar+n.%C2%BA+{number}")] {
        find(&admin, &pasted).await.says("ana@example.cl");
    }
    site.database.execute(
        "INSERT INTO waitlist_wave (state, made_at, next_at, counted_from) VALUES ('done', now(), now(), now())",
    );
    let wave = site.database.values("id", "waitlist_wave").remove(0);
    for pasted in [format!("Wave+no.+{wave}"), format!("Tanda+n.%C2%BA+{wave}")] {
        let link = find(&admin, &pasted).await.attribute("main p > a[href*=waves]", "href");
        assert_eq!(link, Some(format!("/admin/waitlist/waves/{wave}")), "{pasted}");
    }
}

#[tokio::test]
async fn an_address_that_is_there_in_two_spellings_has_the_story_of_both() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    site.database
        .execute("INSERT INTO waitlist (email, role, created_at) VALUES ('Ana@example.cl', 'employee', now())");
    site.database.execute(
        "INSERT INTO waitlist (email, role, created_at, bounced_at) VALUES ('ana@example.cl', 'employee', now(), now())",
    );
    let page = find(&admin, "ana%40example.cl").await;
    let happened = page.texts("#story ~ .scroll tbody td:nth-child(2)");
    let count = |step: &str| happened.iter().filter(|what| what.contains(step)).count();
    assert_eq!((count("Waitlist: Joined"), count("Waitlist: Bounced")), (2, 1), "{happened:?}");
}

#[tokio::test]
async fn a_part_a_name_a_number_and_an_id_find_what_they_name() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    site.visitor().join("mariana@lab.example.cl", "employee").await.redirects_to("/waitlist/joined");
    site.employee("ben@example.cl").await;
    find(&admin, "ana%40lab.example.cl").await.says("mariana@lab.example.cl");
    find(&admin, "lab.example").await.says("mariana@lab.example.cl");
    let number = id(&site, "mariana@lab.example.cl");
    find(&admin, &number).await.says("mariana@lab.example.cl");
    find(&admin, &format!("%23{number}")).await.says("mariana@lab.example.cl");
    let user = site.database.values("id", "\"user\" WHERE email = 'ben@example.cl'").remove(0);
    find(&admin, &user).await.says("ben@example.cl").does_not_say("On the waitlist");
    site.database.execute(
        "INSERT INTO waitlist_wave (state, made_at, next_at, counted_from) VALUES ('done', now(), now(), now())",
    );
    let wave = site.database.values("id", "waitlist_wave").remove(0);
    let link = find(&admin, &wave).await.attribute("main p > a[href*=waves]", "href");
    assert_eq!(link, Some(format!("/admin/waitlist/waves/{wave}")));
}

#[tokio::test]
async fn the_date_beside_a_place_is_when_it_came_into_its_state() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    let steps = ["created_at", "confirmed_at", "invited_at", "signed_up_at", "bounced_at", "left_at", "deleted_at"];
    let states = ["Joined", "Confirmed", "Invited", "Signed up", "Bounced", "Left", "Deleted"];
    for (number, state) in (1..=steps.len()).zip(states) {
        let days = (1..=number).map(|day| format!("'2026-03-{day:02}T15:00Z'")).collect::<Vec<_>>().join(", ");
        let came = steps[..number].join(", ");
        site.database.execute(&format!(
            "INSERT INTO waitlist (email, role, {came}) VALUES ('a{number}@x.cl', 'employee', {days})"
        ));
        let place = find(&admin, &format!("a{number}%40x.cl")).await.texts(".links a span").remove(0);
        assert!(place.ends_with(&format!("· {state} · {number} Mar 2026")), "{place}");
    }
}

#[tokio::test]
async fn a_list_is_a_link_away_where_it_has_more_than_is_shown() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    site.database.execute(
        r#"INSERT INTO waitlist (email, role) SELECT 'ana' || n || '@udd.cl', 'employee' FROM generate_series(1, 10) AS n;
           INSERT INTO "user" (id, email, "isEmailVerified", profession, type)
           SELECT 'u' || n, 'eva' || n || '@udd.cl', true, 'x', 'employee' FROM generate_series(1, 10) AS n"#,
    );
    let all = find(&admin, "udd").await;
    assert_eq!(all.texts(".links a").len(), 20);
    all.does_not_say("See all");
    site.database.execute("INSERT INTO waitlist (email, role) VALUES ('ana11@udd.cl', 'employee')");
    find(&admin, "udd").await.says("See all on the waitlist").does_not_say("See all accounts");
    site.database.execute(
        r#"INSERT INTO "user" (id, email, "isEmailVerified", profession, type)
           VALUES ('u11', 'eva11@udd.cl', true, 'x', 'employee')"#,
    );
    let page = find(&admin, "udd").await.says("See all accounts");
    assert_eq!(page.texts(".links a").len(), 20);
    let list = page.attribute("main p > a[href*='/admin/users']", "href");
    assert_eq!(list.as_deref(), Some("/admin/users?q=udd"));
}

#[tokio::test]
async fn nothing_found_says_what_to_try_in_both_languages() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    find(&admin, "nobody%40example.cl").await.says("Nothing found").says("a shorter part");
    admin.get("/admin/search?lang=es").await;
    let form = admin.get("/admin/search?q=nadie").await.language("es");
    admin.send(&form).await.redirects_to("/admin/search?q=nadie");
    find(&admin, "nadie").await.says("No encontramos nada").says("una parte más corta");
    admin.get("/admin/search").await.has_status(200).does_not_say("No encontramos nada");
    admin.get("/admin/search?q=a&q=b").await.has_status(422).says("en una sola línea");
    admin.get("/admin").await.says("Correo, nombre o número");
}

#[tokio::test]
async fn searching_changes_nothing_and_an_erased_person_is_not_found() {
    let site = TestSite::start().await;
    let admin = site.admin("admin@example.cl").await;
    site.visitor().join("ana@example.cl", "employee").await.redirects_to("/waitlist/joined");
    let place = site.visitor().press(&site.mail("ana@example.cl").await.link()).await.header("location").to_owned();
    let events = site.database.values("count(*)::text", "audit_event");
    find(&admin, "ana%40example.cl").await.says("On the waitlist");
    assert_eq!(site.database.values("count(*)::text", "audit_event"), events);
    let (_, token) = place.split_once("token=").unwrap();
    site.visitor().post("/waitlist/erase", &[("token", token)]).await.redirects_to("/");
    find(&admin, "ana%40example.cl").await.says("Nothing found");
}

#[tokio::test]
async fn an_address_breaks_behind_its_at_and_its_dots_wherever_it_may_be_long() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    site.database
        .execute("INSERT INTO waitlist (email, role, confirmed_at) VALUES ('ana@example.cl', 'employee', now())");
    let rehearsal = "/admin/waitlist/waves/rehearsal?employees=1&organizations=0";
    for path in ["/admin/search?q=ana", "/admin/waitlist/bulk?act=delete-all", rehearsal, "/account/email"] {
        let page = admin.get(path).await.has_status(200);
        assert!(page.body.contains("@<wbr>example.<wbr>cl"), "{path}: {}", page.body);
    }
}
