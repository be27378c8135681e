//! Answers: a page with its status, or a redirect.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use askama::Template;

use crate::web::error::Result;

/// The content type of a page.
pub const HTML: &str = "text/html; charset=utf-8";

/// 200: the page.
///
/// # Errors
/// When the template fails.
pub fn ok(page: impl Template) -> Result {
    with_status(StatusCode::OK, page)
}

/// 422: the form again, with what is wrong (RFC 9110 §15.5.21).
///
/// # Errors
/// When the template fails.
pub fn invalid(page: impl Template) -> Result {
    with_status(StatusCode::UNPROCESSABLE_ENTITY, page)
}

/// 409: the page that says what is there already.
///
/// # Errors
/// When the template fails.
pub fn conflict(page: impl Template) -> Result {
    with_status(StatusCode::CONFLICT, page)
}

/// Any other status with its own page.
///
/// # Errors
/// When the template fails.
pub fn with_status(status: StatusCode, page: impl Template) -> Result {
    Ok(HttpResponse::build(status).insert_header((header::CONTENT_TYPE, HTML)).body(page.render()?))
}

/// 303: the browser goes on to this path with GET (post/redirect/get).
///
/// # Errors
/// Never; a handler's result is one that could be an error.
pub fn see_other(path: impl AsRef<str>) -> Result {
    Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, path.as_ref())).finish())
}
