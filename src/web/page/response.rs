//! Answers: a page with its status, or a redirect.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use askama::Template;

use crate::web::error::Result;

/// The content type of a page.
pub const HTML: &str = "text/html; charset=utf-8";
static HTML_VALUE: HeaderValue = HeaderValue::from_static(HTML);

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
    let body = render(&page)?;
    Ok(HttpResponse::build(status).insert_header((header::CONTENT_TYPE, HTML_VALUE.clone())).body(body))
}

/// The page as text. Templates count their own words alone: with room for what is filled in, nothing is copied to find more.
fn render<Page: Template>(page: &Page) -> std::result::Result<String, askama::Error> {
    let mut text = String::with_capacity(Page::SIZE_HINT + Page::SIZE_HINT / 2);
    page.render_into(&mut text).map(|()| text)
}

/// 303: the browser goes on to this path with GET (post/redirect/get).
///
/// # Errors
/// Never; a handler's result is one that could be an error.
pub fn see_other(path: impl AsRef<str>) -> Result {
    Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, path.as_ref())).finish())
}
