//! What tokens say beyond what is read, and for whom they must be (OpenID Connect Core 1.0, 3.1.3.7).

use serde_json::{Value, json};

use super::{finish, log_in};
use crate::support::TestSite;
use crate::support::issuer::Issuer;

/// The status of a log-in with these claims, by somebody whom no limit counts.
async fn status_of(site: &TestSite, issuer: &Issuer, claims: &Value, at: usize) -> u16 {
    issuer.say(|said| said.claims = claims.clone());
    log_in(&site.visitor_from(&format!("127.0.8.{}", at + 1)), "oidc").await.status.as_u16()
}

#[tokio::test]
async fn what_nobody_reads_keeps_nobody_out_whatever_its_form() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let odd = [
        json!({ "updated_at": "2026-11-27T00:00:00Z" }),
        json!({ "amr": "pwd", "acr": 1, "auth_time": "now" }),
        json!({ "phone_number": 5, "address": "x", "locale": 7, "picture": [], "zoneinfo": {} }),
        json!({ "email_verified": 1, "name": ["Ana"], "hd": 3 }),
    ];
    for (at, claims) in odd.iter().enumerate() {
        assert_eq!(status_of(&site, &issuer, claims, at).await, 303, "{claims}");
    }
    issuer.say(|said| said.more = json!({ "expires_in": "3600", "scope": ["openid"], "refresh_token": 1 }));
    assert_eq!(status_of(&site, &issuer, &json!({}), 10).await, 303);
    issuer.say(|said| {
        said.claims = json!({ "email": null });
        said.user_info = json!({ "sub": "ana-there", "email": "eva@gmail.com", "email_verified": 1, "address": "x" });
    });
    let eva = site.visitor();
    log_in(&eva, "oidc").await.redirects_to("/signup/finish");
    finish(&eva).await.redirects_to("/signup/check-email");
}

#[tokio::test]
async fn a_token_is_for_the_client_that_it_was_issued_to() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let tokens = [
        (json!({ "aud": ["biovity"] }), 303),
        (json!({ "aud": "biovity", "azp": "biovity" }), 303),
        (json!({ "aud": ["biovity", "another"], "azp": "biovity" }), 303),
        (json!({ "aud": ["biovity", "another"] }), 403),
        (json!({ "aud": ["biovity", "another"], "azp": "another" }), 403),
        (json!({ "aud": "biovity", "azp": "another" }), 403),
        (json!({ "aud": ["another"], "azp": "biovity" }), 403),
        (json!({ "aud": [] }), 403),
        (json!({ "aud": null }), 403),
    ];
    for (at, (claims, status)) in tokens.iter().enumerate() {
        assert_eq!(status_of(&site, &issuer, claims, at).await, *status, "{claims}");
    }
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the provider's clock is another")]
async fn what_must_be_in_a_token_is_there_in_its_form() {
    let issuer = Issuer::start();
    let site = TestSite::with_provider(&issuer.url).await;
    let later = chrono::Utc::now().timestamp() + 300;
    let tokens = [
        (json!({ "sub": "x".repeat(255) }), 303),
        (json!({ "sub": "x".repeat(256) }), 403),
        (json!({ "sub": "" }), 403),
        (json!({ "sub": null }), 403),
        (json!({ "sub": 7 }), 403),
        (json!({ "exp": format!("{later}").parse::<f64>().unwrap() + 0.5 }), 303),
        (json!({ "exp": later.to_string() }), 403),
        (json!({ "exp": null }), 403),
        (json!({ "iat": null }), 403),
        (json!({ "iat": "now" }), 403),
        (json!({ "iss": null }), 403),
        (json!({ "nonce": 5 }), 403),
    ];
    for (at, (claims, status)) in tokens.iter().enumerate() {
        assert_eq!(status_of(&site, &issuer, claims, at).await, *status, "{claims}");
    }
}
