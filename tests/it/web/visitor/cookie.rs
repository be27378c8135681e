//! The cookies of a request, ours among foreign ones.

use actix_web::cookie::{Cookie, CookieJar, Key};

use crate::support::visitor::send;
use crate::support::{PASSWORD, TestSite};

#[tokio::test]
async fn a_foreign_cookie_that_is_no_text_signs_nobody_out() {
    let site = TestSite::start().await;
    let ana = site.employee("ana@example.cl").await;
    let ours = ana.get("/account").await.has_status(200).cookie();
    let ours = match ours {
        Some(cookie) => cookie,
        None => ana.log_in("ana@example.cl", PASSWORD).await.cookie().unwrap(),
    };
    let foreign: [&[u8]; 4] = [b"nombre=\xC3\x91and\xC3\xBA", b"nombre=\xD1and\xFA", b"a=\"b", b"=\xFF\xFE"];
    for pair in foreign {
        for header in [[pair, b"; ", ours.as_bytes()].concat(), [ours.as_bytes(), b"; ", pair].concat()] {
            let stranger = site.visitor();
            let page = send(stranger.request("GET", "/account").header("cookie", &header[..])).await;
            page.has_status(200).says("ana@example.cl");
        }
    }
}

/// The key that the session's cookie is encrypted with.
fn key() -> Key {
    Key::from(&hex::decode("5e".repeat(64)).unwrap())
}

#[tokio::test]
async fn the_sessions_cookie_is_set_without_escapes_and_taken_with_them() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let page = site.visitor().log_in("ana@example.cl", PASSWORD).await;
    let cookie = page.cookie().unwrap();
    assert!(!cookie.contains('%'), "{cookie}");
    let (name, value) = cookie.split_once('=').unwrap();
    let escaped = value.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    assert_ne!(escaped, value);
    for value in [value, &escaped] {
        site.visitor().get_with("/account", &format!("{name}={value}")).await.has_status(200).says("Ana Rojas");
    }
    let set =
        page.headers.get_all("set-cookie").iter().filter(|it| it.to_str().unwrap().starts_with("biovity-device="));
    assert_eq!(set.count(), 1, "the other cookies are set as before");
}

/// The cookie as it was until the viewer became one text: that was an object, as the names of its fields say.
#[tokio::test]
async fn a_cookie_of_the_version_before_keeps_its_browser_signed_in() {
    let site = TestSite::start().await;
    site.employee("ana@example.cl").await;
    let cookie = site.visitor().log_in("ana@example.cl", PASSWORD).await.cookie().unwrap();
    let mut jar = CookieJar::new();
    jar.add_original(Cookie::parse_encoded(cookie).unwrap().into_owned());
    let opened = jar.private(&key()).get("biovity").unwrap();
    let mut state: serde_json::Value = serde_json::from_str(opened.value()).unwrap();
    let viewer: String = serde_json::from_str(state["viewer"].as_str().unwrap()).unwrap();
    let fields: Vec<_> = viewer.split('\u{7f}').collect();
    let [id, session, .., authenticated, expires, read] = fields.as_slice() else { panic!("{viewer}") };
    let [authenticated, expires, read] = [authenticated, expires, read].map(|at| at.parse::<i64>().unwrap());
    // The name is another one, so that it shows whether it is taken from the cookie or from the database.
    let former = serde_json::json!({
        "i": id, "s": session, "n": "Ana of the Cookie", "e": "ana@example.cl", "k": "employee", "p": "", "a": null,
        "m": false, "f": false, "t": authenticated, "x": expires, "r": read,
    });
    state["viewer"] = former.to_string().into();
    let mut jar = CookieJar::new();
    jar.private_mut(&key()).add(Cookie::new("biovity", state.to_string()));
    let former = jar.get("biovity").unwrap().encoded().to_string();
    let page = site.visitor().get_with("/account", &former).await.has_status(200).says("Ana Rojas");
    let new = page.cookie().unwrap();
    site.visitor().get_with("/account", &new).await.has_status(200).says("Ana Rojas");
}
