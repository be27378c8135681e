//! The fifteen mistakes that account systems made before (CVEs and issues by name), each tried on this one.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use reqwest::header::HeaderValue;
use tokio::task::JoinSet;

use crate::support::visitor::send;
use crate::support::{PASSWORD, TestSite};

const NEW_PASSWORD: &str = "otra lluvia en el desierto 9";

/// The token of the link that a person gets who forgot the password.
async fn reset_token(site: &TestSite, email: &str) -> String {
    site.visitor().post("/password/forgot", &[("email", email)]).await.redirects_to("/password/forgot/sent");
    site.mail(email).await.token()
}

/// better-auth#2988: fields of a form made admins and members of organizations.
#[tokio::test]
async fn no_1_a_form_says_nothing_about_kind_organization_or_state() {
    let site = TestSite::start().await;
    let ana = site.visitor();
    let planted = [("type", "admin"), ("kind", "admin"), ("role", "admin"), ("organizationId", "x"), ("isActive", "0")];
    let more = [("isEmailVerified", "true"), ("id", "x"), ("purge_at", "x"), ("is_admin", "1")];
    let own = [("name", "Ana"), ("email", "ana@example.cl"), ("profession", "Biochemist"), ("password", PASSWORD)];
    let fields = [&own[..], &planted, &more].concat();
    ana.post("/signup/employee", &fields).await.redirects_to("/signup/check-email");
    let row = || {
        let columns =
            r#"type || ' ' || coalesce("organizationId", '-') || ' ' || "isActive" || ' ' || "isEmailVerified""#;
        site.database.values(columns, r#""user""#)
    };
    assert_eq!(row(), ["employee - true false"]);
    ana.press(&site.mail("ana@example.cl").await.link()).await.redirects_to("/account");
    let profile = [&[("name", "Ana"), ("profession", "Geneticist")], &planted[..], &more].concat();
    ana.post("/account", &profile).await.redirects_to("/account");
    assert_eq!(row(), ["employee - true true"]);
    ana.get("/admin").await.has_status(404);
}

/// CVE-2024-56734, CVE-2025-27143, CVE-2025-71403, CVE-2016-2512.
#[tokio::test]
async fn no_2_next_leads_to_this_site_alone() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    for next in
        ["//evil.cl", "/\\evil.cl", "https:evil.cl", "/%2f/evil.cl", "/%5cevil.cl", "/\tevil", "javascript:x", "\\\\e"]
    {
        let query: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
        ana.get(&format!("/login?next={query}")).await.redirects_to("/account");
        let fields = [("email", "ana@example.cl"), ("password", PASSWORD), ("next", next)];
        ana.post("/login", &fields).await.redirects_to("/account");
        ana.post("/language", &[("lang", "es"), ("next", next)]).await.redirects_to("/");
    }
}

/// Safe Links verified a victim's address for an attacker (LanternOps/breeze#6539).
#[tokio::test]
async fn no_3_a_scanner_that_opens_every_link_changes_nothing() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    ana.log_out().await.redirects_to("/");
    site.visitor().log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
    site.visitor().sign_up("employee", "eva@example.cl").await.has_status(303);
    site.visitor().join("eva@example.cl", "employee").await.has_status(303);
    reset_token(&site, "ana@example.cl").await;
    let mails = [site.mails("ana@example.cl").await, site.mails("eva@example.cl").await].concat();
    let links: BTreeSet<_> = mails.iter().map(crate::support::smtp::Mail::link).collect();
    assert!(links.len() >= 4, "{links:?}");
    let before = site.database.contents();
    for path in &links {
        let page = site.visitor().get(path).await;
        assert!([200, 410].contains(&page.status.as_u16()), "{path}: {}", page.status);
        assert_eq!(site.visitor().request("HEAD", path).send().await.unwrap().status(), page.status);
    }
    assert_eq!(site.database.contents(), before);
}

/// CVE-2026-53516, better-auth#10239: an account that waited under somebody else's address.
#[tokio::test]
async fn no_4_a_password_planted_before_the_owner_came_opens_nothing() {
    let site = TestSite::start().await;
    let eve = site.visitor();
    eve.sign_up_with("employee", "ana@example.cl", "la clave de eva en la costa 3").await.has_status(303);
    let token = reset_token(&site, "ana@example.cl").await;
    let ana = site.visitor();
    ana.post("/password/reset", &[("token", &token), ("password", NEW_PASSWORD)]).await.redirects_to("/login");
    eve.log_in("ana@example.cl", "la clave de eva en la costa 3").await.has_status(401);
    ana.log_in("ana@example.cl", NEW_PASSWORD).await.redirects_to("/account");
}

/// CVE-2026-43911: tokens that outlived the recovery.
#[tokio::test]
async fn no_5_a_recovery_ends_every_session_and_every_other_link() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let stolen = ana.log_in("ana@example.cl", PASSWORD).await.cookie().unwrap();
    let token = reset_token(&site, "ana@example.cl").await;
    ana.post("/password/reset", &[("token", &token), ("password", NEW_PASSWORD)]).await.redirects_to("/login");
    for path in ["/account", "/account/sessions"] {
        let next = path.replace('/', "%2F");
        site.visitor().get_with(path, &stolen).await.redirects_to(&format!("/login?next={next}"));
    }
    ana.post("/password/reset", &[("token", &token), ("password", NEW_PASSWORD)]).await.has_status(410).leads_on();
    ana.log_in("ana@example.cl", PASSWORD).await.has_status(401);
}

/// GHSA-xg6x-h9c9-2m83, better-auth#6893: a cache that said yes after the session had ended.
#[tokio::test]
async fn no_6_no_cookie_is_believed_after_its_session_ended() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let stolen = ana.log_in("ana@example.cl", PASSWORD).await.cookie().unwrap();
    let thief = site.visitor();
    thief.get_with("/", &stolen).await.says("Ana Rojas");
    ana.post("/account/sessions/end-others", &[]).await.has_status(303);
    ana.log_out().await.redirects_to("/");
    for path in ["/", "/waitlist", "/privacy"] {
        let page = thief.get_with(path, &stolen).await.does_not_say("Ana Rojas");
        assert!(page.cookie().is_none_or(|cookie| cookie == "biovity="), "nothing is cached again");
    }
}

/// xerj-org/xerj#74: a late write revived what had ended.
#[tokio::test]
async fn no_7_a_late_refresh_revives_nothing() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let stolen = ana.log_in("ana@example.cl", PASSWORD).await.cookie().unwrap();
    site.app.clock.advance(TimeDelta::days(2));
    let mut reads = JoinSet::new();
    for _ in 0..10 {
        let (thief, stolen) = (site.visitor(), stolen.clone());
        reads.spawn(async move { thief.get_with("/account", &stolen).await.status.as_u16() });
    }
    ana.log_out().await.redirects_to("/");
    assert!(reads.join_all().await.iter().all(|status| [200, 303].contains(status)));
    assert_eq!(site.database.values("count(*)", "session"), ["0"]);
}

/// CVE-2026-45364, GHSA-x732-6j76-qmhm, better-auth#10203: other spellings of the same path, invented addresses.
#[tokio::test]
async fn no_8_no_spelling_and_no_header_passes_a_limit() {
    let site = TestSite::start().await;
    let stranger = site.visitor();
    for _ in 0..5 {
        stranger.log_in("ana@example.cl", "wrong").await.has_status(401);
    }
    let fields = [("email", "ana@example.cl"), ("password", "wrong")];
    for (name, value) in [("x-forwarded-for", "203.0.113.7"), ("forwarded", "for=203.0.113.8"), ("x-real-ip", "::1")] {
        send(stranger.request("POST", "/login").header(name, value).form(&fields)).await.has_status(429);
    }
    for path in ["//login", "/login/", "/Login", "/%6cogin", "/./login", "/login;x"] {
        let status = stranger.post(path, &fields).await.status.as_u16();
        assert!([308, 404, 405, 429].contains(&status), "{path}: {status}");
    }
}

/// better-auth#9993, #9572, #9479: links that worked twice.
#[tokio::test]
async fn no_9_of_fifty_uses_of_a_link_at_once_one_succeeds() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    site.employee("ana@example.cl").await;
    let token = reset_token(&site, "ana@example.cl").await;
    let mut uses = JoinSet::new();
    for number in 0..50 {
        let (visitor, token) = (site.visitor(), token.clone());
        let password = format!("{NEW_PASSWORD} {number}");
        uses.spawn(async move {
            visitor.post("/password/reset", &[("token", &token), ("password", &password)]).await.status.as_u16()
        });
    }
    let statuses = uses.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [303, 410, 503].contains(status)), "{statuses:?}");
}

/// better-auth#10632: a refused password burned the link.
#[tokio::test]
async fn no_10_a_refused_password_leaves_the_link_as_it_was() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let token = reset_token(&site, "ana@example.cl").await;
    let ana = site.visitor();
    for weak in ["", "short", "password", "ana@example.cl"] {
        ana.post("/password/reset", &[("token", &token), ("password", weak)]).await.has_status(422);
    }
    ana.post("/password/reset", &[("token", &token), ("password", NEW_PASSWORD)]).await.redirects_to("/login");
}

/// better-auth#10603, CVE-2024-45231, CVE-2024-39329: answers that told known addresses from unknown ones.
#[tokio::test]
async fn no_11_no_answer_tells_whether_an_address_has_an_account() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    site.employee("known@example.cl").await;
    site.visitor().sign_up("employee", "waits@example.cl").await.has_status(303);
    site.employee("other@example.cl").await;
    let google = "UPDATE account SET provider = 'google', password = NULL FROM \"user\" WHERE user_id = \"user\".id";
    site.database.execute(&format!("{google} AND email = 'other@example.cl'"));
    let person = [("name", "Ana"), ("profession", "x"), ("password", PASSWORD)];
    let forms: [(&str, &[(&str, &str)]); 5] = [
        ("/login", &[("password", "wrong")]),
        ("/signup/employee", &person),
        ("/signup/organization", &person),
        ("/password/forgot", &[]),
        ("/verify-email/resend", &[]),
    ];
    // As long as one another: the page that follows repeats the address, from a cookie that grows with it.
    let addresses = ["known@example.cl", "waits@example.cl", "other@example.cl", "never@example.cl"];
    for (path, fields) in forms {
        let mut answers = BTreeSet::new();
        for email in addresses {
            let page = site.visitor().post(path, &[fields, &[("email", email)]].concat()).await;
            let mut names: Vec<_> = page.headers.iter().map(|(name, _)| name.to_string()).collect();
            names.sort();
            // Closed, and its bytes percent-encoded: only the length before that means anything.
            let length = |cookie: &HeaderValue| percent_encoding::percent_decode(cookie.as_bytes()).count();
            let cookies = page.headers.get_all("set-cookie").iter().map(length).collect::<Vec<_>>();
            answers.insert((page.status.as_u16(), names, cookies, page.body_without_keys().replace(email, "")));
        }
        assert_eq!(answers.len(), 1, "{path}: {answers:?}");
    }
}

/// CVE-2019-19844: a mail to the address that was typed instead of the one that is known.
#[tokio::test]
async fn no_12_mail_goes_to_the_address_that_is_stored() {
    let site = TestSite::start().await;
    site.employee("mike@example.cl").await;
    let before = site.smtp.mails().len();
    for typed in ["m\u{131}ke@example.cl", "MI\u{212a}E@example.cl", "mike@examp\u{217c}e.cl", "mike@exarnple.cl"] {
        let page = site.visitor().post("/password/forgot", &[("email", typed)]).await;
        assert!([303, 422, 429].contains(&page.status.as_u16()), "{typed}: {}", page.status);
    }
    site.deliver_mail().await;
    let mails = site.smtp.mails();
    assert!(mails[before..].iter().all(|mail| mail.to == "mike@example.cl"), "{:?}", mails.last().map(|mail| &mail.to));
}

/// firebaseui-web#301, RUSTSEC-2021-0069, RUSTSEC-2026-0561: a stranger's words in mails that others get.
#[tokio::test]
async fn no_13_no_mail_carries_a_strangers_words() {
    let site = TestSite::start().await;
    let name = "Win money at evil.example <a href=x>";
    let fields = [("name", name), ("email", "ana@example.cl"), ("profession", name), ("password", PASSWORD)];
    site.visitor().post("/signup/employee", &fields).await.has_status(303);
    site.visitor().post("/signup/organization", &fields).await.has_status(303);
    reset_token(&site, "ana@example.cl").await;
    let request = site.visitor().request("POST", "/login").header("user-agent", name);
    send(request.form(&[("email", "ana@example.cl"), ("password", PASSWORD)])).await.has_status(403);
    for mail in site.mails("ana@example.cl").await {
        assert!(!mail.text.contains("evil") && !mail.html.contains("evil"), "{}", mail.text);
    }
    for line in ["ana@example.cl\r\nBcc: x@evil.example", "ana@example.cl\nDATA", "\"a\r\n\"@example.cl"] {
        site.visitor().post("/password/forgot", &[("email", line)]).await.has_status(422);
    }
}

/// better-auth#9990, CVE-2025-43930: links that led where the request's `Host` said.
#[tokio::test]
async fn no_14_links_lead_to_the_site_whatever_the_host_says() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let request = site.visitor().request("POST", "/password/forgot");
    let request = request.header("host", "evil.example").header("x-forwarded-host", "evil.example");
    send(request.form(&[("email", "ana@example.cl")])).await.has_status(303);
    let mail = site.mail("ana@example.cl").await;
    assert!(mail.text.contains(&format!("{}/password/reset?token=", site.base_url)), "{}", mail.text);
    assert!(!mail.raw.contains("evil"), "{}", mail.raw);
}

/// solana-private-channels#247: hashes without a bound.
#[tokio::test]
async fn no_15_long_passwords_and_floods_of_log_ins_are_bounded() {
    let site = TestSite::with(&[("RATE_LIMITS", "off")]).await;
    site.employee("ana@example.cl").await;
    let hashes = site.app.hasher.hashes();
    site.visitor().log_in("ana@example.cl", &"x".repeat(17 * 1024)).await.has_status(413);
    site.visitor().sign_up_with("employee", "eva@example.cl", &"x".repeat(4_000)).await.has_status(422);
    site.visitor().log_in("no address", "wrong").await.has_status(422);
    assert_eq!(site.app.hasher.hashes(), hashes, "nothing of this is worth a hash");
    let mut flood = JoinSet::new();
    for _ in 0..100 {
        let visitor = site.visitor();
        flood.spawn(async move { visitor.log_in("ana@example.cl", "wrong").await.status.as_u16() });
    }
    let statuses = flood.join_all().await;
    assert!(statuses.iter().all(|status| [401, 503].contains(status)), "{statuses:?}");
    site.visitor().log_in("ana@example.cl", PASSWORD).await.redirects_to("/account");
}
