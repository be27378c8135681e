//! Who may see the mailbox, and what caches may keep of it.

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderValue};

use super::folder::Folder;
use crate::web::{App, Error};

/// The mailbox, but never in production: whoever reaches its pages reads every mail, with links that reset passwords.
///
/// # Errors
/// Not found where mail goes to an SMTP server.
pub(super) fn folder(app: &App) -> Result<Folder, Error> {
    if app.has_mailbox() { Ok(Folder::of(&app.config)) } else { Err(Error::NOT_FOUND) }
}

/// A response that no cache may keep.
pub(super) fn no_store(mut response: HttpResponse) -> HttpResponse {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
