//! Cookies that we did not make, or not like that: whoever brings one is a guest.

use super::REFUSED;
use crate::support::{PASSWORD, TestSite};

/// Other copies of a cookie: cut, lengthened, with one character changed, under another name.
fn forgeries(cookie: &str) -> Vec<String> {
    let value = cookie.strip_prefix("biovity=").unwrap();
    let swapped = |at: usize| {
        let mut characters: Vec<_> = cookie.chars().collect();
        characters[at] = if characters[at] == 'A' { 'B' } else { 'A' };
        characters.into_iter().collect::<String>()
    };
    let middle = "biovity=".len() + value.len() / 2;
    vec![
        swapped("biovity=".len()),
        swapped(middle),
        cookie.chars().take(middle).collect(),
        format!("{cookie}AAAA"),
        format!("session={value}"),
        format!("__Host-biovity={value}"),
        "biovity=".to_owned(),
        "biovity=garbage".to_owned(),
        r#"biovity={"token":"\"AAAA\""}"#.to_owned(),
        "biovity=%7B%22token%22%3A%22x%22%7D".to_owned(),
        "biovity=%00%ff%fe".to_owned(),
        format!("biovity={}", "A".repeat(8_000)),
        ";;;=;biovity;=".to_owned(),
    ]
}

#[tokio::test]
async fn a_forged_cookie_makes_a_guest() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let cookie = site.visitor().log_in("ana@example.cl", PASSWORD).await.cookie().unwrap();
    for forged in forgeries(&cookie) {
        let visitor = site.visitor();
        visitor.get_with("/account", &forged).await.redirects_to(REFUSED);
        visitor.get_with("/", &forged).await.has_status(200).says("Log in").does_not_say("Ana Rojas");
    }
    site.visitor().get_with("/account", &cookie).await.has_status(200);
}

#[tokio::test]
async fn bytes_that_are_no_text_make_a_guest() {
    let site = TestSite::start().await;
    let bytes = reqwest::header::HeaderValue::from_bytes(b"biovity=\xff\xfe\x80").unwrap();
    let response = site.visitor().request("GET", "/login").header("cookie", bytes).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
}

#[tokio::test]
async fn a_cookie_that_another_key_closed_makes_a_guest() {
    let site = TestSite::start().await;
    let other = TestSite::with(&[("SECRET_KEY", &"0f".repeat(64))]).await;
    other.employee("ana@example.cl").await;
    let cookie = other.visitor().log_in("ana@example.cl", PASSWORD).await.cookie().unwrap();
    other.visitor().get_with("/account", &cookie).await.has_status(200);
    site.visitor().get_with("/account", &cookie).await.redirects_to(REFUSED);
}

#[tokio::test]
async fn a_cookie_of_a_session_that_never_was_makes_a_guest() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let cookie = ana.log_in("ana@example.cl", PASSWORD).await.cookie().unwrap();
    let elsewhere = TestSite::start().await;
    // The same key over another database: the copy of the viewer is believed no longer than the cache lasts.
    elsewhere.later(chrono::TimeDelta::minutes(5)).await;
    elsewhere.visitor().get_with("/account", &cookie).await.redirects_to(REFUSED);
    elsewhere.visitor().get_with("/", &cookie).await.says("Log in").does_not_say("Ana Rojas");
}
