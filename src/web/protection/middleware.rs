//! The checks that every request passes before any handler: its path, its host, its origin. Refusals are counted.

use actix_web::HttpResponse;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::uri::Uri;
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::web::Data;

use super::abuse_counters::Reason;
use super::foreign_host;
use super::network_shares::Share;
use crate::config::Config;
use crate::values::site_path::SitePath;
use crate::web::app::App;
use crate::web::error::{Error, Unavailable};
use crate::web::paths;
use crate::web::visitor::client;

/// Requests that one client network may have in hand: fewer than have a connection to the database or wait for one at most
/// (107), so that nobody takes all places.
pub const REQUESTS_OF_NETWORK: usize = 100;

/// Password hashes that one client network may have under way or waiting: half of the places where they wait (64). The
/// limits of log-ins alone do not keep a network from them, since they count devices and accounts, of which one may have many.
pub const HASHES_OF_NETWORK: usize = 32;

/// Refuses requests for other hosts or with an escaped path, and forms of other sites (CSRF).
///
/// # Errors
/// Those of the services within.
pub async fn check(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let app = request.app_data::<Data<App>>().cloned();
    let Ok(_share) = app.as_ref().map_or(Ok(None), |app| share(&request, app)) else {
        return Ok(request.error_response(Error::Unavailable(Unavailable::NetworkShare)).map_into_right_body());
    };
    if let Some(status) = app.as_ref().and_then(|app| refusal(&request, &app.config)) {
        count(app.as_ref(), (status == StatusCode::FORBIDDEN).then_some(Reason::CrossSite));
        return Ok(request.error_response(Error::Refused(status)).map_into_right_body());
    }
    to_origin_form(&mut request);
    if let Some(path) = without_final_slash(&request) {
        let moved = HttpResponse::PermanentRedirect().insert_header((header::LOCATION, path.as_str())).finish();
        return Ok(request.into_response(moved).map_into_right_body());
    }
    let response = next.call(request).await?;
    count(app.as_ref(), reason_of(response.status()));
    Ok(response.map_into_left_body())
}

/// One more request of this client network, unless it has its share. Load tests and health checks are exempt.
fn share(request: &ServiceRequest, app: &App) -> Result<Option<Share>, ()> {
    if !app.config.rate_limits || is_probe(request) {
        return Ok(None);
    }
    app.shares.take(client::address(request.request())).map(Some).ok_or(())
}

/// Health checks, which come in great number and from the same machine, by its IP address.
fn is_probe(request: &ServiceRequest) -> bool {
    [paths::HEALTHZ, paths::READYZ].contains(&request.path())
}

fn count(app: Option<&Data<App>>, reason: Option<Reason>) {
    if let Some((app, reason)) = app.zip(reason) {
        app.abuse_counters.count(reason);
    }
}

/// Why an answer of this status refuses a request, if such refusals are counted.
const fn reason_of(status: StatusCode) -> Option<Reason> {
    match status {
        StatusCode::TOO_MANY_REQUESTS => Some(Reason::TooMany),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Some(Reason::WrongType),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Reason::TooLarge),
        StatusCode::UNPROCESSABLE_ENTITY => Some(Reason::Invalid),
        _ => None,
    }
}

fn refusal(request: &ServiceRequest, config: &Config) -> Option<StatusCode> {
    // No path of ours has an escape. The router would decode `/%61dmin`, while code that compares paths would not.
    if request.uri().path().contains('%') {
        return Some(StatusCode::NOT_FOUND);
    }
    if config.is_production() && !is_probe(request) && foreign_host::is_foreign(request, config) {
        foreign_host::tell(request, config);
        return Some(StatusCode::MISDIRECTED_REQUEST);
    }
    // No browser sends a key by itself, and no cookie counts where one is asked for. Whoever has the token of one-click
    // unsubscribing may use it (RFC 8058): a webmail's page does.
    let needs_own_site = !paths::takes_key(request.path()) && request.path() != paths::waitlist::UNSUBSCRIBE;
    (!request.method().is_safe() && needs_own_site && is_cross_site(request, config)).then_some(StatusCode::FORBIDDEN)
}

/// Takes the host out of a target in absolute form, now that it is checked: all that follows reads a path on this site.
fn to_origin_form(request: &mut ServiceRequest) {
    let uri = request.uri();
    let path = uri.authority().and(uri.path_and_query()).map(|path| Uri::from(path.clone()));
    if let Some(uri) = path {
        request.head_mut().uri = uri;
    }
}

/// The path without the slash at its end, with its query: a link that somebody typed or completed.
fn without_final_slash(request: &ServiceRequest) -> Option<SitePath> {
    let (path, query) = (request.uri().path(), request.uri().query());
    let path = path.strip_suffix('/').filter(|path| !path.is_empty())?;
    // Read as `next` is: `//evil.example/` must not become an address of another site.
    SitePath::parse(&query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}")))
}

/// Cross-site request forgery, by the rule of Go 1.25's `CrossOriginProtection`: the browser says where a request comes
/// from. A request without either header was not made by a browser, and so without a victim's cookies.
fn is_cross_site(request: &ServiceRequest, config: &Config) -> bool {
    let all = |name: &str| request.headers().get_all(name).collect::<Vec<_>>();
    match (all("sec-fetch-site").as_slice(), all("origin").as_slice()) {
        ([site], _) => *site != "same-origin" && *site != "none",
        ([], [origin]) => origin.as_bytes() != config.base_url.origin().as_bytes(),
        ([], []) => false,
        // No browser sends one of these headers twice.
        _ => true,
    }
}
