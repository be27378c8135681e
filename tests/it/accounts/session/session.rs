//! Sessions: the cookie, the copy of the viewer in it, and how long both live.

use actix_web::cookie::{Cookie, CookieJar, Key};
use chrono::TimeDelta;
use sha2::{Digest, Sha256};

use crate::support::visitor::{Visitor, send};
use crate::support::{PASSWORD, TestSite, statements};

mod forged;
mod replicas;

const REFUSED: &str = "/login?next=%2Faccount";

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let page = site.visitor().log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    let cookies: Vec<_> = page.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    assert_eq!(cookies.len(), 2, "the session's and the device's");
    for (name, age) in [("biovity=", "Max-Age=604800"), ("biovity-device=", "Max-Age=31536000")] {
        let mut parts = cookies.iter().find(|cookie| cookie.starts_with(name)).unwrap().split("; ");
        assert!(parts.next().unwrap().starts_with(name));
        let mut attributes: Vec<_> = parts.collect();
        attributes.sort_unstable();
        assert_eq!(attributes, ["HttpOnly", age, "Path=/", "SameSite=Lax"]);
    }
}

#[tokio::test]
async fn over_https_the_cookie_belongs_to_this_host_alone() {
    let site = TestSite::with(&[("BASE_URL", "https://biovity.test")]).await;
    site.make_admin("boss@example.cl", PASSWORD);
    let log_in = site.visitor().request("POST", "/login").header("host", "biovity.test");
    let page = send(log_in.form(&[("email", "boss@example.cl"), ("password", PASSWORD)])).await.redirects_to("/admin");
    let cookies: Vec<_> = page.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    for name in ["__Host-biovity=", "__Host-biovity-device="] {
        let cookie = cookies.iter().find(|cookie| cookie.starts_with(name)).unwrap();
        assert!(cookie.contains("; Secure") && !cookie.contains("Domain"), "{cookie}");
    }
}

#[tokio::test]
async fn the_longest_names_fit_into_a_cookie() {
    let site = TestSite::start().await;
    let domain = ["b", "c", "d"].map(|label| label.repeat(60)).join(".");
    for (letter, name, position) in [
        ("a", format!("a{}", "🧬".repeat(199)), format!("a{}", "🧬".repeat(99))),
        ("b", format!("b{}", "\"".repeat(199)), format!("b{}", "\\".repeat(99))),
    ] {
        let (lab, email) = (site.visitor(), format!("{}@{domain}.cl", letter.repeat(64)));
        let fields = [("name", name.as_str()), ("email", &email), ("profession", &position), ("password", PASSWORD)];
        lab.post("/signup/organization", &fields).await.redirects_to("/signup/check-email");
        let page = lab.press(&site.mail(&email).await.link()).await.redirects_to("/account");
        // What browsers take at most, name and value together (RFC 6265bis, 5.7).
        let length = page.cookie().unwrap().len();
        assert!(length < 4096, "{length} bytes");
        lab.get("/account").await.says(&name);
    }
}

#[tokio::test]
async fn a_guest_who_only_reads_gets_no_cookie() {
    let site = TestSite::start().await;
    let guest = site.visitor();
    let pages =
        ["/", "/waitlist", "/login", "/signup", "/signup/employee", "/privacy", "/verify-email/resend", "/nowhere"];
    for path in pages.into_iter().chain(["/account", "/admin", "/verify-email"]) {
        assert!(!guest.get(path).await.headers.contains_key("set-cookie"), "{path}");
    }
}

#[tokio::test]
async fn the_session_row_knows_the_token_by_its_hash_and_the_device_as_it_came() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    site.database.execute("DELETE FROM session");
    let cookie = site.visitor_from("127.0.0.9").log_in("ana@example.cl", PASSWORD).await.cookie().unwrap();
    let mut jar = CookieJar::new();
    jar.add_original(Cookie::parse_encoded(cookie).unwrap().into_owned());
    let opened = jar.private(&Key::from(&hex::decode("5e".repeat(64)).unwrap())).get("biovity").unwrap();
    let state: serde_json::Value = serde_json::from_str(opened.value()).unwrap();
    let token: String = serde_json::from_str(state["token"].as_str().unwrap()).unwrap();
    assert_eq!(token.len(), 43);
    assert_eq!(site.database.values("token", "session"), [hex::encode(Sha256::digest(&token))]);
    assert!(site.database.contents().values().all(|rows| !rows.contains(&token)));
    let device = site.database.values("concat(ip_address, ' ', user_agent)", "session");
    assert_eq!(device, ["127.0.0.9 Mozilla/5.0 (test)"]);
}

#[tokio::test]
async fn logging_out_ends_the_session_at_once_for_every_copy_of_the_cookie() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let stolen = ana.log_in("ana@example.cl", PASSWORD).await.cookie().unwrap();
    let thief = site.visitor();
    thief.get_with("/account", &stolen).await.has_status(200).says("Ana Rojas");
    let page = ana.log_out().await.redirects_to("/");
    assert!(page.header("set-cookie").contains("Max-Age=0"), "{}", page.header("set-cookie"));
    thief.get_with("/account", &stolen).await.redirects_to(REFUSED);
    thief.get_with("/", &stolen).await.says("Log in").does_not_say("Ana Rojas");
    assert_eq!(site.database.values("count(*)", "session"), ["0"]);
}

#[tokio::test]
async fn a_page_that_was_asked_for_with_the_former_token_does_not_sign_the_browser_out() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let former = ana.log_in("ana@example.cl", PASSWORD).await.cookie().unwrap();
    let fields = [("current_password", PASSWORD), ("password", "boldo sobre la cordillera 9")];
    ana.post("/account/password", &fields).await.redirects_to("/account");
    // These answers may arrive last: whatever cookie they set would take the place of the new one.
    for path in ["/", "/account", "/account/sessions", "/login", "/waitlist"] {
        let page = site.visitor().get_with(path, &former).await.does_not_say("Ana Rojas");
        assert_eq!(page.headers.get("set-cookie"), None, "{path}");
    }
    ana.get("/account/sessions").await.has_status(200);
}

#[tokio::test]
async fn logging_out_twice_or_as_a_guest_is_no_error() {
    let site = TestSite::start().await;
    site.visitor().log_out().await.redirects_to("/");
    let ana = site.employee("ana@example.cl").await;
    ana.log_out().await.redirects_to("/");
    ana.log_out().await.redirects_to("/");
}

#[tokio::test]
async fn logging_out_leaves_the_other_devices_signed_in() {
    let site = TestSite::start().await;
    let (laptop, phone) = (site.employee("ana@example.cl").await, site.visitor());
    phone.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    laptop.log_out().await.redirects_to("/");
    phone.get("/account").await.has_status(200);
}

#[tokio::test]
async fn who_is_looking_costs_no_query_for_five_minutes() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let mut fewest = u64::MAX;
    // A machine that is busy with other things may keep the site from its news for a while.
    for _ in 0..3 {
        ana.get("/account").await.has_status(200);
        let before = site.app.db.statements();
        for path in ["/account", "/", "/waitlist", "/privacy"].into_iter().cycle().take(100) {
            ana.get(path).await.has_status(200).says("Ana Rojas");
        }
        fewest = fewest.min(site.app.db.statements() - before);
    }
    // What runs beside the server asks some three times a second.
    assert!(fewest < 50, "{fewest} statements for 100 pages");
}

#[tokio::test]
async fn after_five_minutes_the_viewer_is_read_again() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    // Another replica would say that it changed the name; the old application does not.
    site.database.execute(r#"UPDATE "user" SET name = 'Ana Soto'"#);
    ana.get("/account").await.says("Ana Rojas");
    site.later(TimeDelta::seconds(290)).await;
    ana.get("/account").await.says("Ana Rojas");
    site.later(TimeDelta::seconds(10)).await;
    ana.get("/account").await.says("Ana Soto").does_not_say("Ana Rojas");
    ana.get("/account").await.says("Ana Soto");
}

#[tokio::test]
async fn what_acts_and_what_is_sensitive_reads_the_rows_every_time() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    boss.get("/account").await.has_status(200);
    site.database.execute(r#"UPDATE "user" SET type = 'employee'"#);
    boss.get("/account").await.says("Admin account");
    boss.get("/admin").await.has_status(404);
    site.database.execute(r#"UPDATE "user" SET "isActive" = false"#);
    boss.get("/admin").await.redirects_to("/login?next=%2Fadmin");
}

#[tokio::test]
async fn deactivation_ends_the_session_of_who_is_signed_in() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    site.database.execute(r#"UPDATE "user" SET "isActive" = false"#);
    site.app.clock.advance(TimeDelta::minutes(5));
    ana.get("/account").await.redirects_to(REFUSED);
    site.database.execute(r#"UPDATE "user" SET "isActive" = true"#);
    ana.get("/account").await.redirects_to(REFUSED);
}

#[tokio::test]
async fn a_session_ends_seven_days_after_its_last_use() {
    let site = TestSite::start().await;
    let (ana, idle) = (site.employee("ana@example.cl").await, site.visitor());
    idle.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    for _ in 0..2 {
        site.app.clock.advance(TimeDelta::days(6));
        ana.get("/account").await.has_status(200);
    }
    idle.get("/account").await.redirects_to(REFUSED);
    site.app.clock.advance(TimeDelta::days(7));
    ana.get("/account").await.redirects_to(REFUSED);
}

#[tokio::test]
async fn a_session_is_refreshed_once_a_day_has_passed_and_not_before() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let end = || site.database.values("expires_at", "session");
    let first = end();
    site.app.clock.advance(TimeDelta::hours(23));
    ana.get("/account").await.has_status(200);
    assert_eq!(end(), first);
    site.app.clock.advance(TimeDelta::hours(1));
    ana.get("/account").await.has_status(200);
    assert_ne!(end(), first);
    let lasts = site.database.values("extract(epoch FROM expires_at - updated_at)::int", "session");
    assert_eq!(lasts, ["604800"]);
}

/// Uses a session every so often until it ends; how long it lived.
async fn lifetime(site: &TestSite, visitor: &Visitor, every: TimeDelta) -> TimeDelta {
    let mut lived = TimeDelta::zero();
    loop {
        site.app.clock.advance(every);
        lived += every;
        if visitor.get("/account").await.status.as_u16() != 200 {
            return lived;
        }
        assert!(lived < TimeDelta::days(60), "it never ends");
    }
}

#[tokio::test]
async fn a_session_never_lives_longer_than_thirty_days() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    assert_eq!(lifetime(&site, &ana, TimeDelta::days(3)).await, TimeDelta::days(30));
}

#[tokio::test]
async fn an_admins_session_never_lives_longer_than_twelve_hours() {
    let site = TestSite::start().await;
    let boss = site.admin("boss@example.cl").await;
    assert_eq!(lifetime(&site, &boss, TimeDelta::hours(2)).await, TimeDelta::hours(12));
}

#[tokio::test]
async fn a_session_that_has_ended_is_not_revived_by_its_refresh() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let stolen = ana.log_in("ana@example.cl", PASSWORD).await.cookie().unwrap();
    site.app.clock.advance(TimeDelta::days(2));
    let thief = site.visitor();
    let (_, after) = tokio::join!(ana.log_out(), thief.get_with("/account", &stolen));
    assert!([200, 303].contains(&after.status.as_u16()));
    thief.get_with("/account", &stolen).await.redirects_to(REFUSED);
    assert_eq!(site.database.values("count(*)", "session"), ["0"]);
}

#[tokio::test]
async fn a_log_in_over_a_session_that_has_ended_counts() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    site.app.clock.advance(TimeDelta::days(8));
    ana.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    ana.get("/account").await.has_status(200);
}

#[tokio::test]
async fn a_log_in_that_finds_a_message_waiting_counts() {
    let site = TestSite::start().await;
    site.visitor().sign_up("employee", "ana@example.cl").await.has_status(303);
    let phone = site.visitor();
    phone.verify(&site.mail("ana@example.cl").await.link(), PASSWORD).await.redirects_to("/login");
    phone.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    phone.get("/account").await.has_status(200);
}

#[tokio::test]
async fn a_sign_up_over_a_session_that_has_ended_is_remembered() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    site.app.clock.advance(TimeDelta::days(8));
    ana.sign_up("employee", "other@example.cl").await.has_status(303);
    ana.press(&site.mail("other@example.cl").await.link()).await.redirects_to("/account");
}

#[tokio::test]
async fn a_page_that_only_shows_who_is_looking_sends_no_cookie() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    for (path, expected) in [("/account", true), ("/account", false), ("/privacy", false), ("/login", false)] {
        let page = ana.get(path).await;
        assert_eq!(page.cookie().is_some(), expected, "{path}");
    }
}

#[tokio::test]
async fn a_page_that_was_slow_does_not_undo_a_log_in() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let guest = site.visitor();
    guest.sign_up("employee", "x@example.cl").await.has_status(303);
    let slow = guest.get("/privacy").await;
    guest.log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    assert!(slow.cookie().is_none(), "its answer arrives after the log-in and takes the session away");
}

#[tokio::test]
async fn a_browser_whose_session_has_ended_costs_no_write() {
    let site = TestSite::recorded(&[]).await;
    let ana = site.employee("ana@example.cl").await;
    site.database.execute("UPDATE \"user\" SET \"isActive\" = false");
    ana.get("/account/sessions").await.redirects_to("/login?next=%2Faccount%2Fsessions");
    assert!(site.database.values("id", "session").is_empty(), "it would work again with the account");
    statements::record(site.database.name());
    ana.get("/account/sessions").await.redirects_to("/login?next=%2Faccount%2Fsessions");
    let sent = statements::recorded(site.database.name());
    let of_sessions = || sent.iter().filter(|statement| statement.contains("\"session\""));
    assert!(of_sessions().count() > 0, "{sent:?}");
    assert!(of_sessions().all(|statement| statement.starts_with("SELECT")), "{sent:?}");
}
