//! Answers: a page with its status, or a redirect.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use askama::Template;

/// The content type of a page.
pub const HTML: &str = "text/html; charset=utf-8";

/// 200: the page.
///
/// # Errors
/// When the template fails.
pub fn ok(page: impl Template) -> crate::web::Result {
    with_status(StatusCode::OK, page)
}

/// 422: the form again, with what is wrong (RFC 9110 §15.5.21).
///
/// # Errors
/// When the template fails.
pub fn invalid(page: impl Template) -> crate::web::Result {
    with_status(StatusCode::UNPROCESSABLE_ENTITY, page)
}

/// 409: it is there already.
///
/// # Errors
/// When the template fails.
pub fn conflict(page: impl Template) -> crate::web::Result {
    with_status(StatusCode::CONFLICT, page)
}

/// Any other status with its own page.
///
/// # Errors
/// When the template fails.
pub fn with_status(status: StatusCode, page: impl Template) -> crate::web::Result {
    Ok(HttpResponse::build(status).insert_header((header::CONTENT_TYPE, HTML)).body(page.render()?))
}

/// 303: go on there with GET (post/redirect/get).
///
/// # Errors
/// None; the type is a handler's.
pub fn see_other(path: impl AsRef<str>) -> crate::web::Result {
    Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, path.as_ref())).finish())
}
