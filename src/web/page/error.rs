//! The one error of the site, and the page that a visitor sees of it.

use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use askama::Template;
use uuid::Uuid;

use super::layout::Layout;
use super::response;
use crate::db;
use crate::values::site_path::SitePath;
use crate::web::paths;
use crate::web::words::ErrorWords;

/// Everything that ends a request early. A variant exists only where the visitor sees something different.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request itself is refused; the status says why.
    #[error("refused: {0}")]
    Refused(StatusCode),
    /// A guest came to a page of an account; where to go on after logging in.
    #[error("not signed in")]
    SignInFirst(Option<SitePath>),
    /// The page wants a password that was given lately; where to go on after it.
    #[error("the password is too old")]
    ReauthFirst(Option<SitePath>),
    /// A limit was reached; seconds until it has room again.
    #[error("limited for {0} s")]
    TooMany(u64),
    /// Overloaded, or the database is away.
    #[error("unavailable")]
    Unavailable(#[source] db::Error),
    /// A fault of ours.
    #[error("internal error")]
    Internal(#[from] anyhow::Error),
}

impl Error {
    /// Nothing here, or nothing that this visitor may know of.
    pub const NOT_FOUND: Self = Self::Refused(StatusCode::NOT_FOUND);
    /// A link that was used, has expired, or never was.
    pub const GONE: Self = Self::Refused(StatusCode::GONE);
    /// Bytes that are no form.
    pub const BAD_REQUEST: Self = Self::Refused(StatusCode::BAD_REQUEST);
    /// Seconds after which a visitor may try again when we are overloaded.
    const RETRY_AFTER: u64 = 3;
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::Query(_) => Self::Internal(error.into()),
            error => Self::Unavailable(error),
        }
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Refused(status) => *status,
            Self::SignInFirst(_) | Self::ReauthFirst(_) => StatusCode::SEE_OTHER,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Status and headers; [`fill`] adds the page, since only it sees the request.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        match self {
            Self::SignInFirst(next) => {
                response.insert_header((header::LOCATION, paths::accounts::log_in_then(next.as_ref())))
            }
            Self::ReauthFirst(next) => {
                response.insert_header((header::LOCATION, paths::accounts::reauth_then(next.as_ref())))
            }
            Self::TooMany(seconds) => response.insert_header((header::RETRY_AFTER, seconds.to_string())),
            Self::Unavailable(_) => response.insert_header((header::RETRY_AFTER, Self::RETRY_AFTER.to_string())),
            Self::Refused(_) | Self::Internal(_) => &mut response,
        };
        response.finish()
    }
}

#[derive(Template)]
#[template(path = "web/error.html")]
struct ErrorPage {
    layout: Layout,
    words: ErrorWords,
    reference: Option<String>,
}

/// Gives an answer of 4xx or 5xx that has no body its page, in the visitor's language; under `/api/` its JSON.
/// Logs the cause, once: a page never shows it.
#[must_use]
pub fn fill<B: MessageBody + 'static>(response: ServiceResponse<B>) -> ServiceResponse {
    let status = response.status();
    let empty = matches!(response.response().body().size(), BodySize::None | BodySize::Sized(0));
    if !empty || !(status.is_client_error() || status.is_server_error()) {
        return response.map_into_boxed_body();
    }
    let reference = status.is_server_error().then(|| Uuid::now_v7().to_string());
    log(&response, reference.as_deref());
    let (request, bare) = response.into_parts();
    let seconds = bare.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let layout = Layout::of(&request, None);
    let words = layout.t.error(status, seconds.unwrap_or(1));
    let (content_type, body) = if request.path().starts_with("/api/") {
        ("application/json", serde_json::json!({ "error": words.title }).to_string())
    } else {
        (response::HTML, ErrorPage { layout, words, reference }.render().unwrap_or_else(|_| status.to_string()))
    };
    let mut filled = HttpResponse::build(status);
    for header in bare.headers() {
        filled.append_header(header);
    }
    filled.insert_header((header::CONTENT_TYPE, content_type));
    ServiceResponse::new(request, filled.body(body)).map_into_boxed_body()
}

fn log<B>(response: &ServiceResponse<B>, reference: Option<&str>) {
    let Some(error) = response.response().error() else { return };
    let route = response.request().match_pattern().unwrap_or_default();
    match error.as_error::<Error>() {
        Some(Error::Internal(cause)) => tracing::error!(reference, route, "{cause:#}"),
        Some(Error::Unavailable(cause)) => tracing::warn!(reference, route, "{cause}"),
        Some(_) => {}
        None => tracing::debug!(reference, route, "{error}"),
    }
}
