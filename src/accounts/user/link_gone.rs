//! The page of a link that does not work: used, expired, altered, of another purpose or never made; nobody can tell
//! which.

use actix_web::http::StatusCode;
use askama::Template;

use crate::accounts::user::words::Words;
use crate::web::page::response::with_status;
use crate::web::{self, Layout};

#[derive(Template)]
#[template(path = "accounts/user/link_gone.html")]
struct LinkGonePage {
    t: &'static Words,
    layout: Layout,
    text: &'static str,
    again: Option<&'static str>,
}

/// 410, with the way to another link.
///
/// # Errors
/// When the template fails.
pub(in crate::accounts) fn page(layout: Layout, again: &'static str) -> web::Result {
    let t = Words::of(layout.locale);
    with_status(StatusCode::GONE, LinkGonePage { t, layout, text: t.link_gone_text, again: Some(again) })
}

/// 410 for a link that the reader cannot ask for again; `text` says what to do instead.
///
/// # Errors
/// When the template fails.
pub(in crate::accounts) fn without_new_link(layout: Layout, text: &'static str) -> web::Result {
    let t = Words::of(layout.locale);
    with_status(StatusCode::GONE, LinkGonePage { t, layout, text, again: None })
}
