//! The page of a link that does not work: used, expired, altered, of another purpose or never made; nobody can tell
//! which.

use actix_web::http::StatusCode;
use askama::Template;

use super::words::Words;
use crate::web::page::with_status;
use crate::web::{self, Layout};

#[derive(Template)]
#[template(path = "accounts/link_gone.html")]
struct LinkGonePage {
    t: &'static Words,
    layout: Layout,
    again: &'static str,
}

/// 410, with the way to another link.
///
/// # Errors
/// When the template fails.
pub(super) fn page(layout: Layout, again: &'static str) -> web::Result {
    with_status(StatusCode::GONE, LinkGonePage { t: Words::of(layout.locale), layout, again })
}
