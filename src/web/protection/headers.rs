//! The outermost middleware: security headers on every answer, a page for every error, one line in the log.

use actix_web::body::{BodySize, BodyStream, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{ConnectionType, Method, StatusCode, Version};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use futures_util::stream;

use super::requests_in_hand::{HeldBody, RequestsInHand};
use crate::values::clock::Stopwatch;
use crate::web::app::App;
use crate::web::metrics::route::Route;
use crate::web::page::address::named_language;
use crate::web::page::error_page;
use crate::web::paths;
use crate::web::request_id::{request_id, trace_id};
use crate::web::visitor::viewer::Visitor;

const CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
                   form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const PERMISSIONS: &str = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()";
/// Two years, and every subdomain (ASVS 5.0, 3.4.1 asks for one).
const HSTS: &str = "max-age=63072000; includeSubDomains";

/// The headers of every answer. The referrer policy is not `no-referrer`, since browsers would then send `Origin: null`
/// with our forms.
static ALWAYS: [(HeaderName, HeaderValue); 8] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP)),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (header::CROSS_ORIGIN_OPENER_POLICY, HeaderValue::from_static("same-origin")),
    (header::CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("same-origin")),
    (header::CROSS_ORIGIN_EMBEDDER_POLICY, HeaderValue::from_static("require-corp")),
    (header::PERMISSIONS_POLICY, HeaderValue::from_static(PERMISSIONS)),
];

/// Adds the headers of every answer, the page of an error, and a line in the log.
///
/// # Errors
/// Those of the services within: only of the session cookie, when it would become too large.
pub async fn add(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let watch = Stopwatch::start();
    let app = request.app_data::<Data<App>>().cloned();
    let https = app.as_ref().is_some_and(|app| app.config.is_production());
    let in_hand = request.conn_data::<RequestsInHand>().map(RequestsInHand::begin);
    let held = (in_hand, app.as_ref().map(|app| app.metrics.enter()));
    let mut response = error_page::fill(next.call(request).await?);
    let private = is_private(&response);
    let varies = if named_language(response.request()).is_some() { "Cookie" } else { "Cookie, Accept-Language" };
    let headers = response.headers_mut();
    for (name, value) in &ALWAYS {
        // The HTML of a mail has a policy of its own.
        if name != header::CONTENT_SECURITY_POLICY || !headers.contains_key(name) {
            headers.insert(name.clone(), value.clone());
        }
    }
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
    add_cache_control(headers, private, varies);
    end_with_the_connection(&mut response);
    if app.as_ref().is_some_and(|app| app.lifecycle.is_draining()) {
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    if let Some(app) = &app {
        Route::record(&app.metrics, response.request(), response.status(), watch.elapsed());
    }
    log(&response, watch);
    let response = if response.request().method() == Method::HEAD { without_body(response) } else { response };
    Ok(response.map_body(|_, body| HeldBody::new(body, held)))
}

/// The answer to a HEAD: the headers of a GET (RFC 9110, §9.3.2). actix keeps one note for a whole connection of whether the
/// last request that it read was a HEAD: an answer to a HEAD with a GET right behind it would get a body, which its client
/// would read as the next answer.
fn without_body(response: ServiceResponse) -> ServiceResponse {
    let size = response.response().body().size();
    let mut response = response.map_body(|head, _| {
        head.no_chunking(true);
        BodyStream::new(stream::empty::<Result<Bytes, actix_web::Error>>()).boxed()
    });
    if let BodySize::Sized(length) = size {
        response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    response
}

/// A client of HTTP/1.0 knows no chunks and would take their sizes for a part of the file (RFC 9112 §7.1): an answer that is
/// sent while it is made ends where its connection ends.
fn end_with_the_connection(response: &mut ServiceResponse) {
    let is_old = response.request().version() < Version::HTTP_11;
    if is_old && response.response().body().size() == BodySize::Stream {
        let head = response.response_mut().head_mut();
        head.no_chunking(true);
        head.set_connection_type(ConnectionType::Close);
    }
}

/// Pages differ by language and viewer, so no shared cache may store one; a personal page may be stored nowhere. One whose
/// address names its language differs by viewer alone. An answer that sets a cookie loses whatever its handler allowed.
fn add_cache_control(headers: &mut HeaderMap, private: bool, varies: &'static str) {
    if headers.contains_key(header::SET_COOKIE) || !headers.contains_key(header::CACHE_CONTROL) {
        let value = if private { "no-store" } else { "private, no-cache" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
        headers.insert(header::VARY, HeaderValue::from_static(varies));
    }
}

/// Everything but a plain page for a guest: pages of somebody who is signed in, links with a token, answers to forms,
/// and errors.
fn is_private(response: &ServiceResponse) -> bool {
    let request = response.request();
    let guest = matches!(Visitor::of(request), Visitor::Guest);
    // The token of a link, or what asks for the form that was given an address.
    let is_personal = |name: &str| name == "token" || name == paths::FILLED_PARAMETER;
    let personal = form_urlencoded::parse(request.query_string().as_bytes()).any(|(name, _)| is_personal(&name));
    let plain = request.method().is_safe() && response.status() == StatusCode::OK && !personal;
    !(guest && plain) || response.headers().contains_key(header::SET_COOKIE)
}

/// Logs the route and never the path with its query, since links hold tokens. Requests that only read are logged at the
/// level `debug`.
fn log(response: &ServiceResponse, watch: Stopwatch) {
    let request = response.request();
    let (method, status) = (request.method(), response.status().as_u16());
    let (route, trace_id) = (Route::pattern(request), trace_id(request));
    let request_id = || tracing::field::display(request_id(request));
    let micros = || u64::try_from(watch.elapsed().as_micros()).unwrap_or(u64::MAX);
    if status >= 500 || ![Method::GET, Method::HEAD].contains(method) {
        tracing::info!(request_id = request_id(), trace_id, %method, route, status, micros = micros(), "request");
    } else {
        tracing::debug!(request_id = request_id(), trace_id, %method, route, status, micros = micros(), "request");
    }
}
