//! The page of what happened.

use crate::support::visitor::Visitor;
use crate::support::{PASSWORD, TestSite};

/// The texts of a column on every page, by the links to older ones.
async fn walk(admin: &Visitor, first: &str, column: usize) -> Vec<String> {
    let (mut found, mut path) = (Vec::new(), Some(first.to_owned()));
    while let Some(at) = path {
        let page = admin.get(&at).await.has_status(200);
        found.extend(page.texts(&format!("tbody td:nth-child({column})")));
        path = page.attribute("[rel=next]", "href");
    }
    found
}

#[tokio::test]
async fn it_tells_who_did_what_to_whom_and_what_changed() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.post("/account", &[("name", "Ana Rojas"), ("profession", "Chemist")]).await.has_status(303);
    let admin = site.admin("boss@example.cl").await;
    let found = admin.get("/admin/users?q=ana@").await.attribute("tbody a", "href").unwrap();
    let found = found.split_once('?').unwrap().0.to_owned();
    admin.post(&format!("{found}/deactivate"), &[]).await.redirects_to(&found);
    let page = admin.get("/admin/audit").await.has_status(200).says("Profession: Biochemist → Chemist");
    page.clone().does_not_say("Name: Ana Rojas");
    assert_eq!(page.texts("th"), ["When", "What", "Who", "Details", "From where"]);
    let newest = page.texts("tbody tr:first-child td");
    assert_eq!(newest[1..], ["Account deactivated: Ana Rojas", "boss", "", "127.0.0.1"]);
    assert_eq!(page.attribute("tbody tr:first-child td.what a", "href"), Some(found));
    assert!(page.texts("tbody td:nth-child(3)").contains(&"Command line".to_owned()), "{}", page.text());
    admin.get("/admin").await.has_status(200).says("Account deactivated: Ana Rojas");
}

#[tokio::test]
async fn it_is_filtered_by_act_person_and_day() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    site.employee("ana@example.cl").await;
    for (query, actors) in [
        ("who=ana%40example.cl", "Ana Rojas"),
        ("who=ANA%40Example.cl&action=email_verified", "Ana Rojas"),
        ("who=oss%40", "boss"),
        ("who=_oss", ""),
        ("who=%25", ""),
        ("who=ana%40", ""),
        ("action=made_admin", "Command line"),
        ("action=made_admin&who=boss", ""),
        ("who=%09+", "Ana Rojas Command line boss"),
    ] {
        let page = admin.get(&format!("/admin/audit?{query}")).await.has_status(200);
        let mut found = page.texts("tbody td:nth-child(3)");
        found.sort();
        found.dedup();
        assert_eq!(found.join(" "), actors, "{query}");
    }
    admin.get("/admin/audit?who=nobody").await.says("Nothing matches");
}

#[tokio::test]
async fn an_address_finds_what_was_done_to_its_account_and_to_its_place() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    let ana = site.employee("ana@example.cl").await;
    ana.post("/account", &[("name", "Ana Rojas"), ("profession", "Chemist")]).await.has_status(303);
    let found = admin.get("/admin/users?q=ana@").await.attribute("tbody a", "href").unwrap();
    admin.post(&format!("{}/deactivate", found.split_once('?').unwrap().0), &[]).await.has_status(303);
    let acts = async |query: &str| admin.get(&format!("/admin/audit?{query}")).await.texts("tbody td:nth-child(2)");
    let of_ana = acts("who=ana%40example.cl").await;
    assert_eq!(of_ana[0], "Account deactivated: Ana Rojas");
    let changes = of_ana.iter().filter(|act| *act == "Profile changed").count();
    assert_eq!(changes, 1, "what she did to her own account is told once: {of_ana:?}");
    assert!(acts("who=ana%40").await.is_empty(), "part of an address finds admins alone");
    site.database.execute(
        "INSERT INTO waitlist (email, role, created_at, locale) SELECT 'p' || n || '@udd.cl', 'employee', now(), 'en' \
         FROM generate_series(1, 3) n",
    );
    let ids = site.database.values("id", "waitlist ORDER BY id");
    let many = [("act", "delete"), ("expected", "2"), ("id", &ids[0]), ("id", &ids[1])];
    let deletion = admin.post("/admin/waitlist/bulk", &many).await.has_status(303).header("location").to_owned();
    admin.post(&format!("{}/undo", deletion.split('?').next().unwrap()), &[]).await.has_status(303);
    site.database.execute(&format!(
        "INSERT INTO audit_event (id, happened_at, action, ip_address, entry_id) \
         VALUES ('left', now() + interval '1 h', 'entry_left', '127.0.0.9', {})",
        ids[0]
    ));
    let of_place = acts("who=P1%40UDD.cl").await;
    assert_eq!(of_place[..3], ["Left the waitlist: p1@udd.cl", "Places restored", "Places deleted"], "{of_place:?}");
    assert_eq!(acts("who=p2%40udd.cl").await, ["Places restored", "Places deleted"]);
    assert_eq!(acts("who=p2%40udd.cl&action=entries_restored").await, ["Places restored"]);
    assert!(acts("who=p3%40udd.cl").await.is_empty());
}

#[tokio::test]
async fn a_former_address_finds_what_was_done_to_its_account() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    let ana = site.employee("old@example.cl").await;
    ana.post("/account/email", &[("email", "new@example.cl"), ("current_password", PASSWORD)]).await.has_status(303);
    ana.press(&site.mail("new@example.cl").await.link()).await.has_status(303);
    let acts = async |who: &str| {
        admin.get(&format!("/admin/audit?who={who}%40example.cl")).await.texts("tbody td:nth-child(2)")
    };
    let by_former = acts("OLD").await;
    assert!(by_former.contains(&"Email changed".to_owned()), "{by_former:?}");
    assert_eq!(by_former, acts("new").await);
    assert!(acts("other").await.is_empty());
}

#[tokio::test]
async fn days_are_those_of_chile_and_summer_time_loses_none() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    // Clocks go forward at the end of 5 September, and back at the end of 4 April.
    site.database.execute(
        "INSERT INTO audit_event (id, happened_at, action, ip_address) VALUES \
         ('a', '2026-09-06T03:59:59Z', 'logged_out', '1'), ('b', '2026-09-06T04:00:00Z', 'logged_out', '2'), \
         ('c', '2026-09-07T02:59:59Z', 'logged_out', '3'), ('d', '2026-09-07T03:00:00Z', 'logged_out', '4'), \
         ('e', '2026-04-05T03:59:59Z', 'logged_out', '5'), ('f', '2026-04-05T04:00:00Z', 'logged_out', '6')",
    );
    for (from, to, whence) in [
        ("2026-09-05", "2026-09-05", "1"),
        ("2026-09-06", "2026-09-06", "3 2"),
        ("2026-09-07", "2026-09-07", "4"),
        ("2026-04-04", "2026-04-04", "5"),
        ("2026-04-05", "2026-04-05", "6"),
        ("2026-09-06", "", "4 3 2"),
        ("", "2026-04-04", "5"),
        ("9999-12-31", "9999-12-31", ""),
        ("", "", "4 3 2 1 6 5"),
    ] {
        let page = admin.get(&format!("/admin/audit?action=logged_out&from={from}&to={to}")).await.has_status(200);
        assert_eq!(page.texts("tbody td:nth-child(5)").join(" "), whence, "{from} {to}");
    }
}

#[tokio::test]
async fn a_filter_that_cannot_be_read_tells_nothing() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    for (query, fields) in [
        ("from=01-11-2026", ["from"].as_slice()),
        ("from=2026-02-30&to=x", &["from", "to"]),
        ("to=-262143-01-01", &["to"]),
        ("from=2026-09-08&to=2026-09-01", &["to"]),
        ("from=%2B262142-12-31", &["from"]),
        ("action=logged_outt", &["action"]),
        ("action=logged_in&action=logged_out", &["action"]),
        ("who=%00", &["who"]),
        ("who=a&who=b", &["who"]),
    ] {
        let page = admin.get(&format!("/admin/audit?{query}")).await.has_status(422).leads_on();
        assert_eq!(page.texts("tbody tr").len(), 0, "{query}");
        let errors: Vec<_> = fields.iter().flat_map(|field| page.texts(&format!("#{field}-error"))).collect();
        assert_eq!((errors.len(), page.texts(".notice.problem li").len()), (fields.len(), fields.len()), "{query}");
    }
    assert_eq!(admin.get("/admin/audit?from=01-11-2026").await.value("from"), "01-11-2026");
}

#[tokio::test]
async fn pages_of_every_filter_are_complete() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    site.make_admin("bora@example.cl", PASSWORD);
    site.database.execute(
        "INSERT INTO audit_event (id, happened_at, action, actor_id, ip_address, details, entry_id) \
         SELECT 'e' || n, now() - make_interval(days => 1 + n / 30), \
           (ARRAY['logged_in', 'logged_out', 'not known yet'])[1 + n % 3], \
           (SELECT id FROM \"user\" ORDER BY email OFFSET n % 2 LIMIT 1), n, '{\"odd\": 1}', n FROM generate_series(1, 130) n",
    );
    let all = |rows: &str| {
        let rows = format!("audit_event WHERE id LIKE 'e%' AND {rows} ORDER BY happened_at DESC, id DESC");
        site.database.values("ip_address", &rows)
    };
    let boss = "actor_id = (SELECT id FROM \"user\" WHERE email = 'boss@example.cl')";
    for (query, rows) in [
        ("to=2000-01-01", "false".to_owned()),
        ("action=logged_out", "action = 'logged_out'".to_owned()),
        ("action=logged_out&who=boss", format!("action = 'logged_out' AND {boss}")),
        ("action=logged_out&who=bo", "action = 'logged_out'".to_owned()),
    ] {
        assert_eq!(walk(&admin, &format!("/admin/audit?{query}"), 5).await, all(&rows), "{query}");
    }
    let everything = walk(&admin, "/admin/audit", 5).await;
    assert_eq!(everything.into_iter().filter(|whence| !whence.is_empty() && whence != "127.0.0.1").count(), 130);
    let page = admin.get("/admin/audit?who=boss&action=logged_out").await.says("odd: 1").says("Place no.");
    assert!(page.attribute("tbody a[href*=entries]", "href").unwrap().starts_with("/admin/waitlist/entries/"));
    let second = admin.get(&page.attribute("[rel=next]", "href").unwrap_or_default()).await;
    assert!(second.status == 200 || second.status == 404, "{}", second.text());
    admin.get("/admin/audit").await.has_status(200);
    admin.get("/admin/audit?who=bora").await.has_status(200).says("Something else");
}

#[tokio::test]
async fn somebody_who_is_gone_and_somebody_with_a_link_have_words() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    site.database.execute(
        "INSERT INTO audit_event (id, happened_at, action, actor_id, ip_address, entry_id) VALUES \
         ('a', now() + interval '1 h', 'logged_out', 'nobody', NULL, NULL), \
         ('b', now() + interval '2 h', 'entry_left', NULL, '127.0.0.9', 7), \
         ('c', now() + interval '3 h', 'entry_left', NULL, NULL, 8)",
    );
    let page = admin.get("/admin/audit").await.has_status(200);
    let link = "Someone with the link in an email";
    assert_eq!(page.texts("tbody td:nth-child(3)")[..3], [link, link, "An account that is gone"]);
    let left = ["Left the waitlist: Place no. 8", "Left the waitlist: Place no. 7"];
    assert_eq!(page.texts("tbody td.what")[..2], left);
}

#[tokio::test]
async fn what_was_done_to_the_waitlist_has_names_words_and_links_in_both_languages() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    site.database.execute(
        "INSERT INTO waitlist (email, role, created_at, confirmed_at, locale) SELECT 'p' || n || '@udd.cl', 'employee', now(), \
         CASE WHEN n = 1 THEN now() END, 'en' FROM generate_series(1, 3) n",
    );
    let id = |email: &str| site.database.values("id", &format!("waitlist WHERE email = '{email}'")).remove(0);
    let (first, second) = (id("p1@udd.cl"), id("p2@udd.cl"));
    admin.post(&format!("/admin/waitlist/entries/{first}/invite"), &[]).await.has_status(303);
    admin.post("/admin/waitlist/waves/1/pause", &[]).await.has_status(303);
    admin.post("/admin/waitlist/bulk", &[("act", "ask"), ("expected", "1"), ("id", &second)]).await.has_status(303);
    let filter = [("act", "delete-all"), ("expected", "2"), ("role", "employee"), ("state", "joined")];
    let deletion = admin.post("/admin/waitlist/bulk", &filter).await.has_status(303).header("location").to_owned();
    let deletion = deletion.split('?').next().unwrap();
    let page = admin.get("/admin/audit").await.has_status(200);
    for words in [
        "Filter: role: job seeker, state: joined",
        "Deletion: See it",
        "Selected one by one: 1",
        "Wave: no. 1",
        "Stopped by: an admin",
        "p1@udd.cl",
    ] {
        page.clone().says(words);
    }
    for link in [deletion, "/admin/waitlist/waves/1", "/admin/waitlist?role=employee&state=joined"] {
        assert!(page.attribute(&format!("tbody a[href='{link}']"), "href").is_some(), "{link}");
    }
    admin.post("/language", &[("lang", "es")]).await.has_status(303);
    let spanish = admin.get("/admin/audit").await.has_status(200).says("Filtro: rol: profesional, estado: se unió");
    let spanish = spanish
        .says("Seleccionados uno a uno: 1")
        .says("Tanda: n.º 1")
        .says("Detenida por: alguien de la administración");
    let id = deletion.rsplit('/').next().unwrap();
    for page in [page, spanish] {
        let details = page.texts("tbody td.long").join(" ");
        assert!(!details.contains('_') && !details.contains("ticked") && !details.contains(id), "{details}");
    }
    admin.post(&format!("{deletion}/undo"), &[]).await.redirects_to("/admin/waitlist");
}

#[tokio::test]
async fn the_filter_offers_every_act_in_a_group() {
    let site = TestSite::start().await;
    let admin = site.admin("boss@example.cl").await;
    let page = admin.get("/admin/audit?action=entry_left").await.has_status(200);
    let every = page.texts("#action option").len();
    assert_eq!(page.texts("#action optgroup option").len(), every - 1, "all but the choice of all");
    assert_eq!(page.attribute("#action optgroup", "label").as_deref(), Some("Accounts"));
    let waitlist = page.texts("#action optgroup[label=Waitlist] option");
    assert_eq!(waitlist.first().map(String::as_str), Some("Role on the waitlist changed"));
    assert_eq!(page.texts("#action option[selected]"), ["Left the waitlist"]);
    let webhooks = page.texts("#action optgroup[label='Keys and webhooks'] option");
    assert_eq!(webhooks.first().map(String::as_str), Some("API key created"));
}
