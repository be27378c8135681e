//! The page of an error: its words, and the reference under which the log has the cause.

use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::http::{Method, StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use askama::Template;

use super::form::{self, FilledForm};
use super::layout::Layout;
use super::response;
use crate::db::Health;
use crate::values::locale::Locale;
use crate::web::app::App;
use crate::web::error::{Error, Result};
use crate::web::metrics::route::Route;
use crate::web::paths;
use crate::web::problem::{self, Problem};
use crate::web::request_id::{request_id, trace_id};
use crate::web::words::errors::ErrorWords;

/// Says in which types a change can be sent (RFC 5789).
const ACCEPT_PATCH: &str = "accept-patch";

#[derive(Template)]
#[template(path = "web/error_page.html")]
struct ErrorPage {
    layout: Layout,
    words: ErrorWords,
    reference: Option<String>,
    /// A form that a limit refused, to be sent again later.
    again: Option<FilledForm>,
    /// In how many seconds.
    seconds: u64,
}

/// Adds the page, in the visitor's language, to an answer of 4xx or 5xx that has no body; below `/api/` it adds a problem as JSON.
/// Logs the cause, which no page shows.
#[must_use]
pub fn fill<B: MessageBody + 'static>(response: ServiceResponse<B>) -> ServiceResponse {
    let status = response.status();
    let empty = matches!(response.response().body().size(), BodySize::None | BodySize::Sized(0));
    if !empty || !(status.is_client_error() || status.is_server_error()) {
        return response.map_into_boxed_body();
    }
    let reference = status.is_server_error().then(|| request_id(response.request()).to_string());
    log(&response, reference.as_deref());
    let (request, bare) = response.into_parts();
    let seconds = bare.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let seconds = seconds.unwrap_or(1);
    let mut layout = Layout::of(&request, None);
    // Choosing a language sends no form that failed for a while: that could have its effect.
    let again = layout.filled.take().filter(|_| status == StatusCode::TOO_MANY_REQUESTS);
    let words = match (bare.error().and_then(|error| error.as_error()), &layout.viewer) {
        (Some(Error::OtherAccount), Some(viewer)) => ErrorWords::other_account(layout.locale, &viewer.email),
        _ => words(&request, &layout, status, seconds),
    };
    let (content_type, body) = if is_joining(&request) {
        ("application/json", serde_json::json!({ "error": words.title }).to_string())
    } else if paths::is_api(request.path()) {
        (problem::CONTENT_TYPE, Problem::of(status).body())
    } else {
        let page = ErrorPage { layout, words, reference, again, seconds };
        (response::HTML, page.render().unwrap_or_else(|_| status.to_string()))
    };
    let mut filled = HttpResponse::build(status);
    for header in bare.headers() {
        filled.append_header(header);
    }
    filled.insert_header((header::CONTENT_TYPE, content_type));
    say_what_is_taken(&mut filled, &request, status);
    ServiceResponse::new(request, filled.body(body)).map_into_boxed_body()
}

/// The page of a limit in another language, with the form that it keeps. That form is not sent: the limit may be over.
pub(super) fn limited(layout: Layout, kept: FilledForm, seconds: u64) -> Result {
    let words = words_of_limit(layout.locale, kept.action.as_str(), seconds);
    response::ok(ErrorPage { layout, words, reference: None, again: Some(kept), seconds })
}

fn words_of_limit(locale: Locale, path: &str, seconds: u64) -> ErrorWords {
    let mut words = ErrorWords::of(locale, StatusCode::TOO_MANY_REQUESTS.as_u16(), seconds);
    if path.split('?').next() == Some(paths::accounts::LOG_IN) {
        words.offer_reset(locale);
    }
    words
}

impl ErrorPage {
    /// Where a language is chosen that keeps the form.
    fn language_action(&self) -> Option<String> {
        let (action, seconds) = (self.again.as_ref()?.action.as_str(), self.seconds.to_string());
        Some(paths::with_query(paths::LANGUAGE, &[("limited", action), ("seconds", &seconds)]))
    }
}

/// What a status says, and where it leads on from this page.
fn words(request: &HttpRequest, layout: &Layout, status: StatusCode, seconds: u64) -> ErrorWords {
    let (locale, path) = (layout.locale, request.path());
    let mut words = ErrorWords::of(locale, status.as_u16(), seconds);
    let is_admin = layout.viewer.as_ref().is_some_and(|viewer| viewer.is_admin());
    match status {
        StatusCode::SERVICE_UNAVAILABLE if lacks_migrations(request) => words.name_command(locale),
        StatusCode::TOO_MANY_REQUESTS => return words_of_limit(locale, path, seconds),
        StatusCode::NOT_FOUND if is_admin && path.starts_with(paths::waitlist::OVERVIEW) => words.lead_to_admin(locale),
        StatusCode::METHOD_NOT_ALLOWED => words.lead_to_form(locale, path),
        _ => {}
    }
    words
}

/// Adds the headers by which a program learns what its request must have.
fn say_what_is_taken(answer: &mut HttpResponseBuilder, request: &HttpRequest, status: StatusCode) {
    if status == StatusCode::UNAUTHORIZED && paths::is_api(request.path()) {
        answer.insert_header((header::WWW_AUTHENTICATE, problem::CHALLENGE));
    }
    if status == StatusCode::UNSUPPORTED_MEDIA_TYPE && request.method() == Method::PATCH {
        answer.insert_header((ACCEPT_PATCH, [form::MERGE_PATCH, form::JSON].join(", ")));
    }
}

/// Whether an admin's page needs migrations that the database lacks. Who asks is not known then, and `/readyz` tells it to
/// everybody.
fn lacks_migrations(request: &HttpRequest) -> bool {
    let is_for_admins = request.path().starts_with(paths::waitlist::OVERVIEW);
    let app = request.app_data::<Data<App>>().filter(|_| is_for_admins);
    app.is_some_and(|app| app.db.health() == Health::LacksMigrations)
}

/// Whether it joins by JSON, which takes no key and has answers of its own.
fn is_joining(request: &HttpRequest) -> bool {
    request.path() == paths::waitlist::API && request.method() == Method::POST
}

fn log<B>(response: &ServiceResponse<B>, request_id: Option<&str>) {
    let Some(error) = response.response().error() else { return };
    let request = response.request();
    let (route, trace_id) = (Route::pattern(request), trace_id(request));
    match error.as_error::<Error>() {
        Some(Error::Internal(cause)) => tracing::error!(request_id, trace_id, route, "{cause:#}"),
        Some(Error::Unavailable(cause)) => {
            if let Some(app) = request.app_data::<Data<App>>() {
                app.metrics.overloads().count(cause.name());
            }
            tracing::warn!(request_id, trace_id, route, "{cause}");
        }
        Some(_) => {}
        None => tracing::debug!(request_id, trace_id, route, "{error}"),
    }
}
